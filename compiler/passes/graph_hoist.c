/* graph_hoist.c - out of loops over time what need not be in them.
 *
 * Before  STAGE_BATCHED or STAGE_DIFF; scans anywhere.
 * After   of each scan, results that nobody reads, and carries, rows and constants that
 *         then have no use, are gone. Outside are computed
 *           before  what depends on constants only, once; contractions of rows, and
 * what follows them without a carry, for all steps at once; after   contractions that
 * only ys need, and what follows them; sums over time (hoist_sum.c): of an LSTM's
 * weights one product remains. The last row of a carry is the carry after the loop.
 * Keeps   values, up to the order of sums.
 * Cost    linear in nodes.
 * Source  Appleyard, Kocisky, Blunsom: Optimizing performance of recurrent neural
 *         networks on GPUs (2016): one product for the inputs of all steps. */
#include "graph/batch.h"
#include "passes/hoist.h"
#include "passes/rewrite.h"

/* ---- what depends on what ----------------------------------------------------------
 */

static void find_dependence(Hoist *h)
{
    for (int i = 0; i < h->w->node.n; i++) {
        Node *x = h->w->node.at[i];
        h->mark[i] = x->batched;
        for (int j = 0; j < x->n_in; j++)
            if (h->depends[x->in[j]->id] > h->depends[i])
                h->depends[i] = h->depends[x->in[j]->id];
        for (int j = 0; j < h->p.carries + h->p.rows && x->op == &op_input; j++)
            if (region_input(h->w, j) == x)
                h->depends[i] = j < h->p.carries ? ON_CARRIES : ON_ROWS;
    }
    for (int i = 0; i < h->w->node.n; i++) /* marks are for batch rules from here on */
        h->w->node.at[i]->batched = h->depends[i] != ON_CONSTANTS;
}

/* Carries whose last value is read, or on which something wanted depends. */
static void find_live(Hoist *h, const bool *used)
{
    for (int i = 0; i < h->p.carries; i++)
        h->keeps_carry[i] = used[i];
    for (int i = h->p.carries; i < h->w->result.n; i++)
        if (used[i])
            h->live[h->w->result.at[i].value->id] = true;
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < h->p.carries; i++)
            if (h->keeps_carry[i])
                h->live[h->w->result.at[i].value->id] = true;
        hoist_mark_needed(h, h->live);
        for (int i = 0; i < h->p.carries; i++)
            if (!h->keeps_carry[i] && h->live[region_input(h->w, i)->id])
                more = h->keeps_carry[i] = true;
    }
}

/* ---- sums --------------------------------------------------------------------------
 */

static int count_readers(const Hoist *h, const Node *x)
{
    int n = 0;
    for (int i = 0; i < h->w->node.n; i++)
        for (int j = 0; h->live[i] && j < h->w->node.at[i]->n_in; j++)
            n += h->w->node.at[i]->in[j] == x;
    for (int i = 0; i < h->w->result.n; i++)
        n += h->w->result.at[i].value == x;
    return n;
}

/* next = c + x where nothing else reads c or next; x, or NULL. */
static Node *summand(const Hoist *h, int carry)
{
    const Node *c = region_input(h->w, carry), *next = h->w->result.at[carry].value;
    if (next->op != &op_add || count_readers(h, c) != 1 || count_readers(h, next) != 1)
        return NULL;
    Node *x = next->in[0] == c ? next->in[1] : next->in[1] == c ? next->in[0] : NULL;
    return x;
}

static void find_sums(Hoist *h)
{
    for (int i = 0; i < h->p.carries; i++) {
        const Node *x = h->keeps_carry[i] ? summand(h, i) : NULL;
        h->is_sum[i] = x != NULL && hoist_can_sum(h, x);
    }
}

/* ---- what moves --------------------------------------------------------------------
 */

bool hoist_can_batch(const Node *n)
{
    if (n->op->flags & (OP_RANDOM | OP_STRUCTURE) || n->shape.rank == SHAPE_MAX_RANK)
        return n->op == &op_constant;
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i]->shape.rank == SHAPE_MAX_RANK)
            return false;
    return n->op->batch != NULL || (n->op->flags & OP_POINTWISE) || n->n_in == 0;
}

/* Numbers and views are made where they are read. */
static bool is_trivial(const Node *n)
{
    return n->op == &op_constant || n->op == &op_input || n->op == &op_iota ||
           n->op == &op_broadcast || n->op == &op_reshape;
}

