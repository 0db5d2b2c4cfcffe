/* neg - negation. */
#include "ops/rules.h"

static bool neg_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_number(n, sink) /* C1 */ && type_like_first(n, y);
}

static double neg_at(double x)
{
    return -x;
}

static void neg_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, neg_at);
}

static void neg_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)n;
    (void)need;
    dx[0] = build_neg(g, dy);
}

static Expr *neg_element(Lowering *w, const Node *n, Expr *const *at)
{
    return expr_unary(w->kernel, UN_NEG, lower_value(w, n->in[0], at));
}

const Op op_neg = {
    .code = OP_neg,
    .name = "neg",
    .summary = "negation",
    .result = "[..]",
    .equation = "y = -x",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "any values", DOMAIN_REAL } },
    .shape = neg_shape,
    .eval = neg_eval,
    .grad = neg_grad,
    .element = neg_element,
    .constraint = {
        { "C1", "x is float or i32", "neg u8 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "signs", "neg [1, -2]", "[-1, 2]" },
        { "integers", "neg i32 [3]", "i32 [-3]" },
    },
};
