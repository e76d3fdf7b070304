/* The bump allocator under a parse: see region.h.
 *
 * Every object has its size in eight bytes before it, since realloc must know what to
 * copy. The newest object grows and is freed in place, which is what the parser's string
 * buffers mostly ask for; other frees are forgotten. Free lists by size were tried and
 * saved no time on real pages.
 *
 * A thread keeps its regions with their first chunk, so that a page of usual size asks
 * the system for nothing. Under the address sanitiser everything between the objects is
 * poisoned: an overrun in the parser or in the tree is seen although it stays in the
 * chunk. */
#include "text/region.h"

#include "base/arena.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define REGION_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define REGION_ASAN 1
#endif
#endif
#ifdef REGION_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#define UNCHECKED __attribute__((no_sanitize("address")))
#else
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#define UNCHECKED
#endif

enum { CHUNK_FIRST = 256 << 10, CHUNK_MAX = 16 << 20, HEADER = sizeof(size_t) };

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *older;
    size_t size; /* bytes behind this header */
};

struct Region {
    Chunk *chunks; /* newest first */
    char *next, *end;
    char *newest; /* the last object given out, or NULL */
    size_t total, max;
    jmp_buf *escape;
    Region *spare; /* the next of the thread's spare regions */
};

static _Thread_local Region *spares, *used;
static _Thread_local bool registered;
static pthread_key_t thread_key;
static pthread_once_t thread_once = PTHREAD_ONCE_INIT;

static void start_chunk(Region *region) {
    region->next = (char *)(region->chunks + 1);
    region->end = region->next + region->chunks->size;
    region->newest = NULL;
    POISON(region->next, region->chunks->size);
}

static void free_chunk(Chunk *chunk) {
    UNPOISON(chunk + 1, chunk->size);
    free(chunk);
}

static void add_chunk(Region *region, size_t needed) {
    size_t size = region->chunks ? region->chunks->size * 2 : CHUNK_FIRST;
    if (size > CHUNK_MAX)
        size = CHUNK_MAX;
    if (region->escape && size > region->max - region->total)
        size = region->max - region->total;
    if (size < needed) {
        if (region->escape && needed > region->max - region->total)
            longjmp(*region->escape, 1);
        size = needed;
    }
    Chunk *chunk = memory_resize(NULL, (ptrdiff_t)(sizeof *chunk + size));
    *chunk = (Chunk){.older = region->chunks, .size = size};
    region->chunks = chunk;
    region->total += size;
    start_chunk(region);
}

UNCHECKED static size_t object_size(const char *object) {
    size_t size;
    const char *from = object - HEADER;
    for (size_t i = 0; i < HEADER; i++)
        ((char *)&size)[i] = from[i];
    return size;
}

static size_t rounded(size_t size) { return (size + 7) & ~(size_t)7; }

static char *take(Region *region, size_t size) {
    size_t needed = rounded(size) + HEADER;
    if ((size_t)(region->end - region->next) < needed)
        add_chunk(region, needed);
    char *object = region->next + HEADER;
    UNPOISON(object - HEADER, HEADER + size);
    memcpy(object - HEADER, &size, HEADER);
    POISON(object - HEADER, HEADER);
    region->next += needed;
    region->newest = object;
    return object;
}

static void *resize(Region *region, char *object, size_t size) {
    size_t before = object_size(object);
    if (object == region->newest && (size_t)(region->end - object) >= rounded(size)) {
        region->next = object; /* as if it had not been given out */
        POISON(object, before);
        region->next -= HEADER;
        return take(region, size);
    }
    char *moved = take(region, size);
    memcpy(moved, object, before < size ? before : size);
    POISON(object, before);
    return moved;
}

void *region_alloc(Region *region, ptrdiff_t size) {
    return memset(take(region, (size_t)size), 0, (size_t)size);
}

void *region_grow(Region *region, void *items, ptrdiff_t size, ptrdiff_t n,
                  ptrdiff_t *cap) {
    if (n < *cap)
        return items;
    *cap = *cap ? *cap * 2 : 16;
    size_t bytes = (size_t)(*cap * size);
    return items ? resize(region, items, bytes) : take(region, bytes);
}

static void *mem_calloc(size_t n, size_t size) {
    return memset(take(used, n * size), 0, n * size);
}

static void *mem_realloc(void *object, size_t size) {
    return object ? resize(used, object, size) : take(used, size);
}

static void mem_free(void *object) {
    if (!object)
        return;
    POISON(object, object_size(object));
    if (object == used->newest) {
        used->next = used->newest - HEADER;
        used->newest = NULL;
    }
}

cmark_mem region_mem = {mem_calloc, mem_realloc, mem_free};

void region_use(Region *region) { used = region; }

void region_set_escape(Region *region, jmp_buf *escape) { region->escape = escape; }

static void free_spares(void *first) {
    (void)first;
    while (spares) {
        Region *region = spares;
        spares = region->spare;
        while (region->chunks) {
            Chunk *older = region->chunks->older;
            free_chunk(region->chunks);
            region->chunks = older;
        }
        free(region);
    }
}

static void make_key(void) { pthread_key_create(&thread_key, free_spares); }

Region *region_take(ptrdiff_t max) {
    Region *region = spares;
    if (region) {
        spares = region->spare;
    } else {
        region = memory_resize(NULL, (ptrdiff_t)sizeof *region);
        *region = (Region){0};
        add_chunk(region, CHUNK_FIRST);
    }
    region->max = (size_t)max;
    region->escape = NULL;
    return region;
}

void region_give_back(Region *region) {
    while (region->chunks->older) {
        Chunk *older = region->chunks->older;
        free_chunk(region->chunks);
        region->chunks = older;
    }
    region->total = region->chunks->size;
    start_chunk(region);
    region->spare = spares;
    spares = region;
    if (!registered) {
        pthread_once(&thread_once, make_key);
        pthread_setspecific(thread_key, region);
        registered = true;
    }
}
