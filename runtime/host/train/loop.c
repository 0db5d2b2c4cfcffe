/* loop.c - the training loop.
 *
 * A run is a walk over positions (checkpoint.h): every decision is a function of the
 * position, so a run that stops at any of them and goes on from its checkpoint makes
 * the same steps. An epoch ends in three stages, of which only the whole is visible in
 * a checkpoint: validation, watches, history. */
#include "host/train/run.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/data/order.h"
#include "host/train/pretrained.h"

enum { CHECKPOINT_SECONDS = 10 };

volatile int dlc_interrupt = 0;

static void on_signal(int number)
{
    dlc_interrupt = number;
}

void dlc_interrupt_listen(void)
{
    struct sigaction action = { .sa_handler = on_signal,
                                .sa_flags = (int)SA_RESETHAND };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static char *path_in(const char *folder, const char *name, Fault *fault)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = dlc_new(size, 1, name, fault);
    if (path != NULL) {
        snprintf(path, size, "%s/%s", folder, name);
    }
    return path;
}

static bool loop_init(Loop *l)
{
    const size_t reports = (size_t)l->model->n_reports;
    Fault *fault = l->fault;
    l->n_batches = l->train->count / (uint32_t)l->model->batch;
    l->order = dlc_new(l->train->all, sizeof *l->order, "the order", fault);
    l->beside = dlc_new(l->train->beside != NULL ? l->train->beside->all : 0,
                        sizeof *l->beside, "the order", fault);
    l->loader =
        dlc_loader_new(l->set->data, l->model->batch, (int)l->plan->threads, fault);
    l->best = dlc_new(l->model->state_bytes, 1, "the best epoch", fault);
    l->at.sum = dlc_new(reports, sizeof(double), "sums", fault);
    l->at.folds =
        dlc_new(reports * (size_t)l->model->folds, sizeof(double), "folds", fault);
    l->train_mean = dlc_new(reports, sizeof(double), "means", fault);
    l->valid_mean = dlc_new(reports, sizeof(double), "means", fault);
    l->checkpoint = path_in(l->plan->out, "checkpoint.safetensors", fault);
    l->weights = path_in(l->plan->out, "model.safetensors", fault);
    l->csv = path_in(l->plan->out, "history.csv", fault);
    return l->order != NULL && l->beside != NULL && l->loader != NULL &&
           l->best != NULL && l->at.sum != NULL && l->at.folds != NULL &&
           l->train_mean != NULL && l->valid_mean != NULL && l->checkpoint != NULL &&
           l->weights != NULL && l->csv != NULL;
}

static void loop_release(Loop *l)
{
    dlc_history_close(&l->history);
    dlc_loader_free(l->loader);
    free(l->order);
    free(l->beside);
    free(l->best);
    free(l->at.sum);
    free(l->at.folds);
    free(l->train_mean);
    free(l->valid_mean);
    free(l->checkpoint);
    free(l->weights);
    free(l->csv);
}

bool dlc_run_save(Loop *l)
{
    l->at.lr_scale = dlc_engine_lr_scale(l->engine);
    l->saved = dlc_clock();
    return dlc_checkpoint_save(l->checkpoint, l->model, l->engine->state,
                               l->at.best_epoch >= 0 ? l->best : NULL, &l->at,
                               l->fault);
}

static bool check_watch(const Loop *l, const dlc_watch *watch, const char *setting)
{
    if (watch->kind == DLC_WATCH_NONE || watch->split != DLC_VALID ||
        l->valid != NULL) {
        return true;
    }
    dlc_fault(l->fault, "%s watches %s on valid, but there is no valid split", setting,
              l->model->report[watch->index].name);
    return dlc_fault_help(l->fault, "say `valid: take(train, n)` or `validate: 0.1`");
}

bool dlc_run_begin(Loop *l)
{
    const size_t sums = (size_t)l->model->n_reports * sizeof(double);
    Position *at = &l->at;
    dlc_engine_start(l->engine, l->plan->seed);
    if (!dlc_engine_measure_split(l->engine, l->train, l->fault) ||
        (l->plan->load != NULL &&
         !dlc_pretrained_load(l->plan->load, l->model, l->engine->state, l->plan->names,
                              at->fold > 0 || l->progress->quiet ? NULL : l->progress,
                              l->fault))) {
        return false;
    }
    at->seed = l->plan->seed;
    at->samples = l->train->count + (l->model->folds > 0 ? l->valid->count : 0);
    at->steps = at->epoch = at->batch = 0;
    at->best_epoch = at->stop_epoch = at->plateau_epoch = -1;
    at->waited = at->plateau_waited = 0;
    memset(at->sum, 0, sums);
    return dlc_run_save(l);
}

