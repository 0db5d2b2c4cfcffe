/* group.h - partitions of a graph into groups: one group becomes one kernel. */
#ifndef DLC_PASSES_GROUP_H
#define DLC_PASSES_GROUP_H

#include "passes/pass.h"

/* Where each node goes: a group, or GROUP_FREE: cloned into every group that reads it
 * (views, scalars, constants of one value), or stays outside (inputs, other constants).
 */
enum { GROUP_FREE = -1 };

typedef struct Grouping {
    const Graph *g;
    int *of;   /* by node id */
    int count; /* groups are 0 .. count-1; some may be empty */
} Grouping;

/* Free whatever is cheap everywhere; gives every other node a group of its own. Values
 * that contractions read, and results, are never free. */
Grouping grouping_new(PassContext *cx, const Graph *g);

/* Is n computed inside groups, and not stored by inputs or as constant data? */
bool node_is_computed(const Node *n);
/* Ops that own their loops and read stored operands. */
bool node_is_nest(const Node *n);
/* A scan, or one of its results: they have a group of their own. */
bool node_is_loop(const Node *n);

/* The grouped graph: groups in topological order, STAGE_GROUPED. */
Graph *grouping_apply(PassContext *cx, const Grouping *p);

/* "conv2_bias_relu": layer path's last part and the words of the ops. */
const char *group_name(Arena *a, const Grouping *p, int group);

/* A group that copies x: for results that have no kernel of their own. */
Node *group_copy(Graph *g, Node *x);

/* Operand i is read at the very index that is being stored, so a result may overwrite
 * its storage. */
bool operand_is_in_place(const Node *group, int i);

#endif
