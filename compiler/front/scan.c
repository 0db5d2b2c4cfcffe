/* scan.c - `x |> scan(cell)`: a cell applied to each row, its states carried from step
 * to step and fresh for every sample.
 *
 * The cell is evaluated once, on inputs that stand for a row and for its states. What
 * then depends on them becomes the region of a scan node; all else (parameters, what is
 * computed from them alone) stays outside and is handed in. */
#include "front/elab.h"

#include "graph/region.h"
#include "loop/loop.h"
#include "support/bug.h"

/* ---- while the cell is evaluated --------------------------------------------------
 */

/* One row of `rows` [length, ..], inside the cell. */
Node *scan_row(Elab *e, Node *rows)
{
    Shape shape = { .rank = rows->shape.rank - 1 };
    for (int i = 0; i < shape.rank; i++)
        shape.dim[i] = rows->shape.dim[i + 1];
    ScanRow r = { .rows = rows };
    r.inside = build_input(e->graph, INPUT_OPERAND, NULL, rows->dtype, shape,
                           rows->bound, rows->batched);
    vec_push(e->arena, &e->scan->row, r);
    return r.inside;
}

Current *scan_state(Elab *e, const char *path, const Ast *st, const Shape *shape,
                    Value *v)
{
    ScanLoop *scan = e->scan;
    Current *old = map_find(e->current, path);
    if (old != NULL && old->scan == scan)
        return old;
    e->scan = scan->parent; /* random numbers of an init are not drawn for each step */
    Node *first = leaf_initial(e, v, shape, st);
    e->scan = scan;
    if (first == NULL)
        return NULL;
    Current *c = arena_new(e->arena, Current);
    c->path = path;
    c->scan = scan;
    c->input = build_input(e->graph, INPUT_OPERAND, path, DTYPE_F32, *shape, 0,
                           scan->batched || first->batched);
    Value *value =
        tensor_make(e, c->input, 1, v->kind == VALUE_TENSOR ? &v : &(Value *){ NULL });
    value->tensor->source = LEAF_STATE;
    value->tensor->path = path;
    c->value = value->tensor;
    map_put(e->current, path, c);
    ScanCarry carry = { c, first, value, old };
    vec_push(e->arena, &scan->carry, carry);
    return c;
}

/* ---- the region -------------------------------------------------------------------
 */

typedef struct Cutter {
    Elab *e;
    ScanLoop *scan;
    int start;    /* first node that the cell made */
    int count;    /* nodes when it was done */
    Node **made;  /* those, by place after start */
    bool *inside; /* depends on a row or a state */
    Graph *body;
    VEC(Node *) constant;
} Cutter;

static void find_inside(Cutter *c)
{
    Arena *a = c->e->arena;
    Graph *g = c->e->graph;
    c->count = g->node.n;
    c->made = arena_array(a, Node *, c->count - c->start + 1);
    c->inside = arena_array(a, bool, c->count - c->start + 1);
    for (int i = c->start; i < c->count; i++) {
        Node *n = g->node.at[i];
        c->made[i - c->start] = n;
        bool in = false;
        for (int j = 0; j < c->scan->carry.n; j++)
            in |= c->scan->carry.at[j].current->input == n;
        for (int j = 0; j < c->scan->row.n; j++)
            in |= c->scan->row.at[j].inside == n;
        for (int j = 0; j < n->n_in; j++)
            in |= n->in[j]->id >= c->start && c->inside[n->in[j]->id - c->start];
        c->inside[i - c->start] = in;
    }
}

static void adopt(Cutter *c, Node *n)
{
    n->id = c->body->node.n;
    vec_push(c->e->arena, &c->body->node, n);
}

/* An outer value inside the body: numbers and their repetitions are made there. */
static Node *import(Cutter *c, Node *n)
{
    Node *x = n->work; /* what stands for it */
    if (x != NULL)
        return x;
    bool number = n->op == &op_constant && n->shape.rank == 0;
    if (number || n->op == &op_broadcast || n->op == &op_reshape || n->op == &op_iota) {
        Node *in[1] = { n->n_in > 0 ? import(c, n->in[0]) : NULL };
        x = graph_copy_node(c->body, n, in);
    } else {
        x = build_input(c->body, INPUT_OPERAND, NULL, n->dtype, n->shape, n->bound,
                        n->batched);
        vec_push(c->e->arena, &c->constant, n);
    }
    n->work = x;
    x->work = x;
    return x;
}

