/* log - natural logarithm; -inf at 0, NaN below. */
#include "ops/rules.h"

#include <math.h>

static bool log_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void log_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, log);
}

static void log_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = build_div(g, dy, n->in[0]);
}

static Expr *log_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_LOG);
}

const Op op_log = {
    .code = OP_log,
    .name = "log",
    .summary = "natural logarithm",
    .result = "[..]",
    .equation = "y = log x",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "above 0", DOMAIN_POSITIVE } },
    .shape = log_shape,
    .eval = log_eval,
    .grad = log_grad,
    .element = log_element,
    .constraint = {
        { "C1", "x is float", "log i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "one is zero", "log [1, 2.718281828459045]", "[0, 1]" },
        { "zero", "log [0]", "[-inf]" },
    },
};
