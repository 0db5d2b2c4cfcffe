/* readers_test.c - the readers on good and on broken files: every refusal names the
 * file, the place and what was expected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "host/data/batch.h"
#include "host/data/csv.h"
#include "host/data/idx.h"
#include "host/data/npy.h"
#include "host/data/reader.h"

static Fault fault;

static void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

static void write_gzip(const char *path, const void *bytes, unsigned n)
{
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, n), (int)n);
    assert_int_equal(gzclose(file), Z_OK);
}

/* ---- IDX ------------------------------------------------------------------------- */

static const dlc_field image = { "image",
                                 { .dtype = DLC_U8, .rank = 2, .dim = { 2, 3 } } };
static const dlc_field pixels = { "image",
                                  { .dtype = DLC_U8, .rank = 3, .dim = { 2, 3, 1 } } };
static const dlc_field label = { "label", { .dtype = DLC_U8, .bound = 10 } };
static const dlc_field wide = { "word", { .dtype = DLC_U16, .bound = 300 } };
static const dlc_field real = { "x", { .dtype = DLC_F32, .rank = 1, .dim = { 2 } } };

/* Two images of 2 x 3. */
static const unsigned char two_images[] = {
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2,  0,  0,
    0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
};
static const unsigned char two_labels[] = { 0, 0, 8, 1, 0, 0, 0, 2, 9, 3 };

static void idx_good(const char *path, const dlc_field *field)
{
    int64_t count = 0;
    unsigned char *data = dlc_idx_read(path, field, &count, &fault);
    assert_non_null(data);
    assert_int_equal(count, 2);
    assert_memory_equal(data, two_images + 16, 12);
    free(data);
}

static void test_idx_reads_plain_and_gzip(void **state)
{
    (void)state;
    write_bytes("good.idx", two_images, sizeof two_images);
    write_gzip("good.idx.gz", two_images, sizeof two_images);
    idx_good("good.idx", &image);
    idx_good("good.idx.gz", &image);
    idx_good("good.idx", &pixels); /* extents of 1 do not matter */
}

static void test_idx_converts(void **state)
{
    static const unsigned char big[] = { 0, 0, 0x0D, 2,    0, 0, 0,    1, 0, 0,
                                         0, 2, 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0 };
    int64_t count = 0;
    (void)state;
    write_bytes("real.idx", big, sizeof big);
    unsigned char *data = dlc_idx_read("real.idx", &real, &count, &fault);
    assert_non_null(data);
    float f[2];
    memcpy(f, data, sizeof f);
    assert_true(f[0] == 1.0F && f[1] == -2.0F);
    free(data);
    write_bytes("labels.idx", two_labels, sizeof two_labels);
    data = dlc_idx_read("labels.idx", &wide, &count, &fault);
    assert_non_null(data);
    uint16_t w[2];
    memcpy(w, data, sizeof w);
    assert_true(w[0] == 9 && w[1] == 3);
    free(data);
}

static void idx_refused(const void *bytes, size_t n, const dlc_field *field,
                        const char *message)
{
    int64_t count = 0;
    write_bytes("bad.idx", bytes, n);
    assert_null(dlc_idx_read("bad.idx", field, &count, &fault));
    assert_string_equal(fault.message, message);
}

