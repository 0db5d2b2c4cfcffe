/* graph_half.c - weights to the precision of half floats, for `quantize: f16`.
 *
 * Before  STAGE_DIFF, constants folded.
 * After   f32 constants of rank 2 and more with HALF_LEAST elements hold halves only;
 *         loop_half will store them so.
 * Keeps   biases and other short constants, constants with a number that no half comes
 *         near (beyond 65504), types.
 * Cost    linear in the constants. */
#include "passes/rewrite.h"
#include "tensor/half.h"

#include <math.h>

enum { HALF_LEAST = 32 };

static Node *halve_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    (void)in;
    Shape rows = shape_squeeze(&n->shape); /* a bias may be [1, n] by now */
    if (n->op != &op_constant || n->dtype != DTYPE_F32 || rows.rank < 2 ||
        shape_count(&n->shape) < HALF_LEAST)
        return NULL;
    const Tensor *from = attr_tensor(n, "value");
    Tensor *t = tensor_new(to->arena, n->dtype, n->shape);
    bool changed = false;
    for (int64_t i = 0; i < shape_count(&n->shape); i++) {
        if (!(fabs(from->at[i]) <= HALF_MAX))
            return NULL;
        t->at[i] = half_value(half_of(from->at[i]));
        changed = changed || t->at[i] != from->at[i];
    }
    if (!changed)
        return NULL;
    Node *y = build_constant(to, t);
    y->name = n->name;
    y->span = n->span;
    y->frame = n->frame;
    *(bool *)context = true;
    return y;
}

PassResult graph_half(PassContext *cx, Graph *g)
{
    bool changed = false;
    Graph *by = graph_rebuild(g, halve_node, &changed, true);
    (void)cx;
    if (!changed)
        return PASS_UNCHANGED;
    pass_replace(g, by);
    return PASS_CHANGED;
}
