/* Map: strings to pointers, open addressing, in an arena.
 *
 * Keys are borrowed and must live as long as the map. There is no removal. Iteration goes
 * in order of insertion, so that nothing depends on hash values: output stays the same. A
 * map that is no longer written may be read by any number of threads. */
#pragma once

#include "base/arena.h"

typedef struct MapEntry {
    Str key;
    void *value;
    uint64_t hash;
} MapEntry;

typedef struct Map {
    Arena *arena;
    Vec(MapEntry) entries; /* in order of insertion */
    uint32_t *slots;       /* entry index + 1, 0 is free */
    ptrdiff_t n_slots;     /* a power of two */
} Map;

/* An empty map whose memory comes from `arena`. */
Map map_init(Arena *arena);

/* Makes room for `n` entries, so that a large map does not grow step by step. */
void map_reserve(Map *map, ptrdiff_t n);

/* The value of `key`, or NULL. */
void *map_get(const Map *map, Str key);

/* The address of the value of `key`, which is added with NULL where it is missing. Valid
 * until the next map_at or map_put. */
void **map_at(Map *map, Str key);

/* Sets `key`; returns the value that it had before, or NULL. */
void *map_put(Map *map, Str key, void *value);
