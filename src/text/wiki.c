/* What is recognised in inlines after cmark-gfm has parsed them: wiki links, attributes
 * in braces, alerts.
 *
 * To cmark-gfm `[[name#anchor|label]]` is text, or, where a link reference `[name]: …`
 * exists, a link between brackets; an extension is never asked about '['. So the tree is
 * searched. Whether the author wrote a wiki link, or wrote `\[[name]]` or an entity that
 * looks the same afterwards, only the source tells: a candidate must stand there as it
 * is, without a backslash before it. The search goes forward from candidate to candidate
 * and gives up after a few that do not stand there, so it is linear. */
#include "text/tree.h"

#include <string.h>

/* ---- surgery ---- */

static MdNode *insert_after(Doc *doc, MdNode *before, MdKind kind) {
    MdNode *node = region_new(doc->region, MdNode);
    node->kind = (uint8_t)kind;
    node->number = -1;
    node->parent = before->parent;
    node->line = before->line;
    node->column = before->column;
    node->next = before->next;
    before->next = node;
    if (node->parent->last == before)
        node->parent->last = node;
    return node;
}

/* Cuts a TEXT in two at `at`; returns the second part. */
static MdNode *split_text(Doc *doc, MdNode *text, ptrdiff_t at) {
    MdNode *rest = insert_after(doc, text, MD_TEXT);
    rest->text = str_from_offset(text->text, at);
    rest->column = text->column + (int)at;
    text->text = str_slice(text->text, 0, at);
    return rest;
}

/* ---- wiki links ---- */

/* Does `written` ("[[" and the target, since a label may have escapes) stand in the
 * source, from the cursor on? Moves the cursor behind it; *place is where it starts. */
static bool stands_in_source(const Doc *doc, const MdNode *node, Str written,
                             WikiSearch *search, ptrdiff_t *place) {
    ptrdiff_t likely = md_offset(doc, node->line, node->column);
    ptrdiff_t from = likely > search->cursor ? likely : search->cursor;
    Str source = doc->source->text;
    ptrdiff_t found = str_find(str_slice(source, from, search->end), written);
    if (found < 0 && from > search->cursor) {
        from = search->cursor;
        found = str_find(str_slice(source, from, search->end), written);
    }
    if (found < 0) {
        search->budget--;
        return false;
    }
    *place = from + found;
    search->cursor = from + found + written.len;
    return *place == 0 || source.data[*place - 1] != '\\';
}

static void set_place(const Doc *doc, MdNode *node, ptrdiff_t place) {
    while (node->line > 1 && doc->from + doc->lines[node->line - 1] > place)
        node->line--;
    while (node->line < doc->n_lines && doc->from + doc->lines[node->line] <= place)
        node->line++;
    node->column = (int)(place - doc->from - doc->lines[node->line - 1]) + 1;
}

/* Makes `node` the wiki link of what stood between the brackets. */
static void make_wiki(Doc *doc, MdNode *node, Str inside) {
    Str target, label;
    bool labelled = str_cut(inside, '|', &target, &label);
    node->kind = MD_WIKI;
    node->text = str_trim(target);
    node->title = (Str){0};
    node->child = node->last = NULL;
    label = str_trim(label);
    if (!labelled || label.len == 0)
        return;
    MdNode *text = region_new(doc->region, MdNode);
    *text = (MdNode){.kind = MD_TEXT,
                     .number = -1,
                     .parent = node,
                     .line = node->line,
                     .column = node->column,
                     .text = label};
    node->child = node->last = text;
}

static bool is_target(Str inside) {
    Str target, label;
    str_cut(inside, '|', &target, &label);
    target = str_trim(target);
    return target.len > 0 && target.data[0] != '^';
}

