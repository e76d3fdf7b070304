/* Markdown to HTML: one small function for each kind of node.
 *
 * Invariants: whatever the input, the HTML is valid (Nu checker, no errors) and runs no
 * script: text and attributes are escaped here, URLs pass url_is_safe when the tree is
 * made and url_put when they are written, raw HTML appears only where the options say so.
 * No style attributes, because a site's content security policy forbids them.
 *
 * The renderer of cmark-gfm is not used: it knows no ids, no figures, no link resolution,
 * and its filter for raw HTML is no sanitiser. */
#include "text/html.h"

const MarkdownWords markdown_english = {
    .note = STR_INIT("Note"),
    .tip = STR_INIT("Tip"),
    .important = STR_INIT("Important"),
    .warning = STR_INIT("Warning"),
    .caution = STR_INIT("Caution"),
    .details = STR_INIT("Details"),
    .question = STR_INIT("Over to you"),
    .quiz = STR_INIT("Quiz"),
    .answer = STR_INIT("Answer"),
    .sponsored = STR_INIT("Sponsored"),
    .video = STR_INIT("Watch the video"),
    .minutes = STR_INIT("min"),
    .table = STR_INIT("Table"),
    .code = STR_INIT("Code"),
    .footnotes = STR_INIT("Footnotes"),
    .back = STR_INIT("Back to reference"),
    .link_to = STR_INIT("Link to"),
};

void html_node(Html *html, const MdNode *node) { html->nodes[node->kind](html, node); }

void html_children(Html *html, const MdNode *node) {
    for (const MdNode *child = node->child; child; child = child->next)
        html_node(html, child);
}

void html_line(Html *html) {
    const Buf *out = html->out;
    if (out->len > html->start && out->data[out->len - 1] != '\n')
        buf_char(html->out, '\n');
}

void html_group(Html *html, const MdNode *node) { html_children(html, node); }

/* ---- inlines ---- */

void html_text(Html *html, const MdNode *node) { buf_html(html->out, node->text); }

void html_softbreak(Html *html, const MdNode *node) {
    (void)node;
    PUT(html, "\n");
}

static void put_linebreak(Html *html, const MdNode *node) {
    (void)node;
    PUT(html, "<br>\n");
}

void html_code(Html *html, const MdNode *node) {
    PUT(html, "<code>");
    buf_html(html->out, node->text);
    PUT(html, "</code>");
}

void html_emph(Html *html, const MdNode *node) {
    PUT(html, "<em>");
    html_children(html, node);
    PUT(html, "</em>");
}

/* As cmark-gfm does: <strong> directly inside <strong> adds nothing. */
void html_strong(Html *html, const MdNode *node) {
    bool nested = node->parent && node->parent->kind == MD_STRONG;
    if (!nested)
        PUT(html, "<strong>");
    html_children(html, node);
    if (!nested)
        PUT(html, "</strong>");
}

void html_strike(Html *html, const MdNode *node) {
    PUT(html, "<del>");
    html_children(html, node);
    PUT(html, "</del>");
}

static void put_html_inline(Html *html, const MdNode *node) {
    if (html->doc->options.raw_html)
        buf_str(html->out, node->text);
}

/* ---- footnotes ---- */

static void put_footnote_id(Html *html, const char *kind, int number, int occurrence) {
    buf_html(html->out, html->id_prefix);
    buf_printf(html->out, "%s:%d", kind, number);
    if (occurrence > 1)
        buf_printf(html->out, "-%d", occurrence);
}

static void put_ref(Html *html, const MdNode *node) {
    int footnote = node->number;
    if (!html->body || footnote < 0 || footnote >= html->doc->n_footnotes ||
        !html->body->numbers)
        return;
    int number = html->body->numbers[footnote];
    PUT(html, "<sup id=\"");
    put_footnote_id(html, "fnref", number, ++html->seen[footnote]);
    PUT(html, "\" class=\"footnote-ref\">");
    if (!html->in_link) {
        PUT(html, "<a href=\"#");
        put_footnote_id(html, "fn", number, 1);
        PUT(html, "\">");
    }
    buf_printf(html->out, "%d", number);
    if (!html->in_link)
        PUT(html, "</a>");
    PUT(html, "</sup>");
}

