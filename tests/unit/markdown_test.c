/* Markdown through its C interface: places, ranges, sections, the agreement of outline
 * and HTML, limits, threads. What text becomes is in tests/spec/markdown. */
#include "text/markdown.h"

#include "guard.h"
#include "html_check.h"
#include "tap.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static Doc *parse(const Source *source, DiagList *diags) {
    return doc_parse(source, 0, source->text.len, (MarkdownOptions){.lint = true}, diags);
}

/* ---- addresses ---- */

static void test_urls(void) {
    static const char *const safe[] = {
        "",         "a.md",     "../b",      "/c",         "#d",       "?e",
        "//host/f", "http://g", "HTTPS://h", "mailto:i@j", "tel:+1",   "k/l:m",
        "n?o:p",    "q#r:s",    "ünï:code",  "1:not-one",  "-:neither"};
    static const char *const unsafe[] = {
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "java\tscript:x",
        "java\nscript:x",
        " javascript:x",
        "\x01javascript:x",
        "javascript&colon;x",
        "javascript&#58;x",
        "javascript&#x3a;x",
        "javascript&#x3A",
        "java&Tab;script:x",
        "j&#97;vascript:x",
        "&#x6A;avascript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://x",
        "about:blank",
        "blob:x",
        ("a-very-long-scheme-that-is-longer-than-any-buffer-of-"
         "sixty-four-bytes-would-hold:x"),
        "javascript\x7F:x",
        "&#0000000000000106;avascript:x"};
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        TAP_CHECK(url_is_safe(str_from(safe[i])), "safe: '%s'", safe[i]);
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
        TAP_CHECK(!url_is_safe(str_from(unsafe[i])), "unsafe: number %zu", i);
}

/* ---- sections and ranges ---- */

static const char issue_text[] = "Opening with [a](a.md).\n"
                                 "\n"
                                 "# First {slug=one}\n"
                                 "\n"
                                 "Text [b](b.md) and a note[^x].\n"
                                 "\n"
                                 "## Details\n"
                                 "\n"
                                 "> ## Details\n"
                                 "\n"
                                 "# [[version-numbers]]\n"
                                 "\n"
                                 "# Third {inline}\n"
                                 "\n"
                                 "![c](c.png) [d](d.md) [^y] [^x]\n"
                                 "\n"
                                 "<!-- more -->\n"
                                 "\n"
                                 "## Details\n"
                                 "\n"
                                 "[^x]: see [e](e.md)\n"
                                 "[^y]: see [[f]] again[^x]\n";

typedef struct Asked {
    const DocOutline *outline;
    ptrdiff_t n;
    bool same;
} Asked;

static LinkTarget answer(void *self, ptrdiff_t index, const DocLink *link) {
    Asked *asked = self;
    const DocOutline *outline = asked->outline;
    asked->same &= index == asked->n && index < outline->n_links &&
                   outline->links[index].kind == link->kind &&
                   outline->links[index].offset == link->offset &&
                   str_equal(outline->links[index].target, link->target) &&
                   str_equal(outline->links[index].label, link->label);
    asked->n++;
    return (LinkTarget){.href = link->target};
}

/* The outline of a range, printed, with the numbers of blocks where links were asked. */
static void check_range(const Doc *doc, BodyOptions options, const char *name,
                        const char *expected) {
    Arena arena = {0};
    DocOutline outline;
    Buf html = {0}, got = {0};
    doc_outline(doc, options, &arena, &outline);
    for (ptrdiff_t i = 0; i < outline.n_headings; i++)
        buf_printf(&got, "%d#%.*s ", outline.headings[i].level,
                   STR_ARG(outline.headings[i].id));
    for (ptrdiff_t i = 0; i < outline.n_links; i++)
        buf_printf(&got, "%.*s ", STR_ARG(outline.links[i].target));
    Asked asked = {.outline = &outline, .same = true};
    HtmlHooks hooks = {.link = answer, .self = &asked};
    doc_html(doc, options, &hooks, &arena, &html);
    if (!TAP_CHECK(str_equal(str_trim(buf_view(&got)), str_from(expected)),
                   "%s: headings and links", name))
        tap_diag("%s", buf_cstr_view(&got));
    TAP_CHECK(asked.same && asked.n == outline.n_links,
              "%s: the HTML asks for the outline's links in their order", name);
    ptrdiff_t place;
    TAP_CHECK(!html_fault(buf_view(&html), &arena, &place), "%s: valid", name);
    buf_release(&html);
    buf_release(&got);
    arena_release(&arena);
}

