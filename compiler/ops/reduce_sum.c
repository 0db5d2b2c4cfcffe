/* reduce_sum - sum over axes. */
#include "ops/rules.h"

static bool reduce_sum_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_number(n, sink) /* C1 */ && shape_reduce(n, y, sink) /* C2 */;
}

static double combine(double y, double x)
{
    return y + x;
}

static void reduce_sum_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    eval_reduce(n, in, y, 0, combine);
}

static Node *reduce_sum_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    AttrValue attrs[OP_MAX_ATTRS] = { attr_list_plus(g, n, "axes", 1) };
    return batch_with(g, n, in, attrs);
}

static void reduce_sum_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                            const bool *need)
{
    (void)need;
    dx[0] = reduce_spread(g, n, dy);
}

static Expr *reduce_sum_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_reduce(w, n, at, BIN_ADD, element_zero(w->kernel, n->dtype));
}

static Cost reduce_sum_cost(const Node *n)
{
    int64_t count = shape_count(&n->in[0]->shape);
    return (Cost){ count, 4 * (count + shape_count(&n->shape)) };
}

const Op op_reduce_sum = {
    .code = OP_reduce_sum,
    .name = "reduce_sum",
    .summary = "sum over axes",
    .result = "x's shape without axes",
    .equation = "y = sum x",
    .reference = "",
    .flags = OP_REDUCTION,
    .operand = { { "x", "[..]", "values", DOMAIN_OFF_ZERO } },
    .attr = { { "axes", ATTR_INTS, "reduced axes, ascending" } },
    .shape = reduce_sum_shape,
    .eval = reduce_sum_eval,
    .batch = reduce_sum_batch,
    .grad = reduce_sum_grad,
    .element = reduce_sum_element,
    .cost = reduce_sum_cost,
    .constraint = {
        { "C1", "x is float or i32", "reduce_sum bool [1] {axes=[0]}", DIAG_DTYPE },
        { "C2", "axes exist and ascend", "reduce_sum [1, 2] {axes=[1]}",
          DIAG_INDEX_RANGE },
    },
    .example = {
        { "rows", "reduce_sum [[1, 2], [3, 4]] {axes=[1]}", "[3, 7]" },
        { "all", "reduce_sum [[1, 2], [3, 4]] {axes=[0, 1]}", "10" },
        { "integers", "reduce_sum i32 [[1, -2], [3, 4]] {axes=[0]}", "i32 [4, 2]" },
    },
};
