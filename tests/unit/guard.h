/* Inputs that end at a protected page: one byte read behind them kills the test, also
 * without a sanitiser. */
#ifndef CAIRN_TESTS_GUARD_H
#define CAIRN_TESTS_GUARD_H

#include "base/str.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { GUARD_MAX = 1 << 20, GUARD_PAGE = 1 << 16 };

/* A copy of `s` (at most GUARD_MAX bytes) right before a protected page. Valid until the
 * next call. */
static inline Str guard_str(Str s) {
    static char *end;
    if (!end) {
        char *pages = mmap(NULL, GUARD_MAX + GUARD_PAGE, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED ||
            mprotect(pages + GUARD_MAX, GUARD_PAGE, PROT_NONE) != 0)
            abort();
        end = pages + GUARD_MAX;
    }
    if (s.len > GUARD_MAX)
        abort();
    char *copy = end - s.len;
    if (s.len)
        memcpy(copy, s.data, (size_t)s.len);
    return (Str){copy, s.len};
}

#endif
