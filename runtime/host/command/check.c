/* check.c - the command `check`: the model's gradients, as the program computes them in
 * f32, against finite differences of its losses in f64 (train/twin.h).
 *
 * Of every parameter: along its gradient, along directions of random signs, which every
 * element of the gradient has a part in, and along single coordinates, the largest and
 * drawn ones. A difference is known to
 *
 *   - the rounding of the f64 loss;
 *   - its own bend, between the slopes left and right of the point: next to nothing for
 *     these small steps, unless a kink (relu, max) lies between them;
 *   - what f32 knows of the gradient: how far it moves when all parameters move by
 * about a rounding, which sums that cancel and activations near a kink make large;
 *
 * and a gradient is wrong when it is further away for every step, and when it does not
 * take that value somewhere a few roundings away either: behind 27 normalizations over
 * few samples a relu whose sum is nearly 0 is on the other side there, and with it one
 * percent of a gradient. A line where these leave no digit is counted apart, as not
 * known. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/text.h"
#include "host/session.h"
#include "host/train/twin.h"

enum { LARGEST = 3, DRAWN = 3, SIGNS = 2, WARM_STEPS = 2 };
enum { N_STEPS = 3, N_NEAR = 3, N_FURTHER = 32 };

static const double tolerance = 2e-3; /* f32 keeps three digits through a network */
static const double step_size[N_STEPS] = { 1e-5, 1e-6, 1e-7 };

typedef struct Check {
    Session *s;
    const dlc_model *m;
    Twin twin;
    int n_params;
    int *param;           /* their places in the table */
    float **gradient;     /* at the point of the check */
    float **near[N_NEAR]; /* a rounding away from it */
    float **further;      /* several roundings away */
    double *saved;        /* one parameter's values */
    double *direction;    /* of the line being looked at */
    double at;            /* that parameter's losses at the point */
    int cases, unknown;
    double worst;
    char worst_name[256];
} Check;

static bool gradients_new(Check *c, float ***gradient)
{
    *gradient =
        dlc_new((size_t)c->n_params, sizeof(float *), "gradients", &c->s->fault);
    for (int p = 0; *gradient != NULL && p < c->n_params; p++) {
        const dlc_tensor *t = &c->m->tensor[c->param[p]];
        (*gradient)[p] = dlc_new((size_t)dlc_type_count(&t->type), sizeof(float),
                                 t->name, &c->s->fault);
        if ((*gradient)[p] == NULL) {
            return false;
        }
    }
    return *gradient != NULL;
}

static void gradients_free(const Check *c, float **gradient)
{
    for (int p = 0; gradient != NULL && p < c->n_params; p++) {
        free(gradient[p]);
    }
    free(gradient);
}

/* ---- what f32 knows -------------------------------------------------------------- */

/* Every parameter of the engine at the point, moved by up to so many roundings. */
static void move_params(const Check *c, double roundings, Random *random)
{
    for (int p = 0; p < c->n_params; p++) {
        const dlc_tensor *t = &c->m->tensor[c->param[p]];
        float *w = (float *)(void *)(c->s->engine.state + t->offset);
        const double *exact = c->twin.tensor[c->param[p]];
        for (int64_t i = 0; i < dlc_type_count(&t->type); i++) {
            const double unit = 2 * dlc_random_unit(random) - 1;
            w[i] = (float)(exact[i] * (1 + roundings * unit * (double)FLT_EPSILON));
        }
    }
}

static void look_near(Check *c)
{
    Random random = dlc_random(c->s->seed, PURPOSE_PICK, 0xffffffffU);
    for (int k = 0; k < N_NEAR; k++) {
        move_params(c, 2, &random);
        dlc_engine_grad(&c->s->engine, c->near[k]);
    }
}

/* ---- one line -------------------------------------------------------------------- */

typedef struct Line {
    int p;
    int64_t count;
    double expected;  /* slope by the gradient */
    double spread;    /* of that, by f32 */
    double scale;     /* of the parameter's values */
    const char *kind; /* for its name; NULL: the coordinate */
    int64_t coordinate;
} Line;

