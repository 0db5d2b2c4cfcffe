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

Node *simplify_reduce(Graph *to, const Node *n, Node *const *in)
{
    bool sum = n->op == &op_reduce_sum;
    if (!sum && n->op != &op_reduce_max && n->op != &op_reduce_prod)
        return NULL;
    if (in[0]->dtype == n->dtype && extents_are_one(n, in[0]))
        return build_reshape(to, in[0], n->shape);
    return sum ? sum_of_broadcast(to, n, in[0]) : NULL;
}
