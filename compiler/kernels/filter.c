/* filter.c - the loops around the tiles of a filter's gradient, see filter.h.
 *
 * With many channels the rows of a tile are neighbouring channels of one tap; the taps
 * are loops, and the pass over the pixels is repeated for each, a few images at a time
 * so that they stay in the first-level cache: the tiles wait in a local array
 * meanwhile. With few channels the rows are any elements (ky, kx, c), listed at compile
 * time. Slices are tiles of the result, so each element is summed by one thread, in one
 * order. */
#include "kernels/filter.h"
#include "kernels/generators.h"

enum {
    MIN_SLICE_FLOPS = 100000,
    LISTED_DEPTH = 8,         /* fewer channels than that are listed .. */
    LISTED_ROWS = 64,         /* .. when there are no more rows */
    MAX_PIECES = 250,         /* rows times borders a tile may be unrolled to */
    CACHED_BYTES = 48 * 1024, /* of x and dy together */
    CACHED_PIXELS = 96,       /* a tile is kept at least that long */
    SUMS_MAX_BYTES = 64 * 1024
};

static Expr *constant(const Filter *f, int64_t value)
{
    return expr_i32(f->k, value);
}

static int64_t taps_of(const Filter *f)
{
    return f->y_axis.taps * f->x_axis.taps;
}

static int64_t pixels_of(const Filter *f)
{
    return f->y_axis.extent * f->x_axis.extent;
}

/* ---- rows: runs of channels ------------------------------------------------------ */

typedef struct Pass Pass;
typedef void TapBody(Pass *pass);
struct Pass { /* what each tile of a loop over all tiles does */
    Filter *f;
    FilterPart part;
    TapBody *tiles;
};

static void rows_body(void *context, const Segment *segment, Expr *begin)
{
    Pass *pass = context;
    Filter *f = pass->f;
    f->first_channel = expr_add(f->k, f->run_channel, begin);
    f->sums_row = begin;
    filter_tile(f, (int)segment->size, pass->part);
}

/* The rows of the run in one strip. */
static void strip_rows(Pass *pass)
{
    Filter *f = pass->f;
    bool deliver = pass->part == FILTER_DELIVER; /* no reason for large bodies */
    Split rows = deliver ? split_even(f->run_rows, 1)
                         : split_rows(f->t, f->run_rows, f->strip->n);
    split_each(f->k, &rows, "c", rows_body, pass);
}

/* ---- taps ------------------------------------------------------------------------ */

/* Calls body for every tap: kx is known when pixels at the ends of a row have fewer and
 * steps of the stride are no bounds of a loop. */
static void each_tap(Pass *pass, TapBody *body)
{
    Filter *f = pass->f;
    const Axis *y = &f->y_axis, *x = &f->x_axis;
    bool clean = axis_is_clean(x, 0, x->extent) || pass->part == FILTER_DELIVER ||
                 filter_clips_kx(f);
    f->ky = f->kx = constant(f, 0);
    if (y->taps > 1)
        f->ky = loop_begin(f->k, "ky", y->taps);
    if (clean && x->taps > 1)
        f->kx = loop_begin(f->k, "kx", x->taps);
    for (int64_t kx = 0; kx < (clean ? 1 : x->taps); kx++) {
        f->fixed_kx = kx;
        if (!clean)
            f->kx = constant(f, kx);
        body(pass);
    }
    if (clean && x->taps > 1)
        loop_end(f->k);
    if (y->taps > 1)
        loop_end(f->k);
}

/* All taps of a strip: a part of dy that stays in the first-level cache meanwhile. */
static void strip_taps(Pass *pass)
{
    each_tap(pass, strip_rows);
}

static void strip_body(void *context, const Segment *segment, Expr *begin)
{
    Pass *pass = context;
    Filter *f = pass->f;
    f->strip = segment->strip;
    f->first_column = f->sums_column = begin;
    strip_taps(pass);
}

static void all_strips(Pass *pass)
{
    split_each(pass->f->k, &pass->f->strips, "j", strip_body, pass);
}

static void clear_sums(Filter *f, int64_t count)
{
    int lanes = split_lanes(f->t, count);
    Expr *i = loop_begin_range(f->k, "i", constant(f, 0),
                               constant(f, count / lanes * lanes), lanes);
    kernel_store(f->k, f->sums, i, expr_splat(f->k, expr_f32(f->k, 0.0), lanes));
    loop_end(f->k);
    for (int64_t j = count / lanes * lanes; j < count; j++)
        kernel_store(f->k, f->sums, constant(f, j), expr_f32(f->k, 0.0));
}

static void part_rows(void *context, const Segment *segment, Expr *begin)
{
    Pass *pass = context;
    pass->f->first_row = begin;
    pass->f->n_rows = segment->size;
    pass->tiles(pass);
}

static void part_images(Pass *pass, Expr *first, int64_t n)
{
    pass->f->first_image = first;
    pass->f->n_images = n;
    split_each(pass->f->k, &pass->f->rows_at_once, "rows", part_rows, pass);
}

