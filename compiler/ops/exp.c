/* exp - e to the power x. */
#include "ops/rules.h"

#include <math.h>

static bool exp_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void exp_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, exp);
}

static void exp_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = build_mul(g, dy, node_in(g, n)); /* y itself */
}

static Expr *exp_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_EXP);
}

const Op op_exp = {
    .code = OP_exp,
    .name = "exp",
    .summary = "exponential",
    .result = "[..]",
    .equation = "y = e^x",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "any values", DOMAIN_REAL } },
    .shape = exp_shape,
    .eval = exp_eval,
    .grad = exp_grad,
    .element = exp_element,
    .constraint = {
        { "C1", "x is float", "exp i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "zero is one", "exp [0, 1]", "[1, 2.718281828459045]" },
        { "far below", "exp [-1000]", "[0]" },
    },
};
