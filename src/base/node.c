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
    case NODE_NULL: return "null";
    case NODE_BOOL: return "a boolean";
    case NODE_INT: return "an integer";
    case NODE_FLOAT: return "a number";
    case NODE_STRING: return "text";
    case NODE_LIST: return "a list";
    case NODE_MAP: return "a mapping";
    }
    return "nothing";
}