/* Each has a space before it, but at the start of a paragraph. */
static void put_back_links(Html *html, bool space) {
    int footnote = html->body->footnotes[html->footnote - 1];
    for (int i = 1; i <= html->body->references[footnote]; i++) {
        buf_cstr(html->out, space || i > 1 ? " <a href=\"#" : "<a href=\"#");
        put_footnote_id(html, "fnref", html->footnote, i);
        PUT(html, "\" class=\"footnote-back\" aria-label=\"");
        buf_html(html->out, html->words->back);
        buf_printf(html->out, " %d", html->footnote);
        if (i > 1)
            buf_printf(html->out, "-%d", i);
        PUT(html, "\">↩</a>");
    }
}

static void put_footnote(Html *html, const MdNode *node) {
    PUT(html, "<li id=\"");
    put_footnote_id(html, "fn", html->footnote, 1);
    PUT(html, "\">\n");
    html_children(html, node);
    if (!node->last || node->last->kind != MD_PARAGRAPH) {
        PUT(html, "<p>");
        put_back_links(html, false);
        PUT(html, "</p>\n");
    }
    PUT(html, "</li>\n");
}

static void put_footnotes(Html *html) {
    const MdBody *body = html->body;
    if (body->n_footnotes == 0)
        return;
    PUT(html, "<div class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
    buf_html(html->out, html->words->footnotes);
    PUT(html, "\">\n<ol>\n");
    for (int i = 0; i < body->n_footnotes; i++) {
        html->footnote = i + 1;
        html->link_shift = body->link_shifts[i];
        html_node(html, html->doc->blocks[html->doc->n_blocks + body->footnotes[i]].node);
    }
    PUT(html, "</ol>\n</div>\n");
}

/* ---- blocks ---- */

bool html_is_tight(const MdNode *paragraph) {
    const MdNode *item = paragraph->parent;
    return item && item->kind == MD_ITEM && item->parent && item->parent->tight;
}

/* The checkbox of a task belongs to the first paragraph of its item. */
static bool is_task_text(const MdNode *paragraph) {
    const MdNode *item = paragraph->parent;
    return item && item->kind == MD_ITEM && item->task && item->child == paragraph;
}

static void put_checkbox(Html *html, const MdNode *item) {
    if (item->checked)
        PUT(html, "<input type=\"checkbox\" checked disabled>");
    else
        PUT(html, "<input type=\"checkbox\" disabled>");
}

static void put_paragraph_text(Html *html, const MdNode *node) {
    bool task = is_task_text(node);
    if (task) {
        PUT(html, "<label>");
        put_checkbox(html, node->parent);
        PUT(html, " ");
    }
    html_children(html, node);
    if (task)
        PUT(html, "</label>");
}

/* A paragraph of one picture with a title is a figure with a caption. */
bool html_is_figure(const MdNode *node) {
    const MdNode *image = node->child;
    return image && image->kind == MD_IMAGE && !image->next && image->number >= 0 &&
           image->title.len && !is_task_text(node);
}

static void put_image_figure(Html *html, const MdNode *node) {
    html_line(html);
    PUT(html, "<figure>");
    html_picture_titled(html, node->child, (Str){0});
    PUT(html, "<figcaption>");
    buf_html(html->out, node->child->title);
    PUT(html, "</figcaption></figure>\n");
}

void html_paragraph(Html *html, const MdNode *node) {
    bool ends_footnote = node->parent && node->parent->kind == MD_FOOTNOTE && !node->next;
    if (html_is_figure(node) && !ends_footnote) {
        put_image_figure(html, node);
    } else if (html_is_tight(node)) {
        put_paragraph_text(html, node);
    } else {
        html_line(html);
        PUT(html, "<p>");
        put_paragraph_text(html, node);
        if (ends_footnote && html->footnote)
            put_back_links(html, true);
        PUT(html, "</p>\n");
    }
}

/* A short text stands nobody knows where among a page's headings. */
static void put_bold_line(Html *html, const MdNode *node) {
    PUT(html, "<p><strong>");
    html_children(html, node);
    PUT(html, "</strong></p>\n");
}

/* A link to the heading itself, shown by the theme. */
static void put_heading_link(Html *html, const MdNode *node, Str id) {
    PUT(html, " <a class=\"anchor\" href=\"#");
    url_put(html->out, id);
    PUT(html, "\" aria-label=\"");
    buf_html(html->out, html->words->link_to);
    PUT(html, " ");
    buf_html(html->out, md_text_str(node, html->arena));
    PUT(html, "\"></a>");
}

static void put_heading(Html *html, const MdNode *node) {
    if (!node->child)
        return;
    html_line(html);
    if (html->no_anchors) {
        put_bold_line(html, node);
        return;
    }
    int level = html->body->levels[node->heading];
    Str id = html->body->ids[node->heading];
    PUT(html, "<h");
    buf_int(html->out, level);
    PUT(html, " id=\"");
    buf_html(html->out, id);
    PUT(html, "\">");
    html_children(html, node);
    if (!html->hooks || !html->hooks->plain_headings)
        put_heading_link(html, node, id);
    PUT(html, "</h");
    buf_int(html->out, level);
    PUT(html, ">\n");
}

void html_quote(Html *html, const MdNode *node) {
    html_line(html);
    PUT(html, "<blockquote>\n");
    html_children(html, node);
    html_line(html);
    PUT(html, "</blockquote>\n");
}

void html_list(Html *html, const MdNode *node) {
    html_line(html);
    if (!node->ordered)
        PUT(html, "<ul>\n");
    else if (node->number == 1)
        PUT(html, "<ol>\n");
    else
        buf_printf(html->out, "<ol start=\"%d\">\n", node->number);
    html_children(html, node);
    buf_cstr(html->out, node->ordered ? "</ol>\n" : "</ul>\n");
}

void html_item(Html *html, const MdNode *node) {
    html_line(html);
    buf_cstr(html->out, node->task ? "<li class=\"task\">" : "<li>");
    if (node->task && (!node->child || node->child->kind != MD_PARAGRAPH)) {
        PUT(html, "<label>");
        put_checkbox(html, node);
        PUT(html, "</label>");
    }
    html_children(html, node);
    PUT(html, "</li>\n");
}

void html_html(Html *html, const MdNode *node) {
    if (!html->doc->options.raw_html && !html->doc->options.spec)
        return;
    html_line(html);
    buf_str(html->out, node->text);
    html_line(html);
}

static void put_rule(Html *html, const MdNode *node) {
    (void)node;
    html_line(html);
    PUT(html, "<hr>\n");
}

static void put_directive(Html *html, const MdNode *node) {
    html_line(html);
    if (node->directive)
        node->directive->html(html, node);
    else
        html_unknown_directive(html, node);
}

/* ---- tables ---- */

enum { TABLE_LABEL_MAX = 80 };

/* "Table: Language, Coroutine support": what a scrolling area is called. */
static void put_table_label(Html *html, const MdNode *table) {
    buf_html(html->out, html->words->table);
    const char *before = ": ";
    ptrdiff_t length = 0;
    for (const MdNode *cell = table->child ? table->child->child : NULL; cell;
         cell = cell->next) {
        Str text = md_text_str(cell, html->arena);
        length += text.len;
        if (length > TABLE_LABEL_MAX)
            break;
        if (text.len == 0)
            continue;
        buf_cstr(html->out, before);
        buf_html(html->out, text);
        before = ", ";
    }
}

static void put_table(Html *html, const MdNode *node) {
    html_line(html);
    PUT(html, "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"");
    put_table_label(html, node);
    PUT(html, "\">\n<table>\n");
    bool body = false;
    for (const MdNode *row = node->child; row; row = row->next) {
        if (row->header)
            PUT(html, "<thead>\n");
        else if (!body)
            PUT(html, "<tbody>\n");
        body |= !row->header;
        html_node(html, row);
        if (row->header)
            PUT(html, "</thead>\n");
    }
    if (body)
        PUT(html, "</tbody>\n");
    PUT(html, "</table>\n</div>\n");
}

static void put_row(Html *html, const MdNode *node) {
    PUT(html, "<tr>\n");
    html_children(html, node);
    PUT(html, "</tr>\n");
}

static const char *cell_class(const MdNode *cell) {
    const uint8_t *alignments = cell->parent->parent->alignments;
    switch (alignments ? alignments[cell->number] : 0) {
    case 'l':
        return " class=\"left\"";
    case 'c':
        return " class=\"center\"";
    case 'r':
        return " class=\"right\"";
    default:
        return "";
    }
}

static void put_cell(Html *html, const MdNode *node) {
    bool header = node->parent->header && node->child;
    buf_cstr(html->out, header ? "<th scope=\"col\"" : "<td");
    buf_cstr(html->out, cell_class(node));
    PUT(html, ">");
    html_children(html, node);
    buf_cstr(html->out, header ? "</th>\n" : "</td>\n");
}

static HtmlNode *const nodes[MD_KINDS] = {
    [MD_GROUP] = html_group,
    [MD_PARAGRAPH] = html_paragraph,
    [MD_HEADING] = put_heading,
    [MD_QUOTE] = html_quote,
    [MD_LIST] = html_list,
    [MD_ITEM] = html_item,
    [MD_CODE_BLOCK] = html_fence,
    [MD_HTML_BLOCK] = html_html,
    [MD_RULE] = put_rule,
    [MD_TABLE] = put_table,
    [MD_ROW] = put_row,
    [MD_CELL] = put_cell,
    [MD_DIRECTIVE] = put_directive,
    [MD_FOOTNOTE] = put_footnote,
    [MD_TEXT] = html_text,
    [MD_SOFTBREAK] = html_softbreak,
    [MD_LINEBREAK] = put_linebreak,
    [MD_CODE] = html_code,
    [MD_HTML_INLINE] = put_html_inline,
    [MD_EMPH] = html_emph,
    [MD_STRONG] = html_strong,
    [MD_STRIKE] = html_strike,
    [MD_LINK] = html_link,
    [MD_IMAGE] = html_picture,
    [MD_WIKI] = html_wiki,
    [MD_REF] = put_ref,
    [MD_ATTRS] = html_resource_attrs,
};

Html html_init(const MdBody *body, const HtmlHooks *hooks, Arena *arena, Buf *out) {
    return (Html){.doc = body->doc,
                  .body = body,
                  .hooks = hooks,
                  .words = hooks && hooks->words ? hooks->words : &markdown_english,
                  .arena = arena,
                  .out = out,
                  .start = out->len,
                  .nodes = nodes,
                  .id_prefix = body->id_prefix,
                  .link_shift = body->link_shift,
                  .seen = arena_array(arena, int, body->doc->n_footnotes)};
}

void html_body(Html *html) {
    for (int i = html->body->first; i < html->body->last; i++)
        html_node(html, html->doc->blocks[i].node);
    put_footnotes(html);
}

void doc_html(const Doc *doc, BodyOptions options, const HtmlHooks *hooks, Arena *arena,
              Buf *out) {
    MdBody body;
    body_plan(doc, options, arena, &body);
    Html html = html_init(&body, hooks, arena, out);
    html_body(&html);
}
