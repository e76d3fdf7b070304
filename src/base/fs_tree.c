/* Directory trees: walking the input, removing what we made. See fs.h.
 *
 * A walk costs a getdents64 (two, with the one that finds the end), an open and a close
 * for each directory and nothing for each file: the directory entry says what it is, and
 * the name is sorted with the others at the end. readdir would add two calls and an
 * allocation of 32 KB a directory, which doubles the time where each page has a
 * directory. Sub-directories are opened relative to their parent, so that a deep tree is
 * not resolved from its top again and again. Only symbolic links are resolved from the
 * root, by openat2, which says whether they lead out.
 *
 * Links to directories can form circles, which are found by device and inode among the
 * directories on the way down, and can multiply a tree (n links to a directory of n
 * links …), which is bounded by LINKS_MAX on one way down and ENTRIES_MAX in all.
 *
 * Specification: TRUST.md, promise 8; "Limits". */
#define _GNU_SOURCE
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 128, LINKS_MAX = 4, ENTRIES_MAX = 1 << 20 };

/* An entry that is followed when its directory has been read. */
typedef struct Pending {
    Str path;           /* with a NUL behind it */
    unsigned char type; /* DT_DIR, DT_LNK */
} Pending;

/* A directory on the way from the walked directory to the present one. */
typedef struct Step Step;
struct Step {
    const Step *parent;
    int fd;
    Str path; /* "" or ends with '/' */
    int depth, links;
    Vec(Pending) pending;
};

typedef struct Walk {
    int root;
    Str start; /* path of the walked directory below root, "" or ends with '/' */
    Arena *arena;
    bool (*skip)(void *context, Str path);
    void *context;
    FsEntries *out;
    Err *err;
    ptrdiff_t n;                                     /* entries seen */
    _Alignas(struct dirent64) char entries[1 << 15]; /* of one directory at a time */
} Walk;

static bool is_dot_or_dot_dot(const char *name) {
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static Str join(Arena *arena, Str directory, const char *name) {
    return arena_concat(arena, directory, str_from(name));
}

/* The next entry, or NULL with errno 0 at the end. */
static struct dirent *next_entry(DIR *dir) {
    errno = 0;
    return readdir(dir);
}

static bool on_the_way(const Step *step, const struct stat *st) {
    struct stat other;
    for (; step; step = step->parent)
        if (fstat(step->fd, &other) == 0 && other.st_dev == st->st_dev &&
            other.st_ino == st->st_ino)
            return true;
    return false;
}

static void add_entry(Walk *walk, Str path, mode_t mode, int problem) {
    *vec_push(walk->arena, walk->out) =
        (FsEntry){.path = path, .mode = mode, .problem = problem};
}

static bool walk_failed(const Walk *walk, Str path) {
    int number = errno;
    const char *name =
        arena_cstr(walk->arena, arena_concat(walk->arena, walk->start, path));
    errno = number;
    return err_set(walk->err, "read directory", *name ? name : ".");
}

static bool walk_directory(Walk *walk, int fd, const Step *parent, Str path, int links);

/* A symbolic link: to a file, to a directory, or to where it must not lead. */
static bool walk_link(Walk *walk, const Step *here, Str path) {
    const char *full =
        arena_cstr(walk->arena, arena_concat(walk->arena, walk->start, path));
    int fd = fs_open_beneath(walk->root, full, O_PATH, 0);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0) {
        int problem = errno;
        if (fd >= 0)
            close(fd);
        add_entry(walk, path, S_IFLNK, problem);
        return true;
    }
    close(fd);
    if (S_ISREG(st.st_mode)) {
        add_entry(walk, path, S_IFREG, 0);
    } else if (S_ISLNK(st.st_mode) || on_the_way(here, &st) ||
               (S_ISDIR(st.st_mode) && here->links == LINKS_MAX)) {
        add_entry(walk, path, S_IFLNK, ELOOP);
    } else if (S_ISDIR(st.st_mode)) {
        fd = fs_open_beneath(walk->root, full, O_RDONLY | O_DIRECTORY, 0);
        return fd < 0 ? walk_failed(walk, path)
                      : walk_directory(walk, fd, here, path, here->links + 1);
    }
    return true;
}

