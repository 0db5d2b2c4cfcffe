/* tile.c - see tile.h. The accumulators are named registers, never an array: gcc keeps
 * arrays of accumulators in memory, which costs a factor of four. */
#include "kernels/tile.h"

#include "support/bug.h"
#include "support/str.h"

const Buffer *tile_local(Kernel *k, const char *name, int64_t count)
{
    return kernel_buffer(k, name, DTYPE_F32, count, ACCESS_LOCAL);
}

void tile_begin(Tile *t, Lowering *w, int rows, const Strip *strip)
{
    Kernel *k = w->kernel;
    if (rows > TILE_MAX_ROWS || strip->n > TILE_MAX_COLUMNS)
        BUG("a tile of %d x %d accumulators", rows, strip->n);
    t->w = w;
    t->rows = rows;
    t->strip = strip;
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < strip->n; j++) {
            LoopType type = { DTYPE_F32, strip->column[j].lanes };
            Expr *zero = expr_splat(k, expr_f32(k, 0.0), type.lanes);
            const char *name = str_printf(k->arena, "c%d_%d", i, j);
            t->acc[i][j] = kernel_register(k, name, type, zero);
        }
}

static Expr *at_plus(Kernel *k, Expr *at, int64_t offset)
{
    return expr_add(k, at, expr_i32(k, offset));
}

static void madd(Tile *t, int i, int j, Expr *a, Expr *b)
{
    Kernel *k = t->w->kernel;
    int lanes = t->strip->column[j].lanes;
    Expr *x = a->type.lanes == lanes ? a : expr_splat(k, a, lanes);
    Var *acc = t->acc[i][j];
    kernel_assign(k, acc, lower_madd(t->w, x, b, expr_var(k, acc)));
}

void tile_step(Tile *t, uint32_t mask, const Buffer *a, Expr *a_at,
               const int64_t *offset, const Panel *b, Expr *b_at)
{
    Kernel *k = t->w->kernel;
    Expr *columns[TILE_MAX_COLUMNS];
    for (int j = 0; j < t->strip->n; j++) {
        const Column *c = &t->strip->column[j];
        Expr *at = at_plus(k, b_at, c->at * b->column_stride);
        if (b->terms > 0) {
            at = expr_mul(k, b_at, expr_i32(k, c->lanes));
            at = expr_add(k, b->at, at_plus(k, at, c->at * b->terms));
        }
        columns[j] = kernel_let(k, str_printf(k->arena, "b%d", j),
                                expr_load(k, b->buffer, at, c->lanes));
    }
    for (int i = 0; i < t->rows; i++) {
        if (!(mask >> i & 1))
            continue;
        Expr *x = kernel_let(k, str_printf(k->arena, "a%d", i),
                             expr_load(k, a, at_plus(k, a_at, offset[i]), 1));
        for (int j = 0; j < t->strip->n; j++)
            madd(t, i, j, x, columns[j]);
    }
}

void tile_step_each(Tile *t, uint32_t mask, const Buffer *a, Expr *a_at,
                    const int64_t *offset, const Buffer *b, Expr *b_at)
{
    Kernel *k = t->w->kernel;
    for (int j = 0; j < t->strip->n; j++) {
        const Column *c = &t->strip->column[j];
        Expr *column = kernel_let(k, str_printf(k->arena, "b%d", j),
                                  expr_load(k, b, at_plus(k, b_at, c->at), c->lanes));
        for (int i = 0; i < t->rows; i++)
            if (mask >> i & 1) {
                Expr *at = at_plus(k, a_at, offset[i] + c->at);
                madd(t, i, j, expr_load(k, a, at, c->lanes), column);
            }
    }
}

void tile_add(Tile *t, const Tile *other)
{
    Kernel *k = t->w->kernel;
    for (int i = 0; i < t->rows; i++)
        for (int j = 0; j < t->strip->n; j++)
            kernel_assign(
                k, t->acc[i][j],
                expr_add(k, expr_var(k, t->acc[i][j]), expr_var(k, other->acc[i][j])));
}

void tile_load(Tile *t, const Buffer *b, Expr *at, int64_t stride)
{
    Kernel *k = t->w->kernel;
    for (int i = 0; i < t->rows; i++)
        for (int j = 0; j < t->strip->n; j++) {
            const Column *c = &t->strip->column[j];
            Expr *from = at_plus(k, at, i * stride + c->at);
            kernel_assign(k, t->acc[i][j], expr_load(k, b, from, c->lanes));
        }
}

void tile_store(const Tile *t, const Buffer *b, Expr *at, int64_t stride)
{
    Kernel *k = t->w->kernel;
    for (int i = 0; i < t->rows; i++)
        for (int j = 0; j < t->strip->n; j++) {
            const Column *c = &t->strip->column[j];
            kernel_store(k, b, at_plus(k, at, i * stride + c->at),
                         expr_var(k, t->acc[i][j]));
        }
}

