/* rewrite.h - what rewriting passes ask of nodes. */
#ifndef DLC_PASSES_REWRITE_H
#define DLC_PASSES_REWRITE_H

#include "graph/build.h"
#include "passes/pass.h"

/* Is every element of x the same known number? Looks through broadcast and reshape. */
bool node_is_number(const Node *x, double *value);
bool node_is_exactly(const Node *x, double value);

/* A constant that varies along the last axis of x's shape only (through broadcast and
 * reshape), NULL: x is none. axis_element gives its elements. */
const Tensor *last_axis_constant(const Node *x);
double axis_element(const Tensor *t, int64_t i);

/* A number in x's type and shape. */
Node *number_like(Graph *g, const Node *x, double value);

/* y for n, in n's place: takes its name when y is new and has none (`before`: count of
 * nodes before y was built). */
Node *take_place(const Node *n, Node *y, int before);

/* Same op, operands, attributes and type: computes the same. */
bool node_equal(const Node *a, const Node *b);
uint64_t node_hash(const Node *n);

#endif
