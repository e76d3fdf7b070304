/* What templates see of the site as a whole: `site` and what hangs on it.
 *
 * Everything here may stand on every page, so it must be cheap: lists are the model's own
 * arrays, and those that a page shows in full (footer, the manual's navigation) are
 * offered with an upper bound too, since 10,000 pages that each list 10,000 others are 5
 * GB. */
#include "out/view.h"

#include <stdlib.h>

enum { NEWEST = 6, FOOTER_PAGES = 20, MAIN_TOPICS = 30, DOCS_NEAR = 200 };

/* ---- person, logo, navigation ---- */

GETTER(Person, person_name, value_text(self->name.text))
GETTER(Person, person_url, view_given_url(env, self->url.text))
GETTER(Person, person_email, value_text(self->email.text))

static const Field person_fields[] = {
    {"name", person_name, "text: the author's name"},
    {"url", person_url, "url: the author's page"},
    {"email", person_email, "text: the author's address"},
};
TYPE(person_type, "person", person_fields, NULL);

static Value logo_url(const void *object, RenderEnv *env) {
    const Settings *self = object;
    const ThemeAsset *asset = env_writer(env)->theme->logo;
    return asset ? view_href(env, asset->url) : view_given_url(env, self->logo.text);
}

static Value pixels(int n) { return n > 0 ? value_int(n) : value_absent(); }

GETTER(Settings, logo_width, pixels(env_writer(env)->theme->logo_width))
GETTER(Settings, logo_height, pixels(env_writer(env)->theme->logo_height))

static const Field logo_fields[] = {
    {"url", logo_url, "url: the picture"},
    {"width", logo_width, "int: pixels; absent where they are not known"},
    {"height", logo_height, "int: pixels; absent where they are not known"},
};
TYPE(logo_type, "logo", logo_fields, NULL);

static bool is_below(Str url, Str folder) {
    return folder.len > 1 && str_has_suffix(folder, S("/")) &&
           str_has_prefix(url, folder);
}

GETTER(NavItem, nav_title, value_text(self->title.text))
GETTER(NavItem, nav_url, view_given_url(env, self->url.text))
GETTER(NavItem, nav_is_current, value_bool(env_is_current(env, self->url.text)))
GETTER(NavItem, nav_is_here,
       value_bool(env_is_current(env, self->url.text) ||
                  is_below(env_output(env)->url, self->url.text)))

static const Field nav_fields[] = {
    {"title", nav_title, "text: what the link says"},
    {"url", nav_url, "url: where it leads"},
    {"is_current", nav_is_current, "bool: it leads to the page being written"},
    {"is_here", nav_is_here, "bool: it leads to the page being written, or above it"},
};
TYPE(nav_type, "nav", nav_fields, NULL);
LIST_OF_STRUCTS(NavItem, nav_list, nav_type);

/* ---- settings ---- */

GETTER(Site, site_title, value_text(self->settings.title.text))
GETTER(Site, site_description, value_text(self->settings.description.text))
GETTER(Site, site_language_tag, value_text(site_language(self)))
GETTER(Site, site_url, view_href(env, S("/")))
GETTER(Site, site_base_url, view_canonical(env, S("/")))
GETTER(Site, site_author, value_object(&self->settings.author, &person_type))
GETTER(Site, site_logo,
       self->settings.logo.text.len ? value_object(&self->settings, &logo_type)
                                    : value_absent())
GETTER(Site, site_nav, VALUE_OF_VEC(self->settings.nav, nav_list))

/* ---- lists ---- */

static ptrdiff_t at_most(ptrdiff_t n, ptrdiff_t limit) { return n < limit ? n : limit; }

GETTER(Site, site_explainers, VALUE_OF_VEC(self->pages[PAGE_EXPLAINER], explainer_list))
GETTER(Site, site_newest_explainers,
       value_list(self->pages[PAGE_EXPLAINER].items,
                  at_most(self->pages[PAGE_EXPLAINER].n, NEWEST), &explainer_list))
GETTER(Site, site_issues, VALUE_OF_VEC(self->issues, issue_list))
GETTER(Site, site_latest_issue,
       self->issues.n ? value_object(self->issues.items[0], &issue_type) : value_absent())
