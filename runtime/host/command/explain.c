/* explain.c - the command `explain`: which pixels decide, as a picture a sample.
 *
 * Four panels: the input; saliency, the size of the gradient of the score (Simonyan,
 * Vedaldi, Zisserman 2014); integrated gradients from a black image (Sundararajan,
 * Taly, Yan 2017), red where a pixel speaks for the answer, blue against; occlusion,
 * the drop of the score when a patch is grey (Zeiler and Fergus 2014). The score is the
 * logarithm of the likeliest class's probability, or the largest output. Gradients are
 * central differences, so any net can be explained, and cost two runs a number. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "host/command/runner.h"
#include "host/command/samples.h"
#include "host/report/picture.h"
#include "host/report/text.h"
#include "host/session.h"

enum { PANELS = 4, GAP = 4, STEPS = 32, SIDE = 112 };

typedef struct Explain {
    Runner *runner;
    const dlc_type *type; /* of the input that is a picture */
    int input;
    int64_t pixels, channels, target;
    unsigned char *sample, *moved;             /* of the dtype */
    double *saliency, *integrated, *occlusion; /* a pixel */
    double *gradient;                          /* a number */
} Explain;

static double load(const Explain *e, const unsigned char *from, int64_t i)
{
    return dlc_value_load(from + (size_t)i * dlc_dtype_bytes(e->type->dtype),
                          e->type->dtype);
}

/* What is stored: bytes are rounded and kept in their range. */
static double store(const Explain *e, int64_t i, double value)
{
    char why[DLC_TYPE_SIZE];
    unsigned char *to = e->moved + (size_t)i * dlc_dtype_bytes(e->type->dtype);
    if (e->type->dtype == DLC_U8) {
        value = floor(value + 0.5);
        value = value < 0 ? 0 : value > 255 ? 255 : value;
    }
    dlc_value_store(to, e->type, value, why);
    return value;
}

static double score(Explain *e)
{
    const dlc_net *net = e->runner->net;
    const dlc_dtype dtype = net->output[0].type.dtype;
    e->runner->in[e->input] = e->moved;
    dlc_runner_run(e->runner);
    const unsigned char *out = e->runner->out[0];
    const double y =
        dlc_value_load(out + (size_t)e->target * dlc_dtype_bytes(dtype), dtype);
    return net->output_simplex ? log(y > 1e-30 ? y : 1e-30) : y;
}

/* At what `moved` holds. */
static void differentiate(Explain *e, double step)
{
    for (int64_t i = 0; i < e->pixels * e->channels; i++) {
        const double x = load(e, e->moved, i);
        const double above = store(e, i, x + step), up = score(e);
        const double below = store(e, i, x - step), down = score(e);
        store(e, i, x);
        e->gradient[i] = above > below ? (up - down) / (above - below) : 0;
    }
}

static void explain_gradients(Explain *e, double step)
{
    differentiate(e, step);
    for (int64_t i = 0; i < e->pixels * e->channels; i++) {
        e->saliency[i / e->channels] += e->gradient[i] * e->gradient[i];
    }
    for (int k = 0; k < STEPS; k++) { /* midpoints of the way from black */
        for (int64_t i = 0; i < e->pixels * e->channels; i++) {
            store(e, i, load(e, e->sample, i) * (k + 0.5) / STEPS);
        }
        differentiate(e, step);
        for (int64_t i = 0; i < e->pixels * e->channels; i++) {
            e->integrated[i / e->channels] +=
                load(e, e->sample, i) * e->gradient[i] / STEPS;
        }
    }
    for (int64_t p = 0; p < e->pixels; p++) {
        e->saliency[p] = sqrt(e->saliency[p]);
    }
}

static void restore(Explain *e)
{
    memcpy(e->moved, e->sample, dlc_type_bytes(e->type));
}

