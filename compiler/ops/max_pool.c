/* max_pool - largest value of each window. */
#include "ops/pool.h"

static bool max_pool_shape(const Node *n, NodeType *y, DiagSink *sink)
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
    if (position == 0 || w->x[large] > w->y[small])
        w->y[small] = w->x[large];
}

static void max_pool_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    PoolGeometry g = pool_geometry(n, &n->in[0]->shape);
    Work work = { in[0]->at, n->n_in > 1 ? in[1]->at : NULL, y->at };
    pool_visit(&g, &work, visit);
}

/* To the first maximum of each window. */
static void max_pool_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                          const bool *need)
{
    const Shape *x = &n->in[0]->shape;
    Node *index = pool_build(g, &op_max_pool_index, n, 1, n->in, 0, 0);
    Node *in[] = { dy, index };
    (void)need;
    dx[0] = pool_build(g, &op_max_unpool, n, 2, in, x->dim[x->rank - 3],
                       x->dim[x->rank - 2]);
}

static Expr *max_pool_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    PoolGeometry g = pool_geometry(n, &n->in[0]->shape);
    Expr *from[SHAPE_MAX_RANK];
    Expr *most = NULL;
    for (int64_t a = 0; a < g.kh && g.kh * g.kw <= 16; a++)
        for (int64_t b = 0; b < g.kw; b++) {
            pool_window(w, &g, n->shape.rank, at, expr_i32(k, a), expr_i32(k, b), from);
            Expr *x = lower_value(w, n->in[0], from);
            most = most ? expr_binary(k, BIN_MAX, x, most) : x;
        }
    if (most != NULL)
        return most;
    pool_window(w, &g, n->shape.rank, at, expr_i32(k, 0), expr_i32(k, 0), from);
    Var *acc = kernel_register(k, "acc", element_type(n->dtype),
                               lower_value(w, n->in[0], from));
    Expr *a = loop_begin(k, "a", g.kh), *b = loop_begin(k, "b", g.kw);
    pool_window(w, &g, n->shape.rank, at, a, b, from);
    kernel_assign(
        k, acc,
        expr_binary(k, BIN_MAX, lower_value(w, n->in[0], from), expr_var(k, acc)));
    loop_end(k);
    loop_end(k);
    return expr_var(k, acc);
}

const Op op_max_pool = {
    .code = OP_max_pool,
    .name = "max_pool",
    .summary = "largest value of each window",
    .result = "[..,oh,ow,c]",
    .equation = "y[i,j,c] = max_ab x[i sh + a, j sw + b, c]",
    .reference = "",
    .flags = 0,
    .operand = { { "x", "[..,h,w,c]", "images", DOMAIN_OFF_ZERO } },
    .attr = { POOL_ATTRS },
    .shape = max_pool_shape,
    .eval = max_pool_eval,
    .batch = pool_batch,
    .grad = max_pool_grad,
    .element = max_pool_element,
    .cost = pool_cost,
    .constraint = {
        { "C1", "windows fit in the image",
          "max_pool [[[1], [5]], [[3], [4]]] {size_h=3, size_w=2, stride_h=2, "
          "stride_w=2}", DIAG_PATTERN },
        { "C2", "x is f32 or i8", "max_pool i32 [[[1], [5]], [[3], [4]]] " POOL_2 "}",
          DIAG_DTYPE },
    },
    .example = {
        { "window", "max_pool [[[1], [5]], [[3], [4]]] " POOL_2 "}", "[[[5]]]" },
        { "windows that overlap",
          "max_pool [[[2], [1], [3]]] {size_h=1, size_w=2, stride_h=1, stride_w=1}",
          "[[[2], [3]]]" },
        { "quantized", "max_pool i8 [[[-1], [-5]], [[-3], [-4]]] " POOL_2 "}",
          "i8 [[[-1]]]" },
    },
};