static void test_idx_refuses(void **state)
{
    unsigned char bytes[sizeof two_images + 1] = { 0 };
    (void)state;
    idx_refused("", 0, &image,
                "bad.idx: offset 0: not an IDX file, expected bytes 00 00");
    idx_refused("PK\3\4", 4, &image,
                "bad.idx: offset 0: not an IDX file, expected bytes 00 00");
    idx_refused(two_images, 9, &image,
                "bad.idx: ends at offset 9, inside its 3 extents");
    idx_refused(two_images, sizeof two_images - 1, &image,
                "bad.idx: ends at offset 27, expected 28 bytes for 2 samples");
    memcpy(bytes, two_images, sizeof two_images);
    idx_refused(bytes, sizeof bytes, &image,
                "bad.idx: goes on after offset 28, where its data should end");
    bytes[2] = 0x0D;
    idx_refused(bytes, sizeof two_images, &image,
                "bad.idx: offset 2: element type 0x0D (f32), expected image: u8[2, 3]");
    bytes[2] = 0x77;
    idx_refused(
        bytes, sizeof two_images, &image,
        "bad.idx: offset 2: element type 0x77 (unknown), expected image: u8[2, 3]");
    bytes[2] = 8;
    bytes[15] = 4;
    idx_refused(
        bytes, sizeof two_images, &image,
        "bad.idx: offset 4: extents 2 x 2 x 4, expected samples of image: u8[2, 3]");
    bytes[15] = 3;
    bytes[7] = 0;
    idx_refused(bytes, 16, &image, "bad.idx: offset 4: holds no samples");
    idx_refused(two_labels, sizeof two_labels, &image,
                "bad.idx: offset 4: extents 2, expected samples of image: u8[2, 3]");
}

static void test_idx_checks_labels(void **state)
{
    unsigned char bytes[sizeof two_labels];
    (void)state;
    memcpy(bytes, two_labels, sizeof bytes);
    bytes[9] = 10;
    idx_refused(bytes, sizeof bytes, &label,
                "bad.idx: offset 9: label is 10, expected an integer in 0 .. 9");
}

/* Four billion images are claimed: the answer must come without the memory for them. */
static void test_idx_huge_claim(void **state)
{
    unsigned char bytes[sizeof two_images];
    (void)state;
    memcpy(bytes, two_images, sizeof bytes);
    memset(bytes + 4, 0xFF, 4);
    idx_refused(bytes, sizeof bytes, &image,
                "bad.idx: ends at offset 28, expected 25769803786 bytes for 4294967295 "
                "samples");
}

static void test_idx_broken_gzip(void **state)
{
    unsigned char packed[200];
    int64_t count = 0;
    (void)state;
    write_gzip("whole.gz", two_images, sizeof two_images);
    FILE *file = fopen("whole.gz", "rb");
    const size_t n = fread(packed, 1, sizeof packed, file);
    fclose(file);
    write_bytes("cut.gz", packed, n - 9);
    assert_null(dlc_idx_read("cut.gz", &image, &count, &fault));
    assert_non_null(strstr(fault.message, "cut.gz: gzip data is truncated after"));
    for (size_t part = 0; part < n; part++) {
        write_bytes("part.gz", packed, part);
        assert_null(dlc_idx_read("part.gz", &image, &count, &fault));
    }
    packed[n - 6] ^= 1; /* the checksum */
    write_bytes("crc.gz", packed, n);
    assert_null(dlc_idx_read("crc.gz", &image, &count, &fault));
    assert_non_null(strstr(fault.message, "crc.gz: gzip data is corrupt after"));
}

/* Every prefix of a good file is refused, none crashes. */
static void test_idx_every_prefix(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof two_images; n++) {
        int64_t count = 0;
        write_bytes("prefix.idx", two_images, n);
        assert_null(dlc_idx_read("prefix.idx", &image, &count, &fault));
        assert_non_null(strstr(fault.message, "prefix.idx"));
    }
}

/* ---- CSV ------------------------------------------------------------------------- */

static const dlc_field houses[] = {
    { "x", { .dtype = DLC_F32, .rank = 1, .dim = { 2 } } },
    { "kind", { .dtype = DLC_U8, .bound = 3 } },
};

static bool read_csv(const char *text, bool header, Table *table)
{
    const dlc_source source = { .kind = DLC_SOURCE_CSV, .header = header };
    assert_true(dlc_table_init(table, 2, houses, &fault));
    write_text("table.csv", text);
    return dlc_csv_read("table.csv", &source, NULL, table, &fault);
}

static void csv_good(const char *text, bool header)
{
    static const float x[] = { 1.5F, -2, 3e2F, 0.25F };
    static const uint8_t kind[] = { 2, 0 };
    Table table;
    assert_true(read_csv(text, header, &table));
    assert_int_equal(table.count, 2);
    assert_memory_equal(table.column[0], x, sizeof x);
    assert_memory_equal(table.column[1], kind, sizeof kind);
    dlc_table_release(&table);
}

