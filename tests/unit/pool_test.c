/* base/pool: every job once, for any number of workers and jobs. */
#include "base/pool.h"

#include "tap.h"

#include <stdatomic.h>
#include <string.h>

enum { JOBS = 10000 };

typedef struct Seen {
    atomic_int times[JOBS];
    atomic_int by_worker[64];
    int workers;
    atomic_int strange;
} Seen;

static Seen seen;

static void see(void *context, int worker, ptrdiff_t index) {
    Seen *self = context;
    bool known = worker >= 0 && worker < 64 && worker < self->workers;
    if (!known || index < 0 || index >= JOBS) {
        atomic_fetch_add(&self->strange, 1);
        return;
    }
    atomic_fetch_add(&self->times[index], 1);
    atomic_fetch_add(&self->by_worker[worker], 1);
}

static void run(int workers, ptrdiff_t n) {
    memset(&seen, 0, sizeof seen);
    seen.workers = workers < 1 ? 1 : workers;
    pool_run(workers, n, see, &seen);
    int wrong = 0, total = 0;
    for (ptrdiff_t i = 0; i < JOBS; i++)
        wrong += seen.times[i] != (i < n);
    for (int i = 0; i < 64; i++)
        total += seen.by_worker[i];
    TAP_CHECK(wrong == 0 && seen.strange == 0 && total == n,
              "%d workers, %td jobs: each once", workers, n);
}

/* Two workers wait for each other: with one at a time this would never end. */
static atomic_int arrived;

static void meet(void *context, int worker, ptrdiff_t index) {
    (void)context, (void)worker, (void)index;
    atomic_fetch_add(&arrived, 1);
    while (atomic_load(&arrived) < 2)
        continue;
}

int main(void) {
    static const int workers[] = {-1, 0, 1, 2, 3, 8, 64, 1000};
    static const ptrdiff_t jobs[] = {0, 1, 2, 63, 1000, JOBS};
    for (size_t w = 0; w < sizeof workers / sizeof *workers; w++)
        for (size_t j = 0; j < sizeof jobs / sizeof *jobs; j++)
            run(workers[w], jobs[j]);
    pool_run(2, 2, meet, NULL);
    TAP_CHECK(arrived == 2, "two workers at the same time");
    TAP_CHECK(pool_default_workers() >= 1 && pool_default_workers() <= 64,
              "a sensible default");
    return tap_done();
}
