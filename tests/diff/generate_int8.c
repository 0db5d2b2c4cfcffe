/* generate_int8.c - see generate_int8.h. */
#include "generate_int8.h"
#include "generate.h"
#include "generate_inside.h"
#include "graph/op.h"
#include "interp/graph_interp.h"
#include "support/bug.h"

#include <math.h>

/* ---- weights --------------------------------------------------------------------- */

static double uniform(Generator *r)
{
    return (double)generate_below(r, 2000001) / 1000000 - 1;
}

/* Sums of k products of order 1, of channels whose magnitudes differ widely; some
 * channels have no weights at all, some one. */
static Node *weights(Generator *r, Shape shape, int64_t k)
{
    Tensor *t = tensor_new(r->arena, DTYPE_F32, shape);
    int64_t n = shape.dim[shape.rank - 1], count = shape_count(&shape);
    for (int64_t c = 0; c < n; c++) {
        int64_t kind = generate_below(r, 40);
        double scale = ldexp(1, 2 - (int)generate_below(r, 4)) / sqrt((double)k) *
                       (kind == 2 ? 256 : 1);
        for (int64_t i = c; i < count; i += n)
            if (kind > 1 || (kind == 1 && i == c))
                t->at[i] = dtype_round(DTYPE_F32, scale * uniform(r));
    }
    return build_constant(r->g, t);
}

static Node *with_bias(Generator *r, Node *y)
{
    int64_t n = y->shape.dim[y->shape.rank - 1];
    double scale = ldexp(1, (int)generate_below(r, 4) - 3);
    if (generate_below(r, 4) == 0)
        return y;
    Tensor *t = tensor_new(r->arena, DTYPE_F32, shape_1(n));
    for (int64_t i = 0; i < n; i++)
        t->at[i] = dtype_round(DTYPE_F32, scale * uniform(r));
    return build_add(r->g, y, build_constant(r->g, t));
}

/* ---- functions and clamps -------------------------------------------------------- */

static Node *scalar(Generator *r, double value)
{
    return build_scalar(r->g, dtype_round(DTYPE_F32, value));
}

static Node *clamp(Generator *r, Node *x)
{
    switch (generate_below(r, 4)) {
    case 0:
        return build_min(r->g, build_max(r->g, x, scalar(r, 0)), scalar(r, 6));
    case 1:
        return build_max(r->g, build_min(r->g, x, scalar(r, 0.5)), scalar(r, -0.25));
    default:
        return build_max(r->g, x, scalar(r, 0));
    }
}

static Node *function(Generator *r, Node *x)
{
    Graph *g = r->g;
    switch (generate_below(r, 5)) {
    case 0:
        return build_tanh(g, x);
    case 1:
        return build_sigmoid(g, x);
    case 2:
        return build_mul(g, x, build_sigmoid(g, x));
    case 3:
        return build_mul(g, build_add(g, x, scalar(r, uniform(r))), scalar(r, -3));
    default:
        return build_exp(g, build_neg(g, build_mul(g, x, x)));
    }
}

static Node *tail(Generator *r, Node *x)
{
    int64_t kind = generate_below(r, 5);
    return kind < 3 ? clamp(r, x) : kind == 3 ? function(r, x) : x;
}

/* ---- images ---------------------------------------------------------------------- */

static int64_t channels(Generator *r)
{
    static const int64_t some[] = { 1, 2, 3, 4, 5, 7, 8, 12, 16, 17 };
    return some[generate_below(r, ARRAY_LEN(some))];
}

/* Zeros so that a window of k with this stride gives ceil(n / stride). */
static void same(int64_t n, int64_t k, int64_t stride, AttrValue *before,
                 AttrValue *after)
{
    int64_t out = (n + stride - 1) / stride, all = (out - 1) * stride + k - n;
    all = all > 0 ? all : 0;
    before->i = all / 2;
    after->i = all - all / 2;
}

