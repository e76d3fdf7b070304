/* Directives: `::: name key=value` … `:::`.
 *
 * One block extension of cmark-gfm serves all of them; which names there are, which
 * attributes they take and how they are written is a row of `directives` below
 * (CONTENT.md, "Directive attributes"). To add one: a row here, a function in
 * directives_html.c, and its manual page.
 *
 * A line of three or more colons and a name opens a container wherever a block quote
 * could start. A line of colons alone closes the innermost open one, or, where the
 * numbers of colons differ, the one that was opened with exactly that many; it never
 * closes one with more colons than it has. The closing fence leaves a mark as the
 * container's last child, which takes no content: that is how cmark-gfm is made to close
 * a lazy paragraph before the fence, and how the tree knows that there was one.
 *
 * The extension is also where nesting is bounded, since cmark-gfm calls it for every line
 * that is blank or starts a paragraph. */
#define CMARK_NO_SHORT_NAMES
#include "text/html.h"
#include "text/tree.h"

#include <cmark-gfm-extension_api.h>

static const DirectiveInfo directives[] = {
    {"note", "title", "a remark", html_alert},
    {"tip", "title", "advice that helps", html_alert},
    {"important", "title", "what a reader must know", html_alert},
    {"warning", "title", "what needs attention at once", html_alert},
    {"caution", "title", "what an action may lead to", html_alert},
    {"details", "summary open:flag", "text that is folded away until asked for",
     html_details},
    {"figure", "src:image alt caption width:number",
     "a picture, table or code with a caption; with `src`, the text is the caption",
     html_figure},
    {"tabs", "", "alternatives, of which one is shown: holds `tab` directives",
     html_tabs},
    {"tab", "title!", "one of `tabs`", html_tab},
    {"steps", "", "a procedure: a numbered list or headings", html_steps},
    {"compare", "left right",
     "two columns: two lists or blocks, set apart by a line `---`", html_compare},
    {"quiz", "question", "a question with a task list whose ticked items are right",
     html_quiz},
    {"question", "title", "a question to the reader, labelled \"Over to you\"",
     html_question},
    {"sponsor", "name! url:link cta image:image", "what a sponsor paid for, labelled so",
     html_sponsor},
    {"explainer", "slug!:card", "a card that points to an explainer", html_explainer},
    {"video", "url!:link poster:image title", "a picture that links to a video",
     html_video},
    {"resources", "", "a list of links, with {kind=video minutes=20} behind each",
     html_resources},
    {"timeline", "", "a list of dates and what happened", html_timeline},
};

const DirectiveInfo *const markdown_directives = directives;
const ptrdiff_t markdown_n_directives = sizeof directives / sizeof *directives;

const DirectiveInfo *directive_find(Str name) {
    for (ptrdiff_t i = 0; i < markdown_n_directives; i++)
        if (str_equal_nocase(name, str_from(directives[i].name)))
            return &directives[i];
    return NULL;
}

/* ---- the schema in `attributes` ---- */

typedef struct AttrRule {
    Str name, type;
    bool required;
} AttrRule;

static bool next_rule(Str *rest, AttrRule *rule) {
    Str word;
    str_cut(*rest, ' ', &word, rest);
    str_cut(word, ':', &rule->name, &rule->type);
    rule->required = str_has_suffix(rule->name, S("!"));
    rule->name.len -= rule->required;
    return rule->name.len > 0;
}

static bool find_rule(const DirectiveInfo *row, Str key, AttrRule *rule) {
    Str rest = str_from(row->attributes);
    while (next_rule(&rest, rule))
        if (str_equal(rule->name, key))
            return true;
    return false;
}

bool directive_attr_link(const DirectiveInfo *row, Str key, DocLinkKind *kind) {
    AttrRule rule;
    if (!row || !find_rule(row, key, &rule))
        return false;
    *kind = str_equal(rule.type, S("image"))  ? DOC_IMAGE
            : str_equal(rule.type, S("card")) ? DOC_CARD
                                              : DOC_LINK;
    return *kind != DOC_LINK || str_equal(rule.type, S("link"));
}

/* ---- the opening line ---- */

static void report_unknown(Doc *doc, const MdNode *node, ptrdiff_t offset) {
    Diag *diag = md_report(doc, DIAG_DIRECTIVE_UNKNOWN, offset,
                           "unknown directive '%.*s'", STR_ARG(node->text));
    Nearest nearest = nearest_init(node->text);
    for (ptrdiff_t i = 0; i < markdown_n_directives; i++)
        nearest_add(&nearest, str_from(directives[i].name));
    diag_hint_nearest(doc->diags, diag, nearest.best);
}

