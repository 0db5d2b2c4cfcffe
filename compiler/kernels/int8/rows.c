/* rows.c - see rows.h. */
#include "kernels/int8/rows.h"

#include "loop/intrinsics.h"

enum { UNROLL = 4, VECTOR = 16 };

Expr *pack_pair(Kernel *k, Expr *low, Expr *high)
{
    Expr *args[2] = { low, high };
    return intrinsic_call(k, INTRINSIC_dlc_pack16, args);
}

static Expr *value_at(Kernel *k, const Buffer *x, Expr *from, int64_t offset)
{
    Expr *at = expr_add(k, from, expr_i32(k, offset));
    return expr_cast(k, expr_load(k, x, at, 1), DTYPE_I32);
}

/* ---- runs ------------------------------------------------------------------------
 */

typedef struct Run {
    Kernel *k;
    const Buffer *x, *words;
    Expr *from, *to;
    int64_t step; /* between values */
    Column column;
} Run;

int64_t column_place(Column c, int64_t word)
{
    return word / c.group * c.group * c.pixels + word % c.group;
}

static void widen_word(const Run *r, Expr *i, int64_t offset)
{
    Kernel *k = r->k;
    Expr *from = expr_add(k, r->from, expr_mul(k, i, expr_i32(k, 2 * r->step)));
    Expr *low = value_at(k, r->x, from, 2 * offset * r->step);
    Expr *high = value_at(k, r->x, from, (2 * offset + 1) * r->step);
    Expr *to = expr_add(k, r->to, expr_mul(k, i, expr_i32(k, r->column.pixels)));
    kernel_store(k, r->words,
                 expr_add(k, to, expr_i32(k, column_place(r->column, offset))),
                 pack_pair(k, low, high));
}

static void widen_words(const Run *r, int64_t count)
{
    Kernel *k = r->k;
    int64_t whole = count / UNROLL;
    if (whole > 1) {
        Expr *i = loop_begin(k, "i", whole);
        for (int u = 0; u < UNROLL; u++)
            widen_word(r, expr_mul(k, i, expr_i32(k, UNROLL)), u);
        loop_end(k);
    } else {
        whole = 0;
    }
    for (int64_t i = whole * UNROLL; i < count; i++)
        widen_word(r, expr_i32(k, 0), i);
}

void widen_run(Kernel *k, const Buffer *x, Expr *from, int64_t step, int64_t values,
               const Buffer *words, Expr *to, Column column)
{
    Run r = { k, x, words, from, to, step, column };
    widen_words(&r, values / 2);
    if (values % 2 != 0)
        kernel_store(
            k, words, expr_add(k, to, expr_i32(k, column_place(column, values / 2))),
            pack_pair(k, value_at(k, x, from, (values - 1) * step), expr_i32(k, 0)));
}

/* ---- ring ------------------------------------------------------------------------
 */

Ring ring_of_window(Kernel *k, const Buffer *x, const ConvGeometry *g, int64_t zero)
{
    int64_t last = (g->ow - 1) * g->sw + (g->kw - 1) * g->dw; /* column that is read */
    int64_t span = (g->kh - 1) * g->dh + 1;
    return (Ring){ .k = k,
                   .x = x,
                   .bytes = true,
                   .zero = zero,
                   .h = g->h,
                   .values = g->w * g->c,
                   .step = 1,
                   .row_step = g->w * g->c,
                   .top = g->top,
                   .before = g->left * g->c,
                   .slots = span,
                   .row = (last + 1) * g->c,
                   .copies = 1,
                   .span = span,
                   .advance = g->sh,
                   .windows = g->oh };
}

int64_t ring_words(const Ring *r)
{
    return r->copies * r->slots * r->row + r->slack;
}

int64_t ring_copy(const Ring *r)
{
    return r->slots * r->row;
}

/* The zero point in both lanes. */
static Expr *outside(const Ring *r)
{
    if (r->bytes)
        return expr_cast(r->k, expr_i32(r->k, r->zero), DTYPE_I8);
    uint32_t z = (uint32_t)r->zero;
    return expr_i32(r->k, (int32_t)((z << 16) | (z & 0xffffu)));
}

static void fill_words(const Ring *r, Expr *from, int64_t count)
{
    enum { LANES = 4 };
    if (r->vectors && count >= LANES) {
        Kernel *k = r->k;
        Expr *zero = expr_splat(k, expr_i32(k, r->zero), LANES);
        Expr *i = loop_begin(k, "i", count / LANES);
        i = expr_add(k, from, expr_mul(k, i, expr_i32(k, LANES)));
        kernel_store(k, r->words, i, expr_cast(k, zero, DTYPE_I8));
        loop_end(k);
        from = expr_add(k, from, expr_i32(k, count / LANES * LANES));
        count %= LANES;
        if (count == 0)
            return;
    }
    Expr *i = loop_begin(r->k, "i", count);
    kernel_store(r->k, r->words, expr_add(r->k, from, i), outside(r));
    loop_end(r->k);
}

void ring_clear(const Ring *r)
{
    fill_words(r, expr_i32(r->k, 0), ring_words(r));
}

Expr *ring_row(const Ring *r, Expr *i, Expr *a)
{
    Kernel *k = r->k;
    Expr *y = expr_add(k, expr_mul(k, i, expr_i32(k, r->advance)), a);
    return expr_mul(k, expr_mod(k, y, expr_i32(k, r->slots)), expr_i32(k, r->row));
}

static void copy_value(const Ring *r, Expr *from, Expr *to, Expr *v)
{
    Kernel *k = r->k;
    Expr *at = expr_add(k, from, expr_mul(k, v, expr_i32(k, r->step)));
    kernel_store(k, r->words, expr_add(k, expr_add(k, to, v), expr_i32(k, r->before)),
                 expr_load(k, r->x, at, 1));
}

