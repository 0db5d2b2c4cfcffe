/* panel.h - a strip of B copied into a local array, transposed or padded, so that the
 * micro-kernel reads whole vectors. */
#ifndef DLC_KERNELS_PANEL_H
#define DLC_KERNELS_PANEL_H

#include "kernels/tile.h"

enum { PANEL_MAX_BYTES = 256 * 1024 };

/* panel[to + t * strip->padded + j] = b[from + t * stride + j * column_stride] for terms
 * t = 0 .. terms-1 and columns j of the strip, zeros in its padding. */
void panel_fill(Kernel *k, const Buffer *panel, Expr *to, const Strip *strip,
                int64_t terms, const Buffer *b, Expr *from, int64_t stride,
                int64_t column_stride);

#endif
