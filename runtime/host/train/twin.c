/* twin.c - see twin.h. */
#include <stdlib.h>
#include <string.h>

#include "host/train/twin.h"

static double **arrays_new(int n, Fault *fault)
{
    return dlc_new((size_t)n, sizeof(double *), "the twin in f64", fault);
}

static double *array_new(int64_t count, Fault *fault)
{
    return dlc_new((size_t)count, sizeof(double), "the twin in f64", fault);
}

static bool copy_tensors(Twin *t, Fault *fault)
{
    const dlc_model *m = t->engine->model;
    for (int i = 0; i < m->n_tensors; i++) {
        const int64_t count = dlc_type_count(&m->tensor[i].type);
        const bool is_measured = m->tensor[i].measure != DLC_MEASURE_NONE;
        if ((m->tensor[i].role == DLC_OPTIMIZER && !is_measured) ||
            m->tensor[i].role == DLC_METRIC) {
            continue;
        }
        t->tensor[i] = array_new(count, fault);
        if (t->tensor[i] == NULL) {
            return false;
        }
        const float *from =
            (const float *)(const void *)(t->engine->state + m->tensor[i].offset);
        for (int64_t e = 0; e < count; e++) {
            t->tensor[i][e] = (double)from[e];
        }
    }
    return true;
}

static bool copy_fields(Twin *t, Fault *fault)
{
    const dlc_data *data = t->engine->model->data;
    for (int f = 0; f < data->n_fields; f++) {
        const int64_t count =
            dlc_type_count(&data->field[f].type) * t->engine->model->batch;
        if (data->field[f].type.dtype != DLC_F32) {
            const size_t bytes =
                (size_t)count * (size_t)dlc_dtype_bytes(data->field[f].type.dtype);
            t->field[f] = dlc_new(bytes, 1, "the twin in f64", fault);
            if (t->field[f] == NULL) {
                return false;
            }
            memcpy(t->field[f], t->engine->batch.data[f], bytes);
            continue;
        }
        double *to = array_new(count, fault);
        const float *from = (const float *)(const void *)t->engine->batch.data[f];
        t->field[f] = to;
        if (to == NULL) {
            return false;
        }
        for (int64_t e = 0; e < count; e++) {
            to[e] = (double)from[e];
        }
    }
    return true;
}

static void evaluate(const Twin *t)
{
    const dlc_losses *l = t->engine->model->losses;
    l->run(t->engine->state, (const double *const *)t->tensor,
           (const void *const *)t->field, (const double *const *)t->frozen, t->loss,
           t->stopped, t->arena);
}

/* One may feed the next, so the last is known after as many evaluations as there are.
 */
static bool freeze(Twin *t, Fault *fault)
{
    const dlc_losses *l = t->engine->model->losses;
    for (int k = 0; k < l->n_frozen; k++) {
        t->frozen[k] = array_new(l->frozen_count[k], fault);
        t->stopped[k] = array_new(l->frozen_count[k], fault);
        if (t->frozen[k] == NULL || t->stopped[k] == NULL) {
            return false;
        }
    }
    for (int i = 0; i < l->n_frozen; i++) {
        evaluate(t);
        for (int k = 0; k < l->n_frozen; k++) {
            memcpy(t->frozen[k], t->stopped[k],
                   (size_t)l->frozen_count[k] * sizeof(double));
        }
    }
    return true;
}

bool dlc_twin_init(Twin *twin, const Engine *engine, Fault *fault)
{
    const dlc_model *m = engine->model;
    const dlc_losses *l = m->losses;
    *twin = (Twin){ .engine = engine };
    twin->tensor = arrays_new(m->n_tensors, fault);
    twin->field =
        dlc_new((size_t)m->data->n_fields, sizeof(void *), "the twin in f64", fault);
    twin->frozen = arrays_new(l->n_frozen + 1, fault);
    twin->stopped = arrays_new(l->n_frozen + 1, fault);
    twin->loss = array_new(l->n_losses, fault);
    twin->arena = dlc_new(l->arena_bytes, 1, "the twin in f64", fault);
    return twin->tensor != NULL && twin->field != NULL && twin->frozen != NULL &&
           twin->stopped != NULL && twin->loss != NULL && twin->arena != NULL &&
           copy_tensors(twin, fault) && copy_fields(twin, fault) && freeze(twin, fault);
}

static void arrays_free(double **array, int n)
{
    for (int i = 0; array != NULL && i < n; i++) {
        free(array[i]);
    }
    free(array);
}

void dlc_twin_release(Twin *twin)
{
    if (twin->engine == NULL) {
        return;
    }
    const dlc_model *m = twin->engine->model;
    for (int f = 0; twin->field != NULL && f < m->data->n_fields; f++) {
        free(twin->field[f]);
    }
    free(twin->field);
    arrays_free(twin->tensor, m->n_tensors);
    arrays_free(twin->frozen, m->losses->n_frozen);
    arrays_free(twin->stopped, m->losses->n_frozen);
    free(twin->loss);
    free(twin->arena);
    *twin = (Twin){ 0 };
}

double dlc_twin_loss(const Twin *twin, int tensor)
{
    const dlc_losses *l = twin->engine->model->losses;
    double sum = 0;
    evaluate(twin);
    for (int j = 0; j < l->n_losses; j++) {
        sum += (l->counts[tensor] >> j & 1) != 0 ? twin->loss[j] : 0;
    }
    return sum;
}
