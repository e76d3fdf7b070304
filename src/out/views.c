/* The root of what templates see, and the list of all types: see views.h. */
#include "out/view.h"

#include "base/json.h"

/* ---- root ---- */

/* The output's subject where it is a page of that kind. */
static Value subject_page(RenderEnv *env, PageKind kind) {
    const Page *page = env_subject(env, SUBJECT_PAGE);
    return value_object(page && page->kind == kind ? page : NULL, &explainer_type);
}

static Value subject(RenderEnv *env, Subject kind, const Type *type) {
    return value_object(env_subject(env, kind), type);
}

static Value list_output(RenderEnv *env, const Type *type) {
    const Output *output = env_output(env);
    return value_object(output->count > 0 ? output : NULL, type);
}

GETTER(void, root_site, value_object(env_site(env), &site_type))
GETTER(void, root_page, value_object(env_output(env), &page_type))
GETTER(void, root_explainer, subject_page(env, PAGE_EXPLAINER))
GETTER(void, root_doc, subject_page(env, PAGE_DOC))
GETTER(void, root_plain, subject_page(env, PAGE_PLAIN))
GETTER(void, root_issue, subject(env, SUBJECT_ISSUE, &issue_type))
GETTER(void, root_roadmap, subject(env, SUBJECT_ROADMAP, &roadmap_type))
GETTER(void, root_topic, subject(env, SUBJECT_TOPIC, &topic_type))
GETTER(void, root_listing, list_output(env, &listing_type))
GETTER(void, root_pagination, list_output(env, &pagination_type))

static const Field root_fields[] = {
    {"site", root_site, "site: the site as a whole, on every page"},
    {"page", root_page, "page: what is being written, on every page"},
    {"explainer", root_explainer, "explainer: on an explainer's page"},
    {"issue", root_issue, "issue: on an issue's page"},
    {"roadmap", root_roadmap, "roadmap: on a roadmap's page"},
    {"topic", root_topic, "topic: on a topic's page"},
    {"doc", root_doc, "explainer: on a page of the manual"},
    {"plain", root_plain, "explainer: on a plain page"},
    {"listing", root_listing, "listing: on a list's page"},
    {"pagination", root_pagination, "pagination: on a list's page"},
};
TYPE(root_type, "root", root_fields, NULL);

Value views_root(void) {
    static const char self;
    return value_object(&self, &root_type);
}

/* ---- all types ---- */

const Type *const view_types[] = {
    &root_type,        &site_type,      &person_type,    &logo_type,    &nav_type,
    &page_type,        &crumb_type,     &listing_type,   &year_type,    &pagination_type,
    &page_number_type, &explainer_type, &params_type,    &heading_type, &backlink_type,
    &image_type,       &date_type,      &issue_type,     &item_type,    &topic_type,
    &roadmap_type,     &phase_type,     &challenge_type, &section_type, &step_type,
    &tool_type,        &exercise_type,  &resource_type,  &term_type,
};
const ptrdiff_t view_n_types = sizeof view_types / sizeof *view_types;

/* A row's doc is "type: what it is". */
static void split_doc(const Field *field, Str *type, Str *doc) {
    str_cut(str_from(field->doc), ':', type, doc);
    *doc = str_trim(*doc);
}

static void print_type(const Type *type, Buf *out) {
    buf_printf(out, "%s\n", type->name);
    for (ptrdiff_t i = 0; i < type->n_fields; i++) {
        Str kind, doc;
        split_doc(&type->fields[i], &kind, &doc);
        buf_printf(out, "  %-17s %-13.*s %.*s\n", type->fields[i].name, STR_ARG(kind),
                   STR_ARG(doc));
    }
    if (type->open)
        buf_cstr(out, "  (names of the author's own; one that is missing is empty)\n");
}

static void print_type_json(const Type *type, JsonWriter *json) {
    json_open_object(json);
    json_key(json, "name");
    json_string(json, str_from(type->name));
    json_key(json, "open");
    json_bool(json, type->open);
    json_key(json, "fields");
    json_open_list(json);
    for (ptrdiff_t i = 0; i < type->n_fields; i++) {
        Str kind, doc;
        split_doc(&type->fields[i], &kind, &doc);
        json_open_object(json);
        json_key(json, "name");
        json_string(json, str_from(type->fields[i].name));
        json_key(json, "type");
        json_string(json, kind);
        json_key(json, "doc");
        json_string(json, doc);
        json_close_object(json);
    }
    json_close_list(json);
    json_close_object(json);
}

static bool is_wanted(const Type *type, Str name) {
    return !name.len || str_equal(name, str_from(type->name));
}

static ptrdiff_t print_json(Str name, Buf *out) {
    JsonWriter json = {.out = out};
    ptrdiff_t printed = 0;
    json_open_object(&json);
    json_key(&json, "types");
    json_open_list(&json);
    for (ptrdiff_t i = 0; i < view_n_types; i++) {
        if (is_wanted(view_types[i], name)) {
            print_type_json(view_types[i], &json);
            printed++;
        }
    }
    json_close_list(&json);
    json_close_object(&json);
    buf_char(out, '\n');
    return printed;
}

static ptrdiff_t print_text(Str name, Buf *out) {
    ptrdiff_t printed = 0;
    for (ptrdiff_t i = 0; i < view_n_types; i++) {
        if (!is_wanted(view_types[i], name))
            continue;
        if (printed++)
            buf_char(out, '\n');
        print_type(view_types[i], out);
    }
    return printed;
}

bool vars_print(Str name, bool json, Buf *out) {
    ptrdiff_t before = out->len;
    bool known = (json ? print_json(name, out) : print_text(name, out)) > 0;
    if (!known)
        out->len = before;
    return known;
}
