/* graph_fold.c - evaluates nodes whose operands are constants.
 *
 * Before  STAGE_DIFF.
 * After   no node of up to FOLD_MAX elements has constant operands only, but
 *         broadcasts of one number (they cost nothing and keep the number visible)
 *         and tables larger than their factors and than TABLE_MAX.
 * Keeps   random nodes, values: op->eval, rounded to the element type.
 * Cost    what evaluation costs. */
#include "passes/rewrite.h"

enum { FOLD_MAX = 1 << 20, TABLE_MAX = 1 << 16 };

typedef struct Folder {
    int folded;
} Folder;

/* The elements of x when they are known: a constant, or a broadcast of one (evaluated).
 */
static const Tensor *known_value(Graph *to, const Node *x)
{
    if (x->op == &op_constant)
        return attr_tensor(x, "value");
    if (x->op != &op_broadcast || shape_count(&x->shape) > FOLD_MAX)
        return NULL;
    const Tensor *in = known_value(to, x->in[0]);
    if (!in)
        return NULL;
    Tensor *y = tensor_new(to->arena, x->dtype, x->shape);
    x->op->eval(x, &in, y);
    return y;
}

/* One operand at least is a constant as large as the result: nothing grows, and numbers
 * that are only broadcast stay visible. Or the result is a small table, the sines of a
 * Fourier transform, which would be computed anew for each use. */
static bool folds(const Node *n, Node *const *in)
{
    if (n->n_in == 0 || !n->op->eval || n->op->flags & (OP_RANDOM | OP_STRUCTURE) ||
        shape_count(&n->shape) > FOLD_MAX)
        return false;
    bool any = false, table = shape_count(&n->shape) <= TABLE_MAX;
    for (int i = 0; i < n->n_in; i++) {
        const Node *x = in[i];
        any |= x->op == &op_constant;
        while (x->op == &op_broadcast)
            x = x->in[0];
        if (x->op != &op_constant)
            return false;
        any |= table && n->op->flags & OP_POINTWISE && x->shape.rank > 0;
    }
    bool wide = n->op == &op_broadcast &&
                shape_count(&n->shape) > shape_count(&n->in[0]->shape);
    return any && !wide;
}

static Node *fold_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    Folder *f = context;
    if (!folds(n, in))
        return NULL;
    int before = to->node.n;
    const Tensor **value = arena_array(to->arena, const Tensor *, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        if (!(value[i] = known_value(to, in[i])))
            return NULL;
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
    bool inner = pass_regions(cx, g, graph_fold);
    Folder f = { 0 };
    Graph *to = graph_rebuild(g, fold_node, &f, true);
    if (f.folded == 0)
        return inner ? PASS_CHANGED : PASS_UNCHANGED;
    out_print(&cx->stats, "folded %d nodes\n", f.folded);
    to = graph_rebuild(to, NULL, NULL, true);
    pass_replace(g, to);
    return PASS_CHANGED;
}
