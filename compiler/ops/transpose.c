/* transpose - axes in another order: axis i of y is axis axes[i] of x. */
#include "ops/rules.h"

static bool transpose_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *x = n->in[0];
    if (!check_list(n, "axes", 0, sink)) /* C1 */
        return false;
    int count;
    const int64_t *axes = attr_ints(n, "axes", &count);
    bool taken[SHAPE_MAX_RANK] = { false };
    y->shape.rank = count;
    for (int i = 0; i < count; i++) {
        if (axes[i] >= count || taken[axes[i]]) /* C2 */
            return diag_error(sink, n->span, DIAG_INDEX_RANGE,
                              "the axes of transpose are not a permutation");
        taken[axes[i]] = true;
        y->shape.dim[i] = x->shape.dim[axes[i]];
    }
    y->dtype = x->dtype;
    y->bound = x->bound;
    return true;
}

static void transpose_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int count;
    const int64_t *axes = attr_ints(n, "axes", &count);
    int64_t at[SHAPE_MAX_RANK] = { 0 }, from[SHAPE_MAX_RANK], i = 0;
    do {
        for (int d = 0; d < count; d++)
            from[axes[d]] = at[d];
        y->at[i++] = in[0]->at[shape_linear(&in[0]->shape, from)];
    } while (shape_next(&y->shape, at));
}

static Node *transpose_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    AttrValue attrs[OP_MAX_ATTRS] = { attr_list_shifted(g, n, "axes", 0, 1) };
    return batch_with(g, n, in, attrs);
}

static void transpose_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                           const bool *need)
{
    (void)need;
    int count, axes[SHAPE_MAX_RANK];
    const int64_t *at = attr_ints(n, "axes", &count);
    for (int i = 0; i < count; i++)
        axes[i] = (int)at[i];
    dx[0] = transpose_back(g, dy, axes);
}

static Expr *transpose_element(Lowering *w, const Node *n, Expr *const *at)
{
    int count;
    const int64_t *axes = attr_ints(n, "axes", &count);
    Expr *from[SHAPE_MAX_RANK];
    for (int i = 0; i < count; i++)
        from[axes[i]] = at[i];
    return lower_value(w, n->in[0], from);
}

const Op op_transpose = {
    .code = OP_transpose,
    .name = "transpose",
    .summary = "axes in another order",
    .result = "",
    .equation = "extent i of y = extent axes[i] of x",
    .reference = "",
    .flags = OP_VIEW,
    .operand = { { "x", "[..]", "any type", DOMAIN_REAL } },
    .attr = { { "axes", ATTR_INTS, "a permutation" } },
    .shape = transpose_shape,
    .eval = transpose_eval,
    .batch = transpose_batch,
    .grad = transpose_grad,
    .element = transpose_element,
    .constraint = {
        { "C1", "one number an axis", "transpose [[1]] {axes=[0]}", DIAG_ATTRIBUTE },
        { "C2", "axes are a permutation", "transpose [[1]] {axes=[0, 0]}",
          DIAG_INDEX_RANGE },
    },
    .example = {
        { "matrix", "transpose [[1, 2, 3], [4, 5, 6]] {axes=[1, 0]}",
          "[[1, 4], [2, 5], [3, 6]]" },
        { "three axes", "transpose [[[1, 2], [3, 4]]] {axes=[2, 0, 1]}",
          "[[[1, 3]], [[2, 4]]]" },
    },
};
