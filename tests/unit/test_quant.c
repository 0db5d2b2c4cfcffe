/* test_quant.c - fixed point (runtime/device/fixed.h) and scales (tensor/quant.h)
 * against real numbers and exact division. */
#include "device/dsp.h"
#include "device/fixed.h"
#include "support/arena.h"
#include "tensor/quant.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static uint64_t next(uint64_t *s) /* splitmix64 */
{
    uint64_t z = (*s += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void shifts(void **state)
{
    (void)state;
    static const int32_t edge[] = { 0, 1, -1, 2, -2, 3, -3, INT32_MAX, INT32_MIN + 1 };
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        int32_t x = i < 9 * 32 ? edge[i / 32] : (int32_t)(uint32_t)next(&seed);
        int32_t n = i % 32;
        double exact = (double)x / ldexp(1, n);
        assert_int_equal(dlc_shift_right(x, n), (int32_t)round(exact));
    }
}

/* The high product rounds halves upwards: floor(ab / 2^31 + 1/2). */
static void products(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int i = 0; i < 20000; i++) {
        int32_t a = (int32_t)(uint32_t)next(&seed), b = (int32_t)(uint32_t)next(&seed);
        long double exact = (long double)a * (long double)b / 2147483648.0L;
        assert_true(fabsl((long double)dlc_mul_high(a, b) - exact) <= 0.5L);
    }
    assert_int_equal(dlc_mul_high(INT32_MIN, INT32_MIN), INT32_MAX);
    assert_int_equal(dlc_mul_high(INT32_MIN, INT32_MAX), INT32_MIN + 1);
}

static void multipliers(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int i = 0; i < 20000; i++) {
        double real = ldexp(0.5 + (double)(next(&seed) >> 12) / ldexp(1, 53),
                            (int)(next(&seed) % 28) - 24);
        int32_t multiplier, shift, x = (int32_t)(next(&seed) % 200001) - 100000;
        quant_multiplier(real, &multiplier, &shift);
        assert_true(multiplier >= 1 << 30 || multiplier == 0);
        assert_true(fabs(ldexp(multiplier, shift - 31) - real) <= real * 1e-9);
        if (fabs(x * ldexp(1, shift > 0 ? shift : 0)) < 2147483647.0) {
            double y = dlc_rescale(x, multiplier, shift);
            assert_true(fabs(y - x * real) <= 1.001 + fabs(x * real) * 1e-9);
        }
    }
}

/* The short form of kernels for sums that are known to be small, against the general
 * one, at the ends of what its comment allows and at random. */
static void requantize_is_rescale(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 400000; i++) {
        int32_t shift = 1 + i % 22;
        int32_t most = shift < 21 ? (1 << 30) - 1 : 1 << 20;
        int32_t zero = (int32_t)(next(&seed) % 256) - 128;
        int32_t multiplier = (int32_t)((UINT32_C(1) << 30) + (next(&seed) >> 34));
        int32_t acc = (int32_t)(next(&seed) % ((uint64_t)most * 2 + 1)) - most;
        if (i % 7 < 3) /* few bits: ties, and values inside the range of int8 */
            acc = (int32_t)((next(&seed) >> 33) % (UINT32_C(512) << shift)) -
                  (INT32_C(256) << shift);
        if (i % 5 == 0)
            multiplier = i % 10 == 0 ? INT32_C(1) << 30 : INT32_MAX;
        if (i % 11 == 0)
            acc = i % 2 == 0 ? most : -most;
        acc = acc > most ? most : acc < -most ? -most : acc;
        int32_t half = zero * (INT32_C(1) << shift) + (INT32_C(1) << (shift - 1));
        int64_t want = (int64_t)dlc_rescale(acc, multiplier, -shift) + zero;
        want = want < -128 ? -128 : want > 127 ? 127 : want;
        assert_int_equal(dlc_requantize(2 * acc, multiplier, half, shift - 1), want);
        int32_t cut = dlc_requantize_cut(2 * acc, multiplier, half, shift - 1);
        assert_int_equal(cut > zero ? cut : zero, want > zero ? want : zero);
    }
}

