/* lowerer.h - inside of pass `lower`: a graph, or the region of a scan, becoming calls.
 */
#ifndef DLC_PASSES_LOWERER_H
#define DLC_PASSES_LOWERER_H

#include "graph/op.h"
#include "graph/region.h"
#include "passes/pass.h"

/* Where a value is: all of a storage, or at each pass of the loops around a part. */
typedef struct Place {
    Storage *storage; /* NULL: not known yet */
    int64_t offset, step[PROGRAM_NEST_MAX];
} Place;

typedef struct Lowerer {
    PassContext *cx;
    const Graph *g;
    Program *p;
    Place *place; /* by node id */
    Map *names;   /* of storages */
    int depth;    /* loops around g's kernels */
    bool failed;  /* reported */
} Lowerer;

typedef struct ArgVec { /* as VEC(CallArg), with a name */
    CallArg *at;
    int n, capacity;
} ArgVec;

/* A storage of n's type under a name like `wish`. */
Storage *program_storage(Lowerer *l, StorageKind kind, const char *wish,
                         const char *path, const Node *like);
/* "dense1_relu": what a value without a name is called. */
const char *group_value_name(Arena *a, const Node *n);
/* The next parameter of k, for elements like n's at a place; its argument is added. */
Buffer *call_buffer(Lowerer *l, Kernel *k, ArgVec *args, const Node *n, const Place *at,
                    Access access);
/* Storage for what has no place yet: constants, and what kernels hand to each other. */
void lower_scratch(Lowerer *l);
/* The calls of all groups and scans, in order. */
void lower_graph(Lowerer *l);
/* lower_scan.c: a loop of calls; places of the scan's results. */
void lower_scan(Lowerer *l, const Node *scan);

#endif
