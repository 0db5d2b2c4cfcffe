/* half_main.c - the outputs of half.dl on made inputs, bit by bit. */
#include "net.h"

#include <stdio.h>

static double arena[(HALF_SEE_ARENA_BYTES + 63) / 8 + 8];

int main(void)
{
    uint8_t word[HALF_SEE_WORD_LEN];
    float image[HALF_SEE_IMAGE_LEN], probs[HALF_SEE_PROBS_LEN], far[HALF_SEE_FAR_LEN];
    uint32_t seed = 1;
    void *aligned = (char *)arena + (64 - (size_t)arena % 64) % 64;
    for (int run = 0; run < 8; run++) {
        for (int i = 0; i < HALF_SEE_IMAGE_LEN; i++) {
            seed = seed * 1664525u + 1013904223u;
            image[i] = (float)(seed >> 16) / 32768 - 1;
        }
        for (int i = 0; i < HALF_SEE_WORD_LEN; i++)
            word[i] = (uint8_t)((run * 7 + i * 11) % 30);
        half_see(image, word, probs, far, aligned);
        for (int i = 0; i < HALF_SEE_PROBS_LEN; i++)
            printf("%a\n", (double)probs[i]);
        for (int i = 0; i < HALF_SEE_FAR_LEN; i++)
            printf("%a\n", (double)far[i]);
    }
    return 0;
}