/* Slopes along c->direction by the gradients at the point and near it, and the root
 * mean square of the elements that it sums: no element is known better than its
 * neighbours. */
static void expect(const Check *c, Line *line)
{
    const float *g = c->gradient[line->p];
    double square = 0, other[N_NEAR] = { 0 }, part[N_NEAR] = { 0 };
    line->expected = 0;
    for (int64_t i = 0; i < line->count; i++) {
        line->expected += c->direction[i] * (double)g[i];
        square += (double)g[i] * (double)g[i];
        for (int k = 0; k < N_NEAR; k++) {
            const double d = (double)c->near[k][line->p][i] - (double)g[i];
            other[k] += c->direction[i] * d;
            part[k] += d * d;
        }
    }
    line->spread = tolerance * sqrt(square / (double)line->count);
    for (int k = 0; k < N_NEAR; k++) {
        line->spread += 10 * (fabs(other[k]) + sqrt(part[k] / (double)line->count));
    }
}

static double loss_at(const Check *c, const Line *line, double distance)
{
    double *w = c->twin.tensor[c->param[line->p]];
    for (int64_t i = 0; i < line->count; i++) {
        w[i] = c->saved[i] + distance * c->direction[i];
    }
    return dlc_twin_loss(&c->twin, c->param[line->p]);
}

static double slope_by(const Check *c, const Line *line, float *const *gradient)
{
    double sum = 0;
    for (int64_t i = 0; i < line->count; i++) {
        sum += c->direction[i] * (double)gradient[line->p][i];
    }
    return sum;
}

/* Does the gradient of f32 reach `slope` a few roundings away from the point? */
static bool is_within_reach(const Check *c, const Line *line, double slope)
{
    Random random = dlc_random(c->s->seed, PURPOSE_PICK, 0xfffffffeU);
    const double blur = tolerance * fabs(slope);
    double least = line->expected, most = line->expected;
    for (int k = 0; k < N_FURTHER; k++) {
        move_params(c, 2 + 0.25 * k, &random);
        dlc_engine_grad(&c->s->engine, c->further);
        const double here = slope_by(c, line, c->further);
        least = fmin(least, here);
        most = fmax(most, here);
        if (slope >= least - blur && slope <= most + blur) {
            return true;
        }
    }
    return false;
}

/* The name of a line for messages. */
static const char *line_print(char name[256], const Check *c, const Line *line)
{
    const dlc_tensor *t = &c->m->tensor[c->param[line->p]];
    if (line->kind != NULL) {
        snprintf(name, 256, "%.200s along %s", t->name, line->kind);
    } else {
        snprintf(name, 256, "%.200s[%lld]", t->name, (long long)line->coordinate);
    }
    return name;
}

/* Compares along one line. Returns false if every step disagrees (fault described). */
static bool compare(Check *c, Line *line, double *worst)
{
    double error = DBL_MAX, numeric = 0;
    bool agree = false, known = false;
    expect(c, line);
    for (int k = 0; k < N_STEPS && !agree; k++) {
        const double h = step_size[k] * line->scale;
        const double right = loss_at(c, line, h), left = loss_at(c, line, -h);
        const double slope = (right - left) / (2 * h);
        const double bend = fabs(right - 2 * c->at + left) / h;
        const double noise = 1e-14 * (1 + fabs(c->at)) / h;
        const double size = fmax(fabs(slope), fabs(line->expected));
        const double blur = tolerance * size + line->spread + bend + noise;
        const double apart = fabs(slope - line->expected);
        const double e = isfinite(apart) && size > 0 ? apart / size : apart;
        agree = apart <= blur; /* not for NaN */
        known = known || !(blur > size / 2);
        if (!(e > error) || k == 0) {
            error = e;
            numeric = slope;
        }
    }
    memcpy(c->twin.tensor[c->param[line->p]], c->saved,
           (size_t)line->count * sizeof *c->saved);
    if ((agree && !known) || (!agree && is_within_reach(c, line, numeric))) {
        c->unknown++;
        return true;
    }
    char name[256];
    line_print(name, c, line);
    c->cases++;
    *worst = fmax(*worst, error);
    if (!(error < c->worst)) {
        c->worst = error;
        snprintf(c->worst_name, sizeof c->worst_name, "%s", name);
    }
    if (agree) {
        return true;
    }
    dlc_fault(&c->s->fault,
              "gradient of %s is %.6g, differences give %.6g (relative error %.3g)",
              name, line->expected, numeric, error);
    if (c->m->losses->region_stops) {
        dlc_fault_help(&c->s->fault,
                       "a stop_gradient inside scan moves with the parameters here:"
                       " if its value matters, the gradient may be right");
    }
    return false;
}

