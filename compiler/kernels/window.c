/* window.c - the loops around the tiles of a convolution, see window.h.
 *
 * Order: slices, phases, groups, strips, images, rows, tiles of pixels. The part of the
 * filter that a strip reads stays in the first-level cache while images pass; where it
 * has to be transposed or padded it is copied once a slice. */
#include "kernels/window.h"
#include "kernels/panel.h"

enum {
    MIN_SLICE_FLOPS = 100000,
    MAX_SLICES = 32,
    PANEL_SLICES = 8, /* fewer slices when each copies its part of the filter */
    NARROW = 8,       /* pixels below which several rows share a tile */
    PANEL_MIN_PIXELS = 16,
    UNROLLED_TAPS = 9, /* of a tile at the border, known at compile time */
    TILE_CYCLES = 20,  /* of a tile and of a loop besides their terms */
    LOOP_CYCLES = 20
};

static Expr *constant(const Window *v, int64_t value)
{
    return expr_i32(v->k, value);
}

/* ---- plan ------------------------------------------------------------------------ */

/* Blocks of rows and pixels whose product is a tile of at most `most` pixels, and
 * images in a tile. */
static int64_t plan_blocks(const Window *v, const Axis *y, const Axis *x, int64_t most,
                           Split *rows, Split *pixels)
{
    int64_t high = 1, images = 1;
    *pixels = split_even(x->extent, most);
    if (x->extent < NARROW && 2 * x->extent <= most)
        high = most / x->extent;
    *rows = split_even(y->extent, high);
    if (rows->pieces == 1 && 2 * y->extent * x->extent <= most)
        images = most / (y->extent * x->extent);
    return images < v->images ? images : v->images;
}

/* Pixels of a block that have tap t. */
static int64_t pixels_with(const Axis *a, int64_t from, int64_t size, int64_t t)
{
    int64_t count = 0;
    for (int64_t p = from; p < from + size; p++)
        count += axis_has(a, p, t);
    return count;
}

/* Work of one tile, in 1/16 cycles: its terms, the loops they stand in, its delivery. A
 * strip of the filter that exceeds the first-level cache costs half a cycle a vector.
 */
static int64_t tile_work(const Window *v, int64_t row, int64_t rows, int64_t pixel,
                         int64_t pixels, int64_t images, int vectors)
{
    const Axis *y = &v->phase_y[0], *x = &v->phase_x[0];
    int64_t work = (images * rows * pixels * vectors + TILE_CYCLES) * 16;
    int64_t strip = y->taps * x->taps * v->depth * vectors * v->t->lanes * 4;
    int64_t far = strip > v->t->l1_bytes ? 8 * vectors : 0;
    for (int64_t ty = 0; ty < y->taps; ty++) {
        int64_t n_y = pixels_with(y, row, rows, ty), before = 0;
        for (int64_t tx = 0; n_y > 0 && tx < x->taps; tx++) {
            int64_t n_x = pixels_with(x, pixel, pixels, tx);
            if (n_x == 0)
                continue;
            int64_t step = split_tile_cost(images * n_y * n_x, vectors) + far;
            bool same_loop = n_x == pixels && before == pixels;
            work += v->depth * step + (same_loop ? 0 : LOOP_CYCLES * 16);
            before = n_x;
        }
    }
    return work;
}

static int64_t blocks_work(const Window *v, int vectors)
{
    const Axis *y = &v->phase_y[0], *x = &v->phase_x[0];
    int64_t most = split_max_rows(v->t, vectors), work = 0;
    Split rows, pixels;
    int64_t images = plan_blocks(v, y, x, most, &rows, &pixels);
    for (int i = 0; i < rows.n; i++)
        for (int64_t r = 0; r < rows.at[i].count; r++)
            for (int j = 0; j < pixels.n; j++)
                for (int64_t p = 0; p < pixels.at[j].count; p++)
                    work += tile_work(v, rows.at[i].begin + r * rows.at[i].size,
                                      rows.at[i].size,
                                      pixels.at[j].begin + p * pixels.at[j].size,
                                      pixels.at[j].size, images, vectors);
    return work * 64 / images;
}

