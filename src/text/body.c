/* The plan of a body: see MdBody in tree.h.
 *
 * An issue's items are ranges of one Doc, and each becomes a page of its own: its
 * headings get ids that are unique there, its links are numbered from 0, and its
 * footnotes are those that it refers to, in that order, wherever their definitions stand.
 */
#include "base/map.h"
#include "text/tree.h"
#include "text/unicode.h"

/* ---- the title ---- */

static bool is_invisible(const Doc *doc, const MdNode *node) {
    return node->kind == MD_HTML_BLOCK && (node->comment || !doc->options.raw_html);
}

static Str next_word(Str *rest) {
    *rest = str_trim(*rest);
    ptrdiff_t end = 0;
    while (end < rest->len && !char_is_space(rest->data[end]))
        end++;
    Str word = str_slice(*rest, 0, end);
    *rest = str_from_offset(*rest, end);
    return word;
}

static bool same_words(Str a, Str b, Arena *arena) {
    a = unicode_fold(arena, a);
    b = unicode_fold(arena, b);
    for (;;) {
        Str x = next_word(&a), y = next_word(&b);
        if (!str_equal(x, y))
            return false;
        if (x.len == 0)
            return true;
    }
}

static void take_title_off(const BodyOptions *options, Arena *arena, MdBody *body) {
    const Doc *doc = body->doc;
    int first = body->first;
    while (first < body->last && is_invisible(doc, doc->blocks[first].node))
        first++;
    const MdNode *node = first < body->last ? doc->blocks[first].node : NULL;
    if (!node || node->kind != MD_HEADING || node->number != 1)
        return;
    bool is_title = options->drop_first_h1 ||
                    (options->title.len &&
                     same_words(md_text_str(node, arena), options->title, arena));
    if (is_title) {
        body->title = first;
        body->first = first + 1;
    }
}

/* ---- footnotes ---- */

static void use_footnotes(MdBody *body, const MdBlock *block) {
    for (int i = block->refs; i < block[1].refs; i++) {
        int footnote = body->doc->refs[i];
        if (footnote < 0 || footnote >= body->doc->n_footnotes)
            continue;
        body->references[footnote]++;
        if (body->numbers[footnote] == 0) {
            body->footnotes[body->n_footnotes++] = footnote;
            body->numbers[footnote] = body->n_footnotes;
        }
    }
}

static const MdBlock *definition(const MdBody *body, int position) {
    return &body->doc->blocks[body->doc->n_blocks + body->footnotes[position]];
}

static void find_footnotes(MdBody *body, Arena *arena) {
    const Doc *doc = body->doc;
    if (doc->n_footnotes == 0)
        return;
    body->footnotes = arena_array(arena, int, doc->n_footnotes);
    body->numbers = arena_array(arena, int, doc->n_footnotes);
    body->references = arena_array(arena, int, doc->n_footnotes);
    body->link_shifts = arena_array(arena, int, doc->n_footnotes);
    for (int i = body->first; i < body->last; i++)
        use_footnotes(body, &doc->blocks[i]);
    for (int i = 0; i < body->n_footnotes; i++)
        use_footnotes(body, definition(body, i));
}

/* ---- links ---- */

static void number_links(MdBody *body) {
    const MdBlock *blocks = body->doc->blocks;
    body->link_shift = -blocks[body->first].links;
    body->n_links = blocks[body->last].links - blocks[body->first].links;
    for (int i = 0; i < body->n_footnotes; i++) {
        const MdBlock *block = definition(body, i);
        body->link_shifts[i] = (int)body->n_links - block->links;
        body->n_links += block[1].links - block->links;
    }
}

/* ---- headings ---- */

static bool is_plain_id(Str id) {
    for (ptrdiff_t i = 0; i < id.len; i++) {
        char c = id.data[i];
        if (!char_is_alpha(c) && !char_is_digit(c) && c != '-' && c != '_' && c != '.')
            return false;
    }
    return id.len > 0;
}

static Str wanted_id(const MdNode *heading, Arena *arena) {
    Str given = attrs_get(heading->attrs, S("id"));
    return is_plain_id(given) ? given : slug_make(arena, md_text_str(heading, arena));
}

/* The id itself, else with -2, -3 and so on. The map has for each id the last number that
 * was tried behind it. */
