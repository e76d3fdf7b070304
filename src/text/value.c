/* Values: see value.h.
 *
 * A field is found by hash. A Type is a constant table in the program's read-only memory,
 * so its index stands elsewhere: a fixed table of pointers, keyed by the Type's address,
 * filled at the first look-up by compare-and-swap. Two threads may build the same index;
 * one of them throws its own away. Readers take no lock, and no start-up code has to know
 * all types. (Rejected: a linear scan, which costs 0.3 s on 10,000 pages of 100 tags;
 * hashes written beside the rows, which somebody would have to keep right.) Indexes live
 * until the program ends: there are as many as types.
 *
 * A compiled template keeps a hint beside each name, the row found last: most tags meet
 * one type only and then need no hash. */
#include "text/value.h"

#include "base/hash.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct IndexSlot {
    uint64_t hash;
    Str name;
    const Field *field; /* NULL: free */
} IndexSlot;

typedef struct TypeIndex {
    const Type *type;
    ptrdiff_t mask; /* slots - 1, a power of two of at least twice the fields */
    IndexSlot slots[];
} TypeIndex;

enum { INDEXES = 512, INDEX_PROBES = 16 };
static _Atomic(TypeIndex *) indexes[INDEXES];

Name name_make(Str text) { return (Name){text, hash_64(text)}; }

static void index_add(TypeIndex *index, const Field *field) {
    Name name = name_make(str_from(field->name));
    ptrdiff_t at = (ptrdiff_t)(name.hash & (uint64_t)index->mask);
    while (index->slots[at].field)
        at = (at + 1) & index->mask;
    index->slots[at] = (IndexSlot){name.hash, name.text, field};
}

static TypeIndex *index_make(const Type *type) {
    ptrdiff_t n = 4;
    while (n < type->n_fields * 2)
        n *= 2;
    ptrdiff_t size = (ptrdiff_t)sizeof(TypeIndex) + n * (ptrdiff_t)sizeof(IndexSlot);
    TypeIndex *index = memory_resize(NULL, size);
    memset(index, 0, (size_t)size);
    index->type = type;
    index->mask = n - 1;
    for (ptrdiff_t i = 0; i < type->n_fields; i++)
        index_add(index, &type->fields[i]);
    return index;
}

/* The index of a type; NULL when the table is too full around its place. */
static const TypeIndex *index_of(const Type *type) {
    uint64_t mixed = (uint64_t)(uintptr_t)type * 0x9E3779B97F4A7C15u;
    size_t at = (size_t)(mixed >> 32);
    for (int i = 0; i < INDEX_PROBES; i++, at++) {
        _Atomic(TypeIndex *) *place = &indexes[at % INDEXES];
        TypeIndex *found = atomic_load_explicit(place, memory_order_acquire);
        if (!found) {
            TypeIndex *made = index_make(type);
            if (atomic_compare_exchange_strong_explicit(
                    place, &found, made, memory_order_acq_rel, memory_order_acquire))
                return made;
            free(made);
        }
        if (found->type == type)
            return found;
    }
    return NULL;
}

static const Field *field_scan(const Type *type, Str name) {
    for (ptrdiff_t i = 0; i < type->n_fields; i++)
        if (str_equal(name, str_from(type->fields[i].name)))
            return &type->fields[i];
    return NULL;
}

static const Field *field_find(const Type *type, const Name *name) {
    if (type->n_fields == 0)
        return NULL;
    const TypeIndex *index = index_of(type);
    if (!index)
        return field_scan(type, name->text);
    ptrdiff_t at = (ptrdiff_t)(name->hash & (uint64_t)index->mask);
    for (; index->slots[at].field; at = (at + 1) & index->mask)
        if (index->slots[at].hash == name->hash &&
            str_equal(index->slots[at].name, name->text))
            return index->slots[at].field;
    return NULL;
}

Value value_absent(void) { return (Value){.kind = VALUE_ABSENT}; }
Value value_bool(bool b) { return (Value){.kind = VALUE_BOOL, .boolean = b}; }
Value value_int(int64_t i) { return (Value){.kind = VALUE_INT, .integer = i}; }

static Value text_or_absent(ValueKind kind, Str s) {
    return s.len ? (Value){.kind = kind, .text = s} : value_absent();
}

Value value_text(Str s) { return text_or_absent(VALUE_TEXT, s); }
Value value_html(Str s) { return text_or_absent(VALUE_HTML, s); }

Value value_object(const void *self, const Type *type) {
    if (!self)
        return value_absent();
    return (Value){.kind = VALUE_OBJECT, .object = {self, type}};
}

Value value_list(const void *self, ptrdiff_t n, const ListType *type) {
    return (Value){.kind = VALUE_LIST, .list = {self, type, n}};
}

