/* The linker: what needs more than one file. Its parts, in the order in which they run:
 *
 *   urls.c          slugs, URLs, who owns which URL, redirects
 *   own_urls.c      URLs that no content file claims, nav
 *   names.c         finding a page by what an author calls it
 *   targets.c       where a link leads, anchors, assets
 *   topics.c        topics, order, previous and next
 *   requires.c      explainers that require each other
 *   roadmap_link.c  the graph of steps
 *   glossary.c      terms
 *   link.c          runs them, backlinks, issues
 *
 * Serial, but for the hashing of assets; linear in pages and links. */
#pragma once

#include "site/page.h"

/* Runs all of it. False only where the environment fails. */
bool site_link(Site *site, const LoadSettings *settings, Err *err);

/* The linker's own list of diagnostics. */
static inline DiagList *link_diags(Site *site) { return &site->diags[site->n_workers]; }

/* ---- urls.c ---- */

typedef struct UrlOwner {
    Str url; /* exactly as published */
    Target target;
    const char *what; /* for messages: "an explainer" */
    Loc loc;
} UrlOwner;

/* Gives every page and roadmap its slug and URL. */
void link_urls(Site *site, const LoadSettings *settings);

/* Claims a URL; a second claim, also one that differs only by case or normalisation, is a
 * url_collision at `loc` that names both. */
void link_claim(Site *site, Str url, Target target, const char *what, Loc loc);

/* Claims all URLs that are published, and the aliases as redirects. */
void link_claim_all(Site *site);

/* The owner of exactly this URL, or NULL. */
const UrlOwner *link_url_owner(const Site *site, Str url);

/* ---- own_urls.c ---- */

/* Claims what no file of content/ claims: lists, feed and so on as far as the site will
 * have them, and the files of assets/static. Before everything else that is claimed. */
void link_claim_own(Site *site);

/* Checks that the entries of `nav` lead somewhere; when all is claimed. */
void link_check_nav(Site *site);

/* ---- names.c ---- */

/* Content by name: slug, path suffix, title, alias, in that order and without case.
 * `kinds` is a bit for each PageKind; NAME_ROADMAPS adds roadmaps. Adds `unknown` with
 * the nearest name, or link_ambiguous that lists the matches; then TARGET_NONE. */
enum { NAME_ROADMAPS = 1 << PAGE_KINDS, NAME_ALL = (1 << (PAGE_KINDS + 1)) - 1 };
Target link_find(Site *site, Str name, unsigned kinds, DiagCode unknown, Loc loc);

/* A roadmap in the same way; NULL without a message where there is none, or more than
 * one. */
const Roadmap *link_find_roadmap(Site *site, Str name);

/* ---- targets.c ---- */

/* Where link `link` of the page or YAML file `from` leads; `url` is that of the page on
 * which it stands, `self` the page itself or NULL. */
Target link_resolve(Site *site, const Source *from, const Page *self, Str url,
                    const DocLink *link);

/* The same for a picture named by a key (image: in front matter). */
Target link_resolve_image(Site *site, const Source *from, Text image);

/* Resolves the links of Markdown values that stand in the YAML file `from` and are shown
 * on the page at `url`. */
void link_resolve_texts(Site *site, const Source *from, Str url, const Texts *texts);

/* Hashes, measures and names the assets that were found, in parallel. */
bool link_finish_assets(Site *site, Err *err);

/* ---- glossary.c ---- */

/* Reads content/glossary.yaml into site->terms. */
void link_glossary(Site *site, const Source *source);

/* Anchors and links of the terms. */
void link_terms(Site *site);

/* ---- requires.c ---- */

/* Reports circles among the explainers that pages require. */
void link_check_requires(Site *site);

/* ---- topics.c ---- */

void link_topics(Site *site);
void link_order(Site *site);
