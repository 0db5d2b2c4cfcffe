/* scan_grad.c - the derivative of a loop is a loop in the other direction.
 *
 * The region W of the new loop begins as a copy of the region, to which graph_derive
 * appends the reverse sweep of one step. What depends on a cotangent belongs to the new
 * loop. What it reads of the rest is computed again where that is cheap, or becomes one
 * more y of the old loop and a row of the new one: carries before the step, results of
 * contractions, reductions and transcendental functions.
 *
 *   old   (c', y)  = body(c, x, k)          i = 0 .. t-1,  also gives saved[i]
 *   new   dc, dk carried, rows dy[i], x[i], saved[i]:      i = t-1 .. 0
 *         (dc, dx[i], dk + dk_i) = W(dc', dk, dy, x, saved, k)
 *
 * Source: Griewank and Walther 2008, Evaluating Derivatives, chapter 3.2 and 12 (what
 * to store and what to compute again); Werbos 1990, Backpropagation through time. */
#include "ops/scan.h"

#include "graph/build.h"
#include "graph/derive.h"
#include "graph/op.h"
#include "graph/region.h"
#include "support/bug.h"

typedef VEC(Node *) NodeVec;

typedef struct Reversal {
    Graph *g; /* where the loop stands */
    Node *n;
    ScanParts p;
    const bool *need;
    Graph *w;       /* the region and one step's sweep */
    bool *backward; /* by id in w: depends on a cotangent */
    Node **seed;    /* by result of n: its cotangent in w, NULL: none */
    Node **d;       /* by operand of n: its gradient in w, NULL: not asked */
    NodeVec saved;  /* nodes of w that become ys */
    bool *seen;     /* by id in w: visited by find_saved */
    Graph *body;    /* of the new loop */
    Node **copy;    /* by id in w: in body */
    NodeVec carry, row, constant; /* operands of the new loop, in g */
} Reversal;

static bool is_float(const Node *n)
{
    return dtype_is_float(n->dtype);
}

/* Recomputed rather than kept: what costs no more than reading it. */
static bool is_cheap(const Node *n)
{
    if (n->op->flags & OP_VIEW || n->op == &op_iota || n->op == &op_constant)
        return true;
    if (!(n->op->flags & OP_POINTWISE))
        return false;
    switch (n->op->code) {
    case OP_cos:
    case OP_erf:
    case OP_exp:
    case OP_expm1:
    case OP_log:
    case OP_log1p:
    case OP_pow:
    case OP_sigmoid:
    case OP_sin:
    case OP_softplus:
    case OP_tanh:
        return false;
    default:
        return true;
    }
}

/* ---- one step's sweep -------------------------------------------------------------
 */

static Node *seed_input(Reversal *r, const Node *like)
{
    return build_input(r->w, INPUT_OPERAND, NULL, like->dtype, like->shape, 0,
                       like->batched);
}

static void sweep(Reversal *r, Node *const *dy)
{
    Arena *a = r->g->arena;
    int n_results = r->n->body->result.n, n_outputs = 0, n_wrt = 0;
    r->w = graph_rebuild(r->n->body, NULL, NULL, true);
    r->seed = arena_array(a, Node *, n_results);
    r->d = arena_array(a, Node *, r->n->n_in + 1);
    Node **output = arena_array(a, Node *, n_results);
    Node **seed = arena_array(a, Node *, n_results);
    Node **wrt = arena_array(a, Node *, r->n->n_in + 1);
    Node **gradient = arena_array(a, Node *, r->n->n_in + 1);
    for (int i = 0; i < n_results; i++) {
        Node *value = r->w->result.at[i].value;
        if (!is_float(value) || (i >= r->p.carries && dy[i] == NULL))
            continue;
        output[n_outputs] = value;
        seed[n_outputs++] = r->seed[i] = seed_input(r, value);
    }
    for (int i = 0; i < r->n->n_in; i++)
        if (is_float(r->n->in[i]) && (i < r->p.carries || r->need[i]))
            wrt[n_wrt++] = region_input(r->w, i);
    graph_derive(r->w, n_outputs, output, seed, n_wrt, wrt, gradient);
    for (int i = r->n->n_in - 1; i >= 0; i--)
        if (is_float(r->n->in[i]) && (i < r->p.carries || r->need[i]))
            r->d[i] = gradient[--n_wrt];
}

