/* checkpoint.h - everything a training run needs to go on as if nothing had happened.
 */
#ifndef DLC_HOST_TRAIN_CHECKPOINT_H
#define DLC_HOST_TRAIN_CHECKPOINT_H

#include "host/train/weights.h"

/* Where a run stands. */
typedef struct Position {
    uint64_t seed;
    int64_t samples;      /* of the train split: a resumed run must see as many */
    int64_t steps;        /* done in all */
    int64_t epoch, batch; /* the epoch, from 0, and its batches done */
    double best;          /* `keep`: best value so far */
    int64_t best_epoch;   /* and its epoch; -1: none yet */
    double stop_best;     /* `stop`: best value so far, and epochs without a better */
    int64_t stop_epoch, waited;
    double plateau_best; /* the same of lr=plateau(...) */
    int64_t plateau_epoch, plateau_waited;
    int64_t fold;         /* of kfold, from 0 */
    int64_t history_rows; /* epochs in history.csv */
    float lr_scale;
    double *sum;   /* [n_reports]: of this epoch's batch means; owned */
    double *folds; /* [folds][n_reports]: of the folds that are done; owned */
} Position;

/* Writes params, states, moments, the best epoch's params and states (`best`, NULL:
 * none) and the position. Atomic (safetensors.h). */
bool dlc_checkpoint_save(const char *path, const dlc_model *model,
                         const unsigned char *state, const unsigned char *best,
                         const Position *position, Fault *fault);

/* Reads them back, `best` only if position->best_epoch >= 0. position->sum has room for
 * n_reports, position->folds for folds x n_reports. The checkpoint must be of this
 * model and batch. */
bool dlc_checkpoint_load(const char *path, const dlc_model *model, unsigned char *state,
                         unsigned char *best, Position *position, Fault *fault);

/* The seed in a checkpoint. */
bool dlc_checkpoint_seed(const char *path, uint64_t *seed, Fault *fault);

#endif