static int plan_vectors(const Window *v)
{
    if (v->t->lanes == 1)
        return v->width < 4 ? (int)v->width : 4;
    int64_t vectors = (v->width + v->t->lanes - 1) / v->t->lanes;
    int best = 1;
    int64_t best_work = INT64_MAX;
    for (int n = 1; n <= 4 && n <= vectors; n++) {
        Split strips = split_even(vectors, n);
        int64_t work = strips.n > 1;
        for (int i = 0; i < strips.n; i++)
            work += strips.at[i].count * blocks_work(v, (int)strips.at[i].size);
        if (work < best_work) {
            best_work = work;
            best = n;
        }
    }
    return best;
}

static int64_t all_taps(const Window *v)
{
    int64_t most = 0;
    for (int i = 0; i < v->n_y; i++)
        for (int j = 0; j < v->n_x; j++)
            if (most < v->phase_y[i].taps * v->phase_x[j].taps)
                most = v->phase_y[i].taps * v->phase_x[j].taps;
    return most;
}

static int64_t pixels_of(const Window *v)
{
    return v->images * v->phase_y[0].extent * v->phase_x[0].extent;
}

/* Strips; a filter that has to be transposed goes through panels, with fewer or
 * narrower vectors when they do not fit, or is read as scalars. */
static void plan_strips(Window *v)
{
    int lanes = v->t->lanes, vectors = plan_vectors(v);
    int64_t terms = all_taps(v) * v->depth;
    bool transposed = v->column != 1 && lanes > 1;
    int64_t most = PANEL_MAX_BYTES / 4;
    bool fits = terms * vectors * lanes <= most;
    if (transposed) {
        while (vectors > 1 && terms * vectors * lanes > most)
            vectors--;
        while (lanes > 1 && terms * vectors * lanes > most)
            lanes = lanes > 4 ? lanes / 2 : 1;
        fits = lanes > 1;
        if (!fits)
            vectors = 4;
    }
    v->use_panels = transposed && fits;
    bool pays = pixels_of(v) >= PANEL_MIN_PIXELS * PANEL_SLICES;
    bool pad = fits && !v->depthwise && lanes > 1 &&
               (transposed || (pays && v->width % lanes > 1));
    v->vectors = vectors;
    v->strips = split_columns(v->k->arena, v->t, v->width, vectors, lanes, pad);
}

static bool needs_panel(const Window *v, const Strip *s)
{
    return v->use_panels || s->padded != s->width;
}

static int64_t padded_width(const Window *v)
{
    int64_t width = 0;
    for (int i = 0; i < v->strips.n; i++)
        width += v->strips.at[i].count * v->strips.at[i].strip->padded;
    return width;
}

static int64_t total_taps(const Window *v)
{
    int64_t sum = 0;
    for (int i = 0; i < v->n_y; i++)
        for (int j = 0; j < v->n_x; j++)
            sum += v->phase_y[i].taps * v->phase_x[j].taps;
    return sum;
}

static void plan_locals(Window *v)
{
    int64_t panel = 0;
    for (int i = 0; i < v->strips.n; i++) {
        const Strip *s = v->strips.at[i].strip;
        int64_t count = all_taps(v) * v->depth * s->padded;
        if (needs_panel(v, s) && panel < count)
            panel = count;
    }
    int64_t all = total_taps(v) * v->depth * padded_width(v) * v->groups;
    v->fill_once = panel > 0 && v->images > 1 && all * 4 <= PANEL_MAX_BYTES;
    if (panel > 0)
        v->local = tile_local(v->k, "panel", v->fill_once ? all : panel);
    v->stage = tile_stage(v->w, v->t, &v->strips);
}

/* Pieces of `extent` for about `want` slices: of equal size when a divisor is near. */
static Split slices_of(int64_t extent, int64_t want)
{
    if (want < 1)
        want = 1;
    for (int64_t s = want; 2 * s > want && s > 0; s--)
        if (extent % s == 0)
            return split_even(extent, extent / s);
    return split_even(extent, (extent + want - 1) / want);
}

static int64_t most_slices(const Window *v)
{
    int64_t terms = all_taps(v) * v->depth * v->n_y * v->n_x;
    int64_t flops = 2 * pixels_of(v) * terms * v->groups * v->width;
    int64_t most = v->local && !v->fill_once ? PANEL_SLICES : MAX_SLICES;
    return flops / MIN_SLICE_FLOPS < most ? flops / MIN_SLICE_FLOPS : most;
}

