/* bytes.c - int8 convolutions and products on bytes as they are.
 *
 * A block of pixels by features in registers: a step loads a byte for each pixel and
 * each feature, or a vector of 16 of them, and multiplies all with all. The extents of
 * a block are those of which the fewest instructions are expected with the registers of
 * the core. Weights lie in the order in which blocks read them; pixels are read where
 * they lie, or, where a window reaches outside the image or a vector behind a run, in a
 * ring of padded rows (rows.h).
 *
 * Short runs waste vectors: where many features follow, the runs of a pixel are
 * gathered to a column first. With vectors a group of blocks leaves its sums in memory,
 * from where four features at a time become int8. */
#include "kernels/generators.h"
#include "kernels/int8/contraction.h"
#include "kernels/int8/requantize.h"
#include "kernels/int8/rows.h"
#include "loop/intrinsics.h"

enum { PIXELS_MAX = 4, FEATURES_MAX = 8, VECTOR = 16 };

typedef struct Bytes {
    Lowering *w;
    Kernel *k;
    const Node *n;
    const Buffer *x, *weights;
    const Buffer *column; /* gathered taps of the pixels of a block; NULL: none */
    const Buffer
        *sum; /* finished sums of a group; NULL: blocks deliver from registers */
    Requantizer q;
    ConvGeometry g; /* a product is a convolution of 1 x 1 */
    bool in_place;  /* no ring: pixels are read in x */
    Ring ring;
    int lanes;            /* taps of a step */
    int pixels, features; /* of a block */
    int group;            /* features of the blocks that are delivered together */
    int64_t parts, taps;  /* runs of neighbouring taps, and their length */
    int64_t runs, run;    /* the same in the image, where they are gathered */
    bool is_flat;         /* all pixels are one row */
    Expr *image, *row;    /* where the block is, */
    Expr *first;          /* its first pixel */
} Bytes;

static int64_t steps_of(const Bytes *b)
{
    return (b->taps + b->lanes - 1) / b->lanes;
}

/* Weights of a feature, with those that fill vectors. */
static int64_t feature_bytes(const Bytes *b)
{
    return b->parts * steps_of(b) * b->lanes;
}

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

static void choose_bytes(Bytes *b, const Target *t)
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

/* Eight sums: vmladava adds to even registers only. */
static void choose_vectors(Bytes *b)
{
    enum { SUMS = 8 };
    b->pixels = b->g.ow >= 4 ? 4 : b->g.ow >= 2 ? 2 : 1;
    b->features = SUMS / b->pixels;
    while (b->features > b->g.f)
        b->features /= 2;
}

/* False: v has more pixels or features than there are. */
static bool choose_block(Bytes *b, const Target *t, const KernelVariant *v)
{
    if (v != NULL) {
        b->pixels = v->pixels;
        b->features = v->features;
    } else if (b->lanes > 1) {
        choose_vectors(b);
    } else {
        choose_bytes(b, t);
    }
    b->group = b->features;
    if (b->lanes > 1 && b->group < REQUANTIZE_LANES && b->g.f >= REQUANTIZE_LANES)
        b->group = REQUANTIZE_LANES;
    return b->pixels <= b->g.ow && b->features <= b->g.f;
}

/* ---- weights ---------------------------------------------------------------------
 */

/* Blocks of features; in each, for every step of every part, what a feature has there.
 */
