/* formats_test.c - images, sounds, text, archives, windows: good files, every prefix of
 * them, and a failure at every read and every allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "files.h"
#include "host/data/dataset.h"
#include "host/data/folder.h"
#include "host/data/image.h"
#include "host/data/reader.h"
#include "host/data/wav.h"

static Fault fault;
static const Places places = { NULL, "x.dl" };

/* ---- failures on demand: the linker sends these calls here ------------------------
 */

static int fail_read = -1, fail_memory = -1; /* calls until one fails; < 0: never */

int __real_gzread(gzFile file, void *to, unsigned bytes);
int __wrap_gzread(gzFile file, void *to, unsigned bytes);
const char *__real_gzerror(gzFile file, int *code);
const char *__wrap_gzerror(gzFile file, int *code);
void *__real_aligned_alloc(size_t alignment, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
static int reading_failed = 0;

int __wrap_gzread(gzFile file, void *to, unsigned bytes)
{
    if (fail_read >= 0 && fail_read-- == 0) {
        reading_failed = 1;
        return -1;
    }
    return __real_gzread(file, to, bytes);
}

const char *__wrap_gzerror(gzFile file, int *code)
{
    if (reading_failed) {
        reading_failed = 0;
        *code = Z_ERRNO;
        return "injected";
    }
    return __real_gzerror(file, code);
}

void *__wrap_aligned_alloc(size_t alignment, size_t bytes)
{
    if (fail_memory >= 0 && fail_memory-- == 0) {
        return NULL;
    }
    return __real_aligned_alloc(alignment, bytes);
}

/* ---- one source ------------------------------------------------------------------ */

static bool load(Table *table, dlc_source source, int n_fields, const dlc_field *field)
{
    memset(&fault, 0, sizeof fault);
    return dlc_table_load(table, &source, n_fields, field, &places, &fault);
}

static void refused(dlc_source source, int n_fields, const dlc_field *field,
                    const char *message)
{
    Table table;
    assert_false(load(&table, source, n_fields, field));
    if (strcmp(fault.message, message) != 0) {
        print_error("have: %s\nwant: %s\n", fault.message, message);
    }
    assert_string_equal(fault.message, message);
    dlc_table_release(&table);
}

/* Good once; then with a failure at every read, then at every allocation: each is
 * reported, and leaves nothing behind (the sanitized build looks). */
static void every_failure(dlc_source source, int n_fields, const dlc_field *field)
{
    Table table;
    for (int memory = 0; memory < 2; memory++) {
        int at = 0;
        for (;; at++) {
            *(memory ? &fail_memory : &fail_read) = at;
            const bool done = load(&table, source, n_fields, field);
            const bool reached = *(memory ? &fail_memory : &fail_read) < 0;
            fail_memory = fail_read = -1;
            reading_failed = 0;
            dlc_table_release(&table);
            if (!reached) {
                assert_true(done);
                break;
            }
            assert_false(done);
            assert_true(fault.message[0] != '\0');
        }
        assert_true(at > 0);
    }
}

/* Every prefix of a file is refused, with its name; its last `unread` bytes may miss.
 */
static void every_prefix(dlc_source source, int n_fields, const dlc_field *field,
                         const char *path, size_t unread)
{
    static unsigned char file[1 << 16];
    const size_t n = read_bytes(path, file, sizeof file) - unread;
    Table table;
    for (size_t k = 0; k < n; k += 1 + k / 200) {
        write_bytes(path, file, k);
        const bool done = load(&table, source, n_fields, field);
        dlc_table_release(&table);
        if (done) {
            print_error("%s: %zu of %zu bytes pass\n", path, k, n);
        }
        assert_false(done);
        assert_non_null(strstr(fault.message, path));
    }
    write_bytes(path, file, n + unread);
}

/* ---- CIFAR-10 -------------------------------------------------------------------- */

static const dlc_field cifar[] = {
    { "image", { .dtype = DLC_U8, .rank = 3, .dim = { 32, 32, 3 } } },
    { "label", { .dtype = DLC_U8, .bound = 10 } },
};
static const dlc_source cifar_train = {
    .kind = DLC_SOURCE_CIFAR10, .path = { "cifar" }, .n_paths = 1, .from = DLC_TRAIN
};

static void test_cifar(void **state)
{
    static unsigned char file[2 * 3073];
    Table table;
    (void)state;
    make_folder("cifar");
    for (int i = 0; i < 2 * 3073; i++) {
        file[i] = (unsigned char)(i * 7);
    }
    file[0] = 3;
    file[3073] = 9;
    refused(cifar_train, 2, cifar,
            "cifar: holds no data_batch_1.bin (also not with .gz)");
    write_bytes("cifar/data_batch_1.bin", file, sizeof file);
    write_bytes("cifar/data_batch_2.bin", file, 3073);
    assert_true(load(&table, cifar_train, 2, cifar));
    assert_int_equal(table.count, 3);
    assert_int_equal(table.column[1][1], 9);
    assert_int_equal(table.column[1][2], 3);
    const unsigned char *pixel = dlc_table_at(&table, 0, 1) + (5 * 32 + 6) * 3;
    for (int c = 0; c < 3; c++) {
        assert_int_equal(pixel[c], file[3073 + 1 + c * 1024 + 5 * 32 + 6]);
    }
    dlc_table_release(&table);
    every_failure(cifar_train, 2, cifar);
    file[3073] = 10;
    write_bytes("cifar/data_batch_1.bin", file, sizeof file);
    refused(cifar_train, 2, cifar,
            "cifar/data_batch_1.bin: offset 3073: class 10, "
            "expected an integer in 0 .. 9");
    write_bytes("cifar/data_batch_1.bin", file, 3074);
    refused(cifar_train, 2, cifar,
            "cifar/data_batch_1.bin: ends at offset 3074, "
            "expected records of 3073 bytes");
    unlink("cifar/data_batch_1.bin");
    unlink("cifar/data_batch_2.bin");
}

/* ---- images ---------------------------------------------------------------------- */

static const dlc_field photo[] = {
    { "image", { .dtype = DLC_U8, .rank = 3, .dim = { 2, 2, 3 } } },
    { "kind", { .dtype = DLC_U8, .bound = 2 } },
};
static const dlc_source photos = { .kind = DLC_SOURCE_IMAGES,
                                   .path = { "photos" },
                                   .n_paths = 1 };
static const unsigned char small[] = {
    10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120
};

static void make_photos(void)
{
    unsigned char grey[4 * 4 * 3];
    memset(grey, 90, sizeof grey);
    make_folder("photos");
    make_folder("photos/b");
    make_folder("photos/a");
    make_folder("photos/.hidden");
    write_png("photos/b/2.png", small, 2, 2);
    write_jpeg("photos/b/1.JPG", grey, 4, 4);
    write_png("photos/a/x.png", small, 2, 2);
    write_text("photos/a/notes.txt", "not an image");
}

static void test_images(void **state)
{
    Table table;
    unsigned char image[12];
    (void)state;
    make_photos();
    for (int cache = DLC_CACHE_YES; cache <= DLC_CACHE_NO; cache++) {
        dlc_source source = photos;
        source.cache = (dlc_cache)cache;
        assert_true(load(&table, source, 2, photo));
        assert_int_equal(table.count, 3); /* a/x.png, b/1.JPG, b/2.png */
        assert_int_equal(table.column[0] == NULL, cache == DLC_CACHE_NO);
        assert_memory_equal(table.column[1], "\0\1\1", 3);
        assert_true(dlc_table_get(&table, 0, 0, image, &fault));
        assert_memory_equal(image, small, 12);
        assert_true(dlc_table_get(&table, 0, 1, image, &fault));
        for (int i = 0; i < 12; i++) {
            assert_int_equal(image[i], 90);
        }
        dlc_table_release(&table);
    }
    every_prefix(photos, 2, photo, "photos/a/x.png", 4); /* a CRC of nothing */
    every_prefix(photos, 2, photo, "photos/b/1.JPG", 0);
}

static void test_images_refused(void **state)
{
    (void)state;
    make_photos();
    dlc_field three[] = { photo[0], photo[1] };
    three[1].type.bound = 3;
    refused(photos, 2, three, "photos: holds 2 folders, expected 3, one a class: a, b");
    refused(photos, 1, photo, "photos: holds no PNG or JPEG images");
    write_text("photos/a/x.png", "PNG");
    refused(photos, 2, photo,
            "photos/a/x.png: offset 0: neither a PNG nor a JPEG image");
    /* a header that claims 50000 x 50000 pixels, and one that claims 8000 x 8000 */
    static unsigned char file[1000];
    write_png("photos/a/x.png", small, 2, 2);
    const size_t n = read_bytes("photos/a/x.png", file, sizeof file);
    for (int big = 0; big < 2; big++) {
        const uint32_t extent = big ? 50000 : 8000;
        for (int i = 0; i < 8; i++) {
            file[16 + i] = (unsigned char)(extent >> 8 * (3 - i % 4));
        }
        const unsigned long crc = crc32(0, file + 12, 17);
        for (int i = 0; i < 4; i++) {
            file[29 + i] = (unsigned char)(crc >> 8 * (3 - i));
        }
        write_bytes("photos/a/x.png", file, n);
        Table table;
        assert_false(load(&table, photos, 2, photo));
        assert_non_null(
            strstr(fault.message, big ? "claims 50000 x 50000 pixels, at most"
                                      : "claims 8000 x 8000 pixels, too many "
                                        "for"));
        dlc_table_release(&table);
    }
}

/* By hand: a triangle of radius 2 around 1 and 3 (shrinking by 2), one of radius 1
 * around 1/4, 3/4 ... (growing by 2). */
static void test_resize(void **state)
{
    static const unsigned char four[] = { 0, 70, 140, 210 }, two[] = { 0, 100 };
    unsigned char to[4];
    (void)state;
    assert_true(dlc_image_resize(four, 1, 4, 1, to, 1, 2, &fault));
    assert_int_equal(to[0], 50);  /* (3*0 + 3*70 + 140) / 7 */
    assert_int_equal(to[1], 160); /* (70 + 3*140 + 3*210) / 7 */
    assert_true(dlc_image_resize(two, 2, 1, 1, to, 4, 1, &fault));
    assert_memory_equal(to, "\0\x19\x4b\x64", 4);
}

/* ---- sounds ---------------------------------------------------------------------- */

static const dlc_field sound[] = {
    { "audio", { .dtype = DLC_F32, .rank = 1, .dim = { 400 } } },
    { "word", { .dtype = DLC_U8, .bound = 1 } },
};
static const dlc_source words = {
    .kind = DLC_SOURCE_WAV, .path = { "words" }, .n_paths = 1, .rate = 16000
};

static void test_wav(void **state)
{
    int16_t tone[600];
    Table table;
    (void)state;
    make_folder("words");
    make_folder("words/yes");
    for (int i = 0; i < 600; i++) {
        tone[i] = (int16_t)(i % 2 == 0 ? i * 10 : -i * 10);
    }
    write_wav("words/yes/a.wav", tone, 600, 2, 16000);
    assert_true(load(&table, words, 2, sound));
    const float *audio = (const float *)(const void *)table.column[0];
    for (int i = 0; i < 300; i++) { /* the mean of both channels */
        assert_true(audio[i] == (float)(tone[2 * i] + tone[2 * i + 1]) / 2 / 32768);
    }
    assert_true(audio[300] == 0 && audio[399] == 0);
    dlc_table_release(&table);
    every_prefix(words, 2, sound, "words/yes/a.wav", 0);
    every_failure(words, 2, sound);
    write_wav("words/yes/a.wav", tone, 600, 1, 16001);
    refused(words, 2, sound,
            "words/yes/a.wav: 16001 Hz cannot be resampled to 16000 Hz");
    write_bytes("words/yes/a.wav", "RIFF....WAVEfmt \4\0\0\0....", 24);
    refused(words, 2, sound,
            "words/yes/a.wav: offset 20: format of 4 bytes, expected 16");
}

/* A tone below both Nyquist frequencies stays itself; one above is gone. */
static void test_resample(void **state)
{
    enum { FROM = 22050, TO = 16000 };
    static float from[FROM], to[TO];
    (void)state;
    for (int pass = 0; pass < 2; pass++) {
        const double hertz = pass == 0 ? 1000 : 9500;
        double worst = 0;
        for (int i = 0; i < FROM; i++) {
            from[i] = (float)sin(6.283185307179586 * hertz * i / FROM);
        }
        assert_true(dlc_wav_resample(from, FROM, FROM, to, TO, TO, "tone", &fault));
        for (int i = 200; i < TO - 200; i++) {
            const double want = pass == 0 ? sin(6.283185307179586 * hertz * i / TO) : 0;
            worst = fmax(worst, fabs((double)to[i] - want));
        }
        assert_true(worst < 1e-3);
    }
}

/* ---- text ------------------------------------------------------------------------ */

static const dlc_field letters = {
    "text", { .dtype = DLC_U8, .rank = 1, .dim = { 4 }, .bound = 96 }
};
static const dlc_source chars = { .kind = DLC_SOURCE_TEXT,
                                  .path = { "text.txt" },
                                  .n_paths = 1,
                                  .tokens = DLC_TOKENS_CHARS };

static void test_text(void **state)
{
    Table table;
    dlc_source listed = chars, word = chars;
    (void)state;
    write_text("text.txt", "ab\r\nA\tz~");
    assert_true(load(&table, chars, 1, &letters));
    assert_int_equal(table.count, 4); /* 7 characters */
    assert_int_equal(table.reach, 4);
    assert_memory_equal(dlc_table_at(&table, 0, 0), "\x42\x43\x00\x22", 4);
    assert_memory_equal(dlc_table_at(&table, 0, 3), "\x22\x01\x5b\x5f", 4);
    dlc_table_release(&table);
    every_failure(chars, 1, &letters);
    write_text("text.txt", "ab\ncd\xC3\xA9");
    refused(chars, 1, &letters,
            "text.txt:2:3: character U+00E9 is not in the vocabulary");
    write_text("text.txt", "abc");
    refused(chars, 1, &letters,
            "text.txt: holds 3 tokens, fewer than the 4 of a sample");
    listed.vocab = "list.txt";
    write_text("list.txt", "\xC3\xA9"
                           "abca\n");
    write_text("text.txt", "cab\xC3\xA9");
    assert_true(load(&table, listed, 1, &letters));
    assert_memory_equal(table.column[0], "\3\1\2\0", 4);
    dlc_table_release(&table);
    every_failure(listed, 1, &letters);
    word.vocab = "list.txt";
    word.tokens = DLC_TOKENS_WORDS;
    write_text("list.txt", "the\ncat\n.\nIt\n");
    write_text("text.txt", "The cat,   it isn't. It.");
    assert_true(load(&table, word, 1, &letters));
    assert_int_equal(table.count, 4);
    assert_memory_equal(table.column[0], "\2\3\1\1\4\5\4", 7);
    dlc_table_release(&table);
}

/* ---- CSV ------------------------------------------------------------------------- */

static void test_csv_tokens(void **state)
{
    static const dlc_field review[] = {
        { "words", { .dtype = DLC_U16, .rank = 1, .dim = { 4 }, .bound = 300 } },
        { "positive", { .dtype = DLC_F32, .rank = 1, .dim = { 1 } } },
    };
    dlc_source source = { .kind = DLC_SOURCE_CSV,
                          .path = { "reviews.csv" },
                          .n_paths = 1,
                          .tokens = DLC_TOKENS_WORDS,
                          .vocab = "list.txt",
                          .pad_left = true };
    static const uint16_t left[] = { 0, 0, 2, 3, 4, 1, 2, 3 };
    static const uint16_t right[] = { 2, 3, 0, 0, 1, 4, 1, 2 };
    Table table;
    (void)state;
    write_text("list.txt", "good\nfilm\nbad\n");
    write_text("reviews.csv",
               "\"good film\",1\n\"What a bad, \"\"bad\"\", good film\",0\n");
    write_text("reviews.csv", "\"good film\",1\n\"a bad \"\"odd\"\" , Good film\",0\n");
    assert_true(load(&table, source, 2, review));
    assert_int_equal(table.count, 2);
    assert_memory_equal(table.column[0], left, sizeof left);
    assert_true(((const float *)(const void *)table.column[1])[0] == 1.0F);
    dlc_table_release(&table);
    every_failure(source, 2, review);
    source.pad_left = false;
    assert_true(load(&table, source, 2, review));
    assert_memory_equal(table.column[0], right, sizeof right);
    dlc_table_release(&table);
    source.tokens = DLC_TOKENS_CHARS;
    source.vocab = NULL;
    write_text("reviews.csv", "\xE2\x82\xAC,1\n");
    refused(source, 2, review,
            "reviews.csv:1: column 1 has character U+20AC, which is "
            "not in the vocabulary");
}

static void test_csv_windows(void **state)
{
    static const dlc_field weather[] = {
        { "window", { .dtype = DLC_F32, .rank = 2, .dim = { 3, 2 } } },
        { "next", { .dtype = DLC_F32 } },
    };
    dlc_source source = { .kind = DLC_SOURCE_CSV,
                          .path = { "weather.csv" },
                          .n_paths = 1,
                          .header = true,
                          .window = 3,
                          .ahead = 2,
                          .target = "T (degC)" };
    char text[2000] = "Date,p,\"T (degC)\"\n";
    Table table;
    (void)state;
    for (int i = 0; i < 20; i++) {
        snprintf(text + strlen(text), 60, "01.01.2009 00:%02d:00,%d,%d.5\n", i, i,
                 10 * i);
    }
    write_text("weather.csv", text);
    assert_true(load(&table, source, 2, weather));
    assert_int_equal(table.count, 16); /* the last window is rows 15 .. 17, target 19 */
    assert_int_equal(table.reach, 5);
    const float *w = (const float *)(const void *)dlc_table_at(&table, 0, 15);
    const float *next = (const float *)(const void *)dlc_table_at(&table, 1, 15);
    assert_true(w[0] == 15 && w[1] == 150.5F && w[4] == 17 && w[5] == 170.5F);
    assert_true(*next == 190.5F);
    dlc_table_release(&table);
    every_failure(source, 2, weather);

    /* fractions in the order of time; a window that reaches over a border is in none */
    const dlc_data data = { .name = "weather",
                            .n_fields = 2,
                            .field = weather,
                            .split = { [DLC_ALL] = source },
                            .n_fractions = 2,
                            .fraction = { 0.5, 0.5 },
                            .shuffle = true };
    Dataset set;
    assert_true(dlc_dataset_load(&set, &data, &places, 0, 1, &fault));
    assert_int_equal(set.split[DLC_TRAIN].count, 4);
    assert_int_equal(set.split[DLC_TRAIN].index[3], 3);
    assert_int_equal(set.split[DLC_VALID].count, 8);
    assert_int_equal(set.split[DLC_VALID].index[0], 8);
    dlc_dataset_release(&set);

    source.target = "T(degC)";
    refused(source, 2, weather, "weather.csv:1: no column is called \"T(degC)\"");
    assert_string_equal(fault.help, "did you mean \"T (degC)\"?");
    source.target = "p";
    dlc_field wide[] = { weather[0], weather[1] };
    wide[0].type.dim[1] = 4;
    refused(source, 2, wide,
            "weather.csv:2: 2 columns of numbers, expected 4 (a row of window)");
    write_text("weather.csv", "p,T (degC)\n1,2\n3,\n");
    refused(
        source, 2, weather,
        "weather.csv:3: column 2 (T (degC)) is empty, expected a number for window");
    write_text("weather.csv", "p,T (degC)\n1,2\n3,4\n");
    refused(source, 2, weather, "weather.csv: holds 2 rows, a window takes 5");
}

static void test_csv_target(void **state)
{
    static const dlc_field house[] = {
        { "x", { .dtype = DLC_F32, .rank = 1, .dim = { 2 } } },
        { "price", { .dtype = DLC_F32 } },
    };
    static const float x[] = { 1, 3, 4, 6 }, price[] = { 2, 5 };
    const dlc_source source = { .kind = DLC_SOURCE_CSV,
                                .path = { "houses.csv" },
                                .n_paths = 1,
                                .header = true,
                                .target = "price" };
    Table table;
    (void)state;
    write_text("houses.csv", "rooms,price,age\n1,2,3\n4,5,6\n");
    assert_true(load(&table, source, 2, house));
    assert_memory_equal(table.column[0], x, sizeof x);
    assert_memory_equal(table.column[1], price, sizeof price);
    dlc_table_release(&table);
}

/* ---- archives -------------------------------------------------------------------- */

static void test_npz(void **state)
{
    static unsigned char npy[1 << 12];
    static const float value[] = { 1, 2, 3, 4, 5, 6 };
    static const dlc_field x = { "x", { .dtype = DLC_F32, .rank = 1, .dim = { 2 } } };
    const dlc_source source = { .kind = DLC_SOURCE_NPZ,
                                .path = { "a.npz", "x" },
                                .n_paths = 2 };
    Table table;
    (void)state;
    const size_t n = make_npy(npy, "<f4", "(3, 2)", value, sizeof value);
    for (int deflated = 0; deflated < 2; deflated++) {
        write_zip("a.npz", "x.npy", npy, n, deflated);
        assert_true(load(&table, source, 1, &x));
        assert_int_equal(table.count, 3);
        assert_memory_equal(table.column[0], value, sizeof value);
        dlc_table_release(&table);
        every_prefix(source, 1, &x, "a.npz", 0);
    }
    write_zip("a.npz", "y.npy", npy, n, 1);
    refused(source, 1, &x, "a.npz: holds no x.npy");
    assert_string_equal(fault.help, "it holds y.npy");
    const size_t bad = make_npy(npy, "<f4", "(3, 3)", value, sizeof value);
    write_zip("a.npz", "x.npy", npy, bad, 1);
    refused(source, 1, &x,
            "a.npz (x.npy): offset 10: shape 3 x 3, expected samples of "
            "x: f32[2]");
    /* a bit of the data, which only the CRC knows */
    write_zip("a.npz", "x.npy", npy, n, 0);
    static unsigned char file[1 << 12];
    const size_t bytes = read_bytes("a.npz", file, sizeof file);
    file[35 + n - 1] ^= 1;
    write_bytes("a.npz", file, bytes);
    refused(source, 1, &x, "a.npz: offset 0: x.npy does not have its CRC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cifar),
        cmocka_unit_test(test_images),
        cmocka_unit_test(test_images_refused),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_wav),
        cmocka_unit_test(test_resample),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_csv_tokens),
        cmocka_unit_test(test_csv_windows),
        cmocka_unit_test(test_csv_target),
        cmocka_unit_test(test_npz),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
