/* conv.c - int8 convolutions and products for cores with Arm's DSP extension.
 *
 * Two pixels by four features in registers, or one pixel by eight; two taps of two
 * features an instruction (lanes.h). The taps of a pixel are words of 16-bit pairs:
 *
 *   columns  of a 1x1 convolution or a product: widened for each pixel
 *   direct   of a product of one row, to save scratch: widened for each block
 *   ring     runs of a row for each row of the window, in place in the ring (rows.h)
 *   gather   short runs for many features: copied from the ring to a column first */
#include "kernels/generators.h"
#include "kernels/int8/contraction.h"
#include "kernels/int8/lanes.h"
#include "kernels/int8/rows.h"
#include "loop/expr.h"
#include "loop/intrinsics.h"

enum { PIXELS = 2, BLOCK_MAX = 8, PAIRS_MAX = BLOCK_MAX / 2, UNROLL = 8 };

typedef enum Form { FORM_COLUMNS, FORM_DIRECT, FORM_RING, FORM_GATHER } Form;

typedef struct Conv {
    Lowering *w;
    Kernel *k;
    const Node *n;
    const Buffer *x, *weights;
    const Buffer *column; /* of a pair of pixels */
    const Buffer *begin;  /* first words of the rows of a window, in the ring */
    const Buffer *sum;    /* finished sums of a block, where a loop stands behind */
    Requantizer q;
    ConvGeometry g; /* a product is a convolution of 1 x 1 */
    Form form;
    LaneOrder order; /* of the weights */
    Ring ring;
    Column turn;          /* how columns of pixels alternate; ring: they do not */
    int64_t parts, words; /* runs of words of a pixel, as blocks read them */
    bool is_flat;         /* all pixels are one row */
    Expr *image, *row;    /* where the block is ... */
    Expr *first, *second; /* ... and its pixels */
} Conv;

static bool has_ring(const Conv *c)
{
    return c->form == FORM_RING || c->form == FORM_GATHER;
}

/* ---- taps ------------------------------------------------------------------------
 */

static int64_t column_words(const Conv *c)
{
    return c->order.parts * lane_words(&c->order);
}

/* Values between two pixels, in the ring. */
static int64_t pixel_step(const Conv *c)
{
    return c->g.sw * c->g.c;
}

/* Words from a tap of the first pixel to that of pixel p, in the ring ... */
static int64_t ring_offset(const Conv *c, int p)
{
    int64_t values = p * pixel_step(c);
    return values / 2 + (values % 2 != 0 ? ring_copy(&c->ring) : 0);
}

/* ... and where blocks read them. */
static int64_t pixel_offset(const Conv *c, int p)
{
    return c->form == FORM_RING ? ring_offset(c, p) : p * c->turn.group;
}

/* First word of part a of the first pixel, in the ring. It begins at an even value. */
static Expr *part_in_ring(const Conv *c, Expr *a)
{
    Kernel *k = c->k;
    Expr *dy = expr_div(k, a, expr_i32(k, c->order.parts / c->g.kh));
    Expr *row = expr_load(k, c->begin, dy, 1);
    Expr *at = expr_mul(k, c->first, expr_i32(k, pixel_step(c)));
    if (c->order.parts > c->g.kh) { /* dilated: a part a tap */
        Expr *dx = expr_mod(k, a, expr_i32(k, c->g.kw));
        at = expr_add(k, at, expr_mul(k, dx, expr_i32(k, c->g.dw * c->g.c)));
    }
    return expr_add(k, row, expr_div(k, at, expr_i32(k, 2)));
}

static Expr *pixel(const Conv *c, int p)
{
    return p == 0 ? c->first : c->second;
}

/* Columns of the pixels from x itself. */
static void widen_columns(const Conv *c, int pixels)
{
    Kernel *k = c->k;
    const ConvGeometry *g = &c->g;
    Expr *row = expr_mul(k, c->image, expr_i32(k, g->h));
    row = expr_add(k, row, expr_mul(k, c->row, expr_i32(k, g->sh)));
    for (int p = 0; p < pixels; p++) {
        Expr *at = expr_mul(k, pixel(c, p), expr_i32(k, g->sw));
        at = expr_add(k, expr_mul(k, row, expr_i32(k, g->w)), at);
        Expr *from = kernel_let(k, "from", expr_mul(k, at, expr_i32(k, g->c)));
        widen_run(k, c->x, from, 1, g->c, c->column, expr_i32(k, p * c->turn.group),
                  c->turn);
    }
}

