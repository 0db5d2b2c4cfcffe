/* bench.c - the command `bench`: how fast step, eval and the nets are on this machine.
 *
 * Made samples that stay in memory; a measurement is the median over calls (grouped so
 * that one lasts at least 50 us), which a busy machine disturbs least. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/command/runner.h"
#include "host/report/text.h"
#include "host/session.h"

enum { MAX_CALLS = 20000 };

typedef struct Bench {
    Session *s;
    Runner runner;
    double *time; /* [MAX_CALLS] */
} Bench;

typedef void Work(Bench *bench);

static void work_step(Bench *b)
{
    dlc_engine_step(&b->s->engine);
}

static void work_eval(Bench *b)
{
    dlc_engine_eval(&b->s->engine, DLC_TEST, 0);
}

static void work_run(Bench *b)
{
    dlc_runner_run(&b->runner);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Seconds of one call: the median over --seconds. */
static double median(Bench *b, Work *work, int64_t *calls)
{
    const double start = dlc_clock();
    work(b);
    const double once = dlc_clock() - start;
    const int64_t group = once < 50e-6 ? (int64_t)(50e-6 / (once + 1e-8)) + 1 : 1;
    int n = 0;
    for (int64_t i = 0; i < group; i++) { /* warm caches and clocks */
        work(b);
    }
    const double from = dlc_clock();
    double before = from;
    while (n < 3 || (n < MAX_CALLS && before - from < b->s->options.seconds)) {
        for (int64_t i = 0; i < group; i++) {
            work(b);
        }
        const double now = dlc_clock();
        b->time[n++] = (now - before) / (double)group;
        before = now;
    }
    qsort(b->time, (size_t)n, sizeof *b->time, by_size);
    *calls = n * group;
    return b->time[n / 2];
}

static void measure(Bench *b, const char *name, Work *work, int batch, int64_t macs)
{
    char rate[DLC_NUMBER_SIZE], count[DLC_NUMBER_SIZE];
    int64_t calls = 0;
    const double seconds = median(b, work, &calls);
    printf("%-24s %6d %12s %14.3f %14s", name, batch, dlc_count(count, calls),
           seconds * 1e6, dlc_count(rate, (int64_t)(batch / seconds + 0.5)));
    if (macs > 0) {
        printf(" %8.2f", 2e-9 * (double)macs * batch / seconds);
    }
    printf("\n");
}

/* Per kernel times. The hook has no argument, so this is the runtime's one variable
 * that is not constant, besides the signal flag. */
static struct {
    double *seconds; /* of each kernel */
    int64_t *calls;
    int32_t n;
    double last;
} profile;

static void mark(int32_t kernel)
{
    const double now = dlc_clock();
    if (kernel >= 0 && kernel < profile.n) {
        profile.seconds[kernel] += now - profile.last;
        profile.calls[kernel]++;
    }
    profile.last = dlc_clock();
}

static void print_kernels(const dlc_model *m)
{
    printf("\n%-44s %-8s %12s %7s %9s %8s\n", "kernel", "of", "us a call", "share",
           "GFLOP/s", "GB/s");
    for (int i = 0; i < m->n_kernels; i++) {
        double all = 0;
        for (int k = 0; k < m->n_kernels; k++) {
            all += strcmp(m->kernel[k].function, m->kernel[i].function) == 0
                       ? profile.seconds[k]
                       : 0;
        }
        if (profile.calls[i] > 0) {
            const double one = profile.seconds[i] / (double)profile.calls[i];
            printf("%-44s %-8s %12.2f %6.1f%% %9.2f %8.2f\n", m->kernel[i].name,
                   m->kernel[i].function, one * 1e6,
                   all > 0 ? 100 * profile.seconds[i] / all : 0,
                   one > 0 ? 1e-9 * (double)m->kernel[i].flops / one : 0,
                   one > 0 ? 1e-9 * (double)m->kernel[i].bytes / one : 0);
        }
    }
}

static void profile_work(Bench *b, Work *work)
{
    const double start = dlc_clock();
    for (int i = 0; i < 3 || dlc_clock() - start < b->s->options.seconds / 2; i++) {
        profile.last = dlc_clock();
        work(b);
    }
}

static bool start_net(Bench *b, int net)
{
    const dlc_net *n = &b->s->model->net[net];
    Batch sample;
    bool done = dlc_runner_init(&b->runner, n, b->s->engine.state, &b->s->fault) &&
                dlc_batch_init(&sample, n->n_inputs, n->input, 1, &b->s->fault);
    if (!done) {
        return false;
    }
    dlc_batch_make(&sample, b->s->seed);
    for (int i = 0; i < n->n_inputs; i++) {
        b->runner.in[i] = sample.data[i];
        sample.data[i] = NULL; /* freed by end_net */
    }
    dlc_batch_release(&sample);
    return true;
}

static void end_net(Bench *b)
{
    for (int i = 0; b->runner.net != NULL && i < b->runner.net->n_inputs; i++) {
        free((void *)(uintptr_t)b->runner.in[i]);
    }
    dlc_runner_release(&b->runner);
}

static bool each_net(Bench *b, bool profiling)
{
    const dlc_model *m = b->s->model;
    for (int i = 0; i < m->n_nets; i++) {
        if (b->s->options.net != NULL &&
            strcmp(b->s->options.net, m->net[i].name) != 0) {
            continue;
        }
        const bool done = start_net(b, i);
        if (done && profiling) {
            profile_work(b, work_run);
        } else if (done) {
            measure(b, m->net[i].name, work_run, 1, m->net[i].macs);
        }
        end_net(b);
        if (!done) {
            return false;
        }
    }
    return true;
}

/* Kernel times of one thread: every member of a team would call the hook. */
static bool profile_all(Bench *b)
{
    const dlc_model *m = b->s->model;
    if (m->n_kernels == 0 || m->profile_hook == NULL || b->s->options.threads != 1) {
        return true;
    }
    profile.n = m->n_kernels;
    profile.seconds =
        dlc_new((size_t)m->n_kernels, sizeof(double), "times", &b->s->fault);
    profile.calls =
        dlc_new((size_t)m->n_kernels, sizeof(int64_t), "times", &b->s->fault);
    bool done = profile.seconds != NULL && profile.calls != NULL;
    if (done) {
        *m->profile_hook = mark;
        if (m->data != NULL) {
            profile_work(b, work_step);
        }
        done = each_net(b, true);
        *m->profile_hook = NULL;
        print_kernels(m);
    }
    free(profile.seconds);
    free(profile.calls);
    return done;
}

bool dlc_command_bench(Session *session, int *status)
{
    const dlc_model *m = session->model;
    Bench b = { .s = session };
    (void)status;
    if (!dlc_session_open_engine(session) ||
        (session->options.net != NULL && dlc_session_net(session) == NULL)) {
        return false;
    }
    dlc_engine_start(&session->engine, session->seed);
    b.time = dlc_new(MAX_CALLS, sizeof(double), "times", &session->fault);
    if (b.time == NULL) {
        return false;
    }
    printf("%s, target %s, %d thread%s, medians over %.3g s\n", m->name, m->target,
           (int)session->options.threads, session->options.threads == 1 ? "" : "s",
           session->options.seconds);
    printf("%-24s %6s %12s %14s %14s %8s\n", "work", "batch", "calls", "us a call",
           "samples/s", "GFLOP/s");
    bool done = true;
    if (m->data != NULL) {
        done = dlc_engine_make_batch(&session->engine, session->seed, &session->fault);
    }
    if (m->data != NULL && done) {
        measure(&b, "step", work_step, m->batch, 0);
        measure(&b, "eval", work_eval, m->batch, 0);
    }
    done = done && each_net(&b, false) && profile_all(&b);
    free(b.time);
    return done;
}
