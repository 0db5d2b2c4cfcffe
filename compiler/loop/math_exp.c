/* math_exp.c - the exponential family in loop IR.
 *
 * Reduction x = n ln 2 + r with n by adding and subtracting 1.5 * 2^23 (Cody and Waite,
 * Software Manual for the Elementary Functions, 1980, chapter 6); ln 2 in two parts
 * whose first has 9 bits, so that n times it is exact. Polynomials are minimax on |r|
 * <= 0.3467, fitted by iterated weighted least squares (Lawson). No branches. */
#include "loop/math_build.h"

#include <math.h>

/* (expm1 r - r) / r^2, error 3e-9 absolute, for results near 1 or above ... */
static const double exp_polynomial[] = { 0.00139505242, 0.00836890843, 0.041666206,
                                         0.166665182, 0.5 };
/* ... and 2e-10 relative. */
static const double expm1_polynomial[] = { 0.000198458802, 0.00139406545, 0.00833338965,
                                           0.0416663624,   0.166666657,   0.5 };

ExpParts math_exp_parts(MathBuild *m, Expr *x, bool relative)
{
    Kernel *k = m->k;
    Expr *magic = math_number(m, 12582912.0); /* 1.5 * 2^23: the sum has unit 1 */
    Expr *t =
        math_let(m, "t", math_madd(m, x, math_number(m, 1.44269504088896341), magic));
    Expr *n = math_let(m, "n", expr_sub(k, t, magic));
    Expr *r = math_let(m, "r", math_madd(m, n, math_number(m, -0.693359375), x));
    r = math_let(m, "r", math_madd(m, n, math_number(m, 2.12194440e-4), r));
    Expr *p = relative ? math_polynomial(m, r, expm1_polynomial, 6)
                       : math_polynomial(m, r, exp_polynomial, 5);
    Expr *square = math_let(m, "square", expr_mul(k, r, r));
    ExpParts parts;
    parts.fraction = math_let(m, "fraction", math_madd(m, square, p, r));
    /* The low bits of t hold n in two's complement. */
    parts.n = math_let(
        m, "n_int", expr_sub(k, expr_bits(k, t, DTYPE_I32), expr_i32(k, 0x4b400000)));
    return parts;
}

/* 2^n for -126 <= n <= 127, by its exponent field. */
static Expr *power_of_2(MathBuild *m, Expr *n)
{
    Kernel *k = m->k;
    Expr *field =
        expr_binary(k, BIN_SHL, expr_add(k, n, expr_i32(k, 127)), expr_i32(k, 23));
    return expr_bits(k, field, DTYPE_F32);
}

/* max and min with the constant first let NaN through. */
static Expr *clamp(MathBuild *m, Expr *x, double low, double high)
{
    Expr *y = expr_binary(m->k, BIN_MIN, math_number(m, high), x);
    return math_let(m, "clamped", expr_binary(m->k, BIN_MAX, math_number(m, low), y));
}

Expr *math_exp_of(MathBuild *m, Expr *x)
{
    Kernel *k = m->k;
    ExpParts e = math_exp_parts(m, clamp(m, x, -104, 89), false);
    /* In two steps, for results that are denormal or overflow. */
    Expr *half = math_let(m, "half", expr_binary(k, BIN_SHR, e.n, expr_i32(k, 1)));
    Expr *y = expr_add(k, e.fraction, math_number(m, 1));
    y = math_let(m, "y", expr_mul(k, y, power_of_2(m, half)));
    return expr_mul(k, y, power_of_2(m, expr_sub(k, e.n, half)));
}

/* 2 (2^(n-1) fraction + (2^(n-1) - 1/2)): half the power, for n up to 128. */
Expr *math_expm1_of(MathBuild *m, Expr *x)
{
    Kernel *k = m->k;
    ExpParts e = math_exp_parts(m, clamp(m, x, -18, 89), true);
    Expr *power = power_of_2(m, expr_sub(k, e.n, expr_i32(k, 1)));
    power = math_let(m, "power", power);
    Expr *rest = expr_sub(k, power, math_number(m, 0.5));
    return expr_mul(k, math_madd(m, power, e.fraction, rest), math_number(m, 2));
}

