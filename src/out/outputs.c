/* What is published: the table of kinds, and the functions that list their files. See
 * outputs.h. The order of the rows is the order of the work: first what takes other
 * files' places, then pages, then what is made from the list of all outputs (the
 * sitemap). */
#include "out/outputs.h"

#include "out/href.h"
#include "out/machine.h"

#include <string.h>

/* ---- adding ---- */

/* A file of assets/static stands in for what the program writes on its own account, such
 * as robots.txt. One that takes a page's place was reported by the linker. */
static bool is_taken(Outputs *outputs, const Output *output) {
    if (!outputs->files.entries.n || !map_get(&outputs->files, output->url))
        return false;
    outputs->first_urls[output->kind - output_kinds] = output->url;
    return true;
}

static void add(Outputs *outputs, Output output) {
    if (!is_taken(outputs, &output))
        *vec_push(outputs->arena, &outputs->list) = output;
}

/* A page of a list that the linker does not know of may meet a page of the content. */
static void check_list_page(Outputs *outputs, Str url) {
    const UrlOwner *owner = link_url_owner(outputs->site, url);
    if (owner) {
        Diag *diag =
            diag_add(outputs->diags, DIAG_URL_COLLISION, owner->loc,
                     "the URL '%.*s' is claimed twice: by %s and by a list's page",
                     STR_ARG(url), owner->what);
        diag_hint(outputs->diags, diag, "give the page another 'slug'");
    }
}

/* All pages of a list of `n` entries. */
static void add_list(Outputs *outputs, const OutputKind *kind, const void *subject,
                     Str url, ptrdiff_t n) {
    int64_t size = outputs->site->settings.paginate;
    int count = size > 0 && n > size ? (int)((n + size - 1) / size) : 1;
    for (int number = 1; number <= count; number++) {
        Str page_url = list_page_url(outputs->arena, url, number);
        if (number > 1)
            check_list_page(outputs, page_url);
        add(outputs, (Output){.kind = kind,
                              .subject = subject,
                              .url = page_url,
                              .number = number,
                              .count = count,
                              .n_items = n});
    }
}

/* A page whose front matter may name another template. */
static void add_page(Outputs *outputs, const OutputKind *kind, const Page *page,
                     const void *subject) {
    const Text *given = page->template.text.len ? &page->template : NULL;
    if (given && !theme_has_template(outputs->theme, given->text)) {
        Diag *diag =
            diag_add(outputs->diags, DIAG_BAD_VALUE, (Loc){page->source, given->offset},
                     "there is no template '%.*s'", STR_ARG(given->text));
        diag_hint_nearest(outputs->diags, diag,
                          theme_nearest(outputs->theme, given->text));
        given = NULL;
    }
    add(outputs, (Output){.kind = kind,
                          .subject = subject,
                          .url = page->url,
                          .template = given,
                          .source = page->source});
}

/* ---- assets ---- */

/* "/x/index.html" of assets/static is the file of the URL "/x/". */
static Str url_of_file(Str url) {
    Str name = S("index.html");
    return str_has_suffix(url, S("/index.html")) ? str_slice(url, 0, url.len - name.len)
                                                 : url;
}

static void list_theme_assets(Outputs *outputs, const OutputKind *kind) {
    const Map *assets = &outputs->theme->assets;
    for (ptrdiff_t i = 0; i < assets->entries.n; i++) {
        ThemeAsset *asset = assets->entries.items[i].value;
        if (!asset->url.len)
            continue;
        *vec_push(outputs->arena, &outputs->list) =
            (Output){.kind = kind, .subject = asset, .url = asset->url};
        map_put(&outputs->files, url_of_file(asset->url), asset);
    }
}

/* Files of equal name and content, perhaps an asset of the theme, are published once. */
static void list_content_assets(Outputs *outputs, const OutputKind *kind) {
    const Site *site = outputs->site;
    Map urls = map_init(outputs->arena);
    for (ptrdiff_t i = 0; i < site->assets.n; i++) {
        Asset *asset = site->assets.items[i];
        if (!asset->url.len || map_get(&outputs->files, asset->url) ||
            map_put(&urls, asset->url, asset))
            continue;
        *vec_push(outputs->arena, &outputs->list) =
            (Output){.kind = kind, .subject = asset, .url = asset->url};
    }
}

/* ---- pages ---- */

