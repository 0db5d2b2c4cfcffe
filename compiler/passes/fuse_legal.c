/* fuse_legal.c - which sets of nodes one kernel can compute, see graph_fuse.c. */
#include "passes/fuse.h"

/* Elements of a row that a kernel keeps on its stack; fewer when there is one row only,
 * since it cannot be shared among threads. */
enum { ROW_MAX = 4096, SINGLE_ROW_MAX = 1024 };

typedef struct Union {
    Fuser *f;
    int a, b;
    const Node *nest;  /* the one contraction, pool, gather ...; NULL: none */
    const Node *first; /* first member */
    int reductions, randoms, members;
    Shape space; /* of the reductions' results, without units */
} Union;

static bool is_member(const Union *u, const Node *n)
{
    int group = u->f->p.of[n->id];
    return group == u->a || group == u->b;
}

static bool at_space(const Union *u, const Node *n)
{
    Shape x = shape_squeeze(&n->shape);
    return shape_equal(&x, &u->space);
}

/* Has an element rule that loops or chooses what it reads: pools, gather, cumsum. */
static bool is_opaque(const Node *n)
{
    return !(n->op->flags & (OP_POINTWISE | OP_RANDOM)) && !node_reduces(n);
}

/* Is n read by another group, or a result? */
static bool is_read_outside(const Union *u, const Node *n)
{
    const Graph *g = u->f->g;
    for (int i = 0; i < g->result.n; i++)
        if (g->result.at[i].value == n)
            return true;
    for (int i = n->id + 1; i < g->node.n; i++) {
        if (u->f->p.of[i] == GROUP_FREE || is_member(u, g->node.at[i]))
            continue;
        for (int j = 0; j < u->f->reads[i].n; j++)
            if (u->f->reads[i].at[j] == n->id)
                return true;
    }
    return false;
}

/* ---- how members read members ---------------------------------------------------- */

/* Does x, or what it reads through free nodes, contain a member? */
static bool reaches_member(const Union *u, const Node *x)
{
    if (u->f->p.of[x->id] != GROUP_FREE)
        return is_member(u, x);
    for (int i = 0; i < x->n_in; i++)
        if (reaches_member(u, x->in[i]))
            return true;
    return false;
}

/* Members are read directly or through pointwise nodes: at the same element. */
static bool reads_same_element(const Union *u, const Node *n)
{
    for (int i = 0; i < n->n_in; i++) {
        const Node *x = n->in[i];
        if (u->f->p.of[x->id] != GROUP_FREE || !reaches_member(u, x))
            continue;
        if (!(x->op->flags & OP_POINTWISE) || !reads_same_element(u, x))
            return false;
    }
    return true;
}

static bool keeps_prefix(const Union *u, const Node *x)
{
    int prefix = shape_prefix(&u->space, &x->shape);
    if (prefix < 0)
        return false;
    if (x->op->flags & OP_POINTWISE)
        return true;
    const Shape *in = &x->in[0]->shape;
    int in_prefix = shape_prefix(&u->space, in);
    if (in_prefix < 0)
        return false;
    if (x->op == &op_reshape)
        return true;
    if (x->op == &op_broadcast)
        return in->rank == x->shape.rank && in_prefix == prefix;
    if (x->op == &op_transpose) {
        int n = 0;
        const int64_t *axes = attr_ints(x, "axes", &n);
        for (int i = 0; i < prefix; i++)
            if (axes[i] != i)
                return false;
        return true;
    }
    return u->space.rank == 0;
}

/* Members are read in the row of the point. */
static bool reads_same_row(const Union *u, const Node *n)
{
    for (int i = 0; i < n->n_in; i++) {
        const Node *x = n->in[i];
        if (u->f->p.of[x->id] != GROUP_FREE || !reaches_member(u, x))
            continue;
        if (!keeps_prefix(u, x) || !reads_same_row(u, x))
            return false;
    }
    return true;
}

/* ---- the four kinds -------------------------------------------------------------- */

/* A contraction, or pools and the like over one result space, and tails over their
 * elements; what they read is stored before. */
static bool legal_nest(const Union *u)
{
    const Graph *g = u->f->g;
    if (u->reductions)
        return false;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (u->f->p.of[i] == GROUP_FREE || !is_member(u, n))
            continue;
        if (n == u->nest || is_opaque(n)) {
            if (!shape_equal(&n->shape, &u->nest->shape))
                return false;
            for (int j = 0; j < n->n_in; j++)
                if (reaches_member(u, n->in[j]))
                    return false;
        } else if (!shape_equal(&n->shape, &u->nest->shape) ||
                   !reads_same_element(u, n)) {
            return false;
        }
    }
    return true;
}

