/* kernels_main.c - programs/kernels.dl on made inputs, on the host and on a board. */
#include "kernels_int8.h"
#include "mark.h"
#include "output.h"

enum { RUNS = 2 };

static double arena[(KERNELS_KERNELS_ARENA_BYTES + 7) / 8];
static uint8_t photo[KERNELS_KERNELS_PHOTO_LEN];
static uint8_t sound[KERNELS_KERNELS_SOUND_LEN];
static uint8_t bands[KERNELS_KERNELS_BANDS_LEN];
static float y[KERNELS_KERNELS_Y_LEN], grey[KERNELS_KERNELS_GREY_LEN],
    far[KERNELS_KERNELS_FAR_LEN];

static void fill(uint8_t *at, int32_t n, uint32_t seed)
{
    for (int32_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        at[i] = (uint8_t)(seed >> 24);
    }
}

int main(void)
{
    for (uint32_t run = 0; run < RUNS; run++) {
        fill(photo, KERNELS_KERNELS_PHOTO_LEN, run);
        fill(sound, KERNELS_KERNELS_SOUND_LEN, run + 7);
        fill(bands, KERNELS_KERNELS_BANDS_LEN, run + 9);
        MARK_BEGIN;
        kernels_kernels(photo, sound, bands, y, grey, far, arena);
        MARK_END;
        output_floats(y, KERNELS_KERNELS_Y_LEN);
        output_floats(grey, KERNELS_KERNELS_GREY_LEN);
        output_floats(far, KERNELS_KERNELS_FAR_LEN);
    }
    return 0;
}
