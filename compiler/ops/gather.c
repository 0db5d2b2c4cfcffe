/* gather - rows of a table by index. An index outside is taken for the nearest row, in
 * eval and in kernels, so that no data can make a program read outside. */
#include "ops/rules.h"

static bool gather_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *table = n->in[0], *index = n->in[1];
    if (!check_min_rank(n, 0, 1, sink)) /* C1 */
        return false;
    if (dtype_class(index->dtype) != DTYPE_CLASS_INT) /* C2 */
        return diag_error(sink, n->span, DIAG_DTYPE, "gather by %s",
                          dtype_name(index->dtype));
    if (index->bound > table->shape.dim[0]) /* C3 */
        return diag_error(sink, n->span, DIAG_INDEX_RANGE,
                          "an index below %lld can leave a table of %lld rows",
                          (long long)index->bound, (long long)table->shape.dim[0]);
    if (index->shape.rank + table->shape.rank - 1 > SHAPE_MAX_RANK) /* C4 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "gather of %d dimensions, at most %d",
                          index->shape.rank + table->shape.rank - 1, SHAPE_MAX_RANK);
    *y = (NodeType){ table->dtype, index->shape, table->bound };
    for (int i = 1; i < table->shape.rank; i++)
        y->shape.dim[y->shape.rank++] = table->shape.dim[i];
    return true;
}

static void gather_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int64_t count = shape_count(&in[1]->shape), width = shape_count(&n->shape) / count;
    int64_t rows = in[0]->shape.dim[0];
    for (int64_t i = 0; i < count; i++) {
        int64_t row = index_clamp(in[1]->at[i], rows);
        for (int64_t j = 0; j < width; j++)
            y->at[i * width + j] = in[0]->at[row * width + j];
    }
}

/* A table for each sample: the tables below each other, indices moved by their sample.
 */
static Node *gather_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    if (!n->in[0]->batched)
        return build_gather(g, in[0], in[1]);
    Shape tables = n->in[0]->shape;
    Node *index = batch_operand(g, n, in, 1, batch);
    Node *moved = index_of_sample(g, index, tables.dim[0]);
    tables.dim[0] *= batch;
    return build_gather(g, build_reshape(g, in[0], tables), moved);
}

static void gather_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    if (need[0])
        dx[0] = build_scatter_add(g, n->in[1], dy, n->in[0]->shape.dim[0]);
}

static Expr *gather_element(Lowering *w, const Node *n, Expr *const *at)
{
    const Node *table = n->in[0], *index = n->in[1];
    Expr *from[SHAPE_MAX_RANK];
    Expr *row =
        element_clamp(w->kernel, lower_value(w, index, at), table->shape.dim[0]);
    from[0] = kernel_let(w->kernel, "row", row);
    for (int i = 1; i < table->shape.rank; i++)
        from[i] = at[index->shape.rank + i - 1];
    return lower_value(w, table, from);
}

const Op op_gather = {
    .code = OP_gather,
    .name = "gather",
    .summary = "rows of a table by index",
    .result = "[..i,..r]",
    .equation = "y[i, r] = table[index[i], r]",
    .reference = "",
    .operand = { { "table", "[v,..r]", "rows", DOMAIN_REAL },
                 { "index", "[..i]", "integers below v", DOMAIN_LABEL } },
    .shape = gather_shape,
    .eval = gather_eval,
    .batch = gather_batch,
    .grad = gather_grad,
    .element = gather_element,
    .constraint = {
        { "C1", "table has rows", "gather 1, i32 [0]", DIAG_PATTERN },
        { "C2", "index is an integer", "gather [1, 2], [0]", DIAG_DTYPE },
        { "C3", "index is below v", "gather [1, 2], index(3) [0]", DIAG_INDEX_RANGE },
        { "C4", "at most 8 dimensions", "gather [[[[[1]]]]], index(1) [[[[[0]]]]]",
          DIAG_ATTRIBUTE },
    },
    .example = {
        { "rows", "gather [[1, 2], [3, 4], [5, 6]], index(3) [2, 0]",
          "[[5, 6], [1, 2]]" },
        { "one element", "gather [7, 8], index(2) 1", "8" },
        { "the nearest row", "gather [7, 8], i32 [-1, 5]", "[7, 8]" },
    },
};
