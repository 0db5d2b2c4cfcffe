/* generate.c - see generate.h. */
#include "generate.h"
#include "generate_inside.h"
#include "graph/region.h"
#include "support/bug.h"

static uint64_t next(Generator *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t generate_below(Generator *r, int64_t n)
{
    return (int64_t)(next(r) % (uint64_t)n);
}

int64_t generate_extent(Generator *r)
{
    static const int64_t some[] = { 1, 2, 3, 5, 7, 8, 10, 16, 17, 24, 32, 33, 40 };
    return some[generate_below(r, ARRAY_LEN(some))];
}

Node *generate_param(Generator *r, const char *what, Shape shape)
{
    const char *path = str_printf(r->arena, "layer%d/%s", r->n_layers, what);
    Node *p = build_input(r->g, INPUT_PARAM, path, DTYPE_F32, shape, 0, false);
    p->name = str_printf(r->arena, "layer%d_%s", r->n_layers, what);
    vec_push(r->arena, &r->param, p);
    return p;
}

static int64_t last_extent(const Node *x)
{
    return x->shape.dim[x->shape.rank - 1];
}

/* ---- layers ---------------------------------------------------------------------- */

Node *generate_scaled(Generator *r, Node *w, int64_t k)
{
    double s = 1;
    while (s * s * (double)k > 1)
        s /= 2;
    return build_scale(r->g, w, s);
}

static Node *dense(Generator *r, Node *x)
{
    int64_t k = last_extent(x), n = generate_extent(r);
    bool vector = x->shape.rank == 1;
    Node *row = vector ? build_reshape(r->g, x, shape_2(1, k)) : x;
    if (row->shape.rank > 2)
        row = build_reshape(r->g, x, shape_2(shape_count(&x->shape) / k, k));
    Node *w = generate_param(r, "w", shape_2(k, n));
    if (generate_below(r, 2))
        w = generate_scaled(r, w, k);
    else
        row = generate_scaled(r, row, k);
    Node *y = build_dot(r->g, row, w, false, false);
    if (vector)
        y = build_reshape(r->g, y, shape_1(n));
    return generate_below(r, 3) ? build_add(r->g, y, generate_param(r, "b", shape_1(n)))
                                : y;
}

static Node *activation(Generator *r, Node *x)
{
    Graph *g = r->g;
    switch (generate_below(r, 8)) {
    case 0:
        return build_tanh(g, x);
    case 1:
        return build_sigmoid(g, x);
    case 2:
        return build_mul(g, x, build_sigmoid(g, x));
    case 3:
        return build_sqrt(g, build_add(g, build_mul(g, x, x), build_scalar(g, 0.5)));
    case 4:
        return build_exp(g, build_neg(g, build_mul(g, x, x)));
    case 5:
        return build_select(g, build_gt(g, x, build_scalar(g, 0.01)), x,
                            build_scale(g, x, 0.125));
    default:
        return build_max(g, x, build_scalar(g, 0));
    }
}

static Node *reduce_last(Generator *r, const Op *op, Node *x)
{
    int axis = x->shape.rank - 1;
    return build_keep(r->g, build_reduce(r->g, op, x, 1, &axis), 1, &axis);
}

Node *generate_softmax(Generator *r, Node *x)
{
    Graph *g = r->g;
    Node *top = build_unary(g, &op_stop_gradient, reduce_last(r, &op_reduce_max, x));
    Node *e = build_exp(g, build_sub(g, x, top));
    return build_div(g, e, reduce_last(r, &op_reduce_sum, e));
}

static Node *layer_norm(Generator *r, Node *x)
{
    Graph *g = r->g;
    double n = (double)last_extent(x);
    Node *mean = build_scale(g, reduce_last(r, &op_reduce_sum, x), 1 / n);
    Node *d = build_sub(g, x, mean);
    Node *var =
        build_scale(g, reduce_last(r, &op_reduce_sum, build_mul(g, d, d)), 1 / n);
    Node *y = build_mul(g, d, build_rsqrt(g, build_add(g, var, build_scalar(g, 0.1))));
    return build_mul(g, y, generate_param(r, "scale", shape_1(last_extent(x))));
}

/* Statistics over the batch and all axes but the last; a running mean as a state. */
static Node *batch_norm(Generator *r, Node *x)
{
    Graph *g = r->g;
    int axes[SHAPE_MAX_RANK], rank = x->shape.rank;
    for (int i = 0; i < rank - 1; i++)
        axes[i] = i;
    int64_t c = last_extent(x);
    double n = (double)(shape_count(&x->shape) / c);
    Node *sum = build_reduce(g, &op_reduce_sum, x, rank - 1, axes);
    Node *mean = build_unary(g, &op_batch_mean, build_scale(g, sum, 1 / n));
    Node *d = build_sub(g, x, mean);
    Node *square = build_reduce(g, &op_reduce_sum, build_mul(g, d, d), rank - 1, axes);
    Node *var = build_unary(g, &op_batch_mean, build_scale(g, square, 1 / n));
    const char *path = str_printf(r->arena, "layer%d/mu", r->n_layers);
    Node *mu = build_input(g, INPUT_STATE, path, DTYPE_F32, shape_1(c), 0, false);
    Node *moved = build_add(g, build_scale(g, mu, 0.9), build_scale(g, mean, 0.1));
    graph_add_result(g, RESULT_NEXT, path, moved);
    return build_div(g, d, build_sqrt(g, build_add(g, var, build_scalar(g, 0.1))));
}

/* x with something seen before of the same shape. */
static Node *residual(Generator *r, Node *x)
{
    for (int i = r->seen.n - 1; i >= 0; i--)
        if (r->seen.at[i] != x && shape_equal(&r->seen.at[i]->shape, &x->shape))
            return generate_below(r, 2)
                       ? build_add(r->g, x, r->seen.at[i])
                       : build_mul(r->g, x, build_tanh(r->g, r->seen.at[i]));
    return build_add(r->g, x, build_mul(r->g, x, build_scalar(r->g, 0.5)));
}

/* Views: transpose, slice, concat, reverse-like shuffles. */
static Node *reshuffle(Generator *r, Node *x)
{
    Graph *g = r->g;
    int64_t start[SHAPE_MAX_RANK] = { 0 }, stop[SHAPE_MAX_RANK], step[SHAPE_MAX_RANK];
    int last = x->shape.rank - 1;
    for (int i = 0; i <= last; i++) {
        stop[i] = x->shape.dim[i];
        step[i] = 1;
    }
    switch (generate_below(r, 4)) {
    case 0:
        if (x->shape.rank >= 2)
            return build_transpose_last(g, x);
        return x;
    case 1:
        start[last] = x->shape.dim[last] / 3;
        return build_slice(g, x, start, stop, step);
    case 2: {
        Node *two[2] = { x, build_tanh(g, x) };
        return last_extent(x) <= 40 ? build_concat(g, 2, two, last) : x;
    }
    default:
        return build_reshape(g, x, shape_1(shape_count(&x->shape)));
    }
}

/* x x^T x: products with no param on either side. */
static Node *self_product(Generator *r, Node *x)
{
    Graph *g = r->g;
    if (x->shape.rank < 2)
        return build_tanh(g, x);
    Node *small = build_tanh(g, x);
    Node *scores = build_dot(g, small, small, false, true);
    Node *p = generate_softmax(r, build_scale(g, scores, 0.25));
    return build_dot(g, p, x, false, false);
}

/* ---- images ---------------------------------------------------------------------- */

static Node *conv(Generator *r, Node *x)
{
    const Shape *s = &x->shape;
    int64_t kh = 1 + generate_below(r, 3), kw = 1 + generate_below(r, 3),
            f = generate_extent(r);
    int64_t stride = 1 + generate_below(r, 2), pad = generate_below(r, 2);
    if (s->dim[0] + 2 * pad < kh || s->dim[1] + 2 * pad < kw)
        return build_tanh(r->g, x);
    Shape k = { .rank = 4, .dim = { kh, kw, s->dim[2], f } };
    Node *w = generate_scaled(r, generate_param(r, "k", k), kh * kw * s->dim[2]);
    AttrValue attrs[OP_MAX_ATTRS] = {
        { .i = stride }, { .i = 1 + generate_below(r, 2) },
        { .i = pad },    { .i = pad },
        { .i = pad },    { .i = pad },
        { .i = 1 },      { .i = 1 },
        { .i = 1 }
    };
    Node *in[2] = { x, w };
    Node *y = build_node(r->g, NULL, &op_conv2d, 2, in, attrs);
    return generate_below(r, 2) ? build_add(r->g, y, generate_param(r, "b", shape_1(f)))
                                : y;
}

static Node *pool(Generator *r, Node *x)
{
    int64_t size = 1 + generate_below(r, 3), stride = 1 + generate_below(r, 2);
    if (x->shape.dim[0] < size || x->shape.dim[1] < size)
        return build_tanh(r->g, x);
    AttrValue attrs[OP_MAX_ATTRS] = {
        { .i = size }, { .i = size }, { .i = stride }, { .i = stride }
    };
    const Op *op = generate_below(r, 3) ? &op_max_pool : &op_sum_pool;
    return build_node(r->g, NULL, op, 1, &x, attrs);
}

static Node *image_layer(Generator *r, Node *x)
{
    if (x->shape.rank == 2) /* one channel */
        x = build_reshape(
            r->g, x,
            (Shape){ .rank = 3, .dim = { x->shape.dim[0], x->shape.dim[1], 1 } });
    return generate_below(r, 3) ? activation(r, conv(r, x)) : pool(r, x);
}

/* ---- random numbers -------------------------------------------------------------- */

static Node *shared_input(Generator *r, InputKind kind, const char *path, Shape s)
{
    for (int i = 0; i < r->g->node.n; i++)
        if (node_is_input(r->g->node.at[i], kind))
            return r->g->node.at[i];
    return build_input(r->g, kind, path, DTYPE_U32, s, 0, false);
}

static Node *dropout(Generator *r, Node *x)
{
    Graph *g = r->g;
    Node *in[3] = { shared_input(r, INPUT_KEY, "key", shape_1(2)),
                    shared_input(r, INPUT_ITERATION, "iteration", shape_of(0, NULL)),
                    shared_input(r, INPUT_SAMPLE, "sample", shape_of(0, NULL)) };
    int64_t *dim = arena_array(r->arena, int64_t, x->shape.rank + 1);
    for (int i = 0; i < x->shape.rank; i++)
        dim[i] = x->shape.dim[i];
    AttrValue attrs[OP_MAX_ATTRS] = { { .i = g->next_stream++ },
                                      { .ints = { x->shape.rank, dim } },
                                      { .i = 1 },
                                      { .i = 0 } };
    Node *u = build_node(g, NULL, &op_random, 3, in, attrs);
    u->batched = true;
    Node *keep = build_ge(g, u, build_scalar(g, 0.25));
    return build_select(g, keep, build_scale(g, x, 4.0 / 3), build_scalar(g, 0));
}

/* ---- loops over the first axis ----------------------------------------------------
 */

/* A cell over the rows of x: state h (and c, a leaky sum, at times), what it gives
 * being the state, the state before, or something else of it; both directions. */
static Node *recurrent(Generator *r, Node *x)
{
    Graph *g = r->g;
    int64_t t = x->shape.dim[0], n = shape_count(&x->shape) / t,
            units = 1 + generate_below(r, 9);
    Node *rows = build_reshape(g, x, shape_2(t, n));
    Node *w = generate_scaled(r, generate_param(r, "w", shape_2(n, units)), n);
    Node *u = generate_scaled(r, generate_param(r, "u", shape_2(units, units)), units);
    bool two = generate_below(r, 2), given = generate_below(r, 2);
    Node *start = given ? generate_param(r, "h", shape_1(units))
                        : build_full(g, 0, shape_1(units));
    Graph *body = graph_new(r->arena, "step");
    body->stage = STAGE_SAMPLE;
    Node *in[8];
    int n_in = 0, carries = two ? 2 : 1;
    for (int i = 0; i < carries; i++)
        in[n_in++] = start;
    in[n_in++] = rows;
    in[n_in++] = w;
    in[n_in++] = u;
    Node *inside[8];
    for (int i = 0; i < n_in; i++)
        inside[i] = build_input(body, INPUT_OPERAND, NULL, DTYPE_F32,
                                i == carries ? shape_1(n) : in[i]->shape, 0, true);
    inside[carries + 1]->batched = inside[carries + 2]->batched = false;
    Node *row = build_reshape(body, inside[carries], shape_2(1, n));
    Node *state = build_reshape(body, inside[0], shape_2(1, units));
    Node *z = build_add(body, build_dot(body, row, inside[carries + 1], false, false),
                        build_dot(body, state, inside[carries + 2], false, false));
    z = build_reshape(body, z, shape_1(units));
    Node *h = generate_below(r, 2) ? build_tanh(body, z)
                                   : build_mul(body, build_sigmoid(body, z), z);
    graph_add_result(body, RESULT_OPERAND, NULL, h);
    if (two) {
        Node *gate = build_sigmoid(body, inside[1]);
        Node *c = build_add(body, build_mul(body, gate, inside[1]),
                            build_scale(body, h, 0.5));
        graph_add_result(body, RESULT_OPERAND, NULL, c);
        h = build_mul(body, h, build_tanh(body, c));
    }
    Node *y = generate_below(r, 3)   ? h
              : generate_below(r, 2) ? inside[0]
                                     : build_neg(body, inside[0]);
    graph_add_result(body, RESULT_OPERAND, NULL, y);
    Node *scan = build_scan(g, body, carries, 1, t, generate_below(r, 2), n_in, in);
    scan_mark(scan);
    return build_result(g, scan, generate_below(r, 4) ? carries : 0);
}

static Node *layer(Generator *r, Node *x)
{
    if (x->shape.rank >= 2 && generate_below(r, 4) == 0)
        return recurrent(r, x);
    if (x->shape.rank >= 2 && generate_below(r, 5) == 0)
        return generate_library_layer(r, x);
    if ((x->shape.rank == 3 || x->shape.rank == 2) && generate_below(r, 3) == 0)
        return image_layer(r, x);
    if (generate_below(r, 12) == 0)
        return dropout(r, x);
    switch (generate_below(r, 10)) {
    case 0:
        return generate_softmax(r, x);
    case 1:
        return layer_norm(r, x);
    case 2:
        return batch_norm(r, x);
    case 3:
        return residual(r, x);
    case 4:
        return reshuffle(r, x);
    case 5:
        return self_product(r, x);
    case 6:
        return activation(r, x);
    default:
        return activation(r, dense(r, x));
    }
}

/* ---- loss and update ------------------------------------------------------------- */

static Node *sum_all(Generator *r, Node *x)
{
    int axes[SHAPE_MAX_RANK];
    for (int i = 0; i < x->shape.rank; i++)
        axes[i] = i;
    return build_reduce(r->g, &op_reduce_sum, x, x->shape.rank, axes);
}

static Node *loss(Generator *r, Node *x)
{
    Graph *g = r->g;
    if (x->shape.rank > 1)
        x = build_reshape(g, x, shape_1(shape_count(&x->shape)));
    int64_t n = last_extent(x);
    if (n < 2 || generate_below(r, 2)) {
        Node *t = build_input(g, INPUT_FIELD, "target", DTYPE_F32, x->shape, 0, true);
        Node *d = build_sub(g, x, t);
        return build_scale(g, sum_all(r, build_mul(g, d, d)), 1.0 / (double)n);
    }
    DType small = dtype_of_index(n);
    Node *label =
        build_input(g, INPUT_FIELD, "label", small, shape_of(0, NULL), n, true);
    Node *top = build_unary(g, &op_stop_gradient, reduce_last(r, &op_reduce_max, x));
    Node *z = build_sub(g, x, top);
    Node *log_sum = build_log(g, reduce_last(r, &op_reduce_sum, build_exp(g, z)));
    Node *log_p = build_sub(g, z, log_sum);
    Node *classes = build_iota(g, small, shape_1(n), 0, n);
    Node *one_hot = build_eq(g, classes, label);
    Node *picked = build_select(g, one_hot, log_p, build_scalar(g, 0));
    return build_neg(g, sum_all(r, picked));
}

static Node *moment(Generator *r, const Node *p, const char *name)
{
    const char *path =
        str_printf(r->arena, "minimize1/%s/%s", attr_text(p, "path"), name);
    return build_input(r->g, INPUT_STATE, path, DTYPE_F32, p->shape, 0, false);
}

static void next_value(Generator *r, const Node *input, Node *value)
{
    graph_add_result(r->g, RESULT_NEXT, attr_text(input, "path"), value);
}

static void update(Generator *r, Node *p, Node *d, int kind, Node *norm)
{
    Graph *g = r->g;
    if (norm) /* clipping by global norm needs all gradients first */
        d = build_div(g, d, build_max(g, build_scalar(g, 1), norm));
    if (kind == 0) {
        next_value(r, p, build_sub(g, p, build_scale(g, d, 0.1)));
    } else if (kind == 1) {
        Node *v = moment(r, p, "m");
        Node *moved = build_add(g, build_scale(g, v, 0.9), d);
        next_value(r, v, moved);
        next_value(r, p, build_sub(g, p, build_scale(g, moved, 0.05)));
    } else {
        Node *m = moment(r, p, "m"), *v = moment(r, p, "v");
        Node *step = build_input(g, INPUT_SCALAR, "step", DTYPE_F32, shape_of(0, NULL),
                                 0, false);
        Node *m2 = build_add(g, build_scale(g, m, 0.9), build_scale(g, d, 0.1));
        Node *v2 = build_add(g, build_scale(g, v, 0.99),
                             build_scale(g, build_mul(g, d, d), 0.01));
        Node *one = build_scalar(g, 1);
        Node *unbias = build_sub(g, one, build_pow(g, build_scalar(g, 0.9), step));
        Node *rate = build_div(g, build_scalar(g, 0.01), unbias);
        Node *below_line = build_add(g, build_sqrt(g, v2), build_scalar(g, 1e-3));
        next_value(r, m, m2);
        next_value(r, v, v2);
        next_value(r, p,
                   build_sub(g, p, build_mul(g, rate, build_div(g, m2, below_line))));
    }
}

static Node *input_value(Generator *r)
{
    Graph *g = r->g;
    Shape s = { .rank = 1 + (int)generate_below(r, 3) };
    for (int i = 0; i < s.rank; i++)
        s.dim[i] = generate_extent(r);
    while (shape_count(&s) > 400)
        s.dim[0] = (s.dim[0] + 1) / 2, s.dim[s.rank - 1] = (s.dim[s.rank - 1] + 1) / 2;
    if (generate_below(r, 3) == 0) {
        Node *bytes = build_input(g, INPUT_FIELD, "bytes", DTYPE_U8, s, 0, true);
        return build_scale(g, build_cast(g, bytes, DTYPE_F32), 1.0 / 255);
    }
    return build_input(g, INPUT_FIELD, "x", DTYPE_F32, s, 0, true);
}

Generated generate_step(Arena *a, uint64_t seed)
{
    Generator r = { .arena = a, .g = graph_new(a, "step"), .state = seed };
    static const int64_t batches[] = { 1, 2, 3, 4, 8, 16, 17 };
    Generated y = { r.g, batches[generate_below(&r, ARRAY_LEN(batches))] };
    Graph *g = r.g;
    g->stage = STAGE_SAMPLE;
    Node *x = input_value(&r);
    int layers = 1 + (int)generate_below(&r, 6);
    for (int i = 0; i < layers; i++) {
        r.n_layers++;
        vec_push(a, &r.seen, x);
        x = layer(&r, x);
    }
    r.n_layers++;
    x = dense(&r, x); /* at least one param */
    graph_add_result(g, RESULT_OUTPUT, "y", x);
    Node *one = loss(&r, x);
    Node *mean = build_unary(g, &op_batch_mean, one);
    graph_add_result(g, RESULT_REPORT, "loss", mean);
    Node *grad = build_grad(g, mean, r.param.n, r.param.at);
    int kind = (int)generate_below(&r, 3);
    Node *norm = NULL, **d = arena_array(a, Node *, r.param.n + 1);
    for (int i = 0; i < r.param.n; i++)
        d[i] = build_result(g, grad, i);
    if (generate_below(&r, 4) == 0) {
        norm = build_scalar(g, 0);
        for (int i = 0; i < r.param.n; i++)
            norm = build_add(g, norm, sum_all(&r, build_mul(g, d[i], d[i])));
        norm = build_sqrt(g, norm);
    }
    for (int i = 0; i < r.param.n; i++)
        update(&r, r.param.at[i], d[i], kind, norm);
    return y;
}
