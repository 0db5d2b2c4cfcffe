/* graph_quantize.c - int8 in place of floats, where calibration says what values occur.
 *
 * Before  STAGE_DIFF, a net whose params are constants (--weights), scales and shifts
 *         folded; options->quantize holds a histogram of each activation.
 * After   what has a rule computes in i8 and i32; the rest stays float, with
 *         conversions around it. Inputs and outputs keep their types, unless
 *         options->quantize->io asks for int8 there, too.
 * Keeps   names and places; the meaning up to quantization error.
 * Cost    linear, and 256 evaluations for each table.
 * Source  Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient
 *         Integer-Arithmetic-Only Inference; bits as TensorFlow Lite's reference
 *         kernels.
 *
 * Rules are tried from a value downwards: the last node of a pattern (a clamp around a
 * sum of a contraction and a bias) finds the rest, so that each int8 value is one that
 * the float network had, with its own range. */
#include "passes/quantize.h"

#include "support/bug.h"
#include "support/str.h"

#include <math.h>
#include <string.h>

/* ---- ranges ------------------------------------------------------------------------
 */

/* The net that a value belongs to. NULL: it is outside of all. */
static const QuantizeNet *net_of(const Quantizer *z, const Node *n)
{
    const QuantizeOptions *o = z->cx->options->quantize;
    if (!o->inlined)
        return &o->net[0];
    for (int i = 0; i < o->n_nets && n->path != NULL; i++)
        if (str_starts(n->path, o->net[i].name) &&
            n->path[strlen(o->net[i].name)] == '/')
            return &o->net[i];
    return NULL;
}

/* May rules make it int8? Not what a net is called with: that is rounded. */
static bool in_net(const Quantizer *z, const Node *n)
{
    const QuantizeNet *net = net_of(z, n);
    return net != NULL && (!z->cx->options->quantize->inlined ||
                           !str_starts(n->path + strlen(net->name), "/input/"));
}

Quant quantize_range(Quantizer *z, const Node *n)
{
    const QuantizeOptions *o = z->cx->options->quantize;
    if (o->asked != NULL && n->path != NULL) {
        map_put(o->asked, n->path, z->to);
        return quant_of_range(-1, 1);
    }
    const Histogram *h = n->path ? calibration_find(o->calibration, n->path) : NULL;
    const QuantizeNet *net = net_of(z, n);
    if (net == NULL)
        net = &o->net[0];
    if (h != NULL)
        return quant_of_histogram(h, net->method, net->tail);
    if (!z->failed) {
        Diag *d = diag_begin(z->cx->sink, DIAG_QUANTIZE, net->span,
                             "`%s` does not say which values `%s` takes", o->weights,
                             n->path ? n->path : n->op->name);
        diag_help(d, "run `./PROGRAM calibrate --weights %s` first", o->weights);
        diag_end(d);
    }
    z->failed = true;
    return (Quant){ 1, 0 };
}

/* ---- rules -------------------------------------------------------------------------
 */

/* New nodes are at the place of n: after its operands have been made. */
static void aim(Quantizer *z, const Node *n)
{
    z->to->span = n->span;
    z->to->frame = n->frame;
}

bool quantize_is_view(const Node *n)
{
    return n->op == &op_reshape || n->op == &op_transpose || n->op == &op_slice ||
           n->op == &op_reverse || n->op == &op_max_pool;
}

/* The same elements, or the largest of some: the scale stays. */
static Int8 view_of(Quantizer *z, const Node *n, Int8 x)
{
    if (x.node == NULL)
        return x;
    aim(z, n);
    return (Int8){ build_node(z->to, NULL, n->op, 1, &x.node, n->attr), x.q };
}

static Int8 try_affine(Quantizer *z, const Node *n, const Clamp *clamp)
{
    Affine a = match_affine(z, clamp->inner);
    if (a.node == NULL)
        return (Int8){ 0 };
    Int8 x = quantize_need(z, a.node->in[0]);
    if (x.node == NULL)
        return x;
    aim(z, n);
    return int8_affine(z, &a, x, quantize_range(z, n), clamp);
}

