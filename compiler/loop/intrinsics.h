/* intrinsics.h - calls of functions that runtime/device defines, see intrinsics.def. */
#ifndef DLC_LOOP_INTRINSICS_H
#define DLC_LOOP_INTRINSICS_H

#include "loop/build.h"

typedef enum Intrinsic {
#define INTRINSIC(name, n_params, low, high, about)                   INTRINSIC_##name,
#define VECTOR_INTRINSIC(name, n_params, lanes, bytes, result, about) INTRINSIC_##name,
#include "loop/intrinsics.def"
#undef INTRINSIC
#undef VECTOR_INTRINSIC
    INTRINSIC_COUNT
} Intrinsic;

/* i32 scalars or vectors, or packed bytes, as its row says. */
Expr *intrinsic_call(Kernel *k, Intrinsic id, Expr *const *args);

/* What does the same to each of `lanes` lanes; NULL: there is none. */
const LoopFunction *intrinsic_vectorize(Kernel *k, const char *name, int lanes);

/* Of that name, NULL: none. For readers of text. */
const LoopFunction *intrinsic_find(Kernel *k, const char *name);

#endif
