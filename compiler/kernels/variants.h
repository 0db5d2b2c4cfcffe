/* variants.h - kernels by name, where somebody else than the generators chooses. */
#ifndef DLC_KERNELS_VARIANTS_H
#define DLC_KERNELS_VARIANTS_H

#include "graph/op.h"
#include "target/target.h"

typedef enum VariantForm {
    VARIANT_LOOPS,
    VARIANT_BYTES,
    VARIANT_VECTORS,
    VARIANT_DSP_RING,
    VARIANT_DSP_GATHER,
    VARIANT_CHANNELS,
    VARIANT_CHANNEL_VECTORS
} VariantForm;

typedef struct KernelVariant { /* kernels/int8/variants.def */
    const char *name;
    VariantForm form;
    int pixels, features; /* of a block */
    const char *about;
} KernelVariant;

int kernel_variant_count(void);
const KernelVariant *kernel_variant_at(int i);
const KernelVariant *kernel_variant_find(const char *name); /* NULL: none */

/* Is v one for node n on the target, as far as target and operation say? The generator
 * may still not take the shape. */
bool kernel_variant_suits(const KernelVariant *v, const Node *n, const Target *t);

#endif