/* ---- loops ----------------------------------------------------------------------- */

/* The panel of the current phase, group and strip. */
static Panel panel_now(const Window *v)
{
    int64_t terms = v->y.taps * v->x.taps * v->depth;
    if (!needs_panel(v, v->strip))
        return (Panel){ v->filter, constant(v, 0), 0, v->column };
    Expr *at = constant(v, 0);
    if (v->fill_once) {
        int64_t width = padded_width(v), group = width * total_taps(v) * v->depth;
        at = expr_mul(v->k, v->first_column, constant(v, terms));
        at = expr_add(v->k, at, constant(v, v->panels_before));
        at = expr_add(v->k, at, expr_mul(v->k, v->g, constant(v, group)));
    }
    return (Panel){ v->local, at, terms, 1 };
}

static void fill_panel(Window *v)
{
    Kernel *k = v->k;
    Panel panel = panel_now(v);
    Expr *ty = constant(v, 0), *tx = ty;
    if (panel.terms == 0)
        return;
    if (v->y.taps > 1)
        ty = loop_begin(k, "ty", v->y.taps);
    if (v->x.taps > 1)
        tx = loop_begin(k, "tx", v->x.taps);
    Expr *fy = expr_add(k, constant(v, v->y.filter_begin),
                        expr_mul(k, ty, constant(v, v->y.filter_step)));
    Expr *fx = expr_add(k, constant(v, v->x.filter_begin),
                        expr_mul(k, tx, constant(v, v->x.filter_step)));
    Expr *from = expr_add(k, fx, expr_mul(k, fy, constant(v, v->filter_width)));
    from = expr_mul(k, from, constant(v, v->tap));
    from = expr_add(k, from, expr_mul(k, v->g, constant(v, v->group)));
    from = expr_add(k, from, expr_mul(k, v->first_column, constant(v, v->column)));
    Expr *first = expr_add(k, tx, expr_mul(k, ty, constant(v, v->x.taps)));
    first = expr_mul(k, first, constant(v, v->depth));
    panel_fill(k, &panel, v->strip, first, v->depth, v->filter, from, v->term,
               v->column);
    if (v->x.taps > 1)
        loop_end(k);
    if (v->y.taps > 1)
        loop_end(k);
}

typedef void BlockBody(Window *v);

/* The blocks of an axis in order: runs of clean ones of equal size as a loop, those at
 * the border one by one. */
static void each_block(Window *v, const Axis *axis, const Split *s, const char *name,
                       Stretch *block, BlockBody *body)
{
    for (int i = 0; i < s->n; i++) {
        const Segment *g = &s->at[i];
        for (int64_t j = 0; j < g->count;) {
            int64_t from = g->begin + j * g->size, n = 0;
            while (j + n < g->count &&
                   axis_is_clean(axis, from + n * g->size, from + (n + 1) * g->size))
                n++;
            *block = (Stretch){ g->size, constant(v, from), n > 0, from, false };
            if (n > 1)
                block->at = loop_begin_range(v->k, name, constant(v, from),
                                             constant(v, from + n * g->size), g->size);
            body(v);
            if (n > 1)
                loop_end(v->k);
            j += n > 0 ? n : 1;
        }
    }
}

static void row_body(Window *v)
{
    each_block(v, &v->x, &v->blocks_x, "x", &v->pixel, window_tile);
}

/* Rows first .. first + count - 1 one at a time. */
static void running_rows(Window *v, Expr *first, int64_t count)
{
    Kernel *k = v->k;
    Expr *end = expr_add(k, first, constant(v, count));
    bool clean = axis_is_clean(&v->y, 0, v->y.extent);
    v->row = (Stretch){ 1, first, clean, 0, !clean };
    if (count > 1)
        v->row.at = loop_begin_range(k, "y", first, end, 1);
    row_body(v);
    if (count > 1)
        loop_end(k);
}

/* A block of several rows; at the border, where its taps would be many pieces of code,
 * row by row. */
