/* tile.h - the one micro-kernel: a tile of accumulators in registers.
 *
 *     acc[i][j] += A[a_at + offset[i]] * B[b_at + column[j] ..]
 *
 * i runs over rows (samples, pixels or taps, as a list of constant offsets into A), j
 * over the vectors of a strip. The caller owns the loops over the terms of the sum. */
#ifndef DLC_KERNELS_TILE_H
#define DLC_KERNELS_TILE_H

#include "kernels/split.h"
#include "ops/lowering.h"

typedef struct Tile {
    Lowering *w;
    int rows;
    const Strip *strip;
    Var *acc[TILE_MAX_ROWS][TILE_MAX_COLUMNS];
} Tile;

/* B of a strip. In place: its column j of a term is element b_at + j * column_stride.
 * Packed (terms > 0, see panel.h): b_at is the number of the term, and each vector of
 * the strip has its terms one after the other from `at` on. */
typedef struct Panel {
    const Buffer *buffer;
    Expr *at;
    int64_t terms, column_stride;
} Panel;

/* Declares the accumulators in the open block, zero. */
void tile_begin(Tile *t, Lowering *w, int rows, const Strip *strip);

/* One term for the rows of `mask` (bit i: row i). A is broadcast along the columns. */
void tile_step(Tile *t, uint32_t mask, const Buffer *a, Expr *a_at,
               const int64_t *offset, const Panel *b, Expr *b_at);

/* One term where A has a value for each column, A[a_at + offset[i] + j]: depthwise. */
void tile_step_each(Tile *t, uint32_t mask, const Buffer *a, Expr *a_at,
                    const int64_t *offset, const Buffer *b, Expr *b_at);

/* t += other, of the same size. */
void tile_add(Tile *t, const Tile *other);

/* Accumulators from and to rows of a buffer, `stride` elements apart. */
void tile_load(Tile *t, const Buffer *b, Expr *at, int64_t stride);
void tile_store(const Tile *t, const Buffer *b, Expr *at, int64_t stride);

/* Rows of a tile as up to three nested counts, the last one fastest: extent[0] *
 * extent[1] * extent[2] of them; `listed` rows differ in more than their numbers. */
typedef struct TileRows {
    int64_t extent[3];
    bool listed;
} TileRows;

/* Hands the tile to lower_finish. `place` fills at[0 .. rank-2] of the row with these
 * three numbers; the last index is `column` + the strip's. A tile that is padded, or
 * has a long tail, goes through the local buffer `stage` (rows x strip->padded
 * elements): the tail then stands in a loop, once, and not once an accumulator. */
typedef void TilePlace(void *context, Expr *const *row, Expr **at);
void tile_finish(const Tile *t, const Node *n, const TileRows *rows, TilePlace *place,
                 void *context, Expr *column, const Buffer *stage);

/* The stage that tiles of these strips need, or NULL. */
const Buffer *tile_stage(Lowering *w, const Target *t, const Split *strips);

/* A local f32 array. */
const Buffer *tile_local(Kernel *k, const char *name, int64_t count);

static inline uint32_t tile_all_rows(int rows)
{
    return rows >= 32 ? UINT32_MAX : (UINT32_C(1) << rows) - 1;
}

#endif
