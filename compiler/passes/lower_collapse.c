/* lower_collapse.c - a pointwise body over fewer, longer axes: neighbouring axes that
 * all nodes have, or none has, become one. Buffers are flat, so only shapes change. */
#include "graph/build.h"
#include "passes/group.h"
#include "passes/lower.h"

typedef struct Collapse {
    const Graph *body;
    Shape space;                 /* of the results */
    bool joined[SHAPE_MAX_RANK]; /* axis i goes with axis i + 1 */
} Collapse;

/* Extents of n, aligned with the last axes of the space; false: they do not align. */
static bool aligned(const Collapse *c, const Node *n, int64_t *dim)
{
    int skip = c->space.rank - n->shape.rank;
    if (skip < 0)
        return false;
    for (int i = 0; i < c->space.rank; i++) {
        dim[i] = i < skip ? 1 : n->shape.dim[i - skip];
        if (dim[i] != 1 && dim[i] != c->space.dim[i])
            return false;
    }
    return true;
}

static bool same_alignment(const Collapse *c, const Node *a, const Node *b)
{
    int64_t x[SHAPE_MAX_RANK], y[SHAPE_MAX_RANK];
    if (!aligned(c, a, x) || !aligned(c, b, y))
        return false;
    for (int i = 0; i < c->space.rank; i++)
        if (x[i] != y[i])
            return false;
    return true;
}

static bool collapses(const Collapse *c, const Node *n)
{
    int64_t dim[SHAPE_MAX_RANK];
    if (!aligned(c, n, dim))
        return false;
    if (n->op == &op_reshape)
        return same_alignment(c, n, n->in[0]);
    return !node_is_computed(n) || n->op == &op_broadcast ||
           (n->op->flags & OP_POINTWISE);
}

/* Axis i can go with i + 1 as far as n is concerned. */
static void restrict_axes(Collapse *c, const Node *n)
{
    int64_t dim[SHAPE_MAX_RANK];
    aligned(c, n, dim);
    if (n->shape.rank == 0)
        return;
    int before = -1; /* the last axis of more than one element */
    for (int i = 0; i < c->space.rank; i++) {
        if (c->space.dim[i] == 1)
            continue;
        if (before >= 0 && (dim[before] == 1) != (dim[i] == 1))
            c->joined[before] = false;
        before = i;
    }
}

static Shape collapsed(const Collapse *c, const Node *n)
{
    if (n->shape.rank == 0)
        return n->shape;
    int64_t dim[SHAPE_MAX_RANK];
    aligned(c, n, dim);
    Shape y = { .rank = 1, .dim = { 1 } };
    for (int i = 0; i < c->space.rank; i++) {
        y.dim[y.rank - 1] *= dim[i];
        if (i + 1 < c->space.rank && !c->joined[i])
            y.dim[y.rank++] = 1;
    }
    return y;
}

static Node *collapse_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    const Collapse *c = context;
    Shape shape = collapsed(c, n);
    if (n->op == &op_broadcast)
        return build_broadcast(to, in[0], shape);
    if (n->op == &op_reshape)
        return build_reshape(to, in[0], shape);
    if (n->op == &op_constant) { /* of one value */
        Tensor *t = tensor_new(to->arena, n->dtype, shape);
        for (int64_t i = 0; i < shape_count(&shape); i++)
            t->at[i] = attr_tensor(n, "value")->at[0];
        Node *k = build_constant(to, t);
        attr_set(k, "bound", (AttrValue){ .i = n->bound });
        k->bound = n->bound;
        return k;
    }
    Node *y = graph_copy_node(to, n, in);
    y->shape = shape;
    return y;
}

const Graph *collapse_axes(const Graph *body)
{
    Collapse c = { .body = body, .space = body->result.at[0].value->shape };
    if (c.space.rank < 2)
        return body;
    for (int i = 0; i < body->result.n; i++)
        if (!shape_equal(&body->result.at[i].value->shape, &c.space))
            return body;
    for (int i = 0; i + 1 < c.space.rank; i++)
        c.joined[i] = true;
    for (int i = 0; i < body->node.n; i++) {
        if (!collapses(&c, body->node.at[i]))
            return body;
        restrict_axes(&c, body->node.at[i]);
    }
    bool any = false;
    for (int i = 0; i + 1 < c.space.rank; i++)
        any |= c.joined[i];
    return any ? graph_rebuild(body, collapse_node, &c, true) : body;
}