static void explain_occlusion(Explain *e, double grey)
{
    const int64_t h = e->type->dim[0], w = e->type->dim[1];
    const int64_t patch = (h < w ? h : w) / 8 > 2 ? (h < w ? h : w) / 8 : 2;
    restore(e);
    const double whole = score(e);
    for (int64_t y = 1 - patch; y < h; y++) {
        for (int64_t x = 1 - patch; x < w; x++) {
            for (int64_t i = 0; i < patch * patch * e->channels; i++) {
                const int64_t r = y + i / e->channels / patch;
                const int64_t c = x + i / e->channels % patch;
                if (r >= 0 && r < h && c >= 0 && c < w) {
                    store(e, (r * w + c) * e->channels + i % e->channels, grey);
                }
            }
            const double drop = whole - score(e);
            for (int64_t i = 0; i < patch * patch; i++) {
                const int64_t r = y + i / patch, c = x + i % patch;
                if (r >= 0 && r < h && c >= 0 && c < w) {
                    e->occlusion[r * w + c] += drop / (double)(patch * patch);
                }
            }
            restore(e);
        }
    }
}

/* ---- the picture ------------------------------------------------------------------
 */

static double largest(const double *map, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) {
        most = fabs(map[i]) > most ? fabs(map[i]) : most;
    }
    return most > 0 ? most : 1;
}

/* White is nothing, red for, blue against. */
static void colour(unsigned char rgb[3], double t)
{
    const double fade = 255 * (1 - fabs(t));
    rgb[0] = (unsigned char)(t >= 0 ? 255 : fade);
    rgb[1] = (unsigned char)fade;
    rgb[2] = (unsigned char)(t >= 0 ? fade : 255);
}

static void panel_pixel(const Explain *e, int panel, int64_t p,
                        const double most[PANELS], double low, double high,
                        unsigned char rgb[3])
{
    const double *const map[PANELS] = { NULL, e->saliency, e->integrated,
                                        e->occlusion };
    if (panel > 0) {
        colour(rgb, map[panel][p] / most[panel]);
        return;
    }
    for (int c = 0; c < 3; c++) {
        const double v =
            load(e, e->sample, p * e->channels + (e->channels == 3 ? c : 0));
        rgb[c] = (unsigned char)(high > low ? 255 * (v - low) / (high - low) + 0.5 : 0);
    }
}

static bool draw(const Explain *e, const char *path, double low, double high,
                 Fault *fault)
{
    const int64_t h = e->type->dim[0], w = e->type->dim[1];
    const int64_t zoom = h < SIDE ? (SIDE + h - 1) / h : 1;
    const int64_t width = PANELS * (w * zoom + GAP) - GAP, height = h * zoom;
    const double most[PANELS] = { 1, largest(e->saliency, e->pixels),
                                  largest(e->integrated, e->pixels),
                                  largest(e->occlusion, e->pixels) };
    unsigned char *rgb = dlc_new((size_t)(width * height), 3, "a picture", fault);
    if (rgb == NULL) {
        return false;
    }
    memset(rgb, 160, (size_t)(width * height) * 3);
    for (int64_t i = 0; i < PANELS * w * zoom * height; i++) {
        const int64_t x = i % (w * zoom), row = i / (w * zoom) % height;
        const int panel = (int)(i / (w * zoom) / height);
        panel_pixel(e, panel, row / zoom * w + x / zoom, most, low, high,
                    rgb + 3 * (row * width + panel * (w * zoom + GAP) + x));
    }
    const bool done = dlc_picture_save(path, width, height, rgb, fault);
    free(rgb);
    return done;
}

/* ---- the command ------------------------------------------------------------------
 */

static bool explain_init(Explain *e, Runner *runner, Fault *fault)
{
    const dlc_net *net = runner->net;
    *e = (Explain){ .runner = runner, .input = -1 };
    for (int i = net->n_inputs - 1; i >= 0; i--) {
        const dlc_dtype dtype = net->input[i].type.dtype;
        if (dlc_picture_fits(&net->input[i].type) &&
            (dtype == DLC_U8 || dtype == DLC_F32)) {
            e->input = i;
        }
    }
    if (e->input < 0) {
        dlc_fault(fault, "net %s has no input that is a picture", net->name);
        return dlc_fault_help(fault, "explain shows [h, w], [h, w, 1] and [h, w, 3]"
                                     " of u8 or f32");
    }
    e->type = &net->input[e->input].type;
    e->pixels = e->type->dim[0] * e->type->dim[1];
    e->channels = dlc_type_count(e->type) / e->pixels;
    e->moved = dlc_new(dlc_type_bytes(e->type), 1, "a sample", fault);
    e->saliency = dlc_new((size_t)e->pixels, sizeof(double), "a map", fault);
    e->integrated = dlc_new((size_t)e->pixels, sizeof(double), "a map", fault);
    e->occlusion = dlc_new((size_t)e->pixels, sizeof(double), "a map", fault);
    e->gradient =
        dlc_new((size_t)dlc_type_count(e->type), sizeof(double), "a map", fault);
    return e->moved != NULL && e->saliency != NULL && e->integrated != NULL &&
           e->occlusion != NULL && e->gradient != NULL;
}

