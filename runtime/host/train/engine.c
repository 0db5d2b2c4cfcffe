/* engine.c - the engine: calls of the emitted functions, and evaluation of a split. */
#include <stdlib.h>
#include <string.h>

#include "host/train/engine.h"

static size_t metric_bytes(const dlc_model *model)
{
    size_t bytes = 1;
    for (int i = 0; i < model->n_tensors; i++) {
        if (model->tensor[i].role == DLC_METRIC) {
            bytes += dlc_type_bytes(&model->tensor[i].type);
        }
    }
    return bytes;
}

bool dlc_engine_init(Engine *engine, const dlc_model *model, int threads, Fault *fault)
{
    const size_t reports = (size_t)model->n_reports * (size_t)(model->batch + 1);
    *engine = (Engine){ .model = model };
    engine->state = dlc_new(model->state_bytes, 1, "the training state", fault);
    engine->arena = dlc_new(model->arena_bytes, 1, "the arena", fault);
    engine->report = dlc_new(reports, sizeof(float), "reports", fault);
    engine->team = dlc_team_new(threads, fault);
    engine->fresh = dlc_new(metric_bytes(model), 1, "metrics", fault);
    return engine->fresh != NULL && engine->state != NULL && engine->arena != NULL &&
           engine->report != NULL && engine->team != NULL &&
           (model->data == NULL ||
            dlc_batch_init(&engine->batch, model->data->n_fields, model->data->field,
                           model->batch, fault));
}

void dlc_engine_release(Engine *engine)
{
    dlc_batch_release(&engine->batch);
    dlc_team_free(engine->team);
    free(engine->report);
    free(engine->fresh);
    free(engine->arena);
    free(engine->state);
    *engine = (Engine){ 0 };
}

/* Copies the metrics' tensors out of the state, or back into it. */
static void copy_metrics(Engine *engine, bool back)
{
    unsigned char *at = engine->fresh;
    for (int i = 0; i < engine->model->n_tensors; i++) {
        const dlc_tensor *t = &engine->model->tensor[i];
        const size_t bytes = dlc_type_bytes(&t->type);
        if (t->role != DLC_METRIC) {
            continue;
        }
        if (back) {
            memcpy(engine->state + t->offset, at, bytes);
        } else {
            memcpy(at, engine->state + t->offset, bytes);
        }
        at += bytes;
    }
}

void dlc_engine_start(Engine *engine, uint64_t seed)
{
    const dlc_model *m = engine->model;
    m->init(engine->state, seed, engine->arena);
    copy_metrics(engine, false);
    memcpy(engine->state + m->offset_seed, &seed, sizeof seed);
    dlc_engine_set_step(engine, 0);
    dlc_engine_set_epoch(engine, 0, 1);
    dlc_engine_set_lr_scale(engine, 1);
    for (int i = 0; i < m->n_tensors; i++) {
        const dlc_tensor *t = &m->tensor[i];
        const float value = t->measure == DLC_MEASURE_VAR ? 1.0F : 0.0F;
        const int64_t count =
            t->measure == DLC_MEASURE_NONE ? 0 : dlc_type_count(&t->type);
        for (int64_t e = 0; e < count; e++) {
            memcpy(engine->state + t->offset + (size_t)e * sizeof value, &value,
                   sizeof value);
        }
    }
}

void dlc_engine_start_split(Engine *engine)
{
    copy_metrics(engine, true);
}

void dlc_report_add(const dlc_report *report, double *sum, double value)
{
    *sum = report->of_split ? value : *sum + value;
}

double dlc_report_mean(const dlc_report *report, double sum, double n)
{
    return report->of_split ? sum : sum / n;
}

void dlc_engine_set_epoch(Engine *engine, int64_t epoch, int64_t steps_per_epoch)
{
    const float e = (float)epoch, s = (float)steps_per_epoch;
    memcpy(engine->state + engine->model->offset_epoch, &e, sizeof e);
    memcpy(engine->state + engine->model->offset_steps_per_epoch, &s, sizeof s);
}

void dlc_engine_set_total_steps(Engine *engine, int64_t steps)
{
    const float s = (float)steps;
    memcpy(engine->state + engine->model->offset_total_steps, &s, sizeof s);
}

void dlc_engine_set_step(Engine *engine, int64_t step)
{
    const uint32_t s = (uint32_t)step;
    memcpy(engine->state + engine->model->offset_step, &s, sizeof s);
}

float dlc_engine_lr_scale(const Engine *engine)
{
    float scale;
    memcpy(&scale, engine->state + engine->model->offset_lr_scale, sizeof scale);
    return scale;
}

void dlc_engine_set_lr_scale(Engine *engine, float scale)
{
    memcpy(engine->state + engine->model->offset_lr_scale, &scale, sizeof scale);
}

