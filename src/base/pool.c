/* One parallel loop: see pool.h. Workers take jobs in small runs, so that neighbours in a
 * directory stay with one worker and the counter is touched rarely. */
#define _GNU_SOURCE
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { WORKERS_MAX = 64, STACK_BYTES = 8 << 20 };

typedef struct Loop {
    PoolJob *job;
    void *context;
    ptrdiff_t n, run;
    atomic_ptrdiff_t next;
} Loop;

typedef struct Worker {
    Loop *loop;
    int number;
} Worker;

static void *work(void *argument) {
    const Worker *self = argument;
    Loop *loop = self->loop;
    for (;;) {
        ptrdiff_t from =
            atomic_fetch_add_explicit(&loop->next, loop->run, memory_order_relaxed);
        if (from >= loop->n)
            return NULL;
        ptrdiff_t to = loop->n - from > loop->run ? from + loop->run : loop->n;
        for (ptrdiff_t i = from; i < to; i++)
            loop->job(loop->context, self->number, i);
    }
}

void pool_run(int workers, ptrdiff_t n, PoolJob *job, void *context) {
    if (workers > WORKERS_MAX)
        workers = WORKERS_MAX;
    if (workers > n)
        workers = (int)n;
    if (workers < 1)
        workers = 1;
    Loop loop = {.job = job, .context = context, .n = n};
    loop.run = n / ((ptrdiff_t)workers * 32);
    if (loop.run < 1 || workers == 1)
        loop.run = 1;
    if (loop.run > 16)
        loop.run = 16;
    Worker all[WORKERS_MAX] = {{.loop = &loop}};
    pthread_t threads[WORKERS_MAX];
    pthread_attr_t attributes;
    bool sized = pthread_attr_init(&attributes) == 0;
    if (sized)
        pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int started = 1;
    for (; started < workers; started++) {
        all[started] = (Worker){.loop = &loop, .number = started};
        if (pthread_create(&threads[started], sized ? &attributes : NULL, work,
                           &all[started]) != 0)
            break;
    }
    work(&all[0]);
    for (int i = 1; i < started; i++)
        pthread_join(threads[i], NULL);
    if (sized)
        pthread_attr_destroy(&attributes);
}

int pool_default_workers(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : n;
}
