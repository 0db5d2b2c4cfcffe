/* rsqrt - 1 / sqrt x, for normalization. */
#include "ops/rules.h"

#include <math.h>

static bool rsqrt_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static double rsqrt_at(double x)
{
    return 1 / sqrt(x);
}

static void rsqrt_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, rsqrt_at);
}

static void rsqrt_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    Node *y = node_in(g, n); /* dy/dx = -y^3 / 2 */
    Node *cube = build_mul(g, y, build_mul(g, y, y));
    dx[0] = build_mul(g, dy, build_scale(g, cube, -0.5));
}

static Expr *rsqrt_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    Expr *root = expr_unary(k, UN_SQRT, lower_value(w, n->in[0], at));
    return expr_div(k, expr_f32(k, 1), root);
}

const Op op_rsqrt = {
    .code = OP_rsqrt,
    .name = "rsqrt",
    .summary = "reciprocal of the square root",
    .result = "[..]",
    .equation = "y = 1 / sqrt x",
    .reference = "",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "above 0", DOMAIN_POSITIVE } },
    .shape = rsqrt_shape,
    .eval = rsqrt_eval,
    .grad = rsqrt_grad,
    .element = rsqrt_element,
    .constraint = {
        { "C1", "x is float", "rsqrt i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "squares", "rsqrt [4, 16]", "[0.5, 0.25]" },
        { "below one", "rsqrt [0.25]", "[2]" },
    },
};
