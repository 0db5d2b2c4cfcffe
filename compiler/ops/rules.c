/* rules.c - see rules.h. */
#include "ops/rules.h"

#include "support/bug.h"

/* ---- shape ----------------------------------------------------------------------- */

bool check_same_dtype(const Node *n, DiagSink *sink)
{
    for (int i = 1; i < n->n_in; i++)
        if (n->in[i]->dtype != n->in[0]->dtype)
            return diag_error(sink, n->span, DIAG_DTYPE, "%s of %s and %s", n->op->name,
                              dtype_name(n->in[0]->dtype), dtype_name(n->in[i]->dtype));
    return true;
}

bool check_float(const Node *n, DiagSink *sink)
{
    if (!dtype_is_float(n->in[0]->dtype))
        return diag_error(sink, n->span, DIAG_DTYPE, "%s takes floats, found %s",
                          n->op->name, dtype_name(n->in[0]->dtype));
    return check_same_dtype(n, sink);
}

bool check_number(const Node *n, DiagSink *sink)
{
    if (!dtype_is_float(n->in[0]->dtype) && n->in[0]->dtype != DTYPE_I32)
        return diag_error(sink, n->span, DIAG_DTYPE, "%s takes floats or i32, found %s",
                          n->op->name, dtype_name(n->in[0]->dtype));
    return check_same_dtype(n, sink);
}

bool check_dtype(const Node *n, int operand, DType want, DiagSink *sink)
{
    if (n->in[operand]->dtype == want)
        return true;
    return diag_error(sink, n->span, DIAG_DTYPE, "`%s` of %s is %s, found %s",
                      n->op->operand[operand].name, n->op->name, dtype_name(want),
                      dtype_name(n->in[operand]->dtype));
}

/* Shapes in messages are short-lived: kept in an arena of their own. */
static bool report_shapes(const Node *n, DiagSink *sink, DiagId id, const Shape *a,
                          const Shape *b)
{
    Arena *work = arena_create("message");
    diag_error(sink, n->span, id, "%s cannot combine %s and %s", n->op->name,
               shape_text(work, a), shape_text(work, b));
    arena_destroy(work);
    return false;
}

bool check_same_shape(const Node *n, DiagSink *sink)
{
    for (int i = 1; i < n->n_in; i++)
        if (!shape_equal(&n->in[0]->shape, &n->in[i]->shape))
            return report_shapes(n, sink, DIAG_BROADCAST, &n->in[0]->shape,
                                 &n->in[i]->shape);
    return true;
}

bool check_min_rank(const Node *n, int operand, int rank, DiagSink *sink)
{
    if (n->in[operand]->shape.rank >= rank)
        return true;
    return diag_error(sink, n->span, DIAG_PATTERN,
                      "`%s` of %s is %s, which takes %d dimensions, found %d",
                      n->op->operand[operand].name, n->op->name,
                      n->op->operand[operand].shape, rank, n->in[operand]->shape.rank);
}

bool check_attr(const Node *n, const char *name, int64_t low, int64_t high,
                DiagSink *sink)
{
    int64_t v = attr_int(n, name);
    if (v >= low && v <= high)
        return true;
    return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                      "`%s` of %s is %lld, not in %lld .. %lld", name, n->op->name,
                      (long long)v, (long long)low, (long long)high);
}

bool check_axis(const Node *n, int64_t axis, int rank, DiagSink *sink)
{
    if (axis >= 0 && axis < rank)
        return true;
    return diag_error(sink, n->span, DIAG_INDEX_RANGE,
                      "axis %lld of %s, which has %d dimensions", (long long)axis,
                      n->op->name, rank);
}

bool check_list(const Node *n, const char *name, int64_t low, DiagSink *sink)
{
    int count;
    const int64_t *at = attr_ints(n, name, &count);
    if (count != n->in[0]->shape.rank)
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "`%s` of %s has %d numbers for %d dimensions", name,
                          n->op->name, count, n->in[0]->shape.rank);
    for (int i = 0; i < count; i++)
        if (at[i] < low)
            return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                              "`%s` of %s is %lld, below %lld", name, n->op->name,
                              (long long)at[i], (long long)low);
    return true;
}

bool check_shape_attr(const Node *n, const char *name, Shape *s, DiagSink *sink)
{
    int count;
    const int64_t *at = attr_ints(n, name, &count);
    if (count > SHAPE_MAX_RANK)
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "%s of %d dimensions, at most %d", n->op->name, count,
                          SHAPE_MAX_RANK);
    for (int i = 0; i < count; i++)
        if (at[i] < 1)
            return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                              "%s with an extent of %lld", n->op->name,
                              (long long)at[i]);
    *s = shape_of(count, at);
    if (!shape_is_sane(s))
        return diag_error(sink, n->span, DIAG_ATTRIBUTE, "%s makes too many elements",
                          n->op->name);
    return true;
}

