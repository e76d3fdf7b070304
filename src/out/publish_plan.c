/* The plan of a commit: all files of the new site in one sorted list, and what becomes of
 * the old site's files that it doesn't have.
 *
 * The list is sorted bytewise by path, so that neither the manifest nor the journal
 * depends on which worker wrote what. Two files with one path, and a path that is the
 * directory of another, are found here: the linker refuses such URLs before, but a file
 * in the way of another must not be lost because of a mistake there.
 *
 * An old file is deleted only when it still has the bytes that we wrote. One that can't
 * be read at all stops the build: guessing either way would lose somebody's file or keep
 * a page that was withdrawn.
 *
 * Specification: TRUST.md, promises 2, 5 and 6. */
#define _GNU_SOURCE
#include "out/publish_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int publish_open_old(int dir, const char *path) {
    int fd;
    do {
        fd = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

static FileState state_of_open_file(int fd, const PublishedFile *file, Arena *arena) {
    struct stat st;
    if (fstat(fd, &st) < 0)
        return FILE_UNREADABLE;
    if (!S_ISREG(st.st_mode) || st.st_size != file->size)
        return FILE_CHANGED;
    char *text = arena_alloc(arena, file->size + 1);
    Str bytes = {text, fs_read_up_to(fd, text, file->size + 1)};
    if (bytes.len < 0)
        return FILE_UNREADABLE;
    bool intact = bytes.len == file->size && hash_equal(hash_128(bytes), file->hash);
    return intact ? FILE_INTACT : FILE_CHANGED;
}

FileState published_file_state(int root, const PublishedFile *file) {
    Arena arena = {0};
    FileState state;
    int fd = publish_open_old(root, arena_cstr(&arena, file->path));
    int number = errno;
    if (fd >= 0) {
        state = state_of_open_file(fd, file, &arena);
        number = errno;
        close(fd);
    } else {
        state = number == ENOENT || number == ENOTDIR ? FILE_ABSENT
                : number == ELOOP || number == EACCES || number == ENXIO
                    ? FILE_CHANGED
                    : FILE_UNREADABLE;
    }
    arena_release(&arena);
    errno = number;
    return state;
}

static int compare_files(const void *a, const void *b) {
    return str_compare(((const NewFile *)a)->file.path, ((const NewFile *)b)->file.path);
}

static void collect_files(Publish *publish, Plan *plan) {
    ptrdiff_t n = 0;
    for (int w = 0; w < publish->n_workers; w++)
        n += publish->workers[w].files.n;
    plan->files.items = arena_array(&publish->arena, NewFile, n);
    plan->files.cap = n;
    for (int w = 0; w < publish->n_workers; w++) {
        const PublishWorker *worker = &publish->workers[w];
        if (worker->files.n)
            memcpy(plan->files.items + plan->files.n, worker->files.items,
                   (size_t)worker->files.n * sizeof(NewFile));
        plan->files.n += worker->files.n;
    }
    if (n)
        qsort(plan->files.items, (size_t)n, sizeof(NewFile), compare_files);
}

static void add_directories(Plan *plan, Str path) {
    for (;;) {
        path = str_slice(path, 0, str_find_last_char(path, '/'));
        if (path.len == 0 || map_put(&plan->directories, path, plan))
            return;
    }
}

static bool index_files(Publish *publish, Plan *plan, Err *err) {
    plan->by_path = map_init(&publish->arena);
    plan->directories = map_init(&publish->arena);
    for (ptrdiff_t i = 0; i < plan->files.n; i++) {
        NewFile *file = &plan->files.items[i];
        if (map_put(&plan->by_path, file->file.path, file))
            return publish_refused(publish, err, file->file.path,
                                   "two files have this path");
        add_directories(plan, file->file.path);
    }
    for (ptrdiff_t i = 0; i < plan->files.n; i++)
        if (map_get(&plan->directories, plan->files.items[i].file.path))
            return publish_refused(publish, err, plan->files.items[i].file.path,
                                   "it is the directory of another file, too");
    return true;
}

/* Sorts what the new site doesn't have into gone and kept. */
static bool part_with_old(Publish *publish, Plan *plan, Err *err) {
    for (ptrdiff_t i = 0; i < publish->old.files.n; i++) {
        const PublishedFile *file = &publish->old.files.items[i];
        if (map_get(&plan->by_path, file->path))
            continue;
        FileState state = published_file_state(publish->target.old, file);
        if (state == FILE_UNREADABLE)
            return publish_failed(publish, err, "read", file->path);
        if (state == FILE_INTACT)
            *vec_push(&publish->arena, &plan->gone) = file;
        else if (state == FILE_CHANGED)
            *vec_push(&publish->arena, &plan->kept) = file;
    }
    return true;
}

bool plan_collides(const Plan *plan, Str path) {
    if (map_get(&plan->directories, path))
        return true;
    while (path.len && !map_get(&plan->by_path, path))
        path = str_slice(path, 0, str_find_last_char(path, '/'));
    return path.len > 0;
}

void plan_manifest(const Plan *plan, Buf *out) {
    manifest_start(out, plan->files.n);
    for (ptrdiff_t i = 0; i < plan->files.n; i++)
        manifest_add(out, &plan->files.items[i].file);
}

bool plan_make(Publish *publish, Plan *plan, Err *err) {
    *plan = (Plan){0};
    collect_files(publish, plan);
    return index_files(publish, plan, err) && part_with_old(publish, plan, err);
}