/* Takes the first [[…]] out of `text`; returns where to go on, NULL if there is none. */
static MdNode *take_wiki(Doc *doc, MdNode *text, WikiSearch *search) {
    Str s = text->text;
    ptrdiff_t open = str_find(s, S("[["));
    while (open >= 0 && search->budget > 0) {
        Str inside = str_from_offset(s, open + 2);
        ptrdiff_t again = str_find(inside, S("[[")), place;
        ptrdiff_t close =
            str_find(again < 0 ? inside : str_slice(inside, 0, again), S("]]"));
        if (close < 0 && again < 0)
            return NULL;
        inside = str_slice(inside, 0, close);
        ptrdiff_t bar = str_find_char(inside, '|');
        Str written = str_slice(s, open, open + 2 + (bar < 0 ? inside.len : bar));
        ptrdiff_t end = open + inside.len + 4;
        if (close >= 0 && is_target(inside) &&
            stands_in_source(doc, text, written, search, &place)) {
            MdNode *rest = split_text(doc, text, end);
            MdNode *wiki = split_text(doc, text, open);
            set_place(doc, wiki, place);
            make_wiki(doc, wiki, inside);
            rest->line = wiki->line;
            rest->column = wiki->column + (int)(end - open);
            return rest;
        }
        open = again < 0 ? -1 : open + 2 + again;
    }
    return NULL;
}

/* "[" link "]", where the source has [[label]]: a reference of that name exists, but a
 * wiki link was written. */
static void take_reference(Doc *doc, MdNode *before) {
    MdNode *link = before->next, *after = link ? link->next : NULL;
    if (!after || link->kind != MD_LINK || after->kind != MD_TEXT ||
        !str_has_suffix(before->text, S("[")) || !str_has_prefix(after->text, S("]")) ||
        !link->child || link->child->next || link->child->kind != MD_TEXT)
        return;
    Str label = link->child->text;
    ptrdiff_t at = md_offset(doc, link->line, link->column);
    Str written = str_slice(doc->source->text, at - 1, at + label.len + 3);
    if (at == 0 || !is_target(label) || !str_has_prefix(written, S("[[")) ||
        !str_equal(str_slice(written, 2, 2 + label.len), label) ||
        !str_has_suffix(written, S("]]")))
        return;
    if (at > 1 && doc->source->text.data[at - 2] == '\\')
        return;
    before->text.len--;
    after->text = str_from_offset(after->text, 1);
    link->problem = MD_FINE;
    link->column--;
    make_wiki(doc, link, label);
}

void md_find_wiki_links(Doc *doc, MdNode *parent, WikiSearch *search) {
    for (MdNode *node = parent->child; node; node = node->next) {
        if (node->kind == MD_TEXT) {
            for (MdNode *rest = node; rest; rest = take_wiki(doc, rest, search))
                node = rest;
            take_reference(doc, node);
        } else if (node->child && node->kind != MD_LINK && node->kind != MD_IMAGE &&
                   node->kind != MD_WIKI) {
            md_find_wiki_links(doc, node, search);
        }
    }
}

/* ---- attributes in braces ---- */

/* Behind a heading stand keys with values, `inline` or `#id`; other words in braces are
 * text. */
static bool is_heading_attrs(const MdAttrs *attrs) {
    for (int i = 0; attrs && i < attrs->n; i++)
        if (attrs->items[i].value.len == 0 &&
            !str_equal(attrs->items[i].key, S("inline")))
            return false;
    return attrs != NULL;
}

/* The attributes are read from the source, where neither quotes nor their places were
 * touched; the tree only has to end in the same braces. */
void md_take_heading_attrs(Doc *doc, MdNode *heading) {
    MdNode *last = heading->last;
    if (!last || last->kind != MD_TEXT || !str_has_suffix(last->text, S("}")))
        return;
    ptrdiff_t brace = str_find_last_char(last->text, '{');
    if (brace < 0 || (brace > 0 && !char_is_space(last->text.data[brace - 1])))
        return;
    ptrdiff_t start = md_offset(doc, heading->line, 1);
    Str source =
        str_slice(doc->source->text, start, md_offset(doc, heading->end_line + 1, 1));
    ptrdiff_t close = str_find_last_char(source, '}');
    source = str_slice(source, 0, close);
    ptrdiff_t open = str_find_last_char(source, '{');
    if (close < 0 || open < 0)
        return;
    const MdAttrs *attrs =
        attrs_read(doc->region, str_from_offset(source, open + 1), start + open + 1);
    if (!is_heading_attrs(attrs))
        return;
    if (md_clean(doc, source).data != source.data) /* it would go on into templates */
        return;
    heading->attrs = attrs;
    last->text = str_slice(last->text, 0, brace);
    while (last->text.len && char_is_space(last->text.data[last->text.len - 1]))
        last->text.len--;
    if (last->text.len == 0 && last == heading->child)
        heading->child = heading->last = NULL;
}

