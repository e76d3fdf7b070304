/* From cmark-gfm's tree to ours: see tree.h.
 *
 * One recursive copy. Where a container of inlines is complete, what cmark-gfm does not
 * know is recognised in it (wiki.c), and only then are its links numbered, so that the
 * numbers follow the order of the text. Texts are views of cmark-gfm's buffers, which
 * live in the same Region. */
#define CMARK_NO_SHORT_NAMES
#include "text/tree.h"

#include <cmark-gfm-core-extensions.h>
#include <stdlib.h>
#include <string.h>

/* Types that extensions registered; learned from a sample because the library's public
 * headers do not name them. */
static struct { cmark_node_type table, row, cell, strike; } types;
static cmark_syntax_extension *tasklist;

typedef struct Builder {
    Doc *doc;
    cmark_node **definitions; /* of footnotes, in the order of their index */
    ptrdiff_t cap_links, cap_headings, cap_refs;
    int blocks, inlines; /* depth */
    int cells;
    int resources;                /* `::: resources` that are open */
    bool has_links, has_brackets; /* in the leaf block that is being copied */
} Builder;

static void learn_types(cmark_node *node) {
    const char *name = cmark_node_get_type_string(node);
    cmark_node_type type = cmark_node_get_type(node);
    if (strcmp(name, "table") == 0)
        types.table = type;
    if (strcmp(name, "table_row") == 0)
        types.row = type;
    if (strcmp(name, "table_cell") == 0)
        types.cell = type;
    if (strcmp(name, "strikethrough") == 0)
        types.strike = type;
}

void md_tree_init(void) {
    static const char sample[] = "| a |\n|---|\n| ~b~ |\n";
    cmark_parser *parser = cmark_parser_new(0);
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
    cmark_parser_attach_syntax_extension(parser,
                                         cmark_find_syntax_extension("strikethrough"));
    cmark_parser_feed(parser, sample, sizeof sample - 1);
    cmark_node *root = cmark_parser_finish(parser);
    cmark_iter *iter = cmark_iter_new(root);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
        if (event == CMARK_EVENT_ENTER)
            learn_types(cmark_iter_get_node(iter));
    cmark_iter_free(iter);
    cmark_node_free(root);
    cmark_parser_free(parser);
    tasklist = cmark_find_syntax_extension("tasklist");
}

static MdKind kind_of(cmark_node_type type) {
    switch (type) {
    case CMARK_NODE_PARAGRAPH:
        return MD_PARAGRAPH;
    case CMARK_NODE_HEADING:
        return MD_HEADING;
    case CMARK_NODE_BLOCK_QUOTE:
        return MD_QUOTE;
    case CMARK_NODE_LIST:
        return MD_LIST;
    case CMARK_NODE_ITEM:
        return MD_ITEM;
    case CMARK_NODE_CODE_BLOCK:
        return MD_CODE_BLOCK;
    case CMARK_NODE_HTML_BLOCK:
        return MD_HTML_BLOCK;
    case CMARK_NODE_THEMATIC_BREAK:
        return MD_RULE;
    case CMARK_NODE_FOOTNOTE_DEFINITION:
        return MD_FOOTNOTE;
    case CMARK_NODE_TEXT:
        return MD_TEXT;
    case CMARK_NODE_SOFTBREAK:
        return MD_SOFTBREAK;
    case CMARK_NODE_LINEBREAK:
        return MD_LINEBREAK;
    case CMARK_NODE_CODE:
        return MD_CODE;
    case CMARK_NODE_HTML_INLINE:
        return MD_HTML_INLINE;
    case CMARK_NODE_EMPH:
        return MD_EMPH;
    case CMARK_NODE_STRONG:
        return MD_STRONG;
    case CMARK_NODE_LINK:
        return MD_LINK;
    case CMARK_NODE_IMAGE:
        return MD_IMAGE;
    case CMARK_NODE_FOOTNOTE_REFERENCE:
        return MD_REF;
    default:
        break;
    }
    if (type == types.table)
        return MD_TABLE;
    if (type == types.row)
        return MD_ROW;
    if (type == types.cell)
        return MD_CELL;
    if (type == types.strike)
        return MD_STRIKE;
    return type == directive_type() ? MD_DIRECTIVE : MD_GROUP;
}

static Str literal(const Builder *b, cmark_node *node) {
    return md_clean(b->doc, str_from(cmark_node_get_literal(node)));
}

