/* What templates see of a newsletter issue and its items. */
#include "out/view.h"

/* An item with its place, which the model does not keep. */
typedef struct ItemView {
    const Issue *issue;
    const Item *item;
    ptrdiff_t index;
} ItemView;

static Value item_item(const void *self, ptrdiff_t index, RenderEnv *env) {
    const Issue *issue = self;
    ItemView *item = arena_new(env->scratch, ItemView);
    *item = (ItemView){issue, &issue->items.items[index], index};
    return value_object(item, &item_type);
}

static const ListType item_list = {.item = item_item};

/* A card may point to a roadmap too. */
static const Roadmap *roadmap_of(const Item *item) {
    return item->kind == ITEM_CARD && item->target.kind == TARGET_ROADMAP
               ? item->target.roadmap
               : NULL;
}

static Value item_summary_of(const Item *item) {
    return value_text(item->page ? item->page->summary : item->outline.summary);
}

GETTER(ItemView, item_title, value_text(self->item->title))
GETTER(ItemView, item_id, value_text(self->item->id))
GETTER(ItemView, item_url, view_place(env, self->issue->page->url, self->item->id))
GETTER(ItemView, item_number, value_int(self->index + 1))
GETTER(ItemView, item_is_text, value_bool(self->item->kind == ITEM_TEXT))
GETTER(ItemView, item_is_inline, value_bool(self->item->kind == ITEM_INLINE))
GETTER(ItemView, item_is_card, value_bool(self->item->kind == ITEM_CARD))
GETTER(ItemView, item_body, view_item_body(env, self->issue, self->index))
GETTER(ItemView, item_explainer, value_object(self->item->page, &explainer_type))
GETTER(ItemView, item_roadmap, value_object(roadmap_of(self->item), &roadmap_type))
GETTER(ItemView, item_summary, item_summary_of(self->item))

static const Field item_fields[] = {
    {"title", item_title, "text: its heading"},
    {"id", item_id, "text: its anchor on the issue's page"},
    {"url", item_url, "url: its place on the issue's page"},
    {"number", item_number, "int: from 1"},
    {"is_text", item_is_text, "bool: it is published as an explainer too"},
    {"is_inline", item_is_inline, "bool: it stands in the issue only"},
    {"is_card", item_is_card, "bool: it only points to an explainer"},
    {"body", item_body, "html: its text; absent for cards"},
    {"explainer", item_explainer, "explainer: its own page, or what the card points to"},
    {"roadmap", item_roadmap, "roadmap: what the card points to"},
    {"summary", item_summary, "text: the explainer's, else its first paragraph"},
};
TYPE(item_type, "item", item_fields, item_title);

/* ---- the issue ---- */

GETTER(Issue, issue_title, value_text(self->page->title))
GETTER(Issue, issue_url, view_href(env, self->page->url))
GETTER(Issue, issue_canonical, view_canonical(env, self->page->url))
GETTER(Issue, issue_slug, value_text(self->page->slug))
GETTER(Issue, issue_number, self->number >= 0 ? value_int(self->number) : value_absent())
GETTER(Issue, issue_date, view_date(&self->page->date))
GETTER(Issue, issue_updated, view_date(&self->page->updated))
GETTER(Issue, issue_preview, value_text(self->preview.text))
GETTER(Issue, issue_summary, value_text(self->page->summary))
GETTER(Issue, issue_opening, view_opening(env, self))
GETTER(Issue, issue_items, value_list(self, self->items.n, &item_list))
GETTER(Issue, issue_previous, value_object(self->previous, &issue_type))
GETTER(Issue, issue_next, value_object(self->next, &issue_type))
GETTER(Issue, issue_topics, VALUE_OF_VEC(self->page->topics, topic_list))
GETTER(Issue, issue_params, view_params(env, self->page))
GETTER(Issue, issue_image,
       view_image(env, self->page->image_target, self->page->image_alt.text))
GETTER(Issue, issue_minutes,
       self->page->minutes > 0 ? value_int(self->page->minutes) : value_absent())
GETTER(Issue, issue_is_current, value_bool(env_subject(env, SUBJECT_ISSUE) == self))
GETTER(Issue, issue_source_path, value_text(self->page->source->path))

static const Field issue_fields[] = {
    {"title", issue_title, "text: its title"},
    {"url", issue_url, "url: its page"},
    {"canonical", issue_canonical, "url: its page with host"},
    {"slug", issue_slug, "text: its name in URLs"},
    {"number", issue_number, "int: its number"},
    {"date", issue_date, "date: when it was sent"},
    {"updated", issue_updated, "date: when it was last revised"},
    {"preview", issue_preview, "text: the line that the inbox shows"},
    {"summary", issue_summary, "text: `summary`, else the first paragraph"},
    {"opening", issue_opening, "html: the words before the first item"},
    {"items", issue_items, "[item]: what is in it"},
    {"previous", issue_previous, "issue: the one before it"},
    {"next", issue_next, "issue: the one after it"},
    {"topics", issue_topics, "[topic]: those that it is tagged with"},
    {"params", issue_params, "params: front matter of the author's own"},
    {"image", issue_image, "image: `image` and `image_alt`"},
    {"minutes", issue_minutes, "int: reading time"},
    {"is_current", issue_is_current, "bool: its page is being written"},
    {"source_path", issue_source_path, "text: its file, relative to the site"},
};
TYPE(issue_type, "issue", issue_fields, issue_title);
LIST_OF_POINTERS(Issue, issue_list, issue_type);
