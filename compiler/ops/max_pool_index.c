/* max_pool_index - position in each window of its first largest value. */
#include "ops/pool.h"

static bool max_pool_index_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!pool_small_shape(n, &n->in[0]->shape, y, sink))
        return false;
    y->bound = attr_int(n, "size_h") * attr_int(n, "size_w");
    y->dtype = dtype_of_index(y->bound);
    return true;
}

typedef struct Work {
    const double *x;
    double *most, *y;
} Work;

static void visit(void *context, int64_t small, int64_t large, int position)
{
    Work *w = context;
    if (position == 0 || w->x[large] > w->most[small]) {
        w->most[small] = w->x[large];
        w->y[small] = position;
    }
}

static void max_pool_index_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    PoolGeometry g = pool_geometry(n, &n->in[0]->shape);
    Arena *scratch = arena_create("max_pool_index");
    double *most = arena_array(scratch, double, shape_count(&n->shape));
    Work work = { in[0]->at, most, y->at };
    pool_visit(&g, &work, visit);
    arena_destroy(scratch);
}

static Expr *max_pool_index_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    PoolGeometry g = pool_geometry(n, &n->in[0]->shape);
    Expr *from[SHAPE_MAX_RANK];
    Expr *most = NULL, *index = expr_i32(k, 0);
    for (int64_t p = 0; p < g.kh * g.kw; p++) {
        pool_window(w, &g, n->shape.rank, at, expr_i32(k, p / g.kw),
                    expr_i32(k, p % g.kw), from);
        Expr *x = lower_value(w, n->in[0], from);
        if (most == NULL) {
            most = x;
            continue;
        }
        Expr *more = expr_binary(k, BIN_GT, x, most);
        index = expr_select(k, more, expr_i32(k, p), index);
        most = expr_binary(k, BIN_MAX, x, most);
    }
    return index;
}

const Op op_max_pool_index = {
    .code = OP_max_pool_index,
    .name = "max_pool_index",
    .summary = "position in each window of its first largest value",
    .result = "[..,oh,ow,c]",
    .equation = "y[i,j,c] = min { a kw + b : x[i sh + a, j sw + b, c] = max }",
    .reference = "",
    .flags = OP_NO_GRAD,
    .operand = { { "x", "[..,h,w,c]", "images", DOMAIN_OFF_ZERO } },
    .attr = { POOL_ATTRS },
    .shape = max_pool_index_shape,
    .eval = max_pool_index_eval,
    .batch = pool_batch,
    .element = max_pool_index_element,
    .cost = pool_cost,
    .constraint = {
        { "C1", "windows fit in the image",
          "max_pool_index [[[1], [5]], [[3], [4]]] {size_h=3, size_w=2, "
          "stride_h=2, stride_w=2}", DIAG_PATTERN },
        { "C2", "x is f32", "max_pool_index i32 [[[1], [5]], [[3], [4]]] " POOL_2 "}",
          DIAG_DTYPE },
    },
    .example = {
        { "window", "max_pool_index [[[1], [5]], [[3], [4]]] " POOL_2 "}",
          "index(4) [[[1]]]" },
        { "windows that overlap",
          "max_pool_index [[[2], [1], [3]]] {size_h=1, size_w=2, stride_h=1, "
          "stride_w=1}", "index(2) [[[0], [1]]]" },
    },
};
