/* common.c - see common.h. */
#include "ops/common.h"

#include "support/bug.h"

static bool same_type(const Node *n, DType want, DiagSink *sink)
{
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i]->dtype != want) /* C1 */
            return diag_error(sink, n->span, DIAG_DTYPE, "`%s` takes %s, found %s",
                              n->op->name, dtype_name(want),
                              dtype_name(n->in[i]->dtype));
    return true;
}

static bool same_shape(const Node *n, DiagSink *sink)
{
    for (int i = 1; i < n->n_in; i++)
        if (!shape_equal(&n->in[0]->shape, &n->in[i]->shape)) /* C2 */
            return diag_error(sink, n->span, DIAG_BROADCAST,
                              "the operands of `%s` differ in shape", n->op->name);
    return true;
}

static void type_of_first(const Node *n, NodeType *y)
{
    *y = (NodeType){ n->in[0]->dtype, n->in[0]->shape, 0 };
}

bool unary_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    type_of_first(n, y);
    return same_type(n, DTYPE_F32, sink);
}

bool binary_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    type_of_first(n, y);
    return same_type(n, DTYPE_F32, sink) && same_shape(n, sink);
}

bool compare_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    *y = (NodeType){ DTYPE_BOOL, n->in[0]->shape, 0 };
    if (dtype_is_float(n->in[0]->dtype) != dtype_is_float(n->in[1]->dtype)) /* C1 */
        return diag_error(sink, n->span, DIAG_DTYPE, "`%s` compares %s with %s",
                          n->op->name, dtype_name(n->in[0]->dtype),
                          dtype_name(n->in[1]->dtype));
    return same_shape(n, sink);
}

bool logic_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    *y = (NodeType){ DTYPE_BOOL, n->in[0]->shape, 0 };
    return same_type(n, DTYPE_BOOL, sink) && same_shape(n, sink);
}

void unary_eval(const Tensor *const *in, Tensor *y, double (*f)(double))
{
    int64_t count = shape_count(&y->shape);
    for (int64_t i = 0; i < count; i++)
        y->at[i] = f(in[0]->at[i]);
}

void binary_eval(const Tensor *const *in, Tensor *y, double (*f)(double, double))
{
    int64_t count = shape_count(&y->shape);
    for (int64_t i = 0; i < count; i++)
        y->at[i] = f(in[0]->at[i], in[1]->at[i]);
}

Expr *compare_element(Lowering *w, const Node *n, Expr *const *at, ExprOp op)
{
    return expr_binary(w->kernel, op, lower_value(w, n->in[0], at),
                       lower_value(w, n->in[1], at));
}

/* ---- reductions ------------------------------------------------------------------ */

bool reduce_has_axis(const Node *n, int axis)
{
    int count;
    const int64_t *axes = attr_ints(n, "axes", &count);
    for (int i = 0; i < count; i++)
        if (axes[i] == axis)
            return true;
    return false;
}

bool reduce_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    int count;
    const int64_t *axes = attr_ints(n, "axes", &count);
    const Shape *x = &n->in[0]->shape;
    type_of_first(n, y);
    for (int i = 0; i < count; i++) /* C2 */
        if (axes[i] < (i ? axes[i - 1] + 1 : 0) || axes[i] >= x->rank)
            return diag_error(sink, n->span, DIAG_INDEX_RANGE,
                              "axis %lld of `%s` does not exist or is out of order",
                              (long long)axes[i], n->op->name);
    y->shape.rank = 0;
    y->shape = (Shape){ .rank = 0 };
    for (int i = 0; i < x->rank; i++)
        if (!reduce_has_axis(n, i))
            y->shape.dim[y->shape.rank++] = x->dim[i];
    return same_type(n, DTYPE_F32, sink);
}

Node *reduce_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    AttrValue attrs[OP_MAX_ATTRS] = { shifted_axes(g, n, "axes") };
    return build_node(g, NULL, n->op, 1, in, attrs);
}

