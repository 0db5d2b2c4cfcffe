/* learn_main.c - training from nothing in a loop of the user's own, on the host and on
 * emulated boards: state and scratch are static, nothing is allocated. Prints the loss
 * now and then, what all of the state became, and the answers of the trained net. */
#include "learn.h"
#include "mark.h"
#include "output.h"

#ifndef STEPS
#define STEPS 60 /* as many as it takes */
#endif

enum { SIDE = 8, PIXELS = SIDE * SIDE, BATCH = LEARN_LEARN_BATCH };

static learn_train_state state;
static union {
    double align[2];
    char bytes[LEARN_LEARN_ARENA_BYTES];
    char inference[LEARN_BARS_ARENA_BYTES];
} arena;

static uint32_t random_word(void)
{
    static uint32_t seed = 1;
    seed = seed * 1664525u + 1013904223u;
    return seed >> 16;
}

/* A bright bar on dim noise: lying, standing, falling, rising. */
static uint8_t draw(uint8_t image[PIXELS])
{
    const uint32_t label = random_word() % 4u, at = 2 + random_word() % 4u;
    for (int i = 0; i < PIXELS; i++)
        image[i] = (uint8_t)(random_word() % 96u);
    for (uint32_t i = 0; i < SIDE; i++) {
        const uint32_t row = label == 0 ? at : i;
        const uint32_t column = label == 1 ? at : label == 3 ? SIDE - 1 - i : i;
        image[row * SIDE + column] = (uint8_t)(160 + random_word() % 96u);
    }
    return (uint8_t)label;
}

static int right_answers(int count)
{
    int right = 0;
    for (int i = 0; i < count; i++) {
        uint8_t image[PIXELS];
        float probs[LEARN_BARS_PROBS_LEN];
        const uint8_t label = draw(image);
        learn_bars(&state.params, &state.bars_state, image, probs, arena.bytes);
        output_floats(probs, LEARN_BARS_PROBS_LEN);
        int best = 0;
        for (int k = 1; k < LEARN_BARS_PROBS_LEN; k++)
            best = probs[k] > probs[best] ? k : best;
        right += best == label;
    }
    return right;
}

int main(void)
{
    static uint8_t image[BATCH * PIXELS], label[BATCH];
    float probs[LEARN_LEARN_PROBS_LEN], report[LEARN_LEARN_REPORTS];

    learn_train_init(&state, 7, arena.bytes);
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < BATCH; i++)
            label[i] = draw(image + i * PIXELS);
        MARK_BEGIN;
        learn_learn(&state, image, label, report, probs, arena.bytes);
        MARK_END;
        if (step % 10 == 9)
            output_floats(report, LEARN_LEARN_REPORTS);
    }
    const float *all = (const float *)(const void *)&state;
    output_floats(all, (int)(offsetof(learn_train_state, seed) / sizeof(float)));
    return right_answers(50) >= 48 || STEPS < 60 ? 0 : 3;
}
