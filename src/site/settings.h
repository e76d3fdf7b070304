/* Settings: reading content/site.yaml into what the loader and everybody else needs. */
#pragma once

#include "site/schema.h"

/* What only the loader uses of site.yaml. */
typedef struct LoadSettings {
    Str folders[PAGE_KINDS];    /* content: where each kind lives, relative to the site */
    Str roadmaps;               /* the roadmaps' folder */
    Str permalinks[PAGE_KINDS]; /* "/guides/:slug/", empty: the default */
    Str roadmap_permalink;
    const KeyAlias *aliases; /* front_matter: other names of our keys */
    ptrdiff_t n_aliases;
} LoadSettings;

/* Reads `source` (NULL: no file, all defaults) into site->settings, site->severities,
 * site->base_path and *load. Diagnostics go to `diags`. */
void settings_read(Site *site, const Source *source, const SiteOptions *options,
                   LoadSettings *load, DiagList *diags);
