/* ngram.c - what counting characters can say about a text: the cross-entropy, in nats a
 * character, of n-gram models for n = 1 to 6.
 *
 *   ngram TEXT A B     counted in the first A of the text, judged between A and B (fractions)
 *
 * Witten and Bell 1991, method C: each order interpolates with the one below,
 * P(c | h) = (count(h c) + kinds(h) P(c | shorter h)) / (count(h) + kinds(h)), where kinds(h)
 * is how many different characters followed h. Below the first order all 96 are alike. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define ORDERS 6
#define SLOTS  (1u << 23)

typedef struct Slot {
    uint64_t key;                   /* a string of up to ORDERS characters; 0: empty */
    uint32_t seen, followed, kinds; /* as a whole; as a context */
} Slot;

static Slot *slots;

static Slot *slot_find(const char *string, int n)
{
    static uint32_t n_used;
    uint64_t key = 1; /* in front of the characters: tells lengths apart */
    for (int i = 0; i < n; i++)
        key = key << 7 | (uint64_t)(string[i] & 127);
    uint32_t at = (uint32_t)(key * 0x9e3779b97f4a7c15u >> 41);
    while (slots[at].key != 0 && slots[at].key != key)
        at = (at + 1) % SLOTS;
    if (slots[at].key == 0 && ++n_used > SLOTS / 4 * 3) {
        fputs("ngram: the text is too long\n", stderr);
        exit(1);
    }
    slots[at].key = key;
    return &slots[at];
}

static void count(const char *text, long at)
{
    for (int h = 0; h < ORDERS && h <= at; h++) {
        Slot *context = slot_find(text + at - h, h), *whole = slot_find(text + at - h, h + 1);
        context->followed++;
        context->kinds += whole->seen++ == 0;
    }
}

/* Adds -log P of text[at] by each order to sum[]. */
static void judge(const char *text, long at, double sum[ORDERS])
{
    double p = 1.0 / 96;
    for (int h = 0; h < ORDERS; h++) {
        const Slot *context = slot_find(text + at - h, h);
        const double followed = context->followed, kinds = context->kinds;
        const double seen = slot_find(text + at - h, h + 1)->seen;
        if (followed > 0)
            p = (seen + kinds * p) / (followed + kinds);
        sum[h] -= log(p);
    }
}

int main(int argc, char **argv)
{
    FILE *f = argc == 4 ? fopen(argv[1], "rb") : NULL;
    if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
        fputs("usage: ngram TEXT A B, trained on the first A of TEXT, judged from A to B\n",
              stderr);
        return 2;
    }
    const long bytes = ftell(f);
    const long from = (long)((double)bytes * atof(argv[2]));
    const long to = (long)((double)bytes * atof(argv[3]));
    char *text = malloc((size_t)bytes);
    slots = calloc(SLOTS, sizeof *slots);
    rewind(f);
    if (text == NULL || slots == NULL || from <= ORDERS || to > bytes ||
        fread(text, 1, (size_t)bytes, f) != (size_t)bytes) {
        fprintf(stderr, "ngram: %s cannot be read\n", argv[1]);
        return 1;
    }
    double sum[ORDERS] = { 0 };
    for (long i = 0; i < from; i++)
        count(text, i);
    for (long i = from; i < to; i++)
        judge(text, i, sum);
    for (int h = 0; h < ORDERS; h++)
        printf("%d-gram  %.4f nats a character\n", h + 1, sum[h] / (double)(to - from));
    fclose(f);
    free(text);
    free(slots);
    return 0;
}
