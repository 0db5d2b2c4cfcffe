/* window_tile.c - one tile of a convolution: which taps its pixels have, see window.h.
 */
#include "kernels/window.h"

bool axis_has(const Axis *a, int64_t position, int64_t tap)
{
    int64_t at = position * a->stride + a->tap_begin + tap * a->tap_step;
    return at >= 0 && at < a->source;
}

bool axis_is_clean(const Axis *a, int64_t from, int64_t to)
{
    return a->taps == 0 || from >= to ||
           (axis_has(a, from, 0) && axis_has(a, to - 1, a->taps - 1));
}

Shape images_of(const Shape *s)
{
    Shape folded = { .rank = 4, .dim = { 1 } };
    for (int i = 0; i < s->rank - 3; i++)
        folded.dim[0] *= s->dim[i];
    for (int i = 1; i < 4; i++)
        folded.dim[i] = s->dim[s->rank - 4 + i];
    return folded;
}

void image_indices(Kernel *k, const Shape *s, Expr *image, Expr **at)
{
    for (int i = s->rank - 4; i > 0; i--) {
        Expr *extent = expr_i32(k, s->dim[i]);
        at[i] = expr_mod(k, image, extent);
        image = expr_div(k, image, extent);
    }
    if (s->rank > 3)
        at[0] = image;
}

static Expr *constant(const Window *v, int64_t value)
{
    return expr_i32(v->k, value);
}

static Expr *plus(const Window *v, Expr *a, Expr *b, int64_t factor)
{
    return expr_add(v->k, a, expr_mul(v->k, b, constant(v, factor)));
}

/* ---- pixels of the tile: images, then rows, then columns ------------------------- */

static int64_t pixel_image(const Window *v, int i)
{
    return i / (v->row.size * v->pixel.size);
}

static int64_t pixel_y(const Window *v, int i)
{
    return i / v->pixel.size % v->row.size;
}

static int64_t pixel_x(const Window *v, int i)
{
    return i % v->pixel.size;
}

static void place(void *context, Expr *const *row, Expr **at)
{
    const Window *v = context;
    Expr *y = expr_add(v->k, v->row.at, row[1]);
    Expr *x = expr_add(v->k, v->pixel.at, row[2]);
    const Shape *shape = &v->n->shape;
    image_indices(v->k, shape, expr_add(v->k, v->image, row[0]), at);
    at[shape->rank - 3] = plus(v, constant(v, v->y.out_begin), y, v->y.out_step);
    at[shape->rank - 2] = plus(v, constant(v, v->x.out_begin), x, v->x.out_step);
}

static uint32_t mask_y(const Window *v, int64_t tap)
{
    uint32_t mask = 0;
    for (int i = 0; i < v->tile.rows; i++)
        if (v->row.clean || axis_has(&v->y, v->row.from + pixel_y(v, i), tap))
            mask |= UINT32_C(1) << i;
    return mask;
}

static uint32_t mask_x(const Window *v, int64_t tap)
{
    uint32_t mask = 0;
    for (int i = 0; i < v->tile.rows; i++)
        if (v->pixel.clean || axis_has(&v->x, v->pixel.from + pixel_x(v, i), tap))
            mask |= UINT32_C(1) << i;
    return mask;
}

/* ---- terms ----------------------------------------------------------------------- */

/* Source element of tap (ty, tx), channel 0 of the group, of the tile's first pixel. */
static Expr *source_at(const Window *v, Expr *ty, Expr *tx)
{
    Expr *y = plus(v, constant(v, v->y.tap_begin), v->row.at, v->y.stride);
    Expr *x = plus(v, constant(v, v->x.tap_begin), v->pixel.at, v->x.stride);
    y = plus(v, y, ty, v->y.tap_step);
    x = plus(v, x, tx, v->x.tap_step);
    Expr *at = plus(v, y, v->image, v->y.source);
    at = plus(v, x, at, v->x.source);
    at = expr_mul(v->k, at, constant(v, v->channels));
    return v->depthwise ? expr_add(v->k, at, v->first_column)
                        : plus(v, at, v->g, v->depth);
}

static Expr *filter_at(const Window *v, Expr *ty, Expr *tx)
{
    if (v->panel.terms > 0)
        return expr_mul(v->k, plus(v, tx, ty, v->x.taps), constant(v, v->depth));
    Expr *y = plus(v, constant(v, v->y.filter_begin), ty, v->y.filter_step);
    Expr *x = plus(v, constant(v, v->x.filter_begin), tx, v->x.filter_step);
    Expr *at = expr_mul(v->k, plus(v, x, y, v->filter_width), constant(v, v->tap));
    at = plus(v, at, v->g, v->group);
    return plus(v, at, v->first_column, v->column);
}