static bool walk_pending(Walk *walk, const Step *here, Pending pending) {
    if (pending.type == DT_LNK)
        return walk_link(walk, here, pending.path);
    int fd = openat(here->fd, pending.path.data + here->path.len,
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? walk_failed(walk, pending.path)
                  : walk_directory(walk, fd, here, pending.path, here->links);
}

static unsigned char entry_type(int fd, const struct dirent64 *entry) {
    struct stat st;
    if (entry->d_type != DT_UNKNOWN ||
        fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
        return entry->d_type;
    return S_ISREG(st.st_mode)   ? DT_REG
           : S_ISDIR(st.st_mode) ? DT_DIR
           : S_ISLNK(st.st_mode) ? DT_LNK
                                 : DT_UNKNOWN;
}

static bool take_entry(Walk *walk, Step *here, const struct dirent64 *entry) {
    if (entry->d_name[0] == '.')
        return true;
    Str path = join(walk->arena, here->path, entry->d_name);
    if (walk->skip && walk->skip(walk->context, path))
        return true;
    if (++walk->n > ENTRIES_MAX)
        return err_format(walk->err, "cannot read directory '%.*s': more than %d entries",
                          STR_ARG(walk->start), ENTRIES_MAX);
    unsigned char type = entry_type(here->fd, entry);
    if (type == DT_REG)
        add_entry(walk, path, S_IFREG, 0);
    else if (type == DT_LNK || type == DT_DIR)
        *vec_push(walk->arena, &here->pending) = (Pending){path, type};
    return true; /* pipes, sockets and devices are no content */
}

static bool read_entries(Walk *walk, Step *here) {
    ssize_t len;
    while ((len = getdents64(here->fd, walk->entries, sizeof walk->entries)) > 0) {
        const char *next = walk->entries;
        while (next < walk->entries + len) {
            const struct dirent64 *entry = (const void *)next;
            if (!take_entry(walk, here, entry))
                return false;
            next += entry->d_reclen;
        }
    }
    return len == 0 || walk_failed(walk, here->path);
}

/* Takes `fd`. `path` is relative to the walked directory, without a '/' at its end. */
static bool walk_directory(Walk *walk, int fd, const Step *parent, Str path, int links) {
    Step here = {.parent = parent, .fd = fd, .links = links};
    here.depth = parent ? parent->depth + 1 : 0;
    here.path = path.len ? join(walk->arena, path, "/") : path;
    errno = ENAMETOOLONG;
    bool ok =
        here.depth <= DEPTH_MAX ? read_entries(walk, &here) : walk_failed(walk, path);
    for (ptrdiff_t i = 0; ok && i < here.pending.n; i++)
        ok = walk_pending(walk, &here, here.pending.items[i]);
    close(fd);
    return ok;
}

static int compare_entries(const void *a, const void *b) {
    return str_compare(((const FsEntry *)a)->path, ((const FsEntry *)b)->path);
}

bool fs_walk(int root, const char *path, Arena *arena,
             bool (*skip)(void *context, Str path), void *context, FsEntries *out,
             Err *err) {
    *out = (FsEntries){0};
    if (!*path)
        path = ".";
    int fd = fs_open_beneath(root, path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return err_set(err, "read directory", path);
    Str start = strcmp(path, ".") == 0 ? S("") : join(arena, str_from(path), "/");
    Walk walk = {.root = root, .start = start, .arena = arena, .out = out, .err = err};
    walk.skip = skip;
    walk.context = context;
    bool ok = walk_directory(&walk, fd, NULL, S(""), 0);
    if (out->n)
        qsort(out->items, (size_t)out->n, sizeof *out->items, compare_entries);
    return ok;
}

/* Removes `name` in `dir`, whatever it is. False with errno. */
static bool remove_entry(int dir, const char *name, unsigned char type, int depth) {
    if (type != DT_DIR) {
        if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
            return true;
        if (errno != EISDIR)
            return false;
    }
    int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    errno = fd < 0 ? errno : ENAMETOOLONG;
    DIR *entries = fd < 0 || depth > DEPTH_MAX ? NULL : fdopendir(fd);
    if (!entries) {
        int number = errno;
        if (fd >= 0)
            close(fd);
        errno = number;
        return number == ENOENT;
    }
    bool ok = true;
    const struct dirent *entry;
    while (ok && (entry = next_entry(entries)))
        ok = is_dot_or_dot_dot(entry->d_name) ||
             remove_entry(fd, entry->d_name, entry->d_type, depth + 1);
    int number = errno;
    closedir(entries);
    errno = number;
    return ok && !number && (unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT);
}

bool fs_remove_tree(int root, const char *path, Err *err) {
    const char *slash = strrchr(path, '/');
    Arena arena = {0};
    int dir = root;
    bool ok = true;
    if (slash) {
        Str parent = {path, slash - path + 1};
        dir = fs_open_beneath(root, arena_cstr(&arena, parent), O_PATH | O_DIRECTORY, 0);
        ok = dir >= 0;
    }
    ok = ok && remove_entry(dir, slash ? slash + 1 : path, DT_UNKNOWN, 0);
    if (!ok)
        ok = errno == ENOENT || err_set(err, "remove", path);
    if (dir >= 0 && dir != root)
        close(dir);
    arena_release(&arena);
    return ok;
}