static void list_home(Outputs *outputs, const OutputKind *self) {
    add(outputs, (Output){.kind = self, .url = S("/")});
}

static bool is_item(const Page *page) {
    return page->issue && page->issue->page->source == page->source;
}

/* Those that have a file of their own; the others follow the issue whose file they share.
 */
static void list_explainer(Outputs *outputs, const OutputKind *self) {
    const Site *site = outputs->site;
    for (ptrdiff_t i = 0; i < site->pages[PAGE_EXPLAINER].n; i++) {
        const Page *page = site->pages[PAGE_EXPLAINER].items[i];
        if (!is_item(page))
            add_page(outputs, self, page, page);
    }
}

static void list_issue(Outputs *outputs, const OutputKind *self) {
    const OutputKind *explainer = output_kind("explainer");
    for (ptrdiff_t i = 0; i < outputs->site->issues.n; i++) {
        const Issue *issue = outputs->site->issues.items[i];
        add_page(outputs, self, issue->page, issue);
        for (ptrdiff_t k = 0; k < issue->items.n; k++) {
            const Item *item = &issue->items.items[k];
            if (item->kind == ITEM_TEXT)
                add_page(outputs, explainer, item->page, item->page);
        }
    }
}

static void list_pages(Outputs *outputs, const OutputKind *self, PageKind kind) {
    const Site *site = outputs->site;
    for (ptrdiff_t i = 0; i < site->pages[kind].n; i++) {
        const Page *page = site->pages[kind].items[i];
        if (page != site->home_page)
            add_page(outputs, self, page, page);
    }
}

/* The manual starts with its page /docs/, where there is one, whatever the weights. */
static void list_doc(Outputs *outputs, const OutputKind *self) {
    ptrdiff_t before = outputs->list.n;
    list_pages(outputs, self, PAGE_DOC);
    Output *docs = outputs->list.items + before;
    for (ptrdiff_t i = 1; i < outputs->list.n - before; i++) {
        if (str_equal(docs[i].url, S("/docs/"))) {
            Output start = docs[i];
            docs[i] = docs[0];
            docs[0] = start;
        }
    }
}

static void list_page(Outputs *outputs, const OutputKind *self) {
    list_pages(outputs, self, PAGE_PLAIN);
}

static void list_roadmap(Outputs *outputs, const OutputKind *self) {
    for (ptrdiff_t i = 0; i < outputs->site->roadmaps.n; i++) {
        const Roadmap *roadmap = outputs->site->roadmaps.items[i];
        add(outputs, (Output){.kind = self,
                              .subject = roadmap,
                              .url = roadmap->url,
                              .source = roadmap->source});
    }
}

/* ---- lists ---- */

static void list_explainers(Outputs *outputs, const OutputKind *self) {
    ptrdiff_t n = outputs->site->pages[PAGE_EXPLAINER].n;
    if (n)
        add_list(outputs, self, NULL, str_from(self->url), n);
}

static void list_topic(Outputs *outputs, const OutputKind *self) {
    for (ptrdiff_t i = 0; i < outputs->site->topics.n; i++) {
        const Topic *topic = outputs->site->topics.items[i];
        add_list(outputs, self, topic, topic->url, topic->pages.n);
    }
}

/* Lists on one page: they say little of each entry. */
static void list_whole(Outputs *outputs, const OutputKind *self, ptrdiff_t n) {
    if (n)
        add(outputs, (Output){.kind = self,
                              .url = str_from(self->url),
                              .number = 1,
                              .count = 1,
                              .n_items = n});
}

static void list_roadmaps(Outputs *outputs, const OutputKind *self) {
    list_whole(outputs, self, outputs->site->roadmaps.n);
}

static void list_issues(Outputs *outputs, const OutputKind *self) {
    list_whole(outputs, self, outputs->site->issues.n);
}

static void list_topics(Outputs *outputs, const OutputKind *self) {
    list_whole(outputs, self, outputs->site->topics.n);
}

static void list_glossary(Outputs *outputs, const OutputKind *self) {
    list_whole(outputs, self, outputs->site->terms.n);
}

/* ---- the rest ---- */

static void list_not_found(Outputs *outputs, const OutputKind *self) {
    add(outputs, (Output){.kind = self, .url = S("/404.html")});
}