static void test_csv_reads(void **state)
{
    (void)state;
    csv_good("1.5,-2,2\n3e2,0.25,0\n", false);
    csv_good("1.5,-2,2\r\n\r\n3e2,0.25,0", false);
    csv_good("a,\"b \"\"c\"\", d\n\",kind\n1.5,-2,2\n3e2,0.25,0\n", true);
    csv_good("\"1.5\", -2 ,\"2\"\n300,.25,0\n\n", false);
    csv_good("\xEF\xBB\xBF"
             "1.5,-2,2\n3e2,0.25,0\n",
             false);
}

static void csv_refused(const char *text, bool header, const char *message)
{
    Table table;
    assert_false(read_csv(text, header, &table));
    assert_string_equal(fault.message, message);
    dlc_table_release(&table);
}

static void test_csv_refuses(void **state)
{
    (void)state;
    csv_refused("", false, "table.csv: holds no rows");
    csv_refused("", true, "table.csv: is empty, expected a header");
    csv_refused("a,b,c\n", true, "table.csv: holds no rows");
    csv_refused("1,2\n", false,
                "table.csv:1: 2 columns, expected 3 (the fields' size)");
    csv_refused("1,2,0\n1,2,0,4\n", false,
                "table.csv:2: 4 columns, expected 3 (the fields' size)");
    csv_refused("a,b\n1,2,0\n", true,
                "table.csv:1: header has 2 columns, expected 3 (the fields' size)");
    csv_refused("a,b,c\n1,,0\n", true,
                "table.csv:2: column 2 (b) is empty, expected a number for x");
    csv_refused("1,2,0\n\n1,NA,0\n", false,
                "table.csv:3: column 2 is \"NA\", expected a number for x");
    csv_refused("1,2x,0\n", false,
                "table.csv:1: column 2 is \"2x\", expected a number for x");
    csv_refused("1,2,3\n", false,
                "table.csv:1: column 3 is 3, expected an integer in 0 .. 2");
    csv_refused("1,2,0.5\n", false,
                "table.csv:1: column 3 is 0.5, expected an integer in 0 .. 2");
    csv_refused("1,1e39,0\n", false,
                "table.csv:1: column 2 is 1e39, expected a finite f32 number");
    csv_refused("1,nan,0\n", false,
                "table.csv:1: column 2 is nan, expected a finite f32 number");
    csv_refused("1,\"2,0\n3,4,0\n", false, "table.csv:1: quote is never closed");
    csv_refused("1,\"2\"3,0\n", false,
                "table.csv:1: column 2: unexpected text after a closing quote");
}

static void test_csv_header_hint(void **state)
{
    Table table;
    (void)state;
    assert_false(read_csv("a,b,c\n1,2,0\n", false, &table));
    assert_string_equal(fault.help, "if line 1 names the columns: header=true");
    dlc_table_release(&table);
}

/* ---- NPY ------------------------------------------------------------------------- */

static size_t npy(unsigned char *to, const char *dictionary, const void *data, size_t n)
{
    const size_t length = strlen(dictionary);
    memcpy(to, "\x93NUMPY\1\0", 8);
    to[8] = (unsigned char)length;
    to[9] = 0;
    memcpy(to + 10, dictionary, length);
    memcpy(to + 10 + length, data, n);
    return 10 + length + n;
}

static unsigned char *read_npy(const char *dictionary, const void *data, size_t n,
                               const dlc_field *field, int64_t *count)
{
    unsigned char bytes[400];
    const size_t size = npy(bytes, dictionary, data, n);
    write_bytes("a.npy", bytes, size);
    return dlc_npy_read("a.npy", field, true, count, &fault);
}

