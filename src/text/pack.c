/* A parsed text in a few hundred bytes, to be taken up again without parsing.
 *
 * Every page is walked twice: for its outline when it is read, for its HTML when all
 * links are known. Keeping the trees in between would take 15 KB a page, parsing again a
 * third of a build's processor time. A pack is the tree in preorder, a few bytes a node;
 * its texts are mostly slices of the source, which stays in memory anyway, so only offset
 * and length are written. It is never stored nor exchanged: no version, no byte order.
 *
 * What is rare is not packed (directives, footnotes, attributes of headings, unclean
 * text): such a text is parsed again. So there is nothing to lose by leaving more out,
 * but what is packed must give the same HTML to the byte; tests/unit/pack_test.c
 * compares.
 *
 * A node is a byte with its kind and HAS_CHILDREN, its fields, its children, END; a
 * link's URL stands behind its children, as in the source. Numbers are LEB128. */
#include "text/tree.h"

#include <string.h>

enum { HAS_CHILDREN = 0x40, KIND = 0x3F, END = 0xFF, NEAR = 64 };

_Static_assert((int)MD_KINDS <= (int)KIND, "a kind fits beside the flag");

/* ---- writing ---- */

typedef struct Packer {
    const Doc *doc;
    Buf *out;
    Str source;       /* the text that was parsed */
    ptrdiff_t cursor; /* end of the last slice */
} Packer;

static bool can_pack(const MdNode *node) {
    switch ((MdKind)node->kind) {
    case MD_DIRECTIVE:
    case MD_FOOTNOTE:
    case MD_REF:
    case MD_ATTRS:
        return false;
    case MD_HEADING:
        if (node->attrs)
            return false;
        break;
    default:
        break;
    }
    for (const MdNode *child = node->child; child; child = child->next)
        if (!can_pack(child))
            return false;
    return true;
}

static void put_number(Packer *packer, uint64_t number) {
    for (; number >= 0x80; number >>= 7)
        buf_char(packer->out, (char)(number | 0x80));
    buf_char(packer->out, (char)number);
}

static void put_signed(Packer *packer, int64_t number) {
    put_number(packer, (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0));
}

/* Where `text` stands in the source, not far from the last slice; -1: it does not. */
static ptrdiff_t find_slice(const Packer *packer, Str text) {
    Str source = packer->source;
    ptrdiff_t last = source.len - text.len;
    if (last > packer->cursor + NEAR)
        last = packer->cursor + NEAR;
    for (ptrdiff_t at = packer->cursor; at <= last; at++)
        if (source.data[at] == text.data[0] &&
            memcmp(source.data + at, text.data, (size_t)text.len) == 0)
            return at;
    return -1;
}

static void put_text(Packer *packer, Str text) {
    ptrdiff_t at = text.len > 1 ? find_slice(packer, text) : -1;
    put_number(packer, (uint64_t)text.len << 1 | (at >= 0));
    if (at < 0) {
        buf_str(packer->out, text);
        return;
    }
    put_number(packer, (uint64_t)(at - packer->cursor));
    packer->cursor = at + text.len;
}

static int count_columns(const MdNode *table) {
    int n = 0;
    for (const MdNode *cell = table->child ? table->child->child : NULL; cell;
         cell = cell->next)
        n++;
    return n;
}

static void put_fields(Packer *packer, const MdNode *node) {
    switch ((MdKind)node->kind) {
    case MD_HEADING:
        put_number(packer, (uint64_t)node->number);
        put_signed(packer, node->heading);
        break;
    case MD_LIST:
        put_signed(packer, node->number);
        put_number(packer, (uint64_t)node->ordered | (uint64_t)node->tight << 1);
        break;
    case MD_ITEM:
        put_signed(packer, node->number);
        put_number(packer, (uint64_t)node->task | (uint64_t)node->checked << 1);
        break;
    case MD_TABLE:
        put_number(packer, (uint64_t)count_columns(node));
        buf_str(packer->out, (Str){(const char *)node->alignments, count_columns(node)});
        break;
    case MD_ROW:
        put_number(packer, node->header);
        break;
    case MD_CELL:
        put_number(packer, (uint64_t)node->number);
        break;
    case MD_CODE_BLOCK:
        put_text(packer, node->title);
        put_text(packer, node->text);
        break;
    case MD_HTML_BLOCK:
    case MD_HTML_INLINE:
        put_number(packer, node->comment);
        put_text(packer, node->text);
        break;
    case MD_TEXT:
    case MD_CODE:
        put_text(packer, node->text);
        break;
    case MD_WIKI:
        put_signed(packer, node->number);
        put_text(packer, node->text);
        break;
    case MD_LINK:
    case MD_IMAGE:
        put_signed(packer, node->number);
        put_number(packer, node->problem);
        break;
    default:
        break;
    }
}

static void put_node(Packer *packer, const MdNode *node) {
    buf_char(packer->out, (char)(node->kind | (node->child ? HAS_CHILDREN : 0)));
    put_fields(packer, node);
    for (const MdNode *child = node->child; child; child = child->next)
        put_node(packer, child);
    if (node->child)
        buf_char(packer->out, (char)END);
    if (node->kind == MD_LINK || node->kind == MD_IMAGE) {
        put_text(packer, node->text);
        put_text(packer, node->title);
    }
}

Str doc_pack(const Doc *doc, Buf *scratch, Arena *arena) {
    buf_reset(scratch);
    Packer packer = {.doc = doc,
                     .out = scratch,
                     .source = str_slice(doc->source->text, doc->from, doc->to)};
    if (doc->unclean || doc->n_footnotes || doc->options.spec)
        return (Str){0};
    for (int i = 0; i < doc->n_blocks; i++)
        if (!can_pack(doc->blocks[i].node))
            return (Str){0};
    put_number(&packer, (uint64_t)doc->n_blocks);
    put_number(&packer, (uint64_t)doc->n_links);
    put_number(&packer, (uint64_t)doc->n_headings);
    for (int i = 0; i < doc->n_blocks; i++)
        put_node(&packer, doc->blocks[i].node);
    return arena_str(arena, buf_view(scratch));
}

