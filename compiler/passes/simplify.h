/* simplify.h - inside of pass graph_simplify: rules by kind of op. Each returns the
 * node that replaces n (operands `in` already rewritten, in graph `to`), or NULL. */
#ifndef DLC_PASSES_SIMPLIFY_H
#define DLC_PASSES_SIMPLIFY_H

#include "graph/graph.h"

Node *simplify_arithmetic(Graph *to, const Node *n, Node *const *in);
Node *simplify_view(Graph *to, const Node *n, Node *const *in);
Node *simplify_reduce(Graph *to, const Node *n, Node *const *in);

#endif
