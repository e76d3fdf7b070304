/* The HTML renderer's inside, for html*.c, fences.c and directives_html.c.
 *
 * One small function for each kind of node, in a table; a directive's function is in its
 * row. They recurse; the tree's depth is bounded. */
#pragma once

#include "text/tree.h"

typedef struct Html Html;
typedef void HtmlNode(Html *html, const MdNode *node);

struct Html {
    const Doc *doc;
    const MdBody *body; /* NULL in the specification's HTML */
    const HtmlHooks *hooks;
    const MarkdownWords *words;
    Arena *arena;
    Buf *out;
    ptrdiff_t start;        /* of this HTML in out */
    HtmlNode *const *nodes; /* by MdKind */
    Str id_prefix;
    int link_shift;  /* makes a link's number that of the outline */
    int *seen;       /* by footnote: references written so far */
    int footnote;    /* the footnote that is being written, from 1; 0 for the body */
    int n_tabs;      /* `::: tabs` written so far */
    int tabs, tab;   /* the number of the one that is open, and of its tab */
    bool no_anchors; /* short texts: headings without ids */
    bool in_link, sponsored;
};

#define PUT(html, literal) buf_str((html)->out, S(literal))

/* ---- html.c ---- */

void html_node(Html *html, const MdNode *node);
void html_children(Html *html, const MdNode *node);

/* Starts a new line unless the output is at the start of one. */
void html_line(Html *html);

/* A renderer of `body` onto `out`, and all of its HTML. */
Html html_init(const MdBody *body, const HtmlHooks *hooks, Arena *arena, Buf *out);
void html_body(Html *html);

/* Is the paragraph one picture with a title? */
bool html_is_figure(const MdNode *paragraph);

/* Shared with html_spec.c. */
HtmlNode html_group, html_paragraph, html_quote, html_list, html_item, html_html,
    html_text, html_softbreak, html_code, html_emph, html_strong, html_strike;
bool html_is_tight(const MdNode *paragraph);

/* ---- html_links.c ---- */

/* The target of link number `index` of Doc.links. */
LinkTarget html_target(Html *html, ptrdiff_t index);

/* The target of the attribute `key` of a directive; false where it has none. */
bool html_attr_target(Html *html, const MdNode *node, Str key, LinkTarget *target);

/* `<a href="…" title="…" rel="…">`. */
void html_open_link(Html *html, const LinkTarget *target, Str title);

/* An <img>; `width` replaces the picture's own where it is smaller and not 0. */
void html_image(Html *html, const LinkTarget *target, Str alt, Str title, int width);

HtmlNode html_link, html_wiki, html_picture;
void html_picture_titled(Html *html, const MdNode *node, Str title);

/* directives_html.c: how each directive is written. */
HtmlNode html_alert, html_details, html_figure, html_tabs, html_tab, html_steps,
    html_compare, html_quiz, html_question, html_sponsor, html_explainer, html_video,
    html_resources, html_timeline, html_resource_attrs, html_unknown_directive;

/* fences.c: code blocks by the kind of their info string. */
HtmlNode html_fence;