static bool is_attr(const DocAttr *attr, const char *key, const char *value,
                    const char *text) {
    return str_equal(attr->key, str_from(key)) &&
           str_equal(attr->value, str_from(value)) &&
           strncmp(text + attr->offset, key, strlen(key)) == 0;
}

static void test_sections(void) {
    Source source = {.path = S("issue.md"), .text = str_from(issue_text)};
    DiagList diags = {0};
    Arena arena = {0};
    Doc *doc = parse(&source, &diags);
    const DocSection *sections;
    ptrdiff_t n = doc_sections(doc, &arena, &sections);
    TAP_CHECK(n == 3, "three sections");
    TAP_CHECK(doc_n_blocks(doc) == 10, "footnotes are no blocks: %d", doc_n_blocks(doc));
    TAP_CHECK(str_equal(sections[0].title, S("First")) && sections[0].block == 1 &&
                  sections[0].n_attrs == 1 &&
                  is_attr(&sections[0].attrs[0], "slug", "one", issue_text),
              "a title without its attributes");
    TAP_CHECK(source.text.data[sections[0].offset] == '#', "the place of a section");
    TAP_CHECK(str_equal(sections[1].wiki_target, S("version-numbers")),
              "a section that is only a link");
    TAP_CHECK(sections[0].wiki_target.len == 0 && sections[2].wiki_target.len == 0,
              "sections that are no links");
    TAP_CHECK(is_attr(&sections[2].attrs[0], "inline", "", issue_text), "a flag");

    check_range(doc, (BodyOptions){.range = doc_all(doc), .shift = 1}, "all",
                "2#first 3#details 3#details-2 2#version-numbers 2#third 3#details-3 "
                "a.md b.md version-numbers c.png d.md e.md f");
    check_range(doc, (BodyOptions){.range = {2, 5}, .shift = 1}, "first item",
                "3#details 3#details-2 b.md e.md");
    check_range(doc, (BodyOptions){.range = {7, 10}, .shift = -1, .id_prefix = S("x-")},
                "third item", "2#x-details c.png d.md f e.md");
    check_range(doc, (BodyOptions){.range = {6, 10}, .drop_first_h1 = true, .shift = -1},
                "third item with its title", "2#details c.png d.md f e.md");
    check_range(doc, (BodyOptions){.range = {5, 5}}, "an empty range", "");
    check_range(doc, (BodyOptions){.range = {-3, 99}, .shift = 9}, "a range too large",
                "6#first 6#details 6#details-2 6#version-numbers 6#third 6#details-3 "
                "a.md b.md version-numbers c.png d.md e.md f");
    TAP_CHECK(doc_more(doc, doc_all(doc)) == 8, "where the email's part ends: %d",
              doc_more(doc, doc_all(doc)));
    TAP_CHECK(doc_more(doc, (DocRange){2, 5}) == 5, "no such mark: the end of the range");
    doc_free(doc);
    diag_list_release(&diags);
    arena_release(&arena);
}

/* ---- places ---- */

