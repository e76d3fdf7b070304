/* The target of a build: which directory it is, whether it may be replaced, and the lock.
 *
 * Directories are compared by device and inode, not by name: bind mounts, "..", symbolic
 * links and case-insensitive file systems make names worthless for asking "is this the
 * home directory?".
 *
 * The lock is an flock on a file beside the output: the kernel drops it when the process
 * ends in any way, so there is no stale lock. The file is removed while the lock is held;
 * who waited for a file that is gone then opens the new one, which is why the lock counts
 * only when the name still leads to the locked file. Where nothing can be written beside
 * the output (a mounted directory in a read-only container), the output directory itself
 * is locked; it then is published in place and keeps its inode.
 *
 * Specification: TRUST.md, promises 2 and 3. */
#define _GNU_SOURCE
#include "out/publish_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool refused(Err *err, const char *name, const char *why) {
    return err_format(err, "cannot publish to '%s': %s", name, why);
}

static bool same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether `st` is the directory `path` or one above it. */
static bool is_at_or_above(const struct stat *st, const char *path) {
    struct stat here, above;
    int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    bool found = false, at_top = fd < 0 || fstat(fd, &here) < 0;
    while (!at_top && !(found = same_file(st, &here))) {
        int up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = up;
        at_top = fd < 0 || fstat(fd, &above) < 0 || same_file(&above, &here);
        here = above;
    }
    if (fd >= 0)
        close(fd);
    return found;
}

static bool check_dangers(const PublishOptions *options, const char *real, Err *err) {
    struct stat st, other;
    if (stat(real, &st) < 0)
        return errno == ENOENT || err_set(err, "publish to", options->output);
    if (!S_ISDIR(st.st_mode))
        return refused(err, options->output, "not a directory");
    if (stat("/", &other) == 0 && same_file(&st, &other))
        return refused(err, options->output, "that is the root of the file system");
    const char *home = getenv("HOME");
    if (home && stat(home, &other) == 0 && same_file(&st, &other))
        return refused(err, options->output, "that is your home directory");
    if (options->site && is_at_or_above(&st, options->site))
        return refused(err, options->output,
                       "that is the site itself or a directory above it");
    return true;
}

/* Makes the directories above the last component. */
static bool make_parents(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool ok = mkdir(path, 0777) == 0 || errno == EEXIST || errno == EISDIR;
        *slash = '/';
        if (!ok)
            return false;
    }
    return true;
}

/* The absolute path of an output that doesn't exist, whose parent is made. */
static char *resolve_missing(char *path, Err *err) {
    struct stat st;
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    if (lstat(path, &st) == 0) {
        refused(err, path, "a symbolic link that leads nowhere");
        return NULL;
    }
    errno = EINVAL;
    bool made = strcmp(base, "..") != 0 && strcmp(base, ".") != 0 && make_parents(path);
    char *parent =
        made && slash ? strndup(path, (size_t)(slash - path + 1)) : strdup(".");
    char *real = made ? realpath(parent, NULL) : NULL;
    free(parent);
    if (!real) {
        err_set(err, "publish to", path);
        return NULL;
    }
    size_t len = strlen(real), more = strlen(base) + 2;
    real = memory_resize(real, (ptrdiff_t)(len + more));
    if (len && real[len - 1] != '/')
        real[len++] = '/';
    memcpy(real + len, base, more - 1);
    return real;
}

/* Sets parent, base and the other names. */
static bool resolve(Target *target, const PublishOptions *options, Arena *arena,
                    Err *err) {
    Str given = str_from(options->output);
    if (given.len == 0)
        return err_format(err, "cannot publish: the output directory has no name");
    while (given.len > 1 && given.data[given.len - 1] == '/')
        given.len--;
    char *path = arena_cstr(arena, given);
    target->name = path;
    char *real = realpath(path, NULL);
    if (!real && errno != ENOENT)
        return err_set(err, "publish to", path);
    if (!real && !(real = resolve_missing(path, err)))
        return false;
    bool ok = check_dangers(options, real, err);
    if (ok) { /* it is not "/", so there is a name behind the last slash */
        char *base = strrchr(real, '/') + 1;
        target->base = arena_cstr(arena, str_from(base));
        target->lock_name = arena_printf(arena, ".%s.cairn-lock", base).data;
        *base = '\0';
        target->parent = fs_open_root(real, err);
        ok = target->parent >= 0;
    }
    free(real);
    return ok;
}

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* flock with a deadline; -1 and errno, EWOULDBLOCK when it has passed. */
static int lock_until(int fd, int64_t deadline) {
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno == EWOULDBLOCK && milliseconds() < deadline)
            nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
        else if (errno != EINTR)
            return -1;
    }
    return 0;
}

