/* Finding text that was decoded with the wrong character set.
 *
 * UTF-8 read as Windows-1252 makes "â€™" of an apostrophe, read as Mac OS Roman "‚Äô".
 * Every character of such text is one byte of the original, so the way back is to encode
 * it in that character set and see whether UTF-8 comes out. What legitimate text could
 * also be must not be reported: "É…" in Windows-1252 is well-formed UTF-8 of a letter
 * nobody uses, "√π" in Mac OS Roman is a square root. So only results are accepted that
 * real texts are full of: punctuation, symbols and emoji; accented Latin letters behind
 * the leads "Ã", "Â" and "√", the last one inside a word; other letters only two in a
 * row. A table of known faulty sequences, the usual way, finds the first ten and misses
 * the rest.
 *
 * The tables are those of the Encoding Standard (windows-1252, with the C1 controls that
 * it has for unassigned bytes; macintosh). */
#include "base/utf8.h"
#include "text/tree.h"

#include <string.h>

/* Bytes 0x80 to 0x9F; above, Windows-1252 is Latin-1. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

/* Bytes 0x80 to 0xFF. */
static const uint16_t mac_roman[128] = {
    0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2,
    0x00E4, 0x00E3, 0x00E5, 0x00E7, 0x00E9, 0x00E8, 0x00EA, 0x00EB, 0x00ED, 0x00EC,
    0x00EE, 0x00EF, 0x00F1, 0x00F3, 0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9,
    0x00FB, 0x00FC, 0x2020, 0x00B0, 0x00A2, 0x00A3, 0x00A7, 0x2022, 0x00B6, 0x00DF,
    0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8, 0x221E, 0x00B1,
    0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA,
    0x00BA, 0x03A9, 0x00E6, 0x00F8, 0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248,
    0x2206, 0x00AB, 0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153,
    0x2013, 0x2014, 0x201C, 0x201D, 0x2018, 0x2019, 0x00F7, 0x25CA, 0x00FF, 0x0178,
    0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02, 0x2021, 0x00B7, 0x201A, 0x201E,
    0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE, 0x00CF, 0x00CC,
    0x00D3, 0x00D4, 0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
    0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7};

typedef int Encoder(uint32_t code_point);

static int search(const uint16_t *table, int n, uint32_t code_point) {
    for (int i = 0; i < n; i++)
        if (table[i] == code_point)
            return 0x80 + i;
    return -1;
}

static int to_windows_1252(uint32_t c) {
    return c >= 0xA0 && c <= 0xFF ? (int)c : search(windows_1252, 32, c);
}

static int to_mac_roman(uint32_t c) { return search(mac_roman, 128, c); }

static const struct Charset {
    const char *name;
    Encoder *encode;
} charsets[] = {{"Mac OS Roman", to_mac_roman}, {"Windows-1252", to_windows_1252}};

/* Reads up to four characters at `at` as bytes, and the bytes as one UTF-8 character of
 * two bytes or more. Returns it, with *end behind it in the text; 0 if it is none. */
static uint32_t decode(Str text, ptrdiff_t at, Encoder *encode, ptrdiff_t *end) {
    char bytes[4];
    ptrdiff_t n = 0, length = 4;
    while (n < length && at < text.len) {
        int byte = encode(utf8_next(text, &at));
        if (byte < 0)
            return 0;
        bytes[n++] = (char)byte;
        if (n == 1)
            length = byte < 0xC2 ? 0 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    }
    if (length == 0 || n < length || utf8_find_invalid((Str){bytes, n}) >= 0)
        return 0;
    *end = at;
    ptrdiff_t zero = 0;
    return utf8_next((Str){bytes, n}, &zero);
}

static bool is_symbol(uint32_t c) {
    return (c >= 0x2010 && c <= 0x2BFF) || c == 0xFE0F || c == 0xFEFF ||
           (c >= 0x1F000 && c <= 0x1FAFF);
}