static Int8 try_sum_or_product(Quantizer *z, const Node *n, const Clamp *clamp)
{
    const Node *y = clamp->inner;
    if (y->op != &op_add && y->op != &op_sub && y->op != &op_mul)
        return (Int8){ 0 };
    if (quantize_try(z, y->in[0]).node == NULL &&
        quantize_try(z, y->in[1]).node == NULL)
        return (Int8){ 0 };
    for (int i = 0; i < 2; i++)
        if (!y->in[i]->batched || y->in[i]->op == &op_broadcast)
            return (Int8){ 0 };
    Int8 a = quantize_need(z, y->in[0]), b = quantize_need(z, y->in[1]);
    if (a.node == NULL || b.node == NULL)
        return (Int8){ 0 };
    Quant q = quantize_range(z, n);
    aim(z, n);
    return y->op == &op_mul ? int8_mul(z, a, b, q, clamp)
                            : int8_sum(z, y->op, a, b, q, clamp);
}

static Int8 try_mean(Quantizer *z, const Node *n)
{
    Mean m = match_mean(z, n);
    if (m.sum == NULL)
        return (Int8){ 0 };
    Int8 x = quantize_try(z, m.sum->in[0]);
    aim(z, n);
    return x.node == NULL ? x : int8_mean(z, &m, x, quantize_range(z, n));
}

static Int8 try_softmax(Quantizer *z, const Node *n)
{
    const Node *of = match_softmax(n);
    /* the sum of exponentials has 12 bits before its point, its use 31 behind */
    if (of == NULL || of->shape.dim[of->shape.rank - 1] > 255)
        return (Int8){ 0 };
    Int8 x = quantize_try(z, of);
    aim(z, n);
    return x.node == NULL ? x : int8_softmax(z, x);
}

static Int8 try_function(Quantizer *z, const Node *n)
{
    const Node *source = match_function(z, n);
    if (source == NULL)
        return (Int8){ 0 };
    aim(z, n);
    return int8_function(z, n, source, quantize_range(z, n));
}

