/* sub - difference. */
#include "ops/rules.h"

static bool sub_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_number(n, sink) /* C1 */ && check_same_shape(n, sink) /* C2 */ &&
           type_like_first(n, y);
}

static double sub_at(double a, double b)
{
    return a - b;
}

static void sub_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, sub_at);
}

static void sub_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)n;
    dx[0] = dy;
    if (need[1])
        dx[1] = build_neg(g, dy);
}

static Expr *sub_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_SUB);
}

const Op op_sub = {
    .code = OP_sub,
    .name = "sub",
    .summary = "difference",
    .result = "[..]",
    .equation = "y = a - b",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "a", "[..]", "left", DOMAIN_REAL },
                 { "b", "[..]", "right", DOMAIN_REAL } },
    .shape = sub_shape,
    .eval = sub_eval,
    .grad = sub_grad,
    .element = sub_element,
    .constraint = {
        { "C1", "one type: float or i32", "sub u8 [1], u8 [2]", DIAG_DTYPE },
        { "C2", "one shape", "sub [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "sub [1, 2], [10, 20]", "[-9, -18]" },
        { "integers", "sub i32 [1], i32 [2]", "i32 [-1]" },
    },
};
