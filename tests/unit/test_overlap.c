/* test_overlap.c - how far a result may reach into the memory of an operand: the
 * distance that is computed works, and an element less does not. */
#define _POSIX_C_SOURCE 200809L

#include "interp/loop_interp.h"
#include "loop/build.h"
#include "loop/overlap.h"
#include "support/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N = 24, WIDE = 3 * N };

/* A kernel from x [N] to y [at most WIDE] of one type. */
typedef struct Case {
    const char *name;
    void (*fill)(Kernel *k, const Buffer *x, const Buffer *y);
    int64_t count; /* of y */
    int64_t least; /* elements: the smallest distance that works */
} Case;

static Expr *loop(Kernel *k, const char *name, int64_t end)
{
    return loop_begin_range(k, name, expr_i32(k, 0), expr_i32(k, end), 1);
}

static void fill_pointwise(Kernel *k, const Buffer *x, const Buffer *y)
{
    Expr *i = loop(k, "i", N);
    kernel_store(k, y, i, expr_load(k, x, i, 1));
    loop_end(k);
}

/* y[i] = x[i] + x[i + 2] */
static void fill_window(Kernel *k, const Buffer *x, const Buffer *y)
{
    Expr *i = loop(k, "i", N - 2);
    Expr *far = expr_load(k, x, expr_add(k, i, expr_i32(k, 2)), 1);
    kernel_store(k, y, i, expr_add(k, expr_load(k, x, i, 1), far));
    loop_end(k);
}

/* y[i] = x[i - 1] + x[i] + x[i + 1], nothing outside: rows that a guard leaves out */
static void fill_same(Kernel *k, const Buffer *x, const Buffer *y)
{
    Expr *i = loop(k, "i", N);
    Var *sum = kernel_register(k, "sum", (LoopType){ DTYPE_I32, 1 }, expr_i32(k, 0));
    Expr *t = loop(k, "t", 3);
    Expr *at = kernel_let(k, "at", expr_add(k, expr_add(k, i, t), expr_i32(k, -1)));
    if_begin(k, expr_binary(k, BIN_AND, expr_binary(k, BIN_GE, at, expr_i32(k, 0)),
                            expr_binary(k, BIN_LT, at, expr_i32(k, N))));
    kernel_assign(k, sum, expr_add(k, expr_var(k, sum), expr_load(k, x, at, 1)));
    if_end(k);
    loop_end(k);
    kernel_store(k, y, i, expr_var(k, sum));
    loop_end(k);
}

/* y[2i], y[2i + 1] = x[i] */
static void fill_twice(Kernel *k, const Buffer *x, const Buffer *y)
{
    Expr *i = loop(k, "i", N);
    Expr *v = kernel_let(k, "v", expr_load(k, x, i, 1));
    Expr *j = expr_mul(k, i, expr_i32(k, 2));
    kernel_store(k, y, j, v);
    kernel_store(k, y, expr_add(k, j, expr_i32(k, 1)), v);
    loop_end(k);
}

/* y[i] = x[N - 1 - i] */
static void fill_reverse(Kernel *k, const Buffer *x, const Buffer *y)
{
    Expr *i = loop(k, "i", N);
    kernel_store(k, y, i, expr_load(k, x, expr_sub(k, expr_i32(k, N - 1), i), 1));
    loop_end(k);
}

/* y[i] = x[x[i] & 15]: an index that data decide, which may be any */
static void fill_gather(Kernel *k, const Buffer *x, const Buffer *y)
{
    Expr *i = loop(k, "i", N);
    Expr *at = expr_binary(k, BIN_AND, expr_load(k, x, i, 1), expr_i32(k, 15));
    kernel_store(k, y, i, expr_load(k, x, at, 1));
    loop_end(k);
}

/* y = 0, then y[i / 4] += x[i]: what is stored early is stored over what is read late
 */
static void fill_sums(Kernel *k, const Buffer *x, const Buffer *y)
{
    Expr *i = loop(k, "i", N / 4);
    kernel_store(k, y, i, expr_i32(k, 0));
    loop_end(k);
    i = loop(k, "j", N);
    Expr *at = expr_binary(k, BIN_DIV, i, expr_i32(k, 4));
    kernel_store(k, y, at, expr_add(k, expr_load(k, y, at, 1), expr_load(k, x, i, 1)));
    loop_end(k);
}

/* All of x into a row of the stack, then y: they may be one place. */
static void fill_buffered(Kernel *k, const Buffer *x, const Buffer *y)
{
    Buffer *row = kernel_buffer(k, "row", DTYPE_I32, N, ACCESS_LOCAL);
    Expr *i = loop(k, "i", N);
    kernel_store(k, row, i, expr_load(k, x, i, 1));
    loop_end(k);
    i = loop(k, "j", N);
    kernel_store(k, y, i, expr_load(k, row, expr_sub(k, expr_i32(k, N - 1), i), 1));
    loop_end(k);
}