static bool start_fresh(Loop *l)
{
    return dlc_run_begin(l) && dlc_history_open(&l->history, l->csv, l->model,
                                                l->valid != NULL, 0, l->fault);
}

static bool start_from_checkpoint(Loop *l)
{
    dlc_engine_start(l->engine, l->plan->seed);
    if (!dlc_checkpoint_load(l->checkpoint, l->model, l->engine->state, l->best, &l->at,
                             l->fault)) {
        return false;
    }
    if (l->at.seed != l->plan->seed) {
        return dlc_fault(l->fault, "%s has seed %llu, not %llu", l->checkpoint,
                         (unsigned long long)l->at.seed,
                         (unsigned long long)l->plan->seed);
    }
    if (l->model->folds > 0 && (l->at.fold < 0 || l->at.fold > l->model->folds)) {
        return dlc_fault(l->fault, "%s: its position makes no sense", l->checkpoint);
    }
    if (l->at.fold < l->model->folds && !dlc_run_form_fold(l)) {
        return false;
    }
    const uint32_t samples =
        l->train->count + (l->model->folds > 0 ? l->valid->count : 0);
    if (l->at.samples != (int64_t)samples) {
        return dlc_fault(l->fault,
                         "%s was made with %lld training samples, now there are"
                         " %u",
                         l->checkpoint, (long long)l->at.samples, (unsigned)samples);
    }
    if (l->at.batch < 0 || l->at.batch > l->n_batches || l->at.epoch < 0 ||
        l->at.steps < l->at.batch || l->at.steps > UINT32_MAX) {
        return dlc_fault(l->fault, "%s: its position makes no sense", l->checkpoint);
    }
    dlc_engine_set_step(l->engine, l->at.steps);
    dlc_engine_set_lr_scale(l->engine, l->at.lr_scale);
    l->saved = dlc_clock();
    return dlc_history_open(&l->history, l->csv, l->model, l->valid != NULL,
                            l->at.history_rows, l->fault);
}

static bool steps_left(const Loop *l)
{
    return l->plan->steps == 0 || l->at.steps < l->plan->steps;
}

static bool is_finished(const Loop *l)
{
    const dlc_watch *stop = &l->model->stop;
    if (l->at.batch > 0) {
        return false;
    }
    if (stop->kind != DLC_WATCH_NONE && stop->patience > 0 &&
        l->at.waited >= stop->patience) {
        return true;
    }
    return l->plan->steps > 0 ? l->at.steps >= l->plan->steps
                              : l->at.epoch >= l->plan->epochs;
}

/* Of the run, as --epochs or --steps or the program has it: what a cosine spans. */
static int64_t total_steps(const Loop *l)
{
    return l->plan->steps > 0 ? l->plan->steps : l->plan->epochs * l->n_batches;
}

/* Samples of a second block have an order of their own. */
static void start_beside(Loop *l)
{
    Split *split = l->train->beside;
    if (split == NULL) {
        return;
    }
    const bool shuffle = l->model->shuffle == DLC_ORDER_OF_DATA
                             ? l->set->beside->data->shuffle
                             : l->model->shuffle == DLC_SHUFFLE;
    Random random = dlc_random(l->at.seed, PURPOSE_BESIDE, (uint32_t)l->at.epoch);
    dlc_order_once(l->beside, split->all, shuffle, &random);
}

