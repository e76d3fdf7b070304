/* URLs that no file of content/ claims: see link.h.
 *
 * The program publishes lists, a feed and so on, but only where there is something to put
 * into them: a link to the archive of a site without issues leads to nothing and must be
 * reported like any other. Files of assets/static are published under their own names
 * (out/theme.h), so they can be linked to and may collide with pages; one that has the
 * name of a file that the program makes for machines, such as robots.txt, replaces it. */
#include "site/link.h"

static bool has_topics(const Site *site) {
    for (int kind = 0; kind < PAGE_KINDS; kind++)
        for (ptrdiff_t i = 0; i < site->pages[kind].n; i++)
            if (site->pages[kind].items[i]->topic_names.n)
                return true;
    for (ptrdiff_t i = 0; i < site->roadmaps.n; i++)
        if (site->roadmaps.items[i]->topic_names.n)
            return true;
    return false;
}

static bool has_dates(const Site *site, PageKind kind) {
    for (ptrdiff_t i = 0; i < site->pages[kind].n; i++)
        if (site->pages[kind].items[i]->date.set)
            return true;
    return false;
}

bool site_has_feed(const Site *site) {
    return site->settings.outputs_feed && site->settings.base_url.text.len &&
           (has_dates(site, PAGE_ISSUE) || has_dates(site, PAGE_EXPLAINER));
}

bool site_has_sitemap(const Site *site) {
    return site->settings.outputs_sitemap && site->settings.base_url.text.len;
}

static void claim(Site *site, Str url, const char *what, const Source *source) {
    link_claim(site, url, (Target){.kind = TARGET_URL, .url = url}, what,
               (Loc){source, -1});
}

/* Where the directory can't be read the theme says so, which reads it again. */
static void claim_static(Site *site) {
    FsEntries files = {0};
    Err err;
    Str index = S("index.html");
    if (!fs_walk(site->root, "assets/static", &site->arena, NULL, NULL, &files, &err))
        return;
    for (ptrdiff_t i = 0; i < files.n; i++) {
        Source *source = arena_new(&site->arena, Source);
        source->path =
            arena_concat(&site->arena, S("assets/static/"), files.items[i].path);
        Str url = arena_concat(&site->arena, S("/"), files.items[i].path);
        if (str_has_suffix(url, S("/index.html")))
            url = str_slice(url, 0, url.len - index.len);
        if (!files.items[i].problem)
            claim(site, url, "a file of assets/static", source);
    }
}

void link_claim_own(Site *site) {
    const struct {
        const char *url, *what;
        bool exists, replaceable;
    } own[] = {
        {"/", "the home page", true, false},
        {"/explainers/", "the list of explainers", site->pages[PAGE_EXPLAINER].n > 0,
         false},
        {"/issues/", "the archive", site->issues.n > 0, false},
        {"/roadmaps/", "the roadmap index", site->roadmaps.n > 0, false},
        {"/topics/", "the list of topics", has_topics(site), false},
        {"/glossary/", "the glossary", site->terms.n > 0, false},
        {"/404.html", "the page for what is not found", true, true},
        {"/feed.xml", "the feed", site_has_feed(site), true},
        {"/sitemap.xml", "the sitemap", site_has_sitemap(site), true},
        {"/robots.txt", "robots.txt", site->settings.outputs_robots, true},
    };
    claim_static(site);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        Str url = str_from(own[i].url);
        if (own[i].exists && !(own[i].replaceable && link_url_owner(site, url)))
            claim(site, url, own[i].what, NULL);
    }
}

/* ---- nav ---- */

/* An address elsewhere, or only a place on the same page. */
static bool is_elsewhere(Str url) {
    ptrdiff_t colon = str_find_char(url, ':'), slash = str_find_char(url, '/');
    return str_has_prefix(url, S("//")) || str_has_prefix(url, S("#")) ||
           (colon >= 0 && (slash < 0 || colon < slash));
}

static Str nearest_url(const Site *site, Str url) {
    Nearest nearest = nearest_init(url);
    for (ptrdiff_t i = 0; i < site->by_url.entries.n; i++)
        nearest_add(&nearest,
                    ((const UrlOwner *)site->by_url.entries.items[i].value)->url);
    return nearest.best;
}

void link_check_nav(Site *site) {
    enum { HINTS = 10 };
    for (ptrdiff_t i = 0; i < site->settings.nav.n; i++) {
        Text url = site->settings.nav.items[i].url;
        Str path = str_trim(url.text), rest;
        if (is_elsewhere(path))
            continue;
        str_cut(path, '#', &path, &rest);
        str_cut(path, '?', &path, &rest);
        if (link_url_owner(site, path))
            continue;
        Diag *diag = diag_add(
            link_diags(site), DIAG_LINK_UNKNOWN, (Loc){site->settings_source, url.offset},
            "the navigation's '%.*s' leads to nothing", STR_ARG(url.text));
        if (i < HINTS)
            diag_hint_nearest(link_diags(site), diag, nearest_url(site, path));
    }
}
