/* What templates see of a topic.
 *
 * A topic may have more pages than fit on one list page. On its own page its lists are
 * those of the present list page, so that all its pages together cost O(pages); elsewhere
 * they are complete, and cost O(pages) each time: templates that show other topics ask
 * for `count`. */
#include "out/view.h"

/* The part of the topic's pages that is shown. */
static ListSlice shown(const Topic *topic, RenderEnv *env) {
    if (env_subject(env, SUBJECT_TOPIC) == topic)
        return list_slice(env_site(env), topic->pages.n, env_output(env)->number);
    return (ListSlice){0, topic->pages.n};
}

/* Those of one kind; the model's own array where all are, as is usual. */
static Value topic_explainers(const void *object, RenderEnv *env) {
    const Topic *self = object;
    ListSlice slice = shown(self, env);
    const Page **pages = arena_array(env->scratch, const Page *, slice.n);
    ptrdiff_t n = 0;
    env->work += slice.n / 8;
    for (ptrdiff_t i = 0; i < slice.n; i++)
        if (self->pages.items[slice.from + i]->kind != PAGE_ISSUE)
            pages[n++] = self->pages.items[slice.from + i];
    return value_list(pages, n, &explainer_list);
}

static Value topic_issues(const void *object, RenderEnv *env) {
    const Topic *self = object;
    ListSlice slice = shown(self, env);
    const Issue **issues = arena_array(env->scratch, const Issue *, slice.n);
    ptrdiff_t n = 0;
    env->work += slice.n / 8;
    for (ptrdiff_t i = 0; i < slice.n; i++)
        if (self->pages.items[slice.from + i]->kind == PAGE_ISSUE)
            issues[n++] = self->pages.items[slice.from + i]->issue;
    return value_list(issues, n, &issue_list);
}

static Value topic_roadmaps(const void *object, RenderEnv *env) {
    const Topic *self = object;
    if (env_subject(env, SUBJECT_TOPIC) == self && env_output(env)->number > 1)
        return value_absent();
    return VALUE_OF_VEC(self->roadmaps, roadmap_list);
}

GETTER(Topic, topic_title, value_text(self->name))
GETTER(Topic, topic_url, view_href(env, self->url))
GETTER(Topic, topic_slug, value_text(self->slug))
GETTER(Topic, topic_count, value_int(self->pages.n + self->roadmaps.n))
GETTER(Topic, topic_is_current, value_bool(env_subject(env, SUBJECT_TOPIC) == self))

static const Field topic_fields[] = {
    {"title", topic_title, "text: its name, as first written"},
    {"url", topic_url, "url: its page"},
    {"slug", topic_slug, "text: its name in URLs"},
    {"explainers", topic_explainers,
     "[explainer]: newest first; on its own page those of this list page"},
    {"issues", topic_issues, "[issue]: newest first; on its own page as explainers"},
    {"roadmaps", topic_roadmaps, "[roadmap]: by title; on its own page the first only"},
    {"count", topic_count, "int: explainers, issues and roadmaps together"},
    {"is_current", topic_is_current, "bool: its page is being written"},
};
TYPE(topic_type, "topic", topic_fields, topic_title);
LIST_OF_POINTERS(Topic, topic_list, topic_type);
