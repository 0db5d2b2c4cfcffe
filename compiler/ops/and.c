/* and - logical and of bools. */
#include "ops/rules.h"

static bool and_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_dtype(n, 0, DTYPE_BOOL, sink) /* C1 */ &&
           check_dtype(n, 1, DTYPE_BOOL, sink) /* C1 */ &&
           check_same_shape(n, sink) /* C2 */ && type_like_first(n, y);
}

static double and_at(double a, double b)
{
    return a != 0 && b != 0;
}

static void and_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, and_at);
}

static Expr *and_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_AND);
}

const Op op_and = {
    .code = OP_and,
    .name = "and",
    .summary = "logical and",
    .result = "[..]",
    .equation = "y = a and b",
    .reference = "",
    .flags = OP_POINTWISE | OP_COMMUTATIVE | OP_NO_GRAD,
    .operand = { { "a", "[..]", "left", DOMAIN_BOOL },
                 { "b", "[..]", "right", DOMAIN_BOOL } },
    .shape = and_shape,
    .eval = and_eval,
    .element = and_element,
    .constraint = {
        { "C1", "both are bool", "and [1], [1]", DIAG_DTYPE },
        { "C2", "one shape", "and bool [1, 0], bool [1, 0, 1]", DIAG_BROADCAST },
    },
    .example = {
        { "truth table", "and bool [0, 0, 1, 1], bool [0, 1, 0, 1]",
          "bool [0, 0, 0, 1]" },
        { "one number", "and bool 1, bool 0", "bool 0" },
    },
};
