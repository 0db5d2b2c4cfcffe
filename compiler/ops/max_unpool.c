/* max_unpool - puts numbers where their window had its maximum. */
#include "ops/pool.h"

static bool max_unpool_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return pool_large_shape(n, y, sink) && pool_check_index(n, &n->in[0]->shape, sink);
}

typedef struct Work {
    const double *x, *i;
    double *y;
} Work;

static void visit(void *context, int64_t small, int64_t large, int position)
{
    Work *w = context;
    if ((int)w->i[small] == position)
        w->y[large] += w->x[small];
}

static void max_unpool_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    PoolGeometry g = pool_geometry(n, &n->shape);
    Work work = { in[0]->at, n->n_in > 1 ? in[1]->at : NULL, y->at };
    pool_visit(&g, &work, visit);
}

static void max_unpool_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                            const bool *need)
{
    Node *in[] = { dy, n->in[1] };
    if (need[0])
        dx[0] = pool_build(g, &op_max_pool_gather, n, 2, in, 0, 0);
}

static Expr *term(Lowering *w, const Node *n, Expr *const *small, Expr *position)
{
    Kernel *k = w->kernel;
    Expr *mine = expr_binary(k, BIN_EQ, lower_value(w, n->in[1], small), position);
    return expr_select(k, mine, lower_value(w, n->in[0], small), expr_f32(k, 0));
}

static Expr *max_unpool_element(Lowering *w, const Node *n, Expr *const *at)
{
    return pool_spread(w, n, at, term);
}

const Op op_max_unpool = {
    .code = OP_max_unpool,
    .name = "max_unpool",
    .summary = "puts numbers where their window had its maximum",
    .result = "[..,h,w,c]",
    .equation = "x[r,s,c] = sum of y[i,j,c] over windows whose index points at r,s",
    .reference = "",
    .flags = 0,
    .operand = { { "y", "[..,oh,ow,c]", "one number a window", DOMAIN_REAL },
                 { "index", "[..,oh,ow,c]", "position in the window", DOMAIN_LABEL } },
    .attr = { POOL_ATTRS,
              { "h", ATTR_INT, "rows of x" }, { "w", ATTR_INT, "columns of x" } },
    .shape = max_unpool_shape,
    .eval = max_unpool_eval,
    .batch = pool_batch,
    .grad = max_unpool_grad,
    .element = max_unpool_element,
    .cost = pool_cost,
    .constraint = {
        { "C1", "windows fit in the image",
          "max_unpool [[[3]]], index(4) [[[1]]] {size_h=3, size_w=2, stride_h=2, "
          "stride_w=2, h=2, w=2}", DIAG_PATTERN },
        { "C2", "y is f32",
          "max_unpool i32 [[[3]]], index(4) [[[1]]] " POOL_2 ", h=2, w=2}",
          DIAG_DTYPE },
        { "C3", "index has an integer for each window",
          "max_unpool [[[3]]], [[[1]]] " POOL_2 ", h=2, w=2}", DIAG_PATTERN },
    },
    .example = {
        { "place", "max_unpool [[[3]]], index(4) [[[1]]] " POOL_2 ", h=2, w=2}",
          "[[[0], [3]], [[0], [0]]]" },
        { "windows that overlap",
          "max_unpool [[[3], [4]]], index(2) [[[1], [0]]] {size_h=1, size_w=2, "
          "stride_h=1, stride_w=1, h=1, w=3}", "[[[0], [7], [0]]]" },
    },
};
