/* The manifest of an output directory: read or refused; what is read is written again
 * byte for byte, and no path in it leads out. */
#include "out/manifest.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Str text = fuzz_input(data, size);
    Arena arena = {0};
    Manifest manifest, again;
    Err err = {0};
    if (manifest_read(text, &arena, &manifest, &err)) {
        Buf out = {0};
        manifest_start(&out, manifest.files.n);
        for (ptrdiff_t i = 0; i < manifest.files.n; i++) {
            const PublishedFile *file = &manifest.files.items[i];
            Str directory = str_slice(file->path, 0, str_find_last_char(file->path, '/'));
            FUZZ_CHECK(publish_path_check(file->path, &err));
            FUZZ_CHECK(manifest_find(&manifest, file->path) == file);
            FUZZ_CHECK(!directory.len || manifest_lists_below(&manifest, directory));
            manifest_add(&out, file);
        }
        FUZZ_CHECK(manifest_read(buf_view(&out), &arena, &again, &err));
        FUZZ_CHECK(again.files.n == manifest.files.n);
        buf_release(&out);
    } else {
        FUZZ_CHECK(err.text[0] != '\0');
    }
    arena_release(&arena);
    return 0;
}
