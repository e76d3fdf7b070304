/* Markdown: HTML that is valid and safe whatever comes in; an outline that names exactly
 * the links and ids of the HTML; the same bytes again the second time; short texts that
 * come out as they do in a page. The first byte chooses options. */
#include "text/markdown.h"

#include "../unit/html_check.h"
#include "base/utf8.h"
#include "fuzz.h"

#include <string.h>

typedef struct Asked {
    const DocOutline *outline;
    unsigned char *seen; /* by link */
} Asked;

static LinkTarget answer(void *self, ptrdiff_t index, const DocLink *link) {
    Asked *asked = self;
    FUZZ_CHECK(index >= 0 && index < asked->outline->n_links);
    const DocLink *known = &asked->outline->links[index];
    FUZZ_CHECK(known->kind == link->kind); /* a packed text has no places */
    FUZZ_CHECK(str_equal(known->target, link->target));
    FUZZ_CHECK(str_equal(known->label, link->label));
    asked->seen[index] = 1;
    return (LinkTarget){.href = link->target,
                        .external = index % 2,
                        .dropped = index % 7 == 3,
                        .text = S("<Title> & \"more\""),
                        .summary = S("A summary"),
                        .width = 40,
                        .height = 30};
}

static void check_html(Str html) {
    Arena arena = {0};
    ptrdiff_t place;
    const char *fault = html_fault(html, &arena, &place);
    if (fault) {
        ptrdiff_t from = place > 60 ? place - 60 : 0;
        fprintf(stderr, "%s: %.*s\n", fault, STR_ARG(str_slice(html, from, place + 20)));
    }
    FUZZ_CHECK(!fault);
    arena_release(&arena);
}

static void check_body(const Doc *doc, const Doc *again, BodyOptions options,
                       Str source) {
    Arena arena = {0};
    DocOutline outline;
    Buf html = {0}, second = {0};
    doc_outline(doc, options, &arena, &outline);
    Asked asked = {&outline, arena_alloc(&arena, outline.n_links)};
    HtmlHooks hooks = {.link = answer, .self = &asked};
    doc_html(doc, options, &hooks, &arena, &html);
    doc_html(again, options, &hooks, &arena, &second);
    FUZZ_CHECK(str_equal(buf_view(&html), buf_view(&second)));
    check_html(buf_view(&html));
    for (ptrdiff_t i = 0; i < outline.n_links; i++) {
        FUZZ_CHECK(asked.seen[i]);
        FUZZ_CHECK(outline.links[i].offset >= 0 && outline.links[i].offset <= source.len);
        FUZZ_CHECK(utf8_find_invalid(outline.links[i].context) < 0);
    }
    ptrdiff_t at = 0;
    for (ptrdiff_t i = 0; i < outline.n_headings; i++) {
        const DocHeading *heading = &outline.headings[i];
        Buf id = {0};
        buf_cstr(&id, " id=\"");
        buf_html(&id, heading->id);
        buf_char(&id, '"');
        ptrdiff_t found = str_find(str_from_offset(buf_view(&html), at), buf_view(&id));
        FUZZ_CHECK(found >= 0);
        at += found;
        FUZZ_CHECK(heading->level >= 2 && heading->level <= 6);
        buf_release(&id);
    }
    FUZZ_CHECK(utf8_find_invalid(outline.summary) < 0);
    FUZZ_CHECK(utf8_length(outline.summary) <= 300);
    buf_release(&html);
    buf_release(&second);
    arena_release(&arena);
}

static void check_sections(const Doc *doc, const Doc *again, Str source) {
    Arena arena = {0};
    const DocSection *sections;
    ptrdiff_t n = doc_sections(doc, &arena, &sections);
    int end = doc_n_blocks(doc);
    for (ptrdiff_t i = n - 1; i >= 0 && i >= n - 8; i--) {
        BodyOptions options = {
            .range = {sections[i].block + 1, end}, .shift = 1, .id_prefix = S("p-")};
        FUZZ_CHECK(sections[i].offset >= 0 && sections[i].offset <= source.len);
        check_body(doc, again, options, source);
        end = sections[i].block;
    }
    arena_release(&arena);
}

