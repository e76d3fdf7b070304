/* text/mustache.h: what case files can't say: limits, hostile inputs, threads, lifetimes.
 * The rest is in tests/spec/mustache. */
#include "text/mustache.h"

#include "base/json.h"
#include "base/map.h"
#include "base/pool.h"
#include "guard.h"
#include "tap.h"

#include <string.h>
#include <time.h>

typedef struct Fixture {
    Arena arena;
    DiagList diags;
    Map partials;
    Buf out;
    RenderEnv env;
} Fixture;

static const Template *find(const void *self, Str name) {
    return map_get(&((const Fixture *)self)->partials, name);
}

static void open_fixture(Fixture *f) {
    *f = (Fixture){0};
    f->partials = map_init(&f->arena);
    f->env = (RenderEnv){.scratch = &f->arena};
}

static void close_fixture(Fixture *f) {
    buf_release(&f->out);
    diag_list_release(&f->diags);
    arena_release(&f->arena);
}

static const Template *compile(Fixture *f, const char *name, Str text) {
    Source *source = arena_new(&f->arena, Source);
    *source = (Source){str_from(name), text};
    return mustache_compile(source, str_from(name), &f->arena, &f->diags);
}

static void add_partial(Fixture *f, const char *name, Str text) {
    const Template *template = compile(f, name, text);
    map_put(&f->partials, str_from(name), (void *)(uintptr_t) template);
}

static Value json(Fixture *f, const char *text) {
    JsonError error;
    return value_of_node(json_read(str_from(text), &f->arena, &error));
}

static bool render(Fixture *f, const Template *template, Value data,
                   MustacheOptions options) {
    TemplateSet set = {.find = find, .self = f};
    return template &&
           mustache_render(template, data, set, options, &f->env, &f->out, &f->diags);
}

/* `n` copies of `piece`. */
static Str repeat(Fixture *f, const char *piece, ptrdiff_t n) {
    ptrdiff_t len = (ptrdiff_t)strlen(piece);
    char *bytes = arena_alloc(&f->arena, len * n + 1);
    for (ptrdiff_t i = 0; i < n; i++)
        memcpy(bytes + i * len, piece, (size_t)len);
    return (Str){bytes, len * n};
}

static DiagCode first_code(const Fixture *f) {
    return f->diags.diags.n ? f->diags.diags.items[0].code : DIAG_COUNT;
}