/* Words floor(a / 2) of values that may lie in front of the row. */
static int64_t half(int64_t a)
{
    return a >= 0 ? a / 2 : -((1 - a) / 2);
}

static void copy_vector(const Ring *r, Expr *from, Expr *to, Expr *v)
{
    Kernel *k = r->k;
    Expr *x = expr_load_packed(k, r->x, expr_add(k, from, v), VECTOR);
    kernel_store(k, r->words, expr_add(k, expr_add(k, to, v), expr_i32(k, r->before)),
                 x);
}

/* n values by vectors; the last one may take again what is there. */
static void copy_vectors(const Ring *r, Expr *from, Expr *to, int64_t n)
{
    Kernel *k = r->k;
    Expr *i = loop_begin(k, "i", n / VECTOR);
    copy_vector(r, from, to, expr_mul(k, i, expr_i32(k, VECTOR)));
    loop_end(k);
    if (n % VECTOR != 0)
        copy_vector(r, from, to, expr_i32(k, n - VECTOR));
}

/* A row of bytes as it is. */
static void copy_row(const Ring *r, Expr *from, Expr *to)
{
    Kernel *k = r->k;
    int64_t n = r->row - r->before < r->values ? r->row - r->before : r->values;
    if (r->vectors && n >= VECTOR && r->step == 1) {
        copy_vectors(r, from, to, n);
        return;
    }
    Expr *i = NULL;
    int64_t whole = n / UNROLL;
    if (whole > 1)
        i = expr_mul(k, loop_begin(k, "i", whole), expr_i32(k, UNROLL));
    for (int64_t u = 0; u < (i != NULL ? UNROLL : n); u++)
        copy_value(r, from, to,
                   i != NULL ? expr_add(k, i, expr_i32(k, u)) : expr_i32(k, u));
    if (i != NULL) {
        loop_end(k);
        for (int64_t v = whole * UNROLL; v < n; v++)
            copy_value(r, from, to, expr_i32(k, v));
    }
}

/* One copy of a row: value v of the image becomes value v + before - shift of it. */
static void widen_row(const Ring *r, Expr *from, Expr *to, int64_t shift)
{
    if (r->bytes) {
        copy_row(r, from, to);
        return;
    }
    Kernel *k = r->k;
    int64_t begin = r->before - shift, end = begin + r->values;
    end = end < 2 * r->row ? end : 2 * r->row; /* what no window reads */
    int64_t first = half(begin + 1), last = half(end);
    if (begin >= end)
        return;
    Expr *zero = expr_i32(k, r->zero);
    if (2 * first > begin && first > 0)
        kernel_store(k, r->words, expr_add(k, to, expr_i32(k, first - 1)),
                     pack_pair(k, zero, value_at(k, r->x, from, 0)));
    Run run = { k,
                r->x,
                r->words,
                expr_add(k, from, expr_i32(k, (2 * first - begin) * r->step)),
                expr_add(k, to, expr_i32(k, first)),
                r->step,
                { 1, 1 } };
    widen_words(&run, last - first);
    if (2 * last < end)
        kernel_store(
            k, r->words, expr_add(k, to, expr_i32(k, last)),
            pack_pair(k, value_at(k, r->x, from, (2 * last - begin) * r->step), zero));
}

void ring_fill(const Ring *r, Expr *i, Expr *base)
{
    Kernel *k = r->k;
    int64_t kept = r->advance < r->span ? r->span - r->advance : 0;
    int64_t most = (r->windows - 1) * r->advance + r->span - r->top; /* rows read */
    Expr *begin =
        expr_binary(k, BIN_MIN, expr_mul(k, i, expr_i32(k, kept)), expr_i32(k, kept));
    Expr *a = loop_begin_range(k, "a", begin, expr_i32(k, r->span), 1);
    Expr *y = expr_sub(k, expr_add(k, expr_mul(k, i, expr_i32(k, r->advance)), a),
                       expr_i32(k, r->top));
    Expr *to = kernel_let(k, "to", ring_row(r, i, a));
    bool guarded = r->top > 0 || most > r->h;
    if (guarded)
        if_begin(k, conv_inside(k, y, r->h));
    Expr *row = expr_mul(k, conv_clamp(k, y, r->h), expr_i32(k, r->row_step));
    Expr *from = kernel_let(k, "from", expr_add(k, base, row));
    for (int copy = 0; copy < r->copies; copy++)
        widen_row(r, from, expr_add(k, to, expr_i32(k, copy * ring_copy(r))), copy);
    if (most > r->h) { /* rows above the image were cleared */
        if_else(k);
        if_begin(k, expr_binary(k, BIN_GE, y, expr_i32(k, r->h)));
        for (int copy = 0; copy < r->copies; copy++)
            fill_words(r, expr_add(k, to, expr_i32(k, copy * ring_copy(r))), r->row);
        if_end(k);
    }
    if (guarded)
        if_end(k);
    loop_end(k);
}

void ring_fill_all(const Ring *r, Expr *base)
{
    Kernel *k = r->k;
    int64_t rows = r->h < r->slots - r->top ? r->h : r->slots - r->top;
    if (rows <= 0)
        return;
    Expr *y = loop_begin(k, "y", rows);
    Expr *slot = expr_add(k, y, expr_i32(k, r->top));
    Expr *to = kernel_let(k, "to", expr_mul(k, slot, expr_i32(k, r->row)));
    Expr *row = expr_mul(k, y, expr_i32(k, r->row_step));
    widen_row(r, kernel_let(k, "from", expr_add(k, base, row)), to, 0);
    loop_end(k);
}
