/* graph_fold_batchnorm.c - constant scale and shift behind a contraction go into its
 * constant weights: batchnorm of trained weights costs nothing at inference.
 *
 * Before  STAGE_DIFF, a net (options->inference); with --weights params are constants.
 * After   conv(x, W) * s + b instead of (conv(x, W) + c - m) * s + b, and conv(x, W *
 * s) where s varies along the last axis only and W is a constant. Keeps   training
 * graphs; nets whose params are read at run time (folding would compute W * s at each
 * call); values up to rounding. Cost    linear. Source  Jacob et al.: Quantization and
 * training of neural networks for efficient integer-arithmetic-only inference (CVPR
 * 2018), section 3.2. */
#include "passes/rewrite.h"

enum { FOLD_ROUNDS = 8 };

typedef struct Affine {
    const Graph *from;
    int rewrites;
} Affine;

/* f(a, b) along the last axis of `like`, as a broadcast constant. */
static Node *combined(Graph *to, const Node *like, const Tensor *a, const Tensor *b,
                      const Op *op)
{
    int64_t n = like->shape.dim[like->shape.rank - 1];
    Tensor *t = tensor_new(to->arena, like->dtype, shape_1(n));
    for (int64_t i = 0; i < n; i++) {
        double x = axis_element(a, i), y = axis_element(b, i);
        double v = op == &op_add ? x + y : op == &op_sub ? x - y : x * y;
        t->at[i] = dtype_round(t->dtype, v);
    }
    return build_broadcast(to, build_constant(to, t), like->shape);
}

/* 1 / c: here division may become multiplication, folding rounds anyway. */
static const Tensor *reciprocal(Graph *to, const Tensor *c)
{
    Tensor *t = tensor_new(to->arena, c->dtype, c->shape);
    for (int64_t i = 0; i < shape_count(&c->shape); i++)
        t->at[i] = dtype_round(t->dtype, 1 / c->at[i]);
    return t;
}

static bool is_contraction(const Node *n)
{
    return n->op == &op_conv2d ||
           (n->op == &op_dot && !attr_int(n, "transpose_b") && n->shape.rank >= 2);
}

/* conv(x, W) * s: the scale goes into W's last axis (output channels). */
static Node *scale_weights(Graph *to, const Node *conv, const Tensor *s)
{
    const Node *w = conv->in[1];
    if (w->op != &op_constant)
        return NULL;
    const Tensor *old = attr_tensor(w, "value");
    int64_t n = w->shape.dim[w->shape.rank - 1], count = shape_count(&w->shape);
    if (n != conv->shape.dim[conv->shape.rank - 1])
        return NULL;
    Tensor *t = tensor_new(to->arena, w->dtype, w->shape);
    for (int64_t i = 0; i < count; i++)
        t->at[i] = dtype_round(t->dtype, old->at[i] * axis_element(s, i % n));
    Node *in[2] = { conv->in[0], build_constant(to, t) };
    in[1]->name = w->name;
    conv->in[1]->name = NULL; /* another contraction may keep the old ones */
    Node *y = graph_copy_node(to, conv, in);
    y->name = NULL;
    y->path = NULL;
    return y;
}

static Node *fold_scale(Graph *to, Node *x, const Tensor *s)
{
    if (is_contraction(x))
        return scale_weights(to, x, s);
    if (x->op == &op_add || x->op == &op_sub) {
        const Tensor *c = last_axis_constant(x->in[1]);
        if (!c)
            return NULL;
        Node *scale =
            combined(to, x, s, attr_tensor(build_scalar(to, 1), "value"), &op_mul);
        Node *y = build_mul(to, x->in[0], scale);
        Node *shift = combined(to, x, c, s, &op_mul);
        return x->op == &op_add ? build_add(to, y, shift) : build_sub(to, y, shift);
    }
    if (x->op == &op_mul) {
        const Tensor *c = last_axis_constant(x->in[1]);
        return c ? build_mul(to, x->in[0], combined(to, x, c, s, &op_mul)) : NULL;
    }
    return NULL;
}

/* (x +- a) +- b: one shift. */
static Node *fold_shift(Graph *to, const Node *n, Node *x, const Tensor *b)
{
    if (x->op != &op_add && x->op != &op_sub)
        return NULL;
    const Tensor *a = last_axis_constant(x->in[1]);
    if (!a)
        return NULL;
    Node *zero = build_scalar(to, 0);
    const Tensor *none = attr_tensor(zero, "value");
    Node *first = combined(to, x, none, a, x->op);
    const Tensor *signed_a =
        attr_tensor(first->op == &op_broadcast ? first->in[0] : first, "value");
    return build_add(to, x->in[0], combined(to, x, signed_a, b, n->op));
}

static Node *fold_affine(Graph *to, const Node *n, Node *const *in, void *context)
{
    Affine *f = context;
    int before = to->node.n;
    Node *y = NULL;
    if (n->n_in != 2 || !dtype_is_float(n->dtype) || n->shape.rank == 0)
        return NULL;
    Node *x = in[0];
    const Node *old = n->in[0];
    const Tensor *c = last_axis_constant(in[1]);
    if (!c && (n->op == &op_mul || n->op == &op_add)) {
        x = in[1];
        old = n->in[1];
        c = last_axis_constant(in[0]);
    }
    if (!c)
        return NULL;
    bool scales = n->op == &op_mul || n->op == &op_div;
    if (scales && graph_only_reader(f->from, old) == NULL)
        return NULL; /* a second contraction would cost more than the scale */
    if (scales)
        y = fold_scale(to, x, n->op == &op_mul ? c : reciprocal(to, c));
    else if (n->op == &op_add || n->op == &op_sub)
        y = fold_shift(to, n, x, c);
    if (!y)
        return NULL;
    f->rewrites++;
    return take_place(n, y, before);
}

PassResult graph_fold_batchnorm(PassContext *cx, Graph *g)
{
    int total = 0;
    for (int round = 0; cx->options->inference && round < FOLD_ROUNDS; round++) {
        Affine f = { .from = g };
        Graph *to = graph_rebuild(g, fold_affine, &f, true);
        if (f.rewrites == 0)
            break;
        total += f.rewrites;
        pass_replace(g, graph_rebuild(to, NULL, NULL, true));
    }
    if (total == 0)
        return PASS_UNCHANGED;
    out_print(&cx->stats, "%d scales and shifts folded\n", total);
    return PASS_CHANGED;
}
