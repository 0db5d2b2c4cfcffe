/* rows.h - images row by row in scratch memory of the kernel, widened to 16 bits or as
 * bytes.
 *
 * A ring holds the padded rows that an output row reads: pairs of neighbouring values
 * as words, with the zero point where the image ends. Nothing is padded elsewhere, and
 * a value is widened once. Where pixels may begin at odd values there is a second copy,
 * in which every word begins one value later. */
#ifndef DLC_KERNELS_INT8_ROWS_H
#define DLC_KERNELS_INT8_ROWS_H

#include "ops/conv.h"

typedef struct Ring {
    Kernel *k;
    const Buffer *x, *words;
    bool bytes;            /* a word is one value, not two */
    bool vectors;          /* of bytes: the core has vectors of 16 of them */
    int64_t slack;         /* words behind the last row, which vectors may read */
    int64_t zero;          /* of x: what stands outside */
    int64_t h, values;     /* rows of the image; values of a row */
    int64_t step;          /* between the values of a row in x */
    int64_t row_step;      /* between rows in x */
    int64_t top, before;   /* rows above, values in front of the image */
    int64_t slots, row;    /* rows that are kept; words of a row */
    int copies;            /* 2: also one value later */
    int64_t span, advance; /* rows of a window, rows to the next one */
    int64_t windows;       /* how many */
} Ring;

/* Rows of whole pixels as bytes, one copy, as many as a window has; zero is x's zero
 * point. `words` is the caller's, when the rest is as it should be. */
Ring ring_of_window(Kernel *k, const Buffer *x, const ConvGeometry *g, int64_t zero);
int64_t ring_words(const Ring *r); /* how many the buffer has */

/* The zero point everywhere: before the first row of an image. */
void ring_clear(const Ring *r);
/* Widens what window `i` has new: rows of x from `base` on. */
void ring_fill(const Ring *r, Expr *i, Expr *base);
/* Widens all rows at once, where each has a slot: of an image that begins at `base`.
 * Around it the ring stays as it was cleared. */
void ring_fill_all(const Ring *r, Expr *base);
/* First word of row a of window i. */
Expr *ring_row(const Ring *r, Expr *i, Expr *a);
int64_t ring_copy(const Ring *r); /* words from a row to its second copy */

/* Columns of `pixels` pixels take turns, `group` words of each: 1 or 2. */
typedef struct Column {
    int64_t pixels, group;
} Column;
int64_t column_place(Column c, int64_t word); /* from the first of its pixel */

/* A run of `values` of x, `step` apart, from index `from` on, as words from word `to`
 * of `words` on, as one of the columns; behind an odd number stands 0. */
void widen_run(Kernel *k, const Buffer *x, Expr *from, int64_t step, int64_t values,
               const Buffer *words, Expr *to, Column column);

Expr *pack_pair(Kernel *k, Expr *low, Expr *high);

#endif