/* ---- reading ---- */

typedef struct Unpacker {
    Doc *doc;
    const unsigned char *at;
    Str source;
    ptrdiff_t cursor;
    int n_links, n_headings; /* read so far */
} Unpacker;

static uint64_t take_number(Unpacker *unpacker) {
    uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
        unsigned char byte = *unpacker->at++;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return number;
    }
}

static int64_t take_signed(Unpacker *unpacker) {
    uint64_t number = take_number(unpacker);
    return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

static Str take_text(Unpacker *unpacker) {
    uint64_t head = take_number(unpacker);
    ptrdiff_t len = (ptrdiff_t)(head >> 1);
    if (!(head & 1)) {
        Str text = {(const char *)unpacker->at, len};
        unpacker->at += len;
        return text;
    }
    ptrdiff_t from = unpacker->cursor + (ptrdiff_t)take_number(unpacker);
    unpacker->cursor = from + len;
    return (Str){unpacker->source.data + from, len};
}

static void note_link(Unpacker *unpacker, MdNode *node, DocLinkKind kind) {
    node->number = (int)take_signed(unpacker);
    if (node->number < 0)
        return;
    unpacker->doc->links[node->number] = (MdLink){node, -1, kind};
    unpacker->n_links++;
}

static void take_alignments(Unpacker *unpacker, MdNode *table) {
    ptrdiff_t n = (ptrdiff_t)take_number(unpacker);
    table->alignments = unpacker->at;
    unpacker->at += n;
}

static void take_fields(Unpacker *unpacker, MdNode *node) {
    uint64_t flags;
    switch ((MdKind)node->kind) {
    case MD_HEADING:
        node->number = (int)take_number(unpacker);
        node->heading = (int)take_signed(unpacker);
        if (node->heading < 0)
            break;
        unpacker->doc->headings[node->heading] = node;
        unpacker->n_headings++;
        break;
    case MD_LIST:
        node->number = (int)take_signed(unpacker);
        flags = take_number(unpacker);
        node->ordered = flags & 1;
        node->tight = flags & 2;
        break;
    case MD_ITEM:
        node->number = (int)take_signed(unpacker);
        flags = take_number(unpacker);
        node->task = flags & 1;
        node->checked = flags & 2;
        break;
    case MD_TABLE:
        take_alignments(unpacker, node);
        break;
    case MD_ROW:
        node->header = take_number(unpacker);
        break;
    case MD_CELL:
        node->number = (int)take_number(unpacker);
        break;
    case MD_CODE_BLOCK:
        node->title = take_text(unpacker);
        node->text = take_text(unpacker);
        break;
    case MD_HTML_BLOCK:
    case MD_HTML_INLINE:
        node->comment = take_number(unpacker);
        node->text = take_text(unpacker);
        break;
    case MD_TEXT:
    case MD_CODE:
        node->text = take_text(unpacker);
        break;
    case MD_WIKI:
        note_link(unpacker, node, DOC_WIKI);
        node->text = take_text(unpacker);
        break;
    case MD_LINK:
    case MD_IMAGE:
        note_link(unpacker, node, node->kind == MD_LINK ? DOC_LINK : DOC_IMAGE);
        node->problem = (uint8_t)take_number(unpacker);
        break;
    default:
        break;
    }
}

static MdNode *take_node(Unpacker *unpacker, MdNode *parent) {
    MdNode *node = region_new(unpacker->doc->region, MdNode);
    unsigned char head = *unpacker->at++;
    node->parent = parent;
    node->kind = head & KIND;
    take_fields(unpacker, node);
    if (head & HAS_CHILDREN) {
        for (MdNode **place = &node->child; *unpacker->at != END;
             place = &node->last->next)
            *place = node->last = take_node(unpacker, node);
        unpacker->at++;
    }
    if (node->kind == MD_LINK || node->kind == MD_IMAGE) {
        node->text = take_text(unpacker);
        node->title = take_text(unpacker);
    }
    return node;
}

Doc *doc_unpack(const Source *source, ptrdiff_t from, ptrdiff_t to,
                MarkdownOptions options, Str packed) {
    Region *region = region_take(PTRDIFF_MAX);
    Doc *doc = region_new(region, Doc);
    *doc = (Doc){
        .source = source, .from = from, .to = to, .options = options, .region = region};
    Unpacker unpacker = {.doc = doc,
                         .at = (const unsigned char *)packed.data,
                         .source = str_slice(source->text, from, to)};
    doc->n_blocks = (int)take_number(&unpacker);
    doc->n_links = (ptrdiff_t)take_number(&unpacker);
    doc->n_headings = (ptrdiff_t)take_number(&unpacker);
    doc->blocks =
        region_alloc(region, (doc->n_blocks + 1) * (ptrdiff_t)sizeof *doc->blocks);
    doc->links = region_alloc(region, doc->n_links * (ptrdiff_t)sizeof *doc->links);
    doc->headings =
        region_alloc(region, doc->n_headings * (ptrdiff_t)sizeof *doc->headings);
    for (int i = 0; i < doc->n_blocks; i++) {
        doc->blocks[i] = (MdBlock){NULL, unpacker.n_links, unpacker.n_headings, 0};
        doc->blocks[i].node = take_node(&unpacker, NULL);
    }
    doc->blocks[doc->n_blocks] =
        (MdBlock){NULL, unpacker.n_links, unpacker.n_headings, 0};
    return doc;
}