static void check_diags(DiagList *diags, Str source) {
    for (ptrdiff_t i = 0; i < diags->diags.n; i++) {
        const Diag *diag = &diags->diags.items[i];
        FUZZ_CHECK(diag->loc.offset >= 0 && diag->loc.offset <= source.len);
        FUZZ_CHECK(diag->message.len > 0);
    }
}

static void check_short(Str text) {
    Arena arena = {0};
    Buf html = {0}, inside = {0};
    markdown_html(text, false, NULL, &arena, &html);
    markdown_html(text, true, NULL, &arena, &inside);
    check_html(buf_view(&html));
    check_html(buf_view(&inside));
    FUZZ_CHECK(str_find(buf_view(&html), buf_view(&inside)) >= 0);
    Source source = {.path = S("short"), .text = text};
    Doc *doc = doc_parse(&source, 0, text.len, (MarkdownOptions){0}, NULL);
    Buf whole = {0};
    if (doc)
        doc_html(doc, (BodyOptions){.range = doc_all(doc), .shift = 3}, NULL, &arena,
                 &whole);
    if (doc && str_find(buf_view(&whole), S(" id=\"")) < 0 &&
        str_find(buf_view(&whole), S("<input type=\"radio\"")) < 0)
        FUZZ_CHECK(str_equal(buf_view(&whole), buf_view(&html)));
    doc_free(doc);
    buf_release(&whole);
    buf_release(&html);
    buf_release(&inside);
    arena_release(&arena);
}

/* The specification's HTML is only run: raw HTML makes it anything. */
static void run_spec(const Source *source, unsigned extensions) {
    MarkdownOptions options = {.spec = true, .spec_extensions = extensions};
    Doc *doc = doc_parse(source, 0, source->text.len, options, NULL);
    Buf html = {0};
    if (doc)
        doc_spec_html(doc, &html);
    doc_free(doc);
    buf_release(&html);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    markdown_init();
    unsigned mode = size ? data[0] : 0;
    Source source = {.path = S("fuzz.md")};
    if (size > 1)
        source.text = fuzz_input(data + 1, size - 1);
    if (utf8_find_invalid(source.text) >= 0 || str_find_char(source.text, '\0') >= 0)
        return 0;
    if (mode % 8 == 7) {
        run_spec(&source, mode / 8 * 9);
        return 0;
    }
    DiagList diags = {0};
    MarkdownOptions options = {.lint = mode & 1, .memory_max = mode & 2 ? 1 << 20 : 0};
    Doc *doc = doc_parse(&source, 0, source.text.len, options, &diags);
    Doc *again = doc_parse(&source, 0, source.text.len, (MarkdownOptions){0}, NULL);
    if (!doc)
        FUZZ_CHECK(diags.diags.n > 0);
    Buf scratch = {0};
    Arena arena = {0};
    Str packed = doc ? doc_pack(doc, &scratch, &arena) : (Str){0};
    if (packed.len && again) { /* what was packed is as good as a second parse */
        doc_free(again);
        again = doc_unpack(&source, 0, source.text.len, (MarkdownOptions){0}, packed);
    }
    if (doc && again) {
        BodyOptions body = {.range = doc_all(doc),
                            .drop_first_h1 = mode & 4,
                            .title = S("Title"),
                            .shift = -1};
        check_body(doc, again, body, source.text);
        check_sections(doc, again, source.text);
    }
    check_diags(&diags, source.text);
    check_short(source.text);
    buf_release(&scratch);
    arena_release(&arena);
    doc_free(again);
    doc_free(doc);
    diag_list_release(&diags);
    return 0;
}
