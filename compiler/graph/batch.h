/* batch.h - giving values a leading axis: what pass graph_batch does to a graph, and
 * scan's batch rule to its region. */
#ifndef DLC_GRAPH_BATCH_H
#define DLC_GRAPH_BATCH_H

#include "graph/graph.h"

/* x for every sample of the batch. */
Node *batch_broadcast(Graph *to, Node *x, int64_t batch);

/* n, which is marked, on operands that have the axis where n's are marked: by
 * op->batch, or for pointwise ops by broadcasting. */
Node *batch_marked(Graph *to, const Node *n, Node *const *in, int64_t batch);

/* As GraphRewrite: any node; `context` points to the extent (int64_t). */
Node *batch_node(Graph *to, const Node *n, Node *const *in, void *context);

#endif
