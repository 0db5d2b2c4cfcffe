/* abs - absolute value; its gradient at 0 is 0. */
#include "ops/rules.h"

#include <math.h>

static bool abs_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_number(n, sink) /* C1 */ && type_like_first(n, y);
}

static void abs_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, fabs);
}

static void abs_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = build_mul(g, dy, build_sign(g, n->in[0]));
}

static Expr *abs_element(Lowering *w, const Node *n, Expr *const *at)
{
    return expr_unary(w->kernel, UN_ABS, lower_value(w, n->in[0], at));
}

const Op op_abs = {
    .code = OP_abs,
    .name = "abs",
    .summary = "absolute value",
    .result = "[..]",
    .equation = "y = |x|",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "any values", DOMAIN_OFF_ZERO } },
    .shape = abs_shape,
    .eval = abs_eval,
    .grad = abs_grad,
    .element = abs_element,
    .constraint = {
        { "C1", "x is float or i32", "abs u8 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "signs", "abs [1, -2, 0]", "[1, 2, 0]" },
        { "integers", "abs i32 [-3]", "i32 [3]" },
    },
};
