/* int8_dsp.c - int8 convolutions and products for cores with Arm's DSP extension.
 *
 * Two pixels by four features in registers. The taps of a pixel are centered (x - zero
 * point, so that borders are zeros), widened to 16 bits and packed in pairs, once for
 * all features. Weights come in paired lanes: a 16-bit lane holds 256 b + a for the
 * features a and b, so that one smlad adds two taps of both,
 *
 *     raw = sum (256 b + a) x = 256 B + A,    A = sum a x,    B = (raw - A) / 256,
 *
 * and A takes its weights from the same word by sxtb16: flash holds one byte a weight.
 * Exact while |B| < 2^23, which is checked from the weights.
 *
 * Source: measured on the emulator against packed and byte forms; the word layout is
 * ours. */
#include "kernels/generators.h"
#include "loop/expr.h"
#include "loop/intrinsics.h"
#include "ops/conv.h"

#include <math.h>

enum { PIXELS = 2, FEATURES = 4, UNROLLED_TAPS = 32 };

typedef struct Dsp {
    Lowering *w;
    Kernel *k;
    const Node *n;
    const Buffer *x, *weights; /* weights: words in paired lanes */
    Buffer *column[PIXELS];    /* packed taps of a pixel */
    Buffer *sum;               /* finished sums of a block */
    ConvGeometry g;            /* a product is a convolution of 1 x 1 */
    int64_t zero, words;       /* words: pairs of taps */
    Expr *image, *row, *first; /* where the block is: image, row, first pixel */
} Dsp;

/* ---- weights ----------------------------------------------------------------------
 */

/* |sum of b x| < 2^23 for every feature, with |x| <= 255. */
static bool lanes_fit(const Tensor *w, int64_t features)
{
    int64_t count = shape_count(&w->shape);
    for (int64_t f = 0; f < features; f++) {
        double sum = 0;
        for (int64_t i = f; i < count; i += features)
            sum += fabs(w->at[i]);
        if (255 * sum >= 8388608)
            return false;
    }
    return true;
}

static int32_t weight_at(const Tensor *w, int64_t features, int64_t tap, int64_t f)
{
    int64_t taps = shape_count(&w->shape) / features;
    return tap < taps && f < features ? (int32_t)w->at[tap * features + f] : 0;
}

/* Features a = 2 p, b = 2 p + 1 of a block; taps t and t + 1. */
static double paired_word(const Tensor *w, int64_t features, int64_t tap, int64_t a)
{
    uint32_t word = 0;
    for (int64_t h = 0; h < 2; h++) {
        int32_t lane = 256 * weight_at(w, features, tap + h, a + 1) +
                       weight_at(w, features, tap + h, a);
        word |= ((uint32_t)lane & 0xffffu) << (16 * h);
    }
    return (double)(int32_t)word;
}

/* Blocks of four features; in each, for every pair of taps, the words of its pairs. */
static Tensor *pack_weights(Arena *a, const Tensor *w, int64_t features, int64_t words)
{
    int64_t pairs = (features + 1) / 2, at = 0;
    Tensor *t = tensor_new(a, DTYPE_I32, shape_1(pairs * words));
    for (int64_t f = 0; f < features; f += FEATURES)
        for (int64_t k = 0; k < words; k++)
            for (int64_t p = f; p < f + FEATURES && p < features; p += 2)
                t->at[at++] = paired_word(w, features, 2 * k, p);
    return t;
}

/* ---- columns ----------------------------------------------------------------------
 */

/* Tap (a, b, c) of the pixel in column j, centered; 0 outside the image. */
static Expr *tap_value(Dsp *d, Expr *j, Expr *a, Expr *b, Expr *c)
{
    Kernel *k = d->k;
    const ConvGeometry *g = &d->g;
    Expr *r = conv_source_row(k, d->row, a, g->sh, g->dh, g->top);
    Expr *s = conv_source_row(k, j, b, g->sw, g->dw, g->left);
    Expr *inside =
        expr_binary(k, BIN_AND, conv_inside(k, r, g->h), conv_inside(k, s, g->w));
    Expr *at =
        expr_add(k, expr_mul(k, d->image, expr_i32(k, g->h)), conv_clamp(k, r, g->h));
    at = expr_add(k, expr_mul(k, at, expr_i32(k, g->w)), conv_clamp(k, s, g->w));
    at = expr_add(k, expr_mul(k, at, expr_i32(k, g->c)), c);
    Expr *x = expr_cast(k, expr_load(k, d->x, at, 1), DTYPE_I32);
    x = expr_sub(k, x, expr_i32(k, d->zero));
    return expr_select(k, inside, x, expr_i32(k, 0));
}

static Expr *pack(Dsp *d, Expr *low, Expr *high)
{
    Expr *args[2] = { low, high };
    return intrinsic_call(d->k, INTRINSIC_dlc_pack16, args);
}

