/* reduce_max - largest over axes; the gradient goes to every element that equals it. */
#include "ops/common.h"

#include <math.h>

static void visit(double *y, double x)
{
    *y = x > *y ? x : *y;
}

static void reduce_max_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    for (int64_t i = 0; i < shape_count(&y->shape); i++)
        y->at[i] = -INFINITY;
    reduce_eval(n, in[0], y, visit);
}

/* Ties share the gradient evenly, so that the sum over x stays dy. */
static void reduce_max_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    Node *x = n->in[0];
    Node *most = spread_reduced(g, n, build_node(g, NULL, n->op, 1, &x, n->attr));
    Node *hit = build_cast(g, build_eq(g, x, most), DTYPE_F32);
    Node *ties = build_node(g, NULL, &op_reduce_sum, 1, &hit, n->attr);
    (void)need;
    dx[0] = build_mul(g, hit, spread_reduced(g, n, build_div(g, dy, ties)));
}

static Expr *step(Lowering *w, Expr *acc, Expr *x)
{
    return expr_binary(w->kernel, BIN_MAX, acc, x);
}

static Expr *reduce_max_element(Lowering *w, const Node *n, Expr *const *at)
{
    return reduce_element(w, n, at, -INFINITY, step);
}

static Cost reduce_max_cost(const Node *n)
{
    int64_t count = shape_count(&n->in[0]->shape);
    return (Cost){ count, 4 * (count + shape_count(&n->shape)) };
}

const Op op_reduce_max = {
    .code      = OP_reduce_max,
    .name      = "reduce_max",
    .summary   = "largest over axes; the gradient goes to every element that equals it",
    .result    = "x's shape without axes",
    .equation  = "y = max x",
    .reference = "",
    .flags     = OP_REDUCTION,
    .operand   = { { "x", "[..]", "values", DOMAIN_OFF_ZERO } },
    .attr      = { { "axes", ATTR_INTS, "reduced axes, ascending" } },
    .shape     = reduce_shape,
    .eval      = reduce_max_eval,
    .batch     = reduce_batch,
    .grad      = reduce_max_grad,
    .element   = reduce_max_element,
    .cost      = reduce_max_cost,
    .constraint = {
        { "C1", "x is f32", "reduce_max [true] {axes=[0]}", DIAG_DTYPE },
        { "C2", "axes exist, ascending", "reduce_max [1, 2] {axes=[1]}", DIAG_INDEX_RANGE },
    },
    .example   = { { "rows", "reduce_max [[1, 2], [4, 3]] {axes=[1]}", "[2, 4]" } },
};
