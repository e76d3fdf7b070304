/* UTF-8: see utf8.h. The well-formed sequences are those of Unicode's table 3-7. */
#include "base/utf8.h"

#include <string.h>

/* Length of the well-formed sequence at `s` (not empty); 0 if there is none. */
static int sequence_length(Str s) {
    const unsigned char *b = (const unsigned char *)s.data;
    int length = b[0] < 0x80   ? 1
                 : b[0] < 0xC2 ? 0
                 : b[0] < 0xE0 ? 2
                 : b[0] < 0xF0 ? 3
                 : b[0] < 0xF5 ? 4
                               : 0;
    if (length < 2)
        return length;
    /* Overlong forms, surrogates and values above U+10FFFF show in the second byte. */
    unsigned char low = b[0] == 0xE0 ? 0xA0 : b[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = b[0] == 0xED ? 0x9F : b[0] == 0xF4 ? 0x8F : 0xBF;
    if (s.len < length || b[1] < low || b[1] > high)
        return 0;
    for (int i = 2; i < length; i++)
        if ((b[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

ptrdiff_t utf8_find_invalid(Str s) {
    ptrdiff_t at = 0;
    while (at < s.len) {
        uint64_t eight;
        while (s.len - at >= (ptrdiff_t)sizeof eight) {
            memcpy(&eight, s.data + at, sizeof eight);
            if (eight & 0x8080808080808080)
                break;
            at += (ptrdiff_t)sizeof eight;
        }
        if (at == s.len)
            break;
        int length = sequence_length(str_from_offset(s, at));
        if (length == 0)
            return at;
        at += length;
    }
    return -1;
}

ptrdiff_t utf8_length(Str s) {
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.data[i] & 0xC0) != 0x80;
    return n;
}

uint32_t utf8_next(Str s, ptrdiff_t *at) {
    const unsigned char *b = (const unsigned char *)s.data + *at;
    int length = sequence_length(str_from_offset(s, *at));
    if (length == 0) {
        *at += 1;
        return UTF8_REPLACEMENT;
    }
    *at += length;
    if (length == 1)
        return b[0];
    uint32_t code_point = b[0] & (0xFFu >> (length + 1));
    for (int i = 1; i < length; i++)
        code_point = code_point << 6 | (b[i] & 0x3Fu);
    return code_point;
}

int utf8_encode(uint32_t code_point, char out[4]) {
    if ((code_point >= 0xD800 && code_point < 0xE000) || code_point > 0x10FFFF)
        code_point = UTF8_REPLACEMENT;
    int length = code_point < 0x80      ? 1
                 : code_point < 0x800   ? 2
                 : code_point < 0x10000 ? 3
                                        : 4;
    if (length == 1) {
        out[0] = (char)code_point;
        return 1;
    }
    for (int i = length - 1; i > 0; i--, code_point >>= 6)
        out[i] = (char)(0x80 | (code_point & 0x3F));
    out[0] = (char)((0xF00u >> length & 0xFF) | code_point);
    return length;
}
