/* tail.h - what stands behind a contraction of int8: from its sums to int8 again.
 *
 *     acc -> [+ bias] -> rescale(multiplier, shift) -> [+ zero] -> [max, min] -> i8
 *
 * Kernels take this chain together: the bias goes into the first value of the sums, and
 * where the sums are proven small enough, two roundings become a few instructions. */
#ifndef DLC_KERNELS_INT8_TAIL_H
#define DLC_KERNELS_INT8_TAIL_H

#include "ops/lowering.h"

typedef struct Tail {
    const Node *last;                        /* the i8; NULL: there is another tail */
    bool alone;                              /* all that the kernel stores */
    const Tensor *bias, *multiplier, *shift; /* by feature, or one; bias may be NULL */
    int32_t zero, low, high;
} Tail;

/* Of contraction n, whose last axis are features. */
Tail tail_match(Lowering *w, const Node *n);

/* What the group computes are integers throughout: vectors of floats flush denormals on
 * cores that have them for int8. */
bool tail_is_integer(const Lowering *w);

int32_t tail_element(const Tensor *t, int64_t feature); /* t NULL: 0 */

#endif
