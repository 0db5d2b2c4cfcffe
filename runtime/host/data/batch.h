/* batch.h - samples gathered into the dense arrays that the emitted functions read. */
#ifndef DLC_HOST_DATA_BATCH_H
#define DLC_HOST_DATA_BATCH_H

#include "host/data/dataset.h"
#include "host/data/shuffle.h"

typedef struct Batch {
    int n_fields, size;
    const dlc_field *field;
    void **data; /* data[i]: [size] samples of field[i]; owned, aligned to 64 bytes */
    Fault *fault;
} Batch;

bool dlc_batch_init(Batch *batch, int n_fields, const dlc_field *field, int size,
                    Fault *fault);
void dlc_batch_release(Batch *batch);

/* Gathers samples order[first ..] (NULL: first ..) of a split. Past the end it starts
 * over, so any split with a sample fills a batch. Returns how many are not repeated.
 * -1: a file that is decoded on demand cannot be read (reported to the batch's fault).
 */
int dlc_batch_gather(Batch *batch, const Split *split, const uint32_t *order,
                     uint32_t first);

/* Fills with made samples: f32 normal, integers uniform, below an index's bound. */
void dlc_batch_make(Batch *batch, uint64_t seed);

#endif
