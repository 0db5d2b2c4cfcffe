/* le - less or equal: a <= b, as bool. NaN compares as in C. */
#include "ops/rules.h"

static bool le_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_same_dtype(n, sink) /* C1 */ || !check_same_shape(n, sink) /* C2 */)
        return false;
    y->dtype = DTYPE_BOOL;
    y->shape = n->in[0]->shape;
    return true;
}

static double le_at(double a, double b)
{
    return a <= b;
}

static void le_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, le_at);
}

static Expr *le_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_LE);
}

const Op op_le = {
    .code = OP_le,
    .name = "le",
    .summary = "less or equal",
    .result = "[..]",
    .equation = "y = a <= b",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD,
    .operand = { { "a", "[..]", "left", DOMAIN_OFF_ZERO },
                 { "b", "[..]", "right", DOMAIN_OFF_ZERO } },
    .shape = le_shape,
    .eval = le_eval,
    .element = le_element,
    .constraint = {
        { "C1", "one type", "le [1], i32 [2]", DIAG_DTYPE },
        { "C2", "one shape", "le [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "le [1, 2, 3], [2, 2, 2]", "bool [1, 1, 0]" },
        { "bytes", "le u8 [3], u8 [200]", "bool [1]" },
    },
};