static bool start_epoch(Loop *l)
{
    const dlc_model *m = l->model;
    const bool shuffle = m->shuffle == DLC_ORDER_OF_DATA ? l->set->data->shuffle
                                                         : m->shuffle == DLC_SHUFFLE;
    Random random = dlc_random(l->at.seed, PURPOSE_EPOCH, (uint32_t)l->at.epoch);
    l->n_batches = l->train->count / (uint32_t)m->batch;
    if (m->resample == 0) {
        dlc_order_once(l->order, l->train->all, shuffle, &random);
    } else if (!dlc_order_balanced(l->order, l->train, m->resample - 1, &random,
                                   l->fault)) {
        return false;
    }
    start_beside(l);
    dlc_engine_set_epoch(l->engine, l->at.epoch, l->n_batches);
    dlc_engine_set_total_steps(l->engine, total_steps(l));
    if (l->at.batch == 0) {
        dlc_engine_start_split(l->engine);
    }
    l->epoch_started = dlc_clock();
    l->epoch_samples = 0;
    return true;
}

static Outcome walk_epoch(Loop *l)
{
    const int batch = l->model->batch;
    while (l->at.batch < l->n_batches && steps_left(l)) {
        if (!dlc_loader_next(l->loader, &l->engine->batch, l->fault)) {
            return OUTCOME_FAILED;
        }
        dlc_engine_step(l->engine);
        for (int i = 0; i < l->model->n_reports; i++) {
            dlc_report_add(&l->model->report[i], &l->at.sum[i],
                           (double)l->engine->report[i]);
        }
        l->at.batch++;
        l->at.steps++;
        l->epoch_samples += batch;
        dlc_progress_step(l->progress, l->at.epoch, l->at.batch, l->n_batches,
                          l->at.steps, l->at.sum);
        if (l->model->log_every > 0 && l->at.steps % l->model->log_every == 0) {
            dlc_progress_log(l->progress, l->at.epoch, l->at.batch, l->n_batches,
                             l->at.steps, l->at.sum);
        }
        const bool due = l->plan->checkpoint_every > 0 &&
                         l->at.steps % l->plan->checkpoint_every == 0;
        if (dlc_interrupt != 0 || due ||
            (l->at.steps % 16 == 0 && dlc_clock() - l->saved > CHECKPOINT_SECONDS)) {
            if (!dlc_run_save(l)) {
                return OUTCOME_FAILED;
            }
        }
        if (dlc_interrupt != 0) {
            return OUTCOME_INTERRUPTED;
        }
    }
    return OUTCOME_DONE;
}

/* Steps to the end of the epoch. */
static Outcome run_steps(Loop *l)
{
    const Walk walk = { .split = l->train,
                        .order = l->order,
                        .seed = l->at.seed,
                        .epoch = l->at.epoch,
                        .first = l->at.batch,
                        .end = l->n_batches };
    Split *beside = l->train->beside;
    if (beside != NULL) { /* only here it is read in the order of the epoch */
        beside->order = l->beside;
    }
    dlc_loader_start(l->loader, &walk);
    const Outcome outcome = walk_epoch(l);
    dlc_loader_stop(l->loader);
    if (beside != NULL) {
        beside->order = NULL;
    }
    return outcome;
}

static double watched(const Loop *l, const dlc_watch *watch)
{
    return watch->split == DLC_VALID ? l->valid_mean[watch->index]
                                     : l->train_mean[watch->index];
}

bool dlc_run_is_better(const dlc_model *model, int report, double value, double best)
{
    const dlc_report *r = &model->report[report];
    return r->larger_is_better && !r->is_loss ? value > best : value < best;
}

/* True if a value is better than the best so far (epoch < 0: there is none). */
static bool is_better(const Loop *l, const dlc_watch *watch, double value, double best,
                      int64_t epoch)
{
    return !isnan(value) &&
           (epoch < 0 || dlc_run_is_better(l->model, watch->index, value, best));
}

/* lr=plateau(...): after `patience` epochs without a better loss the rate falls. */
static void update_plateau(Loop *l)
{
    const dlc_plateau *p = &l->model->plateau;
    Position *at = &l->at;
    if (!p->set) {
        return;
    }
    const double value =
        l->valid != NULL ? l->valid_mean[p->index] : l->train_mean[p->index];
    at->plateau_waited++;
    if (!isnan(value) && (at->plateau_epoch < 0 || value < at->plateau_best)) {
        at->plateau_best = value;
        at->plateau_epoch = at->epoch;
        at->plateau_waited = 0;
    }
    if (at->plateau_waited >= p->patience) {
        const float scale = dlc_engine_lr_scale(l->engine) * (float)p->factor;
        dlc_engine_set_lr_scale(l->engine, scale);
        at->plateau_waited = 0;
    }
}

