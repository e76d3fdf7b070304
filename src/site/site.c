/* Small questions about the model: names of its enumerations, and where a Target is. */
#include "site/site.h"

static Str with_anchor(Arena *arena, Str url, Str anchor) {
    if (anchor.len == 0)
        return url;
    return arena_concat(arena, arena_concat(arena, url, S("#")), anchor);
}

Str target_url(Arena *arena, Target target) {
    switch (target.kind) {
    case TARGET_NONE:
        return (Str){0};
    case TARGET_EXTERNAL:
        return target.url;
    case TARGET_PAGE:
        return with_anchor(arena, target.page->url, target.anchor);
    case TARGET_ROADMAP:
        return with_anchor(arena, target.roadmap->url, target.anchor);
    case TARGET_STEP:
        return with_anchor(arena, target.step->roadmap->url, target.step->id);
    case TARGET_TOPIC:
        return target.topic->url;
    case TARGET_ASSET:
        return target.asset->url;
    case TARGET_URL:
        return with_anchor(arena, target.url, target.anchor);
    }
    return (Str){0};
}

static Str heading_text(const Page *page, Str id) {
    for (ptrdiff_t i = 0; i < page->outline.n_headings; i++)
        if (str_equal(page->outline.headings[i].id, id))
            return page->outline.headings[i].text;
    return (Str){0};
}

Str target_title(Target target) {
    switch (target.kind) {
    case TARGET_PAGE: {
        Str heading =
            target.anchor.len ? heading_text(target.page, target.anchor) : (Str){0};
        return heading.len ? heading : target.page->title;
    }
    case TARGET_ROADMAP:
        return target.roadmap->title.text;
    case TARGET_STEP:
        return target.step->title;
    case TARGET_TOPIC:
        return target.topic->name;
    case TARGET_EXTERNAL:
    case TARGET_URL:
        return target.url;
    case TARGET_NONE:
    case TARGET_ASSET:
        break;
    }
    return (Str){0};
}

const char *page_kind_name(PageKind kind) {
    static const char *const names[PAGE_KINDS] = {"explainer", "issue", "page", "doc"};
    return names[kind];
}

const char *level_name(Level level) {
    static const char *const names[] = {"", "beginner", "intermediate", "advanced"};
    return names[level];
}

const char *step_kind_name(StepKind kind) {
    static const char *const names[] = {"required", "optional", "alternative"};
    return names[kind];
}

const char *resource_kind_name(ResourceKind kind) {
    static const char *const names[] = {"",     "article", "video", "course",
                                        "book", "docs",    "code",  "paper"};
    return names[kind];
}