bool type_like_first(const Node *n, NodeType *y)
{
    y->dtype = n->in[0]->dtype;
    y->shape = n->in[0]->shape;
    y->bound = 0;
    return true;
}

bool shape_reduce(const Node *n, NodeType *y, DiagSink *sink)
{
    const Shape *s = &n->in[0]->shape;
    int count, kept = 0;
    const int64_t *axes = attr_ints(n, "axes", &count);
    bool is_reduced[SHAPE_MAX_RANK] = { false };
    for (int i = 0; i < count; i++) {
        if (!check_axis(n, axes[i], s->rank, sink))
            return false;
        if (i > 0 && axes[i] <= axes[i - 1])
            return diag_error(sink, n->span, DIAG_INDEX_RANGE,
                              "the axes of %s are not ascending", n->op->name);
        is_reduced[axes[i]] = true;
    }
    y->dtype = n->in[0]->dtype;
    for (int i = 0; i < s->rank; i++)
        if (!is_reduced[i])
            y->shape.dim[kept++] = s->dim[i];
    y->shape.rank = kept;
    return true;
}

/* ---- eval ------------------------------------------------------------------------ */

void eval_unary(const Tensor *const *in, Tensor *y, UnaryFunction *f)
{
    for (int64_t i = 0; i < shape_count(&y->shape); i++)
        y->at[i] = f(in[0]->at[i]);
}

void eval_binary(const Tensor *const *in, Tensor *y, BinaryFunction *f)
{
    for (int64_t i = 0; i < shape_count(&y->shape); i++)
        y->at[i] = f(in[0]->at[i], in[1]->at[i]);
}

static void reduced_axes(const Node *n, bool *is_reduced)
{
    int count;
    const int64_t *axes = attr_ints(n, "axes", &count);
    for (int i = 0; i < count; i++)
        is_reduced[axes[i]] = true;
}

void eval_reduce(const Node *n, const Tensor *const *in, Tensor *y, double initial,
                 BinaryFunction *f)
{
    const Shape *s = &in[0]->shape;
    bool is_reduced[SHAPE_MAX_RANK] = { false };
    reduced_axes(n, is_reduced);
    for (int64_t i = 0; i < shape_count(&y->shape); i++)
        y->at[i] = initial;
    int64_t at[SHAPE_MAX_RANK] = { 0 }, from = 0;
    do {
        int64_t to[SHAPE_MAX_RANK];
        for (int i = 0, kept = 0; i < s->rank; i++)
            if (!is_reduced[i])
                to[kept++] = at[i];
        double *sum = &y->at[shape_linear(&y->shape, to)];
        *sum = f(*sum, in[0]->at[from++]);
    } while (shape_next(s, at));
}

int64_t index_clamp(double index, int64_t rows)
{
    return index < 0 ? 0 : index >= (double)rows ? rows - 1 : (int64_t)index;
}

/* ---- batch ----------------------------------------------------------------------- */

Node *batch_with(Graph *g, const Node *n, Node *const *in, const AttrValue *attrs)
{
    Node *y = build_node(g, NULL, n->op, n->n_in, in, attrs);
    y->name = n->name;
    return y;
}

Node *batch_same(Graph *g, const Node *n, Node *const *in)
{
    return batch_with(g, n, in, n->attr);
}

Shape shape_with_leading(const Shape *s, int64_t extent)
{
    Shape y = { .rank = s->rank + 1 };
    if (y.rank > SHAPE_MAX_RANK)
        BUG("rank %d with the batch axis", y.rank);
    y.dim[0] = extent;
    for (int i = 0; i < s->rank; i++)
        y.dim[i + 1] = s->dim[i];
    return y;
}

Node *batch_operand(Graph *g, const Node *n, Node *const *in, int i, int64_t batch)
{
    if (n->in[i]->batched)
        return in[i];
    return build_broadcast(g, in[i], shape_with_leading(&in[i]->shape, batch));
}

Node *index_of_sample(Graph *g, Node *index, int64_t rows)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = DTYPE_I32 } };
    Node *sample = build_iota(g, DTYPE_I32, index->shape, 0, 0);
    Tensor *t = tensor_new(g->arena, DTYPE_I32, (Shape){ 0 });
    t->at[0] = (double)rows;
    Node *offset = build_mul(g, sample, build_constant(g, t));
    Node *inside = index;
    if (index->bound == 0) { /* clamped to its own table */
        Tensor *low = tensor_new(g->arena, DTYPE_I32, (Shape){ 0 });
        Tensor *high = tensor_new(g->arena, DTYPE_I32, (Shape){ 0 });
        high->at[0] = (double)(rows - 1);
        inside = build_node(g, NULL, &op_cast, 1, &index, attrs);
        inside = build_max(g, inside, build_constant(g, low));
        inside = build_min(g, inside, build_constant(g, high));
    }
    Node *number = build_node(g, NULL, &op_cast, 1, &inside, attrs);
    return build_add(g, number, offset);
}

