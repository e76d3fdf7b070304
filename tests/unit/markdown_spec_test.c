/* Markdown by files: the examples of the specifications that come with cmark-gfm's source
 * (build/deps/src/cmark-gfm/test, put there by `make deps`): spec.txt (GFM 0.29, which is
 * CommonMark 0.29 with GitHub's extensions), extensions.txt and regression.txt. Each is
 * parsed with exactly the extensions that it names and must give its HTML byte for byte.
 * smart_punct.txt is about an option that Cairn doesn't have.
 *
 * Where the specification and its own implementation disagree, `disagreements` has the
 * example's number, the reason, and what is expected instead. Our own cases are in
 * markdown_test.c. */
#include "tap.h"
#include "text/markdown.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *file;
    int number;
    const char *reason, *expected;
} disagreements[] = {
    {"spec.txt", 279,
     "marked as disabled upstream: cmark-gfm writes <input> with other attributes first",
     "<ul>\n<li><input type=\"checkbox\" disabled=\"\" /> foo</li>\n"
     "<li><input type=\"checkbox\" checked=\"\" disabled=\"\" /> bar</li>\n</ul>\n"},
    {"extensions.txt", 20, "any output will do upstream",
     "<p>This shouldn't crash everything: (<em>A</em>@_.A</p>\n"},
    {"spec.txt", 280,
     "marked as disabled upstream: cmark-gfm writes <input> with other attributes first",
     "<ul>\n<li><input type=\"checkbox\" checked=\"\" disabled=\"\" /> foo\n<ul>\n"
     "<li><input type=\"checkbox\" disabled=\"\" /> bar</li>\n"
     "<li><input type=\"checkbox\" checked=\"\" disabled=\"\" /> baz</li>\n</ul>\n</li>\n"
     "<li><input type=\"checkbox\" disabled=\"\" /> bim</li>\n</ul>\n"},
};

static const struct {
    const char *word;
    unsigned bits;
} extension_words[] = {
    {"table", MARKDOWN_TABLE},         {"strikethrough", MARKDOWN_STRIKETHROUGH},
    {"autolink", MARKDOWN_AUTOLINK},   {"tagfilter", MARKDOWN_TAGFILTER},
    {"footnotes", MARKDOWN_FOOTNOTES}, {"disabled", MARKDOWN_TASKLIST},
};

static unsigned extensions_of(Str words) {
    unsigned bits = 0;
    Str word;
    while (words.len) {
        str_cut(words, ' ', &word, &words);
        for (size_t i = 0; i < sizeof extension_words / sizeof *extension_words; i++)
            if (str_equal(word, str_from(extension_words[i].word)))
                bits |= extension_words[i].bits;
    }
    return bits;
}

static bool read_whole(const char *directory, const char *name, Buf *out) {
    char path[1024], bytes[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
        buf_str(out, (Str){bytes, (ptrdiff_t)n});
    fclose(file);
    return true;
}

/* In the examples an arrow stands for a tab. */
static void put_line(Buf *out, Str line) {
    for (ptrdiff_t i = 0; i < line.len; i++) {
        if (str_has_prefix(str_from_offset(line, i), S("→"))) {
            buf_char(out, '\t');
            i += 2;
        } else {
            buf_char(out, line.data[i]);
        }
    }
    buf_char(out, '\n');
}

static void check_example(const char *file, int number, Str markdown, Str expected,
                          unsigned extensions) {
    const char *note = "";
    for (size_t i = 0; i < sizeof disagreements / sizeof *disagreements; i++) {
        if (number == disagreements[i].number &&
            strcmp(file, disagreements[i].file) == 0) {
            note = disagreements[i].reason;
            expected = str_from(disagreements[i].expected);
        }
    }
    Source source = {.path = S("example.md"), .text = markdown};
    MarkdownOptions options = {.spec = true, .spec_extensions = extensions};
    Buf html = {0};
    Doc *doc = doc_parse(&source, 0, markdown.len, options, NULL);
    if (doc)
        doc_spec_html(doc, &html);
    doc_free(doc);
    if (!TAP_CHECK(doc && str_equal(buf_view(&html), expected), "%s %d%s%s", file, number,
                   *note ? ": " : "", note)) {
        tap_diag("markdown: %.*s", STR_ARG(markdown));
        tap_diag("expected: %.*s", STR_ARG(expected));
        tap_diag("got:      %.*s", STR_ARG(buf_view(&html)));
    }
    buf_release(&html);
}

/* Returns how many examples the file has. */
static int run_file(const char *directory, const char *name, unsigned always) {
    static const char fence[] = "````````````````````````````````";
    Buf text = {0}, markdown = {0}, html = {0};
    if (!read_whole(directory, name, &text)) {
        tap_skip("cmark-gfm's source is not there; make deps unpacks it");
        return -1;
    }
    Str rest = buf_view(&text), line;
    enum { OUTSIDE, MARKDOWN, HTML } part = OUTSIDE;
    unsigned extensions = 0;
    int number = 0;
    while (str_next_line(&rest, &line)) {
        bool fenced = str_has_prefix(line, str_from(fence));
        if (part == OUTSIDE && fenced) {
            Str words = str_from_offset(line, (ptrdiff_t)strlen(fence));
            if (!str_has_prefix(words, S(" example")))
                continue;
            extensions = extensions_of(words) | always;
            markdown.len = html.len = 0;
            part = MARKDOWN;
        } else if (part == MARKDOWN && str_equal(line, S("."))) {
            part = HTML;
        } else if (part == HTML && fenced) {
            check_example(name, ++number, buf_view(&markdown), buf_view(&html),
                          extensions);
            part = OUTSIDE;
        } else if (part != OUTSIDE) {
            put_line(part == MARKDOWN ? &markdown : &html, line);
        }
    }
    buf_release(&text);
    buf_release(&markdown);
    buf_release(&html);
    return number;
}

int main(void) {
    const char *given = getenv("CMARK_TESTS");
    const char *directory = given ? given : "build/deps/src/cmark-gfm/test";
    markdown_init();
    unsigned all = MARKDOWN_TABLE | MARKDOWN_STRIKETHROUGH | MARKDOWN_AUTOLINK |
                   MARKDOWN_TASKLIST | MARKDOWN_TAGFILTER | MARKDOWN_FOOTNOTES;
    int n = run_file(directory, "spec.txt", 0);
    if (n >= 0)
        TAP_CHECK(n == 672, "spec.txt has its 672 examples: %d", n);
    run_file(directory, "extensions.txt", all);
    run_file(directory, "regression.txt", 0);
    return tap_done();
}
