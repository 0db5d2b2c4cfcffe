/* weights.h - a model's tensors in safetensors files. */
#ifndef DLC_HOST_TRAIN_WEIGHTS_H
#define DLC_HOST_TRAIN_WEIGHTS_H

#include "host/train/safetensors.h"

/* Which tensors of the table a file holds, as a set of (1 << role). */
enum {
    WEIGHTS_NET = 1 << DLC_PARAM | 1 << DLC_STATE,
    WEIGHTS_ALL = WEIGHTS_NET | 1 << DLC_OPTIMIZER | 1 << DLC_METRIC
};

/* Tensors of a state described for writing: the data stays the state's. */
typedef struct WeightsList {
    SafeTensor *tensor; /* room for twice the table; owned */
    char **name;        /* their names; owned */
    int n;
} WeightsList;

bool dlc_weights_list_init(WeightsList *list, const dlc_model *model, Fault *fault);
void dlc_weights_list_release(WeightsList *list);

/* Adds the tensors of some roles, with `prefix` before their names. At most twice. */
bool dlc_weights_list_add(WeightsList *list, const dlc_model *model, unsigned roles,
                          const char *prefix, const unsigned char *state, Fault *fault);

/* Writes params and states, with the model's name and hash and the seed as metadata,
 * and `more` of the caller's. */
bool dlc_weights_save(const char *path, const dlc_model *model,
                      const unsigned char *state, uint64_t seed, const SafeMeta *more,
                      int n_more, Fault *fault);

/* Reads the tensors of `roles` whose names have `prefix` in the file. Missing tensors
 * and other shapes or types are errors that list them all; so are tensors in the file
 * that the model lacks, unless the file is one of our checkpoints. A hash that differs
 * is said. */
bool dlc_weights_read(SafeFile *file, const dlc_model *model, unsigned roles,
                      const char *prefix, unsigned char *state, Fault *fault);

/* Opens `path`, reads params and states, and the seed it was trained with (*seed is
 * kept if the file does not say). */
bool dlc_weights_load(const char *path, const dlc_model *model, unsigned char *state,
                      uint64_t *seed, Fault *fault);

#endif
