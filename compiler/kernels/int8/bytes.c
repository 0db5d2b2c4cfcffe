/* bytes.c - int8 convolutions and products for cores without packed arithmetic.
 *
 * A block of pixels by features in registers: a tap loads a byte for each pixel and
 * each feature and multiplies all with all. Its extents are those of which the fewest
 * instructions are expected with the registers of the core. Weights lie in the order in
 * which blocks read them; pixels are read where they lie, or, where a window reaches
 * outside the image, in a ring of padded rows (rows.h). */
#include "kernels/generators.h"
#include "kernels/int8/contraction.h"
#include "kernels/int8/requantize.h"
#include "kernels/int8/rows.h"

enum { PIXELS_MAX = 4, FEATURES_MAX = 8 };

typedef struct Bytes {
    Lowering *w;
    Kernel *k;
    const Node *n;
    const Buffer *x, *weights;
    const Buffer *sum; /* finished sums of a block, where a loop stands behind */
    Requantizer q;
    ConvGeometry g; /* a product is a convolution of 1 x 1 */
    bool in_place;  /* no ring: pixels are read in x */
    Ring ring;
    int pixels, features; /* of a block */
    int64_t parts, taps;  /* runs of neighbouring taps, and their length */
    bool is_flat;         /* all pixels are one row */
    Expr *image, *row;    /* where the block is, */
    Expr *first;          /* its first pixel */
} Bytes;

/* ---- choice ----------------------------------------------------------------------
 */

/* Instructions for 1000 multiply-adds of a block, as far as one tap shows them;
 * INT32_MAX: more values than registers. */
static int cost(const Target *t, int pixels, int features)
{
    enum { POINTERS = 4 }; /* pixels, weights, where the loop ends, one weight */
    int products = pixels * features;
    if (products + pixels + POINTERS > t->registers + 1)
        return INT32_MAX;
    return 1000 * (pixels + features) / products;
}

static void choose_block(Bytes *b, const Target *t)
{
    static const int widths[] = { 4, 2, 1 };
    int best = INT32_MAX;
    b->pixels = b->features = 1;
    for (int i = 0; i < 3; i++)
        for (int f = FEATURES_MAX; f >= 1; f /= 2) {
            int now = cost(t, widths[i], f);
            if (widths[i] > b->g.ow || f > b->g.f || now >= best)
                continue;
            best = now;
            b->pixels = widths[i];
            b->features = f;
        }
}

/* ---- weights ---------------------------------------------------------------------
 */

/* Blocks of features; in each, for every tap, their weights. */
static Tensor *pack(Arena *a, const Tensor *weights, int block)
{
    int64_t features = weights->shape.dim[weights->shape.rank - 1];
    int64_t count = shape_count(&weights->shape), at = 0;
    Tensor *t = tensor_new(a, DTYPE_I8, shape_1(count));
    for (int64_t f = 0; f < features; f += block)
        for (int64_t tap = 0; tap < count; tap += features)
            for (int64_t e = f; e < f + block && e < features; e++)
                t->at[at++] = weights->at[tap + e];
    return t;
}

/* No sum leaves i32, in whatever order its products are added. */
static bool sums_fit(const Tensor *weights, int64_t zero)
{
    int64_t features = weights->shape.dim[weights->shape.rank - 1];
    int64_t taps = shape_count(&weights->shape) / features;
    return taps < (INT64_C(1) << 15) && zero >= INT8_MIN && zero <= INT8_MAX;
}

/* ---- taps ------------------------------------------------------------------------
 */

/* Index of the first tap of part a of the first pixel. */
static Expr *part_begin(const Bytes *b, Expr *a)
{
    Kernel *k = b->k;
    const ConvGeometry *g = &b->g;
    int64_t across = b->parts / g->kh; /* dilated: a part a tap */
    Expr *dy = expr_mul(k, expr_div(k, a, expr_i32(k, across)), expr_i32(k, g->dh));
    Expr *at = expr_mul(k, b->first, expr_i32(k, g->sw * g->c));
    if (across > 1)
        at = expr_add(
            k, at,
            expr_mul(k, expr_mod(k, a, expr_i32(k, g->kw)), expr_i32(k, g->dw * g->c)));
    if (!b->in_place)
        return expr_add(k, ring_row(&b->ring, b->row, dy), at);
    Expr *row = expr_mul(k, b->image, expr_i32(k, g->h));
    row = expr_add(k, row, expr_mul(k, b->row, expr_i32(k, g->sh)));
    row = expr_add(k, row, dy);
    return expr_add(k, expr_mul(k, row, expr_i32(k, g->w * g->c)), at);
}

typedef struct SumBlock {
    int pixels, features;
    Var *sum[PIXELS_MAX][FEATURES_MAX];
} SumBlock;

static Expr *byte(const Bytes *b, const Buffer *from, Expr *at)
{
    return expr_cast(b->k, expr_load(b->k, from, at, 1), DTYPE_I32);
}

