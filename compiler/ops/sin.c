/* sin - sine of radians. */
#include "ops/rules.h"

#include <math.h>

static bool sin_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void sin_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, sin);
}

static void sin_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = build_mul(g, dy, build_cos(g, n->in[0]));
}

static Expr *sin_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_SIN);
}

const Op op_sin = {
    .code = OP_sin,
    .name = "sin",
    .summary = "sine",
    .result = "[..]",
    .equation = "y = sin x",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "radians", DOMAIN_REAL } },
    .shape = sin_shape,
    .eval = sin_eval,
    .grad = sin_grad,
    .element = sin_element,
    .constraint = {
        { "C1", "x is float", "sin i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "quarter turn", "sin [0, 1.5707963267948966]", "[0, 1]" },
        { "odd", "sin [-1]", "[-0.8414709848078965]" },
    },
};
