/* reduce_max - largest over axes. */
#include "ops/rules.h"

#include <math.h>

static bool reduce_max_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_number(n, sink) /* C1 */ && shape_reduce(n, y, sink) /* C2 */;
}

static double combine(double y, double x)
{
    return x > y ? x : y;
}

static void reduce_max_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    eval_reduce(n, in, y, -INFINITY, combine);
}

static Node *reduce_max_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    AttrValue attrs[OP_MAX_ATTRS] = { attr_list_plus(g, n, "axes", 1) };
    return batch_with(g, n, in, attrs);
}

/* Equal maxima share the gradient evenly, so that the sum over x stays dy. */
static void reduce_max_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                            const bool *need)
{
    (void)need;
    Node *most = reduce_spread(g, n, node_in(g, n));
    Node *hit = build_cast(g, build_eq(g, n->in[0], most), n->dtype);
    Node *ties = build_node(g, NULL, &op_reduce_sum, 1, &hit, n->attr);
    dx[0] = build_mul(g, hit, reduce_spread(g, n, build_div(g, dy, ties)));
}

static Expr *reduce_max_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    Expr *least =
        dtype_is_float(n->dtype) ? expr_f32(k, -INFINITY) : expr_i32(k, INT32_MIN);
    return element_reduce(w, n, at, BIN_MAX, least);
}

static Cost reduce_max_cost(const Node *n)
{
    int64_t count = shape_count(&n->in[0]->shape);
    return (Cost){ count, 4 * (count + shape_count(&n->shape)) };
}

const Op op_reduce_max = {
    .code = OP_reduce_max,
    .name = "reduce_max",
    .summary = "largest over axes",
    .result = "x's shape without axes",
    .equation = "y = max x",
    .reference = "",
    .flags = OP_REDUCTION,
    .operand = { { "x", "[..]", "values", DOMAIN_OFF_ZERO } },
    .attr = { { "axes", ATTR_INTS, "reduced axes, ascending" } },
    .shape = reduce_max_shape,
    .eval = reduce_max_eval,
    .batch = reduce_max_batch,
    .grad = reduce_max_grad,
    .element = reduce_max_element,
    .cost = reduce_max_cost,
    .constraint = {
        { "C1", "x is float or i32", "reduce_max bool [1] {axes=[0]}", DIAG_DTYPE },
        { "C2", "axes exist and ascend", "reduce_max [1, 2] {axes=[1]}",
          DIAG_INDEX_RANGE },
    },
    .example = {
        { "rows", "reduce_max [[1, 2], [4, 3]] {axes=[1]}", "[2, 4]" },
        { "all below zero", "reduce_max [-3, -2] {axes=[0]}", "-2" },
        { "integers", "reduce_max i32 [-3, -2] {axes=[0]}", "i32 -2" },
    },
};
