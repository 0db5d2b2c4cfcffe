/* quantize_build.c - int8 arithmetic as nodes, see quantize.h. Every function says what
 * of TensorFlow Lite's reference kernels it equals, bit for bit. */
#include "interp/graph_interp.h"
#include "passes/quantize.h"

#include "support/bug.h"

#include <math.h>
#include <string.h>

/* ---- integers
 * ------------------------------------------------------------------------ */

static Node *ints(Quantizer *z, DType dtype, int64_t n, const int32_t *at)
{
    Tensor *t = tensor_new(z->to->arena, dtype, shape_1(n));
    for (int64_t i = 0; i < n; i++)
        t->at[i] = at[i];
    return build_constant(z->to, t);
}

static Node *number(Quantizer *z, int64_t value)
{
    Tensor *t = tensor_new(z->to->arena, DTYPE_I32, (Shape){ 0 });
    t->at[0] = (double)value;
    return build_constant(z->to, t);
}

static Node *wide(Quantizer *z, Node *x)
{
    return build_cast(z->to, x, DTYPE_I32);
}

/* x - zero in i32. */
static Node *centered(Quantizer *z, Int8 x)
{
    Node *y = wide(z, x.node);
    return x.q.zero == 0 ? y : build_sub(z->to, y, number(z, x.q.zero));
}

/* Into low .. high, then i8. */
static Node *narrow(Quantizer *z, Node *x, int32_t low, int32_t high)
{
    x = build_max(z->to, x, number(z, low));
    x = build_min(z->to, x, number(z, high));
    return build_cast(z->to, x, DTYPE_I8);
}

/* By factors as multiplier 2^(shift - 31), one for each of n elements of the last axis.
 */
static Node *rescale_by(Quantizer *z, Node *x, int64_t n, const int32_t *multiplier,
                        const int32_t *shift)
{
    bool uniform = true;
    for (int64_t i = 0; i < n; i++)
        uniform = uniform && multiplier[i] == multiplier[0] && shift[i] == shift[0];
    Node *m = uniform ? number(z, multiplier[0]) : ints(z, DTYPE_I32, n, multiplier);
    Node *s = uniform ? number(z, shift[0]) : ints(z, DTYPE_I32, n, shift);
    Node *in[] = { x, build_broadcast(z->to, m, x->shape),
                   build_broadcast(z->to, s, x->shape) };
    return build_node(z->to, NULL, &op_rescale, 3, in, NULL);
}

static Node *rescale(Quantizer *z, Node *x, const double *factor, int64_t n)
{
    int32_t *multiplier = arena_array(z->to->arena, int32_t, n);
    int32_t *shift = arena_array(z->to->arena, int32_t, n);
    for (int64_t i = 0; i < n; i++)
        quant_multiplier(factor[i], &multiplier[i], &shift[i]);
    return rescale_by(z, x, n, multiplier, shift);
}

/* ---- conversions
 * ---------------------------------------------------------------------- */

/* round(x / scale) + zero, halves away from zero. */
Node *int8_of_float(Quantizer *z, Node *x, Quant q)
{
    Graph *g = z->to;
    Node *y = build_div(g, x, build_scalar(g, q.scale));
    Node *half = build_mul(g, build_sign(g, y), build_scalar(g, 0.5));
    Node *n = build_cast(g, build_add(g, y, half), DTYPE_I32); /* towards zero */
    /* far outside the range the cast has clamped: clamp before the sum, too */
    n = build_min(g, build_max(g, n, number(z, -512)), number(z, 512));
    return narrow(z, build_add(g, n, number(z, q.zero)), -128, 127);
}

Node *float_of_int8(Quantizer *z, Int8 x)
{
    Node *y = build_cast(z->to, centered(z, x), DTYPE_F32);
    return build_mul(z->to, y, build_scalar(z->to, x.q.scale));
}

/* ---- contractions
 * --------------------------------------------------------------------- */

bool int8_factor_fits(double factor, double most)
{
    int shift;
    frexp(factor, &shift);
    /* rounding may take a multiplier to the next power of two */
    return shift < 30 && most * ldexp(1, shift > 0 ? shift + 1 : 0) < 2147483648.0;
}