/* A mapping's look-up goes through its entries, so it counts as work. */
static Value node_lookup(const void *self, Str name, RenderEnv *env) {
    const Node *map = self, *entry = node_get(map, name);
    env->work += map->n / 4;
    return entry ? value_of_node(entry) : (Value){.kind = VALUE_UNKNOWN};
}

static Value node_next(const void **cursor, RenderEnv *env) {
    (void)env;
    const Node *node = *cursor;
    *cursor = node->next;
    return value_of_node(node);
}

static Value node_item(const void *self, ptrdiff_t index, RenderEnv *env) {
    const Node *node = self;
    env->work += index / 4;
    while (index-- > 0)
        node = node->next;
    return value_of_node(node);
}

static const Type map_type = {.name = "mapping", .lookup = node_lookup, .open = true};
static const ListType node_list_type = {.item = node_item, .next = node_next};

Value value_of_node(const Node *node) {
    switch (node ? node->kind : NODE_NULL) {
    case NODE_NULL:
        break;
    case NODE_BOOL:
        return value_bool(node->boolean);
    case NODE_INT:
        return value_int(node->integer);
    case NODE_FLOAT:
        return text_or_absent(VALUE_NUMBER, node->text);
    case NODE_STRING:
        return value_text(node->text);
    case NODE_LIST:
        return value_list(node->child, node->n, &node_list_type);
    case NODE_MAP:
        return value_object(node, &map_type);
    }
    return value_absent();
}

bool value_is_true(Value value) {
    switch (value.kind) {
    case VALUE_UNKNOWN:
    case VALUE_ABSENT:
        return false;
    case VALUE_BOOL:
        return value.boolean;
    case VALUE_LIST:
        return value.list.n > 0;
    case VALUE_INT:
    case VALUE_NUMBER:
    case VALUE_TEXT:
    case VALUE_HTML:
    case VALUE_OBJECT:
        break;
    }
    return true;
}

/* A name that is no field's. */
static Value get_otherwise(const Value *value, const Name *name, RenderEnv *env) {
    if (value->kind == VALUE_OBJECT && value->object.type->lookup)
        return value->object.type->lookup(value->object.self, name->text, env);
    if (value->kind == VALUE_LIST && str_equal(name->text, S("count")))
        return value_int(value->list.n);
    return (Value){.kind = VALUE_UNKNOWN};
}

Value value_get_name(Value value, const Name *name, RenderEnv *env) {
    if (value.kind == VALUE_OBJECT) {
        const Field *field = field_find(value.object.type, name);
        if (field)
            return field->get(value.object.self, env);
    }
    return get_otherwise(&value, name, env);
}

/* The field of a hint, if it is one of the type's; by address, since the hint may be a
 * row of any type. */
static const Field *hinted_field(const Type *type, FieldHint *hint) {
    const Field *field = atomic_load_explicit(hint, memory_order_relaxed);
    uintptr_t offset = (uintptr_t)field - (uintptr_t)type->fields;
    return offset < (uintptr_t)type->n_fields * sizeof *field ? field : NULL;
}

/* Not inlined, so that the way of a good hint needs no frame on the stack. */
__attribute__((noinline)) static Value get_and_hint(const Value *value, const Name *name,
                                                    FieldHint *hint, RenderEnv *env) {
    if (value->kind == VALUE_OBJECT) {
        const Field *field = field_find(value->object.type, name);
        if (field) {
            atomic_store_explicit(hint, field, memory_order_relaxed);
            return field->get(value->object.self, env);
        }
    }
    return get_otherwise(value, name, env);
}

Value value_get_hinted(const Value *value, const Name *name, FieldHint *hint,
                       RenderEnv *env) {
    if (value->kind == VALUE_OBJECT) {
        const Field *field = hinted_field(value->object.type, hint);
        if (field)
            return field->get(value->object.self, env);
    }
    return get_and_hint(value, name, hint, env);
}

Value value_get(Value value, Str text, RenderEnv *env) {
    Name name = name_make(text);
    return value_get_name(value, &name, env);
}

Str type_nearest(const Type *type, Str name) {
    Nearest nearest = nearest_init(name);
    for (ptrdiff_t i = 0; i < type->n_fields; i++)
        nearest_add(&nearest, str_from(type->fields[i].name));
    return nearest.best;
}

const char *value_kind_name(ValueKind kind) {
    static const char *const names[] = {
        [VALUE_UNKNOWN] = "unknown",  [VALUE_ABSENT] = "empty",
        [VALUE_BOOL] = "a boolean",   [VALUE_INT] = "a number",
        [VALUE_NUMBER] = "a number",  [VALUE_TEXT] = "text",
        [VALUE_HTML] = "HTML",        [VALUE_LIST] = "a list",
        [VALUE_OBJECT] = "an object",
    };
    return names[kind];
}
