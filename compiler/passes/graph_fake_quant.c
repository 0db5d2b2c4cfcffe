/* graph_fake_quant.c - training that feels int8: values and weights of nets that will
 * be quantized are rounded as they will be, gradients pass as if they were not.
 *
 * Before  STAGE_BATCHED, a step or an evaluation; options->aware lists the values that
 *         graph_quantize will round, by path.
 * After   each of them is on the grid of 256 steps of its range, each weight of a
 *         contraction in those nets on the 255 steps of its output channel. Ranges are
 *         states "quantize/<path>" [low, high]; a step moves them towards the least and
 *         the largest value of its batch.
 * Keeps   names and paths, everything outside of those nets.
 * Cost    linear.
 * Source  Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient
 *         Integer-Arithmetic-Only Inference, section 3; Bengio, Leonard, Courville
 * 2013, Estimating or Propagating Gradients Through Stochastic Neurons (straight
 *         through).
 *
 * A weight's grid is that of its output channel, so scales of a batchnorm behind it,
 * which deployment folds in, change nothing about it. */
#include "graph/build.h"
#include "passes/pass.h"
#include "support/str.h"

#include <string.h>

typedef struct Fake {
    const AwareOptions *aware;
    Map *range; /* path -> the range as it stands, [2] */
    Node *step; /* updates done, from 1 */
} Fake;

/* ---- rounding -------------------------------------------------------------------- */

static Node *number(Graph *g, double value)
{
    return build_scalar(g, value);
}

/* To the nearest integer, halves away from zero, as conversions to int8 do. */
static Node *rounded(Graph *g, Node *x)
{
    Node *up = build_unary(g, &op_floor, build_add(g, build_abs(g, x), number(g, 0.5)));
    return build_mul(g, build_sign(g, x), up);
}

static Node *bounded(Graph *g, Node *x, Node *low, Node *high)
{
    return build_min(g, build_max(g, x, low), high);
}

/* The value of `value`, the gradient of `x`. */
static Node *straight_through(Graph *g, Node *value, Node *x)
{
    Node *nothing = build_sub(g, x, build_stop_gradient(g, x));
    return build_add(g, build_stop_gradient(g, value), nothing);
}

/* size / steps, 1 where the size is 0. */
static Node *scale_of(Graph *g, Node *size, double steps)
{
    Node *some = build_gt(g, size, number(g, 0));
    return build_select(g, some, build_div(g, size, number(g, steps)), number(g, 1));
}

/* x on 256 steps from low to high, of which one is 0; outside, its nearest end. */
static Node *on_grid(Graph *g, Node *x, Node *low, Node *high)
{
    Node *scale = scale_of(g, build_sub(g, high, low), 255);
    Node *zero = rounded(g, build_sub(g, number(g, -128), build_div(g, low, scale)));
    zero = bounded(g, zero, number(g, -128), number(g, 127));
    Node *first = build_sub(g, number(g, -128), zero);
    Node *last = build_sub(g, number(g, 127), zero);
    Node *steps = bounded(g, rounded(g, build_div(g, x, scale)), first, last);
    Node *y = straight_through(g, build_mul(g, steps, scale), x);
    y->work = scale;
    return y;
}

/* Weights on -127 .. 127 times a scale for each element of the last axis. */
static Node *weights_on_grid(Graph *g, Node *w)
{
    int axes[SHAPE_MAX_RANK], n = w->shape.rank - 1;
    for (int i = 0; i < n; i++)
        axes[i] = i;
    Node *size = build_reduce(g, &op_reduce_max, build_abs(g, w), n, axes);
    Node *scale = scale_of(g, size, 127);
    Node *steps = rounded(g, build_div(g, w, scale));
    steps = bounded(g, steps, number(g, -127), number(g, 127));
    Node *y = straight_through(g, build_mul(g, steps, scale), w);
    y->work = scale;
    return y;
}

/* The scale of a value that is on a grid; NULL: it is not. */
static Node *grid_of(const Node *x)
{
    while (x->work == NULL && ((x->op->flags & OP_VIEW) != 0 || x->op == &op_max_pool))
        x = x->in[0];
    return x->work;
}

static const Node *below(const Node *x, bool broadcasts)
{
    while ((x->op->flags & OP_VIEW) != 0 || (broadcasts && x->op == &op_broadcast))
        x = x->in[0];
    return x;
}

/* in[0] + in[1] of a contraction and its bias: that counts products, so it is a
 * multiple of the scales of both operands. */
static Node *biases_on_grid(Graph *g, Node *const *in)
{
    const Node *sum = below(in[0], false);
    Node *of = grid_of(sum->in[0]), *weight = grid_of(sum->in[1]);
    if (of == NULL || weight == NULL)
        return in[1];
    Node *unit = build_broadcast(g, build_mul(g, weight, of), in[1]->shape);
    Node *steps = rounded(g, build_div(g, in[1], unit));
    return straight_through(g, build_mul(g, steps, unit), in[1]);
}

/* ---- ranges ---------------------------------------------------------------------- */

static Node *extreme(Graph *g, Node *x)
{
    int axes[SHAPE_MAX_RANK];
    for (int i = 0; i < x->shape.rank; i++)
        axes[i] = i;
    return build_reduce(g, &op_reduce_max, x, x->shape.rank, axes);
}

