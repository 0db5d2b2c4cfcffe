/* bounds.h - proves that an index lies inside its buffer, for the verifier.
 *
 * A BoundsContext follows the walk over a kernel: loops and guards are pushed and
 * popped. A claim is first tried by ranges, then by elimination (Fourier and Motzkin;
 * Dantzig and Eaves 1973, with the integer tightening of Pugh's Omega test, 1992), then
 * by enumeration of the loops around it. */
#ifndef DLC_LOOP_BOUNDS_H
#define DLC_LOOP_BOUNDS_H

#include "loop/expr.h"

typedef struct BoundsStep { /* a loop or a guard around the current place */
    const Stmt *stmt;
    bool otherwise; /* IF: the else branch */
} BoundsStep;

typedef struct BoundsContext {
    Kernel *k;      /* for building; nothing is added to its blocks */
    Arena *scratch; /* grows; the caller rewinds */
    VEC(BoundsStep) step;
} BoundsContext;

void bounds_push(BoundsContext *b, const Stmt *s, bool otherwise);
void bounds_pop(BoundsContext *b);

/* 0 <= index and index <= high everywhere that the current place is reached. An index
 * that depends on data (gather) counts as proven: index types are bounded by readers.
 */
bool bounds_prove(BoundsContext *b, const Expr *index, int64_t high);

#endif