/* y + zero between the bounds. */
static Int8 settled(Quantizer *z, Node *y, Quant q, const Clamp *clamp)
{
    if (q.zero != 0)
        y = build_add(z->to, y, number(z, q.zero));
    int32_t low = -128, high = 127;
    if (clamp != NULL && clamp->low > -INFINITY)
        low = quant_value(q, clamp->low);
    if (clamp != NULL && clamp->high < INFINITY)
        high = quant_value(q, clamp->high);
    return (Int8){ narrow(z, y, low, high), q };
}

Int8 int8_requantize(Quantizer *z, Node *acc, const double *factor, int64_t n_factors,
                     Quant q, const Clamp *clamp)
{
    return settled(z, rescale(z, acc, factor, n_factors), q, clamp);
}

/* A bias has to fit i32 in units of x.scale w.scale: where weights are tiny beside it,
 * their scale grows. */
static void widen_scales(double *scale, int64_t n, const Tensor *bias, double x_scale)
{
    const double most = 536870912; /* 2^29 */
    for (int64_t i = 0; i < n; i++) {
        double b = bias != NULL ? fabs(axis_element(bias, i)) : 0;
        scale[i] = fmax(scale[i], b / (x_scale * most));
        if (scale[i] == 0)
            scale[i] = 1;
    }
}

/* Do the largest sums of every output channel fit i32, and their rescaling? */
static bool sums_fit(const Tensor *w, const int32_t *bias, const double *factor)
{
    int64_t count = shape_count(&w->shape), n = w->shape.dim[w->shape.rank - 1];
    for (int64_t c = 0; c < n; c++) {
        double sum = fabs((double)bias[c]);
        for (int64_t i = c; i < count; i += n)
            sum += 255 * fabs(w->at[i]);
        if (!int8_factor_fits(factor[c], sum))
            return false;
    }
    return true;
}

/* Bytes of a picture that were only shifted to int8 are taken as they are, where a
 * kernel does. */
static Int8 unshifted(const Quantizer *z, const Affine *a, Int8 x)
{
    const Node *n = x.node;
    bool takes = z->cx->options->target->int8 == INT8_DSP && a->node->op == &op_conv2d;
    if (!takes || n->op != &op_cast || n->in[0]->op != &op_add)
        return x;
    n = n->in[0]->in[0];
    if (n->op != &op_cast || n->in[0]->dtype != DTYPE_U8)
        return x;
    return (Int8){ n->in[0], { x.q.scale, x.q.zero + 128 } };
}

/* CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED with weights per channel. */
Int8 int8_affine(Quantizer *z, const Affine *a, Int8 x, Quant q, const Clamp *clamp)
{
    x = unshifted(z, a, x);
    Arena *arena = z->to->arena;
    int64_t n = a->weights->shape.dim[a->weights->shape.rank - 1];
    double *scale = arena_array(arena, double, n),
           *factor = arena_array(arena, double, n);
    int32_t *bias = arena_array(arena, int32_t, n);
    bool any = false;
    quant_weight_scales(a->weights, scale);
    widen_scales(scale, n, a->bias, x.q.scale);
    Tensor *w = quant_weights(arena, a->weights, scale);
    for (int64_t i = 0; i < n; i++) {
        double b = a->bias != NULL ? axis_element(a->bias, i) : 0;
        bias[i] = (int32_t)round(b / (x.q.scale * scale[i]));
        factor[i] = x.q.scale * scale[i] / q.scale;
        any = any || bias[i] != 0;
    }
    if (!sums_fit(w, bias, factor))
        return (Int8){ 0 };
    Node *in[] = { x.node, build_constant(z->to, w) };
    in[1]->name = a->node->in[1]->name;
    AttrValue attrs[OP_MAX_ATTRS] = { 0 };
    for (int i = 0; a->node->op->attr[i].name != NULL; i++)
        attrs[i] = a->node->attr[i];
    Node *acc = build_node(z->to, NULL, a->node->op, 2, in, attrs);
    attr_set(acc, acc->op == &op_dot ? "a_zero" : "x_zero",
             (AttrValue){ .i = x.q.zero });
    if (any)
        acc = build_add(z->to, acc, ints(z, DTYPE_I32, n, bias));
    Int8 y = int8_requantize(z, acc, factor, n, q, clamp);
    return y;
}

