/* The life of a Publish: begin, compare and stage, plan, commit. See publish.h.
 *
 * publish_file is the hot path: 10,000 calls from two threads in a fifth of a second. It
 * takes no lock. The old manifest is read-only by then; each worker appends to a list of
 * its own. A file whose hash differs from the manifest's is staged without a look at the
 * old one; only where the hashes agree are the bytes compared, so that a damaged or
 * edited file is replaced. Nothing is staged before the first difference: a build that
 * changes nothing reads the old site and leaves it alone. Links for the unchanged files
 * are made at commit, when it is known that there is something to exchange.
 *
 * publish_commit hands a Plan (publish_plan.c) to one of the two ways (publish_whole.c,
 * publish_in_place.c). Where replacing as a whole is impossible, what was staged goes in
 * place, and the note says why.
 *
 * Specification: TRUST.md, promises 1 to 6. */
#define _GNU_SOURCE
#include "out/publish_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANIFEST_BYTES_MAX = 1 << 28 };

/* ---- messages ---- */

enum { TEXT_MAX = PUBLISH_PATH_MAX + 1000 };

bool publish_failed(const Publish *publish, Err *err, const char *verb, Str path) {
    char text[TEXT_MAX];
    int number = errno;
    snprintf(text, sizeof text, "%s%s%.*s", publish->target.name, path.len ? "/" : "",
             STR_ARG(path));
    errno = number;
    return err_set(err, verb, text);
}

bool publish_refused(const Publish *publish, Err *err, Str path, const char *why) {
    return err_format(err, "cannot publish '%s/%.*s': %s", publish->target.name,
                      STR_ARG(path), why);
}