GETTER(Site, site_roadmaps, VALUE_OF_VEC(self->roadmaps, roadmap_list))
GETTER(Site, site_topics, VALUE_OF_VEC(self->topics, topic_list))
GETTER(Site, site_docs, VALUE_OF_VEC(self->pages[PAGE_DOC], explainer_list))

/* Plain pages [from, from + limit). The home page's own text is shown on the home page
 * and is no page of its own. */
static Value plain_pages(const Site *site, RenderEnv *env, ptrdiff_t from,
                         ptrdiff_t limit) {
    ptrdiff_t n = site->pages[PAGE_PLAIN].n;
    Page **pages = site->pages[PAGE_PLAIN].items;
    const Page **kept = arena_array(env->scratch, const Page *, at_most(n, limit));
    ptrdiff_t n_kept = 0;
    for (ptrdiff_t i = 0; i < n && n_kept < limit; i++)
        if (pages[i] != site->home_page && from-- <= 0)
            kept[n_kept++] = pages[i];
    return value_list(kept, n_kept, &explainer_list);
}

GETTER(Site, site_pages, plain_pages(self, env, 0, self->pages[PAGE_PLAIN].n))
GETTER(Site, site_footer_pages, plain_pages(self, env, 0, FOOTER_PAGES))
GETTER(Site, site_more_pages,
       plain_pages(self, env, FOOTER_PAGES, self->pages[PAGE_PLAIN].n))

/* The page's neighbours in the manual; pages know their neighbours, not their index, so
 * the way back is walked. */
static Value docs_near(const Site *site, RenderEnv *env) {
    Page **docs = site->pages[PAGE_DOC].items;
    ptrdiff_t n = site->pages[PAGE_DOC].n;
    const Page *page = env_subject(env, SUBJECT_PAGE);
    if (n <= DOCS_NEAR || !page || page->kind != PAGE_DOC)
        return value_list(docs, at_most(n, DOCS_NEAR), &explainer_list);
    const Page *first = page;
    for (int i = 0; i < DOCS_NEAR / 2 && first->previous; i++)
        first = first->previous;
    const Page **near = arena_array(env->scratch, const Page *, DOCS_NEAR);
    ptrdiff_t n_near = 0;
    for (; first && n_near < DOCS_NEAR; first = first->next)
        near[n_near++] = first;
    return value_list(near, n_near, &explainer_list);
}

GETTER(Site, site_docs_near, docs_near(self, env))

static ptrdiff_t topic_weight(const Topic *topic) {
    return topic->pages.n + topic->roadmaps.n;
}

/* Keeps the `limit` heaviest in the order of the site: the lightest that is kept is found
 * by counting, so this costs O(topics × limit) at worst and no sorting of the whole. */
static Value main_topics(const Site *site, RenderEnv *env) {
    ptrdiff_t n = site->topics.n;
    if (n <= MAIN_TOPICS)
        return VALUE_OF_VEC(site->topics, topic_list);
    const Topic *heavy[MAIN_TOPICS];
    ptrdiff_t kept = 0;
    env->work += n / 8;
    for (ptrdiff_t i = 0; i < n; i++) {
        const Topic *topic = site->topics.items[i];
        ptrdiff_t at = kept;
        while (at > 0 && topic_weight(heavy[at - 1]) < topic_weight(topic))
            at--;
        if (at == MAIN_TOPICS)
            continue;
        kept += kept < MAIN_TOPICS;
        for (ptrdiff_t k = kept - 1; k > at; k--)
            heavy[k] = heavy[k - 1];
        heavy[at] = topic;
    }
    const Topic **copy = arena_array(env->scratch, const Topic *, kept);
    for (ptrdiff_t i = 0; i < kept; i++)
        copy[i] = heavy[i];
    return value_list(copy, kept, &topic_list);
}

GETTER(Site, site_main_topics, main_topics(self, env))

/* ---- addresses ---- */

static Value first_href(RenderEnv *env, const char *kind) {
    Str url = outputs_first_url(env_writer(env)->outputs, kind);
    return url.len ? view_href(env, url) : value_absent();
}

GETTER(Site, site_explainers_url, first_href(env, "explainers"))
GETTER(Site, site_issues_url, first_href(env, "issues"))
GETTER(Site, site_roadmaps_url, first_href(env, "roadmaps"))
GETTER(Site, site_topics_url, first_href(env, "topics"))
GETTER(Site, site_glossary_url, first_href(env, "glossary"))
GETTER(Site, site_terms, VALUE_OF_VEC(self->terms, term_list))
GETTER(Site, site_docs_url, first_href(env, "doc"))
GETTER(Site, site_feed_url, first_href(env, "feed"))

