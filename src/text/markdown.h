/* Markdown: parsing through cmark-gfm, and what a page is made of.
 *
 * A Doc is one parsed text. It belongs to one thread at a time and lives until doc_free.
 * A page is walked twice: after the parse doc_outline takes out what other pages may need
 * (headings, links, summary), the linker decides where links lead, and then doc_html
 * writes the body. Both walks take the same tree in the same order, so that link number i
 * of the outline is link number i of the renderer. No tree stays in memory between them:
 * doc_pack makes a few hundred bytes of it, from which doc_unpack makes it again; the few
 * texts that can't be packed are parsed a second time.
 *
 * Dialect: GitHub's (GFM 0.29: tables, task lists, strikethrough, autolinks, footnotes,
 * alerts) plus wiki links `[[name#anchor|label]]`, `::: directive` containers, heading
 * attributes
 * `{slug=… topics=…}` and `{inline}`. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"

typedef struct Doc Doc;

/* Call once, from main, before any thread (cmark-gfm's extensions are registered). */
void markdown_init(void);

/* GitHub's extensions, which the specification's examples switch one by one. */
typedef enum MarkdownExtension {
    MARKDOWN_TABLE = 1,
    MARKDOWN_STRIKETHROUGH = 2,
    MARKDOWN_AUTOLINK = 4,
    MARKDOWN_TASKLIST = 8,
    MARKDOWN_TAGFILTER = 16,
    MARKDOWN_FOOTNOTES = 32,
} MarkdownExtension;

typedef struct MarkdownOptions {
    bool raw_html; /* keep raw HTML; else it is dropped with a warning */
    bool spec;     /* plain CommonMark/GFM: no directives, wiki links, lint, ids; raw HTML
                      is kept (for the specification tests) */
    unsigned spec_extensions; /* with spec: MarkdownExtension bits; else all but the tag
                                 filter are on */
    bool lint;                /* add the style warnings (first parse only) */
    ptrdiff_t memory_max; /* bytes that the parse may take; 0: 192 MB, so that a page with
                             its output stays under 256 MB */
} MarkdownOptions;

/* Parses source->text[from, to), which must be valid UTF-8 without NUL. Returns NULL
 * after a diagnostic limit_exceeded (nesting above 100, tables, links, memory: TRUST.md).
 * Directive errors are diagnostics; the Doc is still usable. Diagnostics are added to
 * `diags` unless it is NULL (the second parse). A worker parses one Doc at a time. */
Doc *doc_parse(const Source *source, ptrdiff_t from, ptrdiff_t to,
               MarkdownOptions options, DiagList *diags);
void doc_free(Doc *doc);

/* The Doc in a few hundred bytes that live in `arena` and borrow the Source, for
 * doc_unpack; empty where the text has what is not packed (pack.c), and must be parsed
 * again. `scratch` is a buffer to work in. */
Str doc_pack(const Doc *doc, Buf *scratch, Arena *arena);

/* The Doc again, without parsing: for doc_html, by the same arguments as doc_parse had.
 * It has no places, so it is not for doc_outline. */
Doc *doc_unpack(const Source *source, ptrdiff_t from, ptrdiff_t to,
                MarkdownOptions options, Str packed);

/* Number of top-level blocks. */
int doc_n_blocks(const Doc *doc);

/* Top-level blocks [first, last). An issue's item is a range of its issue's Doc. */
typedef struct DocRange {
    int first, last;
} DocRange;
DocRange doc_all(const Doc *doc);

/* An attribute `key=value` of a heading or a directive; a flag has an empty value. */
typedef struct DocAttr {
    Str key, value;
    ptrdiff_t offset; /* bytes in the Source */
} DocAttr;

/* A top-level `#` heading: how issues are cut into items. */
typedef struct DocSection {
    int block;       /* its index; the section's body starts at block + 1 */
    Str title;       /* plain text, without attributes */
    Str wiki_target; /* where the heading is only a [[link]]: its target, else empty */
    ptrdiff_t offset;
    const DocAttr *attrs;
    int n_attrs;
} DocSection;

/* All top-level headings of level 1, in order; allocated in `arena`. */
ptrdiff_t doc_sections(const Doc *doc, Arena *arena, const DocSection **out);

typedef struct DocHeading {
    int level;        /* after shifting, 2 to 6 */
    Str id;           /* unique in the outline */
    Str text;         /* plain */
    ptrdiff_t offset; /* bytes in the Source */
} DocHeading;

typedef enum DocLinkKind {
    DOC_LINK,  /* [text](target) or an autolink */
    DOC_IMAGE, /* ![alt](target), figure src, video poster, sponsor image */
    DOC_WIKI,  /* [[target|label]] */
    DOC_CARD,  /* ::: explainer slug=target */
} DocLinkKind;

