/* Slugs and URLs, and who owns which: see link.h and CONTENT.md, "Paths and names".
 *
 * Two sources that claim one URL would silently overwrite each other's file; on a file
 * system that ignores case or normalises names even URLs that look different would. So
 * claims are compared after NFC and case folding (TRUST.md, promise 6). */
#include "site/link.h"

#include "base/pool.h"
#include "text/unicode.h"

#include <stdio.h>

/* The name's folders and stem as slugs; `given` replaces the stem. A stem "index" stands
 * for its folder. */
static Str slug_of(Arena *arena, Str name, Str given, bool index_is_root) {
    ptrdiff_t slash = str_find_last_char(name, '/');
    Str folders = str_slice(name, 0, slash + 1), stem = str_from_offset(name, slash + 1);
    Buf slug = {0};
    for (Str rest = folders, part; rest.len;) {
        str_cut(rest, '/', &part, &rest);
        buf_str(&slug, slug_make(arena, part));
        buf_char(&slug, '/');
    }
    if (given.len)
        buf_str(&slug, slug_make(arena, given));
    else if (str_equal(stem, S("index")) && (folders.len || index_is_root))
        slug.len -= slug.len > 0;
    else
        buf_str(&slug, slug_make(arena, stem));
    Str copy = arena_str(arena, buf_view(&slug));
    buf_release(&slug);
    return copy;
}

static void put_date_part(Buf *out, Date date, Str variable) {
    if (!date.set)
        buf_char(out, '0');
    else if (str_equal(variable, S(":year")))
        buf_printf(out, "%04d", date.year);
    else
        buf_printf(out, "%02d", str_equal(variable, S(":month")) ? date.month : date.day);
}

/* A permalink pattern with its variables filled in. */
static Str expand(Arena *arena, Str pattern, Str slug, Date date) {
    static const Str variables[] = {STR_INIT(":slug"), STR_INIT(":name"),
                                    STR_INIT(":year"), STR_INIT(":month"),
                                    STR_INIT(":day")};
    Buf url = {0};
    while (pattern.len) {
        int hit = -1;
        for (int i = 0; i < 5 && pattern.data[0] == ':'; i++)
            if (str_has_prefix(pattern, variables[i]))
                hit = i;
        if (hit < 0) {
            buf_char(&url, pattern.data[0]);
            pattern = str_from_offset(pattern, 1);
            continue;
        }
        if (hit == 0)
            buf_str(&url, slug);
        else if (hit == 1)
            buf_str(&url, str_from_offset(slug, str_find_last_char(slug, '/') + 1));
        else
            put_date_part(&url, date, variables[hit]);
        pattern = str_from_offset(pattern, variables[hit].len);
    }
    /* An empty slug (an index page) leaves two slashes. */
    if (slug.len == 0 && url.len > 1 && url.data[url.len - 1] == '/' &&
        url.data[url.len - 2] == '/')
        url.len--;
    Str copy = arena_str(arena, buf_view(&url));
    buf_release(&url);
    return copy;
}

/* "/x/slug/" → "/x/slug.html" or "/x/slug" where the site has such URLs; lists keep their
 * folder. */
static Str flatten(const Site *site, Arena *arena, Str url, Str slug) {
    if (site->settings.urls == URL_FOLDER || slug.len == 0 ||
        !str_has_suffix(url, S("/")))
        return url;
    Str bare = str_slice(url, 0, url.len - 1);
    return site->settings.urls == URL_CLEAN ? bare
                                            : arena_concat(arena, bare, S(".html"));
}

static void check_length(DiagList *diags, Str url, Loc loc) {
    for (Str rest = url, part; rest.len;) {
        str_cut(rest, '/', &part, &rest);
        if (part.len > 250)
            diag_add(diags, DIAG_PATH_TOO_LONG, loc,
                     "a part of the URL is %td bytes long, at most 250 are possible",
                     part.len);
    }
}

typedef struct UrlJobs {
    Site *site;
    const LoadSettings *settings;
    PageKind kind;
} UrlJobs;

static void make_url(void *context, int worker, ptrdiff_t index) {
    const UrlJobs *jobs = context;
    const Site *site = jobs->site;
    PageKind kind = jobs->kind;
    Arena *arena = &site->worker_arenas[worker];
    Page *page = site->pages[kind].items[index];
    page->slug = slug_of(arena, page->name, page->given_slug.text,
                         kind == PAGE_DOC || kind == PAGE_PLAIN);
    page->url = expand(arena, jobs->settings->permalinks[kind], page->slug, page->date);
    page->url = flatten(site, arena, page->url, page->slug);
    check_length(&site->diags[worker], page->url, page->loc);
}