/* The tiles of a run: at once, or by parts of the images with sums in between. */
static void run_tiles(Filter *f, TapBody *tiles)
{
    Pass pass = { f, FILTER_ALL, tiles };
    if (!f->sums) {
        part_images(&pass, constant(f, 0), f->images);
        return;
    }
    int64_t whole = f->images / f->images_at_once * f->images_at_once;
    clear_sums(f, taps_of(f) * f->sums_rows * f->sums_columns);
    pass.part = FILTER_IMAGES;
    Expr *first = loop_begin_range(f->k, "images", constant(f, 0), constant(f, whole),
                                   f->images_at_once);
    part_images(&pass, first, f->images_at_once);
    loop_end(f->k);
    if (whole < f->images)
        part_images(&pass, constant(f, whole), f->images - whole);
    pass.part = FILTER_DELIVER;
    tiles(&pass);
}

static void run_of_strip(void *context, const Segment *segment, Expr *begin)
{
    Filter *f = context;
    f->run_channel = begin;
    f->run_rows = f->sums_rows = segment->size;
    run_tiles(f, strip_taps);
}

static void slice_of_strips(void *context, const Segment *segment, Expr *begin)
{
    Filter *f = context;
    f->strip = segment->strip;
    f->first_column = begin;
    f->sums_column = constant(f, 0);
    f->sums_columns = segment->size;
    split_each(f->k, &f->runs, "c", run_of_strip, f);
}

static void slice_of_runs(void *context, const Segment *segment, Expr *begin)
{
    Filter *f = context;
    f->run_channel = begin;
    f->run_rows = f->sums_rows = segment->size;
    f->sums_columns = f->width;
    run_tiles(f, all_strips);
}

/* ---- rows: listed ---------------------------------------------------------------- */

static void listed_tile(Filter *f, const Segment *segment)
{
    for (int64_t i = 0; i < segment->size; i++) {
        int64_t r = segment->begin + i;
        f->row[i] = (FilterRow){ r / f->depth / f->x_axis.taps,
                                 r / f->depth % f->x_axis.taps, r % f->depth };
    }
    filter_tile(f, (int)segment->size, FILTER_ALL);
}

/* Tiles of one strip. */
static void listed_strip(void *context, const Segment *segment, Expr *begin)
{
    Filter *f = context;
    f->strip = segment->strip;
    f->first_column = begin;
    bool loop = f->one_ky && f->y_axis.taps > 1;
    int64_t rows = f->x_axis.taps * f->depth * (f->one_ky ? 1 : f->y_axis.taps);
    f->ky = loop ? loop_begin(f->k, "ky", f->y_axis.taps) : constant(f, 0);
    Split tiles = split_rows(f->t, rows, f->strip->n);
    for (int i = 0; i < tiles.n; i++)
        for (int64_t j = 0; j < tiles.at[i].count; j++) {
            Segment one = tiles.at[i];
            one.begin += j * one.size;
            listed_tile(f, &one);
        }
    if (loop)
        loop_end(f->k);
}

/* ---- plan ------------------------------------------------------------------------ */

static void filter_init(Filter *f, Lowering *w, const Node *n, const Target *t)
{
    const Shape *k = &n->shape;
    Shape x = images_of(&n->in[0]->shape), dy = images_of(&n->in[1]->shape);
    f->w = w;
    f->k = w->kernel;
    f->n = n;
    f->t = t;
    f->x = lower_buffer(w, n->in[0]);
    f->dy = lower_buffer(w, n->in[1]);
    f->images = x.dim[0];
    f->channels = x.dim[3];
    f->features = dy.dim[3];
    f->groups = attr_int(n, "groups");
    f->depth = k->dim[2];
    f->width = f->features / f->groups;
    f->depthwise = f->groups > 1 && f->depth == 1 && f->width == 1;
    if (f->depthwise) {
        f->groups = 1;
        f->width = f->features;
    }
    f->y_axis = (Axis){ .extent = dy.dim[1],
                        .out_step = 1,
                        .source = x.dim[1],
                        .stride = attr_int(n, "stride_h"),
                        .taps = k->dim[0],
                        .tap_begin = -attr_int(n, "pad_top"),
                        .tap_step = attr_int(n, "dilation_h"),
                        .filter_step = 1 };
    f->x_axis = (Axis){ .extent = dy.dim[2],
                        .out_step = 1,
                        .source = x.dim[2],
                        .stride = attr_int(n, "stride_w"),
                        .taps = k->dim[1],
                        .tap_begin = -attr_int(n, "pad_left"),
                        .tap_step = attr_int(n, "dilation_w"),
                        .filter_step = 1 };
}

/* Runs of positions that have the same taps. */
static int64_t runs_of(const Axis *a)
{
    int64_t runs = 1;
    for (int64_t p = 1; p < a->extent; p++) {
        bool same = true;
        for (int64_t t = 0; t < a->taps; t++)
            same = same && axis_has(a, p, t) == axis_has(a, p - 1, t);
        runs += !same;
    }
    return runs;
}

