/* folds.c - `validate: kfold(k)`: k runs from scratch, each with another part of the
 * training samples held out; what they reach, its mean and its spread. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/train/run.h"

static bool form(Loop *l, int64_t fold)
{
    if (!dlc_dataset_fold(l->set, l->model->folds, fold, l->plan->seed, l->fault)) {
        return false;
    }
    l->train = &l->set->split[DLC_TRAIN];
    l->valid = &l->set->split[DLC_VALID];
    if (l->train->count >= (uint32_t)l->model->batch) {
        return true;
    }
    dlc_fault(l->fault, "a fold leaves %u training samples, fewer than one batch of %d",
              (unsigned)l->train->count, l->model->batch);
    return dlc_fault_help(l->fault, "compile with a smaller batch: dlc %s --batch=%u",
                          l->model->source, (unsigned)l->train->count);
}

bool dlc_run_form_fold(Loop *l)
{
    return form(l, l->at.fold);
}

/* OUT/fold3.safetensors */
static char *fold_path(const Loop *l, int64_t fold)
{
    const size_t size = strlen(l->plan->out) + 40;
    char *path = dlc_new(size, 1, "a fold", l->fault);
    if (path != NULL) {
        snprintf(path, size, "%s/fold%lld.safetensors", l->plan->out,
                 (long long)fold + 1);
    }
    return path;
}

/* The fold of the position is trained: its weights and what they reach. */
static Outcome end_fold(Loop *l)
{
    double *value = l->at.folds + l->at.fold * l->model->n_reports;
    char *path = fold_path(l, l->at.fold);
    dlc_run_restore_best(l);
    const bool saved =
        path != NULL && dlc_weights_save(path, l->model, l->engine->state, l->at.seed,
                                         NULL, 0, l->fault);
    free(path);
    if (!saved) {
        return OUTCOME_FAILED;
    }
    if (!dlc_engine_evaluate(l->engine, l->valid, DLC_VALID, &dlc_interrupt, value)) {
        return OUTCOME_INTERRUPTED;
    }
    dlc_progress_fold(l->progress, l->at.fold, value);
    l->at.fold++;
    return OUTCOME_DONE;
}

/* By what `keep` watches, else by the first loss. */
static int64_t best_fold(const Loop *l)
{
    const dlc_watch *keep = &l->model->keep;
    const int report = keep->kind != DLC_WATCH_NONE ? keep->index : 0;
    const double *value = l->at.folds + report;
    int64_t best = 0;
    for (int64_t k = 1; k < l->model->folds; k++) {
        const int n = l->model->n_reports;
        if (isnan(value[best * n]) ||
            dlc_run_is_better(l->model, report, value[k * n], value[best * n])) {
            best = k;
        }
    }
    return best;
}

static void summarize(const Loop *l)
{
    const int n = l->model->n_reports;
    const double k = (double)l->model->folds;
    for (int i = 0; i < n; i++) {
        double sum = 0, square = 0;
        for (int64_t f = 0; f < l->model->folds; f++) {
            sum += l->at.folds[f * n + i];
        }
        for (int64_t f = 0; f < l->model->folds; f++) {
            const double d = l->at.folds[f * n + i] - sum / k;
            square += d * d;
        }
        l->train_mean[i] = sum / k;
        l->valid_mean[i] = sqrt(square / (k - 1));
    }
    dlc_progress_folds(l->progress, best_fold(l), l->train_mean, l->valid_mean);
}

/* What is left over is the best fold: its weights and its splits. */
static bool take_best(Loop *l)
{
    uint64_t seed = l->at.seed;
    char *path = fold_path(l, best_fold(l));
    const bool done =
        path != NULL && form(l, best_fold(l)) &&
        dlc_weights_load(path, l->model, l->engine->state, &seed, l->fault);
    free(path);
    return done;
}

Outcome dlc_run_folds(Loop *l)
{
    while (l->at.fold < l->model->folds) {
        l->progress->fold = l->at.fold + 1;
        Outcome outcome = dlc_run_epochs(l);
        if (outcome == OUTCOME_DONE) {
            outcome = end_fold(l);
        }
        if (outcome != OUTCOME_DONE) {
            return outcome;
        }
        const bool more = l->at.fold < l->model->folds;
        if (more ? !form(l, l->at.fold) || !dlc_run_begin(l) : !dlc_run_save(l)) {
            return OUTCOME_FAILED;
        }
    }
    l->progress->fold = 0;
    summarize(l);
    return take_best(l) ? OUTCOME_DONE : OUTCOME_FAILED;
}
