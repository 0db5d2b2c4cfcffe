/* conv.c - see conv.h. */
#include "ops/conv.h"

#include <string.h>

int64_t conv_extent(int64_t in, int64_t before, int64_t after, int64_t kernel,
                    int64_t stride, int64_t dilation)
{
    int64_t span = in + before + after - (kernel - 1) * dilation - 1;
    return span < 0 ? 0 : span / stride + 1;
}

static int64_t leading(const Shape *s)
{
    int64_t n = 1;
    for (int i = 0; i < s->rank - 3; i++)
        n *= s->dim[i];
    return n;
}

ConvGeometry conv_geometry(const Node *n)
{
    ConvGeometry g = { .sh = attr_int(n, "stride_h"),
                       .sw = attr_int(n, "stride_w"),
                       .top = attr_int(n, "pad_top"),
                       .left = attr_int(n, "pad_left"),
                       .dh = attr_int(n, "dilation_h"),
                       .dw = attr_int(n, "dilation_w"),
                       .groups = attr_int(n, "groups") };
    const Shape *x = n->op == &op_conv2d_input ? &n->shape : &n->in[0]->shape;
    const Shape *y = n->op == &op_conv2d          ? &n->shape
                     : n->op == &op_conv2d_filter ? &n->in[1]->shape
                                                  : &n->in[0]->shape;
    const Shape *k = n->op == &op_conv2d_filter ? &n->shape : &n->in[1]->shape;
    g.n = leading(x);
    g.h = x->dim[x->rank - 3];
    g.w = x->dim[x->rank - 2];
    g.c = x->dim[x->rank - 1];
    g.oh = y->dim[y->rank - 3];
    g.ow = y->dim[y->rank - 2];
    g.f = y->dim[y->rank - 1];
    g.kh = k->dim[0];
    g.kw = k->dim[1];
    g.cg = k->dim[2];
    return g;
}

bool conv_is_quantized(const Node *n)
{
    return n->in[0]->dtype == DTYPE_I8 || n->in[0]->dtype == DTYPE_U8;
}

bool conv_check_attrs(const Node *n, DiagSink *sink)
{
    bool fine = attr_int(n, "groups") > 0;
    static const char *const positive[] = { "stride_h", "stride_w", "dilation_h",
                                            "dilation_w" };
    static const char *const natural[] = { "pad_top", "pad_bottom", "pad_left",
                                           "pad_right" };
    for (int i = 0; i < 4; i++)
        fine = fine && attr_int(n, positive[i]) > 0 && attr_int(n, natural[i]) >= 0;
    if (!fine) /* C1 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "%s needs positive strides, dilations and groups",
                          n->op->name);
    bool quantized = n->op == &op_conv2d && conv_is_quantized(n);
    for (int i = quantized ? 1 : 0; i < n->n_in; i++)
        if (n->in[i]->dtype != (quantized ? DTYPE_I8 : DTYPE_F32)) /* C2 */
            return diag_error(sink, n->span, DIAG_DTYPE, "%s takes f32, found %s",
                              n->op->name, dtype_name(n->in[i]->dtype));
    return true;
}

bool conv_check_extents(const Node *n, const Shape *x, int64_t kh, int64_t kw,
                        const Shape *y, DiagSink *sink)
{
    int r = x->rank;
    bool fits = kh > 0 && kw > 0 && x->dim[r - 3] > 0 && x->dim[r - 2] > 0;
    fits = fits && y->dim[r - 3] == conv_extent(x->dim[r - 3], attr_int(n, "pad_top"),
                                                attr_int(n, "pad_bottom"), kh,
                                                attr_int(n, "stride_h"),
                                                attr_int(n, "dilation_h"));
    fits = fits && y->dim[r - 2] == conv_extent(x->dim[r - 2], attr_int(n, "pad_left"),
                                                attr_int(n, "pad_right"), kw,
                                                attr_int(n, "stride_w"),
                                                attr_int(n, "dilation_w"));
    if (fits)
        return true;
    return diag_error(sink, n->span, DIAG_PATTERN,
                      "the extents of %s are not those of a convolution", n->op->name);
}

Node *conv_build(Graph *g, const Op *op, const Node *n, Node *a, Node *b,
                 int64_t extra_0, int64_t extra_1)
{
    Node *in[] = { a, b };
    AttrValue attrs[OP_MAX_ATTRS] = { 0 };
    memcpy(attrs, n->attr, CONV_N_ATTRS * sizeof *attrs);
    attrs[CONV_N_ATTRS].i = extra_0;
    attrs[CONV_N_ATTRS + 1].i = extra_1;
    return build_node(g, NULL, op, 2, in, attrs);
}

/* ---- batch ----------------------------------------------------------------------- */

/* Leading axes of images as one. */
static Node *fold(Graph *g, Node *x)
{
    int r = x->shape.rank;
    Shape s = { .rank = 4,
                .dim = { 1, x->shape.dim[r - 3], x->shape.dim[r - 2],
                         x->shape.dim[r - 1] } };
    for (int i = 0; i < r - 3; i++)
        s.dim[0] *= x->shape.dim[i];
    return build_reshape(g, x, s);
}

/* [b, .., h, w, c] -> [n, h, w, b c];  [b, kh, kw, c, f] -> [kh, kw, c, b f] */
static Node *samples_to_channels(Graph *g, Node *x, int64_t batch, bool is_filter)
{
    if (!is_filter) {
        x = fold(g, x);
        Shape s = { .rank = 5,
                    .dim = { batch, x->shape.dim[0] / batch, x->shape.dim[1],
                             x->shape.dim[2], x->shape.dim[3] } };
        x = build_reshape(g, x, s);
    }
    Node *y = build_transpose(g, x, (const int[]){ 1, 2, 3, 0, 4 });
    Shape s = { .rank = 4 };
    for (int i = 0; i < 3; i++)
        s.dim[i] = y->shape.dim[i];
    s.dim[3] = y->shape.dim[3] * y->shape.dim[4];
    return build_reshape(g, y, s);
}

