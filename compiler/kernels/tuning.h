/* tuning.h - which variant each layer has: the file that --tune writes and --tuning
 * reads.
 *
 *     dlc tuning 1
 *     target cortex_m4
 *     # layer kernel count
 *     net/conv1_add_rescale_max dsp_ring 123456
 *
 * A layer is named as in the profile of the emitted header; the count is what it took
 * when it was measured. With `?` behind the kernel the layer has it only if it takes
 * the layer's shape: --tune writes that for itself. */
#ifndef DLC_KERNELS_TUNING_H
#define DLC_KERNELS_TUNING_H

#include "kernels/variants.h"
#include "support/diag.h"
#include "support/out.h"
#include "support/vec.h"

typedef struct TuningRow {
    const char *layer;
    const KernelVariant *variant;
    bool if_fits;
    int64_t count;
    Span span; /* of the layer's name */
    bool used;
} TuningRow;

typedef struct TuningLayer { /* one that variants suit, in the order of calls */
    const char *name;
    VEC(const KernelVariant *) variant;
} TuningLayer;

typedef struct Tuning {
    Arena *arena;
    const Source *source; /* NULL: nothing was read */
    const char *target;
    Span target_span;
    VEC(TuningRow) row;
    VEC(TuningLayer) layer; /* seen while lowering */
} Tuning;

/* False: reported. */
bool tuning_read(Arena *a, const Source *source, DiagSink *sink, Tuning *t);

/* Row of a layer; NULL: the file says nothing of it. */
TuningRow *tuning_find(Tuning *t, const char *layer);

/* Notes that a net has this layer, n its contraction. */
void tuning_see(Tuning *t, const char *layer, const Node *n, const Target *target);

/* The target of the file is t, and every layer it names was seen. False: reported. */
bool tuning_check(const Tuning *t, const Target *target, DiagSink *sink);

void tuning_print_head(const char *target, Out *out);
void tuning_print_row(const char *layer, const KernelVariant *v, bool if_fits,
                      int64_t count, Out *out);

#endif