static void step(const Bytes *b, const SumBlock *s, Expr *tap, Expr *at)
{
    Kernel *k = b->k;
    Expr *x[PIXELS_MAX];
    for (int p = 0; p < s->pixels; p++) {
        Expr *from = expr_add(k, tap, expr_i32(k, p * b->g.sw * b->g.c));
        x[p] = kernel_let(k, "x", byte(b, b->in_place ? b->x : b->ring.words, from));
    }
    for (int e = 0; e < s->features; e++) {
        Expr *w =
            kernel_let(k, "w", byte(b, b->weights, expr_add(k, at, expr_i32(k, e))));
        for (int p = 0; p < s->pixels; p++) {
            Expr *sum = expr_var(k, s->sum[p][e]);
            kernel_assign(k, s->sum[p][e], expr_add(k, sum, expr_mul(k, x[p], w)));
        }
    }
}

/* How many taps stand in the body of a loop: a divisor, and none of the distance of
 * pixels. There gcc sees that a pixel reads what another one read some turns before,
 * and carries that along in registers that it does not have. */
static int64_t unroll_of(const Bytes *b)
{
    enum { WHOLE = 12, MOST = 8 };
    int64_t taps = b->taps, step = b->g.sw * b->g.c;
    if (taps <= WHOLE)
        return taps;
    for (int64_t u = MOST; u >= 3; u--)
        if (taps % u == 0 && (step % u != 0 || step >= taps))
            return u;
    return MOST - 1;
}

/* A run of taps from `from` on, weights from `at` on. */
static void run(const Bytes *b, const SumBlock *s, Expr *from, Expr *at)
{
    Kernel *k = b->k;
    int64_t unroll = unroll_of(b), whole = b->taps / unroll;
    Expr *t = expr_i32(k, 0);
    if (whole > 1)
        t = loop_begin(k, "t", whole);
    for (int64_t u = 0; u < unroll; u++) {
        Expr *tap = expr_add(k, expr_mul(k, t, expr_i32(k, unroll)), expr_i32(k, u));
        step(b, s, expr_add(k, from, tap),
             expr_add(k, at, expr_mul(k, tap, expr_i32(k, s->features))));
    }
    if (whole > 1)
        loop_end(k);
    for (int64_t i = whole * unroll; i < b->taps; i++)
        step(b, s, expr_add(k, from, expr_i32(k, i)),
             expr_add(k, at, expr_i32(k, i * s->features)));
}

/* ---- results ---------------------------------------------------------------------
 */

static void deliver(const Bytes *b, const Node *of, Expr *p, Expr *f, Expr *value)
{
    contraction_deliver(b->w, b->n, of,
                        (ContractionPlace){ b->image, b->row, b->is_flat },
                        expr_add(b->k, b->first, p), f, value);
}

static void deliver_at_once(const Bytes *b, const SumBlock *s, Expr *f)
{
    Kernel *k = b->k;
    for (int e = 0; e < s->features; e++) {
        Expr *at = expr_add(k, f, expr_i32(k, e));
        Requantization by = requantize_prepare(&b->q, at);
        for (int p = 0; p < s->pixels; p++) {
            Expr *twice =
                expr_binary(k, BIN_SHL, expr_var(k, s->sum[p][e]), expr_i32(k, 1));
            Expr *y = requantize_value(&b->q, &by, twice);
            deliver(b, b->q.tail.last, expr_i32(k, p), at, expr_cast(k, y, DTYPE_I8));
        }
    }
}

/* A longer tail stands once, in a loop. */
static void deliver_by_loop(const Bytes *b, const SumBlock *s, Expr *f)
{
    Kernel *k = b->k;
    bool cheap = b->q.cheap;
    for (int e = 0; e < s->features; e++)
        for (int p = 0; p < s->pixels; p++)
            kernel_store(k, b->sum, expr_i32(k, e * b->pixels + p),
                         expr_var(k, s->sum[p][e]));
    Expr *e = loop_begin(k, "e", s->features);
    Expr *at = expr_add(k, f, e);
    Requantization by = { 0 };
    if (cheap)
        by = requantize_prepare(&b->q, at);
    Expr *p = loop_begin(k, "p", s->pixels);
    Expr *index = expr_add(k, expr_mul(k, e, expr_i32(k, b->pixels)), p);
    Expr *y = expr_load(k, b->sum, index, 1);
    if (cheap)
        y = requantize_value(&b->q, &by, expr_binary(k, BIN_SHL, y, expr_i32(k, 1)));
    deliver(b, cheap ? b->q.tail.last : b->n, p, at, y);
    loop_end(k);
    loop_end(k);
}

/* ---- loops -----------------------------------------------------------------------
 */

