/* test_loop.c - folding, index arithmetic, vectors of scalar expressions, verifier. */
#include "interp/loop_interp.h"
#include "loop/math.h"
#include "loop/text.h"
#include "support/bug.h"
#include "support/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
    Arena *a;
    Kernel *k;
    Buffer *x, *y, *index;
} Fixture;

static int setup(void **state)
{
    static Fixture f;
    f.a = arena_create("test");
    f.k = kernel_new(f.a, "k");
    f.x = kernel_buffer(f.k, "x", DTYPE_F32, 64, ACCESS_READ);
    f.index = kernel_buffer(f.k, "index", DTYPE_U8, 64, ACCESS_READ);
    f.y = kernel_buffer(f.k, "y", DTYPE_F32, 64, ACCESS_WRITE);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    Fixture *f = *state;
    arena_destroy(f->a);
    return 0;
}

/* Text of y[e]: what an index was folded to. */
static const char *text_of(Fixture *f, Expr *e)
{
    Kernel k = { .arena = f->a, .name = "t" };
    vec_push(f->a, &k.open, &k.body);
    kernel_store(&k, f->y, e, expr_f32(&k, 0));
    Out out;
    out_init(&out, f->a);
    kernel_print(&k, &out);
    char *begin = strstr(out_text(&out), "y[") + 2;
    char *end = strstr(begin, "] = 0.0");
    return str_copy(f->a, begin, (size_t)(end - begin));
}

#define assert_text(f, e, text) assert_string_equal(text_of(f, e), text)

/* ---- folding --------------------------------------------------------------------- */

static void test_sums(void **state)
{
    Fixture *f = *state;
    Kernel *k = f->k;
    Expr *i = loop_begin(k, "i", 8), *j = loop_begin(k, "j", 16);
    Expr *c3 = expr_i32(k, 3), *c0 = expr_i32(k, 0), *c16 = expr_i32(k, 16);
    assert_text(f, expr_add(k, c3, c3), "6");
    assert_text(f, expr_add(k, i, c0), "i");
    assert_text(f, expr_mul(k, i, c0), "0");
    assert_text(f, expr_sub(k, expr_add(k, i, c3), i), "3");
    assert_text(f, expr_mul(k, expr_add(k, expr_mul(k, i, c16), j), c3),
                "i * 48 + j * 3");
    assert_text(f, expr_add(k, expr_mul(k, i, c3), expr_mul(k, i, c16)), "i * 19");
    assert_text(f, expr_sub(k, c3, i), "3 - i");
    int64_t dim[] = { 8, 1, 16 };
    Shape s = shape_of(3, dim);
    Expr *at[] = { i, c0, j };
    assert_text(f, expr_linear(k, &s, at), "i * 16 + j");
}

static void test_division(void **state)
{
    Fixture *f = *state;
    Kernel *k = f->k;
    Expr *i = loop_begin(k, "i", 8), *j = loop_begin(k, "j", 16);
    Expr *c16 = expr_i32(k, 16), *c4 = expr_i32(k, 4), *c24 = expr_i32(k, 24);
    Expr *flat = expr_add(k, expr_mul(k, i, c16), j);
    assert_text(f, expr_div(k, flat, c16), "i");
    assert_text(f, expr_mod(k, flat, c16), "j");
    assert_text(f, expr_div(k, flat, c4), "i * 4 + j / 4");
    assert_text(f, expr_mod(k, flat, c4), "j % 4");
    assert_text(f, expr_div(k, expr_div(k, flat, c4), expr_i32(k, 6)),
                "(i * 4 + j / 4) / 6");
    assert_text(f, expr_div(k, flat, expr_i32(k, 128)), "0");
    assert_text(f, expr_div(k, flat, expr_i32(k, 64)), "i / 4");
    assert_text(f, expr_mod(k, flat, c24), "(i * 16 + j) % 24");
    /* (x / c) * c + x % c = x */
    Expr *whole = expr_mul(k, expr_div(k, flat, c24), c24);
    assert_text(f, expr_add(k, whole, expr_mod(k, flat, c24)), "i * 16 + j");
    /* dividends that may be negative stay */
    Expr *minus = expr_sub(k, i, expr_i32(k, 3));
    assert_text(f, expr_div(k, minus, c4), "(i - 3) / 4");
}

/* What folding changes must not change values: random trees, folded and as written. */
static uint64_t random_state = 3;

