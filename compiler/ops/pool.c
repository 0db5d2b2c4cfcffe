/* pool.c - see pool.h. */
#include "ops/pool.h"

#include <string.h>

PoolGeometry pool_geometry(const Node *n, const Shape *large)
{
    int r = large->rank;
    PoolGeometry g = { 1,
                       large->dim[r - 3],
                       large->dim[r - 2],
                       large->dim[r - 1],
                       0,
                       0,
                       attr_int(n, "size_h"),
                       attr_int(n, "size_w"),
                       attr_int(n, "stride_h"),
                       attr_int(n, "stride_w") };
    for (int i = 0; i < r - 3; i++)
        g.n *= large->dim[i];
    g.oh = g.h < g.kh ? 0 : (g.h - g.kh) / g.sh + 1;
    g.ow = g.w < g.kw ? 0 : (g.w - g.kw) / g.sw + 1;
    return g;
}

bool pool_small_shape(const Node *n, const Shape *large, NodeType *y, DiagSink *sink)
{
    bool fine = large->rank >= 3 && attr_int(n, "size_h") > 0 &&
                attr_int(n, "size_w") > 0 && attr_int(n, "stride_h") > 0 &&
                attr_int(n, "stride_w") > 0;
    PoolGeometry g = { 0 };
    if (fine)
        g = pool_geometry(n, large);
    if (!fine || g.oh < 1 || g.ow < 1) /* C1 */
        return diag_error(sink, n->span, DIAG_PATTERN,
                          "the window of %s does not fit in the image", n->op->name);
    DType dtype = n->in[0]->dtype;
    bool quantized = n->op == &op_max_pool && dtype == DTYPE_I8;
    *y = (NodeType){ quantized ? DTYPE_I8 : DTYPE_F32, *large, 0 };
    y->shape.dim[large->rank - 3] = g.oh;
    y->shape.dim[large->rank - 2] = g.ow;
    if (dtype != DTYPE_F32 && !quantized) /* C2 */
        return diag_error(sink, n->span, DIAG_DTYPE, "%s takes f32, found %s",
                          n->op->name, dtype_name(n->in[0]->dtype));
    return true;
}

bool pool_large_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    Shape large = n->in[0]->shape, small = large;
    if (large.rank >= 3) {
        large.dim[large.rank - 3] = attr_int(n, "h");
        large.dim[large.rank - 2] = attr_int(n, "w");
    }
    if (!pool_small_shape(n, &large, y, sink))
        return false;
    if (!shape_equal(&y->shape, &small)) /* C1 */
        return diag_error(sink, n->span, DIAG_PATTERN,
                          "%s got another number of windows", n->op->name);
    y->shape = large;
    return true;
}

bool pool_check_index(const Node *n, const Shape *small, DiagSink *sink)
{
    const Node *index = n->in[1];
    if (dtype_class(index->dtype) != DTYPE_CLASS_INT || /* C3 */
        !shape_equal(&index->shape, small))
        return diag_error(sink, n->span, DIAG_PATTERN,
                          "%s takes one integer for each window", n->op->name);
    return true;
}

Node *pool_build(Graph *g, const Op *op, const Node *n, int n_in, Node *const *in,
                 int64_t h, int64_t w)
{
    AttrValue attrs[OP_MAX_ATTRS] = { 0 };
    memcpy(attrs, n->attr, POOL_N_ATTRS * sizeof *attrs);
    attrs[POOL_N_ATTRS].i = h;
    attrs[POOL_N_ATTRS + 1].i = w;
    return build_node(g, NULL, op, n_in, in, attrs);
}

Node *pool_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    Node *all[2] = { NULL, NULL };
    for (int i = 0; i < n->n_in; i++)
        all[i] = batch_operand(g, n, in, i, batch);
    return build_node(g, NULL, n->op, n->n_in, all, n->attr);
}

Cost pool_cost(const Node *n)
{
    int64_t x = shape_count(&n->in[0]->shape), y = shape_count(&n->shape);
    return (Cost){ x > y ? x : y, 4 * (x + y) };
}

void pool_visit(const PoolGeometry *g, void *context,
                void (*visit)(void *context, int64_t small, int64_t large,
                              int position))
{
    for (int64_t n = 0; n < g->n; n++)
        for (int64_t i = 0; i < g->oh; i++)
            for (int64_t j = 0; j < g->ow; j++)
                for (int64_t c = 0; c < g->c; c++)
                    for (int64_t p = 0; p < g->kh * g->kw; p++) {
                        int64_t r = i * g->sh + p / g->kw, s = j * g->sw + p % g->kw;
                        visit(context, ((n * g->oh + i) * g->ow + j) * g->c + c,
                              ((n * g->h + r) * g->w + s) * g->c + c, (int)p);
                    }
}

void pool_window(Lowering *w, const PoolGeometry *g, int rank, Expr *const *at, Expr *a,
                 Expr *b, Expr **large)
{
    Kernel *k = w->kernel;
    for (int i = 0; i < rank; i++)
        large[i] = at[i];
    large[rank - 3] = expr_add(k, expr_mul(k, at[rank - 3], expr_i32(k, g->sh)), a);
    large[rank - 2] = expr_add(k, expr_mul(k, at[rank - 2], expr_i32(k, g->sw)), b);
}

/* Window along one axis that holds pixel x as its element `tap` + stride * `step`,
 * where tap = x % stride: window x / stride - step. */
typedef struct Side {
    Expr *window, *offset, *inside;
} Side;

static Side side_of(Kernel *k, Expr *x, int64_t step, int64_t stride, int64_t size,
                    int64_t windows)
{
    Expr *s = expr_i32(k, stride);
    Expr *window = expr_sub(k, expr_div(k, x, s), expr_i32(k, step));
    Expr *offset = expr_add(k, expr_mod(k, x, s), expr_i32(k, step * stride));
    Expr *inside = expr_binary(
        k, BIN_AND, expr_binary(k, BIN_GE, window, expr_i32(k, 0)),
        expr_binary(k, BIN_AND, expr_binary(k, BIN_LT, window, expr_i32(k, windows)),
                    expr_binary(k, BIN_LT, offset, expr_i32(k, size))));
    Expr *clamped =
        expr_binary(k, BIN_MIN, expr_binary(k, BIN_MAX, window, expr_i32(k, 0)),
                    expr_i32(k, windows - 1));
    return (Side){ clamped, offset, inside };
}

Expr *pool_spread(Lowering *w, const Node *n, Expr *const *at,
                  Expr *(*term)(Lowering *w, const Node *n, Expr *const *small,
                                Expr *position))
{
    Kernel *k = w->kernel;
    PoolGeometry g = pool_geometry(n, &n->shape);
    int rank = n->shape.rank;
    Expr *small[SHAPE_MAX_RANK], *sum = NULL, *zero = expr_f32(k, 0);
    for (int i = 0; i < rank; i++)
        small[i] = at[i];
    for (int64_t a = 0; a * g.sh < g.kh; a++)
        for (int64_t b = 0; b * g.sw < g.kw; b++) {
            Side r = side_of(k, at[rank - 3], a, g.sh, g.kh, g.oh);
            Side s = side_of(k, at[rank - 2], b, g.sw, g.kw, g.ow);
            small[rank - 3] = r.window;
            small[rank - 2] = s.window;
            Expr *position =
                expr_add(k, expr_mul(k, r.offset, expr_i32(k, g.kw)), s.offset);
            Expr *x = expr_select(k, expr_binary(k, BIN_AND, r.inside, s.inside),
                                  term(w, n, small, position), zero);
            sum = sum ? expr_add(k, sum, x) : x;
        }
    return sum;
}
