/* batch_mean - mean over the samples of a batch; only before graph_batch. */
#include "ops/common.h"

static bool batch_mean_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return unary_shape(n, y, sink);
}

static double value(double x)
{
    return x;
}

/* Of one sample: itself. */
static void batch_mean_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    unary_eval(in, y, value);
}

static Node *batch_mean_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    int axis = 0;
    (void)n;
    Node *sum = build_reduce(g, &op_reduce_sum, in[0], 1, &axis);
    return build_scale(g, sum, 1.0 / (double)batch);
}

const Op op_batch_mean = {
    .code      = OP_batch_mean,
    .name      = "batch_mean",
    .summary   = "mean over the samples of a batch",
    .result    = "[..]",
    .equation  = "y = 1/B sum_b x_b",
    .reference = "",
    .flags     = OP_SAMPLE_ONLY | OP_NO_GRAD,
    .operand   = { { "x", "[..]", "one value per sample", DOMAIN_REAL } },
    .shape     = batch_mean_shape,
    .eval      = batch_mean_eval,
    .batch     = batch_mean_batch,
    .constraint = { { "C1", "x is f32", "batch_mean true", DIAG_DTYPE } },
    .example   = { { "of one sample", "batch_mean [1, 2]", "[1, 2]" } },
};
