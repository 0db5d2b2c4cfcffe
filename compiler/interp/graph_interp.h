/* graph_interp.h - the reference: every op's eval in f64, one obvious loop each.
 * Everything else is compared with it. */
#ifndef DLC_INTERP_GRAPH_INTERP_H
#define DLC_INTERP_GRAPH_INTERP_H

#include "graph/graph.h"

/* Evaluates a graph without grad nodes, of any stage (batch_mean and batch_sum of one
 * sample are the identity). input[id] is the value of the input node with that id, of
 * its type; other entries are ignored. Returns one tensor per result, in order, in `a`.
 * Integers and bools are rounded to what their type holds, floats are not. Asking for
 * an input that is NULL is a BUG. */
Tensor **graph_evaluate(const Graph *g, Tensor *const *input, Arena *a);

#endif
