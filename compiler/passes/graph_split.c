/* graph_split.c - sums over a batch of images in two steps: each image, then the batch.
 *
 * Before  STAGE_DIFF; reductions are merged (graph_simplify).
 * After   a large reduction over leading axes is one over all but the first of them,
 *         then one over the first: the loops of the first step are shared among threads
 *         by images, and an image stays in the nearest cache while its channels pass.
 * Keeps   values up to the order of the terms.
 * Cost    linear in nodes.
 * Source  the two-level reductions of batch normalization kernels. */
#include "passes/rewrite.h"

enum {
    SPLIT_MIN_COUNT = 16384, /* elements: less is done before threads meet */
    SPLIT_MIN_IMAGES = 4,
    SPLIT_MIN_PIXELS = 16
};

typedef struct Splitter {
    int splits;
} Splitter;

/* Axes 0 .. n_axes-1 of several, the last axis kept, and enough of everything. */
static bool is_large(const Node *n, const Node *x)
{
    int n_axes = 0;
    const int64_t *axes = attr_ints(n, "axes", &n_axes);
    int64_t pixels = 1;
    if (n_axes < 2 || n_axes >= x->shape.rank)
        return false;
    for (int i = 0; i < n_axes; i++) {
        if (axes[i] != i)
            return false;
        if (i > 0)
            pixels *= x->shape.dim[i];
    }
    return shape_count(&x->shape) >= SPLIT_MIN_COUNT && pixels >= SPLIT_MIN_PIXELS &&
           x->shape.dim[0] >= SPLIT_MIN_IMAGES;
}

static Node *split_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    Splitter *s = context;
    if ((n->op != &op_reduce_sum && n->op != &op_reduce_max) || !is_large(n, in[0]))
        return NULL;
    int n_axes = 0, inner[SHAPE_MAX_RANK], first = 0;
    attr_ints(n, "axes", &n_axes);
    for (int i = 1; i < n_axes; i++)
        inner[i - 1] = i;
    int before = to->node.n;
    Node *images = build_reduce(to, n->op, in[0], n_axes - 1, inner);
    s->splits++;
    return take_place(n, build_reduce(to, n->op, images, 1, &first), before);
}

PassResult graph_split(PassContext *cx, Graph *g)
{
    bool inner = pass_regions(cx, g, graph_split);
    Splitter s = { 0 };
    Graph *to = graph_rebuild(g, split_node, &s, true);
    if (s.splits == 0)
        return inner ? PASS_CHANGED : PASS_UNCHANGED;
    out_print(&cx->stats, "split %d reductions\n", s.splits);
    pass_replace(g, to);
    return PASS_CHANGED;
}
