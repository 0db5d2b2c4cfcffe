/* build.c - see build.h. */
#include "graph/build.h"

#include "support/bug.h"
#include "support/str.h"

#include <string.h>

Node *build_region(Graph *g, DiagSink *sink, const Op *op, Graph *body, int n_in,
                   Node *const *in, const AttrValue *attrs)
{
    DiagSink *used = sink ? sink : diag_sink_new(g->arena);
    Node *n = graph_add(g, op, n_in, in);
    n->body = body;
    for (int i = 0; attrs && i < OP_MAX_ATTRS && op->attr[i].name != NULL; i++)
        n->attr[i] = attrs[i];
    for (int i = 0; i < n_in; i++)
        n->batched |= in[i]->batched;
    if (op->flags & OP_SAMPLE_ONLY)
        n->batched = false;
    if (op == &op_random)
        n->batched = attr_int(n, "batched") != 0;
    NodeType type = { .dtype = DTYPE_F32 };
    bool fits = op->shape(n, &type, used);
    if (fits && !shape_is_sane(&type.shape))
        fits = diag_error(used, n->span, DIAG_ATTRIBUTE, "%s makes too many elements",
                          op->name);
    if (!fits) {
        if (sink == NULL)
            BUG("%s: %s", op->name,
                diag_count(used) ? diag_message(used, 0) : "bad operands");
        g->node.n--; /* nobody has seen it */
        return NULL;
    }
    n->dtype = type.dtype;
    n->shape = type.shape;
    n->bound = type.bound;
    return n;
}

Node *build_node(Graph *g, DiagSink *sink, const Op *op, int n_in, Node *const *in,
                 const AttrValue *attrs)
{
    return build_region(g, sink, op, NULL, n_in, in, attrs);
}

static Node *build(Graph *g, const Op *op, int n_in, Node *const *in,
                   const AttrValue *attrs)
{
    return build_node(g, NULL, op, n_in, in, attrs);
}

static AttrValue ints_of(Graph *g, int n, const int64_t *at)
{
    int64_t *copy = arena_array(g->arena, int64_t, n);
    for (int i = 0; i < n; i++)
        copy[i] = at[i];
    AttrValue v = { 0 };
    v.ints.n = n;
    v.ints.at = copy;
    return v;
}

static AttrValue ints_of_axes(Graph *g, int n, const int *axes)
{
    int64_t at[SHAPE_MAX_RANK];
    for (int i = 0; i < n; i++)
        at[i] = axes[i];
    return ints_of(g, n, at);
}

/* ---- leaves ---------------------------------------------------------------------- */

Node *build_input(Graph *g, InputKind kind, const char *path, DType dtype, Shape shape,
                  int64_t bound, bool batched)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = (int64_t)kind }, { .text = path } };
    Node *n = graph_add(g, &op_input, 0, NULL);
    n->attr[0] = attrs[0];
    n->attr[1] = attrs[1];
    n->dtype = dtype;
    n->shape = shape;
    n->bound = bound;
    n->batched = batched;
    return n;
}

Node *build_constant(Graph *g, const Tensor *value)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .tensor = value } };
    return build(g, &op_constant, 0, NULL, attrs);
}

Node *build_scalar(Graph *g, double value)
{
    Tensor *t = tensor_new(g->arena, DTYPE_F32, (Shape){ .rank = 0 });
    t->at[0] = value;
    return build_constant(g, t);
}

Node *build_full(Graph *g, double value, Shape shape)
{
    return build_broadcast(g, build_scalar(g, value), shape);
}

/* ---- pointwise ------------------------------------------------------------------- */

Node *build_unary(Graph *g, const Op *op, Node *x)
{
    return build(g, op, 1, &x, NULL);
}

Node *build_binary(Graph *g, const Op *op, Node *a, Node *b)
{
    Shape y;
    if (!shape_broadcast(&a->shape, &b->shape, &y))
        BUG("%s cannot combine %s and %s", op->name, shape_text(g->arena, &a->shape),
            shape_text(g->arena, &b->shape));
    Node *in[] = { build_broadcast(g, a, y), build_broadcast(g, b, y) };
    return build(g, op, 2, in, NULL);
}

