/* shape.h - extents of a dense, row-major tensor. Rank 0 is one number. */
#ifndef DLC_TENSOR_SHAPE_H
#define DLC_TENSOR_SHAPE_H

#include "support/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHAPE_MAX_RANK = 8 };

typedef struct Shape {
    int rank;
    int64_t dim[SHAPE_MAX_RANK]; /* 0 beyond rank */
} Shape;

Shape shape_of(int rank, const int64_t *dim);
Shape shape_1(int64_t a);
Shape shape_2(int64_t a, int64_t b);
int64_t shape_count(const Shape *s); /* elements; 1 for rank 0 */
/* Extents of at least 1, and at most 2^40 elements: no product of them overflows. */
bool shape_is_sane(const Shape *s);
bool shape_equal(const Shape *a, const Shape *b);
/* dl's broadcasting: equal; or one the trailing part of the other (rank 0 always is);
 * or equal ranks with 1s where they differ. False when they cannot be combined. */
bool shape_broadcast(const Shape *a, const Shape *b, Shape *y);
/* Elements between neighbours along each axis. */
void shape_strides(const Shape *s, int64_t stride[SHAPE_MAX_RANK]);
/* Elements of a row-major tensor in order: fills the indices of the next one, starting
 * from zeros; false after the last. */
bool shape_next(const Shape *s, int64_t at[SHAPE_MAX_RANK]);
/* From indices to the place in row-major order, and back. */
int64_t shape_linear(const Shape *s, const int64_t at[SHAPE_MAX_RANK]);
void shape_at(const Shape *s, int64_t linear, int64_t at[SHAPE_MAX_RANK]);
/* Without the extents of 1. */
Shape shape_squeeze(const Shape *s);
/* Axes of s that `space` (without units) covers as a prefix; -1: it is none. */
int shape_prefix(const Shape *space, const Shape *s);
const char *shape_text(Arena *a, const Shape *s); /* "[28, 28, 1]", "[]" */

#endif