static int open_lock(const Target *target) {
    if (!target->lock_name)
        return openat(target->parent, target->base,
                      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return openat(target->parent, target->lock_name,
                  O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
}

static bool lock_failed(const Target *target, int wait_seconds, Err *err) {
    int number = errno;
    if (number != EWOULDBLOCK)
        return err_set(err, "lock", target->name);
    err_format(err, "another build is publishing to '%s' (waited %d s)", target->name,
               wait_seconds);
    err->number = number;
    return false;
}

/* Whether the name still leads to what was locked: 1, 0, or -1 and errno. */
static int lock_counts(const Target *target) {
    const char *name = target->lock_name ? target->lock_name : target->base;
    struct stat locked, named;
    if (fstat(target->lock, &locked) < 0)
        return -1;
    if (fstatat(target->parent, name, &named, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -1;
    return same_file(&locked, &named);
}

static bool take_lock(Target *target, int wait_seconds, Err *err) {
    int64_t deadline = milliseconds() + (int64_t)wait_seconds * 1000;
    int counts = 0;
    while (counts == 0) {
        if (target->lock >= 0)
            close(target->lock);
        target->lock = open_lock(target);
        if (target->lock < 0 || lock_until(target->lock, deadline) < 0 ||
            (counts = lock_counts(target)) < 0)
            return lock_failed(target, wait_seconds, err);
    }
    target->locked = true;
    return true;
}

static bool is_mount_point(const Target *target) {
    struct statx found;
    return statx(target->parent, target->base, AT_SYMLINK_NOFOLLOW, 0, &found) == 0 &&
           (found.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

bool target_open(Target *target, const PublishOptions *options, Arena *arena, Err *err) {
    *target = (Target){.parent = -1, .lock = -1, .old = -1};
    if (!resolve(target, options, arena, err))
        return false;
    bool exists = faccessat(target->parent, target->base, F_OK, 0) == 0;
    if (exists && faccessat(target->parent, ".", W_OK | X_OK, AT_EACCESS) < 0) {
        target->lock_name = NULL;
        target->only_in_place =
            arena_printf(arena, "nothing can be written beside '%s'", target->name).data;
    }
    if (!take_lock(target, options->wait_seconds, err))
        return false;
    target->old = openat(target->parent, target->base,
                         O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (target->old < 0 && errno != ENOENT)
        return err_set(err, "publish to", target->name);
    if (target->old >= 0 && is_mount_point(target))
        target->only_in_place =
            arena_printf(arena, "'%s' is a mount point", target->name).data;
    return true;
}

void target_close(Target *target) {
    if (target->locked && target->lock_name)
        unlinkat(target->parent, target->lock_name, 0);
    int *fds[] = {&target->old, &target->lock, &target->parent};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
}

/* An entry that doesn't make a directory somebody's: what a new file system starts with.
 */
static bool is_nothing(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
           strcmp(name, "lost+found") == 0;
}

bool target_check_content(Target *target, bool has_manifest, Err *err) {
    target->first = !has_manifest;
    if (has_manifest || target->old < 0)
        return true;
    int fd = openat(target->old, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        err_set(err, "read directory", target->name);
        if (fd >= 0)
            close(fd);
        return false;
    }
    const struct dirent *entry;
    errno = 0;
    while ((entry = readdir(dir)) && is_nothing(entry->d_name))
        errno = 0;
    bool ok = !entry && errno == 0;
    if (entry)
        refused(err, target->name,
                "it is not empty, and not by this program (no " MANIFEST_NAME ")");
    else if (!ok)
        err_set(err, "read directory", target->name);
    closedir(dir);
    return ok;
}
