/* base/source: lines and columns of offsets, for every kind of line ending. */
#include "base/source.h"

#include "guard.h"
#include "tap.h"

static Source source;

static void at(const char *text, ptrdiff_t offset, ptrdiff_t line, ptrdiff_t column,
               const char *shown) {
    source.text = guard_str(str_from(text));
    Position p = loc_position((Loc){&source, offset});
    if (!TAP_CHECK(
            p.line == line && p.column == column && str_equal(p.text, str_from(shown)),
            "offset %td of %zu bytes is %td:%td", offset, strlen(text), line, column))
        tap_diag("%td:%td '%.*s'", p.line, p.column, STR_ARG(p.text));
}

/* Every offset of `text`, in order with one cursor and each from the start. */
static void cursor_agrees(const char *name, Str text) {
    Source other = {.text = S("other")};
    source.text = guard_str(text);
    LocCursor forwards = {0}, backwards = {0};
    int wrong = 0;
    for (ptrdiff_t i = -1; i <= text.len + 1; i++) {
        Loc loc = {&source, i}, mirrored = {&source, text.len - i};
        Position a = loc_position(loc), b = loc_position_next(&forwards, loc);
        Position c = loc_position(mirrored), d = loc_position_next(&backwards, mirrored);
        wrong += a.line != b.line || a.column != b.column || a.at != b.at ||
                 !str_equal(a.text, b.text);
        wrong += c.line != d.line || c.column != d.column || c.at != d.at ||
                 !str_equal(c.text, d.text);
        if (i % 3 == 0)
            loc_position_next(&backwards, (Loc){&other, 2});
    }
    TAP_CHECK(wrong == 0, "a cursor gives the same places: %s", name);
}

int main(void) {
    at("abc\ndef\n", 0, 1, 1, "abc");
    at("abc\ndef\n", 2, 1, 3, "abc");
    at("abc\ndef\n", 3, 1, 4, "abc");
    at("abc\ndef\n", 4, 2, 1, "def");
    at("abc\ndef\n", 8, 2, 4, "def");
    at("abc\ndef\n", 99, 2, 4, "def");
    at("abc\ndef\n", -1, 1, 1, "abc");
    at("a\r\nb", 2, 1, 2, "a");
    at("a\r\nb", 3, 2, 1, "b");
    at("a\rb\r\rc", 5, 4, 1, "c");
    at("\n\n\n", 1, 2, 1, "");
    at("\n\n\n", 2, 3, 1, "");
    at("é€😀x\n", 9, 1, 4, "é€😀x");
    at("é€😀x\n", 3, 1, 3, "é€😀x");
    at("", 0, 1, 1, "");
    Position none = loc_position((Loc){NULL, 5});
    TAP_CHECK(none.line == 1 && none.column == 1 && none.text.len == 0, "no source");
    cursor_agrees("LF", S("abc\n\nde\xC3\xA9\nf"));
    cursor_agrees("CRLF", S("\r\nabc\r\n\r\nde\r\n"));
    cursor_agrees("mixed", S("a\rb\n\rc\r\n\n\r\r"));
    cursor_agrees("one line", S("é€😀"));
    cursor_agrees("nothing", S(""));
    return tap_done();
}