static bool is_latin(uint32_t c) { return c >= 0xA0 && c <= 0xFF; }

static bool is_beside_letter(Str text, ptrdiff_t from, ptrdiff_t to) {
    return (from > 0 && char_is_alpha(text.data[from - 1])) ||
           (to < text.len && char_is_alpha(text.data[to]));
}

/* Signs that follow a square root in formulas. */
static bool is_mathematical(Str text, ptrdiff_t from) {
    utf8_next(text, &from);
    switch (utf8_next(text, &from)) {
    case 0x03C0:
    case 0x03A9:
    case 0x00B5:
    case 0x2211:
    case 0x220F:
    case 0x222B:
    case 0x2202:
    case 0x221E:
    case 0x2260:
    case 0x2264:
    case 0x2265:
    case 0x00B1:
        return true;
    default:
        return false;
    }
}

static bool is_accepted(Str text, ptrdiff_t from, ptrdiff_t to, uint32_t meant,
                        const struct Charset *charset) {
    if (is_symbol(meant))
        return true;
    if (is_latin(meant))
        return charset->encode == to_windows_1252 ||
               (is_beside_letter(text, from, to) && !is_mathematical(text, from));
    ptrdiff_t end;
    return to < text.len && decode(text, to, charset->encode, &end) > 0xFF;
}

/* Emoji begin with the byte F0, Apple's logo in Mac OS Roman: a private character that
 * programs like to drop. What is left begins with 9F, "ü". */
static uint32_t decode_beheaded(Str text, ptrdiff_t at, ptrdiff_t *end) {
    char bytes[4] = {(char)0xF0};
    for (int n = 1; n < 4; n++) {
        int byte = at < text.len ? to_mac_roman(utf8_next(text, &at)) : -1;
        if (byte < 0 || (n == 1 && byte != 0x9F))
            return 0;
        bytes[n] = (char)byte;
    }
    ptrdiff_t zero = 0;
    *end = at;
    return utf8_find_invalid((Str){bytes, 4}) < 0 ? utf8_next((Str){bytes, 4}, &zero) : 0;
}

static bool find_at(Str text, ptrdiff_t at, Mojibake *out) {
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
        ptrdiff_t end;
        uint32_t meant = decode(text, at, charsets[i].encode, &end);
        if (meant == 0 && charsets[i].encode == to_mac_roman)
            meant = decode_beheaded(text, at, &end);
        if (meant == 0 || !is_accepted(text, at, end, meant, &charsets[i]))
            continue;
        *out = (Mojibake){.from = at, .to = end, .charset = charsets[i].name};
        utf8_encode(meant, out->meant);
        return true;
    }
    return false;
}

/* Is a character of either set? Most of the world's letters are not, and need no search
 * in the tables. */
static bool may_be_byte(uint32_t c) {
    return c < 0x2E0 || (c >= 0x2000 && c < 0x2600) || c == 0x3A9 || c == 0x3C0 ||
           c == 0xF8FF || c == 0xFB01 || c == 0xFB02;
}

/* Where at or after `at` the next byte outside ASCII may be, eight bytes at a time. */
static ptrdiff_t skip_ascii(Str text, ptrdiff_t at) {
    for (uint64_t bytes; text.len - at >= 8; at += 8) {
        memcpy(&bytes, text.data + at, sizeof bytes);
        if (bytes & 0x8080808080808080u)
            break;
    }
    return at;
}

bool mojibake_find(Str text, ptrdiff_t from, Mojibake *out) {
    for (ptrdiff_t at = skip_ascii(text, from); at < text.len;) {
        if ((unsigned char)text.data[at] < 0xC2) {
            at = skip_ascii(text, at + 1);
            continue;
        }
        ptrdiff_t next = at;
        if (may_be_byte(utf8_next(text, &next)) && find_at(text, at, out))
            return true;
        at = next;
    }
    return false;
}
