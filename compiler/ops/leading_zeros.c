/* leading_zeros - zero bits above the highest set one: i32 in fixed point
 * (runtime/device/fixed.h), which the compiler and the firmware share. */
#include "loop/intrinsics.h"
#include "ops/rules.h"

#include "device/fixed.h"

static bool leading_zeros_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_dtype(n, 0, DTYPE_I32, sink) /* C1 */ && type_like_first(n, y);
}

static double leading_zeros_at(double x)
{
    return dlc_leading_zeros((int32_t)x);
}

static void leading_zeros_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, leading_zeros_at);
}

static Expr *leading_zeros_element(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *x = lower_value(w, n->in[0], at);
    return intrinsic_call(w->kernel, INTRINSIC_dlc_leading_zeros, &x);
}

const Op op_leading_zeros = {
    .code = OP_leading_zeros,
    .name = "leading_zeros",
    .summary = "zero bits above the highest set one",
    .result = "[..]",
    .equation = "y = 31 - floor(log2 x)",
    .reference = "Jacob et al. 2018, appendix A",
    .flags = OP_POINTWISE | OP_SCALAR | OP_NO_GRAD,
    .operand = { { "x", "[..]", "any values", DOMAIN_LABEL } },
    .shape = leading_zeros_shape,
    .eval = leading_zeros_eval,
    .element = leading_zeros_element,
    .constraint = {
        { "C1", "x is i32", "leading_zeros [1]", DIAG_DTYPE },
    },
    .example = {
        { "of one and of all", "leading_zeros i32 [1, 65536, -1]", "i32 [31, 15, 0]" },
        { "none set", "leading_zeros i32 [0]", "i32 [32]" },
    },
};
