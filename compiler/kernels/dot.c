/* dot.c - matrix products [.., m, k] x [.., k, n], either operand transposed.
 *
 *   NN, TN   rows of A are broadcast, B is read in place: y[i, j..] += A(i, t) * B[t,
 * j..] NT, TT   a strip of B^T is copied into a local panel first; for few rows, where
 * the copy would cost more than the product, both operands are read along k and the
 * lanes are summed at the end (dot_lanes.c)
 *
 * A B whose rows are a multiple of 2 KB apart is copied too: its strip would fall into
 * few cache sets. Loops: leading axes, blocks of rows, strips, tiles, k. The outermost
 * of them that has enough pieces is sliced. */
#include "kernels/dot.h"
#include "kernels/generators.h"
#include "kernels/panel.h"

enum {
    MIN_SLICE_FLOPS = 100000, /* about 1 us */
    MAX_SLICES = 32,
    PANEL_MIN_ROWS = 16, /* rows that pay for copying B */
    MAX_WAYS = 4
};

/* ---- operands -------------------------------------------------------------------- */

static int64_t last_dim(const Node *n, int from_end)
{
    return n->shape.dim[n->shape.rank - from_end];
}

static void dot_init(Dot *d, Lowering *w, const Node *n, const Target *t)
{
    const Node *a = n->in[0], *b = n->in[1];
    bool ta = attr_int(n, "transpose_a") != 0, tb = attr_int(n, "transpose_b") != 0;
    d->w = w;
    d->k = w->kernel;
    d->n = n;
    d->t = t;
    d->a = lower_buffer(w, a);
    d->b = lower_buffer(w, b);
    d->rows = last_dim(n, 2);
    d->columns = last_dim(n, 1);
    d->depth = last_dim(a, ta ? 2 : 1);
    d->a_row = ta ? 1 : d->depth;
    d->a_depth = ta ? d->rows : 1;
    d->b_depth = tb ? 1 : d->columns;
    d->b_column = tb ? d->depth : 1;
    d->a_lead = a->shape.rank > 2;
    d->b_lead = b->shape.rank > 2;
    d->lead = n->shape.rank - 2;
    d->a_at = d->b_at = expr_i32(d->k, 0);
    if (d->lead > 0 && d->rows == 1 && !d->b_lead) { /* rows: the last leading axis */
        d->rows_lead = true;
        d->lead--;
        d->rows = last_dim(n, 3);
        d->a_row = d->depth;
        d->a_depth = 1;
    }
}

/* ---- a tile ---------------------------------------------------------------------- */

void dot_place(void *context, Expr *const *row, Expr **at)
{
    Dot *d = context;
    int rank = d->n->shape.rank;
    Expr *i = expr_add(d->k, d->row, row[2]);
    for (int x = 0; x < d->lead; x++)
        at[x] = d->at[x];
    at[rank - 2] = i;
    if (d->rows_lead) {
        at[rank - 3] = i;
        at[rank - 2] = expr_i32(d->k, 0);
    }
}

static Expr *plus(Kernel *k, Expr *a, Expr *b, int64_t factor)
{
    return expr_add(k, a, expr_mul(k, b, expr_i32(k, factor)));
}

static void step(Dot *d, Tile *tile, const int64_t *offset, Expr *t)
{
    Expr *row = plus(d->k, d->a_at, d->row, d->a_row);
    Expr *term = d->panel.terms ? t : plus(d->k, d->panel.at, t, d->b_depth);
    tile_step(tile, tile_all_rows(tile->rows), d->a, plus(d->k, row, t, d->a_depth),
              offset, &d->panel, term);
}

/* Few accumulators wait for each other: then k is cut into several partial sums. */
static int ways_of(const Dot *d, int rows, int columns)
{
    int ways = 8 / (rows * columns);
    if (d->t->lanes == 1 || d->depth < 32)
        return 1;
    return ways < 1 ? 1 : ways > MAX_WAYS ? MAX_WAYS : ways;
}

