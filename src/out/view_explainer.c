/* What templates see of a page with a text of its own: explainers, pages of the manual,
 * plain pages. One type for all, since a list may hold any of them.
 *
 * Front matter that is no key of ours is in `params`, an open type: which names it has is
 * the author's affair, so a missing one is empty and no mistake. */
#include "out/view.h"

#include "site/page.h"

/* ---- headings ---- */

typedef struct Heading Heading;
struct Heading {
    const Page *page;
    const DocHeading *heading;
    Heading *children, *next;
    ptrdiff_t n_children;
};

static Value heading_next(const void **cursor, RenderEnv *env) {
    (void)env;
    const Heading *heading = *cursor;
    *cursor = heading->next;
    return value_object(heading, &heading_type);
}

static Value heading_item(const void *self, ptrdiff_t index, RenderEnv *env) {
    const Heading *heading = self;
    env->work += index / 8;
    while (index-- > 0)
        heading = heading->next;
    return value_object(heading, &heading_type);
}

static const ListType heading_list = {.item = heading_item, .next = heading_next};

/* Hangs each heading under the last one before it of a lower level. `open` holds the last
 * heading on each level, and `last` the last child of each; index 0 is the page. */
Value view_contents(RenderEnv *env, const Page *page) {
    enum { LEVELS = 8 };
    ptrdiff_t n = page->outline.n_headings;
    Heading top = {0}, *open[LEVELS] = {&top}, *last[LEVELS] = {0};
    Heading *all = arena_array(env->scratch, Heading, n);
    for (ptrdiff_t i = 0; i < n; i++) {
        const DocHeading *heading = &page->outline.headings[i];
        int level = heading->level < LEVELS ? heading->level : LEVELS - 1,
            above = level - 1;
        while (above > 0 && !open[above])
            above--;
        all[i] = (Heading){.page = page, .heading = heading};
        if (last[above])
            last[above]->next = &all[i];
        else
            open[above]->children = &all[i];
        open[above]->n_children++;
        last[above] = open[level] = &all[i];
        last[level] = NULL;
        for (int below = level + 1; below < LEVELS; below++)
            open[below] = last[below] = NULL;
    }
    return value_list(top.children, top.n_children, &heading_list);
}

GETTER(Heading, heading_id, value_text(self->heading->id))
GETTER(Heading, heading_text, value_text(self->heading->text))
GETTER(Heading, heading_level, value_int(self->heading->level))
GETTER(Heading, heading_children,
       value_list(self->children, self->n_children, &heading_list))
GETTER(Heading, heading_url, view_place(env, self->page->url, self->heading->id))

static const Field heading_fields[] = {
    {"id", heading_id, "text: its anchor"},
    {"url", heading_url, "url: its place on the page"},
    {"text", heading_text, "text: what it says"},
    {"level", heading_level, "int: 2 to 6"},
    {"children", heading_children, "[heading]: those below it"},
};
TYPE(heading_type, "heading", heading_fields, heading_text);

/* ---- backlinks ---- */

GETTER(Backlink, backlink_title, value_text(self->page->title))
GETTER(Backlink, backlink_url, view_href(env, self->page->url))
GETTER(Backlink, backlink_context, value_text(self->context))
GETTER(Backlink, backlink_kind, value_text(str_from(page_kind_name(self->page->kind))))

static const Field backlink_fields[] = {
    {"title", backlink_title, "text: of the page that has the link"},
    {"url", backlink_url, "url: of the page that has the link"},
    {"context", backlink_context, "text: the sentence around the link"},
    {"kind", backlink_kind, "text: explainer, issue, page or doc"},
};
TYPE(backlink_type, "backlink", backlink_fields, NULL);
LIST_OF_STRUCTS(Backlink, backlink_list, backlink_type);

/* ---- params ---- */

/* The author's own keys: below `params:`, or at the top. */
static Value params_lookup(const void *self, Str name, RenderEnv *env) {
    const Node *map = self, *own = node_get(map, S("params"));
    const Node *found = node_get(own, name);
    env->work += map->n / 8;
    if (!found)
        found = node_get(map, name);
    return found ? value_of_node(found) : (Value){.kind = VALUE_UNKNOWN};
}

const Type params_type = {.name = "params", .lookup = params_lookup, .open = true};

Value view_params(RenderEnv *env, const Page *page) {
    static const Node none = {.kind = NODE_MAP};
    const Node *map = page_front_matter(page, env->scratch);
    return value_object(map ? map : &none, &params_type);
}

/* ---- the page ---- */

static Value page_author(const Page *page, RenderEnv *env) {
    Str name = page->author.text;
    return value_text(name.len ? name : env_site(env)->settings.author.name.text);
}

/* A page of the present subject: itself, or the issue that it is. */
static bool is_current(const Page *page, RenderEnv *env) {
    const Issue *issue = env_subject(env, SUBJECT_ISSUE);
    return env_subject(env, SUBJECT_PAGE) == page || (issue && issue->page == page);
}

