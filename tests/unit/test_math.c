/* test_math.c - errors of loop/math against the f64 functions of libm, and the values
 * at zeros, infinities, poles and NaN; with and without fma, scalar and vector. */
#include "interp/loop_interp.h"
#include "loop/math.h"
#include "loop/scalar.h"
#include "loop/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT = 1 << 18, LANES = 16 };

static float xs[COUNT], ys[COUNT], zs[COUNT], vs[COUNT];

static double reference(MathFunction f, double x, double y)
{
    switch (f) {
    case MATH_EXP:
        return exp(x);
    case MATH_EXPM1:
        return expm1(x);
    case MATH_LOG:
        return log(x);
    case MATH_LOG1P:
        return log1p(x);
    case MATH_TANH:
        return tanh(x);
    case MATH_SIGMOID:
        return 1 / (1 + exp(-x));
    case MATH_SOFTPLUS:
        return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
    case MATH_ERF:
        return erf(x);
    case MATH_SIN:
        return sin(x);
    case MATH_COS:
        return cos(x);
    case MATH_POW:
        return pow(x, y);
    default:
        return 0;
    }
}

/* z = f(x) in scalars, v = f(x) in vectors of LANES. */
static void evaluate(MathFunction f, bool fma, int64_t count)
{
    Arena *a = arena_create("test");
    Kernel *k = kernel_new(a, "k");
    bool two = f == MATH_POW;
    Buffer *x = kernel_buffer(k, "x", DTYPE_F32, count, ACCESS_READ);
    Buffer *y = kernel_buffer(k, "y", DTYPE_F32, count, ACCESS_READ);
    Buffer *z = kernel_buffer(k, "z", DTYPE_F32, count, ACCESS_WRITE);
    Buffer *v = kernel_buffer(k, "v", DTYPE_F32, count, ACCESS_WRITE);
    Expr *i = loop_begin(k, "i", count);
    kernel_store(k, z, i,
                 math_call(k, f, fma, expr_load(k, x, i, 1),
                           two ? expr_load(k, y, i, 1) : NULL));
    loop_end(k);
    Expr *j = loop_begin_range(k, "j", expr_i32(k, 0), expr_i32(k, count), LANES);
    kernel_store(k, v, j,
                 math_call(k, f, fma, expr_load(k, x, j, LANES),
                           two ? expr_load(k, y, j, LANES) : NULL));
    loop_end(k);
    assert_null(kernel_verify(k, a));
    void *buffers[] = { xs, ys, zs, vs };
    kernel_run(k, buffers, 0, 1, a);
    arena_destroy(a);
    for (int64_t n = 0; n < count; n++)
        if (!isnan(zs[n]) || !isnan(vs[n]))
            assert_memory_equal(&zs[n], &vs[n], sizeof zs[n]);
}

static double ulp_error(float got, double want)
{
    float nearest = (float)want;
    if (isnan(want) || isnan(got))
        return isnan(want) && isnan(got) ? 0 : INFINITY;
    if (isinf(nearest) || isinf(got))
        return nearest == got || fabs(want) > 3.4028234e38 * (1 - 1e-7) ? 0 : INFINITY;
    int exponent;
    frexp(want, &exponent);
    double ulp = ldexp(1, (exponent < -125 ? -125 : exponent) - 24);
    return fabs((double)got - want) / ulp;
}

static bool is_claimed(MathFunction f, float x, double want)
{
    if ((f == MATH_SIN || f == MATH_COS) && !(fabsf(x) < 1e4f))
        return false;
    return f != MATH_SIGMOID || fabs(want) >= 1.17549435e-38; /* flushed below */
}

static double worst_of(MathFunction f, bool fma)
{
    evaluate(f, fma, COUNT);
    double worst = 0;
    float at = 0, at_y = 0;
    for (int i = 0; i < COUNT; i++) {
        double want = reference(f, (double)xs[i], (double)ys[i]);
        double error = is_claimed(f, xs[i], want) ? ulp_error(zs[i], want) : 0;
        if (error > worst) {
            worst = error;
            at = xs[i];
            at_y = ys[i];
        }
    }
    if (worst > math_max_ulp(f))
        printf("%s%s: %.3g ulp at %.9g %.9g\n", math_name(f), fma ? " (fma)" : "",
               worst, (double)at, (double)at_y);
    return worst;
}

static uint64_t random_state = 1;

static uint32_t random_word(void)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(random_state >> 32);
}

static double uniform(double low, double high)
{
    return low + (high - low) * (double)random_word() / 4294967296.0;
}

static void test_ulp(void **state)
{
    (void)state;
    for (int f = 0; f < MATH_COUNT; f++) {
        double worst = 0;
        for (int fma = 0; fma < 2; fma++) {
            for (int i = 0; i < COUNT; i++) { /* every exponent, both signs */
                xs[i] =
                    scalar_f32_of_bits((uint32_t)i * 16384u + random_word() % 16384u);
                ys[i] = (float)uniform(-20, 20);
            }
            worst = fmax(worst, worst_of((MathFunction)f, fma));
            for (int i = 0; i < COUNT; i++) { /* where it bends */
                xs[i] = (float)uniform(f == MATH_POW ? 0 : -12, 12);
                ys[i] = (float)uniform(-30, 30);
            }
            worst = fmax(worst, worst_of((MathFunction)f, fma));
            for (int i = 0; i < COUNT; i++) { /* wide */
                xs[i] =
                    (float)(f == MATH_POW ? exp(uniform(-40, 40)) : uniform(-1e4, 1e4));
                ys[i] = (float)uniform(-2.2, 2.2);
            }
            worst = fmax(worst, worst_of((MathFunction)f, fma));
        }
        printf("%-8s worst %.2f ulp, stated %.2f\n", math_name((MathFunction)f), worst,
               math_max_ulp((MathFunction)f));
        assert_true(worst <= math_max_ulp((MathFunction)f));
        assert_true(worst > 0.4); /* measuring something */
    }
}

