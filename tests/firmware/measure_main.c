/* measure_main.c - the self-test of a net, with a mark at each of its layers: the lines
 * of the counter's file are what ran before the first one, then each of them, in the
 * order in which got.txt names them. */
#include HEADER
#include "mark.h"
#include "output.h"

static union {
    double align[8];
    char bytes[BYTES];
} memory;

static const char *const names[] = { NAMES };
static int32_t order[LAYERS + 1], calls;

void HOOK(int32_t layer);

void HOOK(int32_t layer)
{
    MARK_END;
    if (calls <= LAYERS) {
        order[calls] = layer;
        calls++;
    }
    MARK_BEGIN;
}

int main(void)
{
    MARK_BEGIN;
    const int32_t wrong = TEST(memory.bytes);
    MARK_END;
    for (int32_t i = 0; i < calls && order[i] < LAYERS; i++) {
        const char *name = names[order[i]];
        int n = 0;
        while (name[n] != '\0')
            n++;
        output_bytes(name, n);
        output_bytes("\n", 1);
    }
    return (int)wrong;
}
