/* graph_fuse.c - partitions nodes into groups: one kernel each.
 *
 * Before  STAGE_DIFF.
 * After   STAGE_GROUPED. A group is one of
 *           nest    a contraction and pointwise tails over its own elements;
 *           point   pointwise nodes of one shape;
 *           column  reductions over leading axes, pointwise values inlined into them,
 *                   and pointwise tails over what they give;
 *           row     reductions over trailing axes and what feeds and follows them with
 *                   the same leading axes: softmax, layer norm, cross-entropy.
 *         No value is computed twice, but for views, scalars, comparisons, and what
 *         costs a few flops over one value that is stored anyway.
 * Keeps   what is computed; random nodes stay single.
 * Cost    nodes times merges; merges are at most the nodes.
 * Source  greedy in topological order, as in XLA's instruction fusion; a merge is tried
 * on the union of two groups and kept when the union is legal (fuse_legal.c) and makes
 * no cycle. */
#include "passes/fuse.h"

static void add_dependency(Fuser *f, int reader, int read)
{
    IntVec *v = &f->reads[reader];
    for (int i = 0; i < v->n; i++)
        if (v->at[i] == read)
            return;
    vec_push(f->cx->scratch, v, read);
}

/* The nodes with groups that n reads, directly or through free nodes. */
static void find_reads(Fuser *f, int reader, const Node *n)
{
    for (int i = 0; i < n->n_in; i++) {
        const Node *x = n->in[i];
        if (f->p.of[x->id] != GROUP_FREE)
            add_dependency(f, reader, x->id);
        else
            find_reads(f, reader, x);
    }
}

static bool feeds_nest(const Graph *g, const Node *n)
{
    for (int i = n->id + 1; i < g->node.n; i++) {
        const Node *m = g->node.at[i];
        for (int j = 0; j < m->n_in; j++)
            if (m->in[j] == n &&
                (node_is_nest(m) || (m->op == &op_reshape && feeds_nest(g, m))))
                return true;
    }
    return false;
}

/* Repeated along an axis: computed there, it would cost more often. */
static bool feeds_broadcast(const Graph *g, const Node *n)
{
    for (int i = n->id + 1; i < g->node.n; i++) {
        const Node *m = g->node.at[i];
        for (int j = 0; j < m->n_in; j++)
            if (m->in[j] == n && (m->op == &op_broadcast ||
                                  (m->op == &op_reshape && feeds_broadcast(g, m))))
                return true;
    }
    return false;
}

/* ---- what is cheaper to repeat than to store ------------------------------------- */

enum { REPEAT_MAX = 8 }; /* flops an element */

static bool is_comparison(const Node *n)
{
    return (n->op->flags & OP_POINTWISE) && n->dtype == DTYPE_BOOL && n->n_in == 2;
}

/* A sum that keeps the last axis. */
static bool is_column_sum(const Node *n)
{
    int n_axes = 0;
    const int64_t *axes = node_is_reduction(n) ? attr_ints(n, "axes", &n_axes) : NULL;
    return n_axes > 0 && n->shape.rank > 0 &&
           axes[n_axes - 1] < n->in[0]->shape.rank - 1;
}

/* Is x in memory whatever is fused: an input, or read by what can only read memory? */
static bool is_stored_anyway(const Fuser *f, const Node *x)
{
    const Graph *g = f->g;
    if (!node_is_computed(x) || node_is_loop(x) || graph_has_result(g, x) ||
        feeds_nest(g, x))
        return true;
    for (int i = x->id + 1; i < g->node.n; i++) {
        const Node *m = g->node.at[i];
        if (node_is_reduction(m) && m->in[0] == x &&
            (node_is_nest(x) || is_column_sum(m))) /* never in the kernel of a nest */
            return true;
    }
    return false;
}

/* The one value of n's size that repeating n would read, and what it costs. */
typedef struct Repeat {
    const Node *base;
    int64_t cost;
    bool fails;
} Repeat;

static void find_base(const Fuser *f, const Node *n, const Node *x, Repeat *r)
{
    if (shape_count(&x->shape) < shape_count(&n->shape) || x->op == &op_constant)
        return; /* small: a scalar, a row, statistics */
    if (f->p.of[x->id] != GROUP_FREE || !node_is_computed(x)) {
        if (r->base && r->base != x)
            r->fails = true;
        r->base = x;
        return;
    }
    r->cost += op_weight(x->op);
    for (int i = 0; i < x->n_in; i++)
        find_base(f, n, x->in[i], r);
}