static void tile_body(void *context, const Segment *segment, Expr *begin)
{
    Dot *d = context;
    Kernel *k = d->k;
    int rows = (int)segment->size;
    int64_t offset[TILE_MAX_ROWS];
    for (int i = 0; i < rows; i++)
        offset[i] = i * d->a_row;
    d->row = expr_add(k, d->first_row, begin);
    int ways = ways_of(d, rows, d->strip->n);
    Tile tile[MAX_WAYS];
    if (ways > 1) /* the block that holds the registers' uses */
        kernel_comment(k, "partial sums");
    for (int i = 0; i < ways; i++)
        tile_begin(&tile[i], d->w, rows, d->strip);
    int64_t whole = d->depth / ways * ways;
    Expr *t = loop_begin_range(k, "t", expr_i32(k, 0), expr_i32(k, whole), ways);
    for (int i = 0; i < ways; i++)
        step(d, &tile[i], offset, expr_add(k, t, expr_i32(k, i)));
    loop_end(k);
    for (int64_t i = whole; i < d->depth; i++)
        step(d, &tile[i - whole], offset, expr_i32(k, i));
    for (int i = 1; i < ways; i++)
        tile_add(&tile[0], &tile[i]);
    TileRows all = { { 1, 1, rows }, false };
    tile_finish(&tile[0], d->n, &all, dot_place, d, d->column, d->stage);
}

static bool needs_panel(const Dot *d, const Strip *s)
{
    if (d->b_column != 1)
        return d->t->lanes > 1 && d->use_panels;
    return s->padded != s->width || d->use_panels;
}

/* A strip of columns for rows first_row .. first_row + block_rows - 1. */
static void strip_body(void *context, const Segment *segment, Expr *begin)
{
    Dot *d = context;
    Kernel *k = d->k;
    d->strip = segment->strip;
    d->column = begin;
    Expr *b_at = plus(k, d->b_at, begin, d->b_column);
    d->panel = (Panel){ d->b, b_at, 0, d->b_column };
    if (needs_panel(d, d->strip)) {
        d->panel = (Panel){ d->local, expr_i32(k, 0), d->depth, 1 };
        panel_fill(k, &d->panel, d->strip, expr_i32(k, 0), d->depth, d->b, b_at,
                   d->b_depth, d->b_column);
    }
    Split tiles = split_rows(d->t, d->block_rows, d->strip->n);
    split_each(k, &tiles, "i", tile_body, d);
}

static void rows_body(void *context, const Segment *segment, Expr *begin)
{
    Dot *d = context;
    d->first_row = begin;
    d->block_rows = segment->size;
    split_each(d->k, &d->strips, "j", strip_body, d);
}

/* ---- plan ------------------------------------------------------------------------ */

static int64_t rows_work(const Dot *d, const Split *blocks, int vectors)
{
    int64_t work = 0;
    for (int i = 0; i < blocks->n; i++) {
        Split tiles = split_rows(d->t, blocks->at[i].size, vectors);
        for (int j = 0; j < tiles.n; j++)
            work += blocks->at[i].count * tiles.at[j].count *
                    split_tile_cost(tiles.at[j].size, vectors);
    }
    return work;
}

/* Blocks of rows for the slices: least work, a few percent against blocks of two sizes
 * and odd counts. */
static Split plan_blocks(const Dot *d, int vectors, int64_t min_rows)
{
    int64_t slices = 2 * d->rows * d->columns * d->depth / MIN_SLICE_FLOPS;
    if (slices > MAX_SLICES)
        slices = MAX_SLICES;
    if (slices > d->rows / min_rows)
        slices = d->rows / min_rows;
    Split best = split_even(d->rows, d->rows);
    int64_t best_work = INT64_MAX;
    for (int64_t s = slices < 4 ? 1 : 4; s <= slices; s++) {
        Split blocks = split_even(d->rows, (d->rows + s - 1) / s);
        int64_t penalty = 100 + 6 * (blocks.n > 1) + 3 * (blocks.pieces % 2);
        int64_t work = rows_work(d, &blocks, vectors) * penalty;
        if (work <= best_work) {
            best_work = work;
            best = blocks;
        }
    }
    return best;
}