/* A multiplier just below a power of two is rounded up to it. */
static void multiplier_edges(void **state)
{
    (void)state;
    int32_t multiplier, shift;
    quant_multiplier(1 - 1e-12, &multiplier, &shift);
    assert_int_equal(multiplier, 1 << 30);
    assert_int_equal(shift, 1);
    quant_multiplier(0, &multiplier, &shift);
    assert_int_equal(multiplier, 0);
    quant_multiplier(1e-11, &multiplier, &shift);
    assert_int_equal(multiplier, 0);
}

static void functions(void **state)
{
    (void)state;
    for (int i = 0; i <= 31 * 64; i++) {
        int32_t x = (int32_t)(-(int64_t)i * (1 << 20));
        double y = ldexp(dlc_exp_q5(x), -31), exact = exp(ldexp(x, -26));
        assert_true(fabs(y - exact) < 4e-7);
    }
    uint64_t seed = 4;
    for (int i = 0; i < 20000; i++) {
        int32_t x = (int32_t)(next(&seed) >> (33 + next(&seed) % 30));
        x = x < 1 ? 1 : x;
        double unit = ldexp(x, dlc_leading_zeros(x) - 31);
        assert_true(fabs(ldexp(dlc_reciprocal(x), -31) - 1 / unit) < 3e-9);
    }
    assert_int_equal(dlc_leading_zeros(0), 32);
}

static void ranges(void **state)
{
    (void)state;
    static const struct {
        double low, high, scale;
        int32_t zero;
    } rows[] = { { 0, 255, 1, -128 },       { -128, 127, 1, 0 },
                 { 0, 1, 1 / 255.0, -128 }, { -1, 0, 1 / 255.0, 127 },
                 { 2, 51, 0.2, -128 },      { 0, 0, 1, 0 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Quant q = quant_of_range(rows[i].low, rows[i].high);
        assert_true(fabs(q.scale - rows[i].scale) < 1e-12);
        assert_int_equal(q.zero, rows[i].zero);
        assert_int_equal(quant_value(q, 0), q.zero); /* zero is exact */
    }
    Quant q = { 0.5, 0 };
    assert_int_equal(quant_value(q, 0.25), 1);
    assert_int_equal(quant_value(q, -0.25), -1);
    assert_int_equal(quant_value(q, 1e9), 127);
    assert_int_equal(quant_value(q, -INFINITY), -128);
}

/* One value in a thousand far out: clipped by percentile and by error, not by min-max.
 */
static void histograms(void **state)
{
    (void)state;
    int64_t count[100] = { 0 };
    Histogram h = { -1, 99, 100, count };
    for (int i = 0; i < 3; i++)
        count[i] = 33300;
    count[99] = 10;
    Quant all = quant_of_histogram(&h, QUANT_MINMAX, 0);
    Quant most = quant_of_histogram(&h, QUANT_PERCENTILE, 0.001);
    Quant best = quant_of_histogram(&h, QUANT_MSE, 0);
    assert_true(fabs(all.scale - 100 / 255.0) < 1e-9);
    assert_true(fabs(most.scale - 3 / 255.0) < 1e-9);
    assert_true(best.scale <= all.scale);
    count[99] = 0;
    h.count = count;
    best = quant_of_histogram(&h, QUANT_MSE, 0);
    assert_true(best.scale < 10 / 255.0);
}

static void weights(void **state)
{
    (void)state;
    Arena *a = arena_create("weights");
    Tensor *w = tensor_new(a, DTYPE_F32, (Shape){ .rank = 2, .dim = { 2, 3 } });
    const double values[6] = { 1.27, -0.5, 0, -0.635, 0.25, 0 };
    for (int i = 0; i < 6; i++)
        w->at[i] = values[i];
    double scale[3];
    quant_weight_scales(w, scale);
    const Tensor *q = quant_weights(a, w, scale);
    const double expect[6] = { 127, -127, 0, -64, 64, 0 };
    for (int i = 0; i < 6; i++)
        assert_true(q->at[i] == expect[i]);
    assert_true(scale[2] == 0);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shifts),
        cmocka_unit_test(products),
        cmocka_unit_test(multipliers),
        cmocka_unit_test(multiplier_edges),
        cmocka_unit_test(requantize_is_rescale),
        cmocka_unit_test(functions),
        cmocka_unit_test(ranges),
        cmocka_unit_test(histograms),
        cmocka_unit_test(weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