/* An even number of channels: loops over taps, pairs of channels inside. */
static void fill_by_loops(Dsp *d, const Buffer *column, Expr *j)
{
    Kernel *k = d->k;
    int64_t pairs = d->g.c / 2;
    Expr *a = loop_begin(k, "a", d->g.kh), *b = loop_begin(k, "b", d->g.kw);
    Expr *c = loop_begin(k, "c", pairs);
    Expr *first = expr_mul(k, c, expr_i32(k, 2));
    Expr *low = tap_value(d, j, a, b, first);
    Expr *high = tap_value(d, j, a, b, expr_add(k, first, expr_i32(k, 1)));
    Expr *tap = expr_add(k, expr_mul(k, a, expr_i32(k, d->g.kw)), b);
    kernel_store(k, column, expr_add(k, expr_mul(k, tap, expr_i32(k, pairs)), c),
                 pack(d, low, high));
    loop_end(k);
    loop_end(k);
    loop_end(k);
}

static Expr *tap_number(Dsp *d, Expr *j, int64_t tap)
{
    Kernel *k = d->k;
    int64_t c = d->g.c, b = tap / c % d->g.kw, a = tap / c / d->g.kw;
    if (a >= d->g.kh)
        return expr_i32(k, 0);
    return tap_value(d, j, expr_i32(k, a), expr_i32(k, b), expr_i32(k, tap % c));
}

/* Few taps of an odd number of channels: each word by itself. */
static void fill_unrolled(Dsp *d, const Buffer *column, Expr *j)
{
    for (int64_t w = 0; w < d->words; w++) {
        Expr *low = tap_number(d, j, 2 * w), *high = tap_number(d, j, 2 * w + 1);
        kernel_store(d->k, column, expr_i32(d->k, w), pack(d, low, high));
    }
}

static Expr *pixel(Dsp *d, int p)
{
    return expr_add(d->k, d->first, expr_i32(d->k, p));
}

static void fill(Dsp *d, int pixels)
{
    for (int p = 0; p < pixels; p++) {
        if (d->g.c % 2 == 0)
            fill_by_loops(d, d->column[p], pixel(d, p));
        else
            fill_unrolled(d, d->column[p], pixel(d, p));
    }
}

/* ---- blocks -----------------------------------------------------------------------
 */

static Var *start(Dsp *d)
{
    Expr *zero = expr_i32(d->k, 0);
    return kernel_register(d->k, "acc", zero->type, zero);
}

static void add_products(Dsp *d, Var *sum, Expr *weights, Expr *taps)
{
    Expr *args[3] = { weights, taps, expr_var(d->k, sum) };
    kernel_assign(d->k, sum, intrinsic_call(d->k, INTRINSIC_dlc_smlad, args));
}

/* One pair of taps of all accumulators. raw, low: [pair][pixel]. */
static void step(Dsp *d, int pixels, int pairs, Expr *word, Expr *at,
                 Var *raw[][PIXELS], Var *low[][PIXELS])
{
    Kernel *k = d->k;
    Expr *x[PIXELS];
    for (int p = 0; p < pixels; p++)
        x[p] = kernel_let(k, "x", expr_load(k, d->column[p], word, 1));
    for (int q = 0; q < pairs; q++) {
        Expr *both = kernel_let(
            k, "w", expr_load(k, d->weights, expr_add(k, at, expr_i32(k, q)), 1));
        Expr *a = kernel_let(k, "w", intrinsic_call(k, INTRINSIC_dlc_sxtb16, &both));
        for (int p = 0; p < pixels; p++) {
            add_products(d, raw[q][p], both, x[p]);
            add_products(d, low[q][p], a, x[p]);
        }
    }
}

/* Features f .. f + features - 1 of the pixels in the columns; `at`: their first word.
 */
