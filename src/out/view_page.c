/* What templates see of the page that is being written, whatever its kind: `page`, and on
 * list pages `listing` and `pagination`. `self` of all three is the Output. */
#include "out/view.h"

#include <string.h>

/* ---- what the output shows ---- */

static const Page *page_of(const Output *output) {
    if (output->kind->subject == SUBJECT_PAGE)
        return output->subject;
    if (output->kind->subject == SUBJECT_ISSUE)
        return ((const Issue *)output->subject)->page;
    return NULL;
}

static const Roadmap *roadmap_of(const Output *output) {
    return output->kind->subject == SUBJECT_ROADMAP ? output->subject : NULL;
}

static Target redirect_target(const Output *output, RenderEnv *env) {
    const Redirect *redirect = output->subject;
    const UrlOwner *owner = link_url_owner(env_site(env), redirect->to);
    return owner ? owner->target : (Target){.kind = TARGET_URL, .url = redirect->to};
}

static Str title_of(const Output *output, RenderEnv *env) {
    const Page *page = page_of(output);
    if (output->kind->title)
        return str_from(output->kind->title);
    if (page)
        return page->title;
    switch (output->kind->subject) {
    case SUBJECT_ROADMAP:
        return roadmap_of(output)->title.text;
    case SUBJECT_TOPIC:
        return ((const Topic *)output->subject)->name;
    case SUBJECT_REDIRECT:
        return target_title(redirect_target(output, env));
    default:
        return env_site(env)->settings.title.text;
    }
}

static bool is_home(const Output *output) {
    return strcmp(output->kind->name, "home") == 0;
}

static Str head_title(const Output *output, RenderEnv *env) {
    Arena *arena = env->scratch;
    Str title = title_of(output, env), site = env_site(env)->settings.title.text;
    if (is_home(output) || !site.len)
        return title;
    if (output->number > 1)
        title = arena_printf(arena, "%.*s, page %d", STR_ARG(title), output->number);
    return arena_concat(arena, title, arena_concat(arena, S(" \u00b7 "), site));
}

static Str description_of(const Output *output, RenderEnv *env) {
    const Page *page = page_of(output);
    if (is_home(output))
        return env_site(env)->settings.description.text;
    if (output->kind->subject == SUBJECT_ISSUE) {
        Str preview = ((const Issue *)output->subject)->preview.text;
        if (preview.len)
            return preview;
    }
    if (page)
        return page->summary;
    return roadmap_of(output) ? view_plain(env->scratch, roadmap_of(output)->summary)
                              : (Str){0};
}

static Str url_of(const Output *output) {
    if (output->kind->subject == SUBJECT_REDIRECT)
        return ((const Redirect *)output->subject)->to;
    return output->url;
}

/* ---- breadcrumbs ---- */

typedef struct Crumb {
    Str title, url;
    bool is_current;
} Crumb;

GETTER(Crumb, crumb_title, value_text(self->title))
GETTER(Crumb, crumb_url, view_href(env, self->url))
GETTER(Crumb, crumb_is_current, value_bool(self->is_current))

static const Field crumb_fields[] = {
    {"title", crumb_title, "text: what it is called"},
    {"url", crumb_url, "url: where it is"},
    {"is_current", crumb_is_current, "bool: it is the page being written"},
};
TYPE(crumb_type, "crumb", crumb_fields, NULL);
LIST_OF_STRUCTS(Crumb, crumb_list, crumb_type);

/* Home, the list that it belongs to, the page itself. */
static Value breadcrumbs(const Output *output, RenderEnv *env) {
    enum { CRUMBS_MAX = 3 };
    if (is_home(output))
        return value_absent();
    Crumb *crumbs = arena_array(env->scratch, Crumb, CRUMBS_MAX);
    ptrdiff_t n = 0;
    crumbs[n++] = (Crumb){.title = S("Home"), .url = S("/")};
    const char *parent = output->kind->parent;
    Str above = parent ? outputs_first_url(env_writer(env)->outputs, parent) : (Str){0};
    if (above.len && !str_equal(above, output->url))
        crumbs[n++] = (Crumb){.title = list_title(parent), .url = above};
    crumbs[n++] = (Crumb){title_of(output, env), output->url, true};
    return value_list(crumbs, n, &crumb_list);
}

