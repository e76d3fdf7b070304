/* One Markdown file is a whole issue: every `#` heading starts an item (CONTENT.md).
 *
 * An item with text is published twice: in the issue, its headings one level down and its
 * ids prefixed, and as an explainer of its own. Both are the same range of blocks of the
 * same file, so their links are the same and are resolved once. */
#include "site/issue.h"

#include "text/unicode.h"

enum { ITEMS_MAX = 1000 };

int64_t issue_number_from_name(Str name) {
    ptrdiff_t from = name.len;
    while (from > 0 && char_is_digit(name.data[from - 1]))
        from--;
    int64_t number = -1;
    return str_to_int(str_from_offset(name, from), &number) ? number : -1;
}

static void split_topics(const ParseJob *job, const DocAttr *attr, Texts *out) {
    for (Str rest = attr->value, part; rest.len;) {
        str_cut(rest, ',', &part, &rest);
        part = str_trim(part);
        if (part.len)
            *vec_push(job->arena, out) =
                (Text){.text = arena_str(job->arena, part), .offset = attr->offset};
    }
}

typedef struct ItemKeys {
    bool is_inline;
    Text slug;
    Texts topics;
} ItemKeys;

static ItemKeys read_attributes(const ParseJob *job, const DocSection *section) {
    static const Str names[] = {STR_INIT("slug"), STR_INIT("topics"), STR_INIT("inline")};
    ItemKeys keys = {0};
    for (int i = 0; i < section->n_attrs; i++) {
        const DocAttr *attr = &section->attrs[i];
        if (str_equal(attr->key, names[0])) {
            keys.slug = (Text){.text = attr->value, .offset = attr->offset};
        } else if (str_equal(attr->key, names[1])) {
            split_topics(job, attr, &keys.topics);
        } else if (str_equal(attr->key, names[2])) {
            keys.is_inline = true;
        } else {
            Diag *diag = diag_add(job->diags, DIAG_DIRECTIVE_ARGUMENT,
                                  (Loc){job->source, attr->offset},
                                  "an item has no attribute '%.*s'", STR_ARG(attr->key));
            Str nearest = str_nearest(attr->key, names, 3);
            if (nearest.len)
                diag_hint_nearest(job->diags, diag, nearest);
            else
                diag_hint(job->diags, diag, "it takes slug, topics and inline");
        }
    }
    return keys;
}

/* The explainer that an item with text is published as. */
static Page *make_explainer(const ParseJob *job, const Page *issue_page, const Doc *doc,
                            const Item *item, const ItemKeys *keys) {
    Page *page = arena_new(job->arena, Page);
    page->kind = PAGE_EXPLAINER;
    page->source = job->source;
    page->body = issue_page->body;
    page->loc = item->loc;
    page->title = item->title;
    page->name = slug_make(job->arena, item->title);
    page->given_slug = keys->slug;
    page->topic_names = keys->topics;
    page->date = issue_page->date;
    page->updated = issue_page->updated;
    page->author = issue_page->author;
    page->draft = issue_page->draft;
    page->options = (BodyOptions){.range = item->options.range};
    page_take_outline(page, doc, job->arena);
    return page;
}

/* A slug that no item before has; `ids` counts how often each was asked for. */
static Str unique_id(Arena *arena, Map *ids, Str name) {
    Str id = slug_make(arena, name);
    for (Str base = id;;) {
        intptr_t *count = arena_new(arena, intptr_t);
        void **seen = map_at(ids, base);
        if (!*seen)
            *seen = count;
        count = *seen;
        if (++*count == 1 && str_equal(id, base))
            return id;
        id = arena_printf(arena, "%.*s-%td", STR_ARG(base), (ptrdiff_t)*count);
        if (!map_get(ids, id)) {
            map_put(ids, id, arena_new(arena, intptr_t));
            return id;
        }
    }
}

static void add_item(const ParseJob *job, Issue *issue, Map *ids, const Doc *doc,
                     const DocSection *section, int last) {
    Item *item = vec_push(job->arena, &issue->items);
    ItemKeys keys = read_attributes(job, section);
    item->title = section->title;
    item->loc = (Loc){job->source, section->offset};
    item->topic_names = keys.topics;
    Str named = keys.slug.text.len ? keys.slug.text : section->wiki_target;
    item->id = unique_id(job->arena, ids, named.len ? named : item->title);
    item->options.range = (DocRange){section->block + 1, last};
    item->options.shift = 1;
    item->options.id_prefix = arena_concat(job->arena, item->id, S("-"));
    bool has_text = item->options.range.first < item->options.range.last;
    if (section->wiki_target.len && !has_text) {
        item->kind = ITEM_CARD;
        item->wiki_target = section->wiki_target;
        return;
    }
    item->kind = keys.is_inline || !has_text ? ITEM_INLINE : ITEM_TEXT;
    doc_outline(doc, item->options, job->arena, &item->outline);
    if (item->kind == ITEM_TEXT)
        item->page = make_explainer(job, issue->page, doc, item, &keys);
}

Issue *issue_parse(const ParseJob *job, Page *page, const Doc *doc) {
    Issue *issue = arena_new(job->arena, Issue);
    issue->page = page;
    issue->number = -1;
    page->issue = issue;
    if (!doc)
        return issue;
    const DocSection *sections;
    ptrdiff_t n = doc_sections(doc, job->arena, &sections);
    page->options.range = (DocRange){0, n ? sections[0].block : doc_n_blocks(doc)};
    Str title = page->title;
    page_take_outline(page, doc, job->arena);
    page->title = title;
    if (n > ITEMS_MAX) {
        diag_add(job->diags, DIAG_LIMIT_EXCEEDED,
                 (Loc){job->source, sections[ITEMS_MAX].offset},
                 "an issue has at most %d items", ITEMS_MAX);
        n = ITEMS_MAX;
    }
    Map ids = map_init(job->arena);
    for (ptrdiff_t i = 0; i < n; i++)
        add_item(job, issue, &ids, doc, &sections[i],
                 i + 1 < n ? sections[i + 1].block : doc_n_blocks(doc));
    for (ptrdiff_t i = 0; i < issue->items.n; i++)
        page->words += issue->items.items[i].outline.words;
    page->minutes = minutes_of_words(page->words);
    return issue;
}