/* Columns of the pixels from the ring. */
static void gather_columns(const Conv *c, int pixels)
{
    Kernel *k = c->k;
    int64_t run = lane_words(&c->order);
    Expr *a = loop_begin(k, "a", c->order.parts);
    Expr *from = kernel_let(k, "from", part_in_ring(c, a));
    for (int p = 0; p < pixels; p++) {
        int64_t offset = ring_offset(c, p);
        for (int64_t i = 0; i < run; i++) {
            Expr *at =
                expr_add(k, expr_mul(k, a, expr_i32(k, run * c->turn.pixels)),
                         expr_i32(k, pixel_offset(c, p) + column_place(c->turn, i)));
            Expr *word = expr_load(k, c->ring.words,
                                   expr_add(k, from, expr_i32(k, offset + i)), 1);
            kernel_store(k, c->column, at, word);
        }
    }
    loop_end(k);
}

/* ---- blocks ----------------------------------------------------------------------
 */

/* Sums of a block by pair of features and pixel: of both lanes, of the lower one. */
typedef struct Sums {
    int pixels, features, pairs;
    Var *raw[PAIRS_MAX][PIXELS], *low[PAIRS_MAX][PIXELS];
} Sums;

static Var *start(const Conv *c, Expr *f)
{
    Expr *first = requantize_first(&c->q, f);
    return kernel_register(c->k, "acc", first->type, first);
}

static void sums_start(const Conv *c, Sums *s, Expr *f)
{
    Kernel *k = c->k;
    for (int q = 0; q < s->pairs; q++) {
        Expr *a = expr_add(k, f, expr_i32(k, 2 * q));
        bool odd = 2 * q + 1 < s->features;
        for (int p = 0; p < s->pixels; p++) {
            if (p > 0) {
                Expr *low = expr_var(k, s->low[q][0]), *raw = expr_var(k, s->raw[q][0]);
                s->low[q][p] = kernel_register(k, "acc", low->type, low);
                s->raw[q][p] = kernel_register(k, "acc", raw->type, raw);
                continue;
            }
            s->low[q][0] = start(c, a);
            s->raw[q][0] = start(c, odd ? expr_add(k, a, expr_i32(k, 1)) : a);
        }
    }
}

static void add_products(const Conv *c, Var *sum, Expr *weights, Expr *taps)
{
    Expr *args[3] = { weights, taps, expr_var(c->k, sum) };
    kernel_assign(c->k, sum, intrinsic_call(c->k, INTRINSIC_dlc_smlad, args));
}

/* Pairs of features q and q + 1 with the taps x. The lower lanes are taken when the
 * word itself is not needed any more: there is no register for both. */
static void step_pairs(const Conv *c, const Sums *s, int q, Expr *const *x, Expr *at)
{
    Kernel *k = c->k;
    int end = q + 2 < s->pairs ? q + 2 : s->pairs;
    Expr *word[2];
    for (int i = q; i < end; i++)
        word[i - q] = kernel_let(
            k, "w", expr_load(k, c->weights, expr_add(k, at, expr_i32(k, i)), 1));
    for (int i = q; i < end; i++) {
        for (int p = 0; p < s->pixels; p++)
            if (2 * i + 1 < s->features)
                add_products(c, s->raw[i][p], word[i - q], x[p]);
        Expr *low =
            kernel_let(k, "w", intrinsic_call(k, INTRINSIC_dlc_sxtb16, &word[i - q]));
        for (int p = 0; p < s->pixels; p++)
            add_products(c, s->low[i][p], low, x[p]);
    }
}

/* Word `at` of the taps, as pixel p reads it. */
static Expr *taps_at(const Conv *c, Expr *at, int p)
{
    Kernel *k = c->k;
    const Buffer *from = c->form == FORM_RING ? c->ring.words : c->column;
    if (c->form != FORM_DIRECT)
        return expr_load(k, from, expr_add(k, at, expr_i32(k, pixel_offset(c, p))), 1);
    Expr *first = expr_mul(k, at, expr_i32(k, 2));
    Expr *second = expr_add(k, first, expr_i32(k, 1));
    return pack_pair(k, expr_cast(k, expr_load(k, c->x, first, 1), DTYPE_I32),
                     expr_cast(k, expr_load(k, c->x, second, 1), DTYPE_I32));
}

