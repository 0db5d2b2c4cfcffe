/* grad - derivatives of one number; result i is that with respect to operand 1 + i.
 * Pass graph_autodiff replaces it by the nodes that compute it. */
#include "ops/rules.h"

static bool grad_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *target = n->in[0];
    if (target->shape.rank != 0) /* C1 */
        return diag_error(sink, n->span, DIAG_NOT_SCALAR,
                          "grad differentiates one number, found %d dimensions",
                          target->shape.rank);
    for (int i = 0; i < n->n_in; i++)
        if (!dtype_is_float(n->in[i]->dtype)) /* C2 */
            return diag_error(sink, n->span, DIAG_DTYPE, "grad of %s",
                              dtype_name(n->in[i]->dtype));
    return type_like_first(n, y);
}

const Op op_grad = {
    .code = OP_grad,
    .name = "grad",
    .summary = "derivatives of one number",
    .result = "",
    .equation = "result i = d y / d x_i",
    .reference = "Griewank and Walther 2008, Evaluating Derivatives, chapter 3.2",
    .flags = OP_STRUCTURE | OP_NO_GRAD | OP_VARIADIC,
    .operand = { { "y", "[]", "what is differentiated", DOMAIN_REAL },
                 { "x", "[..]", "with respect to what, any number", DOMAIN_REAL } },
    .shape = grad_shape,
    .constraint = {
        { "C1", "y is one number", "grad [1, 2], [1, 2]", DIAG_NOT_SCALAR },
        { "C2", "floats", "grad 1, i32 [1]", DIAG_DTYPE },
    },
};
