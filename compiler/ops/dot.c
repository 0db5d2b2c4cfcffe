/* dot - matrix products, batched over equal leading axes. Of i8: sums of (a - a_zero) b
 * in i32. */
#include "ops/rules.h"

typedef struct DotGeometry {
    bool ta, tb;
    int64_t m, k, n;
} DotGeometry;

static DotGeometry geometry(const Node *n)
{
    const Shape *a = &n->in[0]->shape, *b = &n->in[1]->shape;
    DotGeometry g = { .ta = attr_int(n, "transpose_a") != 0,
                      .tb = attr_int(n, "transpose_b") != 0 };
    g.m = a->dim[a->rank - (g.ta ? 1 : 2)];
    g.k = a->dim[a->rank - (g.ta ? 2 : 1)];
    g.n = b->dim[b->rank - (g.tb ? 2 : 1)];
    return g;
}

static bool dot_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Shape *a = &n->in[0]->shape, *b = &n->in[1]->shape;
    if (a->rank < 2 || b->rank < 2) /* C1 */
        return diag_error(sink, n->span, DIAG_PATTERN, "`dot` takes matrices");
    bool quantized = n->in[0]->dtype == DTYPE_I8;
    DType each = quantized ? DTYPE_I8 : DTYPE_F32;
    if (n->in[0]->dtype != each || n->in[1]->dtype != each) /* C2 */
        return diag_error(sink, n->span, DIAG_DTYPE, "`dot` takes f32, or i8");
    if (!quantized && attr_int(n, "a_zero") != 0) /* C5 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "`a_zero` of `dot` belongs to i8");
    DotGeometry g = geometry(n);
    if (b->dim[b->rank - (g.tb ? 1 : 2)] != g.k) /* C3 */
        return diag_error(sink, n->span, DIAG_INNER_DIMS,
                          "inner extents differ: %lld and %lld", (long long)g.k,
                          (long long)b->dim[b->rank - (g.tb ? 1 : 2)]);
    const Shape *lead = a->rank > b->rank ? a : b;
    if (a->rank > 2 && b->rank > 2)
        for (int i = 0; i < lead->rank - 2; i++)
            if (a->rank != b->rank || a->dim[i] != b->dim[i]) /* C4 */
                return diag_error(sink, n->span, DIAG_INNER_DIMS,
                                  "the leading axes of `dot` differ");
    *y = (NodeType){ quantized ? DTYPE_I32 : DTYPE_F32, *lead, 0 };
    y->shape.dim[lead->rank - 2] = g.m;
    y->shape.dim[lead->rank - 1] = g.n;
    return true;
}

static void dot_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    DotGeometry g = geometry(n);
    int64_t count = shape_count(&n->shape) / (g.m * g.n);
    int64_t step_a = in[0]->shape.rank > 2 ? g.m * g.k : 0;
    int64_t step_b = in[1]->shape.rank > 2 ? g.k * g.n : 0;
    double zero = (double)attr_int(n, "a_zero");
    for (int64_t c = 0; c < count; c++)
        for (int64_t i = 0; i < g.m; i++)
            for (int64_t j = 0; j < g.n; j++) {
                double sum = 0;
                for (int64_t s = 0; s < g.k; s++)
                    sum += (in[0]->at[c * step_a + (g.ta ? s * g.m + i : i * g.k + s)] -
                            zero) *
                           in[1]->at[c * step_b + (g.tb ? j * g.k + s : s * g.n + j)];
                y->at[(c * g.m + i) * g.n + j] = sum;
            }
}

/* A product with n's zero point. */
static Node *product(Graph *g, const Node *n, Node *a, Node *b, bool ta, bool tb)
{
    Node *in[] = { a, b };
    AttrValue attrs[] = { { .i = ta }, { .i = tb }, { .i = attr_int(n, "a_zero") } };
    return build_node(g, NULL, &op_dot, 2, in, attrs);
}

/* [batch, .., m, k] x [k, n]: leading axes become rows of one product. */
static Node *fold_rows(Graph *g, const Node *n, Node *a, Node *b, int64_t batch)
{
    Shape y = shape_with_leading(&n->shape, batch);
    int64_t k = a->shape.dim[a->shape.rank - 1];
    Node *rows = build_reshape(g, a, shape_2(shape_count(&a->shape) / k, k));
    return build_reshape(
        g, product(g, n, rows, b, false, attr_int(n, "transpose_b") != 0), y);
}

/* Leading axes of extent 1 in front of the last two, behind the batch. */
static Node *lead(Graph *g, const Node *n, int i, Node *const *in, int64_t batch)
{
    Shape s = shape_with_leading(&n->in[i]->shape, batch);
    Node *x = batch_operand(g, n, in, i, batch);
    if (s.rank == n->shape.rank + 1)
        return x;
    Shape wide = shape_with_leading(&n->shape, batch), ones = wide;
    for (int d = 0; d < 2; d++)
        ones.dim[wide.rank - 1 - d] = wide.dim[wide.rank - 1 - d] =
            s.dim[s.rank - 1 - d];
    for (int d = 1; d < wide.rank - 2; d++)
        ones.dim[d] = 1;
    return build_broadcast(g, build_reshape(g, x, ones), wide);
}

static Node *dot_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    bool ta = attr_int(n, "transpose_a") != 0, tb = attr_int(n, "transpose_b") != 0;
    bool rows = n->in[0]->batched && !n->in[1]->batched && n->in[1]->shape.rank == 2;
    if (rows)
        return fold_rows(g, n, ta ? build_transpose_last(g, in[0]) : in[0], in[1],
                         batch);
    if (!n->in[0]->batched &&
        n->in[0]->shape.rank == 2) /* one matrix for all samples */
        return product(g, n, in[0], in[1], ta, tb);
    return product(g, n, lead(g, n, 0, in, batch), lead(g, n, 1, in, batch), ta, tb);
}