#define UNARY(name)                                                                    \
    Node *build_##name(Graph *g, Node *x)                                              \
    {                                                                                  \
        return build_unary(g, &op_##name, x);                                          \
    }
#define BINARY(name)                                                                   \
    Node *build_##name(Graph *g, Node *a, Node *b)                                     \
    {                                                                                  \
        return build_binary(g, &op_##name, a, b);                                      \
    }
UNARY(neg)
UNARY(abs)
UNARY(sign)
UNARY(exp)
UNARY(log)
UNARY(sqrt)
UNARY(rsqrt)
UNARY(tanh)
UNARY(sigmoid)
UNARY(sin)
UNARY(cos)
UNARY(softplus)
UNARY(stop_gradient)
BINARY(add)
BINARY(sub)
BINARY(mul)
BINARY(div)
BINARY(pow)
BINARY(max)
BINARY(min)
BINARY(eq)
BINARY(ge)
BINARY(gt)
BINARY(le)
BINARY(lt)

Node *build_select(Graph *g, Node *condition, Node *yes, Node *no)
{
    Shape y, all;
    if (!shape_broadcast(&yes->shape, &no->shape, &y) ||
        !shape_broadcast(&condition->shape, &y, &all))
        BUG("select cannot combine its operands");
    Node *in[] = { build_broadcast(g, condition, all), build_broadcast(g, yes, all),
                   build_broadcast(g, no, all) };
    return build(g, &op_select, 3, in, NULL);
}

Node *build_cast(Graph *g, Node *x, DType dtype)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = (int64_t)dtype } };
    return x->dtype == dtype && x->bound == 0 ? x : build(g, &op_cast, 1, &x, attrs);
}

Node *build_scale(Graph *g, Node *x, double factor)
{
    return factor == 1 ? x : build_mul(g, x, build_scalar(g, factor));
}

/* ---- data ------------------------------------------------------------------------ */

Node *build_reshape(Graph *g, Node *x, Shape shape)
{
    if (shape_equal(&x->shape, &shape))
        return x;
    AttrValue attrs[OP_MAX_ATTRS] = { ints_of(g, shape.rank, shape.dim) };
    return build(g, &op_reshape, 1, &x, attrs);
}

Node *build_transpose(Graph *g, Node *x, const int *axes)
{
    AttrValue attrs[OP_MAX_ATTRS] = { ints_of_axes(g, x->shape.rank, axes) };
    return build(g, &op_transpose, 1, &x, attrs);
}

Node *build_transpose_last(Graph *g, Node *x)
{
    int axes[SHAPE_MAX_RANK], r = x->shape.rank;
    for (int i = 0; i < r; i++)
        axes[i] = i;
    axes[r - 1] = r - 2;
    axes[r - 2] = r - 1;
    return build_transpose(g, x, axes);
}

Node *build_broadcast(Graph *g, Node *x, Shape shape)
{
    if (shape_equal(&x->shape, &shape))
        return x;
    AttrValue attrs[OP_MAX_ATTRS] = { ints_of(g, shape.rank, shape.dim) };
    return build(g, &op_broadcast, 1, &x, attrs);
}

Node *build_slice(Graph *g, Node *x, const int64_t *start, const int64_t *stop,
                  const int64_t *step)
{
    int r = x->shape.rank;
    AttrValue attrs[OP_MAX_ATTRS] = { ints_of(g, r, start), ints_of(g, r, stop),
                                      ints_of(g, r, step) };
    return build(g, &op_slice, 1, &x, attrs);
}

Node *build_pad(Graph *g, Node *x, const int64_t *before, const int64_t *after,
                const int64_t *interior)
{
    int r = x->shape.rank;
    AttrValue attrs[OP_MAX_ATTRS] = {
        ints_of(g, r, before), ints_of(g, r, after), ints_of(g, r, interior), { .f = 0 }
    };
    return build(g, &op_pad, 1, &x, attrs);
}

Node *build_concat(Graph *g, int n, Node *const *x, int axis)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = axis } };
    return build(g, &op_concat, n, x, attrs);
}

Node *build_iota(Graph *g, DType dtype, Shape shape, int axis, int64_t bound)
{
    AttrValue attrs[OP_MAX_ATTRS] = { ints_of(g, shape.rank, shape.dim),
                                      { .i = axis },
                                      { .i = (int64_t)dtype },
                                      { .i = bound } };
    return build(g, &op_iota, 0, NULL, attrs);
}

