/* Lists a directory tree, level by level, the directories of a level in parallel.
 *
 * Needed to find what others put into the output, which has to be carried over. With a
 * directory for each page, opening directories is nearly all of the cost, and it scales
 * over threads. fs_walk follows links and leaves hidden files out; here it must be the
 * other way round. Mount points are not entered (RESOLVE_NO_XDEV): what lies behind one
 * can't be hard-linked, and must never be deleted.
 *
 * A hostile tree is bounded by DEPTH_MAX levels and ENTRIES_MAX entries. */
#define _GNU_SOURCE
#include "base/pool.h"
#include "out/publish_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DEPTH_MAX = 256, ENTRIES_MAX = 1 << 23, BUFFER_BYTES = 1 << 15 };

typedef struct Lister {
    Arena *arena;
    Vec(TreeEntry) found;
    ptrdiff_t level_start; /* the first entry found on the present level */
    void *buffer;
    bool failed;
    Err err;
} Lister;

typedef struct Level {
    int root;
    Lister listers[PUBLISH_WORKERS_MAX];
    Str *directories; /* "" for the root itself */
} Level;

static int open_directory(int root, const char *path) {
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    struct open_how how = {.flags = (unsigned)flags,
                           .resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS};
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        fd = openat(root, path, flags);
    return fd;
}

static unsigned char entry_type(int fd, const struct dirent64 *entry) {
    struct stat st;
    if (entry->d_type != DT_UNKNOWN ||
        fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
        return entry->d_type;
    return (unsigned char)IFTODT(st.st_mode);
}

static void take_entry(Lister *lister, int fd, Str directory,
                       const struct dirent64 *entry) {
    Str name = str_from(entry->d_name);
    if (str_equal(name, S(".")) || str_equal(name, S("..")) ||
        (directory.len == 0 && str_has_prefix(name, S(".cairn-"))))
        return;
    char *path = arena_alloc(lister->arena, directory.len + name.len + 2);
    ptrdiff_t len = directory.len;
    if (len) {
        memcpy(path, directory.data, (size_t)len);
        path[len++] = '/';
    }
    memcpy(path + len, name.data, (size_t)name.len);
    *vec_push(lister->arena, &lister->found) =
        (TreeEntry){{path, len + name.len}, entry_type(fd, entry)};
}

static bool read_entries(Lister *lister, int fd, Str directory) {
    ssize_t len;
    while ((len = getdents64(fd, lister->buffer, BUFFER_BYTES)) > 0) {
        const char *next = lister->buffer, *end = next + len;
        while (next < end) {
            const struct dirent64 *entry = (const void *)next;
            take_entry(lister, fd, directory, entry);
            next += entry->d_reclen;
        }
    }
    return len == 0;
}

static void set_mounted(Err *err, Str directory) {
    err_format(err, "something is mounted at '%.*s' in it", STR_ARG(directory));
    err->number = EXDEV;
}

static void list_directory(void *context, int worker, ptrdiff_t index) {
    Level *level = context;
    Lister *lister = &level->listers[worker];
    Str directory = level->directories[index];
    if (lister->failed)
        return;
    if (!lister->buffer)
        lister->buffer = memory_resize(NULL, BUFFER_BYTES);
    int fd = open_directory(level->root, directory.len ? directory.data : ".");
    if (fd < 0 || !read_entries(lister, fd, directory)) {
        lister->failed = true;
        err_set(&lister->err, "read directory", directory.len ? directory.data : ".");
        if (errno == EXDEV)
            set_mounted(&lister->err, directory);
    }
    if (fd >= 0)
        close(fd);
}

/* Collects the directories that the level found; returns their number. */
static ptrdiff_t next_level(Level *level, int workers, Arena *arena) {
    ptrdiff_t n = 0, all = 0;
    for (int w = 0; w < workers; w++)
        all += level->listers[w].found.n - level->listers[w].level_start;
    level->directories = arena_array(arena, Str, all);
    for (int w = 0; w < workers; w++) {
        Lister *lister = &level->listers[w];
        for (ptrdiff_t i = lister->level_start; i < lister->found.n; i++)
            if (lister->found.items[i].type == DT_DIR)
                level->directories[n++] = lister->found.items[i].path;
        lister->level_start = lister->found.n;
    }
    return n;
}

static int compare_entries(const void *a, const void *b) {
    return str_compare(((const TreeEntry *)a)->path, ((const TreeEntry *)b)->path);
}

/* Moves what all found into the tree; the first failure into *err. */
static bool collect(Tree *tree, Level *level, int workers, Err *err) {
    bool ok = true;
    ptrdiff_t n = 0;
    for (int w = 0; w < workers; w++)
        n += level->listers[w].found.n;
    tree->entries.items = arena_array(&tree->arenas[0], TreeEntry, n);
    for (int w = 0; w < workers; w++) {
        Lister *lister = &level->listers[w];
        if (lister->found.n)
            memcpy(tree->entries.items + tree->entries.n, lister->found.items,
                   (size_t)lister->found.n * sizeof(TreeEntry));
        tree->entries.n += lister->found.n;
        free(lister->buffer);
        if (lister->failed && ok) {
            *err = lister->err;
            ok = false;
        }
    }
    if (n)
        qsort(tree->entries.items, (size_t)n, sizeof(TreeEntry), compare_entries);
    return ok;
}

bool tree_list(Tree *tree, int root, int workers, Err *err) {
    *tree = (Tree){0};
    Str top = {0};
    Level level = {.root = root, .directories = &top};
    for (int w = 0; w < workers; w++)
        level.listers[w].arena = &tree->arenas[w];
    ptrdiff_t n = 1, total = 0;
    int depth = 0;
    for (; n > 0 && depth <= DEPTH_MAX && total <= ENTRIES_MAX; depth++) {
        pool_run(workers, n, list_directory, &level);
        n = next_level(&level, workers, &tree->arenas[0]);
        total += n;
        for (int w = 0; w < workers; w++)
            if (level.listers[w].failed)
                n = 0;
    }
    if (!collect(tree, &level, workers, err))
        return false;
    return n == 0 || err_format(err, "too many directories, or too deeply nested");
}

void tree_release(Tree *tree) {
    for (int w = 0; w < PUBLISH_WORKERS_MAX; w++)
        arena_release(&tree->arenas[w]);
}
