/* Counted strings: a borrowed view of bytes.
 *
 * A Str never owns its bytes and is not NUL-terminated. It lives as long as what it
 * points into: an arena, a Source's text, a string literal. The empty Str may have a
 * null data pointer, so never pass data to memcpy or memcmp without looking at len.
 *
 * What is shorter than a call stands here, as in buf.h: a page takes thousands of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
    const char *data;
    ptrdiff_t len; /* bytes, never negative */
} Str;

/* A Str of a string literal; usable in static initialisers through STR_INIT. */
#define STR_INIT(literal)                                                                \
    { "" literal, (ptrdiff_t)sizeof(literal) - 1 }
#define S(literal) ((Str)STR_INIT(literal))

/* For printf: "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).data

/* The view of a NUL-terminated string; of NULL, the empty view. */
static inline Str str_from(const char *z) {
    return z ? (Str){z, (ptrdiff_t)strlen(z)} : (Str){0};
}

static inline bool str_equal(Str a, Str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, (size_t)a.len) == 0);
}

/* As str_equal, ASCII letters compared without case. */
bool str_equal_nocase(Str a, Str b);

/* Byte order, as memcmp, then the shorter first: <0, 0, >0. */
int str_compare(Str a, Str b);

static inline bool str_has_prefix(Str s, Str prefix) {
    return s.len >= prefix.len && str_equal((Str){s.data, prefix.len}, prefix);
}
bool str_has_suffix(Str s, Str suffix);

/* Offset of the first `c` or `needle` in `s`, -1 if there is none. */
ptrdiff_t str_find_char(Str s, char c);
ptrdiff_t str_find_last_char(Str s, char c);
ptrdiff_t str_find(Str s, Str needle);

/* s[from, to); both are clamped to the string. */
static inline Str str_slice(Str s, ptrdiff_t from, ptrdiff_t to) {
    if (from < 0)
        from = 0;
    if (to > s.len)
        to = s.len;
    return from < to ? (Str){s.data + from, to - from} : (Str){0};
}
static inline Str str_from_offset(Str s, ptrdiff_t from) {
    return str_slice(s, from, s.len);
}

/* Without ASCII white space (space, \t, \n, \v, \f, \r) at both ends. */
Str str_trim(Str s);

/* Splits at the first `sep`: *before and *after are views of `s`. False if there is no
 * `sep`: then *before is `s` and *after is empty. The outputs may alias the input. */
bool str_cut(Str s, char sep, Str *before, Str *after);

/* Takes the next line off *rest (without its ending: LF, CRLF or CR). False at the end.
 */
bool str_next_line(Str *rest, Str *line);

/* A decimal integer with optional sign and nothing else. False on anything else and on
 * overflow; *out is then unchanged. */
bool str_to_int(Str s, int64_t *out);

/* The candidate nearest to `name` by edit distance (insert, delete, replace, swap of
 * neighbours; ASCII case ignored), or the empty Str where none is near enough to help:
 * the distance may be at most a third of the name's length, and at least 1. */
Str str_nearest(Str name, const Str *candidates, ptrdiff_t n);

/* The same, a candidate at a time: start with nearest_init(name). */
typedef struct Nearest {
    Str name;
    Str best;
    ptrdiff_t distance; /* best's distance, or one more than what is accepted */
} Nearest;
Nearest nearest_init(Str name);
void nearest_add(Nearest *nearest, Str candidate);

static inline bool char_is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline bool char_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool char_is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline char char_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
