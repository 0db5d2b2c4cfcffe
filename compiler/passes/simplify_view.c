/* simplify_view.c - rules for views: reshape, transpose, broadcast, slice, pad. */
#include "passes/rewrite.h"
#include "passes/simplify.h"

static bool same_shape(const Node *a, const Node *b)
{
    return shape_equal(&a->shape, &b->shape);
}

static Node *simplify_reshape(Graph *to, const Node *n, Node *x)
{
    double c = 0;
    if (same_shape(n, x))
        return x;
    if (x->op == &op_reshape)
        return build_reshape(to, x->in[0], n->shape);
    if (node_is_number(x, &c) && x->op != &op_constant)
        return number_like(to, n, c);
    return NULL;
}

/* Only axes of extent 1 move: the elements stay where they are. */
static bool keeps_order(const Node *x, const int64_t *axes)
{
    int64_t last = -1;
    for (int i = 0; i < x->shape.rank; i++) {
        if (x->shape.dim[axes[i]] == 1)
            continue;
        if (axes[i] < last)
            return false;
        last = axes[i];
    }
    return true;
}

static Node *simplify_transpose(Graph *to, const Node *n, Node *x)
{
    int rank = 0, n_inner = 0, both[SHAPE_MAX_RANK];
    const int64_t *axes = attr_ints(n, "axes", &rank);
    if (keeps_order(x, axes))
        return build_reshape(to, x, n->shape);
    if (x->op != &op_transpose)
        return NULL;
    const int64_t *inner = attr_ints(x, "axes", &n_inner);
    for (int i = 0; i < rank; i++)
        both[i] = (int)inner[axes[i]];
    return build_transpose(to, x->in[0], both);
}

/* Is x the trailing part of s, or of the same rank with units? (dl's broadcasting) */
static bool broadcasts_to(const Shape *x, const Shape *s)
{
    Shape y;
    return shape_broadcast(x, s, &y) && shape_equal(&y, s);
}

static Node *simplify_broadcast(Graph *to, const Node *n, Node *x)
{
    if (same_shape(n, x))
        return x;
    if (x->op != &op_broadcast)
        return NULL;
    /* both align trailing axes, so one does the same wherever dl can write it */
    const Shape *a = &x->in[0]->shape, *c = &n->shape;
    if (a->rank > c->rank || !broadcasts_to(a, c))
        return NULL;
    return build_broadcast(to, x->in[0], *c);
}

/* x as it is, cut or padded by nothing. */
static Node *simplify_cut(const Node *n, Node *x)
{
    return same_shape(n, x) ? x : NULL;
}

static Node *simplify_slice(const Node *n, Node *x)
{
    return same_shape(n, x) ? x : NULL; /* steps are positive */
}

/* x^T as an operand: the product reads it transposed. */
static Node *simplify_dot(Graph *to, const Node *n, Node *const *in)
{
    bool flag[2] = { attr_int(n, "transpose_a") != 0, attr_int(n, "transpose_b") != 0 };
    Node *x[2] = { in[0], in[1] };
    bool changed = false;
    for (int i = 0; i < 2; i++) {
        int rank = 0;
        if (x[i]->op != &op_transpose)
            continue;
        const int64_t *axes = attr_ints(x[i], "axes", &rank);
        bool last_two =
            rank >= 2 && axes[rank - 1] == rank - 2 && axes[rank - 2] == rank - 1;
        for (int j = 0; j < rank - 2; j++)
            last_two = last_two && axes[j] == j;
        if (!last_two)
            continue;
        x[i] = x[i]->in[0];
        flag[i] = !flag[i];
        changed = true;
    }
    return changed ? build_dot(to, x[0], x[1], flag[0], flag[1]) : NULL;
}

Node *simplify_view(Graph *to, const Node *n, Node *const *in)
{
    switch (n->op->code) {
    case OP_reshape:
        return simplify_reshape(to, n, in[0]);
    case OP_transpose:
        return simplify_transpose(to, n, in[0]);
    case OP_broadcast:
        return simplify_broadcast(to, n, in[0]);
    case OP_slice:
        return simplify_slice(n, in[0]);
    case OP_pad:
        return simplify_cut(n, in[0]);
    case OP_concat:
        return n->n_in == 1 ? in[0] : NULL;
    case OP_dot:
        return simplify_dot(to, n, in);
    default:
        return NULL;
    }
}
