/* compare.c - the command `compare`: what int8 costs. Losses and metrics of a split
 * with floats and in the int8 arithmetic that is deployed, and the layers by the error
 * that each brings.
 *
 * The error of a layer is a ratio of signal to noise in decibels, 10 lg of the sum of
 * the squares of its float values over that of the squared differences: alone, its
 * operands being floats until they are rounded for it, and in the net, where errors of
 * all layers before add up. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/text.h"
#include "host/session.h"

enum { SAMPLES = 500, PER_LAYER = 3 };

typedef struct Layer {
    const char *name;
    double signal, alone, net; /* sums of squares */
} Layer;

typedef struct Comparison {
    Session *session;
    int split;
    int n_layers, width; /* of the names */
    Layer *layer;
    float **out; /* three of each layer: float, in the net, alone */
} Comparison;

static bool choose_split(Comparison *c)
{
    Session *s = c->session;
    const int order[] = { DLC_TEST, DLC_VALID, DLC_TRAIN };
    c->split = -1;
    for (int i = 0; i < 3; i++) {
        const bool named = s->options.split == NULL ||
                           strcmp(s->options.split, dlc_split_name[order[i]]) == 0;
        if (named && c->split < 0 && s->set.split[order[i]].table != NULL) {
            c->split = order[i];
        }
    }
    return c->split >= 0 ||
           dlc_fault(&s->fault, "data %s has no %s split", s->model->data->name,
                     s->options.split != NULL ? s->options.split : "readable");
}

/* The int8 functions hold the parameters of one file: is it the one that was loaded? */
static bool check_weights(Session *s)
{
    char path[400];
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    snprintf(path, sizeof path, "%s/model.safetensors", s->out);
    const char *weights = s->options.weights != NULL ? s->options.weights : path;
    FILE *f = fopen(weights, "rb");
    if (f == NULL) {
        return dlc_fault(&s->fault, "cannot open %s", weights);
    }
    for (int byte = getc(f); byte != EOF; byte = getc(f)) {
        hash = (hash ^ (uint64_t)byte) * UINT64_C(0x100000001b3);
    }
    fclose(f);
    if (hash != s->model->weights_hash) {
        dlc_fault(&s->fault, "this program was compiled with other weights than %s",
                  weights);
        return dlc_fault_help(&s->fault, "compile it again: dlc %s --weights %s -o %s",
                              s->model->source, weights, s->model->name);
    }
    return true;
}

static bool comparison_init(Comparison *c)
{
    Session *s = c->session;
    const dlc_model *m = s->model;
    c->n_layers = m->n_compared / PER_LAYER;
    c->layer = dlc_new((size_t)c->n_layers, sizeof *c->layer, "layers", &s->fault);
    c->out = dlc_new((size_t)m->n_compared, sizeof *c->out, "values", &s->fault);
    for (int i = 0; c->layer != NULL && c->out != NULL && i < m->n_compared; i++) {
        const dlc_value *v = &m->compared[i];
        c->out[i] = dlc_new((size_t)dlc_type_count(&v->type) * (size_t)m->batch,
                            sizeof(float), v->name, &s->fault);
        if (c->out[i] == NULL) {
            return false;
        }
        if (i % PER_LAYER == 0) {
            const int length = (int)strlen(v->name);
            c->layer[i / PER_LAYER].name = v->name;
            c->width = length > c->width ? length : c->width;
        }
    }
    return c->layer != NULL && c->out != NULL;
}

static void comparison_release(Comparison *c)
{
    for (int i = 0; c->out != NULL && i < c->session->model->n_compared; i++) {
        free(c->out[i]);
    }
    free(c->out);
    free(c->layer);
}

static void add_samples(Comparison *c, int i, int real)
{
    const int64_t n =
        dlc_type_count(&c->session->model->compared[PER_LAYER * i].type) * real;
    float *const *out = &c->out[PER_LAYER * i];
    Layer *layer = &c->layer[i];
    for (int64_t e = 0; e < n; e++) {
        const double x = (double)out[0][e];
        const double in_net = (double)out[1][e] - x, alone = (double)out[2][e] - x;
        layer->signal += x * x;
        layer->net += in_net * in_net;
        layer->alone += alone * alone;
    }
}

