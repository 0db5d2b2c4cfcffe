/* sign - -1, 0 or 1; of NaN 0. */
#include "ops/rules.h"

static bool sign_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_number(n, sink) /* C1 */ && type_like_first(n, y);
}

static double sign_at(double x)
{
    return (x > 0) - (x < 0);
}

static void sign_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, sign_at);
}

static Expr *sign_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    Expr *x = lower_value(w, n->in[0], at), *zero = element_zero(k, n->dtype);
    bool real = element_type(n->dtype).dtype == DTYPE_F32;
    Expr *up = real ? expr_f32(k, 1) : expr_i32(k, 1);
    Expr *down = real ? expr_f32(k, -1) : expr_i32(k, -1);
    Expr *below = expr_select(k, expr_binary(k, BIN_LT, x, zero), down, zero);
    return expr_select(k, expr_binary(k, BIN_GT, x, zero), up, below);
}

const Op op_sign = {
    .code = OP_sign,
    .name = "sign",
    .summary = "sign",
    .result = "[..]",
    .equation = "y = -1, 0 or 1",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD,
    .operand = { { "x", "[..]", "any values", DOMAIN_OFF_ZERO } },
    .shape = sign_shape,
    .eval = sign_eval,
    .element = sign_element,
    .constraint = {
        { "C1", "x is float or i32", "sign u8 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "signs", "sign [0.5, -2]", "[1, -1]" },
        { "zero", "sign [0]", "[0]" },
    },
};
