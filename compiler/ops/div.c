/* div - quotient of floats; x / 0 is infinite, 0 / 0 NaN. */
#include "ops/rules.h"

static bool div_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && check_same_shape(n, sink) /* C2 */ &&
           type_like_first(n, y);
}

static double div_at(double a, double b)
{
    return a / b;
}

static void div_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, div_at);
}

static void div_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    if (need[0])
        dx[0] = build_div(g, dy, n->in[1]);
    if (need[1]) /* -a / b^2 = -y / b */
        dx[1] = build_neg(g, build_div(g, build_mul(g, dy, node_in(g, n)), n->in[1]));
}

static Expr *div_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_DIV);
}

const Op op_div = {
    .code = OP_div,
    .name = "div",
    .summary = "quotient",
    .result = "[..]",
    .equation = "y = a / b",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "a", "[..]", "left", DOMAIN_REAL },
                 { "b", "[..]", "right", DOMAIN_POSITIVE } },
    .shape = div_shape,
    .eval = div_eval,
    .grad = div_grad,
    .element = div_element,
    .constraint = {
        { "C1", "one float type", "div i32 [1], i32 [2]", DIAG_DTYPE },
        { "C2", "one shape", "div [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "div [1, 6], [2, 3]", "[0.5, 2]" },
        { "by zero", "div [1, -1], [0, 0]", "[inf, -inf]" },
    },
};
