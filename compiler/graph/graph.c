/* graph.c - making, copying and rebuilding graphs. */
#include "graph/graph.h"

#include "graph/op.h"
#include "support/bug.h"
#include "support/str.h"

#include <string.h>

Graph *graph_new(Arena *a, const char *name)
{
    Graph *g = arena_new(a, Graph);
    g->arena = a;
    g->name = name;
    return g;
}

void graph_add_result(Graph *g, ResultKind kind, const char *path, Node *value)
{
    Result r = { .kind = kind, .path = path, .value = value };
    vec_push(g->arena, &g->result, r);
}

static int count_attrs(const Op *op)
{
    int n = 0;
    while (n < OP_MAX_ATTRS && op->attr[n].name != NULL)
        n++;
    return n;
}

Node *graph_add(Graph *g, const Op *op, int n_in, Node *const *in)
{
    Node *n = arena_new(g->arena, Node);
    n->op = op;
    n->id = g->node.n;
    n->n_in = n_in;
    n->in = arena_array(g->arena, Node *, n_in);
    for (int i = 0; i < n_in; i++)
        n->in[i] = in[i];
    n->attr = arena_array(g->arena, AttrValue, count_attrs(op));
    n->span = g->span;
    n->frame = g->frame;
    vec_push(g->arena, &g->node, n);
    return n;
}

Node *graph_copy_node(Graph *to, const Node *n, Node *const *in)
{
    Node *copy = graph_add(to, n->op, n->n_in, in);
    copy->name = n->name;
    copy->path = n->path;
    copy->dtype = n->dtype;
    copy->shape = n->shape;
    copy->bound = n->bound;
    copy->batched = n->batched;
    copy->late = n->late;
    memcpy(copy->attr, n->attr, (size_t)count_attrs(n->op) * sizeof *n->attr);
    copy->body = n->body;
    copy->span = n->span;
    copy->frame = n->frame;
    return copy;
}

static void mark(const Node *n, bool *needed)
{
    for (int i = 0; i < n->n_in; i++)
        needed[n->in[i]->id] = true;
}

/* Operands are older than their users: one sweep from the newest node down. */
static bool *needed_nodes(const Graph *g, bool keep_inputs)
{
    bool *needed = arena_array(g->arena, bool, g->node.n);
    for (int i = 0; i < g->result.n; i++)
        needed[g->result.at[i].value->id] = true;
    for (int i = g->node.n - 1; i >= 0; i--) {
        const Node *n = g->node.at[i];
        if (keep_inputs && n->op == &op_input)
            needed[i] = true;
        if (needed[i])
            mark(n, needed);
    }
    return needed;
}

Graph *graph_rebuild(const Graph *g, GraphRewrite *rewrite, void *context,
                     bool keep_inputs)
{
    Graph *to = graph_new(g->arena, g->name);
    to->stage = g->stage;
    to->batch = g->batch;
    to->next_stream = g->next_stream;
    bool *needed = needed_nodes(g, keep_inputs);
    Node **map = arena_array(g->arena, Node *, g->node.n);
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (!needed[i])
            continue;
        Node **in = arena_array(g->arena, Node *, n->n_in);
        for (int j = 0; j < n->n_in; j++)
            in[j] = map[n->in[j]->id];
        to->span = n->span;
        to->frame = n->frame;
        Node *made = rewrite ? rewrite(to, n, in, context) : NULL;
        map[i] = made ? made : graph_copy_node(to, n, in);
    }
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        graph_add_result(to, r->kind, r->path, map[r->value->id]);
    }
    to->span = g->span;
    to->frame = g->frame;
    return to;
}

bool graph_has_result(const Graph *g, const Node *n)
{
    for (int i = 0; i < g->result.n; i++)
        if (g->result.at[i].value == n)
            return true;
    return false;
}

const Node *graph_only_reader(const Graph *g, const Node *n)
{
    const Node *reader = NULL;
    int edges = graph_has_result(g, n) ? 2 : 0;
    for (int i = n->id + 1; i < g->node.n; i++)
        for (int j = 0; j < g->node.at[i]->n_in; j++)
            if (g->node.at[i]->in[j] == n) {
                reader = g->node.at[i];
                edges++;
            }
    return edges == 1 ? reader : NULL;
}

bool node_is_input(const Node *n, InputKind kind)
{
    return n->op == &op_input && attr_int(n, "kind") == (int64_t)kind;
}

bool node_is_constant(const Node *n)
{
    return n->op == &op_constant;
}

bool constant_is_uniform(const Node *n)
{
    if (n->op != &op_constant)
        return false;
    const Tensor *t = attr_tensor(n, "value");
    for (int64_t i = 1; i < shape_count(&t->shape); i++)
        if (t->at[i] != t->at[0])
            return false;
    return true;
}

bool node_is_op(const Node *n, const char *name)
{
    return strcmp(n->op->name, name) == 0;
}

/* ---- attributes ------------------------------------------------------------------ */

static AttrValue *attr_find(const Node *n, const char *name, AttrKind *kind)
{
    for (int i = 0; i < OP_MAX_ATTRS && n->op->attr[i].name != NULL; i++)
        if (strcmp(n->op->attr[i].name, name) == 0) {
            *kind = n->op->attr[i].kind;
            return &n->attr[i];
        }
    BUG("op %s has no attribute %s", n->op->name, name);
}

int64_t attr_int(const Node *n, const char *name)
{
    AttrKind kind;
    return attr_find(n, name, &kind)->i;
}

double attr_float(const Node *n, const char *name)
{
    AttrKind kind;
    return attr_find(n, name, &kind)->f;
}

const int64_t *attr_ints(const Node *n, const char *name, int *count)
{
    AttrKind kind;
    const AttrValue *v = attr_find(n, name, &kind);
    if (kind != ATTR_INTS)
        BUG("attribute %s of %s is not a list", name, n->op->name);
    *count = v->ints.n;
    return v->ints.at;
}

const char *attr_text(const Node *n, const char *name)
{
    AttrKind kind;
    return attr_find(n, name, &kind)->text;
}

const Tensor *attr_tensor(const Node *n, const char *name)
{
    AttrKind kind;
    return attr_find(n, name, &kind)->tensor;
}

void attr_set(Node *n, const char *name, AttrValue value)
{
    AttrKind kind;
    *attr_find(n, name, &kind) = value;
}
