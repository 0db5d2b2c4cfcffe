/* iota - numbers counting along one axis. */
#include "ops/rules.h"

static bool iota_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (!check_shape_attr(n, "shape", &y->shape, sink) /* C1 */ ||
        !check_axis(n, attr_int(n, "axis"), y->shape.rank, sink) /* C2 */ ||
        !check_attr(n, "dtype", 0, DTYPE_DL_COUNT - 1, sink)) /* C3 */
        return false;
    y->dtype = (DType)attr_int(n, "dtype");
    y->bound = attr_int(n, "bound");
    return true;
}

static void iota_eval(const Node *n, const Tensor *const *in, Tensor *y)
{
    (void)in;
    int64_t axis = attr_int(n, "axis"), at[SHAPE_MAX_RANK] = { 0 }, i = 0;
    do
        y->at[i++] = (double)at[axis];
    while (shape_next(&y->shape, at));
}

static Expr *iota_element(Lowering *w, const Node *n, Expr *const *at)
{
    return expr_cast(w->kernel, at[attr_int(n, "axis")], element_type(n->dtype).dtype);
}

const Op op_iota = {
    .code = OP_iota,
    .name = "iota",
    .summary = "numbers counting along an axis",
    .result = "[..]",
    .equation = "y[.., i, ..] = i",
    .reference = "",
    .flags = OP_NO_GRAD,
    .attr = { { "shape", ATTR_INTS, "extents" },
              { "axis", ATTR_INT, "along which the numbers count" },
              { "dtype", ATTR_DTYPE, "type" },
              { "bound", ATTR_INT, "index(bound); 0: not an index" } },
    .shape = iota_shape,
    .eval = iota_eval,
    .element = iota_element,
    .constraint = {
        { "C1", "extents are at least 1", "iota {shape=[0], axis=0, dtype=i32}",
          DIAG_ATTRIBUTE },
        { "C2", "the axis exists", "iota {shape=[2], axis=1, dtype=i32}",
          DIAG_INDEX_RANGE },
        { "C3", "dtype exists", "iota {shape=[2], axis=0, dtype=99}", DIAG_ATTRIBUTE },
    },
    .example = {
        { "columns", "iota {shape=[2, 3], axis=1, dtype=i32}",
          "i32 [[0, 1, 2], [0, 1, 2]]" },
        { "rows", "iota {shape=[2, 1], axis=0, dtype=f32}", "[[0], [1]]" },
    },
};