static Tensor *pack(const Bytes *b, const Tensor *weights)
{
    int64_t features = b->g.f, steps = steps_of(b), at = 0;
    Tensor *t = tensor_new(b->k->arena, DTYPE_I8, shape_1(features * feature_bytes(b)));
    for (int64_t f = 0; f < features; f += b->features)
        for (int64_t i = 0; i < b->parts * steps; i++)
            for (int64_t e = f; e < f + b->features && e < features; e++)
                for (int64_t l = 0; l < b->lanes; l++) {
                    int64_t tap = i % steps * b->lanes + l;
                    int64_t from = (i / steps * b->taps + tap) * features + e;
                    t->at[at++] = tap < b->taps ? weights->at[from] : 0;
                }
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
    int64_t parts = b->column != NULL ? b->runs : b->parts;
    int64_t across = parts / g->kh; /* dilated: a part a tap */
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

/* What one step reads from `at` on. */
static Expr *values(const Bytes *b, const char *name, const Buffer *from, Expr *at)
{
    Kernel *k = b->k;
    if (b->lanes > 1)
        return kernel_let(k, name, expr_load_packed(k, from, at, b->lanes));
    return kernel_let(k, name, expr_cast(k, expr_load(k, from, at, 1), DTYPE_I32));
}

static void add_products(const Bytes *b, Var *sum, Expr *x, Expr *w)
{
    Kernel *k = b->k;
    Expr *args[3] = { x, w, expr_var(k, sum) };
    kernel_assign(k, sum,
                  b->lanes > 1 ? intrinsic_call(k, INTRINSIC_v16c_dot, args)
                               : expr_add(k, args[2], expr_mul(k, x, w)));
}

/* Bytes of a column, with those that a vector may write behind it. */
static int64_t column_bytes(const Bytes *b)
{
    return steps_of(b) * b->lanes + b->lanes;
}

/* Columns of the pixels from the ring; each run covers what the last one wrote too far.
 */
static void gather(const Bytes *b, int pixels)
{
    Kernel *k = b->k;
    if (b->column == NULL)
        return;
    Expr *a = loop_begin(k, "a", b->runs);
    Expr *from = kernel_let(k, "from", part_begin(b, a));
    Expr *to = kernel_let(k, "to", expr_mul(k, a, expr_i32(k, b->run)));
    for (int p = 0; p < pixels; p++)
        for (int64_t i = 0; i < b->run; i += b->lanes) {
            Expr *x = expr_add(k, from, expr_i32(k, p * b->g.sw * b->g.c + i));
            kernel_store(k, b->column,
                         expr_add(k, to, expr_i32(k, p * column_bytes(b) + i)),
                         expr_load_packed(k, b->ring.words, x, b->lanes));
        }
    loop_end(k);
}

/* Pixels from index `from` on, weights from `at` on. */
static void step(const Bytes *b, const SumBlock *s, Expr *from, Expr *at)
{
    Kernel *k = b->k;
    Expr *x[PIXELS_MAX];
    const Buffer *in = b->column != NULL ? b->column
                       : b->in_place     ? b->x
                                         : b->ring.words;
    int64_t next = b->column != NULL ? column_bytes(b) : b->g.sw * b->g.c;
    for (int p = 0; p < s->pixels; p++)
        x[p] = values(b, "x", in, expr_add(k, from, expr_i32(k, p * next)));
    for (int e = 0; e < s->features; e++) {
        Expr *w =
            values(b, "w", b->weights, expr_add(k, at, expr_i32(k, e * b->lanes)));
        for (int p = 0; p < s->pixels; p++)
            add_products(b, s->sum[p][e], x[p], w);
    }
}

/* How many steps stand in the body of a loop: a divisor, if there is one. */
static int64_t unroll_of(const Bytes *b)
{
    int64_t steps = steps_of(b), whole = b->lanes > 1 ? 3 : 12;
    if (b->column != NULL) /* gcc would keep all of a column, on the stack */
        return 1;
    if (steps <= whole)
        return steps;
    for (int64_t u = whole * 2 / 3; u >= whole / 4; u--)
        if (steps % u == 0)
            return u;
    return whole * 2 / 3;
}

/* A run of taps from `from` on, weights from `at` on. */
static void run(const Bytes *b, const SumBlock *s, Expr *from, Expr *at)
{
    Kernel *k = b->k;
    int64_t steps = steps_of(b), unroll = unroll_of(b), whole = steps / unroll;
    int64_t bytes = (int64_t)b->lanes * s->features; /* weights of a step */
    Expr *t = expr_i32(k, 0);
    if (whole > 1)
        t = loop_begin(k, "t", whole);
    for (int64_t u = 0; u < unroll; u++) {
        Expr *i = expr_add(k, expr_mul(k, t, expr_i32(k, unroll)), expr_i32(k, u));
        step(b, s, expr_add(k, from, expr_mul(k, i, expr_i32(k, b->lanes))),
             expr_add(k, at, expr_mul(k, i, expr_i32(k, bytes))));
    }
    if (whole > 1)
        loop_end(k);
    for (int64_t i = whole * unroll; i < steps; i++)
        step(b, s, expr_add(k, from, expr_i32(k, i * b->lanes)),
             expr_add(k, at, expr_i32(k, i * bytes)));
}

/* Sums of features f .. f + features - 1 of the pixels; `at`: their first weight. */
static void block(const Bytes *b, SumBlock *s, Expr *f, Expr *at)
{
    Kernel *k = b->k;
    for (int e = 0; e < s->features; e++) {
        Expr *first = requantize_first(&b->q, expr_add(k, f, expr_i32(k, e)));
        for (int p = 0; p < s->pixels; p++) {
            if (p > 0)
                first = expr_var(k, s->sum[0][e]);
            s->sum[p][e] = kernel_register(k, "acc", first->type, first);
        }
    }
    Expr *a = loop_begin(k, "a", b->parts);
    Expr *from =
        b->column != NULL ? expr_i32(k, 0) : kernel_let(k, "from", part_begin(b, a));
    int64_t bytes = steps_of(b) * b->lanes * s->features;
    run(b, s, from, expr_add(k, at, expr_mul(k, a, expr_i32(k, bytes))));
    loop_end(k);
}

/* ---- results ---------------------------------------------------------------------
 */

static void deliver(const Bytes *b, const Node *of, Expr *p, Expr *f, int lanes,
                    Expr *value)
{
    contraction_deliver(b->w, b->n, of,
                        (ContractionPlace){ b->image, b->row, b->is_flat },
                        expr_add(b->k, b->first, p), f, lanes, value);
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
            deliver(b, b->q.tail.last, expr_i32(k, p), at, 1,
                    expr_cast(k, y, DTYPE_I8));
        }
    }
}

