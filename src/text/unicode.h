/* Unicode for names: slugs, case folding, normalisation (utf8proc). */
#pragma once

#include "base/arena.h"

/* Offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlong
 * forms), or -1. */
ptrdiff_t utf8_find_invalid(Str s);

/* Code points in valid UTF-8. */
ptrdiff_t utf8_length(Str s);

/* Decodes the code point at s.data[*at] and moves *at behind it; U+FFFD for invalid bytes,
 * one byte at a time. *at must be below s.len. */
uint32_t utf8_next(Str s, ptrdiff_t *at);

/* Appends a code point to out[4]; returns its length in bytes. */
int utf8_encode(uint32_t code_point, char out[4]);

/* A slug: NFC, lower case, letters and digits of any script kept, apostrophes dropped, '+',
 * '#' and '&' spelled out ("c-plus-plus", "c-sharp", "and"), everything else one hyphen, no
 * hyphen at either end. "untitled" where nothing is left. Idempotent. */
Str slug_make(Arena *arena, Str s);

/* For comparing names without case: NFC of full case folding (Unicode 3.13, D145). Invalid
 * UTF-8 is returned as a copy. */
Str unicode_fold(Arena *arena, Str s);
