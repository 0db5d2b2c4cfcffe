/* input - what a function is given; its type is part of the node. `kind` is an
 * InputKind, `path` says which field, parameter, state or scalar. */
#include "ops/rules.h"

static bool input_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_attr(n, "kind", INPUT_FIELD, INPUT_OPERAND, sink)) /* C1 */
        return false;
    *y = (NodeType){ n->dtype, n->shape, n->bound };
    return true;
}

const Op op_input = {
    .code = OP_input,
    .name = "input",
    .summary = "a value from outside",
    .result = "",
    .equation = "",
    .reference = "",
    .flags = OP_STRUCTURE | OP_NO_GRAD,
    .attr = { { "kind", ATTR_INT, "an InputKind" },
              { "path", ATTR_TEXT, "which one" } },
    .shape = input_shape,
    .constraint = {
        { "C1", "kind exists", "input {kind=99}", DIAG_ATTRIBUTE },
    },
};
