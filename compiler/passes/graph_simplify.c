/* graph_simplify.c - algebra that keeps the meaning.
 *
 * Before  STAGE_DIFF.
 * After   none of the rules below applies (or after ROUNDS_MAX sweeps).
 * Keeps   values up to the rounding of reassociated constants and of factors taken out
 *         of sums; never divides by multiplying unless that is exact, never assumes
 *         that x * 0 is 0.
 * Cost    linear in nodes for each sweep.
 * Source  the usual identities; the rules on views as in tensor algebra simplifiers
 *         (StableHLO's canonicalizer). */
#include "passes/rewrite.h"
#include "passes/simplify.h"

enum { ROUNDS_MAX = 12 };

typedef struct Simplifier {
    int rewrites;
} Simplifier;

/* One rule table a kind of op; NULL: nothing applies. */
static Node *apply(Graph *to, const Node *n, Node *const *in)
{
    Node *y = simplify_arithmetic(to, n, in);
    if (!y)
        y = simplify_view(to, n, in);
    if (!y)
        y = simplify_reduce(to, n, in);
    return y;
}

static Node *simplify_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    Simplifier *s = context;
    int before = to->node.n;
    Node *y = apply(to, n, in);
    if (!y)
        return NULL;
    if (y->dtype != n->dtype || !shape_equal(&y->shape, &n->shape))
        BUG("simplifying %s changed its type", n->op->name);
    s->rewrites++;
    return take_place(n, y, before);
}

PassResult graph_simplify(PassContext *cx, Graph *g)
{
    bool inner = pass_regions(cx, g, graph_simplify);
    int total = 0;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        Simplifier s = { 0 };
        Graph *to = graph_rebuild(g, simplify_node, &s, true);
        if (s.rewrites == 0)
            break;
        total += s.rewrites;
        pass_replace(g, graph_rebuild(to, NULL, NULL, true));
    }
    if (total == 0)
        return inner ? PASS_CHANGED : PASS_UNCHANGED;
    out_print(&cx->stats, "%d rewrites\n", total);
    return PASS_CHANGED;
}