AttrValue attr_list(Graph *g, int n, const int64_t *at)
{
    int64_t *copy = arena_array(g->arena, int64_t, n);
    for (int i = 0; i < n; i++)
        copy[i] = at[i];
    AttrValue v = { 0 };
    v.ints.n = n;
    v.ints.at = copy;
    return v;
}

AttrValue attr_list_shifted(Graph *g, const Node *n, const char *name, int64_t first,
                            int64_t add)
{
    int count;
    const int64_t *at = attr_ints(n, name, &count);
    int64_t *copy = arena_array(g->arena, int64_t, count + 1);
    copy[0] = first;
    for (int i = 0; i < count; i++)
        copy[i + 1] = at[i] + add;
    AttrValue v = { 0 };
    v.ints.n = count + 1;
    v.ints.at = copy;
    return v;
}

AttrValue attr_list_plus(Graph *g, const Node *n, const char *name, int64_t add)
{
    AttrValue v = attr_list_shifted(g, n, name, 0, add);
    v.ints.n--;
    v.ints.at++;
    return v;
}

/* ---- grad ------------------------------------------------------------------------ */

Node *node_in(Graph *g, const Node *n)
{
    return g->node.at[n->id];
}

Node *reduce_spread(Graph *g, const Node *n, Node *y)
{
    int count, axes[SHAPE_MAX_RANK];
    const int64_t *at = attr_ints(n, "axes", &count);
    for (int i = 0; i < count; i++)
        axes[i] = (int)at[i];
    return build_broadcast(g, build_keep(g, y, count, axes), n->in[0]->shape);
}

Node *axes_last(Graph *g, Node *x, int n_axes, const int64_t *last, int *axes)
{
    int kept = 0, rank = x->shape.rank;
    for (int i = 0; i < rank; i++) {
        bool moves = false;
        for (int j = 0; j < n_axes; j++)
            moves |= last[j] == i;
        if (!moves)
            axes[kept++] = i;
    }
    for (int j = 0; j < n_axes; j++)
        axes[kept + j] = (int)last[j];
    return build_transpose(g, x, axes);
}

Node *transpose_back(Graph *g, Node *x, const int *axes)
{
    int inverse[SHAPE_MAX_RANK];
    for (int i = 0; i < x->shape.rank; i++)
        inverse[axes[i]] = i;
    return build_transpose(g, x, inverse);
}

/* ---- element --------------------------------------------------------------------- */

Expr *element_math(Lowering *w, const Node *n, Expr *const *at, MathFunction f)
{
    return lower_math(w, f, lower_value(w, n->in[0], at), NULL);
}

Expr *element_binary(Lowering *w, const Node *n, Expr *const *at, ExprOp op)
{
    Expr *a = lower_value(w, n->in[0], at);
    Expr *b = lower_value(w, n->in[1], at);
    return expr_binary(w->kernel, op, a, b);
}

Expr *element_clamp(Kernel *k, Expr *at, int64_t extent)
{
    Range r = expr_range(at);
    if (r.low < 0)
        at = expr_binary(k, BIN_MAX, at, expr_i32(k, 0));
    if (r.high > extent - 1)
        at = expr_binary(k, BIN_MIN, at, expr_i32(k, extent - 1));
    return at;
}

Expr *element_reduce(Lowering *w, const Node *n, Expr *const *at, ExprOp op,
                     Expr *initial)
{
    Kernel *k = w->kernel;
    const Shape *s = &n->in[0]->shape;
    bool is_reduced[SHAPE_MAX_RANK] = { false };
    reduced_axes(n, is_reduced);
    Var *sum = kernel_register(k, n->op->name, initial->type, initial);
    Expr *from[SHAPE_MAX_RANK];
    int opened = 0;
    for (int i = 0, kept = 0; i < s->rank; i++) {
        from[i] = is_reduced[i] ? loop_begin(k, "r", s->dim[i]) : at[kept++];
        opened += is_reduced[i];
    }
    Expr *x = lower_value(w, n->in[0], from);
    kernel_assign(k, sum, expr_binary(k, op, expr_var(k, sum), x));
    for (int i = 0; i < opened; i++)
        loop_end(k);
    return expr_var(k, sum);
}

LoopType element_type(DType stored)
{
    LoopType t = { DTYPE_I32, 1 };
    if (dtype_is_float(stored))
        t.dtype = DTYPE_F32;
    else if (stored == DTYPE_BOOL || stored == DTYPE_U32)
        t.dtype = stored;
    return t;
}

Expr *element_zero(Kernel *k, DType dtype)
{
    switch (element_type(dtype).dtype) {
    case DTYPE_F32:
        return expr_f32(k, 0);
    case DTYPE_BOOL:
        return expr_bool(k, false);
    case DTYPE_U32:
        return expr_u32(k, 0);
    default:
        return expr_i32(k, 0);
    }
}

Expr *element_and(Kernel *k, Expr *a_or_null, Expr *b)
{
    return a_or_null ? expr_binary(k, BIN_AND, a_or_null, b) : b;
}