static void find_lifted(Hoist *h)
{
    bool *heavy = arena_array(h->a, bool, h->w->node.n);
    for (int i = 0; i < h->w->node.n; i++) {
        const Node *x = h->w->node.at[i];
        if (!h->live[i] || h->depends[i] == ON_CARRIES || x->op == &op_input ||
            !hoist_can_batch(x))
            continue;
        bool able = true;
        heavy[i] = hoist_is_heavy(x);
        for (int j = 0; j < x->n_in; j++) {
            const Node *y = x->in[j];
            heavy[i] |= heavy[y->id];
            able &= y->op == &op_input || is_trivial(y) || hoist_can_batch(y);
        }
        h->lifted[i] =
            able && (h->depends[i] == ON_CONSTANTS ? !is_trivial(x) : heavy[i]);
    }
    for (int i = h->w->node.n - 1; i >= 0; i--) /* with all that they read */
        for (int j = 0; h->lifted[i] && j < h->w->node.at[i]->n_in; j++) {
            const Node *y = h->w->node.at[i]->in[j];
            h->lifted[y->id] |= y->op != &op_input;
        }
}

/* Lifted with everything below it, as all ops there have a batch rule; else none is. */
static void check_lifted(Hoist *h)
{
    for (int i = 0; i < h->w->node.n; i++) {
        bool able = h->lifted[i] && hoist_can_batch(h->w->node.at[i]);
        for (int j = 0; able && j < h->w->node.at[i]->n_in; j++) {
            const Node *y = h->w->node.at[i]->in[j];
            able = y->op == &op_input || h->lifted[y->id];
        }
        h->lifted[i] = able;
    }
}

/* ---- values outside ----------------------------------------------------------------
 */

static int input_index(const Hoist *h, const Node *x)
{
    for (int i = 0; i < h->n->n_in; i++)
        if (region_input(h->w, i) == x)
            return i;
    BUG("an input that is none of the region's");
}

void hoist_want(Hoist *h, const Node *x)
{
    bool row = x->op == &op_input && input_index(h, x) >= h->p.carries;
    if (h->depends[x->id] == ON_CONSTANTS || h->lifted[x->id] || row)
        return;
    if (!h->sunk[x->id]) {
        h->stacked[x->id] = true;
        return;
    }
    for (int i = 0; i < x->n_in; i++)
        hoist_want(h, x->in[i]);
}

Node *hoist_outside(Hoist *h, Node *x)
{
    Node **y = &h->outside[x->id];
    if (*y != NULL)
        return *y;
    if (h->stacked[x->id]) {
        *y = build_result(h->to, h->loop, h->y_index[x->id]);
    } else if (x->op == &op_input) {
        *y = h->in[input_index(h, x)];
    } else {
        Node **in = arena_array(h->a, Node *, x->n_in + 1);
        for (int i = 0; i < x->n_in; i++)
            in[i] = hoist_outside(h, x->in[i]);
        h->to->span = x->span;
        h->to->frame = x->frame;
        *y = x->batched ? batch_marked(h->to, x, in, h->p.length)
                        : graph_copy_node(h->to, x, in);
        (*y)->name = NULL;
    }
    return *y;
}

/* ---- the loop that remains ---------------------------------------------------------
 */

typedef struct Remains {
    Graph *body;
    Node **copy;    /* by id in w */
    Node **flipped; /* by id in w: a constant, transposed */
    VEC(Node *) carry, row, constant;
} Remains;

/* A product that reads constants transposed at every step: they are transposed once. */
static bool reads_transposed(const Hoist *h, const Node *x)
{
    return x->op == &op_dot && attr_int(x, "transpose_b") != 0 && !h->lifted[x->id] &&
           x->in[1]->op == &op_input && x->in[1]->shape.rank == 2 &&
           h->depends[x->in[1]->id] == ON_CONSTANTS;
}

static void new_input(Hoist *h, Remains *r, const Node *x)
{
    r->copy[x->id] = build_input(r->body, INPUT_OPERAND, attr_text(x, "path"), x->dtype,
                                 x->shape, x->bound, h->mark[x->id]);
    r->copy[x->id]->name = x->name;
}

