/* scatter_add - adds rows into a table of zeros by index: the transpose of gather, with
 * the same rule for an index outside. */
#include "ops/rules.h"

enum { MAX_LOCAL_ROW = 4096 }; /* elements of a row that a kernel keeps on its stack */

static bool scatter_add_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *index = n->in[0], *update = n->in[1];
    int skip = index->shape.rank;
    if (dtype_class(index->dtype) != DTYPE_CLASS_INT ||
        !dtype_is_float(update->dtype)) /* C1 */
        return diag_error(sink, n->span, DIAG_DTYPE, "scatter_add of %s by %s",
                          dtype_name(update->dtype), dtype_name(index->dtype));
    if (!check_min_rank(n, 1, skip, sink)) /* C2 */
        return false;
    for (int i = 0; i < skip; i++)
        if (update->shape.dim[i] != index->shape.dim[i]) /* C2 */
            return diag_error(sink, n->span, DIAG_PATTERN,
                              "scatter_add takes one row for each index");
    if (!check_attr(n, "rows", index->bound > 1 ? index->bound : 1, INT32_MAX,
                    sink)) /* C3 */
        return false;
    if (update->shape.rank - skip + 1 > SHAPE_MAX_RANK) /* C4 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "scatter_add makes %d dimensions",
                          update->shape.rank - skip + 1);
    y->dtype = update->dtype;
    y->shape.rank = 1;
    y->shape.dim[0] = attr_int(n, "rows");
    for (int i = skip; i < update->shape.rank; i++)
        y->shape.dim[y->shape.rank++] = update->shape.dim[i];
    return true;
}

static void scatter_add_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int64_t count = shape_count(&in[0]->shape), rows = n->shape.dim[0];
    int64_t width = shape_count(&in[1]->shape) / count;
    for (int64_t i = 0; i < count; i++) {
        int64_t row = index_clamp(in[0]->at[i], rows);
        for (int64_t j = 0; j < width; j++)
            y->at[row * width + j] += in[1]->at[i * width + j];
    }
}

/* A table for each sample: the tables below each other, indices moved by their sample.
 */
static Node *scatter_add_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    int64_t rows = n->shape.dim[0];
    Node *index = index_of_sample(g, batch_operand(g, n, in, 0, batch), rows);
    Node *update = batch_operand(g, n, in, 1, batch);
    Node *all = build_scatter_add(g, index, update, batch * rows);
    return build_reshape(g, all, shape_with_leading(&n->shape, batch));
}

static void scatter_add_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                             const bool *need)
{
    if (need[1])
        dx[1] = build_gather(g, dy, n->in[0]);
}

/* Opens loops over the indices and a branch for those that are `row`. */
static void open_matches(Lowering *w, const Node *n, Expr *row, Expr **from)
{
    Kernel *k = w->kernel;
    const Shape *index = &n->in[0]->shape;
    for (int i = 0; i < index->rank; i++)
        from[i] = loop_begin(k, "i", index->dim[i]);
    Expr *to = element_clamp(k, lower_value(w, n->in[0], from), n->shape.dim[0]);
    if_begin(k, expr_binary(k, BIN_EQ, to, row));
}

static void close_matches(Lowering *w, const Node *n)
{
    if_end(w->kernel);
    for (int i = 0; i < n->in[0]->shape.rank; i++)
        loop_end(w->kernel);
}

/* Loops over the axes of a row. */
static void open_row(Kernel *k, const Node *n, Expr **at)
{
    for (int i = 1; i < n->shape.rank; i++)
        at[i] = loop_begin(k, "j", n->shape.dim[i]);
}

static void close_row(Kernel *k, const Node *n)
{
    for (int i = 1; i < n->shape.rank; i++)
        loop_end(k);
}

/* Row by row: all updates of a row are added in a local array, in the order of their
 * indices, whoever runs the row. A row too long for the stack goes element by element.
 */