static void check_special(MathFunction f, float x, float y, float want)
{
    for (int fma = 0; fma < 2; fma++) {
        for (int i = 0; i < LANES; i++) {
            xs[i] = x;
            ys[i] = y;
        }
        evaluate(f, fma, LANES);
        bool same =
            isnan(want) ? isnan(zs[0]) : memcmp(&want, &zs[0], sizeof want) == 0;
        if (!same)
            print_error("%s(%g, %g) = %g, not %g\n", math_name(f), (double)x, (double)y,
                        (double)zs[0], (double)want);
        assert_true(same);
    }
}

static void test_special(void **state)
{
    (void)state;
    static const struct {
        MathFunction f;
        float x, want;
    } row[] = {
        { MATH_EXP, 0, 1 },
        { MATH_EXP, -0.0f, 1 },
        { MATH_EXP, INFINITY, INFINITY },
        { MATH_EXP, -INFINITY, 0 },
        { MATH_EXP, 1000, INFINITY },
        { MATH_EXP, -1000, 0 },
        { MATH_EXP, NAN, NAN },
        { MATH_EXPM1, 0, 0 },
        { MATH_EXPM1, -0.0f, -0.0f },
        { MATH_EXPM1, INFINITY, INFINITY },
        { MATH_EXPM1, -INFINITY, -1 },
        { MATH_EXPM1, NAN, NAN },
        { MATH_LOG, 1, 0 },
        { MATH_LOG, 0, -INFINITY },
        { MATH_LOG, -0.0f, -INFINITY },
        { MATH_LOG, -1, NAN },
        { MATH_LOG, INFINITY, INFINITY },
        { MATH_LOG, NAN, NAN },
        { MATH_LOG1P, -0.0f, -0.0f },
        { MATH_LOG1P, -1, -INFINITY },
        { MATH_LOG1P, -2, NAN },
        { MATH_LOG1P, INFINITY, INFINITY },
        { MATH_LOG1P, NAN, NAN },
        { MATH_TANH, 0, 0 },
        { MATH_TANH, -0.0f, -0.0f },
        { MATH_TANH, INFINITY, 1 },
        { MATH_TANH, -INFINITY, -1 },
        { MATH_TANH, NAN, NAN },
        { MATH_SIGMOID, 0, 0.5f },
        { MATH_SIGMOID, INFINITY, 1 },
        { MATH_SIGMOID, -INFINITY, 0 },
        { MATH_SIGMOID, NAN, NAN },
        { MATH_SOFTPLUS, INFINITY, INFINITY },
        { MATH_SOFTPLUS, -INFINITY, 0 },
        { MATH_SOFTPLUS, NAN, NAN },
        { MATH_ERF, 0, 0 },
        { MATH_ERF, -0.0f, -0.0f },
        { MATH_ERF, INFINITY, 1 },
        { MATH_ERF, -INFINITY, -1 },
        { MATH_ERF, NAN, NAN },
        { MATH_SIN, 0, 0 },
        { MATH_SIN, -0.0f, -0.0f },
        { MATH_SIN, INFINITY, NAN },
        { MATH_SIN, NAN, NAN },
        { MATH_COS, 0, 1 },
        { MATH_COS, -INFINITY, NAN },
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        check_special(row[i].f, row[i].x, 0, row[i].want);
}

/* Every pair of the interesting values, against C's own pow. */
static void test_pow_special(void **state)
{
    (void)state;
    static const float v[] = {
        0, -0.0f, 1,     -1,       2,         -2,  0.5f,  -0.5f,
        3, -3,    -2.5f, INFINITY, -INFINITY, NAN, 1e30f, -1e-30f
    };
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++)
        for (size_t j = 0; j < sizeof v / sizeof v[0]; j++) {
            double want = pow((double)v[i], (double)v[j]);
            float nearest = (float)want;
            bool exact =
                isnan(want) || isinf(nearest) || nearest == 0 || fabsf(nearest) == 1;
            if (exact)
                check_special(MATH_POW, v[i], v[j], nearest);
        }
}

/* Known answers of Philox4x32-10 (Random123's kat_vectors). */
static void test_philox(void **state)
{
    (void)state;
    Arena *a = arena_create("test");
    Kernel *k = kernel_new(a, "k");
    Buffer *y = kernel_buffer(k, "y", DTYPE_U32, 4, ACCESS_WRITE);
    Expr *i = loop_begin(k, "i", 4), *zero = expr_u32(k, 0);
    kernel_store(k, y, i, math_philox(k, i, zero, zero, zero, zero, zero));
    loop_end(k);
    uint32_t out[4];
    kernel_run(k, &(void *){ out }, 0, 1, a);
    static const uint32_t want[4] = { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 };
    assert_memory_equal(out, want, sizeof want);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ulp),
        cmocka_unit_test(test_special),
        cmocka_unit_test(test_pow_special),
        cmocka_unit_test(test_philox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
