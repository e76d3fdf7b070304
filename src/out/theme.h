/* Theme: templates and assets, the program's own and the site's.
 *
 * A site's templates/NAME.mustache and assets/NAME shadow the embedded file of that name.
 * Templates are compiled once, before anything is rendered; assets are published under
 * names that carry a hash of their content ("assets/theme.1a2b3c4d.css"), and url(...)
 * references of style sheets are rewritten to those names.
 *
 * What must keep its name lies in assets/static: assets/static/favicon.ico is published
 * as /favicon.ico. A Theme is immutable after theme_load and may be read by all threads.
 */
#pragma once

#include "base/map.h"
#include "site/site.h"
#include "text/mustache.h"

typedef struct ThemeTemplate {
    Str name; /* "explainer", "partials/level" */
    Source source;
    const Template *template; /* NULL where it could not be compiled */
} ThemeTemplate;

typedef struct ThemeAsset {
    Str name;      /* below assets/: "fonts/serif.woff2" */
    Str url;       /* of the site: "/assets/fonts/serif.1a2b3c4d.woff2" */
    Source source; /* its file, for messages; the text only of style sheets and what is
                      embedded */
    Str bytes;     /* what is published, unless it is read from the site again */
    bool is_read;  /* it is */
} ThemeAsset;

typedef struct Theme {
    Arena *arena;
    int root;                    /* the site's directory */
    Map templates;               /* name → ThemeTemplate */
    Map partials;                /* name below partials/ → ThemeTemplate */
    Map assets;                  /* name → ThemeAsset, in order of the name */
    const ThemeAsset *logo;      /* `logo` of site.yaml, where it is an asset */
    int logo_width, logo_height; /* pixels, 0 where not known */
} Theme;

/* Reads and compiles; authors' mistakes go to `diags` (template_syntax,
 * template_partial_missing, asset_missing for a url() that leads nowhere). False only
 * where a file can't be read. In both cases the Theme must be released. */
bool theme_load(Theme *theme, const Site *site, Arena *arena, DiagList *diags, Err *err);

/* A template by name ("explainer"), or NULL; also NULL where it could not be compiled. */
const Template *theme_template(const Theme *theme, Str name);

/* Whether there is a template of that name, compiled or not. */
bool theme_has_template(const Theme *theme, Str name);

/* The template's name nearest to one that does not exist, or empty. */
Str theme_nearest(const Theme *theme, Str name);

/* For {{>name}}: templates/partials first, then every template. */
TemplateSet theme_partials(const Theme *theme);

/* The site URL of an asset by its name ("cairn.css"), or empty. */
Str theme_asset_url(const Theme *theme, Str name);

/* The bytes to publish; they live in `arena` or in the theme. */
bool theme_asset_bytes(const Theme *theme, const ThemeAsset *asset, Arena *arena,
                       Str *out, Err *err);

/* ---- theme_files.c, for theme.c and theme_assets.c ---- */

/* One file of the theme: embedded, or of the site, which shadows it. */
typedef struct ThemeFile {
    Str path; /* relative to the site or the program: "templates/home.mustache" */
    Str name; /* below the folder */
    const Source *embedded; /* NULL: a file of the site */
} ThemeFile;
typedef Vec(ThemeFile) ThemeFiles;

/* All files below `folder` ("templates", "assets"), by name. A link that can't be
 * followed is a diagnostic. */
bool theme_files(Theme *theme, const char *folder, ThemeFiles *out, DiagList *diags,
                 Err *err);

/* Reads a file of the site. One that is larger than `limit` is a diagnostic, its text
 * then empty; false where it can't be read. `source` gets path and text. */
bool theme_read(Theme *theme, const ThemeFile *file, ptrdiff_t limit, Arena *arena,
                Source *source, DiagList *diags, Err *err);

/* Reads the assets and names them, and finds the logo (theme_load does). */
bool theme_load_assets(Theme *theme, const Site *site, DiagList *diags, Err *err);
