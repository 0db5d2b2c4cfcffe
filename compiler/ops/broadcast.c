/* broadcast - repeats elements: x is the trailing part of y's shape (rank 0 of any), or
 * has y's rank and extent 1 where it repeats. */
#include "ops/rules.h"

static bool broadcast_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *x = n->in[0];
    Shape joint;
    if (!check_shape_attr(n, "shape", &y->shape, sink)) /* C1 */
        return false;
    if (!shape_broadcast(&x->shape, &y->shape, &joint) ||
        !shape_equal(&joint, &y->shape)) { /* C2 */
        Arena *work = arena_create("message");
        diag_error(sink, n->span, DIAG_BROADCAST, "%s cannot repeat to %s",
                   shape_text(work, &x->shape), shape_text(work, &y->shape));
        arena_destroy(work);
        return false;
    }
    y->dtype = x->dtype;
    y->bound = x->bound;
    return true;
}

static void broadcast_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    const Shape *x = &in[0]->shape;
    int skip = y->shape.rank - x->rank;
    int64_t at[SHAPE_MAX_RANK] = { 0 }, from[SHAPE_MAX_RANK], i = 0;
    do {
        for (int d = 0; d < x->rank; d++)
            from[d] = x->dim[d] == 1 ? 0 : at[d + skip];
        y->at[i++] = in[0]->at[shape_linear(x, from)];
    } while (shape_next(&y->shape, at));
}

/* Extents of 1 go between the batch axis and x's own. */
static Node *broadcast_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    const Shape *x = &n->in[0]->shape;
    int skip = n->shape.rank - x->rank;
    Shape ones = { .rank = n->shape.rank + 1, .dim = { batch } };
    for (int i = 0; i < n->shape.rank; i++)
        ones.dim[i + 1] = i < skip ? 1 : x->dim[i - skip];
    Node *wide = build_reshape(g, in[0], ones);
    return build_broadcast(g, wide, shape_with_leading(&n->shape, batch));
}

static void broadcast_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                           const bool *need)
{
    (void)need;
    dx[0] = build_sum_to(g, dy, n->in[0]->shape);
}

static Expr *broadcast_element(Lowering *w, const Node *n, Expr *const *at)
{
    const Shape *x = &n->in[0]->shape;
    int skip = n->shape.rank - x->rank;
    Expr *from[SHAPE_MAX_RANK];
    for (int i = 0; i < x->rank; i++)
        from[i] = x->dim[i] == 1 ? expr_i32(w->kernel, 0) : at[i + skip];
    return lower_value(w, n->in[0], from);
}

const Op op_broadcast = {
    .code = OP_broadcast,
    .name = "broadcast",
    .summary = "repeated elements",
    .result = "",
    .equation = "y[.., i, ..] = x[.., i or 0, ..]",
    .reference = "",
    .flags = OP_VIEW,
    .operand = { { "x", "[..]", "any type", DOMAIN_REAL } },
    .attr = { { "shape", ATTR_INTS, "extents of the result" } },
    .shape = broadcast_shape,
    .eval = broadcast_eval,
    .batch = broadcast_batch,
    .grad = broadcast_grad,
    .element = broadcast_element,
    .constraint = {
        { "C1", "extents are at least 1", "broadcast 1 {shape=[0]}", DIAG_ATTRIBUTE },
        { "C2", "the shapes fit", "broadcast [1, 2] {shape=[2, 3]}", DIAG_BROADCAST },
    },
    .example = {
        { "trailing part", "broadcast [1, 2] {shape=[2, 2]}", "[[1, 2], [1, 2]]" },
        { "extent 1", "broadcast [[1], [2]] {shape=[2, 2]}", "[[1, 1], [2, 2]]" },
        { "one number", "broadcast 5 {shape=[3]}", "[5, 5, 5]" },
    },
};
