/* graph_autodiff.c - replaces every `grad` by the nodes that compute it.
 *
 * Before  STAGE_BATCHED: values have their batch axis.
 * After   no grad node and no result of one.
 * Keeps   everything else.
 * Cost    linear in the nodes of the reverse sweeps.
 * Source  graph_derive (Griewank and Walther 2008, chapter 3.2). Creation order means
 *         innermost first: the target of an outer grad is rebuilt before it. */
#include "graph/derive.h"
#include "graph/op.h"
#include "passes/pass.h"

typedef struct Deriver {
    Arena *scratch;
    Node ***gradient; /* by id of the grad node in the old graph */
} Deriver;

static Node *derive_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    Deriver *d = context;
    if (n->op == &op_grad) {
        int n_wrt = n->n_in - 1;
        Node **gradient = arena_array(d->scratch, Node *, n_wrt);
        to->span = n->span;
        to->frame = n->frame;
        graph_derive(to, 1, &in[0], NULL, n_wrt, in + 1, gradient);
        d->gradient[n->id] = gradient;
        return in[0]; /* stands in for the node; only its results are read */
    }
    if (n->op == &op_result && n->in[0]->op == &op_grad)
        return d->gradient[n->in[0]->id][attr_int(n, "index")];
    return NULL;
}

PassResult graph_autodiff(PassContext *cx, Graph *g)
{
    pass_regions(cx, g, graph_autodiff);
    Deriver d = { cx->scratch, arena_array(cx->scratch, Node **, g->node.n) };
    Graph *to = graph_rebuild(g, derive_node, &d, true);
    to->stage = STAGE_DIFF;
    to = graph_rebuild(to, NULL, NULL, true); /* drops what no gradient needed */
    pass_replace(g, to);
    return PASS_CHANGED;
}
