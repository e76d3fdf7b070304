/* The tree of a parsed Markdown text, for the files of this directory only.
 *
 * cmark-gfm's tree is copied once into nodes of our own (tree.c): its getters write to
 * the tree and know no directives, wiki links or alerts, and every pass after the parse
 * (outline, HTML, lint) becomes a plain walk. Nodes and texts live in the Doc's Region.
 *
 * Depth is bounded when the tree is made (MD_DEPTH_MAX blocks, as many inlines), so
 * whatever walks it may recurse. */
#pragma once

#include "text/markdown.h"
#include "text/region.h"

enum {
    MD_DEPTH_MAX = 100,   /* TRUST.md, "Limits" */
    MD_LINKS_MAX = 20000, /* as many headings and references to footnotes */
    MD_DIAGS_MAX = 20000,
    MD_ATTRS_MAX = 64, /* in one place; they are looked up one after the other */
    MD_TABLE_COLUMNS_MAX = 1000,
    MD_TABLE_CELLS_MAX = 100000, /* in one text */
};

typedef enum MdKind {
    MD_GROUP, /* only its children */
    /* blocks */
    MD_PARAGRAPH,
    MD_HEADING,
    MD_QUOTE,
    MD_LIST,
    MD_ITEM,
    MD_CODE_BLOCK,
    MD_HTML_BLOCK,
    MD_RULE,
    MD_TABLE,
    MD_ROW,
    MD_CELL,
    MD_DIRECTIVE, /* also an alert "> [!NOTE]" */
    MD_FOOTNOTE,
    /* inlines */
    MD_TEXT,
    MD_SOFTBREAK,
    MD_LINEBREAK,
    MD_CODE,
    MD_HTML_INLINE,
    MD_EMPH,
    MD_STRONG,
    MD_STRIKE,
    MD_LINK,
    MD_IMAGE,
    MD_WIKI,
    MD_REF,   /* a reference to a footnote */
    MD_ATTRS, /* {kind=video} behind a link of `::: resources` */
    MD_KINDS
} MdKind;

typedef enum MdProblem { MD_FINE, MD_EMPTY, MD_UNSAFE, MD_MALFORMED } MdProblem;

typedef struct MdAttrs {
    const DocAttr *items;
    const int *links; /* of each item: its number in Doc.links, or -1 */
    int n;
} MdAttrs;

typedef struct MdNode MdNode;
struct MdNode {
    MdNode *parent, *child, *last, *next;
    Str text;  /* TEXT, CODE, HTML, CODE_BLOCK: literal; LINK, IMAGE: URL; WIKI: target;
                  DIRECTIVE: name as written; FOOTNOTE: label */
    Str title; /* LINK, IMAGE: title; CODE_BLOCK: info string */
    union {
        const MdAttrs *attrs;      /* HEADING, DIRECTIVE, ATTRS; may be NULL */
        const uint8_t *alignments; /* TABLE: 0, 'l', 'c', 'r' for each column */
    };
    const DirectiveInfo *directive; /* DIRECTIVE: its row, NULL if there is none */
    int line, column; /* where it starts, from 1; column in bytes, 0: not known */
    int end_line;     /* blocks */
    int number;   /* HEADING: level; LIST: first number; ITEM: its number; CELL: column;
                     REF, FOOTNOTE: index in Doc.footnotes; LINK, IMAGE, WIKI: index in
                     Doc.links, -1 where it is not rendered as a link */
    int heading;  /* HEADING: index in Doc.headings, -1 where it is empty */
    uint8_t kind; /* MdKind */
    uint8_t problem; /* LINK, IMAGE: MdProblem; others than MD_FINE show only the text */
    bool ordered;    /* LIST */
    bool tight;      /* LIST */
    bool task;       /* ITEM */
    bool checked;    /* ITEM */
    bool header;     /* ROW */
    bool comment;    /* HTML: nothing but a comment */
};

/* One thing that HtmlHooks.link is asked about. */
typedef struct MdLink {
    const MdNode *node;
    int attr; /* index in node->attrs of a directive, or -1 */
    DocLinkKind kind;
} MdLink;