static void list_redirect(Outputs *outputs, const OutputKind *self) {
    for (ptrdiff_t i = 0; i < outputs->site->redirects.n; i++) {
        const Redirect *redirect = &outputs->site->redirects.items[i];
        add(outputs, (Output){.kind = self, .subject = redirect, .url = redirect->from});
    }
}

static void list_feed(Outputs *outputs, const OutputKind *self) {
    if (site_has_feed(outputs->site))
        add(outputs, (Output){.kind = self, .url = S("/feed.xml")});
}

static void list_sitemap(Outputs *outputs, const OutputKind *self) {
    ptrdiff_t n = 0;
    if (!site_has_sitemap(outputs->site))
        return;
    for (ptrdiff_t i = 0; i < outputs->list.n; i++)
        n += outputs->list.items[i].kind->indexed;
    int parts = n > SITEMAP_URLS_MAX ? (int)((n - 1) / SITEMAP_URLS_MAX + 1) : 0;
    add(outputs, (Output){.kind = self, .url = S("/sitemap.xml"), .count = parts});
    for (int part = 1; part <= parts; part++)
        add(outputs,
            (Output){.kind = self,
                     .url = arena_printf(outputs->arena, "/sitemap-%d.xml", part),
                     .number = part,
                     .count = parts});
}

static void list_robots(Outputs *outputs, const OutputKind *self) {
    if (outputs->site->settings.outputs_robots)
        add(outputs, (Output){.kind = self, .url = S("/robots.txt")});
}

/* ---- the table ---- */

const OutputKind output_kinds[] = {
    {.name = "theme-asset",
     .subject = SUBJECT_THEME_ASSET,
     .list = list_theme_assets,
     .write = theme_asset_write,
     .doc = "style sheet, icons and other files of the theme"},
    {.name = "asset",
     .subject = SUBJECT_ASSET,
     .list = list_content_assets,
     .write = content_asset_write,
     .doc = "pictures and other files that content names"},
    {.name = "home", .indexed = true, .list = list_home, .doc = "the home page"},
    {.name = "explainer",
     .subject = SUBJECT_PAGE,
     .parent = "explainers",
     .indexed = true,
     .list = list_explainer,
     .doc = "a page for each explainer"},
    {.name = "explainers",
     .title = "Explainers",
     .url = "/explainers/",
     .indexed = true,
     .list = list_explainers,
     .doc = "all explainers, newest first, in pages"},
    {.name = "roadmap",
     .subject = SUBJECT_ROADMAP,
     .parent = "roadmaps",
     .indexed = true,
     .list = list_roadmap,
     .doc = "a page for each roadmap"},
    {.name = "roadmaps",
     .title = "Roadmaps",
     .url = "/roadmaps/",
     .indexed = true,
     .list = list_roadmaps,
     .doc = "the roadmap index"},
    {.name = "issue",
     .subject = SUBJECT_ISSUE,
     .parent = "issues",
     .indexed = true,
     .list = list_issue,
     .doc = "a page for each issue"},
    {.name = "issues",
     .title = "Issues",
     .url = "/issues/",
     .indexed = true,
     .list = list_issues,
     .doc = "the archive of issues, by year"},
    {.name = "topic",
     .subject = SUBJECT_TOPIC,
     .parent = "topics",
     .indexed = true,
     .list = list_topic,
     .doc = "what belongs to each topic, in pages"},
    {.name = "topics",
     .title = "Topics",
     .url = "/topics/",
     .indexed = true,
     .list = list_topics,
     .doc = "all topics"},
    {.name = "glossary",
     .title = "Glossary",
     .url = "/glossary/",
     .indexed = true,
     .list = list_glossary,
     .doc = "all terms of content/glossary.yaml"},
    {.name = "doc",
     .subject = SUBJECT_PAGE,
     .parent = "doc",
     .indexed = true,
     .list = list_doc,
     .doc = "a page for each file of the manual"},
    {.name = "page",
     .subject = SUBJECT_PAGE,
     .indexed = true,
     .list = list_page,
     .doc = "a page for each plain page"},
    {.name = "not-found",
     .title = "Page not found",
     .anywhere = true,
     .list = list_not_found,
     .doc = "what a server shows for an address that does not exist"},
    {.name = "redirect",
     .subject = SUBJECT_REDIRECT,
     .list = list_redirect,
     .doc = "a page at each old address, which leads to the new one"},
    {.name = "feed",
     .list = list_feed,
     .write = feed_write,
     .doc = "Atom feed with the newest issues and explainers"},
    {.name = "sitemap",
     .list = list_sitemap,
     .write = sitemap_write,
     .doc = "addresses of all pages, for search engines"},
    {.name = "robots",
     .list = list_robots,
     .write = robots_write,
     .doc = "where the sitemap is, for search engines"},
};
const ptrdiff_t output_n_kinds = sizeof output_kinds / sizeof *output_kinds;