/* Where the loop begins to read what is outside: views of lifted rows stay in it. */
static bool is_frontier(const Hoist *h, const Node *x)
{
    if (is_trivial(x) && h->depends[x->id] == ON_CONSTANTS)
        return false;
    bool view = x->op->flags & OP_VIEW && x->n_in == 1 &&
                (h->lifted[x->in[0]->id] || x->in[0]->op == &op_input);
    return h->lifted[x->id] && !view;
}

static void find_read(const Hoist *h, const Node *x, bool *read)
{
    if (read[x->id])
        return;
    read[x->id] = true;
    int n = reads_transposed(h, x) ? 1 : x->n_in;
    for (int i = 0; i < n && !is_frontier(h, x); i++)
        find_read(h, x->in[i], read);
}

/* The constant b^T as an operand of the new loop, the same for all its readers. */
static Node *transposed(Hoist *h, Remains *r, Node *b)
{
    if (r->flipped[b->id] != NULL)
        return r->flipped[b->id];
    Node *outside = build_transpose_last(h->to, hoist_outside(h, b));
    vec_push(h->a, &r->constant, outside);
    r->flipped[b->id] =
        build_input(r->body, INPUT_OPERAND, NULL, b->dtype, outside->shape, 0, false);
    return r->flipped[b->id];
}

static Node *import(Hoist *h, Remains *r, const Node *x)
{
    if (r->copy[x->id] != NULL)
        return r->copy[x->id];
    bool flips = reads_transposed(h, x);
    Node **in = arena_array(h->a, Node *, x->n_in + 1);
    for (int i = 0; i < x->n_in; i++)
        in[i] = flips && i == 1 ? transposed(h, r, x->in[1]) : import(h, r, x->in[i]);
    Node *y = graph_copy_node(r->body, x, in);
    if (flips)
        attr_set(y, "transpose_b", (AttrValue){ .i = 0 });
    y->batched = h->mark[x->id];
    r->copy[x->id] = y;
    return y;
}

static void make_inputs(Hoist *h, Remains *r, const bool *read)
{
    for (int i = 0; i < h->p.carries; i++)
        if (h->keeps_carry[i] && !h->is_sum[i]) {
            new_input(h, r, region_input(h->w, i));
            vec_push(h->a, &r->carry, h->in[i]);
        }
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < h->w->node.n; i++) {
            Node *x = h->w->node.at[i];
            bool given = x->op == &op_input || is_frontier(h, x);
            bool row = h->depends[i] == ON_ROWS;
            if (!read[i] || !given || h->depends[i] == ON_CARRIES || row != (pass == 0))
                continue;
            r->copy[i] = build_input(r->body, INPUT_OPERAND,
                                     x->op == &op_input ? attr_text(x, "path") : NULL,
                                     x->dtype, x->shape, x->bound, h->mark[i]);
            r->copy[i]->name = x->name;
            Node *from = hoist_outside(h, x);
            if (row)
                vec_push(h->a, &r->row, from);
            else
                vec_push(h->a, &r->constant, from);
        }
}

static void build_loop(Hoist *h)
{
    Remains r = { .body = graph_new(h->w->arena, h->n->body->name),
                  .copy = arena_array(h->a, Node *, h->w->node.n),
                  .flipped = arena_array(h->a, Node *, h->w->node.n) };
    bool *read = arena_array(h->a, bool, h->w->node.n);
    VEC(Node *) in = { 0 };
    r.body->stage = h->n->body->stage;
    r.body->batch = h->n->body->batch;
    r.body->next_stream = h->n->body->next_stream;
    for (int i = 0; i < h->p.carries; i++)
        if (h->keeps_carry[i] && !h->is_sum[i])
            find_read(h, h->w->result.at[i].value, read);
    for (int i = 0; i < h->w->node.n; i++)
        if (h->stacked[i])
            find_read(h, h->w->node.at[i], read);
    make_inputs(h, &r, read);
    for (int i = 0; i < h->w->node.n; i++)
        if (read[i] && !h->lifted[i])
            import(h, &r, h->w->node.at[i]);
    for (int i = 0; i < h->p.carries; i++)
        if (h->keeps_carry[i] && !h->is_sum[i])
            graph_add_result(r.body, RESULT_OPERAND, NULL,
                             import(h, &r, h->w->result.at[i].value));
    for (int i = 0; i < h->w->node.n; i++)
        if (h->stacked[i]) {
            h->y_index[i] = r.body->result.n;
            graph_add_result(r.body, RESULT_OPERAND, NULL,
                             import(h, &r, h->w->node.at[i]));
        }
    for (int i = 0; i < r.carry.n; i++)
        vec_push(h->a, &in, r.carry.at[i]);
    for (int i = 0; i < r.row.n; i++)
        vec_push(h->a, &in, r.row.at[i]);
    for (int i = 0; i < r.constant.n; i++)
        vec_push(h->a, &in, r.constant.at[i]);
    h->to->span = h->n->span;
    h->to->frame = h->n->frame;
    if (r.body->result.n > 0)
        h->loop = build_scan(h->to, r.body, r.carry.n, r.row.n, h->p.length,
                             h->p.reverse, in.n, in.at);
}