/* Updates `keep` and `stop`. Returns true if this epoch is the best for `keep`. */
static bool update_watches(Loop *l)
{
    const dlc_watch *keep = &l->model->keep, *stop = &l->model->stop;
    bool best = false;
    if (keep->kind != DLC_WATCH_NONE) {
        const double value = watched(l, keep);
        best = is_better(l, keep, value, l->at.best, l->at.best_epoch);
        if (best) {
            l->at.best = value;
            l->at.best_epoch = l->at.epoch;
            memcpy(l->best, l->engine->state, l->model->state_bytes);
        }
    }
    if (stop->kind != DLC_WATCH_NONE) {
        const double value = watched(l, stop);
        l->at.waited++;
        if (is_better(l, stop, value, l->at.stop_best, l->at.stop_epoch)) {
            l->at.stop_best = value;
            l->at.stop_epoch = l->at.epoch;
            l->at.waited = 0;
        }
    }
    return best;
}

static Outcome end_epoch(Loop *l)
{
    for (int i = 0; i < l->model->n_reports; i++) {
        l->train_mean[i] =
            dlc_report_mean(&l->model->report[i], l->at.sum[i], (double)l->at.batch);
    }
    const double trained = dlc_clock() - l->epoch_started;
    if (l->valid != NULL && !dlc_engine_evaluate(l->engine, l->valid, DLC_VALID,
                                                 &dlc_interrupt, l->valid_mean)) {
        if (dlc_interrupt == 0) {
            return OUTCOME_FAILED;
        }
        return dlc_run_save(l) ? OUTCOME_INTERRUPTED : OUTCOME_FAILED;
    }
    const bool best = update_watches(l);
    const HistoryRow row = { .fold = l->at.fold + 1,
                             .epoch = l->at.epoch + 1,
                             .steps = l->at.steps,
                             .lr_scale = (double)dlc_engine_lr_scale(l->engine),
                             .train = l->train_mean,
                             .valid = l->valid_mean,
                             .seconds = dlc_clock() - l->epoch_started };
    l->progress->lr_scale = row.lr_scale;
    update_plateau(l);
    if (!dlc_history_add(&l->history, &row, l->fault)) {
        return OUTCOME_FAILED;
    }
    dlc_progress_epoch(l->progress, l->at.epoch, l->train_mean,
                       l->valid != NULL ? l->valid_mean : NULL, l->epoch_samples,
                       trained, best);
    l->at.history_rows++;
    l->at.epoch++;
    l->at.batch = 0;
    memset(l->at.sum, 0, (size_t)l->model->n_reports * sizeof(double));
    if (dlc_clock() - l->saved > CHECKPOINT_SECONDS && !dlc_run_save(l)) {
        return OUTCOME_FAILED;
    }
    return OUTCOME_DONE;
}

Outcome dlc_run_epochs(Loop *l)
{
    while (!is_finished(l)) {
        Outcome outcome = start_epoch(l) ? run_steps(l) : OUTCOME_FAILED;
        if (outcome == OUTCOME_DONE) {
            outcome = end_epoch(l);
        }
        if (outcome != OUTCOME_DONE) {
            return outcome;
        }
    }
    return dlc_run_save(l) ? OUTCOME_DONE : OUTCOME_FAILED;
}

void dlc_run_restore_best(Loop *l)
{
    for (int i = 0; l->at.best_epoch >= 0 && i < l->model->n_tensors; i++) {
        const dlc_tensor *t = &l->model->tensor[i];
        if ((WEIGHTS_NET & 1u << t->role) != 0) {
            memcpy(l->engine->state + t->offset, l->best + t->offset,
                   dlc_type_bytes(&t->type));
        }
    }
}

static bool save_weights(const Loop *l, const char *path)
{
    return dlc_weights_save(path, l->model, l->engine->state, l->at.seed, NULL, 0,
                            l->fault);
}

static void say_where(const Loop *l)
{
    const char *more = l->model->save;
    if (l->progress->quiet || l->progress->json) {
        return;
    }
    if (l->model->folds == 0 && l->at.best_epoch >= 0) {
        fprintf(l->progress->out, "kept epoch %lld; ", (long long)l->at.best_epoch + 1);
    }
    fprintf(l->progress->out, "weights in %s%s%s\n", l->weights,
            more != NULL ? " and " : "", more != NULL ? more : "");
}

