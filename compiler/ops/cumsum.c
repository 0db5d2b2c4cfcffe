/* cumsum - running sums along an axis. */
#include "ops/common.h"

static bool cumsum_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    int64_t axis = attr_int(n, "axis");
    if (axis < 0 || axis >= n->in[0]->shape.rank) /* C2 */
        return diag_error(sink, n->span, DIAG_INDEX_RANGE, "axis %lld does not exist",
                          (long long)axis);
    return unary_shape(n, y, sink); /* C1 */
}

static void cumsum_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int axis = (int)attr_int(n, "axis");
    int64_t at[SHAPE_MAX_RANK], stride[SHAPE_MAX_RANK], count = shape_count(&n->shape);
    shape_strides(&n->shape, stride);
    for (int64_t i = 0; i < count; i++) {
        index_of(&n->shape, i, at);
        y->at[i] = in[0]->at[i] + (at[axis] > 0 ? y->at[i - stride[axis]] : 0);
    }
}

static Node *cumsum_along(Graph *g, Node *x, int64_t axis)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = axis } };
    return build_node(g, NULL, &op_cumsum, 1, &x, attrs);
}

static Node *cumsum_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    return cumsum_along(g, in[0], attr_int(n, "axis") + 1);
}

/* The transpose of a lower triangle of ones: sums from the other end. */
static void cumsum_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = attr_int(n, "axis") } };
    Node *back = build_node(g, NULL, &op_reverse, 1, &dy, attrs);
    Node *sums = cumsum_along(g, back, attr_int(n, "axis"));
    (void)need;
    dx[0] = build_node(g, NULL, &op_reverse, 1, &sums, attrs);
}

/* One element: the sum up to it. */
static Expr *cumsum_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    int axis = (int)attr_int(n, "axis");
    Expr *full[SHAPE_MAX_RANK];
    for (int i = 0; i < n->shape.rank; i++)
        full[i] = at[i];
    Var *acc = kernel_register(k, "acc", (LoopType){ DTYPE_F32, 1 }, expr_f32(k, 0));
    full[axis] = loop_begin(k, "r", n->shape.dim[axis]);
    Expr *x = lower_value(w, n->in[0], full);
    Expr *before = expr_binary(k, BIN_LE, full[axis], at[axis]);
    kernel_assign(k, acc, expr_add(k, expr_var(k, acc),
                                   expr_select(k, before, x, expr_f32(k, 0))));
    loop_end(k);
    return expr_var(k, acc);
}

const Op op_cumsum = {
    .code      = OP_cumsum,
    .name      = "cumsum",
    .summary   = "running sums along an axis",
    .result    = "[..]",
    .equation  = "y[.., i, ..] = sum_(j <= i) x[.., j, ..]",
    .reference = "",
    .flags     = OP_REDUCTION,
    .operand   = { { "x", "[..]", "values", DOMAIN_REAL } },
    .attr      = { { "axis", ATTR_INT, "along which" } },
    .shape     = cumsum_shape,
    .eval      = cumsum_eval,
    .batch     = cumsum_batch,
    .grad      = cumsum_grad,
    .element   = cumsum_element,
    .constraint = { { "C1", "x is f32", "cumsum [true] {axis=0}", DIAG_DTYPE },
                    { "C2", "axis exists", "cumsum [1, 2] {axis=1}", DIAG_INDEX_RANGE } },
    .example   = { { "row", "cumsum [1, 2, 3] {axis=0}", "[1, 3, 6]" } },
};
