/* The HTML of short texts: values of YAML, of which a roadmap has hundreds and nearly all
 * are plain words. Those are recognised and only escaped; the test compares both ways. A
 * short text stands nobody knows where on a page, so it has no ids but those that
 * footnotes and tabs need, which then begin with a hash of the text. */
#include "base/hash.h"
#include "text/html.h"

#include <string.h>

/* Does the byte mean nothing to Markdown wherever it stands behind a letter? Those that
 * may begin a character that HTML forbids are left to the parser. */
static bool is_plain_byte(unsigned char c) {
    return char_is_alpha((char)c) || c == ' ' || char_is_digit((char)c) ||
           (c >= 0x80 && c < 0xF0 && c != 0xC2 && c != 0xEF) ||
           (c && strchr("\"%'()+,-./;=?", c));
}

/* Text that Markdown leaves as it is: most values of a roadmap. What could be an autolink
 * has a ':' , an '@' or "www.". */
static bool is_plain(Str text) {
    if (text.len == 0 || !char_is_alpha(text.data[0]))
        return false;
    for (ptrdiff_t i = 0; i < text.len; i++)
        if (!is_plain_byte((unsigned char)text.data[i]))
            return false;
    return str_find(text, S("www.")) < 0;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool is_one_paragraph(const Doc *doc) {
    return doc->n_blocks == 1 && doc->blocks[0].node->kind == MD_PARAGRAPH &&
           !html_is_figure(doc->blocks[0].node) && doc->n_footnotes == 0;
}

static void put_plain(Str text, bool inline_only, Buf *out) {
    if (!inline_only)
        buf_str(out, S("<p>"));
    buf_html(out, text);
    if (!inline_only)
        buf_str(out, S("</p>\n"));
}

void markdown_html(Str text, bool inline_only, const HtmlHooks *hooks, Arena *arena,
                   Buf *out) {
    Str trimmed = text; /* white space before it would be indentation */
    while (trimmed.len && is_blank(trimmed.data[trimmed.len - 1]))
        trimmed.len--;
    if (is_plain(trimmed)) {
        put_plain(trimmed, inline_only, out);
        return;
    }
    Source source = {.text = text};
    Doc *doc = doc_parse(&source, 0, text.len, (MarkdownOptions){0}, NULL);
    if (!doc) {
        put_plain(trimmed, inline_only, out);
        return;
    }
    MdBody body;
    BodyOptions options = {.range = doc_all(doc)};
    bool one = is_one_paragraph(doc);
    if (!one)
        options.id_prefix = arena_printf(arena, "m%08x-", (unsigned)hash_64(text));
    body_plan(doc, options, arena, &body);
    Html html = html_init(&body, hooks, arena, out);
    html.no_anchors = true;
    if (inline_only && one)
        html_children(&html, doc->blocks[0].node);
    else
        html_body(&html);
    doc_free(doc);
}
