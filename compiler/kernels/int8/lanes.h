/* lanes.h - weights of two features in one word, in paired lanes.
 *
 * A 16-bit lane holds 256 b + a for the weights a and b of two features, so that one
 * smlad adds two taps of both,
 *
 *     raw = sum (256 b + a) x = 256 B + A,    A = sum a x,    B = (raw - A) / 256,
 *
 * and A takes its weights from the same word by sxtb16: flash holds one byte a weight.
 * Exact while |B| < 2^23.
 *
 * Source: measured on the emulator against packed and byte forms; the word layout is
 * ours. */
#ifndef DLC_KERNELS_INT8_LANES_H
#define DLC_KERNELS_INT8_LANES_H

#include "kernels/int8/requantize.h"

/* How the taps of a pixel are read: `parts` runs of `taps`, each padded to words. */
typedef struct LaneOrder {
    int64_t parts, taps;
    int block; /* features that are computed together: even */
} LaneOrder;

int64_t lane_words(const LaneOrder *o); /* of a run: pairs of taps */

/* Sums of all features are exact: `bias` may be NULL. */
bool lanes_fit(const Tensor *weights, const Tensor *bias, int64_t zero);

/* Blocks of features; in each, for every pair of taps, the words of its pairs of
 * features. */
Tensor *lanes_pack(Arena *a, const Tensor *weights, const LaneOrder *o);

#endif
