/* requantize.c - see requantize.h. */
#include "kernels/int8/requantize.h"

#include "loop/intrinsics.h"

enum { FIELDS = 2 }; /* of a feature in the table: first value, multiplier */

int64_t sum_zero(const Node *n, int64_t zero)
{
    return n->in[0]->dtype == DTYPE_U8 ? zero - 128 : zero;
}

SumRange sum_range(const Tensor *weights, int64_t f, int64_t zero)
{
    int64_t features = weights->shape.dim[weights->shape.rank - 1];
    int64_t count = shape_count(&weights->shape);
    SumRange r = { 0 };
    for (int64_t i = f; i < count; i += features) {
        int64_t v = (int64_t)weights->at[i];
        int64_t least = v * (INT8_MIN - zero), most = v * (INT8_MAX - zero);
        r.low += least < most ? least : most;
        r.high += least < most ? most : least;
        r.weights += v;
    }
    return r;
}

/* ---- proof -----------------------------------------------------------------------
 */

static int64_t magnitude(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    return a > b ? a : b;
}

/* 2^-shift of the rounding shift; a feature that is 0 whatever its sum takes any. */
static int64_t shift_of(const Tail *t, int64_t f)
{
    return tail_element(t->multiplier, f) == 0 ? 1 : -tail_element(t->shift, f);
}

static int64_t half_of(const Tail *t, int64_t f)
{
    int64_t shift = shift_of(t, f);
    return t->zero * (INT64_C(1) << shift) + (INT64_C(1) << (shift - 1));
}

/* Sums of feature f may take the short form. */
static bool is_cheap(const Tail *t, const Tensor *weights, int64_t f, int64_t zero)
{
    const int64_t limit = INT64_C(1) << 30;
    SumRange r = sum_range(weights, f, zero);
    int64_t bias = tail_element(t->bias, f), shift = shift_of(t, f);
    int64_t most = magnitude(r.low + bias, r.high + bias);
    if (shift < 1 || shift > 30 || most >= limit)
        return false;
    return most + magnitude(half_of(t, f), 0) + 1 < 2 * limit;
}

/* ---- table -----------------------------------------------------------------------
 */

static int32_t wrapped(int64_t x)
{
    return (int32_t)(uint32_t)(uint64_t)x;
}

static int64_t first_value(const Requantizer *q, const Tensor *weights, int64_t f)
{
    int64_t bias = q->cheap ? tail_element(q->tail.bias, f) : 0;
    return bias - q->x_zero * sum_range(weights, f, q->x_zero).weights;
}

static const Buffer *make_table(const Requantizer *q, const Tensor *weights,
                                int64_t features)
{
    int64_t fields = q->cheap ? FIELDS : 1;
    int64_t step = q->by_field ? 1 : fields, next = q->by_field ? features : 1;
    Tensor *t = tensor_new(q->w->kernel->arena, DTYPE_I32, shape_1(features * fields));
    for (int64_t f = 0; f < features; f++) {
        double *at = t->at + f * step;
        int64_t first = first_value(q, weights, f);
        if (q->paired && f % 2 == 1)
            first = 256 * first + first_value(q, weights, f - 1);
        at[0] = wrapped(first);
        if (q->cheap)
            at[next] = tail_element(q->tail.multiplier, f);
    }
    return lower_new_constant(q->w, q->cheap ? "requantize" : "first", t);
}

static const Buffer *make_shifts(const Requantizer *q, int64_t features)
{
    Tensor *t = tensor_new(q->w->kernel->arena, DTYPE_I8, shape_1(features));
    for (int64_t f = 0; f < features; f++)
        t->at[f] = (double)(shift_of(&q->tail, f) - 1);
    return lower_new_constant(q->w, "shift", t);
}

static bool all_cheap(const Tail *t, const Tensor *weights, int64_t features,
                      int64_t zero)
{
    bool cheap = t->last != NULL;
    for (int64_t f = 0; f < features && cheap; f++)
        cheap = is_cheap(t, weights, f, zero);
    return cheap;
}

bool requantize_is_cheap(Lowering *w, const Node *n, const Tensor *weights,
                         int64_t zero)
{
    Tail t = tail_match(w, n);
    return all_cheap(&t, weights, n->shape.dim[n->shape.rank - 1], sum_zero(n, zero));
}

