/* kernels_timer.h - included by the program that bench_kernels writes: BENCH times one
 * call in 15 blocks of at least 4 ms, each block after one of the peak kernel. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCKS = 15, MAX_ARRAYS = 8 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Array i of a call, at least `count` elements of random numbers. */
static float *array(int i, long long count)
{
    static float *at[MAX_ARRAYS];
    static long long have[MAX_ARRAYS];
    if (count > have[i]) {
        free(at[i]);
        at[i] = aligned_alloc(64, ((size_t)count * sizeof(float) + 127) / 64 * 64);
        if (!at[i])
            exit(1);
        unsigned seed = 1;
        for (long long j = 0; j < count; j++) {
            seed = seed * 1664525u + 1013904223u;
            at[i][j] = (float)(seed >> 8) * 0x1p-23f - 1.0f;
        }
        have[i] = count;
    }
    return at[i];
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Medians, and the median of the shares of the peak measured just before each block. */
static void report(const char *title, double flops, double *seconds, double *peak)
{
    double share[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        share[i] = flops / seconds[i] * peak[i] / PEAK_FLOPS;
    qsort(seconds, BLOCKS, sizeof *seconds, by_value);
    qsort(peak, BLOCKS, sizeof *peak, by_value);
    qsort(share, BLOCKS, sizeof *share, by_value);
    printf("kernel %-26s us %9.2f gflops %6.1f best %6.1f peak %6.1f share %3.0f %%\n",
           title, seconds[BLOCKS / 2] * 1e6, flops / seconds[BLOCKS / 2] * 1e-9,
           flops / seconds[0] * 1e-9, PEAK_FLOPS / peak[BLOCKS / 2] * 1e-9,
           100 * share[BLOCKS / 2]);
}

#define BENCH(title, flops, call)                                                      \
    do {                                                                               \
        double seconds_[BLOCKS], peak_[BLOCKS];                                        \
        long n_ = 1;                                                                   \
        if (!strstr(title, wanted))                                                    \
            break;                                                                     \
        for (double t_ = 0; t_ < 0.004; n_ *= 2) {                                     \
            t_ = now();                                                                \
            for (long i_ = 0; i_ < n_; i_++)                                           \
                call;                                                                  \
            t_ = now() - t_;                                                           \
        }                                                                              \
        n_ /= 2;                                                                       \
        for (int b_ = 0; b_ < BLOCKS; b_++) {                                          \
            peak_[b_] = now();                                                         \
            PEAK();                                                                    \
            peak_[b_] = now() - peak_[b_];                                             \
            seconds_[b_] = now();                                                      \
            for (long i_ = 0; i_ < n_; i_++)                                           \
                call;                                                                  \
            seconds_[b_] = (now() - seconds_[b_]) / (double)n_;                        \
        }                                                                              \
        report(title, flops, seconds_, peak_);                                         \
    } while (0)
