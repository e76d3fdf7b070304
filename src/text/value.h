/* Value: what a template can see.
 *
 * The context of a template is lazy. An object is a pointer with a Type, and a Type is a
 * table of {name, getter, doc} rows: a getter runs only when a template asks for its
 * name. The same rows print `cairn vars`, feed the manual's reference tables, and make
 * "unknown name 'titel', did you mean 'title'?" possible. Trees read from YAML or JSON
 * are objects too, of a Type whose names are not known in advance (value_of_node).
 *
 * Values are small and passed by value. What they point to lives in the model or in the
 * render's scratch arena. */
#pragma once

#include "base/arena.h"
#include "base/node.h"

typedef enum ValueKind {
    VALUE_UNKNOWN, /* the type has no such name: an error in a strict template */
    VALUE_ABSENT,  /* the name is known and has no value: empty and falsy */
    VALUE_BOOL,
    VALUE_INT,
    VALUE_NUMBER, /* a float; `text` is how it is shown */
    VALUE_TEXT,   /* plain text, escaped by {{name}} */
    VALUE_HTML, /* finished HTML of our own making, not escaped by {{{name}}} or {{name}}
                 */
    VALUE_LIST,
    VALUE_OBJECT,
} ValueKind;

typedef struct Type Type;
typedef struct ListType ListType;
typedef struct Value Value;

/* What getters may use: the arena of this render, and whatever the caller gave. */
typedef struct RenderEnv {
    Arena *scratch;   /* reset by the caller after a page */
    const void *user; /* for out/: the site and the page that is being written */
    int64_t work; /* counted by look-ups that take long; bounds a render, which sets it */
    bool varies;  /* set by a getter whose value may be another in the next render: see
                     PartialMemo in mustache.h */
} RenderEnv;

struct Value {
    ValueKind kind;
    union {
        bool boolean;
        int64_t integer;
        Str text; /* TEXT, HTML, NUMBER */
        struct {
            const void *self;
            const Type *type;
        } object;
        struct {
            const void *self;
            const ListType *type;
            ptrdiff_t n;
        } list;
    };
};

typedef Value FieldGetter(const void *self, RenderEnv *env);

typedef struct Field {
    const char *name;
    FieldGetter *get;
    const char *doc; /* one line for `cairn vars` and the manual */
} Field;

/* Types are static: one address always means the same rows (an index of them is made at
 * the first look-up and kept). Rows must have different names. */
struct Type {
    const char *name;
    const Field *fields; /* n_fields rows */
    ptrdiff_t n_fields;
    /* Where names are not known in advance: looked up after the fields; may be NULL.
     * Returns VALUE_UNKNOWN for a name that is not there. */
    Value (*lookup)(const void *self, Str name, RenderEnv *env);
    /* How {{.}} shows an object of this type; NULL: not at all. */
    Value (*self_text)(const void *self, RenderEnv *env);
    /* The names are the author's own (params, data): one that is missing is no mistake,
     * so that a strict template may ask for it. Trees of nodes are open. */
    bool open;
};

/* A list offers `count` to dotted names (`explainers.count`). A section over a list
 * offers these names of its own, found after the item's and before those of outer
 * contexts: `first` and `last` (booleans), `index` (from 0), `number` (from 1), `odd` (is
 * the number odd). */
struct ListType {
    Value (*item)(const void *self, ptrdiff_t index, RenderEnv *env);
    /* For lists whose items are cheap to reach only in order; may be NULL. *cursor starts
     * as the list's self; returns the item there and moves on. Called at most n times. */
    Value (*next)(const void **cursor, RenderEnv *env);
};

/* The row that a name was found as the last time; zeroed: none. It is kept beside a name
 * that is looked up again and again. Since a row has one name and belongs to its type, a
 * row that lies among the type's own rows is the answer, whoever found it: any number of
 * threads share one hint. */
typedef _Atomic(const Field *) FieldHint;

/* A name with its hash, which a compiled template computes once. */
typedef struct Name {
    Str text;
    uint64_t hash;
} Name;
Name name_make(Str text);

Value value_absent(void);
Value value_bool(bool b);
Value value_int(int64_t i);
Value value_text(Str s);                                /* absent when empty */
Value value_html(Str s);                                /* absent when empty */
Value value_object(const void *self, const Type *type); /* absent when self is NULL */
Value value_list(const void *self, ptrdiff_t n, const ListType *type);
Value value_of_node(const Node *node); /* absent for NULL; lists and maps are lazy */

/* Mustache's truth: false, absent, unknown, empty lists are false; everything else, also
 * 0 and the empty text, follows the specification ("sections": non-false values). An
 * empty TEXT made by value_text is ABSENT and so is false. */
bool value_is_true(Value value);

/* The name in an object: its fields by hash, then its lookup; `count` of a list;
 * VALUE_UNKNOWN for anything else. Any number of threads at once. */
Value value_get(Value value, Str name, RenderEnv *env);
Value value_get_name(Value value, const Name *name, RenderEnv *env);

/* The same where `hint` belongs to this name alone. */
Value value_get_hinted(const Value *value, const Name *name, FieldHint *hint,
                       RenderEnv *env);

/* The nearest known name of a type, for hints; empty if there is none near. */
Str type_nearest(const Type *type, Str name);

/* "text", "a list", "an object" … for messages. */
const char *value_kind_name(ValueKind kind);
