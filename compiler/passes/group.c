/* group.c - groups: what is free, regions, in-place operands. */
#include "passes/group.h"
#include "graph/build.h"
#include "graph/region.h"

bool node_is_computed(const Node *n)
{
    return n->op != &op_input && n->op != &op_constant;
}

bool node_is_nest(const Node *n)
{
    return n->op->nest != NULL || (n->op->flags & OP_CONTRACTION) != 0 ||
           n->op == &op_scan || n->op == &op_extern;
}

bool node_is_loop(const Node *n)
{
    return n->op == &op_scan || node_is_scan_result(n);
}

/* Scalars computed from scalars: each kernel does it once, before its loops. */
static bool is_scalar(const Node *n)
{
    if (n->shape.rank != 0 || n->op->flags & OP_RANDOM)
        return false;
    if (!node_is_computed(n))
        return true;
    return (n->op->flags & OP_POINTWISE) != 0;
}

static void find_free(const Graph *g, bool *is_free)
{
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (!node_is_computed(n)) {
            is_free[i] = true;
            continue;
        }
        is_free[i] = (n->op->flags & OP_VIEW) != 0 || n->op == &op_iota;
        if (!is_scalar(n))
            continue;
        bool from_scalars = true;
        for (int j = 0; j < n->n_in; j++)
            from_scalars &= is_scalar(n->in[j]) && is_free[n->in[j]->id];
        is_free[i] = from_scalars;
    }
}

static void store_operands(const Graph *g, bool *is_free)
{
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (!node_is_nest(n))
            continue;
        for (int j = 0; j < n->n_in; j++) {
            const Node *x = n->in[j];
            while (x->op == &op_reshape && is_free[x->id] && n->op != &op_scan)
                x = x->in[0];
            if (node_is_computed(x))
                is_free[x->id] = false;
        }
    }
    for (int i = 0; i < g->result.n; i++) {
        const Node *value = g->result.at[i].value;
        if (node_is_computed(value))
            is_free[value->id] = false;
    }
}

Grouping grouping_new(PassContext *cx, const Graph *g)
{
    Grouping p = { g, arena_array(cx->scratch, int, g->node.n), 0 };
    bool *is_free = arena_array(cx->scratch, bool, g->node.n);
    find_free(g, is_free);
    store_operands(g, is_free);
    for (int i = 0; i < g->node.n; i++)
        if (node_is_scan_result(g->node.at[i]))
            p.of[i] = p.of[g->node.at[i]->in[0]->id];
        else
            p.of[i] = is_free[i] ? GROUP_FREE : p.count++;
    return p;
}

/* ---- regions --------------------------------------------------------------------- */

typedef struct Builder {
    PassContext *cx;
    const Grouping *p;
    Graph *to;
    Node **outer; /* by old id: in the grouped graph */
    bool *read;   /* by old id: needed outside its group */
    /* of the group being built */
    int group;
    Graph *body;
    Node **inner; /* by old id: in the body */
    VEC(Node *) operand;
} Builder;

static Node *import_operand(Builder *b, const Node *n)
{
    Node *x = build_input(b->body, INPUT_OPERAND, n->name, n->dtype, n->shape, n->bound,
                          n->batched);
    b->inner[n->id] = x;
    if (!b->outer[n->id])
        BUG("group reads %s before it is stored", n->name);
    vec_push(b->cx->scratch, &b->operand, b->outer[n->id]);
    return x;
}

static Node *import_node(Builder *b, const Node *n, bool stored)
{
    if (b->inner[n->id])
        return b->inner[n->id];
    int group = b->p->of[n->id];
    bool here = group == b->group || (group == GROUP_FREE && node_is_computed(n));
    if (constant_is_uniform(n) && !stored)
        here = true;
    if (!here)
        return import_operand(b, n);
    Node **in = arena_array(b->cx->scratch, Node *, n->n_in + 1);
    bool reads_stored = node_is_nest(n) || (stored && n->op == &op_reshape);
    for (int i = 0; i < n->n_in; i++)
        in[i] = import_node(b, n->in[i], reads_stored);
    Node *copy = graph_copy_node(b->body, n, in);
    b->inner[n->id] = copy;
    return copy;
}

