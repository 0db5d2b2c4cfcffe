/* engine.h - one training state and what it takes to call the emitted functions on it.
 */
#ifndef DLC_HOST_TRAIN_ENGINE_H
#define DLC_HOST_TRAIN_ENGINE_H

#include "host/data/batch.h"
#include "host/train/team.h"

typedef struct Engine {
    const dlc_model *model;
    unsigned char *state; /* model->state_bytes; aligned to 64 */
    void *arena;
    Team *team;
    bool int8;            /* eval runs the int8 form of nets (model->eval_int8) */
    Batch batch;          /* empty if the model has no data */
    float *report;        /* n_reports x batch */
    unsigned char *fresh; /* what the tensors of role DLC_METRIC begin with, in a row */
} Engine;

bool dlc_engine_init(Engine *engine, const dlc_model *model, int threads, Fault *fault);
void dlc_engine_release(Engine *engine);

/* Initial parameters, moments and counters from a seed; what is measured is 0 (means)
 * and 1 (variances) until it has been. */
void dlc_engine_start(Engine *engine, uint64_t seed);

/* Metrics of a split count from the beginning: call it before a split's first batch. */
void dlc_engine_start_split(Engine *engine);

/* A loss or metric so far, from its sum over n batches or samples; of_split: the sum
 * holds the last value (dlc_report_add). */
void dlc_report_add(const dlc_report *report, double *sum, double value);
double dlc_report_mean(const dlc_report *report, double sum, double n);

/* The emitted functions on the engine's batch, by the whole team. step and grad fill
 * report[i] with batch means, eval report[i * batch + s]. */
void dlc_engine_step(Engine *engine);
void dlc_engine_eval(Engine *engine, int split, uint32_t first);
void dlc_engine_grad(Engine *engine, float *const *gradient);
void dlc_engine_measure(Engine *engine, float *const *out);
void dlc_engine_observe(Engine *engine, float *const *out);
void dlc_engine_compare(Engine *engine, float *const *out);

/* Members of the state that the runtime writes. */
void dlc_engine_set_epoch(Engine *engine, int64_t epoch, int64_t steps_per_epoch);
/* Of the run, for schedules; 0: what the program's own settings make. */
void dlc_engine_set_total_steps(Engine *engine, int64_t steps);
void dlc_engine_set_step(Engine *engine, int64_t step);
float dlc_engine_lr_scale(const Engine *engine);
void dlc_engine_set_lr_scale(Engine *engine, float scale);

/* Fills every state of data_mean / data_var: mean and variance over all samples of the
 * split and the leading axes of the measured value, in two passes in f64. */
bool dlc_engine_measure_split(Engine *engine, const Split *split, Fault *fault);

/* Fills the engine's batch with made samples and measures those: for check and bench
 * without data. */
bool dlc_engine_make_batch(Engine *engine, uint64_t seed, Fault *fault);

/* Means over all samples of a split of every loss and metric, in f64: mean[n_reports];
 * metrics of the split as their counts give them, and tallies stay in the state.
 * `stop`, if not NULL, ends it early. False: stopped, or a sample cannot be read. */
bool dlc_engine_evaluate(Engine *engine, const Split *split, int split_id,
                         const volatile int *stop, double *mean);

#endif