static Value asset_href(RenderEnv *env, const char *name, const char *other) {
    const Theme *theme = env_writer(env)->theme;
    Str url = theme_asset_url(theme, str_from(name));
    if (!url.len && other)
        url = theme_asset_url(theme, str_from(other));
    return url.len ? view_href(env, url) : value_absent();
}

GETTER(Site, site_css_url, asset_href(env, "cairn.css", NULL))
GETTER(Site, site_favicon_url, asset_href(env, "favicon.svg", "static/favicon.ico"))
GETTER(Site, site_home_body,
       self->home_page ? view_body(env, self->home_page) : value_absent())

/* ---- figures ---- */

static int64_t count_steps(const Site *site) {
    int64_t n = 0;
    for (ptrdiff_t i = 0; i < site->roadmaps.n; i++)
        n += site->roadmaps.items[i]->steps.n;
    return n;
}

GETTER(Site, site_explainer_count, value_int(self->pages[PAGE_EXPLAINER].n))
GETTER(Site, site_issue_count, value_int(self->issues.n))
GETTER(Site, site_roadmap_count, value_int(self->roadmaps.n))
GETTER(Site, site_step_count, value_int(count_steps(self)))

/* site.yaml as written: what is under `params`, and every other key. */
static Value site_params(const void *object, RenderEnv *env) {
    const Site *self = object;
    (void)env;
    return value_object(self->settings.node, &params_type);
}

static const Field site_fields[] = {
    {"title", site_title, "text: `title` of site.yaml"},
    {"description", site_description, "text: `description` of site.yaml"},
    {"language", site_language_tag, "text: a language tag such as en"},
    {"url", site_url, "url: the home page"},
    {"base_url", site_base_url, "url: the home page with host; absent without base_url"},
    {"author", site_author, "person: `author` of site.yaml"},
    {"logo", site_logo, "logo: `logo` of site.yaml"},
    {"nav", site_nav, "[nav]: `nav` of site.yaml"},
    {"explainers", site_explainers, "[explainer]: all, newest first"},
    {"newest_explainers", site_newest_explainers, "[explainer]: the six newest"},
    {"issues", site_issues, "[issue]: all, newest first"},
    {"latest_issue", site_latest_issue, "issue: the newest"},
    {"roadmaps", site_roadmaps, "[roadmap]: all, by title"},
    {"topics", site_topics, "[topic]: all, by name"},
    {"main_topics", site_main_topics, "[topic]: the thirty with most entries"},
    {"docs", site_docs, "[explainer]: all pages of the manual, by weight"},
    {"docs_near", site_docs_near, "[explainer]: at most 200 of them around this page"},
    {"pages", site_pages, "[explainer]: all plain pages, by weight"},
    {"footer_pages", site_footer_pages, "[explainer]: the first 20 of them"},
    {"more_pages", site_more_pages, "[explainer]: the others, which no footer lists"},
    {"explainers_url", site_explainers_url, "url: list of explainers, if there are any"},
    {"issues_url", site_issues_url, "url: archive of issues, if there are any"},
    {"roadmaps_url", site_roadmaps_url, "url: roadmap index, if there are any"},
    {"params", site_params, "params: of site.yaml, the author's own"},
    {"topics_url", site_topics_url, "url: list of topics, if there are any"},
    {"glossary_url", site_glossary_url, "url: the glossary, if there is one"},
    {"terms", site_terms, "[term]: of the glossary, by name"},
    {"docs_url", site_docs_url, "url: start of the manual, if there is one"},
    {"feed_url", site_feed_url, "url: the Atom feed"},
    {"css_url", site_css_url, "url: the style sheet, assets/cairn.css"},
    {"favicon_url", site_favicon_url, "url: assets/favicon.svg"},
    {"home_body", site_home_body, "html: the text of pages/index.md"},
    {"explainer_count", site_explainer_count, "int: number of explainers"},
    {"issue_count", site_issue_count, "int: number of issues"},
    {"roadmap_count", site_roadmap_count, "int: number of roadmaps"},
    {"step_count", site_step_count, "int: number of steps of all roadmaps"},
};
TYPE(site_type, "site", site_fields, NULL);
