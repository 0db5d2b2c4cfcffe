/* concat - arrays one behind the other along an axis. */
#include "ops/rules.h"

static bool concat_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    int64_t axis = attr_int(n, "axis");
    *y = (NodeType){ n->in[0]->dtype, n->in[0]->shape, n->in[0]->bound };
    if (axis < 0 || axis >= y->shape.rank) /* C1 */
        return diag_error(sink, n->span, DIAG_INDEX_RANGE, "axis %lld does not exist",
                          (long long)axis);
    for (int i = 1; i < n->n_in; i++) {
        Shape other = n->in[i]->shape;
        int64_t extent = other.rank > axis ? other.dim[axis] : 0;
        other.dim[axis] = n->in[0]->shape.dim[axis];
        if (!shape_equal(&other, &n->in[0]->shape) ||
            n->in[i]->dtype != y->dtype) /* C2 */
            return diag_error(sink, n->span, DIAG_BROADCAST,
                              "the operands of `concat` differ besides axis %lld",
                              (long long)axis);
        y->shape.dim[axis] += extent;
        y->bound = n->in[i]->bound > y->bound ? n->in[i]->bound : y->bound;
    }
    return true;
}

static void concat_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int axis = (int)attr_int(n, "axis");
    int64_t base = 0, at[SHAPE_MAX_RANK];
    for (int j = 0; j < n->n_in; j++) {
        int64_t count = shape_count(&in[j]->shape);
        for (int64_t i = 0; i < count; i++) {
            shape_at(&in[j]->shape, i, at);
            at[axis] += base;
            y->at[shape_linear(&n->shape, at)] = in[j]->at[i];
        }
        base += in[j]->shape.dim[axis];
    }
}

static Node *concat_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    Node **all = arena_array(g->arena, Node *, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        all[i] = batch_operand(g, n, in, i, batch);
    return build_concat(g, n->n_in, all, (int)attr_int(n, "axis") + 1);
}

static void concat_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    int axis = (int)attr_int(n, "axis");
    int64_t start[SHAPE_MAX_RANK] = { 0 }, stop[SHAPE_MAX_RANK], step[SHAPE_MAX_RANK];
    int64_t base = 0;
    for (int i = 0; i < n->shape.rank; i++) {
        stop[i] = n->shape.dim[i];
        step[i] = 1;
    }
    for (int j = 0; j < n->n_in; j++) {
        start[axis] = base;
        base += n->in[j]->shape.dim[axis];
        stop[axis] = base;
        if (need[j])
            dx[j] = build_slice(g, dy, start, stop, step);
    }
}

/* A chain of selects; indices are clamped so that every load is safe. */
static Expr *concat_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    int axis = (int)attr_int(n, "axis");
    Expr *from[SHAPE_MAX_RANK], *value = NULL;
    int64_t base = n->shape.dim[axis];
    for (int i = 0; i < n->shape.rank; i++)
        from[i] = at[i];
    for (int j = n->n_in - 1; j >= 0; j--) {
        int64_t extent = n->in[j]->shape.dim[axis];
        base -= extent;
        Expr *inner = expr_sub(k, at[axis], expr_i32(k, base));
        from[axis] =
            expr_binary(k, BIN_MIN, expr_binary(k, BIN_MAX, inner, expr_i32(k, 0)),
                        expr_i32(k, extent - 1));
        Expr *x = lower_value(w, n->in[j], from);
        Expr *mine = expr_binary(k, BIN_LT, at[axis], expr_i32(k, base + extent));
        value = value ? expr_select(k, mine, x, value) : x;
    }
    return value;
}

const Op op_concat = {
    .code = OP_concat,
    .name = "concat",
    .summary = "arrays one behind the other along an axis",
    .result = "x0's shape with the sum of the extents",
    .equation = "y[.., base_j + i, ..] = x_j[.., i, ..]",
    .reference = "",
    .flags = OP_VARIADIC,
    .operand = { { "x", "[..]", "arrays equal but for one extent", DOMAIN_REAL } },
    .attr = { { "axis", ATTR_INT, "along which" } },
    .shape = concat_shape,
    .eval = concat_eval,
    .batch = concat_batch,
    .grad = concat_grad,
    .element = concat_element,
    .constraint = {
        { "C1", "axis exists", "concat [1], [2] {axis=1}", DIAG_INDEX_RANGE },
        { "C2", "equal besides axis", "concat [[1]], [[1, 2]] {axis=0}",
          DIAG_BROADCAST },
    },
    .example = {
        { "two", "concat [1, 2], [3] {axis=0}", "[1, 2, 3]" },
    },
};
