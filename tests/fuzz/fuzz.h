/* What fuzz targets share. Each target is LLVMFuzzerTestOneInput for one reader of
 * untrusted bytes; it checks what the reader promises beyond not crashing. Seeds are in
 * corpus/NAME for NAME_fuzz.c. */
#ifndef CAIRN_TESTS_FUZZ_H
#define CAIRN_TESTS_FUZZ_H

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline Str fuzz_input(const uint8_t *data, size_t size) {
    return (Str){size ? (const char *)data : NULL, (ptrdiff_t)size};
}

/* An assertion that stays in every build. */
#define FUZZ_CHECK(cond) ((cond) ? (void)0 : fuzz_fail(#cond, __FILE__, __LINE__))

static inline _Noreturn void fuzz_fail(const char *cond, const char *file, int line) {
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, cond);
    abort();
}

#endif
