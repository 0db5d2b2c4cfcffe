/* lower.h - inside of pass `lower`: one group becoming one kernel.
 *
 * A body is evaluated at the points of a space. `at-space` nodes have one value a
 * point; others are inlined by their element rules, or, where a reduction or several
 * later loops read them, kept in a row buffer for the current point. In lane mode
 * (lanes > 1) `lane` stands for 0 .. lanes-1 in indices, loads along it are vectors,
 * and whatever has no vector form sets `failed`: the caller rolls back and emits scalar
 * code. */
#ifndef DLC_PASSES_LOWER_H
#define DLC_PASSES_LOWER_H

#include "ops/lowering.h"
#include "passes/pass.h"

typedef struct Memo {
    const Node *n;
    Expr *at[SHAPE_MAX_RANK];
    Expr *value;
    const Block *block; /* the value is in scope while this block is open */
    int serial;
} Memo;

typedef struct GroupResult {
    Node *value; /* reshapes peeled: same elements in the same order */
    Buffer *buffer;
} GroupResult;

typedef struct RowBuffer { /* of the node's elements at the current point */
    Buffer *buffer;
    int prefix;               /* leading axes of the node that the point fixes */
    bool whole;               /* a result's buffer: indexed with all axes */
    Expr *at[SHAPE_MAX_RANK]; /* the point, in the node's axes */
} RowBuffer;

typedef struct LowerGroup {
    Lowering w;
    PassContext *cx;
    const Target *target;
    Kernel *k;
    const Graph *body;
    Buffer **buffer; /* by node id in body: operands, stored elsewhere */
    RowBuffer *row;  /* by node id; buffer NULL: none */
    int *uses;       /* by node id: edges in the body */
    VEC(Memo) memo;
    int serial; /* of the next memo */
    const Var *lane;
    int lanes;
    bool failed;
    int n_result;
    GroupResult *result;
    bool slice; /* worth sharing among threads */
    struct Lowerer *lowerer;
    const Node *group;   /* whose body it is */
    struct ArgVec *args; /* of the call, in order of the parameters */
} LowerGroup;

/* A value (lower_value.c): the Lowering callbacks. */
Expr *group_value(Lowering *w, const Node *n, Expr *const *at);
const Buffer *group_buffer(Lowering *w, const Node *n);
bool group_has_memo(LowerGroup *g, const Node *n, Expr *const *at);
void group_remember(LowerGroup *g, const Node *n, Expr *const *at, Expr *value);
/* Loads elements of b at `index`, in lane mode a vector; in the computing type. */
Expr *group_load(LowerGroup *g, const Buffer *b, Expr *index);
DType compute_dtype(DType stored);

/* Where the kernel stood, for going back when a part has no vector form. */
typedef struct Checkpoint {
    int open, vars, buffers, serial;
    int stmts[64];
} Checkpoint;

void group_mark(const LowerGroup *g, Checkpoint *c);
void group_roll_back(LowerGroup *g, const Checkpoint *c);

/* Memory of a generator (lower_memory.c): Lowering callbacks; and when it is done. */
const Tensor *group_constant(Lowering *w, const Node *n);
const Buffer *group_repack(Lowering *w, const Node *n, const Tensor *by);
const Buffer *group_new_constant(Lowering *w, const char *name, const Tensor *t);
const Buffer *group_workspace(Lowering *w, const char *name, DType dtype,
                              int64_t count);
void group_share(Lowering *w, const Node *n);
void drop_unread_operands(LowerGroup *g);

/* Results (lower_finish.c). */
void group_finish(Lowering *w, const Node *n, Expr *const *at, const Var *lane,
                  int lanes, Expr *value);
void group_store(LowerGroup *g, const Buffer *b, Expr *index, Expr *value);
/* Evaluates every result at `at` (of a node with shape `space`) and stores them. */
void group_store_results(LowerGroup *g, const Shape *space, Expr *const *at);

/* Reductions (lower_reduce.c). */
bool node_is_reduction(const Node *n); /* one that reduce_many evaluates */
bool node_reduces(const Node *n);      /* those, and argmax */
void reduce_many(LowerGroup *g, int count, const Node *const *n, Expr *const *at);

/* Parts of the last axis of a space (lower_cuts.c). */
enum { CUTS_MAX = 16 };

typedef struct Cuts { /* ascending, from 0 to the extent */
    int n;
    int64_t at[CUTS_MAX];
} Cuts;
Cuts group_cuts(const LowerGroup *g, const Shape *space);

/* Loops (lower_space.c). */
void lower_space(LowerGroup *g);
Node *peel_reshapes(Node *n);

/* The body over fewer axes, where it is pointwise (lower_collapse.c); else itself. */
const Graph *collapse_axes(const Graph *body);

/* One call of a C function (lower_extern.c). */
void lower_extern(LowerGroup *g, const Node *n);

/* What evaluating the group's body costs, in flops (lower_cost.c). */
int64_t op_weight(const Op *op);
int64_t body_flops(const Graph *body);
int64_t body_bytes(const Node *group);

#endif