/* A wide value of a narrow one that is read once costs the same at its reader (the
 * terms of an int8 sum); stored by the kernel before, it would take four times the
 * memory. */
static bool is_cheaper_to_repeat(const Fuser *f, const Node *n)
{
    if (!(n->op->flags & OP_POINTWISE) || n->shape.rank == 0)
        return false;
    Repeat r = { .cost = op_weight(n->op) };
    for (int i = 0; i < n->n_in; i++)
        find_base(f, n, n->in[i], &r);
    if (r.fails || !r.base)
        return false;
    bool widened = dtype_bytes(r.base->dtype) < dtype_bytes(n->dtype);
    if (widened && graph_only_reader(f->g, n) != NULL)
        return true;
    if (r.cost > REPEAT_MAX)
        return false;
    return widened || n->late != r.base->late || is_stored_anyway(f, r.base);
}

static void free_cheap(Fuser *f)
{
    for (int i = 0; i < f->g->node.n; i++) {
        const Node *n = f->g->node.at[i];
        if (f->p.of[i] == GROUP_FREE || graph_has_result(f->g, n) ||
            feeds_nest(f->g, n))
            continue;
        if (feeds_broadcast(f->g, n))
            continue;
        if (is_comparison(n) || is_cheaper_to_repeat(f, n)) {
            f->p.of[i] = GROUP_FREE;
            f->repeated++;
        }
    }
}

/* ---- cycles ---------------------------------------------------------------------- */

/* Would a path leave the union of groups a and b and come back? */
static bool makes_cycle(Fuser *f, int a, int b)
{
    bool *after = arena_array(f->cx->scratch, bool, f->p.count + 1);
    int n_nodes = f->g->node.n;
    for (bool any = true; any;) {
        any = false;
        for (int i = 0; i < n_nodes; i++) {
            int group = f->p.of[i];
            if (group == GROUP_FREE || group == a || group == b || after[group])
                continue;
            for (int j = 0; j < f->reads[i].n; j++) {
                int from = f->p.of[f->reads[i].at[j]];
                if (from == a || from == b || after[from]) {
                    after[group] = true;
                    any = true;
                    break;
                }
            }
        }
    }
    for (int i = 0; i < n_nodes; i++) {
        if (f->p.of[i] != a && f->p.of[i] != b)
            continue;
        for (int j = 0; j < f->reads[i].n; j++) {
            int from = f->p.of[f->reads[i].at[j]];
            if (from != a && from != b && after[from])
                return true;
        }
    }
    return false;
}

/* ---- merging --------------------------------------------------------------------- */

static bool try_merge(Fuser *f, int a, int b)
{
    if (a == b)
        return false;
    ArenaMark mark = arena_mark(f->cx->scratch);
    bool ok = fuse_is_legal(f, a, b) && !makes_cycle(f, a, b);
    arena_rewind(f->cx->scratch, mark);
    if (!ok)
        return false;
    for (int i = 0; i < f->g->node.n; i++)
        if (f->p.of[i] == b)
            f->p.of[i] = a;
    f->merges++;
    return true;
}

static bool has_nest(const Fuser *f, int group)
{
    for (int i = 0; i < f->g->node.n; i++)
        if (f->p.of[i] == group && node_is_nest(f->g->node.at[i]))
            return true;
    return false;
}

/* Do readers of `node` exist, but for `except`, and are all of them column sums? */
static void find_readers(const Fuser *f, int node, int except, bool *any, bool *sums)
{
    *any = false;
    *sums = true;
    for (int i = node + 1; i < f->g->node.n; i++)
        for (int j = 0; f->p.of[i] != GROUP_FREE && j < f->reads[i].n; j++)
            if (f->reads[i].at[j] == node && i != except) {
                *any = true;
                *sums = *sums && is_column_sum(f->g->node.at[i]);
            }
}

/* What only column sums read is computed with them, from values that others read too:
 * not stored by the kernel of a contraction before. */
