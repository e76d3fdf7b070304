/* Slugs and folding: valid UTF-8, stable, and a slug has no hyphen where none belongs. */
#include "text/unicode.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena arena = {0};
    Str text = fuzz_input(data, size);
    Str slug = slug_make(&arena, text);
    FUZZ_CHECK(slug.len > 0 && utf8_find_invalid(slug) < 0);
    FUZZ_CHECK(slug.data[0] != '-' && slug.data[slug.len - 1] != '-');
    FUZZ_CHECK(str_find(slug, S("--")) < 0 && str_find_char(slug, '/') < 0 &&
               str_find_char(slug, '.') < 0);
    FUZZ_CHECK(str_equal(slug_make(&arena, slug), slug));
    Str folded = unicode_fold(&arena, text);
    FUZZ_CHECK(str_equal(unicode_fold(&arena, folded), folded));
    arena_release(&arena);
    return 0;
}
