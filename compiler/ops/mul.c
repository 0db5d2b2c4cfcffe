/* mul - product, element by element. */
#include "ops/rules.h"

static bool mul_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_number(n, sink) /* C1 */ && check_same_shape(n, sink) /* C2 */ &&
           type_like_first(n, y);
}

static double mul_at(double a, double b)
{
    return a * b;
}

static void mul_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, mul_at);
}

static void mul_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    if (need[0])
        dx[0] = build_mul(g, dy, n->in[1]);
    if (need[1])
        dx[1] = build_mul(g, dy, n->in[0]);
}

static Expr *mul_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_MUL);
}

const Op op_mul = {
    .code = OP_mul,
    .name = "mul",
    .summary = "product",
    .result = "[..]",
    .equation = "y = a b",
    .reference = "",
    .flags = OP_POINTWISE | OP_COMMUTATIVE,
    .operand = { { "a", "[..]", "left", DOMAIN_REAL },
                 { "b", "[..]", "right", DOMAIN_REAL } },
    .shape = mul_shape,
    .eval = mul_eval,
    .grad = mul_grad,
    .element = mul_element,
    .constraint = {
        { "C1", "one type: float or i32", "mul u8 [1], u8 [2]", DIAG_DTYPE },
        { "C2", "one shape", "mul [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "mul [1, 2], [10, 20]", "[10, 40]" },
        { "integers", "mul i32 [3], i32 [2]", "i32 [6]" },
    },
};