/* ---- sums and products
 * ------------------------------------------------------------------ */

/* ADD and SUB: both operands at 2^20 times the larger scale's double, then to the
 * result's. */
Int8 int8_sum(Quantizer *z, const Op *op, Int8 a, Int8 b, Quant q, const Clamp *clamp)
{
    const int64_t left = INT64_C(1) << 20;
    double twice = 2 * fmax(a.q.scale, b.q.scale);
    double factor[3] = { a.q.scale / twice, b.q.scale / twice,
                         twice / ((double)left * q.scale) };
    if (!int8_factor_fits(factor[2], 255 * (double)left))
        return (Int8){ 0 };
    Node *x = build_mul(z->to, centered(z, a), number(z, left));
    Node *y = build_mul(z->to, centered(z, b), number(z, left));
    Node *sum = build_binary(z->to, op, rescale(z, x, &factor[0], 1),
                             rescale(z, y, &factor[1], 1));
    return int8_requantize(z, sum, &factor[2], 1, q, clamp);
}

/* MUL. */
Int8 int8_mul(Quantizer *z, Int8 a, Int8 b, Quant q, const Clamp *clamp)
{
    double factor = a.q.scale * b.q.scale / q.scale;
    if (!int8_factor_fits(factor, 255 * 255))
        return (Int8){ 0 };
    Node *product = build_mul(z->to, centered(z, a), centered(z, b));
    return int8_requantize(z, product, &factor, 1, q, clamp);
}

/* The multiplier of a scale with the division by n in it, as MEAN has it: fewer bits
 * than that of the quotient, and one rounding less. */
static void divide_multiplier(int64_t n, int32_t *multiplier, int32_t *shift)
{
    int by = 0;
    while (by < 32 && by < 31 + *shift && n >> (by + 1) > 0)
        by++;
    *multiplier = (int32_t)(((int64_t)*multiplier << by) / n);
    *shift -= by;
}

/* MEAN: the sum in i32, one rescaling. */
Int8 int8_mean(Quantizer *z, const Mean *m, Int8 x, Quant q)
{
    int64_t count = shape_count(&m->sum->in[0]->shape) / shape_count(&m->sum->shape);
    bool plain = m->factor == dtype_round(DTYPE_F32, 1.0 / (double)count);
    double factor = x.q.scale / q.scale * (plain ? 1 : m->factor * (double)count);
    int32_t multiplier, shift;
    if (!int8_factor_fits(factor / (double)count, 255 * (double)count))
        return (Int8){ 0 };
    quant_multiplier(factor, &multiplier, &shift);
    divide_multiplier(count, &multiplier, &shift);
    Node *wide_x = wide(z, x.node);
    Node *sum = build_node(z->to, NULL, &op_reduce_sum, 1, &wide_x, m->sum->attr);
    if (x.q.zero != 0)
        sum = build_sub(z->to, sum, number(z, count * x.q.zero));
    return settled(z, rescale_by(z, sum, 1, &multiplier, &shift), q, NULL);
}

/* ---- softmax
 * ----------------------------------------------------------------------------- */

/* SOFTMAX of int8 to int8 with scale 1/256: exponentials of differences in Q5.26, their
 * sum in Q12.19, one reciprocal a row. */