/* ---- page ---- */

static Value page_image(const Output *output, RenderEnv *env) {
    const Page *page = page_of(output);
    const Roadmap *roadmap = roadmap_of(output);
    return page      ? view_image_url(env, page->image_target)
           : roadmap ? view_image_url(env, roadmap->image_target)
                     : value_absent();
}

static Value page_date_of(const Output *output) {
    const Page *page = page_of(output);
    const Roadmap *roadmap = roadmap_of(output);
    return page      ? view_date(&page->date)
           : roadmap ? view_date(&roadmap->date)
                     : value_absent();
}

static bool has_contents(const Output *output) {
    return output->kind->subject == SUBJECT_PAGE &&
           page_of(output)->outline.n_headings >= 2;
}

static Value page_canonical_of(const Output *output, RenderEnv *env) {
    return output->kind->anywhere ? value_absent() : view_canonical(env, url_of(output));
}

GETTER(Output, page_title, value_text(title_of(self, env)))
GETTER(Output, page_head_title, value_text(head_title(self, env)))
GETTER(Output, page_description, value_text(description_of(self, env)))
GETTER(Output, page_url, view_href(env, url_of(self)))
GETTER(Output, page_canonical, page_canonical_of(self, env))
GETTER(Output, page_language, value_text(site_language(env_site(env))))
GETTER(Output, page_kind, value_text(str_from(self->kind->name)))
GETTER(Output, page_is_home, value_bool(is_home(self)))
GETTER(Output, page_is_explainer, value_bool(env_is_kind(env, "explainer")))
GETTER(Output, page_is_explainers, value_bool(env_is_kind(env, "explainers")))
GETTER(Output, page_is_issue, value_bool(env_is_kind(env, "issue")))
GETTER(Output, page_is_issues, value_bool(env_is_kind(env, "issues")))
GETTER(Output, page_is_roadmap, value_bool(env_is_kind(env, "roadmap")))
GETTER(Output, page_is_roadmaps, value_bool(env_is_kind(env, "roadmaps")))
GETTER(Output, page_is_topic, value_bool(env_is_kind(env, "topic")))
GETTER(Output, page_is_topics, value_bool(env_is_kind(env, "topics")))
GETTER(Output, page_is_doc, value_bool(env_is_kind(env, "doc")))
GETTER(Output, page_is_plain, value_bool(env_is_kind(env, "page")))
GETTER(Output, page_is_not_found, value_bool(env_is_kind(env, "not-found")))
GETTER(Output, page_is_redirect, value_bool(env_is_kind(env, "redirect")))
GETTER(Output, page_breadcrumbs, breadcrumbs(self, env))
GETTER(Output, page_image_url, page_image(self, env))
GETTER(Output, page_date, page_date_of(self))
GETTER(Output, page_has_contents, value_bool(has_contents(self)))
GETTER(Output, page_number, value_int(self->number))

