/* rescale - a product with a real number below one, in integers: how accumulators of
 * quantized contractions come to the scale of the result (runtime/device/fixed.h). */
#include "loop/intrinsics.h"
#include "ops/rules.h"

#include "device/fixed.h"

static bool rescale_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    for (int i = 0; i < n->n_in; i++)
        if (!check_dtype(n, i, DTYPE_I32, sink)) /* C1 */
            return false;
    return check_same_shape(n, sink) /* C2 */ && type_like_first(n, y);
}

static void rescale_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    for (int64_t i = 0; i < shape_count(&n->shape); i++)
        y->at[i] = dlc_rescale((int32_t)in[0]->at[i], (int32_t)in[1]->at[i],
                               (int32_t)in[2]->at[i]);
}

static Expr *rescale_element(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *args[3];
    for (int i = 0; i < 3; i++)
        args[i] = lower_value(w, n->in[i], at);
    return intrinsic_call(w->kernel, INTRINSIC_dlc_rescale, args);
}

const Op op_rescale = {
    .code = OP_rescale,
    .name = "rescale",
    .summary = "product with multiplier 2^(shift - 31), rounded twice",
    .result = "[..]",
    .equation = "y = round(round(x 2^max(shift, 0) multiplier 2^-31) 2^min(shift, 0))",
    .reference = "Jacob et al. 2018, section 2.2",
    .flags = OP_POINTWISE | OP_SCALAR | OP_NO_GRAD,
    .operand = { { "x", "[..]", "accumulators", DOMAIN_LABEL },
                 { "multiplier", "[..]", "Q0.31, 2^30 and more", DOMAIN_LABEL },
                 { "shift", "[..]", "-31 .. 30", DOMAIN_LABEL } },
    .shape = rescale_shape,
    .eval = rescale_eval,
    .element = rescale_element,
    .constraint = {
        { "C1", "operands are i32", "rescale [1], i32 [1], i32 [0]", DIAG_DTYPE },
        { "C2", "one shape", "rescale i32 [1, 2], i32 [1, 2, 3], i32 [0, 0]",
          DIAG_BROADCAST },
    },
    .example = {
        { "half, away from zero",
          "rescale i32 [5, -5], i32 [1073741824, 1073741824], i32 [0, 0]",
          "i32 [3, -2]" },
        { "to the left and to the right",
          "rescale i32 [3, 100], i32 [1073741824, 1073741824], i32 [2, -2]",
          "i32 [6, 13]" },
    },
};
