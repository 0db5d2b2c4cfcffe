/* extern.h - what a node that calls a C function says about its arguments. */
#ifndef DLC_OPS_EXTERN_H
#define DLC_OPS_EXTERN_H

#include "graph/graph.h"

/* Results lie one behind the other: result i has shape[i], its first element is
 * first[i].
 */
typedef struct ExternResults {
    int n;
    Shape *shape;
    int64_t *first;
    int64_t count; /* elements of all */
} ExternResults;

/* false: the attribute is no list of shapes. */
bool extern_results(Arena *a, const Node *n, ExternResults *r);

/* Name of argument i: operands, then results, then numbers. */
const char *extern_name(Arena *a, const Node *n, int i);

bool extern_has_gradient(const Node *n);

/* Does the graph, or a region of it, call a C function? NULL: none; else the first. */
const Node *graph_find_extern(const Graph *g);

#endif
