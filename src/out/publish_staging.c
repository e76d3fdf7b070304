/* The staging directory: where the new site is put together.
 *
 * Writing costs what the kernel costs: one mkdirat for a new directory, openat, write and
 * close for a file. Each worker remembers the directories that it knows to exist; that
 * two make the same one is fine (EEXIST), so there is no lock. Descriptors of parents
 * would save nothing: a page's directory holds one file.
 *
 * Invariants. A file is always created (O_EXCL), never opened for writing again: staged
 * files may be hard links into the published site. In a reused directory what is in the
 * way is removed first, and every directory on the way is known not to be a symbolic
 * link, since links that others made were carried into it.
 *
 * One syncfs at the end makes all durable. Waiting for it costs as much as writing
 * (10,000 pages: 300 ms after 250), while the disk was idle before; so from FLUSH_AFTER
 * files on a thread calls syncfs every few milliseconds, and the last call finds little
 * to do (5 ms; 340 in all). sync_file_range on each file is slower than that, fsync far
 * slower.
 *
 * Specification: TRUST.md, promises 1 and 4; DEPENDENCIES.md, "What the disk costs". */
#define _GNU_SOURCE
#include "out/publish_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FLUSH_AFTER = 1000, FLUSH_PAUSE_MS = 30 };

/* ---- flusher ---- */

static void *flush(void *argument) {
    Flusher *flusher = argument;
    pthread_mutex_lock(&flusher->mutex);
    while (!flusher->stop && !flusher->error) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += FLUSH_PAUSE_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        int woken = pthread_cond_timedwait(&flusher->wake, &flusher->mutex, &until);
        if (flusher->stop || woken == 0)
            continue;
        pthread_mutex_unlock(&flusher->mutex);
        int error = syncfs(flusher->fd) < 0 ? errno : 0;
        pthread_mutex_lock(&flusher->mutex);
        flusher->error = error;
    }
    pthread_mutex_unlock(&flusher->mutex);
    return NULL;
}

/* Without a thread everything works as well, only later. */
static void flusher_start(Flusher *flusher, int fd) {
    pthread_condattr_t attributes;
    flusher->fd = fd;
    if (pthread_condattr_init(&attributes))
        return;
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&flusher->mutex, NULL);
    pthread_cond_init(&flusher->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    flusher->running = pthread_create(&flusher->thread, NULL, flush, flusher) == 0;
}

/* Returns the errno of a sync that failed, or 0. */
static int flusher_stop(Flusher *flusher) {
    if (flusher->running) {
        pthread_mutex_lock(&flusher->mutex);
        flusher->stop = true;
        pthread_cond_signal(&flusher->wake);
        pthread_mutex_unlock(&flusher->mutex);
        pthread_join(flusher->thread, NULL);
        flusher->running = false;
        pthread_cond_destroy(&flusher->wake);
        pthread_mutex_destroy(&flusher->mutex);
    }
    return flusher->error;
}

/* ---- the directory ---- */

void staging_init(Staging *staging, int parent, const char *name, const char *spare,
                  bool sync) {
    *staging = (Staging){.parent = parent, .name = name, .spare = spare, .sync = sync};
    atomic_init(&staging->fd, -1);
    atomic_init(&staging->n_files, 0);
    pthread_mutex_init(&staging->mutex, NULL);
}

