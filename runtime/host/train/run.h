/* run.h - a training run: what loop.c and folds.c share. */
#ifndef DLC_HOST_TRAIN_RUN_H
#define DLC_HOST_TRAIN_RUN_H

#include "host/data/loader.h"
#include "host/report/history.h"
#include "host/train/checkpoint.h"
#include "host/train/loop.h"

typedef struct Loop {
    Engine *engine;
    const dlc_model *model;
    Dataset *set;
    const Split *train, *valid; /* valid: NULL if there is none */
    const Plan *plan;
    Progress *progress;
    Fault *fault;
    Position at;
    int64_t n_batches;   /* of an epoch; the remainder is dropped */
    uint32_t *order;     /* of the samples in this epoch */
    uint32_t *beside;    /* of those of a second block */
    Loader *loader;      /* of its batches */
    unsigned char *best; /* the state of the best epoch */
    double *train_mean, *valid_mean;
    History history;
    char *checkpoint, *weights, *csv; /* paths */
    double saved, epoch_started;      /* dlc_clock() */
    int64_t epoch_samples;            /* seen in this epoch by this process */
} Loop;

/* Checkpoint of where the run stands. */
bool dlc_run_save(Loop *l);
/* Position 0 with initial parameters: measured, loaded, saved. */
bool dlc_run_begin(Loop *l);
/* Epochs to the end, as the position says. */
Outcome dlc_run_epochs(Loop *l);
/* Parameters and states of the best epoch become the state's. */
void dlc_run_restore_best(Loop *l);

/* `validate: kfold(k)`: one run a fold, from the fold of the position on; each is
 * evaluated on its part, its weights go to OUT/fold<i>.safetensors. At the end the
 * state is that of the best fold. */
Outcome dlc_run_folds(Loop *l);
/* Train and valid are those of the position's fold. */
bool dlc_run_form_fold(Loop *l);

/* a better than b, as `keep` or a loss has it. */
bool dlc_run_is_better(const dlc_model *model, int report, double value, double best);

#endif
