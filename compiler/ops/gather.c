/* gather - rows of a table by index. */
#include "ops/common.h"

#include "support/bug.h"

static bool gather_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *table = n->in[0], *index = n->in[1];
    *y = (NodeType){ table->dtype, index->shape, table->bound };
    if (table->shape.rank < 1 ||
        index->shape.rank + table->shape.rank - 1 > SHAPE_MAX_RANK) /* C1 */
        return diag_error(sink, n->span, DIAG_PATTERN, "`gather` takes a table of rows");
    if (dtype_is_float(index->dtype) || index->bound > table->shape.dim[0]) /* C2 */
        return diag_error(sink, n->span, DIAG_INDEX_RANGE,
                          "an index below %lld can leave a table of %lld rows",
                          (long long)index->bound, (long long)table->shape.dim[0]);
    for (int i = 1; i < table->shape.rank; i++)
        y->shape.dim[y->shape.rank++] = table->shape.dim[i];
    return true;
}

static void gather_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int64_t rows = shape_count(&in[1]->shape);
    int64_t width = rows ? shape_count(&n->shape) / rows : 0;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < width; j++)
            y->at[i * width + j] = in[0]->at[(int64_t)in[1]->at[i] * width + j];
}

static Node *gather_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    if (n->in[0]->batched)
        BUG("gather from one table per sample");
    (void)batch;
    return build_gather(g, in[0], in[1]);
}

static void gather_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    if (need[0])
        dx[0] = build_scatter_add(g, n->in[1], dy, n->in[0]->shape.dim[0]);
}

static Expr *gather_element(Lowering *w, const Node *n, Expr *const *at)
{
    int index_rank = n->in[1]->shape.rank, width = n->in[0]->shape.rank - 1;
    Expr *from[SHAPE_MAX_RANK];
    from[0] = kernel_let(w->kernel, "row", lower_value(w, n->in[1], at));
    for (int i = 0; i < width; i++)
        from[i + 1] = at[index_rank + i];
    return lower_value(w, n->in[0], from);
}

const Op op_gather = {
    .code      = OP_gather,
    .name      = "gather",
    .summary   = "rows of a table by index",
    .result    = "[..i,..r]",
    .equation  = "y[i, r] = table[index[i], r]",
    .reference = "",
    .flags     = 0,
    .operand   = { { "table", "[v,..r]", "rows", DOMAIN_REAL },
                   { "index", "[..i]", "below v", DOMAIN_LABEL } },
    .shape     = gather_shape,
    .eval      = gather_eval,
    .batch     = gather_batch,
    .grad      = gather_grad,
    .element   = gather_element,
    .constraint = { { "C1", "table has rows", "gather 1.0, true", DIAG_PATTERN },
                    { "C2", "index is an integer below v", "gather [1, 2], 1.0",
                      DIAG_INDEX_RANGE } },
};