static bool create(Staging *staging) {
    if (staging->spare &&
        renameat(staging->parent, staging->spare, staging->parent, staging->name) == 0)
        staging->reused = true;
    else if (mkdirat(staging->parent, staging->name, 0777) < 0)
        return false;
    int fd = openat(staging->parent, staging->name,
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    if (staging->reused)
        unlinkat(fd, MANIFEST_NAME, 0);
    atomic_store_explicit(&staging->fd, fd, memory_order_release);
    return true;
}

int staging_fd(Staging *staging) {
    return atomic_load_explicit(&staging->fd, memory_order_acquire);
}

bool staging_open(Staging *staging, Err *err) {
    if (staging_fd(staging) >= 0)
        return true;
    pthread_mutex_lock(&staging->mutex);
    bool ok = staging_fd(staging) >= 0 || create(staging);
    if (!ok)
        err_set(err, "create directory", staging->name);
    pthread_mutex_unlock(&staging->mutex);
    return ok;
}

int staging_number(Staging *staging) {
    int n = 1 + atomic_fetch_add_explicit(&staging->n_files, 1, memory_order_relaxed);
    if (n == FLUSH_AFTER && staging->sync)
        flusher_start(&staging->flusher, staging_fd(staging));
    return n;
}

/* mkdirat; in a reused directory, what is there and is no directory gives way. */
static bool make_directory(const Staging *staging, int fd, const char *path) {
    struct stat st;
    if (mkdirat(fd, path, 0777) == 0)
        return true;
    if (errno != EEXIST || !staging->reused)
        return errno == EEXIST;
    if (fstatat(fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
        return true;
    return (unlinkat(fd, path, 0) == 0 || errno == ENOENT) &&
           (mkdirat(fd, path, 0777) == 0 || errno == EEXIST);
}

bool staging_make_directory(Staging *staging, PublishWorker *worker, Str path) {
    if (path.len == 0)
        return true;
    if (!worker->directories.arena)
        worker->directories = map_init(&worker->arena);
    if (map_get(&worker->directories, path))
        return true;
    char *copy = arena_cstr(&worker->arena, path);
    for (ptrdiff_t at = 1; at <= path.len; at++) {
        if (at < path.len && path.data[at] != '/')
            continue;
        Str prefix = {copy, at};
        if (map_get(&worker->directories, prefix))
            continue;
        copy[at] = '\0';
        if (!make_directory(staging, staging_fd(staging), copy))
            return false;
        if (at < path.len)
            copy[at] = '/';
        map_put(&worker->directories, prefix, copy);
    }
    return true;
}

static bool make_parent(Staging *staging, PublishWorker *worker, Str path) {
    return staging_make_directory(staging, worker,
                                  str_slice(path, 0, str_find_last_char(path, '/')));
}

/* Whether an attempt that failed with EEXIST may be made again: removes what an earlier
 * site left at `path`. */
static bool clear(const Staging *staging, int fd, const char *path) {
    Err ignored;
    if (errno != EEXIST || !staging->reused)
        return false;
    if (unlinkat(fd, path, 0) < 0 && errno == EISDIR)
        fs_remove_tree(fd, path, &ignored);
    errno = EEXIST;
    return true;
}

static int create_file(const Staging *staging, int dir, const char *path) {
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int fd, attempts = 0;
    do {
        fd = openat(dir, path, flags, 0666);
    } while (fd < 0 && (errno == EINTR || (attempts++ < 3 && clear(staging, dir, path))));
    return fd;
}

bool staging_write(Staging *staging, PublishWorker *worker, Str path, Str bytes) {
    int dir = staging_fd(staging);
    if (!make_parent(staging, worker, path))
        return false;
    int fd = create_file(staging, dir, path.data);
    if (fd < 0)
        return false;
    bool ok = fs_write_all(fd, bytes);
    int number = errno;
    if (!fs_close(fd) && ok) {
        ok = false;
        number = errno;
    }
    if (!ok)
        unlinkat(dir, path.data, 0); /* a disk that is full has room again */
    errno = number;
    return ok;
}

static bool same_inode(int a, int b, const char *path) {
    struct stat x, y;
    return fstatat(a, path, &x, AT_SYMLINK_NOFOLLOW) == 0 &&
           fstatat(b, path, &y, AT_SYMLINK_NOFOLLOW) == 0 && x.st_ino == y.st_ino &&
           x.st_dev == y.st_dev;
}

bool staging_link(Staging *staging, PublishWorker *worker, int from, Str path) {
    int dir = staging_fd(staging), attempts = 0;
    if (!make_parent(staging, worker, path))
        return false;
    if (staging->reused && same_inode(dir, from, path.data))
        return true;
    while (linkat(from, path.data, dir, path.data, 0) < 0)
        if (attempts++ == 3 || !clear(staging, dir, path.data))
            return false;
    return true;
}

bool staging_symlink(Staging *staging, PublishWorker *worker, Str path,
                     const char *destination) {
    int dir = staging_fd(staging), attempts = 0;
    if (!make_parent(staging, worker, path))
        return false;
    while (symlinkat(destination, dir, path.data) < 0)
        if (attempts++ == 3 || !clear(staging, dir, path.data))
            return false;
    return true;
}

bool staging_sync(Staging *staging) {
    errno = flusher_stop(&staging->flusher);
    return errno == 0 && (!staging->sync || syncfs(staging_fd(staging)) == 0);
}

void staging_close(Staging *staging) {
    flusher_stop(&staging->flusher);
    int fd = staging_fd(staging);
    if (fd >= 0)
        close(fd);
    atomic_store(&staging->fd, -1);
}

bool staging_discard(Staging *staging, Err *err) {
    bool exists = staging_fd(staging) >= 0;
    staging_close(staging);
    if (!exists)
        return true;
    if (staging->reused &&
        renameat(staging->parent, staging->name, staging->parent, staging->spare) == 0)
        return true;
    return fs_remove_tree(staging->parent, staging->name, err);
}
