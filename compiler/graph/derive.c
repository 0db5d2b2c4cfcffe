/* derive.c - see derive.h. One sweep from the newest node to the oldest: when a node is
 * reached its gradient is complete, because users are younger than what they use. */
#include "graph/derive.h"

#include "graph/build.h"
#include "graph/region.h"
#include "support/bug.h"

typedef struct Sweep {
    Graph *graph;
    int n_nodes;     /* before the sweep; what it adds is never visited */
    bool *reaches;   /* some wrt node is among its ancestors, or it is one */
    bool *is_leaf;   /* a wrt node */
    Node **gradient; /* by node id; NULL: none yet */
    Node **
        *results; /* by node id: gradients of the results of a scan; NULL: none yet */
} Sweep;

static bool is_differentiable(const Node *n)
{
    return !(n->op->flags & OP_NO_GRAD) || node_is_scan_result(n);
}

static void mark_reaching(Sweep *s, int n_wrt, Node *const *wrt)
{
    for (int j = 0; j < n_wrt; j++) {
        s->is_leaf[wrt[j]->id] = true;
        s->reaches[wrt[j]->id] = true;
    }
    for (int i = 0; i < s->n_nodes; i++) {
        const Node *n = s->graph->node.at[i];
        if (s->is_leaf[i] || !is_differentiable(n))
            continue;
        for (int k = 0; k < n->n_in; k++)
            s->reaches[i] |= s->reaches[n->in[k]->id];
    }
}

static void accumulate(Sweep *s, const Node *n, Node *dx)
{
    if (!shape_equal(&dx->shape, &n->shape))
        BUG("gradient %s of a node %s (%s)", shape_text(s->graph->arena, &dx->shape),
            shape_text(s->graph->arena, &n->shape), n->op->name);
    Node **sum = &s->gradient[n->id];
    *sum = *sum ? build_add(s->graph, *sum, dx) : dx;
}

/* A result of a scan hands its gradient over: the scan is visited when all have. */
static void visit_result(Sweep *s, const Node *n)
{
    const Node *scan = n->in[0];
    int index = (int)attr_int(n, "index");
    Node ***of = &s->results[scan->id];
    if (*of == NULL)
        *of = arena_array(s->graph->arena, Node *, scan->body->result.n);
    Node **sum = &(*of)[index];
    Node *d = s->gradient[n->id];
    *sum = *sum ? build_add(s->graph, *sum, d) : d;
}

static void visit(Sweep *s, Node *n)
{
    if (node_is_scan_result(n)) {
        visit_result(s, n);
        return;
    }
    Graph *g = s->graph;
    Node **dx = arena_array(g->arena, Node *, n->n_in);
    bool *need = arena_array(g->arena, bool, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        need[i] = s->reaches[n->in[i]->id];
    if (n->op->grad == NULL && n->op->grad_region == NULL)
        BUG("op %s has no gradient", n->op->name);
    g->span = n->span;
    g->frame = n->frame;
    if (n->op->grad_region)
        n->op->grad_region(g, n, s->results[n->id], dx, need);
    else
        n->op->grad(g, n, s->gradient[n->id], dx, need);
    for (int i = 0; i < n->n_in; i++)
        if (need[i] && dx[i] != NULL)
            accumulate(s, n->in[i], dx[i]);
}

void graph_derive(Graph *g, int n_outputs, Node *const *output, Node *const *seed,
                  int n_wrt, Node *const *wrt, Node **gradient)
{
    Sweep s = { .graph = g, .n_nodes = g->node.n };
    Span span = g->span;
    const Frame *frame = g->frame;
    s.reaches = arena_array(g->arena, bool, s.n_nodes);
    s.is_leaf = arena_array(g->arena, bool, s.n_nodes);
    s.gradient = arena_array(g->arena, Node *, s.n_nodes);
    s.results = arena_array(g->arena, Node **, s.n_nodes);
    mark_reaching(&s, n_wrt, wrt);
    for (int i = 0; i < n_outputs; i++)
        if (s.reaches[output[i]->id])
            accumulate(&s, output[i],
                       seed && seed[i] ? seed[i] : build_full(g, 1, output[i]->shape));
    for (int i = s.n_nodes - 1; i >= 0; i--)
        if ((s.gradient[i] || s.results[i]) && s.reaches[i] && !s.is_leaf[i])
            visit(&s, g->node.at[i]);
    g->span = span;
    g->frame = frame;
    for (int j = 0; j < n_wrt; j++) {
        Node *d = s.gradient[wrt[j]->id];
        gradient[j] = d ? d : build_full(g, 0, wrt[j]->shape);
    }
}