/* Strips and whether B goes through panels. False: B is transposed and no panel fits.
 */
static bool plan_strips(Dot *d, int *vectors)
{
    const Target *t = d->t;
    int64_t lanes = t->lanes;
    bool transposed = d->b_column != 1 && lanes > 1;
    bool crowded = d->b_depth % 512 == 0 && d->depth >= 64 && d->rows >= 64;
    bool pays = lanes > 1 && d->rows >= PANEL_MIN_ROWS;
    *vectors = split_vectors(t, d->rows, d->columns);
    int fit = *vectors;
    while (fit > 0 && d->depth * fit * lanes * 4 > PANEL_MAX_BYTES)
        fit--;
    if (transposed && fit == 0)
        return false;
    d->use_panels = fit > 0 && (transposed || (crowded && pays));
    if (d->use_panels)
        *vectors = fit;
    bool pad = fit == *vectors && (transposed || (pays && d->columns % lanes > 1));
    d->strips = split_columns(d->k->arena, t, d->columns, *vectors, t->lanes, pad);
    return true;
}

static void plan_locals(Dot *d)
{
    int64_t panel = 0;
    for (int i = 0; i < d->strips.n; i++) {
        const Strip *s = d->strips.at[i].strip;
        if (needs_panel(d, s) && panel < d->depth * s->padded)
            panel = d->depth * s->padded;
    }
    if (panel > 0)
        d->local = tile_local(d->k, "panel", panel);
    d->stage = tile_stage(d->w, d->t, &d->strips);
}

/* ---- loops ----------------------------------------------------------------------- */

/* Opens the loops over leading axes, the first of extent > 1 sliced. */
static int open_lead(Dot *d)
{
    Kernel *k = d->k;
    int opened = 0;
    Expr *linear = expr_i32(k, 0);
    for (int x = 0; x < d->lead; x++) {
        int64_t extent = d->n->shape.dim[x];
        d->at[x] = expr_i32(k, 0);
        if (extent > 1)
            d->at[x] = opened++ ? loop_begin(k, "l", extent)
                                : loop_begin_sliced(k, "l", extent);
        linear = expr_add(k, expr_mul(k, linear, expr_i32(k, extent)), d->at[x]);
    }
    int64_t a_count = d->rows * d->depth, b_count = d->depth * d->columns;
    if (d->a_lead)
        d->a_at = expr_mul(k, linear, expr_i32(k, a_count));
    if (d->b_lead)
        d->b_at = expr_mul(k, linear, expr_i32(k, b_count));
    return opened;
}

static void all_rows(Dot *d)
{
    d->first_row = expr_i32(d->k, 0);
    d->block_rows = d->rows;
}

bool dot_generate(Lowering *w, const Node *n, const Target *t)
{
    Dot dot = { 0 }, *d = &dot;
    dot_init(d, w, n, t);
    bool along =
        t->lanes > 1 && d->b_column != 1 && d->a_depth == 1 && d->depth >= t->lanes;
    int vectors = 1;
    bool lanes = along && d->rows < 8;
    if (!lanes && !plan_strips(d, &vectors)) {
        lanes = along;
        if (!along)
            d->strips = split_columns(d->k->arena, t, d->columns, 4, 1, false);
    }
    if (!lanes)
        plan_locals(d);
    int opened = open_lead(d);
    all_rows(d);
    Split blocks = split_even(d->rows, d->rows);
    if (opened == 0 && !lanes)
        blocks = plan_blocks(d, vectors, d->local ? 128 : 1);
    if (lanes)
        dot_lanes(d, opened == 0);
    else if (opened > 0)
        split_each(d->k, &d->strips, "j", strip_body, d);
    else if (blocks.pieces >= 4 || blocks.pieces >= d->strips.pieces)
        split_sliced(d->k, &blocks, "slice", rows_body, d);
    else
        split_sliced(d->k, &d->strips, "slice", strip_body, d);
    while (opened-- > 0)
        loop_end(d->k);
    return true;
}