static int64_t random_below(int64_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (int64_t)((random_state >> 33) % (uint64_t)n);
}

typedef struct Twin {
    Expr *folded;
    int64_t value[6 * 5]; /* for every i, j */
} Twin;

static Twin random_tree(Kernel *k, Expr *i, Expr *j, int depth)
{
    Twin t = { .folded = i };
    int64_t kind = depth == 0 ? random_below(3) : 3 + random_below(6);
    int64_t c = 1 + random_below(9);
    Twin a = { 0 }, b = { 0 };
    if (kind >= 3)
        a = random_tree(k, i, j, depth - 1);
    if (kind == 3 || kind >= 7)
        b = random_tree(k, i, j, depth - 1);
    Expr *e = expr_i32(k, c);
    switch (kind) {
    case 0:
        break;
    case 1:
        t.folded = j;
        break;
    case 2:
        t.folded = e;
        break;
    case 3:
        t.folded = expr_add(k, a.folded, b.folded);
        break;
    case 4:
        t.folded = expr_mul(k, a.folded, e);
        break;
    case 5:
        t.folded = expr_div(k, a.folded, e);
        break;
    case 6:
        t.folded = expr_mod(k, a.folded, e);
        break;
    case 7:
        t.folded = expr_binary(k, BIN_MIN, a.folded, b.folded);
        break;
    default:
        t.folded = expr_binary(k, BIN_MAX, a.folded, b.folded);
        break;
    }
    for (int n = 0; n < 30; n++) {
        int64_t x = a.value[n], y = b.value[n];
        int64_t v[] = { n / 5,         n % 5,        c, x + y, x * c, x / c, x % c,
                        x < y ? x : y, x > y ? x : y };
        t.value[n] = v[kind];
    }
    return t;
}

static void test_random_trees(void **state)
{
    Fixture *f = *state;
    for (int round = 0; round < 400; round++) {
        Kernel *k = kernel_new(f->a, "k");
        Buffer *y = kernel_buffer(k, "y", DTYPE_I32, 30, ACCESS_WRITE);
        Expr *i = loop_begin(k, "i", 6), *j = loop_begin(k, "j", 5);
        Twin t = random_tree(k, i, j, 4);
        Expr *at = expr_add(k, expr_mul(k, i, expr_i32(k, 5)), j);
        kernel_store(k, y, at, t.folded);
        loop_end(k);
        loop_end(k);
        assert_null(kernel_verify(k, f->a));
        int32_t out[30];
        kernel_run(k, &(void *){ out }, 0, 1, f->a);
        Range r = expr_range(t.folded);
        for (int n = 0; n < 30; n++) {
            assert_int_equal(out[n], t.value[n]);
            assert_true(r.low <= out[n] && out[n] <= r.high);
        }
    }
}

static void test_ranges_decide(void **state)
{
    Fixture *f = *state;
    Kernel *k = f->k;
    Expr *i = loop_begin(k, "i", 8), *c8 = expr_i32(k, 8);
    assert_int_equal(expr_binary(k, BIN_LT, i, c8)->kind, EXPR_INT);
    assert_int_equal(expr_binary(k, BIN_LT, i, expr_i32(k, 7))->kind, EXPR_BINARY);
    assert_ptr_equal(expr_binary(k, BIN_MIN, i, c8), i);
    Expr *r = loop_begin_range(k, "r", expr_i32(k, 2), expr_i32(k, 31), 7);
    assert_int_equal(expr_range(r).low, 2);
    assert_int_equal(expr_range(r).high, 30);
    Expr *u8 = expr_cast(k, expr_load(k, f->index, i, 1), DTYPE_I32);
    assert_int_equal(expr_range(u8).high, 255);
}

static void test_affine_in(void **state)
{
    Fixture *f = *state;
    Kernel *k = f->k;
    Expr *i = loop_begin(k, "i", 8), *j = loop_begin(k, "j", 4);
    Expr *e =
        expr_add(k, expr_mul(k, i, expr_i32(k, 4)), expr_add(k, j, expr_i32(k, 2)));
    Expr *named = kernel_let(k, "at", e), *rest;
    int64_t c;
    assert_true(expr_affine_in(k, named, i->var, &c, &rest));
    assert_int_equal(c, 4);
    assert_text(f, rest, "j + 2");
    assert_true(expr_affine_in(k, j, i->var, &c, &rest));
    assert_int_equal(c, 0);
    assert_false(expr_affine_in(k, expr_div(k, i, expr_i32(k, 3)), i->var, &c, &rest));
    assert_text(f, expr_substitute(k, e, i->var, expr_i32(k, 5)), "j + 22");
}

