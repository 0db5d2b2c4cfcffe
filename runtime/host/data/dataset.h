/* dataset.h - the samples of a data block and their splits. */
#ifndef DLC_HOST_DATA_DATASET_H
#define DLC_HOST_DATA_DATASET_H

#include "host/data/find.h"
#include "host/data/table.h"

typedef struct Split {
    const Table *table;    /* NULL: the split does not exist */
    uint32_t *index;       /* its samples, by position in the table; owned */
    uint32_t count;        /* of an epoch */
    uint32_t all;          /* samples it has: more than count beside a shorter one */
    struct Split *beside;  /* the second block's, for the fields behind; NULL: none */
    const uint32_t *order; /* of a split beside, in training; NULL: as it stands */
} Split;

typedef struct Dataset {
    const dlc_data *data;
    Table table[DLC_SPLITS]; /* what was read, by the split whose source it is */
    Split split[DLC_SPLITS];
    uint32_t *folded; /* train's samples before it was folded; NULL: it was not */
    uint32_t n_folded;
    struct Dataset *beside; /* owned; NULL: none */
} Dataset;

/* Field f of the sample at position `at`, of the block that has it, as a copy. False:
 * it is decoded on demand and cannot be read (reported). */
bool dlc_split_get(const Split *split, int f, uint32_t at, void *to, Fault *fault);

/* The same in place, for one thread: valid until the next call. A file that has
 * vanished since it was checked counts as zeros. */
const unsigned char *dlc_split_value(const Split *split, int f, uint32_t at);

extern const char *const dlc_split_name[DLC_SPLITS];

/* Reads every source and forms the splits, in this order: sources; the fractions of
 * `all` (permuted by a fixed key if the data is shuffled, so that the test split does
 * not depend on the seed); `take`, from the end of the split it names; `validate`, a
 * fraction of train (its end, or a choice by `seed` if the data is shuffled), which
 * becomes valid where there is none. Release also after a failure. */
bool dlc_dataset_load(Dataset *set, const dlc_data *data, const Places *places,
                      double validate, uint64_t seed, Fault *fault);
void dlc_dataset_release(Dataset *set);

/* kfold: part `fold` of `folds` of the training samples becomes valid, the rest train.
 * Parts are runs of one order: shuffled by the seed if the data is. Any number of
 * times. */
bool dlc_dataset_fold(Dataset *set, int64_t folds, int64_t fold, uint64_t seed,
                      Fault *fault);

#endif
