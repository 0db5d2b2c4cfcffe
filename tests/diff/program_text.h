/* program_text.h - a planned program as C, for tests: its kernels by the emitter, and
 * the calls of them in between, over an array of data by storage id and an arena. */
#ifndef DLC_TESTS_DIFF_PROGRAM_TEXT_H
#define DLC_TESTS_DIFF_PROGRAM_TEXT_H

#include "loop/loop.h"
#include "support/out.h"

typedef VEC(const Kernel *) KernelVec;

/* Adds the kernels of p, each once, under names that begin with `prefix`. */
void program_text_kernels(Arena *a, const Program *p, const char *prefix,
                          KernelVec *kernels);
/* The calls, in `void *const *data` and `unsigned char *arena`. */
void program_text_calls(const Program *p, Out *o);

#endif