/* y = A B: dA = dy B^T, dB = A^T dy (Giles 2008, section 2.2.2), with A = a or a^T. A
 * gradient for a shared matrix folds the leading axes into the inner one. */
static void dot_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    Node *a = n->in[0], *b = n->in[1];
    bool ta = attr_int(n, "transpose_a") != 0, tb = attr_int(n, "transpose_b") != 0;
    bool shared = a->shape.rank > 2 && b->shape.rank == 2 && !ta;
    if (need[0]) {
        Node *da = ta ? build_dot(g, b, dy, tb, true) : build_dot(g, dy, b, false, !tb);
        dx[0] = build_sum_to(g, da, a->shape);
    }
    if (need[1] && shared) {
        int64_t k = a->shape.dim[a->shape.rank - 1],
                m = dy->shape.dim[dy->shape.rank - 1];
        Node *rows = build_reshape(g, a, shape_2(shape_count(&a->shape) / k, k));
        Node *outs = build_reshape(g, dy, shape_2(shape_count(&dy->shape) / m, m));
        dx[1] = tb ? build_dot(g, outs, rows, true, false)
                   : build_dot(g, rows, outs, true, false);
    } else if (need[1]) {
        Node *db = tb ? build_dot(g, dy, a, true, ta) : build_dot(g, a, dy, !ta, false);
        dx[1] = build_sum_to(g, db, b->shape);
    }
}

/* Plain loops; kernels/ has the fast ones. */
static void dot_nest(Lowering *w, const Node *n)
{
    Kernel *k = w->kernel;
    DotGeometry g = geometry(n);
    int rank = n->shape.rank;
    Expr *at[SHAPE_MAX_RANK], *a[SHAPE_MAX_RANK], *b[SHAPE_MAX_RANK];
    for (int i = 0; i < rank; i++)
        at[i] = loop_begin(k, "i", n->shape.dim[i]);
    Expr *none = element_zero(k, n->dtype);
    Var *acc = kernel_register(k, "acc", none->type, none);
    Expr *s = loop_begin(k, "s", g.k);
    int ra = n->in[0]->shape.rank, rb = n->in[1]->shape.rank;
    for (int i = 0; i < rank - 2; i++) {
        a[i] = at[i];
        b[i] = at[i];
    }
    a[ra - 2] = g.ta ? s : at[rank - 2];
    a[ra - 1] = g.ta ? at[rank - 2] : s;
    b[rb - 2] = g.tb ? at[rank - 1] : s;
    b[rb - 1] = g.tb ? s : at[rank - 1];
    Expr *x = lower_value(w, n->in[0], a);
    if (attr_int(n, "a_zero") != 0)
        x = expr_sub(k, x, expr_i32(k, attr_int(n, "a_zero")));
    kernel_assign(k, acc,
                  lower_madd(w, x, lower_value(w, n->in[1], b), expr_var(k, acc)));
    loop_end(k);
    lower_finish(w, n, at, NULL, 1, expr_var(k, acc));
    for (int i = 0; i < rank; i++)
        loop_end(k);
}

static Cost dot_cost(const Node *n)
{
    DotGeometry g = geometry(n);
    int64_t moved = shape_count(&n->in[0]->shape) + shape_count(&n->in[1]->shape) +
                    shape_count(&n->shape);
    return (Cost){ 2 * shape_count(&n->shape) * g.k, 4 * moved };
}

const Op op_dot = {
    .code = OP_dot,
    .name = "dot",
    .summary = "matrix products, batched over leading axes",
    .result = "[..,m,n]",
    .equation = "y[.., i, j] = sum_s a[.., i, s] b[.., s, j]",
    .reference = "Giles 2008, section 2.2.2",
    .flags = OP_CONTRACTION,
    .operand = { { "a", "[..,m,k]", "left factor", DOMAIN_REAL },
                 { "b", "[..,k,n]", "right factor", DOMAIN_REAL } },
    .attr = { { "transpose_a", ATTR_BOOL, "a is stored as [.., k, m]" },
              { "transpose_b", ATTR_BOOL, "b is stored as [.., n, k]" },
              { "a_zero", ATTR_INT, "zero point of a, when it is i8" } },
    .shape = dot_shape,
    .eval = dot_eval,
    .batch = dot_batch,
    .grad = dot_grad,
    .nest = dot_nest,
    .cost = dot_cost,
    .constraint = {
        { "C1", "operands have two axes",
          "dot [1], [[1]] {transpose_a=0, transpose_b=0}", DIAG_PATTERN },
        { "C2", "operands are f32, or both i8",
          "dot [[true]], [[1]] {transpose_a=0, transpose_b=0}", DIAG_DTYPE },
        { "C3", "inner extents agree",
          "dot [[1, 2]], [[3]] {transpose_a=0, transpose_b=0}", DIAG_INNER_DIMS },
        { "C4", "leading axes agree",
          "dot [[[1]], [[1]]], [[[1]]] {transpose_a=0, transpose_b=0}",
          DIAG_INNER_DIMS },
        { "C5", "f32 has no zero point", "dot [[1]], [[1]] {a_zero=1}", DIAG_ATTRIBUTE },
    },
    .example = {
        { "square",
          "dot [[1, 2], [3, 4]], [[5, 6], [7, 8]] {transpose_a=0, transpose_b=0}",
          "[[19, 22], [43, 50]]" },
        { "transposed", "dot [[1, 2, 3]], [[4, 5, 6]] {transpose_a=0, transpose_b=1}",
          "[[32]]" },
        { "quantized", "dot i8 [[3, 5]], i8 [[2], [-1]] {a_zero=1}", "i32 [[0]]" },
    },
};
