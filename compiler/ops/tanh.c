/* tanh - hyperbolic tangent. */
#include "ops/rules.h"

#include <math.h>

static bool tanh_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void tanh_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, tanh);
}

static void tanh_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    Node *y = node_in(g, n);
    Node *slope = build_sub(g, build_scalar(g, 1), build_mul(g, y, y));
    dx[0] = build_mul(g, dy, slope);
}

static Expr *tanh_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_TANH);
}

const Op op_tanh = {
    .code = OP_tanh,
    .name = "tanh",
    .summary = "hyperbolic tangent",
    .result = "[..]",
    .equation = "y = tanh x",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "any values", DOMAIN_REAL } },
    .shape = tanh_shape,
    .eval = tanh_eval,
    .grad = tanh_grad,
    .element = tanh_element,
    .constraint = {
        { "C1", "x is float", "tanh i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "odd", "tanh [0, 1, -1]", "[0, 0.7615941559557649, -0.7615941559557649]" },
        { "saturates", "tanh [100]", "[1]" },
    },
};
