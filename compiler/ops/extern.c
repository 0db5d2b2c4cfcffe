/* extern - a C function of the user's, called once for each sample:
 *
 *   void function(const T *restrict x, .., float *restrict y, .., int32_t n, ..);
 *
 * first the operands, then the results, then the numbers of `sizes`. Several results
 * are one value, one behind the other; slices take it apart. The function is pure: what
 * it writes depends on what it reads only, and it writes all of it.
 *
 * For a batch the call stands in a scan over the samples, so a kernel is written for
 * one. Its gradient is a call of the function named by `gradient`, which gets the
 * operands, the gradients of the results, and writes those of the float operands. */
#include "ops/extern.h"
#include "graph/region.h"
#include "ops/rules.h"
#include "support/bug.h"
#include "support/str.h"

#include <string.h>

bool extern_results(Arena *a, const Node *n, ExternResults *r)
{
    int words = 0;
    const int64_t *at = attr_ints(n, "results", &words);
    *r = (ExternResults){ .shape = arena_array(a, Shape, words + 1),
                          .first = arena_array(a, int64_t, words + 1) };
    for (int i = 0; i < words;) {
        Shape *s = &r->shape[r->n];
        int64_t rank = at[i++];
        if (rank < 0 || rank > SHAPE_MAX_RANK || rank > words - i)
            return false;
        for (; s->rank < rank; i++) {
            if (at[i] < 1)
                return false;
            s->dim[s->rank++] = at[i];
        }
        r->first[r->n++] = r->count;
        r->count += shape_count(s);
    }
    return r->n > 0;
}

const char *extern_name(Arena *a, const Node *n, int i)
{
    const char *at = attr_text(n, "names");
    for (; at != NULL && i > 0; i--)
        at = strchr(at, ',') != NULL ? strchr(at, ',') + 1 : NULL;
    return at != NULL ? str_copy(a, at, strcspn(at, ",")) : "x";
}

bool extern_has_gradient(const Node *n)
{
    const char *gradient = attr_text(n, "gradient");
    return gradient != NULL && gradient[0] != '\0';
}

const Node *graph_find_extern(const Graph *g)
{
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (n->op == &op_extern)
            return n;
        const Node *inside = n->body != NULL ? graph_find_extern(n->body) : NULL;
        if (inside != NULL)
            return inside;
    }
    return NULL;
}

static bool extern_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    Arena *work = arena_create("extern");
    ExternResults r;
    bool good = extern_results(work, n, &r);
    const char *name = attr_text(n, "function");
    *y = (NodeType){ .dtype = DTYPE_F32,
                     .shape = r.n == 1 ? r.shape[0] : shape_1(r.count) };
    arena_destroy(work);
    if (name == NULL || name[0] == '\0') /* C1 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "extern needs the name of a C function");
    if (!good) /* C2 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "the results of extern are shapes, each after its rank");
    return true;
}

/* One sample: its axis goes and comes back. */
static Node *only_sample(Graph *g, const Node *n, Node *const *in)
{
    Node **bare = arena_array(g->arena, Node *, n->n_in);
    for (int i = 0; i < n->n_in; i++)
        bare[i] = n->in[i]->batched ? build_reshape(g, in[i], n->in[i]->shape) : in[i];
    Node *y = batch_same(g, n, bare);
    return build_reshape(g, y, shape_with_leading(&y->shape, 1));
}

/* A scan over the samples: rows are what differs between them. */
static Node *extern_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    Graph *body = graph_new(g->arena, "each");
    Node **inside = arena_array(g->arena, Node *, n->n_in);
    Node **outside = arena_array(g->arena, Node *, n->n_in);
    int rows = 0, k = 0;
    if (batch == 1)
        return only_sample(g, n, in);
    body->stage = g->stage;
    body->span = n->span;
    body->frame = n->frame;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < n->n_in; i++) {
            const Node *x = n->in[i];
            if (x->batched != (pass == 0))
                continue;
            inside[i] = build_input(body, INPUT_OPERAND, str_printf(g->arena, "x%d", i),
                                    x->dtype, x->shape, x->bound, x->batched);
            outside[k++] = in[i];
            rows += pass == 0;
        }
    Node *y = batch_same(body, n, inside);
    y->batched = true;
    graph_add_result(body, RESULT_OPERAND, "y", y);
    return build_result(g, build_scan(g, body, 0, rows, batch, false, n->n_in, outside),
                        0);
}

/* ---- gradient -------------------------------------------------------------------- */