/* Marks what groups other than its own, or results, read of n's group. */
static void mark_read(Builder *b, const Node *n, int from)
{
    int group = b->p->of[n->id];
    if (group != GROUP_FREE) {
        if (group != from)
            b->read[n->id] = true;
        return;
    }
    for (int i = 0; i < n->n_in; i++)
        mark_read(b, n->in[i], from);
}

/* A scan stays what it is, on operands that are stored. */
static void build_loop(Builder *b, const Node *scan)
{
    const Graph *g = b->p->g;
    Node **in = arena_array(b->cx->scratch, Node *, scan->n_in + 1);
    for (int i = 0; i < scan->n_in; i++)
        in[i] = b->outer[scan->in[i]->id];
    Node *loop = graph_copy_node(b->to, scan, in);
    for (int i = scan->id + 1; i < g->node.n; i++)
        if (node_is_scan_result(g->node.at[i]) && g->node.at[i]->in[0] == scan)
            b->outer[i] = graph_copy_node(b->to, g->node.at[i], &loop);
}

static void build_one(Builder *b, int group)
{
    const Graph *g = b->p->g;
    for (int i = 0; i < g->node.n; i++)
        if (b->p->of[i] == group && g->node.at[i]->op == &op_scan) {
            build_loop(b, g->node.at[i]);
            return;
        }
    Arena *scratch = b->cx->scratch;
    const char *name = group_name(b->cx->module, b->p, group);
    b->group = group;
    b->body = graph_new(b->to->arena, name);
    b->body->stage = STAGE_DIFF;
    b->body->batch = g->batch;
    b->inner = arena_array(scratch, Node *, g->node.n);
    b->operand.n = 0;
    VEC(Node *) results = { 0 };
    const Node *last = NULL;
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (b->p->of[i] != group)
            continue;
        Node *copy = import_node(b, n, false);
        last = n;
        if (!b->read[i])
            continue;
        graph_add_result(b->body, RESULT_OPERAND, copy->name, copy);
        vec_push(scratch, &results, g->node.at[i]);
    }
    if (!last || results.n == 0)
        return;
    b->to->span = last->span;
    b->to->frame = last->frame;
    Node *y = build_group(b->to, b->body, b->operand.n, b->operand.at, name);
    y->name = NULL; /* several may be called the same; the body keeps it */
    for (int i = 0; i < results.n; i++) {
        const Node *n = results.at[i];
        Node *r = build_result(b->to, y, i);
        r->name = n->name;
        r->span = n->span;
        r->frame = n->frame;
        r->batched = n->batched;
        r->bound = n->bound;
        b->outer[n->id] = r;
    }
}

/* ---- order of groups ------------------------------------------------------------- */

static bool ready(Builder *b, const Node *n, int group, const bool *done)
{
    int of = b->p->of[n->id];
    if (of != GROUP_FREE && of != group)
        return done[of];
    for (int i = 0; i < n->n_in; i++)
        if (!ready(b, n->in[i], group, done))
            return false;
    return true;
}

static bool group_ready(Builder *b, int group, const bool *done)
{
    const Graph *g = b->p->g;
    for (int i = 0; i < g->node.n; i++)
        if (b->p->of[i] == group)
            for (int j = 0; j < g->node.at[i]->n_in; j++) {
                const Node *x = g->node.at[i]->in[j];
                if (b->p->of[x->id] == group)
                    continue; /* asked for itself */
                if (!ready(b, x, group, done))
                    return false;
            }
    return true;
}

