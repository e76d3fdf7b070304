/* manifest.h: what is written is read; directories; paths. What is refused as damaged is
 * tested by publishing, in publish_test.c. */
#include "out/manifest.h"
#include "tap.h"

static const char *const paths[] = {"a-b/c", "a.html",         "a/b/c", "a/b/d",
                                    "a0/x",  "ab/y",           "b",     "b-c/d/e",
                                    "c/d",   "c\xc3\xa9.html", "z"};
enum { N_PATHS = sizeof paths / sizeof *paths };

static Manifest manifest_of(Arena *arena, Buf *text) {
    Manifest manifest;
    Err err = {0};
    manifest_start(text, N_PATHS);
    for (int i = 0; i < N_PATHS; i++) {
        Str path = str_from(paths[i]);
        PublishedFile file = {path, 1000 + i, hash_128(path)};
        manifest_add(text, &file);
    }
    TAP_CHECK(manifest_read(buf_view(text), arena, &manifest, &err) &&
                  manifest.files.n == N_PATHS,
              "what is written is read: %s", err.text);
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

static bool is_below(Str directory) {
    for (int i = 0; i < N_PATHS; i++) {
        Str path = str_from(paths[i]);
        if (path.len > directory.len && str_has_prefix(path, directory) &&
            path.data[directory.len] == '/')
            return true;
    }
    return false;
}

static void test_directories(const Manifest *manifest) {
    static const char *const directories[] = {
        "a", "a-b", "a.html", "a/b", "a/b/c", "a0", "ab", "b", "b-c", "b-c/d",
        "c", "c/d", "d",      "A",   "z",     "zz", "a-", "0", "~",   "a/",
    };
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
        Str directory = str_from(directories[i]);
        TAP_CHECK(manifest_lists_below(manifest, directory) == is_below(directory),
                  "directory '%s'", directories[i]);
    }
}

int main(void) {
    Arena arena = {0};
    Buf text = {0};
    Manifest manifest = manifest_of(&arena, &text);
    test_files(&manifest);
    test_directories(&manifest);
    Manifest none = {0};
    TAP_CHECK(!manifest_find(&none, S("a")) && !manifest_lists_below(&none, S("a")),
              "an empty manifest");
    buf_release(&text);
    arena_release(&arena);
    return tap_done();
}