/* A top-level block, or a footnote's definition, with the first of its links, headings
 * and footnote references in the Doc's arrays; the next MdBlock has their ends. */
typedef struct MdBlock {
    MdNode *node;
    int links, headings, refs;
} MdBlock;

struct Doc {
    const Source *source;
    ptrdiff_t from, to;
    MarkdownOptions options;
    DiagList *diags;      /* may be NULL */
    ptrdiff_t first_diag; /* how many the list had before */
    Region *region;
    bool unclean;           /* may have characters that HTML forbids */
    ptrdiff_t nested_lines; /* depths of the lines read so far, added up */
    int *lines;             /* offset of each line's start, counted from `from` */
    int n_lines;
    MdBlock *blocks; /* n_blocks + n_footnotes + 1; the last has node NULL */
    int n_blocks, n_footnotes;
    MdLink *links;
    ptrdiff_t n_links;
    MdNode **headings;
    ptrdiff_t n_headings;
    int *refs; /* the footnotes' indexes */
    ptrdiff_t n_refs;
};

/* ---- tree.c ---- */

/* Fills doc->blocks and the arrays. Leaves by md_refuse when a limit is exceeded. */
void md_build(Doc *doc, cmark_node *root);

/* Learns cmark-gfm's node types from a sample; once, from markdown_init. */
void md_tree_init(void);

/* ---- markdown.c ---- */

/* Adds limit_exceeded and leaves the parse, which returns NULL. */
_Noreturn void md_refuse(Doc *doc, ptrdiff_t offset, const char *what, int limit);

/* The text that this thread is parsing; the directive extension's way to it. */
Doc *md_parsing(void);

/* Offset in the Source of a line and a byte column, both from 1; clamped. */
ptrdiff_t md_offset(const Doc *doc, int line, int column);

/* Line `line` of the source, without its ending. */
Str md_line(const Doc *doc, int line);

/* Offset of `part`, which is (mostly) a slice of `node`'s text: exact where the source
 * has it where the columns say or elsewhere in the line, else the node's own place. */
ptrdiff_t md_locate(const Doc *doc, const MdNode *node, Str part);

/* May another diagnostic be added? Not on the second parse, nor after very many. */
bool md_may_report(const Doc *doc);

/* Adds one where that is so. Its value is the Diag or NULL. */
#define md_report(doc, code, offset, ...)                                                \
    (md_may_report(doc)                                                                  \
         ? diag_add((doc)->diags, (code), md_loc((doc), (offset)), __VA_ARGS__)          \
         : NULL)

/* Text in which characters that HTML and XML forbid are replaced by U+FFFD. */
Str md_clean(const Doc *doc, Str text);

static inline Loc md_loc(const Doc *doc, ptrdiff_t offset) {
    return (Loc){doc->source, offset};
}

/* ---- attrs.c ---- */

typedef struct AttrReader {
    Str text;
    ptrdiff_t at;   /* how far it was read */
    ptrdiff_t base; /* offset of text in the Source */
} AttrReader;

typedef enum AttrStatus { ATTR_END, ATTR_READ, ATTR_BAD } AttrStatus;

/* Reads the next `key=value`, `key="quoted value"` or `flag`. After ATTR_BAD, out->offset
 * is the place of the fault. Values with escapes are copied into the region. */
AttrStatus attr_next(AttrReader *reader, Region *region, DocAttr *out);

/* All attributes of `text`, or NULL where it is not entirely attributes. */
const MdAttrs *attrs_read(Region *region, Str text, ptrdiff_t base);

/* The attribute `key`, or NULL. */
const DocAttr *attrs_find(const MdAttrs *attrs, Str key);
Str attrs_get(const MdAttrs *attrs, Str key);

/* ---- wiki.c: what is recognised in inlines after the parse ---- */

/* [[links]] among the children of `parent`; `cursor` is the source offset before which
 * nothing is looked for, `budget` how many more candidates may turn out not to stand in
 * the source; both are kept over a block. */
