/* report.c - see report.h. */
#include "host/command/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/command/net_field.h"
#include "host/report/page.h"
#include "host/report/picture.h"
#include "host/report/text.h"

enum { SAMPLES = 24, COUNTED = 10000, NUMBERS = 8 };

/* The split that training has seen least of. */
static int last_split(const Dataset *set)
{
    for (int s = DLC_TEST; s > DLC_TRAIN; s--) {
        if (set->split[s].table != NULL) {
            return s;
        }
    }
    return DLC_TRAIN;
}

static bool write_confusion(FILE *out, Session *s, int split)
{
    char name[200];
    const dlc_model *m = s->model;
    const Split *from = &s->set.split[split];
    Confusion confusion;
    const bool done =
        dlc_confusion_init(&confusion, m->data->field[m->class_field].type.bound,
                           &s->fault) &&
        dlc_net_count_classes(m, s->engine.state, from, COUNTED, &confusion, &s->fault);
    if (done && from->count > COUNTED) {
        snprintf(name, sizeof name, "Confusion matrix, first %d samples of %s", COUNTED,
                 dlc_split_name[split]);
    } else {
        snprintf(name, sizeof name, "Confusion matrix of %s", dlc_split_name[split]);
    }
    if (done) {
        dlc_page_confusion(out, &confusion, name);
    }
    dlc_confusion_release(&confusion);
    return done;
}

static void write_numbers(FILE *out, const dlc_field *field, const unsigned char *at)
{
    const int64_t n = dlc_type_count(&field->type);
    fprintf(out, "<div>%s:", field->name);
    for (int64_t i = 0; i < n && i < NUMBERS; i++) {
        char number[DLC_NUMBER_SIZE];
        const double v = dlc_value_load(
            at + (size_t)i * dlc_dtype_bytes(field->type.dtype), field->type.dtype);
        const bool whole = field->type.dtype != DLC_F32;
        if (whole) {
            fprintf(out, " %.0f", v);
        } else {
            fprintf(out, " %s", dlc_number(number, v));
        }
    }
    fprintf(out, "%s</div>", n > NUMBERS ? " ..." : "");
}

static bool write_sample(FILE *out, Session *s, Runner *runner, const Split *split,
                         uint32_t i, bool classes)
{
    const dlc_model *m = s->model;
    dlc_net_run(runner, m, split, i);
    const int64_t guess = classes ? dlc_runner_class(runner) : 0;
    const bool wrong = classes && guess != dlc_net_label(m, split, i);
    fprintf(out, "<div class=\"sample%s\">", wrong ? " wrong" : "");
    for (int f = 0; f < m->data->n_fields; f++) {
        const dlc_field *field = &m->data->field[f];
        const unsigned char *at = dlc_split_value(split, f, i);
        if (dlc_picture_fits(&field->type)) {
            fprintf(out, "<img alt=\"%s\" src=\"", field->name);
            if (!dlc_picture_write(out, &field->type, at, &s->fault)) {
                return false;
            }
            fputs("\">", out);
        } else {
            write_numbers(out, field, at);
        }
    }
    if (classes) {
        fprintf(out, "<div>predicted: <b>%lld</b></div>", (long long)guess);
    }
    for (int k = 0; !classes && k < runner->net->n_outputs; k++) {
        write_numbers(out, &runner->net->output[k], runner->out[k]);
    }
    fputs("</div>\n", out);
    return true;
}

static bool write_samples(FILE *out, Session *s, int from)
{
    const dlc_model *m = s->model;
    const bool classes = dlc_net_has_classes(m);
    const dlc_net *net = &m->net[m->class_net >= 0 ? m->class_net : 0];
    const Split *split = &s->set.split[from];
    Runner runner;
    if (m->n_nets == 0 || !dlc_net_has_fields(m, net)) {
        return true;
    }
    bool done = dlc_runner_init(&runner, net, s->engine.state, &s->fault);
    fprintf(out, "<h2>The first samples of %s</h2>\n<div class=\"samples\">\n",
            dlc_split_name[from]);
    for (uint32_t i = 0; done && i < SAMPLES && i < split->count; i++) {
        done = write_sample(out, s, &runner, split, i, classes);
    }
    fputs("</div>\n", out);
    dlc_runner_release(&runner);
    return done;
}

static bool write_page(FILE *out, Session *s, const Closing *closing)
{
    char history[4200];
    const dlc_model *m = s->model;
    const int split = last_split(&s->set);
    snprintf(history, sizeof history, "%s/history.csv", s->out);
    dlc_page_open(out, m->name);
    fputs("<p>", out);
    dlc_page_text(out, m->source);
    fprintf(out, ", batch %d, seed %llu, dlc %s</p>\n", m->batch,
            (unsigned long long)s->seed, m->version);
    dlc_page_results(out, m, closing->value);
    if (!dlc_page_curves(out, m, history, closing->kept, &s->fault) ||
        (dlc_net_has_classes(m) && !write_confusion(out, s, split)) ||
        !write_samples(out, s, split)) {
        return false;
    }
    if (m->layers != NULL) {
        dlc_page_graph(out, m->layers);
    }
    if (m->summary != NULL) {
        fputs("<h2>Summary</h2>\n<pre>", out);
        dlc_page_text(out, m->summary);
        fputs("</pre>\n", out);
    }
    dlc_page_close(out);
    return true;
}

bool dlc_report_write(Session *s, const Closing *closing)
{
    char path[4200], temporary[4210];
    snprintf(path, sizeof path, "%s/report.html", s->out);
    snprintf(temporary, sizeof temporary, "%s.tmp", path);
    FILE *out = fopen(temporary, "w");
    bool done = out != NULL && write_page(out, s, closing);
    const bool written = out != NULL && fflush(out) == 0 && ferror(out) == 0;
    const int code = errno;
    if (out != NULL && fclose(out) != 0) {
        done = false;
    }
    if (done && written && rename(temporary, path) == 0) {
        return true;
    }
    remove(temporary);
    return out != NULL && !done && written
               ? false
               : dlc_fault(&s->fault, "%s: cannot be written: %s", path,
                           strerror(code));
}