static Node *part(Graph *g, Node *flat, const ExternResults *r, int i)
{
    if (r->n == 1)
        return flat;
    int64_t start = r->first[i], stop = start + shape_count(&r->shape[i]), step = 1;
    return build_reshape(g, build_slice(g, flat, &start, &stop, &step), r->shape[i]);
}

static AttrValue gradient_results(Graph *g, const Node *n)
{
    int64_t *at = arena_array(g->arena, int64_t, n->n_in * (SHAPE_MAX_RANK + 1));
    int words = 0;
    for (int i = 0; i < n->n_in; i++) {
        const Shape *s = &n->in[i]->shape;
        if (!dtype_is_float(n->in[i]->dtype))
            continue;
        at[words++] = s->rank;
        for (int d = 0; d < s->rank; d++)
            at[words++] = s->dim[d];
    }
    return attr_list(g, words, at);
}

/* "x,k,dy,dx,dk,n" of "x,k,y,n" */
static const char *gradient_names(Graph *g, const Node *n, int results)
{
    Out out;
    int sizes = 0;
    (void)attr_ints(n, "sizes", &sizes);
    out_init(&out, g->arena);
    for (int i = 0; i < n->n_in; i++)
        out_print(&out, "%s%s", i > 0 ? "," : "", extern_name(g->arena, n, i));
    for (int i = 0; i < results; i++)
        out_print(&out, ",d%s", extern_name(g->arena, n, n->n_in + i));
    for (int i = 0; i < n->n_in; i++)
        if (dtype_is_float(n->in[i]->dtype))
            out_print(&out, ",d%s", extern_name(g->arena, n, i));
    for (int i = 0; i < sizes; i++)
        out_print(&out, ",%s", extern_name(g->arena, n, n->n_in + results + i));
    return out_text(&out);
}

static void extern_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    const char *gradient = attr_text(n, "gradient");
    ExternResults r, d;
    (void)need;
    if (!extern_has_gradient(n)) /* elaboration has refused it */
        BUG("the C function %s has no gradient", attr_text(n, "function"));
    extern_results(g->arena, n, &r);
    Node **in = arena_array(g->arena, Node *, n->n_in + r.n);
    int k = 0;
    for (int i = 0; i < n->n_in; i++)
        in[k++] = node_in(g, n->in[i]);
    for (int i = 0; i < r.n; i++)
        in[k++] = part(g, dy, &r, i);
    AttrValue attrs[OP_MAX_ATTRS] = { { .text = gradient },
                                      { .text = "" },
                                      { .text = gradient_names(g, n, r.n) },
                                      gradient_results(g, n),
                                      n->attr[4] };
    Node *all = build_node(g, NULL, &op_extern, k, in, attrs);
    extern_results(g->arena, all, &d);
    for (int i = 0, at = 0; i < n->n_in; i++)
        if (dtype_is_float(n->in[i]->dtype))
            dx[i] = part(g, all, &d, at++);
}

static Cost extern_cost(const Node *n)
{
    Cost c = { .bytes = shape_count(&n->shape) * (int64_t)dtype_bytes(n->dtype) };
    for (int i = 0; i < n->n_in; i++)
        c.bytes +=
            shape_count(&n->in[i]->shape) * (int64_t)dtype_bytes(n->in[i]->dtype);
    return c; /* what it computes, nobody knows */
}

const Op op_extern = {
    .code = OP_extern,
    .name = "extern",
    .summary = "a C function of the user's",
    .result = "",
    .equation = "y = function(x, ..)",
    .reference = "",
    .flags = OP_STRUCTURE | OP_VARIADIC,
    .operand = { { "x", "[..]", "what the function reads", DOMAIN_REAL } },
    .attr = { { "function", ATTR_TEXT, "its name in C" },
              { "gradient", ATTR_TEXT, "name of its gradient's; empty: none" },
              { "names", ATTR_TEXT, "of its parameters, with commas between" },
              { "results", ATTR_INTS, "shapes of what it writes, each after its rank" },
              { "sizes", ATTR_INTS, "the int32_t behind" } },
    .shape = extern_shape,
    .batch = extern_batch,
    .grad = extern_grad,
    .cost = extern_cost,
    .constraint = {
        { "C1", "names a function", "extern [1] {results=[0]}", DIAG_ATTRIBUTE },
        { "C2", "has a result, and extents are positive",
          "extern [1] {function=\"f\", results=[1, 0]}", DIAG_ATTRIBUTE },
    },
};