static const Case cases[] = {
    { "pointwise", fill_pointwise, N, 0 }, { "window", fill_window, N - 2, 0 },
    { "same", fill_same, N, 1 },           { "twice", fill_twice, 2 * N, N - 1 },
    { "reverse", fill_reverse, N, N - 1 }, { "gather", fill_gather, N, N - 1 },
    { "sums", fill_sums, N / 4, N / 4 },   { "buffered", fill_buffered, N, 0 },
};

/* y with its place `below` elements lower than that of x, in one array. */
static void run_at(const Case *c, DType dtype, int64_t below, int32_t *result)
{
    Arena *a = arena_create("test");
    Kernel *k = kernel_new(a, "k");
    Buffer *x = kernel_buffer(k, "x", dtype, N, ACCESS_READ);
    Buffer *y = kernel_buffer(k, "y", dtype, c->count,
                              c->fill == fill_sums ? ACCESS_READ_WRITE : ACCESS_WRITE);
    c->fill(k, x, y);
    int64_t size = (int64_t)dtype_bytes(dtype);
    char memory[8 * WIDE * 4] = { 0 };
    char *at = memory + WIDE * size;
    for (int i = 0; i < N; i++) {
        int32_t v = i * 7 % 29 - 5;
        memcpy(at + i * size, &v, (size_t)size); /* little-endian hosts */
    }
    char *to = at - below * size;
    kernel_run(k, (void *[]){ at, to }, 0, 1, a);
    for (int64_t i = 0; i < c->count; i++) {
        int8_t small;
        memcpy(&small, to + i * size, 1);
        result[i] = small;
        if (size == 4)
            memcpy(&result[i], to + i * size, 4);
    }
    arena_destroy(a);
}

static int64_t distance_of(const Case *c, DType from, DType to)
{
    Arena *a = arena_create("test");
    Kernel *k = kernel_new(a, "k");
    Buffer *x = kernel_buffer(k, "x", from, N, ACCESS_READ);
    Buffer *y = kernel_buffer(k, "y", to, c->count,
                              c->fill == fill_sums ? ACCESS_READ_WRITE : ACCESS_WRITE);
    c->fill(k, x, y);
    int64_t bytes = loop_overlap(k, x, y, 2000, a);
    arena_destroy(a);
    return bytes;
}

static void test_least(void **state)
{
    (void)state;
    static const DType dtypes[] = { DTYPE_I32, DTYPE_I8 };
    for (int d = 0; d < 2; d++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            const Case *c = &cases[i];
            int64_t size = (int64_t)dtype_bytes(dtypes[d]);
            int64_t bytes = distance_of(c, dtypes[d], dtypes[d]);
            if (bytes != c->least * size)
                fail_msg("%s: %lld bytes, not %lld", c->name, (long long)bytes,
                         (long long)(c->least * size));
            int32_t apart[WIDE], close[WIDE], closer[WIDE];
            run_at(c, dtypes[d], WIDE, apart);
            run_at(c, dtypes[d], c->least, close);
            size_t all = (size_t)c->count * sizeof *apart;
            if (memcmp(apart, close, all) != 0)
                fail_msg("%s: destroys its operand at that distance", c->name);
            if (c->least == 0)
                continue;
            run_at(c, dtypes[d], c->least - 1, closer);
            if (c->fill != fill_gather && memcmp(apart, closer, all) == 0)
                fail_msg("%s: a smaller distance would do", c->name);
        }
}

/* Compilers exchange accesses of f32 and i32, so these never meet; bytes may. */
static void test_types(void **state)
{
    (void)state;
    assert_int_equal(distance_of(&cases[0], DTYPE_F32, DTYPE_I32), 4 * N);
    assert_int_equal(distance_of(&cases[0], DTYPE_F32, DTYPE_I8), 0);
    /* four bytes of result for each byte of operand */
    assert_int_equal(distance_of(&cases[0], DTYPE_I8, DTYPE_F32), 3 * (N - 1));
}

/* More iterations than are walked one by one: the answer is safe, if not the least. */
static void test_large(void **state)
{
    (void)state;
    Arena *a = arena_create("test");
    Kernel *k = kernel_new(a, "k");
    const int64_t rows = 300, columns = 400, n = rows * columns;
    Buffer *x = kernel_buffer(k, "x", DTYPE_I8, n, ACCESS_READ);
    Buffer *y = kernel_buffer(k, "y", DTYPE_I8, n, ACCESS_WRITE);
    Expr *i = loop(k, "i", rows);
    Expr *j = loop(k, "j", columns);
    Expr *at = expr_add(k, expr_mul(k, i, expr_i32(k, columns)), j);
    kernel_store(k, y, at, expr_load(k, x, at, 1));
    loop_end(k);
    loop_end(k);
    int64_t bytes = loop_overlap(k, x, y, 2000, a);
    assert_true(bytes >= 0 && bytes <= columns);
    Range r = expr_range(at); /* ranges are as they were */
    assert_true(r.low == 0 && r.high == n - 1);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
