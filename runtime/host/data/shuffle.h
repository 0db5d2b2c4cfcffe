/* shuffle.h - orders of samples that depend on a seed and nothing else. */
#ifndef DLC_HOST_DATA_SHUFFLE_H
#define DLC_HOST_DATA_SHUFFLE_H

#include <stdint.h>

/* What a random stream of the runtime is for: its op id is DLC_PHILOX_HOST + this. */
typedef enum Purpose {
    PURPOSE_EPOCH,       /* the order of an epoch; iteration = epoch */
    PURPOSE_SPLIT,       /* fractions and `validate` */
    PURPOSE_SAMPLE,      /* made samples of check and bench */
    PURPOSE_PICK,        /* coordinates of check */
    PURPOSE_BESIDE,      /* the order of a second block; iteration = epoch */
    PURPOSE_AUGMENT = 64 /* + its number; counter[1] = sample, iteration = epoch */
} Purpose;

/* A stream of random words: Philox, key = seed, counter = {n / 4, 0, iteration, op}. */
typedef struct Random {
    uint32_t key[2], counter[4], word[4];
    int used;
} Random;

Random dlc_random(uint64_t seed, Purpose purpose, uint32_t iteration);
uint32_t dlc_random_next(Random *random);

/* Uniform in 0 .. n-1, without bias (Lemire 2019, Fast Random Integer Generation in an
 * Interval, algorithm 5). n > 0. */
uint32_t dlc_random_below(Random *random, uint32_t n);

/* Uniform in (0, 1). */
double dlc_random_unit(Random *random);

/* Normal, mean 0, variance 1 (Box, Muller 1958). */
double dlc_random_normal(Random *random);

/* Permutes in place (Fisher and Yates; Durstenfeld 1964). */
void dlc_shuffle(uint32_t *order, uint32_t count, Random *random);

#endif
