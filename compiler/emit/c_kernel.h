/* c_kernel.h - C99 of kernels and of the functions they call.
 *
 * A kernel prints as
 *     static void k3_name(const float *restrict x, float *restrict y)
 * (DLC_KERNEL void on a microcontroller: never inlined),
 * one parameter for each non-LOCAL buffer in order, followed by
 *     int32_t slice, int32_t slices
 * when it has a sliced loop. One statement a line; lets and registers nobody reads are
 * left out. Vectors are small functions of runtime/device, see c_prelude.h.
 *
 * Names of a kernel's parameters and variables must not equal file-scope variables of
 * the file (-Wshadow): give those a prefix. */
#ifndef DLC_EMIT_C_KERNEL_H
#define DLC_EMIT_C_KERNEL_H

#include "loop/loop.h"
#include "target/target.h"

bool kernel_is_sliced(const Kernel *k);

/* What the first words of kernels on a device mean; nothing elsewhere. */
void c_kernel_macro_print(const Target *t, Out *out);
void c_kernel_print(const Kernel *k, const Target *t, Out *out);

typedef struct KernelNumbers { /* parameters of type int32_t behind the others */
    int n;
    const Var **var;
} KernelNumbers;
void c_kernel_print_for(const Kernel *k, const Target *t, const KernelNumbers *more,
                        Out *out);

/* The LoopFunctions that the kernels call, each once, callees first. */
void c_functions_print(const Kernel *const *kernels, int n, const Target *t, Out *out);

#endif