static void report_attribute(Doc *doc, const MdNode *node, const DocAttr *attr) {
    Diag *diag = md_report(doc, DIAG_DIRECTIVE_ARGUMENT, attr->offset,
                           "directive '%.*s' has no attribute '%.*s'",
                           STR_ARG(node->text), STR_ARG(attr->key));
    Nearest nearest = nearest_init(attr->key);
    Str rest = str_from(node->directive->attributes);
    AttrRule rule;
    bool titled = false;
    while (next_rule(&rest, &rule)) {
        nearest_add(&nearest, rule.name);
        titled |= str_equal(rule.name, S("title"));
    }
    if (nearest.best.len)
        diag_hint_nearest(doc->diags, diag, nearest.best);
    else if (titled && attr->value.len == 0)
        diag_hint(doc->diags, diag, "text goes in quotes: title=\"…\"");
}

static void check_value(Doc *doc, const DocAttr *attr, const AttrRule *rule) {
    int64_t number;
    const char *fault = NULL;
    if (str_equal(rule->type, S("number"))) {
        if (!str_to_int(attr->value, &number) || number < 1 || number > 10000)
            fault = "a number from 1 to 10000";
    } else if (str_equal(rule->type, S("flag"))) {
        if (attr->value.len)
            fault = "no value";
    } else if (attr->value.len == 0) {
        fault = "a value";
    }
    if (fault)
        md_report(doc, DIAG_DIRECTIVE_ARGUMENT, attr->offset, "attribute '%.*s' takes %s",
                  STR_ARG(attr->key), fault);
}

static void check_attr(Doc *doc, const MdNode *node, const MdAttrs *before,
                       const DocAttr *attr) {
    AttrRule rule;
    if (!md_may_report(doc) || !node->directive)
        return;
    if (!find_rule(node->directive, attr->key, &rule))
        report_attribute(doc, node, attr);
    else if (attrs_find(before, attr->key))
        md_report(doc, DIAG_DIRECTIVE_ARGUMENT, attr->offset,
                  "attribute '%.*s' is there twice", STR_ARG(attr->key));
    else
        check_value(doc, attr, &rule);
}

static void check_required(Doc *doc, const MdNode *node, ptrdiff_t offset) {
    if (!md_may_report(doc) || !node->directive)
        return;
    Str rest = str_from(node->directive->attributes);
    AttrRule rule;
    while (next_rule(&rest, &rule))
        if (rule.required && !attrs_find(node->attrs, rule.name))
            md_report(doc, DIAG_DIRECTIVE_ARGUMENT, offset,
                      "directive '%.*s' needs the attribute '%.*s'", STR_ARG(node->text),
                      STR_ARG(rule.name));
}

static const MdAttrs *read_attrs(Doc *doc, MdNode *node, Str text, ptrdiff_t base) {
    AttrReader reader = {.text = text, .base = base};
    MdAttrs *attrs = region_new(doc->region, MdAttrs);
    DocAttr *items = NULL, attr;
    ptrdiff_t cap = 0;
    AttrStatus status;
    while ((status = attr_next(&reader, doc->region, &attr)) == ATTR_READ) {
        if (attrs->n == MD_ATTRS_MAX) {
            md_report(doc, DIAG_DIRECTIVE_ARGUMENT, attr.offset,
                      "more than %d attributes", MD_ATTRS_MAX);
            break;
        }
        attr.value = md_clean(doc, attr.value);
        check_attr(doc, node, attrs, &attr);
        items = region_grow(doc->region, items, (ptrdiff_t)sizeof *items, attrs->n, &cap);
        items[attrs->n++] = attr;
        attrs->items = items;
    }
    if (status == ATTR_BAD)
        md_report(
            doc, DIAG_DIRECTIVE_ARGUMENT, attr.offset,
            "malformed attribute; attributes are written key=value or key=\"a value\"");
    return attrs;
}

static bool is_name_char(char c) {
    return char_is_alpha(c) || char_is_digit(c) || c == '-' || c == '_';
}

