/* graph_schedule.c - in which order kernels run, and who may write in place.
 *
 * Before  STAGE_GROUPED.
 * After   every result is a different value of some group (copies are groups, too), but
 *         NEXT of an unchanged input; a group that makes the next value of a param or a
 *         state comes after all groups that read the old one, and if it reads it
 * itself, at the index it writes. So lower writes all of them in place. Keeps   what is
 * computed. Cost    quadratic in groups. Source  list scheduling; of two orders (as
 * created, and greedy by the bytes that a group adds and frees) the one with the lower
 * peak is kept. Where the order of updates is a cycle, one next value goes through
 * scratch and is copied last. */
#include "graph/build.h"
#include "graph/region.h"
#include "passes/group.h"

#include <string.h>

typedef struct Scheduler {
    PassContext *cx;
    Graph *g;
    const Node *scan; /* whose region g is; NULL: a function */
    int n;            /* groups */
    Node **group;     /* in order of creation */
    int *phase;       /* Node.late of what each computes */
    int *index;       /* by node id: which group; -1 */
    bool **before;    /* before[a][b]: a must run before b */
    int *users;       /* by node id: groups that read the value */
    int *order;
} Scheduler;

/* ---- results without a kernel ---------------------------------------------------- */

static bool is_group_value(const Node *n)
{
    return n->op == &op_result;
}

static bool same_input(const Result *r)
{
    const Node *v = r->value;
    return r->kind == RESULT_NEXT &&
           (node_is_input(v, INPUT_PARAM) || node_is_input(v, INPUT_STATE)) &&
           str_equal(attr_text(v, "path"), r->path);
}

static void copy_value(Graph *g, Result *r)
{
    g->span = r->value->span;
    g->frame = r->value->frame;
    r->value = group_copy(g, r->value);
}

static bool copy_results(Graph *g)
{
    bool changed = false;
    for (int i = 0; i < g->result.n; i++) {
        Result *r = &g->result.at[i];
        bool taken = (!is_group_value(r->value) && !same_input(r)) ||
                     node_is_scan_result(r->value);
        for (int j = 0; j < g->result.n && !taken; j++)
            taken = j != i && g->result.at[j].value == r->value && !same_input(r) &&
                    (j < i); /* the first keeps it */
        if (!taken)
            continue;
        copy_value(g, r);
        changed = true;
    }
    return changed;
}

/* Results of a region: each is a group's value of its own, but for what lies in the
 * rows that a carry leaves behind, and for a carry that never changes. */
static bool copy_region_results(Graph *g, const Node *scan)
{
    int carries = scan_parts(scan).carries;
    bool changed = false;
    for (int i = 0; i < g->result.n; i++) {
        Result *r = &g->result.at[i];
        bool taken = !is_group_value(r->value) || node_is_scan_result(r->value);
        for (int j = 0; j < i && !taken; j++)
            taken = g->result.at[j].value == r->value;
        if (i < carries && r->value == region_input(g, i) &&
            !scan_keeps_rows(g, carries, i))
            taken = false;
        if (i >= carries && scan_row_of(g, carries, r->value) >= 0)
            taken = false;
        if (!taken)
            continue;
        Node *old = r->value;
        copy_value(g, r);
        for (int j = carries; j < g->result.n && i < carries; j++)
            if (g->result.at[j].value == old && is_group_value(old) &&
                scan_row_of(g, carries, old) < 0)
                g->result.at[j].value = r->value;
        changed = true;
    }
    return changed;
}

/* ---- what comes before what ------------------------------------------------------ */

static bool is_kernel(const Node *n)
{
    return n->op == &op_group || n->op == &op_scan;
}

static int group_of(const Scheduler *s, const Node *n)
{
    return n->op == &op_result ? s->index[n->in[0]->id] : -1;
}

static const Node *input_of(const Graph *g, const char *path)
{
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if ((node_is_input(n, INPUT_PARAM) || node_is_input(n, INPUT_STATE)) &&
            str_equal(attr_text(n, "path"), path))
            return n;
    }
    return NULL;
}

static int operand_index(const Node *group, const Node *x)
{
    for (int i = 0; i < group->n_in; i++)
        if (group->in[i] == x)
            return i;
    return -1;
}

static int phase_of(const Node *group)
{
    int late = 0;
    for (int i = 0; i < group->body->node.n; i++)
        if (group->body->node.at[i]->late > late)
            late = group->body->node.at[i]->late;
    return late;
}