/* ---- vectors --------------------------------------------------------------------- */

static void test_vectorize(void **state)
{
    Fixture *f = *state;
    Kernel *k = f->k;
    Var lane = {
        .name = "lane", .kind = VAR_LOOP, .type = { DTYPE_I32, 1 }, .high = 7
    };
    Expr *i = loop_begin_range(k, "i", expr_i32(k, 0), expr_i32(k, 64), 8);
    Expr *at = expr_add(k, i, expr_var(k, &lane));
    Expr *load = expr_load(k, f->x, at, 1);
    Expr *scale = expr_load(k, f->x, expr_i32(k, 0), 1);
    Expr *e = expr_mul(k, math_call(k, MATH_EXP, true, load, NULL), scale);
    Expr *v = expr_vectorize(k, e, &lane, 8, NULL, NULL);
    assert_non_null(v);
    kernel_store(k, f->y, i, v);
    loop_end(k);
    Kernel *s = kernel_new(f->a, "s");
    kernel_buffer(s, "x", DTYPE_F32, 64, ACCESS_READ);
    Buffer *y = kernel_buffer(s, "y", DTYPE_F32, 64, ACCESS_WRITE);
    Expr *j = loop_begin(s, "j", 64);
    kernel_store(s, y, j,
                 expr_mul(s,
                          math_call(s, MATH_EXP, true,
                                    expr_load(s, s->buffer.at[0], j, 1), NULL),
                          expr_load(s, s->buffer.at[0], expr_i32(s, 0), 1)));
    loop_end(s);
    assert_null(kernel_verify(k, f->a));
    float x[64], vector[64], scalar[64];
    uint8_t none[64] = { 0 };
    for (int n = 0; n < 64; n++)
        x[n] = (float)n * 0.37f - 11.0f;
    kernel_run(k, (void *[]){ x, none, vector }, 0, 1, f->a);
    kernel_run(s, (void *[]){ x, scalar }, 0, 1, f->a);
    assert_memory_equal(vector, scalar, sizeof vector);
    /* no vector form: strides, gathers, the lane itself */
    Expr *two = expr_mul(k, expr_var(k, &lane), expr_i32(k, 2));
    assert_null(expr_vectorize(k, expr_load(k, f->x, two, 1), &lane, 8, NULL, NULL));
    Expr *gather = expr_load(k, f->x, expr_load(k, f->index, at, 1), 1);
    assert_null(expr_vectorize(k, gather, &lane, 8, NULL, NULL));
    Expr *number = expr_cast(k, expr_var(k, &lane), DTYPE_F32);
    assert_null(expr_vectorize(k, number, &lane, 8, NULL, NULL));
}

static void test_vectorize_register(void **state)
{
    Fixture *f = *state;
    Kernel *k = f->k;
    Var lane = {
        .name = "lane", .kind = VAR_LOOP, .type = { DTYPE_I32, 1 }, .high = 7
    };
    LoopType one = { DTYPE_F32, 1 }, eight = { DTYPE_F32, 8 };
    Var *from = kernel_register(k, "acc", one, expr_f32(k, 0));
    Var *to = kernel_register(k, "acc", eight, expr_f32(k, 2));
    Expr *e = expr_add(k, expr_var(k, from), expr_load(k, f->x, expr_var(k, &lane), 1));
    Expr *v = expr_vectorize(k, e, &lane, 8, from, expr_var(k, to));
    assert_int_equal(v->type.lanes, 8);
    kernel_store(k, f->y, expr_i32(k, 0), v);
    float x[64] = { 1, 2, 3, 4, 5, 6, 7, 8 }, y[64];
    uint8_t none[64] = { 0 };
    kernel_run(k, (void *[]){ x, none, y }, 0, 1, f->a);
    for (int n = 0; n < 8; n++)
        assert_true(y[n] == x[n] + 2);
}

/* ---- verifier -------------------------------------------------------------------- */

/* A tile of rows with a cut last tile; `slip` is added to the index, `guard` to the
 * bound of the guard. */