Requantizer requantizer_new(Lowering *w, const Node *n, const Tensor *weights,
                            int64_t x_zero, TableForm form)
{
    Requantizer q = { .w = w, .n = n, .tail = tail_match(w, n) };
    int64_t features = n->shape.dim[n->shape.rank - 1];
    q.paired = form == TABLE_PAIRED;
    q.by_field = form == TABLE_BY_FIELD;
    q.x_zero = x_zero;
    q.cheap = all_cheap(&q.tail, weights, features, sum_zero(n, x_zero));
    q.cut = q.tail.low >= q.tail.zero;
    q.table = make_table(&q, weights, features);
    if (q.cheap)
        q.shifts = make_shifts(&q, features);
    return q;
}

/* ---- use -------------------------------------------------------------------------
 */

static Expr *fields(const Requantizer *q, Expr *f, int64_t which, int lanes)
{
    Kernel *k = q->w->kernel;
    int64_t features = q->n->shape.dim[q->n->shape.rank - 1];
    Expr *at = expr_mul(k, f, expr_i32(k, q->cheap && !q->by_field ? FIELDS : 1));
    at = expr_add(k, at, expr_i32(k, q->by_field ? which * features : which));
    return expr_load(k, q->table, at, lanes);
}

static Expr *field(const Requantizer *q, Expr *f, int64_t which)
{
    return fields(q, f, which, 1);
}

Expr *requantize_first(const Requantizer *q, Expr *f)
{
    return field(q, f, 0);
}

/* zero 2^shift + 2^(shift - 1) */
static Expr *half_by(const Requantizer *q, Expr *shift)
{
    Kernel *k = q->w->kernel;
    return expr_binary(k, BIN_SHL, expr_i32(k, 2 * q->tail.zero + 1), shift);
}

Requantization requantize_prepare(const Requantizer *q, Expr *f)
{
    Kernel *k = q->w->kernel;
    Requantization by = { .multiplier = kernel_let(k, "m", field(q, f, 1)) };
    Expr *shift = expr_cast(k, expr_load(k, q->shifts, f, 1), DTYPE_I32);
    by.shift = kernel_let(k, "s", shift);
    by.half = kernel_let(k, "h", half_by(q, by.shift));
    return by;
}

Expr *requantize_value(const Requantizer *q, const Requantization *by, Expr *twice)
{
    Kernel *k = q->w->kernel;
    Expr *args[4] = { twice, by->multiplier, by->half, by->shift };
    Expr *y = intrinsic_call(
        k, q->cut ? INTRINSIC_dlc_requantize_cut : INTRINSIC_dlc_requantize, args);
    if (q->tail.low > INT8_MIN)
        y = expr_binary(k, BIN_MAX, y, expr_i32(k, q->tail.low));
    if (q->tail.high < INT8_MAX)
        y = expr_binary(k, BIN_MIN, y, expr_i32(k, q->tail.high));
    return y;
}

Expr *requantize_first_vector(const Requantizer *q, Expr *f)
{
    return fields(q, f, 0, REQUANTIZE_LANES);
}

Requantization requantize_prepare_vector(const Requantizer *q, Expr *f)
{
    Kernel *k = q->w->kernel;
    Expr *shift = expr_load(k, q->shifts, f, REQUANTIZE_LANES);
    shift = kernel_let(k, "s", expr_cast(k, shift, DTYPE_I32));
    Requantization by = { .multiplier = fields(q, f, 1, REQUANTIZE_LANES) };
    by.multiplier = kernel_let(k, "m", by.multiplier);
    Expr *half[2] = { expr_i32(k, 2 * q->tail.zero + 1), shift };
    by.half = kernel_let(k, "h", intrinsic_call(k, INTRINSIC_v4i_shift, half));
    by.shift = kernel_let(k, "left", expr_sub(k, expr_i32(k, -1), shift));
    return by;
}

Expr *requantize_vector(const Requantizer *q, const Requantization *by, Expr *sums)
{
    Kernel *k = q->w->kernel;
    Expr *args[4] = { sums, by->multiplier, by->half, by->shift };
    Expr *y =
        intrinsic_call(k, q->cut ? INTRINSIC_v4i_scale_cut : INTRINSIC_v4i_scale, args);
    y = expr_binary(k, BIN_MAX, y, expr_i32(k, q->tail.low));
    return expr_binary(k, BIN_MIN, y, expr_i32(k, q->tail.high));
}