static Node *conv(Generator *r, Node *x, bool depthwise)
{
    const int64_t *dim = x->shape.dim;
    int64_t kh = 1 + generate_below(r, 4), kw = 1 + generate_below(r, 4), c = dim[2];
    int64_t f = depthwise ? c : channels(r), sh = 1 + generate_below(r, 2), sw = sh;
    if (generate_below(r, 3) == 0)
        kh = kw = depthwise ? 3 : 1;
    if (generate_below(r, 6) == 0)
        sw = 1 + generate_below(r, 3);
    AttrValue attr[OP_MAX_ATTRS] = { { .i = sh }, { .i = sw } };
    if (generate_below(r, 4) || dim[0] < kh || dim[1] < kw) {
        same(dim[0], kh, sh, &attr[2], &attr[3]);
        same(dim[1], kw, sw, &attr[4], &attr[5]);
    }
    attr[6].i = attr[7].i = 1;
    attr[8].i = depthwise ? c : 1;
    Shape k = { .rank = 4, .dim = { kh, kw, depthwise ? 1 : c, f } };
    Node *in[] = { x, weights(r, k, kh * kw * (depthwise ? 1 : c)) };
    return tail(r, with_bias(r, build_node(r->g, NULL, &op_conv2d, 2, in, attr)));
}

static Node *pool(Generator *r, Node *x)
{
    int64_t size = 1 + generate_below(r, 3), stride = 1 + generate_below(r, 2);
    if (x->shape.dim[0] < size || x->shape.dim[1] < size)
        return function(r, x);
    AttrValue attr[OP_MAX_ATTRS] = {
        { .i = size }, { .i = size }, { .i = stride }, { .i = stride }
    };
    return build_node(r->g, NULL, &op_max_pool, 1, &x, attr);
}

/* x with an earlier value of its shape, or with a function of itself. */
static Node *partner(Generator *r, Node *x)
{
    for (int i = r->seen.n - 1; i >= 0; i--)
        if (r->seen.at[i] != x && shape_equal(&r->seen.at[i]->shape, &x->shape) &&
            generate_below(r, 3))
            return r->seen.at[i];
    return function(r, x);
}

static Node *join(Generator *r, Node *x)
{
    Node *two[2] = { x, partner(r, x) };
    int last = x->shape.rank - 1;
    switch (generate_below(r, 5)) {
    case 0:
        return tail(r, build_mul(r->g, two[0], two[1]));
    case 1:
        if (x->shape.dim[last] <= 16)
            return build_concat(r->g, 2, two,
                                last > 0 ? (int)generate_below(r, last + 1) : 0);
        break;
    case 2:
        return tail(r, build_sub(r->g, two[0], two[1]));
    default:
        break;
    }
    return tail(r, build_add(r->g, two[0], two[1]));
}

static Node *view(Generator *r, Node *x)
{
    int64_t start[SHAPE_MAX_RANK] = { 0 }, stop[SHAPE_MAX_RANK], step[SHAPE_MAX_RANK];
    const int turned[] = { 1, 0, 2 };
    if (generate_below(r, 2))
        return build_transpose(r->g, x, turned);
    for (int i = 0; i < x->shape.rank; i++) {
        stop[i] = x->shape.dim[i];
        start[i] = stop[i] / 4;
        step[i] = stop[i] > 6 ? 2 : 1;
    }
    return build_slice(r->g, x, start, stop, step);
}

static Node *image_layer(Generator *r, Node *x)
{
    switch (generate_below(r, 10)) {
    case 0:
        return pool(r, x);
    case 1:
    case 2:
        return conv(r, x, true);
    case 3:
    case 4:
    case 5:
        return join(r, x);
    case 6:
        return view(r, x);
    default:
        return conv(r, x, false);
    }
}

/* ---- vectors --------------------------------------------------------------------- */

static Node *dense(Generator *r, Node *x)
{
    int64_t k = shape_count(&x->shape), n = channels(r) + generate_below(r, 2) * 8;
    Node *row = build_reshape(r->g, x, shape_2(1, k));
    Node *y = build_dot(r->g, row, weights(r, shape_2(k, n), k), false, false);
    return tail(r, with_bias(r, build_reshape(r->g, y, shape_1(n))));
}

static Node *mean(Generator *r, Node *x)
{
    const int axes[] = { 0, 1 };
    double n = (double)(x->shape.dim[0] * x->shape.dim[1]);
    return build_scale(r->g, build_reduce(r->g, &op_reduce_sum, x, 2, axes), 1 / n);
}

