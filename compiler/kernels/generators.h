/* generators.h - one generator a contraction; each builds the whole nest of node n into
 * w->kernel and returns true, or touches nothing and returns false. */
#ifndef DLC_KERNELS_GENERATORS_H
#define DLC_KERNELS_GENERATORS_H

#include "kernels/kernels.h"

bool dot_generate(Lowering *w, const Node *n, const Target *t);
bool conv2d_generate(Lowering *w, const Node *n, const Target *t);
bool conv2d_input_generate(Lowering *w, const Node *n, const Target *t);
bool conv2d_filter_generate(Lowering *w, const Node *n, const Target *t);
bool random_generate(Lowering *w, const Node *n);
/* conv2d and dot of i8: for targets with the DSP extension, for others, for all. v:
 * which of the variants; NULL: what is expected to be the best. */
bool int8_conv_generate(Lowering *w, const Node *n, const KernelVariant *v);
bool int8_bytes_generate(Lowering *w, const Node *n, const Target *t,
                         const KernelVariant *v);
bool int8_depthwise_vectors_generate(Lowering *w, const Node *n);
bool int8_depthwise_generate(Lowering *w, const Node *n, const Target *t);

#endif