static void rows_body(Window *v)
{
    if (v->row.clean || v->tile_images > 1 ||
        v->y.taps * v->x.taps * v->blocks_x.pieces <= UNROLLED_TAPS)
        row_body(v);
    else
        running_rows(v, v->row.at, v->row.size);
}

static void image_body(void *context, const Segment *segment, Expr *begin)
{
    Window *v = context;
    v->tile_images = (int)segment->size;
    v->image = expr_add(v->k, v->first_image, begin);
    if (v->blocks_y.at[0].size == 1)
        running_rows(v, v->first_row, v->n_rows);
    else
        each_block(v, &v->y, &v->blocks_y, "y", &v->row, rows_body);
}

static void strip_loops(Window *v)
{
    const Strip *s = v->strip;
    if (v->filling || !v->fill_once)
        fill_panel(v);
    if (v->filling)
        return;
    v->panel = panel_now(v);
    int64_t at_once = plan_blocks(v, &v->y, &v->x, split_max_rows(v->t, s->n),
                                  &v->blocks_y, &v->blocks_x);
    Split images = split_even(v->n_images, at_once);
    split_each(v->k, &images, "n", image_body, v);
}

static void strip_body(void *context, const Segment *segment, Expr *begin)
{
    Window *v = context;
    v->strip = segment->strip;
    v->first_column = begin;
    strip_loops(v);
}

static void group_loops(Window *v)
{
    if (v->slice == SLICE_STRIPS)
        strip_loops(v);
    else
        split_each(v->k, &v->strips, "j", strip_body, v);
}

static void phases(Window *v)
{
    bool loop = v->slice != SLICE_GROUPS && v->groups > 1;
    v->panels_before = 0;
    for (int i = 0; i < v->n_y; i++)
        for (int j = 0; j < v->n_x; j++) {
            v->y = v->phase_y[i];
            v->x = v->phase_x[j];
            if (v->slice != SLICE_ROWS)
                v->n_rows = v->y.extent;
            if (loop)
                v->g = loop_begin(v->k, "g", v->groups);
            group_loops(v);
            if (loop)
                loop_end(v->k);
            v->panels_before += v->y.taps * v->x.taps * v->depth * padded_width(v);
        }
}

/* ---- slices ---------------------------------------------------------------------- */

static void slice_body(void *context, const Segment *segment, Expr *begin)
{
    Window *v = context;
    if (v->slice == SLICE_IMAGES) {
        v->first_image = begin;
        v->n_images = segment->size;
    } else if (v->slice == SLICE_STRIPS) {
        v->strip = segment->strip;
        v->first_column = begin;
    } else if (v->slice == SLICE_GROUPS) {
        v->g = begin;
    } else if (v->slice == SLICE_ROWS) {
        v->first_row = begin;
        v->n_rows = segment->size;
    }
    phases(v);
}

static Split plan_slices(Window *v)
{
    int64_t most = most_slices(v), rows = v->phase_y[0].extent;
    Split y, x;
    plan_blocks(v, &v->phase_y[0], &v->phase_x[0], split_max_rows(v->t, v->vectors), &y,
                &x);
    bool one_row = y.at[0].size == 1 && v->n_y == 1 && v->n_x == 1 && !v->local;
    v->slice = SLICE_NOTHING;
    if (most < 2)
        return split_even(1, 1);
    if (v->images > 1) {
        v->slice = SLICE_IMAGES;
        return slices_of(v->images, v->images < most ? v->images : most);
    }
    if (v->groups > 1) {
        v->slice = SLICE_GROUPS;
        return split_even(v->groups, 1);
    }
    if (v->strips.pieces < 4 && one_row && rows > v->strips.pieces) {
        v->slice = SLICE_ROWS;
        return slices_of(rows, rows < most ? rows : most);
    }
    v->slice = SLICE_STRIPS;
    return v->strips;
}

void window_generate(Window *v)
{
    plan_strips(v);
    plan_locals(v);
    v->first_image = v->first_row = v->g = v->first_column = constant(v, 0);
    v->n_images = v->images;
    if (v->fill_once) { /* by every member of the team, for itself */
        v->filling = true;
        phases(v);
        v->filling = false;
    }
    Split slices = plan_slices(v);
    split_sliced(v->k, &slices, "slice", slice_body, v);
}
