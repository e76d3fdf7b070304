/* Node: a value read from YAML or JSON, with the place where it stood.
 *
 * Both readers (text/yaml.h, base/json.h) make the same tree, so that schema tables,
 * template data and tests need one shape. Nodes live in the arena given to the reader. */
#pragma once

#include "base/arena.h"
#include "base/map.h"

typedef enum NodeKind {
    NODE_NULL,
    NODE_BOOL,
    NODE_INT,
    NODE_FLOAT,
    NODE_STRING,
    NODE_LIST,
    NODE_MAP,
} NodeKind;

typedef struct Node Node;
struct Node {
    NodeKind kind;
    bool quoted;          /* a scalar in quotes, or a block scalar */
    ptrdiff_t offset;     /* of the value, bytes from the start of its Source */
    ptrdiff_t n;          /* children of a list or map */
    Str text;             /* a scalar as written, after unescaping */
    Str key;              /* where this is a map's entry */
    ptrdiff_t key_offset; /* bytes */
    union {
        bool boolean;
        int64_t integer;
        double number;
    };
    Node *child; /* first item or entry, in the order written */
    Node *next;  /* the following sibling, or NULL */
};

/* The entry `key` of a map, or NULL; NULL for any other kind and for a null pointer. */
const Node *node_get(const Node *map, Str key);

/* "null", "a boolean", "an integer", "a number", "text", "a list", "a mapping". */
const char *node_kind_name(NodeKind kind);

/* For the readers: a list or mapping that is being filled. Keys of a large mapping are
 * kept in a Map, so that finding a duplicate stays cheap. */
typedef struct NodeBuilder {
    Node *node; /* NODE_LIST or NODE_MAP */
    Node *last; /* its last child */
    Map seen;   /* its keys, where there are many */
} NodeBuilder;

NodeBuilder node_builder(Node *node);

/* The entry of a mapping that has `key` already, or NULL. */
const Node *node_builder_find(const NodeBuilder *builder, Str key);

/* Appends `child`, whose key (in a mapping) is set and new. */
void node_builder_add(NodeBuilder *builder, Arena *arena, Node *child);
