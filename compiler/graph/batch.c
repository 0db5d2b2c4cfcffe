/* batch.c - see batch.h.
 *
 * grad(e, x) of a batched e is the gradient of its sum over the batch if x is batched,
 * of its mean if x is not (language, 5.0). */
#include "graph/batch.h"

#include "graph/build.h"
#include "graph/region.h"
#include "support/bug.h"
#include "support/str.h"

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

Node *batch_broadcast(Graph *to, Node *x, int64_t batch)
{
    return build_broadcast(to, x, batched_shape(&x->shape, batch));
}

/* The same input met before: each is one node from here on. */
static Node *find_input(const Graph *to, const Node *n)
{
    const char *path = attr_text(n, "path");
    if (node_is_input(n, INPUT_OPERAND))
        return NULL;
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
        wide[i] = n->in[i]->batched ? in[i] : batch_broadcast(to, in[i], batch);
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

/* Scans run over axis 0: what was [t, ..] for a sample comes out as [t, batch, ..]. */
static Node *batch_scan_result(Graph *to, const Node *n, Node *const *in)
{
    int index = (int)attr_int(n, "index");
    Node *y = build_result(to, in[0], index);
    if (!n->batched || index < scan_parts(n->in[0]).carries)
        return y;
    int axes[SHAPE_MAX_RANK];
    for (int i = 0; i < y->shape.rank; i++)
        axes[i] = i < 2 ? 1 - i : i;
    return build_transpose(to, y, axes);
}

Node *batch_marked(Graph *to, const Node *n, Node *const *in, int64_t batch)
{
    bool any = n->op == &op_scan;
    Node *y = NULL;
    for (int i = 0; i < n->n_in; i++)
        any |= n->in[i]->batched;
    if (n->op->batch)
        y = n->op->batch(to, n, in, batch);
    if (!y && !any)
        BUG("op %s is batched without a batched operand", n->op->name);
    return y ? y : batch_default(to, n, in, batch);
}

Node *batch_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    int64_t batch = *(const int64_t *)context;
    to->span = n->span;
    to->frame = n->frame;
    Node *y = NULL;
    int before = to->node.n;
    if (n->op == &op_batch_mean || n->op == &op_batch_sum)
        y = batch_reduce(to, n, in[0], batch);
    else if (n->op == &op_grad)
        y = build_grad(to, in[0], n->n_in - 1, in + 1);
    else if (n->op == &op_result && n->in[0]->op == &op_grad)
        y = batch_grad_result(to, n, in, batch);
    else if (node_is_scan_result(n))
        y = batch_scan_result(to, n, in);
    else if (n->op == &op_input && find_input(to, n))
        return find_input(to, n);
    else if (!n->batched)
        return NULL; /* a copy */
    else if (n->op == &op_input)
        y = batch_input(to, n, batch);
    else
        y = batch_marked(to, n, in, batch);
    y->batched = n->batched;
    if (y->id >= before && !y->name)
        y->name = n->name;
    /* what it is a view of holds the same values: the view may be simplified away */
    for (Node *x = y; x->id >= before && !x->path; x = x->in[0]) {
        x->path = n->path;
        if ((x->op->flags & OP_VIEW) == 0 || x->n_in != 1)
            break;
    }
    return y;
}