Node *build_gather(Graph *g, Node *table, Node *index)
{
    Node *in[] = { table, index };
    return build(g, &op_gather, 2, in, NULL);
}

Node *build_scatter_add(Graph *g, Node *index, Node *update, int64_t rows)
{
    Node *in[] = { index, update };
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = rows } };
    return build(g, &op_scatter_add, 2, in, attrs);
}

/* ---- reductions and products ----------------------------------------------------- */

Node *build_reduce(Graph *g, const Op *op, Node *x, int n_axes, const int *axes)
{
    if (n_axes == 0)
        return x;
    AttrValue attrs[OP_MAX_ATTRS] = { ints_of_axes(g, n_axes, axes) };
    return build(g, op, 1, &x, attrs);
}

Node *build_sum_to(Graph *g, Node *x, Shape shape)
{
    int axes[SHAPE_MAX_RANK], n = 0, skip = x->shape.rank - shape.rank;
    for (int i = 0; i < x->shape.rank; i++)
        if (i < skip || (shape.dim[i - skip] == 1 && x->shape.dim[i] != 1))
            axes[n++] = i;
    return build_reshape(g, build_reduce(g, &op_reduce_sum, x, n, axes), shape);
}

Node *build_keep(Graph *g, Node *x, int n_axes, const int *axes)
{
    Shape s = { .rank = x->shape.rank + n_axes };
    for (int i = 0, j = 0, k = 0; i < s.rank; i++)
        s.dim[i] = j < n_axes && axes[j] == i ? (j++, 1) : x->shape.dim[k++];
    return build_reshape(g, x, s);
}

Node *build_dot(Graph *g, Node *a, Node *b, bool transpose_a, bool transpose_b)
{
    Node *in[] = { a, b };
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = transpose_a }, { .i = transpose_b } };
    return build(g, &op_dot, 2, in, attrs);
}

/* ---- chance ---------------------------------------------------------------------- */

Node *build_random(Graph *g, Node *key, Node *iteration, Node *sample, Shape shape,
                   bool batched)
{
    Node *in[] = { key, iteration, sample };
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = g->next_stream++ },
                                      ints_of(g, shape.rank, shape.dim),
                                      { .i = batched },
                                      { .i = 0 } };
    return build(g, &op_random, 3, in, attrs);
}

Node *build_normal(Graph *g, Node *u, Node *v)
{
    const double pi = 3.14159265358979323846;
    Node *positive = build_sub(g, build_scalar(g, 1), u); /* in (0, 1] */
    Node *radius = build_sqrt(g, build_scale(g, build_log(g, positive), -2));
    return build_mul(g, radius, build_cos(g, build_scale(g, v, 2 * pi)));
}

/* ---- structure ------------------------------------------------------------------- */

Node *build_result(Graph *g, Node *n, int index)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = index } };
    Node *y = build(g, &op_result, 1, &n, attrs);
    if (n->op == &op_scan)
        y->batched = n->body->result.at[index].value->batched;
    return y;
}

Node *build_grad(Graph *g, Node *target, int n_wrt, Node *const *wrt)
{
    Node **in = arena_array(g->arena, Node *, n_wrt + 1);
    in[0] = target;
    for (int i = 0; i < n_wrt; i++)
        in[i + 1] = wrt[i];
    return build(g, &op_grad, n_wrt + 1, in, NULL);
}

Node *build_scan(Graph *g, Graph *body, int carries, int rows, int64_t length,
                 bool reverse, int n_in, Node *const *in)
{
    AttrValue attrs[OP_MAX_ATTRS] = {
        { .i = carries }, { .i = rows }, { .i = length }, { .i = reverse }
    };
    return build_region(g, NULL, &op_scan, body, n_in, in, attrs);
}

Node *build_group(Graph *g, Graph *body, int n_in, Node *const *in, const char *name)
{
    Node *n = graph_add(g, &op_group, n_in, in);
    n->body = body;
    n->name = name;
    NodeType type = { 0 };
    if (!op_group.shape(n, &type, diag_sink_new(g->arena)))
        BUG("group %s", name);
    n->dtype = type.dtype;
    n->shape = type.shape;
    n->bound = type.bound;
    return n;
}
