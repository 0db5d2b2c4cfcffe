/* reshape - the same elements in the same order under another shape. */
#include "ops/rules.h"

static bool reshape_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *x = n->in[0];
    if (!check_shape_attr(n, "shape", &y->shape, sink)) /* C1 */
        return false;
    if (shape_count(&y->shape) != shape_count(&x->shape)) /* C2 */
        return diag_error(
            sink, n->span, DIAG_RESHAPE, "%lld elements cannot become %lld",
            (long long)shape_count(&x->shape), (long long)shape_count(&y->shape));
    y->dtype = x->dtype;
    y->bound = x->bound;
    return true;
}

static void reshape_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    for (int64_t i = 0; i < shape_count(&y->shape); i++)
        y->at[i] = in[0]->at[i];
}

static Node *reshape_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    return build_reshape(g, in[0], shape_with_leading(&n->shape, batch));
}

static void reshape_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = build_reshape(g, dy, n->in[0]->shape);
}

/* Runs of axes with equal products are converted by themselves, so that what is not
 * reshaped stays a plain index: [b, 28, 28] from [b, 784] divides only the second. */
static Expr *reshape_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    const Shape *x = &n->in[0]->shape, *y = &n->shape;
    Expr *from[SHAPE_MAX_RANK];
    int i = 0, j = 0;
    while (i < x->rank || j < y->rank) {
        int x0 = i, y0 = j;
        int64_t p = i < x->rank ? x->dim[i++] : 1, q = j < y->rank ? y->dim[j++] : 1;
        while (p != q)
            if (p < q)
                p *= x->dim[i++];
            else
                q *= y->dim[j++];
        Shape run = { .rank = j - y0 };
        for (int d = 0; d < run.rank; d++)
            run.dim[d] = y->dim[y0 + d];
        Expr *linear = expr_linear(k, &run, at + y0);
        for (int d = i - 1; d > x0; d--) {
            from[d] = expr_mod(k, linear, expr_i32(k, x->dim[d]));
            linear = expr_div(k, linear, expr_i32(k, x->dim[d]));
        }
        if (x0 < x->rank)
            from[x0] = linear;
    }
    return lower_value(w, n->in[0], from);
}

const Op op_reshape = {
    .code = OP_reshape,
    .name = "reshape",
    .summary = "the same elements under another shape",
    .result = "",
    .equation = "y, read row by row, is x",
    .reference = "",
    .flags = OP_VIEW,
    .operand = { { "x", "[..]", "any type", DOMAIN_REAL } },
    .attr = { { "shape", ATTR_INTS, "extents of the result" } },
    .shape = reshape_shape,
    .eval = reshape_eval,
    .batch = reshape_batch,
    .grad = reshape_grad,
    .element = reshape_element,
    .constraint = {
        { "C1", "extents are at least 1", "reshape [1] {shape=[0]}", DIAG_ATTRIBUTE },
        { "C2", "the number of elements stays", "reshape [1, 2, 3] {shape=[2]}",
          DIAG_RESHAPE },
    },
    .example = {
        { "rows", "reshape [1, 2, 3, 4, 5, 6] {shape=[2, 3]}",
          "[[1, 2, 3], [4, 5, 6]]" },
        { "runs of axes", "reshape [[[1, 2], [3, 4], [5, 6]]] {shape=[2, 3, 1]}",
          "[[[1], [2], [3]], [[4], [5], [6]]]" },
        { "one number", "reshape [[7]] {shape=[]}", "7" },
    },
};
