/* base/str: every function at its edges, with views that end at a protected page. */
#include "base/str.h"

#include "guard.h"
#include "tap.h"

static const Str nothing;

static void compare(void) {
    TAP_CHECK(str_equal(S("ab"), S("ab")) && !str_equal(S("ab"), S("aB")), "equal");
    TAP_CHECK(str_equal(nothing, S("")) && !str_equal(S("a"), S("ab")), "equal, empty");
    TAP_CHECK(str_equal_nocase(S("aZ-9"), S("Az-9")), "without case");
    TAP_CHECK(!str_equal_nocase(S("["), S("{")) && !str_equal_nocase(S("é"), S("É")),
              "without case, only letters of ASCII");
    TAP_CHECK(str_compare(S("a"), S("b")) < 0 && str_compare(S("b"), S("a")) > 0,
              "order");
    TAP_CHECK(str_compare(S("a"), S("ab")) < 0 && str_compare(S("ab"), S("a")) > 0,
              "the shorter first");
    TAP_CHECK(str_compare(nothing, S("")) == 0 && str_compare(nothing, S("a")) < 0,
              "order of empty views");
    TAP_CHECK(str_compare(S("\xff"), S("a")) > 0, "bytes are unsigned");
    TAP_CHECK(str_from(NULL).len == 0 && str_from("abc").len == 3, "from C strings");
    TAP_CHECK(str_equal((Str){"a\0b", 3}, (Str){"a\0b", 3}) &&
                  !str_equal((Str){"a\0b", 3}, (Str){"a\0c", 3}),
              "NUL is a byte as any other");
}

static void parts(void) {
    Str s = guard_str(S("path/to/file"));
    TAP_CHECK(str_has_prefix(s, S("path")) && !str_has_prefix(s, S("to")), "prefix");
    TAP_CHECK(str_has_suffix(s, S("file")) && !str_has_suffix(s, S("to")), "suffix");
    TAP_CHECK(str_has_prefix(s, nothing) && str_has_suffix(nothing, nothing),
              "empty prefix and suffix");
    TAP_CHECK(!str_has_prefix(S("a"), S("ab")) && !str_has_suffix(S("b"), S("ab")),
              "longer than the string");
    TAP_CHECK(str_find_char(s, '/') == 4 && str_find_last_char(s, '/') == 7,
              "find a byte");
    TAP_CHECK(str_find_char(s, 'x') == -1 && str_find_last_char(s, 'x') == -1 &&
                  str_find_char(nothing, 'x') == -1 &&
                  str_find_last_char(nothing, 'x') == -1,
              "find no byte");
    TAP_CHECK(str_find(s, S("to")) == 5 && str_find(s, S("file")) == 8, "find a string");
    TAP_CHECK(str_find(s, S("filex")) == -1 && str_find(nothing, S("x")) == -1,
              "find no string");
    TAP_CHECK(str_find(s, nothing) == 0 && str_find(nothing, nothing) == 0,
              "the empty string is at the start");
    TAP_CHECK(str_find(S("aaab"), S("aab")) == 1, "find behind a false start");
    TAP_CHECK(str_equal(str_slice(s, 5, 7), S("to")), "slice");
    TAP_CHECK(str_equal(str_slice(s, -3, 4), S("path")) &&
                  str_equal(str_slice(s, 8, 99), S("file")),
              "slice is clamped");
    TAP_CHECK(str_slice(s, 7, 5).len == 0 && str_slice(s, 99, 100).len == 0,
              "slice of nothing");
    TAP_CHECK(str_equal(str_from_offset(s, 8), S("file")) &&
                  str_from_offset(s, s.len).len == 0,
              "from an offset");
}

/* A needle at every place around the ends of the windows that str_find looks at. */
static void find_anywhere(void) {
    static char text[2000];
    int wrong = 0;
    for (ptrdiff_t len = 1; len <= 40; len += 13) {
        for (ptrdiff_t at = 0; at + len <= (ptrdiff_t)sizeof text; at++) {
            memset(text, 'a', sizeof text);
            text[at + len - 1] = 'b';
            Str needle = {text + at, len};
            wrong += str_find((Str){text, sizeof text}, needle) != at;
            wrong += str_find((Str){text, at + len - 1}, needle) != -1;
        }
    }
    TAP_CHECK(wrong == 0, "found wherever it is");
}