void directive_read(Doc *doc, MdNode *node) {
    Str line = md_line(doc, node->line);
    ptrdiff_t start = md_offset(doc, node->line, 1), at = node->column - 1;
    while (at < line.len && line.data[at] == ':')
        at++;
    while (at < line.len && char_is_space(line.data[at]))
        at++;
    ptrdiff_t name = at;
    while (at < line.len && is_name_char(line.data[at]))
        at++;
    node->text = str_slice(line, name, at);
    node->directive = directive_find(node->text);
    if (!node->directive && md_may_report(doc))
        report_unknown(doc, node, start + name);
    node->attrs = read_attrs(doc, node, str_from_offset(line, at), start + at);
    check_required(doc, node, start + name);
}

/* ---- the content ---- */

static void report_content(Doc *doc, const MdNode *node, const char *what) {
    md_report(doc, DIAG_DIRECTIVE_ARGUMENT, md_offset(doc, node->line, node->column),
              "directive '%.*s' %s", STR_ARG(node->text), what);
}

bool directive_is(const MdNode *node, const char *name) {
    return node && node->kind == MD_DIRECTIVE && node->directive &&
           str_equal(str_from(node->directive->name), str_from(name));
}

static bool has_tick(const MdNode *quiz) {
    for (const MdNode *list = quiz->child; list; list = list->next)
        for (const MdNode *item = list->kind == MD_LIST ? list->child : NULL; item;
             item = item->next)
            if (item->task && item->checked)
                return true;
    return false;
}

static bool has_two_parts(const MdNode *node) {
    int blocks = 0, rules = 0;
    for (const MdNode *child = node->child; child; child = child->next) {
        rules += child->kind == MD_RULE;
        blocks++;
    }
    return rules == 1 || (rules == 0 && blocks == 2);
}

void directive_check(Doc *doc, const MdNode *node) {
    if (!md_may_report(doc) || !node->directive)
        return;
    if (directive_is(node, "tabs")) {
        for (const MdNode *child = node->child; child; child = child->next)
            if (!directive_is(child, "tab"))
                report_content(doc, child->kind == MD_DIRECTIVE ? child : node,
                               child->kind == MD_DIRECTIVE
                                   ? "can't stand in 'tabs', only 'tab' can"
                                   : "takes nothing but 'tab' directives");
    } else if (directive_is(node, "tab") && !directive_is(node->parent, "tabs")) {
        report_content(doc, node, "must stand in 'tabs'");
    } else if (directive_is(node, "compare") && !has_two_parts(node)) {
        report_content(doc, node, "needs two parts, with a line '---' between them");
    } else if (directive_is(node, "quiz") && !has_tick(node)) {
        report_content(doc, node, "needs a task list with a ticked item");
    } else if (directive_is(node, "figure") && !node->child &&
               !attrs_find(node->attrs, S("src"))) {
        report_content(doc, node, "needs content or the attribute 'src'");
    }
}

/* ---- the block extension ---- */

static cmark_syntax_extension *extension;
static cmark_node_type opened, closed;

cmark_syntax_extension *directives_extension(void) { return extension; }
cmark_node_type directive_type(void) { return opened; }
cmark_node_type directive_end_type(void) { return closed; }

static bool is_opened(cmark_node *node) { return cmark_node_get_type(node) == opened; }

static intptr_t n_colons(cmark_node *node) {
    return (intptr_t)cmark_node_get_user_data(node);
}

static bool is_closed(cmark_node *node) {
    cmark_node *last = cmark_node_last_child(node);
    return last && cmark_node_get_type(last) == closed;
}