static bool compare_layers(Comparison *c, uint32_t count)
{
    Session *s = c->session;
    Engine *engine = &s->engine;
    Split split = s->set.split[c->split];
    split.count = count;
    for (uint32_t first = 0; first < count; first += (uint32_t)s->model->batch) {
        const int real = dlc_batch_gather(&engine->batch, &split, NULL, first);
        if (real < 0) {
            return false;
        }
        dlc_engine_compare(engine, c->out);
        for (int i = 0; i < c->n_layers; i++) {
            add_samples(c, i, real);
        }
    }
    return true;
}

static double decibels(double signal, double noise)
{
    return noise > 0 ? 10 * log10(signal / noise) : INFINITY;
}

static int by_alone(const void *a, const void *b)
{
    const Layer *x = a, *y = b;
    const double p = decibels(x->signal, x->alone), q = decibels(y->signal, y->alone);
    return p < q ? -1 : p > q ? 1 : strcmp(x->name, y->name);
}

static void print_ratio(double signal, double noise)
{
    const double ratio = decibels(signal, noise);
    if (isfinite(ratio)) {
        printf("  %10.1f", ratio);
    } else {
        printf("  %10s", noise > 0 ? "none" : "exact");
    }
}

static void print_layers(Comparison *c, uint32_t count)
{
    char number[DLC_NUMBER_SIZE];
    const Layer last = c->layer[c->n_layers - 1];
    printf("\nsignal to noise in dB over %s samples, the least first\n",
           dlc_count(number, count));
    printf("  %-*s  %10s  %10s\n", c->width, "layer", "alone", "in the net");
    qsort(c->layer, (size_t)c->n_layers, sizeof *c->layer, by_alone);
    for (int i = 0; i < c->n_layers; i++) {
        printf("  %-*s", c->width, c->layer[i].name);
        print_ratio(c->layer[i].signal, c->layer[i].alone);
        print_ratio(c->layer[i].signal, c->layer[i].net);
        printf("\n");
    }
    printf("end to end, %s:", last.name);
    print_ratio(last.signal, last.net);
    printf("\n");
}

static bool compare_values(Comparison *c, uint32_t count)
{
    Session *s = c->session;
    const dlc_model *m = s->model;
    Split split = s->set.split[c->split];
    double *value[2] = { NULL };
    char number[DLC_NUMBER_SIZE];
    bool done = true;
    split.count = count;
    for (int int8 = 0; done && int8 < 2; int8++) {
        value[int8] = dlc_new((size_t)m->n_reports, sizeof(double), "means", &s->fault);
        s->engine.int8 = int8 == 1;
        done = value[int8] != NULL &&
               dlc_engine_evaluate(&s->engine, &split, c->split, NULL, value[int8]);
    }
    s->engine.int8 = false;
    if (done) {
        printf("%s, %s samples\n  %-10s  %10s  %10s\n", dlc_split_name[c->split],
               dlc_count(number, count), "", "float", "int8");
        for (int i = 0; i < m->n_reports; i++) {
            printf("  %-10s  %10s", m->report[i].name, dlc_number(number, value[0][i]));
            printf("  %10s\n", dlc_number(number, value[1][i]));
        }
    }
    free(value[0]);
    free(value[1]);
    return done;
}

bool dlc_command_compare(Session *session, int *status)
{
    Session *s = session;
    Comparison c = { .session = s };
    (void)status;
    if (s->model->compare == NULL || s->model->eval_int8 == NULL) {
        dlc_fault(&s->fault, "this program was compiled without weights");
        return dlc_fault_help(
            &s->fault, "dlc %s --weights FILE -o PROGRAM makes one that compares",
            s->model->source);
    }
    if (!dlc_session_open_engine(s) || !dlc_session_load_weights(s) ||
        !check_weights(s) || !dlc_session_open_data(s) || !choose_split(&c)) {
        return false;
    }
    const uint32_t all = s->set.split[c.split].count;
    const bool fewer = s->options.count > 0 && s->options.count < (int64_t)all;
    const uint32_t count = fewer ? (uint32_t)s->options.count : all;
    const uint32_t few = count < SAMPLES ? count : SAMPLES;
    const bool done = comparison_init(&c) && compare_values(&c, count) &&
                      (s->options.quiet || compare_layers(&c, few));
    if (done && !s->options.quiet && c.n_layers > 0) {
        print_layers(&c, few);
    }
    comparison_release(&c);
    return done;
}
