/* Reading and writing the list of published files: see manifest.h.
 *
 * The number of files in the first line makes a manifest that was cut short (a disk that
 * was full, a power failure) as recognisable as one with a wrong line. JSON would need
 * the tree of a reader for what is a table with three columns. Since control characters
 * are not allowed in paths, nothing has to be escaped. */
#include "out/manifest.h"

#include <errno.h>

static bool path_wrong(Err *err, int number, Str path, const char *reason) {
    Str start = str_slice(path, 0, 300); /* the reason must not be cut off */
    err_format(err, "cannot publish '%.*s%s': %s", STR_ARG(start),
               path.len > start.len ? "…" : "", reason);
    err->number = number;
    return false;
}

bool publish_path_check(Str path, Err *err) {
    if (path.len > PUBLISH_PATH_MAX)
        return path_wrong(err, ENAMETOOLONG, path, "the path is longer than 3000 bytes");
    if (str_has_prefix(path, S(".cairn-")))
        return path_wrong(err, EINVAL, path,
                          "names that start with .cairn- are reserved");
    for (ptrdiff_t i = 0; i < path.len; i++)
        if ((unsigned char)path.data[i] < ' ' || path.data[i] == 0x7f)
            return path_wrong(err, EINVAL, path, "control character in the path");
    Str rest = path, name;
    bool more = true;
    while (more) {
        more = str_cut(rest, '/', &name, &rest);
        if (name.len == 0 || str_equal(name, S(".")) || str_equal(name, S("..")))
            return path_wrong(err, EINVAL, path, "not a path below the output directory");
        if (name.len > PUBLISH_NAME_MAX)
            return path_wrong(err, ENAMETOOLONG, path,
                              "a path component is longer than 255 bytes");
    }
    return true;
}

static bool damaged(Err *err, ptrdiff_t line) {
    err_format(err, "line %td of " MANIFEST_NAME " is damaged", line);
    return false;
}

static bool read_header(Str line, Str text, int64_t *n, Err *err) {
    Str version, count;
    if (!str_has_prefix(line, S("cairn-manifest ")))
        return damaged(err, 1);
    str_cut(str_from_offset(line, 15), ' ', &version, &count);
    if (!str_equal(version, S("1")))
        return err_format(err, MANIFEST_NAME " has version '%.*s', which is not known",
                          STR_ARG(version));
    return (str_to_int(count, n) && *n >= 0 && *n <= text.len / HASH_HEX_LEN) ||
           damaged(err, 1);
}

static bool read_file_line(Str line, PublishedFile *file) {
    Err ignored;
    Str hash, size;
    int64_t bytes;
    if (!str_cut(line, ' ', &hash, &line) || !str_cut(line, ' ', &size, &file->path) ||
        !hash_parse(hash, &file->hash) || !str_to_int(size, &bytes) || bytes < 0)
        return false;
    file->size = bytes;
    return publish_path_check(file->path, &ignored);
}

bool manifest_read(Str text, Arena *arena, Manifest *out, Err *err) {
    *out = (Manifest){.by_path = map_init(arena)};
    Str line;
    int64_t n;
    str_cut(text, '\n', &line, &text);
    if (!read_header(line, text, &n, err))
        return false;
    out->files.items = arena_array(arena, PublishedFile, n);
    while (out->files.n < n) {
        PublishedFile *file = &out->files.items[out->files.n];
        if (!str_cut(text, '\n', &line, &text) || !read_file_line(line, file) ||
            (out->files.n && str_compare(file[-1].path, file->path) >= 0))
            return damaged(err, out->files.n + 2);
        map_put(&out->by_path, file->path, file);
        out->files.n++;
    }
    return text.len == 0 || damaged(err, n + 2);
}

void manifest_start(Buf *out, ptrdiff_t n_files) {
    buf_cstr(out, "cairn-manifest 1 ");
    buf_int(out, n_files);
    buf_char(out, '\n');
}

void manifest_add(Buf *out, const PublishedFile *file) {
    char hex[HASH_HEX_LEN + 1];
    hash_hex(file->hash, hex);
    buf_str(out, (Str){hex, HASH_HEX_LEN});
    buf_char(out, ' ');
    buf_int(out, file->size);
    buf_char(out, ' ');
    buf_str(out, file->path);
    buf_char(out, '\n');
}

const PublishedFile *manifest_find(const Manifest *manifest, Str path) {
    return map_get(&manifest->by_path, path);
}

/* <0 where `path` sorts before everything in `directory`, 0 where it lies in it. */
static int compare_below(Str path, Str directory) {
    int order = str_compare(str_slice(path, 0, directory.len), directory);
    if (order)
        return order;
    if (path.len == directory.len)
        return -1;
    unsigned char next = (unsigned char)path.data[directory.len];
    return (next > '/') - (next < '/');
}

bool manifest_lists_below(const Manifest *manifest, Str directory) {
    ptrdiff_t from = 0, to = manifest->files.n;
    while (from < to) {
        ptrdiff_t middle = from + (to - from) / 2;
        int order = compare_below(manifest->files.items[middle].path, directory);
        if (order == 0)
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}