static bool is_flat(const Axis *a)
{
    return a->taps == 1 && a->stride == 1 && a->tap_begin == 0 &&
           a->source == a->extent;
}

static int64_t image_bytes(const Filter *f)
{
    return 4 * (f->y_axis.source * f->x_axis.source * f->channels +
                pixels_of(f) * f->features);
}

/* A 1 x 1 convolution sums over one long row of pixels. */
static void flatten(Filter *f)
{
    Axis *y = &f->y_axis, *x = &f->x_axis;
    if (!is_flat(y) || !is_flat(x) || image_bytes(f) > CACHED_BYTES)
        return;
    x->extent = x->source = y->extent * x->extent;
    y->extent = y->source = 1;
}

/* Images or rows at a time, so that a tile's pass reads from the first-level cache. */
static void plan_sums(Filter *f, int64_t channels, int64_t columns)
{
    const Axis *y = &f->y_axis, *x = &f->x_axis;
    int64_t at_once = CACHED_BYTES / image_bytes(f);
    int64_t least = (CACHED_PIXELS + pixels_of(f) - 1) / pixels_of(f);
    int64_t count = taps_of(f) * channels * columns;
    f->images_at_once = at_once > least ? at_once : least;
    for (int64_t i = f->images_at_once; 2 * i > f->images_at_once; i--)
        if (f->images % i == 0) { /* no remainder, if a divisor is near */
            f->images_at_once = i;
            break;
        }
    if (count * 4 > SUMS_MAX_BYTES)
        return;
    int64_t row_bytes =
        4 * (x->source * f->channels * y->stride + x->extent * f->features);
    int64_t rows = CACHED_BYTES / row_bytes;
    least = (CACHED_PIXELS + x->extent - 1) / x->extent;
    if (at_once == 0)
        f->rows_at_once = split_even(y->extent, rows > least ? rows : least);
    if (f->images_at_once < f->images || f->rows_at_once.pieces > 1)
        f->sums = tile_local(f->k, "sums", count);
}

/* Slices are strips: each passes over x and its part of dy. Only one strip: runs. */
static void plan_strips(Filter *f, int64_t rows)
{
    int vectors = split_vectors(f->t, rows, f->width);
    int64_t flops = 2 * f->images * pixels_of(f) * taps_of(f) * f->depth * f->width;
    int64_t whole = (f->width + f->t->lanes - 1) / f->t->lanes;
    if (flops > 4 * MIN_SLICE_FLOPS && vectors == whole && vectors > 1)
        vectors = (vectors + 1) / 2; /* two slices at least */
    f->strips = split_columns(f->k->arena, f->t, f->width, vectors, f->t->lanes, false);
    int64_t run = split_max_rows(f->t, vectors), strip = f->strips.at[0].size;
    if (f->strips.pieces > 1) {
        int64_t most = SUMS_MAX_BYTES / 4 / (taps_of(f) * strip);
        run = most > run ? most / run * run : run;
    }
    f->runs = split_even(f->depth, run);
}

static void generate_group(Filter *f, bool sliced)
{
    void (*each)(Kernel *, const Split *, const char *, SplitBody *, void *) =
        sliced ? split_sliced : split_each;
    if (f->listed)
        each(f->k, &f->strips, "slice", listed_strip, f);
    else if (f->strips.pieces > 1)
        each(f->k, &f->strips, "slice", slice_of_strips, f);
    else
        each(f->k, &f->runs, "slice", slice_of_runs, f);
}

bool conv2d_filter_generate(Lowering *w, const Node *n, const Target *t)
{
    Filter *f = arena_new(w->kernel->arena, Filter);
    filter_init(f, w, n, t);
    flatten(f);
    f->listed = f->depthwise ||
                (f->depth < LISTED_DEPTH && taps_of(f) * f->depth <= LISTED_ROWS);
    int64_t pieces = runs_of(&f->y_axis) * runs_of(&f->x_axis) * taps_of(f) * f->depth;
    f->one_ky = !f->listed || pieces > MAX_PIECES;
    plan_strips(f, f->listed ? taps_of(f) * f->depth : f->depth);
    f->g = f->kx = f->ky = f->first_channel = f->first_image = constant(f, 0);
    f->n_images = f->images;
    f->first_row = constant(f, 0);
    f->n_rows = f->y_axis.extent;
    f->rows_at_once = split_even(f->n_rows, f->n_rows);
    if (!f->listed) {
        plan_sums(f, f->runs.at[0].size, f->strips.at[0].size);
        f->stage = tile_stage(f->w, f->t, &f->strips);
    }
    if (f->groups > 1) {
        f->g = loop_begin_sliced(f->k, "g", f->groups);
        generate_group(f, false);
        loop_end(f->k);
    } else {
        generate_group(f, true);
    }
    return true;
}
