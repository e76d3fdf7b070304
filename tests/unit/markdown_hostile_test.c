/* Inputs that have hurt other Markdown programs (TRUST.md): each, at 64 KB and at 1 MB,
 * must be turned into HTML or refused in under a second and 256 MB.
 *
 * Every input runs in a child process of its own, with its address space limited; the
 * child parses twice, as a build does. What counts is processor time, so that a busy
 * machine changes nothing. Sanitisers need memory and time of their own: they get the
 * smaller size.
 *
 * timeout: 900 */
#include "tap.h"
#include "text/markdown.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITISED = 1, SECONDS_MAX = 30 };
#else
enum { SANITISED = 0, SECONDS_MAX = 1 };
#endif
enum { MEMORY_MAX = 256 << 20 };

/* `before`, then `unit` as often as fits into half of the size (all of it where there is
 * no second unit), then `second` for the other half, then `after`. */
typedef struct Hostile {
    const char *name, *before, *unit, *second, *after;
} Hostile;

static const Hostile hostiles[] = {
    {"open brackets", "", "[", NULL, ""},
    {"open and close brackets", "", "[", "]", ""},
    {"pictures in pictures", "", "![[]()", NULL, ""},
    {"open links", "", "[a](", NULL, ""},
    {"open links with angles", "", "[a](<b", NULL, ""},
    {"links", "", "[a](b)", NULL, ""},
    {"links with titles", "", "[a](b \"c\") ", NULL, ""},
    {"link openers and emphasis", "", "[ a_", NULL, ""},
    {"emphasis that never closes", "", "*a **a ", NULL, ""},
    {"emphasis closers", "", "a**b", NULL, ""},
    {"emphasis inside words", "", "a_b*c_", NULL, ""},
    {"strong nested", "", "**x ", "** ", ""},
    {"emphasis nested", "", "*a ", "a*", ""},
    {"strikes", "", "~a ~~a ", NULL, ""},
    {"strikes closers", "", "a~~b", NULL, ""},
    {"quotes", "", ">", NULL, "a"},
    {"quotes, then emphasis", "", ">", "a*", ""},
    {"quotes, then lines", "", "> ", "\na", ""},
    {"lists, then lines", "", "- ", "\n", "x"},
    {"lists with text, then lines", "x\n\n", "- ", "\n", ""},
    {"numbered lists", "", "1) ", "\n", ""},
    {"lists and quotes", "", "> - ", NULL, "x"},
    {"lists and quotes, then lines", "", "> - ", "\n", "x"},
    {"footnotes", "", "[^1]:", "\n", ""},
    {"footnote definitions", "", "[^a]: b\n\n", NULL, ""},
    {"footnote references", "[^1]: b\n\n", "[^1]", NULL, ""},
    {"footnotes in footnotes", "[^1]\n\n[^1]: ", "[^1] ", NULL, ""},
    {"autolink with brackets", "http://a.b/", ")", NULL, ""},
    {"autolinks", "", "http://a.b/c) ", NULL, ""},
    {"www", "", "www.", NULL, ""},
    {"www with underscores", "www.", "_.", NULL, ""},
    {"mail addresses", "", "a@b.c ", NULL, ""},
    {"at signs", "", "a@", NULL, ""},
    {"colon at", "", ":@", NULL, ""},
    {"xmpp", "", "xmpp:@", NULL, ""},
    {"mailto", "", "mailto:a@", NULL, ""},
    {"CDATA", "", "a<![CDATA[", NULL, ""},
    {"processing instructions", "", "a<?", NULL, ""},
    {"declarations", "", "a<!A ", NULL, ""},
    {"comments", "", "a<!--", NULL, ""},
    {"comments in blocks", "", "<!--\n", NULL, ""},
    {"tags", "", "<a ", NULL, ""},
    {"tags with attributes", "<a", " b=\"", NULL, ""},
    {"HTML blocks", "", "<div>\n\n", NULL, ""},
    {"entities", "", "&amp;", NULL, ""},
    {"ampersands", "", "&", NULL, ""},
    {"long entity", "&#", "0", NULL, ";"},
    {"backslashes", "", "\\", NULL, ""},
    {"escaped brackets", "", "\\[", NULL, ""},
    {"backticks", "", "`a``", NULL, ""},
    {"fences", "", "```\n", NULL, ""},
    {"long fence", "", "`", "\n```", ""},
    {"thematic breaks", "", "* * * * a\n", NULL, ""},
    {"setext", "a\n", "=", NULL, ""},
    {"setext headings", "", "a\n=\n", NULL, ""},
    {"headings of one name", "", "# a\n", NULL, ""},
    {"headings with numbers", "", "# a-2\n# a\n", NULL, ""},
    {"hashes", "# a ", "#", NULL, "b"},
    {"table row of many cells", "", "|a", NULL, "|\n|-|\n"},
    {"table header of many cells", "|", "a|", "-|", ""},
    {"table delimiter rows", "a | b\n", "-|-\n", NULL, ""},
    {"table lines", "|a|\n|-|\n", "|\n", NULL, ""},
    {"table of one column", "|a|\n|-|\n", "a\n", NULL, ""},
    {"tables", "", "|a|b|\n|-|-|\n\n", NULL, ""},
    {"pipes", "", "|", NULL, ""},
    {"escaped pipes", "|a|\n|-|\n|", "\\|", NULL, "|"},
    {"reference definitions", "", "[a]: b\n", NULL, ""},
    {"a paragraph of definitions", "[a]: ", "[a]: b ", NULL, ""},
    {"a label without an end", "[a", " a", NULL, "]: b"},
    {"tasks", "", "- [ ] a\n", NULL, ""},
    {"NUL bytes", "a", "\x01", NULL, ""},
    {"byte order marks", "", "\xEF\xBB\xBF", NULL, ""},
    {"CRLF", "", "a\r\n", NULL, ""},
    {"lone CR", "", "a\r", NULL, ""},
    {"line ends", "", "\n", NULL, ""},
    {"tabs", "", "\t", NULL, "a"},
    {"spaces", "a", " ", NULL, "a"},
    {"spaces in lines", "a\n", "   \n", NULL, ""},
    {"indented lists", "", "- a\n  ", NULL, ""},
    {"directives", "", "::: note\n", NULL, ""},
    {"directives, then lines", "", "::: note\n", "\n", ""},
    {"directives closed", "", "::: note\n", ":::\n", ""},
    {"closing fences", "", ":::\n", NULL, ""},
    {"colons", "", ":", NULL, " note"},
    {"attributes", "::: note ", "a=b ", NULL, "\n:::\n"},
    {"tabs of tabs", ":::: tabs\n", "::: tab title=a\n:::\n", NULL, "::::\n"},
    {"quiz items", "::: quiz\n", "- [x] a\n\n", NULL, ":::\n"},
    {"wiki links", "", "[[a]] ", NULL, ""},
    {"wiki links that open", "", "[[a", NULL, ""},
    {"wiki links that open, then close", "", "[[a", "]]", ""},
    {"wiki links escaped", "", "\\[[a]] ", NULL, ""},
    {"wiki links by entities", "", "[&#91;a]] ", NULL, ""},
    {"wiki links with a reference", "[a]: b\n\n", "[[a]] ", NULL, ""},
    {"braces behind headings", "", "# a {b=c}\n", NULL, ""},
    {"one heading with braces", "# a ", "{b=c ", NULL, "}"},
    {"wrongly decoded", "", "‚Äô", NULL, ""},
    {"one word", "", "a ", NULL, ""},
    {"one long word", "", "a", NULL, ""},
    {"numbered lines", "", "9. a\n\nb\n\n", NULL, ""},
};

