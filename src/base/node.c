/* Values of YAML and JSON: see node.h. */
#include "base/node.h"

const Node *node_get(const Node *map, Str key) {
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (const Node *entry = map->child; entry; entry = entry->next)
        if (str_equal(entry->key, key))
            return entry;
    return NULL;
}

const char *node_kind_name(NodeKind kind) {
    switch (kind) {
    case NODE_NULL:
        return "null";
    case NODE_BOOL:
        return "a boolean";
    case NODE_INT:
        return "an integer";
    case NODE_FLOAT:
        return "a number";
    case NODE_STRING:
        return "text";
    case NODE_LIST:
        return "a list";
    case NODE_MAP:
        return "a mapping";
    }
    return "nothing";
}

/* Up to this many entries are compared one by one. */
enum { SEEN_FROM = 8 };

NodeBuilder node_builder(Node *node) { return (NodeBuilder){.node = node}; }

const Node *node_builder_find(const NodeBuilder *builder, Str key) {
    return builder->seen.arena ? map_get(&builder->seen, key)
                               : node_get(builder->node, key);
}

void node_builder_add(NodeBuilder *builder, Arena *arena, Node *child) {
    Node *node = builder->node;
    *(builder->last ? &builder->last->next : &node->child) = child;
    builder->last = child;
    node->n++;
    if (node->kind != NODE_MAP || node->n < SEEN_FROM)
        return;
    if (builder->seen.arena) {
        map_put(&builder->seen, child->key, child);
        return;
    }
    builder->seen = map_init(arena);
    for (Node *entry = node->child; entry; entry = entry->next)
        map_put(&builder->seen, entry->key, entry);
}
