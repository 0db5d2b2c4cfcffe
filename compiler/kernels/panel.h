/* panel.h - a strip of B copied into a local array, transposed or padded, so that the
 * micro-kernel reads whole vectors: first all terms of the strip's first vector, one
 * after the other, then those of the next. Padding is zero. */
#ifndef DLC_KERNELS_PANEL_H
#define DLC_KERNELS_PANEL_H

#include "kernels/tile.h"

enum { PANEL_MAX_BYTES = 256 * 1024 };

/* Copies terms first .. first + count - 1 of a strip: column j of term first + t is
 * element from + t * stride + j * column_stride of b. */
void panel_fill(Kernel *k, const Panel *panel, const Strip *strip, Expr *first,
                int64_t count, const Buffer *b, Expr *from, int64_t stride,
                int64_t column_stride);

#endif
