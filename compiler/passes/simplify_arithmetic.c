/* simplify_arithmetic.c - rules for pointwise ops. */
#include "passes/group.h"
#include "passes/rewrite.h"
#include "passes/simplify.h"

#include <math.h>

static bool is_neg(const Node *n)
{
    return n->op == &op_neg;
}

/* x * c with a number c: gives x. */
static Node *scaled(Node *n, double *factor)
{
    if (n->op != &op_mul)
        return NULL;
    if (node_is_number(n->in[1], factor))
        return n->in[0];
    return node_is_number(n->in[0], factor) ? n->in[1] : NULL;
}

static Node *simplify_add(Graph *to, Node *a, Node *b)
{
    if (node_is_exactly(b, 0))
        return a;
    if (node_is_exactly(a, 0))
        return b;
    if (is_neg(b))
        return build_sub(to, a, b->in[0]);
    if (is_neg(a))
        return build_sub(to, b, a->in[0]);
    if (a == b && dtype_is_float(a->dtype)) /* a factor, which sums can do without */
        return build_mul(to, a, number_like(to, a, 2));
    return NULL;
}

static Node *simplify_sub(Graph *to, Node *a, Node *b)
{
    if (node_is_exactly(b, 0))
        return a;
    if (node_is_exactly(a, 0) && dtype_is_float(b->dtype))
        return build_neg(to, b);
    return is_neg(b) ? build_add(to, a, b->in[0]) : NULL;
}

static Node *simplify_mul(Graph *to, Node *a, Node *b)
{
    double c = 0, d = 0;
    if (node_is_number(a, &c)) { /* the number second */
        Node *x = a;
        a = b;
        b = x;
    }
    bool number = node_is_number(b, &c);
    if (number && c == 1)
        return a;
    if (number && c == -1 && dtype_is_float(a->dtype))
        return build_neg(to, a);
    Node *x = scaled(a, &d);
    if (number && x && dtype_is_float(a->dtype))
        return build_mul(to, x, number_like(to, x, c * d));
    if (number && is_neg(a))
        return build_mul(to, a->in[0], number_like(to, a, -c));
    if (is_neg(a) && is_neg(b))
        return build_mul(to, a->in[0], b->in[0]);
    return NULL;
}

static bool is_power_of_two(double c)
{
    int exponent = 0;
    return c != 0 && isfinite(c) && fabs(frexp(c, &exponent)) == 0.5 &&
           exponent > -120 && exponent < 120;
}

static Node *simplify_div(Graph *to, Node *a, Node *b)
{
    double c = 0;
    if (!dtype_is_float(a->dtype))
        return NULL;
    if (node_is_number(b, &c)) {
        if (c == 1)
            return a;
        if (is_power_of_two(c)) /* exact */
            return build_mul(to, a, number_like(to, a, 1 / c));
    }
    if (node_is_exactly(a, 1) && b->op == &op_sqrt)
        return build_rsqrt(to, b->in[0]);
    return NULL;
}

static Node *simplify_pow(Graph *to, Node *x, Node *y)
{
    double c = 0;
    if (!node_is_number(y, &c))
        return NULL;
    if (c == 0)
        return number_like(to, x, 1);
    if (c == 1)
        return x;
    if (c == 2)
        return build_mul(to, x, x);
    if (c == 3)
        return build_mul(to, build_mul(to, x, x), x);
    if (c == 4) {
        Node *square = build_mul(to, x, x);
        return build_mul(to, square, square);
    }
    if (c == 0.5)
        return build_sqrt(to, x);
    if (c == -0.5)
        return build_rsqrt(to, x);
    if (c == -1)
        return build_div(to, number_like(to, x, 1), x);
    if (c == -2)
        return build_div(to, number_like(to, x, 1), build_mul(to, x, x));
    return NULL;
}

/* z > 0 where max(z, 0) is at hand: the maximum answers as well, and is what the
 * network keeps (relu's own derivative then needs no second value). */
static Node *reuse_relu(Graph *to, const Node *n, Node *z, Node *zero)
{
    if (!node_is_exactly(zero, 0) || z->op == &op_max)
        return NULL;
    for (int i = z->id + 1; i < to->node.n; i++) {
        Node *m = to->node.at[i];
        if (m->op == &op_max && ((m->in[0] == z && node_is_exactly(m->in[1], 0)) ||
                                 (m->in[1] == z && node_is_exactly(m->in[0], 0))))
            return n->op == &op_gt ? build_gt(to, m, zero) : build_lt(to, zero, m);
    }
    return NULL;
}

