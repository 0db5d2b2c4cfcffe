/* sigmoid - logistic function; neither branch overflows. */
#include "ops/rules.h"

#include <math.h>

static bool sigmoid_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static double sigmoid_at(double x)
{
    double e = exp(-fabs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

static void sigmoid_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, sigmoid_at);
}

static void sigmoid_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    Node *y = node_in(g, n);
    Node *slope = build_mul(g, y, build_sub(g, build_scalar(g, 1), y));
    dx[0] = build_mul(g, dy, slope);
}

static Expr *sigmoid_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_SIGMOID);
}

const Op op_sigmoid = {
    .code = OP_sigmoid,
    .name = "sigmoid",
    .summary = "logistic function",
    .result = "[..]",
    .equation = "y = 1 / (1 + e^-x)",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "any values", DOMAIN_REAL } },
    .shape = sigmoid_shape,
    .eval = sigmoid_eval,
    .grad = sigmoid_grad,
    .element = sigmoid_element,
    .constraint = {
        { "C1", "x is float", "sigmoid i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "half at zero", "sigmoid [0, 2]", "[0.5, 0.8807970779778823]" },
        { "does not overflow", "sigmoid [-1000, 1000]", "[0, 1]" },
    },
};
