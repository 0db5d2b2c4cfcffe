/* batch_sum - sum over the samples of a batch; only before graph_batch. */
#include "ops/common.h"

static bool batch_sum_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return unary_shape(n, y, sink);
}

static double value(double x)
{
    return x;
}

/* Of one sample: itself. */
static void batch_sum_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    unary_eval(in, y, value);
}

static Node *batch_sum_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    int axis = 0;
    (void)n;
    (void)batch;
    Node *sum = build_reduce(g, &op_reduce_sum, in[0], 1, &axis);
    return sum;
}

const Op op_batch_sum = {
    .code      = OP_batch_sum,
    .name      = "batch_sum",
    .summary   = "sum over the samples of a batch",
    .result    = "[..]",
    .equation  = "y = sum_b x_b",
    .reference = "",
    .flags     = OP_SAMPLE_ONLY | OP_NO_GRAD,
    .operand   = { { "x", "[..]", "one value per sample", DOMAIN_REAL } },
    .shape     = batch_sum_shape,
    .eval      = batch_sum_eval,
    .batch     = batch_sum_batch,
    .constraint = { { "C1", "x is f32", "batch_sum true", DIAG_DTYPE } },
    .example   = { { "of one sample", "batch_sum [1, 2]", "[1, 2]" } },
};
