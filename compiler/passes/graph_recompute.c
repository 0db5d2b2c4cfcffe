/* graph_recompute.c - values of the forward pass that the backward pass computes again
 * instead of finding them in memory.
 *
 * Before  STAGE_DIFF; runs when options->recompute asks (a `ram:` budget).
 * After   what follows the results of the forward pass reads of its large values only
 *         those that are kept: not results of pointwise ops and views, which are
 *         computed again from what is kept; with recompute = k > 1, of the others only
 *         those where one of k segments of about equal bytes ends, and all of the last
 *         segment. A copy stands before its first reader, so that a segment is there
 *         when its gradients are; it and all that is not forward is `late`, so that no
 *         kernel of the forward pass computes it. Inputs, constants and small values
 * (statistics of batch normalization) are never computed again. Keeps   values, and
 * random numbers: a copy has its original's stream. Cost    linear in nodes. Source
 * Chen, Xu, Zhang, Guestrin: Training deep nets with sublinear memory cost (2016),
 * algorithms 2 and 3. */
#include "graph/build.h"
#include "passes/rewrite.h"

enum { SMALL = 64 }; /* below 1 / SMALL of the largest value */

/* Node.late: what is computed again, and what reads it. */
typedef enum Phase { PHASE_AGAIN = 1, PHASE_BACKWARD } Phase;

typedef struct Recompute {
    PassContext *cx;
    const Graph *g;
    Graph *to;
    bool *forward;                   /* by id: a loss, a metric or an output needs it */
    bool *kept;                      /* by id: the backward pass reads it from memory */
    bool *seen;                      /* by id, while looking for what is needed */
    Node **first;                    /* by id: in the new graph */
    Node **copy[PHASE_BACKWARD + 1]; /* by id: copies; NULL: none yet */
    int64_t small;                   /* bytes */
    int copies;
} Recompute;

static int64_t bytes_of(const Node *n)
{
    return shape_count(&n->shape) * (int64_t)dtype_bytes(n->dtype);
}

/* Not int8: its sums are four times as large. */
static bool is_cheap(const Node *n)
{
    return n->dtype != DTYPE_I8 &&
           (n->op->flags & (OP_POINTWISE | OP_VIEW | OP_RANDOM)) != 0;
}

/* Never computed again: inputs, constants, loops over time. */
static bool is_given(const Recompute *r, const Node *n)
{
    return n->n_in == 0 ? !(n->op->flags & OP_RANDOM)
                        : n->body != NULL || n->op == &op_result ||
                              (!is_cheap(n) && bytes_of(n) <= r->small);
}

/* Ancestors of what the function reports or gives back; the largest of them. */
static void find_forward(Recompute *r)
{
    const Graph *g = r->g;
    int64_t largest = 0;
    for (int i = 0; i < g->result.n; i++) {
        ResultKind kind = g->result.at[i].kind;
        if (kind == RESULT_REPORT || kind == RESULT_OUTPUT)
            r->forward[g->result.at[i].value->id] = true;
    }
    for (int i = g->node.n - 1; i >= 0; i--) {
        const Node *n = g->node.at[i];
        if (!r->forward[i])
            continue;
        largest = n->n_in > 0 && bytes_of(n) > largest ? bytes_of(n) : largest;
        for (int k = 0; k < n->n_in; k++)
            r->forward[n->in[k]->id] = true;
    }
    r->small = largest / SMALL;
}

/* Marks the large values that n is computed from, through what is cheap. */
static void need(Recompute *r, const Node *n)
{
    if (r->seen[n->id])
        return;
    r->seen[n->id] = true;
    if (is_given(r, n) || !is_cheap(n)) {
        r->kept[n->id] = true;
        return;
    }
    for (int k = 0; k < n->n_in; k++)
        need(r, n->in[k]);
}

