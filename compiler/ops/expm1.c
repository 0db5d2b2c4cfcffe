/* expm1 - e to the power x, minus 1, exact near 0. */
#include "ops/rules.h"

#include <math.h>

static bool expm1_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void expm1_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, expm1);
}

static void expm1_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = build_mul(g, dy, build_exp(g, n->in[0]));
}

static Expr *expm1_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_EXPM1);
}

const Op op_expm1 = {
    .code = OP_expm1,
    .name = "expm1",
    .summary = "exponential minus one",
    .result = "[..]",
    .equation = "y = e^x - 1",
    .reference = "Higham 2002, Accuracy and Stability of Numerical Algorithms, 1.14.1",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "any values", DOMAIN_REAL } },
    .shape = expm1_shape,
    .eval = expm1_eval,
    .grad = expm1_grad,
    .element = expm1_element,
    .constraint = {
        { "C1", "x is float", "expm1 i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "near zero keeps its digits", "expm1 [0, 1e-10]", "[0, 1.00000000005e-10]" },
        { "far below", "expm1 [-1000]", "[-1]" },
    },
};
