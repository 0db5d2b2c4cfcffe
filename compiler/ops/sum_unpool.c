/* sum_unpool - spreads numbers over their windows: the transpose of sum_pool. */
#include "ops/pool.h"

static bool sum_unpool_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return pool_large_shape(n, y, sink);
}

typedef struct Work {
    const double *x, *i;
    double *y;
} Work;

static void visit(void *context, int64_t small, int64_t large, int position)
{
    Work *w = context;
    (void)position;
    w->y[large] += w->x[small];
}

static void sum_unpool_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    PoolGeometry g = pool_geometry(n, &n->shape);
    Work work = { in[0]->at, n->n_in > 1 ? in[1]->at : NULL, y->at };
    pool_visit(&g, &work, visit);
}

static void sum_unpool_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                            const bool *need)
{
    (void)need;
    dx[0] = pool_build(g, &op_sum_pool, n, 1, &dy, 0, 0);
}

static Expr *term(Lowering *w, const Node *n, Expr *const *small, Expr *position)
{
    (void)position;
    return lower_value(w, n->in[0], small);
}

static Expr *sum_unpool_element(Lowering *w, const Node *n, Expr *const *at)
{
    return pool_spread(w, n, at, term);
}

const Op op_sum_unpool = {
    .code = OP_sum_unpool,
    .name = "sum_unpool",
    .summary = "spreads numbers over their windows: the transpose of sum_pool",
    .result = "[..,h,w,c]",
    .equation = "x[r,s,c] = sum of y[i,j,c] over windows that hold r,s",
    .reference = "",
    .flags = 0,
    .operand = { { "y", "[..,oh,ow,c]", "one number a window", DOMAIN_REAL } },
    .attr = { POOL_ATTRS,
              { "h", ATTR_INT, "rows of x" }, { "w", ATTR_INT, "columns of x" } },
    .shape = sum_unpool_shape,
    .eval = sum_unpool_eval,
    .batch = pool_batch,
    .grad = sum_unpool_grad,
    .element = sum_unpool_element,
    .cost = pool_cost,
    .constraint = {
        { "C1", "windows fit in the image",
          "sum_unpool [[[3]]] {size_h=3, size_w=2, stride_h=2, stride_w=2, h=2, "
          "w=2}", DIAG_PATTERN },
        { "C2", "y is f32", "sum_unpool i32 [[[3]]] " POOL_2 ", h=2, w=2}",
          DIAG_DTYPE },
    },
    .example = {
        { "spread", "sum_unpool [[[3]]] " POOL_2 ", h=2, w=2}",
          "[[[3], [3]], [[3], [3]]]" },
        { "windows that overlap",
          "sum_unpool [[[3], [4]]] {size_h=1, size_w=2, stride_h=1, stride_w=1, "
          "h=1, w=3}", "[[[3], [7], [4]]]" },
    },
};
