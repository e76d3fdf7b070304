/* Buf: append-only output. It owns its bytes (malloc): buf_release gives them back, so a
 * worker keeps one Buf and resets it for each page. A zeroed Buf is empty and ready.
 * Appending never fails (see memory_resize). */
#pragma once

#include "base/str.h"

#include <stdarg.h>

typedef struct Buf {
    char *data;
    ptrdiff_t len, cap;
} Buf;

void buf_release(Buf *buf);
static inline void buf_reset(Buf *buf) { buf->len = 0; }

/* What was appended so far; valid until the next append, reset or release. */
static inline Str buf_view(const Buf *buf) { return (Str){buf->data, buf->len}; }

/* Makes room for at least `more` bytes behind what was appended. */
void buf_grow(Buf *buf, ptrdiff_t more);
static inline void buf_reserve(Buf *buf, ptrdiff_t more) {
    if (buf->cap - buf->len < more)
        buf_grow(buf, more);
}

static inline void buf_char(Buf *buf, char c) {
    buf_reserve(buf, 1);
    buf->data[buf->len++] = c;
}
static inline void buf_str(Buf *buf, Str s) {
    if (s.len == 0)
        return;
    buf_reserve(buf, s.len);
    memcpy(buf->data + buf->len, s.data, (size_t)s.len);
    buf->len += s.len;
}
static inline void buf_cstr(Buf *buf, const char *z) { buf_str(buf, str_from(z)); }
void buf_int(Buf *buf, int64_t value);
void buf_fill(Buf *buf, char c, ptrdiff_t n);
void buf_printf(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(Buf *buf, const char *format, va_list args);

/* Text for HTML and XML, in content and in double-quoted attributes: & < > " become
 * character references (HTML Living Standard 13.3, "escapingString" plus <, >). */
void buf_html(Buf *buf, Str s);

/* A copy of the content up to a NUL that is appended but not counted. */
const char *buf_cstr_view(Buf *buf);
