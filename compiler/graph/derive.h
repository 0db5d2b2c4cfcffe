/* derive.h - reverse-mode differentiation over op->grad (Griewank and Walther 2008,
 * Evaluating Derivatives, chapter 3.2: the reverse mode). */
#ifndef DLC_GRAPH_DERIVE_H
#define DLC_GRAPH_DERIVE_H

#include "graph/graph.h"

/* Appends to g the gradients of sum_i <seed[i], output[i]> with respect to wrt[j]; each
 * wrt node is treated as a leaf (its own operands are not entered). seed[i] NULL: ones.
 * gradient[j] gets wrt[j]'s shape; zeros where there is no path. */
void graph_derive(Graph *g, int n_outputs, Node *const *output, Node *const *seed,
                  int n_wrt, Node *const *wrt, Node **gradient);

#endif