typedef struct Call {
    Engine *engine;
    uint32_t split, first;
    float *const *out;
} Call;

static const void *const *fields(const Engine *engine)
{
    return (const void *const *)engine->batch.data;
}

static void call_step(void *arg, const dlc_team *member)
{
    Engine *e = ((const Call *)arg)->engine;
    e->model->step(e->state, fields(e), e->report, e->arena, member);
}

static void call_eval(void *arg, const dlc_team *member)
{
    const Call *call = arg;
    Engine *e = call->engine;
    (e->int8 ? e->model->eval_int8 : e->model->eval)(
        e->state, fields(e), e->report, call->split, call->first, e->arena, member);
}

static void call_grad(void *arg, const dlc_team *member)
{
    const Call *call = arg;
    Engine *e = call->engine;
    e->model->grad(e->state, fields(e), call->out, e->report, e->arena, member);
}

static void call_measure(void *arg, const dlc_team *member)
{
    const Call *call = arg;
    Engine *e = call->engine;
    e->model->measure(e->state, fields(e), call->out, e->arena, member);
}

static void call_observe(void *arg, const dlc_team *member)
{
    const Call *call = arg;
    Engine *e = call->engine;
    e->model->observe(e->state, fields(e), call->out, e->arena, member);
}

static void call_compare(void *arg, const dlc_team *member)
{
    const Call *call = arg;
    Engine *e = call->engine;
    e->model->compare(e->state, fields(e), call->out, e->arena, member);
}

void dlc_engine_step(Engine *engine)
{
    Call call = { .engine = engine };
    dlc_team_run(engine->team, call_step, &call);
}

void dlc_engine_eval(Engine *engine, int split, uint32_t first)
{
    Call call = { .engine = engine, .split = (uint32_t)split, .first = first };
    dlc_team_run(engine->team, call_eval, &call);
}

void dlc_engine_grad(Engine *engine, float *const *gradient)
{
    Call call = { .engine = engine, .out = gradient };
    dlc_team_run(engine->team, call_grad, &call);
}

void dlc_engine_measure(Engine *engine, float *const *out)
{
    Call call = { .engine = engine, .out = out };
    dlc_team_run(engine->team, call_measure, &call);
}

void dlc_engine_observe(Engine *engine, float *const *out)
{
    Call call = { .engine = engine, .out = out };
    dlc_team_run(engine->team, call_observe, &call);
}

void dlc_engine_compare(Engine *engine, float *const *out)
{
    Call call = { .engine = engine, .out = out };
    dlc_team_run(engine->team, call_compare, &call);
}

bool dlc_engine_make_batch(Engine *engine, uint64_t seed, Fault *fault)
{
    const dlc_data *data = engine->model->data;
    const int size = engine->model->batch, n = data->n_fields;
    Batch made = { 0 };
    Table table;
    uint32_t *index = dlc_new((size_t)size, sizeof *index, "made samples", fault);
    bool done = dlc_table_init(&table, n, data->field, fault) && index != NULL &&
                dlc_batch_init(&made, n, data->field, size, fault);
    if (done) {
        const Split split = { .table = &table,
                              .index = index,
                              .count = (uint32_t)size };
        dlc_batch_make(&made, seed);
        for (int f = 0; f < n; f++) { /* the table's from now on */
            table.column[f] = made.data[f];
            made.data[f] = NULL;
        }
        table.count = size;
        for (int i = 0; i < size; i++) {
            index[i] = (uint32_t)i;
        }
        done = dlc_engine_measure_split(engine, &split, fault);
        dlc_batch_gather(&engine->batch, &split, NULL, 0);
    }
    dlc_batch_release(&made);
    dlc_table_release(&table);
    free(index);
    return done;
}

bool dlc_engine_evaluate(Engine *engine, const Split *split, int split_id,
                         const volatile int *stop, double *mean)
{
    const dlc_model *m = engine->model;
    for (int i = 0; i < m->n_reports; i++) {
        mean[i] = 0;
    }
    dlc_engine_start_split(engine);
    for (uint32_t first = 0; first < split->count; first += (uint32_t)m->batch) {
        if (stop != NULL && *stop != 0) {
            return false;
        }
        const int real = dlc_batch_gather(&engine->batch, split, NULL, first);
        if (real < 0) {
            return false;
        }
        dlc_engine_eval(engine, split_id, first);
        for (int i = 0; i < m->n_reports; i++) {
            for (int s = 0; s < real; s++) {
                dlc_report_add(&m->report[i], &mean[i],
                               (double)engine->report[i * m->batch + s]);
            }
        }
    }
    for (int i = 0; i < m->n_reports; i++) {
        mean[i] = dlc_report_mean(&m->report[i], mean[i], split->count);
    }
    return true;
}
