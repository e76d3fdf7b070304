/* What others need to know of a text: headings, links with the sentence around them,
 * title, summary, length; and how an issue is cut into items. */
#include "text/tree.h"

#include <endian.h>
#include <string.h>

enum { SUMMARY_MAX = 300, SENTENCE_MAX = 240 };

/* ---- plain text ---- */

static void write_text(const MdNode *node, bool pictures, Buf *out) {
    switch ((MdKind)node->kind) {
    case MD_TEXT:
    case MD_CODE:
        buf_str(out, node->text);
        return;
    case MD_SOFTBREAK:
    case MD_LINEBREAK:
        buf_char(out, ' ');
        return;
    case MD_WIKI:
        if (!node->child)
            buf_str(out, node->text);
        break;
    case MD_IMAGE:
        if (!pictures)
            return;
        break;
    default:
        break;
    }
    for (const MdNode *child = node->child; child; child = child->next)
        write_text(child, pictures, out);
}

void md_text(const MdNode *node, Buf *out) { write_text(node, true, out); }

Str md_text_str(const MdNode *node, Arena *arena) {
    const MdNode *only = node->child;
    if (!only)
        return node->kind == MD_TEXT || node->kind == MD_CODE || node->kind == MD_WIKI
                   ? node->text
                   : (Str){0};
    if (!only->next && !only->child && (only->kind == MD_TEXT || only->kind == MD_CODE))
        return only->text;
    Buf text = {0};
    md_text(node, &text);
    Str copy = arena_str(arena, str_trim(buf_view(&text)));
    buf_release(&text);
    return copy;
}

/* ---- words ---- */

/* Words begin where white space ends; `space` carries over from node to node, so that
 * "foo**bar**" is one word. */
static ptrdiff_t count_in_text(Str s, bool *space) {
    const uint64_t ones = 0x0101010101010101u, high = ones << 7;
    ptrdiff_t words = 0, i = 0;
    uint64_t before = *space;        /* 1: the byte before was white space */
    for (; s.len - i >= 8; i += 8) { /* little end first: byte 0 is the lowest */
        uint64_t bytes;
        memcpy(&bytes, s.data + i, sizeof bytes);
        bytes = le64toh(bytes);
        uint64_t ink = (((bytes & ~high) + ones * (0x7F - ' ')) | bytes) & high;
        uint64_t spaces = ~ink & high;
        words += __builtin_popcountll(ink & (spaces << 8 | before << 7));
        before = spaces >> 63;
    }
    for (; i < s.len; i++) {
        uint64_t now = (unsigned char)s.data[i] <= ' ';
        words += (ptrdiff_t)(before & ~now & 1u);
        before = now;
    }
    *space = before;
    return words;
}

static ptrdiff_t count_words(const MdNode *node, bool *space) {
    ptrdiff_t words = 0;
    switch ((MdKind)node->kind) {
    case MD_TEXT:
    case MD_CODE:
        return count_in_text(node->text, space);
    case MD_IMAGE:
    case MD_CODE_BLOCK:
        return 0;
    case MD_WIKI:
        words = node->child ? 0 : count_in_text(node->text, space);
        break;
    case MD_SOFTBREAK:
    case MD_LINEBREAK:
        *space = true;
        return 0;
    default:
        if (node->kind < MD_TEXT)
            *space = true;
    }
    for (const MdNode *child = node->child; child; child = child->next)
        words += count_words(child, space);
    return words;
}

/* ---- sentences around links ---- */

/* Does a sentence end before s.data[i]? */
static bool sentence_starts(Str s, ptrdiff_t i) {
    return i >= 2 && s.data[i - 1] == ' ' &&
           (s.data[i - 2] == '.' || s.data[i - 2] == '!' || s.data[i - 2] == '?');
}

