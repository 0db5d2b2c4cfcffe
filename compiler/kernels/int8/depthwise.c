/* depthwise.c - int8 depthwise convolutions.
 *
 * Channel by channel: its rows come into scratch memory (rows.h), all of them when the
 * image is small, else the rows of a window. Four neighbouring outputs share the values
 * of a row. With Arm's DSP extension these are words of two; a window that begins in
 * the upper half of a word takes weights that are paired one tap later. An output only
 * replaces what its own channel has read, so that result and operand may be one buffer.
 */
#include "kernels/generators.h"
#include "kernels/int8/requantize.h"
#include "kernels/int8/rows.h"
#include "loop/expr.h"
#include "loop/intrinsics.h"

enum { OUTPUTS = 4, WEIGHT_WORDS = 48, ROWS_MAX = 16, PLANE_BYTES = 1200 };

typedef struct Depthwise {
    Lowering *w;
    Kernel *k;
    const Node *n;
    const Buffer *x, *weights;
    Requantizer q;
    ConvGeometry g;
    Ring ring;
    bool bytes; /* values are bytes, not halves of words */
    bool plane; /* all rows of a channel are kept */
    Expr *image, *channel, *row;
    Expr *even[WEIGHT_WORDS], *odd[WEIGHT_WORDS]; /* [row][pair]; odd: one tap later;
                                                   * of bytes even: [row][tap] */
    Expr *first;
    Requantization by;
    Expr *begin[ROWS_MAX]; /* first words of the rows of a window */
} Depthwise;

/* ---- weights ---------------------------------------------------------------------
 */

static int64_t pairs_of(const Depthwise *d)
{
    return d->g.kw / 2 + 1;
}

/* Tap b of row a, twice where sums are (they save a shift). */
static Expr *weight(const Depthwise *d, int64_t a, int64_t b)
{
    Kernel *k = d->k;
    if (b >= d->g.kw)
        return expr_i32(k, 0);
    Expr *at = expr_add(k, d->channel, expr_i32(k, (a * d->g.kw + b) * d->g.f));
    Expr *v = expr_cast(k, expr_load(k, d->weights, at, 1), DTYPE_I32);
    return d->q.cheap ? expr_mul(k, v, expr_i32(k, 2)) : v;
}

static Expr *weight_pair(const Depthwise *d, int64_t a, int64_t b)
{
    return kernel_let(d->k, "w", pack_pair(d->k, weight(d, a, b), weight(d, a, b + 1)));
}

static void load_pairs(Depthwise *d)
{
    int64_t kw = d->g.kw;
    for (int64_t a = 0; a < d->g.kh; a++)
        for (int64_t t = 0; 2 * t < kw; t++) {
            int64_t at = a * pairs_of(d) + t;
            if (2 * t + 1 < kw || kw == 1)
                d->even[at] = weight_pair(d, a, 2 * t);
            if (2 * t + 2 < kw)
                d->odd[at + 1] = weight_pair(d, a, 2 * t + 1);
        }
}

static void load_taps(Depthwise *d)
{
    for (int64_t a = 0; a < d->g.kh; a++)
        for (int64_t b = 0; b < d->g.kw; b++)
            d->even[a * d->g.kw + b] = kernel_let(d->k, "w", weight(d, a, b));
}

/* What a channel needs: its weights, the first value of its sums, its scale. */
static void load_channel(Depthwise *d)
{
    Kernel *k = d->k;
    if (d->bytes)
        load_taps(d);
    else
        load_pairs(d);
    Expr *first = requantize_first(&d->q, d->channel);
    if (d->q.cheap) {
        first = expr_binary(k, BIN_SHL, first, expr_i32(k, 1));
        d->by = requantize_prepare(&d->q, d->channel);
    }
    d->first = kernel_let(k, "first", first);
}

/* ---- outputs ---------------------------------------------------------------------
 */

static void multiply(const Depthwise *d, Var *sum, Intrinsic how, Expr *x, Expr *by)
{
    Expr *args[3] = { x, by, expr_var(d->k, sum) };
    kernel_assign(d->k, sum, intrinsic_call(d->k, how, args));
}

