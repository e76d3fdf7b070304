/* Files: see fs.h. Reading, writing and making directories; whole trees are in fs_tree.c.
 *
 * openat2 resolves a path in the kernel, in one step that a rename elsewhere can't race.
 * Where a kernel lacks it (ENOSYS) or a container's filter forbids it (EPERM), each
 * component is opened by itself without following links: stricter than openat2, which
 * follows links that stay beneath, but just as closed. realpath() and a comparison of
 * prefixes would follow links too, and lose every race.
 *
 * Specification: TRUST.md, promises 4 and 8. */
#define _GNU_SOURCE
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

bool err_set(Err *err, const char *verb, const char *path) {
    int number = errno;
    err_format(err, "cannot %s '%s': %s", verb, path, strerror(number));
    err->number = number;
    return false;
}

bool err_format(Err *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    err->number = 0;
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return false;
}

/* As close, but leaves errno alone. */
static void close_quietly(int fd) {
    int number = errno;
    close(fd);
    errno = number;
}

int fs_open_root(const char *path, Err *err) {
    int fd;
    do {
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0)
        err_set(err, "open directory", path);
    return fd;
}

static int open_retrying(int dir, const char *name, int flags, mode_t mode) {
    int fd;
    do {
        fd = openat(dir, name, flags, mode);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

/* Copies the component at the start of *path and moves *path behind it and its slashes.
 */
static bool next_component(const char **path, char name[NAME_MAX + 1]) {
    size_t len = strcspn(*path, "/");
    if (len > NAME_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(name, *path, len);
    name[len] = '\0';
    *path += len;
    *path += strspn(*path, "/");
    if (strcmp(name, "..") == 0) {
        errno = EXDEV;
        return false;
    }
    return true;
}

/* fs_open_beneath without openat2: ".." and symbolic links are refused. */
static int open_stepwise(int root, const char *path, int flags, mode_t mode) {
    char name[NAME_MAX + 1];
    int dir = root;
    if (*path == '/')
        errno = EXDEV;
    else if (*path == '\0')
        errno = ENOENT;
    else
        while (next_component(&path, name)) {
            int step = *path ? O_PATH | O_DIRECTORY | O_CLOEXEC : flags;
            int fd = open_retrying(dir, name, step | O_NOFOLLOW, mode);
            if (dir != root)
                close_quietly(dir);
            if (fd < 0 || *path == '\0')
                return fd;
            dir = fd;
        }
    if (dir != root)
        close_quietly(dir);
    return -1;
}

int fs_open_beneath(int root, const char *path, int flags, mode_t mode) {
    static atomic_bool missing;
    flags |= O_CLOEXEC;
    if (atomic_load_explicit(&missing, memory_order_relaxed))
        return open_stepwise(root, path, flags, mode);
    struct open_how how = {.flags = (unsigned)flags,
                           .mode = flags & O_CREAT ? mode : 0,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    long fd;
    int races = 0; /* EAGAIN: ".." was resolved while something was renamed */
    do {
        fd = syscall(SYS_openat2, root, path, &how, sizeof how);
    } while (fd < 0 && (errno == EINTR || (errno == EAGAIN && races++ < 100)));
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
        return (int)fd;
    if (errno == ENOSYS)
        atomic_store_explicit(&missing, true, memory_order_relaxed);
    return open_stepwise(root, path, flags, mode);
}

ptrdiff_t fs_read_up_to(int fd, char *bytes, ptrdiff_t n) {
    ptrdiff_t done = 0;
    while (done < n) {
        ssize_t got = read(fd, bytes + done, (size_t)(n - done));
        if (got == 0)
            break;
        if (got > 0)
            done += got;
        else if (errno != EINTR)
            return -1;
    }
    return done;
}

/* The content of `fd`, whose size is `size` unless it is changed just now. */
static bool read_content(int fd, ptrdiff_t size, ptrdiff_t limit, Arena *arena,
                         Str *out) {
    char *bytes = arena_alloc(arena, size + 1);
    ptrdiff_t len = fs_read_up_to(fd, bytes, size + 1);
    while (len > size && len <= limit) { /* it grew, or its file system gives no sizes */
        size = size > limit / 2 ? limit : size < 4096 ? 4096 : size * 2;
        char *larger = arena_alloc(arena, size + 1);
        memcpy(larger, bytes, (size_t)len);
        ptrdiff_t more = fs_read_up_to(fd, larger + len, size + 1 - len);
        bytes = larger;
        len = more < 0 ? -1 : len + more;
    }
    if (len > limit)
        errno = EFBIG;
    if (len < 0 || len > limit)
        return false;
    bytes[len] = '\0';
    *out = (Str){bytes, len};
    return true;
}

bool fs_read(int root, const char *path, ptrdiff_t limit, Arena *arena, Str *out,
             Err *err) {
    /* O_NONBLOCK: opening a named pipe must not wait for a writer. */
    int fd = fs_open_beneath(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    if (fd < 0)
        return err_set(err, "read", path);
    struct stat st;
    bool ok = fstat(fd, &st) == 0;
    if (ok && !S_ISREG(st.st_mode)) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
        ok = false;
    } else if (ok && st.st_size > limit) {
        errno = EFBIG;
        ok = false;
    }
    ok = ok && read_content(fd, (ptrdiff_t)st.st_size, limit, arena, out);
    close_quietly(fd);
    return ok || err_set(err, "read", path);
}

bool fs_read_given(const char *path, ptrdiff_t limit, Arena *arena, Str *out, Err *err) {
    int fd = open_retrying(AT_FDCWD, path, O_RDONLY | O_NOCTTY | O_CLOEXEC, 0);
    if (fd < 0)
        return err_set(err, "read", path);
    struct stat st;
    bool ok = fstat(fd, &st) == 0;
    ptrdiff_t size = ok && S_ISREG(st.st_mode) ? (ptrdiff_t)st.st_size : 0;
    if (ok && size > limit) {
        errno = EFBIG;
        ok = false;
    }
    ok = ok && read_content(fd, size, limit, arena, out);
    close_quietly(fd);
    return ok || err_set(err, "read", path);
}

bool fs_write_all(int fd, Str bytes) {
    ptrdiff_t done = 0;
    while (done < bytes.len) {
        ssize_t n = write(fd, bytes.data + done, (size_t)(bytes.len - done));
        if (n > 0) {
            done += n;
        } else if (n == 0) {
            errno = EIO;
            return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

bool fs_close(int fd) { return close(fd) == 0 || errno == EINTR; }

bool fs_create(int root, const char *path, Str bytes, Err *err) {
    int fd = fs_open_beneath(root, path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd < 0)
        return err_set(err, "create", path);
    bool ok = fs_write_all(fd, bytes);
    if (!ok)
        close_quietly(fd);
    else
        ok = fs_close(fd);
    if (ok)
        return true;
    err_set(err, "write", path);
    unlinkat(root, path, 0);
    return false;
}

bool fs_make_dirs(int root, const char *path, Err *err) {
    char made[PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof made || *path == '/') {
        errno = *path == '/' ? EXDEV : ENAMETOOLONG;
        return err_set(err, "create directory", path);
    }
    memcpy(made, path, len + 1);
    int dir = -1; /* the parent of `name`; -1: root */
    char *name = made;
    for (;;) {
        name += strspn(name, "/");
        char *end = name + strcspn(name, "/");
        bool last = *end == '\0';
        *end = '\0';
        bool ok = *name == '\0' || mkdirat(dir < 0 ? root : dir, name, 0777) == 0 ||
                  errno == EEXIST;
        if (dir >= 0)
            close_quietly(dir);
        if (!ok)
            return err_set(err, "create directory", path);
        dir = fs_open_beneath(root, *made ? made : ".", O_PATH | O_DIRECTORY, 0);
        if (dir < 0)
            return err_set(err, "create directory", path);
        if (last)
            break;
        *end = '/';
        name = end + 1;
    }
    close(dir);
    return true;
}