static void step(Window *v, uint32_t mask, Expr *a_at, Expr *b_at)
{
    if (v->depthwise)
        tile_step_each(&v->tile, mask, v->source, a_at, v->offset, v->filter, b_at);
    else
        tile_step(&v->tile, mask, v->source, a_at, v->offset, &v->panel, b_at);
}

/* `terms` neighbouring terms: runs of A, rows of B. Always a loop: vectors of B that
 * gcc can hoist out of the loops around it take registers from the accumulators. */
static void run(Window *v, uint32_t mask, Expr *a_at, Expr *b_at, int64_t terms)
{
    if (terms == 1) {
        step(v, mask, a_at, b_at);
        return;
    }
    Expr *t = loop_begin(v->k, "t", terms);
    step(v, mask, expr_add(v->k, a_at, t),
         plus(v, b_at, t, v->panel.terms > 0 ? 1 : v->term));
    loop_end(v->k);
}

/* Whether channels of neighbouring taps follow each other in A and in B. */
static bool taps_are_a_run(const Window *v)
{
    if (v->depthwise || v->x.tap_step != 1 || v->channels != v->depth)
        return false;
    return v->panel.terms > 0 ||
           (v->x.filter_step == 1 && v->tap == v->depth * v->term);
}

static void taps(Window *v, uint32_t mask, Expr *ty, int64_t from, int64_t to)
{
    if (taps_are_a_run(v)) {
        Expr *tx = constant(v, from);
        run(v, mask, source_at(v, ty, tx), filter_at(v, ty, tx),
            (to - from) * v->depth);
        return;
    }
    bool loop = to - from > 1;
    Expr *tx = constant(v, from);
    if (loop)
        tx = loop_begin_range(v->k, "tx", tx, constant(v, to), 1);
    run(v, mask, source_at(v, ty, tx), filter_at(v, ty, tx), v->depth);
    if (loop)
        loop_end(v->k);
}

/* All taps of row ty for the pixels of `rows`, neighbours with equal pixels together.
 */
static void tap_row(Window *v, uint32_t rows, Expr *ty)
{
    for (int64_t from = 0; from < v->x.taps;) {
        uint32_t mask = mask_x(v, from);
        int64_t to = from + 1;
        while (to < v->x.taps && mask_x(v, to) == mask)
            to++;
        if (mask & rows)
            taps(v, mask & rows, ty, from, to);
        from = to;
    }
}

/* One row of pixels that runs over the border: its taps are bounds of the loop, or
 * guards when taps are apart. */
static void clipped_rows(Window *v)
{
    Kernel *k = v->k;
    const Axis *a = &v->y;
    Expr *base = plus(v, constant(v, a->tap_begin), v->row.at, a->stride);
    if (a->tap_step == 1) {
        Expr *begin =
            expr_binary(k, BIN_MAX, constant(v, 0), expr_sub(k, constant(v, 0), base));
        Expr *end = expr_binary(k, BIN_MIN, constant(v, a->taps),
                                expr_sub(k, constant(v, a->source), base));
        Expr *ty = loop_begin_range(k, "ty", begin, end, 1);
        tap_row(v, UINT32_MAX, ty);
        loop_end(k);
        return;
    }
    Expr *ty = loop_begin(k, "ty", a->taps);
    Expr *at = plus(v, base, ty, a->tap_step);
    if_begin(k, expr_binary(k, BIN_GE, at, constant(v, 0)));
    if_begin(k, expr_binary(k, BIN_LT, at, constant(v, a->source)));
    tap_row(v, UINT32_MAX, ty);
    if_end(k);
    if_end(k);
    loop_end(k);
}

static void all_rows(Window *v)
{
    if (v->row.running) {
        clipped_rows(v);
        return;
    }
    if (!v->row.clean || v->y.taps == 1) {
        for (int64_t ty = 0; ty < v->y.taps; ty++)
            if (mask_y(v, ty))
                tap_row(v, mask_y(v, ty), constant(v, ty));
        return;
    }
    Expr *ty = loop_begin(v->k, "ty", v->y.taps);
    tap_row(v, UINT32_MAX, ty);
    loop_end(v->k);
}

void window_tile(Window *v)
{
    int rows = (int)(v->tile_images * v->row.size * v->pixel.size);
    for (int i = 0; i < rows; i++) {
        int64_t y = pixel_image(v, i) * v->y.source + pixel_y(v, i) * v->y.stride;
        v->offset[i] = (y * v->x.source + pixel_x(v, i) * v->x.stride) * v->channels;
    }
    tile_begin(&v->tile, v->w, rows, v->strip);
    if (v->y.taps > 0 && v->x.taps > 0)
        all_rows(v);
    Expr *column = plus(v, v->first_column, v->g, v->depthwise ? 0 : v->width);
    TileRows pixels = { { v->tile_images, v->row.size, v->pixel.size }, false };
    tile_finish(&v->tile, v->n, &pixels, place, v, column, v->stage);
}
