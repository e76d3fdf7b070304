/* base/map and base/node: look-ups, order of insertion, growth. */
#include "base/map.h"

#include "base/node.h"
#include "tap.h"

static void small(void) {
    Arena arena = {0};
    Map map = map_init(&arena);
    int one = 1, two = 2;
    TAP_CHECK(!map_get(&map, S("a")), "an empty map");
    TAP_CHECK(map_put(&map, S("a"), &one) == NULL, "put a new key");
    TAP_CHECK(map_get(&map, S("a")) == &one, "get it");
    TAP_CHECK(map_put(&map, S("a"), &two) == &one, "put it again: the old value");
    TAP_CHECK(map_get(&map, S("a")) == &two && map.entries.n == 1, "replaced");
    TAP_CHECK(!map_get(&map, S("A")) && !map_get(&map, S("ab")), "other keys");
    TAP_CHECK(*map_at(&map, S("")) == NULL, "map_at adds a key with NULL");
    *map_at(&map, (Str){0}) = &one;
    TAP_CHECK(map_get(&map, S("")) == &one && map.entries.n == 2, "the empty key");
    map_put(&map, (Str){"a\0b", 3}, &one);
    TAP_CHECK(map_get(&map, (Str){"a\0b", 3}) && !map_get(&map, (Str){"a\0c", 3}),
              "a NUL in a key");
    arena_release(&arena);
}

static void large(void) {
    Arena arena = {0};
    Map map = map_init(&arena);
    enum { N = 100000 };
    int *values = arena_array(&arena, int, N);
    for (int i = 0; i < N; i++)
        map_put(&map, arena_printf(&arena, "key %d", i), &values[i]);
    int wrong = map.entries.n != N;
    for (int i = 0; i < N; i++) {
        wrong += map_get(&map, arena_printf(&arena, "key %d", i)) != &values[i];
        wrong += map.entries.items[i].value != &values[i];
    }
    TAP_CHECK(wrong == 0, "%d keys are found, in order of insertion", N);
    TAP_CHECK(!map_get(&map, S("key 100000")), "one that is not there");
    TAP_CHECK(map.entries.n <= map.n_slots / 4 * 3, "a quarter of the slots is free");
    arena_release(&arena);
}

static void nodes(void) {
    Node map = {.kind = NODE_MAP}, list = {.kind = NODE_LIST}, first = {.key = S("a")};
    Arena arena = {0};
    NodeBuilder builder = node_builder(&map);
    TAP_CHECK(!node_builder_find(&builder, S("a")), "nothing in an empty mapping");
    node_builder_add(&builder, &arena, &first);
    TAP_CHECK(node_builder_find(&builder, S("a")) == &first, "found in a small one");
    for (int i = 0; i < 20; i++) {
        Node *node = arena_new(&arena, Node);
        node->key = arena_printf(&arena, "k%d", i);
        node_builder_add(&builder, &arena, node);
        TAP_CHECK(node_builder_find(&builder, node->key) == node &&
                      node_builder_find(&builder, S("a")) == &first &&
                      !node_builder_find(&builder, S("k99")),
                  "found in one of %td", map.n);
    }
    TAP_CHECK(node_get(&map, S("k19")) && !node_get(&map, S("k20")), "node_get");
    TAP_CHECK(!node_get(&list, S("a")) && !node_get(NULL, S("a")), "of no mapping");
    TAP_CHECK(str_equal(str_from(node_kind_name(NODE_MAP)), S("a mapping")),
              "kind names");
    arena_release(&arena);
}

int main(void) {
    small();
    large();
    nodes();
    return tap_done();
}