/* ---- one parameter --------------------------------------------------------------- */

/* The next coordinate to look at: by size of the gradient, then drawn. */
static int64_t pick(const Check *c, int p, int k, int64_t count, int64_t *seen,
                    Random *random)
{
    int64_t best = -1;
    for (int64_t i = 0; k < LARGEST && i < count; i++) {
        bool used = false;
        for (int j = 0; j < k; j++) {
            used |= seen[j] == i;
        }
        if (!used &&
            (best < 0 || fabsf(c->gradient[p][i]) > fabsf(c->gradient[p][best]))) {
            best = i;
        }
    }
    return best >= 0 ? best : (int64_t)dlc_random_below(random, (uint32_t)count);
}

static bool check_gradient(Check *c, Line *line, double norm, double *worst)
{
    for (int64_t i = 0; i < line->count; i++) {
        c->direction[i] = (double)c->gradient[line->p][i] / norm;
    }
    line->kind = "its gradient";
    return compare(c, line, worst);
}

static bool check_signs(Check *c, Line *line, Random *random, double *worst)
{
    const double size = 1 / sqrt((double)line->count);
    for (int64_t i = 0; i < line->count; i++) {
        c->direction[i] = (dlc_random_next(random) & 1U) != 0 ? size : -size;
    }
    line->kind = "random signs";
    return compare(c, line, worst);
}

static bool check_coordinate(Check *c, Line *line, int64_t coordinate, double *worst)
{
    memset(c->direction, 0, (size_t)line->count * sizeof *c->direction);
    c->direction[coordinate] = 1;
    line->kind = NULL;
    line->coordinate = coordinate;
    return compare(c, line, worst);
}

static bool check_lines(Check *c, Line *line, double norm, double *worst)
{
    int64_t seen[LARGEST + DRAWN];
    Random random = dlc_random(c->s->seed, PURPOSE_PICK, (uint32_t)line->p);
    bool agree = !(norm > 0) || check_gradient(c, line, norm, worst);
    for (int k = 0; agree && k < SIGNS; k++) {
        agree = check_signs(c, line, &random, worst);
    }
    for (int k = 0; agree && k < LARGEST + DRAWN && k < line->count; k++) {
        seen[k] = pick(c, line->p, k, line->count, seen, &random);
        agree = check_coordinate(c, line, seen[k], worst);
    }
    return agree;
}

static bool check_param(Check *c, int p)
{
    const dlc_tensor *t = &c->m->tensor[c->param[p]];
    Line line = { .p = p, .count = dlc_type_count(&t->type) };
    double size = 0, norm = 0, worst = 0;
    const int before = c->cases;
    memcpy(c->saved, c->twin.tensor[c->param[p]],
           (size_t)line.count * sizeof *c->saved);
    for (int64_t i = 0; i < line.count; i++) {
        size += c->saved[i] * c->saved[i];
        norm += (double)c->gradient[p][i] * (double)c->gradient[p][i];
    }
    line.scale = fmax(sqrt(size / (double)line.count), 0.1);
    c->at = dlc_twin_loss(&c->twin, c->param[p]);
    if (!isfinite(c->at)) {
        return dlc_fault(&c->s->fault, "the loss is not finite: %g", c->at);
    }
    const bool agree = check_lines(c, &line, sqrt(norm), &worst);
    char type[DLC_TYPE_SIZE];
    printf("%-32s %-20s %3d cases  worst relative error %.2e%s\n", t->name,
           dlc_type_print(type, &t->type), c->cases - before, worst,
           agree ? "" : "  WRONG");
    return agree;
}

