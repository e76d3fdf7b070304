/* Roadmaps: reading the YAML, and the checks of the graph. */
#pragma once

#include "site/schema.h"

/* Reads one roadmap file (CONTENT.md, "content/roadmaps"): long and short forms, every
 * key checked for its type, ids made from titles, duplicate ids reported. Always returns
 * a Roadmap, as far as it could be read, in `arena`; slug and url are not set. */
Roadmap *roadmap_parse(const Source *source, Arena *arena, DiagList *diags);

/* Fills step_by_id of every roadmap (ids and aliases), before anything links to steps. */
void roadmaps_index(Site *site);

/* Resolves `requires` and `explainers`, fills requires, unlocks,
 * explainers, Page.steps, previous, next, totals; then checks: dangling ids with the
 * nearest, prerequisite cycles (the whole path, once each), steps taught before what they
 * require, week gaps and overlaps, hours over the pace, steps without an explainer,
 * resources without a kind. Serial; O(steps + edges). */
void roadmaps_link(Site *site);
