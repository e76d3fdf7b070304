/* What templates see of a glossary term. */
#include "out/view.h"

static Value term_url(const void *object, RenderEnv *env) {
    const Term *self = object;
    Target target = {.kind = TARGET_URL, .url = S("/glossary/"), .anchor = self->id};
    return view_href(env, target_url(env->scratch, target));
}

static Value alias_item(const void *self, ptrdiff_t index, RenderEnv *env) {
    (void)env;
    return value_text(((const Text *)self)[index].text);
}
static const ListType alias_list = {.item = alias_item};

GETTER(Term, term_name, value_text(self->name.text))
GETTER(Term, term_id, value_text(self->id))
GETTER(Term, term_definition, view_markdown(env, self->definition, false))
GETTER(Term, term_more_url, view_given_url(env, self->url.text))
GETTER(Term, term_aliases, VALUE_OF_VEC(self->aliases, alias_list))

static const Field term_fields[] = {
    {"name", term_name, "text: the term"},
    {"id", term_id, "text: its anchor"},
    {"url", term_url, "url: its place in the glossary"},
    {"definition", term_definition, "html: what it means"},
    {"more_url", term_more_url, "url: where to read more"},
    {"aliases", term_aliases, "[text]: other forms of it"},
};
TYPE(term_type, "term", term_fields, term_name);
LIST_OF_STRUCTS(Term, term_list, term_type);