static void test_places(void) {
    static const char text[] = "---\nskipped\n---\n\r\n- item\r  [l](x.md)\r\n\t> ü "
                               "[[w]] ![](y.png)\n## H {a=\"b c\"}\n";
    Source source = {.path = S("p.md"), .text = str_from(text)};
    ptrdiff_t from = (ptrdiff_t)strlen("---\nskipped\n---\n");
    DiagList diags = {0};
    Arena arena = {0};
    Doc *doc = doc_parse(&source, from, source.text.len, (MarkdownOptions){.lint = true},
                         &diags);
    DocOutline outline;
    doc_outline(doc, (BodyOptions){.range = doc_all(doc)}, &arena, &outline);
    TAP_CHECK(outline.n_links == 3, "three links");
    static const char *const marks[] = {"[l]", "[[w", "![]"};
    for (int i = 0; i < 3 && i < outline.n_links; i++)
        TAP_CHECK(outline.links[i].offset == strstr(text, marks[i]) - text,
                  "the place of %s, counted from the start of the file", marks[i]);
    TAP_CHECK(outline.n_headings == 1 &&
                  outline.headings[0].offset == strstr(text, "## H") - text,
              "the place of a heading");
    TAP_CHECK(diags.diags.n == 1 && diags.diags.items[0].code == DIAG_MISSING_ALT &&
                  diags.diags.items[0].loc.offset == strstr(text, "![]") - text,
              "the place of a warning");
    doc_free(doc);
    doc = doc_parse(&source, 0, from - 5, (MarkdownOptions){0}, NULL);
    doc_outline(doc, (BodyOptions){.range = doc_all(doc)}, &arena, &outline);
    TAP_CHECK(str_equal(outline.summary, S("skipped")) || outline.n_headings == 1,
              "what stands behind `to` is not read");
    doc_free(doc);
    diag_list_release(&diags);
    arena_release(&arena);
}

/* ---- limits ---- */

static void repeat(Buf *out, const char *unit, int n) {
    for (int i = 0; i < n; i++)
        buf_cstr(out, unit);
}

/* Parses `n` times `unit` between the others; true when it is refused with a message. */
static bool is_refused(const char *before, const char *unit, int n, const char *after,
                       ptrdiff_t memory) {
    Buf text = {0};
    DiagList diags = {0};
    buf_cstr(&text, before);
    repeat(&text, unit, n);
    buf_cstr(&text, after);
    Source source = {.path = S("limit.md"), .text = buf_view(&text)};
    Doc *doc = doc_parse(&source, 0, source.text.len,
                         (MarkdownOptions){.memory_max = memory}, &diags);
    bool refused =
        !doc && diags.diags.n == 1 && diags.diags.items[0].code == DIAG_LIMIT_EXCEEDED;
    bool accepted = doc && diags.diags.n == 0;
    doc_free(doc);
    diag_list_release(&diags);
    buf_release(&text);
    if (!refused && !accepted)
        tap_diag("neither refused nor accepted");
    return refused;
}

static void make_table(Buf *out, int columns, int rows) {
    for (int row = 0; row < rows + 2; row++) {
        repeat(out, row == 1 ? "|-" : "|a", columns);
        buf_cstr(out, "|\n");
    }
}

static bool is_table_refused(int columns, int rows) {
    Buf text = {0};
    make_table(&text, columns, rows);
    bool refused = is_refused(buf_cstr_view(&text), "", 0, "", 0);
    buf_release(&text);
    return refused;
}

static void test_limits(void) {
    TAP_CHECK(!is_refused("", ">", 100, " a\n", 0), "100 quotes");
    TAP_CHECK(is_refused("", ">", 101, " a\n", 0), "101 quotes");
    TAP_CHECK(is_refused("", ">", 101, " # a\n", 0), "a heading in 101 quotes");
    TAP_CHECK(is_refused("", ">", 101, "\n", 0), "101 quotes around nothing");
    TAP_CHECK(!is_refused("", "1) ", 60, "a\n", 0), "60 lists");
    TAP_CHECK(!is_refused("", "[a](b) ", 20000, "\n", 0), "20,000 links");
    TAP_CHECK(is_refused("", "[a](b) ", 20001, "\n", 0), "20,001 links");
    TAP_CHECK(is_refused("", "[[a]] ", 20001, "\n", 0), "20,001 wiki links");
    TAP_CHECK(is_refused("", "# a\n", 20001, "\n", 0), "20,001 headings");
    TAP_CHECK(is_refused("[^1]: x\n\n", "[^1] ", 20001, "\n", 0), "20,001 references");
    TAP_CHECK(!is_table_refused(1000, 3), "1,000 columns");
    TAP_CHECK(is_table_refused(1001, 3), "1,001 columns");
    TAP_CHECK(!is_table_refused(100, 999), "100,000 cells");
    TAP_CHECK(is_table_refused(100, 1000), "100,100 cells");
    TAP_CHECK(!is_refused("", "**a ", 90, "b", 0), "marks that open 90 deep");
    Buf deep = {0};
    repeat(&deep, "*a **a ", 80);
    repeat(&deep, " a** a*", 80);
    TAP_CHECK(is_refused(buf_cstr_view(&deep), "", 0, "", 0), "emphasis 160 deep");
    buf_release(&deep);
    TAP_CHECK(is_refused("", "[", 100000, "\n", 1 << 20), "memory");
    TAP_CHECK(is_refused("", "a\n\n", 100000, "\n", 1 << 20), "memory, in blocks");
    TAP_CHECK(!is_refused("", "a ", 1000, "~~b~~ [[c]]\n", 0), "the next text is fine");
}

