/* check.c - the command `check`: the model's gradients against central differences.
 *
 * The loss is a batch mean in f32, so a difference is only known up to the loss's
 * rounding: a case counts where the expected difference stands SIGNAL times above that,
 * and the step is the best of several (small steps drown in rounding, large ones bend
 * or cross kinks). Where a loss has kinks (relu, max pooling) the slopes left and right
 * of the point differ, or those of a narrow and a wide step: that `blur` widens the
 * tolerance, and a step that is too blurred does not count. Steps that are clear but
 * contradict each other have kinks between them: a gradient is wrong only when clear
 * steps agree on another value. Of every parameter: the coordinates of largest
 * gradient, some drawn at random, and the direction of the gradient itself, which sums
 * many small ones. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/text.h"
#include "host/session.h"

enum { LARGEST = 5, DRAWN = 5, WARM_STEPS = 2, N_STEPS = 7, SIGNAL = 100 };

static const double tolerance = 0.03;
static const double most_blur = 0.25; /* a sign or a factor two still stands out */
static const double step_size[N_STEPS] = { 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4 };

typedef struct Check {
    Session *s;
    const dlc_model *m;
    int n_params;
    int *param;               /* their places in the table */
    float **gradient;         /* at the point of the check */
    float **ignored;          /* at the moved points */
    float *saved;             /* one parameter's values */
    double noise;             /* of a difference of two losses */
    double at;                /* the loss at the point of the check */
    int cases, quiet, kinked; /* quiet: below the noise; kinked: too blurred */
    double worst;
    char worst_name[256];
} Check;

static bool gradients_new(const Check *c, float ***gradient)
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

/* The sum of the batch means of all losses, where the state stands. */
static double loss(const Check *c, float **gradient)
{
    double sum = 0;
    dlc_engine_grad(&c->s->engine, gradient);
    for (int i = 0; i < c->m->n_reports; i++) {
        sum += c->m->report[i].is_loss ? (double)c->s->engine.report[i] : 0;
    }
    return sum;
}

static float *values(const Check *c, int p)
{
    return (float *)(void *)(c->s->engine.state + c->m->tensor[c->param[p]].offset);
}

/* A direction: one coordinate, or (coordinate < 0) the normalized gradient. */
typedef struct Line {
    int p;
    int64_t coordinate, count;
    double norm; /* of the gradient */
} Line;

static double component(const Check *c, const Line *line, int64_t i)
{
    if (line->coordinate >= 0) {
        return i == line->coordinate ? 1 : 0;
    }
    return (double)c->gradient[line->p][i] / line->norm;
}

static double loss_at(Check *c, const Line *line, double distance)
{
    float *w = values(c, line->p);
    for (int64_t i = 0; i < line->count; i++) {
        w[i] = (float)((double)c->saved[i] + distance * component(c, line, i));
    }
    return loss(c, c->ignored);
}

/* How far the moved values are apart after rounding, along the line. */
static double moved(const Check *c, const Line *line, double h)
{
    if (line->coordinate < 0) {
        return 2 * h;
    }
    const double w = (double)c->saved[line->coordinate];
    return (double)(float)(w + h) - (double)(float)(w - h);
}

typedef struct Slope {
    double central; /* difference over +-h */
    double apart;   /* of its two points */
    double bend;    /* between the slopes left and right of the point */
} Slope;

static Slope slope_over(Check *c, const Line *line, double h)
{
    const double apart = moved(c, line, h);
    const double right = loss_at(c, line, h), left = loss_at(c, line, -h);
    return (Slope){ (right - left) / apart, apart,
                    fabs(right - c->at - (c->at - left)) / (apart / 2) };
}

/* The name of a line for messages. */
static const char *line_print(char name[256], const Check *c, const Line *line)
{
    const dlc_tensor *t = &c->m->tensor[c->param[line->p]];
    if (line->coordinate < 0) {
        snprintf(name, 256, "%.200s along its gradient", t->name);
    } else {
        snprintf(name, 256, "%.200s[%lld]", t->name, (long long)line->coordinate);
    }
    return name;
}