/* Both sides are one number a tensor: computed once, then broadcast. */
static Node *hoist_broadcast(Graph *to, const Node *n, Node *const *in)
{
    if (n->n_in > OP_MAX_OPERANDS || n->shape.rank == 0)
        return NULL;
    Node *scalar[OP_MAX_OPERANDS];
    for (int i = 0; i < n->n_in; i++) {
        double c = 0;
        bool scalars = in[i]->op == &op_broadcast && in[i]->in[0]->shape.rank == 0;
        if (!scalars && !node_is_number(in[i], &c))
            return NULL;
        scalar[i] = scalars ? in[i]->in[0] : NULL;
    }
    for (int i = 0; i < n->n_in; i++) {
        double c = 0;
        if (!scalar[i] && node_is_number(in[i], &c)) {
            Tensor *t = tensor_new(to->arena, in[i]->dtype, shape_of(0, NULL));
            t->at[0] = c;
            scalar[i] = build_constant(to, t);
            attr_set(scalar[i], "bound", (AttrValue){ .i = in[i]->bound });
            scalar[i]->bound = in[i]->bound;
        }
    }
    Node *y = graph_copy_node(to, n, scalar);
    y->shape = shape_of(0, NULL);
    y->name = NULL;
    y->batched = false;
    for (int i = 0; i < n->n_in; i++)
        y->batched |= scalar[i]->batched;
    return build_broadcast(to, y, n->shape);
}

/* Is x a contraction, or pointwise steps behind one? Such a chain is one kernel. */
static bool is_nest_chain(const Node *x, int depth)
{
    if (node_is_nest(x))
        return true;
    if (!(x->op->flags & OP_POINTWISE) || !dtype_is_float(x->dtype) || depth > 8)
        return false; /* comparisons are repeated, they tie nothing together */
    for (int i = 0; i < x->n_in; i++)
        if (is_nest_chain(x->in[i], depth + 1))
            return true;
    return false;
}

/* f(reshape(chain), b) as reshape(f(chain, reshape(b))): f joins the chain's kernel. In
 * gelu both operands are such chains, behind one contraction. */
static Node *sink_reshape(Graph *to, const Node *n, Node *const *in)
{
    Node *chain = NULL, *moved[OP_MAX_OPERANDS];
    if (n->n_in > OP_MAX_OPERANDS)
        return NULL;
    for (int i = 0; i < n->n_in; i++) {
        bool reshaped = in[i]->op == &op_reshape && is_nest_chain(in[i]->in[0], 0);
        if (is_nest_chain(in[i], 0) ||
            (reshaped && chain && !shape_equal(&chain->shape, &in[i]->in[0]->shape)))
            return NULL;
        if (reshaped)
            chain = in[i]->in[0];
    }
    if (!chain)
        return NULL;
    for (int i = 0; i < n->n_in; i++) {
        double c = 0;
        if (node_is_number(in[i], &c)) {
            Node *x = in[i];
            while (x->op == &op_broadcast || x->op == &op_reshape)
                x = x->in[0];
            moved[i] = x->shape.rank == 0 ? build_broadcast(to, x, chain->shape)
                                          : build_reshape(to, in[i], chain->shape);
        } else if (in[i]->op == &op_reshape &&
                   shape_equal(&in[i]->in[0]->shape, &chain->shape)) {
            moved[i] = in[i]->in[0];
        } else {
            moved[i] = build_reshape(to, in[i], chain->shape);
        }
    }
    Node *y = graph_copy_node(to, n, moved);
    y->shape = chain->shape;
    y->name = NULL;
    return build_reshape(to, y, n->shape);
}

static Node *simplify_unary(Graph *to, const Node *n, Node *x)
{
    double c = 0, d = 0;
    Node *inner = NULL;
    switch (n->op->code) {
    case OP_neg:
        if (is_neg(x))
            return x->in[0];
        if (x->op == &op_sub)
            return build_sub(to, x->in[1], x->in[0]);
        inner = scaled(x, &c);
        d = -c;
        return inner ? build_mul(to, inner, number_like(to, inner, d)) : NULL;
    case OP_abs:
        return x->op == &op_abs || x->op == &op_exp ? x : NULL;
    case OP_cast:
        return x->dtype == n->dtype && x->bound == n->bound ? x : NULL;
    case OP_not:
        return x->op == &op_not ? x->in[0] : NULL;
    case OP_stop_gradient:
        return x;
    default:
        return NULL;
    }
}

static Node *simplify_binary(Graph *to, const Node *n, Node *a, Node *b)
{
    switch (n->op->code) {
    case OP_add:
        return simplify_add(to, a, b);
    case OP_sub:
        return simplify_sub(to, a, b);
    case OP_mul:
        return simplify_mul(to, a, b);
    case OP_div:
        return simplify_div(to, a, b);
    case OP_pow:
        return simplify_pow(to, a, b);
    case OP_gt:
        return reuse_relu(to, n, a, b);
    case OP_lt:
        return reuse_relu(to, n, b, a);
    case OP_max:
    case OP_min:
    case OP_and:
    case OP_or:
        return a == b ? a : NULL;
    default:
        return NULL;
    }
}

Node *simplify_arithmetic(Graph *to, const Node *n, Node *const *in)
{
    if (!(n->op->flags & OP_POINTWISE) && n->op != &op_stop_gradient)
        return NULL;
    Node *y = NULL;
    if (n->n_in == 1)
        y = simplify_unary(to, n, in[0]);
    else if (n->n_in == 2)
        y = simplify_binary(to, n, in[0], in[1]);
    if (!y && n->op == &op_select) {
        double c = 0;
        if (in[1] == in[2])
            y = in[1];
        else if (node_is_number(in[0], &c))
            y = c != 0 ? in[1] : in[2];
    }
    if (!y)
        y = hoist_broadcast(to, n, in);
    return y ? y : sink_reshape(to, n, in);
}
