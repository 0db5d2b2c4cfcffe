/* stop_gradient - x, through which no gradient flows. */
#include "ops/rules.h"

static bool stop_gradient_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static double same(double x)
{
    return x;
}

static void stop_gradient_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, same);
}

static Expr *stop_gradient_element(Lowering *w, const Node *n, Expr *const *at)
{
    return lower_value(w, n->in[0], at);
}

const Op op_stop_gradient = {
    .code = OP_stop_gradient,
    .name = "stop_gradient",
    .summary = "identity without a gradient",
    .result = "[..]",
    .equation = "y = x",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD,
    .operand = { { "x", "[..]", "any values", DOMAIN_REAL } },
    .shape = stop_gradient_shape,
    .eval = stop_gradient_eval,
    .element = stop_gradient_element,
    .constraint = {
        { "C1", "x is float", "stop_gradient i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "identity", "stop_gradient [1, 2]", "[1, 2]" },
        { "one number", "stop_gradient 3", "3" },
    },
};