/* Compares along one line. Returns false if every step disagrees (fault described). */
static bool compare(Check *c, const Line *line, double scale, double *worst)
{
    const double expected = line->coordinate < 0
                                ? line->norm
                                : (double)c->gradient[line->p][line->coordinate];
    double error = DBL_MAX, numeric = 0, low = DBL_MAX, high = -DBL_MAX;
    bool agree = false;
    int blurred = 0, clear = 0;
    for (int k = 0; k < N_STEPS && error > tolerance / 20; k++) {
        const double h = step_size[k] * scale;
        const Slope narrow = slope_over(c, line, h), wide = slope_over(c, line, 2 * h);
        const double slope = (4 * narrow.central - wide.central) / 3; /* Richardson */
        const double size = fmax(fabs(slope), fabs(expected));
        const double e = fabs(slope - expected) / size;
        const double blur = (narrow.bend + fabs(narrow.central - wide.central)) / size;
        const bool broken = isnan(slope) || isnan(expected);
        if (!broken && !(size * narrow.apart > SIGNAL * c->noise)) {
            continue;
        }
        if (!broken && blur > most_blur) {
            blurred++;
            continue;
        }
        clear++;
        low = fmin(low, slope);
        high = fmax(high, slope);
        agree |= !broken && e <= tolerance + blur;
        if (broken || e < error) {
            error = broken ? INFINITY : e;
            numeric = slope;
        }
    }
    memcpy(values(c, line->p), c->saved, (size_t)line->count * sizeof(float));
    const bool steady = high - low <= tolerance * fabs(numeric);
    const bool doubtful = blurred > 0 && (clear < 2 || !steady);
    if (error == DBL_MAX || (!agree && isfinite(error) && doubtful)) {
        c->kinked += blurred > 0;
        c->quiet += blurred == 0;
        return true;
    }
    char name[256];
    line_print(name, c, line);
    c->cases++;
    *worst = fmax(*worst, error);
    if (error >= c->worst) {
        c->worst = error;
        snprintf(c->worst_name, sizeof c->worst_name, "%s", name);
    }
    return agree || dlc_fault(&c->s->fault,
                              "gradient of %s is %.6g, differences give %.6g"
                              " (relative error %.3g)",
                              name, expected, numeric, error);
}

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

static bool check_param(Check *c, int p)
{
    const dlc_tensor *t = &c->m->tensor[c->param[p]];
    Line line = { p, -1, dlc_type_count(&t->type), 0 };
    int64_t seen[LARGEST + DRAWN];
    Random random = dlc_random(c->s->seed, PURPOSE_PICK, (uint32_t)p);
    double size = 0, worst = 0;
    const int before = c->cases;
    memcpy(c->saved, values(c, p), (size_t)line.count * sizeof(float));
    for (int64_t i = 0; i < line.count; i++) {
        size += (double)c->saved[i] * (double)c->saved[i];
        line.norm += (double)c->gradient[p][i] * (double)c->gradient[p][i];
    }
    line.norm = sqrt(line.norm);
    const double scale = fmax(sqrt(size / (double)line.count), 0.1);
    bool agree = !(line.norm > 0) || compare(c, &line, scale, &worst);
    for (int k = 0; agree && k < LARGEST + DRAWN && k < line.count; k++) {
        line.coordinate = seen[k] = pick(c, p, k, line.count, seen, &random);
        agree = compare(c, &line, scale, &worst);
    }
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
        dlc_batch_gather(&s->engine.batch, train, NULL, 0);
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
    c->saved = dlc_new((size_t)largest, sizeof(float), "parameters", &c->s->fault);
    return c->saved != NULL && gradients_new(c, &c->gradient) &&
           gradients_new(c, &c->ignored);
}

static bool run(Check *c)
{
    c->at = loss(c, c->gradient);
    if (!isfinite(c->at)) {
        return dlc_fault(&c->s->fault, "the loss is not finite: %g", c->at);
    }
    /* samples round independently: the error of their mean grows with the root */
    c->noise = (1 + fabs(c->at)) * (double)FLT_EPSILON * sqrt((double)c->m->batch);
    bool agree = true;
    for (int p = 0; p < c->n_params; p++) {
        if (!check_param(c, p)) {
            agree = false;
            break;
        }
    }
    printf("%d cases, %d below the noise of f32, %d at kinks,"
           " worst relative error %.2e at %s\n",
           c->cases, c->quiet, c->kinked, c->worst,
           c->cases > 0 ? c->worst_name : "no case");
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
    if (c.m->grad == NULL) {
        return dlc_fault(&session->fault, "this program has no gradient function");
    }
    const bool agree =
        dlc_session_open_engine(session) && prepare(&c) && check_init(&c) && run(&c);
    gradients_free(&c, c.gradient);
    gradients_free(&c, c.ignored);
    free(c.saved);
    free(c.param);
    return agree;
}
