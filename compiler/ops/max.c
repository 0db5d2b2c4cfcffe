/* max - larger of two; y = a > b ? a : b, also for NaN. */
#include "ops/rules.h"

static bool max_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_number(n, sink) /* C1 */ && check_same_shape(n, sink) /* C2 */ &&
           type_like_first(n, y);
}

static double max_at(double a, double b)
{
    return a > b ? a : b;
}

static void max_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, max_at);
}

/* Ties send the gradient to b: so relu(x) = max(x, 0) has gradient 0 at 0, as in
 * PyTorch; the order of the operands matters. */
static void max_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    Node *first = build_gt(g, n->in[0], n->in[1]);
    Node *zero = build_scalar(g, 0);
    if (need[0])
        dx[0] = build_select(g, first, dy, zero);
    if (need[1])
        dx[1] = build_select(g, first, zero, dy);
}

static Expr *max_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_MAX);
}

const Op op_max = {
    .code = OP_max,
    .name = "max",
    .summary = "larger",
    .result = "[..]",
    .equation = "y = a > b ? a : b",
    .reference = "",
    .flags = OP_POINTWISE | OP_COMMUTATIVE,
    .operand = { { "a", "[..]", "left", DOMAIN_OFF_ZERO },
                 { "b", "[..]", "right", DOMAIN_OFF_ZERO } },
    .shape = max_shape,
    .eval = max_eval,
    .grad = max_grad,
    .element = max_element,
    .constraint = {
        { "C1", "one type: float or i32", "max u8 [1], u8 [2]", DIAG_DTYPE },
        { "C2", "one shape", "max [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "max [1, 5], [3, 4]", "[3, 5]" },
        { "integers", "max i32 [-1], i32 [2]", "i32 [2]" },
    },
};
