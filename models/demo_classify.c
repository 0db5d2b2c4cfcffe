/* demo_classify.c - classifies the first ten images of an IDX file given on standard
 * input, with the network that dlc baked into net.c. Plain C99, no heap, no library.
 *
 * usage: demo_classify LABELS < IMAGES      (both uncompressed IDX files) */
#include "net.h"

#include <stdint.h>
#include <stdio.h>

enum { IMAGES = 10, CLASSES = FASHION_MLP_MLP_PROBS_LEN, PIXELS = FASHION_MLP_MLP_IMAGE_LEN };

static const char *const garment[CLASSES] = { "t-shirt", "trouser",  "pullover", "dress",
                                              "coat",    "sandal",   "shirt",    "sneaker",
                                              "bag",     "ankle boot" };

/* The arena is the caller's: here static, aligned by the union. */
static union {
    double align[8];
    unsigned char bytes[FASHION_MLP_MLP_ARENA_BYTES + FASHION_MLP_ALIGN];
} arena;

static void *aligned_arena(void)
{
    uintptr_t at = (uintptr_t)arena.bytes;
    return arena.bytes + (FASHION_MLP_ALIGN - at % FASHION_MLP_ALIGN) % FASHION_MLP_ALIGN;
}

int main(int argc, char **argv)
{
    unsigned char header[16], image[PIXELS], label[8 + IMAGES];
    float probs[CLASSES];
    int right = 0;
    FILE *labels = argc == 2 ? fopen(argv[1], "rb") : NULL;

    if (labels == NULL || fread(label, 1, sizeof label, labels) != sizeof label ||
        fread(header, 1, sizeof header, stdin) != sizeof header) {
        fprintf(stderr, "usage: demo_classify LABELS < IMAGES\n");
        return 1;
    }
    fclose(labels);
    printf("  image  truth       prediction\n");
    for (int i = 0; i < IMAGES; i++) {
        int best = 0;
        if (fread(image, 1, sizeof image, stdin) != sizeof image) {
            fprintf(stderr, "demo_classify: the file of images is truncated\n");
            return 1;
        }
        fashion_mlp_mlp(image, probs, aligned_arena());
        for (int c = 1; c < CLASSES; c++)
            if (probs[c] > probs[best])
                best = c;
        right += best == label[8 + i];
        printf("  %5d  %-10s  %-10s  %5.1f %%%s\n", i, garment[label[8 + i]], garment[best],
               100.0 * (double)probs[best], best == label[8 + i] ? "" : "   <- wrong");
    }
    printf("%d of %d right\n", right, IMAGES);
    return 0;
}
