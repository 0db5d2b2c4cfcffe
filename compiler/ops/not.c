/* not - logical not of a bool. */
#include "ops/rules.h"

static bool not_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_dtype(n, 0, DTYPE_BOOL, sink) /* C1 */ && type_like_first(n, y);
}

static double not_at(double x)
{
    return x == 0;
}

static void not_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, not_at);
}

static Expr *not_element(Lowering *w, const Node *n, Expr *const *at)
{
    return expr_unary(w->kernel, UN_NOT, lower_value(w, n->in[0], at));
}

const Op op_not = {
    .code = OP_not,
    .name = "not",
    .summary = "logical not",
    .result = "[..]",
    .equation = "y = not x",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD,
    .operand = { { "x", "[..]", "bools", DOMAIN_BOOL } },
    .shape = not_shape,
    .eval = not_eval,
    .element = not_element,
    .constraint = {
        { "C1", "x is bool", "not [1]", DIAG_DTYPE },
    },
    .example = {
        { "both", "not bool [0, 1]", "bool [1, 0]" },
        { "one number", "not bool 1", "bool 0" },
    },
};
