/* The HTML that the specifications of CommonMark and GFM expect, for their test suites:
 * no ids, no wrappers, XHTML-style empty elements, raw HTML kept. What a page gets and
 * what the specification says differ only here; all else is shared with html.c. */
#include "text/html.h"

/* As cmark-gfm's houdini_escape_href: unlike url_put, brackets are escaped and stray '%'
 * are kept. */
static void put_href(Html *html, Str url) {
    static const char safe[] = "-_.+!*(),%#@?=;:/,+$~";
    for (ptrdiff_t i = 0; i < url.len; i++) {
        char c = url.data[i];
        if (char_is_alpha(c) || char_is_digit(c) || str_find_char(str_from(safe), c) >= 0)
            buf_char(html->out, c);
        else if (c == '&')
            PUT(html, "&amp;");
        else if (c == '\'')
            PUT(html, "&#x27;");
        else
            buf_printf(html->out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

static void put_title(Html *html, Str title) {
    if (title.len == 0)
        return;
    PUT(html, " title=\"");
    buf_html(html->out, title);
    PUT(html, "\"");
}

static void put_link(Html *html, const MdNode *node) {
    PUT(html, "<a href=\"");
    put_href(html, node->text);
    PUT(html, "\"");
    put_title(html, node->title);
    PUT(html, ">");
    html_children(html, node);
    PUT(html, "</a>");
}

static void put_plain(Html *html, const MdNode *node) {
    if (node->kind == MD_TEXT || node->kind == MD_CODE || node->kind == MD_HTML_INLINE)
        buf_html(html->out, node->text);
    else if (node->kind == MD_SOFTBREAK || node->kind == MD_LINEBREAK)
        PUT(html, " ");
    for (const MdNode *child = node->child; child; child = child->next)
        put_plain(html, child);
}

static void put_image(Html *html, const MdNode *node) {
    PUT(html, "<img src=\"");
    put_href(html, node->text);
    PUT(html, "\" alt=\"");
    for (const MdNode *child = node->child; child; child = child->next)
        put_plain(html, child);
    PUT(html, "\"");
    put_title(html, node->title);
    PUT(html, " />");
}

static void put_linebreak(Html *html, const MdNode *node) {
    (void)node;
    PUT(html, "<br />\n");
}

static void put_rule(Html *html, const MdNode *node) {
    (void)node;
    html_line(html);
    PUT(html, "<hr />\n");
}

static void put_heading(Html *html, const MdNode *node) {
    html_line(html);
    buf_printf(html->out, "<h%d>", node->number);
    html_children(html, node);
    buf_printf(html->out, "</h%d>\n", node->number);
}

static void put_code_block(Html *html, const MdNode *node) {
    ptrdiff_t end = 0;
    while (end < node->title.len && !char_is_space(node->title.data[end]))
        end++;
    html_line(html);
    PUT(html, "<pre><code");
    if (node->title.len) {
        PUT(html, " class=\"language-");
        buf_html(html->out, str_slice(node->title, 0, end));
        PUT(html, "\"");
    }
    PUT(html, ">");
    buf_html(html->out, node->text);
    PUT(html, "</code></pre>\n");
}

/* ---- GFM ---- */

static const char *const filtered_tags[] = {"title",    "textarea", "style",
                                            "xmp",      "iframe",   "noembed",
                                            "noframes", "script",   "plaintext"};

/* GFM 6.11: does a tag that is filtered start here? */
static bool is_filtered(Str html) {
    if (html.len < 3 || html.data[0] != '<')
        return false;
    ptrdiff_t at = html.data[1] == '/' ? 2 : 1;
    for (size_t i = 0; i < sizeof filtered_tags / sizeof *filtered_tags; i++) {
        Str tag = str_from(filtered_tags[i]);
        if (!str_equal_nocase(str_slice(html, at, at + tag.len), tag))
            continue;
        Str rest = str_from_offset(html, at + tag.len);
        return rest.len && (char_is_space(rest.data[0]) || rest.data[0] == '>' ||
                            str_has_prefix(rest, S("/>")));
    }
    return false;
}

static void put_raw(Html *html, Str raw) {
    if (!(html->doc->options.spec_extensions & MARKDOWN_TAGFILTER)) {
        buf_str(html->out, raw);
        return;
    }
    for (ptrdiff_t i = 0; i < raw.len; i++) {
        if (is_filtered(str_from_offset(raw, i)))
            PUT(html, "&lt;");
        else
            buf_char(html->out, raw.data[i]);
    }
}

static void put_html_inline(Html *html, const MdNode *node) { put_raw(html, node->text); }

static void put_html_block(Html *html, const MdNode *node) {
    html_line(html);
    put_raw(html, node->text);
    html_line(html);
}

static void put_item(Html *html, const MdNode *node) {
    html_line(html);
    PUT(html, "<li>");
    if (node->task && node->checked)
        PUT(html, "<input type=\"checkbox\" checked=\"\" disabled=\"\" /> ");
    else if (node->task)
        PUT(html, "<input type=\"checkbox\" disabled=\"\" /> ");
    html_children(html, node);
    PUT(html, "</li>\n");
}

static void put_cell(Html *html, const MdNode *node) {
    const uint8_t *alignments = node->parent->parent->alignments;
    buf_cstr(html->out, node->parent->header ? "<th" : "<td");
    switch (alignments ? alignments[node->number] : 0) {
    case 'l':
        PUT(html, " align=\"left\"");
        break;
    case 'c':
        PUT(html, " align=\"center\"");
        break;
    case 'r':
        PUT(html, " align=\"right\"");
        break;
    default:
        break;
    }
    PUT(html, ">");
    html_children(html, node);
    buf_cstr(html->out, node->parent->header ? "</th>\n" : "</td>\n");
}

static void put_table(Html *html, const MdNode *node) {
    html_line(html);
    PUT(html, "<table>\n");
    bool body = false;
    for (const MdNode *row = node->child; row; row = row->next) {
        if (row->header)
            PUT(html, "<thead>\n");
        else if (!body)
            PUT(html, "<tbody>\n");
        body |= !row->header;
        PUT(html, "<tr>\n");
        html_children(html, row);
        PUT(html, "</tr>\n");
        if (row->header)
            PUT(html, "</thead>\n");
    }
    if (body)
        PUT(html, "</tbody>\n");
    PUT(html, "</table>\n");
}

/* ---- footnotes, as cmark-gfm writes them ---- */

static const MdNode *definition(Html *html, int footnote) {
    return html->doc->blocks[html->doc->n_blocks + footnote].node;
}

static void put_ref(Html *html, const MdNode *node) {
    Str label = definition(html, node->number)->text;
    int occurrence = ++html->seen[node->number];
    PUT(html, "<sup class=\"footnote-ref\"><a href=\"#fn-");
    put_href(html, label);
    PUT(html, "\" id=\"fnref-");
    put_href(html, label);
    if (occurrence > 1)
        buf_printf(html->out, "-%d", occurrence);
    buf_printf(html->out, "\" data-footnote-ref>%d</a></sup>", node->number + 1);
}

static void put_back_link(Html *html, int number, int occurrence) {
    PUT(html, "<a href=\"#fnref-");
    put_href(html, definition(html, number - 1)->text);
    if (occurrence > 1)
        buf_printf(html->out, "-%d", occurrence);
    PUT(html, "\" class=\"footnote-backref\" data-footnote-backref "
              "data-footnote-backref-idx=\"");
    buf_printf(html->out, occurrence > 1 ? "%d-%d" : "%d", number, occurrence);
    PUT(html, "\" aria-label=\"Back to reference ");
    buf_printf(html->out, occurrence > 1 ? "%d-%d" : "%d", number, occurrence);
    PUT(html, "\">↩");
    if (occurrence > 1)
        buf_printf(html->out, "<sup class=\"footnote-ref\">%d</sup>", occurrence);
    PUT(html, "</a>");
}

static void put_back_links(Html *html) {
    int number = html->footnote;
    html->footnote = 0;
    for (int i = 1; i <= html->seen[number - 1] || i == 1; i++) {
        if (i > 1)
            PUT(html, " ");
        put_back_link(html, number, i);
    }
}

static void put_footnote(Html *html, const MdNode *node) {
    html->footnote = node->number + 1;
    PUT(html, "<li id=\"fn-");
    put_href(html, node->text);
    PUT(html, "\">\n");
    html_children(html, node);
    if (html->footnote) {
        put_back_links(html);
        PUT(html, "\n");
    }
    PUT(html, "</li>\n");
}

static void put_footnotes(Html *html) {
    if (html->doc->n_footnotes == 0)
        return;
    PUT(html, "<section class=\"footnotes\" data-footnotes>\n<ol>\n");
    for (int i = 0; i < html->doc->n_footnotes; i++)
        html_node(html, definition(html, i));
    PUT(html, "</ol>\n</section>\n");
}

static void put_paragraph(Html *html, const MdNode *node) {
    if (html_is_tight(node)) {
        html_children(html, node);
        return;
    }
    html_line(html);
    PUT(html, "<p>");
    html_children(html, node);
    if (node->parent && node->parent->kind == MD_FOOTNOTE && !node->next &&
        html->footnote) {
        PUT(html, " ");
        put_back_links(html);
    }
    PUT(html, "</p>\n");
}

static HtmlNode *const nodes[MD_KINDS] = {
    [MD_GROUP] = html_group,
    [MD_PARAGRAPH] = put_paragraph,
    [MD_HEADING] = put_heading,
    [MD_QUOTE] = html_quote,
    [MD_LIST] = html_list,
    [MD_ITEM] = put_item,
    [MD_CODE_BLOCK] = put_code_block,
    [MD_HTML_BLOCK] = put_html_block,
    [MD_RULE] = put_rule,
    [MD_TABLE] = put_table,
    [MD_ROW] = html_group,
    [MD_CELL] = put_cell,
    [MD_DIRECTIVE] = html_group,
    [MD_FOOTNOTE] = put_footnote,
    [MD_TEXT] = html_text,
    [MD_SOFTBREAK] = html_softbreak,
    [MD_LINEBREAK] = put_linebreak,
    [MD_CODE] = html_code,
    [MD_HTML_INLINE] = put_html_inline,
    [MD_EMPH] = html_emph,
    [MD_STRONG] = html_strong,
    [MD_STRIKE] = html_strike,
    [MD_LINK] = put_link,
    [MD_IMAGE] = put_image,
    [MD_WIKI] = html_group,
    [MD_REF] = put_ref,
    [MD_ATTRS] = html_group,
};

void doc_spec_html(const Doc *doc, Buf *out) {
    Arena arena = {0};
    Html html = {.doc = doc, .out = out, .nodes = nodes};
    html.seen = arena_array(&arena, int, doc->n_footnotes);
    for (int i = 0; i < doc->n_blocks; i++)
        html_node(&html, doc->blocks[i].node);
    put_footnotes(&html);
    arena_release(&arena);
}
