/* base/arena: memory that is zeroed and aligned, life until reset and release, Vec. */
#include "base/arena.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>

static bool is_zero(const char *bytes, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++)
        if (bytes[i])
            return false;
    return true;
}

static void allocation(void) {
    Arena arena = {0};
    bool zero = true, aligned = true;
    for (ptrdiff_t size = 0; size < 3000; size++) {
        char *memory = arena_alloc(&arena, size);
        aligned = aligned && (uintptr_t)memory % 16 == 0;
        zero = zero && is_zero(memory, size);
        if (size)
            memset(memory, 0xAA, (size_t)size);
    }
    TAP_CHECK(zero, "memory is zeroed");
    TAP_CHECK(aligned, "memory is aligned");
    arena_reset(&arena);
    TAP_CHECK(is_zero(arena_alloc(&arena, 4000), 4000), "zeroed after a reset too");
    char *large = arena_alloc(&arena, 10 << 20);
    large[(10 << 20) - 1] = 1;
    TAP_CHECK(arena.total >= 10 << 20, "larger than a chunk");
    char *small = arena_alloc(&arena, 8);
    TAP_CHECK(is_zero(small, 8), "a small one behind it");
    arena_release(&arena);
    TAP_CHECK(arena.total == 0 && !arena.chunks, "a released arena is empty");
    TAP_CHECK(arena_alloc(&arena, 1) != NULL, "and ready");
    arena_release(&arena);
    arena_reset(&arena);
    TAP_CHECK(!arena.chunks, "reset of an empty arena");
}

static void objects_do_not_overlap(void) {
    Arena arena = {0};
    enum { N = 5000 };
    static int *objects[N];
    int wrong = 0;
    for (int i = 0; i < N; i++) {
        objects[i] = arena_array(&arena, int, 1 + i % 7);
        objects[i][i % 7] = i;
    }
    for (int i = 0; i < N; i++)
        wrong += objects[i][i % 7] != i;
    TAP_CHECK(wrong == 0, "5000 objects keep their values");
    ptrdiff_t before = arena.total;
    arena_reset(&arena);
    TAP_CHECK(arena.total <= before && arena.total > 0, "reset keeps one chunk");
    arena_release(&arena);
}

static void texts(void) {
    Arena arena = {0};
    Str copy = arena_str(&arena, (Str){"a\0b", 3});
    TAP_CHECK(copy.len == 3 && memcmp(copy.data, "a\0b", 4) == 0, "a copy and its NUL");
    TAP_CHECK(arena_str(&arena, (Str){0}).len == 0, "a copy of nothing");
    TAP_CHECK(strcmp(arena_cstr(&arena, S("xyz")), "xyz") == 0, "a C string");
    TAP_CHECK(str_equal(arena_concat(&arena, S("ab"), S("cd")), S("abcd")), "two in one");
    TAP_CHECK(str_equal(arena_concat(&arena, (Str){0}, S("x")), S("x")) &&
                  str_equal(arena_concat(&arena, S("x"), (Str){0}), S("x")) &&
                  arena_concat(&arena, (Str){0}, (Str){0}).len == 0,
              "with empty views");
    TAP_CHECK(str_equal(arena_printf(&arena, "%d-%.*s", 7, STR_ARG(S("é"))), S("7-é")),
              "printf");
    TAP_CHECK(arena_printf(&arena, "%s", "").len == 0, "printf of nothing");
    TAP_CHECK(arena_printf(&arena, "%5000d", 1).len == 5000, "printf of much");
    arena_release(&arena);
}

static void vectors(void) {
    Arena arena = {0};
    Vec(int) numbers = {0};
    int wrong = 0;
    for (int i = 0; i < 10000; i++) {
        int *pushed = vec_push(&arena, &numbers);
        wrong += *pushed != 0;
        *pushed = i;
    }
    for (int i = 0; i < 10000; i++)
        wrong += numbers.items[i] != i;
    TAP_CHECK(wrong == 0 && numbers.n == 10000, "10,000 items pushed");
    arena_release(&arena);
}

int main(void) {
    allocation();
    objects_do_not_overlap();
    texts();
    vectors();
    char *memory = memory_resize(NULL, 0);
    TAP_CHECK(memory != NULL, "memory_resize never returns null");
    memory = memory_resize(memory, 100);
    memset(memory, 1, 100);
    free(memory);
    return tap_done();
}
