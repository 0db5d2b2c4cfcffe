/* io_main.c - the net of machines.dl with int8 and with floats outside: status 1 when
 * an output of one stands for another number than that of the other. */
#include "io_arena.h"
#include "io_int8.h"

enum { RUNS = 20, N = IO_INT8_DESCRIBE_BANDS_LEN, OUT = IO_INT8_DESCRIBE_AGAIN_LEN };

static union {
    double align[2];
    char bytes[IO_ARENA_DESCRIBE_ARENA_BYTES];
} arena;

int main(void)
{
    static int8_t given[N], got[OUT];
    static float as_given[N], as_got[OUT];
    uint32_t seed = 1;
    int different = 0, told = 0;
    for (int run = 0; run < RUNS; run++) {
        for (int i = 0; i < N; i++) {
            seed = seed * 1664525u + 1013904223u;
            given[i] = (int8_t)((int32_t)(seed >> 24) - 128);
            as_given[i] = IO_INT8_DESCRIBE_BANDS_SCALE *
                          (float)(given[i] - IO_INT8_DESCRIBE_BANDS_ZERO);
        }
        io_int8_describe(given, got, arena.bytes);
        io_arena_describe(as_given, as_got, arena.bytes);
        for (int i = 0; i < OUT; i++) {
            float y = IO_INT8_DESCRIBE_AGAIN_SCALE *
                      (float)(got[i] - IO_INT8_DESCRIBE_AGAIN_ZERO);
            different += y < as_got[i] || y > as_got[i];
            told += i > 0 && got[i] != got[i - 1];
        }
    }
    return different > 0 || told < 100;
}