static void explain_release(Explain *e)
{
    free(e->moved);
    free(e->saliency);
    free(e->integrated);
    free(e->occlusion);
    free(e->gradient);
}

static bool explain_sample(Explain *e, const char *path, Fault *fault)
{
    double low = 0, high = e->type->dtype == DLC_U8 ? 255 : 0, sum = 0;
    const int64_t n = e->pixels * e->channels;
    for (int64_t i = 0; i < n; i++) {
        const double v = load(e, e->sample, i);
        sum += v;
        if (e->type->dtype != DLC_U8) {
            low = i == 0 || v < low ? v : low;
            high = i == 0 || v > high ? v : high;
        }
    }
    memset(e->saliency, 0, (size_t)e->pixels * sizeof(double));
    memset(e->integrated, 0, (size_t)e->pixels * sizeof(double));
    memset(e->occlusion, 0, (size_t)e->pixels * sizeof(double));
    restore(e);
    e->runner->in[e->input] = e->moved;
    dlc_runner_run(e->runner);
    e->target = dlc_runner_class(e->runner);
    explain_gradients(e, e->type->dtype == DLC_U8 ? 1 : 1e-2 * (high - low) + 1e-6);
    explain_occlusion(e, sum / (double)n);
    double parts = 0;
    for (int64_t p = 0; p < e->pixels; p++) {
        parts += e->integrated[p];
    }
    restore(e);
    const double whole = score(e);
    for (int64_t i = 0; i < n; i++) {
        store(e, i, 0);
    }
    printf("  %s: %lld  score %.4f, %.4f from black, pixels add up to %.4f",
           e->runner->net->output[0].name, (long long)e->target, whole,
           whole - score(e), parts);
    return draw(e, path, low, high, fault);
}

static bool explain_file(Session *s, Explain *e, const char *file)
{
    Table table;
    const char *name = strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
    bool done = dlc_samples_read(&table, s, e->runner->net, file, &s->fault);
    const int64_t asked = s->options.count > 0 ? s->options.count : 4;
    for (int64_t i = 0; done && i < asked && i < table.count; i++) {
        char path[4200];
        for (int k = 0; k < table.n_fields; k++) {
            e->runner->in[k] = dlc_table_at(&table, k, i);
        }
        e->sample = table.column[e->input] + (size_t)i * table.stride[e->input];
        snprintf(path, sizeof path, "%s/explain/%s.%lld.png", s->out, name,
                 (long long)i);
        printf("%s[%lld]", file, (long long)i);
        done = explain_sample(e, path, &s->fault);
        printf("  -> %s\n", path);
    }
    dlc_table_release(&table);
    return done;
}

bool dlc_command_explain(Session *session, int *status)
{
    Session *s = session;
    char folder[4200];
    const dlc_net *net = dlc_session_net(s);
    (void)status;
    if (net == NULL || !dlc_session_open_engine(s) || !dlc_session_load_weights(s)) {
        return false;
    }
    snprintf(folder, sizeof folder, "%s/explain", s->out);
    mkdir(s->out, 0777);
    mkdir(folder, 0777); /* what fails shows when a picture is written */
    Runner runner;
    Explain e = { 0 };
    bool done = dlc_runner_init(&runner, net, s->engine.state, &s->fault) &&
                explain_init(&e, &runner, &s->fault);
    for (int i = 0; done && i < s->options.n_files; i++) {
        done = explain_file(s, &e, s->options.file[i]);
    }
    explain_release(&e);
    dlc_runner_release(&runner);
    return done;
}
