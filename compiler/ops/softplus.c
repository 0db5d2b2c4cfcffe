/* softplus - log(1 + e^x), without overflow: max(x, 0) + log1p(e^-|x|). */
#include "ops/rules.h"

#include <math.h>

static bool softplus_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static double softplus_at(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static void softplus_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, softplus_at);
}

static void softplus_grad(Graph *g, const Node *n, Node *dy, Node **dx,
                          const bool *need)
{
    (void)need;
    dx[0] = build_mul(g, dy, build_sigmoid(g, n->in[0]));
}

static Expr *softplus_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_SOFTPLUS);
}

const Op op_softplus = {
    .code = OP_softplus,
    .name = "softplus",
    .summary = "smooth ramp",
    .result = "[..]",
    .equation = "y = log(1 + e^x)",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "any values", DOMAIN_REAL } },
    .shape = softplus_shape,
    .eval = softplus_eval,
    .grad = softplus_grad,
    .element = softplus_element,
    .constraint = {
        { "C1", "x is float", "softplus i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "log 2 at zero", "softplus [0]", "[0.6931471805599453]" },
        { "does not overflow", "softplus [1000, -1000]", "[1000, 0]" },
    },
};
