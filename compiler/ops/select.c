/* select - chooses between two tensors, element by element. The value that is not
 * chosen does not matter, even where it is NaN; nor does it get a gradient. */
#include "ops/rules.h"

static bool select_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *a = n->in[1], *b = n->in[2];
    if (!check_dtype(n, 0, DTYPE_BOOL, sink)) /* C1 */
        return false;
    if (a->dtype != b->dtype) /* C2 */
        return diag_error(sink, n->span, DIAG_DTYPE, "select between %s and %s",
                          dtype_name(a->dtype), dtype_name(b->dtype));
    if (!check_same_shape(n, sink)) /* C3 */
        return false;
    y->dtype = a->dtype;
    y->shape = a->shape;
    if (a->bound > 0 && b->bound > 0)
        y->bound = a->bound > b->bound ? a->bound : b->bound;
    return true;
}

static void select_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    for (int64_t i = 0; i < shape_count(&y->shape); i++)
        y->at[i] = in[0]->at[i] != 0 ? in[1]->at[i] : in[2]->at[i];
}

static void select_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    Node *zero = build_scalar(g, 0);
    if (need[1])
        dx[1] = build_select(g, n->in[0], dy, zero);
    if (need[2])
        dx[2] = build_select(g, n->in[0], zero, dy);
}

static Expr *select_element(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *condition = lower_value(w, n->in[0], at);
    Expr *a = lower_value(w, n->in[1], at);
    Expr *b = lower_value(w, n->in[2], at);
    return expr_select(w->kernel, condition, a, b);
}

const Op op_select = {
    .code = OP_select,
    .name = "select",
    .summary = "choice",
    .result = "[..]",
    .equation = "y = c ? a : b",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "c", "[..]", "which", DOMAIN_BOOL },
                 { "a", "[..]", "where c", DOMAIN_REAL },
                 { "b", "[..]", "elsewhere", DOMAIN_REAL } },
    .shape = select_shape,
    .eval = select_eval,
    .grad = select_grad,
    .element = select_element,
    .constraint = {
        { "C1", "c is bool", "select [1], [2], [3]", DIAG_DTYPE },
        { "C2", "a and b have one type", "select bool [1], [2], i32 [3]", DIAG_DTYPE },
        { "C3", "one shape", "select bool [1], [2, 3], [4, 5]", DIAG_BROADCAST },
    },
    .example = {
        { "element by element", "select bool [1, 0], [1, 2], [3, 4]", "[1, 4]" },
        { "NaN is not touched", "select bool [0], [nan], [4]", "[4]" },
    },
};