Int8 int8_softmax(Quantizer *z, Int8 x)
{
    Graph *g = z->to;
    int32_t multiplier = 0, shift = 0;
    int last = x.node->shape.rank - 1;
    double beta = x.q.scale * 67108864, radius = 0;
    if (beta < 1073741824) { /* else one step below the largest is nothing */
        quant_multiplier(beta, &multiplier, &shift);
        radius = floor(31.0 * 67108864 / ldexp(1, shift)); /* e^-31 is 0 */
    }
    Node *wide_x = wide(z, x.node);
    Node *largest = build_reduce(g, &op_reduce_max, wide_x, 1, &last);
    Node *difference = build_sub(g, wide_x, build_keep(g, largest, 1, &last));
    Node *in_range = build_ge(g, difference, number(z, -(int64_t)radius));
    Node *bounded = build_max(g, difference, number(z, -(int64_t)radius));
    Node *in[] = { bounded, build_broadcast(g, number(z, multiplier), bounded->shape),
                   build_broadcast(g, number(z, shift), bounded->shape) };
    Node *scaled = build_node(g, NULL, &op_rescale, 3, in, NULL);
    Node *power =
        build_select(g, in_range, build_unary(g, &op_exp_q5, scaled), number(z, 0));
    AttrValue twelve[] = { { .i = 12 } };
    Node *term = build_node(g, NULL, &op_shift_right, 1, &power, twelve);
    Node *sum =
        build_keep(g, build_reduce(g, &op_reduce_sum, term, 1, &last), 1, &last);
    Node *exponent =
        build_sub(g, build_unary(g, &op_leading_zeros, sum), number(z, 35));
    Node *reciprocal = build_unary(g, &op_reciprocal_q, sum);
    Node *to[] = { power, build_broadcast(g, reciprocal, power->shape),
                   build_broadcast(g, exponent, power->shape) };
    Node *y =
        build_add(g, build_node(g, NULL, &op_rescale, 3, to, NULL), number(z, -128));
    return (Int8){ narrow(z, y, -128, 127), { 1.0 / 256, -128 } };
}

/* ---- tables
 * ------------------------------------------------------------------------------ */

/* n for all 256 values of source, in f64: the nodes between them over vectors of 256.
 */
static Node *replay(Graph *g, const Node *n, const Node *source, Node *values)
{
    double x;
    if (n == source)
        return values;
    if (node_is_number(n, &x)) {
        Tensor *t = tensor_new(g->arena, n->dtype, shape_1(256));
        for (int i = 0; i < 256; i++)
            t->at[i] = x;
        return build_constant(g, t);
    }
    Node *in[OP_MAX_OPERANDS];
    for (int i = 0; i < n->n_in; i++)
        in[i] = replay(g, n->in[i], source, values);
    return build_node(g, NULL, n->op, n->n_in, in, n->attr);
}

static const Tensor *evaluate_all(Quantizer *z, const Node *n, const Node *source,
                                  const Int8 *x)
{
    Arena *a = z->cx->scratch;
    Graph *g = graph_new(a, "table");
    bool is_float = source->dtype == DTYPE_F32;
    Tensor *t = tensor_new(a, source->dtype, shape_1(256));
    for (int i = 0; i < 256; i++)
        t->at[i] = is_float                    ? x->q.scale * (i - 128 - x->q.zero)
                   : source->dtype == DTYPE_I8 ? i - 128
                                               : i;
    g->stage = STAGE_DIFF;
    g->batch = 1;
    graph_add_result(g, RESULT_OUTPUT, "y", replay(g, n, source, build_constant(g, t)));
    Tensor **input = arena_array(a, Tensor *, g->node.n);
    return graph_evaluate(g, input, a)[0];
}

/* y = x + by, where the table says no more. */
static Node *shifted(Quantizer *z, Node *wide_x, const Tensor *table, int first)
{
    double by = table->at[0] - first;
    for (int i = 1; i < 256; i++)
        if (table->at[i] != first + i + by)
            return NULL;
    Node *y = by == 0 ? wide_x : build_add(z->to, wide_x, number(z, (int64_t)by));
    return build_cast(z->to, y, DTYPE_I8);
}

Int8 int8_function(Quantizer *z, const Node *n, const Node *source, Quant q)
{
    Int8 x = { 0 };
    bool is_float = source->dtype == DTYPE_F32;
    if (is_float)
        x = quantize_try(z, source);
    else
        x.node = quantize_value(z, source);
    if (n == source && x.q.scale == q.scale && x.q.zero == q.zero)
        return x;
    const Tensor *real = evaluate_all(z, n, source, &x);
    Tensor *table = tensor_new(z->to->arena, DTYPE_I8, shape_1(256));
    for (int i = 0; i < 256; i++)
        table->at[i] = quant_value(q, isnan(real->at[i]) ? 0 : real->at[i]);
    int first = source->dtype == DTYPE_U8 ? 0 : -128;
    Node *wide_x = wide(z, x.node);
    Node *y = shifted(z, wide_x, table, first);
    if (y == NULL) {
        if (first != 0)
            wide_x = build_add(z->to, wide_x, number(z, -first));
        y = build_gather(z->to, build_constant(z->to, table), wide_x);
    }
    return (Int8){ y, q };
}
