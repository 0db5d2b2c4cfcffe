/* hoist_sum.c - sums over time without a loop: the gradient of a weight is the sum over
 * all steps of a^T d, which is one product of all rows.
 *
 *   sum_t dot(a_t, b_t)  =  dot of the stacks, time and the summed axis as one
 *   sum_t reduce(x_t)    =  reduce of the stack over time, too
 *   linear ops           =  the op on the sum
 *   small values         =  the sum of their stack */
#include "passes/hoist.h"

enum { SMALL = 4096 }; /* elements that are stacked rather than carried */

static bool is_linear(const Node *x)
{
    return x->op == &op_reshape || x->op == &op_transpose || x->op == &op_neg ||
           x->op == &op_broadcast || x->op == &op_slice || x->op == &op_pad;
}

static bool is_plain_dot(const Node *x)
{
    return x->op == &op_dot && x->in[0]->shape.rank == 2 && x->in[1]->shape.rank == 2;
}

static bool is_scatter(const Node *x)
{
    return x->op == &op_scatter_add && x->in[0]->shape.rank < SHAPE_MAX_RANK &&
           x->in[1]->shape.rank < SHAPE_MAX_RANK;
}

/* The operand of a product that is the same at every step: 0, 1; -1: none. */
static int constant_factor(const Hoist *h, const Node *x)
{
    if (x->op != &op_mul && !is_plain_dot(x))
        return -1;
    for (int i = 0; i < 2; i++)
        if (h->depends[x->in[i]->id] == ON_CONSTANTS)
            return i;
    return -1;
}

bool hoist_can_sum(Hoist *h, const Node *x)
{
    if (h->depends[x->id] == ON_CONSTANTS || x->shape.rank == SHAPE_MAX_RANK)
        return false;
    int factor = constant_factor(h, x);
    if (is_linear(x) && x->op != &op_pad)
        return hoist_can_sum(h, x->in[0]);
    if (x->op == &op_pad)
        return attr_float(x, "value") == 0 && hoist_can_sum(h, x->in[0]);
    if (x->op == &op_add || x->op == &op_sub)
        return hoist_can_sum(h, x->in[0]) && hoist_can_sum(h, x->in[1]);
    if (factor >= 0)
        return hoist_can_sum(h, x->in[1 - factor]);
    if (x->op == &op_reduce_sum || is_plain_dot(x) || is_scatter(x))
        return x->in[0]->shape.rank < SHAPE_MAX_RANK;
    return shape_count(&x->shape) <= SMALL;
}

void hoist_want_sum(Hoist *h, const Node *x)
{
    int factor = constant_factor(h, x);
    if (is_linear(x)) {
        hoist_want_sum(h, x->in[0]);
    } else if (x->op == &op_add || x->op == &op_sub) {
        hoist_want_sum(h, x->in[0]);
        hoist_want_sum(h, x->in[1]);
    } else if (factor >= 0) {
        hoist_want_sum(h, x->in[1 - factor]);
    } else if (x->op == &op_reduce_sum || is_plain_dot(x) || is_scatter(x)) {
        for (int i = 0; i < x->n_in; i++)
            hoist_want(h, x->in[i]);
    } else {
        hoist_want(h, x);
    }
}

static Node *same_op(Hoist *h, const Node *x, Node *const *in)
{
    Node *y = graph_copy_node(h->to, x, in);
    y->name = NULL;
    return y;
}

/* Rows of all steps, each [m, k] (or transposed [k, m]), as [m, t k] (or [t k, m]). */
static Node *joined(Hoist *h, Node *x, bool summed_first)
{
    Node *rows = hoist_outside(h, x);
    int64_t t = rows->shape.dim[0], a = rows->shape.dim[1], b = rows->shape.dim[2];
    const int axes[] = { 1, 0, 2 };
    if (summed_first)
        return build_reshape(h->to, rows, shape_2(t * a, b));
    return build_reshape(h->to, build_transpose(h->to, rows, axes), shape_2(a, t * b));
}

static Node *sum_dot(Hoist *h, Node *x)
{
    bool ta = attr_int(x, "transpose_a") != 0, tb = attr_int(x, "transpose_b") != 0;
    Node *a = joined(h, x->in[0], ta), *b = joined(h, x->in[1], !tb);
    return build_dot(h->to, a, b, ta, tb);
}

static Node *sum_reduce(Hoist *h, Node *x)
{
    int n = 0, axes[SHAPE_MAX_RANK] = { 0 };
    const int64_t *old = attr_ints(x, "axes", &n);
    for (int i = 0; i < n; i++)
        axes[i + 1] = (int)old[i] + 1;
    return build_reduce(h->to, &op_reduce_sum, hoist_outside(h, x->in[0]), n + 1, axes);
}

static Node *sum_factor(Hoist *h, Node *x, int factor)
{
    Node *in[2];
    in[factor] = hoist_outside(h, x->in[factor]);
    in[1 - factor] = hoist_sum(h, x->in[1 - factor]);
    return same_op(h, x, in);
}

Node *hoist_sum(Hoist *h, Node *x)
{
    Graph *to = h->to;
    const int time = 0;
    int factor = constant_factor(h, x);
    if (is_linear(x)) {
        Node *in[1] = { hoist_sum(h, x->in[0]) };
        return same_op(h, x, in);
    }
    if (x->op == &op_add || x->op == &op_sub) {
        Node *in[2] = { hoist_sum(h, x->in[0]), hoist_sum(h, x->in[1]) };
        return same_op(h, x, in);
    }
    if (factor >= 0)
        return sum_factor(h, x, factor);
    if (x->op == &op_reduce_sum)
        return sum_reduce(h, x);
    if (is_plain_dot(x))
        return sum_dot(h, x);
    if (is_scatter(x))
        return build_scatter_add(to, hoist_outside(h, x->in[0]),
                                 hoist_outside(h, x->in[1]), attr_int(x, "rows"));
    return build_reduce(to, &op_reduce_sum, hoist_outside(h, x), 1, &time);
}