static void find_kept(Recompute *r)
{
    const Graph *g = r->g;
    int64_t total = 0, run = 0;
    int last = -1;
    for (int i = 0; i < g->node.n; i++)
        for (int k = 0; k < g->node.at[i]->n_in && !r->forward[i]; k++)
            if (r->forward[g->node.at[i]->in[k]->id])
                need(r, g->node.at[i]->in[k]);
    for (int i = 0; i < g->node.n; i++)
        if (r->kept[i] && !is_given(r, g->node.at[i]))
            total += bytes_of(g->node.at[i]);
    int segments = r->cx->options->recompute;
    bool *ends = arena_array(r->cx->scratch, bool, g->node.n + 1);
    for (int i = 0; i < g->node.n && segments > 1; i++) {
        if (!r->kept[i] || is_given(r, g->node.at[i]))
            continue;
        run += bytes_of(g->node.at[i]);
        ends[i] = run * r->cx->options->recompute >= total;
        if (!ends[i])
            continue;
        last = i;
        run = 0;
        segments--;
    }
    for (int i = 0; i < last; i++)
        r->kept[i] = r->kept[i] && (ends[i] || is_given(r, g->node.at[i]));
}

static Node *copy_of(Recompute *r, const Node *n, Phase phase);

/* For the backward pass a large value is the one in memory, or its copy. */
static Node *anchor_of(Recompute *r, const Node *n)
{
    return r->kept[n->id] || is_given(r, n) ? r->first[n->id]
                                            : copy_of(r, n, PHASE_AGAIN);
}

/* What is cheap has two copies: one in the chain that leads to the next large value,
 * one for each kernel of the backward pass that reads it. */
static Node *copy_of(Recompute *r, const Node *n, Phase phase)
{
    Node **copy = &r->copy[phase][n->id];
    if (is_given(r, n) || r->kept[n->id])
        return r->first[n->id];
    if (*copy != NULL)
        return *copy;
    Node **in = arena_array(r->cx->scratch, Node *, n->n_in + 1);
    for (int k = 0; k < n->n_in; k++)
        in[k] = phase == PHASE_BACKWARD && !is_cheap(n->in[k])
                    ? anchor_of(r, n->in[k])
                    : copy_of(r, n->in[k], phase);
    *copy = graph_copy_node(r->to, n, in);
    (*copy)->name = NULL;
    (*copy)->late = phase;
    r->copies += phase == PHASE_AGAIN && !is_cheap(n);
    return *copy;
}

static Node *read_back(Recompute *r, const Node *n)
{
    return is_cheap(n) ? copy_of(r, n, PHASE_BACKWARD) : anchor_of(r, n);
}

static void rebuild(Recompute *r)
{
    const Graph *g = r->g;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        Node **in = arena_array(r->cx->scratch, Node *, n->n_in + 1);
        for (int k = 0; k < n->n_in; k++) {
            const Node *x = n->in[k];
            in[k] =
                !r->forward[i] && r->forward[x->id] ? read_back(r, x) : r->first[x->id];
        }
        r->first[i] = graph_copy_node(r->to, n, in);
        r->first[i]->late = !r->forward[i] && n->n_in > 0 ? PHASE_BACKWARD : 0;
    }
    for (int i = 0; i < g->result.n; i++) {
        const Result *y = &g->result.at[i];
        graph_add_result(r->to, y->kind, y->path, r->first[y->value->id]);
    }
}

PassResult graph_recompute(PassContext *cx, Graph *g)
{
    Arena *a = cx->scratch;
    Recompute r = { .cx = cx, .g = g };
    r.forward = arena_array(a, bool, g->node.n + 1);
    r.kept = arena_array(a, bool, g->node.n + 1);
    r.seen = arena_array(a, bool, g->node.n + 1);
    r.first = arena_array(a, Node *, g->node.n + 1);
    for (int phase = PHASE_AGAIN; phase <= PHASE_BACKWARD; phase++)
        r.copy[phase] = arena_array(a, Node *, g->node.n + 1);
    r.to = graph_new(g->arena, g->name);
    r.to->stage = g->stage;
    r.to->batch = g->batch;
    r.to->next_stream = g->next_stream;
    find_forward(&r);
    find_kept(&r);
    rebuild(&r);
    if (r.to->node.n == g->node.n)
        return PASS_UNCHANGED;
    out_print(&cx->stats, "%d nodes again, %d of them not pointwise\n",
              r.to->node.n - g->node.n, r.copies);
    pass_replace(g, graph_rebuild(r.to, NULL, NULL, true));
    return PASS_CHANGED;
}