/* A batch of the train split, or made samples; initial or loaded parameters. */
static bool prepare(Check *c)
{
    Session *s = c->s;
    const bool made = s->options.random;
    if (s->options.weights != NULL) {
        if (!dlc_session_load_weights(s)) {
            return false;
        }
    } else {
        dlc_engine_start(&s->engine, s->seed);
    }
    if (made) {
        if (!dlc_engine_make_batch(&s->engine, s->seed, &s->fault)) {
            return false;
        }
    } else {
        if (!dlc_session_open_data(s)) {
            return dlc_fault_help(&s->fault,
                                  "or check with made samples: check --random");
        }
        const Split *train = &s->set.split[DLC_TRAIN];
        if (train->table == NULL) {
            return dlc_fault(&s->fault, "there is no train split to check on");
        }
        if (s->options.weights == NULL &&
            !dlc_engine_measure_split(&s->engine, train, &s->fault)) {
            return false;
        }
        if (dlc_batch_gather(&s->engine.batch, train, NULL, 0) < 0) {
            return false;
        }
    }
    for (int i = 0; s->options.weights == NULL && i < WARM_STEPS; i++) {
        dlc_engine_step(&s->engine); /* away from zeros and symmetries */
    }
    return true;
}

static bool check_init(Check *c)
{
    int64_t largest = 0;
    c->param =
        dlc_new((size_t)c->m->n_tensors, sizeof(int), "parameters", &c->s->fault);
    if (c->param == NULL) {
        return false;
    }
    for (int i = 0; i < c->m->n_tensors; i++) {
        if (c->m->tensor[i].role == DLC_PARAM) {
            const int64_t count = dlc_type_count(&c->m->tensor[i].type);
            c->param[c->n_params++] = i;
            largest = count > largest ? count : largest;
        }
    }
    bool made = gradients_new(c, &c->gradient) && gradients_new(c, &c->further);
    for (int k = 0; k < N_NEAR && made; k++) {
        made = gradients_new(c, &c->near[k]);
    }
    c->saved = dlc_new((size_t)largest, sizeof *c->saved, "parameters", &c->s->fault);
    c->direction =
        dlc_new((size_t)largest, sizeof *c->direction, "parameters", &c->s->fault);
    return made && c->saved != NULL && c->direction != NULL &&
           dlc_twin_init(&c->twin, &c->s->engine, &c->s->fault);
}

static bool run(Check *c)
{
    dlc_engine_grad(&c->s->engine, c->gradient);
    look_near(c);
    bool agree = true;
    for (int p = 0; p < c->n_params && agree; p++) {
        if (c->m->losses->counts[c->param[p]] != 0) { /* else nothing trains it */
            agree = check_param(c, p);
        }
    }
    printf(
        "%d cases, %d more below what f32 resolves, worst relative error %.2e at %s\n",
        c->cases, c->unknown, c->worst, c->cases > 0 ? c->worst_name : "no case");
    if (agree && c->cases == 0) {
        return dlc_fault(&c->s->fault, "no gradient stands above the noise of f32");
    }
    return agree;
}

bool dlc_command_check(Session *session, int *status)
{
    Check c = { .s = session, .m = session->model };
    (void)status;
    if (c.m->data == NULL) {
        return dlc_session_open_data(session); /* says why not */
    }
    if (c.m->grad == NULL || c.m->losses == NULL) {
        return dlc_fault(
            &session->fault,
            "this program cannot be checked in f64: it calls functions of C, "
            "or has more than 64 losses");
    }
    const bool agree =
        dlc_session_open_engine(session) && prepare(&c) && check_init(&c) && run(&c);
    gradients_free(&c, c.gradient);
    gradients_free(&c, c.further);
    for (int k = 0; k < N_NEAR; k++) {
        gradients_free(&c, c.near[k]);
    }
    dlc_twin_release(&c.twin);
    free(c.saved);
    free(c.direction);
    free(c.param);
    return agree;
}