static bool legal_point(const Union *u)
{
    const Graph *g = u->f->g;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (u->f->p.of[i] == GROUP_FREE || !is_member(u, n))
            continue;
        if (!shape_equal(&n->shape, &u->first->shape) || !reads_same_element(u, n))
            return false;
    }
    return true;
}

static bool reduces_trailing(const Union *u, const Node *n)
{
    int n_axes = 0, prefix = shape_prefix(&u->space, &n->in[0]->shape);
    const int64_t *axes = n->op == &op_argmax ? NULL : attr_ints(n, "axes", &n_axes);
    if (n->op == &op_argmax)
        return prefix >= 0; /* the last axis */
    for (int i = 0; i < n_axes; i++)
        if (n->in[0]->shape.dim[axes[i]] != 1 && axes[i] < prefix)
            return false;
    return prefix >= 0;
}

/* Every member is one number a point, or a short row of it. */
static bool legal_row(const Union *u)
{
    const Graph *g = u->f->g;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (u->f->p.of[i] == GROUP_FREE || !is_member(u, n))
            continue;
        if (shape_prefix(&u->space, &n->shape) < 0 || !reads_same_row(u, n))
            return false;
        if (node_reduces(n) && (!at_space(u, n) || !reduces_trailing(u, n)))
            return false;
        if (at_space(u, n))
            continue;
        int64_t row = shape_count(&n->shape) / shape_count(&u->space);
        int64_t most = u->space.rank == 0 ? SINGLE_ROW_MAX : ROW_MAX;
        if (row > most && is_read_outside(u, n))
            return false;
    }
    return true;
}

/* Does a reduction of the union follow another one? */
static bool reduction_below(const Union *u, const Node *n, bool top)
{
    if (!top && u->f->p.of[n->id] != GROUP_FREE) {
        if (!is_member(u, n))
            return false;
        if (node_reduces(n))
            return true;
    }
    for (int i = 0; i < n->n_in; i++)
        if (reduction_below(u, n->in[i], false))
            return true;
    return false;
}

/* Long rows that are read twice would be computed twice: one stage of reductions only.
 */
static bool rows_are_short(const Union *u)
{
    const Graph *g = u->f->g;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (u->f->p.of[i] == GROUP_FREE || !is_member(u, n))
            continue;
        int64_t row = shape_count(&n->shape) / shape_count(&u->space);
        if (node_reduces(n))
            row = shape_count(&n->in[0]->shape) / shape_count(&u->space);
        int64_t most = u->space.rank == 0 ? SINGLE_ROW_MAX : ROW_MAX;
        if (row > most && reduction_below(u, n, true))
            return false;
    }
    return true;
}

/* Reductions over leading axes: inlined producers that nothing else reads, and tails.
 */
static bool legal_column(const Union *u)
{
    const Graph *g = u->f->g;
    const Node *one = NULL;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (u->f->p.of[i] == GROUP_FREE || !is_member(u, n))
            continue;
        if (node_reduces(n)) {
            if (!at_space(u, n) || reduction_below(u, n, true) ||
                (one && !shape_equal(&one->in[0]->shape, &n->in[0]->shape)))
                return false;
            one = n;
        } else if (at_space(u, n)) {
            if (!reads_same_element(u, n))
                return false;
        } else if (is_read_outside(u, n) || !reads_same_element(u, n) ||
                   reduction_below(u, n, true)) {
            return false;
        }
    }
    return true;
}

static bool survey(Union *u)
{
    const Graph *g = u->f->g;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (u->f->p.of[i] == GROUP_FREE || !is_member(u, n))
            continue;
        if (node_is_loop(n) || n->op == &op_extern)
            return false;
        if (!u->first)
            u->first = n;
        u->members++;
        if (n->late != u->first->late)
            return false;
        if (node_is_nest(n) || is_opaque(n)) {
            if (u->nest && (node_is_nest(n) || node_is_nest(u->nest)))
                return false;
            u->nest = n;
        } else if (node_reduces(n)) {
            if (u->reductions++ == 0)
                u->space = shape_squeeze(&n->shape);
        } else if (n->op->flags & OP_RANDOM) {
            u->randoms++;
        }
    }
    return true;
}

bool fuse_is_legal(Fuser *f, int a, int b)
{
    Union u = { .f = f, .a = a, .b = b };
    if (!survey(&u) || u.randoms)
        return false;
    if (u.nest)
        return legal_nest(&u);
    if (!u.reductions)
        return legal_point(&u);
    if (legal_row(&u) && rows_are_short(&u))
        return true;
    return legal_column(&u);
}
