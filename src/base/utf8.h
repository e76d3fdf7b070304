/* UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF. */
#pragma once

#include "base/str.h"

/* Offset of the first byte that is not valid UTF-8, or -1. */
ptrdiff_t utf8_find_invalid(Str s);

/* Code points in valid UTF-8. */
ptrdiff_t utf8_length(Str s);

/* Decodes the code point at s.data[*at] and moves *at behind it; U+FFFD for invalid
 * bytes, one byte at a time. *at must be below s.len. */
uint32_t utf8_next(Str s, ptrdiff_t *at);

/* Appends a code point to out[4]; returns its length in bytes. What is no Unicode scalar
 * value is written as U+FFFD. */
int utf8_encode(uint32_t code_point, char out[4]);

enum { UTF8_REPLACEMENT = 0xFFFD };