/* What the cell made goes to the body or, where it does not depend on it, stays. */
static void cut(Cutter *c)
{
    Graph *g = c->e->graph;
    ScanLoop *s = c->scan;
    bool *inside = c->inside;
    g->node.n = c->start;
    for (int i = 0; i < c->count - c->start; i++)
        if (!inside[i]) {
            c->made[i]->id = g->node.n;
            vec_push(c->e->arena, &g->node, c->made[i]);
        }
    for (int i = 0; i < s->carry.n; i++)
        adopt(c, s->carry.at[i].current->input);
    for (int i = 0; i < s->row.n; i++)
        adopt(c, s->row.at[i].inside);
    for (int i = 0; i < c->count - c->start; i++)
        if (inside[i])
            c->made[i]->work = c->made[i];
    for (int i = 0; i < c->count - c->start; i++) {
        Node *n = c->made[i];
        if (!inside[i] || n->op == &op_input)
            continue;
        for (int j = 0; j < n->n_in; j++)
            n->in[j] = import(c, n->in[j]);
        adopt(c, n);
    }
}

static Node *close_loop(Cutter *c, int n_out, Node *const *out)
{
    Elab *e = c->e;
    ScanLoop *s = c->scan;
    VEC(Node *) in = { 0 };
    c->body = graph_new(e->arena, "step");
    find_inside(c);
    for (int i = 0; i < e->graph->node.n; i++)
        e->graph->node.at[i]->work = NULL;
    cut(c);
    for (int i = 0; i < s->carry.n; i++) {
        vec_push(e->arena, &in, s->carry.at[i].initial);
        graph_add_result(c->body, RESULT_OPERAND, NULL,
                         import(c, s->carry.at[i].current->value->node));
    }
    for (int i = 0; i < s->row.n; i++)
        vec_push(e->arena, &in, s->row.at[i].rows);
    for (int i = 0; i < n_out; i++)
        graph_add_result(c->body, RESULT_OPERAND, NULL, import(c, out[i]));
    for (int i = 0; i < c->constant.n; i++)
        vec_push(e->arena, &in, c->constant.at[i]);
    Node *scan = build_scan(e->graph, c->body, s->carry.n, s->row.n, s->length,
                            s->reverse, in.n, in.at);
    scan_mark(scan);
    return scan;
}

/* ---- the value --------------------------------------------------------------------
 */

typedef VEC(Value *) ValueVec;

/* What the loop's results depend on: the rows, the cell's results and its states. */
static ValueVec parents_of(Elab *e, const ScanLoop *s, Value *x, Value *y)
{
    ValueVec v = { 0 };
    vec_push(e->arena, &v, x);
    for (int i = 0; i < (y->kind == VALUE_TUPLE ? y->list.n : 1); i++)
        vec_push(e->arena, &v, y->kind == VALUE_TUPLE ? y->list.at[i] : y);
    for (int i = 0; i < s->carry.n; i++) {
        vec_push(e->arena, &v, s->carry.at[i].first);
        vec_push(e->arena, &v, value_tensor(e->arena, s->carry.at[i].current->value));
    }
    return v;
}

static Value *rows_value(Elab *e, Node *scan, int index, const Value *y,
                         const ValueVec *parents, Value *x)
{
    Node *n = build_result(e->graph, scan, index);
    const int64_t time = 0;
    if (attr_int(scan, "reverse") != 0) /* the first row that was made is the last */
        n = node_with(e, &op_reverse, 1, &n, "axis", time, NULL);
    Value *v = tensor_make(e, n, parents->n, parents->at);
    if (v == NULL)
        return NULL;
    v->tensor->range = y->tensor->range;
    v->tensor->counted = y->tensor->counted;
    v->tensor->parent = x->tensor;
    return v;
}

/* States start anew at the next call: what stood under their paths stands there again.
 */
static void retire(Elab *e, const ScanLoop *s)
{
    for (int i = 0; i < s->carry.n; i++)
        map_put(e->current, s->carry.at[i].current->path, s->carry.at[i].before);
}

