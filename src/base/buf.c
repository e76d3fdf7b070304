/* Append-only output: see buf.h. */
#include "base/buf.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_release(Buf *buf) {
    free(buf->data);
    *buf = (Buf){0};
}

void buf_grow(Buf *buf, ptrdiff_t more) {
    ptrdiff_t needed = 0;
    if (__builtin_add_overflow(buf->len, more, &needed))
        needed = PTRDIFF_MAX;
    ptrdiff_t doubled = buf->cap < PTRDIFF_MAX / 2 ? buf->cap * 2 : PTRDIFF_MAX;
    buf->cap = needed > doubled ? needed : doubled;
    if (buf->cap < 256)
        buf->cap = 256;
    buf->data = memory_resize(buf->data, buf->cap);
}

void buf_int(Buf *buf, int64_t value) {
    char digits[20]; /* of 2^63: nineteen, and a sign */
    ptrdiff_t at = sizeof digits;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        digits[--at] = '-';
    buf_str(buf, (Str){digits + at, (ptrdiff_t)sizeof digits - at});
}

void buf_fill(Buf *buf, char c, ptrdiff_t n) {
    if (n <= 0)
        return;
    buf_reserve(buf, n);
    memset(buf->data + buf->len, c, (size_t)n);
    buf->len += n;
}

void buf_vprintf(Buf *buf, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len > 0) {
        buf_reserve(buf, (ptrdiff_t)len + 1);
        vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
        buf->len += len;
    }
    va_end(again);
}

void buf_printf(Buf *buf, const char *format, ...) {
    va_list args;
    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

/* What a byte becomes in HTML; a null entry is the byte itself. */
static const char *const html_escapes[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};

typedef uint8_t Bytes16 __attribute__((vector_size(16)));
typedef uint64_t Words2 __attribute__((vector_size(16)));

/* Whether any of 16 bytes is to be escaped. '&' and '"' differ in one bit, and so do '<'
 * and '>', so that two comparisons find all four. */
static bool has_escape_in_16(const char *at) {
    Bytes16 bytes;
    memcpy(&bytes, at, sizeof bytes);
    Words2 hits = (Words2)(((bytes & 0xFB) == '"') | ((bytes & 0xFD) == '<'));
    return (hits[0] | hits[1]) != 0;
}

/* Of eight bytes: the classic test for a zero byte, after xor. */
static bool has_escape_in_8(const char *at) {
    const uint64_t ones = 0x0101010101010101u;
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    uint64_t quotes = (bytes & ones * 0xFB) ^ ones * '"';
    uint64_t angles = (bytes & ones * 0xFD) ^ ones * '<';
    uint64_t zeros = ((quotes - ones) & ~quotes) | ((angles - ones) & ~angles);
    return (zeros & ones << 7) != 0;
}

/* Where at or after `at` the next byte to escape may be: many bytes are looked at at
 * once, since most text has none. The last look overlaps the one before it. */
static ptrdiff_t skip_plain(Str s, ptrdiff_t at) {
    for (; s.len - at >= 16; at += 16)
        if (has_escape_in_16(s.data + at))
            return at;
    if (s.len - at >= 8) {
        if (has_escape_in_8(s.data + at))
            return at;
        at += 8;
    }
    bool rest_is_plain = s.len >= 8 && !has_escape_in_8(s.data + s.len - 8);
    return rest_is_plain ? s.len : at;
}

void buf_html(Buf *buf, Str s) {
    ptrdiff_t plain = 0;
    for (ptrdiff_t i = skip_plain(s, 0); i < s.len; i++) {
        const char *escape = html_escapes[(unsigned char)s.data[i]];
        if (!escape)
            continue;
        buf_str(buf, str_slice(s, plain, i));
        buf_cstr(buf, escape);
        plain = i + 1;
        i = skip_plain(s, plain) - 1;
    }
    buf_str(buf, str_slice(s, plain, s.len));
}

const char *buf_cstr_view(Buf *buf) {
    buf_char(buf, '\0');
    buf->len--;
    return buf->data;
}
