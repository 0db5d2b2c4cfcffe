/* shift_right - division by a power of two, rounded to nearest (halves away from zero),
 * in integers (runtime/device/fixed.h). */
#include "loop/intrinsics.h"
#include "ops/rules.h"

#include "device/fixed.h"

static bool shift_right_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_dtype(n, 0, DTYPE_I32, sink) /* C1 */ &&
           check_attr(n, "bits", 0, 31, sink) /* C2 */ && type_like_first(n, y);
}

static void shift_right_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    for (int64_t i = 0; i < shape_count(&n->shape); i++)
        y->at[i] = dlc_shift_right((int32_t)in[0]->at[i], (int32_t)attr_int(n, "bits"));
}

static Expr *shift_right_element(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *args[2] = { lower_value(w, n->in[0], at),
                      expr_i32(w->kernel, attr_int(n, "bits")) };
    return intrinsic_call(w->kernel, INTRINSIC_dlc_shift_right, args);
}

const Op op_shift_right = {
    .code = OP_shift_right,
    .name = "shift_right",
    .summary = "division by 2^bits, rounded to nearest",
    .result = "[..]",
    .equation = "y = round(x 2^-bits)",
    .reference = "Jacob et al. 2018, appendix B",
    .flags = OP_POINTWISE | OP_SCALAR | OP_NO_GRAD,
    .operand = { { "x", "[..]", "any values", DOMAIN_LABEL } },
    .attr = { { "bits", ATTR_INT, "0 .. 31" } },
    .shape = shift_right_shape,
    .eval = shift_right_eval,
    .element = shift_right_element,
    .constraint = {
        { "C1", "x is i32", "shift_right [1] {bits=1}", DIAG_DTYPE },
        { "C2", "0 <= bits <= 31", "shift_right i32 [1] {bits=32}", DIAG_ATTRIBUTE },
    },
    .example = {
        { "away from zero", "shift_right i32 [5, -5, 4, 6] {bits=2}",
          "i32 [1, -1, 1, 2]" },
        { "none", "shift_right i32 [5] {bits=0}", "i32 [5]" },
    },
};