static void find_groups(Scheduler *s)
{
    Arena *a = s->cx->scratch;
    const Graph *g = s->g;
    s->n = 0;
    s->index = arena_array(a, int, g->node.n);
    s->users = arena_array(a, int, g->node.n);
    s->phase = arena_array(a, int, g->node.n + 1);
    s->group = arena_array(a, Node *, g->node.n + 1);
    for (int i = 0; i < g->node.n; i++) {
        s->index[i] = -1;
        if (is_kernel(g->node.at[i])) {
            s->index[i] = s->n;
            s->phase[s->n] = phase_of(g->node.at[i]);
            s->group[s->n++] = g->node.at[i];
        }
    }
    s->order = arena_array(a, int, s->n + 1);
    s->before = arena_array(a, bool *, s->n + 1);
    for (int i = 0; i < s->n; i++)
        s->before[i] = arena_array(a, bool, s->n);
    for (int i = 0; i < s->n; i++)
        for (int j = 0; j < s->group[i]->n_in; j++) {
            const Node *x = s->group[i]->in[j];
            s->users[x->id]++;
            if (group_of(s, x) >= 0)
                s->before[group_of(s, x)][i] = true;
        }
}

/* What the result is written over; NULL: nothing. */
static const Node *old_value(const Scheduler *s, const Result *r)
{
    int index = (int)(r - s->g->result.at);
    if (s->scan == NULL)
        return r->kind == RESULT_NEXT ? input_of(s->g, r->path) : NULL;
    int carries = scan_parts(s->scan).carries;
    if (index >= carries || scan_keeps_rows(s->g, carries, index))
        return NULL;
    return region_input(s->g, index);
}

/* Readers of the old value come before the writer. False: it cannot write in place. */
static bool order_update(Scheduler *s, const Result *r)
{
    int writer = group_of(s, r->value);
    const Node *old = old_value(s, r);
    if (writer < 0 || !old)
        return true;
    for (int i = 0; i < s->n; i++) {
        int operand = operand_index(s->group[i], old);
        if (operand < 0)
            continue;
        if (i != writer)
            s->before[i][writer] = true;
        else if (!operand_is_in_place(s->group[i], operand))
            return false;
    }
    return true;
}

/* A group on a cycle, -1 if there is none: what is left when sources are taken away. */
static int find_cycle(const Scheduler *s, bool *left)
{
    int count = s->n;
    for (int i = 0; i < s->n; i++)
        left[i] = true;
    for (bool any = true; any;) {
        any = false;
        for (int i = 0; i < s->n; i++) {
            bool source = left[i];
            for (int j = 0; j < s->n && source; j++)
                source = !(left[j] && s->before[j][i]);
            if (!source)
                continue;
            left[i] = false;
            any = true;
            count--;
        }
    }
    return count;
}

/* Sends the next value of r through scratch: a group copies it when all have read. */
static void copy_later(Scheduler *s, Result *r)
{
    copy_value(s->g, r);
}

/* Adds the order of updates; true when a copy was needed (then all is found anew). */
static bool order_updates(Scheduler *s)
{
    bool *left = arena_array(s->cx->scratch, bool, s->n + 1);
    for (int i = 0; i < s->g->result.n; i++) {
        Result *r = &s->g->result.at[i];
        if (old_value(s, r) == NULL)
            continue;
        if (!order_update(s, r) || find_cycle(s, left) > 0) {
            copy_later(s, r);
            return true;
        }
    }
    return false;
}

/* ---- the order ------------------------------------------------------------------- */

static int64_t bytes_of(const Node *n)
{
    return shape_count(&n->shape) * (int64_t)dtype_bytes(n->dtype);
}

static bool is_scratch(const Graph *g, const Node *n)
{
    if (n->op != &op_result)
        return false;
    for (int i = 0; i < g->result.n; i++)
        if (g->result.at[i].value == n)
            return false;
    return true;
}

/* Bytes that running group i adds to (then, with `freed`, takes from) what is alive. */
static void step_bytes(const Scheduler *s, int i, const int *users, int64_t *added,
                       int64_t *freed)
{
    *added = *freed = 0;
    for (int j = 0; j < s->g->node.n; j++) {
        const Node *n = s->g->node.at[j];
        if (n->op == &op_result && n->in[0] == s->group[i] && is_scratch(s->g, n))
            *added += bytes_of(n);
    }
    for (int j = 0; j < s->group[i]->n_in; j++) {
        const Node *x = s->group[i]->in[j];
        if (users[x->id] == 1 && is_scratch(s->g, x))
            *freed += bytes_of(x);
    }
}

/* What the backward pass computes again comes when nothing else can go on, in the order
 * of creation; before that, all of the forward pass. */
static int rank_of(const Scheduler *s, int i)
{
    static const int rank[] = { 0, 2, 1 }; /* by phase */
    return rank[s->phase[i]];
}

