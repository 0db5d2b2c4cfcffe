/* progress.h - what a run says while it works: a live line, plain lines, or JSON. */
#ifndef DLC_HOST_REPORT_PROGRESS_H
#define DLC_HOST_REPORT_PROGRESS_H

#include <stdio.h>

#include "host/model.h"

typedef struct Progress {
    const dlc_model *model;
    FILE *out;
    bool quiet, json, live; /* live: `out` is a terminal, one line is redrawn */
    int64_t epochs;         /* in all; 0: unknown (steps were given) */
    int64_t steps;          /* in all */
    int64_t steps_before;   /* done before this process (resume) */
    double started, drawn;  /* dlc_clock() */
    int64_t fold;           /* of kfold, from 1; 0: none */
    double lr_scale;        /* of the epoch, where the model has a plateau */
} Progress;

void dlc_progress_init(Progress *progress, const dlc_model *model, bool quiet,
                       bool json);

/* The run begins or goes on: sizes of the splits, 0 for one that does not exist. */
void dlc_progress_start(Progress *progress, uint32_t n_train, uint32_t n_valid,
                        int threads, uint64_t seed);

/* After a step: redraws the live line ten times a second at most. `sum` holds the sums
 * of the batch means of this epoch. */
void dlc_progress_step(Progress *progress, int64_t epoch, int64_t batch,
                       int64_t n_batches, int64_t steps, const double *sum);

/* `log_every`: means of the epoch so far, on a line of their own. */
void dlc_progress_log(Progress *progress, int64_t epoch, int64_t batch,
                      int64_t n_batches, int64_t steps, const double *sum);

/* What a weights file had: `kept` tensors have initial values, `unused` ones of the
 * file have no place. Lists may be "". */
void dlc_progress_load(Progress *progress, const char *path, int taken,
                       const char *kept, const char *unused);

/* A fold (from 0) is done: what it reached on its part. */
void dlc_progress_fold(Progress *progress, int64_t fold, const double *value);

/* All are: means and sample standard deviations over them, and the best (from 0). */
void dlc_progress_folds(Progress *progress, int64_t best, const double *mean,
                        const double *spread);

/* After an epoch (from 0). `valid`: NULL if there is no such split. `best`: `keep` has
 * taken this epoch. */
void dlc_progress_epoch(Progress *progress, int64_t epoch, const double *train,
                        const double *valid, int64_t samples, double seconds,
                        bool best);

/* Erases the live line before other text. */
void dlc_progress_clear(Progress *progress);

/* One line a split, names and values aligned: "test   loss 0.2543  acc 0.9123".
 * value[split]: n_reports means, NULL: no such split. In JSON: one event each. */
void dlc_progress_result(Progress *progress, double *const value[DLC_SPLITS]);

#endif