static MdNode *new_node(Builder *b, MdNode *parent, cmark_node *from, MdKind kind) {
    MdNode *node = region_new(b->doc->region, MdNode);
    node->kind = (uint8_t)kind;
    node->number = node->heading = -1;
    node->parent = parent;
    node->line = cmark_node_get_start_line(from);
    node->column = cmark_node_get_start_column(from);
    if (kind < MD_TEXT)
        node->end_line = cmark_node_get_end_line(from);
    if (parent && parent->last)
        parent->last->next = node;
    else if (parent)
        parent->child = node;
    if (parent)
        parent->last = node;
    return node;
}

/* ---- what is counted ---- */

static int add_link(Builder *b, const MdNode *node, int attr, DocLinkKind kind) {
    Doc *doc = b->doc;
    if (doc->n_links == MD_LINKS_MAX)
        md_refuse(doc, md_offset(doc, node->line, node->column),
                  "more links than a page may have:", MD_LINKS_MAX);
    doc->links = region_grow(doc->region, doc->links, (ptrdiff_t)sizeof *doc->links,
                             doc->n_links, &b->cap_links);
    doc->links[doc->n_links] = (MdLink){node, attr, kind};
    return (int)doc->n_links++;
}

static void add_heading(Builder *b, MdNode *node) {
    Doc *doc = b->doc;
    if (doc->n_headings == MD_LINKS_MAX)
        md_refuse(doc, md_offset(doc, node->line, node->column),
                  "more headings than a page may have:", MD_LINKS_MAX);
    doc->headings =
        region_grow(doc->region, doc->headings, (ptrdiff_t)sizeof *doc->headings,
                    doc->n_headings, &b->cap_headings);
    node->heading = (int)doc->n_headings;
    doc->headings[doc->n_headings++] = node;
}

static void add_ref(Builder *b, const MdNode *node) {
    Doc *doc = b->doc;
    if (doc->n_refs == MD_LINKS_MAX)
        md_refuse(doc, md_offset(doc, node->line, node->column),
                  "more references to footnotes than a page may have:", MD_LINKS_MAX);
    doc->refs = region_grow(doc->region, doc->refs, (ptrdiff_t)sizeof *doc->refs,
                            doc->n_refs, &b->cap_refs);
    doc->refs[doc->n_refs++] = node->number;
}

/* Numbers what is rendered as a link: neither pictures' texts nor the links inside links
 * that cmark-gfm makes of some unbalanced brackets. */
static void number_links(Builder *b, MdNode *parent, bool in_link) {
    for (MdNode *node = parent->child; node; node = node->next) {
        bool link = node->kind == MD_LINK && node->problem == MD_FINE && !in_link;
        if (node->kind == MD_REF)
            add_ref(b, node);
        else if (node->kind == MD_IMAGE && node->problem == MD_FINE)
            node->number = add_link(b, node, -1, DOC_IMAGE);
        else if (link)
            node->number = add_link(b, node, -1, DOC_LINK);
        else if (node->kind == MD_WIKI)
            node->number = add_link(b, node, -1, DOC_WIKI);
        if (node->child && node->kind != MD_IMAGE)
            number_links(b, node, in_link || link);
    }
}

static void number_directive(Builder *b, MdNode *node) {
    const MdAttrs *attrs = node->attrs;
    if (attrs->n == 0)
        return;
    MdAttrs *numbered = region_new(b->doc->region, MdAttrs);
    int *links = region_alloc(b->doc->region, attrs->n * (ptrdiff_t)sizeof *links);
    for (int i = 0; i < attrs->n; i++) {
        DocLinkKind kind;
        bool usable = directive_attr_link(node->directive, attrs->items[i].key, &kind) &&
                      attrs_find(attrs, attrs->items[i].key) == &attrs->items[i] &&
                      attrs->items[i].value.len &&
                      (kind == DOC_CARD || (url_is_safe(attrs->items[i].value) &&
                                            url_is_wellformed(attrs->items[i].value)));
        links[i] = usable ? add_link(b, node, i, kind) : -1;
    }
    *numbered = (MdAttrs){.items = attrs->items, .links = links, .n = attrs->n};
    node->attrs = numbered;
}

/* ---- inlines ---- */

static void copy_inlines(Builder *b, cmark_node *from, MdNode *to);

static void fill_destination(Builder *b, MdNode *node, cmark_node *from) {
    node->text = str_from(cmark_node_get_url(from));
    node->title = md_clean(b->doc, str_from(cmark_node_get_title(from)));
    b->has_links = true;
    if (b->doc->options.spec)
        return;
    if (str_trim(node->text).len == 0)
        node->problem = MD_EMPTY;
    else if (!url_is_safe(node->text))
        node->problem = MD_UNSAFE;
    else if (!url_is_wellformed(node->text))
        node->problem = MD_MALFORMED;
}