static int may_contain(cmark_syntax_extension *self, cmark_node *node,
                       cmark_node_type child) {
    (void)self;
    return is_opened(node) && (child & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK &&
           child != CMARK_NODE_ITEM && !is_closed(node);
}

/* Does the next line still belong to the block? */
static int continues(cmark_syntax_extension *self, cmark_parser *parser,
                     unsigned char *input, int len, cmark_node *node) {
    (void)self, (void)parser, (void)input, (void)len;
    return is_opened(node) && !is_closed(node);
}

static bool nests(cmark_node_type type) {
    return type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_ITEM ||
           type == CMARK_NODE_FOOTNOTE_DEFINITION || type == opened;
}

/* Every line costs the parser its depth, so that deep nesting in a few bytes and then
 * many empty lines would be quadratic: what lines may cost together is bounded by the
 * size of the text. Real texts stay below one level a byte. */
static void check_depth(Doc *doc, cmark_parser *parser, cmark_node *node) {
    enum { LEVELS_A_BYTE = 4, LEVELS_FREE = 100000 };
    int depth = 0;
    for (; node && depth <= MD_DEPTH_MAX; node = cmark_node_parent(node))
        depth += nests(cmark_node_get_type(node));
    doc->nested_lines += depth;
    if (depth <= MD_DEPTH_MAX &&
        doc->nested_lines <= LEVELS_A_BYTE * (doc->to - doc->from) + LEVELS_FREE)
        return;
    ptrdiff_t place = md_offset(doc, cmark_parser_get_line_number(parser), 1);
    if (depth > MD_DEPTH_MAX)
        md_refuse(doc, place, "blocks are nested more deeply than", MD_DEPTH_MAX);
    md_refuse(doc, place, "too many lines inside nested blocks; their depth here is",
              depth);
}

/* The open directive that a fence of `n` colons below `node` closes, or NULL. */
static cmark_node *closes(cmark_node *node, intptr_t n) {
    while (node && !nests(cmark_node_get_type(node)))
        node = cmark_node_parent(node);
    if (!node || !is_opened(node))
        return NULL;
    for (cmark_node *outer = node; outer && is_opened(outer);
         outer = cmark_node_parent(outer))
        if (n_colons(outer) == n)
            return outer;
    return n_colons(node) < n ? node : NULL;
}

/* Puts the closing mark into `directive`, and into those inside it, which were not closed
 * themselves. Adding a mark closes whatever cannot hold it. */
static cmark_node *close_directive(cmark_parser *parser, cmark_node *inner,
                                   cmark_node *directive, int column) {
    for (;;) {
        cmark_node *mark = cmark_parser_add_child(parser, inner, closed, column);
        cmark_node_set_syntax_extension(mark, extension);
        if (cmark_node_parent(mark) == directive)
            return mark;
        cmark_node_set_user_data(cmark_node_parent(mark), NULL);
        inner = mark;
    }
}

static cmark_node *try_open(cmark_syntax_extension *self, int indented,
                            cmark_parser *parser, cmark_node *parent,
                            unsigned char *input, int len) {
    (void)self;
    int at = cmark_parser_get_first_nonspace(parser);
    bool fence =
        !indented && input[at] == ':' && input[at + 1] == ':' && input[at + 2] == ':';
    if (fence || cmark_parser_is_blank(parser) ||
        cmark_parser_get_offset(parser) > MD_DEPTH_MAX / 4)
        check_depth(md_parsing(), parser, parent);
    if (!fence)
        return NULL;
    int end = at;
    while (input[end] == ':')
        end++;
    intptr_t n = end - at;
    while (input[end] == ' ' || input[end] == '\t')
        end++;
    cmark_node *node;
    if (char_is_alpha((char)input[end])) {
        node = cmark_parser_add_child(parser, parent, opened, at + 1);
        cmark_node_set_syntax_extension(node, extension);
        cmark_node_set_user_data(node, (void *)n);
    } else if (input[end] == '\n' || input[end] == '\r') {
        cmark_node *directive = closes(parent, n);
        if (!directive) {
            Doc *doc = md_parsing();
            ptrdiff_t place =
                md_offset(doc, cmark_parser_get_line_number(parser), at + 1);
            md_report(doc, DIAG_DIRECTIVE_UNCLOSED, place,
                      "no directive is open here that '%.*s' could close", (int)n,
                      (const char *)input + at);
            return NULL;
        }
        node = close_directive(parser, parent, directive, at + 1);
    } else {
        return NULL;
    }
    cmark_parser_advance_offset(parser, (const char *)input,
                                len - 1 - cmark_parser_get_offset(parser), 0);
    return node;
}

void directive_check_closed(Doc *doc, const MdNode *node, cmark_node *directive) {
    if (!is_closed(directive) || !cmark_node_get_user_data(directive))
        md_report(doc, DIAG_DIRECTIVE_UNCLOSED, md_offset(doc, node->line, node->column),
                  "directive '%.*s' is not closed by a line ':::'", STR_ARG(node->text));
}

void directives_init(void) {
    opened = cmark_syntax_extension_add_node(0);
    closed = cmark_syntax_extension_add_node(0);
    extension = cmark_syntax_extension_new("directive");
    cmark_syntax_extension_set_open_block_func(extension, try_open);
    cmark_syntax_extension_set_match_block_func(extension, continues);
    cmark_syntax_extension_set_can_contain_func(extension, may_contain);
}
