/* conv2d - convolution of images, channels last. Of i8, or of u8 by i8: sums of (x -
 * x_zero) k in i32, where images end in x_zero. */
#include "ops/conv.h"

static bool conv2d_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Shape *x = &n->in[0]->shape, *k = &n->in[1]->shape;
    if (!conv_check_attrs(n, sink)) /* C1 C2 */
        return false;
    int64_t groups = attr_int(n, "groups");
    if (x->rank < 3 || k->rank != 4 || x->dim[x->rank - 1] != k->dim[2] * groups ||
        k->dim[3] % groups != 0) /* C3 */
        return diag_error(sink, n->span, DIAG_PATTERN,
                          "`conv2d` takes images [h, w, c] and filters [kh, kw, c, f]");
    if (n->in[0]->dtype == DTYPE_F32 && attr_int(n, "x_zero") != 0) /* C5 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "`x_zero` of `conv2d` belongs to i8");
    *y = (NodeType){ conv_is_quantized(n) ? DTYPE_I32 : DTYPE_F32, *x, 0 };
    y->shape.dim[x->rank - 3] = conv_extent(
        x->dim[x->rank - 3], attr_int(n, "pad_top"), attr_int(n, "pad_bottom"),
        k->dim[0], attr_int(n, "stride_h"), attr_int(n, "dilation_h"));
    y->shape.dim[x->rank - 2] = conv_extent(
        x->dim[x->rank - 2], attr_int(n, "pad_left"), attr_int(n, "pad_right"),
        k->dim[1], attr_int(n, "stride_w"), attr_int(n, "dilation_w"));
    y->shape.dim[x->rank - 1] = k->dim[3];
    if (y->shape.dim[x->rank - 3] < 1 || y->shape.dim[x->rank - 2] < 1) /* C4 */
        return diag_error(sink, n->span, DIAG_PATTERN,
                          "the kernel of `conv2d` does not fit in the image");
    return true;
}

typedef struct Work {
    const double *a, *b;
    double *y, zero;
} Work;

static void visit(void *context, int64_t y, int64_t x, int64_t k)
{
    Work *w = context;
    w->y[y] += (w->a[x] - w->zero) * w->b[k];
}

static void conv2d_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    ConvGeometry g = conv_geometry(n);
    Work work = { in[0]->at, in[1]->at, y->at, (double)attr_int(n, "x_zero") };
    conv_visit(&g, &work, visit);
}

static void conv2d_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    int64_t h = n->in[0]->shape.dim[n->in[0]->shape.rank - 3];
    int64_t w = n->in[0]->shape.dim[n->in[0]->shape.rank - 2];
    const Shape *k = &n->in[1]->shape;
    if (need[0])
        dx[0] = conv_build(g, &op_conv2d_input, n, dy, n->in[1], h, w);
    if (need[1])
        dx[1] = conv_build(g, &op_conv2d_filter, n, n->in[0], dy, k->dim[0], k->dim[1]);
}

/* Plain loops; kernels/ has the fast ones. */
static void conv2d_nest(Lowering *w, const Node *n)
{
    Kernel *k = w->kernel;
    ConvGeometry g = conv_geometry(n);
    int rank = n->shape.rank;
    Expr *at[SHAPE_MAX_RANK], *from[SHAPE_MAX_RANK];
    for (int i = 0; i < rank; i++)
        at[i] = from[i] = loop_begin(k, "i", n->shape.dim[i]);
    Expr *f = at[rank - 1];
    Expr *zero = element_zero(k, n->dtype);
    Var *acc = kernel_register(k, "acc", zero->type, zero);
    Expr *a = loop_begin(k, "a", g.kh), *b = loop_begin(k, "b", g.kw);
    Expr *r = conv_source_row(k, at[rank - 3], a, g.sh, g.dh, g.top);
    Expr *s = conv_source_row(k, at[rank - 2], b, g.sw, g.dw, g.left);
    Expr *inside =
        expr_binary(k, BIN_AND, conv_inside(k, r, g.h), conv_inside(k, s, g.w));
    bool guarded = inside->kind != EXPR_INT; /* else without padding: always */
    if (guarded)
        if_begin(k, inside);
    Expr *c = loop_begin(k, "c", g.cg);
    Expr *group = expr_div(k, f, expr_i32(k, g.f / g.groups));
    from[rank - 3] = conv_clamp(k, r, g.h);
    from[rank - 2] = conv_clamp(k, s, g.w);
    from[rank - 1] = expr_add(k, expr_mul(k, group, expr_i32(k, g.cg)), c);
    Expr *tap[] = { a, b, c, f };
    Expr *x = lower_value(w, n->in[0], from);
    if (attr_int(n, "x_zero") != 0)
        x = expr_sub(k, x, expr_i32(k, attr_int(n, "x_zero")));
    kernel_assign(k, acc,
                  lower_madd(w, x, lower_value(w, n->in[1], tap), expr_var(k, acc)));
    loop_end(k);
    if (guarded)
        if_end(k);
    loop_end(k);
    loop_end(k);
    lower_finish(w, n, at, NULL, 1, expr_var(k, acc));
    for (int i = 0; i < rank; i++)
        loop_end(k);
}