/* The reverse, to a given shape [b, ..]. */
static Node *samples_to_front(Graph *g, Node *x, int64_t batch, Shape y)
{
    Shape s = { .rank = 5 };
    for (int i = 0; i < 3; i++)
        s.dim[i] = x->shape.dim[i];
    s.dim[3] = batch;
    s.dim[4] = x->shape.dim[3] / batch;
    Node *split = build_reshape(g, x, s);
    return build_reshape(g, build_transpose(g, split, (const int[]){ 3, 0, 1, 2, 4 }),
                         y);
}

static Node *conv_groups(Graph *g, const Node *n, Node *a, Node *b, int64_t groups)
{
    Node *in[] = { a, b };
    AttrValue attrs[OP_MAX_ATTRS] = { 0 };
    memcpy(attrs, n->attr,
           (size_t)(n->op == &op_conv2d ? CONV_N_ATTRS + 1 : CONV_N_ATTRS + 2) *
               sizeof *attrs);
    attrs[CONV_GROUPS].i = groups;
    return build_node(g, NULL, n->op, 2, in, attrs);
}

Node *conv_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    Shape y = shape_with_leading(&n->shape, batch);
    bool makes_filter = n->op == &op_conv2d_filter;
    int64_t groups = attr_int(n, "groups");
    if (!makes_filter && !n->in[1]->batched)
        return build_reshape(g, conv_groups(g, n, fold(g, in[0]), in[1], groups), y);
    Node *a = batch_operand(g, n, in, 0, batch), *b = batch_operand(g, n, in, 1, batch);
    Node *wide =
        conv_groups(g, n, samples_to_channels(g, a, batch, false),
                    samples_to_channels(g, b, batch, !makes_filter), batch * groups);
    return samples_to_front(g, wide, batch, y);
}

/* ---- eval ------------------------------------------------------------------------ */

void conv_visit(const ConvGeometry *g, void *context,
                void (*visit)(void *context, int64_t y, int64_t x, int64_t k))
{
    int64_t fg = g->f / g->groups;
    for (int64_t n = 0; n < g->n; n++)
        for (int64_t i = 0; i < g->oh; i++)
            for (int64_t j = 0; j < g->ow; j++)
                for (int64_t f = 0; f < g->f; f++)
                    for (int64_t a = 0; a < g->kh; a++)
                        for (int64_t b = 0; b < g->kw; b++)
                            for (int64_t c = 0; c < g->cg; c++) {
                                int64_t r = i * g->sh + a * g->dh - g->top;
                                int64_t s = j * g->sw + b * g->dw - g->left;
                                int64_t ch = f / fg * g->cg + c;
                                if (r < 0 || r >= g->h || s < 0 || s >= g->w)
                                    continue;
                                visit(context, ((n * g->oh + i) * g->ow + j) * g->f + f,
                                      ((n * g->h + r) * g->w + s) * g->c + ch,
                                      ((a * g->kw + b) * g->cg + c) * g->f + f);
                            }
}

Cost conv_cost(const Node *n)
{
    ConvGeometry g = conv_geometry(n);
    int64_t outputs = g.n * g.oh * g.ow * g.f, taps = g.kh * g.kw * g.cg;
    int64_t moved = outputs + g.n * g.h * g.w * g.c + taps * g.f;
    return (Cost){ 2 * outputs * taps, 4 * moved };
}

Expr *conv_source_row(Kernel *k, Expr *i, Expr *a, int64_t stride, int64_t dilation,
                      int64_t before)
{
    Expr *row = expr_add(k, expr_mul(k, i, expr_i32(k, stride)),
                         expr_mul(k, a, expr_i32(k, dilation)));
    return expr_sub(k, row, expr_i32(k, before));
}

Expr *conv_inside(Kernel *k, Expr *row, int64_t extent)
{
    return expr_binary(k, BIN_AND, expr_binary(k, BIN_GE, row, expr_i32(k, 0)),
                       expr_binary(k, BIN_LT, row, expr_i32(k, extent)));
}

Expr *conv_clamp(Kernel *k, Expr *row, int64_t extent)
{
    Expr *low = expr_binary(k, BIN_MAX, row, expr_i32(k, 0));
    return expr_binary(k, BIN_MIN, low, expr_i32(k, extent - 1));
}

Expr *conv_output_row(Kernel *k, Expr *r, Expr *a, int64_t dilation, int64_t before)
{
    return expr_sub(k, expr_add(k, r, expr_i32(k, before)),
                    expr_mul(k, a, expr_i32(k, dilation)));
}

Expr *conv_meets(Kernel *k, Expr *row, int64_t stride, int64_t extent)
{
    Expr *inside = conv_inside(k, row, stride * (extent - 1) + 1);
    Expr *whole =
        expr_mod(k, conv_clamp(k, row, stride * (extent - 1) + 1), expr_i32(k, stride));
    return expr_binary(k, BIN_AND, inside,
                       expr_binary(k, BIN_EQ, whole, expr_i32(k, 0)));
}

Expr *conv_output_index(Kernel *k, Expr *row, int64_t stride, int64_t extent)
{
    return expr_div(k, conv_clamp(k, row, stride * (extent - 1) + 1),
                    expr_i32(k, stride));
}
