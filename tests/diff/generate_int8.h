/* generate_int8.h - random small nets for int8, with weights and the ranges that a
 * calibration would have seen, from a seed.
 *
 * A net takes an image of bytes or of floats through convolutions, depthwise ones,
 * pools, sums, products, joins, functions and clamps, then through means, dense layers
 * and softmax; some of its inner values are outputs, too. Ranges are those of one
 * random input; some, in a third of the nets many, are moved so that zero points lie at
 * -128 or 127, everything saturates, or factors between scales lie far from 1. */
#ifndef DLC_TESTS_DIFF_GENERATE_INT8_H
#define DLC_TESTS_DIFF_GENERATE_INT8_H

#include "graph/graph.h"
#include "import/calibration.h"

typedef struct Int8Net {
    Graph *graph; /* at sample rank; one input, "x" */
    Calibration calibration;
} Int8Net;

Int8Net generate_int8(Arena *a, uint64_t seed);

#endif