/* One pair of taps: word `taps` of the first pixel, words of weights from `at` on. */
static void step(const Conv *c, const Sums *s, Expr *taps, Expr *at)
{
    Kernel *k = c->k;
    Expr *x[PIXELS];
    for (int p = 0; p < s->pixels; p++)
        x[p] = kernel_let(k, "x", taps_at(c, taps, p));
    for (int q = 0; q < s->pairs; q += 2)
        step_pairs(c, s, q, x, at);
}

/* How many steps stand in the body of a loop: a divisor, if there is one. */
static int64_t unroll_of(int64_t words)
{
    if (words <= 12)
        return words;
    for (int64_t u = UNROLL; u >= 5; u--)
        if (words % u == 0)
            return u;
    return UNROLL;
}

/* A run of words: taps from word `from` on, weights from word `at` on. */
static void steps(const Conv *c, const Sums *s, Expr *from, Expr *at)
{
    Kernel *k = c->k;
    int64_t unroll = unroll_of(c->words), whole = c->words / unroll;
    int64_t turn = unroll * c->turn.pixels;
    Expr *t = expr_i32(k, 0);
    bool loops = whole > 1 || unroll == UNROLL; /* so that it looks like longer ones */
    if (loops)
        t = loop_begin(k, "t", whole);
    for (int64_t u = 0; u < unroll; u++) {
        Expr *word = expr_add(k, expr_mul(k, t, expr_i32(k, unroll)), expr_i32(k, u));
        Expr *taps = expr_add(k, expr_mul(k, t, expr_i32(k, turn)),
                              expr_i32(k, column_place(c->turn, u)));
        step(c, s, expr_add(k, from, taps),
             expr_add(k, at, expr_mul(k, word, expr_i32(k, s->pairs))));
    }
    if (loops)
        loop_end(k);
    for (int64_t i = whole * unroll; i < c->words; i++)
        step(c, s, expr_add(k, from, expr_i32(k, column_place(c->turn, i))),
             expr_add(k, at, expr_i32(k, i * s->pairs)));
}

/* All taps; `at`: first word of the block's weights. */
static void all_taps(const Conv *c, const Sums *s, Expr *at)
{
    Kernel *k = c->k;
    if (c->form != FORM_RING) {
        steps(c, s, expr_i32(k, 0), at);
        return;
    }
    Expr *a = loop_begin(k, "a", c->parts);
    Expr *from = kernel_let(k, "from", part_in_ring(c, a));
    Expr *skip = expr_mul(k, a, expr_i32(k, c->words * s->pairs));
    steps(c, s, from, expr_add(k, at, skip));
    loop_end(k);
}

/* ---- results ---------------------------------------------------------------------
 */

/* Twice the sum of feature e of pixel p, or the sum itself. */
static Expr *finished(const Conv *c, const Sums *s, int e, int p, bool twice)
{
    Kernel *k = c->k;
    Expr *low = expr_var(k, s->low[e / 2][p]);
    if (e % 2 == 0)
        return twice ? expr_binary(k, BIN_SHL, low, expr_i32(k, 1)) : low;
    Expr *raw = expr_sub(k, expr_var(k, s->raw[e / 2][p]), low);
    return expr_binary(k, BIN_SHR, raw, expr_i32(k, twice ? 7 : 8));
}

/* Element f of pixel p into what the group computes behind `of`. */
static void deliver(const Conv *c, const Node *of, Expr *p, Expr *f, Expr *value)
{
    contraction_deliver(c->w, c->n, of,
                        (ContractionPlace){ c->image, c->row, c->is_flat }, p, f, 1,
                        value);
}

static void deliver_at_once(const Conv *c, const Sums *s, Expr *f)
{
    Kernel *k = c->k;
    const Node *last = c->q.tail.last;
    for (int e = 0; e < s->features; e++) {
        Expr *at = expr_add(k, f, expr_i32(k, e));
        Requantization by = requantize_prepare(&c->q, at);
        for (int p = 0; p < s->pixels; p++) {
            Expr *y = requantize_value(&c->q, &by, finished(c, s, e, p, true));
            deliver(c, last, pixel(c, p), at, expr_cast(k, y, DTYPE_I8));
        }
    }
}