/* ---- one scan -----------------------------------------------------------------------
 */

static void want_results(Hoist *h, const bool *used)
{
    for (int i = h->p.carries; i < h->w->result.n; i++)
        if (used[i])
            hoist_want(h, h->w->result.at[i].value);
    for (int i = 0; i < h->p.carries; i++)
        if (h->is_sum[i])
            hoist_want_sum(h, summand(h, i));
}

/* What stands for result i from now on. */
static void make_results(Hoist *h, const bool *used, Node **result)
{
    int carry = 0;
    for (int i = 0; i < h->p.carries; i++) {
        bool carried = h->keeps_carry[i] && !h->is_sum[i];
        if (carried && used[i])
            result[i] = build_result(h->to, h->loop, carry);
        else if (h->is_sum[i])
            result[i] = build_add(h->to, h->in[i], hoist_sum(h, summand(h, i)));
        carry += carried;
    }
    for (int i = h->p.carries; i < h->w->result.n; i++) {
        Node *value = h->w->result.at[i].value;
        if (!used[i])
            continue;
        result[i] = hoist_outside(h, value);
        if (h->depends[value->id] == ON_CONSTANTS)
            result[i] = batch_broadcast(h->to, result[i], h->p.length);
    }
}

static Hoist hoist_new(PassContext *cx, Graph *to, const Node *n, Node *const *in)
{
    Hoist h = { .a = cx->scratch, .to = to, .n = n, .in = in, .p = scan_parts(n) };
    h.w = graph_rebuild(n->body, NULL, NULL, true);
    int count = h.w->node.n;
    h.mark = arena_array(h.a, bool, count);
    h.depends = arena_array(h.a, Depends, count);
    h.live = arena_array(h.a, bool, count);
    h.for_carry = arena_array(h.a, bool, count);
    h.keeps_carry = arena_array(h.a, bool, h.p.carries + 1);
    h.is_sum = arena_array(h.a, bool, h.p.carries + 1);
    h.lifted = arena_array(h.a, bool, count);
    h.sunk = arena_array(h.a, bool, count);
    h.outside = arena_array(h.a, Node *, count);
    h.stacked = arena_array(h.a, bool, count);
    h.y_index = arena_array(h.a, int, count);
    return h;
}

static bool moves_anything(const Hoist *h, const bool *used)
{
    bool any = false;
    for (int i = 0; i < h->w->node.n; i++)
        any |= h->lifted[i] || h->sunk[i] || reads_transposed(h, h->w->node.at[i]) ||
               (h->w->node.at[i]->op == &op_input && !h->live[i]);
    for (int i = 0; i < h->p.carries; i++)
        any |= h->is_sum[i] || !h->keeps_carry[i];
    for (int i = h->p.carries; i < h->w->result.n; i++) {
        const Node *value = h->w->result.at[i].value;
        any |= !used[i] || h->depends[value->id] == ON_CONSTANTS ||
               (value->op == &op_input && h->depends[value->id] == ON_ROWS);
        for (int j = h->p.carries; j < i; j++)
            any |= h->w->result.at[j].value == value;
    }
    return any;
}

/* Results by index, NULL for those that nobody reads; NULL: the scan is as it should
 * be. */
static Node **hoist_scan(PassContext *cx, Graph *to, const Node *n, Node *const *in,
                         const bool *used)
{
    Hoist h = hoist_new(cx, to, n, in);
    Node **result = arena_array(cx->scratch, Node *, n->body->result.n);
    find_dependence(&h);
    find_live(&h, used);
    find_lifted(&h);
    check_lifted(&h);
    find_sums(&h);
    hoist_find_sunk(&h, used, cx->options->target);
    if (!moves_anything(&h, used))
        return NULL;
    want_results(&h, used);
    build_loop(&h);
    make_results(&h, used, result);
    return result;
}

