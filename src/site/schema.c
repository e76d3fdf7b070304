/* Reading mappings by table: see schema.h.
 *
 * Rows are looked up in the mapping, not entries in the table, so that a key may have
 * other names (aliases) and lists under several names are joined. Mappings and tables are
 * short; the product of both stays below some hundred comparisons of lengths. */
#include "site/schema.h"

static Loc loc_of(const SchemaReader *reader, ptrdiff_t offset) {
    return (Loc){reader->source, offset};
}

static Str key_of(const Node *value) {
    return value->key.len ? value->key : S("the value");
}

void schema_wrong_type(SchemaReader *reader, const Node *value, const char *what) {
    Str key = key_of(value);
    diag_add(reader->diags, DIAG_WRONG_TYPE, loc_of(reader, value->offset),
             "'%.*s' must be %s, not %s", STR_ARG(key), what,
             node_kind_name(value->kind));
}

static bool is_scalar(const Node *value) {
    return value->kind != NODE_LIST && value->kind != NODE_MAP;
}

static Text make_text(const SchemaReader *reader, const Node *value) {
    Str text = reader->copies ? arena_str(reader->arena, value->text) : value->text;
    return (Text){.text = text, .offset = value->offset};
}

Text schema_text(SchemaReader *reader, const Node *value) {
    if (!is_scalar(value)) {
        schema_wrong_type(reader, value, "text");
        return (Text){.offset = value->offset};
    }
    return value->kind == NODE_NULL ? (Text){.offset = value->offset}
                                    : make_text(reader, value);
}

static void move_diags(DiagList *from, Loc loc, DiagList *to) {
    for (ptrdiff_t i = 0; i < from->diags.n; i++) {
        const Diag *old = &from->diags.items[i];
        Diag *diag = diag_add(to, old->code, loc, "%.*s", STR_ARG(old->message));
        if (old->hint.len)
            diag_hint(to, diag, "%.*s", STR_ARG(old->hint));
    }
    diag_list_release(from);
}

static bool may_have_links(Str s) {
    return str_find_char(s, '[') >= 0 || str_find_char(s, '<') >= 0 ||
           str_find(s, S(":::")) >= 0 || str_find(s, S("://")) >= 0 ||
           str_find(s, S("www.")) >= 0 || str_find_char(s, '@') >= 0;
}

Text schema_markdown(SchemaReader *reader, const Node *value) {
    Text text = schema_text(reader, value);
    if (!may_have_links(text.text))
        return text;
    Source source = {reader->source->path, text.text};
    DiagList diags = {0};
    Doc *doc = doc_parse(&source, 0, text.text.len, (MarkdownOptions){0}, &diags);
    move_diags(&diags, (Loc){reader->source, text.offset}, reader->diags);
    if (!doc)
        return text;
    DocOutline outline;
    doc_outline(doc, (BodyOptions){.range = doc_all(doc)}, reader->arena, &outline);
    doc_free(doc);
    if (outline.n_links) {
        text.links = arena_new(reader->arena, TextLinks);
        *text.links = (TextLinks){.links = outline.links, .n = outline.n_links};
        *vec_push(reader->arena, reader->linked) = text;
    }
    return text;
}

static void read_texts(SchemaReader *reader, const Node *value, Texts *out) {
    if (is_scalar(value)) {
        *vec_push(reader->arena, out) = schema_text(reader, value);
        return;
    }
    if (value->kind == NODE_MAP) {
        schema_wrong_type(reader, value, "a list of texts");
        return;
    }
    for (const Node *item = value->child; item; item = item->next) {
        if (!is_scalar(item))
            diag_add(reader->diags, DIAG_WRONG_TYPE, loc_of(reader, item->offset),
                     "an item of '%.*s' must be text, not %s", STR_ARG(value->key),
                     node_kind_name(item->kind));
        else if (item->kind != NODE_NULL)
            *vec_push(reader->arena, out) = make_text(reader, item);
    }
}

static void read_number(SchemaReader *reader, const Node *value, double *out) {
    double number = value->kind == NODE_INT ? (double)value->integer : value->number;
    if (value->kind != NODE_INT && value->kind != NODE_FLOAT)
        schema_wrong_type(reader, value, "a number");
    else if (!(number >= 0 && number <= 1e9))
        diag_add(reader->diags, DIAG_BAD_VALUE, loc_of(reader, value->offset),
                 "'%.*s' must be between 0 and 1000000000", STR_ARG(value->key));
    else
        *out = number;
}

void schema_int(SchemaReader *reader, const Node *value, int64_t *out) {
    if (value->kind != NODE_INT)
        schema_wrong_type(reader, value, "an integer");
    else if (value->integer < 0)
        diag_add(reader->diags, DIAG_BAD_VALUE, loc_of(reader, value->offset),
                 "'%.*s' must not be negative", STR_ARG(value->key));
    else
        *out = value->integer;
}

static void read_date(SchemaReader *reader, const Node *value, Date *out) {
    if (!is_scalar(value)) {
        schema_wrong_type(reader, value, "a date");
    } else if (!date_parse(value->text, out)) {
        Diag *diag = diag_add(reader->diags, DIAG_BAD_DATE, loc_of(reader, value->offset),
                              "'%.*s' is not a date", STR_ARG(value->text));
        diag_hint(reader->diags, diag, "write YYYY-MM-DD, as in 2025-04-19");
    }
}

