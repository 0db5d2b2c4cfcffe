/* reduce_prod - product over axes. */
#include "ops/rules.h"

static bool reduce_prod_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && shape_reduce(n, y, sink) /* C2 */;
}

static double combine(double y, double x)
{
    return y * x;
}

static void reduce_prod_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    eval_reduce(n, in, y, 1, combine);
}

static Node *reduce_prod_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    AttrValue attrs[OP_MAX_ATTRS] = { attr_list_plus(g, n, "axes", 1) };
    return batch_with(g, n, in, attrs);
}

/* [.., n..] -> the product of all the other elements of each row of n.. elements: row i
 * of a square whose diagonal is 1 instead of x_i. Quadratic, but right at zeros too,
 * where y / x_i is not (and to every order). */
static Node *products_of_others(Graph *g, Node *x, int kept)
{
    Shape flat = { .rank = kept + 1 }, square = { .rank = kept + 2 };
    flat.dim[kept] = 1;
    for (int i = 0; i < x->shape.rank; i++)
        if (i < kept)
            flat.dim[i] = square.dim[i] = x->shape.dim[i];
        else
            flat.dim[kept] *= x->shape.dim[i];
    int64_t n = flat.dim[kept];
    square.dim[kept] = square.dim[kept + 1] = n;
    Node *rows = build_keep(g, build_reshape(g, x, flat), 1, &kept);
    Node *row = build_iota(g, DTYPE_I32, shape_2(n, n), 0, 0);
    Node *column = build_iota(g, DTYPE_I32, shape_2(n, n), 1, 0);
    Node *diagonal = build_broadcast(g, build_eq(g, row, column), square);
    Node *all = build_broadcast(g, rows, square);
    int axis = kept + 1;
    Node *others = build_select(g, diagonal, build_scalar(g, 1), all);
    return build_reshape(g, build_reduce(g, &op_reduce_prod, others, 1, &axis),
                         x->shape);
}

static void reduce_prod_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                             const bool *need)
{
    (void)need;
    const Shape *x = &n->in[0]->shape;
    int count, axes[SHAPE_MAX_RANK];
    const int64_t *reduced = attr_ints(n, "axes", &count);
    Node *last = axes_last(g, n->in[0], count, reduced, axes);
    Node *others = products_of_others(g, last, x->rank - count);
    dx[0] = build_mul(g, reduce_spread(g, n, dy), transpose_back(g, others, axes));
}

static Expr *reduce_prod_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_reduce(w, n, at, BIN_MUL, expr_f32(w->kernel, 1));
}

static Cost reduce_prod_cost(const Node *n)
{
    int64_t count = shape_count(&n->in[0]->shape);
    return (Cost){ count, 4 * (count + shape_count(&n->shape)) };
}

const Op op_reduce_prod = {
    .code = OP_reduce_prod,
    .name = "reduce_prod",
    .summary = "product over axes",
    .result = "x's shape without axes",
    .equation = "y = prod x",
    .reference = "",
    .flags = OP_REDUCTION,
    .operand = { { "x", "[..]", "values", DOMAIN_OFF_ZERO } },
    .attr = { { "axes", ATTR_INTS, "reduced axes, ascending" } },
    .shape = reduce_prod_shape,
    .eval = reduce_prod_eval,
    .batch = reduce_prod_batch,
    .grad = reduce_prod_grad,
    .element = reduce_prod_element,
    .cost = reduce_prod_cost,
    .constraint = {
        { "C1", "x is float", "reduce_prod bool [1] {axes=[0]}", DIAG_DTYPE },
        { "C2", "axes exist and ascend", "reduce_prod [1, 2] {axes=[1]}",
          DIAG_INDEX_RANGE },
    },
    .example = {
        { "rows", "reduce_prod [[1, 2], [4, 3]] {axes=[1]}", "[2, 12]" },
        { "zero", "reduce_prod [0, 2, 3] {axes=[0]}", "0" },
    },
};