static Int8 try_concat(Quantizer *z, const Node *n)
{
    Node **in = arena_array(z->to->arena, Node *, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        if (quantize_try(z, n->in[i]).node == NULL)
            return (Int8){ 0 };
    Quant q = quantize_range(z, n);
    aim(z, n);
    for (int i = 0; i < n->n_in; i++)
        in[i] = int8_function(z, n->in[i], n->in[i], q).node;
    return (Int8){ build_node(z->to, NULL, n->op, n->n_in, in, n->attr), q };
}

Int8 quantize_apply(Quantizer *z, const Node *n)
{
    if (n->path != NULL && !in_net(z, n))
        return (Int8){ 0 };
    if (quantize_is_view(n))
        return view_of(z, n, quantize_try(z, n->in[0]));
    if (n->op == &op_concat)
        return try_concat(z, n);
    Clamp clamp = match_clamp(z, n);
    Int8 y = try_affine(z, n, &clamp);
    if (y.node == NULL)
        y = try_mean(z, n);
    if (y.node == NULL)
        y = try_softmax(z, n);
    if (y.node == NULL)
        y = try_function(z, n);
    if (y.node == NULL)
        y = try_sum_or_product(z, n, &clamp);
    return y;
}

/* ---- values -------------------------------------------------------------------------
 */

Int8 quantize_try(Quantizer *z, const Node *n)
{
    if (z->tried[n->id])
        return z->as_int8[n->id];
    z->tried[n->id] = true;
    if (n->dtype != DTYPE_F32 || !n->batched || n->n_in == 0 || z->failed ||
        z->floats || z->stays[n->id])
        return (Int8){ 0 };
    if (n->path == NULL && !quantize_is_view(n)) /* a pass made it: nobody saw it */
        return (Int8){ 0 };
    if (z->chain != NULL && n != z->root)
        return z->as_int8[n->id] = quantize_alone(z, n);
    int before = z->to->node.n;
    Int8 y = quantize_apply(z, n);
    if (y.node != NULL && y.node->id >= before) {
        take_place(n, y.node, before);
        z->made++;
    }
    return z->as_int8[n->id] = y;
}

Int8 quantize_need(Quantizer *z, const Node *n)
{
    Int8 y = quantize_try(z, n);
    if (y.node != NULL)
        return y;
    const QuantizeOptions *o = z->cx->options->quantize;
    bool seen = n->path != NULL && calibration_find(o->calibration, n->path) != NULL;
    if (quantize_is_view(n) && !seen) /* its range is its operand's */
        return z->as_int8[n->id] = view_of(z, n, quantize_need(z, n->in[0]));
    if (n->path == NULL)
        return y;
    y.q = quantize_range(z, n);
    Node *x = quantize_value(z, n);
    aim(z, n);
    y.node = int8_of_float(z, x, y.q);
    return z->as_int8[n->id] = y;
}

static Node *copy(Quantizer *z, const Node *n)
{
    Node **in = arena_array(z->to->arena, Node *, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        in[i] = quantize_value(z, n->in[i]);
    z->kept += n->dtype == DTYPE_F32 && n->batched && n->n_in > 0;
    return graph_copy_node(z->to, n, in);
}

Node *quantize_value(Quantizer *z, const Node *n)
{
    if (z->as_is[n->id] != NULL)
        return z->as_is[n->id];
    Int8 y = quantize_try(z, n);
    aim(z, n);
    Node *value = y.node != NULL ? float_of_int8(z, y) : copy(z, n);
    return z->as_is[n->id] = value;
}

/* ---- keep_float
 * ---------------------------------------------------------------------- */

static bool is_within(const char *path, const char *call)
{
    size_t n = strlen(call);
    return path != NULL && str_starts(path, call) &&
           (path[n] == '\0' || path[n] == '/');
}

static bool is_listed(const QuantizeNet *net, const Node *n)
{
    const char *frame = n->frame != NULL ? n->frame->path : NULL;
    for (int i = 0; i < net->n_keep; i++)
        if (is_within(n->path, net->keep[i]) || is_within(frame, net->keep[i]))
            return true;
    return false;
}

/* What is computed from parameters that a device trains. */
static void mark_trained(Quantizer *z)
{
    const Graph *g = z->from;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        z->stays[i] = node_is_input(n, INPUT_PARAM);
        for (int j = 0; j < n->n_in; j++)
            z->stays[i] = z->stays[i] || z->stays[n->in[j]->id];
    }
}

/* Also what passes made of such a call (they leave its frame), and what they made that
 * only floats read. */
static void mark_floats(Quantizer *z)
{
    const QuantizeOptions *o = z->cx->options->quantize;
    const Graph *g = z->from;
    mark_trained(z);
    bool *other = arena_array(z->cx->scratch, bool, g->node.n); /* read by int8 */
    for (int i = 0; i < g->result.n; i++)
        other[g->result.at[i].value->id] = true;
    for (int i = g->node.n - 1; i >= 0; i--) {
        const Node *n = g->node.at[i];
        for (int k = 0; k < o->n_nets; k++)
            z->stays[i] = z->stays[i] || is_listed(&o->net[k], n);
        z->stays[i] = z->stays[i] || (n->path == NULL && !other[i]);
        for (int j = 0; j < n->n_in; j++)
            other[n->in[j]->id] = other[n->in[j]->id] || !z->stays[i];
    }
}

/* ---- the pass
 * ------------------------------------------------------------------------ */

static void count_uses(Quantizer *z)
{
    const Graph *g = z->from;
    z->uses = arena_array(z->cx->scratch, int, g->node.n);
    for (int i = 0; i < g->node.n; i++)
        for (int j = 0; j < g->node.at[i]->n_in; j++)
            z->uses[g->node.at[i]->in[j]->id]++;
    for (int i = 0; i < g->result.n; i++)
        z->uses[g->result.at[i].value->id]++;
}

Quantizer quantizer_new(PassContext *cx, const Graph *from, Graph *to)
{
    Quantizer z = { .cx = cx, .from = from, .to = to };
    z.as_is = arena_array(cx->scratch, Node *, from->node.n);
    z.as_int8 = arena_array(cx->scratch, Int8, from->node.n);
    z.tried = arena_array(cx->scratch, bool, from->node.n);
    z.stays = arena_array(cx->scratch, bool, from->node.n);
    mark_floats(&z);
    return z;
}

/* ---- the interface ---------------------------------------------------------------
 */

static void add_field(Quantizer *z, const char *name, bool is_output, Quant q)
{
    const QuantizedField field = { str_printf(z->to->arena, "%s", name), is_output, q };
    vec_push(z->to->arena, &z->cx->options->quantize->io->field, field);
}

/* The input as int8; as a float it is what that stands for. */
static void take_input(Quantizer *z, const Node *n)
{
    Quant q = quantize_range(z, n);
    Node *x = graph_copy_node(z->to, n, NULL);
    x->dtype = DTYPE_I8;
    z->tried[n->id] = true;
    z->as_int8[n->id] = (Int8){ x, q };
    add_field(z, attr_text(n, "path"), false, q);
}

static Node *give_output(Quantizer *z, const Result *r)
{
    Int8 y = quantize_try(z, r->value);
    if (y.node == NULL && !z->failed) {
        const QuantizeNet *net = &z->cx->options->quantize->net[0];
        Diag *d = diag_begin(z->cx->sink, DIAG_QUANTIZE, net->span,
                             "output `%s` is computed in floats, `io: int8` cannot "
                             "give it",
                             r->path);
        diag_help(d, "leave out `io: int8`, or choose other `outputs`");
        diag_end(d);
        z->failed = true;
    }
    if (y.node != NULL)
        add_field(z, r->path, true, y.q);
    return y.node != NULL ? y.node : quantize_value(z, r->value);
}

PassResult graph_quantize(PassContext *cx, Graph *g)
{
    Quantizer z = quantizer_new(cx, g, graph_new(g->arena, g->name));
    z.to->stage = g->stage;
    z.to->batch = g->batch;
    z.to->next_stream = g->next_stream;
    count_uses(&z);
    bool io = cx->options->quantize->io != NULL;
    for (int i = 0; i < g->node.n; i++) /* inputs stay, in their order */
        if (g->node.at[i]->op == &op_input) {
            const Node *n = g->node.at[i];
            if (io && n->dtype == DTYPE_F32 && node_is_input(n, INPUT_FIELD))
                take_input(&z, n);
            else
                quantize_value(&z, n);
        }
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        bool as_int8 = io && r->kind == RESULT_OUTPUT && r->value->dtype == DTYPE_F32;
        graph_add_result(z.to, r->kind, r->path,
                         as_int8 ? give_output(&z, r) : quantize_value(&z, r->value));
    }
    if (z.failed)
        return PASS_FAILED;
    if (z.made == 0) {
        return diag_error(cx->sink, cx->options->quantize->net[0].span, DIAG_QUANTIZE,
                          "nothing of `%s` can be computed in int8", g->name)
                   ? PASS_UNCHANGED
                   : PASS_FAILED;
    }
    if (cx->options->quantize->compare)
        quantize_compare(&z);
    out_print(&cx->stats, "%d values in int8, %d as floats\n", z.made, z.kept);
    pass_replace(g, graph_rebuild(z.to, NULL, NULL, true));
    return PASS_CHANGED;
}
