/* languages.c - windows of text in several languages.
 *
 *   languages COUNT SEED OUT FILE...
 *
 * COUNT windows of each file, in turns; a file has a-z and blanks. OUT-letters u8 [n, 100],
 * blank 0, a to z 1 to 26; OUT-language u8 [n], the number of the file. */
#include "made.h"

#define LENGTH 100

int main(int argc, char **argv)
{
    static char *text[16];
    static long bytes[16];
    const int n_files = argc - 4;
    if (n_files < 1 || n_files > 16)
        die("languages COUNT SEED OUT FILE...");
    for (int i = 0; i < n_files; i++) {
        FILE *f = fopen(argv[4 + i], "rb");
        if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (bytes[i] = ftell(f)) < 2 * LENGTH)
            die("%s is missing or too short", argv[4 + i]);
        text[i] = malloc((size_t)bytes[i]);
        rewind(f);
        if (fread(text[i], 1, (size_t)bytes[i], f) != (size_t)bytes[i])
            die("cannot read %s", argv[4 + i]);
        fclose(f);
    }
    const int count = atoi(argv[1]) * n_files;
    Random r = { (uint64_t)atoi(argv[2]) };
    char path[512];
    snprintf(path, sizeof path, "%s-letters", argv[3]);
    FILE *letters = idx_create(path, 8, 2, (int[]){ count, LENGTH });
    snprintf(path, sizeof path, "%s-language", argv[3]);
    FILE *language = idx_create(path, 8, 1, &count);
    for (int i = 0; i < count; i++) {
        const int k = i % n_files;
        const long at = (long)(random_next(&r) % (uint64_t)(bytes[k] - LENGTH));
        for (int j = 0; j < LENGTH; j++) {
            const char c = text[k][at + j];
            fputc(c >= 'a' && c <= 'z' ? c - 'a' + 1 : 0, letters);
        }
        fputc(k, language);
    }
    file_close(letters);
    file_close(language);
    return 0;
}