/* At step k the mean of k batches, later an average that forgets in 100 steps. */
static Node *moved(Fake *f, Graph *g, Node *range, Node *x)
{
    Node *seen = build_stop_gradient(g, x);
    Node *ends[] = { build_neg(g, extreme(g, build_neg(g, seen))), extreme(g, seen) };
    for (int i = 0; i < 2; i++)
        ends[i] = build_reshape(g, ends[i], shape_1(1));
    Node *batch = build_concat(g, 2, ends, 0);
    Node *share = build_max(g, build_div(g, number(g, 1), f->step), number(g, 0.01));
    return build_add(g, range, build_mul(g, build_sub(g, batch, range), share));
}

static Node *end_of(Graph *g, Node *range, int64_t i)
{
    const int64_t stop = i + 1, step = 1;
    return build_reshape(g, build_slice(g, range, &i, &stop, &step), (Shape){ 0 });
}

/* What goes on instead of value x, whose path is rounded. */
static Node *value_on_grid(Fake *f, Graph *g, Node *x, const char *path)
{
    const char *state = str_printf(g->arena, AWARE_PREFIX "%s", path);
    Node *range = map_find(f->range, state);
    if (range == NULL)
        range = build_input(g, INPUT_STATE, state, DTYPE_F32, shape_1(2), 0, false);
    if (f->aware->learns)
        range = moved(f, g, range, x);
    map_put(f->range, state, range);
    return on_grid(g, x, build_min(g, end_of(g, range, 0), number(g, 0)),
                   build_max(g, end_of(g, range, 1), number(g, 0)));
}

/* ---- the pass -------------------------------------------------------------------- */

static bool is_within(const char *path, const char *call)
{
    size_t n = strlen(call);
    return path != NULL && str_starts(path, call) &&
           (path[n] == '\0' || path[n] == '/');
}

/* A net's contraction whose weights will be int8. */
static bool has_weights(const Fake *f, const Node *n)
{
    const Node *w = n->n_in == 2 ? n->in[1] : NULL;
    if ((n->op != &op_conv2d && n->op != &op_dot) || !n->in[0]->batched)
        return false;
    while ((w->op->flags & OP_VIEW) != 0)
        w = w->in[0];
    if (!node_is_input(w, INPUT_PARAM) || n->frame == NULL)
        return false;
    for (int i = 0; i < f->aware->n_nets; i++) {
        const QuantizeNet *net = &f->aware->net[i];
        bool kept = false;
        for (int k = 0; k < net->n_keep; k++)
            kept = kept || is_within(n->path, net->keep[k]) ||
                   is_within(n->frame->path, net->keep[k]);
        if (is_within(n->frame->path, net->name))
            return !kept;
    }
    return false;
}

/* A contraction of a net plus a param along the last axis. */
static bool is_biased_sum(const Fake *f, const Node *n)
{
    if (n->op != &op_add || n->in[1]->batched ||
        !has_weights(f, below(n->in[0], false)))
        return false;
    const Node *bias = below(n->in[1], true);
    return node_is_input(bias, INPUT_PARAM) && bias->shape.rank == 1;
}

static Node *rewrite(Graph *to, const Node *n, Node *const *in, void *context)
{
    Fake *f = context;
    Node *changed[2];
    if (has_weights(f, n)) {
        changed[0] = in[0];
        changed[1] = weights_on_grid(to, in[1]);
        in = changed;
    }
    if (is_biased_sum(f, n)) {
        changed[0] = in[0];
        changed[1] = biases_on_grid(to, in);
        in = changed;
    }
    bool is_rounded = n->path != NULL && n->dtype == DTYPE_F32 && n->batched &&
                      map_has(f->aware->rounded, n->path);
    if (!is_rounded && in != changed)
        return NULL;
    Node *y = graph_copy_node(to, n, in);
    return is_rounded ? value_on_grid(f, to, y, n->path) : y;
}

static Node *step_input(Graph *g)
{
    for (int i = 0; i < g->node.n; i++)
        if (node_is_input(g->node.at[i], INPUT_SCALAR) &&
            str_equal(attr_text(g->node.at[i], "path"), "step"))
            return g->node.at[i];
    return NULL;
}

PassResult graph_fake_quant(PassContext *cx, Graph *g)
{
    Fake f = { cx->options->aware, map_new(cx->module), NULL };
    if (f.aware->learns && step_input(g) == NULL)
        build_input(g, INPUT_SCALAR, "step", DTYPE_F32, (Shape){ 0 }, 0, false);
    Graph *to = graph_new(g->arena, g->name);
    Node **made = arena_array(cx->scratch, Node *, g->node.n);
    to->stage = g->stage;
    to->batch = g->batch;
    to->next_stream = g->next_stream;
    for (int pass = 0; pass < 2; pass++) /* inputs first: the step's number is one */
        for (int i = 0; i < g->node.n; i++) {
            const Node *n = g->node.at[i];
            if ((n->op == &op_input) != (pass == 0))
                continue;
            Node **in = arena_array(g->arena, Node *, n->n_in);
            for (int k = 0; k < n->n_in; k++)
                in[k] = made[n->in[k]->id];
            to->span = n->span;
            to->frame = n->frame;
            Node *y = pass == 0 ? NULL : rewrite(to, n, in, &f);
            made[i] = y != NULL ? y : graph_copy_node(to, n, in);
            if (pass == 0 && f.aware->learns)
                f.step = step_input(to);
        }
    for (int i = 0; i < g->result.n; i++)
        graph_add_result(to, g->result.at[i].kind, g->result.at[i].path,
                         made[g->result.at[i].value->id]);
    for (int i = 0; i < map_count(f.range) && f.aware->learns; i++)
        graph_add_result(to, RESULT_NEXT, map_key(f.range, i), map_value(f.range, i));
    out_print(&cx->stats, "%d values rounded as int8\n", map_count(f.range));
    pass_replace(g, to);
    return PASS_CHANGED;
}