static const Field page_fields[] = {
    {"title", page_title, "text: its heading"},
    {"head_title", page_head_title, "text: its title with the site's, for <title>"},
    {"description", page_description, "text: for search engines and cards"},
    {"url", page_url, "url: its own; of a redirect, where it leads"},
    {"canonical", page_canonical, "url: the same with host; absent without base_url"},
    {"language", page_language, "text: a language tag such as en"},
    {"kind", page_kind, "text: the kind of output, such as explainer or not-found"},
    {"is_home", page_is_home, "bool: kind is home"},
    {"is_explainer", page_is_explainer, "bool: kind is explainer"},
    {"is_explainers", page_is_explainers, "bool: kind is explainers, the list"},
    {"is_issue", page_is_issue, "bool: kind is issue"},
    {"is_issues", page_is_issues, "bool: kind is issues, the archive"},
    {"is_roadmap", page_is_roadmap, "bool: kind is roadmap"},
    {"is_roadmaps", page_is_roadmaps, "bool: kind is roadmaps, the index"},
    {"is_topic", page_is_topic, "bool: kind is topic"},
    {"is_topics", page_is_topics, "bool: kind is topics, the list"},
    {"is_doc", page_is_doc, "bool: kind is doc, a page of the manual"},
    {"is_plain", page_is_plain, "bool: kind is page, a plain page"},
    {"is_not_found", page_is_not_found, "bool: kind is not-found"},
    {"is_redirect", page_is_redirect, "bool: kind is redirect"},
    {"breadcrumbs", page_breadcrumbs, "[crumb]: from home to it; none on home"},
    {"image_url", page_image_url, "url: its picture with host, for cards"},
    {"date", page_date, "date: when it was published"},
    {"has_contents", page_has_contents, "bool: it has two headings or more"},
    {"number", page_number, "int: from 1, of the pages of a list"},
};
TYPE(page_type, "page", page_fields, NULL);

/* ---- listing ---- */

/* The part of a list of the site that this list page shows; absent on other kinds. */
static Value slice_of(const Output *output, RenderEnv *env, const char *kind,
                      const void *pointers, ptrdiff_t n, const ListType *type) {
    if (!env_is_kind(env, kind))
        return value_absent();
    ListSlice slice = list_slice(env_site(env), n, output->number);
    return value_list((const void *const *)pointers + slice.from, slice.n, type);
}

static Value topic_part(const Output *output, RenderEnv *env, Str name) {
    return value_get(value_object(output->subject, &topic_type), name, env);
}

static Value explainers_of(const Output *output, RenderEnv *env) {
    const Site *site = env_site(env);
    if (env_is_kind(env, "topic"))
        return topic_part(output, env, S("explainers"));
    return slice_of(output, env, "explainers", site->pages[PAGE_EXPLAINER].items,
                    site->pages[PAGE_EXPLAINER].n, &explainer_list);
}

static Value issues_of(const Output *output, RenderEnv *env) {
    const Site *site = env_site(env);
    if (env_is_kind(env, "topic"))
        return topic_part(output, env, S("issues"));
    return env_is_kind(env, "issues") ? VALUE_OF_VEC(site->issues, issue_list)
                                      : value_absent();
}

static Value roadmaps_of(const Output *output, RenderEnv *env) {
    const Site *site = env_site(env);
    if (env_is_kind(env, "topic"))
        return topic_part(output, env, S("roadmaps"));
    return env_is_kind(env, "roadmaps") ? VALUE_OF_VEC(site->roadmaps, roadmap_list)
                                        : value_absent();
}

static Value topics_of(RenderEnv *env) {
    return env_is_kind(env, "topics") ? VALUE_OF_VEC(env_site(env)->topics, topic_list)
                                      : value_absent();
}

/* ---- years of the archive ---- */

typedef struct Year {
    const Issue *const *issues;
    ptrdiff_t n;
    int year;
} Year;

GETTER(Year, year_year, self->year ? value_int(self->year) : value_absent())
GETTER(Year, year_issues, value_list(self->issues, self->n, &issue_list))

static const Field year_fields[] = {
    {"year", year_year, "int: absent for issues without a date"},
    {"issues", year_issues, "[issue]: of that year, newest first"},
};
TYPE(year_type, "year", year_fields, NULL);
LIST_OF_STRUCTS(Year, year_list, year_type);

static int issue_year(const Issue *issue) {
    return issue->page->date.set ? issue->page->date.year : 0;
}

/* Runs of issues of one year, in the order of the archive. */
static Value years_of(RenderEnv *env) {
    const Site *site = env_site(env);
    Vec(Year) years = {0};
    if (!env_is_kind(env, "issues"))
        return value_absent();
    for (ptrdiff_t i = 0; i < site->issues.n; i++) {
        int year = issue_year(site->issues.items[i]);
        if (!years.n || years.items[years.n - 1].year != year)
            *vec_push(env->scratch, &years) = (Year){
                .issues = (const Issue *const *)site->issues.items + i, .year = year};
        years.items[years.n - 1].n++;
    }
    return VALUE_OF_VEC(years, year_list);
}

