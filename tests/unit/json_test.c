/* base/json: what the writer writes, what the reader accepts and refuses (RFC 8259), and
 * where it says the mistake is. Inputs end at a protected page. */
#include "base/json.h"

#include "guard.h"
#include "tap.h"

#include <math.h>
#include <string.h>

static Arena arena;

static Buf out;

static bool put_is(Str s, const char *expected) {
    buf_reset(&out);
    json_put_string(&out, s);
    return str_equal(buf_view(&out), str_from(expected));
}

static void strings_written(void) {
    TAP_CHECK(put_is(S(""), "\"\""), "empty string");
    TAP_CHECK(put_is((Str){0}, "\"\""), "null view");
    TAP_CHECK(put_is(S("a\"b\\c/d"), "\"a\\\"b\\\\c/d\""), "quote and backslash");
    TAP_CHECK(
        put_is(S("\b\f\n\r\t\x01\x1f\x7f"), "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\""),
        "control characters");
    TAP_CHECK(put_is((Str){"a\0b", 3}, "\"a\\u0000b\""), "NUL");
    TAP_CHECK(put_is(S("</script><!--"), "\"\\u003c/script>\\u003c!--\""),
              "safe in a script element");
    TAP_CHECK(put_is(S("\u2028\u2029\u202a"), "\"\\u2028\\u2029\u202a\""),
              "line separators");
    TAP_CHECK(put_is(S("é\U0001F600"), "\"é\U0001F600\""),
              "other characters as they are");
    TAP_CHECK(put_is(S("a\xff\xc3"), "\"a\uFFFD\uFFFD\""), "invalid bytes");
    TAP_CHECK(put_is(S("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\""), "encoded surrogate");
}

static bool number_is(double value, const char *expected) {
    buf_reset(&out);
    json_number(&(JsonWriter){.out = &out}, value);
    return str_equal(buf_view(&out), str_from(expected));
}

static void numbers_written(void) {
    TAP_CHECK(number_is(0.1, "0.1"), "0.1");
    TAP_CHECK(number_is(1, "1"), "1");
    TAP_CHECK(number_is(-2.5, "-2.5"), "-2.5");
    TAP_CHECK(number_is(0.1 + 0.2, "0.30000000000000004"), "17 digits where needed");
    TAP_CHECK(number_is(1.7976931348623157e308, "1.7976931348623157e+308"), "largest");
    TAP_CHECK(number_is(5e-324, "5e-324"), "smallest");
    TAP_CHECK(number_is(1e21, "1e+21"), "1e21");
    TAP_CHECK(number_is((double)INFINITY, "null"), "infinity");
    TAP_CHECK(number_is((double)NAN, "null"), "not a number");
}

static void writer(void) {
    buf_reset(&out);
    JsonWriter json = {.out = &out};
    json_open_object(&json);
    json_key(&json, "list");
    json_open_list(&json);
    json_int(&json, -9223372036854775807LL - 1);
    json_bool(&json, true);
    json_open_object(&json);
    json_close_object(&json);
    json_open_list(&json);
    json_close_list(&json);
    json_close_list(&json);
    json_key(&json, "k\"");
    json_null(&json);
    json_key(&json, "s");
    json_string(&json, S("x"));
    json_close_object(&json);
    TAP_CHECK(str_equal(buf_view(&out), S("{\n  \"list\": [\n    -9223372036854775808,\n"
                                          "    true,\n    {},\n    []\n  ],\n"
                                          "  \"k\\\"\": null,\n  \"s\": \"x\"\n}")),
              "commas and indentation");
    buf_reset(&out);
    json = (JsonWriter){.out = &out};
    for (int i = 0; i < 64; i++)
        json_open_list(&json);
    for (int i = 0; i < 64; i++)
        json_close_list(&json);
    JsonError error;
    TAP_CHECK(json_read(buf_view(&out), &arena, &error), "64 deep is written and read");
}

static const Node *read_text(Str text, JsonError *error) {
    *error = (JsonError){.offset = -1};
    return json_read(guard_str(text), &arena, error);
}

static const Node *ok(const char *text) {
    JsonError error;
    const Node *node = read_text(str_from(text), &error);
    if (!TAP_CHECK(node != NULL, "reads %.60s", text))
        tap_diag("%td: %s", error.offset, error.message);
    static const Node none;
    return node ? node : &none;
}

static void scalars(void) {
    TAP_CHECK(ok("null")->kind == NODE_NULL, "null");
    TAP_CHECK(ok(" true\n")->boolean, "true, with space around");
    TAP_CHECK(ok("false")->kind == NODE_BOOL && !ok("false")->boolean, "false");
    TAP_CHECK(ok("-0")->kind == NODE_INT && ok("-0")->integer == 0, "minus zero");
    TAP_CHECK(ok("9223372036854775807")->integer == INT64_MAX, "largest integer");
    TAP_CHECK(ok("-9223372036854775808")->integer == INT64_MIN, "smallest integer");
    TAP_CHECK(ok("9223372036854775808")->kind == NODE_FLOAT, "larger becomes a float");
    TAP_CHECK(ok("1.5e3")->number == 1500 && ok("1E+2")->number == 100 &&
                  ok("25e-1")->number == 2.5,
              "fractions and exponents");
    TAP_CHECK(str_equal(ok("1.50")->text, S("1.50")), "a number's text is as written");
    TAP_CHECK(ok("1e-400")->number == 0, "underflow is zero");
    TAP_CHECK(ok("\"\"")->kind == NODE_STRING && ok("\"\"")->text.len == 0,
              "empty string");
    TAP_CHECK(ok("\"x\"")->quoted && !ok("1")->quoted, "quoted is told");
    TAP_CHECK(str_equal(ok("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\"")->text,
                        S("\"\\/\b\f\n\r\té€")),
              "every escape");
    TAP_CHECK(str_equal(ok("\"\\ud83d\\uDE00!\"")->text, S("\U0001F600!")),
              "a surrogate pair");
    TAP_CHECK(str_equal(ok("\"\\uDBFF\\uDFFF\"")->text, S("\U0010FFFF")),
              "the last pair");
    TAP_CHECK(str_equal(ok("\"a\\u0000b\"")->text, (Str){"a\0b", 3}), "an escaped NUL");
    TAP_CHECK(str_equal(ok("\"\x7f\u2028\"")->text, S("\x7f\u2028")),
              "DEL and U+2028 need no escape");
    TAP_CHECK(ok("\xEF\xBB\xBF 1")->offset == 4, "a byte order mark is skipped");
}

static void containers(void) {
    const Node *map = ok("{ \"a\" : [1, {\"b\":null}, []] ,\"\":\"e\", \"c\":{}}");
    const Node *a = node_get(map, S("a"));
    TAP_CHECK(map->kind == NODE_MAP && map->n == 3, "an object of three");
    TAP_CHECK(a && a->kind == NODE_LIST && a->n == 3 && a->offset == 8 &&
                  a->key_offset == 2,
              "a list, its place and its key's place");
    TAP_CHECK(a && a->child->next->child->kind == NODE_NULL, "an object in the list");
    TAP_CHECK(a && a->child->next->next->n == 0 && !a->child->next->next->next,
              "an empty list ends it");
    TAP_CHECK(node_get(map, S("")) && !node_get(map, S("x")), "an empty key");
    TAP_CHECK(ok("{}")->n == 0 && ok("[ ]")->n == 0, "empty containers");
    TAP_CHECK(node_get(ok("{\"\\u0061\":7}"), S("a")) != NULL, "an escaped key");
}

static void bad(const char *text, ptrdiff_t offset, const char *message) {
    JsonError error;
    const Node *node = read_text(str_from(text), &error);
    if (!TAP_CHECK(!node && error.offset == offset && strstr(error.message, message),
                   "refuses %.60s at %td: %s", text, offset, message))
        tap_diag("got %td: %s", error.offset, node ? "(accepted)" : error.message);
}

static void refused(void) {
    bad("", 0, "expected a value");
    bad("  ", 2, "expected a value");
    bad("nul", 0, "expected a value");
    bad("nullx", 0, "expected a value");
    bad("True", 0, "expected a value");
    bad("NaN", 0, "expected a value");
    bad("'a'", 0, "expected a value");
    bad("1 2", 2, "text after");
    bad("[1,]", 3, "expected a value");
    bad("[,1]", 1, "expected a value");
    bad("[1 2]", 3, "expected ',' or ']'");
    bad("[1}", 2, "expected ',' or ']'");
    bad("[", 1, "expected a value");
    bad("[1", 2, "expected ',' or ']'");
    bad("{", 1, "expected a key");
    bad("{a:1}", 1, "expected a key");
    bad("{\"a\"}", 4, "expected ':'");
    bad("{\"a\":}", 5, "expected a value");
    bad("{\"a\":1,}", 7, "expected a key");
    bad("{\"a\":1 \"b\":2}", 7, "expected ',' or '}'");
    bad("{\"a\":1]", 6, "expected ',' or '}'");
    bad("{\"a\":1,\"b\":2,\"a\":3}", 13, "duplicate key");
    bad("// c\n1", 0, "expected a value");
    bad("01", 0, "malformed number");
    bad("-", 0, "malformed number");
    bad("+1", 0, "expected a value");
    bad(".5", 0, "expected a value");
    bad("1.", 0, "malformed number");
    bad("1e", 0, "malformed number");
    bad("1e+", 0, "malformed number");
    bad("0x10", 1, "text after");
    bad("1e400", 0, "out of range");
    bad("\"abc", 0, "unclosed string");
    bad("\"abc\\\"", 0, "unclosed string");
    bad("\"abc\\", 0, "unclosed string");
    bad("\"a\nb\"", 2, "control character");
    bad("\"a\tb\"", 2, "control character");
    bad("\"\\x41\"", 1, "unknown escape");
    bad("\"\\u12g4\"", 1, "four hexadecimal digits");
    bad("\"\\u12\"", 1, "four hexadecimal digits");
    bad("\"\\ud83d\"", 1, "surrogate");
    bad("\"\\ud83dx\"", 1, "surrogate");
    bad("\"\\ud83d\\u0041\"", 1, "surrogate");
    bad("\"\\ude00\\ud83d\"", 1, "surrogate");
    bad("\"\xff\"", 1, "invalid UTF-8");
    bad("\"\xc0\x80\"", 1, "invalid UTF-8");
    bad("[\"\xed\xa0\x80\"]", 2, "invalid UTF-8");
    bad("\xEF\xBB\xBF", 3, "expected a value");
    JsonError error;
    TAP_CHECK(!read_text((Str){"1\0", 2}, &error) && error.offset == 1,
              "a NUL byte behind the document");
}

static void depth(void) {
    char text[256] = {0};
    JsonError error;
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    TAP_CHECK(read_text((Str){text, 128}, &error) != NULL, "64 deep");
    memset(text, '[', 65);
    TAP_CHECK(!read_text((Str){text, 200}, &error) && error.offset == 64, "65 deep");
}

/* An object of many keys: found fast, kept in order; a duplicate at the end is seen. */
static void many_keys(void) {
    Buf text = {0};
    enum { N = 200000 };
    buf_char(&text, '{');
    for (int i = 0; i < N; i++)
        buf_printf(&text, "%s\"k%d\":%d", i ? "," : "", i, i);
    ptrdiff_t len = text.len;
    JsonError error;
    buf_char(&text, '}');
    const Node *map = json_read(buf_view(&text), &arena, &error);
    bool ordered = map && map->n == N;
    int64_t i = 0;
    for (const Node *entry = ordered ? map->child : NULL; entry; entry = entry->next)
        ordered = ordered && entry->integer == i++;
    TAP_CHECK(ordered && i == N, "%d keys in the order written", N);
    text.len = len;
    buf_cstr(&text, ",\"k7\":0}");
    TAP_CHECK(!json_read(buf_view(&text), &arena, &error) && error.offset == len + 1,
              "a duplicate among them");
    for (int n = 1; n <= 20; n++) {
        buf_reset(&text);
        buf_char(&text, '{');
        for (int k = 0; k < n; k++)
            buf_printf(&text, "\"k%d\":0,", k);
        ptrdiff_t last = text.len;
        buf_printf(&text, "\"k%d\":0}", n - 1);
        TAP_CHECK(!json_read(buf_view(&text), &arena, &error) && error.offset == last,
                  "key %d twice", n);
    }
    buf_release(&text);
}

static void truncated(void) {
    Str whole = S("{\"a\":[1.5e3,\"\\ud83d\\ude00é\",null,true],\"b\":{\"c\":-12}}");
    int accepted = 0;
    for (ptrdiff_t n = 0; n < whole.len; n++) {
        JsonError error;
        accepted += read_text(str_slice(whole, 0, n), &error) != NULL;
    }
    TAP_CHECK(accepted == 0, "cut at every length, never read behind its end");
}

int main(void) {
    strings_written();
    numbers_written();
    writer();
    scalars();
    containers();
    refused();
    depth();
    many_keys();
    truncated();
    buf_release(&out);
    arena_release(&arena);
    return tap_done();
}
