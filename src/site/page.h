/* Pages: from a Source to Page structs. Called in parallel, one Source a call. */
#pragma once

#include "site/settings.h"

/* What one file is made into; several files at once, each by one worker. */
typedef struct ParseJob {
    PageKind kind;
    Str name; /* path below its kind's folder, without the ending */
    const Source *source;
    const LoadSettings *load;
    const Settings *settings;
    Date now;    /* pages dated later wait ... */
    bool future; /* ... unless this is set */
    Arena *arena;
    Buf *scratch; /* the worker's, to work in */
    DiagList *diags;
} ParseJob;

/* Front matter, outline and, of an issue, its items. Always returns a Page, as far as the
 * file could be read; slug and url are not set. Of an issue *issue is set too, and its
 * items with text have pages of their own (Item.page). */
Page *page_parse(const ParseJob *job, Issue **issue);

/* Finds the front matter of `source`: true if there is one, then [*from, *to) is its
 * YAML; *body is where the Markdown starts in any case. An unclosed one is a diagnostic,
 * and the body is the rest of the file. */
bool front_matter_find(const Source *source, ptrdiff_t *from, ptrdiff_t *to,
                       ptrdiff_t *body, DiagList *diags);

/* The front matter as nodes, read anew into `arena`: what templates see as params. NULL
 * where there is none or it is faulty. */
const Node *page_front_matter(const Page *page, Arena *arena);

/* "process-vs-thread" → "Process vs thread": a title where nothing gives one. */
Str title_from_name(Arena *arena, Str name);
