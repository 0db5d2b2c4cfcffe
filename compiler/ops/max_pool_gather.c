/* max_pool_gather - takes the number at each window's index: the transpose of
 * max_unpool. */
#include "ops/pool.h"

static bool max_pool_gather_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return pool_small_shape(n, &n->in[0]->shape, y, sink) &&
           pool_check_index(n, &y->shape, sink);
}

typedef struct Work {
    const double *x, *i;
    double *y;
} Work;

static void visit(void *context, int64_t small, int64_t large, int position)
{
    Work *w = context;
    if ((int)w->i[small] == position)
        w->y[small] = w->x[large];
}

static void max_pool_gather_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    PoolGeometry g = pool_geometry(n, &n->in[0]->shape);
    Work work = { in[0]->at, n->n_in > 1 ? in[1]->at : NULL, y->at };
    pool_visit(&g, &work, visit);
}

static void max_pool_gather_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                                 const bool *need)
{
    const Shape *x = &n->in[0]->shape;
    Node *in[] = { dy, n->in[1] };
    if (need[0])
        dx[0] = pool_build(g, &op_max_unpool, n, 2, in, x->dim[x->rank - 3],
                           x->dim[x->rank - 2]);
}

static Expr *max_pool_gather_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    PoolGeometry g = pool_geometry(n, &n->in[0]->shape);
    Expr *from[SHAPE_MAX_RANK];
    Expr *index = lower_value(w, n->in[1], at), *value = expr_f32(k, 0);
    for (int64_t p = 0; p < g.kh * g.kw; p++) {
        pool_window(w, &g, n->shape.rank, at, expr_i32(k, p / g.kw),
                    expr_i32(k, p % g.kw), from);
        Expr *mine = expr_binary(k, BIN_EQ, index, expr_i32(k, p));
        value = expr_select(k, mine, lower_value(w, n->in[0], from), value);
    }
    return value;
}

const Op op_max_pool_gather = {
    .code = OP_max_pool_gather,
    .name = "max_pool_gather",
    .summary = "takes the number at each window's index: the transpose of max_unpool",
    .result = "[..,oh,ow,c]",
    .equation = "y[i,j,c] = x[i sh + a, j sw + b, c] with a kw + b = index[i,j,c]",
    .reference = "",
    .flags = 0,
    .operand = { { "x", "[..,h,w,c]", "images", DOMAIN_REAL },
                 { "index", "[..,oh,ow,c]", "position in the window", DOMAIN_LABEL } },
    .attr = { POOL_ATTRS },
    .shape = max_pool_gather_shape,
    .eval = max_pool_gather_eval,
    .batch = pool_batch,
    .grad = max_pool_gather_grad,
    .element = max_pool_gather_element,
    .cost = pool_cost,
    .constraint = {
        { "C1", "windows fit in the image",
          "max_pool_gather [[[1], [5]], [[3], [4]]], index(4) [[[1]]] {size_h=3, "
          "size_w=2, stride_h=2, stride_w=2}", DIAG_PATTERN },
        { "C2", "x is f32",
          "max_pool_gather i32 [[[1], [5]], [[3], [4]]], index(4) [[[1]]] " POOL_2
          "}", DIAG_DTYPE },
        { "C3", "index has an integer for each window",
          "max_pool_gather [[[1], [5]], [[3], [4]]], [[[1]]] " POOL_2 "}",
          DIAG_PATTERN },
    },
    .example = {
        { "take",
          "max_pool_gather [[[1], [5]], [[3], [4]]], index(4) [[[1]]] " POOL_2 "}",
          "[[[5]]]" },
        { "the last",
          "max_pool_gather [[[1], [5]], [[3], [4]]], index(4) [[[3]]] " POOL_2 "}",
          "[[[4]]]" },
    },
};
