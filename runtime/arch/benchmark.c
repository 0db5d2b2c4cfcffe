/* benchmark.c - an architecture file: what an inference takes on a machine with a C
 * library. Prints the least of many, and the outputs for made input. */
#include <stdio.h>
#include <time.h>

/* @model@ */

enum { ROUNDS = 50 };

static union {
    double align[8];
    unsigned char bytes[MODEL_ARENA_BYTES];
} arena;
static MODEL_INPUT_TYPE input[MODEL_INPUT_LEN];
static MODEL_OUTPUT_TYPE output[MODEL_OUTPUT_LEN];

/* Seconds of `n` inferences. */
static double seconds(int n)
{
    const clock_t before = clock();
    for (int i = 0; i < n; i++)
        MODEL_RUN(input, output, arena.bytes);
    return (double)(clock() - before) / CLOCKS_PER_SEC;
}

int main(void)
{
    int n = 1;
    for (int i = 0; i < MODEL_INPUT_LEN; i++)
        input[i] = (MODEL_INPUT_TYPE)(i % 7);
    while (seconds(n) < 0.01 && n < 1000000)
        n *= 2;
    double least = seconds(n);
    for (int round = 1; round < ROUNDS; round++) {
        const double now = seconds(n);
        least = now < least ? now : least;
    }
    for (int i = 0; i < MODEL_OUTPUT_LEN; i++)
        printf("%f\n", (double)output[i]);
    printf(MODEL_NAME ": %.2f us an inference, the least of %d rounds of %d\n",
           1e6 * least / n, ROUNDS, n);
    return 0;
}