/* Sums of a block, into those of its group from feature `from` on: [pixel][feature]. */
static void keep(const Bytes *b, const SumBlock *s, int from)
{
    Kernel *k = b->k;
    for (int p = 0; p < s->pixels; p++)
        for (int e = 0; e < s->features; e++)
            kernel_store(k, b->sum, expr_i32(k, p * b->group + from + e),
                         expr_var(k, s->sum[p][e]));
}

/* What was kept, from feature `from` of the group on. */
static Expr *kept(const Bytes *b, Expr *p, Expr *from, int lanes)
{
    Kernel *k = b->k;
    Expr *at = expr_add(k, expr_mul(k, p, expr_i32(k, b->group)), from);
    return expr_load(k, b->sum, at, lanes);
}

/* A longer tail stands once, in a loop. */
static void deliver_by_loop(const Bytes *b, int pixels, int features, Expr *f)
{
    Kernel *k = b->k;
    bool cheap = b->q.cheap;
    Expr *e = loop_begin(k, "e", features);
    Expr *at = expr_add(k, f, e);
    Requantization by = { 0 };
    if (cheap)
        by = requantize_prepare(&b->q, at);
    Expr *p = loop_begin(k, "p", pixels);
    Expr *y = kept(b, p, e, 1);
    if (cheap)
        y = requantize_value(&b->q, &by, expr_binary(k, BIN_SHL, y, expr_i32(k, 1)));
    deliver(b, cheap ? b->q.tail.last : b->n, p, at, 1, y);
    loop_end(k);
    loop_end(k);
}

static void deliver_vectors(const Bytes *b, int pixels, Expr *f)
{
    Kernel *k = b->k;
    for (int e = 0; e < b->group; e += REQUANTIZE_LANES) {
        Expr *at = expr_add(k, f, expr_i32(k, e));
        Requantization by = requantize_prepare_vector(&b->q, at);
        for (int p = 0; p < pixels; p++) {
            Expr *y = kept(b, expr_i32(k, p), expr_i32(k, e), REQUANTIZE_LANES);
            y = requantize_vector(&b->q, &by, y);
            deliver(b, b->q.tail.last, expr_i32(k, p), at, REQUANTIZE_LANES,
                    expr_cast(k, y, DTYPE_I8));
        }
    }
}

/* ---- loops -----------------------------------------------------------------------
 */

