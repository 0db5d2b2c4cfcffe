/* group - a region that becomes one kernel. Its operands are the region's inputs in
 * order; its values are the region's results. */
#include "ops/rules.h"

static bool group_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!n->body || n->body->result.n == 0) /* C1 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE, "a group without a region");
    const Node *first = n->body->result.at[0].value;
    *y = (NodeType){ first->dtype, first->shape, first->bound };
    return true;
}

const Op op_group = {
    .code = OP_group,
    .name = "group",
    .summary = "nodes that become one kernel",
    .result = "",
    .equation = "",
    .reference = "",
    .flags = OP_STRUCTURE | OP_NO_GRAD | OP_VARIADIC,
    .operand = { { "x", "[..]", "the region's inputs", DOMAIN_REAL } },
    .shape = group_shape,
    .constraint = {
        { "C1", "has a region with results", "group [1]", DIAG_ATTRIBUTE },
    },
};
