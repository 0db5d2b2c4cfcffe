/* math_log.c - logarithms and powers in loop IR.
 *
 * x = 2^e m with m in sqrt(1/2) .. sqrt(2) from the bits; log m by S. Moshier's
 * polynomial (Cephes, logf.c); ln 2 in two parts. No branches. */
#include "loop/math_build.h"

#include <math.h>

typedef struct LogParts {
    Expr *exponent; /* e, f32 */
    Expr *m1;       /* m - 1 */
} LogParts;

static LogParts log_parts(MathBuild *m, Expr *x)
{
    Kernel *k = m->k;
    Expr *root_half = expr_u32(k, 0x3f3504f3);
    Expr *i = expr_sub(k, expr_bits(k, x, DTYPE_U32), root_half);
    i = math_let(m, "i", i);
    Expr *e = expr_binary(k, BIN_SHR, expr_cast(k, i, DTYPE_I32), expr_i32(k, 23));
    Expr *mantissa = expr_binary(k, BIN_AND, i, expr_u32(k, 0x007fffff));
    mantissa = expr_bits(k, expr_add(k, mantissa, root_half), DTYPE_F32);
    LogParts parts;
    parts.exponent = math_let(m, "e", expr_cast(k, e, DTYPE_F32));
    parts.m1 = math_let(m, "f", expr_sub(k, mantissa, math_number(m, 1)));
    return parts;
}

/* log(1 + f) - f + e * (low part of ln 2) + extra, then the large parts. */
static Expr *log_sum(MathBuild *m, LogParts l, Expr *extra_or_null)
{
    static const double c[] = { 7.0376836292e-2,  -1.1514610310e-1, 1.1676998740e-1,
                                -1.2420140846e-1, 1.4249322787e-1,  -1.6668057665e-1,
                                2.0000714765e-1,  -2.4999993993e-1, 3.3333331174e-1 };
    Kernel *k = m->k;
    Expr *f = l.m1;
    Expr *p = math_polynomial(m, f, c, 9);
    Expr *square = math_let(m, "square", expr_mul(k, f, f));
    Expr *y = math_let(m, "y", expr_mul(k, expr_mul(k, f, square), p));
    y = math_let(m, "y", math_madd(m, l.exponent, math_number(m, -2.12194440e-4), y));
    y = math_let(m, "y", math_madd(m, math_number(m, -0.5), square, y));
    if (extra_or_null != NULL)
        y = math_let(m, "y", expr_add(k, y, extra_or_null));
    y = math_let(m, "y", expr_add(k, f, y));
    return math_let(m, "y", math_madd(m, l.exponent, math_number(m, 0.693359375), y));
}

static Expr *infinity(MathBuild *m)
{
    return math_number(m, (double)INFINITY);
}

/* y, but x when x is not below infinity (inf, NaN). */
static Expr *unless_infinite(MathBuild *m, Expr *x, Expr *y)
{
    return expr_select(m->k, expr_binary(m->k, BIN_LT, x, infinity(m)), y, x);
}

void math_build_log(MathBuild *m)
{
    Kernel *k = m->k;
    Expr *x = math_arg(m, 0), *zero = math_number(m, 0);
    Expr *denormal = expr_binary(k, BIN_LT, x, math_number(m, 1.17549435e-38));
    denormal = math_let(m, "denormal", denormal);
    Expr *up = expr_select(k, denormal, expr_mul(k, x, math_number(m, 8388608)), x);
    LogParts l = log_parts(m, math_let(m, "up", up));
    Expr *shift = expr_select(k, denormal, math_number(m, 23), zero);
    l.exponent = math_let(m, "e", expr_sub(k, l.exponent, shift));
    Expr *y = log_sum(m, l, NULL);
    Expr *pole =
        expr_select(k, expr_binary(k, BIN_EQ, x, zero),
                    expr_unary(k, UN_NEG, infinity(m)), math_number(m, (double)NAN));
    y = math_let(m, "y", unless_infinite(m, x, y));
    m->f->value = expr_select(k, expr_binary(k, BIN_GT, x, zero), y, pole);
}

/* log u + (x - (u - 1)) / u with u = 1 + x: what rounding took from x comes back
 * (W. Kahan; Goldberg, What Every Computer Scientist Should Know, 1991, theorem 4). */
