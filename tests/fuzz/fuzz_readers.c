/* fuzz_readers.c - data files with random damage: every reader delivers samples or says
 * why not, and asks for no more memory than such small files justify.
 *
 *   fuzz_readers SECONDS [SEED]
 *
 * Values that are read are checked: an index below its bound, floats finite. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/files.h"
#include "host/data/reader.h"
#include "host/data/shuffle.h"

enum { ROOM = 1 << 16, MOST_BYTES = 256 << 20 };

void *__real_aligned_alloc(size_t alignment, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
static size_t largest;

void *__wrap_aligned_alloc(size_t alignment, size_t bytes)
{
    largest = bytes > largest ? bytes : largest;
    return bytes > MOST_BYTES ? NULL : __real_aligned_alloc(alignment, bytes);
}

typedef struct Target {
    const char *file; /* that is damaged */
    dlc_source source;
    int n_fields;
    dlc_field field[2];
} Target;

#define SOURCE(kind_, path_, ...)                                                      \
    {                                                                                  \
        .kind = DLC_SOURCE_##kind_, .path = { path_ }, .n_paths = 1, __VA_ARGS__       \
    }
#define IMAGE                                                                          \
    {                                                                                  \
        "image",                                                                       \
        {                                                                              \
            .dtype = DLC_U8, .rank = 3, .dim = { 6, 5, 3 }                             \
        }                                                                              \
    }
#define CLASS                                                                          \
    {                                                                                  \
        "class",                                                                       \
        {                                                                              \
            .dtype = DLC_U8, .bound = 1                                                \
        }                                                                              \
    }
#define VALUES                                                                         \
    {                                                                                  \
        "x",                                                                           \
        {                                                                              \
            .dtype = DLC_F32, .rank = 1, .dim = { 2 }                                  \
        }                                                                              \
    }
#define WORDS                                                                          \
    {                                                                                  \
        "words",                                                                       \
        {                                                                              \
            .dtype = DLC_U16, .rank = 1, .dim = { 4 }, .bound = 300                    \
        }                                                                              \
    }

static const Target targets[] = {
    { "png/a/1.png", SOURCE(IMAGES, "png", .line = 1), 2, { IMAGE, CLASS } },
    { "jpg/a/1.jpg", SOURCE(IMAGES, "jpg", .line = 1), 2, { IMAGE, CLASS } },
    { "wav/a/1.wav",
      SOURCE(WAV, "wav", .rate = 8000),
      2,
      { { "audio", { .dtype = DLC_F32, .rank = 1, .dim = { 200 } } }, CLASS } },
    { "x.npy", SOURCE(NPY, "x.npy", .line = 1), 1, { VALUES } },
    { "x.npz",
      { .kind = DLC_SOURCE_NPZ, .path = { "x.npz", "x" }, .n_paths = 2 },
      1,
      { VALUES } },
    { "i.idx",
      SOURCE(IDX, "i.idx", .line = 1),
      1,
      { { "label", { .dtype = DLC_U8, .bound = 10 } } } },
    { "t.csv",
      SOURCE(CSV, "t.csv", .header = true, .target = "y"),
      2,
      { VALUES, { "y", { .dtype = DLC_F32 } } } },
    { "w.csv",
      SOURCE(CSV, "w.csv", .header = true, .window = 2, .ahead = 1, .target = "y"),
      2,
      { { "window", { .dtype = DLC_F32, .rank = 2, .dim = { 2, 3 } } },
        { "y", { .dtype = DLC_F32 } } } },
    { "r.csv",
      SOURCE(CSV, "r.csv", .tokens = DLC_TOKENS_WORDS, .vocab = "list.txt"),
      2,
      { WORDS, { "y", { .dtype = DLC_F32 } } } },
    { "a.txt",
      SOURCE(TEXT, "a.txt", .tokens = DLC_TOKENS_CHARS),
      1,
      { { "text", { .dtype = DLC_U8, .rank = 1, .dim = { 4 }, .bound = 96 } } } },
    { "list.txt",
      SOURCE(TEXT, "b.txt", .tokens = DLC_TOKENS_CHARS, .vocab = "list.txt"),
      1,
      { { "text", { .dtype = DLC_U16, .rank = 1, .dim = { 4 }, .bound = 300 } } } },
};
enum { TARGETS = sizeof targets / sizeof targets[0] };

