/* result - one of the values of a node that has several (grad, group, scan). */
#include "graph/region.h"
#include "ops/rules.h"

static bool result_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    const Node *from = n->in[0];
    int64_t index = attr_int(n, "index");
    int64_t count = from->op == &op_grad ? from->n_in - 1
                    : from->body         ? from->body->result.n
                                         : 0;
    if (index < 0 || index >= count) /* C1 */
        return diag_error(sink, n->span, DIAG_INDEX_RANGE,
                          "result %lld of %s, which has %lld", (long long)index,
                          from->op->name, (long long)count);
    const Node *value =
        from->body ? from->body->result.at[index].value : from->in[1 + index];
    *y = (NodeType){ value->dtype, value->shape, value->bound };
    if (node_is_scan_result(n) && index >= scan_parts(from).carries)
        y->shape = shape_with_leading(&value->shape, scan_parts(from).length);
    return true;
}

const Op op_result = {
    .code = OP_result,
    .name = "result",
    .summary = "one of several values",
    .result = "",
    .equation = "",
    .reference = "",
    .flags = OP_STRUCTURE | OP_NO_GRAD,
    .operand = { { "x", "", "a node with several values", DOMAIN_REAL } },
    .attr = { { "index", ATTR_INT, "which value, from 0" } },
    .shape = result_shape,
    .constraint = {
        { "C1", "the value exists", "result [1] {index=0}", DIAG_INDEX_RANGE },
    },
};
