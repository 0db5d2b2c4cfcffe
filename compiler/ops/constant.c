/* constant - numbers known while compiling. Views and arithmetic on constants are
 * folded by a pass; a constant of one value becomes a literal in its kernels. */
#include "ops/rules.h"

static bool constant_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Tensor *t = attr_tensor(n, "value");
    int64_t bound = attr_int(n, "bound");
    y->dtype = t->dtype;
    y->shape = t->shape;
    y->bound = bound;
    for (int64_t i = 0; bound > 0 && i < shape_count(&t->shape); i++)
        if (t->at[i] < 0 || t->at[i] >= (double)bound) /* C1 */
            return diag_error(sink, n->span, DIAG_INDEX_RANGE,
                              "%g is no index below %lld", t->at[i], (long long)bound);
    return true;
}

static void constant_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)in;
    const Tensor *t = attr_tensor(n, "value");
    for (int64_t i = 0; i < shape_count(&y->shape); i++)
        y->at[i] = t->at[i];
}

const Op op_constant = {
    .code = OP_constant,
    .name = "constant",
    .summary = "numbers known while compiling",
    .result = "[..]",
    .equation = "",
    .reference = "",
    .flags = OP_STRUCTURE | OP_NO_GRAD,
    .attr = { { "value", ATTR_TENSOR, "the numbers" },
              { "bound", ATTR_INT, "index(bound); 0: not an index" } },
    .shape = constant_shape,
    .eval = constant_eval,
    .constraint = {
        { "C1", "an index is in its range", "constant index(2) [0, 2]",
          DIAG_INDEX_RANGE },
    },
    .example = {
        { "literal", "constant [1, 2.5]", "[1, 2.5]" },
        { "one number", "constant 3", "3" },
    },
};
