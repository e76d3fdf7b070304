/* manifest.h: what is written is read; directories; paths. What is refused as damaged is
 * tested by publishing, in publish_test.c. */
#include "out/manifest.h"
#include "tap.h"

static const char *const paths[] = {"a-b/c", "a.html",         "a/b/c", "a/b/d",
                                    "a0/x",  "ab/y",           "b",     "b-c/d/e",
                                    "c/d",   "c\xc3\xa9.html", "z"};
enum { N_PATHS = sizeof paths / sizeof *paths };

/* The manifest of paths[from] to the last. */
static Manifest manifest_of(int from, Arena *arena, Buf *text) {
    Manifest manifest;
    Err err = {0};
    buf_reset(text);
    manifest_start(text, N_PATHS - from);
    for (int i = from; i < N_PATHS; i++) {
        Str path = str_from(paths[i]);
        PublishedFile file = {path, 1000 + i, hash_128(path)};
        manifest_add(text, &file);
    }
    if (!manifest_read(buf_view(text), arena, &manifest, &err))
        tap_diag("%s", err.text);
    return manifest;
}

static void test_files(const Manifest *manifest) {
    bool all = true;
    for (int i = 0; i < N_PATHS; i++) {
        Str path = str_from(paths[i]);
        const PublishedFile *file = manifest_find(manifest, path);
        all &= file && file->size == 1000 + i && hash_equal(file->hash, hash_128(path));
    }
    TAP_CHECK(all, "each file with size and hash");
    TAP_CHECK(!manifest_find(manifest, S("a")) && !manifest_find(manifest, S("")),
              "and no other");
}

static bool is_below(int from, Str directory) {
    for (int i = from; i < N_PATHS; i++) {
        Str path = str_from(paths[i]);
        if (path.len > directory.len && str_has_prefix(path, directory) &&
            path.data[directory.len] == '/')
            return true;
    }
    return false;
}

static void test_directories(int from, const Manifest *manifest) {
    static const char *const directories[] = {
        "a", "a-b", "a.html", "a/b", "a/b/c", "a0", "ab", "b", "b-c", "b-c/d",
        "c", "c/d", "d",      "A",   "z",     "zz", "a-", "0", "~",   "a/",
    };
    bool all = true;
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
        Str directory = str_from(directories[i]);
        if (manifest_lists_below(manifest, directory) == is_below(from, directory))
            continue;
        tap_diag("directory '%s'", directories[i]);
        all = false;
    }
    TAP_CHECK(all, "directories of the manifest from '%s' on", paths[from]);
}

int main(void) {
    Arena arena = {0};
    Buf text = {0};
    Manifest manifest = manifest_of(0, &arena, &text);
    test_files(&manifest);
    for (int from = 0; from < N_PATHS; from++) {
        manifest = manifest_of(from, &arena, &text);
        test_directories(from, &manifest);
    }
    Manifest none = {0};
    TAP_CHECK(!manifest_find(&none, S("a")) && !manifest_lists_below(&none, S("a")),
              "an empty manifest");
    buf_release(&text);
    arena_release(&arena);
    return tap_done();
}
