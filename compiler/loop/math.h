/* math.h - elementary functions in loop IR, so that the interpreter, gcc, clang, every
 * -O and every target agree on every bit. libm is not used. Scalar or vector by the
 * lanes of the argument; `fma` says whether the target has a fused multiply-add: with
 * it and without it results may differ in the last bit, each is exactly reproducible.
 */
#ifndef DLC_LOOP_MATH_H
#define DLC_LOOP_MATH_H

#include "loop/build.h"

typedef enum MathFunction {
#define MATH(id, name, n_params, ulp, wide, about) MATH_##id,
#include "loop/math.def"
#undef MATH
    MATH_COUNT
} MathFunction;

/* Max errors in ulp against the f64 function are stated in math.def, checked by a test.
 */
Expr *math_call(Kernel *k, MathFunction f, bool fma, Expr *x, Expr *y_or_null);

/* All four words at counter { block, sample, iteration, stream }: registers. */
void math_philox_block(Kernel *k, Expr *const counter[4], Expr *const key[2],
                       Expr *word[4]);

/* Philox4x32-10 word `lane` = element % 4 of counter {element / 4, sample, iteration,
 * stream} under key {key0, key1}: an intrinsic. All u32 scalars; gives u32. */
Expr *math_philox(Kernel *k, Expr *element, Expr *sample, Expr *iteration, Expr *stream,
                  Expr *key0, Expr *key1);

const char *math_name(MathFunction f); /* "exp" */
double math_max_ulp(MathFunction f);
/* The f64 twin of a scalar function of math_call; intrinsics on integers stay. */
const LoopFunction *math_wide(Kernel *k, const LoopFunction *f);
/* The intrinsic of that name for readers of text, else NULL. */
const LoopFunction *math_intrinsic(Kernel *k, const char *name);

#endif
