/* scan.h - the derivative of a loop (scan_grad.c). */
#ifndef DLC_OPS_SCAN_H
#define DLC_OPS_SCAN_H

#include "graph/graph.h"

void scan_grad(Graph *g, Node *n, Node *const *dy, Node **dx, const bool *need);

#endif
