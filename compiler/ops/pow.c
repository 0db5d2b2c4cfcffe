/* pow - a to the power b, as C99 (Annex F): 0^0 = 1, negative a needs integral b. */
#include "ops/rules.h"

#include <math.h>

static bool pow_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    return check_float(n, sink) /* C1 */ && check_same_shape(n, sink) /* C2 */ &&
           type_like_first(n, y);
}

static void pow_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)n;
    eval_binary(in, y, pow);
}

/* da = b a^(b-1), 0 where b = 0 (not 0 * a^-1, which is NaN at a = 0).
 * db = a^b log a for a > 0, else 0: at a = 0 that is the limit for b > 0, and for a < 0
 * the power is defined on isolated b only. */
static void pow_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    Node *a = n->in[0], *b = n->in[1];
    Node *zero = build_scalar(g, 0), *one = build_scalar(g, 1);
    if (need[0]) {
        Node *slope = build_mul(g, b, build_pow(g, a, build_sub(g, b, one)));
        Node *flat = build_eq(g, b, zero);
        dx[0] = build_mul(g, dy, build_select(g, flat, zero, slope));
    }
    if (need[1]) {
        Node *positive = build_gt(g, a, zero);
        Node *slope = build_log(g, build_select(g, positive, a, one));
        Node *growth = build_mul(g, node_in(g, n), slope);
        dx[1] = build_mul(g, dy, build_select(g, positive, growth, zero));
    }
}

static Expr *pow_element(Lowering *w, const Node *n, Expr *const *at)
{
    Expr *a = lower_value(w, n->in[0], at);
    Expr *b = lower_value(w, n->in[1], at);
    return lower_math(w, MATH_POW, a, b);
}

const Op op_pow = {
    .code = OP_pow,
    .name = "pow",
    .summary = "power",
    .result = "[..]",
    .equation = "y = a^b",
    .reference = "ISO/IEC 9899:1999, F.9.4.4",
    .flags = OP_POINTWISE,
    .operand = { { "a", "[..]", "left", DOMAIN_POSITIVE },
                 { "b", "[..]", "right", DOMAIN_REAL } },
    .shape = pow_shape,
    .eval = pow_eval,
    .grad = pow_grad,
    .element = pow_element,
    .constraint = {
        { "C1", "one float type", "pow i32 [1], i32 [2]", DIAG_DTYPE },
        { "C2", "one shape", "pow [1, 2], [1, 2, 3]", DIAG_BROADCAST },
    },
    .example = {
        { "squares", "pow [3, -3], [2, 2]", "[9, 9]" },
        { "zero to the zero", "pow [0], [0]", "[1]" },
    },
};
