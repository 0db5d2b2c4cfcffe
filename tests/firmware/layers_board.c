/* layers_board.c - layers_main.c for an emulated board: images.npy in, got.txt out, by
 * semihosting; the call of the network is marked for counting. */
#include "layers_int8.h"
#include "mark.h"
#include "semihost.h"

#include <stdint.h>

enum { IMAGE = LAYERS_LAYERS_IMAGE_LEN, PROBS = LAYERS_LAYERS_PROBS_LEN };
enum { OUTPUTS = PROBS + LAYERS_LAYERS_SIDE_LEN };

static double arena[(LAYERS_LAYERS_ARENA_BYTES + 7) / 8];
static uint8_t image[IMAGE];

static void print(int file, const float *value)
{
    static char line[OUTPUTS * 9];
    for (int i = 0; i < OUTPUTS; i++) {
        union {
            float f;
            uint32_t u;
        } word;
        word.f = value[i];
        for (int digit = 0; digit < 8; digit++)
            line[9 * i + digit] = "0123456789abcdef"[word.u >> (28 - 4 * digit) & 15];
        line[9 * i + 8] = i + 1 < OUTPUTS ? ' ' : '\n';
    }
    semihost_write(file, line, sizeof line);
}

int main(void)
{
    static unsigned char head[65536];
    float out[OUTPUTS];
    int from = semihost_open("images.npy", SEMIHOST_READ);
    int to = semihost_open("got.txt", SEMIHOST_WRITE);
    if (from < 0 || to < 0 || semihost_read(from, head, 10) != 0 ||
        semihost_read(from, head + 10, head[8] + 256u * head[9]) != 0)
        return 1;
    while (semihost_read(from, image, IMAGE) == 0) {
        MARK_BEGIN;
        layers_layers(image, out, out + PROBS, arena);
        MARK_END;
        print(to, out);
    }
    return 0;
}
