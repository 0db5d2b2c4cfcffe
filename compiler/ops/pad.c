/* pad - a constant around an array and between its elements. */
#include "ops/rules.h"

static bool pad_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    int a, b, c;
    const int64_t *before = attr_ints(n, "before", &a),
                  *after = attr_ints(n, "after", &b);
    const int64_t *interior = attr_ints(n, "interior", &c);
    const Shape *x = &n->in[0]->shape;
    *y = (NodeType){ n->in[0]->dtype, *x, 0 };
    if (n->in[0]->dtype != DTYPE_F32) /* C1 */
        return diag_error(sink, n->span, DIAG_DTYPE, "`pad` takes f32, found %s",
                          dtype_name(n->in[0]->dtype));
    for (int i = 0; i < x->rank; i++) {
        if (a != x->rank || b != a || c != a || before[i] < 0 || after[i] < 0 ||
            interior[i] < 0) /* C2 */
            return diag_error(sink, n->span, DIAG_INDEX_RANGE,
                              "`pad` by a negative number of elements");
        int64_t inner = (x->dim[i] - 1) * (interior[i] + 1) + 1;
        y->shape.dim[i] = before[i] + inner + after[i];
    }
    return true;
}

static void pad_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    int rank;
    const int64_t *before = attr_ints(n, "before", &rank);
    const int64_t *interior = attr_ints(n, "interior", &rank);
    int64_t at[SHAPE_MAX_RANK], count = shape_count(&n->shape);
    for (int64_t i = 0; i < count; i++)
        y->at[i] = attr_float(n, "value");
    count = shape_count(&in[0]->shape);
    for (int64_t i = 0; i < count; i++) {
        shape_at(&in[0]->shape, i, at);
        for (int d = 0; d < rank; d++)
            at[d] = before[d] + at[d] * (interior[d] + 1);
        y->at[shape_linear(&n->shape, at)] = in[0]->at[i];
    }
}

static Node *pad_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    AttrValue attrs[OP_MAX_ATTRS] = { attr_list_shifted(g, n, "before", 0, 0),
                                      attr_list_shifted(g, n, "after", 0, 0),
                                      attr_list_shifted(g, n, "interior", 0, 0),
                                      { .f = attr_float(n, "value") } };
    (void)batch;
    return build_node(g, NULL, n->op, 1, in, attrs);
}

static void pad_grad(Graph *g, const Node *n, Node *dy, Node **dx, const bool *need)
{
    int rank;
    const int64_t *before = attr_ints(n, "before", &rank);
    const int64_t *after = attr_ints(n, "after", &rank);
    const int64_t *interior = attr_ints(n, "interior", &rank);
    int64_t stop[SHAPE_MAX_RANK], step[SHAPE_MAX_RANK];
    (void)need;
    for (int i = 0; i < rank; i++) {
        stop[i] = n->shape.dim[i] - after[i];
        step[i] = interior[i] + 1;
    }
    dx[0] = build_slice(g, dy, before, stop, step);
}

/* The index is clamped into x, so the load is safe, and a condition selects. */
static Expr *pad_element(Lowering *w, const Node *n, Expr *const *at)
{
    Kernel *k = w->kernel;
    int rank;
    const int64_t *before = attr_ints(n, "before", &rank);
    const int64_t *after = attr_ints(n, "after", &rank);
    const int64_t *interior = attr_ints(n, "interior", &rank);
    Expr *from[SHAPE_MAX_RANK], *inside = expr_bool(k, true), *zero = expr_i32(k, 0);
    for (int i = 0; i < rank; i++) {
        int64_t extent = n->in[0]->shape.dim[i];
        if (before[i] == 0 && after[i] == 0 && interior[i] == 0) {
            from[i] = at[i];
            continue;
        }
        Expr *shifted = expr_sub(k, at[i], expr_i32(k, before[i]));
        Expr *last = expr_i32(k, (extent - 1) * (interior[i] + 1));
        Expr *ok = expr_binary(k, BIN_AND, expr_binary(k, BIN_GE, shifted, zero),
                               expr_binary(k, BIN_LE, shifted, last));
        Expr *clamped =
            expr_binary(k, BIN_MIN, expr_binary(k, BIN_MAX, shifted, zero), last);
        Expr *period = expr_i32(k, interior[i] + 1);
        from[i] = expr_div(k, clamped, period);
        if (interior[i] > 0)
            ok =
                expr_binary(k, BIN_AND, ok,
                            expr_binary(k, BIN_EQ, expr_mod(k, clamped, period), zero));
        inside = expr_binary(k, BIN_AND, inside, ok);
    }
    return expr_select(k, inside, lower_value(w, n->in[0], from),
                       expr_f32(k, attr_float(n, "value")));
}

const Op op_pad = {
    .code = OP_pad,
    .name = "pad",
    .summary = "a constant around an array and between its elements",
    .result = "x's shape, by axis before + (n - 1)(interior + 1) + 1 + after",
    .equation = "y[before + i (interior + 1), ..] = x[i, ..], elsewhere value",
    .reference = "StableHLO specification, pad",
    .flags = 0,
    .operand = { { "x", "[..]", "values", DOMAIN_REAL } },
    .attr = { { "before", ATTR_INTS, "elements in front, by axis" },
              { "after", ATTR_INTS, "elements behind, by axis" },
              { "interior", ATTR_INTS, "elements between neighbours, by axis" },
              { "value", ATTR_FLOAT, "of the new elements" } },
    .shape = pad_shape,
    .eval = pad_eval,
    .batch = pad_batch,
    .grad = pad_grad,
    .element = pad_element,
    .constraint = {
        { "C1", "x is f32", "pad true {before=[], after=[], interior=[], value=0.0}",
          DIAG_DTYPE },
        { "C2", "nothing is negative",
          "pad [1, 2] {before=[-1], after=[0], interior=[0], value=0.0}",
          DIAG_INDEX_RANGE },
    },
    .example = {
        { "around", "pad [1, 2] {before=[1], after=[2], interior=[0], value=0.0}",
          "[0, 1, 2, 0, 0]" },
        { "between", "pad [1, 2] {before=[0], after=[0], interior=[2], value=9.0}",
          "[1, 9, 9, 2]" },
    },
};
