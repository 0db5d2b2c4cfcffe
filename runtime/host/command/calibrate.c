/* calibrate.c - the command `calibrate`: which values the activations take, for the
 * compiler's int8.
 *
 * Two passes over the samples, in their order: the range of each value of the nets that
 * are to be quantized, then a histogram of it. Both go into the metadata of the weights
 * file, "calibration/PATH": "LOW HIGH COUNT ...", where `dlc --weights` finds them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/text.h"
#include "host/session.h"
#include "host/train/weights.h"

enum { BINS = 512, KEY_SIZE = 512 };

typedef struct Observed { /* all calls of one value */
    char key[KEY_SIZE];
    double low, high;
    int64_t count[BINS];
} Observed;

typedef struct Calibrator {
    Session *session;
    Split split;
    float **out;     /* of each observed value: [batch][...] */
    int *of;         /* of each: its entry in `value` */
    Observed *value; /* room for all */
    int n_values;
} Calibrator;

/* "lenet/conv2/add#2" is another call of "lenet/conv2/add". */
static bool add_value(Calibrator *c, int i, const char *name)
{
    char key[KEY_SIZE];
    const int length = (int)strcspn(name, "#");
    const int n = snprintf(key, sizeof key, "calibration/%.*s", length, name);
    if (n < 0 || n >= KEY_SIZE) {
        return dlc_fault(&c->session->fault, "the path %s is too long", name);
    }
    for (int k = 0; k < c->n_values; k++) {
        if (strcmp(c->value[k].key, key) == 0) {
            c->of[i] = k;
            return true;
        }
    }
    Observed *o = &c->value[c->n_values];
    memcpy(o->key, key, sizeof key);
    o->low = INFINITY;
    o->high = -INFINITY;
    c->of[i] = c->n_values++;
    return true;
}

static bool calibrator_init(Calibrator *c, Session *s)
{
    const dlc_model *m = s->model;
    const size_t n = (size_t)m->n_observed;
    *c = (Calibrator){ .session = s, .split = s->set.split[m->observe_split] };
    if (m->observe_count > 0 && m->observe_count < (int64_t)c->split.count) {
        c->split.count = (uint32_t)m->observe_count;
    }
    c->out = dlc_new(n, sizeof *c->out, "observed values", &s->fault);
    c->of = dlc_new(n, sizeof *c->of, "observed values", &s->fault);
    c->value = dlc_new(n, sizeof *c->value, "histograms", &s->fault);
    if (c->out == NULL || c->of == NULL || c->value == NULL) {
        return false;
    }
    for (int i = 0; i < m->n_observed; i++) {
        const dlc_value *v = &m->observed[i];
        const size_t count = (size_t)dlc_type_count(&v->type) * (size_t)m->batch;
        c->out[i] = dlc_new(count, sizeof(float), v->name, &s->fault);
        if (c->out[i] == NULL || !add_value(c, i, v->name)) {
            return false;
        }
    }
    return true;
}

static void calibrator_release(Calibrator *c)
{
    for (int i = 0; c->out != NULL && i < c->session->model->n_observed; i++) {
        free(c->out[i]);
    }
    free(c->out);
    free(c->of);
    free(c->value);
}

static int bin_of(const Observed *o, double x)
{
    const double width = o->high - o->low;
    const int bin = width > 0 ? (int)((x - o->low) / width * BINS) : 0;
    return bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
}

/* Elements of the first `real` samples of value i: ranges (pass 0), counts (pass 1). */
static bool add_samples(Calibrator *c, int i, int real, int pass)
{
    const dlc_value *v = &c->session->model->observed[i];
    const int64_t n = dlc_type_count(&v->type) * real;
    Observed *o = &c->value[c->of[i]];
    for (int64_t e = 0; e < n; e++) {
        const double x = (double)c->out[i][e];
        if (!isfinite(x)) {
            return dlc_fault(&c->session->fault, "%s is not finite for some samples",
                             v->name);
        }
        if (pass == 0) {
            o->low = x < o->low ? x : o->low;
            o->high = x > o->high ? x : o->high;
        } else {
            o->count[bin_of(o, x)]++;
        }
    }
    return true;
}

static bool run_pass(Calibrator *c, int pass)
{
    Engine *engine = &c->session->engine;
    const dlc_model *m = c->session->model;
    for (uint32_t first = 0; first < c->split.count; first += (uint32_t)m->batch) {
        const int real = dlc_batch_gather(&engine->batch, &c->split, NULL, first);
        if (real < 0) {
            return false;
        }
        dlc_engine_observe(engine, c->out);
        for (int i = 0; i < m->n_observed; i++) {
            if (!add_samples(c, i, real, pass)) {
                return false;
            }
        }
    }
    return true;
}

/* "LOW HIGH COUNT ..." in new memory; NULL: reported. */
static char *histogram_text(const Observed *o, Fault *fault)
{
    const size_t size = 64 + BINS * 21;
    char *text = dlc_new(size, 1, "histograms", fault);
    if (text == NULL) {
        return NULL;
    }
    size_t at = (size_t)snprintf(text, size, "%.9g %.9g", o->low, o->high);
    for (int b = 0; b < BINS; b++) {
        at += (size_t)snprintf(text + at, size - at, " %lld", (long long)o->count[b]);
    }
    return text;
}

static bool save(Calibrator *c, const char *path)
{
    Session *s = c->session;
    SafeMeta *meta =
        dlc_new((size_t)c->n_values, sizeof *meta, "histograms", &s->fault);
    char **text = dlc_new((size_t)c->n_values, sizeof *text, "histograms", &s->fault);
    bool done = meta != NULL && text != NULL;
    for (int i = 0; done && i < c->n_values; i++) {
        text[i] = histogram_text(&c->value[i], &s->fault);
        meta[i] = (SafeMeta){ c->value[i].key, text[i] };
        done = text[i] != NULL;
    }
    done = done && dlc_weights_save(path, s->model, s->engine.state, s->seed, meta,
                                    c->n_values, &s->fault);
    for (int i = 0; text != NULL && i < c->n_values; i++) {
        free(text[i]);
    }
    free(text);
    free(meta);
    return done;
}

bool dlc_command_calibrate(Session *session, int *status)
{
    Session *s = session;
    const dlc_model *m = s->model;
    char path[400], count[DLC_NUMBER_SIZE];
    Calibrator c = { .session = s };
    (void)status;
    if (m->observe == NULL) {
        dlc_fault(&s->fault, "no net of this program is to be quantized");
        return dlc_fault_help(
            &s->fault, "write `deploy NET { quantize: int8(calibrate=...) }` in %s",
            m->source);
    }
    snprintf(path, sizeof path, "%s/model.safetensors", s->out);
    const char *weights = s->options.weights != NULL ? s->options.weights : path;
    if (!dlc_session_open_engine(s) || !dlc_session_load_weights(s) ||
        !dlc_session_open_data(s)) {
        return false;
    }
    if (s->set.split[m->observe_split].table == NULL) {
        return dlc_fault(&s->fault, "data %s has no %s split to calibrate on",
                         m->data->name, dlc_split_name[m->observe_split]);
    }
    const bool done = calibrator_init(&c, s) && run_pass(&c, 0) && run_pass(&c, 1) &&
                      save(&c, weights);
    if (done && !s->options.quiet) {
        printf("%d values over %s samples of %s; histograms in %s\n", c.n_values,
               dlc_count(count, c.split.count), dlc_split_name[m->observe_split],
               weights);
    }
    calibrator_release(&c);
    return done;
}
