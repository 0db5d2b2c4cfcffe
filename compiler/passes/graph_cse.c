/* graph_cse.c - merges nodes that compute the same.
 *
 * Before  STAGE_DIFF.
 * After   no two nodes of equal op, operands, attributes and type, but random ones:
 * each has its own stream, and sharing is the program's decision. Keeps   the first of
 * equals, with its name. Cost    linear, by hashing. Source  value numbering (Cocke and
 * Schwartz 1970) on a graph in topological order. */
#include "passes/rewrite.h"

typedef struct Numbering {
    PassContext *cx;
    int size;     /* of the table, a power of two */
    Node **table; /* nodes of the new graph by hash */
    int merged;
} Numbering;

static Node *number_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    Numbering *v = context;
    Node probe = *n;
    probe.in = arena_array(v->cx->scratch, Node *, n->n_in + 1);
    for (int i = 0; i < n->n_in; i++)
        probe.in[i] = in[i];
    if (n->op->flags & OP_RANDOM || n->body || node_is_input(n, INPUT_OPERAND))
        return NULL;
    uint64_t mask = (uint64_t)v->size - 1;
    uint64_t at = node_hash(&probe) & mask;
    for (; v->table[at]; at = (at + 1) & mask)
        if (node_equal(v->table[at], &probe)) {
            v->merged++;
            return v->table[at];
        }
    v->table[at] = graph_copy_node(to, n, in);
    return v->table[at];
}

PassResult graph_cse(PassContext *cx, Graph *g)
{
    bool inner = pass_regions(cx, g, graph_cse);
    Numbering v = { .cx = cx, .size = 64 };
    while (v.size < 4 * g->node.n)
        v.size *= 2;
    v.table = arena_array(cx->scratch, Node *, v.size);
    int before = g->node.n;
    Graph *to = graph_rebuild(g, number_node, &v, true);
    if (v.merged == 0 && to->node.n == before)
        return inner ? PASS_CHANGED : PASS_UNCHANGED;
    out_print(&cx->stats, "merged %d nodes\n", v.merged);
    pass_replace(g, to);
    return PASS_CHANGED;
}
