/* kernels.h - generators of the contractions' loop nests for one exact shape and
 * target.
 *
 * A generator builds the whole nest of node n into w->kernel: it reads its operands by
 * lower_buffer (they are always stored) and hands finished tiles to lower_finish, which
 * runs the epilogue. Kernels are loop IR; nothing here prints C. */
#ifndef DLC_KERNELS_KERNELS_H
#define DLC_KERNELS_KERNELS_H

#include "kernels/variants.h"
#include "ops/lowering.h"
#include "target/target.h"

/* Builds the kernel of contraction n, or of random numbers. False: no generator takes
 * it (use op->nest, or elements). */
bool kernel_generate(Lowering *w, const Node *n, const Target *t);

/* The same by a variant that suits n; false: it does not take this shape. Not for
 * VARIANT_LOOPS, which op->nest is. */
bool kernel_generate_variant(Lowering *w, const Node *n, const Target *t,
                             const KernelVariant *v);

#endif