static void make_files(void)
{
    static unsigned char pixels[8 * 7 * 3], npy[400];
    static const float values[] = { 1, 2, 3, 4, 5, 6 };
    static const unsigned char idx[] = { 0, 0, 8, 1, 0, 0, 0, 4, 9, 3, 0, 1 };
    static const char *const folders[] = { "png",   "png/a", "jpg",
                                           "jpg/a", "wav",   "wav/a" };
    int16_t tone[300];
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        make_folder(folders[i]);
    }
    for (size_t i = 0; i < sizeof pixels; i++) {
        pixels[i] = (unsigned char)(i * i);
    }
    for (int i = 0; i < 300; i++) {
        tone[i] = (int16_t)(i * 77);
    }
    write_png("png/a/1.png", pixels, 8, 7);
    write_jpeg("jpg/a/1.jpg", pixels, 8, 7);
    write_wav("wav/a/1.wav", tone, 300, 1, 16000);
    const size_t n = make_npy(npy, "<f4", "(3, 2)", values, sizeof values);
    write_bytes("x.npy", npy, n);
    write_zip("x.npz", "x.npy", npy, n, 1);
    write_bytes("i.idx", idx, sizeof idx);
    write_text("t.csv", "a,\"y\",b\n1,2,3\n4,\"5\",6\n");
    write_text("w.csv", "day,a,y,b\nmon,1,2,3\ntue,4,5,6\nwed,1,2,3\nthu,1,1,1\n");
    write_text("r.csv", "\"good, bad film\",1\nfilm,0\n");
    write_text("a.txt", "some text\nof lines\n");
    write_text("b.txt", "abcabcabc");
    write_text("list.txt", "a\nb\nc\ngood\nfilm\n");
}

/* A few edits: a bit, a byte, a run copied, removed, or set to an extreme. */
static size_t damage(unsigned char *file, size_t n, Random *random)
{
    static const unsigned char extreme[] = { 0, 1, 0x7F, 0x80, 0xFF };
    for (uint32_t k = 1 + dlc_random_below(random, 4); k > 0 && n > 0; k--) {
        const size_t at = dlc_random_below(random, (uint32_t)n);
        size_t run = 1 + dlc_random_below(random, 8);
        run = at + run > n ? n - at : run;
        switch (dlc_random_below(random, 6)) {
        case 0:
            file[at] ^= (unsigned char)(1u << dlc_random_below(random, 8));
            break;
        case 1:
            file[at] = (unsigned char)dlc_random_next(random);
            break;
        case 2:
            memset(file + at, extreme[dlc_random_below(random, 5)], run);
            break;
        case 3:
            memmove(file + at, file + at + run, n - at - run);
            n -= run;
            break;
        case 4:
            if (n + run <= ROOM) {
                memmove(file + at + run, file + at, n - at);
                n += run;
            }
            break;
        default:
            n = dlc_random_below(random, 8) == 0 ? at : n;
        }
    }
    return n;
}

static bool values_hold(const Table *table)
{
    for (int f = 0; f < table->n_fields; f++) {
        const dlc_type *type = &table->field[f].type;
        const int64_t n = dlc_type_count(type);
        for (int64_t s = 0; s < table->count; s++) {
            const unsigned char *at = dlc_table_at(table, f, s);
            if (dlc_value_find_bad(at, n, type) >= 0) {
                return false;
            }
            for (int64_t i = 0; type->dtype == DLC_F32 && i < n; i++) {
                if (!isfinite(dlc_value_load(at + 4 * i, DLC_F32))) {
                    return false;
                }
            }
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    static unsigned char file[ROOM], good[TARGETS][ROOM];
    static size_t n_good[TARGETS];
    const double seconds = argc > 1 ? atof(argv[1]) : 1, start = dlc_clock();
    const Places places = { NULL, "x.dl" };
    long runs = 0, read = 0;
    make_files();
    for (int t = 0; t < TARGETS; t++) {
        n_good[t] = read_bytes(targets[t].file, good[t], ROOM);
    }
    for (; dlc_clock() - start < seconds; runs++) {
        Random random = dlc_random(argc > 2 ? strtoul(argv[2], NULL, 10) : 1,
                                   PURPOSE_SAMPLE, (uint32_t)runs);
        const int t = (int)(runs % TARGETS);
        const Target *target = &targets[t];
        const bool whole = runs < TARGETS; /* undamaged, at first */
        Table table;
        Fault fault = { .message = "" };
        memcpy(file, good[t], n_good[t]);
        write_bytes(target->file, file,
                    whole ? n_good[t] : damage(file, n_good[t], &random));
        largest = 0;
        const bool done = dlc_table_load(&table, &target->source, target->n_fields,
                                         target->field, &places, &fault);
        const bool holds =
            done ? values_hold(&table) : fault.message[0] != '\0' && !whole;
        dlc_table_release(&table);
        write_bytes(target->file, good[t], n_good[t]);
        read += done;
        if (!holds || largest > MOST_BYTES) {
            printf("FAILED: run %ld, %s: %s; %zu bytes asked for\n", runs, target->file,
                   done ? "values" : fault.message, largest);
            return 1;
        }
    }
    printf("%ld files, %ld of them read\n", runs, read);
    return runs > TARGETS ? 0 : 1;
}