static bool is_comment(Str html) {
    html = str_trim(html);
    return str_has_prefix(html, S("<!--")) && str_has_suffix(html, S("-->")) &&
           str_find(html, S("-->")) == html.len - 3;
}

static void fill_inline(Builder *b, MdNode *node, cmark_node *from) {
    switch ((MdKind)node->kind) {
    case MD_TEXT:
        node->text = literal(b, from);
        b->has_brackets |= str_find_char(node->text, '[') >= 0;
        break;
    case MD_CODE:
        node->text = literal(b, from);
        break;
    case MD_HTML_INLINE:
        node->text = literal(b, from);
        node->comment = is_comment(node->text);
        break;
    case MD_LINK:
    case MD_IMAGE:
        fill_destination(b, node, from);
        break;
    case MD_REF:
        node->number = atoi(literal(b, from).data) - 1;
        b->has_links = true;
        break;
    default:
        break;
    }
}

/* What the library made out of a text afterwards (mail addresses) has no place. */
static void guess_place(MdNode *node, const MdNode *before) {
    const MdNode *known = before ? before : node->parent;
    node->line = known->line;
    node->column = known->column;
    if (before && (before->kind == MD_TEXT || before->kind == MD_LINK))
        node->column += (int)(before->kind == MD_TEXT ? before->text.len
                              : before->child         ? before->child->text.len
                                                      : 0);
}

static void copy_inlines(Builder *b, cmark_node *from, MdNode *to) {
    if (++b->inlines > MD_DEPTH_MAX)
        md_refuse(b->doc, md_offset(b->doc, to->line, to->column),
                  "marks inside a text are nested more deeply than", MD_DEPTH_MAX);
    for (cmark_node *child = cmark_node_first_child(from); child;
         child = cmark_node_next(child)) {
        MdNode *before = to->last;
        MdNode *node = new_node(b, to, child, kind_of(cmark_node_get_type(child)));
        fill_inline(b, node, child);
        if (node->line == 0)
            guess_place(node, before);
        if (cmark_node_first_child(child))
            copy_inlines(b, child, node);
    }
    b->inlines--;
}

static void copy_leaf(Builder *b, cmark_node *from, MdNode *node) {
    b->has_links = b->has_brackets = false;
    copy_inlines(b, from, node);
    Doc *doc = b->doc;
    if (doc->options.spec)
        return;
    if (b->has_brackets) {
        WikiSearch search = {.cursor = md_offset(doc, node->line, 1),
                             .end = md_offset(doc, node->end_line + 1, 1),
                             .budget = 8};
        md_find_wiki_links(doc, node, &search);
    }
    if (b->resources && (b->has_links || b->has_brackets))
        md_take_resource_attrs(doc, node);
    if (b->has_links || b->has_brackets)
        number_links(b, node, false);
}

/* ---- blocks ---- */

static void copy_blocks(Builder *b, cmark_node *from, MdNode *to);

static void copy_heading(Builder *b, cmark_node *from, MdNode *node) {
    copy_leaf(b, from, node);
    node->number = cmark_node_get_heading_level(from);
    if (b->doc->options.spec)
        return;
    md_take_heading_attrs(b->doc, node);
    if (node->child)
        add_heading(b, node);
}

/* Whether the box is ticked, from the source: the library looks for "[x]" anywhere in the
 * line. */
static bool is_checked(const Doc *doc, const MdNode *item) {
    Str line = str_from_offset(md_line(doc, item->line), item->column - 1);
    ptrdiff_t box = str_find_char(line, '[');
    return box >= 0 && box + 1 < line.len && char_lower(line.data[box + 1]) == 'x';
}

static void copy_item(Builder *b, cmark_node *from, MdNode *node) {
    node->number = cmark_node_get_item_index(from);
    node->task = cmark_node_get_syntax_extension(from) == tasklist;
    if (node->task)
        node->checked = b->doc->options.spec
                            ? cmark_gfm_extensions_get_tasklist_item_checked(from)
                            : is_checked(b->doc, node);
    copy_blocks(b, from, node);
}

static void copy_directive(Builder *b, cmark_node *from, MdNode *node) {
    Doc *doc = b->doc;
    directive_read(doc, node);
    number_directive(b, node);
    directive_check_closed(doc, node, from);
    bool resources = directive_is(node, "resources");
    b->resources += resources;
    copy_blocks(b, from, node);
    b->resources -= resources;
    directive_check(doc, node);
}

