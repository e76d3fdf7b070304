/* Arenas: a region of memory for each lifetime.
 *
 * Everything that lives equally long is allocated from one Arena and released at once:
 * the model for the whole build, a worker's scratch for one page. There is no free for a
 * single object. An Arena belongs to one thread at a time. A zeroed Arena is empty and
 * ready. Running out of memory ends the program with exit status 2 and a message: no
 * caller has to look at a null pointer. */
#pragma once

#include "base/str.h"

#include <stdarg.h>

typedef struct ArenaChunk ArenaChunk;

typedef struct Arena {
    ArenaChunk *chunks; /* newest first */
    char *next, *end;   /* free space of the newest chunk */
    ptrdiff_t total;    /* bytes held from the system */
} Arena;

/* Zeroed memory of `size` bytes, aligned for any type; valid until reset or release. */
void *arena_alloc(Arena *arena, ptrdiff_t size);

#define arena_new(arena, T) ((T *)arena_alloc((arena), (ptrdiff_t)sizeof(T)))
#define arena_array(arena, T, n)                                                         \
    ((T *)arena_alloc_array((arena), (ptrdiff_t)sizeof(T), (n)))
void *arena_alloc_array(Arena *arena, ptrdiff_t size, ptrdiff_t n);

/* A copy of `s` (with a NUL behind it that is not counted). */
Str arena_str(Arena *arena, Str s);

/* The same as a C string; a NUL inside `s` ends it early for its readers. */
char *arena_cstr(Arena *arena, Str s);

/* a followed by b. */
Str arena_concat(Arena *arena, Str a, Str b);

Str arena_printf(Arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
Str arena_vprintf(Arena *arena, const char *format, va_list args);

/* Forgets all objects; keeps one chunk for the next use. */
void arena_reset(Arena *arena);

/* Gives everything back; the Arena is empty and ready again. */
void arena_release(Arena *arena);

/* A growing array whose items live in an arena. Items move when it grows: keep indexes,
 * or pointers only when it is complete. */
#define Vec(T)                                                                           \
    struct {                                                                             \
        T *items;                                                                        \
        ptrdiff_t n, cap;                                                                \
    }

/* Appends a zeroed item and returns its address. */
#define vec_push(arena, vec)                                                             \
    ((vec)->n == (vec)->cap                                                              \
         ? (void)((vec)->items =                                                         \
                      vec_grow((arena), (vec)->items, (ptrdiff_t)sizeof *(vec)->items,   \
                               (vec)->n, &(vec)->cap))                                   \
         : (void)0,                                                                      \
     &(vec)->items[(vec)->n++])

void *vec_grow(Arena *arena, void *items, ptrdiff_t size, ptrdiff_t n, ptrdiff_t *cap);

/* For allocations outside arenas: as malloc and realloc, but never null. */
void *memory_resize(void *old, ptrdiff_t size);