/* ---- the last row
 * -------------------------------------------------------------------- */

/* y's rows are the carry after each step: which one; -1. */
static int carry_of(const Node *y)
{
    const Graph *body = y->in[0]->body;
    ScanParts p = scan_parts(y->in[0]);
    int64_t index = attr_int(y, "index");
    for (int i = 0; i < p.carries && index >= p.carries; i++)
        if (body->result.at[i].value == body->result.at[index].value)
            return i;
    return -1;
}

/* A slice of the last step's row alone is the carry after the loop. */
static Node *last_row(Graph *to, const Node *n, Node *const *in)
{
    const Node *x = in[0];
    int time = 0, count = 0;
    if (x->op == &op_transpose) { /* [batch, t, ..] of [t, batch, ..] */
        const int64_t *axes = attr_ints(x, "axes", &count);
        bool swaps = count >= 2 && axes[0] == 1 && axes[1] == 0;
        for (int i = 2; i < count; i++)
            swaps &= axes[i] == i;
        if (!swaps)
            return NULL;
        time = 1;
        x = x->in[0];
    }
    int carry = node_is_scan_result(x) ? carry_of(x) : -1;
    if (carry < 0)
        return NULL;
    ScanParts p = scan_parts(x->in[0]);
    int64_t last = p.reverse ? 0 : p.length - 1;
    const int64_t *start = attr_ints(n, "start", &count);
    for (int i = 0; i < n->shape.rank; i++) {
        bool whole = n->shape.dim[i] == n->in[0]->shape.dim[i];
        if (i == time ? (start[i] != last || n->shape.dim[i] != 1) : !whole)
            return NULL;
    }
    return build_reshape(to, build_result(to, x->in[0], carry), n->shape);
}

/* ---- the pass
 * ------------------------------------------------------------------------ */

typedef struct Hoister {
    PassContext *cx;
    bool **used;     /* by id of a scan in the old graph: which results are read */
    Node ***results; /* by id of a scan: what stands for them; NULL: it stays */
    int moved;
} Hoister;

static Node *hoist_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    Hoister *h = context;
    if (n->op == &op_scan) {
        h->results[n->id] = hoist_scan(h->cx, to, n, in, h->used[n->id]);
        h->moved += h->results[n->id] != NULL;
        return h->results[n->id] != NULL ? in[0] : NULL; /* only results are read */
    }
    if (node_is_scan_result(n) && h->results[n->in[0]->id] != NULL) {
        int before = to->node.n;
        Node *y = h->results[n->in[0]->id][attr_int(n, "index")];
        return take_place(n, y, before);
    }
    return NULL;
}

static Node *last_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    int *count = context;
    Node *y = n->op == &op_slice ? last_row(to, n, in) : NULL;
    *count += y != NULL;
    return y;
}

PassResult graph_hoist(PassContext *cx, Graph *g)
{
    int last = 0;
    bool any = false;
    for (int i = 0; i < g->node.n; i++)
        any |= g->node.at[i]->op == &op_scan;
    if (!any)
        return PASS_UNCHANGED;
    bool changed = pass_regions(cx, g, graph_hoist);
    Graph *to = graph_rebuild(g, last_node, &last, true);
    to = graph_rebuild(to, NULL, NULL, true); /* results that nobody reads are gone */
    Hoister h = { .cx = cx,
                  .used = arena_array(cx->scratch, bool *, to->node.n),
                  .results = arena_array(cx->scratch, Node **, to->node.n) };
    for (int i = 0; i < to->node.n; i++) {
        const Node *n = to->node.at[i];
        if (n->op == &op_scan)
            h.used[i] = arena_array(cx->scratch, bool, n->body->result.n);
        if (node_is_scan_result(n))
            h.used[n->in[0]->id][attr_int(n, "index")] = true;
    }
    Graph *made = graph_rebuild(to, hoist_node, &h, true);
    if (last + h.moved == 0)
        return changed ? PASS_CHANGED : PASS_UNCHANGED;
    pass_replace(g, graph_rebuild(made, NULL, NULL, true));
    out_print(&cx->stats, "%d scans reduced\n", h.moved);
    return PASS_CHANGED;
}
