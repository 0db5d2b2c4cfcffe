/* harness.c - runs a baked network on samples from standard input and prints its
 * outputs, one sample a line. INPUT is uint8_t (raw bytes) or float (text). */
#include "net.h"

#include <stdio.h>

#define READ_uint8_t(at) (fread(at, 1, 1, stdin) == 1)
#define READ_float(at)   (scanf("%f", at) == 1)
#define JOIN(a, b)       a##b
#define READ(type)       JOIN(READ_, type)

static union {
    double align[8];
    unsigned char bytes[ARENA_BYTES + ALIGN];
} arena;

int main(void)
{
    static INPUT in[IN_LEN];
    static float out[OUT_LEN];
    const size_t off = (size_t)((uintptr_t)arena.bytes % ALIGN);

    for (;;) {
        for (int i = 0; i < IN_LEN; i++)
            if (!READ(INPUT)(&in[i]))
                return i != 0; /* 1: a truncated sample */
        NET(in, out, arena.bytes + (off == 0 ? 0 : ALIGN - off));
        for (int i = 0; i < OUT_LEN; i++)
            printf("%.9g%c", (double)out[i], i + 1 < OUT_LEN ? ' ' : '\n');
    }
}
