/* conv2d_input - gradient of conv2d for its images. */
#include "ops/conv.h"

static bool conv2d_input_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Shape *dy = &n->in[0]->shape, *k = &n->in[1]->shape;
    if (!conv_check_attrs(n, sink)) /* C1 C2 */
        return false;
    if (dy->rank < 3 || k->rank != 4 || dy->dim[dy->rank - 1] != k->dim[3]) /* C3 */
        return diag_error(
            sink, n->span, DIAG_PATTERN,
            "`conv2d_input` takes [oh, ow, f] and filters [kh, kw, c, f]");
    if (k->dim[3] % attr_int(n, "groups") != 0) /* C3 */
        return diag_error(sink, n->span, DIAG_PATTERN,
                          "the filters of `conv2d_input` do not divide into groups");
    *y = (NodeType){ DTYPE_F32, *dy, 0 };
    y->shape.dim[dy->rank - 3] = attr_int(n, "h");
    y->shape.dim[dy->rank - 2] = attr_int(n, "w");
    y->shape.dim[dy->rank - 1] = k->dim[2] * attr_int(n, "groups");
    const Shape *x = &y->shape;
    return conv_check_extents(n, x, k->dim[0], k->dim[1], dy, sink); /* C4 */
}

typedef struct Work {
    const double *a, *b;
    double *y;
} Work;

static void visit(void *context, int64_t y, int64_t x, int64_t k)
{
    Work *w = context;
    w->y[x] += w->a[y] * w->b[k];
}

static void conv2d_input_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    ConvGeometry g = conv_geometry(n);
    Work work = { in[0]->at, in[1]->at, y->at };
    conv_visit(&g, &work, visit);
}

static void conv2d_input_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                              const bool *need)
{
    const Shape *k = &n->in[1]->shape;
    if (need[0])
        dx[0] = conv_build(g, &op_conv2d, n, dy, n->in[1], 0, 0);
    if (need[1])
        dx[1] = conv_build(g, &op_conv2d_filter, n, dy, n->in[0], k->dim[0], k->dim[1]);
}

/* Gather form: for each tap the output, if any, that the pixel fed. */
static void conv2d_input_nest(Lowering *w, const Node *n)
{
    Kernel *k = w->kernel;
    ConvGeometry g = conv_geometry(n);
    int rank = n->shape.rank;
    Expr *at[SHAPE_MAX_RANK], *from[SHAPE_MAX_RANK];
    int64_t fg = g.f / g.groups;
    for (int i = 0; i < rank; i++)
        at[i] = from[i] = loop_begin(k, "i", n->shape.dim[i]);
    Expr *c = at[rank - 1], *group = expr_div(k, c, expr_i32(k, g.cg));
    Var *acc = kernel_register(k, "acc", (LoopType){ DTYPE_F32, 1 }, expr_f32(k, 0));
    Expr *a = loop_begin(k, "a", g.kh), *b = loop_begin(k, "b", g.kw);
    Expr *row = conv_output_row(k, at[rank - 3], a, g.dh, g.top);
    Expr *column = conv_output_row(k, at[rank - 2], b, g.dw, g.left);
    if_begin(k, expr_binary(k, BIN_AND, conv_meets(k, row, g.sh, g.oh),
                            conv_meets(k, column, g.sw, g.ow)));
    Expr *f = loop_begin(k, "f", fg);
    from[rank - 3] = conv_output_index(k, row, g.sh, g.oh);
    from[rank - 2] = conv_output_index(k, column, g.sw, g.ow);
    from[rank - 1] = expr_add(k, expr_mul(k, group, expr_i32(k, fg)), f);
    Expr *tap[] = { a, b, expr_mod(k, c, expr_i32(k, g.cg)), from[rank - 1] };
    kernel_assign(k, acc,
                  lower_madd(w, lower_value(w, n->in[0], from),
                             lower_value(w, n->in[1], tap), expr_var(k, acc)));
    loop_end(k);
    if_end(k);
    loop_end(k);
    loop_end(k);
    lower_finish(w, n, at, NULL, 1, expr_var(k, acc));
    for (int i = 0; i < rank; i++)
        loop_end(k);
}

const Op op_conv2d_input = {
    .code = OP_conv2d_input,
    .name = "conv2d_input",
    .summary = "gradient of conv2d for its images",
    .result = "[..,h,w,c]",
    .equation = "dx[n,r,s,c] = sum_(i,j,a,b,f that meet r,s) dy[n,i,j,f] k[a,b,c,f]",
    .reference = "Dumoulin and Visin 2016, A guide to convolution arithmetic",
    .flags = OP_CONTRACTION,
    .operand = { { "dy", "[..,oh,ow,f]", "gradient of the result", DOMAIN_REAL },
                 { "k", "[kh,kw,c/groups,f]", "filters", DOMAIN_REAL } },
    .attr = { CONV_ATTRS,
              { "h", ATTR_INT, "rows of x" }, { "w", ATTR_INT, "columns of x" } },
    .shape = conv2d_input_shape,
    .eval = conv2d_input_eval,
    .batch = conv_batch,
    .grad = conv2d_input_grad,
    .nest = conv2d_input_nest,
    .cost = conv_cost,
    .constraint = {
        { "C1", "strides, dilations and groups are positive",
          "conv2d_input [[[3]]], " CONV_ONES " {stride_h=0}", DIAG_ATTRIBUTE },
        { "C2", "operands are f32",
          "conv2d_input i32 [[[3]]], " CONV_ONES CONV_PLAIN ", h=2, w=2}",
          DIAG_DTYPE },
        { "C3", "features agree",
          "conv2d_input [[[1, 2]]], " CONV_ONES CONV_PLAIN ", h=2, w=2}",
          DIAG_PATTERN },
        { "C4", "the extents are those of a convolution",
          "conv2d_input [[[1]]], " CONV_ONES CONV_PLAIN ", h=3, w=2}", DIAG_PATTERN },
    },
    .example = {
        { "spread", "conv2d_input [[[3]]], " CONV_ONES CONV_PLAIN ", h=2, w=2}",
          "[[[3], [3]], [[3], [3]]]" },
    },
};