static Expr *log1p_sum(MathBuild *m, Expr *x, Expr *u)
{
    Kernel *k = m->k;
    Expr *lost = expr_sub(k, x, expr_sub(k, u, math_number(m, 1)));
    lost = math_let(m, "lost", expr_div(k, lost, u));
    return log_sum(m, log_parts(m, u), lost);
}

Expr *math_log1p_of(MathBuild *m, Expr *x)
{
    return log1p_sum(m, x, math_let(m, "u", expr_add(m->k, x, math_number(m, 1))));
}

void math_build_log1p(MathBuild *m)
{
    Kernel *k = m->k;
    Expr *x = math_arg(m, 0), *zero = math_number(m, 0);
    Expr *u = math_let(m, "u", expr_add(k, x, math_number(m, 1)));
    Expr *y = unless_infinite(m, x, log1p_sum(m, x, u));
    y = math_let(m, "y", expr_select(k, expr_binary(k, BIN_EQ, x, zero), x, y));
    Expr *pole =
        expr_select(k, expr_binary(k, BIN_EQ, u, zero),
                    expr_unary(k, UN_NEG, infinity(m)), math_number(m, (double)NAN));
    m->f->value = expr_select(k, expr_binary(k, BIN_GT, u, zero), y, pole);
}

/* ---- pow ------------------------------------------------------------------------- */

typedef struct Pair {
    Expr *high, *low;
} Pair;

/* log a = high + low, for 0 < a < infinity, after N. Juffa's powf: 2 atanh q with q =
 * (m - 1) / (m + 1) in two floats; the polynomial is refitted (9e-12). Exact products
 * need a true fma; targets without one get it from fmaf. */
static Pair log_pair(MathBuild *m, Expr *a)
{
    Kernel *k = m->k;
    Expr *two = math_number(m, 2), *zero = math_number(m, 0), *one = math_number(m, 1);
    Expr *tiny = expr_binary(k, BIN_LT, a, math_number(m, 1.17549435e-38));
    tiny = math_let(m, "tiny", tiny);
    Expr *up = expr_select(k, tiny, expr_mul(k, a, math_number(m, 8388608)), a);
    LogParts l = log_parts(m, math_let(m, "up", up));
    Expr *i = expr_sub(k, l.exponent, expr_select(k, tiny, math_number(m, 23), zero));
    i = math_let(m, "exponent", i);
    Expr *d = l.m1; /* m - 1, exact; m + 1 = d + 2 */
    Expr *r = math_let(m, "r", expr_div(k, one, expr_add(k, d, two)));
    Expr *q = math_let(m, "q", expr_mul(k, r, d));
    Expr *minus_q = expr_unary(k, UN_NEG, q);
    Expr *rest = expr_fma(k, minus_q, d, expr_fma(k, math_number(m, -2), q, d));
    Expr *q_low = math_let(m, "q_low", expr_mul(k, r, rest));
    static const double c[] = { 0.117160246, 0.142732948, 0.200000793, 0.333333333 };
    Expr *s = math_let(m, "s", expr_mul(k, q, q));
    Expr *p = s;
    for (int j = 0; j < 4; j++)
        p = j == 0 ? math_number(m, c[0]) : expr_fma(k, p, s, math_number(m, c[j]));
    p = math_let(m, "p", p);
    Expr *s_low = expr_fma(k, q, q, expr_unary(k, UN_NEG, s));
    s_low = math_let(m, "s_low", expr_fma(k, q, expr_add(k, q_low, q_low), s_low));
    Expr *cube = math_let(m, "cube", expr_mul(k, s, q));
    Expr *cube_low = expr_fma(k, s, q, expr_unary(k, UN_NEG, cube));
    cube_low = expr_fma(k, s, q_low, expr_fma(k, s_low, q, cube_low));
    cube_low = math_let(m, "cube_low", cube_low);
    Expr *tail = expr_fma(k, p, cube, expr_fma(k, p, cube_low, q_low));
    Expr *ln2 = math_number(m, 6.93147182e-1);
    Expr *twice = math_let(m, "twice", expr_mul(k, two, q));
    Expr *t = math_let(m, "t", expr_fma(k, ln2, i, twice));
    Expr *back = expr_fma(k, expr_unary(k, UN_NEG, ln2), i, t);
    back = math_let(m, "back", back);
    Expr *low = expr_fma(k, two, tail, expr_sub(k, twice, back));
    low = math_let(m, "low", expr_fma(k, math_number(m, -1.90465421e-9), i, low));
    Expr *high = math_let(m, "high", expr_add(k, t, low));
    return (Pair){ high, math_let(m, "low", expr_add(k, expr_sub(k, t, high), low)) };
}

