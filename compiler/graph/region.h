/* region.h - bodies of scans: their parts, their inputs, and what depends on the
 * sample.
 *
 * A scan takes carries, then rows, then constants; its region's inputs are the carries
 * before a step, one row of each, and the constants, in that order. The region's
 * results are the carries after the step, then the elements of the ys. */
#ifndef DLC_GRAPH_REGION_H
#define DLC_GRAPH_REGION_H

#include "graph/graph.h"

typedef struct ScanParts {
    int carries, rows, consts; /* operands */
    int ys;                    /* results behind the carries */
    int64_t length;            /* steps */
    bool reverse;              /* the last row first */
} ScanParts;

ScanParts scan_parts(const Node *scan);
bool node_is_scan_result(const Node *n);

/* Input i of a region, in order. */
Node *region_input(const Graph *body, int i);
int region_input_count(const Graph *body);

/* A carry keeps the rows it goes through when some y is the carry before or after a
 * step: such ys need no copy. The carry whose rows hold `value` (a result's), or -1. */
bool scan_keeps_rows(const Graph *body, int carries, int carry);
int scan_row_of(const Graph *body, int carries, const Node *value);

/* Marks what depends on the sample inside a scan, from its operands on and around the
 * carries, and the scan itself. True: some mark was added. */
bool scan_mark(Node *scan);

#endif
