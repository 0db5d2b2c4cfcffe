/* conv2d_filter - gradient of conv2d for its filters. */
#include "ops/conv.h"

static bool conv2d_filter_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Shape *x = &n->in[0]->shape, *dy = &n->in[1]->shape;
    if (!conv_check_attrs(n, sink)) /* C1 C2 */
        return false;
    int64_t groups = attr_int(n, "groups");
    if (x->rank < 3 || dy->rank != x->rank || x->dim[x->rank - 1] % groups != 0 ||
        dy->dim[dy->rank - 1] % groups != 0) /* C3 */
        return diag_error(sink, n->span, DIAG_PATTERN,
                          "`conv2d_filter` takes [h, w, c] and [oh, ow, f]");
    *y = (NodeType){ DTYPE_F32, { .rank = 4 }, 0 };
    y->shape.dim[0] = attr_int(n, "kh");
    y->shape.dim[1] = attr_int(n, "kw");
    y->shape.dim[2] = x->dim[x->rank - 1] / groups;
    y->shape.dim[3] = dy->dim[dy->rank - 1];
    for (int i = 0; i < x->rank - 3; i++)
        if (x->dim[i] != dy->dim[i]) /* C4 */
            return diag_error(sink, n->span, DIAG_PATTERN,
                              "`conv2d_filter` takes as many images as gradients");
    return conv_check_extents(n, x, y->shape.dim[0], y->shape.dim[1], dy,
                              sink); /* C4 */
}

typedef struct Work {
    const double *a, *b;
    double *y;
} Work;

static void visit(void *context, int64_t y, int64_t x, int64_t k)
{
    Work *w = context;
    w->y[k] += w->a[x] * w->b[y];
}

static void conv2d_filter_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    ConvGeometry g = conv_geometry(n);
    Work work = { in[0]->at, in[1]->at, y->at };
    conv_visit(&g, &work, visit);
}

static void conv2d_filter_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                               const bool *need)
{
    int64_t h = n->in[0]->shape.dim[n->in[0]->shape.rank - 3];
    int64_t w = n->in[0]->shape.dim[n->in[0]->shape.rank - 2];
    if (need[0])
        dx[0] = conv_build(g, &op_conv2d_input, n, n->in[1], dy, h, w);
    if (need[1])
        dx[1] = conv_build(g, &op_conv2d, n, n->in[0], dy, 0, 0);
}

/* Plain loops; kernels/ has the fast ones. */
static void conv2d_filter_nest(Lowering *w, const Node *n)
{
    Kernel *k = w->kernel;
    ConvGeometry g = conv_geometry(n);
    int rank = n->in[0]->shape.rank;
    Expr *at[4], *x[SHAPE_MAX_RANK], *y[SHAPE_MAX_RANK];
    for (int i = 0; i < 4; i++)
        at[i] = loop_begin(k, "i", n->shape.dim[i]);
    Var *acc = kernel_register(k, "acc", (LoopType){ DTYPE_F32, 1 }, expr_f32(k, 0));
    for (int i = 0; i < rank - 1; i++)
        x[i] = y[i] = loop_begin(k, "j", n->in[1]->shape.dim[i]);
    Expr *r = conv_source_row(k, y[rank - 3], at[0], g.sh, g.dh, g.top);
    Expr *s = conv_source_row(k, y[rank - 2], at[1], g.sw, g.dw, g.left);
    Expr *group = expr_div(k, at[3], expr_i32(k, g.f / g.groups));
    x[rank - 3] = conv_clamp(k, r, g.h);
    x[rank - 2] = conv_clamp(k, s, g.w);
    x[rank - 1] = expr_add(k, expr_mul(k, group, expr_i32(k, g.cg)), at[2]);
    y[rank - 1] = at[3];
    if_begin(k,
             expr_binary(k, BIN_AND, conv_inside(k, r, g.h), conv_inside(k, s, g.w)));
    kernel_assign(k, acc,
                  lower_madd(w, lower_value(w, n->in[0], x),
                             lower_value(w, n->in[1], y), expr_var(k, acc)));
    if_end(k);
    for (int i = 0; i < rank - 1; i++)
        loop_end(k);
    lower_finish(w, n, at, NULL, 1, expr_var(k, acc));
    for (int i = 0; i < 4; i++)
        loop_end(k);
}

const Op op_conv2d_filter = {
    .code = OP_conv2d_filter,
    .name = "conv2d_filter",
    .summary = "gradient of conv2d for its filters",
    .result = "[kh,kw,c/groups,f]",
    .equation = "dk[a,b,c,f] = sum_nij x[n, i sh + a dh - top, j sw + b dw - left, c] "
                 "dy[n,i,j,f]",
    .reference = "Dumoulin and Visin 2016, A guide to convolution arithmetic",
    .flags = OP_CONTRACTION,
    .operand = { { "x", "[..,h,w,c]", "images", DOMAIN_REAL },
                 { "dy", "[..,oh,ow,f]", "gradient of the result", DOMAIN_REAL } },
    .attr = { CONV_ATTRS,
              { "kh", ATTR_INT, "rows of k" },
              { "kw", ATTR_INT, "columns of k" } },
    .shape = conv2d_filter_shape,
    .eval = conv2d_filter_eval,
    .batch = conv_batch,
    .grad = conv2d_filter_grad,
    .nest = conv2d_filter_nest,
    .cost = conv_cost,
    .constraint = {
        { "C1", "strides, dilations and groups are positive",
          "conv2d_filter " CONV_IMAGE ", [[[1]]] {stride_h=0}", DIAG_ATTRIBUTE },
        { "C2", "operands are f32",
          "conv2d_filter i32 " CONV_IMAGE ", [[[1]]] " CONV_PLAIN ", kh=2, kw=2}",
          DIAG_DTYPE },
        { "C3", "operands have one rank",
          "conv2d_filter " CONV_IMAGE ", [[1]] " CONV_PLAIN ", kh=2, kw=2}",
          DIAG_PATTERN },
        { "C4", "the extents are those of a convolution",
          "conv2d_filter " CONV_IMAGE ", [[[1]]] " CONV_PLAIN ", kh=1, kw=2}",
          DIAG_PATTERN },
    },
    .example = {
        { "correlation",
          "conv2d_filter " CONV_IMAGE ", [[[2]]] " CONV_PLAIN ", kh=2, kw=2}",
          "[[[[2]], [[4]]], [[[6]], [[8]]]]" },
    },
};
