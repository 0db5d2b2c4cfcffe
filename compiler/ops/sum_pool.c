/* sum_pool - sum over windows of an image. */
#include "ops/pool.h"

static bool sum_pool_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return pool_small_shape(n, &n->in[0]->shape, y, sink);
}

typedef struct Work {
    const double *x, *i;
    double *y;
} Work;

static void visit(void *context, int64_t small, int64_t large, int position)
{
    Work *w = context;
    (void)position;
    w->y[small] += w->x[large];
}

static void sum_pool_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    PoolGeometry g = pool_geometry(n, &n->in[0]->shape);
    Work work = { in[0]->at, n->n_in > 1 ? in[1]->at : NULL, y->at };
    pool_visit(&g, &work, visit);
}

static void sum_pool_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                          const bool *need)
{
    const Shape *x = &n->in[0]->shape;
    (void)need;
    dx[0] = pool_build(g, &op_sum_unpool, n, 1, &dy, x->dim[x->rank - 3],
                       x->dim[x->rank - 2]);
}

static Expr *sum_pool_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    PoolGeometry g = pool_geometry(n, &n->in[0]->shape);
    Expr *from[SHAPE_MAX_RANK];
    Expr *sum = NULL;
    for (int64_t a = 0; a < g.kh && g.kh * g.kw <= 16; a++)
        for (int64_t b = 0; b < g.kw; b++) {
            pool_window(w, &g, n->shape.rank, at, expr_i32(k, a), expr_i32(k, b), from);
            Expr *x = lower_value(w, n->in[0], from);
            sum = sum ? expr_add(k, sum, x) : x;
        }
    if (sum != NULL)
        return sum;
    Var *acc = kernel_register(k, "acc", (LoopType){ DTYPE_F32, 1 }, expr_f32(k, 0));
    Expr *a = loop_begin(k, "a", g.kh), *b = loop_begin(k, "b", g.kw);
    pool_window(w, &g, n->shape.rank, at, a, b, from);
    kernel_assign(k, acc,
                  expr_add(k, expr_var(k, acc), lower_value(w, n->in[0], from)));
    loop_end(k);
    loop_end(k);
    return expr_var(k, acc);
}

const Op op_sum_pool = {
    .code = OP_sum_pool,
    .name = "sum_pool",
    .summary = "sum over windows of an image",
    .result = "[..,oh,ow,c]",
    .equation = "y[i,j,c] = sum_ab x[i sh + a, j sw + b, c]",
    .reference = "",
    .flags = 0,
    .operand = { { "x", "[..,h,w,c]", "images", DOMAIN_REAL } },
    .attr = { POOL_ATTRS },
    .shape = sum_pool_shape,
    .eval = sum_pool_eval,
    .batch = pool_batch,
    .grad = sum_pool_grad,
    .element = sum_pool_element,
    .cost = pool_cost,
    .constraint = {
        { "C1", "windows fit in the image",
          "sum_pool [[[1], [5]], [[3], [4]]] {size_h=3, size_w=2, stride_h=2, "
          "stride_w=2}", DIAG_PATTERN },
        { "C2", "x is f32", "sum_pool i32 [[[1], [5]], [[3], [4]]] " POOL_2 "}",
          DIAG_DTYPE },
    },
    .example = {
        { "window", "sum_pool [[[1], [5]], [[3], [4]]] " POOL_2 "}", "[[[13]]]" },
        { "windows that overlap",
          "sum_pool [[[1], [2], [3]]] {size_h=1, size_w=2, stride_h=1, stride_w=1}",
          "[[[3], [5]]]" },
    },
};