/* ---- memory: nothing is read behind the text ---- */

static void test_guarded(void) {
    static const char *const texts[] = {
        "[[a", "::: note", ":::",     "# a {b=", "[a](",         "`",         "&",
        "<",   "\\",       "|a|\n|-", "- [",     "[^1]:",        "> [!NOTE]", "a\r",
        "‚Äô", "```",      "www.",    "a@b",     "::: note a=\""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Source source = {.path = S("guarded.md"), .text = guard_str(str_from(texts[i]))};
        DiagList diags = {0};
        Arena arena = {0};
        Buf html = {0};
        Doc *doc = parse(&source, &diags);
        BodyOptions options = {.range = doc_all(doc)};
        DocOutline outline;
        doc_outline(doc, options, &arena, &outline);
        doc_html(doc, options, NULL, &arena, &html);
        markdown_html(source.text, true, NULL, &arena, &html);
        TAP_CHECK(doc_n_blocks(doc) <= 1, "read to its last byte: number %zu", i);
        doc_free(doc);
        buf_release(&html);
        arena_release(&arena);
        diag_list_release(&diags);
    }
}

/* ---- short texts ---- */

static void test_short(void) {
    static const char *const texts[] = {"Plain",
                                        "1. a list",
                                        "- another",
                                        "a_b_c",
                                        "x www.y.z",
                                        "see http://x.y",
                                        "a: b",
                                        "tail  ",
                                        "a - b, c; d?",
                                        "a@b.cd",
                                        "Käse & \"Brot\"",
                                        "50%",
                                        "# heading",
                                        "",
                                        "   ",
                                        "A\nB",
                                        "A (b) 'c'",
                                        "C++ / C#",
                                        "a/b=c+d",
                                        "x\\y",
                                        "+ plus",
                                        "Setext\n===",
                                        "a  \nb",
                                        "é",
                                        "    code",
                                        "a\v",
                                        " a",
                                        "\va"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Arena arena = {0};
        Buf fast = {0}, slow = {0};
        Source source = {.path = S("short"), .text = str_from(texts[i])};
        markdown_html(source.text, false, NULL, &arena, &fast);
        Doc *doc = doc_parse(&source, 0, source.text.len, (MarkdownOptions){0}, NULL);
        doc_html(doc, (BodyOptions){.range = doc_all(doc), .shift = 3}, NULL, &arena,
                 &slow);
        bool anchored = str_find(buf_view(&slow), S(" id=\"")) >= 0;
        TAP_CHECK(anchored || str_equal(buf_view(&fast), buf_view(&slow)),
                  "a short text is as a page: number %zu", i);
        doc_free(doc);
        buf_release(&fast);
        buf_release(&slow);
        arena_release(&arena);
    }
}

static void test_directives(void) {
    bool documented = markdown_n_directives >= 18;
    for (ptrdiff_t i = 0; i < markdown_n_directives; i++)
        documented &= markdown_directives[i].name && markdown_directives[i].doc &&
                      markdown_directives[i].attributes && markdown_directives[i].html;
    TAP_CHECK(documented, "each directive has a name, attributes, a line for the manual");
}

/* ---- threads ---- */

enum { DOCUMENTS = 64, ROUNDS = 40, THREADS = 2 };

typedef struct Work {
    Buf texts[DOCUMENTS], expected[DOCUMENTS];
    int wrong[THREADS];
} Work;

typedef struct Worker {
    Work *work;
    int number;
} Worker;

