/* A packed text must give the HTML of the parsed one, to the byte. The texts are every
 * page of the sample site and those below, which have each kind of node. */
#include "base/fs.h"
#include "tap.h"
#include "text/markdown.h"

#include <string.h>
#include <unistd.h>

static LinkTarget target_of(void *self, ptrdiff_t index, const DocLink *link) {
    static char href[64];
    (void)self, (void)link;
    snprintf(href, sizeof href, "/link-%td/", index);
    return (LinkTarget){
        .href = str_from(href), .text = S("title"), .width = 8, .height = 4};
}

static void html_of(const Doc *doc, Arena *arena, Buf *out) {
    HtmlHooks hooks = {.link = target_of};
    BodyOptions options = {.range = doc_all(doc), .shift = -1, .drop_first_h1 = true};
    doc_html(doc, options, &hooks, arena, out);
}

/* Returns whether the text was packed. */
static bool compare(Str text, const char *name) {
    Arena arena = {0};
    Buf scratch = {0}, parsed = {0}, unpacked = {0};
    Source source = {S("text.md"), text};
    Doc *doc = doc_parse(&source, 0, text.len, (MarkdownOptions){0}, NULL);
    Str packed = doc ? doc_pack(doc, &scratch, &arena) : (Str){0};
    if (packed.len) {
        html_of(doc, &arena, &parsed);
        doc_free(doc);
        doc = doc_unpack(&source, 0, text.len, (MarkdownOptions){0}, packed);
        html_of(doc, &arena, &unpacked);
        TAP_CHECK(str_equal(buf_view(&parsed), buf_view(&unpacked)), "%s: the same HTML",
                  name);
        TAP_CHECK(packed.len < 200 + text.len, "%s: %td bytes for %td", name, packed.len,
                  text.len);
    }
    if (doc)
        doc_free(doc);
    buf_release(&scratch);
    buf_release(&parsed);
    buf_release(&unpacked);
    arena_release(&arena);
    return packed.len > 0;
}

static void test_kinds(void) {
    static const char *const packed[] = {
        "#\n\n# A\n\n##\n\ntext\n\n## B\n",
        "# T\n\n## A *b* `c` **d** ~~e~~\n\ntext  \nbreak\nsoft\n",
        "- a\n- b\n\n  c\n\n3. x\n4. y\n\n- [ ] t\n- [x] u\n",
        "> quote\n>> inner\n\n---\n\n```c title=\"x\"\nint x;\n```\n\n    indented\n",
        "| a | b |\n|:--|--:|\n| `1` | **2** |\n| 3 |\n",
        "[a](b.md \"t\") ![alt *x*](c.png \"u\") [[wiki]] [[wiki#a|label]] "
        "<https://e.org>\n",
        "&amp; \\* &quot; [x](<a b>) [ref]\n\n[ref]: /url 'title'\n\nwww.example.org "
        "a@b.org\n",
        "[![in](i.png)](l.md) [a **b [[c]]**](d)\n\n<!-- comment -->\n\ntext <!-- c "
        "-->\n",
        "[](x) [bad](javascript:x) \xC3\xA9\xE2\x80\xA6 \xF0\x9F\x98\x80\n\n> - a\n>   "
        "1. b\n",
    };
    static const char *const parsed[] = {"::: note\nx\n:::\n", "a[^1]\n\n[^1]: b\n",
                                         "## A {slug=b}\n", "> [!NOTE]\n> x\n"};
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        TAP_CHECK(compare(str_from(packed[i]), "a text"), "text %zu is packed", i);
    for (size_t i = 0; i < sizeof parsed / sizeof *parsed; i++)
        TAP_CHECK(!compare(str_from(parsed[i]), "a text"), "rare text %zu is not", i);
}

static void test_files(const char *folder) {
    Arena arena = {0};
    Err err;
    FsEntries entries = {0};
    int root = fs_open_root(folder, &err);
    ptrdiff_t n_packed = 0;
    if (root < 0 || !fs_walk(root, ".", &arena, NULL, NULL, &entries, &err)) {
        tap_skip("the folder is not here");
        return;
    }
    for (ptrdiff_t i = 0; i < entries.n; i++) {
        Str text;
        const char *path = arena_cstr(&arena, entries.items[i].path);
        if (str_has_suffix(entries.items[i].path, S(".md")) &&
            fs_read(root, path, 1 << 20, &arena, &text, &err))
            n_packed += compare(text, path);
    }
    TAP_CHECK(n_packed > 0, "%s: %td texts are packed", folder, n_packed);
    close(root);
    arena_release(&arena);
}

int main(void) {
    markdown_init();
    test_kinds();
    test_files("content");
    test_files("../shared/corpora/infra-roadmap/content");
    return tap_done();
}
