/* A pool of threads for one parallel loop: pthreads and one atomic job counter.
 *
 * Jobs are independent; each worker has a number for its own arena, Buf and DiagList.
 * Which worker takes which job is not defined, so nothing that is published may depend
 * on it. */
#pragma once

#include <stddef.h>

typedef void PoolJob(void *context, int worker, ptrdiff_t index);

/* Calls job(context, worker, i) for every i in [0, n), workers numbered from 0 to
 * `workers` - 1, and returns when all are done. The calling thread is worker 0; with one
 * worker, or where threads can't be started, it does all the work. */
void pool_run(int workers, ptrdiff_t n, PoolJob *job, void *context);

/* Processors that this process may run on, 1 to 64. */
int pool_default_workers(void);
