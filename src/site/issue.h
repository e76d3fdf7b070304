/* Issues: cutting a newsletter file into items at its `#` headings. */
#pragma once

#include "site/page.h"

/* Makes the Issue of `page` from its parsed file (NULL: it could not be parsed, no
 * items). The page's own body becomes the opening words; each item with text gets an
 * explainer page. */
Issue *issue_parse(const ParseJob *job, Page *page, const Doc *doc);

/* The number at the end of a file's name ("ep159" → 159), or -1. */
int64_t issue_number_from_name(Str name);

/* Outline, summary and minutes of `page` from its options (page.c). */
/* Reading time in minutes, at least 1. */
int64_t minutes_of_words(int64_t words);
void page_take_outline(Page *page, const Doc *doc, Arena *arena);
