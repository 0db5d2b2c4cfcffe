/* cos - cosine of radians. */
#include "ops/rules.h"

#include <math.h>

static bool cos_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void cos_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, cos);
}

static void cos_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = build_neg(g, build_mul(g, dy, build_sin(g, n->in[0])));
}

static Expr *cos_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_COS);
}

const Op op_cos = {
    .code = OP_cos,
    .name = "cos",
    .summary = "cosine",
    .result = "[..]",
    .equation = "y = cos x",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "radians", DOMAIN_REAL } },
    .shape = cos_shape,
    .eval = cos_eval,
    .grad = cos_grad,
    .element = cos_element,
    .constraint = {
        { "C1", "x is float", "cos i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "half turn", "cos [0, 3.141592653589793]", "[1, -1]" },
        { "even", "cos [-1]", "[0.5403023058681398]" },
    },
};
