/* graph_batch.c - from one sample to a batch.
 *
 * Before  values differ by sample where `batched` says so; shapes are a sample's.
 * After   batched values have a leading axis of extent graph->batch; no batch_mean, no
 *         batch_sum; results NEXT are the same for the whole batch.
 * Keeps   names, spans, frames, order.
 * Cost    linear.
 * Source  one rebuild over op->batch; the default for pointwise ops gives unbatched
 *         operands the axis by broadcasting.
 *
 * grad(e, x) of a batched e is the gradient of its sum over the batch if x is batched,
 * of its mean if x is not (language, 5.0). */
#include "graph/build.h"
#include "passes/pass.h"
#include "support/str.h"

#include <string.h>

typedef struct Batcher {
    PassContext *cx;
    int64_t batch;
} Batcher;

static Shape batched_shape(const Shape *s, int64_t batch)
{
    Shape y = { .rank = s->rank + 1 };
    if (y.rank > SHAPE_MAX_RANK)
        BUG("rank %d with the batch axis", y.rank);
    y.dim[0] = batch;
    for (int i = 0; i < s->rank; i++)
        y.dim[i + 1] = s->dim[i];
    return y;
}

/* x of sample shape for every sample of the batch. */
static Node *give_axis(Graph *to, Node *x, int64_t batch)
{
    return build_broadcast(to, x, batched_shape(&x->shape, batch));
}

/* The same input met before: each is one node from here on. */
static Node *find_input(const Graph *to, const Node *n)
{
    const char *path = attr_text(n, "path");
    for (int i = 0; i < to->node.n; i++) {
        Node *m = to->node.at[i];
        if (m->op != &op_input || attr_int(m, "kind") != attr_int(n, "kind"))
            continue;
        const char *other = attr_text(m, "path");
        if (path == other || (path && other && str_equal(path, other)))
            return m;
    }
    return NULL;
}

static Node *batch_input(Graph *to, const Node *n, int64_t batch)
{
    Node *copy = graph_copy_node(to, n, NULL);
    copy->shape = batched_shape(&n->shape, batch);
    return copy;
}

/* batch_sum and batch_mean: reduce_sum over axis 0. */
static Node *batch_reduce(Graph *to, const Node *n, Node *x, int64_t batch)
{
    bool mean = n->op == &op_batch_mean;
    if (!n->in[0]->batched) /* the same for all samples */
        return mean ? x : build_scale(to, x, (double)batch);
    const int axis = 0;
    Node *sum = build_reduce(to, &op_reduce_sum, x, 1, &axis);
    return mean ? build_scale(to, sum, 1.0 / (double)batch) : sum;
}

static Node *batch_default(Graph *to, const Node *n, Node *const *in, int64_t batch)
{
    if (!(n->op->flags & OP_POINTWISE))
        BUG("op %s has no batch rule", n->op->name);
    Node *wide[OP_MAX_OPERANDS];
    if (n->n_in > OP_MAX_OPERANDS)
        BUG("op %s has %d operands", n->op->name, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        wide[i] = n->in[i]->batched ? in[i] : give_axis(to, in[i], batch);
    Node *copy = graph_copy_node(to, n, wide);
    copy->shape = batched_shape(&n->shape, batch);
    return copy;
}

/* A result of grad: the gradient of a mean when the target is per sample and wrt is
 * not. */
static Node *batch_grad_result(Graph *to, const Node *n, Node *const *in, int64_t batch)
{
    const Node *grad = n->in[0];
    int index = (int)attr_int(n, "index");
    Node *d = build_result(to, in[0], index);
    if (grad->in[0]->batched && !grad->in[1 + index]->batched)
        d = build_scale(to, d, 1.0 / (double)batch);
    return d;
}

static Node *batch_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    const Batcher *b = context;
    to->span = n->span;
    to->frame = n->frame;
    Node *y = NULL;
    int before = to->node.n;
    if (n->op == &op_batch_mean || n->op == &op_batch_sum) {
        y = batch_reduce(to, n, in[0], b->batch);
    } else if (n->op == &op_grad) {
        y = build_grad(to, in[0], n->n_in - 1, in + 1);
    } else if (n->op == &op_result && n->in[0]->op == &op_grad) {
        y = batch_grad_result(to, n, in, b->batch);
    } else if (n->op == &op_input && find_input(to, n)) {
        return find_input(to, n);
    } else if (!n->batched) {
        return NULL; /* a copy */
    } else if (n->op == &op_input) {
        y = batch_input(to, n, b->batch);
    } else {
        bool any = false;
        for (int i = 0; i < n->n_in; i++)
            any |= n->in[i]->batched;
        if (n->op->batch)
            y = n->op->batch(to, n, in, b->batch);
        if (!y && !any)
            BUG("op %s is batched without a batched operand", n->op->name);
        if (!y)
            y = batch_default(to, n, in, b->batch);
    }
    y->batched = n->batched;
    if (y->id >= before && !y->name)
        y->name = n->name;
    return y;
}

/* The next value of a param or a state must not depend on the sample. */
static bool check_results(PassContext *cx, const Graph *g)
{
    bool ok = true;
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        if (r->kind != RESULT_NEXT || !r->value->batched)
            continue;
        Diag *d = diag_begin(cx->sink, DIAG_BATCHED_STATE, r->value->span,
                             "the next value of `%s` depends on the sample", r->path);
        diag_help(d,
                  "reduce it over the batch with `batch_mean` or `batch_sum`, or use "
                  "the state inside `scan`");
        diag_end(d);
        ok = false;
    }
    return ok;
}

/* Outputs and measures that happen to be the same for all samples get the axis that
 * their readers expect: one value a sample. Reports do where they are per sample
 * (eval). */
static void widen_results(Graph *to, const Graph *from, int64_t batch)
{
    bool reports = false;
    for (int i = 0; i < from->result.n; i++)
        reports |= from->result.at[i].kind == RESULT_REPORT &&
                   from->result.at[i].value->batched;
    for (int i = 0; i < to->result.n; i++) {
        Result *r = &to->result.at[i];
        bool per_sample = r->kind == RESULT_OUTPUT || r->kind == RESULT_MEASURE ||
                          (r->kind == RESULT_REPORT && reports);
        if (per_sample && !from->result.at[i].value->batched)
            r->value = give_axis(to, r->value, batch);
    }
}

PassResult graph_batch(PassContext *cx, Graph *g)
{
    if (!check_results(cx, g))
        return PASS_FAILED;
    Batcher b = { cx, cx->batch };
    Graph *to = graph_rebuild(g, batch_node, &b, true);
    widen_results(to, g, cx->batch);
    to->batch = cx->batch;
    to->stage = STAGE_BATCHED;
    pass_replace(g, to);
    return PASS_CHANGED;
}