typedef struct WikiSearch {
    ptrdiff_t cursor, end;
    int budget;
} WikiSearch;
void md_find_wiki_links(Doc *doc, MdNode *parent, WikiSearch *search);

/* Takes `{…}` off the end of a heading. */
void md_take_heading_attrs(Doc *doc, MdNode *heading);

/* Turns `{kind=video}` behind links below `parent` into MD_ATTRS nodes, with diagnostics.
 */
void md_take_resource_attrs(Doc *doc, MdNode *parent);

/* Makes a directive of a quote that starts with [!NOTE], [!TIP] and so on. */
void md_take_alert(MdNode *quote);

/* ---- directives.c ---- */

/* Makes the block extension; once, from markdown_init. */
void directives_init(void);
cmark_syntax_extension *directives_extension(void);

/* The node type of a directive, and of the mark that its closing fence leaves. */
cmark_node_type directive_type(void);
cmark_node_type directive_end_type(void);

/* Reads the opening line into node->text, ->directive and ->attrs, with diagnostics. */
void directive_read(Doc *doc, MdNode *node);

/* Reports a directive that was not closed. */
void directive_check_closed(Doc *doc, const MdNode *node, cmark_node *last);

/* What a directive's row demands of its content, when the children are there. */
void directive_check(Doc *doc, const MdNode *node);

const DirectiveInfo *directive_find(Str name);

/* Is `node` (which may be NULL) the directive `name`? */
bool directive_is(const MdNode *node, const char *name);

/* The kind of link that attribute `key` of `row` is; false if it is none. */
bool directive_attr_link(const DirectiveInfo *row, Str key, DocLinkKind *kind);

/* ---- outline.c ---- */

/* Appends the plain text below `node`. */
void md_text(const MdNode *node, Buf *out);

/* The same as a Str: a view where the text is in one piece, else a copy in `arena`. */
Str md_text_str(const MdNode *node, Arena *arena);

/* ---- body.c ---- */

/* What a range of blocks with options comes to: the one place that outline and HTML take
 * ids and the numbers of links from, so that they cannot differ. */
typedef struct MdBody {
    const Doc *doc;
    int first, last; /* blocks, the title taken off */
    int title;       /* the block of the title that was taken off, or -1 */
    int shift;
    bool has_h1;
    Str id_prefix;
    Str *ids;       /* by index in Doc.headings; empty outside the body */
    int8_t *levels; /* the same: 2 to 6, never more than one below the heading before */
    int *footnotes; /* the definitions in use, in the order of the first reference */
    int n_footnotes;
    int *numbers;     /* by definition: its number from 1, 0 where it is not used */
    int *references;  /* by definition: how many there are */
    int *link_shifts; /* by position in footnotes: what makes a link's number local */
    int link_shift;   /* the same for the blocks */
    ptrdiff_t n_links;
} MdBody;

void body_plan(const Doc *doc, BodyOptions options, Arena *arena, MdBody *body);

/* Number `index` of Doc.links as others see it, without its context. */
DocLink md_link(const Doc *doc, ptrdiff_t index, Arena *arena);

/* ---- lint.c ---- */
void md_lint(Doc *doc);

/* ---- mojibake.c ---- */

typedef struct Mojibake {
    ptrdiff_t from, to;  /* the faulty bytes in the text */
    char meant[5];       /* the character that was meant, UTF-8, NUL-terminated */
    const char *charset; /* what the UTF-8 was taken for */
} Mojibake;

/* The first wrongly decoded character of valid UTF-8 `text` at or after `from`. */
bool mojibake_find(Str text, ptrdiff_t from, Mojibake *out);

/* ---- url.c ---- */

/* Appends a URL as the value of href or src: what the URL Standard does not allow is
 * percent-encoded, then & and quotes are escaped for HTML. */
void url_put(Buf *out, Str url);

/* Could a browser read it? False for http and https without a proper host. */
bool url_is_wellformed(Str url);

/* Has a scheme, or starts with two slashes: does it lead out of the site? */
bool url_is_external(Str url);