static void copy_table(Builder *b, cmark_node *from, MdNode *node) {
    int columns = cmark_gfm_extensions_get_table_columns(from);
    if (columns > MD_TABLE_COLUMNS_MAX)
        md_refuse(b->doc, md_offset(b->doc, node->line, node->column),
                  "more columns than a table may have:", MD_TABLE_COLUMNS_MAX);
    node->alignments = cmark_gfm_extensions_get_table_alignments(from);
    for (cmark_node *row = cmark_node_first_child(from); row;
         row = cmark_node_next(row)) {
        MdNode *to = new_node(b, node, row, MD_ROW);
        to->header = cmark_gfm_extensions_get_table_row_is_header(row);
        b->cells += columns;
        if (b->cells > MD_TABLE_CELLS_MAX)
            md_refuse(b->doc, md_offset(b->doc, to->line, to->column),
                      "more table cells than a page may have:", MD_TABLE_CELLS_MAX);
        int column = 0;
        for (cmark_node *cell = cmark_node_first_child(row); cell;
             cell = cmark_node_next(cell)) {
            MdNode *copy = new_node(b, to, cell, MD_CELL);
            copy->number = column++;
            copy->end_line = copy->line;
            if (cmark_node_first_child(cell))
                copy_leaf(b, cell, copy);
        }
    }
}

static void copy_code(Builder *b, cmark_node *from, MdNode *node) {
    node->text = literal(b, from);
    node->title = md_clean(b->doc, str_from(cmark_node_get_fence_info(from)));
}

static void copy_block(Builder *b, cmark_node *from, MdNode *node) {
    switch ((MdKind)node->kind) {
    case MD_PARAGRAPH:
        copy_leaf(b, from, node);
        break;
    case MD_HEADING:
        copy_heading(b, from, node);
        break;
    case MD_LIST:
        node->ordered = cmark_node_get_list_type(from) == CMARK_ORDERED_LIST;
        node->tight = cmark_node_get_list_tight(from);
        node->number = cmark_node_get_list_start(from);
        copy_blocks(b, from, node);
        break;
    case MD_ITEM:
        copy_item(b, from, node);
        break;
    case MD_CODE_BLOCK:
        copy_code(b, from, node);
        break;
    case MD_HTML_BLOCK:
        node->text = literal(b, from);
        node->comment = is_comment(node->text);
        break;
    case MD_RULE:
        break;
    case MD_FOOTNOTE:
        node->text = literal(b, from);
        copy_blocks(b, from, node);
        break;
    case MD_TABLE:
        copy_table(b, from, node);
        break;
    case MD_DIRECTIVE:
        copy_directive(b, from, node);
        break;
    case MD_QUOTE:
        copy_blocks(b, from, node);
        if (!b->doc->options.spec)
            md_take_alert(node);
        break;
    default:
        copy_blocks(b, from, node);
    }
}

static void copy_blocks(Builder *b, cmark_node *from, MdNode *to) {
    bool counts = to->kind != MD_LIST;
    b->blocks += counts;
    if (b->blocks > MD_DEPTH_MAX)
        md_refuse(b->doc, md_offset(b->doc, to->line, to->column),
                  "blocks are nested more deeply than", MD_DEPTH_MAX);
    for (cmark_node *child = cmark_node_first_child(from); child;
         child = cmark_node_next(child)) {
        cmark_node_type type = cmark_node_get_type(child);
        if (type != directive_end_type())
            copy_block(b, child, new_node(b, to, child, kind_of(type)));
    }
    b->blocks -= counts;
}

static MdBlock block_here(const Doc *doc, MdNode *node) {
    return (MdBlock){node, (int)doc->n_links, (int)doc->n_headings, (int)doc->n_refs};
}

/* Definitions of footnotes stand at the end of the root, in the order of their index. */
void md_build(Doc *doc, cmark_node *root) {
    Builder b = {.doc = doc};
    ptrdiff_t cap = 0, n = 0;
    for (cmark_node *child = cmark_node_first_child(root); child;
         child = cmark_node_next(child)) {
        cmark_node_type type = cmark_node_get_type(child);
        if (type == directive_end_type())
            continue;
        doc->blocks =
            region_grow(doc->region, doc->blocks, (ptrdiff_t)sizeof(MdBlock), n, &cap);
        MdNode *node = new_node(&b, NULL, child, kind_of(type));
        doc->blocks[n++] = block_here(doc, node);
        if (node->kind == MD_FOOTNOTE)
            node->number = doc->n_footnotes++;
        else
            doc->n_blocks++;
        copy_block(&b, child, node);
    }
    doc->blocks =
        region_grow(doc->region, doc->blocks, (ptrdiff_t)sizeof(MdBlock), n, &cap);
    doc->blocks[n] = block_here(doc, NULL);
}