/* a^y = exp(y (high + low)) for 0 < a < infinity. */
static Expr *positive_power(MathBuild *m, Expr *a, Expr *y)
{
    Kernel *k = m->k;
    Pair l = log_pair(m, a);
    Expr *product = math_let(m, "product", expr_mul(k, l.high, y));
    Expr *error = expr_fma(k, l.high, y, expr_unary(k, UN_NEG, product));
    error = math_let(m, "error", expr_fma(k, l.low, y, error));
    Expr *e = math_let(m, "power", math_exp_of(m, product));
    Expr *exact = math_let(m, "corrected", expr_fma(k, error, e, e));
    /* beyond, e is 0 or infinite and the error meaningless */
    Expr *finite = expr_binary(k, BIN_AND, expr_binary(k, BIN_LT, e, infinity(m)),
                               expr_binary(k, BIN_GT, product, math_number(m, -104)));
    return expr_select(k, finite, exact, e);
}

void math_build_pow(MathBuild *m)
{
    Kernel *k = m->k;
    Expr *x = math_arg(m, 0), *y = math_arg(m, 1);
    Expr *zero = math_number(m, 0), *one = math_number(m, 1);
    Expr *a = math_let(m, "a", expr_unary(k, UN_ABS, x));
    Expr *r = math_let(m, "result", positive_power(m, a, y));
    Expr *up = expr_binary(k, BIN_GT, y, zero);
    Expr *at_zero = expr_select(k, up, zero, infinity(m));
    Expr *at_infinity = expr_select(k, up, infinity(m), zero);
    r = expr_select(k, expr_binary(k, BIN_EQ, a, zero), at_zero, r);
    r = math_let(
        m, "result",
        expr_select(k, expr_binary(k, BIN_EQ, a, infinity(m)), at_infinity, r));
    Expr *is_one = expr_binary(k, BIN_EQ, a, one);
    Expr *not_a_number = expr_binary(k, BIN_OR, expr_binary(k, BIN_NE, x, x),
                                     expr_binary(k, BIN_NE, y, y));
    r = expr_select(k, is_one, one, r);
    r = expr_select(k, not_a_number, expr_add(k, x, y), r);
    r = math_let(m, "result", r);
    /* negative x: sign by the parity of y, NaN when y is no integer */
    Expr *half = expr_mul(k, y, math_number(m, 0.5));
    half = math_let(m, "half_y", half);
    Expr *odd = expr_binary(k, BIN_NE, expr_unary(k, UN_FLOOR, half), half);
    Expr *integer = expr_binary(k, BIN_EQ, expr_unary(k, UN_FLOOR, y), y);
    odd = math_let(m, "odd", expr_binary(k, BIN_AND, odd, integer));
    Expr *signed_r = expr_select(k, odd, math_copy_sign(m, r, x), r);
    signed_r = math_let(m, "signed_result", signed_r);
    Expr *below =
        expr_binary(k, BIN_AND, expr_binary(k, BIN_LT, x, zero),
                    expr_binary(k, BIN_GT, x, expr_unary(k, UN_NEG, infinity(m))));
    Expr *no_value = expr_binary(k, BIN_AND, below,
                                 expr_binary(k, BIN_NE, expr_unary(k, UN_FLOOR, y), y));
    r = math_let(m, "result",
                 expr_select(k, no_value, math_number(m, (double)NAN), signed_r));
    Expr *always_one = expr_binary(k, BIN_OR, expr_binary(k, BIN_EQ, y, zero),
                                   expr_binary(k, BIN_EQ, x, one));
    m->f->value = expr_select(k, always_one, one, r);
}
