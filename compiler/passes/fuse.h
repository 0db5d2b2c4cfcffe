/* fuse.h - inside of pass graph_fuse. */
#ifndef DLC_PASSES_FUSE_H
#define DLC_PASSES_FUSE_H

#include "passes/group.h"
#include "passes/lower.h"

typedef VEC(int) IntVec;

typedef struct Fuser {
    PassContext *cx;
    const Graph *g;
    Grouping p;
    IntVec *reads; /* by node id: nodes with groups that it reads */
    int merges, repeated;
} Fuser;

/* Can groups a and b be one kernel? (Cycles are the caller's.) */
bool fuse_is_legal(Fuser *f, int a, int b);

#endif