void publish_note(Publish *publish, const char *format, ...) {
    size_t used = strlen(publish->note), left = sizeof publish->note - used;
    if (used && left > 2) {
        memcpy(publish->note + used, "; ", 3);
        used += 2;
        left -= 2;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(publish->note + used, left, format, args);
    va_end(args);
}

/* ---- begin ---- */

static bool read_manifest(Publish *publish, Err *err) {
    Target *target = &publish->target;
    Err reason;
    Str text;
    if (target->old < 0)
        return target_check_content(target, false, err);
    if (!fs_read(target->old, MANIFEST_NAME, MANIFEST_BYTES_MAX, &publish->arena, &text,
                 &reason)) {
        if (reason.number == ENOENT)
            return target_check_content(target, false, err);
        errno = reason.number;
        return publish_failed(publish, err, "read", S(MANIFEST_NAME));
    }
    if (!manifest_read(text, &publish->arena, &publish->old, &reason))
        return err_format(
            err,
            "cannot publish to '%s': %s; nobody knows which of its files may "
            "be replaced: remove the directory to publish anew",
            target->name, reason.text);
    return target_check_content(target, true, err);
}

/* Removes what killed runs left beside the output. The spare tree stays as long as there
 * is something that it can be exchanged with. */
static bool remove_leftovers(const Publish *publish, const char *name, const char *spare,
                             Err *err) {
    int parent = publish->target.parent;
    struct stat st;
    if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        !fs_remove_tree(parent, name, err))
        return false;
    return !publish->target.first ||
           fstatat(parent, spare, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
           fs_remove_tree(parent, spare, err);
}

static void stage_inside(Publish *publish) {
    publish->mode = PUBLISH_IN_PLACE;
    publish->staging = &publish->inside;
    staging_init(&publish->inside, publish->target.old, STAGING_INSIDE, NULL,
                 publish->sync);
}

static bool choose_way(Publish *publish, Err *err) {
    const Target *target = &publish->target;
    Arena *arena = &publish->arena;
    if (target->only_in_place) {
        if (publish->mode == PUBLISH_WHOLE)
            publish_note(publish, "published in place, since %s", target->only_in_place);
        stage_inside(publish);
        return true;
    }
    const char *name = arena_printf(arena, ".%s.cairn-staging", target->base).data;
    const char *spare = arena_printf(arena, "%s-spare", name).data;
    if (!remove_leftovers(publish, name, spare, err))
        return false;
    if (publish->mode == PUBLISH_IN_PLACE && !target->first) {
        stage_inside(publish);
    } else {
        publish->mode = PUBLISH_WHOLE;
        staging_init(&publish->beside, target->parent, name, spare, publish->sync);
    }
    return true;
}

static void publish_end(Publish *publish) {
    staging_close(publish->staging);
    target_close(&publish->target);
    for (int w = 0; w < publish->n_workers; w++) {
        arena_release(&publish->workers[w].arena);
        free(publish->workers[w].chunk);
    }
    free(publish->workers);
    arena_release(&publish->arena);
    free(publish);
}

Publish *publish_begin(const PublishOptions *options, Err *err) {
    Publish *publish = memory_resize(NULL, (ptrdiff_t)sizeof *publish);
    memset(publish, 0, sizeof *publish);
    publish->mode = options->mode;
    publish->sync = options->sync;
    int n = options->workers < 1 ? 1 : options->workers;
    publish->n_workers = n < PUBLISH_WORKERS_MAX ? n : PUBLISH_WORKERS_MAX;
    size_t bytes = (size_t)publish->n_workers * sizeof(PublishWorker);
    publish->workers = memory_resize(NULL, (ptrdiff_t)bytes);
    memset(publish->workers, 0, bytes);
    publish->staging = &publish->beside;
    staging_init(&publish->beside, -1, "", NULL, false);
    Target *target = &publish->target;
    if (target_open(target, options, &publish->arena, err) &&
        journal_recover(publish, err) && read_manifest(publish, err) &&
        choose_way(publish, err))
        return publish;
    publish_end(publish);
    return NULL;
}

/* ---- a file ---- */

typedef enum OldFile { OLD_SAME, OLD_OTHER, OLD_ABSENT, OLD_UNREADABLE } OldFile;

static bool is_regular(int fd) {
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Reads one byte more than is expected, so that one read tells the end of most files. */
static bool same_bytes(int fd, Str bytes, char *chunk) {
    if (bytes.len == 0 && !is_regular(fd))
        return false;
    for (;;) {
        ptrdiff_t want = bytes.len < CHUNK_BYTES ? bytes.len + 1 : CHUNK_BYTES;
        ssize_t got = read(fd, chunk, (size_t)want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || got > bytes.len || (got == 0 && bytes.len > 0) ||
            (got > 0 && memcmp(chunk, bytes.data, (size_t)got) != 0))
            return false;
        bytes = str_from_offset(bytes, got);
        if (bytes.len == 0 && got < want)
            return true;
    }
}

static OldFile unopened(int number) {
    return number == ENOENT || number == ENOTDIR ? OLD_ABSENT
           : number == ELOOP                     ? OLD_OTHER /* a symbolic link */
                                                 : OLD_UNREADABLE;
}

/* What the output has at `path`; a directory there is no file (see plan_collides). */
static OldFile compare_old(PublishWorker *worker, int old, const char *path, Str bytes) {
    int fd = publish_open_old(old, path);
    if (fd < 0)
        return unopened(errno);
    if (!worker->chunk)
        worker->chunk = memory_resize(NULL, CHUNK_BYTES);
    struct stat st;
    OldFile state = same_bytes(fd, bytes, worker->chunk) ? OLD_SAME : OLD_OTHER;
    if (state == OLD_OTHER && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        state = OLD_ABSENT;
    close(fd);
    return state;
}

static bool stage(Publish *publish, PublishWorker *worker, NewFile *file, Str bytes,
                  Err *err) {
    Staging *staging = publish->staging;
    char number[16];
    Str name = file->file.path;
    if (!staging_open(staging, err))
        return false;
    file->number = staging_number(staging);
    if (publish->mode == PUBLISH_IN_PLACE)
        name = (Str){number, snprintf(number, sizeof number, "%d", file->number)};
    if (staging_write(staging, worker, name, bytes))
        return true;
    if (errno == EEXIST)
        return publish_refused(publish, err, file->file.path, "two files have this path");
    return publish_failed(publish, err, "write", file->file.path);
}

bool publish_file(Publish *publish, int worker_number, Str path, Str bytes, Err *err) {
    if (!publish_path_check(path, err))
        return false;
    PublishWorker *worker = &publish->workers[worker_number];
    NewFile file = {
        .file = {arena_str(&worker->arena, path), bytes.len, hash_128(bytes)}};
    OldFile old = OLD_ABSENT;
    if (!publish->target.first) {
        const PublishedFile *listed = manifest_find(&publish->old, path);
        file.listed = listed;
        if (!listed || hash_equal(listed->hash, file.file.hash))
            old = compare_old(worker, publish->target.old, file.file.path.data, bytes);
        if (!listed && old == OLD_OTHER)
            return publish_refused(publish, err, path,
                                   "a file that this program didn't write is there");
        if (!listed && old == OLD_UNREADABLE)
            return publish_failed(publish, err, "read", path);
    }
    if (old != OLD_SAME && !stage(publish, worker, &file, bytes, err))
        return false;
    *vec_push(&worker->arena, &worker->files) = file;
    return true;
}

/* ---- commit ---- */

/* Fills the numbers; returns whether there is anything to do. */
static bool count(const Publish *publish, const Plan *plan, PublishResult *result) {
    ptrdiff_t listed = 0;
    for (ptrdiff_t i = 0; i < plan->files.n; i++) {
        const NewFile *file = &plan->files.items[i];
        *(file->number ? &result->written : &result->unchanged) += 1;
        listed += file->listed;
    }
    result->deleted = plan->gone.n;
    result->kept = plan->kept.n;
    return publish->target.first || result->written || listed != plan->files.n ||
           listed != publish->old.files.n;
}

static bool commit(Publish *publish, Plan *plan, PublishResult *result, Err *err) {
    if (publish->mode == PUBLISH_IN_PLACE)
        return commit_in_place(publish, plan, err);
    Err reason;
    CommitState state = commit_whole(publish, plan, result, &reason);
    if (state == COMMIT_DONE)
        return true;
    if (state == COMMIT_FAILED || publish->target.old < 0) {
        *err = reason;
        return false;
    }
    publish_note(publish, "published in place: %s", reason.text);
    stage_inside(publish);
    Err ignored;
    bool ok = restage_in_place(publish, plan, err) && commit_in_place(publish, plan, err);
    staging_discard(&publish->beside, &ignored);
    return ok;
}

bool publish_commit(Publish *publish, PublishResult *result, Err *err) {
    *result = (PublishResult){0};
    Plan plan;
    bool ok = plan_make(publish, &plan, err);
    if (ok) {
        result->changed = count(publish, &plan, result);
        ok = !result->changed || commit(publish, &plan, result, err);
    }
    result->mode = publish->mode;
    memcpy(result->note, publish->note, sizeof result->note);
    publish_abort(publish); /* what was staged is in its place, or not wanted */
    return ok;
}

/* What was staged in a spare goes, so that it takes no space until it is used again. */
static void clean_spare(Publish *publish) {
    int dir = staging_fd(publish->staging);
    for (int w = 0; dir >= 0 && publish->staging->reused && w < publish->n_workers; w++)
        for (ptrdiff_t i = 0; i < publish->workers[w].files.n; i++)
            if (publish->workers[w].files.items[i].number)
                unlinkat(dir, publish->workers[w].files.items[i].file.path.data, 0);
}

void publish_abort(Publish *publish) {
    Err ignored;
    if (!publish)
        return;
    clean_spare(publish);
    staging_discard(publish->staging, &ignored);
    publish_end(publish);
}
