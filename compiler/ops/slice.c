/* slice - a box of evenly spaced elements. */
#include "ops/rules.h"

static bool slice_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    int a, b, c;
    const int64_t *start = attr_ints(n, "start", &a), *stop = attr_ints(n, "stop", &b);
    const int64_t *step = attr_ints(n, "step", &c);
    const Shape *x = &n->in[0]->shape;
    *y = (NodeType){ n->in[0]->dtype, *x, n->in[0]->bound };
    for (int i = 0; i < x->rank; i++) {
        bool fits = a == x->rank && b == a && c == a && start[i] >= 0 &&
                    start[i] < stop[i] && stop[i] <= x->dim[i] && step[i] > 0;
        if (!fits) /* C1 */
            return diag_error(
                sink, n->span, DIAG_INDEX_RANGE,
                "the range is outside dimension %d, which has %lld elements", i,
                (long long)x->dim[i]);
        y->shape.dim[i] = (stop[i] - start[i] + step[i] - 1) / step[i];
    }
    return true;
}

static void slice_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int rank;
    const int64_t *start = attr_ints(n, "start", &rank);
    const int64_t *step = attr_ints(n, "step", &rank);
    int64_t at[SHAPE_MAX_RANK], count = shape_count(&n->shape);
    for (int64_t i = 0; i < count; i++) {
        shape_at(&n->shape, i, at);
        for (int d = 0; d < rank; d++)
            at[d] = start[d] + at[d] * step[d];
        y->at[i] = in[0]->at[shape_linear(&in[0]->shape, at)];
    }
}

static Node *slice_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    AttrValue attrs[OP_MAX_ATTRS] = { attr_list_shifted(g, n, "start", 0, 0),
                                      attr_list_shifted(g, n, "stop", batch, 0),
                                      attr_list_shifted(g, n, "step", 1, 0) };
    return build_node(g, NULL, n->op, 1, in, attrs);
}

/* Zeros around and, for steps, between. */
static void slice_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    int rank;
    const int64_t *start = attr_ints(n, "start", &rank);
    const int64_t *step = attr_ints(n, "step", &rank);
    int64_t after[SHAPE_MAX_RANK], interior[SHAPE_MAX_RANK];
    (void)need;
    for (int i = 0; i < rank; i++) {
        int64_t last = (n->shape.dim[i] - 1) * step[i] + 1;
        after[i] = n->in[0]->shape.dim[i] - start[i] - last;
        interior[i] = step[i] - 1;
    }
    dx[0] = build_pad(g, dy, start, after, interior);
}

static Expr *slice_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    int rank;
    const int64_t *start = attr_ints(n, "start", &rank);
    const int64_t *step = attr_ints(n, "step", &rank);
    Expr *from[SHAPE_MAX_RANK];
    for (int i = 0; i < rank; i++)
        from[i] = expr_add(k, expr_mul(k, at[i], expr_i32(k, step[i])),
                           expr_i32(k, start[i]));
    return lower_value(w, n->in[0], from);
}

const Op op_slice = {
    .code = OP_slice,
    .name = "slice",
    .summary = "a box of evenly spaced elements",
    .result = "x's shape, by axis (stop - start) / step rounded up",
    .equation = "y[i, ..] = x[start + i step, ..]",
    .reference = "",
    .flags = OP_VIEW,
    .operand = { { "x", "[..]", "values", DOMAIN_REAL } },
    .attr = { { "start", ATTR_INTS, "first index by axis" },
              { "stop", ATTR_INTS, "end by axis, exclusive" },
              { "step", ATTR_INTS, "distance by axis, positive" } },
    .shape = slice_shape,
    .eval = slice_eval,
    .batch = slice_batch,
    .grad = slice_grad,
    .element = slice_element,
    .constraint = {
        { "C1", "0 <= start < stop <= extent, step > 0",
          "slice [1, 2, 3] {start=[1], stop=[4], step=[1]}", DIAG_INDEX_RANGE },
    },
    .example = {
        { "middle", "slice [1, 2, 3, 4] {start=[1], stop=[3], step=[1]}", "[2, 3]" },
        { "every other", "slice [1, 2, 3, 4, 5] {start=[0], stop=[5], step=[2]}",
          "[1, 3, 5]" },
    },
};