/* Does group i, that costs `cost`, go before `best`? */
static bool is_better(const Scheduler *s, int i, int64_t cost, int best, int64_t least)
{
    if (best < 0 || rank_of(s, i) != rank_of(s, best))
        return best < 0 || rank_of(s, i) < rank_of(s, best);
    return rank_of(s, i) < 2 && cost < least;
}

/* Fills `order`; returns the peak of scratch bytes. */
static int64_t list_schedule(Scheduler *s, bool greedy, int *order)
{
    bool *done = arena_array(s->cx->scratch, bool, s->n + 1);
    int *users = arena_array(s->cx->scratch, int, s->g->node.n);
    memcpy(users, s->users, (size_t)s->g->node.n * sizeof *users);
    int64_t alive = 0, peak = 0;
    for (int at = 0; at < s->n; at++) {
        int best = -1;
        int64_t best_cost = 0, added = 0, freed = 0;
        for (int i = 0; i < s->n; i++) {
            bool ready = !done[i];
            for (int j = 0; j < s->n && ready; j++)
                ready = done[j] || !s->before[j][i];
            if (!ready)
                continue;
            step_bytes(s, i, users, &added, &freed);
            int64_t cost = greedy ? added - freed : 0;
            if (is_better(s, i, cost, best, best_cost)) {
                best = i;
                best_cost = cost;
            }
        }
        if (best < 0)
            BUG("no order of the groups of %s", s->g->name);
        step_bytes(s, best, users, &added, &freed);
        alive += added;
        peak = alive > peak ? alive : peak;
        alive -= freed;
        for (int j = 0; j < s->group[best]->n_in; j++)
            users[s->group[best]->in[j]->id]--;
        done[best] = true;
        order[at] = best;
    }
    return peak;
}

/* The graph again, its groups in the chosen order. */
static Graph *reorder(const Scheduler *s)
{
    const Graph *g = s->g;
    Graph *to = graph_new(g->arena, g->name);
    to->stage = g->stage;
    to->batch = g->batch;
    to->next_stream = g->next_stream;
    Node **copy = arena_array(s->cx->scratch, Node *, g->node.n);
    for (int i = 0; i < g->node.n; i++)
        if (!node_is_computed(g->node.at[i]))
            copy[i] = graph_copy_node(to, g->node.at[i], NULL);
    for (int at = 0; at < s->n; at++) {
        const Node *group = s->group[s->order[at]];
        Node **in = arena_array(s->cx->scratch, Node *, group->n_in + 1);
        for (int j = 0; j < group->n_in; j++)
            in[j] = copy[group->in[j]->id];
        copy[group->id] = graph_copy_node(to, group, in);
        for (int i = 0; i < g->node.n; i++) {
            const Node *n = g->node.at[i];
            if (n->op == &op_result && n->in[0] == group)
                copy[i] = graph_copy_node(to, n, &copy[group->id]);
        }
    }
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        graph_add_result(to, r->kind, r->path, copy[r->value->id]);
    }
    return to;
}

static bool schedule(PassContext *cx, Graph *g, const Node *scan);

static bool schedule_regions(PassContext *cx, Graph *g)
{
    bool changed = false;
    for (int i = 0; i < g->node.n; i++) {
        Node *n = g->node.at[i];
        if (n->op != &op_scan)
            continue;
        Graph *own = graph_rebuild(n->body, NULL, NULL, true);
        if (!schedule(cx, own, n))
            continue;
        n->body = own;
        changed = true;
    }
    return changed;
}

static bool schedule(PassContext *cx, Graph *g, const Node *scan)
{
    bool changed = schedule_regions(cx, g);
    changed |= scan ? copy_region_results(g, scan) : copy_results(g);
    Scheduler s = { .cx = cx, .g = g, .scan = scan };
    do
        find_groups(&s);
    while (order_updates(&s) && (changed = true));
    int *greedy = arena_array(cx->scratch, int, s.n + 1);
    int64_t plain_peak = list_schedule(&s, false, s.order);
    int64_t greedy_peak = list_schedule(&s, true, greedy);
    if (greedy_peak < plain_peak)
        s.order = greedy;
    for (int i = 0; i < s.n; i++)
        changed |= s.order[i] != i;
    int64_t peak = greedy_peak < plain_peak ? greedy_peak : plain_peak;
    out_print(&cx->stats, "%d kernels, %lld bytes alive at most\n", s.n,
              (long long)peak);
    if (changed)
        pass_replace(g, reorder(&s));
    return changed;
}

PassResult graph_schedule(PassContext *cx, Graph *g)
{
    return schedule(cx, g, NULL) ? PASS_CHANGED : PASS_UNCHANGED;
}