/* A longer tail stands once, in a loop. */
static void deliver_by_loop(const Conv *c, const Sums *s, Expr *f)
{
    Kernel *k = c->k;
    bool cheap = c->q.cheap;
    for (int e = 0; e < s->features; e++) {
        Requantization by = { 0 };
        if (cheap)
            by = requantize_prepare(&c->q, expr_add(k, f, expr_i32(k, e)));
        for (int p = 0; p < s->pixels; p++) {
            Expr *y = finished(c, s, e, p, cheap);
            if (cheap)
                y = requantize_value(&c->q, &by, y);
            kernel_store(k, c->sum, expr_i32(k, p * c->order.block + e), y);
        }
    }
    Expr *p = loop_begin(k, "p", s->pixels), *e = loop_begin(k, "e", s->features);
    Expr *index = expr_add(k, expr_mul(k, p, expr_i32(k, c->order.block)), e);
    Expr *value = expr_load(k, c->sum, index, 1);
    deliver(c, cheap ? c->q.tail.last : c->n, expr_add(k, c->first, p),
            expr_add(k, f, e), value);
    loop_end(k);
    loop_end(k);
}

/* Features f .. f + features - 1 of the pixels. */
static void block(const Conv *c, int pixels, int features, Expr *f, Expr *at)
{
    Sums s = { pixels, features, (features + 1) / 2, { { 0 } }, { { 0 } } };
    sums_start(c, &s, f);
    all_taps(c, &s, at);
    if (c->q.cheap && c->q.tail.alone)
        deliver_at_once(c, &s, f);
    else
        deliver_by_loop(c, &s, f);
}

/* ---- loops -----------------------------------------------------------------------
 */

static void all_features(const Conv *c, int pixels)
{
    Kernel *k = c->k;
    int64_t whole = c->g.f / c->order.block, rest = c->g.f % c->order.block;
    int64_t words = column_words(c) * c->order.block / 2; /* of a block's weights */
    if (c->form == FORM_COLUMNS)
        widen_columns(c, pixels);
    else if (c->form == FORM_GATHER)
        gather_columns(c, pixels);
    if (whole > 0) {
        Expr *b = loop_begin(k, "f", whole);
        Expr *at = kernel_let(k, "at", expr_mul(k, b, expr_i32(k, words)));
        block(c, pixels, c->order.block, expr_mul(k, b, expr_i32(k, c->order.block)),
              at);
        loop_end(k);
    }
    if (rest > 0)
        block(c, pixels, (int)rest, expr_i32(k, whole * c->order.block),
              expr_i32(k, whole * words));
}

/* The block of pixels that begins at `first`. */
static void pixels_from(Conv *c, Expr *first, int pixels)
{
    Kernel *k = c->k;
    c->first = first;
    if (pixels > 1)
        c->second = kernel_let(k, "second", expr_add(k, first, expr_i32(k, 1)));
    all_features(c, pixels);
}

/* May a pixel be computed twice, so that the last pair has two? Where nothing but its
 * own bytes are written of it, and not of a large image: its result could not take the
 * place of its operand then, which is read again. */
static bool repeats(const Conv *c)
{
    enum { SMALL = 16 };
    bool fits = c->g.ow > PIXELS && (c->g.ow % PIXELS == 0 || c->g.ow <= SMALL);
    return c->form == FORM_COLUMNS && c->q.tail.alone && fits;
}

static void all_pixels(Conv *c)
{
    Kernel *k = c->k;
    bool twice = repeats(c);
    int64_t pairs = (c->g.ow + (twice ? 1 : 0)) / PIXELS;
    if (pairs > 0) {
        Expr *b = loop_begin(k, "j", pairs);
        Expr *first = expr_mul(k, b, expr_i32(k, PIXELS));
        if (twice) {
            Expr *last = expr_i32(k, c->g.ow - PIXELS);
            first = kernel_let(k, "first", expr_binary(k, BIN_MIN, first, last));
        }
        pixels_from(c, first, PIXELS);
        loop_end(k);
    }
    if (c->g.ow > pairs * PIXELS)
        pixels_from(c, expr_i32(k, pairs * PIXELS), 1);
}

/* Once for all pixels of a row: the ring turns by a division. */
static void find_rows(const Conv *c)
{
    Kernel *k = c->k;
    Expr *a = loop_begin(k, "a", c->g.kh);
    Expr *dy = expr_mul(k, a, expr_i32(k, c->g.dh));
    kernel_store(k, c->begin, a, ring_row(&c->ring, c->row, dy));
    loop_end(k);
}

static void all_rows(Conv *c)
{
    Kernel *k = c->k;
    const ConvGeometry *g = &c->g;
    c->image = loop_begin(k, "n", g->n);
    if (has_ring(c))
        ring_clear(&c->ring);
    c->row = loop_begin(k, "r", g->oh);
    if (has_ring(c)) {
        ring_fill(&c->ring, c->row,
                  expr_mul(k, c->image, expr_i32(k, g->h * g->w * g->c)));
        find_rows(c);
    }
    all_pixels(c);
    loop_end(k);
    loop_end(k);
}

