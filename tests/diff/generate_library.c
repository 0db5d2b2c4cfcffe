/* generate_library.c - layers as the library builds them: attention of several heads,
 * embeddings of what is largest, running sums, windows, grouped convolutions, pools
 * over the edge. */
#include "generate_inside.h"
#include "graph/op.h"

static int64_t below(Generator *r, int64_t n)
{
    return generate_below(r, n);
}

static Node *axis_op(Generator *r, const Op *op, Node *x, int64_t axis)
{
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = axis } };
    return build_node(r->g, NULL, op, 1, &x, attrs);
}

static Node *as_rows(Generator *r, Node *x)
{
    int64_t t = x->shape.dim[0];
    return build_reshape(r->g, x, shape_2(t, shape_count(&x->shape) / t));
}

/* [t, n] to q, k, v of heads [h, t, e], and back to [t, h e]; causal at times. */
static Node *attention(Generator *r, Node *x)
{
    Graph *g = r->g;
    x = as_rows(r, x);
    int64_t t = x->shape.dim[0], n = x->shape.dim[1], h = 1 + below(r, 3),
            e = 1 + below(r, 6);
    Node *w = generate_scaled(r, generate_param(r, "qkv", shape_2(n, 3 * h * e)), n);
    Node *y = build_dot(g, x, w, false, false);
    y = build_reshape(g, y, (Shape){ .rank = 4, .dim = { t, 3, h, e } });
    y = build_transpose(g, y, (int[]){ 1, 2, 0, 3 });
    Node *part[3];
    for (int64_t i = 0; i < 3; i++) {
        int64_t start[4] = { i }, stop[4] = { i + 1, h, t, e },
                step[4] = { 1, 1, 1, 1 };
        part[i] = build_reshape(g, build_slice(g, y, start, stop, step),
                                (Shape){ .rank = 3, .dim = { h, t, e } });
    }
    Node *a = build_scale(g, build_dot(g, part[0], part[1], false, true), 0.5);
    if (below(r, 2)) {
        Node *row = build_iota(g, DTYPE_I32, shape_2(t, t), 0, t);
        Node *column = build_iota(g, DTYPE_I32, shape_2(t, t), 1, t);
        a = build_select(g, build_le(g, column, row), a, build_scalar(g, -1e30));
    }
    y = build_dot(g, generate_softmax(r, a), part[2], false, false);
    y = build_transpose(g, y, (int[]){ 1, 0, 2 });
    return build_reshape(g, y, shape_2(t, h * e));
}

/* A row of a table for each row of x: the one its largest element names. */
static Node *embedding(Generator *r, Node *x)
{
    Graph *g = r->g;
    x = as_rows(r, x);
    int64_t n = x->shape.dim[1];
    Node *table = generate_param(r, "table", shape_2(n, generate_extent(r)));
    Node *y = build_gather(g, table, build_unary(g, &op_argmax, x));
    Node *gate = build_reduce(g, &op_reduce_max, x, 1, (int[]){ 1 });
    gate = build_reshape(g, gate, shape_2(x->shape.dim[0], 1));
    return build_mul(g, y, build_sigmoid(g, gate));
}

/* Rows of x itself, chosen by what is largest in them. */
static Node *lookup(Generator *r, Node *x)
{
    Graph *g = r->g;
    x = as_rows(r, x);
    int64_t t = x->shape.dim[0];
    Node *columns = x->shape.dim[1] <= t
                        ? build_unary(g, &op_argmax, x)
                        : build_unary(g, &op_argmax, build_transpose_last(g, x));
    if (columns->bound > t)
        return build_tanh(g, x);
    return build_gather(g, x, columns);
}

static Node *running_sum(Generator *r, Node *x)
{
    int64_t axis = below(r, x->shape.rank);
    Node *y = axis_op(r, &op_cumsum, build_tanh(r->g, x), axis);
    y = below(r, 2) ? axis_op(r, &op_reverse, y, axis) : y;
    return build_scale(r->g, y, 0.25);
}

/* Rows i hop + j of x, one after another: windows that overlap. */
static Node *windows(Generator *r, Node *x)
{
    Graph *g = r->g;
    int64_t n = x->shape.dim[0], size = 1 + below(r, n), hop = 1 + below(r, 2);
    Shape at = shape_2((n - size) / hop + 1, size);
    if (shape_count(&at) * shape_count(&x->shape) / n > 4096)
        return build_tanh(g, x);
    Tensor *by = tensor_new(r->arena, DTYPE_I32, (Shape){ 0 });
    by->at[0] = (double)hop;
    Node *first =
        build_mul(g, build_iota(g, DTYPE_I32, at, 0, 0), build_constant(g, by));
    Node *index = build_add(g, first, build_iota(g, DTYPE_I32, at, 1, 0));
    Node *y = build_gather(g, x, index);
    return as_rows(r, y);
}

/* Holes between taps, groups of channels, all zeros before: a causal convolution. */
static Node *causal_conv(Generator *r, Node *x)
{
    Graph *g = r->g;
    x = as_rows(r, x);
    int64_t t = x->shape.dim[0], c = x->shape.dim[1], groups = c % 2 ? 1 : 2;
    int64_t kernel = 1 + below(r, 3), dilation = 1 + below(r, 3), f = groups * 4;
    Shape k = { .rank = 4, .dim = { 1, kernel, c / groups, f } };
    Node *in[2] = { build_reshape(g, x, (Shape){ .rank = 3, .dim = { 1, t, c } }),
                    generate_scaled(r, generate_param(r, "k", k), kernel * c) };
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = 1 },
                                      { .i = 1 },
                                      { .i = 0 },
                                      { .i = 0 },
                                      { .i = (kernel - 1) * dilation },
                                      { .i = 0 },
                                      { .i = 1 },
                                      { .i = dilation },
                                      { .i = groups } };
    Node *y = build_node(g, NULL, &op_conv2d, 2, in, attrs);
    return build_reshape(g, y, shape_2(t, f));
}

/* A pool whose windows reach over the edge: what is outside never wins. */
static Node *edge_pool(Generator *r, Node *x)
{
    Graph *g = r->g;
    x = as_rows(r, x);
    int64_t t = x->shape.dim[0], c = x->shape.dim[1], size = 2 + below(r, 2);
    const int64_t before[3] = { 0, 1, 0 }, after[3] = { 0, size - 1, 0 },
                  none[3] = { 0 };
    Shape s = { .rank = 3, .dim = { 1, t, c } };
    Node *wide = build_pad(g, build_reshape(g, x, s), before, after, none);
    Node *inside = build_pad(g, build_full(g, 1, s), before, after, none);
    wide = build_select(g, build_gt(g, inside, build_scalar(g, 0)), wide,
                        build_scalar(g, -3e38));
    AttrValue attrs[OP_MAX_ATTRS] = {
        { .i = 1 }, { .i = size }, { .i = 1 }, { .i = 2 }
    };
    Node *y = build_node(g, NULL, &op_max_pool, 1, &wide, attrs);
    return build_reshape(g, y, shape_2(y->shape.dim[1], c));
}

Node *generate_library_layer(Generator *r, Node *x)
{
    static Node *(*const kind[])(Generator *, Node *) = {
        attention, embedding, lookup, running_sum, windows, causal_conv, edge_pool
    };
    return kind[below(r, (int64_t)(sizeof kind / sizeof *kind))](r, x);
}
