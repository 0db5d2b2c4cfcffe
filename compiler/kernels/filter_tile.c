/* filter_tile.c - the sum over pixels of one tile of a filter's gradient, see filter.h.
 */
#include "kernels/filter.h"

enum { UNROLL_PIXELS = 4 };

static Expr *constant(const Filter *f, int64_t value)
{
    return expr_i32(f->k, value);
}

static Expr *plus(const Filter *f, Expr *a, Expr *b, int64_t factor)
{
    return expr_add(f->k, a, expr_mul(f->k, b, constant(f, factor)));
}

static void place(void *context, Expr *const *row, Expr **at)
{
    const Filter *f = context;
    if (f->listed) { /* a number: not in a loop */
        const FilterRow *r = &f->row[row[2]->i];
        at[0] = f->one_ky ? f->ky : constant(f, r->ky);
        at[1] = constant(f, r->kx);
        at[2] = constant(f, r->c);
        return;
    }
    at[0] = f->ky;
    at[1] = f->kx;
    at[2] = expr_add(f->k, f->first_channel, row[2]);
}

bool filter_clips_kx(const Filter *f)
{
    return !f->listed && f->x_axis.stride == 1;
}

/* ---- one pixel ------------------------------------------------------------------- */

static void pixel(Filter *f, uint32_t mask, Expr *image, Expr *oy, Expr *ox)
{
    const Axis *y = &f->y_axis, *x = &f->x_axis;
    Expr *sy = expr_mul(f->k, oy, constant(f, y->stride));
    Expr *sx = expr_mul(f->k, ox, constant(f, x->stride));
    if (f->one_ky)
        sy = plus(f, expr_add(f->k, sy, constant(f, y->tap_begin)), f->ky, y->tap_step);
    if (!f->listed)
        sx = plus(f, expr_add(f->k, sx, constant(f, x->tap_begin)), f->kx, x->tap_step);
    Expr *a = plus(f, sx, plus(f, sy, image, y->source), x->source);
    a = expr_mul(f->k, a, constant(f, f->channels));
    a = expr_add(f->k, plus(f, a, f->g, f->depth), f->first_channel);
    Expr *b = plus(f, ox, plus(f, oy, image, y->extent), x->extent);
    b = expr_mul(f->k, b, constant(f, f->features));
    b = expr_add(f->k, plus(f, b, f->g, f->width), f->first_column);
    if (f->depthwise) {
        a = expr_add(f->k, a, f->first_column);
        tile_step_each(&f->tile, mask, f->x, a, f->offset, f->dy, b);
        return;
    }
    Panel panel = { f->dy, b, 0, 1 };
    tile_step(&f->tile, mask, f->x, a, f->offset, &panel, b);
}

static void pixels(Filter *f, uint32_t mask, Expr *image, Expr *oy, int64_t from,
                   int64_t to)
{
    if (to - from <= UNROLL_PIXELS) {
        for (int64_t ox = from; ox < to; ox++)
            pixel(f, mask, image, oy, constant(f, ox));
        return;
    }
    Expr *ox = loop_begin_range(f->k, "ox", constant(f, from), constant(f, to), 1);
    pixel(f, mask, image, oy, ox);
    loop_end(f->k);
}

/* ---- rows of dy ------------------------------------------------------------------ */

/* Rows of the tile whose tap is inside at pixel ox. */
static uint32_t mask_x(const Filter *f, int64_t ox)
{
    uint32_t mask = 0;
    for (int i = 0; i < f->tile.rows; i++)
        if (axis_has(&f->x_axis, ox, f->listed ? f->row[i].kx : f->fixed_kx))
            mask |= UINT32_C(1) << i;
    return mask;
}

static uint32_t mask_y(const Filter *f, int64_t oy)
{
    uint32_t mask = 0;
    for (int i = 0; i < f->tile.rows; i++)
        if (axis_has(&f->y_axis, oy, f->row[i].ky))
            mask |= UINT32_C(1) << i;
    return mask;
}

/* The pixels of a row that tap kx of all rows of the tile has, by the bounds of a loop.
 */
static void clipped_pixels(Filter *f, uint32_t mask, Expr *image, Expr *oy)
{
    Kernel *k = f->k;
    const Axis *x = &f->x_axis;
    Expr *base = plus(f, constant(f, x->tap_begin), f->kx, x->tap_step);
    Expr *first = expr_sub(k, constant(f, 0), base);
    Expr *last = expr_sub(k, constant(f, x->source), base);
    Expr *ox =
        loop_begin_range(k, "ox", expr_binary(k, BIN_MAX, constant(f, 0), first),
                         expr_binary(k, BIN_MIN, constant(f, x->extent), last), 1);
    pixel(f, mask, image, oy, ox);
    loop_end(k);
}