static void test_npy(void **state)
{
    static const double d[] = { 1, 2, 3, 4 };
    static const float f[] = { 1, 2, 3, 4 };
    static const char *const header =
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }\n";
    int64_t count = 0;
    (void)state;
    unsigned char *data = read_npy(header, d, sizeof d, &real, &count);
    assert_non_null(data);
    assert_int_equal(count, 2);
    assert_memory_equal(data, f, sizeof f);
    free(data);
    data = read_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", f, 8,
                    &real, &count);
    assert_non_null(data);
    assert_int_equal(count, 1);
    free(data);
    assert_null(read_npy(header, d, sizeof d - 1, &real, &count));
    assert_string_equal(fault.message, "a.npy: ends at offset 101, expected 102 bytes");
    assert_null(read_npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", f,
                         8, &real, &count));
    assert_string_equal(fault.message,
                        "a.npy: offset 10: Fortran order, expected C order");
    assert_null(read_npy("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", f,
                         8, &real, &count));
    assert_string_equal(fault.message,
                        "a.npy: offset 10: element type i4, expected x: f32[2]");
    assert_null(read_npy("{'descr': '<f4', 'fortran_order': False, "
                         "'shape': (999999999999999999, 2), }",
                         f, 8, &real, &count));
    assert_null(read_npy("{'descr': '<f4', 'shape': (2", f, 0, &real, &count));
    unsigned char bytes[400];
    const size_t n = npy(bytes, header, d, sizeof d);
    for (size_t part = 0; part < n; part++) {
        write_bytes("part.npy", bytes, part);
        assert_null(dlc_npy_read("part.npy", &real, true, &count, &fault));
        assert_non_null(strstr(fault.message, "part.npy"));
    }
}

/* ---- splits, lookup, batches ----------------------------------------------------- */

static const dlc_field one[] = { { "v", { .dtype = DLC_I32 } } };
static double rows[100];

static dlc_data row_data(void)
{
    for (int i = 0; i < 100; i++) {
        rows[i] = i;
    }
    return (dlc_data){
        .name = "rows",
        .n_fields = 1,
        .field = one,
        .split = { [DLC_ALL] = { .kind = DLC_SOURCE_ROWS,
                                 .rows = rows,
                                 .n_rows = 100 } },
    };
}

static int32_t value_of(const Split *split, uint32_t i)
{
    int32_t v;
    memcpy(&v, split->table->column[0] + split->index[i] * sizeof v, sizeof v);
    return v;
}

/* The splits named hold `total` samples, none twice. */
static void assert_disjoint(const Dataset *set, int total)
{
    int seen[100] = { 0 }, count = 0;
    for (int s = DLC_TRAIN; s <= DLC_TEST; s++) {
        for (uint32_t i = 0; i < set->split[s].count; i++) {
            assert_int_equal(seen[value_of(&set->split[s], i)]++, 0);
            count++;
        }
    }
    assert_int_equal(count, total);
}

static void test_splits(void **state)
{
    const Places places = { NULL, "x.dl" };
    dlc_data data = row_data();
    Dataset set, other;
    (void)state;
    data.n_fractions = 3;
    data.fraction[0] = 0.8;
    data.fraction[1] = data.fraction[2] = 0.1;
    assert_true(dlc_dataset_load(&set, &data, &places, 0, 1, &fault));
    assert_int_equal(set.split[DLC_TRAIN].count, 80);
    assert_int_equal(value_of(&set.split[DLC_TEST], 0), 90); /* in order */
    assert_disjoint(&set, 100);
    dlc_dataset_release(&set);
    data.shuffle = true;
    assert_true(dlc_dataset_load(&set, &data, &places, 0, 1, &fault));
    assert_true(dlc_dataset_load(&other, &data, &places, 0, 2, &fault));
    assert_disjoint(&set, 100);
    assert_memory_equal(set.split[DLC_TEST].index, other.split[DLC_TEST].index, 40);
    dlc_dataset_release(&set);
    dlc_dataset_release(&other);
}