static void repeat(Buf *out, const char *unit, ptrdiff_t until) {
    Str s = str_from(unit);
    while (out->len + s.len <= until)
        buf_str(out, s);
}

static void make(const Hostile *hostile, ptrdiff_t size, Buf *out) {
    buf_cstr(out, hostile->before);
    repeat(out, hostile->unit, hostile->second ? size / 2 : size);
    if (hostile->second)
        repeat(out, hostile->second, size);
    buf_cstr(out, hostile->after);
}

/* ---- inputs that are no repetition ---- */

static void make_backticks(ptrdiff_t size, Buf *out) {
    for (ptrdiff_t n = 1; out->len + n < size; n++) {
        buf_fill(out, '`', n);
        buf_char(out, 'a');
    }
}

static void make_many_labels(ptrdiff_t size, Buf *out) {
    for (int n = 0; out->len < size / 2; n++)
        buf_printf(out, "[a%d]: b\n", n);
    for (int n = 0; out->len < size; n++)
        buf_printf(out, "[a%d] ", n);
}

static void make_long_reference(ptrdiff_t size, Buf *out) {
    buf_cstr(out, "[a]: /");
    buf_fill(out, 'b', size / 2);
    buf_cstr(out, "\n\n");
    repeat(out, "[a] ", size);
}

static void make_wide_table(ptrdiff_t size, Buf *out) {
    ptrdiff_t columns = 900;
    for (int row = 0; row < 2; row++) {
        for (ptrdiff_t i = 0; i < columns; i++)
            buf_cstr(out, row ? "|-" : "|a");
        buf_cstr(out, "|\n");
    }
    repeat(out, "|\n", size);
}