static void block(Dsp *d, int pixels, int features, Expr *f, Expr *at)
{
    Kernel *k = d->k;
    Var *raw[FEATURES / 2][PIXELS], *low[FEATURES / 2][PIXELS];
    int pairs = (features + 1) / 2;
    for (int q = 0; q < pairs; q++)
        for (int p = 0; p < pixels; p++) {
            raw[q][p] = start(d);
            low[q][p] = start(d);
        }
    Expr *word = loop_begin(k, "t", d->words);
    step(d, pixels, pairs, word, expr_add(k, at, expr_mul(k, word, expr_i32(k, pairs))),
         raw, low);
    loop_end(k);
    for (int q = 0; q < pairs; q++)
        for (int p = 0; p < pixels; p++) {
            Expr *a = expr_var(k, low[q][p]);
            Expr *b = expr_binary(k, BIN_SHR, expr_sub(k, expr_var(k, raw[q][p]), a),
                                  expr_i32(k, 8));
            kernel_store(k, d->sum, expr_i32(k, p * FEATURES + 2 * q), a);
            if (2 * q + 1 < features)
                kernel_store(k, d->sum, expr_i32(k, p * FEATURES + 2 * q + 1), b);
        }
    Expr *p = loop_begin(k, "p", pixels), *e = loop_begin(k, "e", features);
    Expr *at_element[SHAPE_MAX_RANK];
    int rank = d->n->shape.rank;
    bool is_dot = d->n->op == &op_dot;
    for (int i = 0; i < rank; i++)
        at_element[i] = expr_i32(k, 0);
    Expr *j = expr_add(k, d->first, p);
    if (!is_dot) {
        if (rank > 3)
            at_element[rank - 4] = d->image;
        at_element[rank - 3] = d->row;
    }
    at_element[rank - 2] = j;
    at_element[rank - 1] = expr_add(k, f, e);
    Expr *index = expr_add(k, expr_mul(k, p, expr_i32(k, FEATURES)), e);
    lower_finish(d->w, d->n, at_element, NULL, 1, expr_load(k, d->sum, index, 1));
    loop_end(k);
    loop_end(k);
}

static void all_features(Dsp *d, int pixels)
{
    Kernel *k = d->k;
    int64_t whole = d->g.f / FEATURES, rest = d->g.f % FEATURES;
    fill(d, pixels);
    if (whole > 0) {
        Expr *b = loop_begin(k, "f", whole);
        block(d, pixels, FEATURES, expr_mul(k, b, expr_i32(k, FEATURES)),
              expr_mul(k, b, expr_i32(k, FEATURES / 2 * d->words)));
        loop_end(k);
    }
    if (rest > 0)
        block(d, pixels, (int)rest, expr_i32(k, whole * FEATURES),
              expr_i32(k, whole * FEATURES / 2 * d->words));
}

static void all_pixels(Dsp *d)
{
    Kernel *k = d->k;
    int64_t pairs = d->g.ow / PIXELS;
    d->image = loop_begin(k, "i", d->g.n);
    d->row = loop_begin(k, "r", d->g.oh);
    if (pairs > 0) {
        Expr *b = loop_begin(k, "j", pairs);
        d->first = expr_mul(k, b, expr_i32(k, PIXELS));
        all_features(d, PIXELS);
        loop_end(k);
    }
    if (d->g.ow % PIXELS != 0) {
        d->first = expr_i32(k, pairs * PIXELS);
        all_features(d, 1);
    }
    loop_end(k);
    loop_end(k);
}

/* ---- which nodes -------------------------------------------------------------------
 */

static bool geometry_of(const Node *n, ConvGeometry *g)
{
    const Shape *x = &n->in[0]->shape, *w = &n->in[1]->shape;
    if (n->op == &op_conv2d) {
        *g = conv_geometry(n);
        return g->groups == 1 && n->shape.rank <= 4;
    }
    int64_t rows = shape_count(&n->shape) / n->shape.dim[n->shape.rank - 1];
    *g = (ConvGeometry){ .n = 1,
                         .h = 1,
                         .w = rows,
                         .c = x->dim[x->rank - 1],
                         .oh = 1,
                         .ow = rows,
                         .f = w->dim[w->rank - 1],
                         .kh = 1,
                         .kw = 1,
                         .cg = x->dim[x->rank - 1],
                         .sh = 1,
                         .sw = 1,
                         .dh = 1,
                         .dw = 1,
                         .groups = 1 };
    return n->shape.rank == 2 && attr_int(n, "transpose_a") == 0 &&
           attr_int(n, "transpose_b") == 0;
}

bool int8_dsp_generate(Lowering *w, const Node *n)
{
    Dsp d = { .w = w, .k = w->kernel, .n = n, .x = lower_buffer(w, n->in[0]) };
    const Tensor *weights = lower_constant(w, n->in[1]);
    if (weights == NULL || d.x == NULL || !geometry_of(n, &d.g) ||
        !lanes_fit(weights, d.g.f))
        return false;
    int64_t taps = d.g.kh * d.g.kw * d.g.c;
    if (d.g.c % 2 != 0 && taps > UNROLLED_TAPS)
        return false;
    d.words = (taps + 1) / 2;
    d.zero = attr_int(n, n->op == &op_dot ? "a_zero" : "x_zero");
    d.weights =
        lower_repack(w, n->in[1], pack_weights(d.k->arena, weights, d.g.f, d.words));
    for (int p = 0; p < PIXELS; p++)
        d.column[p] = kernel_buffer(d.k, "column", DTYPE_I32, d.words, ACCESS_LOCAL);
    d.sum = kernel_buffer(d.k, "sum", DTYPE_I32, PIXELS * FEATURES, ACCESS_LOCAL);
    all_pixels(&d);
    return true;
}
