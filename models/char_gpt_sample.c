/* char_gpt_sample.c - lets the baked char_gpt write. Standard input is how the text begins
 * (a blank line if nothing is given); prints it and 400 characters more.
 *
 *   dlc models/char_gpt.dl --weights char_gpt.out/model.safetensors -o char_gpt.c
 *   cc -O2 char_gpt*.c models/char_gpt_sample.c -lm -o sample
 *   echo "The hacker" | ./sample [SEED] [TEMPERATURE, default 0.8]
 *
 * The net sees the last 96 characters; what comes before the text is empty lines. */
#include "char_gpt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { T = CHAR_GPT_GPT_TEXT_LEN, V = 96, COUNT = 400 };

static union {
    double align[8];
    unsigned char bytes[CHAR_GPT_GPT_ARENA_BYTES + CHAR_GPT_ALIGN];
} arena;

static int code_of(int c)
{
    return c >= ' ' && c <= '~' ? c - ' ' + 1 : 0;
}

/* A character by its probability to the power of 1 / temperature. */
static int draw(const float *probs, double temperature, uint64_t *seed)
{
    double weight[V], sum = 0;
    for (int i = 0; i < V; i++)
        sum += weight[i] = pow((double)probs[i], 1 / temperature);
    *seed = *seed * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
    double left = sum * (double)(*seed >> 11) * 0x1p-53;
    int i = 0;
    while (i < V - 1 && (left -= weight[i]) > 0)
        i++;
    return i;
}

int main(int argc, char **argv)
{
    static uint8_t text[T];
    static float probs[T * V];
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    const double temperature = argc > 2 ? atof(argv[2]) : 0.8;
    const size_t off = (uintptr_t)arena.bytes % CHAR_GPT_ALIGN;
    void *scratch = arena.bytes + (off == 0 ? 0 : CHAR_GPT_ALIGN - off);
    int c;
    if (temperature <= 0) {
        fputs("char_gpt_sample: the temperature is above 0\n", stderr);
        return 2;
    }
    seed = seed * 0x9e3779b97f4a7c15u + 1;
    while ((c = getchar()) != EOF && c != '\n') {
        memmove(text, text + 1, T - 1);
        text[T - 1] = (uint8_t)code_of(c);
        putchar(c);
    }
    for (int i = 0; i < COUNT; i++) {
        char_gpt_gpt(text, probs, scratch);
        const int next = draw(probs + (T - 1) * V, temperature, &seed);
        memmove(text, text + 1, T - 1);
        text[T - 1] = (uint8_t)next;
        putchar(next == 0 ? '\n' : ' ' + next - 1);
    }
    putchar('\n');
    return 0;
}
