/* text/unicode and base/utf8: decoding of every code point and of malformed bytes, slugs,
 * case folding. */
#include "text/unicode.h"

#include "base/buf.h"
#include "guard.h"
#include "tap.h"
#include "timing.h"

static Arena arena;

static bool is_scalar(uint32_t c) { return c < 0xD800 || (c >= 0xE000 && c <= 0x10FFFF); }

static void every_code_point(void) {
    int wrong = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        ptrdiff_t at = 0;
        Str s = {bytes, utf8_encode(c, bytes)};
        uint32_t expected = is_scalar(c) ? c : UTF8_REPLACEMENT;
        wrong += utf8_find_invalid(s) != -1 || utf8_length(s) != 1 ||
                 utf8_next(s, &at) != expected || at != s.len;
    }
    TAP_CHECK(wrong == 0, "every code point, encoded and decoded");
    char bytes[4];
    TAP_CHECK(utf8_encode(0x110000, bytes) == 3, "above U+10FFFF is U+FFFD");
}

/* Sequences of two and three bytes, with a few for the last, against a second decoder:
 * encode what it would be. */
static void every_short_sequence(void) {
    int wrong = 0;
    static const unsigned char last[] = {0x00, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
    for (uint32_t n = 0; n < 1 << 19; n++) {
        unsigned char bytes[3] = {(unsigned char)(n >> 11), (unsigned char)(n >> 3),
                                  last[n & 7]};
        if (bytes[0] < 0xC0 || bytes[0] >= 0xF0)
            continue; /* one byte, or a part of four */
        uint32_t two = (bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu);
        uint32_t three =
            (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
        char again[4];
        int length = bytes[0] < 0xE0 ? 2 : 3;
        uint32_t code_point = length == 2 ? two : three;
        bool valid = is_scalar(code_point) && utf8_encode(code_point, again) == length &&
                     memcmp(again, bytes, (size_t)length) == 0;
        ptrdiff_t at = 0;
        uint32_t got = utf8_next((Str){(char *)bytes, 3}, &at);
        wrong += valid ? got != code_point || at != length
                       : got != UTF8_REPLACEMENT || at != 1;
    }
    TAP_CHECK(wrong == 0, "sequences of two and three bytes");
}

static void invalid(void) {
    static const struct {
        Str bytes;
        ptrdiff_t at;
    } cases[] = {
        {STR_INIT(""), -1},
        {STR_INIT("plain ascii of more than eight bytes"), -1},
        {STR_INIT("é€\U0001F600\U0010FFFF"), -1},
        {STR_INIT("\x80"), 0},
        {STR_INIT("12345678\xff"), 8},
        {STR_INIT("1234567\xc3"), 7},
        {STR_INIT("é\xc3"), 2},
        {STR_INIT("\xc0\x80"), 0},
        {STR_INIT("\xc1\xbf"), 0},
        {STR_INIT("\xe0\x9f\xbf"), 0},
        {STR_INIT("\xed\xa0\x80"), 0},
        {STR_INIT("\xf0\x8f\xbf\xbf"), 0},
        {STR_INIT("\xf4\x90\x80\x80"), 0},
        {STR_INIT("\xf5\x80\x80\x80"), 0},
        {STR_INIT("a\xf0\x9f\x98"), 1},
        {STR_INIT("a\xe2\x82z"), 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ptrdiff_t at = utf8_find_invalid(guard_str(cases[i].bytes));
        TAP_CHECK(at == cases[i].at, "invalid bytes, case %zu", i);
    }
    Str s = guard_str(S("a\xf0\x9f\x98"));
    ptrdiff_t at = 1;
    TAP_CHECK(utf8_next(s, &at) == UTF8_REPLACEMENT && at == 2, "one byte at a time");
}

static void slug(const char *text, const char *expected) {
    Str made = slug_make(&arena, guard_str(str_from(text)));
    if (!TAP_CHECK(str_equal(made, str_from(expected)), "'%s' is '%s'", text, expected))
        tap_diag("got %.*s", STR_ARG(made));
    Str again = slug_make(&arena, made);
    TAP_CHECK(str_equal(made, again), "'%s' stays", expected);
}

static void slugs(void) {
    slug("Process vs. Thread", "process-vs-thread");
    slug("  --What's   new?!--  ", "whats-new");
    slug("What’s new", "whats-new");
    slug("C++", "c-plus-plus");
    slug("C#", "c-sharp");
    slug("R&D", "r-and-d");
    slug("a & b", "a-and-b");
    slug("snake_case.md", "snake-case-md");
    slug("EP159: The Roadmap", "ep159-the-roadmap");
    slug("", "untitled");
    slug("!!!", "untitled");
    slug("'", "untitled");
    slug("Élan ÉCOLE", "élan-école");
    slug("E\xCC\x81"
         "COLE",
         "école");
    slug("Straße ẞ", "straße-ß");
    slug("Ελληνικά ΟΔΟΣ", "ελληνικά-οδοσ");
    slug("数据 工程", "数据-工程");
    slug("データ・エンジニアリング", "データ-エンジニアリング");
    slug("हिन्दी लेख", "हिन्दी-लेख");
    slug("Привет, мир", "привет-мир");
    slug("١٢٣ أرقام", "١٢٣-أرقام");
    slug("I ❤️ C", "i-c");
    slug("1️⃣ first", "1-first");
    slug("🚀", "untitled");
    slug("e'\xCC\x81", "é");
    slug("\xCC\x81x", "x");
    slug("bad\xff\xfe"
         "bytes",
         "bad-bytes");
    slug("K Å Ω", "k-å-ω");
    slug("İstanbul", "istanbul");
    TAP_CHECK(str_equal(slug_make(&arena, S("bad\xff\xfe bytes")), S("bad-bytes")),
              "invalid bytes are hyphens");
    TAP_CHECK(str_equal(slug_make(&arena, (Str){"a\0b", 3}), S("a-b")),
              "NUL is a hyphen");
}

/* Every letter with what may follow it: nothing changes a slug of a slug. */
static void idempotent(void) {
    static const char *const followers[] = {"", "\xCC\x81", "'\xCC\xA7\xCC\x81",
                                            "\xCD\x85", "-\xCC\x81"};
    int wrong = 0, unfolded = 0;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        bool far = c >= 0x32000 && c % 0x10000 >= 0x200; /* hardly a letter there */
        if (!is_scalar(c) || (far && c % 61))
            continue;
        if (c % 4096 == 0)
            arena_reset(&arena);
        size_t n = c < 0x3000 ? sizeof followers / sizeof *followers : 1;
        for (size_t i = 0; i < n; i++) {
            char bytes[4];
            Str letter = {bytes, utf8_encode(c, bytes)};
            Str text = arena_concat(&arena, letter, str_from(followers[i]));
            Str once = slug_make(&arena, text);
            Str folded = unicode_fold(&arena, text);
            if (!str_equal(slug_make(&arena, once), once) && wrong++ < 10)
                tap_diag("slug of U+%04X + %zu", c, i);
            if (!str_equal(unicode_fold(&arena, folded), folded) && unfolded++ < 10)
                tap_diag("fold of U+%04X + %zu", c, i);
        }
    }
    TAP_CHECK(wrong == 0, "a slug's slug is itself, for every code point");
    TAP_CHECK(unfolded == 0, "so is what is folded twice");
}

static void fold(const char *a, const char *b, bool same) {
    Str left = unicode_fold(&arena, str_from(a)),
        right = unicode_fold(&arena, str_from(b));
    if (!TAP_CHECK(str_equal(left, right) == same, "'%s' %s '%s'", a,
                   same ? "matches" : "differs from", b))
        tap_diag("%.*s and %.*s", STR_ARG(left), STR_ARG(right));
}

static void folds(void) {
    fold("README.md", "readme.MD", true);
    fold("a", "b", false);
    fold("Straße", "STRASSE", true);
    fold("ÉCOLE",
         "e\xCC\x81"
         "cole",
         true);
    fold("ΟΔΟΣ", "οδος", true);
    fold("\xCE\xB1\xCC\x81\xCD\x85", "\xCE\xB1\xCD\x85\xCC\x81", true);
    fold("e", "é", false);
    fold("ﬁle", "FILE", true);
    Str bytes = S("A\xff");
    TAP_CHECK(str_equal(unicode_fold(&arena, bytes), bytes), "invalid bytes stay");
    TAP_CHECK(unicode_fold(&arena, (Str){0}).len == 0, "empty stays empty");
}

/* A megabyte of marks in an order that must be sorted. */
static void marks(const char *one) {
    Buf text = {0};
    buf_char(&text, 'a');
    while (text.len < 1 << 20)
        buf_cstr(&text, one);
    double start = timing_now();
    Str made = slug_make(&arena, buf_view(&text));
    Str folded = unicode_fold(&arena, buf_view(&text));
    TAP_CHECK(made.len < 200 && folded.len < 200 && timing_now() - start < 1,
              "a megabyte of marks");
    buf_release(&text);
}

int main(void) {
    every_code_point();
    every_short_sequence();
    invalid();
    slugs();
    idempotent();
    folds();
    marks("\xCC\x81\xCC\x96");
    marks("\xE0\xBD\xB3");
    arena_release(&arena);
    return tap_done();
}