/* Its text stands in the file of an issue. */
static bool is_item(const Page *page) {
    return page->kind == PAGE_EXPLAINER && page->issue &&
           page->issue->page->source == page->source;
}

GETTER(Page, explainer_title, value_text(self->title))
GETTER(Page, explainer_url, view_href(env, self->url))
GETTER(Page, explainer_canonical, view_canonical(env, self->url))
GETTER(Page, explainer_slug, value_text(self->slug))
GETTER(Page, explainer_kind, value_text(str_from(page_kind_name(self->kind))))
GETTER(Page, explainer_summary, value_text(self->summary))
/* A derived summary is the outline's, and shares its bytes. */
GETTER(Page, explainer_has_summary,
       value_bool(self->summary.len && self->summary.data != self->outline.summary.data))
GETTER(Page, explainer_date, view_date(&self->date))
GETTER(Page, explainer_updated, view_date(&self->updated))
GETTER(Page, explainer_level, value_text(str_from(level_name(self->level))))
GETTER(Page, explainer_is_beginner, value_bool(self->level == LEVEL_BEGINNER))
GETTER(Page, explainer_is_intermediate, value_bool(self->level == LEVEL_INTERMEDIATE))
GETTER(Page, explainer_is_advanced, value_bool(self->level == LEVEL_ADVANCED))
GETTER(Page, explainer_minutes,
       self->minutes > 0 ? value_int(self->minutes) : value_absent())
GETTER(Page, explainer_words, value_int(self->words))
GETTER(Page, explainer_author, page_author(self, env))
GETTER(Page, explainer_series, value_text(self->series.text))
GETTER(Page, explainer_draft, value_bool(self->draft))
GETTER(Page, explainer_topics, VALUE_OF_VEC(self->topics, topic_list))
GETTER(Page, explainer_image, view_image(env, self->image_target, self->image_alt.text))
GETTER(Page, explainer_body, view_body(env, self))
GETTER(Page, explainer_contents, view_contents(env, self))
GETTER(Page, explainer_backlinks, VALUE_OF_VEC(self->backlinks, backlink_list))
GETTER(Page, explainer_previous, value_object(self->previous, &explainer_type))
GETTER(Page, explainer_next, value_object(self->next, &explainer_type))
GETTER(Page, explainer_steps, VALUE_OF_VEC(self->steps, step_list))
GETTER(Page, explainer_issue, value_object(self->issue, &issue_type))
GETTER(Page, explainer_is_item, value_bool(is_item(self)))
GETTER(Page, explainer_requires, VALUE_OF_VEC(self->required, explainer_list))
GETTER(Page, explainer_params, view_params(env, self))
GETTER(Page, explainer_is_current, value_bool(is_current(self, env)))
GETTER(Page, explainer_source_path, value_text(self->source->path))

static const Field explainer_fields[] = {
    {"title", explainer_title, "text: its title"},
    {"url", explainer_url, "url: its page"},
    {"canonical", explainer_canonical, "url: its page with host"},
    {"slug", explainer_slug, "text: its name in URLs"},
    {"kind", explainer_kind, "text: explainer, issue, page or doc"},
    {"summary", explainer_summary, "text: `summary`, else the first paragraph"},
    {"has_summary", explainer_has_summary, "bool: `summary` was written by hand"},
    {"date", explainer_date, "date: when it was published"},
    {"updated", explainer_updated, "date: when it was last revised"},
    {"level", explainer_level, "text: beginner, intermediate or advanced"},
    {"is_beginner", explainer_is_beginner, "bool: level is beginner"},
    {"is_intermediate", explainer_is_intermediate, "bool: level is intermediate"},
    {"is_advanced", explainer_is_advanced, "bool: level is advanced"},
    {"minutes", explainer_minutes, "int: reading time"},
    {"words", explainer_words, "int: number of words"},
    {"author", explainer_author, "text: `author`, else the site's author"},
    {"series", explainer_series, "text: `series`"},
    {"draft", explainer_draft, "bool: it is a draft, shown because of --drafts"},
    {"topics", explainer_topics, "[topic]: those that it is tagged with"},
    {"image", explainer_image, "image: `image` and `image_alt`"},
    {"body", explainer_body, "html: the text"},
    {"contents", explainer_contents, "[heading]: its headings, nested"},
    {"backlinks", explainer_backlinks, "[backlink]: pages that link to it"},
    {"previous", explainer_previous, "explainer: the one before it"},
    {"next", explainer_next, "explainer: the one after it"},
    {"steps", explainer_steps, "[step]: roadmap steps that name it"},
    {"issue", explainer_issue, "issue: where it first appeared"},
    {"is_item", explainer_is_item, "bool: its text is an item of that issue"},
    {"requires", explainer_requires, "[explainer]: what to read before"},
    {"params", explainer_params, "params: front matter of the author's own"},
    {"is_current", explainer_is_current, "bool: its page is being written"},
    {"source_path", explainer_source_path, "text: its file, relative to the site"},
};
TYPE(explainer_type, "explainer", explainer_fields, explainer_title);
LIST_OF_POINTERS(Page, explainer_list, explainer_type);