const Op op_conv2d = {
    .code = OP_conv2d,
    .name = "conv2d",
    .summary = "convolution of images, channels last",
    .result = "[..,oh,ow,f]",
    .equation = "y[n,i,j,f] = sum_abc x[n, i sh + a dh - top, j sw + b dw - left, c] "
                 "k[a,b,c,f]",
    .reference = "Dumoulin and Visin 2016, A guide to convolution arithmetic",
    .flags = OP_CONTRACTION,
    .operand = { { "x", "[..,h,w,c]", "images", DOMAIN_REAL },
                 { "k", "[kh,kw,c/groups,f]", "filters", DOMAIN_REAL } },
    .attr = { CONV_ATTRS, { "x_zero", ATTR_INT, "zero point of x, when it is i8 or u8" } },
    .shape = conv2d_shape,
    .eval = conv2d_eval,
    .batch = conv_batch,
    .grad = conv2d_grad,
    .nest = conv2d_nest,
    .cost = conv_cost,
    .constraint = {
        { "C1", "strides, dilations and groups are positive",
          "conv2d " CONV_IMAGE ", " CONV_ONES " {stride_h=0}", DIAG_ATTRIBUTE },
        { "C2", "operands are f32, or both i8",
          "conv2d i32 " CONV_IMAGE ", " CONV_ONES CONV_PLAIN "}", DIAG_DTYPE },
        { "C3", "channels agree", "conv2d [[[1, 2]]], " CONV_ONES CONV_PLAIN "}",
          DIAG_PATTERN },
        { "C4", "the kernel fits", "conv2d [[[1]]], " CONV_ONES CONV_PLAIN "}",
          DIAG_PATTERN },
        { "C5", "f32 has no zero point",
          "conv2d " CONV_IMAGE ", " CONV_ONES CONV_PLAIN ", x_zero=1}",
          DIAG_ATTRIBUTE },
    },
    .example = {
        { "window", "conv2d " CONV_IMAGE ", " CONV_ONES CONV_PLAIN "}", "[[[10]]]" },
        { "strides and zeros around",
          "conv2d " CONV_IMAGE ", [[[[1]]]] {stride_h=2, stride_w=2, pad_top=0, "
          "pad_bottom=1, pad_left=1, pad_right=0, dilation_h=1, dilation_w=1, "
          "groups=1}", "[[[0], [2]], [[0], [0]]]" },
        { "a group for each channel",
          "conv2d [[[2, 3]]], [[[[5, 7]]]] {stride_h=1, stride_w=1, pad_top=0, "
          "pad_bottom=0, pad_left=0, pad_right=0, dilation_h=1, dilation_w=1, "
          "groups=2}", "[[[10, 21]]]" },
        { "quantized: zeros around are x_zero",
          "conv2d i8 [[[3], [5]]], i8 [[[[2]], [[1]]]] {stride_h=1, stride_w=1, "
          "pad_top=0, pad_bottom=0, pad_left=0, pad_right=1, dilation_h=1, "
          "dilation_w=1, groups=1, x_zero=1}", "i32 [[[8], [8]]]" },
    },
};
