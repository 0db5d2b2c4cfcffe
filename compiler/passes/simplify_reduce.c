/* simplify_reduce.c - rules for reductions. */
#include "passes/rewrite.h"
#include "passes/simplify.h"

/* x without the axes that n reduces, where x is the same along them: else NULL. Counts
 * how often each element stands there. */
static Node *without_reduced_axes(Graph *to, const Node *n, Node *x, int64_t *times)
{
    int n_axes = 0;
    const int64_t *axes = attr_ints(n, "axes", &n_axes);
    if (x->op != &op_broadcast || !dtype_is_float(x->dtype))
        return NULL;
    const Node *small = x->in[0];
    int skip = x->shape.rank - small->shape.rank;
    bool reduced[SHAPE_MAX_RANK] = { false };
    *times = 1;
    for (int i = 0; i < n_axes; i++) {
        int axis = (int)axes[i];
        bool repeated = axis < skip || small->shape.dim[axis - skip] == 1;
        if (!repeated)
            return NULL;
        reduced[axis] = true;
        *times *= x->shape.dim[axis];
    }
    /* what is left of the small one, still to be broadcast along the axes kept */
    Shape rest = { 0 };
    for (int i = 0; i < x->shape.rank; i++)
        if (!reduced[i])
            rest.dim[rest.rank++] = i < skip ? 1 : small->shape.dim[i - skip];
    return build_broadcast(to, build_reshape(to, x->in[0], rest), n->shape);
}

/* The sum of what a broadcast repeated is a multiple (sum_to of broadcast). */
static Node *sum_of_broadcast(Graph *to, const Node *n, Node *x)
{
    int64_t times = 1;
    Node *y = without_reduced_axes(to, n, x, &times);
    return y ? build_mul(to, y, number_like(to, y, (double)times)) : NULL;
}

/* ---- factors --------------------------------------------------------------------- */

enum { FACTORS_MAX = 8 };

/* A product: factors that vary along the reduced axes, those that do not, divisors that
 * do not. */
typedef struct Product {
    Node *varying[FACTORS_MAX], *factor[FACTORS_MAX], *divisor[FACTORS_MAX];
    int n_varying, n_factor, n_divisor;
    bool negative;
} Product;

static Node *same_along(Graph *to, const Node *n, Node *x)
{
    int64_t times = 1;
    return without_reduced_axes(to, n, x, &times);
}

/* False: too many. */
static bool collect_factors(Graph *to, const Node *n, Node *x, Product *p)
{
    if (p->n_varying + p->n_factor + p->n_divisor >= FACTORS_MAX - 1)
        return false;
    Node *y = same_along(to, n, x);
    if (y) {
        p->factor[p->n_factor++] = y;
        return true;
    }
    if (x->op == &op_neg) {
        p->negative = !p->negative;
        return collect_factors(to, n, x->in[0], p);
    }
    if (x->op == &op_mul)
        return collect_factors(to, n, x->in[0], p) &&
               collect_factors(to, n, x->in[1], p);
    y = x->op == &op_div ? same_along(to, n, x->in[1]) : NULL;
    if (!y) {
        p->varying[p->n_varying++] = x;
        return true;
    }
    p->divisor[p->n_divisor++] = y;
    return collect_factors(to, n, x->in[0], p);
}

/* sum(x * c) = sum(x) * c, for what is the same along the axes of the sum: fewer
 * operations an element, and sums that differ in their factors only become one. */
static Node *sum_without_factors(Graph *to, const Node *n, Node *x)
{
    Product p = { 0 };
    if (!dtype_is_float(n->dtype) || x->dtype != n->dtype ||
        !(x->op == &op_mul || x->op == &op_div || x->op == &op_neg) ||
        !collect_factors(to, n, x, &p) || p.n_varying == 0)
        return NULL;
    if (p.n_factor + p.n_divisor == 0 && !p.negative)
        return NULL;
    int n_axes = 0, list[SHAPE_MAX_RANK];
    const int64_t *axes = attr_ints(n, "axes", &n_axes);
    for (int i = 0; i < n_axes; i++)
        list[i] = (int)axes[i];
    Node *y = p.varying[0];
    for (int i = 1; i < p.n_varying; i++)
        y = build_mul(to, y, p.varying[i]);
    y = build_reduce(to, n->op, y, n_axes, list);
    for (int i = 0; i < p.n_factor; i++)
        y = build_mul(to, y, p.factor[i]);
    for (int i = 0; i < p.n_divisor; i++)
        y = build_binary(to, &op_div, y, p.divisor[i]);
    return p.negative ? build_unary(to, &op_neg, y) : y;
}

/* ---- reductions of reductions ---------------------------------------------------- */

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
    if (!y && sum)
        y = sum_of_broadcast(to, n, in[0]);
    return y || !sum ? y : sum_without_factors(to, n, in[0]);
}
