/* Unicode for names: slugs, case folding, normalisation (utf8proc). Decoding and encoding
 * are in base/utf8.h. */
#pragma once

#include "base/arena.h"
#include "base/utf8.h"

/* A slug: NFC, lower case, letters and digits of any script kept, apostrophes dropped,
 * '+',
 * '#' and '&' spelled out ("c-plus-plus", "c-sharp", "and"), everything else one hyphen,
 * no hyphen at either end. "untitled" where nothing is left. Idempotent. */
Str slug_make(Arena *arena, Str s);

/* For comparing names without case: NFC of full case folding (Unicode 3.13, D145).
 * Invalid UTF-8 is returned as a copy. */
Str unicode_fold(Arena *arena, Str s);