static void find_backward(Reversal *r)
{
    const Graph *w = r->w;
    r->backward = arena_array(r->g->arena, bool, w->node.n);
    for (int i = 0; i < r->n->body->result.n; i++)
        if (r->seed[i] != NULL)
            r->backward[r->seed[i]->id] = true;
    for (int i = 0; i < w->node.n; i++)
        for (int j = 0; j < w->node.at[i]->n_in; j++)
            r->backward[i] |= r->backward[w->node.at[i]->in[j]->id];
}

/* ---- what the sweep reads of the step ---------------------------------------------
 */

static int input_index(const Reversal *r, const Node *x)
{
    for (int i = 0; i < r->n->n_in; i++)
        if (region_input(r->w, i) == x)
            return i;
    return -1;
}

static void find_saved(Reversal *r, Node *x)
{
    if (r->seen[x->id])
        return;
    r->seen[x->id] = true;
    if (r->backward[x->id] || (x->op != &op_input && is_cheap(x))) {
        for (int i = 0; i < x->n_in; i++)
            find_saved(r, x->in[i]);
        return;
    }
    if (x->op == &op_input && input_index(r, x) >= r->p.carries)
        return; /* rows and constants are at hand */
    vec_push(r->g->arena, &r->saved, x);
}

/* The y of the old loop that holds x's rows, made when there is none. */
static Node *saved_rows(Reversal *r, const Node *x)
{
    const Graph *w = r->w;
    for (int i = r->p.carries; i < w->result.n; i++)
        if (w->result.at[i].value == x)
            return build_result(r->g, r->n, i);
    BUG("a value that was not kept");
}

/* The old region again, with what is kept as further results. */
static void keep_saved(Reversal *r)
{
    Graph *w = r->w;
    for (int i = 0; i < r->saved.n; i++) {
        bool known = false;
        for (int j = r->p.carries; j < w->result.n && !known; j++)
            known = w->result.at[j].value == r->saved.at[i];
        if (!known)
            graph_add_result(w, RESULT_OPERAND, r->saved.at[i]->name, r->saved.at[i]);
    }
    Graph *forward = graph_new(w->arena, r->n->body->name);
    Node **copy = arena_array(w->arena, Node *, w->node.n);
    bool *live = arena_array(w->arena, bool, w->node.n);
    for (int i = 0; i < w->result.n; i++)
        live[w->result.at[i].value->id] = true;
    for (int i = w->node.n - 1; i >= 0; i--)
        for (int j = 0; live[i] && j < w->node.at[i]->n_in; j++)
            live[w->node.at[i]->in[j]->id] = true;
    for (int i = 0; i < w->node.n; i++) {
        const Node *x = w->node.at[i];
        if (r->backward[i] || (!live[i] && x->op != &op_input))
            continue;
        Node **in = arena_array(w->arena, Node *, x->n_in + 1);
        for (int j = 0; j < x->n_in; j++)
            in[j] = copy[x->in[j]->id];
        copy[i] = graph_copy_node(forward, x, in);
    }
    for (int i = 0; i < w->result.n; i++)
        graph_add_result(forward, RESULT_OPERAND, w->result.at[i].path,
                         copy[w->result.at[i].value->id]);
    forward->stage = r->n->body->stage;
    forward->batch = r->n->body->batch;
    forward->next_stream = w->next_stream;
    r->n->body = forward;
}

/* ---- the new loop ------------------------------------------------------------------
 */

/* An input of the new region that stands for x of w (NULL: for nothing of it). */
static Node *new_input(Reversal *r, const Node *x, const Node *like)
{
    Node *y = build_input(r->body, INPUT_OPERAND, like->name, like->dtype, like->shape,
                          like->bound, like->batched);
    if (x != NULL)
        r->copy[x->id] = y;
    return y;
}

static Node *import(Reversal *r, const Node *x)
{
    if (r->copy[x->id] != NULL)
        return r->copy[x->id];
    Node **in = arena_array(r->g->arena, Node *, x->n_in + 1);
    for (int i = 0; i < x->n_in; i++)
        in[i] = import(r, x->in[i]);
    if (x->op == &op_input)
        BUG("the reverse of a scan reads an input that it was not given");
    r->copy[x->id] = graph_copy_node(r->body, x, in);
    return r->copy[x->id];
}

