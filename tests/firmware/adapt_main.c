/* adapt_main.c - a keyword spotter learns four sounds that it does not know, on the
 * host and on emulated boards. Prints the loss of each step, what the trained
 * parameters became, and the answers before and after. */
#include "mark.h"
#include "net.h"
#include "output.h"

#ifndef ROUNDS
#define ROUNDS 8 /* as many as it takes */
#endif

enum {
    SOUNDS = 4,
    LEN = DS_CNN_ADAPT_SPOT_FEATURES_LEN,
    WORDS = DS_CNN_ADAPT_SPOT_PROBS_LEN
};

static ds_cnn_adapt_train_state state;
static union {
    double align[2];
    char training[DS_CNN_ADAPT_ADAPT_ARENA_BYTES];
    char inference[DS_CNN_ADAPT_SPOT_ARENA_BYTES];
} arena;
static float features[LEN];

/* One utterance of a sound: ripples that rise or fall at its own pace, and noise. */
static void record(uint32_t sound, uint32_t utterance)
{
    uint32_t noise = 1000u * sound + utterance;
    for (uint32_t i = 0; i < LEN; i++) {
        const uint32_t phase = (i / 10 * (2 + 3 * sound) + i % 10 * (4 * sound)) % 32;
        noise = noise * 1664525u + 1013904223u;
        features[i] = (float)(phase < 16 ? phase : 32 - phase) / 4.0f - 2.0f +
                      (float)(noise >> 24) / 256.0f;
    }
}

/* Sounds that are recognized, of new utterances. */
static int recognized(uint32_t first)
{
    int right = 0;
    for (uint32_t sound = 0; sound < SOUNDS; sound++) {
        float probs[WORDS];
        uint32_t best = 0;
        record(sound, first + sound);
        ds_cnn_adapt_spot(&state.params, features, probs, arena.inference);
        output_floats(probs, WORDS);
        for (uint32_t k = 1; k < WORDS; k++)
            best = probs[k] > probs[best] ? k : best;
        right += best == 2 * sound;
    }
    return right;
}

int main(void)
{
    float probs[WORDS], report[DS_CNN_ADAPT_ADAPT_REPORTS];
    ds_cnn_adapt_train_init(&state, 0, arena.training);
    const int before = recognized(100);
    for (uint32_t step = 0; step < SOUNDS * ROUNDS; step++) {
        const uint8_t word = (uint8_t)(2 * (step % SOUNDS));
        record(step % SOUNDS, step);
        MARK_BEGIN;
        ds_cnn_adapt_adapt(&state, features, &word, report, probs, arena.training);
        MARK_END;
        output_floats(report, DS_CNN_ADAPT_ADAPT_REPORTS);
    }
    const float *all = (const float *)(const void *)&state.params;
    output_floats(all, (int)(sizeof state.params / sizeof(float)));
    const int after = recognized(200);
    return (before < SOUNDS && after == SOUNDS) || ROUNDS < 8 ? 0 : 3;
}
