/* floor - largest integer not above x, as a float. */
#include "ops/rules.h"

#include <math.h>

static bool floor_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void floor_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, floor);
}

static Expr *floor_element(Lowering *w, const Node *n, Expr *const *at)
{
    return expr_unary(w->kernel, UN_FLOOR, lower_value(w, n->in[0], at));
}

const Op op_floor = {
    .code = OP_floor,
    .name = "floor",
    .summary = "largest integer below or equal",
    .result = "[..]",
    .equation = "y = floor x",
    .reference = "",
    .flags = OP_POINTWISE | OP_NO_GRAD,
    .operand = { { "x", "[..]", "any values", DOMAIN_OFF_ZERO } },
    .shape = floor_shape,
    .eval = floor_eval,
    .element = floor_element,
    .constraint = {
        { "C1", "x is float", "floor i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "toward minus infinity", "floor [1.5, -1.5]", "[1, -2]" },
        { "integers stay", "floor [3]", "[3]" },
    },
};
