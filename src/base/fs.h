/* The file system, behind a few functions that check every call and name the file.
 *
 * All paths are relative to an open directory and are resolved with
 * openat2(RESOLVE_BENEATH) (Linux 5.6; where it is missing, component by component with
 * O_NOFOLLOW), so that neither "..", an absolute path nor a symbolic link leads out of
 * it. EINTR and short reads and writes are handled here. */
#pragma once

#include "base/arena.h"

#include <stdbool.h>
#include <sys/types.h>

/* What failed. text is a whole message: "cannot write 'x/y.html': No space left on
 * device". */
typedef struct Err {
    int number;      /* errno, 0 where there is none */
    char text[1024]; /* NUL-terminated */
} Err;

/* Fills *err from errno: "cannot VERB 'PATH': REASON". Returns false, for `return`. */
bool err_set(Err *err, const char *verb, const char *path);
bool err_format(Err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Opens a directory given by any path (the user's own words: may be absolute or "..").
 * Returns the descriptor, or -1 and *err. */
int fs_open_root(const char *path, Err *err);

/* Opens `path` below `root` with open(2) `flags` (O_CLOEXEC is added) and `mode`; -1 on
 * failure, errno set: EXDEV where the path leads out, ENOENT where it does not exist. */
int fs_open_beneath(int root, const char *path, int flags, mode_t mode);

/* Reads the whole file into `arena` (with a NUL behind it that is not counted). A file of
 * more than `limit` bytes is refused with err->number EFBIG. */
bool fs_read(int root, const char *path, ptrdiff_t limit, Arena *arena, Str *out,
             Err *err);

/* The same for a file given by any path (the user's own words: absolute, "..", a symbolic
 * link, a pipe or /dev/stdin). */
bool fs_read_given(const char *path, ptrdiff_t limit, Arena *arena, Str *out, Err *err);

/* Reads `n` bytes from `fd`, fewer only at the end of the file. Returns how many, or -1
 * and errno. */
ptrdiff_t fs_read_up_to(int fd, char *bytes, ptrdiff_t n);

/* Writes all of `bytes` to `fd`. False and errno on failure. */
bool fs_write_all(int fd, Str bytes);

/* Closes a file that was written. False and errno where an earlier write turns out to
 * have failed; EINTR is no failure, since Linux has closed the file then. */
bool fs_close(int fd);

/* Creates `path` with `bytes` below `root`, which must not exist yet. Its directories
 * must exist. Never truncates: see DEPENDENCIES on O_TRUNC. */
bool fs_create(int root, const char *path, Str bytes, Err *err);

/* Makes the directory `path` below `root` and what is missing above it. */
bool fs_make_dirs(int root, const char *path, Err *err);

/* Removes a directory tree below `root`, never following symbolic links. True if it did
 * not exist. */
bool fs_remove_tree(int root, const char *path, Err *err);

typedef struct FsEntry {
    Str path;    /* relative to the walked directory, '/' between components */
    mode_t mode; /* S_IFREG, also for a symbolic link to a file beneath; S_IFLNK where
                    there is a problem */
    int problem; /* 0, or the errno of a symbolic link that can't be followed:
                    ENOENT dangling, EXDEV leads out, ELOOP */
} FsEntry;
typedef Vec(FsEntry) FsEntries;

/* All regular files below `root`/`path`, sorted bytewise by path. Hidden entries (names
 * that start with '.'), and those for which `skip` (may be NULL) returns true, are left
 * out with all below them. Symbolic links to files and directories beneath `root` are
 * followed, once: a directory that contains itself, or lies behind a fifth link to a
 * directory on one way down, is a problem entry with ELOOP. More than 128 levels or
 * 1,048,576 entries are errors. */
bool fs_walk(int root, const char *path, Arena *arena,
             bool (*skip)(void *context, Str path), void *context, FsEntries *out,
             Err *err);
