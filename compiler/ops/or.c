/* or - logical or of bools. */
#include "ops/rules.h"

static bool or_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_dtype(n, 0, DTYPE_BOOL, sink) /* C1 */ &&
           check_dtype(n, 1, DTYPE_BOOL, sink) /* C1 */ &&
           check_same_shape(n, sink) /* C2 */ && type_like_first(n, y);
}

static double or_at(double a, double b)
{
    return a != 0 || b != 0;
}

static void or_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, or_at);
}

static Expr *or_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_OR);
}

const Op op_or = {
    .code = OP_or,
    .name = "or",
    .summary = "logical or",
    .result = "[..]",
    .equation = "y = a or b",
    .reference = "",
    .flags = OP_POINTWISE | OP_COMMUTATIVE | OP_NO_GRAD,
    .operand = { { "a", "[..]", "left", DOMAIN_BOOL },
                 { "b", "[..]", "right", DOMAIN_BOOL } },
    .shape = or_shape,
    .eval = or_eval,
    .element = or_element,
    .constraint = {
        { "C1", "both are bool", "or [1], [1]", DIAG_DTYPE },
        { "C2", "one shape", "or bool [1, 0], bool [1, 0, 1]", DIAG_BROADCAST },
    },
    .example = {
        { "truth table", "or bool [0, 0, 1, 1], bool [0, 1, 0, 1]",
          "bool [0, 1, 1, 1]" },
        { "one number", "or bool 1, bool 0", "bool 1" },
    },
};
