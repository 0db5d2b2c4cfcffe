/* test_shape.c - shapes, element types and the arithmetic of indices. */
#include "tensor/tensor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static Shape shape_3(int64_t a, int64_t b, int64_t c)
{
    return (Shape){ .rank = 3, .dim = { a, b, c } };
}

static void counts(void **state)
{
    (void)state;
    Shape scalar = { 0 }, s = shape_3(2, 3, 4);
    assert_int_equal(shape_count(&scalar), 1);
    assert_int_equal(shape_count(&s), 24);
    int64_t stride[SHAPE_MAX_RANK];
    shape_strides(&s, stride);
    assert_int_equal(stride[0], 12);
    assert_int_equal(stride[1], 4);
    assert_int_equal(stride[2], 1);
}

/* dl's rules, both ways round: NULL result means refused. */
static void broadcasts(void **state)
{
    (void)state;
    static const struct {
        Shape a, b, y;
        bool fits;
    } rows[] = {
        { { 0 }, { .rank = 2, .dim = { 2, 3 } }, { .rank = 2, .dim = { 2, 3 } }, true },
        { { .rank = 1, .dim = { 3 } },
          { .rank = 2, .dim = { 2, 3 } },
          { .rank = 2, .dim = { 2, 3 } },
          true },
        { { .rank = 2, .dim = { 2, 1 } },
          { .rank = 2, .dim = { 1, 3 } },
          { .rank = 2, .dim = { 2, 3 } },
          true },
        { { .rank = 1, .dim = { 2 } }, { .rank = 2, .dim = { 2, 3 } }, { 0 }, false },
        { { .rank = 1, .dim = { 1 } }, { .rank = 2, .dim = { 2, 3 } }, { 0 }, false },
        { { .rank = 2, .dim = { 2, 3 } },
          { .rank = 2, .dim = { 2, 4 } },
          { 0 },
          false },
        { { 0 }, { 0 }, { 0 }, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Shape y, z;
        assert_int_equal(shape_broadcast(&rows[i].a, &rows[i].b, &y), rows[i].fits);
        assert_int_equal(shape_broadcast(&rows[i].b, &rows[i].a, &z), rows[i].fits);
        if (rows[i].fits) {
            assert_true(shape_equal(&y, &rows[i].y));
            assert_true(shape_equal(&z, &rows[i].y));
        }
    }
}

static void indices(void **state)
{
    (void)state;
    Shape s = shape_3(2, 3, 2);
    int64_t at[SHAPE_MAX_RANK] = { 0 }, back[SHAPE_MAX_RANK], i = 0;
    do {
        assert_int_equal(shape_linear(&s, at), i);
        shape_at(&s, i, back);
        for (int d = 0; d < s.rank; d++)
            assert_int_equal(back[d], at[d]);
        i++;
    } while (shape_next(&s, at));
    assert_int_equal(i, 12);
}

static void sanity(void **state)
{
    (void)state;
    Shape empty = shape_3(2, 0, 3), huge = shape_3(1 << 20, 1 << 20, 1 << 20);
    Shape fine = shape_3(1 << 20, 1 << 20, 1);
    assert_false(shape_is_sane(&empty));
    assert_false(shape_is_sane(&huge));
    assert_true(shape_is_sane(&fine));
}

static void rounding(void **state)
{
    (void)state;
    assert_true(dtype_round(DTYPE_F32, 0.1) == (double)0.1f);
    assert_true(dtype_round(DTYPE_U8, 300) == 255);
    assert_true(dtype_round(DTYPE_U8, -1) == 0);
    assert_true(dtype_round(DTYPE_I8, -1.9) == -1);
    assert_true(dtype_round(DTYPE_I32, 1e20) == 2147483647.0);
    assert_true(dtype_round(DTYPE_BOOL, 0.25) == 1);
    assert_true(dtype_round(DTYPE_I32, NAN) == -2147483648.0);
    assert_int_equal(dtype_of_index(256), DTYPE_U8);
    assert_int_equal(dtype_of_index(257), DTYPE_U16);
    assert_int_equal(dtype_of_index(65537), DTYPE_I32);
    DType t;
    for (int i = 0; i < DTYPE_DL_COUNT; i++) {
        assert_true(dtype_find(dtype_name((DType)i), &t));
        assert_int_equal(t, i);
    }
    assert_false(dtype_find("f64", &t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),   cmocka_unit_test(broadcasts),
        cmocka_unit_test(indices),  cmocka_unit_test(sanity),
        cmocka_unit_test(rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
