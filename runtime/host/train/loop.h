/* loop.h - the training loop. */
#ifndef DLC_HOST_TRAIN_LOOP_H
#define DLC_HOST_TRAIN_LOOP_H

#include "host/report/progress.h"
#include "host/train/engine.h"
#include "host/train/pretrained.h"

typedef struct Closing { /* how a run ended */
    double
        *value[DLC_SPLITS]; /* losses and metrics of each split; the caller's to free */
    int64_t kept;           /* epoch from 0; -1: the last */
} Closing;

typedef struct Plan {
    int64_t epochs, steps; /* steps > 0 counts; else epochs */
    uint64_t seed;
    bool resume;
    int threads;
    const char *out;            /* an existing folder */
    int64_t checkpoint_every;   /* steps; 0: by time only */
    const char *resume_command; /* what to type after an interruption */
    const char *load;           /* weights to begin with, found; NULL: none */
    const Names *names;         /* how their names and layouts become ours */
    Closing *closing;           /* filled when the run is done; NULL: not wanted */
} Plan;

typedef enum Outcome { OUTCOME_FAILED, OUTCOME_DONE, OUTCOME_INTERRUPTED } Outcome;

/* Trains on set->split[DLC_TRAIN], from initial parameters or from OUT's checkpoint,
 * and writes OUT/model.safetensors, checkpoint.safetensors, history.csv. Ends with one
 * line a split. An interruption (SIGINT, SIGTERM) finishes the step and saves. The
 * bytes written depend on the data, the seed and the model only. */
Outcome dlc_train(Engine *engine, Dataset *set, const Plan *plan, Progress *progress,
                  Fault *fault);

/* The signal that asked to stop; 0: none. dlc_interrupt_listen catches SIGINT and
 * SIGTERM once each: the second one ends the process. */
extern volatile int dlc_interrupt;
void dlc_interrupt_listen(void);

#endif
