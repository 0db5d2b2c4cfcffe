/* profile_main.c - the keyword network once, on an emulated board. With a profile, the
 * region between two hooks is one that count.c counts: the lines of its file are what
 * ran before the first layer and then each layer, in the order of calls, which got.txt
 * names. */
#include "mark.h"
#include "net.h"
#include "output.h"

static union {
    double align[2];
    char bytes[DS_CNN_DS_CNN_ARENA_BYTES];
} arena;

#ifdef DS_CNN_PROFILE
static const char *const names[] = { DS_CNN_LAYER_NAMES };
static int32_t order[4 * DS_CNN_LAYERS], calls;

void ds_cnn_profile(int32_t layer)
{
    MARK_END;
    order[calls++] = layer;
    MARK_BEGIN;
}

static void print_names(void)
{
    for (int32_t i = 0; i < calls; i++) {
        const char *name = order[i] < DS_CNN_LAYERS ? names[order[i]] : "end";
        int n = 0;
        while (name[n] != '\0')
            n++;
        output_bytes(name, n);
        output_bytes("\n", 1);
    }
}
#else
static void print_names(void)
{
    output_bytes("none\n", 5);
}
#endif

int main(void)
{
    float *features = (float *)(void *)(arena.bytes + DS_CNN_DS_CNN_FEATURES_OFFSET);
    float *probs = (float *)(void *)(arena.bytes + DS_CNN_DS_CNN_PROBS_OFFSET);
    for (int32_t i = 0; i < DS_CNN_DS_CNN_FEATURES_LEN; i++)
        features[i] = (float)(i % 7) - 3.0f;
    MARK_BEGIN;
    ds_cnn_ds_cnn(features, probs, arena.bytes);
    MARK_END;
    print_names();
    return 0;
}
