/* Slugs and case folding: see unicode.h. ASCII, which most names are, never reaches
 * utf8proc.
 *
 * Normalisation sorts runs of combining marks in quadratic time. Words have a few in a
 * row, so longer runs are cut to those of Unicode's Stream-Safe Text Format (UAX #15,
 * 13), which makes the whole linear: a heading of a megabyte of marks is only a strange
 * heading. */
#include "text/unicode.h"

#include "base/buf.h"

#include <stdlib.h>
#include <utf8proc.h>

enum { MARKS_IN_A_ROW = 30 };

static bool is_ascii(Str s) {
    for (ptrdiff_t i = 0; i < s.len; i++)
        if ((unsigned char)s.data[i] >= 0x80)
            return false;
    return true;
}

/* A mark that normalisation may move. Some marks of class 0 decompose into others
 * (U+0F73), so the category counts too. */
static bool is_movable_mark(uint32_t code_point) {
    const utf8proc_property_t *property =
        utf8proc_get_property((utf8proc_int32_t)code_point);
    return property->combining_class != 0 || property->category == UTF8PROC_CATEGORY_MN;
}

/* Valid UTF-8 (U+FFFD for invalid bytes) without long runs of marks. */
static Str make_safe(Arena *arena, Str s) {
    Buf safe = {0};
    buf_reserve(&safe, s.len);
    int marks = 0;
    for (ptrdiff_t at = 0; at < s.len;) {
        char bytes[4];
        uint32_t code_point = utf8_next(s, &at);
        marks = is_movable_mark(code_point) ? marks + 1 : 0;
        if (marks <= MARKS_IN_A_ROW)
            buf_str(&safe, (Str){bytes, utf8_encode(code_point, bytes)});
    }
    Str copy = arena_str(arena, buf_view(&safe));
    buf_release(&safe);
    return copy;
}

/* NFC of what `options` make of `s`, which make_safe has made. */
static Str compose(Arena *arena, Str s, int options) {
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)s.data, s.len, &mapped,
                     (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE | options));
    if (len < 0)
        return s;
    Str copy = arena_str(arena, (Str){(const char *)mapped, len});
    free(mapped);
    return copy;
}

typedef struct Slug {
    Buf out;
    bool gap; /* something was left out since the last letter */
} Slug;

static void close_gap(Slug *slug) {
    if (slug->gap && slug->out.len)
        buf_char(&slug->out, '-');
    slug->gap = false;
}

static void put_letter(Slug *slug, uint32_t code_point) {
    char bytes[4];
    close_gap(slug);
    buf_str(&slug->out, (Str){bytes, utf8_encode(code_point, bytes)});
}

static void put_ascii_letter(Slug *slug, char c) {
    close_gap(slug);
    buf_char(&slug->out, c);
}

static void put_word(Slug *slug, const char *word) {
    slug->gap = true;
    for (; *word; word++)
        put_ascii_letter(slug, *word);
    slug->gap = true;
}

static bool is_apostrophe(uint32_t code_point) {
    return code_point == 0x2018 || code_point == 0x2019 || code_point == 0x201B ||
           code_point == 0x02BC || code_point == 0xFF07;
}

static bool is_variation_selector(uint32_t code_point) {
    return (code_point >= 0xFE00 && code_point <= 0xFE0F) ||
           (code_point >= 0xE0100 && code_point <= 0xE01EF) ||
           (code_point >= 0x180B && code_point <= 0x180F);
}

/* Letters and digits count; marks belong to a letter before them (a vowel sign in Hindi).
 */
static void put_other(Slug *slug, uint32_t code_point) {
    utf8proc_int32_t c = (utf8proc_int32_t)code_point;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
        put_letter(slug, (uint32_t)utf8proc_tolower(c));
        return;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        if (!slug->gap && slug->out.len && !is_variation_selector(code_point)) {
            put_letter(slug, (uint32_t)utf8proc_tolower(c));
            return;
        }
        break;
    default:
        break;
    }
    slug->gap = true;
}

static void put_ascii(Slug *slug, char c) {
    if (char_is_alpha(c) || char_is_digit(c))
        put_ascii_letter(slug, char_lower(c));
    else if (c == '+')
        put_word(slug, "plus");
    else if (c == '#')
        put_word(slug, "sharp");
    else if (c == '&')
        put_word(slug, "and");
    else if (c != '\'')
        slug->gap = true;
}

Str slug_make(Arena *arena, Str s) {
    bool ascii = is_ascii(s);
    Str text = ascii ? s : compose(arena, make_safe(arena, s), 0);
    Slug slug = {0};
    for (ptrdiff_t at = 0; at < text.len;) {
        if ((unsigned char)text.data[at] < 0x80) {
            put_ascii(&slug, text.data[at++]);
            continue;
        }
        uint32_t code_point = utf8_next(text, &at);
        if (!is_apostrophe(code_point))
            put_other(&slug, code_point);
    }
    Str made = slug.out.len ? arena_str(arena, buf_view(&slug.out)) : S("untitled");
    buf_release(&slug.out);
    /* Dropping an apostrophe may have brought a letter and a mark together. */
    return ascii ? made : compose(arena, make_safe(arena, made), 0);
}

Str unicode_fold(Arena *arena, Str s) {
    if (is_ascii(s)) {
        char *folded = arena_cstr(arena, s);
        for (ptrdiff_t i = 0; i < s.len; i++)
            folded[i] = char_lower(folded[i]);
        return (Str){folded, s.len};
    }
    if (utf8_find_invalid(s) >= 0)
        return arena_str(arena, s);
    Str composed = compose(arena, make_safe(arena, s), 0);
    return compose(arena, composed, UTF8PROC_CASEFOLD);
}