static void scatter_add_nest(Lowering *w, const Node *n)
{
    Kernel *k = w->kernel;
    int skip = n->in[0]->shape.rank;
    Shape inner = { .rank = n->shape.rank - 1 };
    for (int i = 0; i < inner.rank; i++)
        inner.dim[i] = n->shape.dim[i + 1];
    int64_t width = shape_count(&inner);
    Expr *at[SHAPE_MAX_RANK], *from[2 * SHAPE_MAX_RANK];
    at[0] = loop_begin_sliced(k, "row", n->shape.dim[0]);
    if (width > MAX_LOCAL_ROW || inner.rank == 0) {
        open_row(k, n, at);
        Var *sum =
            kernel_register(k, "sum", (LoopType){ DTYPE_F32, 1 }, expr_f32(k, 0));
        open_matches(w, n, at[0], from);
        for (int i = 0; i < inner.rank; i++)
            from[skip + i] = at[i + 1];
        Expr *x = lower_value(w, n->in[1], from);
        kernel_assign(k, sum, expr_add(k, expr_var(k, sum), x));
        close_matches(w, n);
        lower_finish(w, n, at, NULL, 1, expr_var(k, sum));
        close_row(k, n);
    } else {
        Buffer *sums = kernel_buffer(k, kernel_unique_name(k, "sums"), DTYPE_F32, width,
                                     ACCESS_LOCAL);
        Expr *j = loop_begin(k, "j", width);
        kernel_store(k, sums, j, expr_f32(k, 0));
        loop_end(k);
        open_matches(w, n, at[0], from);
        open_row(k, n, at);
        for (int i = 0; i < inner.rank; i++)
            from[skip + i] = at[i + 1];
        Expr *to = expr_linear(k, &inner, at + 1);
        Expr *sum =
            expr_add(k, expr_load(k, sums, to, 1), lower_value(w, n->in[1], from));
        kernel_store(k, sums, to, sum);
        close_row(k, n);
        close_matches(w, n);
        open_row(k, n, at);
        lower_finish(w, n, at, NULL, 1,
                     expr_load(k, sums, expr_linear(k, &inner, at + 1), 1));
        close_row(k, n);
    }
    loop_end(k);
}

const Op op_scatter_add = {
    .code = OP_scatter_add,
    .name = "scatter_add",
    .summary = "adds rows into a table of zeros by index",
    .result = "[rows,..r]",
    .equation = "y[v, r] = sum of update[i, r] over index[i] = v",
    .reference = "",
    .operand = { { "index", "[..i]", "integers below rows", DOMAIN_LABEL },
                 { "update", "[..i,..r]", "rows to add", DOMAIN_REAL } },
    .attr = { { "rows", ATTR_INT, "of the result" } },
    .shape = scatter_add_shape,
    .eval = scatter_add_eval,
    .batch = scatter_add_batch,
    .grad = scatter_add_grad,
    .nest = scatter_add_nest,
    .constraint = {
        { "C1", "index is an integer, update float", "scatter_add [1], [1] {rows=2}",
          DIAG_DTYPE },
        { "C2", "one row for each index", "scatter_add index(2) [1, 0], [1] {rows=2}",
          DIAG_PATTERN },
        { "C3", "index is below rows", "scatter_add index(3) [1], [1] {rows=2}",
          DIAG_ATTRIBUTE },
        { "C4", "at most 8 dimensions",
          "scatter_add index(1) 0, [[[[[[[[1]]]]]]]] {rows=1}", DIAG_ATTRIBUTE },
    },
    .example = {
        { "two to one row",
          "scatter_add index(3) [2, 0, 2], [[1, 2], [3, 4], [5, 6]] {rows=3}",
          "[[3, 4], [0, 0], [6, 8]]" },
        { "numbers", "scatter_add index(2) [1, 1], [7, 8] {rows=2}", "[0, 15]" },
    },
};
