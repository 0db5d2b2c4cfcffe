/* depthwise_vectors.c - int8 depthwise convolutions for cores with vectors.
 *
 * Four channels of two neighbouring outputs at a time, in lanes of 32 bits: channels
 * lie side by side, as do their weights. Rows of the image come into a ring of padded
 * bytes (rows.h), from where all taps are read without a question. */
#include "kernels/generators.h"
#include "kernels/int8/requantize.h"
#include "kernels/int8/rows.h"
#include "loop/intrinsics.h"

enum { LANES = REQUANTIZE_LANES, OUTPUTS = 2, TAPS_MAX = 64 };

typedef struct Depthwise {
    Lowering *w;
    Kernel *k;
    const Node *n;
    const Buffer *x, *weights;
    Requantizer q;
    ConvGeometry g;
    Ring ring;
    Expr *image, *row, *channel; /* the first of four */
    Expr *first;                 /* their first sums */
    Requantization by;
} Depthwise;

static Expr *bytes(const Depthwise *d, const char *name, const Buffer *from, Expr *at)
{
    Expr *v = expr_load(d->k, from, at, LANES);
    return kernel_let(d->k, name, expr_cast(d->k, v, DTYPE_I32));
}

/* Adds tap b of row a to the sums; `from`: the row in the ring, at the first output. */
static void add_tap(const Depthwise *d, Var *const *sum, int count, int64_t a,
                    int64_t b, Expr *from)
{
    Kernel *k = d->k;
    const ConvGeometry *g = &d->g;
    Expr *at = expr_add(k, d->channel, expr_i32(k, (a * g->kw + b) * g->f));
    Expr *w = bytes(d, "w", d->weights, at);
    for (int p = 0; p < count; p++) {
        int64_t skip = (p * g->sw + b * g->dw) * g->c;
        Expr *x = bytes(d, "x", d->ring.words, expr_add(k, from, expr_i32(k, skip)));
        Expr *args[3] = { x, w, expr_var(k, sum[p]) };
        kernel_assign(k, sum[p], intrinsic_call(k, INTRINSIC_v4i_madd, args));
    }
}

static void deliver(const Depthwise *d, Expr *column, Var *sum)
{
    Kernel *k = d->k;
    const Node *of = d->q.tail.last;
    Var *lane = lower_lane(d->w, LANES);
    Expr *at[SHAPE_MAX_RANK];
    int rank = of->shape.rank;
    if (rank > 3)
        at[rank - 4] = d->image;
    at[rank - 3] = d->row;
    at[rank - 2] = column;
    at[rank - 1] = expr_add(k, d->channel, expr_var(k, lane));
    Expr *y = requantize_vector(&d->q, &d->by, expr_var(k, sum));
    lower_finish(d->w, of, at, lane, LANES, expr_cast(k, y, DTYPE_I8));
}

/* `count` outputs of a row from `column` on. */
static void outputs(const Depthwise *d, int count, Expr *column)
{
    Kernel *k = d->k;
    const ConvGeometry *g = &d->g;
    Var *sum[OUTPUTS] = { NULL };
    for (int p = 0; p < count; p++)
        sum[p] = kernel_register(k, "acc", d->first->type, d->first);
    for (int64_t a = 0; a < g->kh; a++) {
        Expr *from = ring_row(&d->ring, d->row, expr_i32(k, a * g->dh));
        from = expr_add(k, from, expr_mul(k, column, expr_i32(k, g->sw * g->c)));
        from = kernel_let(k, "from", expr_add(k, from, d->channel));
        for (int64_t b = 0; b < g->kw; b++)
            add_tap(d, sum, count, a, b, from);
    }
    for (int p = 0; p < count; p++)
        deliver(d, expr_add(k, column, expr_i32(k, p)), sum[p]);
}

static void all_columns(const Depthwise *d)
{
    Kernel *k = d->k;
    int64_t whole = d->g.ow / OUTPUTS;
    Expr *j = loop_begin(k, "j", whole);
    outputs(d, OUTPUTS, expr_mul(k, j, expr_i32(k, OUTPUTS)));
    loop_end(k);
    if (d->g.ow % OUTPUTS != 0)
        outputs(d, (int)(d->g.ow % OUTPUTS), expr_i32(k, whole * OUTPUTS));
}

static void all_rows(Depthwise *d)
{
    Kernel *k = d->k;
    const ConvGeometry *g = &d->g;
    d->image = loop_begin(k, "n", g->n);
    ring_clear(&d->ring);
    d->row = loop_begin(k, "r", g->oh);
    ring_fill(&d->ring, d->row, expr_mul(k, d->image, expr_i32(k, g->h * g->w * g->c)));
    Expr *c = loop_begin(k, "c", g->c / LANES);
    d->channel = kernel_let(k, "channel", expr_mul(k, c, expr_i32(k, LANES)));
    d->first = kernel_let(k, "first", requantize_first_vector(&d->q, d->channel));
    d->by = requantize_prepare_vector(&d->q, d->channel);
    all_columns(d);
    loop_end(k);
    loop_end(k);
    loop_end(k);
}

static void make_ring(Depthwise *d)
{
    Ring *r = &d->ring;
    *r = ring_of_window(d->k, d->x, &d->g, d->q.x_zero);
    r->vectors = true;
    r->words = lower_workspace(d->w, "rows", DTYPE_I8, ring_words(r));
}

/* A row is only replaced by that of the same place, which is in the ring by then. */
static bool may_share(const Depthwise *d)
{
    const ConvGeometry *g = &d->g;
    return g->oh == g->h && g->ow == g->w && g->sh == 1 && g->top < d->ring.span &&
           d->q.tail.alone;
}

static bool fits(const ConvGeometry *g, const Node *n)
{
    return g->cg == 1 && g->groups == g->c && g->f == g->c && n->shape.rank <= 4 &&
           g->c % LANES == 0 && g->kh * g->kw <= TAPS_MAX;
}

bool int8_depthwise_vectors_generate(Lowering *w, const Node *n)
{
    Depthwise d = { .w = w, .k = w->kernel, .n = n, .x = lower_buffer(w, n->in[0]) };
    const Tensor *weights = lower_constant(w, n->in[1]);
    d.g = conv_geometry(n);
    if (weights == NULL || d.x == NULL || !fits(&d.g, n) || !tail_is_integer(w))
        return false;
    int64_t zero = attr_int(n, "x_zero");
    if (!requantize_is_cheap(w, n, weights, zero))
        return false;
    d.weights = lower_buffer(w, n->in[1]);
    d.q = requantizer_new(w, n, weights, zero, TABLE_BY_FIELD);
    make_ring(&d);
    if (may_share(&d))
        lower_share(w, n->in[0]);
    all_rows(&d);
    return true;
}
