/* The glossary: content/glossary.yaml to Site.terms (CONTENT.md, "Glossary").
 *
 * It is read before the pages and linked with them. Its terms stand on one page,
 * /glossary/, each at an anchor made from its name. */
#include "site/link.h"

#include "text/unicode.h"
#include "text/yaml.h"

static const Key term_keys[] = {
    {.name = "term",
     .type = KEY_TEXT,
     .offset = offsetof(Term, name),
     .required = true,
     .doc = "The term."},
    {.name = "aliases",
     .type = KEY_TEXTS,
     .offset = offsetof(Term, aliases),
     .doc = "Other forms of it."},
    {.name = "definition",
     .type = KEY_MARKDOWN,
     .offset = offsetof(Term, definition),
     .required = true,
     .doc = "What it means."},
    {.name = "url",
     .type = KEY_TEXT,
     .offset = offsetof(Term, url),
     .doc = "Where to read more."},
};
const Schema term_schema = {"a term", term_keys, sizeof term_keys / sizeof *term_keys};

/* A mapping of term to definition, or `terms:` with a list. */
static void read_terms(Site *site, const Source *source, const Node *root) {
    SchemaReader reader = {.source = source,
                           .arena = &site->arena,
                           .diags = link_diags(site),
                           .linked = &site->linked_terms};
    const Node *list = node_get(root, S("terms"));
    if (root->kind != NODE_MAP) {
        schema_wrong_type(&reader, root, "a mapping of terms to definitions");
        return;
    }
    if (list && list->kind == NODE_LIST) {
        for (const Node *item = list->child; item; item = item->next) {
            Term term = {.source = source};
            if (schema_read(&reader, &term_schema, item, &term))
                *vec_push(&site->arena, &site->terms) = term;
        }
        return;
    }
    for (const Node *entry = root->child; entry; entry = entry->next)
        *vec_push(&site->arena, &site->terms) =
            (Term){.source = source,
                   .name = {.text = entry->key, .offset = entry->key_offset},
                   .definition = schema_markdown(&reader, entry)};
}

void link_glossary(Site *site, const Source *source) {
    const Node *root = yaml_read(source, 0, source->text.len, yaml_file_limits,
                                 &site->arena, link_diags(site));
    if (root)
        read_terms(site, source, root);
}

void link_terms(Site *site) {
    Map ids = map_init(&site->arena);
    for (ptrdiff_t i = 0; i < site->terms.n; i++) {
        Term *term = &site->terms.items[i];
        term->id = slug_make(&site->arena, term->name.text);
        const Term *before = map_put(&ids, term->id, term);
        if (before)
            diag_add(link_diags(site), DIAG_URL_COLLISION,
                     (Loc){term->source, term->name.offset},
                     "the terms '%.*s' and '%.*s' have one anchor",
                     STR_ARG(before->name.text), STR_ARG(term->name.text));
    }
    if (site->terms.n)
        link_resolve_texts(site, site->terms.items[0].source, S("/glossary/"),
                           &site->linked_terms);
}
