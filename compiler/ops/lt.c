/* lt - less: a < b, as bool. NaN compares as in C. */
#include "ops/rules.h"

static bool lt_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_same_dtype(n, sink) /* C1 */ || !check_same_shape(n, sink) /* C2 */)
        return false;
    y->dtype = DTYPE_BOOL;
    y->shape = n->in[0]->shape;
    return true;
}

static double lt_at(double a, double b)
{
    return a < b;
}

static void lt_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, lt_at);
}

static Expr *lt_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_LT);
}

const Op op_lt = {
    .code = OP_lt,
    .name = "lt",
    .summary = "less",
    .result = "[..]",
    .equation = "y = a < b",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD,
    .operand = { { "a", "[..]", "left", DOMAIN_OFF_ZERO },
                 { "b", "[..]", "right", DOMAIN_OFF_ZERO } },
    .shape = lt_shape,
    .eval = lt_eval,
    .element = lt_element,
    .constraint = {
        { "C1", "one type", "lt [1], i32 [2]", DIAG_DTYPE },
        { "C2", "one shape", "lt [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "lt [1, 2, 3], [2, 2, 2]", "bool [1, 0, 0]" },
        { "bytes", "lt u8 [3], u8 [200]", "bool [1]" },
    },
};
