/* From the text of a template to its tags, each with its place on its line: the
 * compiler's eyes (mustache_compile.c). The text is read once, from the front. */
#pragma once

#include "text/mustache.h"

typedef struct Scanner {
    const Source *source;
    Str text; /* the Source's */
    DiagList *diags;
    Str open, close;   /* delimiters */
    ptrdiff_t at;      /* all before is done with */
    ptrdiff_t line;    /* where the line of `at` starts */
    bool line_has_tag; /* a tag that did not take its line away */
    bool failed;       /* there was a diagnostic: the end */
} Scanner;

typedef struct Tag {
    char sigil;          /* one of # ^ / > < $ & { ! =, or 0 */
    Str content;         /* without white space around it */
    ptrdiff_t from, to;  /* with its delimiters */
    bool starts_line;    /* only white space before it on its line */
    bool ends_line;      /* only white space behind it */
    ptrdiff_t lead;      /* where its line begins */
    ptrdiff_t next_line; /* where the next one does, if it ends its line */
} Tag;

Scanner scan_start(const Source *source, DiagList *diags);

/* Finds the next tag. False at the end of the text, and after a diagnostic (`failed`).
 * The caller goes on with one of the two functions below. */
bool scan_tag(Scanner *scan, Tag *tag);

/* Goes on behind the tag, in its line. */
void scan_pass_tag(Scanner *scan, const Tag *tag);

/* Goes on at `line`, as the start of a line. */
void scan_pass_line(Scanner *scan, ptrdiff_t line);

/* Takes the delimiters of a "=" tag; a diagnostic if they are none. */
void scan_set_delimiters(Scanner *scan, const Tag *tag);

/* The white space of the first line from `at` on that has more. Its data is NULL if that
 * line begins with a closing tag. */
Str scan_first_indentation(const Scanner *scan, ptrdiff_t at);

/* The beginning of a text, short enough for a message. */
Str scan_shown(Str s);

/* Adds a diagnostic template_syntax at `offset`; its value is the Diag, for a hint. */
#define SCAN_FAIL(scan, offset, ...)                                                     \
    ((scan)->failed = true, diag_add((scan)->diags, DIAG_TEMPLATE_SYNTAX,                \
                                     (Loc){(scan)->source, (offset)}, __VA_ARGS__))
