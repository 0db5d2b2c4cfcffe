/* simplify_reduce.c - rules for reductions. */
#include "passes/rewrite.h"
#include "passes/simplify.h"

/* The sum of what a broadcast repeated is a multiple (sum_to of broadcast). */
static Node *sum_of_broadcast(Graph *to, const Node *n, Node *x)
{
    int n_axes = 0;
    const int64_t *axes = attr_ints(n, "axes", &n_axes);
    if (x->op != &op_broadcast || !dtype_is_float(x->dtype))
        return NULL;
    const Node *small = x->in[0];
    int skip = x->shape.rank - small->shape.rank;
    int64_t times = 1;
    bool reduced[SHAPE_MAX_RANK] = { false };
    for (int i = 0; i < n_axes; i++) {
        int axis = (int)axes[i];
        bool repeated = axis < skip || small->shape.dim[axis - skip] == 1;
        if (!repeated)
            return NULL;
        reduced[axis] = true;
        times *= x->shape.dim[axis];
    }
    /* what is left of the small one, still to be broadcast along the axes kept */
    Shape rest = { 0 };
    for (int i = 0; i < x->shape.rank; i++)
        if (!reduced[i])
            rest.dim[rest.rank++] = i < skip ? 1 : small->shape.dim[i - skip];
    Node *y = build_reshape(to, x->in[0], rest);
    y = build_broadcast(to, y, n->shape);
    return build_mul(to, y, number_like(to, y, (double)times));
}

static bool extents_are_one(const Node *n, const Node *x)
{
    int n_axes = 0;
    const int64_t *axes = attr_ints(n, "axes", &n_axes);
    for (int i = 0; i < n_axes; i++)
        if (x->shape.dim[axes[i]] != 1)
            return false;
    return true;
}

/* Axes of x that correspond to the reduced axes of its reshape, when the reshape moves
 * extents of 1 only. False: it does more. */
static bool axes_before_reshape(const Node *reshape, const int64_t *axes, int n_axes,
                                int *to, int *n_to)
{
    const Shape *x = &reshape->in[0]->shape, *y = &reshape->shape;
    int from = 0;
    *n_to = 0;
    for (int i = 0; i < y->rank; i++) {
        if (y->dim[i] == 1)
            continue;
        while (from < x->rank && x->dim[from] == 1)
            from++;
        if (from == x->rank || x->dim[from] != y->dim[i])
            return false;
        for (int j = 0; j < n_axes; j++)
            if (axes[j] == i)
                to[(*n_to)++] = from;
        from++;
    }
    while (from < x->rank && x->dim[from] == 1)
        from++;
    return from == x->rank;
}

/* reduce(reshape(x)): the reduction first, where the reshape moves units only. */
static Node *reduce_before_reshape(Graph *to, const Node *n, Node *x)
{
    int n_axes = 0, mapped[SHAPE_MAX_RANK], n_mapped = 0;
    const int64_t *axes = attr_ints(n, "axes", &n_axes);
    if (x->op != &op_reshape ||
        !axes_before_reshape(x, axes, n_axes, mapped, &n_mapped) || n_mapped == 0)
        return NULL;
    Node *y = build_reduce(to, n->op, x->in[0], n_mapped, mapped);
    return build_reshape(to, y, n->shape);
}

/* A sum of a sum, a maximum of a maximum: one reduction. */
static Node *merge_reductions(Graph *to, const Node *n, Node *x)
{
    if (x->op != n->op)
        return NULL;
    int n_outer = 0, n_inner = 0, all[SHAPE_MAX_RANK], count = 0;
    const int64_t *outer = attr_ints(n, "axes", &n_outer);
    const int64_t *inner = attr_ints(x, "axes", &n_inner);
    for (int i = 0, kept = 0; i < x->in[0]->shape.rank; i++) {
        bool reduced = false;
        for (int j = 0; j < n_inner; j++)
            reduced |= inner[j] == i;
        for (int j = 0; j < n_outer && !reduced; j++)
            if (outer[j] == kept)
                all[count++] = i;
        if (reduced)
            all[count++] = i;
        else
            kept++;
    }
    return build_reduce(to, n->op, x->in[0], count, all);
}

Node *simplify_reduce(Graph *to, const Node *n, Node *const *in)
{
    bool sum = n->op == &op_reduce_sum;
    if (!sum && n->op != &op_reduce_max && n->op != &op_reduce_prod)
        return NULL;
    if (in[0]->dtype == n->dtype && extents_are_one(n, in[0]))
        return build_reshape(to, in[0], n->shape);
    Node *y = merge_reductions(to, n, in[0]);
    if (!y)
        y = reduce_before_reshape(to, n, in[0]);
    return y || !sum ? y : sum_of_broadcast(to, n, in[0]);
}
