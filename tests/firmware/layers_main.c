/* layers_main.c - the outputs of programs/layers.dl for every image of a .npy file, as
 * reference.py prints them: the bits of ten floats a line. */
#include "layers_int8.h"

#include <stdio.h>
#include <string.h>

enum { IMAGE = LAYERS_LAYERS_IMAGE_LEN, PROBS = LAYERS_LAYERS_PROBS_LEN };

int main(int argc, char **argv)
{
    unsigned char head[10];
    uint8_t image[IMAGE];
    float out[PROBS + LAYERS_LAYERS_SIDE_LEN];
    static double arena[(LAYERS_LAYERS_ARENA_BYTES + 7) / 8];
    FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (f == NULL || fread(head, 1, 10, f) != 10 ||
        fseek(f, 10 + head[8] + 256 * head[9], SEEK_SET) != 0)
        return 1;
    while (fread(image, 1, IMAGE, f) == IMAGE) {
        layers_layers(image, out, out + PROBS, arena);
        for (size_t i = 0; i < sizeof out / sizeof out[0]; i++) {
            uint32_t bits;
            memcpy(&bits, &out[i], sizeof bits);
            printf("%s%08x", i > 0 ? " " : "", (unsigned)bits);
        }
        printf("\n");
    }
    return fclose(f) != 0;
}
