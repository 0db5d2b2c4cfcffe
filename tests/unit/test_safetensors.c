/* test_safetensors.c - weights: good files, every truncation, headers that lie. */
#include "import/safetensors.h"
#include "import/weights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FILE_BYTES = 1024 };

typedef struct Bytes {
    char at[FILE_BYTES];
    size_t n;
} Bytes;

static Bytes file_of(const char *header, const void *data, size_t data_bytes)
{
    Bytes b = { .n = 8 + strlen(header) + data_bytes };
    assert_true(b.n <= FILE_BYTES);
    b.at[0] = (char)(strlen(header) & 255);
    b.at[1] = (char)(strlen(header) >> 8);
    memcpy(b.at + 8, header, strlen(header));
    memcpy(b.at + 8 + strlen(header), data, data_bytes);
    return b;
}

static const float values[3] = { 1.5f, -2.0f, 0.25f };
static const char good[] =
    "{\"__metadata__\":{\"by\":\"test\"},"
    "\"net/w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
    "\"net/b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}  ";

static const char *read_text(Arena *a, const char *header, size_t data_bytes)
{
    SafeFile file;
    Bytes b = file_of(header, values, data_bytes);
    char *copy = malloc(b.n); /* exactly as long as the file: reads past it are seen */
    memcpy(copy, b.at, b.n);
    const char *why = safetensors_read(a, copy, b.n, &file);
    free(copy);
    return why;
}

static void test_good(void **state)
{
    Arena *a = arena_create("test");
    SafeFile file;
    Tensor *t;
    Bytes b = file_of(good, values, sizeof values);
    (void)state;
    assert_null(safetensors_read(a, b.at, b.n, &file));
    assert_int_equal(file.tensor.n, 2);
    assert_string_equal(file.tensor.at[0].name, "net/w");
    assert_int_equal(file.tensor.at[0].shape.rank, 1);
    assert_true(safetensors_values(a, &file, &file.tensor.at[0], &t));
    assert_true(t->at[0] == 1.5 && t->at[1] == -2.0);
    assert_true(safetensors_values(a, &file, &file.tensor.at[1], &t));
    assert_true(t->at[0] == 0.25);
    arena_destroy(a);
}

static void test_truncated(void **state)
{
    Arena *a = arena_create("test");
    Bytes b = file_of(good, values, sizeof values);
    (void)state;
    for (size_t n = 0; n < b.n; n++) {
        SafeFile file;
        char *copy = malloc(n + 1);
        memcpy(copy, b.at, n);
        char *exact = realloc(copy, n > 0 ? n : 1);
        assert_non_null(safetensors_read(a, exact, n, &file));
        free(exact);
    }
    arena_destroy(a);
}

static void test_lies(void **state)
{
    static const struct {
        const char *header, *why;
    } lie[] = {
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,16]}}",
          "outside" },
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,4]}}",
          "outside" },
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,12]}}",
          "shape" },
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],"
          "\"data_offsets\":[0,12]}}",
          "shape" },
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[1073741824,1073741824,1073741824],"
          "\"data_offsets\":[0,12]}}",
          "shape" },
        { "{\"w\":{\"dtype\":\"F99\",\"shape\":[3],\"data_offsets\":[0,12]}}",
          "dtype" },
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,3],"
          "\"data_offsets\":[0,12]}}",
          "too long" },
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "after" },
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", "gap" },
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},"
          "\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
          "twice" },
        { "{\"w\":{\"dtype\":\"F32\",\"shape\":[3]}}", "" },
        { "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[3]}}", "unexpected" },
        { "{\"w\":[0]}", "lacks" },
        { "[]", "lacks" },
        { "", "lacks" },
        { "{\"w\\u00e9\":1}", "ASCII" },
        { "{\"w\\q\":1}", "escape" },
    };
    Arena *a = arena_create("test");
    (void)state;
    for (size_t i = 0; i < sizeof lie / sizeof lie[0]; i++) {
        const char *why = read_text(a, lie[i].header, sizeof values);
        assert_non_null(why);
        if (strstr(why, lie[i].why) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", why, lie[i].why);
    }
    arena_destroy(a);
}

/* Random edits: never a read past the end (ASan), never two answers for one file. */
static void test_edits(void **state)
{
    uint64_t random = 1;
    Bytes b = file_of(good, values, sizeof values);
    (void)state;
    for (int round = 0; round < 20000; round++) {
        Arena *a = arena_create("test");
        SafeFile file;
        Tensor *t;
        char *copy = malloc(b.n);
        memcpy(copy, b.at, b.n);
        for (int e = 0; e < 3; e++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            copy[(random >> 33) % b.n] = (char)(random >> 24);
        }
        if (safetensors_read(a, copy, b.n, &file) == NULL)
            for (int i = 0; i < file.tensor.n; i++)
                safetensors_values(a, &file, &file.tensor.at[i], &t);
        free(copy);
        arena_destroy(a);
    }
}

static void test_match(void **state)
{
    Arena *a = arena_create("test");
    DiagSink *sink = diag_sink_new(a);
    Weights w;
    Bytes b = file_of(good, values, sizeof values);
    WeightWanted wanted[] = { { "net/w", DTYPE_F32, shape_1(2) },
                              { "net/b", DTYPE_F32, { 0 } },
                              { "net/c", DTYPE_F32, shape_1(7) } };
    (void)state;
    assert_true(weights_read(a, 2, wanted, "f", b.at, b.n, sink, &w));
    assert_true(weights_find(&w, "net/b")->at[0] == 0.25);
    assert_null(weights_find(&w, "net/c"));
    assert_false(weights_read(a, 3, wanted, "f", b.at, b.n, sink, &w)); /* missing */
    assert_false(weights_read(a, 1, wanted, "f", b.at, b.n, sink, &w)); /* extra */
    wanted[0].shape = shape_1(3);
    assert_false(weights_read(a, 2, wanted, "f", b.at, b.n, sink, &w));
    assert_int_equal(diag_error_count(sink), 3);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),  cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_lies),  cmocka_unit_test(test_edits),
        cmocka_unit_test(test_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
