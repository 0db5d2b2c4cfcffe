/* lower_cost.c - how much work a body is: for slices, comments and fusion. */
#include "passes/lower.h"

int64_t op_weight(const Op *op)
{
    switch (op->code) {
    case OP_exp:
    case OP_expm1:
    case OP_log:
    case OP_log1p:
    case OP_tanh:
    case OP_sigmoid:
    case OP_erf:
    case OP_sin:
    case OP_cos:
    case OP_rescale:
        return 20;
    case OP_pow:
    case OP_softplus:
    case OP_random:
    case OP_exp_q5:
    case OP_reciprocal_q:
    case OP_leading_zeros:
        return 40;
    case OP_div:
    case OP_sqrt:
    case OP_rsqrt:
        return 5;
    case OP_input:
    case OP_constant:
        return 0;
    default:
        return op->flags & OP_VIEW ? 0 : 1;
    }
}

int64_t body_flops(const Graph *body)
{
    int64_t flops = 0;
    for (int i = 0; i < body->node.n; i++) {
        const Node *n = body->node.at[i];
        if (n->op->cost)
            flops += n->op->cost(n).flops;
        else if (node_is_reduction(n))
            flops += shape_count(&n->in[0]->shape);
        else
            flops += op_weight(n->op) * shape_count(&n->shape);
    }
    return flops;
}

int64_t body_bytes(const Node *group)
{
    int64_t bytes = 0;
    for (int i = 0; i < group->n_in; i++) {
        const Node *x = group->in[i];
        bytes += shape_count(&x->shape) * (int64_t)dtype_bytes(x->dtype);
    }
    for (int i = 0; i < group->body->result.n; i++) {
        const Node *y = group->body->result.at[i].value;
        bytes += shape_count(&y->shape) * (int64_t)dtype_bytes(y->dtype);
    }
    return bytes;
}
