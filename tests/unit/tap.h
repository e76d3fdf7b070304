// Unit tests that print TAP: one line a check, the plan at the end.
//
//     int main(void) {
//         TAP_CHECK(str_eq(a, b), "equal strings");
//         if (!linux_5_6()) tap_skip("needs openat2");
//         return tap_done();
//     }
//
// A program that dies before tap_done has printed no plan, which the runner counts as
// a failure: a test can end early only by failing.
#ifndef CAIRN_TESTS_TAP_H
#define CAIRN_TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_run, tap_failed;

// One check. `format` names it, in the manner of printf; on failure the place and the
// condition follow as a diagnostic. Returns `ok`, so that more can be printed.
#define TAP_CHECK(cond, ...) tap_check((cond), #cond, __FILE__, __LINE__, __VA_ARGS__)

__attribute__((format(printf, 5, 6))) static inline bool
tap_check(bool ok, const char *cond, const char *file, int line, const char *format,
          ...) {
    va_list args;
    va_start(args, format);
    printf("%sok %d - ", ok ? "" : "not ", ++tap_run);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    if (!ok) {
        tap_failed++;
        printf("#   %s:%d: %s\n", file, line, cond);
    }
    fflush(stdout);
    return ok;
}

// A diagnostic line; belongs to the check before it.
#define tap_diag(...) (printf("#   "), printf(__VA_ARGS__), putchar('\n'))

// A check that cannot run here, and why.
static inline void tap_skip(const char *reason) {
    printf("ok %d # SKIP %s\n", ++tap_run, reason);
}

// Prints the plan. Returns the exit status of the program: 0 when nothing failed.
static inline int tap_done(void) {
    printf("1..%d\n", tap_run);
    return tap_failed || tap_run == 0;
}

#endif