static void make_widest_table(ptrdiff_t size, Buf *out) {
    ptrdiff_t columns = size / 8;
    for (int row = 0; row < 2; row++) {
        for (ptrdiff_t i = 0; i < columns; i++)
            buf_cstr(out, row ? "|-" : "|a");
        buf_cstr(out, "|\n");
    }
    repeat(out, "a\n", size);
}

static void make_footnotes(ptrdiff_t size, Buf *out) {
    for (int n = 0; out->len < size; n++)
        buf_printf(out, "[^%d]\n\n[^%d]: [^%d]\n\n", n, n, n + 1);
}

static void make_growing_indent(ptrdiff_t size, Buf *out) {
    for (ptrdiff_t n = 0; out->len + n < size / 2; n += 2) {
        buf_fill(out, ' ', n);
        buf_cstr(out, "- a\n");
    }
    repeat(out, "\n", size);
}

static void make_attributes(ptrdiff_t size, Buf *out) {
    buf_cstr(out, "::: sponsor ");
    repeat(out, "cta=x ", size / 2);
    repeat(out, "image=x ", size);
    buf_cstr(out, "\n:::\n");
}

static void make_autolinks(ptrdiff_t size, Buf *out) {
    for (int n = 0; out->len < size; n++)
        buf_printf(out, "www.a-name-of-some-length-%d.example/and-a-path ", n);
}

static void make_bytes(ptrdiff_t size, Buf *out) {
    uint32_t state = 1;
    static const char bytes[] = "[]()*_`~<>&!|:-#\n \\\"'{}=^@.1a\tw/";
    while (out->len < size) {
        state = state * 1664525 + 1013904223;
        buf_char(out, bytes[(state >> 16) % (sizeof bytes - 1)]);
    }
}

static const struct {
    const char *name;
    void (*make)(ptrdiff_t size, Buf *out);
} makers[] = {
    {"backticks of growing length", make_backticks},
    {"many references", make_many_labels},
    {"a long reference used often", make_long_reference},
    {"a wide table of short rows", make_wide_table},
    {"the widest table", make_widest_table},
    {"footnotes that call each other", make_footnotes},
    {"lists of growing indentation, then lines", make_growing_indent},
    {"attributes of two kinds", make_attributes},
    {"autolinks in one line", make_autolinks},
    {"marks at random", make_bytes},
};

/* ---- running ---- */

static void limit_memory(void) {
    struct rlimit limit = {MEMORY_MAX, MEMORY_MAX};
    if (!SANITISED)
        setrlimit(RLIMIT_AS, &limit);
}

/* As a build does: parse, lint, outline; parse again, HTML. */
static void process(Str text) {
    Source source = {.path = S("hostile.md"), .text = text};
    DiagList diags = {0};
    Arena arena = {0};
    Buf html = {0};
    Doc *doc = doc_parse(&source, 0, text.len, (MarkdownOptions){.lint = true}, &diags);
    BodyOptions options = {.drop_first_h1 = true, .shift = -1};
    if (doc) {
        DocOutline outline;
        const DocSection *sections;
        options.range = doc_all(doc);
        doc_outline(doc, options, &arena, &outline);
        doc_sections(doc, &arena, &sections);
        doc_free(doc);
        arena_reset(&arena);
        doc = doc_parse(&source, 0, text.len, (MarkdownOptions){0}, NULL);
        doc_html(doc, options, NULL, &arena, &html);
        doc_free(doc);
    }
    buf_release(&html);
    arena_release(&arena);
    diag_list_release(&diags);
}

static void check(const char *name, ptrdiff_t size, const Buf *input) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        limit_memory();
        process(buf_view(input));
        _exit(0);
    }
    int status = 0;
    struct rusage usage = {0};
    bool waited = child > 0 && wait4(child, &status, 0, &usage) == child;
    double seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    bool ended = waited && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    TAP_CHECK(ended && seconds < SECONDS_MAX, "%s, %td KB (%.2f s, %ld MB)", name,
              size >> 10, seconds, usage.ru_maxrss >> 10);
}

int main(int argc, char **argv) {
    markdown_init();
    static const ptrdiff_t sizes[] = {64 << 10, 1 << 20};
    for (int k = 0; k < (SANITISED ? 1 : 2); k++) {
        for (size_t i = 0; i < sizeof hostiles / sizeof *hostiles; i++) {
            Buf input = {0};
            make(&hostiles[i], sizes[k], &input);
            if (argc < 2 || strstr(hostiles[i].name, argv[1]))
                check(hostiles[i].name, sizes[k], &input);
            buf_release(&input);
        }
        for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
            Buf input = {0};
            makers[i].make(sizes[k], &input);
            if (argc < 2 || strstr(makers[i].name, argv[1]))
                check(makers[i].name, sizes[k], &input);
            buf_release(&input);
        }
    }
    return tap_done();
}