static void read_choice(SchemaReader *reader, const Node *value, const Key *key,
                        int *out) {
    if (!is_scalar(value)) {
        schema_wrong_type(reader, value, "text");
        return;
    }
    Nearest nearest = nearest_init(value->text);
    for (int i = 1; key->choices[i]; i++) {
        Str choice = str_from(key->choices[i]);
        if (str_equal_nocase(choice, value->text)) {
            *out = i;
            return;
        }
        nearest_add(&nearest, choice);
    }
    Str name = key_of(value);
    Diag *diag =
        diag_add(reader->diags, DIAG_BAD_VALUE, loc_of(reader, value->offset),
                 "'%.*s' is not a value of '%.*s'", STR_ARG(value->text), STR_ARG(name));
    Buf list = {0};
    for (int i = 1; key->choices[i]; i++)
        buf_printf(&list, "%s%s", i > 1 ? ", " : "", key->choices[i]);
    if (nearest.best.len)
        diag_hint_nearest(reader->diags, diag, nearest.best);
    else
        diag_hint(reader->diags, diag, "it takes one of %s", buf_cstr_view(&list));
    buf_release(&list);
}

static void read_value(SchemaReader *reader, const Key *key, const Node *value,
                       void *member) {
    switch (key->type) {
    case KEY_TEXT:
        *(Text *)member = schema_text(reader, value);
        break;
    case KEY_MARKDOWN:
        *(Text *)member = schema_markdown(reader, value);
        break;
    case KEY_BOOL:
        if (value->kind == NODE_BOOL)
            *(bool *)member = value->boolean;
        else
            schema_wrong_type(reader, value, "true or false");
        break;
    case KEY_INT:
        schema_int(reader, value, member);
        break;
    case KEY_NUMBER:
        read_number(reader, value, member);
        break;
    case KEY_DATE:
        read_date(reader, value, member);
        break;
    case KEY_TEXTS:
        read_texts(reader, value, member);
        break;
    case KEY_CHOICE:
        read_choice(reader, value, key, member);
        break;
    case KEY_NODE:
        *(const Node **)member = value;
        break;
    case KEY_READ:
        key->read(reader, value, member);
        break;
    }
}

static bool is_alias(const SchemaReader *reader, Str from, Str to) {
    for (ptrdiff_t i = 0; i < reader->n_aliases; i++)
        if (str_equal(reader->aliases[i].from, from) &&
            str_equal(reader->aliases[i].to, to))
            return true;
    return false;
}

bool schema_knows(const SchemaReader *reader, const Schema *schema, Str key) {
    for (ptrdiff_t i = 0; i < schema->n_keys; i++) {
        Str name = str_from(schema->keys[i].name);
        if (str_equal(name, key) || is_alias(reader, key, name))
            return true;
    }
    return false;
}

static void report_unknown(SchemaReader *reader, const Schema *schema, const Node *node) {
    for (const Node *entry = node->child; entry; entry = entry->next) {
        if (schema_knows(reader, schema, entry->key))
            continue;
        Nearest nearest = nearest_init(entry->key);
        for (ptrdiff_t i = 0; i < schema->n_keys; i++)
            nearest_add(&nearest, str_from(schema->keys[i].name));
        Diag *diag =
            diag_add(reader->diags, DIAG_UNKNOWN_KEY, loc_of(reader, entry->key_offset),
                     "unknown key '%.*s' in %s", STR_ARG(entry->key), schema->name);
        diag_hint_nearest(reader->diags, diag, nearest.best);
    }
}

/* The entries of `node` that belong to `key`: its own name first, then its aliases. */
static void read_key(SchemaReader *reader, const Key *key, const Node *node, void *member,
                     bool *found) {
    Str name = str_from(key->name);
    for (int by_alias = 0; by_alias < (reader->n_aliases ? 2 : 1); by_alias++) {
        for (const Node *entry = node->child; entry; entry = entry->next) {
            bool belongs = by_alias ? is_alias(reader, entry->key, name)
                                    : str_equal(entry->key, name);
            if (!belongs || entry->kind == NODE_NULL ||
                (*found && key->type != KEY_TEXTS))
                continue;
            read_value(reader, key, entry, member);
            *found = true;
        }
    }
}

bool schema_read(SchemaReader *reader, const Schema *schema, const Node *node,
                 void *target) {
    ptrdiff_t before = reader->diags->diags.n;
    if (node && node->kind == NODE_NULL)
        node = NULL;
    if (node && node->kind != NODE_MAP) {
        diag_add(reader->diags, DIAG_WRONG_TYPE, loc_of(reader, node->offset),
                 "%s must be a mapping of keys to values, not %s", schema->name,
                 node_kind_name(node->kind));
        return false;
    }
    for (ptrdiff_t i = 0; i < schema->n_keys; i++) {
        const Key *key = &schema->keys[i];
        bool found = false;
        if (node)
            read_key(reader, key, node, (char *)target + key->offset, &found);
        if (!found && key->required)
            diag_add(reader->diags, DIAG_MISSING_REQUIRED,
                     loc_of(reader, node ? node->offset : 0), "%s has no '%s'",
                     schema->name, key->name);
    }
    bool clean = reader->diags->diags.n == before;
    if (node)
        report_unknown(reader, schema, node);
    return clean;
}
