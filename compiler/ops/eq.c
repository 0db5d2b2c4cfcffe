/* eq - equal: a == b, as bool. NaN compares as in C. */
#include "ops/rules.h"

static bool eq_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_same_dtype(n, sink) /* C1 */ || !check_same_shape(n, sink) /* C2 */)
        return false;
    y->dtype = DTYPE_BOOL;
    y->shape = n->in[0]->shape;
    return true;
}

static double eq_at(double a, double b)
{
    return a == b;
}

static void eq_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, eq_at);
}

static Expr *eq_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_EQ);
}

const Op op_eq = {
    .code = OP_eq,
    .name = "eq",
    .summary = "equal",
    .result = "[..]",
    .equation = "y = a == b",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD | OP_COMMUTATIVE,
    .operand = { { "a", "[..]", "left", DOMAIN_OFF_ZERO },
                 { "b", "[..]", "right", DOMAIN_OFF_ZERO } },
    .shape = eq_shape,
    .eval = eq_eval,
    .element = eq_element,
    .constraint = {
        { "C1", "one type", "eq [1], i32 [2]", DIAG_DTYPE },
        { "C2", "one shape", "eq [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "eq [1, 2, 3], [2, 2, 2]", "bool [0, 1, 0]" },
        { "bytes", "eq u8 [3], u8 [200]", "bool [0]" },
    },
};
