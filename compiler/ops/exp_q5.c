/* exp_q5 - e^x of values up to 0, Q5.26 to Q0.31: i32 in fixed point
 * (runtime/device/fixed.h), which the compiler and the firmware share. */
#include "loop/intrinsics.h"
#include "ops/rules.h"

#include "device/fixed.h"

static bool exp_q5_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_dtype(n, 0, DTYPE_I32, sink) /* C1 */ && type_like_first(n, y);
}

static double exp_q5_at(double x)
{
    return dlc_exp_q5((int32_t)x);
}

static void exp_q5_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, exp_q5_at);
}

static Expr *exp_q5_element(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *x = lower_value(w, n->in[0], at);
    return intrinsic_call(w->kernel, INTRINSIC_dlc_exp_q5, &x);
}

const Op op_exp_q5 = {
    .code = OP_exp_q5,
    .name = "exp_q5",
    .summary = "e^x of values up to 0, Q5.26 to Q0.31",
    .result = "[..]",
    .equation = "y 2^-31 = e^(x 2^-26)",
    .reference = "Jacob et al. 2018, appendix A",
    .flags = OP_POINTWISE | OP_SCALAR | OP_NO_GRAD,
    .operand = { { "x", "[..]", "up to 0", DOMAIN_LABEL } },
    .shape = exp_q5_shape,
    .eval = exp_q5_eval,
    .element = exp_q5_element,
    .constraint = {
        { "C1", "x is i32", "exp_q5 [1]", DIAG_DTYPE },
    },
    .example = {
        { "one", "exp_q5 i32 [0]", "i32 [2147483647]" },
        { "1/e", "exp_q5 i32 [-67108864]", "i32 [790015308]" },
    },
};
