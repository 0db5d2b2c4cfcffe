/* gt - greater: a > b, as bool. NaN compares as in C. */
#include "ops/rules.h"

static bool gt_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_same_dtype(n, sink) /* C1 */ || !check_same_shape(n, sink) /* C2 */)
        return false;
    y->dtype = DTYPE_BOOL;
    y->shape = n->in[0]->shape;
    return true;
}

static double gt_at(double a, double b)
{
    return a > b;
}

static void gt_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, gt_at);
}

static Expr *gt_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_GT);
}

const Op op_gt = {
    .code = OP_gt,
    .name = "gt",
    .summary = "greater",
    .result = "[..]",
    .equation = "y = a > b",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD,
    .operand = { { "a", "[..]", "left", DOMAIN_OFF_ZERO },
                 { "b", "[..]", "right", DOMAIN_OFF_ZERO } },
    .shape = gt_shape,
    .eval = gt_eval,
    .element = gt_element,
    .constraint = {
        { "C1", "one type", "gt [1], i32 [2]", DIAG_DTYPE },
        { "C2", "one shape", "gt [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "gt [1, 2, 3], [2, 2, 2]", "bool [0, 0, 1]" },
        { "bytes", "gt u8 [3], u8 [200]", "bool [0]" },
    },
};