static void carry_inputs(Reversal *r, Node *const *dy, Node **sum)
{
    for (int i = 0; i < r->p.carries; i++) {
        Node *c = r->n->in[i];
        if (!is_float(c))
            continue;
        vec_push(r->g->arena, &r->carry, dy[i] ? dy[i] : build_full(r->g, 0, c->shape));
        new_input(r, r->seed[i], r->seed[i]);
    }
    for (int i = r->p.carries + r->p.rows; i < r->n->n_in; i++) {
        if (r->d[i] == NULL)
            continue;
        Node *k = r->n->in[i];
        vec_push(r->g->arena, &r->carry, build_full(r->g, 0, k->shape));
        sum[i] = new_input(r, NULL, region_input(r->w, i));
    }
}

static void row_inputs(Reversal *r, Node *const *dy)
{
    Arena *a = r->g->arena;
    for (int i = r->p.carries; i < r->p.carries + r->p.ys; i++)
        if (r->seed[i] != NULL) {
            vec_push(a, &r->row, dy[i]);
            new_input(r, r->seed[i], r->seed[i]);
        }
    for (int i = 0; i < r->saved.n; i++) {
        vec_push(a, &r->row, saved_rows(r, r->saved.at[i]));
        new_input(r, r->saved.at[i], r->saved.at[i]);
    }
    for (int i = r->p.carries; i < r->n->n_in; i++) {
        const Node *x = region_input(r->w, i);
        if (!r->seen[x->id])
            continue;
        if (i < r->p.carries + r->p.rows)
            vec_push(a, &r->row, r->n->in[i]);
        else
            continue;
        new_input(r, x, x);
    }
    for (int i = r->p.carries + r->p.rows; i < r->n->n_in; i++) {
        const Node *x = region_input(r->w, i);
        if (!r->seen[x->id])
            continue;
        vec_push(a, &r->constant, r->n->in[i]);
        new_input(r, x, x);
    }
}

/* Results: cotangents of the carries, sums for the constants, then those of the rows.
 */
static void region_results(Reversal *r, Node *const *sum)
{
    for (int i = 0; i < r->p.carries; i++)
        if (r->d[i] != NULL)
            graph_add_result(r->body, RESULT_OPERAND, NULL, import(r, r->d[i]));
    for (int i = r->p.carries + r->p.rows; i < r->n->n_in; i++)
        if (r->d[i] != NULL)
            graph_add_result(r->body, RESULT_OPERAND, NULL,
                             build_add(r->body, sum[i], import(r, r->d[i])));
    for (int i = r->p.carries; i < r->p.carries + r->p.rows; i++)
        if (r->d[i] != NULL)
            graph_add_result(r->body, RESULT_OPERAND, NULL, import(r, r->d[i]));
}

static void build_loop(Reversal *r, Node **dx)
{
    Arena *a = r->g->arena;
    NodeVec in = { 0 };
    for (int i = 0; i < r->carry.n; i++)
        vec_push(a, &in, r->carry.at[i]);
    for (int i = 0; i < r->row.n; i++)
        vec_push(a, &in, r->row.at[i]);
    for (int i = 0; i < r->constant.n; i++)
        vec_push(a, &in, r->constant.at[i]);
    Node *loop = build_scan(r->g, r->body, r->carry.n, r->row.n, r->p.length,
                            !r->p.reverse, in.n, in.at);
    int at = 0;
    for (int i = 0; i < r->p.carries; i++)
        if (r->d[i] != NULL)
            dx[i] = build_result(r->g, loop, at++);
    for (int i = r->p.carries + r->p.rows; i < r->n->n_in; i++)
        if (r->d[i] != NULL)
            dx[i] = build_result(r->g, loop, at++);
    for (int i = r->p.carries; i < r->p.carries + r->p.rows; i++)
        if (r->d[i] != NULL)
            dx[i] = build_result(r->g, loop, at++);
}

void scan_grad(Graph *g, Node *n, Node *const *dy, Node **dx, const bool *need)
{
    Reversal r = { .g = g, .n = n, .p = scan_parts(n), .need = need };
    sweep(&r, dy);
    find_backward(&r);
    r.seen = arena_array(g->arena, bool, r.w->node.n);
    for (int i = 0; i < n->n_in; i++)
        if (r.d[i] != NULL)
            find_saved(&r, r.d[i]);
    keep_saved(&r);
    r.body = graph_new(g->arena, n->body->name);
    r.body->stage = n->body->stage;
    r.body->batch = n->body->batch;
    r.copy = arena_array(g->arena, Node *, r.w->node.n);
    Node **sum = arena_array(g->arena, Node *, n->n_in + 1);
    carry_inputs(&r, dy, sum);
    row_inputs(&r, dy);
    region_results(&r, sum);
    if (r.body->result.n > 0)
        build_loop(&r, dx);
}