/* A row of dy for the rows `mask` of the tile: pixels with the same taps together. */
static void pixel_row(Filter *f, uint32_t mask, Expr *image, Expr *oy)
{
    const Axis *x = &f->x_axis;
    if (axis_is_clean(x, 0, x->extent)) {
        pixels(f, mask, image, oy, 0, x->extent);
        return;
    }
    if (filter_clips_kx(f)) {
        clipped_pixels(f, mask, image, oy);
        return;
    }
    for (int64_t ox = 0; ox < x->extent;) {
        int64_t to = ox + 1;
        uint32_t here = mask_x(f, ox) & mask;
        while (to < x->extent && (mask_x(f, to) & mask) == here)
            to++;
        if (here != 0)
            pixels(f, here, image, oy, ox, to);
        ox = to;
    }
}

/* Rows of dy for a tile with several ky: rows with the same taps together. */
static void listed_rows(Filter *f, Expr *image)
{
    int64_t extent = f->y_axis.extent;
    for (int64_t oy = 0; oy < extent;) {
        int64_t to = oy + 1;
        uint32_t mask = mask_y(f, oy);
        while (to < extent && mask_y(f, to) == mask)
            to++;
        Expr *at = constant(f, oy);
        if (mask != 0 && to - oy > 1)
            at = loop_begin_range(f->k, "oy", at, constant(f, to), 1);
        if (mask != 0)
            pixel_row(f, mask, image, at);
        if (mask != 0 && to - oy > 1)
            loop_end(f->k);
        oy = to;
    }
}

/* Rows first_row .. first_row + n_rows - 1 of dy that tap ky has: by the bounds of the
 * loop, or by guards where rows are apart. */
static void clipped_rows(Filter *f, Expr *image)
{
    Kernel *k = f->k;
    const Axis *y = &f->y_axis;
    uint32_t all = tile_all_rows(f->tile.rows);
    Expr *base = plus(f, constant(f, y->tap_begin), f->ky, y->tap_step);
    Expr *end = expr_add(k, f->first_row, constant(f, f->n_rows));
    if (y->stride == 1) {
        Expr *first = expr_sub(k, constant(f, 0), base);
        Expr *last = expr_sub(k, constant(f, y->source), base);
        Expr *oy =
            loop_begin_range(k, "oy", expr_binary(k, BIN_MAX, f->first_row, first),
                             expr_binary(k, BIN_MIN, end, last), 1);
        pixel_row(f, all, image, oy);
        loop_end(k);
        return;
    }
    Expr *oy = loop_begin_range(k, "oy", f->first_row, end, 1);
    Expr *at = plus(f, base, oy, y->stride);
    if_begin(k, expr_binary(k, BIN_GE, at, constant(f, 0)));
    if_begin(k, expr_binary(k, BIN_LT, at, constant(f, y->source)));
    pixel_row(f, all, image, oy);
    if_end(k);
    if_end(k);
    loop_end(k);
}

static void image_rows(Filter *f, Expr *image)
{
    const Axis *y = &f->y_axis;
    uint32_t all = tile_all_rows(f->tile.rows);
    if (!axis_is_clean(y, 0, y->extent)) {
        (f->one_ky ? clipped_rows : listed_rows)(f, image);
        return;
    }
    Expr *oy = f->first_row;
    if (f->n_rows > 1)
        oy = loop_begin_range(f->k, "oy", oy,
                              expr_add(f->k, oy, constant(f, f->n_rows)), 1);
    pixel_row(f, all, image, oy);
    if (f->n_rows > 1)
        loop_end(f->k);
}

/* ---- the tile -------------------------------------------------------------------- */

static void set_offsets(Filter *f, int rows)
{
    const Axis *y = &f->y_axis, *x = &f->x_axis;
    for (int i = 0; i < rows; i++) {
        const FilterRow *r = &f->row[i];
        f->offset[i] = i;
        if (f->listed) {
            int64_t sy = f->one_ky ? 0 : y->tap_begin + r->ky * y->tap_step;
            int64_t sx = x->tap_begin + r->kx * x->tap_step;
            f->offset[i] = (sy * x->source + sx) * f->channels + r->c;
        }
    }
}

static Expr *sums_at(const Filter *f)
{
    Expr *tap = plus(f, f->kx, f->ky, f->x_axis.taps);
    Expr *row = plus(f, f->sums_row, tap, f->sums_rows);
    return plus(f, f->sums_column, row, f->sums_columns);
}

void filter_tile(Filter *f, int rows, FilterPart part)
{
    set_offsets(f, rows);
    tile_begin(&f->tile, f->w, rows, f->strip);
    if (part != FILTER_ALL)
        tile_load(&f->tile, f->sums, sums_at(f), f->sums_columns);
    if (part != FILTER_DELIVER) {
        Expr *image = f->first_image;
        if (f->n_images > 1)
            image =
                loop_begin_range(f->k, "n", f->first_image,
                                 expr_add(f->k, image, constant(f, f->n_images)), 1);
        image_rows(f, image);
        if (f->n_images > 1)
            loop_end(f->k);
    }
    if (part == FILTER_IMAGES)
        tile_store(&f->tile, f->sums, sums_at(f), f->sums_columns);
    else
        tile_finish(&f->tile, f->n, &(TileRows){ { 1, 1, rows }, f->listed }, place, f,
                    plus(f, f->first_column, f->g, f->width), f->stage);
}
