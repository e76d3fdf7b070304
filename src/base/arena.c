/* Arenas: see arena.h. Chunks double from 4 KB to 1 MB, so that a small arena is small
 * and a large one asks the system rarely. */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16, CHUNK_FIRST = 4096, CHUNK_MAX = 1 << 20 };

struct ArenaChunk {
    ArenaChunk *older;
    ptrdiff_t size; /* bytes behind this header */
};

_Static_assert(sizeof(ArenaChunk) % ALIGNMENT == 0, "chunk data must stay aligned");

static _Noreturn void out_of_memory(void) {
    fputs("cairn: error: out of memory\n", stderr);
    _Exit(2);
}

void *memory_resize(void *old, ptrdiff_t size) {
    void *memory = size >= 0 ? realloc(old, (size_t)size + !size) : NULL;
    if (!memory)
        out_of_memory();
    return memory;
}

static void add_chunk(Arena *arena, ptrdiff_t needed) {
    ptrdiff_t size = arena->chunks ? arena->chunks->size * 2 : CHUNK_FIRST;
    if (size > CHUNK_MAX)
        size = CHUNK_MAX;
    if (size < needed)
        size = needed;
    ArenaChunk *chunk = memory_resize(NULL, (ptrdiff_t)sizeof *chunk + size);
    *chunk = (ArenaChunk){.older = arena->chunks, .size = size};
    arena->chunks = chunk;
    arena->next = (char *)(chunk + 1);
    arena->end = arena->next + size;
    arena->total += size;
}

/* `size` bytes, not cleared. Texts follow each other without padding: there are more of
 * them than of anything else. */
static char *take(Arena *arena, ptrdiff_t size, ptrdiff_t alignment) {
    if (size < 0 || size > PTRDIFF_MAX / 2)
        out_of_memory();
    ptrdiff_t padding = (ptrdiff_t)(-(uintptr_t)arena->next & (uintptr_t)(alignment - 1));
    if (arena->end - arena->next < size + padding) {
        add_chunk(arena, size);
        padding = 0;
    }
    if (size == 0) /* an empty arena's address cannot be added to */
        return arena->next;
    char *memory = arena->next + padding;
    arena->next = memory + size;
    return memory;
}

void *arena_alloc(Arena *arena, ptrdiff_t size) {
    char *memory = take(arena, size, ALIGNMENT);
    return size ? memset(memory, 0, (size_t)size) : memory;
}

void *arena_alloc_array(Arena *arena, ptrdiff_t size, ptrdiff_t n) {
    ptrdiff_t bytes;
    if (n < 0 || __builtin_mul_overflow(size, n, &bytes))
        out_of_memory();
    return arena_alloc(arena, bytes);
}

char *arena_cstr(Arena *arena, Str s) {
    char *copy = take(arena, s.len + 1, 1);
    if (s.len)
        memcpy(copy, s.data, (size_t)s.len);
    copy[s.len] = '\0';
    return copy;
}

Str arena_str(Arena *arena, Str s) {
    return s.len ? (Str){arena_cstr(arena, s), s.len} : S("");
}

Str arena_concat(Arena *arena, Str a, Str b) {
    char *copy = take(arena, a.len + b.len + 1, 1);
    if (a.len)
        memcpy(copy, a.data, (size_t)a.len);
    if (b.len)
        memcpy(copy + a.len, b.data, (size_t)b.len);
    copy[a.len + b.len] = '\0';
    return (Str){copy, a.len + b.len};
}

Str arena_vprintf(Arena *arena, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = take(arena, len < 0 ? 1 : (ptrdiff_t)len + 1, 1);
    text[0] = '\0';
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (Str){text, len < 0 ? 0 : len};
}

Str arena_printf(Arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    Str text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

static void release_chunks(ArenaChunk *chunk) {
    while (chunk) {
        ArenaChunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
}

void arena_reset(Arena *arena) {
    ArenaChunk *kept = arena->chunks;
    if (!kept)
        return;
    release_chunks(kept->older);
    kept->older = NULL;
    arena->next = (char *)(kept + 1);
    arena->end = arena->next + kept->size;
    arena->total = kept->size;
}

void arena_release(Arena *arena) {
    release_chunks(arena->chunks);
    *arena = (Arena){0};
}

void *vec_grow(Arena *arena, void *items, ptrdiff_t size, ptrdiff_t n, ptrdiff_t *cap) {
    ptrdiff_t larger = *cap ? *cap * 2 : 4;
    void *moved = arena_alloc_array(arena, size, larger);
    if (n)
        memcpy(moved, items, (size_t)(size * n));
    *cap = larger;
    return moved;
}