static void render(Str text, Arena *arena, Buf *out) {
    Source source = {.path = S("t.md"), .text = text};
    DiagList diags = {0};
    DocOutline outline;
    Doc *doc = parse(&source, &diags);
    BodyOptions options = {.range = doc_all(doc), .shift = -1};
    doc_outline(doc, options, arena, &outline);
    doc_html(doc, options, NULL, arena, out);
    doc_free(doc);
    DiagReport report = diags_finish(arena, &diags, 1, NULL);
    diags_print(&report, DIAG_HUMAN, false, out);
    diag_list_release(&diags);
}

static void *run_worker(void *argument) {
    Worker *worker = argument;
    Work *work = worker->work;
    Arena arena = {0};
    Buf out = {0};
    for (int i = 0; i < ROUNDS * DOCUMENTS; i++) {
        int k = (i * 7 + worker->number * 31) % DOCUMENTS;
        buf_reset(&out);
        if (k % 9 == 0) /* a refused text leaves the thread's parser as it was */
            is_refused("~~a~~ ", "[", 5000, "", 1 << 19);
        render(buf_view(&work->texts[k]), &arena, &out);
        work->wrong[worker->number] +=
            !str_equal(buf_view(&out), buf_view(&work->expected[k]));
        arena_reset(&arena);
    }
    buf_release(&out);
    arena_release(&arena);
    return NULL;
}

static void test_threads(void) {
    static const char *const parts[] = {"# A ~~b~~ [[c]] {d=e}\n\n",
                                        "www.x.y and ~one~ http://z\n",
                                        "| a | b |\n|---|:-:|\n| ~~c~~ | [[d\\|e]] |\n\n",
                                        "::: note\n*f* `g`\n:::\n",
                                        "- [ ] h\n- [x] i[^1]\n\n[^1]: j\n\n",
                                        "let‚Äôs go go\n\n",
                                        "> [!TIP]\n> k@l.mn\n\n",
                                        "1. a\n3. b\n\n",
                                        "![](m.png)\n\n",
                                        "<b>n</b> &amp; _o_ **p**\n\n"};
    static Work work;
    Arena arena = {0};
    for (int i = 0; i < DOCUMENTS; i++) {
        for (int k = 0; k < 12; k++)
            buf_cstr(&work.texts[i], parts[(i * (k + 3) + k * k) % 10]);
        render(buf_view(&work.texts[i]), &arena, &work.expected[i]);
    }
    pthread_t threads[THREADS];
    Worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (Worker){&work, i};
        pthread_create(&threads[i], NULL, run_worker, &workers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        TAP_CHECK(work.wrong[i] == 0, "thread %d: %d of %d as on one thread", i,
                  ROUNDS * DOCUMENTS - work.wrong[i], ROUNDS * DOCUMENTS);
    }
    for (int i = 0; i < DOCUMENTS; i++) {
        buf_release(&work.texts[i]);
        buf_release(&work.expected[i]);
    }
    arena_release(&arena);
}

/* Docs may live beside each other and end in any order. */
static void test_side_by_side(void) {
    Source one = {.path = S("1"), .text = S("one *a*")};
    Source two = {.path = S("2"), .text = S("two [[b]]")};
    Arena arena = {0};
    Buf out = {0};
    Doc *first = doc_parse(&one, 0, one.text.len, (MarkdownOptions){0}, NULL);
    Doc *second = doc_parse(&two, 0, two.text.len, (MarkdownOptions){0}, NULL);
    markdown_html(S("*three*"), true, NULL, &arena, &out);
    doc_html(first, (BodyOptions){.range = doc_all(first)}, NULL, &arena, &out);
    doc_free(first);
    doc_html(second, (BodyOptions){.range = doc_all(second)}, NULL, &arena, &out);
    doc_free(second);
    TAP_CHECK(str_equal(buf_view(&out), S("<em>three</em><p>one <em>a</em></p>\n"
                                          "<p>two <a href=\"b\">b</a></p>\n")),
              "two documents and a short text at once");
    buf_release(&out);
    arena_release(&arena);
}

int main(void) {
    markdown_init();
    markdown_init();
    test_urls();
    test_sections();
    test_places();
    test_limits();
    test_guarded();
    test_short();
    test_directives();
    test_side_by_side();
    test_threads();
    return tap_done();
}