const OutputKind *output_kind(const char *name) {
    for (ptrdiff_t i = 0; i < output_n_kinds; i++)
        if (output_kinds[i].name[0] == name[0] && strcmp(output_kinds[i].name, name) == 0)
            return &output_kinds[i];
    return NULL;
}

/* About how many outputs there will be: a list that grows in an arena takes twice its
 * size. */
static ptrdiff_t estimate(const Site *site, const Theme *theme) {
    ptrdiff_t n = 16 + theme->assets.entries.n + site->assets.n + site->roadmaps.n +
                  site->redirects.n;
    int64_t size = site->settings.paginate;
    for (int kind = 0; kind < PAGE_KINDS; kind++)
        n += site->pages[kind].n;
    for (ptrdiff_t i = 0; i < site->topics.n; i++)
        n += 1 + (size > 0 ? (ptrdiff_t)(site->topics.items[i]->pages.n / size) : 0);
    return n + (size > 0 ? (ptrdiff_t)(site->pages[PAGE_EXPLAINER].n / size) : 0);
}

void outputs_list(Outputs *outputs, const Site *site, const Theme *theme, Arena *arena,
                  DiagList *diags) {
    *outputs = (Outputs){.site = site, .theme = theme, .arena = arena, .diags = diags};
    outputs->files = map_init(arena);
    outputs->first_urls = arena_array(arena, Str, output_n_kinds);
    outputs->list.cap = estimate(site, theme);
    outputs->list.items = arena_array(arena, Output, outputs->list.cap);
    for (ptrdiff_t i = 0; i < output_n_kinds; i++) {
        const OutputKind *kind = &output_kinds[i];
        Str name = str_from(kind->name);
        if (!kind->write && !theme_has_template(theme, name))
            diag_add(diags, DIAG_TEMPLATE_PARTIAL_MISSING, (Loc){0},
                     "there is no template '%s', which %s needs", kind->name, kind->doc);
        ptrdiff_t before = outputs->list.n;
        kind->list(outputs, kind);
        if (outputs->list.n > before)
            outputs->first_urls[i] = outputs->list.items[before].url;
    }
}

/* ---- lists, for the views ---- */

Str output_file(Arena *arena, const Output *output) {
    Str file = href_file(arena, output->url);
    bool is_page = !output->kind->write;
    return is_page && !str_has_suffix(file, S(".html"))
               ? arena_concat(arena, file, S(".html"))
               : file;
}

Str list_page_url(Arena *arena, Str url, int64_t number) {
    Str ending = S(".html");
    if (number <= 1)
        return url;
    if (str_has_suffix(url, ending))
        return arena_printf(arena, "%.*s/page/%lld.html",
                            STR_ARG(str_slice(url, 0, url.len - ending.len)),
                            (long long)number);
    return arena_printf(arena, "%.*spage/%lld/", STR_ARG(url), (long long)number);
}

ListSlice list_slice(const Site *site, ptrdiff_t n, int number) {
    ptrdiff_t size = (ptrdiff_t)site->settings.paginate;
    if (size <= 0 || n <= size)
        return (ListSlice){0, number <= 1 ? n : 0};
    ptrdiff_t from = size * (number - 1);
    return (ListSlice){from, n - from < size ? n - from : size};
}

Str outputs_first_url(const Outputs *outputs, const char *name) {
    const OutputKind *kind = output_kind(name);
    return kind ? outputs->first_urls[kind - output_kinds] : (Str){0};
}

Str list_title(const char *name) {
    const OutputKind *kind = output_kind(name);
    return kind->title ? str_from(kind->title) : S("Manual");
}

Str output_list_url(const Output *output) {
    if (output->kind->subject == SUBJECT_TOPIC)
        return ((const Topic *)output->subject)->url;
    return output->kind->url ? str_from(output->kind->url) : output->url;
}
