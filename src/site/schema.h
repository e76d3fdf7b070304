/* Schema: a mapping's keys as a table, one row for each.
 *
 * The table says where a value goes in a struct, what type it must have, and what it is
 * for. The same rows read the file, give "unknown key 'tittle', did you mean 'title'?",
 * and print the manual's reference. Wrong types are errors at the value; unknown keys
 * warnings at the key. A null value counts as absent. */
#pragma once

#include "site/site.h"

typedef enum KeyType {
    KEY_TEXT,     /* Text; a number, date or boolean is taken as written */
    KEY_MARKDOWN, /* Text, whose links are taken out for the linker */
    KEY_BOOL,     /* bool */
    KEY_INT,      /* int64_t, not negative */
    KEY_NUMBER,   /* double, not negative */
    KEY_DATE,     /* Date */
    KEY_TEXTS,    /* Texts: a list of texts, or one text */
    KEY_CHOICE,   /* int: index in `choices` + base 0 */
    KEY_NODE,     /* const Node *: anything, read later */
    KEY_READ,     /* `read` does it */
} KeyType;

typedef struct Schema Schema;
typedef struct SchemaReader SchemaReader;

typedef struct Key {
    const char *name;
    KeyType type;
    ptrdiff_t offset; /* of the member in the struct */
    const char *doc;
    const char *const
        *choices; /* CHOICE: NULL-terminated; index 0 is the unset value, "" */
    void (*read)(SchemaReader *reader, const Node *value, void *member);
    bool required;
} Key;

struct Schema {
    const char *name; /* what messages call it: "front matter", "a step" */
    const Key *keys;
    ptrdiff_t n_keys;
};

/* Another name that a site gives to a key (front_matter: in site.yaml). */
typedef struct KeyAlias {
    Str from, to; /* the name in files; our name */
} KeyAlias;

struct SchemaReader {
    const Source *source;
    Arena *arena;
    DiagList *diags;
    const KeyAlias *aliases; /* n_aliases; may be NULL */
    ptrdiff_t n_aliases;
    Texts *linked; /* gets every Markdown value that has links */
    bool copies;   /* texts are copied to `arena`, since the nodes don't live long */
};

/* Reads the mapping `node` into `target` (zeroed or holding defaults). `node` may be NULL
 * or null: then only missing required keys are reported. False if anything was an error.
 */
bool schema_read(SchemaReader *reader, const Schema *schema, const Node *node,
                 void *target);

/* The value as Text; an error and an empty Text where it is a list or mapping. */
Text schema_text(SchemaReader *reader, const Node *value);

/* The value into *out; an error, and *out as it was, where it is no integer or negative.
 */
void schema_int(SchemaReader *reader, const Node *value, int64_t *out);

/* The same for Markdown: parsed once for its links, which the linker resolves. Messages
 * about the text point to its start, as YAML may have folded or unescaped it. */
Text schema_markdown(SchemaReader *reader, const Node *value);

/* Adds wrong_type at `value`: "'key' must be WHAT, not a list". */
void schema_wrong_type(SchemaReader *reader, const Node *value, const char *what);

/* True if `key` is a known key or alias of the schema. */
bool schema_knows(const SchemaReader *reader, const Schema *schema, Str key);

/* How the manual calls a key's type: "text", "a list of texts", "true or false" … */
const char *key_type_name(KeyType type);

/* All schemas, in the order of the manual, with the file or key that has such a mapping.
 */
typedef struct SchemaInfo {
    const char *where;
    const Schema *schema;
} SchemaInfo;
extern const SchemaInfo schema_infos[];
extern const ptrdiff_t schema_n_infos;

extern const Schema settings_schema, person_schema, nav_schema, output_schema,
    limit_schema;
extern const Schema front_matter_schema, issue_schema, term_schema;
extern const Schema roadmap_schema, phase_schema, step_schema, tool_schema,
    exercise_schema, resource_schema, challenge_schema, section_schema;
