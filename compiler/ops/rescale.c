/* rescale - a product with a real number below one, in integers: how accumulators of
 * quantized contractions come to the scale of the result (runtime/device/fixed.h). */
#include "loop/intrinsics.h"
#include "ops/rules.h"

#include "device/fixed.h"

#include <math.h>

static bool rescale_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    for (int i = 0; i < n->n_in; i++)
        if (!check_dtype(n, i, DTYPE_I32, sink)) /* C1 */
            return false;
    return check_same_shape(n, sink) /* C2 */ && type_like_first(n, y);
}

static void rescale_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    for (int64_t i = 0; i < shape_count(&n->shape); i++)
        y->at[i] = dlc_rescale((int32_t)in[0]->at[i], (int32_t)in[1]->at[i],
                               (int32_t)in[2]->at[i]);
}

/* ---- the short form ---------------------------------------------------------------
 */

static bool number_of(const Node *n, double *number)
{
    while (n->op == &op_broadcast || n->op == &op_reshape)
        n = n->in[0];
    if (!constant_is_uniform(n))
        return false;
    *number = attr_tensor(n, "value")->at[0];
    return true;
}

/* A bound of |n|, from the ranges of narrow types; -1: not known. */
static double magnitude_of(const Node *n, int depth)
{
    double number, a = -1, b = -1;
    if (number_of(n, &number))
        return fabs(number);
    if (n->dtype == DTYPE_I8 || n->dtype == DTYPE_U8)
        return n->dtype == DTYPE_I8 ? 128 : 255;
    if (depth == 0 || n->n_in == 0)
        return -1;
    a = magnitude_of(n->in[0], depth - 1);
    if (n->op == &op_rescale) {
        double m, s;
        bool known = number_of(n->in[1], &m) && number_of(n->in[2], &s);
        return known && a >= 0 ? a * m * ldexp(1, (int)s - 31) + 1 : -1;
    }
    if (n->op == &op_cast || n->op == &op_broadcast || n->op == &op_reshape)
        return n->in[0]->dtype == DTYPE_F32 ? -1 : a;
    if (n->n_in == 2)
        b = magnitude_of(n->in[1], depth - 1);
    if (a < 0 || b < 0)
        return -1;
    if (n->op == &op_add || n->op == &op_sub)
        return a + b;
    return n->op == &op_mul ? a * b : -1;
}

/* Where x 2^(1 + left) fits i32, the product is one smmulr, and its rounding shift
 * takes a sum and a shift (dlc_requantize). NULL: not proven, or no constants. */
static Expr *short_form(Lowering *w, const Node *n, Expr *const *at)
{
    enum { DEPTH = 12 };
    Kernel *k = w->kernel;
    double multiplier, shift, most = magnitude_of(n->in[0], DEPTH);
    if (!w->short_rescale || most < 0 || !number_of(n->in[1], &multiplier) ||
        !number_of(n->in[2], &shift))
        return NULL;
    int left = shift > 0 ? (int)shift : 0, right = shift < 0 ? -(int)shift : 0;
    if (right > 30 || most * ldexp(1, left) >= 1073741823)
        return NULL;
    Expr *x = lower_value(w, n->in[0], at);
    Expr *args[2] = { expr_binary(k, BIN_SHL, x, expr_i32(k, 1 + left)),
                      expr_i32(k, (int64_t)multiplier) };
    Expr *y = intrinsic_call(k, INTRINSIC_dlc_smmulr, args);
    if (right == 0)
        return y;
    y = kernel_let(k, "scaled", y);
    Expr *sign = expr_binary(k, BIN_SHR, y, expr_i32(k, 31));
    Expr *half = expr_add(k, sign, expr_i32(k, INT64_C(1) << (right - 1)));
    return expr_binary(k, BIN_SHR, expr_add(k, y, half), expr_i32(k, right));
}

static Expr *rescale_element(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *args[3], *y = short_form(w, n, at);
    if (y != NULL)
        return y;
    for (int i = 0; i < 3; i++)
        args[i] = lower_value(w, n->in[i], at);
    return intrinsic_call(w->kernel, INTRINSIC_dlc_rescale, args);
}

const Op op_rescale = {
    .code = OP_rescale,
    .name = "rescale",
    .summary = "product with multiplier 2^(shift - 31), rounded twice",
    .result = "[..]",
    .equation = "y = round(round(x 2^max(shift, 0) multiplier 2^-31) 2^min(shift, 0))",
    .reference = "Jacob et al. 2018, section 2.2",
    .flags = OP_POINTWISE | OP_SCALAR | OP_NO_GRAD,
    .operand = { { "x", "[..]", "accumulators", DOMAIN_LABEL },
                 { "multiplier", "[..]", "Q0.31, 2^30 and more", DOMAIN_LABEL },
                 { "shift", "[..]", "-31 .. 30", DOMAIN_LABEL } },
    .shape = rescale_shape,
    .eval = rescale_eval,
    .element = rescale_element,
    .constraint = {
        { "C1", "operands are i32", "rescale [1], i32 [1], i32 [0]", DIAG_DTYPE },
        { "C2", "one shape", "rescale i32 [1, 2], i32 [1, 2, 3], i32 [0, 0]",
          DIAG_BROADCAST },
    },
    .example = {
        { "half, away from zero",
          "rescale i32 [5, -5], i32 [1073741824, 1073741824], i32 [0, 0]",
          "i32 [3, -2]" },
        { "to the left and to the right",
          "rescale i32 [3, 100], i32 [1073741824, 1073741824], i32 [2, -2]",
          "i32 [6, 13]" },
    },
};
