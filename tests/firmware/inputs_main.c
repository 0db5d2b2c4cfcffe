/* inputs_main.c - the scores of programs/inputs.dl for every image of a .npy file. */
#include HEADER

#include <stdio.h>

enum { IMAGE = INPUTS_FRONTEND_IMAGE_LEN, ROWS = INPUTS_FRONTEND_ROWS_LEN };

int main(int argc, char **argv)
{
    unsigned char head[10];
    uint8_t image[IMAGE];
    float rows[ROWS], scale[INPUTS_TAIL_SCALE_LEN], score[1];
    static double
        arena[(INPUTS_FRONTEND_ARENA_BYTES + INPUTS_TAIL_ARENA_BYTES + 7) / 8];
    FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (f == NULL || fread(head, 1, 10, f) != 10 ||
        fseek(f, 10 + head[8] + 256 * head[9], SEEK_SET) != 0)
        return 1;
    while (fread(image, 1, IMAGE, f) == IMAGE) {
        inputs_frontend(image, rows, arena);
        for (int i = 0; i < INPUTS_TAIL_SCALE_LEN; i++) {
            scale[i] = 0;
            for (int k = 0; k < ROWS / INPUTS_TAIL_SCALE_LEN; k++)
                scale[i] += rows[i * (ROWS / INPUTS_TAIL_SCALE_LEN) + k];
            scale[i] /= ROWS / INPUTS_TAIL_SCALE_LEN;
        }
        inputs_tail(rows, scale, score, arena);
        printf("%.6f\n", (double)score[0]);
    }
    return fclose(f) != 0;
}