Expr *math_copy_sign(MathBuild *m, Expr *magnitude, Expr *sign)
{
    Kernel *k = m->k;
    Expr *bit = expr_binary(k, BIN_AND, expr_bits(k, sign, DTYPE_U32),
                            expr_u32(k, 0x80000000U));
    Expr *bits = expr_binary(k, BIN_OR, expr_bits(k, magnitude, DTYPE_U32), bit);
    return expr_bits(k, bits, DTYPE_F32);
}

void math_build_exp(MathBuild *m)
{
    m->f->value = math_exp_of(m, math_arg(m, 0));
}

void math_build_expm1(MathBuild *m)
{
    Expr *x = math_arg(m, 0);
    Expr *y = math_let(m, "y", math_expm1_of(m, x));
    Expr *is_zero = expr_binary(m->k, BIN_EQ, x, math_number(m, 0));
    m->f->value = expr_select(m->k, is_zero, x, y); /* keeps -0 */
}

void math_build_tanh(MathBuild *m)
{
    Kernel *k = m->k;
    Expr *x = math_arg(m, 0);
    Expr *twice = expr_mul(k, expr_unary(k, UN_ABS, x), math_number(m, 2));
    twice = expr_binary(k, BIN_MIN, math_number(m, 40), twice);
    Expr *e = math_let(m, "e", math_expm1_of(m, math_let(m, "twice", twice)));
    Expr *y = math_let(m, "y", expr_div(k, e, expr_add(k, e, math_number(m, 2))));
    m->f->value = math_copy_sign(m, y, x);
}

void math_build_sigmoid(MathBuild *m)
{
    Kernel *k = m->k;
    Expr *e = math_exp_of(m, expr_unary(k, UN_NEG, math_arg(m, 0)));
    Expr *sum = expr_add(k, math_let(m, "e", e), math_number(m, 1));
    m->f->value = expr_div(k, math_number(m, 1), sum);
}

void math_build_softplus(MathBuild *m)
{
    Kernel *k = m->k;
    Expr *x = math_arg(m, 0);
    Expr *minus = expr_unary(k, UN_NEG, expr_unary(k, UN_ABS, x));
    Expr *e = math_let(m, "e", math_exp_of(m, minus));
    Expr *tail = math_let(m, "tail", math_log1p_of(m, e));
    Expr *positive = expr_binary(k, BIN_MAX, math_number(m, 0), x); /* NaN passes */
    m->f->value = expr_add(k, positive, tail);
}

/* N. Juffa's erff (forum posts on CUDA's math library, 2011-2020): a minimax polynomial
 * up to 0.9277, 1 - exp of one beyond. */
void math_build_erf(MathBuild *m)
{
    static const double outer[] = { -1.72853470e-5, 3.83197126e-4,  -3.88396438e-3,
                                    2.42546219e-2,  -1.06777877e-1, -6.34846687e-1,
                                    -1.28717512e-1 };
    static const double inner[] = { -5.96761703e-4, 4.99119423e-3,  -2.67681349e-2,
                                    1.12819925e-1,  -3.76125336e-1, 1.28379166e-1 };
    Kernel *k = m->k;
    Expr *x = math_arg(m, 0);
    Expr *a = math_let(m, "a", expr_unary(k, UN_ABS, x));
    Expr *t = math_let(m, "t", expr_binary(k, BIN_MIN, math_number(m, 4.5), a));
    Expr *p = math_polynomial(m, t, outer, 7);
    p = math_let(m, "p", math_madd(m, p, t, expr_unary(k, UN_NEG, t)));
    Expr *far = expr_sub(k, math_number(m, 1), math_exp_of(m, p));
    far = math_let(m, "far", math_copy_sign(m, far, x));
    Expr *square = math_let(m, "square", expr_mul(k, x, x));
    Expr *q = math_polynomial(m, square, inner, 6);
    Expr *near = math_let(m, "near", math_madd(m, q, x, x));
    Expr *beyond = expr_binary(k, BIN_GT, a, math_number(m, 0.927734375));
    m->f->value = expr_select(k, beyond, far, near);
}
