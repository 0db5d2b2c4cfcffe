/* aware_main.c - the evaluation of programs/aware.dl with the weights of load.inc (by
 * aware.py) on every image of images.npy: its ten metrics, which are the net's outputs.
 */
#include "simulated.h"

#include <stdio.h>
#include <string.h>

enum { IMAGE = 330, BATCH = 8, OUTPUTS = 10 };

static aware_train_state t;

int main(void)
{
    static double arena[(AWARE_TRAIN_ARENA_BYTES + 7) / 8];
    static uint8_t image[BATCH * IMAGE], label[BATCH];
    static float report[(1 + OUTPUTS) * BATCH];
    unsigned char head[10];
    FILE *f = fopen("images.npy", "rb");
#include "load.inc"
    if (f == NULL || fread(head, 1, 10, f) != 10 ||
        fseek(f, 10 + head[8] + 256 * head[9], SEEK_SET) != 0)
        return 1;
    while (fread(image, IMAGE, BATCH, f) == BATCH) {
        aware_train_eval(&t, image, label, report, 0, 0, arena);
        for (int i = 0; i < BATCH; i++)
            for (int k = 0; k < OUTPUTS; k++) {
                uint32_t bits;
                memcpy(&bits, &report[(1 + k) * BATCH + i], sizeof bits);
                printf("%08x%c", (unsigned)bits, k + 1 < OUTPUTS ? ' ' : '\n');
            }
    }
    return fclose(f) != 0;
}
