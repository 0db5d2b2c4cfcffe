/* graph_dce.c - drops nodes that no result needs.
 *
 * Before  any stage.
 * After   every node but inputs is reached from a result.
 * Keeps   inputs (they are the function's interface), order, names.
 * Cost    linear. */
#include "passes/pass.h"

PassResult graph_dce(PassContext *cx, Graph *g)
{
    bool inner = pass_regions(cx, g, graph_dce);
    int before = g->node.n;
    Graph *to = graph_rebuild(g, NULL, NULL, true);
    if (to->node.n == before)
        return inner ? PASS_CHANGED : PASS_UNCHANGED;
    out_print(&cx->stats, "removed %d nodes\n", before - to->node.n);
    pass_replace(g, to);
    return PASS_CHANGED;
}
