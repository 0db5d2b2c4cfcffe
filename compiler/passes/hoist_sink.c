/* hoist_sink.c - what of a scan's region is computed after the loop, for all steps at
 * once: contractions that only ys need, and what follows them.
 *
 * But for targets with caches, RAM decides: where rows of a y take less than rows of
 * the values before it, nothing moves. */
#include "passes/hoist.h"

bool hoist_is_heavy(const Node *n)
{
    return (n->op->flags & OP_CONTRACTION) != 0 || n->op == &op_gather ||
           n->op == &op_scatter_add;
}

void hoist_mark_needed(const Hoist *h, bool *needed)
{
    for (int i = h->w->node.n - 1; i >= 0; i--)
        for (int j = 0; needed[i] && j < h->w->node.at[i]->n_in; j++)
            needed[h->w->node.at[i]->in[j]->id] = true;
}

/* Nodes that ys need and carries do not: contractions and what follows them. */
static void find_sunk(Hoist *h)
{
    for (int i = 0; i < h->p.carries; i++)
        if (h->keeps_carry[i] && !h->is_sum[i])
            h->for_carry[h->w->result.at[i].value->id] = true;
    hoist_mark_needed(h, h->for_carry);
    for (int i = 0; i < h->w->node.n; i++) {
        const Node *x = h->w->node.at[i];
        if (!h->live[i] || h->lifted[i] || h->for_carry[i] || x->op == &op_input ||
            h->depends[i] != ON_CARRIES || !hoist_can_batch(x))
            continue;
        h->sunk[i] = hoist_is_heavy(x);
        for (int j = 0; j < x->n_in; j++)
            h->sunk[i] |= h->sunk[x->in[j]->id];
    }
    for (int i = h->w->node.n - 1; i >= 0; i--) { /* what the loop reads stays in it */
        const Node *x = h->w->node.at[i];
        for (int j = 0; j < x->n_in && h->live[i] && !h->sunk[i]; j++)
            h->sunk[x->in[j]->id] = false;
    }
}

/* Elements of a step that the loop would hand over to what is sunk, and does not yet.
 */
static int64_t handed_over(const Hoist *h, const bool *used)
{
    int64_t sum = 0;
    bool *read = arena_array(h->a, bool, h->w->node.n);
    for (int i = 0; i < h->w->node.n; i++)
        for (int j = 0; h->sunk[i] && j < h->w->node.at[i]->n_in; j++)
            read[h->w->node.at[i]->in[j]->id] = true;
    for (int i = h->p.carries; i < h->w->result.n; i++)
        if (used[i])
            read[h->w->result.at[i].value->id] = false;
    for (int i = 0; i < h->w->node.n; i++)
        if (read[i] && !h->sunk[i] && !h->lifted[i] && h->depends[i] == ON_CARRIES)
            sum += shape_count(&h->w->node.at[i]->shape);
    return sum;
}

void hoist_find_sunk(Hoist *h, const bool *used, const Target *t)
{
    int64_t given = 0; /* elements of a step that it hands over as it is */
    find_sunk(h);
    for (int i = h->p.carries; i < h->w->result.n; i++) {
        const Node *y = h->w->result.at[i].value;
        if (used[i] && h->sunk[y->id])
            given += shape_count(&y->shape);
    }
    bool stays = !t->is_host && handed_over(h, used) > given;
    for (int i = 0; i < h->p.carries; i++) /* those are handed over for the sums */
        stays &= !h->is_sum[i];
    for (int i = 0; stays && i < h->w->node.n; i++)
        h->sunk[i] = false;
}