void link_urls(Site *site, const LoadSettings *settings) {
    Arena *arena = &site->arena;
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        UrlJobs jobs = {site, settings, (PageKind)kind};
        pool_run(site->n_workers, site->pages[kind].n, make_url, &jobs);
    }
    for (ptrdiff_t i = 0; i < site->pages[PAGE_PLAIN].n; i++)
        if (site->pages[PAGE_PLAIN].items[i]->slug.len == 0)
            site->home_page = site->pages[PAGE_PLAIN].items[i];
    for (ptrdiff_t i = 0; i < site->roadmaps.n; i++) {
        Roadmap *roadmap = site->roadmaps.items[i];
        roadmap->slug = slug_of(arena, roadmap->name, roadmap->given_slug.text, false);
        Str url =
            expand(arena, settings->roadmap_permalink, roadmap->slug, roadmap->date);
        roadmap->url = flatten(site, arena, url, roadmap->slug);
        check_length(link_diags(site), roadmap->url, (Loc){roadmap->source, 0});
    }
}

/* Reported at the later claim that has a place: a topic has none, nor what Cairn adds. */
static void report_collision(Site *site, Str url, const char *what, Loc loc,
                             const UrlOwner *before) {
    Loc other = before->loc;
    if (!loc.source) {
        other = loc;
        loc = before->loc;
    } else {
        what = before->what;
    }
    Str path = loc.source ? loc.source->path : S("Cairn");
    Str other_path = other.source ? other.source->path : (Str){0};
    const char *quote = other.source ? "'" : what;
    Diag *diag = diag_add(link_diags(site), DIAG_URL_COLLISION, loc,
                          "the URL '%.*s' is claimed twice: by '%.*s' and by %s%.*s%s",
                          STR_ARG(url), STR_ARG(path), quote, STR_ARG(other_path),
                          other.source ? quote : "");
    diag_hint(link_diags(site), diag, "give one of them another 'slug'");
}

/* Most URLs are their own folded form, so the key is seldom a second copy. */
static void **claim_place(Site *site, Str url) {
    Arena scratch = {0};
    Str folded = unicode_fold(&scratch, url);
    bool same = str_equal(folded, url);
    void **place = map_at(&site->by_url, same ? url : arena_str(&site->arena, folded));
    arena_release(&scratch);
    return place;
}

void link_claim(Site *site, Str url, Target target, const char *what, Loc loc) {
    void **place = claim_place(site, url);
    const UrlOwner *before = *place;
    if (!before) {
        UrlOwner *owner = arena_new(&site->arena, UrlOwner);
        *owner = (UrlOwner){url, target, what, loc};
        *place = owner;
        return;
    }
    report_collision(site, url, what, loc, before);
}

const UrlOwner *link_url_owner(const Site *site, Str url) {
    Arena scratch = {0};
    const UrlOwner *owner = map_get(&site->by_url, unicode_fold(&scratch, url));
    arena_release(&scratch);
    return owner && str_equal(owner->url, url) ? owner : NULL;
}

/* An alias is a path of the site: "/old/path/", "old/path" or "/old.html". A bare word is
 * only another name for [[links]]. */
static void claim_alias(Site *site, Text alias, Target target, Str to,
                        const Source *source) {
    Str from = alias.text;
    Loc loc = {source, alias.offset};
    if (str_find_char(from, '/') < 0 && !str_has_suffix(from, S(".html")))
        return;
    if (str_find(from, S("..")) >= 0 || str_find(from, S("://")) >= 0 ||
        str_find(from, S("//")) >= 0) {
        diag_add(link_diags(site), DIAG_BAD_VALUE, loc,
                 "the alias '%.*s' is not a path of the site", STR_ARG(from));
        return;
    }
    if (from.data[0] != '/')
        from = arena_concat(&site->arena, S("/"), from);
    if (!str_has_suffix(from, S("/")) && !str_has_suffix(from, S(".html")))
        from = arena_concat(&site->arena, from, S("/"));
    link_claim(site, from, target, "a redirect", loc);
    *vec_push(&site->arena, &site->redirects) = (Redirect){from, to};
}

void link_claim_all(Site *site) {
    static const char *const what[PAGE_KINDS] = {"an explainer", "an issue", "a page",
                                                 "a page of the manual"};
    link_claim_own(site);
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->pages[kind].n; i++) {
            const Page *page = site->pages[kind].items[i];
            if (page != site->home_page)
                link_claim(site, page->url, (Target){.kind = TARGET_PAGE, .page = page},
                           what[kind], page->loc);
        }
    }
    for (ptrdiff_t i = 0; i < site->roadmaps.n; i++) {
        const Roadmap *roadmap = site->roadmaps.items[i];
        link_claim(site, roadmap->url,
                   (Target){.kind = TARGET_ROADMAP, .roadmap = roadmap}, "a roadmap",
                   (Loc){roadmap->source, 0});
    }
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->pages[kind].n; i++) {
            const Page *page = site->pages[kind].items[i];
            for (ptrdiff_t k = 0; k < page->aliases.n; k++)
                claim_alias(site, page->aliases.items[k],
                            (Target){.kind = TARGET_PAGE, .page = page}, page->url,
                            page->source);
        }
    }
    for (ptrdiff_t i = 0; i < site->roadmaps.n; i++) {
        const Roadmap *roadmap = site->roadmaps.items[i];
        for (ptrdiff_t k = 0; k < roadmap->aliases.n; k++)
            claim_alias(site, roadmap->aliases.items[k],
                        (Target){.kind = TARGET_ROADMAP, .roadmap = roadmap},
                        roadmap->url, roadmap->source);
    }
}
