/* reverse - the elements along an axis in reverse order. */
#include "ops/rules.h"

static bool reverse_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    int64_t axis = attr_int(n, "axis");
    *y = (NodeType){ n->in[0]->dtype, n->in[0]->shape, n->in[0]->bound };
    if (axis < 0 || axis >= y->shape.rank) /* C1 */
        return diag_error(sink, n->span, DIAG_INDEX_RANGE, "axis %lld does not exist",
                          (long long)axis);
    return true;
}

static void reverse_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int axis = (int)attr_int(n, "axis");
    int64_t at[SHAPE_MAX_RANK], count = shape_count(&n->shape);
    for (int64_t i = 0; i < count; i++) {
        shape_at(&n->shape, i, at);
        at[axis] = n->shape.dim[axis] - 1 - at[axis];
        y->at[i] = in[0]->at[shape_linear(&n->shape, at)];
    }
}

static Node *reverse_along(Graph *g, Node *x, int64_t axis)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = axis } };
    return build_node(g, NULL, &op_reverse, 1, &x, attrs);
}

static Node *reverse_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    return reverse_along(g, in[0], attr_int(n, "axis") + 1);
}

static void reverse_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    dx[0] = reverse_along(g, dy, attr_int(n, "axis"));
}

static Expr *reverse_element(Lowering *w, const Node *n, Expr *const *at)
{
    int axis = (int)attr_int(n, "axis");
    Expr *from[SHAPE_MAX_RANK];
    for (int i = 0; i < n->shape.rank; i++)
        from[i] = at[i];
    from[axis] =
        expr_sub(w->kernel, expr_i32(w->kernel, n->shape.dim[axis] - 1), at[axis]);
    return lower_value(w, n->in[0], from);
}

const Op op_reverse = {
    .code = OP_reverse,
    .name = "reverse",
    .summary = "the elements along an axis in reverse order",
    .result = "[..]",
    .equation = "y[.., i, ..] = x[.., n - 1 - i, ..]",
    .reference = "",
    .flags = OP_VIEW,
    .operand = { { "x", "[..]", "values", DOMAIN_REAL } },
    .attr = { { "axis", ATTR_INT, "along which" } },
    .shape = reverse_shape,
    .eval = reverse_eval,
    .batch = reverse_batch,
    .grad = reverse_grad,
    .element = reverse_element,
    .constraint = {
        { "C1", "axis exists", "reverse [1] {axis=1}", DIAG_INDEX_RANGE },
    },
    .example = {
        { "row", "reverse [1, 2, 3] {axis=0}", "[3, 2, 1]" },
    },
};
