/* Order and topics: see link.h. Every list of the model is sorted here, by keys that come
 * from the content alone, and never again. */
#include "site/link.h"

#include "text/unicode.h"

#include <stdlib.h>

/* ---- order ---- */

static int by_date(const void *left, const void *right) {
    const Page *a = *(Page *const *)left, *b = *(Page *const *)right;
    int order = date_compare(b->date, a->date);
    return order ? order : str_compare(a->url, b->url);
}

static int by_weight(const void *left, const void *right) {
    const Page *a = *(Page *const *)left, *b = *(Page *const *)right;
    int order = (a->weight > b->weight) - (a->weight < b->weight);
    return order ? order : str_compare(a->url, b->url);
}

static int issues_newest_first(const void *left, const void *right) {
    const Issue *a = *(Issue *const *)left, *b = *(Issue *const *)right;
    int order = (a->number < b->number) - (a->number > b->number);
    if (order == 0)
        order = date_compare(b->page->date, a->page->date);
    return order ? order : str_compare(a->page->url, b->page->url);
}

static int roadmaps_by_title(const void *left, const void *right) {
    const Roadmap *a = *(Roadmap *const *)left, *b = *(Roadmap *const *)right;
    int order = str_compare(a->title.text, b->title.text);
    return order ? order : str_compare(a->url, b->url);
}

static int terms_by_name(const void *left, const void *right) {
    return str_compare(((const Term *)left)->name.text, ((const Term *)right)->name.text);
}

static int redirects_by_url(const void *left, const void *right) {
    return str_compare(((const Redirect *)left)->from, ((const Redirect *)right)->from);
}

static void sort(void *items, ptrdiff_t n, size_t size,
                 int (*compare)(const void *, const void *)) {
    if (n > 1)
        qsort(items, (size_t)n, size, compare);
}

static void sort_pages(Site *site, PageKind kind,
                       int (*compare)(const void *, const void *)) {
    sort(site->pages[kind].items, site->pages[kind].n, sizeof(Page *), compare);
}

/* Lists that are newest first read backwards: the next one is the one before in the list.
 */
static void link_neighbours(Page **pages, ptrdiff_t n, bool newest_first) {
    for (ptrdiff_t i = 0; i < n; i++) {
        const Page *before = i > 0 ? pages[i - 1] : NULL;
        const Page *after = i + 1 < n ? pages[i + 1] : NULL;
        pages[i]->previous = newest_first ? after : before;
        pages[i]->next = newest_first ? before : after;
    }
}

void link_order(Site *site) {
    sort_pages(site, PAGE_EXPLAINER, by_date);
    sort_pages(site, PAGE_PLAIN, by_weight);
    sort_pages(site, PAGE_DOC, by_weight);
    sort(site->issues.items, site->issues.n, sizeof(Issue *), issues_newest_first);
    for (ptrdiff_t i = 0; i < site->issues.n; i++)
        site->pages[PAGE_ISSUE].items[i] = site->issues.items[i]->page;
    sort(site->roadmaps.items, site->roadmaps.n, sizeof(Roadmap *), roadmaps_by_title);
    sort(site->terms.items, site->terms.n, sizeof(Term), terms_by_name);
    sort(site->redirects.items, site->redirects.n, sizeof(Redirect), redirects_by_url);
    for (int kind = 0; kind < PAGE_KINDS; kind++)
        link_neighbours(site->pages[kind].items, site->pages[kind].n,
                        kind == PAGE_EXPLAINER || kind == PAGE_ISSUE);
    for (ptrdiff_t i = 0; i < site->issues.n; i++) {
        Issue *issue = site->issues.items[i];
        issue->next = i > 0 ? site->issues.items[i - 1] : NULL;
        issue->previous = i + 1 < site->issues.n ? site->issues.items[i + 1] : NULL;
    }
    for (ptrdiff_t i = 0; i < site->roadmaps.n; i++) {
        Roadmap *roadmap = site->roadmaps.items[i];
        roadmap->previous = i > 0 ? site->roadmaps.items[i - 1] : NULL;
        roadmap->next = i + 1 < site->roadmaps.n ? site->roadmaps.items[i + 1] : NULL;
    }
}

/* ---- topics ---- */

typedef struct TopicIndex {
    Site *site;
    Map by_name; /* as written → Topic: nearly every name was seen before */
    Map by_slug;
} TopicIndex;

static Topic *topic_of(TopicIndex *index, Text name) {
    Site *site = index->site;
    Str written = str_trim(name.text);
    if (written.len == 0)
        return NULL;
    Topic *topic = map_get(&index->by_name, written);
    if (topic)
        return topic;
    Str slug = slug_make(&site->arena, written);
    topic = map_get(&index->by_slug, slug);
    if (!topic) {
        topic = arena_new(&site->arena, Topic);
        topic->name = written;
        topic->slug = slug;
        topic->url = arena_printf(&site->arena, "/topics/%.*s/", STR_ARG(slug));
        map_put(&index->by_slug, slug, topic);
        *vec_push(&site->arena, &site->topics) = topic;
    }
    map_put(&index->by_name, written, topic);
    return topic;
}

static void add_page(TopicIndex *index, Page *page) {
    Site *site = index->site;
    for (ptrdiff_t i = 0; i < page->topic_names.n; i++) {
        Topic *topic = topic_of(index, page->topic_names.items[i]);
        bool known = !topic;
        for (ptrdiff_t k = 0; k < page->topics.n && !known; k++)
            known = page->topics.items[k] == topic;
        if (known)
            continue;
        *vec_push(&site->arena, &page->topics) = topic;
        *vec_push(&site->arena, &topic->pages) = page;
    }
}

static void add_roadmap(TopicIndex *index, Roadmap *roadmap) {
    Site *site = index->site;
    for (ptrdiff_t i = 0; i < roadmap->topic_names.n; i++) {
        Topic *topic = topic_of(index, roadmap->topic_names.items[i]);
        if (!topic)
            continue;
        *vec_push(&site->arena, &roadmap->topics) = topic;
        *vec_push(&site->arena, &topic->roadmaps) = roadmap;
    }
}

static int topics_by_name(const void *left, const void *right) {
    const Topic *a = *(Topic *const *)left, *b = *(Topic *const *)right;
    return str_compare(a->slug, b->slug);
}

void link_topics(Site *site) {
    TopicIndex index = {site, map_init(&site->arena), map_init(&site->arena)};
    for (int kind = 0; kind < PAGE_KINDS; kind++)
        for (ptrdiff_t i = 0; i < site->pages[kind].n; i++)
            add_page(&index, site->pages[kind].items[i]);
    for (ptrdiff_t i = 0; i < site->roadmaps.n; i++)
        add_roadmap(&index, site->roadmaps.items[i]);
    sort(site->topics.items, site->topics.n, sizeof(Topic *), topics_by_name);
    for (ptrdiff_t i = 0; i < site->topics.n; i++) {
        const Topic *topic = site->topics.items[i];
        link_claim(site, topic->url, (Target){.kind = TARGET_TOPIC, .topic = topic},
                   "a topic", (Loc){0});
    }
}
