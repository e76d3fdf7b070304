/* text/yaml: the core schema, places, what is refused and how it is told, and inputs that
 * are meant to hurt. */
#include "text/yaml.h"

#include "guard.h"
#include "tap.h"
#include "timing.h"

#include <math.h>

static Arena arena;

static DiagList diags;

static const Node none;

/* The Source of the last text; texts end at a protected page. */
static Source source;

static const Node *read_text(Str text) {
    diag_list_release(&diags);
    source = (Source){.path = S("t.yaml"), .text = guard_str(text)};
    return yaml_read(&source, 0, text.len, yaml_file_limits, &arena, &diags);
}

/* `text` on one line, for the name of a check. */
static const char *shown(const char *text) {
    Buf line = {0};
    for (; *text && line.len < 60; text++) {
        if (*text == '\n')
            buf_cstr(&line, "\\n");
        else if (*text >= ' ' && *text <= '~')
            buf_char(&line, *text);
        else
            buf_printf(&line, "\\x%02x", (unsigned char)*text);
    }
    const char *copy = arena_cstr(&arena, buf_view(&line));
    buf_release(&line);
    return copy;
}

static const Node *ok(const char *text) {
    const Node *node = read_text(str_from(text));
    if (!TAP_CHECK(node && diags.diags.n == 0, "reads %s", shown(text)) && diags.diags.n)
        tap_diag("%.*s", STR_ARG(diags.diags.items[0].message));
    return node ? node : &none;
}

/* The value of "a: TEXT". */
static const Node *value(const char *text) {
    const Node *map = read_text(arena_printf(&arena, "a: %s\n", text));
    const Node *node = node_get(map, S("a"));
    return node ? node : &none;
}

static void kinds(NodeKind kind, const char *const *texts) {
    for (; *texts; texts++)
        TAP_CHECK(value(*texts)->kind == kind && !value(*texts)->quoted, "%s is %s",
                  *texts, node_kind_name(kind));
}

static void core_schema(void) {
    kinds(NODE_NULL, (const char *const[]){"", "~", "null", "Null", "NULL", NULL});
    kinds(NODE_BOOL,
          (const char *const[]){"true", "True", "TRUE", "false", "False", "FALSE", NULL});
    kinds(NODE_INT, (const char *const[]){"0", "-0", "+1", "007", "-12", "0o17", "0xfF",
                                          "9223372036854775807", NULL});
    kinds(NODE_FLOAT,
          (const char *const[]){"1.", ".5", "1.5", "-1.5", "+.5", "1e3", "1.e3", "1E-3",
                                "1.10", ".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN",
                                "9223372036854775808", "0xffffffffffffffffff", NULL});
    kinds(NODE_STRING,
          (const char *const[]){
              "no",    "yes",   "on",  "off", "nULL", "tRUE", "y",          "n",
              "1_000", "0o8",   "0b1", "0x",  "0xg",  "-0x1", "1.2.3",      "1e",
              "1e+",   ".",     "-.",  "+",   "--1",  "1 2",  "2025-04-19", "12:30",
              ".nAn",  "-.nan", "0o",  ".e1", "<<",   "=",    "1,000",      "truey",
              "inf",   "nan",   "e3",  "~x",  NULL});
    TAP_CHECK(value("007")->integer == 7, "007 is 7");
    TAP_CHECK(value("0o17")->integer == 15, "0o17 is 15");
    TAP_CHECK(value("0xfF")->integer == 255, "0xfF is 255");
    TAP_CHECK(value("-12")->integer == -12, "-12");
    TAP_CHECK(value("True")->boolean && !value("FALSE")->boolean, "True and FALSE");
    TAP_CHECK(value("-1.5")->number == -1.5 && value(".5")->number == 0.5, "floats");
    TAP_CHECK(isinf(value("-.inf")->number) && value("-.inf")->number < 0, "-.inf");
    TAP_CHECK(isnan(value(".nan")->number), ".nan");
    TAP_CHECK(value("0xffffffffffffffffff")->number > 4e21, "a large hexadecimal");
    TAP_CHECK(str_equal(value("1.10")->text, S("1.10")), "a number's text as written");
}

