/* cast - another element type. Floats become integers toward zero and clamped (NaN: the
 * lowest); bool is x != 0; an index becomes a plain number. */
#include "ops/rules.h"

static bool cast_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_attr(n, "dtype", 0, DTYPE_DL_COUNT - 1, sink)) /* C1 */
        return false;
    y->dtype = (DType)attr_int(n, "dtype");
    y->shape = n->in[0]->shape;
    return true;
}

static void cast_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    for (int64_t i = 0; i < shape_count(&y->shape); i++) {
        double x = in[0]->at[i];
        y->at[i] = dtype_is_float(n->dtype) ? x : dtype_round(n->dtype, x);
    }
}

/* Between floats only: integers have no gradient. */
static void cast_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    if (need[0] && dtype_is_float(n->in[0]->dtype) && dtype_is_float(n->dtype))
        dx[0] = build_cast(g, dy, n->in[0]->dtype);
}

/* Through the stored type, so that a fused value is clamped like a stored one. */
static Expr *cast_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    Expr *x = lower_value(w, n->in[0], at);
    LoopType to = element_type(n->dtype);
    if (!dtype_is_float(n->dtype) && to.dtype != n->dtype)
        x = expr_cast(k, x, n->dtype);
    return expr_cast(k, x, to.dtype);
}

const Op op_cast = {
    .code = OP_cast,
    .name = "cast",
    .summary = "another element type",
    .result = "[..]",
    .equation = "y = dtype(x)",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "any type", DOMAIN_REAL } },
    .attr = { { "dtype", ATTR_DTYPE, "type of the result" } },
    .shape = cast_shape,
    .eval = cast_eval,
    .grad = cast_grad,
    .element = cast_element,
    .constraint = {
        { "C1", "dtype exists", "cast [1] {dtype=99}", DIAG_ATTRIBUTE },
    },
    .example = {
        { "toward zero", "cast [1.9, -1.9] {dtype=i32}", "i32 [1, -1]" },
        { "clamped", "cast [300, -5] {dtype=u8}", "u8 [255, 0]" },
        { "bool to number", "cast bool [1, 0] {dtype=f32}", "[1, 0]" },
    },
};
