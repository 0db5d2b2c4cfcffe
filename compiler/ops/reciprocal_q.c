/* reciprocal_q - 1 / x of the normalized x in Q0.31: i32 in fixed point
 * (runtime/device/fixed.h), which the compiler and the firmware share. */
#include "loop/intrinsics.h"
#include "ops/rules.h"

#include "device/fixed.h"

static bool reciprocal_q_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_dtype(n, 0, DTYPE_I32, sink) /* C1 */ && type_like_first(n, y);
}

static double reciprocal_q_at(double x)
{
    return dlc_reciprocal((int32_t)x);
}

static void reciprocal_q_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, reciprocal_q_at);
}

static Expr *reciprocal_q_element(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *x = lower_value(w, n->in[0], at);
    return intrinsic_call(w->kernel, INTRINSIC_dlc_reciprocal, &x);
}

const Op op_reciprocal_q = {
    .code = OP_reciprocal_q,
    .name = "reciprocal_q",
    .summary = "1 / x of the normalized x in Q0.31",
    .result = "[..]",
    .equation = "y 2^-31 = 1 / (x 2^(z-31)), z = leading_zeros x",
    .reference = "Jacob et al. 2018, appendix A",
    .flags = OP_POINTWISE | OP_SCALAR | OP_NO_GRAD,
    .operand = { { "x", "[..]", "positive", DOMAIN_LABEL } },
    .shape = reciprocal_q_shape,
    .eval = reciprocal_q_eval,
    .element = reciprocal_q_element,
    .constraint = {
        { "C1", "x is i32", "reciprocal_q [1]", DIAG_DTYPE },
    },
    .example = {
        { "of a power of two", "reciprocal_q i32 [524288]", "i32 [2147483647]" },
        { "of three", "reciprocal_q i32 [3]", "i32 [1431655762]" },
    },
};