/* ---- ranges ---------------------------------------------------------------------- */

static bool has_range(const Node *n)
{
    return n->dtype == DTYPE_F32 && n->batched && n->n_in > 0;
}

static Histogram *range(Generator *r, const Tensor *seen, bool wild)
{
    Histogram *h = arena_new(r->arena, Histogram);
    int64_t *count = arena_array(r->arena, int64_t, 1);
    *count = 1;
    *h = (Histogram){ INFINITY, -INFINITY, 1, count };
    for (int64_t i = 0; i < shape_count(&seen->shape); i++) {
        h->low = fmin(h->low, seen->at[i]);
        h->high = fmax(h->high, seen->at[i]);
    }
    double wide = fmax(fabs(h->low), fabs(h->high)), by = 1;
    switch (generate_below(r, wild ? 10 : 60)) {
    case 0: /* zero point -128 */
        h->low = 0;
        h->high = wide;
        break;
    case 1: /* 127 */
        h->low = -wide;
        h->high = 0;
        break;
    case 2:
        by = ldexp(1, -(int)generate_below(r, 9));
        break;
    case 3:
        by = ldexp(1, (int)generate_below(r, 9));
        break;
    default:
        break;
    }
    h->low *= by;
    h->high *= by;
    return h;
}

static void calibrate(Generator *r, Calibration *calibration, uint64_t seed)
{
    Graph all = *r->g;
    Tensor **input = arena_array(r->arena, Tensor *, all.node.n);
    all.result.n = all.result.capacity = 0;
    all.result.at = NULL;
    calibration->histogram = map_new(r->arena);
    for (int i = 0; i < all.node.n; i++) {
        Node *n = all.node.at[i];
        if (n->op == &op_input)
            input[i] = generate_input(r->arena, n, seed);
        if (n->dtype == DTYPE_F32 && n->batched)
            n->path = str_printf(r->arena, "net/%s%d", n->op->name, i);
        if (has_range(n) || n->op == &op_input)
            graph_add_result(&all, RESULT_MEASURE, n->path, n);
    }
    Tensor **value = graph_evaluate(&all, input, r->arena);
    bool wild = generate_below(r, 3) == 0;
    for (int i = 0; i < all.result.n; i++)
        if (all.result.at[i].path != NULL)
            map_put(calibration->histogram, all.result.at[i].path,
                    range(r, value[i], wild));
}

/* ---- nets ------------------------------------------------------------------------ */

static Node *input(Generator *r)
{
    Shape s = { .rank = 3,
                .dim = { 1 + generate_below(r, 12), 1 + generate_below(r, 12),
                         channels(r) } };
    bool bytes = generate_below(r, 3) > 0;
    Node *x =
        build_input(r->g, INPUT_FIELD, "x", bytes ? DTYPE_U8 : DTYPE_F32, s, 0, true);
    x->name = "x";
    return bytes ? build_mul(r->g, build_cast(r->g, x, DTYPE_F32), scalar(r, 1.0 / 255))
                 : x;
}

static void output(Generator *r, Node *x)
{
    graph_add_result(r->g, RESULT_OUTPUT, str_printf(r->arena, "y%d", r->g->result.n),
                     x);
}

Int8Net generate_int8(Arena *a, uint64_t seed)
{
    Generator r = { .arena = a, .g = graph_new(a, "net"), .state = seed * 7919 + 5 };
    Int8Net net = { r.g, { 0 } };
    r.g->stage = STAGE_SAMPLE;
    Node *x = conv(&r, input(&r), generate_below(&r, 4) == 0); /* at least that */
    for (int64_t layers = 1 + generate_below(&r, 5); layers > 0; layers--) {
        vec_push(a, &r.seen, x);
        x = image_layer(&r, x);
    }
    if (generate_below(&r, 2) == 0)
        output(&r, x);
    if (generate_below(&r, 2))
        x = mean(&r, x);
    for (int64_t layers = generate_below(&r, 3); layers > 0; layers--)
        x = dense(&r, x);
    if (generate_below(&r, 3) == 0)
        x = generate_softmax(&r, x);
    output(&r, x);
    calibrate(&r, &net.calibration, seed);
    return net;
}