typedef struct DocLink {
    DocLinkKind kind;
    Str target;       /* as written, entities and backslashes decoded, '%xx' kept */
    Str label;        /* WIKI: the label or empty; IMAGE: the alt text */
    ptrdiff_t offset; /* bytes in the Source, best effort */
    Str context; /* the sentence around the link, plain text but for "[[target]]" where
                    a wiki link has no label (backlinks); may be empty */
} DocLink;

typedef struct DocOutline {
    const DocHeading *headings;
    ptrdiff_t n_headings;
    const DocLink *links; /* every link that doc_html will ask about, in its order */
    ptrdiff_t n_links;
    Str title; /* text of the first top-level `#` heading where it starts the range */
    ptrdiff_t title_offset;
    Str summary; /* plain text of the first paragraph, at most 300 characters */
    ptrdiff_t words;
    bool has_h1; /* `#` headings remain after the title was taken off */
} DocOutline;

/* How a range becomes a page's body; the same values for outline and HTML. */
typedef struct BodyOptions {
    DocRange range;
    Str title; /* a first `#` heading of this text (without case and space) is left out;
                  empty: nothing is left out */
    bool drop_first_h1; /* leave a first `#` heading out whatever its text: it is the
                           title */
    int shift; /* levels to move all headings down; -1: one if `#` headings remain, else 0
                */
    Str id_prefix; /* before every id (headings, footnotes), to join bodies on one page */
} BodyOptions;

/* The block of the first `<!-- more -->` line in the range, or range.last: where an email
 * ends what it carries of an item. */
int doc_more(const Doc *doc, DocRange range);

/* Takes out what others need. Texts are copied into `arena`. */
void doc_outline(const Doc *doc, BodyOptions options, Arena *arena, DocOutline *out);

/* Where a link leads, decided by the caller (out/ from the linked model). */
typedef struct LinkTarget {
    bool dropped;      /* write only the text */
    bool external;     /* another host: rel="noopener" */
    Str href;          /* ready URL, not yet escaped for HTML */
    Str text;          /* WIKI without label, CARD: the target's title */
    Str summary;       /* CARD: the target's summary */
    int width, height; /* IMAGE: pixels, 0 where unknown */
} LinkTarget;

/* The interface words that the HTML contains. */
typedef struct MarkdownWords {
    Str note, tip, important, warning, caution; /* titles of alerts */
    Str details;                                /* summary of `::: details` */
    Str question;                               /* label of `::: question` */
    Str quiz, answer;                           /* label, and what uncovers the answer */
    Str sponsored;                              /* label of `::: sponsor` */
    Str video;                                  /* text of a video link without a title */
    Str minutes;                                /* behind a number: "20 min" */
    Str table, code;                            /* labels of areas that scroll */
    Str footnotes, back; /* label; "Back to reference" before a number */
    Str link_to;         /* before a heading's text: "Link to" */
} MarkdownWords;
extern const MarkdownWords markdown_english;

typedef struct HtmlHooks {
    /* Target of link number `index` of the outline. NULL: links lead where they say. */
    LinkTarget (*link)(void *self, ptrdiff_t index, const DocLink *link);
    void *self;
    const MarkdownWords *words; /* NULL: English */
    bool plain_headings;        /* without links to themselves, as in a feed */
} HtmlHooks;

/* Appends the HTML of the body. The same bytes for the same input. Never invalid or
 * unclosed, no script: TRUST.md promise 9. `arena` is scratch. */
void doc_html(const Doc *doc, BodyOptions options, const HtmlHooks *hooks, Arena *arena,
              Buf *out);

/* Markdown of a YAML value (step summaries, solutions): parse, outline and HTML of a
 * short text in one call, with the same hooks. `inline_only` leaves the paragraph's tags
 * out when the text is one paragraph. */
void markdown_html(Str text, bool inline_only, const HtmlHooks *hooks, Arena *arena,
                   Buf *out);

/* For tests: the whole document as the CommonMark specification wants it. */
void doc_spec_html(const Doc *doc, Buf *out);

/* The destination's scheme check: relative, http, https, mailto or tel, after decoding of
 * entities, control characters and white space removed. */
bool url_is_safe(Str url);

/* The directives, one row each: for the parser, the renderer and the manual. */
struct MdNode;
struct Html;
typedef struct DirectiveInfo {
    const char *name;
    const char
        *attributes; /* names apart by spaces: "name" is text, "name!" required, then
                        ":flag", ":number", ":link", ":image", ":card" where it is
                        not plain text */
    const char *doc;
    void (*html)(struct Html *html, const struct MdNode *node); /* html.h */
} DirectiveInfo;
extern const DirectiveInfo *const markdown_directives;
extern const ptrdiff_t markdown_n_directives;