static const char *tiled(Fixture *f, int slip, int guard)
{
    Kernel *k = kernel_new(f->a, "k");
    Buffer *y = kernel_buffer(k, "y", DTYPE_F32, 50 * 16, ACCESS_WRITE);
    Expr *i = loop_begin_range(k, "i", expr_i32(k, 0), expr_i32(k, 50), 12);
    Expr *r = loop_begin(k, "r", 12);
    if_begin(k, expr_binary(k, BIN_LT, expr_add(k, i, r), expr_i32(k, 50 + guard)));
    Expr *j = loop_begin_range(k, "j", expr_i32(k, 0), expr_i32(k, 16), 8);
    Expr *at = expr_add(k, expr_mul(k, expr_add(k, i, r), expr_i32(k, 16)), j);
    kernel_store(k, y, expr_add(k, at, expr_i32(k, slip)),
                 expr_splat(k, expr_f32(k, 1), 8));
    loop_end(k);
    if_end(k);
    loop_end(k);
    loop_end(k);
    return kernel_verify(k, f->a);
}

static void test_bounds(void **state)
{
    Fixture *f = *state;
    assert_null(tiled(f, 0, 0));
    assert_non_null(tiled(f, 1, 0));  /* off by one at the end */
    assert_non_null(tiled(f, -1, 0)); /* and at the beginning */
    assert_non_null(tiled(f, 0, 1));  /* a guard that lets one row too many through */
    assert_non_null(strstr(tiled(f, 1, 0), "y["));
}

/* Windows: x[r * stride + q - pad], clamped; a range that depends on the outer loop. */
static void test_bounds_windows(void **state)
{
    Fixture *f = *state;
    for (int wrong = 0; wrong < 3; wrong++) {
        Kernel *k = kernel_new(f->a, "k");
        Buffer *x = kernel_buffer(k, "x", DTYPE_F32, 28, ACCESS_READ);
        Buffer *y = kernel_buffer(k, "y", DTYPE_F32, 28 * 28, ACCESS_WRITE);
        Expr *r = loop_begin(k, "r", 28), *q = loop_begin(k, "q", 3);
        Expr *at = expr_sub(k, expr_add(k, r, q), expr_i32(k, 1));
        Expr *top = expr_i32(k, wrong == 1 ? 28 : 27);
        at = expr_binary(k, BIN_MIN, expr_binary(k, BIN_MAX, at, expr_i32(k, 0)), top);
        kernel_store(k, y, r, expr_load(k, x, at, 1));
        loop_end(k);
        Expr *t = loop_begin_range(k, "t", r, expr_i32(k, 28), 1);
        Expr *triangle =
            expr_sub(k, t, wrong == 2 ? expr_add(k, r, expr_i32(k, 1)) : r);
        kernel_store(k, y, expr_add(k, expr_mul(k, r, expr_i32(k, 28)), triangle),
                     expr_f32(k, 0));
        loop_end(k);
        loop_end(k);
        const char *defects = kernel_verify(k, f->a);
        assert_true((defects != NULL) == (wrong > 0));
    }
}

static void test_structure(void **state)
{
    Fixture *f = *state;
    Kernel *k = f->k;
    kernel_store(k, f->y, expr_i32(k, 0), expr_f32(k, 1));
    assert_null(kernel_verify(k, f->a));
    vec_last(&k->body.stmt)->buffer = f->x; /* only read */
    assert_non_null(strstr(kernel_verify(k, f->a), "only read"));
    vec_last(&k->body.stmt)->buffer = f->index; /* another type too */
    assert_non_null(strstr(kernel_verify(k, f->a), "store of f32"));
    (void)vec_pop(&k->body.stmt);
    Expr *i = loop_begin(k, "i", 4);
    loop_end(k);
    kernel_store(k, f->y, i, expr_f32(k, 1));
    assert_non_null(strstr(kernel_verify(k, f->a), "outside its scope"));
    (void)vec_pop(&k->body.stmt);
    loop_begin_sliced(k, "s", 4);
    loop_end(k);
    assert_null(kernel_verify(k, f->a));
    kernel_store(k, f->y, expr_i32(k, 0), expr_f32(k, 1));
    assert_non_null(strstr(kernel_verify(k, f->a), "team"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_sums),
        TEST(test_division),
        TEST(test_random_trees),
        TEST(test_ranges_decide),
        TEST(test_affine_in),
        TEST(test_vectorize),
        TEST(test_vectorize_register),
        TEST(test_bounds),
        TEST(test_bounds_windows),
        TEST(test_structure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
