/* Strings to pointers: see map.h. At most three quarters of the slots are taken. */
#include "base/map.h"

#include "base/hash.h"

#include <string.h>

Map map_init(Arena *arena) { return (Map){.arena = arena}; }

static uint32_t *find_slot(const Map *map, Str key, uint64_t hash) {
    size_t mask = (size_t)map->n_slots - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &map->slots[i];
        if (*slot == 0)
            return slot;
        const MapEntry *entry = &map->entries.items[*slot - 1];
        if (entry->hash == hash && str_equal(entry->key, key))
            return slot;
    }
}

void *map_get(const Map *map, Str key) {
    if (map->n_slots == 0)
        return NULL;
    uint32_t slot = *find_slot(map, key, hash_64(key));
    return slot ? map->entries.items[slot - 1].value : NULL;
}

static void resize(Map *map, ptrdiff_t n_slots) {
    map->n_slots = n_slots;
    map->slots = arena_array(map->arena, uint32_t, map->n_slots);
    size_t mask = (size_t)map->n_slots - 1;
    for (ptrdiff_t e = 0; e < map->entries.n; e++) {
        size_t i = (size_t)map->entries.items[e].hash & mask;
        while (map->slots[i])
            i = (i + 1) & mask;
        map->slots[i] = (uint32_t)e + 1;
    }
}

void map_reserve(Map *map, ptrdiff_t n) {
    ptrdiff_t n_slots = 16;
    while (n > n_slots / 4 * 3)
        n_slots *= 2;
    if (n_slots > map->n_slots)
        resize(map, n_slots);
    if (n <= map->entries.cap)
        return;
    MapEntry *entries = arena_array(map->arena, MapEntry, n);
    if (map->entries.n)
        memcpy(entries, map->entries.items, (size_t)map->entries.n * sizeof *entries);
    map->entries.items = entries;
    map->entries.cap = n;
}

void **map_at(Map *map, Str key) {
    if (map->entries.n + 1 > map->n_slots / 4 * 3)
        resize(map, map->n_slots ? map->n_slots * 2 : 16);
    uint64_t hash = hash_64(key);
    uint32_t *slot = find_slot(map, key, hash);
    if (*slot == 0) {
        *vec_push(map->arena, &map->entries) = (MapEntry){.key = key, .hash = hash};
        *slot = (uint32_t)map->entries.n;
    }
    return &map->entries.items[*slot - 1].value;
}

void *map_put(Map *map, Str key, void *value) {
    void **place = map_at(map, key);
    void *before = *place;
    *place = value;
    return before;
}