static void test_take_and_validate(void **state)
{
    const Places places = { NULL, "x.dl" };
    dlc_data data = row_data();
    Dataset set, other;
    (void)state;
    data.split[DLC_TRAIN] = data.split[DLC_ALL];
    data.split[DLC_ALL] = (dlc_source){ 0 };
    data.split[DLC_TEST] =
        (dlc_source){ .kind = DLC_SOURCE_TAKE, .from = DLC_TRAIN, .count = 30 };
    assert_true(dlc_dataset_load(&set, &data, &places, 0.1, 1, &fault));
    assert_int_equal(value_of(&set.split[DLC_TEST], 0), 70);
    assert_int_equal(value_of(&set.split[DLC_VALID], 0), 63);
    assert_disjoint(&set, 100);
    dlc_dataset_release(&set);
    data.shuffle = true;
    assert_true(dlc_dataset_load(&set, &data, &places, 0.1, 1, &fault));
    assert_true(dlc_dataset_load(&other, &data, &places, 0.1, 2, &fault));
    assert_disjoint(&set, 100);
    assert_int_equal(set.split[DLC_VALID].count, 7);
    assert_memory_not_equal(set.split[DLC_VALID].index, other.split[DLC_VALID].index,
                            28);
    dlc_dataset_release(&set);
    dlc_dataset_release(&other);
    data.split[DLC_TEST].count = 100;
    assert_false(dlc_dataset_load(&set, &data, &places, 0, 1, &fault));
    assert_string_equal(fault.message,
                        "line 0: take of 100 samples from train, which has 100");
    dlc_dataset_release(&set);
}

static void test_sample_counts_agree(void **state)
{
    static const unsigned char three[] = { 0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3 };
    const dlc_field both[] = { image, label };
    const Places places = { NULL, "x.dl" };
    const dlc_source source = { .kind = DLC_SOURCE_IDX,
                                .n_paths = 2,
                                .path = { "good.idx", "three.idx" } };
    Table table;
    (void)state;
    write_bytes("good.idx", two_images, sizeof two_images);
    write_bytes("three.idx", three, sizeof three);
    assert_false(dlc_table_load(&table, &source, 2, both, &places, &fault));
    assert_string_equal(fault.message, "three.idx has 3 samples, but good.idx has 2");
    dlc_table_release(&table);
}

static void test_find(void **state)
{
    const Places places = { "somewhere", "far/away/x.dl" };
    (void)state;
    setenv("DLC_DATA", "elsewhere/", 1);
    assert_null(dlc_find(&places, "no.idx", &fault));
    assert_string_equal(
        fault.message,
        "data file no.idx not found; tried somewhere/no.idx, "
        "elsewhere/no.idx, no.idx, far/away/no.idx (each also with .gz)");
    unsetenv("DLC_DATA");
    write_gzip("packed.idx.gz", two_images, sizeof two_images);
    char *path = dlc_find(&places, "packed.idx", &fault);
    assert_non_null(path);
    assert_string_equal(path, "packed.idx.gz");
    free(path);
}

static void test_batch_repeats(void **state)
{
    const Places places = { NULL, "x.dl" };
    const dlc_data data = row_data();
    Dataset set;
    Batch batch;
    (void)state;
    assert_true(dlc_dataset_load(&set, &data, &places, 0, 1, &fault));
    assert_true(dlc_batch_init(&batch, 1, one, 64, &fault));
    assert_int_equal(dlc_batch_gather(&batch, &set.split[DLC_TRAIN], NULL, 0), 64);
    assert_int_equal(dlc_batch_gather(&batch, &set.split[DLC_TRAIN], NULL, 64), 36);
    const int32_t *v = batch.data[0];
    assert_int_equal(v[35], 99);
    assert_int_equal(v[36], 0);
    dlc_batch_release(&batch);
    dlc_dataset_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_idx_reads_plain_and_gzip),
        cmocka_unit_test(test_idx_converts),
        cmocka_unit_test(test_idx_refuses),
        cmocka_unit_test(test_idx_checks_labels),
        cmocka_unit_test(test_idx_huge_claim),
        cmocka_unit_test(test_idx_broken_gzip),
        cmocka_unit_test(test_idx_every_prefix),
        cmocka_unit_test(test_csv_reads),
        cmocka_unit_test(test_csv_refuses),
        cmocka_unit_test(test_csv_header_hint),
        cmocka_unit_test(test_npy),
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_take_and_validate),
        cmocka_unit_test(test_sample_counts_agree),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_batch_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