static void scalars(void) {
    static const struct {
        const char *written, *text;
        bool quoted;
    } cases[] = {
        {"'it''s: # fine'", "it's: # fine", true},
        {"\"a\\tb\\u00e9\\x41\\U0001F600\\\\\"", "a\tbéA\U0001F600\\", true},
        {"\"\"", "", true},
        {"''", "", true},
        {"'true'", "true", true},
        {"\"12\"", "12", true},
        {"|\n  one\n   two\n\n  three\n", "one\n two\n\nthree\n", true},
        {"|-\n  one\n", "one", true},
        {"|+\n  one\n\n", "one\n\n\n", true},
        {">\n  one\n  two\n\n  three\n", "one two\nthree\n", true},
        {"|2\n   x\n", " x\n", true},
        {"one\n  two\n\n  three", "one two\nthree", false},
        {"\"one\n  two\"", "one two", true},
        {"a #b", "a", false},
        {"a#b", "a#b", false},
        {"http://example.org/a:b", "http://example.org/a:b", false},
        {"don't", "don't", false},
        {"-1x", "-1x", false},
        {"Grüße \U0001F600", "Grüße \U0001F600", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Node *node = value(cases[i].written);
        if (!TAP_CHECK(node->kind == NODE_STRING && node->quoted == cases[i].quoted &&
                           str_equal(node->text, str_from(cases[i].text)),
                       "scalar %zu", i))
            tap_diag("'%.*s'", STR_ARG(node->text));
    }
}

static void structure(void) {
    const Node *root =
        ok("a: [1, {b: c}, []]\n"
           "list:\n- x\n-   y: 1\n    z: 2\n-\n"
           "map: {}\n\"quoted key\": 1\n12: twelve\n<<: merge\n? q\n: r\n");
    const Node *a = node_get(root, S("a")), *list = node_get(root, S("list"));
    TAP_CHECK(root->kind == NODE_MAP && root->n == 7, "seven keys");
    TAP_CHECK(a && a->n == 3 && node_get(a->child->next, S("b")), "flow style");
    TAP_CHECK(list && list->kind == NODE_LIST && list->n == 3 &&
                  list->child->next->n == 2 && list->child->next->next->kind == NODE_NULL,
              "block style");
    TAP_CHECK(node_get(root, S("quoted key")) && node_get(root, S("12")) &&
                  node_get(root, S("q")),
              "keys are texts");
    TAP_CHECK(str_equal(node_get(root, S("<<"))->text, S("merge")),
              "'<<' is a key as any other");
    TAP_CHECK(root->child && str_equal(root->child->key, S("a")) &&
                  str_equal(root->child->next->key, S("list")),
              "in the order written");
    TAP_CHECK(ok("[a, b]")->kind == NODE_LIST, "a list at the root");
    TAP_CHECK(ok("text")->kind == NODE_STRING, "a scalar at the root");
    TAP_CHECK(ok("~")->kind == NODE_NULL, "null at the root");
    TAP_CHECK(ok("---\na: 1\n...\n")->n == 1, "document markers");
    TAP_CHECK(ok("%YAML 1.2\n---\na: 1\n")->n == 1, "a version directive");
    TAP_CHECK(ok("{\"a\": [1, true, null], \"b\": {\"c\": \"d\"}}")->n == 2,
              "JSON is YAML");
}

static void empty(void) {
    static const char *const texts[] = {"",      "\n\n",       "# only a comment\n",
                                        "---\n", "---\n...\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const Node *node = ok(texts[i]);
        TAP_CHECK(node->kind == NODE_MAP && node->n == 0, "is an empty mapping");
    }
    Source empty_source = {.path = S("e")};
    TAP_CHECK(yaml_read(&empty_source, 0, 0, yaml_front_matter_limits, &arena, &diags),
              "a Source without text");
}

/* Places are bytes in the Source, whatever stands before. */
static void places_in(const char *before) {
    ptrdiff_t base = str_from(before).len;
    Str text = arena_printf(&arena,
                            "%stitle: Grüße\r\ntags: [\"é\", b]\r\nempty:\r\n"
                            "text: |\r\n  ü\r\nlast: 'ö'\r\n---\nbody",
                            before);
    source = (Source){.path = S("p"), .text = guard_str(text)};
    ptrdiff_t end = str_find(text, S("---\nbody"));
    const Node *root = yaml_read(&source, base, end, yaml_file_limits, &arena, &diags);
    if (!TAP_CHECK(root && root->n == 5, "a part of a Source"))
        return;
    const Node *tags = node_get(root, S("tags")), *blank = node_get(root, S("empty"));
    const Node *block = node_get(root, S("text")), *last = node_get(root, S("last"));
    TAP_CHECK(root->offset == str_find(text, S("title")), "the mapping");
    TAP_CHECK(tags->key_offset == str_find(text, S("tags")), "a key");
    TAP_CHECK(tags->offset == str_find(text, S("[")), "a list");
    TAP_CHECK(tags->child->offset == str_find(text, S("\"é")), "a quoted item");
    TAP_CHECK(tags->child->next->offset == str_find(text, S("b]")), "an item behind it");
    TAP_CHECK(blank->offset == str_find(text, S("empty:")) + 6, "an empty value");
    TAP_CHECK(block->offset == str_find(text, S("|")), "a block scalar");
    TAP_CHECK(str_equal(block->text, S("ü\n")), "CRLF becomes LF");
    TAP_CHECK(last->key_offset == str_find(text, S("last")), "the last key");
    TAP_CHECK(last->offset == str_find(text, S("'ö'")), "the last value");
}

static void bad(const char *text, DiagCode code, ptrdiff_t offset, const char *message,
                const char *hint) {
    const Node *node = read_text(str_from(text));
    Diag diag = diags.diags.n ? diags.diags.items[0] : (Diag){0};
    if (!TAP_CHECK(!node && diags.diags.n == 1 && diag.code == code &&
                       diag.loc.offset == offset &&
                       str_find(diag.message, str_from(message)) >= 0 &&
                       str_find(diag.hint, str_from(hint)) >= 0,
                   "refuses '%s': %s", shown(text), message))
        tap_diag("%s at %td: %.*s (%.*s)", diag_infos[diag.code].name, diag.loc.offset,
                 STR_ARG(diag.message), STR_ARG(diag.hint));
}

static void syntax(void) {
    const DiagCode syntax_error = DIAG_YAML_SYNTAX;
    bad("title: Kubernetes: the hard way\n", syntax_error, 17,
        "value that is not in quotes",
        "quote the value: title: \"Kubernetes: the hard way\"");
    bad("a:\n  - say \"x\": y: z\n", syntax_error, 17, "value that is not in quotes",
        "quote the value: say \"x\": \"y: z\"");
    bad("title: say \"x\": y\n", syntax_error, 14, "value that is not in quotes",
        "quote the value: title: 'say \"x\": y'");
    bad("t: it's \"x\": y\n", syntax_error, 11, "value that is not in quotes",
        "put the whole value in quotes");
    bad("a: b\n  c: d\n", syntax_error, 8, "unexpected ':'", "indentation");
    bad("title:foo\nb: c\n", syntax_error, 11, "unexpected ':'",
        "missing space after ':'");
    bad("a: 1\ntitle:foo\nb: 2\n", syntax_error, 10, "missing space after ':'",
        "key: value");
    bad("a: 1\njust words\nb: 2\n", syntax_error, 5, "expected 'key: value'", "'|'");
    bad("a:\n\tb: 1\n", syntax_error, 3, "tab", "spaces");
    bad("a:\n  b: 1\n\tc: 2\n", syntax_error, 10, "tab", "spaces");
    bad("a: @user\n", syntax_error, 3, "can't start with '@'", "quotes");
    bad("a: `code`\n", syntax_error, 3, "can't start with '`'", "quotes");
    bad("a: %x\n", syntax_error, 3, "can't start with '%'", "quotes");
    bad("a: \"open\nb: 1\n", syntax_error, 3, "unclosed quote", "never closed");
    bad("a: 'it's'\n", syntax_error, 7, "after a closing quote", "not escaped");
    bad("a: \"x\" y\nb: 1\n", syntax_error, 7, "after a closing quote", "not escaped");
    bad("a: \"x\nb: \"y\"\n", syntax_error, 10, "after a closing quote", "not closed");
    bad("a: 'open\n---\n", syntax_error, 3, "unclosed quote", "");
    bad("a:\n  b: 1\n c: 2\n", syntax_error, 11, "expected a key", "line 1");
    bad("a: 1\n- b\n", syntax_error, 5, "expected a key", "line 1");
    bad("a:\n  - 1\n  b: 2\n", syntax_error, 11, "expected '- '", "line 2");
    bad("a: [b, c\nd: e\n", syntax_error, 3, "unclosed '['", "line 2");
    bad("a: {b: c\nd: e\n", syntax_error, 3, "unclosed '{'", "line 2");
    bad("a: [b] c\n", syntax_error, 7, "expected a key", "");
    bad("a: [b}\n", syntax_error, 5, "expected ',' or ']'", "");
    bad("a: [,]\n", syntax_error, 4, "expected a value", "");
    bad("[a]\nb\n", syntax_error, 4, "after the end", "");
    bad("a: - b\n", syntax_error, 3, "a list can't start here", "next line");
    bad("a: ? b\n", syntax_error, 3, "unexpected '?'", "quote");
    bad("a: \"C:\\my\"\n", syntax_error, 6, "unknown escape", "\\\\");
    bad("a: \"\\u12\"\n", syntax_error, 6, "escape", "");
    bad("a: \"\\ud800\"\n", syntax_error, 6, "no Unicode character", "");
    bad("a: > text\n", syntax_error, 5, "unexpected text after '|' or '>'", "next line");
    bad("a: 1\n---\nb: 2\n", syntax_error, 5, "more than one document", "");
    bad("{{ site.title }}: 1\n", syntax_error, 0, "a key can't be", "quote");
    bad("a: {{ title }}\n", syntax_error, 4, "a key can't be", "quote");
    bad("? [a]\n: b\n", syntax_error, 2, "a key can't be", "");
    bad(": b\n", syntax_error, 0, "expected a key before ':'", "");
    bad("a: \x01\n", syntax_error, 3, "U+0001", "");
    bad("ü: 1\nb: \x7f\n", syntax_error, 9, "U+007F", "");
    bad("%FOO\na: 1\n", syntax_error, 0, "can't start with '%'", "");
}

static void refused(void) {
    bad("a: 1\nb: 2\na: 3\n", DIAG_YAML_DUPLICATE_KEY, 10, "duplicate key 'a'", "line 1");
    bad("a: {b: 1, \"b\": 2}\n", DIAG_YAML_DUPLICATE_KEY, 10, "duplicate key 'b'", "");
    bad("a: &x 1\nb: *x\n", DIAG_YAML_ALIAS, 3, "anchors", "'&'");
    bad("a: *x\n", DIAG_YAML_ALIAS, 3, "aliases", "'*'");
    bad("a: &x [*x]\n", DIAG_YAML_ALIAS, 3, "anchors", "");
    bad("&k a: 1\n", DIAG_YAML_ALIAS, 0, "anchors", "");
    bad("a: **bold**\n", DIAG_YAML_ALIAS, 3, "malformed alias", "'*'");
    bad("a: &\n", DIAG_YAML_ALIAS, 3, "malformed anchor", "'&'");
    bad("a: !!str 1\n", DIAG_YAML_TAG, 3, "tags", "'!'");
    bad("a: !!python/object:os.system x\n", DIAG_YAML_TAG, 3, "tags", "");
    bad("a: !local {b: c}\n", DIAG_YAML_TAG, 3, "tags", "");
    bad("a: ! x\n", DIAG_YAML_TAG, 3, "tags", "");
    bad("a: !e!x y\n", DIAG_YAML_TAG, 3, "tags", "");
    bad("a: !<x y\n", DIAG_YAML_TAG, 3, "tags", "");
    bad("%TAG !e! tag:x\n---\na: 1\n", DIAG_YAML_TAG, 0, "tags", "");
    bad("a: \"\\0\"\n", DIAG_NUL_BYTE, 3, "NUL", "");
    bad("ok: 1\nb: \xff\n", DIAG_INVALID_UTF8, 9, "UTF-8", "");
    bad("é: \xed\xa0\x80\n", DIAG_INVALID_UTF8, 4, "UTF-8", "");
    bad("\xff\xfe"
        "a\n",
        DIAG_INVALID_UTF8, 0, "UTF-8", "");
    read_text((Str){"a: 1\0b", 6});
    TAP_CHECK(diags.diags.n == 1 && diags.diags.items[0].code == DIAG_NUL_BYTE &&
                  diags.diags.items[0].loc.offset == 4,
              "a NUL byte");
}

/* libyaml's texts lead to the table's rows only as long as they are what they were. */
static void offsets_behind_bom(void) {
    bad("\xEF\xBB\xBFtitle: a: b\n", DIAG_YAML_SYNTAX, 11, "not in quotes",
        "title: \"a: b\"");
    const Node *root = ok("\xEF\xBB\xBFü: 1\nb: 2\n");
    TAP_CHECK(root->n == 2 && root->child->key_offset == 3 &&
                  root->child->next->offset == 12,
              "places behind a byte order mark");
}

static Buf big;

static void repeat(const char *unit, ptrdiff_t size) {
    buf_reset(&big);
    while (big.len < size)
        buf_cstr(&big, unit);
    if (big.len > GUARD_MAX)
        big.len -= str_from(unit).len;
}

/* Refused or read, in time, and without holding much memory. */
static void hurts(const char *name, DiagCode code) {
    arena_release(&arena);
    double start = timing_now();
    const Node *node = read_text(buf_view(&big));
    double took = timing_now() - start;
    DiagCode got = diags.diags.n ? diags.diags.items[0].code : DIAG_COUNT;
    if (!TAP_CHECK(took < 1 && arena.total < 256 << 20 && got == code &&
                       !node == (code != DIAG_COUNT),
                   "%td bytes of %s", big.len, shown(name)))
        tap_diag("%.3f s, %td bytes, %s", took, arena.total,
                 got == DIAG_COUNT ? "read" : diag_infos[got].name);
}

static void large_inputs(void) {
    static const struct {
        const char *unit;
        DiagCode code;
    } cases[] = {
        {"[", DIAG_YAML_LIMIT},
        {"{a: ", DIAG_YAML_LIMIT},
        {"- ", DIAG_YAML_LIMIT},
        {"[\n", DIAG_YAML_LIMIT},
        {"{a: \n", DIAG_YAML_LIMIT},
        {"? ", DIAG_YAML_SYNTAX},
        {"[a, ", DIAG_YAML_LIMIT},
        {"- a\n", DIAG_COUNT},
        {"a\n", DIAG_COUNT},
        {" ", DIAG_COUNT},
        {"\n", DIAG_COUNT},
        {"# c\n", DIAG_COUNT},
        {"é", DIAG_COUNT},
        {"\"", DIAG_YAML_SYNTAX},
        {"\"\n", DIAG_YAML_SYNTAX},
        {"a: ", DIAG_YAML_SYNTAX},
        {"&a ", DIAG_YAML_ALIAS},
        {"*a ", DIAG_YAML_ALIAS},
        {"!a ", DIAG_YAML_TAG},
        {"|", DIAG_YAML_SYNTAX},
        {"\t", DIAG_YAML_SYNTAX},
        {"%TAG !a! b\n", DIAG_YAML_TAG},
        {"%YAML 1.2\n", DIAG_YAML_SYNTAX},
        {"...\n", DIAG_YAML_SYNTAX},
        {"{", DIAG_YAML_SYNTAX},
        {"]", DIAG_YAML_SYNTAX},
        {"\xEF\xBB\xBF", DIAG_COUNT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (ptrdiff_t size = 64 << 10; size <= 1 << 20; size *= 16) {
            repeat(cases[i].unit, size);
            hurts(cases[i].unit, cases[i].code);
        }
    }
    buf_reset(&big);
    while (big.len < (1 << 20) - 40)
        buf_printf(&big, "%%TAG !a%td! b\n", big.len);
    hurts("distinct %TAG", DIAG_YAML_TAG);
    buf_reset(&big);
    while (big.len < (1 << 20) - 40)
        buf_printf(&big, "é%td: 1\n", big.len);
    hurts("distinct keys", DIAG_COUNT);
    buf_cstr(&big, "é0: 2\n");
    hurts("distinct keys and one twice", DIAG_YAML_DUPLICATE_KEY);
    buf_reset(&big);
    buf_cstr(&big, "a: \"");
    buf_fill(&big, 'x', (1 << 20) - 10);
    buf_cstr(&big, "\"\n");
    hurts("one scalar", DIAG_COUNT);
}

static void limits(void) {
    const char *text = "a: [1, 2, 3]\n";
    source = (Source){.path = S("l"), .text = str_from(text)};
    YamlLimits few = {.depth = 2, .events = 12}; /* stream, document, map, a, list... */
    TAP_CHECK(yaml_read(&source, 0, source.text.len, few, &arena, &diags) != NULL,
              "as many events as are allowed");
    diag_list_release(&diags);
    few.events = 11;
    TAP_CHECK(!yaml_read(&source, 0, source.text.len, few, &arena, &diags) &&
                  diags.diags.items[0].code == DIAG_YAML_LIMIT,
              "one event too many");
    few = (YamlLimits){.depth = 1, .events = 100};
    diag_list_release(&diags);
    TAP_CHECK(!yaml_read(&source, 0, source.text.len, few, &arena, &diags) &&
                  diags.diags.items[0].loc.offset == 3,
              "too deep, at the value that is");
    repeat("[", 64);
    buf_fill(&big, ']', 64);
    hurts("brackets that fit", DIAG_COUNT);
    TAP_CHECK(yaml_front_matter_limits.events == 10000 && yaml_file_limits.depth == 64,
              "the limits that are promised");
}

static void truncated(void) {
    Str whole =
        S("ä: \"x\\u00e9\"\nb:\n  - [1, {c: 'd'}]\n  - |\n    text\ne: !!f &g *h\n");
    int wrong = 0;
    for (ptrdiff_t n = 0; n <= whole.len; n++) {
        const Node *node = read_text(str_slice(whole, 0, n));
        wrong += (node == NULL) != (diags.diags.n == 1);
    }
    TAP_CHECK(wrong == 0, "cut at every length: a tree or one message");
}

int main(void) {
    core_schema();
    scalars();
    structure();
    empty();
    places_in("");
    places_in("---\n");
    places_in("---\r\nß\n");
    syntax();
    refused();
    offsets_behind_bom();
    large_inputs();
    limits();
    truncated();
    buf_release(&big);
    diag_list_release(&diags);
    arena_release(&arena);
    return tap_done();
}
