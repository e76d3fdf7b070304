/* The linker's look-ups, shared by link.c, roadmap_link.c and load.c. */
#pragma once

#include "site/site.h"

/* An explainer (or other page) by name: slug, path suffix, title, alias, in that order and
 * without case. Adds `unknown` (link_unknown, explainer_unknown) with the nearest name, or
 * link_ambiguous that lists the matches; then NULL. */
Page *link_find_page(Site *site, Str name, DiagCode unknown, Loc loc, DiagList *diags);

/* A roadmap by slug or title, without case; NULL without a message. */
Roadmap *link_find_roadmap(const Site *site, Str name);

/* Resolves a path, URL or wiki name (`wiki`) as written in the file `from`. */
Target link_resolve(Site *site, const Source *from, const DocLink *link, DiagList *diags);
