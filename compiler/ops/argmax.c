/* argmax - index of the largest element along the last axis; the first of equal ones.
 */
#include "ops/rules.h"

static bool argmax_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_float(n, sink) /* C1 */ || !check_min_rank(n, 0, 1, sink)) /* C2 */
        return false;
    y->shape = n->in[0]->shape;
    y->bound = y->shape.dim[--y->shape.rank];
    y->shape.dim[y->shape.rank] = 0;
    y->dtype = dtype_of_index(y->bound);
    return true;
}

static void argmax_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int64_t rows = shape_count(&n->shape), classes = n->bound;
    for (int64_t i = 0; i < rows; i++) {
        const double *x = in[0]->at + i * classes;
        int64_t best = 0;
        for (int64_t j = 1; j < classes; j++)
            if (x[j] > x[best])
                best = j;
        y->at[i] = (double)best;
    }
}

static Node *argmax_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    (void)batch;
    return batch_same(g, n, in);
}

static Expr *argmax_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    Expr *from[SHAPE_MAX_RANK];
    for (int i = 0; i < n->shape.rank; i++)
        from[i] = at[i];
    from[n->shape.rank] = expr_i32(k, 0);
    Var *most = kernel_register(k, "most", (LoopType){ DTYPE_F32, 1 },
                                lower_value(w, n->in[0], from));
    Var *best = kernel_register(k, "best", (LoopType){ DTYPE_I32, 1 }, expr_i32(k, 0));
    Expr *j = loop_begin(k, "j", n->bound);
    from[n->shape.rank] = j;
    Expr *x = kernel_let(k, "x", lower_value(w, n->in[0], from));
    Expr *more = kernel_let(k, "more", expr_binary(k, BIN_GT, x, expr_var(k, most)));
    kernel_assign(k, best, expr_select(k, more, j, expr_var(k, best)));
    kernel_assign(k, most, expr_select(k, more, x, expr_var(k, most)));
    loop_end(k);
    return expr_var(k, best);
}

static Cost argmax_cost(const Node *n)
{
    int64_t count = shape_count(&n->in[0]->shape);
    return (Cost){ count, 4 * count };
}

const Op op_argmax = {
    .code = OP_argmax,
    .name = "argmax",
    .summary = "index of the largest element along the last axis",
    .result = "[..]",
    .equation = "y = min { j : x[j] >= x[i] for every i }",
    .reference = "",
    .flags = OP_REDUCTION | OP_NO_GRAD,
    .operand = { { "x", "[..,n]", "scores", DOMAIN_OFF_ZERO } },
    .shape = argmax_shape,
    .eval = argmax_eval,
    .batch = argmax_batch,
    .element = argmax_element,
    .cost = argmax_cost,
    .constraint = {
        { "C1", "x is float", "argmax i32 [1, 2]", DIAG_DTYPE },
        { "C2", "x has an axis", "argmax 1", DIAG_PATTERN },
    },
    .example = {
        { "rows, the first of equal ones", "argmax [[1, 5, 2], [7, 7, 0]]",
          "index(3) [1, 0]" },
        { "one class", "argmax [4]", "index(1) 0" },
    },
};
