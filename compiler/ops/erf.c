/* erf - Gauss error function, for gelu. */
#include "ops/rules.h"

#include <math.h>

static bool erf_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && type_like_first(n, y);
}

static void erf_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_unary(in, y, erf);
}

static void erf_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    (void)need;
    Node *x = n->in[0];
    Node *bell = build_exp(g, build_neg(g, build_mul(g, x, x)));
    dx[0] = build_mul(g, dy, build_scale(g, bell, 1.1283791670955126)); /* 2/sqrt(pi) */
}

static Expr *erf_element(Lowering *w, const Node *n, Expr *const *at)
{
    return element_math(w, n, at, MATH_ERF);
}

const Op op_erf = {
    .code = OP_erf,
    .name = "erf",
    .summary = "error function",
    .result = "[..]",
    .equation = "y = 2/sqrt(pi) int_0^x e^(-t^2) dt",
    .reference = "NIST DLMF 7.2.1",
    .flags = OP_POINTWISE,
    .operand = { { "x", "[..]", "any values", DOMAIN_REAL } },
    .shape = erf_shape,
    .eval = erf_eval,
    .grad = erf_grad,
    .element = erf_element,
    .constraint = {
        { "C1", "x is float", "erf i32 [1, 2]", DIAG_DTYPE },
    },
    .example = {
        { "odd", "erf [0, 1, -1]", "[0, 0.8427007929497149, -0.8427007929497149]" },
        { "saturates", "erf [10]", "[1]" },
    },
};