static void trim(void) {
    TAP_CHECK(str_equal(str_trim(guard_str(S(" \t\r\n\v\fa b\n "))), S("a b")), "trim");
    TAP_CHECK(str_trim(guard_str(S(" \n "))).len == 0 && str_trim(nothing).len == 0,
              "trim all");
    TAP_CHECK(str_trim(S("\xC2\xA0")).len == 2, "only ASCII white space");
}

static void cut(void) {
    Str before, after;
    TAP_CHECK(str_cut(S("a=b=c"), '=', &before, &after) && str_equal(before, S("a")) &&
                  str_equal(after, S("b=c")),
              "cut at the first");
    TAP_CHECK(!str_cut(S("abc"), '=', &before, &after) && str_equal(before, S("abc")) &&
                  after.len == 0,
              "nothing to cut");
    TAP_CHECK(str_cut(S("="), '=', &before, &after) && before.len == 0 && after.len == 0,
              "empty parts");
    after = S("x,y");
    TAP_CHECK(str_cut(after, ',', &before, &after) && str_equal(before, S("x")) &&
                  str_equal(after, S("y")),
              "the outputs may alias the input");
}

static void lines(const char *name, Str text, const char *joined) {
    char got[64] = {0};
    Str rest = guard_str(text), line;
    while (str_next_line(&rest, &line)) {
        strncat(got, line.len ? line.data : "", (size_t)line.len);
        strcat(got, "|");
    }
    TAP_CHECK(str_equal(str_from(got), str_from(joined)), "lines: %s", name);
}

static void numbers(void) {
    int64_t n = 7;
    TAP_CHECK(str_to_int(S("0"), &n) && n == 0, "0");
    TAP_CHECK(str_to_int(S("-0042"), &n) && n == -42, "-0042");
    TAP_CHECK(str_to_int(S("+9"), &n) && n == 9, "+9");
    TAP_CHECK(str_to_int(S("9223372036854775807"), &n) && n == INT64_MAX, "largest");
    TAP_CHECK(str_to_int(S("-9223372036854775808"), &n) && n == INT64_MIN, "smallest");
    n = 7;
    static const char *const bad[] = {"",
                                      "-",
                                      "+",
                                      " 1",
                                      "1 ",
                                      "1x",
                                      "--1",
                                      "1.0",
                                      "0x1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        TAP_CHECK(!str_to_int(guard_str(str_from(bad[i])), &n) && n == 7,
                  "'%s' is no integer", bad[i]);
}

static bool nearest_is(const char *name, const char *expected) {
    static const Str keys[] = {STR_INIT("title"),  STR_INIT("date"),  STR_INIT("summary"),
                               STR_INIT("topics"), STR_INIT("level"), STR_INIT("")};
    return str_equal(str_nearest(str_from(name), keys, sizeof keys / sizeof *keys),
                     str_from(expected));
}

static void nearest(void) {
    TAP_CHECK(nearest_is("titel", "title"), "a swap");
    TAP_CHECK(nearest_is("topic", "topics"), "a letter missing");
    TAP_CHECK(nearest_is("datee", "date"), "a letter too many");
    TAP_CHECK(nearest_is("Sumary", "summary"), "case does not count");
    TAP_CHECK(nearest_is("leve", "level"), "at least one edit is accepted");
    TAP_CHECK(nearest_is("author", "") && nearest_is("xyz", ""), "none near enough");
    TAP_CHECK(str_nearest(S("x"), NULL, 0).len == 0, "no candidates");
    char long_name[200];
    memset(long_name, 'a', sizeof long_name);
    Str candidate = {long_name, 65};
    TAP_CHECK(str_nearest((Str){long_name, 200}, &candidate, 1).len == 0,
              "very long names have none");
    Str edge = {long_name, 64};
    TAP_CHECK(str_nearest((Str){long_name, 64}, &edge, 1).len == 64, "names of 64 bytes");
}

int main(void) {
    compare();
    parts();
    find_anywhere();
    trim();
    cut();
    lines("LF", S("a\nb\n"), "a|b|");
    lines("no ending at the end", S("a\nb"), "a|b|");
    lines("CRLF", S("a\r\nb\r\n"), "a|b|");
    lines("CR", S("a\rb\r"), "a|b|");
    lines("empty lines", S("\n\n"), "||");
    lines("mixed", S("a\n\rb\r\n\nc"), "a||b||c|");
    lines("CR at the end", S("a\r"), "a|");
    lines("nothing", nothing, "");
    numbers();
    nearest();
    return tap_done();
}