static const char *const resource_kinds[] = {"article", "video", "course", "book",
                                             "docs",    "code",  "paper"};

static bool check_resource_attr(const DocAttr *attr) {
    int64_t minutes;
    if (str_equal(attr->key, S("kind")))
        for (size_t i = 0; i < sizeof resource_kinds / sizeof *resource_kinds; i++)
            if (str_equal(attr->value, str_from(resource_kinds[i])))
                return true;
    return str_equal(attr->key, S("minutes")) && str_to_int(attr->value, &minutes) &&
           minutes > 0 && minutes < 100000;
}

static void check_resource(Doc *doc, const MdAttrs *attrs, ptrdiff_t place) {
    if (!attrs)
        md_report(doc, DIAG_DIRECTIVE_ARGUMENT, place,
                  "malformed attributes; they are written {kind=video minutes=20}");
    for (int i = 0; attrs && i < attrs->n; i++) {
        const DocAttr *attr = &attrs->items[i];
        if (check_resource_attr(attr))
            continue;
        Diag *diag = md_report(doc, DIAG_DIRECTIVE_ARGUMENT, attr->offset,
                               "a resource can't have %.*s=\"%.*s\"", STR_ARG(attr->key),
                               STR_ARG(attr->value));
        if (diag)
            diag_hint(
                doc->diags, diag,
                "kind is article, video, course, book, docs, code or paper; minutes is "
                "a number");
    }
}

static void take_resource(Doc *doc, MdNode *text) {
    ptrdiff_t open = 0;
    while (open < text->text.len && char_is_space(text->text.data[open]))
        open++;
    ptrdiff_t close = str_find_char(text->text, '}');
    if (open >= text->text.len || text->text.data[open] != '{' || close < 0)
        return;
    Str inside = str_slice(text->text, open + 1, close);
    ptrdiff_t place = md_locate(doc, text, inside);
    const MdAttrs *attrs = attrs_read(doc->region, inside, place);
    if (md_may_report(doc))
        check_resource(doc, attrs, place);
    MdNode *rest = split_text(doc, text, close + 1);
    text->kind = MD_ATTRS;
    text->text = (Str){0};
    text->attrs = attrs;
    (void)rest;
}

void md_take_resource_attrs(Doc *doc, MdNode *parent) {
    for (MdNode *node = parent->child; node; node = node->next)
        if ((node->kind == MD_LINK || node->kind == MD_WIKI) && node->next &&
            node->next->kind == MD_TEXT)
            take_resource(doc, node->next);
}

/* ---- alerts ---- */

static const char *const alert_names[] = {"note", "tip", "important", "warning",
                                          "caution"};

/* GitHub: the marker stands alone on the first line of the quote. */
void md_take_alert(MdNode *quote) {
    MdNode *first = quote->child;
    MdNode *marker = first && first->kind == MD_PARAGRAPH ? first->child : NULL;
    if (!marker || marker->kind != MD_TEXT || !str_has_prefix(marker->text, S("[!")) ||
        !str_has_suffix(marker->text, S("]")) ||
        (marker->next && marker->next->kind != MD_SOFTBREAK &&
         marker->next->kind != MD_LINEBREAK))
        return;
    Str name = str_slice(marker->text, 2, marker->text.len - 1);
    for (size_t i = 0; i < sizeof alert_names / sizeof *alert_names; i++) {
        if (!str_equal_nocase(name, str_from(alert_names[i])))
            continue;
        quote->kind = MD_DIRECTIVE;
        quote->directive = directive_find(name);
        quote->text = name;
        first->child = marker->next ? marker->next->next : NULL;
        if (!first->child)
            quote->child = first->next;
        if (!quote->child)
            quote->last = NULL;
    }
}