/* Writes the weights and prints one line a split. */
static Outcome finish(Loop *l)
{
    double *value[DLC_SPLITS] = { NULL };
    bool done = true;
    if (l->model->folds == 0) {
        dlc_run_restore_best(l);
    }
    if (!save_weights(l, l->weights) ||
        (l->model->save != NULL && !save_weights(l, l->model->save))) {
        return OUTCOME_FAILED;
    }
    for (int s = DLC_TRAIN; done && s <= DLC_TEST; s++) {
        const Split *split = &l->set->split[s];
        if (split->table == NULL) {
            continue;
        }
        value[s] =
            dlc_new((size_t)l->model->n_reports, sizeof(double), "means", l->fault);
        done = value[s] != NULL &&
               dlc_engine_evaluate(l->engine, split, s, &dlc_interrupt, value[s]);
    }
    if (done) {
        say_where(l);
        dlc_progress_result(l->progress, value);
    }
    for (int s = 0; s < DLC_SPLITS; s++) {
        if (done && l->plan->closing != NULL) {
            l->plan->closing->value[s] = value[s];
        } else {
            free(value[s]);
        }
    }
    if (done && l->plan->closing != NULL) {
        l->plan->closing->kept = l->at.best_epoch;
    }
    if (done) {
        return OUTCOME_DONE;
    }
    return dlc_interrupt != 0 ? OUTCOME_INTERRUPTED : OUTCOME_FAILED;
}

static Outcome run(Loop *l)
{
    const bool exists = access(l->checkpoint, F_OK) == 0;
    if (l->plan->resume && !exists) {
        fprintf(stderr,
                "%s: note: no checkpoint in %s, training starts from the"
                " beginning\n",
                l->model->name, l->plan->out);
    }
    if (l->plan->resume && exists ? !start_from_checkpoint(l) : !start_fresh(l)) {
        return OUTCOME_FAILED;
    }
    l->progress->epochs = l->plan->steps > 0 ? 0 : l->plan->epochs;
    l->progress->steps = total_steps(l);
    l->progress->steps_before = l->at.steps;
    dlc_progress_start(l->progress, l->train->count,
                       l->valid != NULL ? l->valid->count : 0, l->plan->threads,
                       l->at.seed);
    Outcome outcome = l->model->folds > 0 ? dlc_run_folds(l) : dlc_run_epochs(l);
    if (outcome == OUTCOME_DONE) {
        outcome = finish(l);
    }
    dlc_progress_clear(l->progress);
    if (outcome == OUTCOME_INTERRUPTED) {
        fprintf(stderr,
                "%s: interrupted after step %lld, saved %s\n%s: resume with: %s\n",
                l->model->name, (long long)l->at.steps, l->checkpoint, l->model->name,
                l->plan->resume_command);
    }
    return outcome;
}

Outcome dlc_train(Engine *engine, Dataset *set, const Plan *plan, Progress *progress,
                  Fault *fault)
{
    const Split *valid = &set->split[DLC_VALID];
    Loop l = {
        .engine = engine,
        .model = engine->model,
        .set = set,
        .train = &set->split[DLC_TRAIN],
        .valid = valid->table != NULL ? valid : NULL,
        .plan = plan,
        .progress = progress,
        .fault = fault,
        .history = { .handle = -1 },
    };
    Outcome outcome = OUTCOME_FAILED;
    if (l.train->table == NULL) {
        dlc_fault(fault, "data %s has no train split", set->data->name);
    } else if (l.train->count < (uint32_t)l.model->batch) {
        dlc_fault(fault, "the train split has %u samples, fewer than one batch of %d",
                  (unsigned)l.train->count, l.model->batch);
        dlc_fault_help(fault, "compile with a smaller batch: dlc %s --batch=%u",
                       l.model->source, (unsigned)l.train->count);
    } else if (loop_init(&l) && (l.model->folds == 0 || dlc_run_form_fold(&l)) &&
               check_watch(&l, &l.model->stop, "stop") &&
               check_watch(&l, &l.model->keep, "keep")) {
        outcome = run(&l);
    }
    loop_release(&l);
    return outcome;
}
