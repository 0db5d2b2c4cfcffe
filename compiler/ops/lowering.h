/* lowering.h - between the two IRs: what op rules see of the kernel being built.
 *
 * An op lowers in one of two forms (architecture, section 4):
 *   element(w, n, at)  returns one element of n at scalar i32 indices `at`, pulling
 *                      operands with lower_value; never stores. A reduction opens loops
 *                      in the kernel, accumulates in a register, closes them and
 * returns the register. nest(w, n)         owns its loops, reads operands with
 * lower_value or lower_buffer, and hands each finished element to lower_finish. Vectors
 * come later, by expr_vectorize: rules are written for scalars. */
#ifndef DLC_OPS_LOWERING_H
#define DLC_OPS_LOWERING_H

#include "graph/op.h"
#include "loop/build.h"
#include "loop/math.h"

typedef struct Lowering {
    Kernel *kernel;
    bool has_fma;       /* of the target */
    bool short_rescale; /* likewise: rescaling by its short form where it is proven */
    bool least_ram;     /* asked for: scratch costs more than time */
    int tail;           /* operations that lower_finish adds behind an element */
    /* Set by the lowering pass (passes/lower) or by a test: */
    Expr *(*value)(struct Lowering *w, const Node *n, Expr *const *at);
    const Buffer *(*buffer)(struct Lowering *w, const Node *n);
    void (*finish)(struct Lowering *w, const Node *n, Expr *const *at, const Var *lane,
                   int lanes, Expr *value);
    /* Constants, for generators that lay them out anew; NULL in tests of ops. */
    const Tensor *(*constant)(struct Lowering *w, const Node *n);
    const Buffer *(*repack)(struct Lowering *w, const Node *n, const Tensor *by);
    const Buffer *(*new_constant)(struct Lowering *w, const char *name,
                                  const Tensor *t);
    const Buffer *(*workspace)(struct Lowering *w, const char *name, DType dtype,
                               int64_t count);
    void (*share)(struct Lowering *w, const Node *n);
    const Graph *body; /* of the group, whose node is lowered; NULL in tests of ops */
    void *context;
} Lowering;

/* One element of a node: a load when it is stored, else its op's element rule (memoized
 * per open block by the pass). f32 for floats, i32 for integers, bool for bools. */
Expr *lower_value(Lowering *w, const Node *n, Expr *const *at);

/* The buffer of a node that is stored (an operand of the group); NULL when it is not.
 */
const Buffer *lower_buffer(Lowering *w, const Node *n);

/* The value of an operand of the group that is a constant; NULL: it is none. */
const Tensor *lower_constant(Lowering *w, const Node *n);

/* Puts another constant in the place of such an operand, for this kernel: the same
 * values in the order in which it reads them. Before anything loads it; gives the
 * buffer. */
const Buffer *lower_repack(Lowering *w, const Node *n, const Tensor *by);

/* A constant of this kernel alone, and scratch memory of it in the arena, undefined at
 * first. */
const Buffer *lower_new_constant(Lowering *w, const char *name, const Tensor *t);
const Buffer *lower_workspace(Lowering *w, const char *name, DType dtype,
                              int64_t count);

/* The result may take the place of this operand, where it is not larger: the kernel
 * stores no element before all that it replaces was read. */
void lower_share(Lowering *w, const Node *n);

/* Delivers elements of n: runs what the group fused behind n (bias, activation,
 * residual, optimizer) and stores the group's results. lanes 1: `value` at `at`, lane
 * NULL. Else: `at` are scalar indices that contain `lane` (a VAR_LOOP made by
 * lower_lane) in the last axis with coefficient 1, and `value` is the vector for lane =
 * 0 .. lanes-1. */
void lower_finish(Lowering *w, const Node *n, Expr *const *at, const Var *lane,
                  int lanes, Expr *value);
Var *lower_lane(Lowering *w, int lanes);

/* A call of loop/math with the target's fma. */
Expr *lower_math(Lowering *w, MathFunction f, Expr *x, Expr *y_or_null);
/* a * b + c: fused where the target has it, else two roundings. */
Expr *lower_madd(Lowering *w, Expr *a, Expr *b, Expr *c);

#endif
