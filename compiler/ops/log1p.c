/* log1p - log(1 + x), exact near 0; -inf at -1, NaN below. */
#include "ops/rules.h"

#include <math.h>

static bool log1p_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void log1p_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, log1p);
}

static void log1p_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = build_div(g, dy, build_add(g, n->in[0], build_scalar(g, 1)));
}

static Expr *log1p_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_LOG1P);
}

const Op op_log1p = {
    .code = OP_log1p,
    .name = "log1p",
    .summary = "logarithm of one plus",
    .result = "[..]",
    .equation = "y = log(1 + x)",
    .reference = "Higham 2002, Accuracy and Stability of Numerical Algorithms, 1.14.1",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "above -1", DOMAIN_POSITIVE } },
    .shape = log1p_shape,
    .eval = log1p_eval,
    .grad = log1p_grad,
    .element = log1p_element,
    .constraint = {
        { "C1", "x is float", "log1p i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "near zero keeps its digits", "log1p [0, 1e-10]", "[0, 9.9999999995e-11]" },
        { "minus one", "log1p [-1]", "[-inf]" },
    },
};
