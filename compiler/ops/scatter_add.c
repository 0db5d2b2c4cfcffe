/* scatter_add - adds rows into a table of zeros by index: the transpose of gather. */
#include "ops/common.h"

#include "support/bug.h"

static bool scatter_add_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *index = n->in[0], *update = n->in[1];
    int skip = index->shape.rank;
    *y = (NodeType){ DTYPE_F32, { .rank = 1, .dim = { attr_int(n, "rows") } }, 0 };
    if (update->dtype != DTYPE_F32 || dtype_is_float(index->dtype)) /* C1 */
        return diag_error(sink, n->span, DIAG_DTYPE, "`scatter_add` takes an index and f32");
    for (int i = 0; i < skip; i++)
        if (update->shape.rank < skip || update->shape.dim[i] != index->shape.dim[i]) /* C2 */
            return diag_error(sink, n->span, DIAG_PATTERN,
                              "`scatter_add` takes one row for each index");
    for (int i = skip; i < update->shape.rank; i++)
        y->shape.dim[y->shape.rank++] = update->shape.dim[i];
    return true;
}

static void scatter_add_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int64_t rows = shape_count(&in[0]->shape);
    int64_t width = rows ? shape_count(&in[1]->shape) / rows : 0;
    (void)n;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < width; j++)
            y->at[(int64_t)in[0]->at[i] * width + j] += in[1]->at[i * width + j];
}

/* One table per sample appears only as a gradient before graph_batch. */
static Node *scatter_add_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)g;
    (void)in;
    (void)batch;
    BUG("%s per sample", n->op->name);
}

static void scatter_add_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                             const bool *need)
{
    if (need[1])
        dx[1] = build_gather(g, dy, n->in[0]);
}

/* One element: the sum over the rows that go to it. */
static Expr *scatter_add_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    const Shape *index = &n->in[0]->shape;
    Expr *from[SHAPE_MAX_RANK];
    Var *acc = kernel_register(k, "acc", (LoopType){ DTYPE_F32, 1 }, expr_f32(k, 0));
    for (int i = 0; i < index->rank; i++)
        from[i] = loop_begin(k, "r", index->dim[i]);
    for (int i = index->rank; i < n->in[1]->shape.rank; i++)
        from[i] = at[1 + i - index->rank];
    Expr *mine = expr_binary(k, BIN_EQ, lower_value(w, n->in[0], from), at[0]);
    Expr *x = expr_select(k, mine, lower_value(w, n->in[1], from), expr_f32(k, 0));
    kernel_assign(k, acc, expr_add(k, expr_var(k, acc), x));
    for (int i = 0; i < index->rank; i++)
        loop_end(k);
    return expr_var(k, acc);
}

const Op op_scatter_add = {
    .code      = OP_scatter_add,
    .name      = "scatter_add",
    .summary   = "adds rows into a table of zeros by index",
    .result    = "[rows,..r]",
    .equation  = "y[v, r] = sum of update[i, r] over index[i] = v",
    .reference = "",
    .flags     = OP_REDUCTION,
    .operand   = { { "index", "[..i]", "below rows", DOMAIN_LABEL },
                   { "update", "[..i,..r]", "rows to add", DOMAIN_REAL } },
    .attr      = { { "rows", ATTR_INT, "of the result" } },
    .shape     = scatter_add_shape,
    .eval      = scatter_add_eval,
    .batch     = scatter_add_batch,
    .grad      = scatter_add_grad,
    .element   = scatter_add_element,
    .constraint = { { "C1", "index is an integer, update f32",
                      "scatter_add 1.0, 1.0 {rows=2}", DIAG_DTYPE },
                    { "C2", "one row for each index",
                      "scatter_add [true, false], [1.0] {rows=2}", DIAG_PATTERN } },
};
