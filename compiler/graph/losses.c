/* losses.c - see losses.h.
 *
 * A gradient is the sum over minimize statements of a projection of their `grad` node,
 * whose first operand is the loss; what else the graph computes is dropped. */
#include "graph/losses.h"

#include "graph/build.h"
#include "support/str.h"

enum { MAX_LOSSES = 64 };

typedef struct Finder {
    int n;
    const Node *grad[MAX_LOSSES];
    bool too_many;
} Finder;

/* The bits of the grad nodes that `n` sums. */
static uint64_t find(Finder *f, const Node *n)
{
    if (n->op == &op_add)
        return find(f, n->in[0]) | find(f, n->in[1]);
    if (n->op != &op_result || n->in[0]->op != &op_grad)
        return 0;
    int i = 0;
    while (i < f->n && f->grad[i] != n->in[0])
        i++;
    if (i == MAX_LOSSES) {
        f->too_many = true;
        return 0;
    }
    if (i == f->n)
        f->grad[f->n++] = n->in[0];
    return (uint64_t)1 << i;
}

static Node *freeze(Graph *to, const Node *n, Node *const *in, void *context)
{
    Losses *l = context;
    if (n->op != &op_stop_gradient)
        return NULL;
    const char *path = str_printf(to->arena, "frozen/%d", l->n_frozen++);
    graph_add_result(to, RESULT_OUTPUT, path, in[0]);
    Node *y =
        build_input(to, INPUT_FIELD, path, n->dtype, n->shape, n->bound, n->batched);
    y->span = n->span;
    y->frame = n->frame;
    return y;
}

/* A region keeps its stop_gradient, so moved parameters would move what is behind it.
 */
static bool region_stops(const Graph *g, bool inside)
{
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if ((inside && n->op == &op_stop_gradient) ||
            (n->body != NULL && region_stops(n->body, true)))
            return true;
    }
    return false;
}

Losses graph_losses(Arena *a, const Graph *grad)
{
    Losses l = { .path = arena_array(a, const char *, grad->result.n + 1),
                 .counts = arena_array(a, uint64_t, grad->result.n + 1) };
    Finder f = { 0 };
    Graph only = *grad; /* its nodes, other results */
    only.result.n = only.result.capacity = 0;
    only.result.at = NULL;
    for (int i = 0; i < grad->result.n; i++) {
        const Result *r = &grad->result.at[i];
        if (r->kind != RESULT_GRADIENT)
            continue;
        l.path[l.n_params] = r->path;
        l.counts[l.n_params++] = find(&f, r->value);
    }
    if (f.too_many || f.n == 0)
        return l;
    for (int j = 0; j < f.n; j++)
        graph_add_result(&only, RESULT_REPORT, str_printf(a, "%d", j),
                         f.grad[j]->in[0]);
    l.n_losses = f.n;
    l.region_stops = region_stops(grad, false);
    l.graph = graph_rebuild(&only, freeze, &l, false);
    l.graph->name = "losses";
    return l;
}
