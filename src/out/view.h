/* What the view_*.c files share: the types, and how getters are written. Private to them,
 * but for the bodies, which the feed takes from here too. */
#pragma once

#include "out/views.h"

/* A getter of one expression over `self`, a const T *, and `env`. */
#define GETTER(T, function, value)                                                       \
    static Value function(const void *object, RenderEnv *env) {                          \
        const T *self = object;                                                          \
        (void)self, (void)env;                                                           \
        return (value);                                                                  \
    }

/* The items of a list whose `self` is an array of T (structs), or of pointers to T. */
#define LIST_OF_STRUCTS(T, list, type)                                                   \
    static Value list##_item(const void *self, ptrdiff_t index, RenderEnv *env) {        \
        (void)env;                                                                       \
        return value_object((const T *)self + index, &(type));                           \
    }                                                                                    \
    const ListType list = {.item = list##_item}
#define LIST_OF_POINTERS(T, list, type)                                                  \
    static Value list##_item(const void *self, ptrdiff_t index, RenderEnv *env) {        \
        (void)env;                                                                       \
        return value_object(((const T *const *)self)[index], &(type));                   \
    }                                                                                    \
    const ListType list = {.item = list##_item}

/* A Type of the rows in `rows`; `dot`: the getter of {{.}}, or NULL. */
#define TYPE(type, label, rows, dot)                                                     \
    const Type type = {.name = label,                                                    \
                       .fields = rows,                                                   \
                       .n_fields = sizeof(rows) / sizeof *(rows),                        \
                       .self_text = dot}

#define VALUE_OF_VEC(vec, list) value_list((vec).items, (vec).n, &(list))

extern const Type root_type, site_type, person_type, logo_type, nav_type, page_type,
    crumb_type, listing_type, year_type, pagination_type, page_number_type,
    explainer_type, heading_type, backlink_type, image_type, date_type, params_type,
    issue_type, item_type, roadmap_type, phase_type, challenge_type, section_type,
    step_type, tool_type, exercise_type, resource_type, topic_type, term_type;

/* Lists of pointers to the struct that the type is a view of. */
extern const ListType explainer_list, issue_list, roadmap_list, phase_list, step_list,
    topic_list, term_list;

static inline const Writer *env_writer(RenderEnv *env) { return env->user; }
static inline const Site *env_site(RenderEnv *env) { return env_writer(env)->site; }

/* The output that is being written. Only so do getters come to it: what they return then
 * varies from page to page (env->varies). */
static inline const Output *env_output(RenderEnv *env) {
    env->varies = true;
    return env_writer(env)->output;
}

/* True if the output that is being written is of the kind `name`. */
bool env_is_kind(RenderEnv *env, const char *name);

/* The subject of the output if it is of that sort, else NULL. */
const void *env_subject(RenderEnv *env, Subject subject);

/* `language` of site.yaml, "en" where it says nothing. */
Str site_language(const Site *site);

/* True if `url` is the page that is being written. */
bool env_is_current(RenderEnv *env, Str url);

/* A URL of the site, or a place on one of its pages, as an href for the page that is
 * being written. */
Value view_href(RenderEnv *env, Str url);

Value view_place(RenderEnv *env, Str url, Str id);

/* The same as an absolute URL; absent where the site has no base_url. */
Value view_canonical(RenderEnv *env, Str url);

/* A URL that an author wrote outside Markdown: of the site, of another host, or absent
 * where its scheme is not allowed. */
Value view_given_url(RenderEnv *env, Str url);

/* The page's own front matter keys, read when a template asks for them. */
Value view_params(RenderEnv *env, const Page *page);

Value view_date(const Date *date);
Value view_image(RenderEnv *env, Target target, Str alt);
/* The picture's absolute URL, for cards; absent where there is none. */
Value view_image_url(RenderEnv *env, Target target);

/* Hours and other amounts: "16", "1.5", with at most two decimals; absent when not
 * positive. */
Value view_amount(RenderEnv *env, double amount);

/* "Week 3", "Weeks 1–2"; absent when `first` is 0. */
Value view_weeks(RenderEnv *env, int first, int last);

/* Nested headings of a page, as a list. */
Value view_contents(RenderEnv *env, const Page *page);

/* ---- bodies: view_body.c ---- */

/* A page's body as HTML, with URLs in the form of the output. */
Value view_body(RenderEnv *env, const Page *page);
/* The words before an issue's first item, and the body of an item. */
Value view_opening(RenderEnv *env, const Issue *issue);
Value view_item_body(RenderEnv *env, const Issue *issue, ptrdiff_t index);
/* A Markdown value of a roadmap's YAML. */
Value view_markdown(RenderEnv *env, Text text, bool inline_only);
/* Its first paragraph without markup, at most 300 characters, for lists and meta data. */
Str view_plain(Arena *arena, Text text);