/* ---- which nodes -----------------------------------------------------------------
 */

static Form form_of(const Lowering *w, const ConvGeometry *g, const LaneOrder *o)
{
    enum { SHORT_RUN = 8, MANY_FEATURES = 24 };
    bool one = g->n * g->oh * g->ow == 1 && g->h * g->w == 1 && g->c % 2 == 0;
    if (contraction_is_pointwise(g))
        return w->least_ram && one ? FORM_DIRECT : FORM_COLUMNS;
    bool worth = o->parts > 1 && lane_words(o) <= SHORT_RUN && g->f >= MANY_FEATURES;
    return worth ? FORM_GATHER : FORM_RING;
}

static void make_ring(Conv *c)
{
    Ring *r = &c->ring;
    *r = ring_of_window(c->k, c->x, &c->g, c->q.x_zero);
    r->bytes = false;
    r->copies = pixel_step(c) % 2 != 0 && c->g.ow > 1 ? 2 : 1;
    r->row = (r->row + 1) / 2; /* a run may end in half a word */
    r->words = lower_workspace(c->w, "rows", DTYPE_I32, ring_words(r));
    c->begin = kernel_buffer(c->k, "begin", DTYPE_I32, c->g.kh, ACCESS_LOCAL);
}

/* Two words of each pixel in turn, where loops and runs keep to pairs of words. */
static Column turn_of(const Conv *c)
{
    bool pairs = unroll_of(c->words) % 2 == 0 &&
                 (c->form == FORM_COLUMNS || lane_words(&c->order) % 2 == 0);
    if (c->form == FORM_RING || c->g.ow < PIXELS)
        return (Column){ 1, 1 };
    return (Column){ PIXELS, pairs ? 2 : 1 };
}

static LaneOrder order_of(const ConvGeometry *g)
{
    bool dilated = g->dw > 1 && g->kw > 1;
    return (LaneOrder){ dilated ? g->kh * g->kw : g->kh, dilated ? g->c : g->kw * g->c,
                        g->n * g->oh * g->ow == 1 ? 8 : 4 };
}

bool int8_conv_generate(Lowering *w, const Node *n, const KernelVariant *v)
{
    Conv c = { .w = w, .k = w->kernel, .n = n, .x = lower_buffer(w, n->in[0]) };
    const Tensor *weights = lower_constant(w, n->in[1]);
    int64_t zero = attr_int(n, n->op == &op_dot ? "a_zero" : "x_zero");
    int64_t as_int8 = sum_zero(n, zero);
    if (weights == NULL || c.x == NULL || !contraction_geometry(n, &c.g))
        return false;
    c.order = order_of(&c.g);
    bool halves = c.order.parts > c.g.kh && c.g.c % 2 != 0; /* parts at odd values */
    if (halves || !lanes_fit(weights, tail_match(w, n).bias, as_int8) ||
        !lanes_fit(weights, NULL, as_int8))
        return false;
    c.form = form_of(w, &c.g, &c.order);
    bool reaches = c.form == FORM_RING || c.form == FORM_GATHER;
    if (v != NULL && v->form == VARIANT_DSP_GATHER && !reaches)
        return false; /* nothing to gather */
    if (v != NULL && reaches)
        c.form = v->form == VARIANT_DSP_GATHER ? FORM_GATHER : FORM_RING;
    c.q = requantizer_new(w, n, weights, zero, TABLE_PAIRED);
    if (c.q.tail.alone) /* only bytes follow */
        c.is_flat = contraction_flatten(&c.g);
    c.parts = c.form == FORM_RING ? c.order.parts : 1;
    c.words = column_words(&c) / c.parts;
    c.weights = lower_repack(w, n->in[1], lanes_pack(c.k->arena, weights, &c.order));
    if (has_ring(&c))
        make_ring(&c);
    c.turn = turn_of(&c);
    if (c.form == FORM_COLUMNS || c.form == FORM_GATHER)
        c.column =
            lower_workspace(w, "column", DTYPE_I32,
                            c.turn.pixels * (column_words(&c) + c.turn.group - 1));
    if (!c.q.cheap || !c.q.tail.alone)
        c.sum =
            kernel_buffer(c.k, "sum", DTYPE_I32, PIXELS * c.order.block, ACCESS_LOCAL);
    all_rows(&c);
    return true;
}