/* ---- delivery -------------------------------------------------------------------- */

enum { LONG_TAIL = 4 }; /* operations that are not repeated for each accumulator */

static bool has_long_tail(const Lowering *w)
{
    return w->tail >= LONG_TAIL;
}

const Buffer *tile_stage(Lowering *w, const Target *t, const Split *strips)
{
    int64_t count = 0;
    for (int i = 0; i < strips->n; i++) {
        const Strip *s = strips->at[i].strip;
        int64_t size = split_max_rows(t, s->n) * s->padded;
        if ((s->padded != s->width || has_long_tail(w)) && count < size)
            count = size;
    }
    return count > 0 ? tile_local(w->kernel, "stage", count) : NULL;
}

typedef struct Delivery {
    Lowering *w;
    const Node *n;
    const Strip *strip;
    TilePlace *place;
    void *context;
    Expr *column;
    const Buffer *stage;
} Delivery;

static void deliver(const Delivery *d, Expr **at, Expr *first, int lanes, Expr *value)
{
    Var *lane = lanes > 1 ? lower_lane(d->w, lanes) : NULL;
    Expr *last = expr_add(d->w->kernel, d->column, first);
    if (lane)
        last = expr_add(d->w->kernel, last, expr_var(d->w->kernel, lane));
    at[d->n->shape.rank - 1] = last;
    lower_finish(d->w, d->n, at, lane, lanes, value);
}

/* Vectors of one row from the stage: in a loop where they have one width. */
static void staged_columns(const Delivery *d, Expr *const *row, Expr *from, bool loop)
{
    Kernel *k = d->w->kernel;
    const Strip *s = d->strip;
    Expr *at[SHAPE_MAX_RANK] = { NULL };
    d->place(d->context, row, at);
    int lanes = s->out[0].lanes;
    if (loop && s->n_out > 1 && s->n_out * lanes == s->width) {
        Expr *l =
            loop_begin_range(k, "l", expr_i32(k, 0), expr_i32(k, s->width), lanes);
        deliver(d, at, l, lanes, expr_load(k, d->stage, expr_add(k, from, l), lanes));
        loop_end(k);
        return;
    }
    for (int j = 0; j < s->n_out; j++) {
        Expr *first = expr_i32(k, s->out[j].at);
        deliver(d, at, first, s->out[j].lanes,
                expr_load(k, d->stage, expr_add(k, from, first), s->out[j].lanes));
    }
}

/* All rows from the stage, in loops. */
static void staged_rows(const Delivery *d, const TileRows *rows)
{
    Kernel *k = d->w->kernel;
    Expr *row[3], *number = expr_i32(k, 0);
    int opened = 0;
    for (int i = 0; i < 3; i++) {
        row[i] = expr_i32(k, 0);
        if (rows->extent[i] > 1) {
            row[i] = loop_begin(k, "r", rows->extent[i]);
            opened++;
        }
        number = expr_add(k, expr_mul(k, number, expr_i32(k, rows->extent[i])), row[i]);
    }
    staged_columns(d, row, expr_mul(k, number, expr_i32(k, d->strip->padded)), true);
    while (opened-- > 0)
        loop_end(k);
}

static void row_numbers(Kernel *k, const TileRows *rows, int row, Expr **number)
{
    for (int i = 3; i-- > 0;) {
        number[i] = expr_i32(k, row % rows->extent[i]);
        row /= (int)rows->extent[i];
    }
}

void tile_finish(const Tile *t, const Node *n, const TileRows *rows, TilePlace *place,
                 void *context, Expr *column, const Buffer *stage)
{
    Kernel *k = t->w->kernel;
    const Strip *s = t->strip;
    Delivery d = { t->w, n, s, place, context, column, stage };
    bool padded = s->padded != s->width, loops = has_long_tail(t->w) && !rows->listed;
    if (padded || loops)
        tile_store(t, stage, expr_i32(k, 0), s->padded);
    if (loops) {
        staged_rows(&d, rows);
        return;
    }
    for (int i = 0; i < t->rows; i++) {
        Expr *row[3], *at[SHAPE_MAX_RANK] = { NULL };
        row_numbers(k, rows, i, row);
        if (padded) {
            staged_columns(&d, row, expr_i32(k, i * s->padded), false);
            continue;
        }
        place(context, row, at);
        for (int j = 0; j < s->n_out; j++)
            deliver(&d, at, expr_i32(k, s->out[j].at), s->out[j].lanes,
                    expr_var(k, t->acc[i][j]));
    }
}