/* What word `t` of a window, counted from its first one, gives to its sum. */
static void add_word(const Depthwise *d, Var *sum, int64_t a, int64_t t, bool is_odd,
                     Expr *x)
{
    int64_t kw = d->g.kw, at = a * pairs_of(d) + t;
    if (!is_odd && (2 * t + 1 < kw || kw == 1)) {
        if (2 * t < kw)
            multiply(d, sum, INTRINSIC_dlc_smlad, x, d->even[at]);
    } else if (!is_odd) {
        if (2 * t < kw) /* the last tap alone */
            multiply(d, sum, INTRINSIC_dlc_smlabt, x, d->odd[at]);
    } else if (t == 0) {
        multiply(d, sum, INTRINSIC_dlc_smlatb, x, d->even[at]);
    } else if (2 * t < kw) {
        multiply(d, sum, INTRINSIC_dlc_smlad, x, d->odd[at]);
    } else if (2 * t - 1 < kw) {
        multiply(d, sum, INTRINSIC_dlc_smlabt, x, d->even[at - 1]);
    }
}

/* Row a of the windows of `count` outputs, whose first begins at an even value. */
static void add_row(const Depthwise *d, Var *const *sum, int count, int64_t a,
                    Expr *from)
{
    Kernel *k = d->k;
    int64_t words = ((count - 1) * d->g.sw + d->g.kw + 1) / 2;
    for (int64_t m = 0; m < words; m++) {
        Expr *at = expr_add(k, from, expr_i32(k, m));
        Expr *x = kernel_let(k, "x", expr_load(k, d->ring.words, at, 1));
        for (int p = 0; p < count; p++) {
            int64_t begin = p * d->g.sw, t = m - begin / 2;
            if (t >= 0)
                add_word(d, sum[p], a, t, begin % 2 != 0, x);
        }
    }
}

/* The same of bytes. */
static void add_row_of_bytes(const Depthwise *d, Var *const *sum, int count, int64_t a,
                             Expr *from)
{
    Kernel *k = d->k;
    int64_t kw = d->g.kw, sw = d->g.sw;
    for (int64_t m = 0; m < (count - 1) * sw + kw; m++) {
        Expr *at = expr_add(k, from, expr_i32(k, m));
        Expr *x = expr_cast(k, expr_load(k, d->ring.words, at, 1), DTYPE_I32);
        x = kernel_let(k, "x", x);
        for (int p = 0; p < count; p++) {
            int64_t t = m - p * sw;
            if (t < 0 || t >= kw)
                continue;
            Expr *product = expr_mul(k, x, d->even[a * kw + t]);
            kernel_assign(k, sum[p], expr_add(k, expr_var(k, sum[p]), product));
        }
    }
}

static void deliver(const Depthwise *d, Expr *column, Var *sum)
{
    Kernel *k = d->k;
    const Node *of = d->q.cheap ? d->q.tail.last : d->n;
    Expr *at[SHAPE_MAX_RANK];
    int rank = of->shape.rank;
    if (rank > 3)
        at[rank - 4] = d->image;
    at[rank - 3] = d->row;
    at[rank - 2] = column;
    at[rank - 1] = d->channel;
    Expr *y = expr_var(k, sum);
    if (d->q.cheap)
        y = expr_cast(k, requantize_value(&d->q, &d->by, y), DTYPE_I8);
    lower_finish(d->w, of, at, NULL, 1, y);
}

/* `count` outputs of a row, from column `column` on; `skip`: their first word. */
static void outputs(const Depthwise *d, int count, Expr *column, Expr *skip)
{
    Kernel *k = d->k;
    Var *sum[OUTPUTS];
    for (int p = 0; p < count; p++)
        sum[p] = kernel_register(k, "acc", d->first->type, d->first);
    for (int64_t a = 0; a < d->g.kh; a++) {
        Expr *from = expr_add(k, d->begin[a], skip);
        if (d->bytes)
            add_row_of_bytes(d, sum, count, a, from);
        else
            add_row(d, sum, count, a, from);
    }
    for (int p = 0; p < count; p++)
        deliver(d, expr_add(k, column, expr_i32(k, p)), sum[p]);
}