GETTER(Output, listing_title, value_text(title_of(self, env)))
GETTER(Output, listing_explainers, explainers_of(self, env))
GETTER(Output, listing_issues, issues_of(self, env))
GETTER(Output, listing_roadmaps, roadmaps_of(self, env))
GETTER(Output, listing_topics, topics_of(env))
GETTER(Output, listing_years, years_of(env))
GETTER(Output, listing_count, value_int(self->n_items))

static const Field listing_fields[] = {
    {"title", listing_title, "text: what is listed"},
    {"explainers", listing_explainers, "[explainer]: those of this list page"},
    {"issues", listing_issues, "[issue]: those of this list page"},
    {"roadmaps", listing_roadmaps, "[roadmap]: those of this list page"},
    {"topics", listing_topics, "[topic]: all, on the list of topics"},
    {"years", listing_years, "[year]: the archive by year"},
    {"count", listing_count, "int: entries on all pages of the list"},
};
TYPE(listing_type, "listing", listing_fields, NULL);

/* ---- pagination ---- */

typedef struct PageNumber {
    const Output *output;
    int number;
    bool is_gap;
} PageNumber;

static Value number_href(const Output *output, RenderEnv *env, int number) {
    if (number < 1 || number > output->count)
        return value_absent();
    return view_href(env, list_page_url(env->scratch, output_list_url(output), number));
}

GETTER(PageNumber, page_number_number, value_int(self->number))
GETTER(PageNumber, page_number_url, number_href(self->output, env, self->number))
GETTER(PageNumber, page_number_is_current,
       value_bool(self->number == self->output->number))
GETTER(PageNumber, page_number_is_gap, value_bool(self->is_gap))

static const Field page_number_fields[] = {
    {"number", page_number_number, "int: from 1"},
    {"url", page_number_url, "url: that list page"},
    {"is_current", page_number_is_current, "bool: it is the page being written"},
    {"is_gap", page_number_is_gap, "bool: numbers are left out before it"},
};
TYPE(page_number_type, "page-number", page_number_fields, NULL);
LIST_OF_STRUCTS(PageNumber, page_number_list, page_number_type);

/* The first, the last, and those around the present one: a list of 2,000 pages must not
 * have 2,000 links on each. */
static Value numbers_of(const Output *output, RenderEnv *env) {
    enum { AROUND = 2, NUMBERS_MAX = 2 * AROUND + 3 };
    PageNumber *numbers = arena_array(env->scratch, PageNumber, NUMBERS_MAX);
    int n = 0, before = 0;
    int low = output->number - AROUND, high = output->number + AROUND;
    for (int i = 1; i <= output->count; i++) {
        if (i > 1 && i < low)
            i = low;
        else if (i > high && i < output->count)
            i = output->count;
        numbers[n++] = (PageNumber){output, i, i > before + 1};
        before = i;
    }
    return value_list(numbers, n, &page_number_list);
}

GETTER(Output, pagination_number, value_int(self->number))
GETTER(Output, pagination_count, value_int(self->count))
GETTER(Output, pagination_previous_url, number_href(self, env, self->number - 1))
GETTER(Output, pagination_next_url, number_href(self, env, self->number + 1))
GETTER(Output, pagination_pages, numbers_of(self, env))
GETTER(Output, pagination_has_pages, value_bool(self->count > 1))

static const Field pagination_fields[] = {
    {"number", pagination_number, "int: this list page, from 1"},
    {"count", pagination_count, "int: number of list pages"},
    {"previous_url", pagination_previous_url, "url: the list page before it"},
    {"next_url", pagination_next_url, "url: the list page after it"},
    {"pages", pagination_pages, "[page-number]: first, last, and two on each side"},
    {"has_pages", pagination_has_pages, "bool: there is more than one"},
};
TYPE(pagination_type, "pagination", pagination_fields, NULL);
