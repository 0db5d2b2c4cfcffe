/* order.c - in which order an epoch sees the samples of a split. */
#include "host/data/order.h"

#include <stdlib.h>

#include "host/data/type.h"

void dlc_order_once(uint32_t *order, uint32_t count, bool shuffle, Random *random)
{
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    if (shuffle) {
        dlc_shuffle(order, count, random);
    }
}

static uint32_t class_of(const Split *split, int field, uint32_t at)
{
    unsigned char value[8];
    Fault fault;
    return dlc_split_get(split, field, at, value, &fault) /* an index: in memory */
               ? (uint32_t)dlc_value_load(value, split->table->field[field].type.dtype)
               : 0;
}

/* Samples sorted by class: those of class c are by_class[start[c] .. start[c + 1]). */
static void sort_classes(const Split *split, int field, uint32_t n, uint32_t *start,
                         uint32_t *by_class)
{
    for (uint32_t i = 0; i < split->count; i++) {
        start[class_of(split, field, i) + 2]++;
    }
    for (uint32_t c = 2; c < n + 2; c++) {
        start[c] += start[c - 1];
    }
    for (uint32_t i = 0; i < split->count; i++) {
        by_class[start[class_of(split, field, i) + 1]++] = i;
    }
}

static void draw(uint32_t *order, uint32_t count, uint32_t n, const uint32_t *start,
                 uint32_t *by_class, Random *random)
{
    uint32_t present = 0, seen = 0, at = 0;
    for (uint32_t c = 0; c < n; c++) {
        present += start[c + 1] > start[c];
    }
    for (uint32_t c = 0; c < n; c++) {
        const uint32_t size = start[c + 1] - start[c];
        if (size == 0) {
            continue;
        }
        const uint32_t share = count / present + (seen++ < count % present);
        for (uint32_t k = 0; k < share; k++) {
            if (k % size == 0) {
                dlc_shuffle(by_class + start[c], size, random);
            }
            order[at++] = by_class[start[c] + k % size];
        }
    }
    dlc_shuffle(order, count, random);
}

bool dlc_order_balanced(uint32_t *order, const Split *split, int field, Random *random,
                        Fault *fault)
{
    const uint32_t n = (uint32_t)split->table->field[field].type.bound;
    uint32_t *start = dlc_new((size_t)n + 2, sizeof *start, "classes", fault);
    uint32_t *by_class = dlc_new(split->count, sizeof *by_class, "classes", fault);
    const bool done = start != NULL && by_class != NULL;
    if (done) {
        sort_classes(split, field, n, start, by_class);
        draw(order, split->count, n, start, by_class, random);
    }
    free(start);
    free(by_class);
    return done;
}