static void output_row(Depthwise *d)
{
    Kernel *k = d->k;
    int64_t whole = d->g.ow / OUTPUTS, rest = d->g.ow % OUTPUTS;
    int64_t step = d->bytes ? OUTPUTS * d->g.sw : OUTPUTS / 2 * d->g.sw;
    for (int64_t a = 0; a < d->g.kh; a++)
        d->begin[a] =
            kernel_let(k, "row", ring_row(&d->ring, d->row, expr_i32(k, a * d->g.dh)));
    if (whole > 0) {
        Expr *j = loop_begin(k, "j", whole);
        outputs(d, OUTPUTS, expr_mul(k, j, expr_i32(k, OUTPUTS)),
                expr_mul(k, j, expr_i32(k, step)));
        loop_end(k);
    }
    if (rest > 0)
        outputs(d, (int)rest, expr_i32(k, whole * OUTPUTS), expr_i32(k, whole * step));
}

/* ---- loops -----------------------------------------------------------------------
 */

static void all_channels(Depthwise *d)
{
    Kernel *k = d->k;
    const ConvGeometry *g = &d->g;
    d->image = loop_begin(k, "n", g->n);
    if (d->plane)
        ring_clear(&d->ring);
    d->channel = loop_begin(k, "c", g->f);
    Expr *base = expr_mul(k, d->image, expr_i32(k, g->h * g->w * g->c));
    base = expr_add(k, base, expr_div(k, d->channel, expr_i32(k, g->f / g->c)));
    if (d->plane)
        ring_fill_all(&d->ring, base);
    else
        ring_clear(&d->ring);
    load_channel(d);
    d->row = loop_begin(k, "r", g->oh);
    if (!d->plane)
        ring_fill(&d->ring, d->row, base);
    output_row(d);
    loop_end(k);
    loop_end(k);
    loop_end(k);
}

static void make_ring(Depthwise *d)
{
    const ConvGeometry *g = &d->g;
    Ring *r = &d->ring;
    *r = ring_of_window(d->k, d->x, g, d->q.x_zero);
    int64_t rows = (g->oh - 1) * g->sh + r->span, columns = r->row / g->c;
    r->bytes = d->bytes;
    r->values = g->w; /* of one channel */
    r->step = g->c;
    r->before = g->left;
    r->row = d->bytes ? columns : (columns + 1) / 2;
    d->plane = rows * r->row * (d->bytes ? 1 : 4) <= PLANE_BYTES || rows <= r->span;
    if (d->plane)
        r->slots = rows;
    r->words =
        lower_workspace(d->w, "rows", d->bytes ? DTYPE_I8 : DTYPE_I32, ring_words(r));
}

/* Outputs replace values of their own channel: rows that were widened before. */
static bool is_in_order(const Depthwise *d)
{
    const ConvGeometry *g = &d->g;
    for (int64_t r = 0; r < g->oh && !d->plane; r++) {
        int64_t replaced = ((r + 1) * g->ow - 1) / g->w;
        int64_t widened = r * g->sh - g->top + d->ring.span - 1;
        if (replaced > (widened < g->h ? widened : g->h - 1))
            return false;
    }
    return true;
}

/* No output goes where its channel is still to be read. */
static bool may_share(const Depthwise *d)
{
    const ConvGeometry *g = &d->g;
    bool fits = g->oh * g->ow <= g->h * g->w && g->f == g->c;
    return fits && is_in_order(d) && d->q.cheap && d->q.tail.alone;
}

bool int8_depthwise_generate(Lowering *w, const Node *n, const Target *t)
{
    Depthwise d = { .w = w, .k = w->kernel, .n = n, .x = lower_buffer(w, n->in[0]) };
    const Tensor *weights = lower_constant(w, n->in[1]);
    d.g = conv_geometry(n);
    bool depthwise = d.g.cg == 1 && d.g.groups == d.g.c && n->shape.rank <= 4;
    if (weights == NULL || d.x == NULL || !depthwise || d.g.dw != 1 ||
        d.g.kh > ROWS_MAX)
        return false;
    d.bytes = t->int8 != INT8_DSP;
    if (d.g.kh * (d.bytes ? d.g.kw : pairs_of(&d)) > WEIGHT_WORDS)
        return false;
    d.weights = lower_buffer(w, n->in[1]);
    d.q = requantizer_new(w, n, weights, attr_int(n, "x_zero"), TABLE_PLAIN);
    make_ring(&d);
    if (may_share(&d))
        lower_share(w, n->in[0]);
    all_channels(&d);
    return true;
}
