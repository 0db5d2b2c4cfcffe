/* split.h - cutting a result into tiles: rows into blocks, columns into strips of
 * vectors.
 *
 * A tile is `rows` x `columns` accumulators in registers. Its size follows from the
 * target's registers: accumulators, one vector of B per column and one value of A must
 * fit. Everything here is a function of the shape and the target only. */
#ifndef DLC_KERNELS_SPLIT_H
#define DLC_KERNELS_SPLIT_H

#include "loop/build.h"
#include "target/target.h"

enum { TILE_MAX_ROWS = 28, TILE_MAX_COLUMNS = 20, SPLIT_MAX_SEGMENTS = 4 };

typedef struct Column {
    int64_t at; /* first element, counted from the strip's first */
    int lanes;
} Column;

/* Neighbouring elements of a row of the result, as vectors. A strip is padded when its
 * last vector hangs over the row: B then comes from a panel that has zeros there, and
 * what is delivered are the shorter pieces `out`. */
typedef struct Strip {
    int64_t width;  /* elements of the result */
    int64_t padded; /* elements computed, >= width */
    int n, n_out;
    Column column[TILE_MAX_COLUMNS]; /* computed */
    Column out[TILE_MAX_COLUMNS];    /* delivered */
} Strip;

/* count pieces of `size` elements each from `begin` on. */
typedef struct Segment {
    int64_t begin, size, count;
    const Strip *strip; /* of columns; NULL for rows */
} Segment;

typedef struct Split {
    int n;
    int64_t pieces;
    Segment at[SPLIT_MAX_SEGMENTS];
} Split;

/* Pieces of about equal size, none larger than `most`: at most two sizes. */
Split split_even(int64_t extent, int64_t most);

/* Widest vector of the target that is no wider than `elements`; 1 when there is none.
 */
int split_lanes(const Target *t, int64_t elements);

/* Rows of accumulators that fit beside `columns` vectors. */
int64_t split_max_rows(const Target *t, int columns);

/* Work of one step of a tile, in 1/16 cycles. */
int64_t split_tile_cost(int64_t rows, int64_t columns);

/* Rows of tiles beside `columns` vectors: of one size when that costs at most 3 %. */
Split split_rows(const Target *t, int64_t rows, int columns);

/* Vectors a strip should have when `rows` x `width` elements are computed: least
 * work by the sum of split_tile_cost. */
int split_vectors(const Target *t, int64_t rows, int64_t width);

/* Columns 0 .. width-1 in strips of at most `vectors` vectors of `lanes`. A remainder
 * becomes narrower vectors and scalars, or with `pad` a padded last strip. */
Split split_columns(Arena *a, const Target *t, int64_t width, int vectors, int lanes,
                    bool pad);

/* Opens a loop over the pieces for each segment (none when a segment is one piece) and
 * calls body with the first element of the piece. */
typedef void SplitBody(void *context, const Segment *segment, Expr *begin);
void split_each(Kernel *k, const Split *s, const char *name, SplitBody *body,
                void *context);
/* The same in one sliced loop, the segments told apart by its index. */
void split_sliced(Kernel *k, const Split *s, const char *name, SplitBody *body,
                  void *context);

#endif
