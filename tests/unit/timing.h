/* Time for tests of inputs that are meant to hurt. Processor time, since other programs
 * may keep the machine busy; the sanitizers get more of it. */
#ifndef CAIRN_TESTS_TIMING_H
#define CAIRN_TESTS_TIMING_H

#include <time.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TIMING_FACTOR 10.0
#else
#define TIMING_FACTOR 1.0
#endif

/* Seconds of processor time that this program has used, as a release build would. */
static inline double timing_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return ((double)t.tv_sec + (double)t.tv_nsec / 1e9) / TIMING_FACTOR;
}

#endif
