/* graph_fold.c - evaluates nodes whose operands are constants.
 *
 * Before  STAGE_DIFF.
 * After   no node of up to FOLD_MAX elements has constant operands only, but broadcasts
 *         of one number (they cost nothing and keep the number visible).
 * Keeps   random nodes, values: op->eval, rounded to the element type.
 * Cost    what evaluation costs. */
#include "passes/rewrite.h"

enum { FOLD_MAX = 1 << 20 };

typedef struct Folder {
    int folded;
} Folder;

static bool folds(const Node *n, Node *const *in)
{
    if (n->n_in == 0 || !n->op->eval || n->op->flags & (OP_RANDOM | OP_STRUCTURE) ||
        shape_count(&n->shape) > FOLD_MAX)
        return false;
    for (int i = 0; i < n->n_in; i++)
        if (in[i]->op != &op_constant)
            return false;
    bool wide = n->op == &op_broadcast &&
                shape_count(&n->shape) > shape_count(&n->in[0]->shape);
    return !wide;
}

static Node *fold_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    Folder *f = context;
    if (!folds(n, in))
        return NULL;
    int before = to->node.n;
    const Tensor **value = arena_array(to->arena, const Tensor *, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        value[i] = attr_tensor(in[i], "value");
    Tensor *y = tensor_new(to->arena, n->dtype, n->shape);
    n->op->eval(n, value, y);
    for (int64_t i = 0; i < shape_count(&y->shape); i++)
        y->at[i] = dtype_round(y->dtype, y->at[i]);
    f->folded++;
    Node *c = build_constant(to, y);
    attr_set(c, "bound", (AttrValue){ .i = n->bound });
    c->bound = n->bound;
    return take_place(n, c, before);
}

PassResult graph_fold(PassContext *cx, Graph *g)
{
    Folder f = { 0 };
    Graph *to = graph_rebuild(g, fold_node, &f, true);
    if (f.folded == 0)
        return PASS_UNCHANGED;
    out_print(&cx->stats, "folded %d nodes\n", f.folded);
    to = graph_rebuild(to, NULL, NULL, true);
    pass_replace(g, to);
    return PASS_CHANGED;
}
