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
 *         No value is computed twice, but for comparisons, views and scalars.
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

/* Comparisons are cheaper to repeat than to store. */
static bool is_cheap_bool(const Node *n)
{
    switch (n->op->code) {
    case OP_eq:
    case OP_ne:
    case OP_ge:
    case OP_gt:
    case OP_le:
    case OP_lt:
        return true;
    case OP_cast:
        return n->in[0]->dtype == DTYPE_BOOL && is_cheap_bool(n->in[0]);
    default:
        return false;
    }
}

static bool is_result(const Graph *g, const Node *n)
{
    for (int i = 0; i < g->result.n; i++)
        if (g->result.at[i].value == n)
            return true;
    return false;
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

static void free_comparisons(Fuser *f)
{
    for (int i = 0; i < f->g->node.n; i++) {
        const Node *n = f->g->node.at[i];
        if (is_cheap_bool(n) && !is_result(f->g, n) && !feeds_nest(f->g, n))
            f->p.of[i] = GROUP_FREE;
    }
}

/* ---- cycles
 * ------------------------------------------------------------------------------ */

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

/* ---- merging
 * ----------------------------------------------------------------------------- */

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

/* Joins node i to the groups of what it reads: contractions first, latest first. */
static void join_producers(Fuser *f, int i)
{
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

/* Reductions over the same elements, though neither reads the other; a pool and where
 * its maxima are. */
static void join_siblings(Fuser *f)
{
    const Graph *g = f->g;
    for (int i = 0; i < g->node.n; i++)
        for (int j = i + 1; j < g->node.n && f->p.of[i] != GROUP_FREE; j++)
            if (f->p.of[j] != GROUP_FREE && are_siblings(g->node.at[i], g->node.at[j]))
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
    Fuser f = { .cx = cx, .g = g, .p = grouping_new(cx, g) };
    int64_t before = 0;
    if (cx->options->stats)
        before = traffic(grouping_apply(cx, &f.p));
    free_comparisons(&f);
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
            f.p.count, f.p.count - f.merges, (long long)traffic(to), (long long)before);
    pass_replace(g, to);
    return PASS_CHANGED;
}
