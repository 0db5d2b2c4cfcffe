/* batch_sum - sum over the samples of a batch; gone after graph_batch, which makes it a
 * sum over axis 0. */
#include "ops/rules.h"

static bool batch_sum_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static double of_one(double x)
{
    return x;
}

/* Of a batch of one sample. */
static void batch_sum_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, of_one);
}

static Node *batch_sum_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    int axis = 0;
    if (!n->in[0]->batched)
        return build_scale(g, in[0], (double)batch);
    return build_reduce(g, &op_reduce_sum, in[0], 1, &axis);
}

const Op op_batch_sum = {
    .code = OP_batch_sum,
    .name = "batch_sum",
    .summary = "sum over the samples of a batch",
    .result = "[..]",
    .equation = "y = sum_b x_b",
    .reference = "",
    .flags = OP_SAMPLE_ONLY | OP_NO_GRAD,
    .operand = { { "x", "[..]", "one value a sample", DOMAIN_REAL } },
    .shape = batch_sum_shape,
    .eval = batch_sum_eval,
    .batch = batch_sum_batch,
    .constraint = {
        { "C1", "x is float", "batch_sum bool 1", DIAG_DTYPE },
    },
    .example = {
        { "of one sample", "batch_sum [1, 2]", "[1, 2]" },
    },
};
