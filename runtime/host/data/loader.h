/* loader.h - the batches of training: gathered, decoded, augmented, ahead of time.
 *
 * Where samples only need copying, dlc_loader_next copies. Else `threads` - 1 threads
 * of its own fill the next batch, sample by sample, while the current one is used; who
 * waits for a batch helps. What is in a batch depends on seed, epoch and position only.
 */
#ifndef DLC_HOST_DATA_LOADER_H
#define DLC_HOST_DATA_LOADER_H

#include "host/data/batch.h"

typedef struct Loader Loader;

typedef struct Walk { /* an epoch, or what is left of it */
    const Split *split;
    const uint32_t *order; /* of the split's samples; NULL: as they are */
    uint64_t seed;
    int64_t epoch, first, end; /* batches first .. end - 1 */
} Walk;

/* NULL: reported. */
Loader *dlc_loader_new(const dlc_data *data, int batch, int threads, Fault *fault);
void dlc_loader_free(Loader *loader); /* NULL: nothing */

/* Begins a walk. Split and order stay the caller's, unchanged until it is stopped. */
void dlc_loader_start(Loader *loader, const Walk *walk);

/* Ends it; what was prepared is dropped. */
void dlc_loader_stop(Loader *loader);

/* The walk's next batch; it takes the place of what `batch` held. */
bool dlc_loader_next(Loader *loader, Batch *batch, Fault *fault);

#endif
