/* math_trig.c - sine and cosine in loop IR.
 *
 * x = n pi/2 + r, pi/2 in three parts with fma, in four (three of 11 bits, so that
 * products with n < 2^13 are exact) without. Polynomials of S. Moshier (Cephes,
 * sinf.c). Source of the reduction: Cody and Waite 1980, chapter 8. */
#include "loop/math_build.h"

static Expr *reduce(MathBuild *m, Expr *x, Expr *n)
{
    static const double fused[] = { 1.5707963705062866, -4.3711388286737929e-08,
                                    -1.7151245100058819e-15 };
    static const double exact[] = { 1.5703125, 0.00048375129699707031,
                                    7.5495336204767227e-08, 2.5633440682570896e-12 };
    int parts = m->fma ? 3 : 4;
    Expr *r = x;
    for (int i = 0; i < parts; i++) {
        Expr *part = math_number(m, m->fma ? -fused[i] : -exact[i]);
        r = math_let(m, "r", math_madd(m, n, part, r));
    }
    /* Far out the reduction fails; results stay within -1 .. 1, NaN passes. */
    r = expr_binary(m->k, BIN_MIN, math_number(m, 0.8), r);
    return math_let(m, "r", expr_binary(m->k, BIN_MAX, math_number(m, -0.8), r));
}

static void build(MathBuild *m, int quarter)
{
    static const double sine[] = { -1.9515295891e-4, 8.3321608736e-3,
                                   -1.6666654611e-1 };
    static const double cosine[] = { 2.443315711809948e-5, -1.388731625493765e-3,
                                     4.166664568298827e-2 };
    Kernel *k = m->k;
    Expr *x = math_arg(m, 0), *one = math_number(m, 1);
    Expr *magic = math_number(m, 12582912.0);
    Expr *t =
        math_let(m, "t", math_madd(m, x, math_number(m, 0.636619772367581343), magic));
    Expr *n = math_let(m, "n", expr_sub(k, t, magic));
    Expr *r = reduce(m, x, n);
    Expr *square = math_let(m, "square", expr_mul(k, r, r));
    Expr *s = math_polynomial(m, square, sine, 3);
    s = math_let(m, "sine", math_madd(m, expr_mul(k, s, square), r, r));
    Expr *c = math_polynomial(m, square, cosine, 3);
    c = math_madd(m, square, math_number(m, -0.5),
                  expr_mul(k, expr_mul(k, square, square), c));
    c = math_let(m, "cosine", expr_add(k, c, one));
    /* quadrant: the low bits of t; 1.5 * 2^23 itself is 0 modulo 4 */
    Expr *q = expr_add(k, expr_bits(k, t, DTYPE_U32), expr_u32(k, (uint32_t)quarter));
    q = math_let(m, "quadrant", q);
    Expr *odd = expr_binary(k, BIN_NE, expr_binary(k, BIN_AND, q, expr_u32(k, 1)),
                            expr_u32(k, 0));
    Expr *y = math_let(m, "y", expr_select(k, odd, c, s));
    Expr *flip = expr_binary(k, BIN_SHL, expr_binary(k, BIN_AND, q, expr_u32(k, 2)),
                             expr_u32(k, 30));
    Expr *bits = expr_binary(k, BIN_XOR, expr_bits(k, y, DTYPE_U32), flip);
    y = expr_bits(k, bits, DTYPE_F32);
    if (quarter == 0) /* keeps -0 */
        y = expr_select(k, expr_binary(k, BIN_EQ, x, math_number(m, 0)), x, y);
    m->f->value = y;
}

void math_build_sin(MathBuild *m)
{
    build(m, 0);
}

void math_build_cos(MathBuild *m)
{
    build(m, 1);
}