Node *spread_reduced(Graph *g, const Node *n, Node *dy)
{
    int axes[SHAPE_MAX_RANK], count;
    const int64_t *at = attr_ints(n, "axes", &count);
    for (int i = 0; i < count; i++)
        axes[i] = (int)at[i];
    return build_broadcast(g, build_keep(g, dy, count, axes), n->in[0]->shape);
}

void reduce_eval(const Node *n, const Tensor *x, Tensor *y,
                 void (*visit)(double *sum, double x))
{
    int64_t at[SHAPE_MAX_RANK], kept[SHAPE_MAX_RANK], count = shape_count(&x->shape);
    for (int64_t i = 0; i < count; i++) {
        int rank = 0;
        index_of(&x->shape, i, at);
        for (int d = 0; d < x->shape.rank; d++)
            if (!reduce_has_axis(n, d))
                kept[rank++] = at[d];
        visit(&y->at[linear_of(&y->shape, kept)], x->at[i]);
    }
}

Expr *reduce_element(Lowering *w, const Node *n, Expr *const *at, double initial,
                     Expr *(*step)(Lowering *w, Expr *acc, Expr *x))
{
    Kernel *k = w->kernel;
    const Shape *x = &n->in[0]->shape;
    Expr *full[SHAPE_MAX_RANK];
    Var *acc = kernel_register(k, "acc", (LoopType){ DTYPE_F32, 1 },
                               expr_f32(k, initial));
    int kept = 0, loops = 0;
    for (int d = 0; d < x->rank; d++) {
        if (reduce_has_axis(n, d)) {
            full[d] = loop_begin(k, "r", x->dim[d]);
            loops++;
        } else {
            full[d] = at[kept++];
        }
    }
    kernel_assign(k, acc, step(w, expr_var(k, acc), lower_value(w, n->in[0], full)));
    while (loops-- > 0)
        loop_end(k);
    return expr_var(k, acc);
}

/* ---- batching ----------------------------------------------------------------------- */

Shape batch_shape(const Shape *s, int64_t batch)
{
    Shape y = { .rank = s->rank + 1, .dim = { batch } };
    if (y.rank > SHAPE_MAX_RANK)
        BUG("rank %d", y.rank);
    for (int i = 0; i < s->rank; i++)
        y.dim[i + 1] = s->dim[i];
    return y;
}

Node *lead_operand(Graph *g, const Node *n, int i, Node *in, int64_t batch)
{
    if (n->in[i]->batched)
        return in;
    int axis = 0;
    return build_broadcast(g, build_keep(g, in, 1, &axis),
                           batch_shape(&n->in[i]->shape, batch));
}

AttrValue shifted_axes(Graph *g, const Node *n, const char *name)
{
    int count;
    const int64_t *at = attr_ints(n, name, &count);
    int64_t *shifted = arena_array(g->arena, int64_t, count);
    for (int i = 0; i < count; i++)
        shifted[i] = at[i] + 1;
    AttrValue v = { 0 };
    v.ints.n = count;
    v.ints.at = shifted;
    return v;
}

AttrValue lead_ints(Graph *g, const Node *n, const char *name, int64_t first)
{
    int count;
    const int64_t *at = attr_ints(n, name, &count);
    int64_t *lead = arena_array(g->arena, int64_t, count + 1);
    lead[0] = first;
    for (int i = 0; i < count; i++)
        lead[i + 1] = at[i];
    AttrValue v = { 0 };
    v.ints.n = count + 1;
    v.ints.at = lead;
    return v;
}

void index_of(const Shape *s, int64_t linear, int64_t *at)
{
    for (int i = s->rank - 1; i >= 0; i--) {
        at[i] = linear % s->dim[i];
        linear /= s->dim[i];
    }
}

int64_t linear_of(const Shape *s, const int64_t *at)
{
    int64_t linear = 0;
    for (int i = 0; i < s->rank; i++)
        linear = linear * s->dim[i] + at[i];
    return linear;
}
