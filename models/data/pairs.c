/* pairs.c - pairs of images from IDX files: do the two show the same class?
 *
 *   pairs IMAGES LABELS COUNT SEED FIRST LAST OUT
 *
 * Takes images of classes FIRST to LAST; half of the pairs are of one class. Writes
 * OUT-pairs, u8 [COUNT, 2, 28, 28], and OUT-same, 0 or 1. */
#include "made.h"

#define PIXELS 784

static uint8_t *read_idx(const char *path, int head, long *bytes)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        die("cannot read %s", path);
    *bytes = ftell(f) - head;
    uint8_t *data = malloc((size_t)*bytes);
    if (data == NULL || fseek(f, head, SEEK_SET) != 0 ||
        fread(data, 1, (size_t)*bytes, f) != (size_t)*bytes)
        die("cannot read %s", path);
    fclose(f);
    return data;
}

int main(int argc, char **argv)
{
    if (argc != 8)
        die("pairs IMAGES LABELS COUNT SEED FIRST LAST OUT");
    long bytes, n;
    uint8_t *images = read_idx(argv[1], 16, &bytes), *labels = read_idx(argv[2], 8, &n);
    const int count = atoi(argv[3]), first = atoi(argv[5]), last = atoi(argv[6]);
    Random r = { (uint64_t)atoi(argv[4]) };
    char path[512];
    snprintf(path, sizeof path, "%s-pairs", argv[7]);
    FILE *pairs = idx_create(path, 8, 4, (int[]){ count, 2, 28, 28 });
    snprintf(path, sizeof path, "%s-same", argv[7]);
    FILE *same = idx_create(path, 8, 1, &count);
    for (int i = 0; i < count; i++) {
        const int equal = random_below(&r, 2);
        int a, b;
        do
            a = random_below(&r, (int)n);
        while (labels[a] < first || labels[a] > last);
        do
            b = random_below(&r, (int)n);
        while (labels[b] < first || labels[b] > last || a == b || (labels[a] == labels[b]) != equal);
        fwrite(images + (long)a * PIXELS, 1, PIXELS, pairs);
        fwrite(images + (long)b * PIXELS, 1, PIXELS, pairs);
        fputc(equal, same);
    }
    file_close(pairs);
    file_close(same);
    free(images);
    free(labels);
    return 0;
}
