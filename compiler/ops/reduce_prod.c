/* reduce_prod - product over axes. */
#include "ops/common.h"

static void visit(double *y, double x)
{
    *y *= x;
}

static void reduce_prod_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    for (int64_t i = 0; i < shape_count(&y->shape); i++)
        y->at[i] = 1;
    reduce_eval(n, in[0], y, visit);
}

/* d prod / dx_i = prod / x_i; elements must not be 0 (Giles 2008, section 2). */
static void reduce_prod_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    Node *x = n->in[0];
    Node *y = build_node(g, NULL, n->op, 1, &x, n->attr);
    dx[0] = build_div(g, spread_reduced(g, n, build_mul(g, dy, y)), x);
}

static Expr *step(Lowering *w, Expr *acc, Expr *x)
{
    return expr_mul(w->kernel, acc, x);
}

static Expr *reduce_prod_element(Lowering *w, const Node *n, Expr *const *at)
{
    return reduce_element(w, n, at, 1, step);
}

static Cost reduce_prod_cost(const Node *n)
{
    int64_t count = shape_count(&n->in[0]->shape);
    return (Cost){ count, 4 * (count + shape_count(&n->shape)) };
}

const Op op_reduce_prod = {
    .code      = OP_reduce_prod,
    .name      = "reduce_prod",
    .summary   = "product over axes",
    .result    = "x's shape without axes",
    .equation  = "y = prod x",
    .reference = "",
    .flags     = OP_REDUCTION,
    .operand   = { { "x", "[..]", "values", DOMAIN_OFF_ZERO } },
    .attr      = { { "axes", ATTR_INTS, "reduced axes, ascending" } },
    .shape     = reduce_shape,
    .eval      = reduce_prod_eval,
    .batch     = reduce_batch,
    .grad      = reduce_prod_grad,
    .element   = reduce_prod_element,
    .cost      = reduce_prod_cost,
    .constraint = {
        { "C1", "x is f32", "reduce_prod [true] {axes=[0]}", DIAG_DTYPE },
        { "C2", "axes exist, ascending", "reduce_prod [1, 2] {axes=[1]}", DIAG_INDEX_RANGE },
    },
    .example   = { { "rows", "reduce_prod [[1, 2], [4, 3]] {axes=[1]}", "[2, 12]" } },
};