/* `features` from f on, a whole group or what is left of the last one. */
static void group(const Bytes *b, int pixels, int features, Expr *f)
{
    Kernel *k = b->k;
    for (int e = 0; e < features; e += b->features) {
        int width = features - e < b->features ? features - e : b->features;
        SumBlock s = { pixels, width, { { 0 } } };
        Expr *at = expr_add(k, f, expr_i32(k, e));
        block(b, &s, at, expr_mul(k, at, expr_i32(k, feature_bytes(b))));
        if (b->sum == NULL)
            deliver_at_once(b, &s, at);
        else
            keep(b, &s, e);
    }
    if (b->sum == NULL)
        return;
    bool whole = features == b->group && features % REQUANTIZE_LANES == 0;
    if (b->lanes > 1 && b->q.cheap && whole && tail_is_integer(b->w))
        deliver_vectors(b, pixels, f);
    else
        deliver_by_loop(b, pixels, features, f);
}

static void all_features(const Bytes *b, int pixels)
{
    Kernel *k = b->k;
    int64_t whole = b->g.f / b->group, rest = b->g.f % b->group;
    gather(b, pixels);
    Expr *i = loop_begin(k, "f", whole);
    group(b, pixels, b->group, expr_mul(k, i, expr_i32(k, b->group)));
    loop_end(k);
    if (rest > 0)
        group(b, pixels, (int)rest, expr_i32(k, whole * b->group));
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

/* ---- which nodes -----------------------------------------------------------------
 */

/* No window reaches outside, and no vector behind a run. */
static bool stays_inside(const Bytes *b)
{
    const ConvGeometry *g = &b->g;
    return g->top == 0 && g->left == 0 && b->taps % b->lanes == 0 &&
           (g->oh - 1) * g->sh + (g->kh - 1) * g->dh < g->h &&
           (g->ow - 1) * g->sw + (g->kw - 1) * g->dw < g->w;
}

/* Instructions for a pixel: a load and a store for each vector of a run, against steps
 * of all features. */
static bool is_worth_gathering(const Bytes *b)
{
    int64_t vectors = b->parts * steps_of(b);
    int64_t steps = (b->parts * b->taps + b->lanes - 1) / b->lanes;
    return b->lanes > 1 && !b->in_place && (vectors - steps) * b->g.f > 2 * vectors + 6;
}

static void make_ring(Bytes *b, int64_t slack)
{
    Ring *r = &b->ring;
    *r = ring_of_window(b->k, b->x, &b->g, b->q.x_zero);
    r->vectors = b->lanes > 1;
    r->slack = slack;
    r->words = lower_workspace(b->w, "rows", DTYPE_I8, ring_words(r));
}

bool int8_bytes_generate(Lowering *w, const Node *n, const Target *t,
                         const KernelVariant *v)
{
    Bytes b = { .w = w, .k = w->kernel, .n = n, .x = lower_buffer(w, n->in[0]) };
    const Tensor *weights = lower_constant(w, n->in[1]);
    int64_t zero = attr_int(n, n->op == &op_dot ? "a_zero" : "x_zero");
    if (weights == NULL || b.x == NULL || !contraction_geometry(n, &b.g) ||
        !sums_fit(weights, zero))
        return false;
    bool vectors = v != NULL ? v->form == VARIANT_VECTORS : t->int8 == INT8_MVE;
    b.lanes = vectors ? VECTOR : 1;
    bool dilated = b.g.dw > 1 && b.g.kw > 1;
    b.parts = dilated ? b.g.kh * b.g.kw : b.g.kh;
    b.taps = dilated ? b.g.c : b.g.kw * b.g.c;
    b.in_place = stays_inside(&b);
    if (tail_match(w, n).alone && b.in_place)
        b.is_flat = contraction_flatten(&b.g);
    int64_t slack = steps_of(&b) * b.lanes - b.taps;
    bool gathers = is_worth_gathering(&b);
    if (gathers) {
        b.runs = b.parts;
        b.run = b.taps;
        b.taps *= b.parts;
        b.parts = 1;
    }
    if (!choose_block(&b, t, v))
        return false;
    b.q = requantizer_new(w, n, weights, zero, vectors ? TABLE_BY_FIELD : TABLE_PLAIN);
    b.weights = lower_repack(w, n->in[1], pack(&b, weights));
    if (!b.in_place)
        make_ring(&b, slack);
    if (gathers)
        b.column = lower_workspace(w, "column", DTYPE_I8, b.pixels * column_bytes(&b));
    if (!b.q.cheap || !b.q.tail.alone || vectors)
        b.sum = kernel_buffer(b.k, "sum", DTYPE_I32, b.pixels * b.group, ACCESS_LOCAL);
    all_rows(&b);
    return true;
}