static Value *loop_value(Elab *e, Cutter *c, Value *x, Value *y)
{
    int n = y->kind == VALUE_TUPLE ? y->list.n : 1;
    Value *const *made = y->kind == VALUE_TUPLE ? y->list.at : &y;
    Node **out = arena_array(e->arena, Node *, 2 * n);
    Value **rows = arena_array(e->arena, Value *, n);
    int *logits = arena_array(e->arena, int, n), n_out = n;
    for (int i = 0; i < n; i++) {
        out[i] = made[i]->tensor->node;
        if (made[i]->tensor->logits != NULL) {
            logits[i] = n_out;
            out[n_out++] = made[i]->tensor->logits->node;
        }
    }
    ValueVec parents = parents_of(e, c->scan, x, y);
    int carries = c->scan->carry.n;
    Node *scan = close_loop(c, n_out, out);
    for (int i = 0; i < n; i++) {
        rows[i] = rows_value(e, scan, carries + i, made[i], &parents, x);
        if (rows[i] == NULL)
            return NULL;
        if (logits[i] == 0)
            continue;
        Value *z = rows_value(e, scan, carries + logits[i], made[i], &parents, x);
        z->tensor->range = RANGE_ANY;
        rows[i]->tensor->logits = z->tensor;
    }
    return y->kind == VALUE_TUPLE ? value_list(e->arena, VALUE_TUPLE, n, rows)
                                  : rows[0];
}

/* Every result of the cell is a tensor that still has room for the axis of time. */
static Value *check_results(Elab *e, Value *y, const Layer *cell, Span span)
{
    int n = y->kind == VALUE_TUPLE ? y->list.n : 1;
    for (int i = 0; i < n; i++) {
        Value **at = y->kind == VALUE_TUPLE ? &y->list.at[i] : &y;
        Value *v = tensor_of(e, *at);
        if (v == NULL || v->kind != VALUE_TENSOR)
            return fail(e, DIAG_KIND, span,
                        "`scan` collects tensors, but `%s` makes %s", cell->name,
                        value_describe(e->arena, *at));
        Shape shape = v->tensor->node->shape;
        if (!shape_push(e, span, &shape, 1))
            return NULL;
        *at = v;
    }
    return y;
}

static bool check_input(Elab *e, const Value *x, Span span)
{
    int depth = 0;
    for (const ScanLoop *s = e->scan; s != NULL; s = s->parent)
        depth++;
    if (x->kind != VALUE_TENSOR)
        return fail(e, DIAG_KIND, span, "`scan` runs over a tensor, found %s",
                    value_describe(e->arena, x)) != NULL;
    if (depth == PROGRAM_NEST_MAX)
        return fail(e, DIAG_NESTING, span, "at most %d scans inside each other",
                    PROGRAM_NEST_MAX) != NULL;
    if (x->tensor->node->shape.rank > 0)
        return true;
    Diag *d = fail_begin(e, DIAG_PATTERN, span,
                         "`scan` runs over the first dimension, but its input is %s",
                         tensor_text(e->arena, x->tensor));
    diag_origin(e, d, x->tensor, "");
    return diag_end(d);
}

Value *scan_value(Elab *e, Value *x, Layer *cell, Span span)
{
    if (!check_input(e, x, span))
        return NULL;
    Graph *g = graph_at(e, span);
    Node *rows = x->tensor->node;
    bool reverse = rows->op == &op_reverse && attr_int(rows, "axis") == 0;
    if (reverse) /* the loop runs the other way instead */
        rows = rows->in[0];
    ScanLoop scan = { .parent = e->scan,
                      .length = rows->shape.dim[0],
                      .batched = rows->batched,
                      .reverse = reverse };
    Cutter c = { .e = e, .scan = &scan, .start = g->node.n };
    e->scan = &scan;
    Value *row = tensor_make(e, scan_row(e, rows), 1, &x);
    if (row != NULL)
        row->tensor->range = x->tensor->range;
    Value *y = layer_apply(e, cell, 1, &row, span);
    if (y != NULL)
        y = check_results(e, y, cell, span);
    e->scan = scan.parent;
    graph_at(e, span);
    retire(e, &scan);
    return y == NULL ? NULL : loop_value(e, &c, x, y);
}
