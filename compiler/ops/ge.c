/* ge - greater or equal: a >= b, as bool. NaN compares as in C. */
#include "ops/rules.h"

static bool ge_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_same_dtype(n, sink) /* C1 */ || !check_same_shape(n, sink) /* C2 */)
        return false;
    y->dtype = DTYPE_BOOL;
    y->shape = n->in[0]->shape;
    return true;
}

static double ge_at(double a, double b)
{
    return a >= b;
}

static void ge_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, ge_at);
}

static Expr *ge_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_GE);
}

const Op op_ge = {
    .code = OP_ge,
    .name = "ge",
    .summary = "greater or equal",
    .result = "[..]",
    .equation = "y = a >= b",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD,
    .operand = { { "a", "[..]", "left", DOMAIN_OFF_ZERO },
                 { "b", "[..]", "right", DOMAIN_OFF_ZERO } },
    .shape = ge_shape,
    .eval = ge_eval,
    .element = ge_element,
    .constraint = {
        { "C1", "one type", "ge [1], i32 [2]", DIAG_DTYPE },
        { "C2", "one shape", "ge [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "ge [1, 2, 3], [2, 2, 2]", "bool [0, 1, 1]" },
        { "bytes", "ge u8 [3], u8 [200]", "bool [0]" },
    },
};
