/* dot_lanes.c - products with B transposed for few rows: vectors run along k.
 *
 *     acc[i][j] += A[i, t..] * B[j, t..],   y[i, j] = sum of the lanes of acc[i][j]
 *
 * Nothing is copied, B is read once: the form of a batch-1 layer's input gradient. */
#include "kernels/dot.h"
#include "support/str.h"

enum { COLUMNS = 4, SLICE_COLUMNS = 16, MAX_ROWS = 4 };

typedef struct Lanes {
    Dot *d;
    Expr *first; /* column of the slice */
    int rows, columns;
    Var *acc[MAX_ROWS][COLUMNS];
} Lanes;

static Expr *plus(Kernel *k, Expr *a, Expr *b, int64_t factor)
{
    return expr_add(k, a, expr_mul(k, b, expr_i32(k, factor)));
}

static void begin(Lanes *l, int lanes)
{
    Kernel *k = l->d->k;
    LoopType type = { DTYPE_F32, lanes };
    for (int i = 0; i < l->rows; i++)
        for (int j = 0; j < l->columns; j++)
            l->acc[i][j] =
                kernel_register(k, str_printf(k->arena, "c%d_%d", i, j), type,
                                expr_splat(k, expr_f32(k, 0.0), lanes));
}

static void step(Lanes *l, Expr *t, int lanes)
{
    Dot *d = l->d;
    Kernel *k = d->k;
    Expr *b[COLUMNS];
    for (int j = 0; j < l->columns; j++) {
        Expr *at = plus(k, plus(k, d->b_at, d->column, d->b_column), t, 1);
        at = expr_add(k, at, expr_i32(k, j * d->b_column));
        b[j] = kernel_let(k, str_printf(k->arena, "b%d", j),
                          expr_load(k, d->b, at, lanes));
    }
    for (int i = 0; i < l->rows; i++) {
        Expr *at = plus(k, plus(k, d->a_at, d->row, d->a_row), t, 1);
        at = expr_add(k, at, expr_i32(k, i * d->a_row));
        Expr *a = kernel_let(k, str_printf(k->arena, "a%d", i),
                             expr_load(k, d->a, at, lanes));
        for (int j = 0; j < l->columns; j++)
            kernel_assign(k, l->acc[i][j],
                          lower_madd(d->w, a, b[j], expr_var(k, l->acc[i][j])));
    }
}

static void finish(Lanes *l, Expr *value[MAX_ROWS][COLUMNS])
{
    Dot *d = l->d;
    Kernel *k = d->k;
    for (int i = 0; i < l->rows; i++) {
        Expr *at[SHAPE_MAX_RANK] = { NULL };
        dot_place(d, (Expr *[]){ NULL, NULL, expr_i32(k, i) }, at);
        for (int j = 0; j < l->columns; j++) {
            at[d->n->shape.rank - 1] = expr_add(k, d->column, expr_i32(k, j));
            lower_finish(d->w, d->n, at, NULL, 1, value[i][j]);
        }
    }
}

static void tile_body(void *context, const Segment *segment, Expr *first)
{
    Lanes *l = context;
    Dot *d = l->d;
    Kernel *k = d->k;
    int lanes = d->t->lanes;
    int64_t whole = d->depth / lanes * lanes;
    Expr *value[MAX_ROWS][COLUMNS];
    l->rows = (int)segment->size;
    d->row = first;
    begin(l, lanes);
    Expr *t = loop_begin_range(k, "t", expr_i32(k, 0), expr_i32(k, whole), lanes);
    step(l, t, lanes);
    loop_end(k);
    for (int i = 0; i < l->rows; i++)
        for (int j = 0; j < l->columns; j++)
            value[i][j] = expr_hsum(k, expr_var(k, l->acc[i][j]));
    if (whole < d->depth) { /* the rest of k in scalars */
        begin(l, 1);
        t = loop_begin_range(k, "t", expr_i32(k, whole), expr_i32(k, d->depth), 1);
        step(l, t, 1);
        loop_end(k);
        for (int i = 0; i < l->rows; i++)
            for (int j = 0; j < l->columns; j++)
                value[i][j] = expr_add(k, value[i][j], expr_var(k, l->acc[i][j]));
    }
    finish(l, value);
}

static void columns_body(void *context, const Segment *segment, Expr *first)
{
    Lanes *l = context;
    Dot *d = l->d;
    d->column = expr_add(d->k, l->first, first);
    l->columns = (int)segment->size;
    Split tiles = split_even(d->rows, d->t->registers >= 32 ? MAX_ROWS : 2);
    split_each(d->k, &tiles, "i", tile_body, l);
}

static void slice_body(void *context, const Segment *segment, Expr *first)
{
    Lanes *l = context;
    Split columns = split_even(segment->size, COLUMNS);
    l->first = first;
    split_each(l->d->k, &columns, "j", columns_body, l);
}

void dot_lanes(Dot *d, bool sliced)
{
    Lanes lanes = { .d = d };
    Split slices = split_even(d->columns, SLICE_COLUMNS);
    (sliced ? split_sliced : split_each)(d->k, &slices, "slice", slice_body, &lanes);
}
