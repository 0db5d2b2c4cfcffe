/* batch_mean - mean over the samples of a batch; gone after graph_batch, which makes it
 * a sum over axis 0. */
#include "ops/rules.h"

static bool batch_mean_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static double of_one(double x)
{
    return x;
}

/* Of a batch of one sample. */
static void batch_mean_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, of_one);
}

static Node *batch_mean_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    int axis = 0;
    if (!n->in[0]->batched)
        return in[0];
    Node *sum = build_reduce(g, &op_reduce_sum, in[0], 1, &axis);
    return build_scale(g, sum, 1.0 / (double)batch);
}

const Op op_batch_mean = {
    .code = OP_batch_mean,
    .name = "batch_mean",
    .summary = "mean over the samples of a batch",
    .result = "[..]",
    .equation = "y = 1/B sum_b x_b",
    .reference = "",
    .flags = OP_SAMPLE_ONLY | OP_NO_GRAD,
    .operand = { { "x", "[..]", "one value a sample", DOMAIN_REAL } },
    .shape = batch_mean_shape,
    .eval = batch_mean_eval,
    .batch = batch_mean_batch,
    .constraint = {
        { "C1", "x is float", "batch_mean bool 1", DIAG_DTYPE },
    },
    .example = {
        { "of one sample", "batch_mean [1, 2]", "[1, 2]" },
    },
};
