/* measure.c - data_mean, data_var, data_whitening: statistics of the train split before
 * step 1.
 *
 * Two passes in f64 (mean, then squared deviations), in the order of the samples, so
 * the result depends neither on threads nor on the batch. */
#include <stdlib.h>
#include <string.h>

#include "host/train/engine.h"
#include "host/train/whiten.h"

/* Elements of a tensor's mean: of the last axis where it is a matrix. */
static int64_t n_means(const dlc_tensor *t)
{
    return t->measure == DLC_MEASURE_WHITEN ? t->type.dim[0] : dlc_type_count(&t->type);
}

typedef struct Moments {
    float **out;   /* of each measured value: [batch][...] */
    double **mean; /* of each tensor: sums, then means; NULL: not measured */
    double **squares;
} Moments;

static bool is_measured(const dlc_tensor *t)
{
    return t->measure != DLC_MEASURE_NONE;
}

static bool moments_init(Moments *mo, const dlc_model *m, Fault *fault)
{
    mo->out = dlc_new((size_t)m->n_measured, sizeof *mo->out, "measured values", fault);
    mo->mean = dlc_new((size_t)m->n_tensors, sizeof *mo->mean, "means", fault);
    mo->squares =
        dlc_new((size_t)m->n_tensors, sizeof *mo->squares, "variances", fault);
    if (mo->out == NULL || mo->mean == NULL || mo->squares == NULL) {
        return false;
    }
    for (int j = 0; j < m->n_measured; j++) {
        const size_t count = (size_t)dlc_type_count(&m->measured[j]) * (size_t)m->batch;
        mo->out[j] = dlc_new(count, sizeof(float), "measured values", fault);
        if (mo->out[j] == NULL) {
            return false;
        }
    }
    for (int i = 0; i < m->n_tensors; i++) {
        const size_t count = (size_t)dlc_type_count(&m->tensor[i].type);
        if (!is_measured(&m->tensor[i])) {
            continue;
        }
        mo->mean[i] = dlc_new((size_t)n_means(&m->tensor[i]), sizeof(double),
                              m->tensor[i].name, fault);
        mo->squares[i] = dlc_new(count, sizeof(double), m->tensor[i].name, fault);
        if (mo->mean[i] == NULL || mo->squares[i] == NULL) {
            return false;
        }
    }
    return true;
}

static void moments_release(Moments *mo, const dlc_model *m)
{
    for (int j = 0; mo->out != NULL && j < m->n_measured; j++) {
        free(mo->out[j]);
    }
    for (int i = 0; i < m->n_tensors; i++) {
        free(mo->mean == NULL ? NULL : mo->mean[i]);
        free(mo->squares == NULL ? NULL : mo->squares[i]);
    }
    free(mo->out);
    free(mo->mean);
    free(mo->squares);
}

/* Adds `real` samples to the sums (pass 0) or the squared deviations (pass 1). */
static void add_samples(Moments *mo, const dlc_model *m, int real, int pass)
{
    for (int i = 0; i < m->n_tensors; i++) {
        const dlc_tensor *t = &m->tensor[i];
        if (!is_measured(t)) {
            continue;
        }
        const int64_t k = n_means(t);
        const int64_t n = dlc_type_count(&m->measured[t->measured]) * real;
        const float *value = mo->out[t->measured];
        if (pass == 1 && t->measure == DLC_MEASURE_WHITEN) {
            dlc_covariance_add(mo->squares[i], mo->mean[i], value, n / k, k);
            continue;
        }
        for (int64_t at = 0; at < n; at++) {
            const double x = (double)value[at], d = x - mo->mean[i][at % k];
            if (pass == 0) {
                mo->mean[i][at % k] += x;
            } else {
                mo->squares[i][at % k] += d * d;
            }
        }
    }
}

/* Samples per element: those of the split times the leading axes. */
static double population(const dlc_model *m, const dlc_tensor *t, const Split *split)
{
    return (double)split->count * (double)dlc_type_count(&m->measured[t->measured]) /
           (double)n_means(t);
}

static bool run_pass(Engine *engine, const Split *split, Moments *mo, int pass)
{
    const dlc_model *m = engine->model;
    for (uint32_t first = 0; first < split->count; first += (uint32_t)m->batch) {
        const int real = dlc_batch_gather(&engine->batch, split, NULL, first);
        if (real < 0) {
            return false;
        }
        dlc_engine_measure(engine, mo->out);
        add_samples(mo, m, real, pass);
    }
    for (int i = 0; pass == 0 && i < m->n_tensors; i++) {
        const int64_t k = n_means(&m->tensor[i]);
        for (int64_t e = 0; is_measured(&m->tensor[i]) && e < k; e++) {
            mo->mean[i][e] /= population(m, &m->tensor[i], split);
        }
    }
    return true;
}

/* What was summed becomes what is stored, in place. */
static bool conclude(const dlc_model *m, const Split *split, Moments *mo, Fault *fault)
{
    for (int i = 0; i < m->n_tensors; i++) {
        const dlc_tensor *t = &m->tensor[i];
        const int64_t k = dlc_type_count(&t->type);
        for (int64_t e = 0; t->measure > DLC_MEASURE_MEAN && e < k; e++) {
            mo->squares[i][e] /= population(m, t, split);
        }
        if (t->measure == DLC_MEASURE_WHITEN &&
            !dlc_inverse_root(mo->squares[i], t->type.dim[0], 1e-6, fault)) {
            return false;
        }
    }
    return true;
}

static void store(Engine *engine, const Moments *mo)
{
    const dlc_model *m = engine->model;
    for (int i = 0; i < m->n_tensors; i++) {
        const dlc_tensor *t = &m->tensor[i];
        const int64_t k = dlc_type_count(&t->type);
        const double *from =
            t->measure == DLC_MEASURE_MEAN ? mo->mean[i] : mo->squares[i];
        for (int64_t e = 0; is_measured(t) && e < k; e++) {
            const float f = (float)from[e];
            memcpy(engine->state + t->offset + (size_t)e * sizeof f, &f, sizeof f);
        }
    }
}

bool dlc_engine_measure_split(Engine *engine, const Split *split, Fault *fault)
{
    const dlc_model *m = engine->model;
    bool any = false, variance = false;
    for (int i = 0; i < m->n_tensors; i++) {
        any |= is_measured(&m->tensor[i]);
        variance |= m->tensor[i].measure > DLC_MEASURE_MEAN;
    }
    if (!any || m->measure == NULL) {
        return true;
    }
    Moments mo = { 0 };
    const bool done = moments_init(&mo, m, fault) && run_pass(engine, split, &mo, 0) &&
                      (!variance || run_pass(engine, split, &mo, 1)) &&
                      conclude(m, split, &mo, fault);
    if (done) {
        store(engine, &mo);
    }
    moments_release(&mo, m);
    return done;
}