/* Features f .. f + features - 1 of the pixels; `at`: their first weight. */
static void block(const Bytes *b, int pixels, int features, Expr *f, Expr *at)
{
    Kernel *k = b->k;
    SumBlock s = { pixels, features, { { 0 } } };
    for (int e = 0; e < features; e++) {
        Expr *first = requantize_first(&b->q, expr_add(k, f, expr_i32(k, e)));
        for (int p = 0; p < pixels; p++) {
            if (p > 0)
                first = expr_var(k, s.sum[0][e]);
            s.sum[p][e] = kernel_register(k, "acc", first->type, first);
        }
    }
    Expr *a = loop_begin(k, "a", b->parts);
    Expr *from = kernel_let(k, "from", part_begin(b, a));
    run(b, &s, from, expr_add(k, at, expr_mul(k, a, expr_i32(k, b->taps * features))));
    loop_end(k);
    if (b->q.cheap && b->q.tail.alone)
        deliver_at_once(b, &s, f);
    else
        deliver_by_loop(b, &s, f);
}

static void all_features(const Bytes *b, int pixels)
{
    Kernel *k = b->k;
    int64_t whole = b->g.f / b->features, rest = b->g.f % b->features;
    int64_t bytes = b->parts * b->taps * b->features;
    Expr *i = loop_begin(k, "f", whole);
    block(b, pixels, b->features, expr_mul(k, i, expr_i32(k, b->features)),
          expr_mul(k, i, expr_i32(k, bytes)));
    loop_end(k);
    if (rest > 0)
        block(b, pixels, (int)rest, expr_i32(k, whole * b->features),
              expr_i32(k, whole * bytes));
}

static void all_pixels(Bytes *b)
{
    Kernel *k = b->k;
    int64_t whole = b->g.ow / b->pixels;
    Expr *j = loop_begin(k, "j", whole);
    b->first = expr_mul(k, j, expr_i32(k, b->pixels));
    all_features(b, b->pixels);
    loop_end(k);
    if (b->g.ow % b->pixels != 0) {
        b->first = expr_i32(k, whole * b->pixels);
        all_features(b, (int)(b->g.ow % b->pixels));
    }
}

static void all_rows(Bytes *b)
{
    Kernel *k = b->k;
    const ConvGeometry *g = &b->g;
    b->image = loop_begin(k, "n", g->n);
    if (!b->in_place)
        ring_clear(&b->ring);
    b->row = loop_begin(k, "r", g->oh);
    if (!b->in_place)
        ring_fill(&b->ring, b->row,
                  expr_mul(k, b->image, expr_i32(k, g->h * g->w * g->c)));
    all_pixels(b);
    loop_end(k);
    loop_end(k);
}

static bool stays_inside(const ConvGeometry *g)
{
    return g->top == 0 && g->left == 0 &&
           (g->oh - 1) * g->sh + (g->kh - 1) * g->dh < g->h &&
           (g->ow - 1) * g->sw + (g->kw - 1) * g->dw < g->w;
}

static void make_ring(Bytes *b)
{
    const ConvGeometry *g = &b->g;
    int64_t last = (g->ow - 1) * g->sw + (g->kw - 1) * g->dw; /* column that is read */
    Ring *r = &b->ring;
    *r = (Ring){ .k = b->k,
                 .x = b->x,
                 .bytes = true,
                 .zero = b->q.x_zero,
                 .h = g->h,
                 .values = g->w * g->c,
                 .step = 1,
                 .row_step = g->w * g->c,
                 .top = g->top,
                 .before = g->left * g->c,
                 .row = (last + 1) * g->c,
                 .copies = 1,
                 .span = (g->kh - 1) * g->dh + 1,
                 .advance = g->sh,
                 .windows = g->oh };
    r->slots = r->span;
    r->words = lower_workspace(b->w, "rows", DTYPE_I8, ring_words(r));
}

bool int8_bytes_generate(Lowering *w, const Node *n, const Target *t)
{
    Bytes b = { .w = w, .k = w->kernel, .n = n, .x = lower_buffer(w, n->in[0]) };
    const Tensor *weights = lower_constant(w, n->in[1]);
    int64_t zero = attr_int(n, n->op == &op_dot ? "a_zero" : "x_zero");
    if (weights == NULL || b.x == NULL || !contraction_geometry(n, &b.g) ||
        !sums_fit(weights, zero))
        return false;
    bool dilated = b.g.dw > 1 && b.g.kw > 1;
    b.parts = dilated ? b.g.kh * b.g.kw : b.g.kh;
    b.taps = dilated ? b.g.c : b.g.kw * b.g.c;
    b.q = requantizer_new(w, n, weights, zero, false);
    if (b.q.tail.alone)
        b.is_flat = contraction_flatten(&b.g);
    b.in_place = stays_inside(&b.g);
    choose_block(&b, t);
    b.weights = lower_repack(w, n->in[1], pack(b.k->arena, weights, b.features));
    if (!b.in_place)
        make_ring(&b);
    if (!b.q.cheap || !b.q.tail.alone)
        b.sum =
            kernel_buffer(b.k, "sum", DTYPE_I32, b.pixels * b.features, ACCESS_LOCAL);
    all_rows(&b);
    return true;
}