static bool is_continuation(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

static Str sentence_around(Str text, ptrdiff_t from, ptrdiff_t to) {
    ptrdiff_t start = from, least = from > SENTENCE_MAX ? from - SENTENCE_MAX : 0;
    while (start > least && !sentence_starts(text, start))
        start--;
    while (start < from && is_continuation(text.data[start]))
        start++;
    ptrdiff_t end = to,
              most = text.len - to > SENTENCE_MAX ? to + SENTENCE_MAX : text.len;
    while (end < most && !sentence_starts(text, end))
        end++;
    while (end > to && end < text.len && is_continuation(text.data[end]))
        end--;
    return str_trim(str_slice(text, start, end));
}

/* Writes the text of a leaf block and notes where each link lies in it. */
typedef struct Marks {
    Buf text;
    struct Mark {
        int link;
        ptrdiff_t from, to;
    } * items;
    ptrdiff_t n, cap;
    Arena *arena;
} Marks;

static void mark_links(const MdNode *node, Marks *marks) {
    ptrdiff_t from = marks->text.len;
    if (node->child && node->kind != MD_IMAGE) {
        for (const MdNode *child = node->child; child; child = child->next)
            mark_links(child, marks);
    } else if (node->kind == MD_WIKI) { /* the linker knows its title */
        buf_cstr(&marks->text, "[[");
        buf_str(&marks->text, node->text);
        buf_cstr(&marks->text, "]]");
    } else {
        write_text(node, false, &marks->text);
    }
    if ((node->kind != MD_LINK && node->kind != MD_WIKI) || node->number < 0)
        return;
    marks->items = marks->n < marks->cap
                       ? marks->items
                       : vec_grow(marks->arena, marks->items,
                                  (ptrdiff_t)sizeof *marks->items, marks->n, &marks->cap);
    marks->items[marks->n++] = (struct Mark){node->number, from, marks->text.len};
}

static bool is_leaf(const MdNode *node) {
    return node->kind == MD_PARAGRAPH || node->kind == MD_HEADING ||
           node->kind == MD_CELL;
}

/* Links to other hosts have no backlinks, so no sentence. */
static void add_contexts(const MdNode *leaf, int shift, Marks *marks, DocLink *links) {
    marks->text.len = marks->n = 0;
    mark_links(leaf, marks);
    for (ptrdiff_t i = 0; i < marks->n; i++) {
        struct Mark mark = marks->items[i];
        DocLink *link = &links[mark.link + shift];
        if (link->kind != DOC_LINK || !url_is_external(link->target))
            link->context =
                arena_str(marks->arena,
                          sentence_around(buf_view(&marks->text), mark.from, mark.to));
    }
}

static const MdNode *leaf_of(const MdNode *node) {
    while (node && !is_leaf(node))
        node = node->parent;
    return node;
}

/* ---- links ---- */

static void take_links(const Doc *doc, const MdBlock *block, int shift, Marks *marks,
                       DocLink *links) {
    const MdNode *before = NULL;
    for (int i = block->links; i < block[1].links; i++) {
        DocLink link = md_link(doc, i, marks->arena);
        link.target = arena_str(marks->arena, link.target);
        link.label = arena_str(marks->arena, link.label);
        links[i + shift] = link;
    }
    for (int i = block->links; i < block[1].links; i++) {
        const MdNode *leaf = leaf_of(doc->links[i].node);
        if (leaf && leaf != before && doc->links[i].kind != DOC_IMAGE) {
            add_contexts(leaf, shift, marks, links);
            before = leaf;
        }
    }
}

static void take_all_links(const MdBody *body, Arena *arena, DocOutline *out) {
    const MdBlock *blocks = body->doc->blocks;
    DocLink *links = arena_array(arena, DocLink, body->n_links);
    Marks marks = {.arena = arena};
    for (int i = body->first; i < body->last; i++)
        take_links(body->doc, &blocks[i], body->link_shift, &marks, links);
    for (int i = 0; i < body->n_footnotes; i++)
        take_links(body->doc, &blocks[body->doc->n_blocks + body->footnotes[i]],
                   body->link_shifts[i], &marks, links);
    buf_release(&marks.text);
    out->links = links;
    out->n_links = body->n_links;
}

/* ---- the rest of the outline ---- */

static void take_headings(const MdBody *body, Arena *arena, DocOutline *out) {
    const Doc *doc = body->doc;
    DocHeading *headings = arena_array(arena, DocHeading, doc->n_headings);
    for (ptrdiff_t i = 0; i < doc->n_headings; i++) {
        const MdNode *node = doc->headings[i];
        if (body->ids[i].len == 0)
            continue;
        headings[out->n_headings++] =
            (DocHeading){.level = body->levels[i],
                         .id = arena_str(arena, body->ids[i]),
                         .text = arena_str(arena, md_text_str(node, arena)),
                         .offset = md_offset(doc, node->line, node->column)};
    }
    out->headings = headings;
}

/* At most SUMMARY_MAX characters, cut between words. */
static Str shortened(Str text, Arena *arena) {
    ptrdiff_t length = 0, end = 0, space = 0;
    for (; end < text.len; end++) {
        length += !is_continuation(text.data[end]);
        if (length > SUMMARY_MAX)
            break;
        if (text.data[end] == ' ' && length < SUMMARY_MAX)
            space = end;
    }
    if (end == text.len)
        return arena_str(arena, text);
    if (space == 0)
        for (length = 0, space = 0;
             length < SUMMARY_MAX - 1 || is_continuation(text.data[space]); space++)
            length += !is_continuation(text.data[space]);
    return arena_concat(arena, str_trim(str_slice(text, 0, space)), S("…"));
}

static Str find_summary(const MdBody *body, Arena *arena) {
    Buf text = {0};
    Str summary = {0};
    for (int i = body->first; i < body->last && summary.len == 0; i++) {
        const MdNode *node = body->doc->blocks[i].node;
        text.len = 0;
        if (node->kind == MD_PARAGRAPH)
            write_text(node, false, &text);
        if (str_trim(buf_view(&text)).len)
            summary = shortened(str_trim(buf_view(&text)), arena);
    }
    buf_release(&text);
    return summary;
}

void doc_outline(const Doc *doc, BodyOptions options, Arena *arena, DocOutline *out) {
    MdBody body;
    *out = (DocOutline){.title_offset = -1};
    body_plan(doc, options, arena, &body);
    out->has_h1 = body.has_h1;
    int title = body.title >= 0 ? body.title : body.first;
    const MdNode *first =
        title < body.last || body.title >= 0 ? doc->blocks[title].node : NULL;
    if (first && first->kind == MD_HEADING && first->number == 1) {
        out->title = arena_str(arena, md_text_str(first, arena));
        out->title_offset = md_offset(doc, first->line, first->column);
    }
    take_headings(&body, arena, out);
    take_all_links(&body, arena, out);
    out->summary = find_summary(&body, arena);
    bool space = true;
    for (int i = body.first; i < body.last; i++)
        out->words += count_words(doc->blocks[i].node, &space);
    for (int i = 0; i < body.n_footnotes; i++)
        out->words +=
            count_words(doc->blocks[doc->n_blocks + body.footnotes[i]].node, &space);
}

int doc_more(const Doc *doc, DocRange range) {
    for (int i = range.first < 0 ? 0 : range.first; i < range.last && i < doc->n_blocks;
         i++) {
        const MdNode *node = doc->blocks[i].node;
        if (node->kind == MD_HTML_BLOCK &&
            str_equal(str_trim(node->text), S("<!-- more -->")))
            return i;
    }
    return range.last;
}

/* ---- sections ---- */

static const MdNode *only_wiki(const MdNode *heading) {
    const MdNode *found = NULL;
    for (const MdNode *node = heading->child; node; node = node->next) {
        if (node->kind == MD_WIKI && !found)
            found = node;
        else if (node->kind != MD_TEXT || str_trim(node->text).len)
            return NULL;
    }
    return found;
}

static const DocAttr *copy_attrs(const MdAttrs *attrs, Arena *arena) {
    if (!attrs)
        return NULL;
    DocAttr *copy = arena_array(arena, DocAttr, attrs->n);
    for (int i = 0; i < attrs->n; i++)
        copy[i] = (DocAttr){.key = arena_str(arena, attrs->items[i].key),
                            .value = arena_str(arena, attrs->items[i].value),
                            .offset = attrs->items[i].offset};
    return copy;
}

ptrdiff_t doc_sections(const Doc *doc, Arena *arena, const DocSection **out) {
    Vec(DocSection) sections = {0};
    for (int i = 0; i < doc->n_blocks; i++) {
        const MdNode *node = doc->blocks[i].node;
        if (node->kind != MD_HEADING || node->number != 1 || !node->child)
            continue;
        const MdNode *wiki = only_wiki(node);
        *vec_push(arena, &sections) =
            (DocSection){.block = i,
                         .title = arena_str(arena, md_text_str(node, arena)),
                         .wiki_target = wiki ? arena_str(arena, wiki->text) : (Str){0},
                         .offset = md_offset(doc, node->line, node->column),
                         .attrs = copy_attrs(node->attrs, arena),
                         .n_attrs = node->attrs ? node->attrs->n : 0};
    }
    *out = sections.items;
    return sections.n;
}