/* Sanitisers are slow: they get smaller numbers where the size is not the point. */
static const char *variant(void) {
    const char *name = getenv("VARIANT");
    return name ? name : "release";
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- names of partials ---- */

static void test_partials_list(void) {
    Fixture f;
    open_fixture(&f);
    const Template *template = compile(
        &f, "t", S("a {{>one}}\n{{<two}}{{$b}}{{>three}}{{/b}}{{>no}}{{/two}}{{>*x}}"));
    ptrdiff_t n = 0;
    const TemplatePartial *partials = template ? template_partials(template, &n) : NULL;
    if (TAP_CHECK(n == 3, "static partials that can be rendered are listed")) {
        TAP_CHECK(str_equal(partials[0].name, S("one")) && partials[0].loc.offset == 5,
                  "the first with its place");
        TAP_CHECK(str_equal(partials[1].name, S("two")), "a parent");
        TAP_CHECK(str_equal(partials[2].name, S("three")), "one in a block");
    }
    close_fixture(&f);
}

/* ---- limits ---- */

static Str nested(Fixture *f, ptrdiff_t depth) {
    return arena_concat(&f->arena,
                        arena_concat(&f->arena, repeat(f, "{{#a}}", depth), S("x")),
                        repeat(f, "{{/a}}", depth));
}

static void test_nesting(void) {
    Fixture f;
    open_fixture(&f);
    const Template *template = compile(&f, "t", nested(&f, MUSTACHE_NESTING_MAX - 1));
    TAP_CHECK(render(&f, template, json(&f, "{\"a\": true}"), (MustacheOptions){0}) &&
                  str_equal(buf_view(&f.out), S("x")),
              "sections as deep as allowed");
    template = compile(&f, "t", nested(&f, MUSTACHE_NESTING_MAX));
    TAP_CHECK(template != NULL, "one more can be compiled");
    TAP_CHECK(!render(&f, template, json(&f, "{\"a\": true}"), (MustacheOptions){0}) &&
                  first_code(&f) == DIAG_LIMIT_EXCEEDED,
              "but not rendered: the data is a context too");
    close_fixture(&f);
    open_fixture(&f);
    TAP_CHECK(!compile(&f, "t", nested(&f, MUSTACHE_NESTING_MAX + 1)) &&
                  first_code(&f) == DIAG_TEMPLATE_SYNTAX,
              "too many are refused");
    close_fixture(&f);
}

static void test_nesting_by_partials(void) {
    Fixture f;
    open_fixture(&f);
    Str deep = arena_concat(&f.arena, repeat(&f, "{{#a}}", 100), S("{{>p}}"));
    add_partial(&f, "p", arena_concat(&f.arena, deep, repeat(&f, "{{/a}}", 100)));
    TAP_CHECK(
        !render(&f, find(&f, S("p")), json(&f, "{\"a\": true}"), (MustacheOptions){0}) &&
            first_code(&f) == DIAG_LIMIT_EXCEEDED,
        "sections over partials add up");
    close_fixture(&f);
}

static void test_partial_depth(void) {
    Fixture f;
    open_fixture(&f);
    add_partial(&f, "tree", S("{{n}}{{#next}}{{>tree}}{{/next}}"));
    Buf data = {0};
    for (int i = 0; i < 60; i++)
        buf_printf(&data, "{\"n\": \"x\", \"next\": ");
    buf_cstr(&data, "{\"n\": \"y\", \"next\": null}");
    buf_fill(&data, '}', 60);
    TAP_CHECK(render(&f, find(&f, S("tree")), json(&f, buf_cstr_view(&data)),
                     (MustacheOptions){0}) &&
                  f.out.len == 61,
              "sixty partials inside each other");
    buf_release(&data);
    close_fixture(&f);
}

static void check_refused(const char *name, const char *partial, const char *data,
                          MustacheOptions options, DiagCode code) {
    Fixture f;
    open_fixture(&f);
    add_partial(&f, "p", str_from(partial));
    double start = seconds_now();
    bool ok = render(&f, find(&f, S("p")), json(&f, data), options);
    double took = seconds_now() - start;
    TAP_CHECK(!ok && first_code(&f) == code, "%s is refused", name);
    TAP_CHECK(f.diags.diags.n == 1, "%s: with one message", name);
    TAP_CHECK(took < 20, "%s: in time", name);
    tap_diag("%.3f s", took);
    close_fixture(&f);
}

static void test_explosions(void) {
    bool release = strcmp(variant(), "release") == 0;
    MustacheOptions plain = {.max_steps = release ? 0 : 2000000};
    MustacheOptions bounded = {.max_bytes = 1 << 20};
    check_refused("a partial that doubles itself", "{{>p}}{{>p}}", "{}", plain,
                  DIAG_TEMPLATE_RECURSION);
    check_refused("doubling that ends", "{{#n}}{{>p}}{{>p}}{{/n}}",
                  "{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":"
                  "{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":"
                  "{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":{\"n\":"
                  "false}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}",
                  plain, DIAG_LIMIT_EXCEEDED);
    check_refused("lists in lists without output",
                  "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}"
                  "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}",
                  "{\"l\": [1,2,3,4,5,6,7,8,9,10]}", plain, DIAG_LIMIT_EXCEEDED);
    check_refused("lists in lists with output",
                  "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}0123456789{{/l}}{{/l}}"
                  "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}",
                  "{\"l\": [1,2,3,4,5,6,7,8,9,10]}", bounded, DIAG_LIMIT_EXCEEDED);
}

static void test_wide_mapping(void) {
    Fixture f;
    open_fixture(&f);
    Buf data = {0};
    for (int i = 0; i < 20000; i++)
        buf_printf(&data, "%s\"k%d\": 1", i ? "," : "{", i);
    buf_char(&data, '}');
    const Template *template = compile(&f, "t", repeat(&f, "{{missing}}", 90000));
    double start = seconds_now();
    bool ok = render(&f, template, json(&f, buf_cstr_view(&data)),
                     (MustacheOptions){.max_steps = 10000000});
    TAP_CHECK(!ok && first_code(&f) == DIAG_LIMIT_EXCEEDED && seconds_now() - start < 20,
              "90,000 look-ups in a mapping of 20,000 keys are refused in time");
    tap_diag("%.3f s", seconds_now() - start);
    buf_release(&data);
    close_fixture(&f);
}

static void test_indented_explosion(void) {
    Fixture f;
    open_fixture(&f);
    Str wide = arena_concat(&f.arena, repeat(&f, " ", 100000), S("{{>q}}\n"));
    add_partial(&f, "p", wide);
    add_partial(&f, "q", repeat(&f, "\n", 100000));
    bool ok = render(&f, find(&f, S("p")), value_absent(),
                     (MustacheOptions){.max_bytes = 1 << 20});
    TAP_CHECK(!ok && first_code(&f) == DIAG_LIMIT_EXCEEDED && f.out.len < (2 << 20),
              "100,000 lines indented by 100,000 characters stop at the limit");
    close_fixture(&f);
}

/* ---- hostile templates ---- */

static void test_hostile(void) {
    static const struct {
        const char *piece;
        bool compiles;
    } cases[] = {
        {"{{#a}}", false},
        {"{{", false},
        {"{{{", false},
        {"}}", true},
        {"{{/a}}", false},
        {"{{!", false},
        {"{{=", false},
        {"{{= ", false},
        {"{{=a b=}}", false},
        {"{{== ==}}", false},
        {"{{=| |=}}", false},
        {"{", false},
        {"{{a}", false},
        {"{{<a}}", false},
        {"{{$a}}", false},
        {"{{$a}}\n\n", false},
        {"{{a}}", true},
        {"{{{a}}}", true},
        {" ", true},
        {"\n", true},
        {"{{!}} ", true},
        {"{{>a}}", true},
        {"{{.}}", true},
        {"{{a.", false},
        {"  {{$a}}x{{/a}}\n", true},
        {"  {{<a}}{{$b}}\n   x\n{{/b}}{{/a}}\n", true},
        {"{{#a}}\n{{/a}}\n", true},
        {"{{^a}}x{{/a}}", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f;
        open_fixture(&f);
        Str piece = str_from(cases[i].piece);
        Str text = repeat(&f, cases[i].piece, (1 << 20) / piece.len);
        double start = seconds_now();
        const Template *template = compile(&f, "t", guard_str(text));
        if (template)
            render(&f, template, value_absent(), (MustacheOptions){.max_bytes = 4 << 20});
        double took = seconds_now() - start;
        Buf shown = {0};
        json_put_string(&shown, piece);
        TAP_CHECK((template != NULL) == cases[i].compiles && took < 10, "1 MB of %.*s",
                  STR_ARG(buf_view(&shown)));
        tap_diag("%.3f s", took);
        buf_release(&shown);
        close_fixture(&f);
    }
}

/* Every beginning of a template with all kinds of tags, right before a protected page. */
static void test_beginnings(void) {
    Str text =
        S("a{{! c }}\r\n {{#s}}\n{{^t}} {{{u}}} {{&v}} {{=<% %>=}}\n<%w%>\n<%={{ }}=%>"
          "{{/t}}{{/s}}  {{>p}}\n  {{<q}}{{$b}}\n x\n {{/b}}{{/q}}\n {{$c}}d{{/c}}\n"
          "{{>*e}}{{.}}{{f.g}}");
    int compiled = 0;
    for (ptrdiff_t len = 0; len <= text.len; len++) {
        Fixture f;
        open_fixture(&f);
        const Template *template = compile(&f, "t", guard_str(str_slice(text, 0, len)));
        add_partial(&f, "p", S("[{{$b}}{{/b}}]"));
        if (template && render(&f, template, json(&f, "{\"s\": [1, 2], \"u\": \"<\"}"),
                               (MustacheOptions){0}))
            compiled++;
        close_fixture(&f);
    }
    TAP_CHECK(compiled > 20, "every beginning of a template (%d can be rendered)",
              compiled);
}

/* ---- threads ---- */

typedef struct Shared {
    Fixture *fixture;
    const Template *template;
    Value data;
    Str expected;
    bool right[64];
} Shared;

static void render_job(void *context, int worker, ptrdiff_t index) {
    (void)worker;
    Shared *shared = context;
    Arena scratch = {0};
    RenderEnv env = {.scratch = &scratch};
    DiagList diags = {0};
    Buf out = {0};
    TemplateSet set = {.find = find, .self = shared->fixture};
    for (int i = 0; i < 20; i++) {
        buf_reset(&out);
        mustache_render(shared->template, shared->data, set, (MustacheOptions){0}, &env,
                        &out, &diags);
        arena_reset(&scratch);
    }
    shared->right[index] = str_equal(buf_view(&out), shared->expected);
    buf_release(&out);
    diag_list_release(&diags);
    arena_release(&scratch);
}

static void test_threads(void) {
    Fixture f;
    open_fixture(&f);
    add_partial(&f, "row", S("<{{number}}:{{name}}>\n"));
    add_partial(&f, "page",
                S("{{$head}}h{{/head}}\n  {{#rows}}\n  {{>row}}\n  {{/rows}}\n"));
    Shared shared = {.fixture = &f};
    shared.template =
        compile(&f, "t", S("{{<page}}{{$head}}{{rows.count}}{{/head}}{{/page}}"));
    shared.data = json(&f, "{\"rows\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
    shared.expected = S("2\n  <1:a>\n  <2:b>\n");
    pool_run(8, 64, render_job, &shared);
    bool right = true;
    for (int i = 0; i < 64; i++)
        right = right && shared.right[i];
    TAP_CHECK(right, "one template rendered by eight threads at once");
    close_fixture(&f);
}

static void test_append(void) {
    Fixture f;
    open_fixture(&f);
    buf_cstr(&f.out, "before:");
    const Template *template = compile(&f, "t", S("{{a}}"));
    TAP_CHECK(render(&f, template, json(&f, "{\"a\": \"1234\"}"),
                     (MustacheOptions){.max_bytes = 4}) &&
                  str_equal(buf_view(&f.out), S("before:1234")),
              "output is appended, and what was there does not count");
    close_fixture(&f);
}

/* ---- what is kept from one render to the next ---- */

static bool shows(Fixture *f, const Template *template, Value data,
                  MustacheOptions options, const char *expected) {
    buf_reset(&f->out);
    return render(f, template, data, options) &&
           str_equal(buf_view(&f->out), str_from(expected));
}

static void test_memo(void) {
    Fixture f;
    open_fixture(&f);
    add_partial(&f, "foot", S("[{{a}}{{>mark}}]"));
    add_partial(&f, "mark", S("{{#a}}!{{/a}}"));
    add_partial(&f, "frame", S("{{>hole}}{{>foot}}"));
    add_partial(&f, "hole", S("({{$b}}{{/b}})"));
    const Template *one = compile(&f, "1", S("{{<frame}}{{$b}}one{{/b}}{{/frame}}"));
    const Template *two = compile(&f, "2", S("{{<frame}}{{$b}}two{{/b}}{{/frame}}"));
    const Template *lines =
        compile(&f, "3", S("{{#list}}{{>foot}}{{/list}}\n  {{>foot}}\n"));
    PartialMemo memo = {0};
    MustacheOptions options = {.memo = &memo};
    Value data = json(&f, "{\"a\": 1, \"list\": [{\"a\": 2}]}");
    TAP_CHECK(shows(&f, one, data, options, "(one)[1!]") && memo.n == 2,
              "two partials are kept, and the one with a block is not");
    TAP_CHECK(shows(&f, two, data, options, "(two)[1!]"), "a block is another's");
    TAP_CHECK(shows(&f, lines, data, options, "[2!]\n  [1!]"),
              "with more on the stack, or indented, a partial is rendered again");
    options.max_bytes = 4;
    TAP_CHECK(!shows(&f, one, data, options, "") && first_code(&f) == DIAG_LIMIT_EXCEEDED,
              "kept bytes count as output");
    partial_memo_release(&memo);
    close_fixture(&f);
}

int main(void) {
    test_partials_list();
    test_nesting();
    test_nesting_by_partials();
    test_partial_depth();
    test_explosions();
    test_wide_mapping();
    test_indented_explosion();
    test_hostile();
    test_beginnings();
    test_threads();
    test_append();
    test_memo();
    return tap_done();
}
