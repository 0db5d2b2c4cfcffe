/* runner.h - one net with its buffers, ready to run a sample at a time. */
#ifndef DLC_HOST_COMMAND_RUNNER_H
#define DLC_HOST_COMMAND_RUNNER_H

#include "host/model.h"
#include "host/report/fault.h"

typedef struct Runner {
    const dlc_net *net;
    const void *state; /* the caller's */
    const void **in;   /* in[i]: one sample of input i; set before a run */
    void **out;        /* out[i]: one sample of output i; owned */
    void *arena;
} Runner;

/* Release also after a failure. */
bool dlc_runner_init(Runner *runner, const dlc_net *net, const void *state,
                     Fault *fault);
void dlc_runner_release(Runner *runner);
void dlc_runner_run(Runner *runner);

/* Index of the largest element of output 0. */
int64_t dlc_runner_class(const Runner *runner);

#endif
