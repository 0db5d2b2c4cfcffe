/* quantize_match.c - what the quantizer looks for in a float graph, see quantize.h. */
#include "passes/quantize.h"

#include <math.h>

/* May n vanish into a pattern above it? */
static bool is_private(const Quantizer *z, const Node *n)
{
    return z->uses[n->id] == 1 && !z->stays[n->id];
}

/* The operand of n that is not a number, and the number. */
static const Node *with_number(const Node *n, double *number)
{
    if (node_is_number(n->in[1], number))
        return n->in[0];
    if (node_is_number(n->in[0], number))
        return n->in[1];
    return NULL;
}

Clamp match_clamp(const Quantizer *z, const Node *n)
{
    Clamp c = { n, -INFINITY, INFINITY };
    for (;;) {
        double number;
        const Node *at = c.inner;
        bool bound = at->op == &op_max || at->op == &op_min;
        const Node *x = bound ? with_number(at, &number) : NULL;
        if (x == NULL || !is_private(z, x))
            return c;
        if (at->op == &op_max)
            c.low = fmax(c.low, number);
        else
            c.high = fmin(c.high, number);
        c.inner = x;
    }
}

static bool is_contraction(const Node *n)
{
    if (n->dtype != DTYPE_F32 || (n->op != &op_conv2d && n->op != &op_dot))
        return false;
    const Node *w = n->in[1];
    bool plain =
        n->op == &op_conv2d || (attr_int(n, "transpose_a") == 0 &&
                                attr_int(n, "transpose_b") == 0 && w->shape.rank == 2);
    return plain && w->op == &op_constant && n->in[0]->batched;
}

/* A contraction behind reshapes that keep the last axis. */
static const Node *contraction_below(const Quantizer *z, const Node *n)
{
    int64_t last = n->shape.rank > 0 ? n->shape.dim[n->shape.rank - 1] : 1;
    while (n->op == &op_reshape && is_private(z, n->in[0]))
        n = n->in[0];
    bool same = n->shape.rank > 0 && n->shape.dim[n->shape.rank - 1] == last;
    return same && is_contraction(n) && !z->stays[n->id] ? n : NULL;
}

Affine match_affine(const Quantizer *z, const Node *n)
{
    Affine a = { contraction_below(z, n), NULL, NULL };
    if (a.node == NULL && n->op == &op_add)
        for (int i = 0; i < 2 && a.node == NULL; i++) {
            a.bias = last_axis_constant(n->in[1 - i]);
            if (a.bias != NULL && is_private(z, n->in[i]))
                a.node = contraction_below(z, n->in[i]);
        }
    if (a.node != NULL)
        a.weights = attr_tensor(a.node->in[1], "value");
    return a;
}

Mean match_mean(const Quantizer *z, const Node *n)
{
    Mean m = { NULL, 1 };
    const Node *x = n->op == &op_mul ? with_number(n, &m.factor) : n;
    if (x != NULL && x->op == &op_reduce_sum && m.factor > 0 &&
        (x == n || is_private(z, x)))
        m.sum = x;
    return m;
}

/* Through the axis of extent 1 that a reduction left, and its broadcast. */
static const Node *spread_of(const Node *n, const Op *op)
{
    while (n->op == &op_broadcast || n->op == &op_reshape)
        n = n->in[0];
    int count = 0;
    const int64_t *axes = n->op == op ? attr_ints(n, "axes", &count) : NULL;
    bool last = count == 1 && axes[0] == n->in[0]->shape.rank - 1;
    return last ? n->in[0] : NULL;
}

const Node *match_softmax(const Node *n)
{
    if (n->op != &op_div || n->in[0]->op != &op_exp ||
        spread_of(n->in[1], &op_reduce_sum) != n->in[0])
        return NULL;
    const Node *shifted = n->in[0]->in[0];
    if (shifted->op != &op_sub ||
        spread_of(shifted->in[1], &op_reduce_max) != shifted->in[0])
        return NULL;
    return shifted->in[0];
}

/* ---- functions of one value --------------------------------------------------------
 */

static bool is_byte_input(const Node *n)
{
    return n->op == &op_input && (n->dtype == DTYPE_U8 || n->dtype == DTYPE_I8);
}

/* The last node of a pattern with a rule of its own. */
static bool ends_pattern(const Quantizer *z, const Node *n)
{
    Clamp c = match_clamp(z, n);
    return match_affine(z, c.inner).node != NULL || match_mean(z, n).sum != NULL ||
           match_softmax(n) != NULL;
}

/* False: not an elementwise function of one value. `source` is what was found: as far
 * down as pointwise nodes reach. */
static bool follow(Quantizer *z, const Node *n, const Node *root, const Node **source,
                   int depth)
{
    double number;
    const Node *before = *source;
    if (node_is_number(n, &number))
        return true;
    bool through = (n->op->flags & OP_POINTWISE) != 0 && depth > 0 &&
                   !z->stays[n->id] && (n == root || !ends_pattern(z, n));
    /* bounds are taken with what they bound: never an int8 value between the two */
    const Node *inner = through ? match_clamp(z, n).inner : n;
    if (inner != n && (inner->op->flags & OP_POINTWISE) == 0)
        inner = n;
    for (int i = 0; through && i < inner->n_in; i++)
        through = follow(z, inner->in[i], root, source, depth - 1);
    if (through)
        return true;
    *source = before;
    if (n == root || (!is_byte_input(n) && quantize_try(z, n).node == NULL))
        return false;
    if (*source != NULL && *source != n)
        return false;
    *source = n;
    return true;
}

const Node *match_function(Quantizer *z, const Node *n)
{
    enum { DEPTH = 16 };
    const Node *source = NULL;
    if ((n->op->flags & OP_POINTWISE) == 0 || !follow(z, n, n, &source, DEPTH))
        return NULL;
    return source;
}
