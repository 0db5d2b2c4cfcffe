/* ne - unequal: a != b, as bool. NaN compares as in C. */
#include "ops/rules.h"

static bool ne_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_same_dtype(n, sink) /* C1 */ || !check_same_shape(n, sink) /* C2 */)
        return false;
    y->dtype = DTYPE_BOOL;
    y->shape = n->in[0]->shape;
    return true;
}

static double ne_at(double a, double b)
{
    return a != b;
}

static void ne_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, ne_at);
}

static Expr *ne_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_NE);
}

const Op op_ne = {
    .code = OP_ne,
    .name = "ne",
    .summary = "unequal",
    .result = "[..]",
    .equation = "y = a != b",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD | OP_COMMUTATIVE,
    .operand = { { "a", "[..]", "left", DOMAIN_OFF_ZERO },
                 { "b", "[..]", "right", DOMAIN_OFF_ZERO } },
    .shape = ne_shape,
    .eval = ne_eval,
    .element = ne_element,
    .constraint = {
        { "C1", "one type", "ne [1], i32 [2]", DIAG_DTYPE },
        { "C2", "one shape", "ne [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "ne [1, 2, 3], [2, 2, 2]", "bool [1, 0, 1]" },
        { "bytes", "ne u8 [3], u8 [200]", "bool [1]" },
    },
};
