/* losses.h - what a gradient check moves: the numbers that `minimize` differentiates.
 */
#ifndef DLC_GRAPH_LOSSES_H
#define DLC_GRAPH_LOSSES_H

#include "graph/graph.h"

/* From the graph of a grad function (STAGE_SAMPLE: results GRADIENT), a graph with
 * results REPORT "<j>": what minimize statement j differentiates, regularizers
 * included. A stop_gradient becomes an input FIELD "frozen/<k>", and its operand a
 * result OUTPUT "frozen/<k>": moved parameters must not move what gradients do not see.
 */
typedef struct Losses {
    Graph *graph;
    int n_losses, n_frozen;
    bool region_stops; /* a stop_gradient stands in a region, where it is not held */
    /* The parameters with a gradient; bit j: loss j counts in it. graph is NULL for
     * more than 64 losses. */
    int n_params;
    const char **path;
    uint64_t *counts;
} Losses;

Losses graph_losses(Arena *a, const Graph *grad);

#endif
