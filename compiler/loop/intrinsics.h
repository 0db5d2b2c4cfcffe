/* intrinsics.h - calls of functions that runtime/device defines, see intrinsics.def. */
#ifndef DLC_LOOP_INTRINSICS_H
#define DLC_LOOP_INTRINSICS_H

#include "loop/build.h"

typedef enum Intrinsic {
#define INTRINSIC(name, n_params, low, high, about) INTRINSIC_##name,
#include "loop/intrinsics.def"
#undef INTRINSIC
    INTRINSIC_COUNT
} Intrinsic;

/* i32 scalars in and out; there is no vector form. */
Expr *intrinsic_call(Kernel *k, Intrinsic id, Expr *const *args);

/* Of that name, NULL: none. For readers of text. */
const LoopFunction *intrinsic_find(Kernel *k, const char *name);

#endif