/* Groups by their last member, each as soon as what it reads is there. */
static void build_groups(Builder *b)
{
    const Graph *g = b->p->g;
    bool *done = arena_array(b->cx->scratch, bool, b->p->count + 1);
    int *last = arena_array(b->cx->scratch, int, b->p->count + 1);
    int left = 0;
    for (int i = 0; i < b->p->count; i++)
        last[i] = -1;
    for (int i = 0; i < g->node.n; i++)
        if (b->p->of[i] != GROUP_FREE)
            last[b->p->of[i]] = i;
    for (int i = 0; i < b->p->count; i++)
        left += last[i] >= 0;
    while (left > 0) {
        int before = left;
        for (int i = 0; i < g->node.n; i++) {
            int group = b->p->of[i];
            if (group == GROUP_FREE || last[group] != i || done[group] ||
                !group_ready(b, group, done))
                continue;
            build_one(b, group);
            done[group] = true;
            left--;
        }
        if (left == before)
            BUG("groups of %s depend on each other", g->name);
    }
}

Graph *grouping_apply(PassContext *cx, const Grouping *p)
{
    const Graph *g = p->g;
    Graph *to = graph_new(g->arena, g->name);
    to->stage = STAGE_GROUPED;
    to->batch = g->batch;
    to->next_stream = g->next_stream;
    Builder b = { .cx = cx,
                  .p = p,
                  .to = to,
                  .outer = arena_array(cx->scratch, Node *, g->node.n),
                  .read = arena_array(cx->scratch, bool, g->node.n) };
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (!node_is_computed(n))
            b.outer[i] = graph_copy_node(to, n, NULL);
        for (int j = 0; j < n->n_in && p->of[i] != GROUP_FREE; j++)
            mark_read(&b, n->in[j], p->of[i]);
    }
    for (int i = 0; i < g->result.n; i++)
        mark_read(&b, g->result.at[i].value, GROUP_FREE);
    build_groups(&b);
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        graph_add_result(to, r->kind, r->path, b.outer[r->value->id]);
    }
    return graph_rebuild(to, NULL, NULL, true); /* constants that became literals */
}

Node *group_copy(Graph *g, Node *x)
{
    Graph *body = graph_new(g->arena, "copy");
    body->stage = STAGE_DIFF;
    body->batch = g->batch;
    Node *in = build_input(body, INPUT_OPERAND, x->name, x->dtype, x->shape, x->bound,
                           x->batched);
    graph_add_result(body, RESULT_OPERAND, x->name, in);
    Node *y = build_group(g, body, 1, &x, "copy");
    y->name = NULL;
    Node *r = build_result(g, y, 0);
    r->batched = x->batched;
    return r;
}

/* ---- in place -------------------------------------------------------------------- */

/* 1: read at the index being stored; 2: read elsewhere. */
static void trace(const Node *n, int how, int *seen, const Shape *space)
{
    if (!shape_equal(&n->shape, space))
        how |= 2;
    if ((seen[n->id] & how) == how)
        return;
    seen[n->id] |= how;
    int inside = (n->op->flags & OP_POINTWISE) ? how : 2;
    for (int i = 0; i < n->n_in; i++)
        trace(n->in[i], inside, seen, space);
}

/* Results with rows below a reduction are stored by one loop each, so that a later loop
 * reads operands when the first result is there. */
static bool stores_apart(const Graph *body)
{
    if (body->result.n < 2)
        return false;
    for (int i = 0; i < body->node.n; i++) {
        const Node *n = body->node.at[i];
        for (int j = 0; j < body->result.n && (n->op->flags & OP_REDUCTION); j++)
            if (shape_count(&body->result.at[j].value->shape) > shape_count(&n->shape))
                return true;
    }
    return false;
}

bool operand_is_in_place(const Node *group, int i)
{
    const Graph *body = group->body;
    if (group->op == &op_scan || stores_apart(body))
        return false;
    Arena *work = arena_create("trace");
    int *seen = arena_array(work, int, body->node.n);
    bool same = true;
    const Shape *space = &body->result.at[0].value->shape;
    for (int j = 0; j < body->result.n; j++) {
        const Node *value = body->result.at[j].value;
        same &= shape_equal(space, &value->shape);
        trace(value, 1, seen, space);
    }
    bool in_place = same && (seen[region_input(body, i)->id] & 2) == 0;
    arena_destroy(work);
    return in_place;
}
