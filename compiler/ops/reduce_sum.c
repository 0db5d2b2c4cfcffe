/* reduce_sum - sum over axes. */
#include "ops/common.h"

static void visit(double *y, double x)
{
    *y += x;
}

static void reduce_sum_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    reduce_eval(n, in[0], y, visit);
}

static void reduce_sum_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = spread_reduced(g, n, dy);
}

static Expr *step(Lowering *w, Expr *acc, Expr *x)
{
    return expr_add(w->kernel, acc, x);
}

static Expr *reduce_sum_element(Lowering *w, const Node *n, Expr *const *at)
{
    return reduce_element(w, n, at, 0, step);
}

static Cost reduce_sum_cost(const Node *n)
{
    int64_t count = shape_count(&n->in[0]->shape);
    return (Cost){ count, 4 * (count + shape_count(&n->shape)) };
}

const Op op_reduce_sum = {
    .code      = OP_reduce_sum,
    .name      = "reduce_sum",
    .summary   = "sum over axes",
    .result    = "x's shape without axes",
    .equation  = "y = sum x",
    .reference = "",
    .flags     = OP_REDUCTION,
    .operand   = { { "x", "[..]", "values", DOMAIN_OFF_ZERO } },
    .attr      = { { "axes", ATTR_INTS, "reduced axes, ascending" } },
    .shape     = reduce_shape,
    .eval      = reduce_sum_eval,
    .batch     = reduce_batch,
    .grad      = reduce_sum_grad,
    .element   = reduce_sum_element,
    .cost      = reduce_sum_cost,
    .constraint = {
        { "C1", "x is f32", "reduce_sum [true] {axes=[0]}", DIAG_DTYPE },
        { "C2", "axes exist, ascending", "reduce_sum [1, 2] {axes=[1]}", DIAG_INDEX_RANGE },
    },
    .example   = { { "rows", "reduce_sum [[1, 2], [3, 4]] {axes=[1]}", "[3, 7]" },
                   { "all", "reduce_sum [[1, 2], [3, 4]] {axes=[0, 1]}", "10" } },
};
