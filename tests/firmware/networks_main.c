/* networks_main.c - a network on made inputs: its outputs, the same on the host and on
 * every emulated board. What differs between networks is on the command line: HEADER,
 * NET, INPUT and OUTPUT (types), INPUT_LEN, OUTPUT_LEN, ARENA_BYTES and, for floats,
 * LOW and HIGH. With INPUT_OFFSET and OUTPUT_OFFSET both lie in the arena, as a product
 * has them; without, they have memory of their own: the bits are the same. */
#include HEADER
#include "mark.h"
#include "output.h"

#ifndef OUTPUT
#define OUTPUT float
#endif

enum { RUNS = 2 };

static union {
    double align[2];
    char bytes[ARENA_BYTES];
} arena;
#ifdef INPUT_OFFSET
#define input  ((INPUT *)(void *)(arena.bytes + INPUT_OFFSET))
#define output ((OUTPUT *)(void *)(arena.bytes + OUTPUT_OFFSET))
#else
static INPUT input[INPUT_LEN];
static OUTPUT output[OUTPUT_LEN];
#endif

/* Small integers are floats, too. */
static void print_output(void)
{
    static float value[OUTPUT_LEN];
    for (int32_t i = 0; i < OUTPUT_LEN; i++)
        value[i] = (float)output[i];
    output_floats(value, OUTPUT_LEN);
}

static void make_input(uint32_t seed)
{
    for (int32_t i = 0; i < INPUT_LEN; i++) {
        seed = seed * 1664525u + 1013904223u;
#ifdef LOW
        input[i] = (INPUT)LOW + (INPUT)(HIGH - LOW) / 256 * (INPUT)(seed >> 24);
#else
        input[i] = (INPUT)(seed >> 24);
#endif
    }
}

int main(void)
{
    for (uint32_t run = 0; run < RUNS; run++) {
        make_input(run);
        MARK_BEGIN;
        NET(input, output, arena.bytes);
        MARK_END;
        print_output();
    }
    return 0;
}
