/* windows.c - a text as windows of characters.
 *
 *   windows TEXT FROM TO STRIDE OUT
 *
 * Of the part of TEXT between two fractions: u8 [n, 97], one window every STRIDE characters;
 * newline is 0, blank to tilde 1 to 95. */
#include "made.h"

#define LENGTH 97

int main(int argc, char **argv)
{
    FILE *f = argc == 6 ? fopen(argv[1], "rb") : NULL;
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        die("windows TEXT FROM TO STRIDE OUT");
    const long bytes = ftell(f), stride = atol(argv[4]);
    const long from = (long)((double)bytes * atof(argv[2]));
    const long to = (long)((double)bytes * atof(argv[3]));
    char *text = malloc((size_t)bytes);
    rewind(f);
    if (text == NULL || fread(text, 1, (size_t)bytes, f) != (size_t)bytes)
        die("cannot read %s", argv[1]);
    fclose(f);
    const int count = (int)((to - from - LENGTH) / stride) + 1;
    FILE *out = idx_create(argv[5], 8, 2, (int[]){ count, LENGTH });
    for (int i = 0; i < count; i++)
        for (int k = 0; k < LENGTH; k++) {
            const char c = text[from + i * stride + k];
            if (c != '\n' && (c < ' ' || c > '~'))
                die("%s has a character that is not ASCII", argv[1]);
            fputc(c == '\n' ? 0 : c - ' ' + 1, out);
        }
    file_close(out);
    free(text);
    return 0;
}
