/* Outputs: everything that a site publishes, and how each file is made.
 *
 * output_kinds has one row for each kind of output: its name, its template or the
 * function that writes it, and the function that lists its files. Adding an output is a
 * row and a function. outputs_list calls the rows in order; the result is the work of a
 * build, one Output a file, and of `cairn list outputs`.
 *
 * A listing costs O(outputs): whatever needs a search was precomputed by the linker. */
#pragma once

#include "base/buf.h"
#include "out/theme.h"
#include "site/link.h"

typedef struct Output Output;
typedef struct Outputs Outputs;
typedef struct OutputKind OutputKind;
typedef struct Writer Writer;

/* What Output.subject points to. */
typedef enum Subject {
    SUBJECT_NONE,
    SUBJECT_PAGE, /* Page: explainers, docs, plain pages */
    SUBJECT_ISSUE,
    SUBJECT_ROADMAP,
    SUBJECT_TOPIC,
    SUBJECT_REDIRECT,
    SUBJECT_THEME_ASSET,
    SUBJECT_ASSET,
} Subject;

struct OutputKind {
    const char *name; /* also page.kind, and the template unless `write` is given */
    Subject subject;
    const char *title;  /* of the page; NULL: the subject's */
    const char *url;    /* of a list's first page; else NULL */
    const char *parent; /* the kind above it in the breadcrumbs; NULL: home */
    bool indexed;       /* a page for readers: in the sitemap */
    bool anywhere;      /* served for any address: it has none of its own */
    /* Appends the outputs of this kind. */
    void (*list)(Outputs *outputs, const OutputKind *self);
    /* Makes the file: *bytes lie in `out` (empty at first), in the writer's scratch or in
     * the theme. False and *err where a file of the site can't be read. NULL: the
     * template makes it. */
    bool (*write)(Writer *writer, Buf *out, Str *bytes, Err *err);
    const char *doc; /* one line for the manual */
};

struct Output {
    const OutputKind *kind;
    const void *subject;
    Str url; /* "/explainers/sql/", from the site's root, without base path */
    const Text *template; /* instead of the kind's, or NULL */
    const Source *source; /* what the body is parsed from; NULL: more than one file */
    int number,
        count; /* page `number` of `count` of a list; 0 of 0 for everything else */
    ptrdiff_t n_items; /* of a list, on all its pages together */
};

struct Outputs {
    const Site *site;
    const Theme *theme;
    Arena *arena;
    DiagList *diags;
    Map files; /* URL → ThemeAsset or Asset: what is published as it is */
    Vec(Output) list;
    Str *first_urls; /* by row of output_kinds; empty where the site has none */
};

extern const OutputKind output_kinds[];
extern const ptrdiff_t output_n_kinds;

/* The row of `name`, or NULL. */
const OutputKind *output_kind(const char *name);

/* Lists all outputs of `site`. Outputs that share a source follow each other. Two that
 * claim one URL are a diagnostic (url_collision), as is a template that does not exist.
 * The list lives in `arena` and borrows site and theme. */
void outputs_list(Outputs *outputs, const Site *site, const Theme *theme, Arena *arena,
                  DiagList *diags);

/* The file that an output is published as, relative to the output directory, in `arena`:
 * a page without an ending in its URL (`urls: clean`) has one on the disk. */
Str output_file(Arena *arena, const Output *output);

/* URL of page `number` of the list at `url`, in `arena`: "/explainers/page/2/", for
 * "/topics/sql.html" "/topics/sql/page/2.html". */
Str list_page_url(Arena *arena, Str url, int64_t number);

/* Slice of a list of `n` that page `number` shows, by settings.paginate. */
typedef struct ListSlice {
    ptrdiff_t from, n;
} ListSlice;
ListSlice list_slice(const Site *site, ptrdiff_t n, int number);

/* URL of the first output of that kind: of a list "/explainers/", of "doc" where the
 * manual starts; empty where the site has none. */
Str outputs_first_url(const Outputs *outputs, const char *kind);

/* What a list is called: "Explainers". */
Str list_title(const char *kind);

/* URL of the first page of the list that `output` is a page of. */
Str output_list_url(const Output *output);