static bool feeds_column_sums_only(const Fuser *f, int node)
{
    const Node *n = f->g->node.at[node];
    bool any = false, sums = false;
    if (!(n->op->flags & OP_POINTWISE) || graph_has_result(f->g, n))
        return false;
    for (int i = 0; i < f->reads[node].n; i++) {
        int x = f->reads[node].at[i];
        find_readers(f, x, node, &any, &sums);
        if (!any && !graph_has_result(f->g, f->g->node.at[x]))
            return false;
    }
    find_readers(f, node, -1, &any, &sums);
    return any && sums;
}

/* Joins node i to the groups of what it reads: contractions first, latest first. */
static void join_producers(Fuser *f, int i)
{
    if (feeds_column_sums_only(f, i))
        return;
    for (int pass = 0; pass < 2; pass++)
        for (int best = f->g->node.n; best > 0;) {
            int next = -1;
            for (int j = 0; j < f->reads[i].n; j++) {
                int x = f->reads[i].at[j];
                if (x < best && x > next)
                    next = x;
            }
            if (next < 0)
                break;
            best = next;
            if (has_nest(f, f->p.of[next]) == (pass == 0))
                try_merge(f, f->p.of[next], f->p.of[i]);
        }
}

static bool are_siblings(const Node *a, const Node *b)
{
    if (!shape_equal(&a->shape, &b->shape) || b->n_in == 0 || a->n_in == 0 ||
        !shape_equal(&a->in[0]->shape, &b->in[0]->shape))
        return false;
    if (node_is_reduction(a))
        return node_is_reduction(b);
    bool pools =
        a->op->element && !(a->op->flags & (OP_POINTWISE | OP_VIEW | OP_RANDOM));
    bool same =
        b->op->element && !(b->op->flags & (OP_POINTWISE | OP_VIEW | OP_RANDOM));
    return pools && same && a->in[0] == b->in[0] && !node_reduces(a) &&
           !node_reduces(b);
}

static bool share_a_read(const Fuser *f, int a, int b)
{
    for (int i = 0; i < f->reads[a].n; i++)
        for (int j = 0; j < f->reads[b].n; j++)
            if (f->reads[a].at[i] == f->reads[b].at[j])
                return true;
    return false;
}

/* Reductions over the same elements, though neither reads the other; a pool and where
 * its maxima are. Threads meet less often; a device has one, and there what the two
 * read would only have to wait for each other in memory. */
static void join_siblings(Fuser *f)
{
    const Graph *g = f->g;
    for (int i = 0; i < g->node.n; i++)
        for (int j = i + 1; j < g->node.n && f->p.of[i] != GROUP_FREE; j++)
            if (f->p.of[j] != GROUP_FREE &&
                are_siblings(g->node.at[i], g->node.at[j]) &&
                (f->cx->options->target->is_host || share_a_read(f, i, j)))
                try_merge(f, f->p.of[i], f->p.of[j]);
}

static int64_t traffic(const Graph *g)
{
    int64_t bytes = 0;
    for (int i = 0; i < g->node.n; i++)
        if (g->node.at[i]->op == &op_group)
            bytes += body_bytes(g->node.at[i]);
    return bytes;
}

PassResult graph_fuse(PassContext *cx, Graph *g)
{
    pass_regions(cx, g, graph_fuse);
    Fuser f = { .cx = cx, .g = g, .p = grouping_new(cx, g) };
    int64_t before = 0;
    if (cx->options->stats)
        before = traffic(grouping_apply(cx, &f.p));
    free_cheap(&f);
    f.reads = arena_array(cx->scratch, IntVec, g->node.n);
    for (int i = 0; i < g->node.n; i++)
        if (f.p.of[i] != GROUP_FREE)
            find_reads(&f, i, g->node.at[i]);
    for (int i = 0; i < g->node.n; i++)
        if (f.p.of[i] != GROUP_FREE)
            join_producers(&f, i);
    join_siblings(&f);
    Graph *to = grouping_apply(cx, &f.p);
    if (cx->options->stats)
        out_print(
            &cx->stats,
            "fused %d nodes into %d groups; memory traffic %lld bytes, was %lld\n",
            f.p.count, f.p.count - f.repeated - f.merges, (long long)traffic(to),
            (long long)before);
    pass_replace(g, to);
    return PASS_CHANGED;
}
