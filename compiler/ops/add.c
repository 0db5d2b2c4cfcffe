/* add - sum. */
#include "ops/rules.h"

static bool add_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_number(n, sink) /* C1 */ && check_same_shape(n, sink) /* C2 */ &&
           type_like_first(n, y);
}

static double add_at(double a, double b)
{
    return a + b;
}

static void add_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, add_at);
}

static void add_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    (void)g;
    (void)n;
    dx[0] = dy;
    dx[1] = dy;
}

static Expr *add_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_binary(w, n, at, BIN_ADD);
}

const Op op_add = {
    .code = OP_add,
    .name = "add",
    .summary = "sum",
    .result = "[..]",
    .equation = "y = a + b",
    .reference = "",
    .flags = OP_POINTWISE | OP_COMMUTATIVE,
    .operand = { { "a", "[..]", "left", DOMAIN_REAL },
                 { "b", "[..]", "right", DOMAIN_REAL } },
    .shape = add_shape,
    .eval = add_eval,
    .grad = add_grad,
    .element = add_element,
    .constraint = {
        { "C1", "one type: float or i32", "add u8 [1], u8 [2]", DIAG_DTYPE },
        { "C2", "one shape", "add [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "add [1, 2], [10, 20]", "[11, 22]" },
        { "integers", "add i32 [1], i32 [2]", "i32 [3]" },
    },
};
