/* sqrt - square root; NaN below 0. */
#include "ops/rules.h"

#include <math.h>

static bool sqrt_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void sqrt_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, sqrt);
}

static void sqrt_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = build_div(g, build_scale(g, dy, 0.5), node_in(g, n));
}

static Expr *sqrt_element(Lowering *w, const Node *n, Expr *const *at)
{
    return expr_unary(w->kernel, UN_SQRT, lower_value(w, n->in[0], at));
}

const Op op_sqrt = {
    .code = OP_sqrt,
    .name = "sqrt",
    .summary = "square root",
    .result = "[..]",
    .equation = "y = sqrt x",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "at least 0", DOMAIN_POSITIVE } },
    .shape = sqrt_shape,
    .eval = sqrt_eval,
    .grad = sqrt_grad,
    .element = sqrt_element,
    .constraint = {
        { "C1", "x is float", "sqrt i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "squares", "sqrt [4, 9]", "[2, 3]" },
        { "zero", "sqrt [0]", "[0]" },
    },
};
