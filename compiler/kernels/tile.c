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

static void finish_piece(Lowering *w, const Node *n, Expr **at, Expr *column,
                         const Column *c, Expr *value)
{
    Kernel *k = w->kernel;
    Var *lane = c->lanes > 1 ? lower_lane(w, c->lanes) : NULL;
    Expr *last = at_plus(k, column, c->at);
    at[n->shape.rank - 1] = lane ? expr_add(k, last, expr_var(k, lane)) : last;
    lower_finish(w, n, at, lane, c->lanes, value);
}

void tile_finish(const Tile *t, const Node *n, TilePlace *place, void *context,
                 Expr *column, const Buffer *stage)
{
    Kernel *k = t->w->kernel;
    const Strip *s = t->strip;
    bool staged = s->padded != s->width;
    if (staged)
        tile_store(t, stage, expr_i32(k, 0), s->padded);
    for (int i = 0; i < t->rows; i++) {
        Expr *at[SHAPE_MAX_RANK] = { NULL };
        place(context, i, at);
        for (int j = 0; j < s->n_out; j++) {
            const Column *c = &s->out[j];
            Expr *value =
                staged
                    ? expr_load(k, stage, expr_i32(k, i * s->padded + c->at), c->lanes)
                    : expr_var(k, t->acc[i][j]);
            finish_piece(t->w, n, at, column, c, value);
        }
    }
}
