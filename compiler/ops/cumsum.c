/* cumsum - running sums along an axis, each including its own element. */
#include "ops/rules.h"

static bool cumsum_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ &&
           check_axis(n, attr_int(n, "axis"), n->in[0]->shape.rank, sink) /* C2 */ &&
           type_like_first(n, y);
}

static void cumsum_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int64_t axis = attr_int(n, "axis"), at[SHAPE_MAX_RANK] = { 0 }, i = 0;
    int64_t stride[SHAPE_MAX_RANK];
    shape_strides(&n->shape, stride);
    do {
        y->at[i] = in[0]->at[i] + (at[axis] > 0 ? y->at[i - stride[axis]] : 0);
        i++;
    } while (shape_next(&n->shape, at));
}

static Node *along(Graph *g, const Op *op, Node *x, int64_t axis)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = axis } };
    return build_node(g, NULL, op, 1, &x, attrs);
}

static Node *cumsum_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    return along(g, &op_cumsum, in[0], attr_int(n, "axis") + 1);
}

/* The transpose of a lower triangle of ones: running sums from the other end. */
static void cumsum_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    int64_t axis = attr_int(n, "axis");
    Node *back = along(g, &op_reverse, dy, axis);
    dx[0] = along(g, &op_reverse, along(g, &op_cumsum, back, axis), axis);
}

static void cumsum_nest(Lowering *w, const Node *n)
{
    Kernel *k = w->kernel;
    int axis = (int)attr_int(n, "axis");
    Expr *at[SHAPE_MAX_RANK];
    for (int i = 0; i < n->shape.rank; i++)
        if (i != axis)
            at[i] = loop_begin(k, "i", n->shape.dim[i]);
    Var *sum = kernel_register(k, "sum", (LoopType){ DTYPE_F32, 1 }, expr_f32(k, 0));
    at[axis] = loop_begin(k, "j", n->shape.dim[axis]);
    Expr *x = lower_value(w, n->in[0], at);
    kernel_assign(k, sum, expr_add(k, expr_var(k, sum), x));
    lower_finish(w, n, at, NULL, 1, expr_var(k, sum));
    for (int i = 0; i < n->shape.rank; i++)
        loop_end(k);
}

const Op op_cumsum = {
    .code = OP_cumsum,
    .name = "cumsum",
    .summary = "running sums along an axis",
    .result = "[..]",
    .equation = "y[.., i, ..] = sum_(j <= i) x[.., j, ..]",
    .reference = "",
    .operand = { { "x", "[..]", "values", DOMAIN_REAL } },
    .attr = { { "axis", ATTR_INT, "along which" } },
    .shape = cumsum_shape,
    .eval = cumsum_eval,
    .batch = cumsum_batch,
    .grad = cumsum_grad,
    .nest = cumsum_nest,
    .constraint = {
        { "C1", "x is float", "cumsum bool [1] {axis=0}", DIAG_DTYPE },
        { "C2", "the axis exists", "cumsum [1, 2] {axis=1}", DIAG_INDEX_RANGE },
    },
    .example = {
        { "row", "cumsum [1, 2, 3] {axis=0}", "[1, 3, 6]" },
        { "columns", "cumsum [[1, 2], [3, 4]] {axis=0}", "[[1, 2], [4, 6]]" },
    },
};
