/* runner.c - one net with its buffers, ready to run a sample at a time. */
#include "host/command/runner.h"

#include <stdlib.h>

#include "host/data/type.h"

bool dlc_runner_init(Runner *runner, const dlc_net *net, const void *state,
                     Fault *fault)
{
    *runner = (Runner){ .net = net, .state = state };
    runner->in = dlc_new((size_t)net->n_inputs, sizeof(void *), net->name, fault);
    runner->out = dlc_new((size_t)net->n_outputs, sizeof(void *), net->name, fault);
    runner->arena = dlc_new(net->arena_bytes, 1, net->name, fault);
    if (runner->in == NULL || runner->out == NULL || runner->arena == NULL) {
        return false;
    }
    for (int i = 0; i < net->n_outputs; i++) {
        runner->out[i] = dlc_new(1, dlc_type_bytes(&net->output[i].type),
                                 net->output[i].name, fault);
        if (runner->out[i] == NULL) {
            return false;
        }
    }
    return true;
}

void dlc_runner_release(Runner *runner)
{
    for (int i = 0; runner->out != NULL && i < runner->net->n_outputs; i++) {
        free(runner->out[i]);
    }
    free(runner->out);
    free(runner->in);
    free(runner->arena);
    *runner = (Runner){ 0 };
}

void dlc_runner_run(Runner *runner)
{
    runner->net->run(runner->state, runner->in, runner->out, runner->arena);
}

int64_t dlc_runner_class(const Runner *runner)
{
    const dlc_type *type = &runner->net->output[0].type;
    const unsigned char *at = runner->out[0];
    const size_t bytes = dlc_dtype_bytes(type->dtype);
    int64_t best = 0;
    for (int64_t i = 1; i < dlc_type_count(type); i++) {
        if (dlc_value_load(at + (size_t)i * bytes, type->dtype) >
            dlc_value_load(at + (size_t)best * bytes, type->dtype)) {
            best = i;
        }
    }
    return best;
}