static Str unique_id(Map *ids, Str id, Arena *arena) {
    int *last = map_get(ids, id);
    if (!last) {
        last = arena_new(arena, int);
        *last = 1;
        map_put(ids, id, last);
        return id;
    }
    Str numbered;
    do
        numbered = arena_printf(arena, "%.*s-%d", STR_ARG(id), ++*last);
    while (map_get(ids, numbered));
    int *first = arena_new(arena, int);
    *first = 1;
    map_put(ids, numbered, first);
    return numbered;
}

static void name_headings(MdBody *body, const MdBlock *from, const MdBlock *to, Map *ids,
                          Arena *arena) {
    for (int i = from->headings; i < to->headings; i++) {
        const MdNode *heading = body->doc->headings[i];
        Str id = unique_id(ids, wanted_id(heading, arena), arena);
        body->ids[i] =
            body->id_prefix.len ? arena_concat(arena, body->id_prefix, id) : id;
        body->has_h1 |= heading->number == 1;
    }
}

/* Levels must not be skipped (HTML Living Standard, 4.3.11): where an author skips one,
 * the warning is for the author and the page is right all the same. */
static int find_levels(MdBody *body, const MdBlock *from, const MdBlock *to, int before) {
    for (int i = from->headings; i < to->headings; i++) {
        int level = body->doc->headings[i]->number + body->shift;
        level = level > before + 1 ? before + 1 : level;
        before = level < 2 ? 2 : level > 6 ? 6 : level;
        body->levels[i] = (int8_t)before;
    }
    return before;
}

/* A body that was told its shift stands below a heading of that level. */
static void lay_headings(MdBody *body, int shift, Arena *arena) {
    const Doc *doc = body->doc;
    Map ids = map_init(arena);
    body->ids = arena_array(arena, Str, doc->n_headings);
    body->levels = arena_array(arena, int8_t, doc->n_headings);
    const MdBlock *first = &doc->blocks[body->first], *last = &doc->blocks[body->last];
    name_headings(body, first, last, &ids, arena);
    for (int i = 0; i < body->n_footnotes; i++)
        name_headings(body, definition(body, i), definition(body, i) + 1, &ids, arena);
    body->shift = shift < 0 ? body->has_h1 : shift;
    int level = find_levels(body, first, last, shift < 0 ? 1 : 1 + shift);
    for (int i = 0; i < body->n_footnotes; i++)
        level = find_levels(body, definition(body, i), definition(body, i) + 1, level);
}

void body_plan(const Doc *doc, BodyOptions options, Arena *arena, MdBody *body) {
    int first = options.range.first < 0 ? 0 : options.range.first;
    int last = options.range.last < doc->n_blocks ? options.range.last : doc->n_blocks;
    *body = (MdBody){.doc = doc,
                     .first = first < last ? first : last,
                     .last = last < 0 ? 0 : last,
                     .title = -1,
                     .id_prefix = options.id_prefix};
    take_title_off(&options, arena, body);
    find_footnotes(body, arena);
    number_links(body);
    if (doc->n_headings)
        lay_headings(body, options.shift, arena);
    else
        body->shift = options.shift < 0 ? 0 : options.shift;
}

/* The columns of automatic links are off in lists and quotes: there the text is looked
 * for. */
static ptrdiff_t link_place(const Doc *doc, const MdNode *node) {
    ptrdiff_t place = md_offset(doc, node->line, node->column);
    char c = place < doc->to ? doc->source->text.data[place] : '\0';
    bool automatic = node->kind == MD_LINK && c != '[' && c != '<' && node->child &&
                     node->child->kind == MD_TEXT;
    return automatic ? md_locate(doc, node, node->child->text) : place;
}

DocLink md_link(const Doc *doc, ptrdiff_t index, Arena *arena) {
    const MdLink *link = &doc->links[index];
    const MdNode *node = link->node;
    DocLink out = {.kind = link->kind};
    if (link->attr >= 0) {
        out.target = node->attrs->items[link->attr].value;
        out.offset = node->attrs->items[link->attr].offset;
        if (link->kind == DOC_IMAGE)
            out.label = attrs_get(node->attrs, S("alt"));
        return out;
    }
    out.target = node->text;
    out.offset = link_place(doc, node);
    if (link->kind != DOC_LINK)
        out.label = md_text_str(node, arena);
    if (link->kind == DOC_WIKI && !node->child)
        out.label = (Str){0};
    return out;
}
