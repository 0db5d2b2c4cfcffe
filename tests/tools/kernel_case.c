/* kernel_case.c - see kernel_case.h. */
#include "tools/kernel_case.h"

#include "graph/build.h"
#include "support/bug.h"

typedef struct CaseLowering {
    Lowering w; /* first: the callbacks cast back */
    const Node *node;
    const Buffer *operand[2], *result;
} CaseLowering;

static Expr *case_value(Lowering *w, const Node *n, Expr *const *at)
{
    const Buffer *b = lower_buffer(w, n);
    return expr_load(w->kernel, b, expr_linear(w->kernel, &n->shape, at), 1);
}

static const Buffer *case_buffer(Lowering *w, const Node *n)
{
    const CaseLowering *c = (const CaseLowering *)w;
    for (int i = 0; i < c->node->n_in; i++)
        if (c->node->in[i] == n)
            return c->operand[i];
    BUG("not an operand of the case");
}

/* Stores; the lanes of a vector follow from its first. */
static void case_finish(Lowering *w, const Node *n, Expr *const *at, const Var *lane,
                        int lanes, Expr *value)
{
    const CaseLowering *c = (const CaseLowering *)w;
    Kernel *k = w->kernel;
    Expr *index = expr_linear(k, &n->shape, at);
    int64_t coefficient = 1;
    Expr *first = index;
    if (lanes > 1 && (!expr_affine_in(k, index, lane, &coefficient, &first) ||
                      coefficient != 1 || value->type.lanes != lanes))
        BUG("lanes of a finished tile are not neighbours");
    kernel_store(k, c->result, first, value);
}

Kernel *case_kernel(Arena *a, const Node *n, const Target *t, const char *name)
{
    CaseLowering c = { .w = { .kernel = kernel_new(a, name),
                              .has_fma = t->has_fma,
                              .value = case_value,
                              .buffer = case_buffer,
                              .finish = case_finish },
                       .node = n };
    Kernel *k = c.w.kernel;
    for (int i = 0; i < 2; i++)
        c.operand[i] = kernel_buffer(k, i == 0 ? "a" : "b", DTYPE_F32,
                                     shape_count(&n->in[i]->shape), ACCESS_READ);
    c.result = kernel_buffer(k, "y", DTYPE_F32, shape_count(&n->shape), ACCESS_WRITE);
    return kernel_generate(&c.w, n, t) ? k : NULL;
}

/* ---- nodes ----------------------------------------------------------------------- */

static Node *input(Graph *g, const char *path, Shape shape)
{
    return build_input(g, INPUT_OPERAND, path, DTYPE_F32, shape, 0, false);
}

static Shape with_lead(int64_t lead, int64_t a, int64_t b)
{
    int64_t dim[3] = { lead, a, b };
    return lead ? shape_of(3, dim) : shape_2(a, b);
}

Node *case_dot(Arena *a, DotCase c)
{
    Graph *g = graph_new(a, "case");
    Node *x = input(g, "a",
                    with_lead(c.a_lead ? c.lead : 0, c.transpose_a ? c.k : c.m,
                              c.transpose_a ? c.m : c.k));
    Node *y = input(g, "b",
                    with_lead(c.b_lead ? c.lead : 0, c.transpose_b ? c.n : c.k,
                              c.transpose_b ? c.k : c.n));
    return build_dot(g, x, y, c.transpose_a, c.transpose_b);
}

static int64_t out_extent(int64_t in, int64_t before, int64_t after, int64_t taps,
                          int64_t dilation, int64_t stride)
{
    return (in + before + after - (taps - 1) * dilation - 1) / stride + 1;
}

/* A conv2d* node; extra: what the gradients restore, [h, w] or [kh, kw]. */
static Node *conv(Graph *g, const Op *op, Node *x, Node *y, ConvCase c, int64_t extra_0,
                  int64_t extra_1)
{
    Node *in[2] = { x, y };
    int64_t values[OP_MAX_ATTRS] = { c.stride_h, c.stride_w, c.pad[0],     c.pad[1],
                                     c.pad[2],   c.pad[3],   c.dilation_h, c.dilation_w,
                                     c.groups,   extra_0,    extra_1 };
    AttrValue attrs[OP_MAX_ATTRS];
    for (int i = 0; i < OP_MAX_ATTRS; i++)
        attrs[i].i = values[i];
    return build_node(g, NULL, op, 2, in, attrs);
}

/* n images, as no axis (rank 3), one or two (rank 5). */
static Shape shape_images(int rank, int64_t n, int64_t h, int64_t w, int64_t c)
{
    int64_t dim[5] = { 1, n, h, w, c };
    if (rank == 5 && n % 2 == 0) {
        dim[0] = n / 2;
        dim[1] = 2;
    }
    return shape_of(rank, dim + 5 - rank);
}

static Shape x_shape(ConvCase c)
{
    return shape_images(c.rank, c.images, c.h, c.w, c.c);
}

static Shape k_shape(ConvCase c)
{
    int64_t dim[4] = { c.kh, c.kw, c.c / c.groups, c.f };
    return shape_of(4, dim);
}

static Shape y_shape(ConvCase c)
{
    return shape_images(
        c.rank, c.images,
        out_extent(c.h, c.pad[0], c.pad[1], c.kh, c.dilation_h, c.stride_h),
        out_extent(c.w, c.pad[2], c.pad[3], c.kw, c.dilation_w, c.stride_w), c.f);
}

Node *case_conv2d(Arena *a, ConvCase c)
{
    Graph *g = graph_new(a, "case");
    return conv(g, &op_conv2d, input(g, "x", x_shape(c)), input(g, "k", k_shape(c)), c,
                0, 0);
}

Node *case_conv2d_input(Arena *a, ConvCase c)
{
    Graph *g = graph_new(a, "case");
    return conv(g, &op_conv2d_input, input(g, "dy", y_shape(c)),
                input(g, "k", k_shape(c)), c, c.h, c.w);
}

Node *case_conv2d_filter(Arena *a, ConvCase c)
{
    Graph *g = graph_new(a, "case");
    return conv(g, &op_conv2d_filter, input(g, "x", x_shape(c)),
                input(g, "dy", y_shape(c)), c, c.kh, c.kw);
}
