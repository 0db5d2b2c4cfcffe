/* lower_cuts.c - where pads and joints split the last axis: between two cuts their
 * rules have nothing to decide, so each part is a plain loop. */
#include "graph/op.h"
#include "passes/lower.h"

static void cut(Cuts *c, int64_t at)
{
    int i = c->n;
    for (int j = 0; j < c->n; j++)
        if (c->at[j] == at)
            return;
    if (c->n == CUTS_MAX)
        return;
    for (; i > 0 && c->at[i - 1] > at; i--)
        c->at[i] = c->at[i - 1];
    c->at[i] = at;
    c->n++;
}

/* Where the rule of some node decides by the last index alone: between cuts it need
 * not. */
Cuts group_cuts(const LowerGroup *g, const Shape *space)
{
    int64_t extent = space->dim[space->rank - 1];
    Cuts c = { 2, { 0, extent } };
    for (int i = 0; i < g->body->node.n; i++) {
        const Node *n = g->body->node.at[i];
        int last = n->shape.rank - 1, count = 0;
        if (g->buffer[i] || last < 0 || n->shape.dim[last] != extent)
            continue;
        if (n->op == &op_pad) {
            int64_t before = attr_ints(n, "before", &count)[last];
            int64_t after = attr_ints(n, "after", &count)[last];
            if (attr_ints(n, "interior", &count)[last] == 0) {
                cut(&c, before);
                cut(&c, extent - after);
            }
        } else if (n->op == &op_concat && attr_int(n, "axis") == last) {
            int64_t at = 0;
            for (int j = 0; j + 1 < n->n_in; j++)
                cut(&c, at += n->in[j]->shape.dim[last]);
        }
    }
    return c;
}
