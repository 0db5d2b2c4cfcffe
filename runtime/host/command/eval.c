/* eval.c - the command `eval`: losses and metrics of splits, and what is confused. */
#include <stdlib.h>
#include <string.h>

#include "host/command/net_field.h"
#include "host/report/confusion.h"
#include "host/report/progress.h"
#include "host/session.h"

static bool report_classes(Session *s, int split)
{
    Confusion confusion;
    const int64_t n = s->model->data->field[s->model->class_field].type.bound;
    bool done = dlc_confusion_init(&confusion, n, &s->fault) &&
                dlc_net_count_classes(s->model, s->engine.state, &s->set.split[split],
                                      0, &confusion, &s->fault);
    if (done && s->options.json) {
        dlc_confusion_print_json(&confusion, "confusion", dlc_split_name[split],
                                 stdout);
    } else if (done) {
        dlc_confusion_print(&confusion, "confusion", dlc_split_name[split], stdout);
    }
    dlc_confusion_release(&confusion);
    return done;
}

/* A table that a metric counted: it is in the state, of the split evaluated last. */
static bool report_tally(Session *s, const dlc_tally *tally, int split)
{
    const dlc_tensor *t = &s->model->tensor[tally->tensor];
    const float *count = (const float *)(const void *)(s->engine.state + t->offset);
    Confusion table;
    if (t->type.rank != 2 || t->type.dim[0] != t->type.dim[1]) {
        return true;
    }
    bool done = dlc_confusion_init(&table, t->type.dim[0], &s->fault);
    for (int64_t i = 0; done && i < dlc_type_count(&t->type); i++) {
        table.count[i] = (int64_t)count[i];
    }
    if (done && s->options.json) {
        dlc_confusion_print_json(&table, tally->name, dlc_split_name[split], stdout);
    } else if (done) {
        dlc_confusion_print(&table, tally->name, dlc_split_name[split], stdout);
    }
    dlc_confusion_release(&table);
    return done;
}

/* Those that the program declares, else the one of what it calls accuracy. */
static bool report_tables(Session *s, int split)
{
    for (int i = 0; i < s->model->n_tallies; i++) {
        if (!report_tally(s, &s->model->tally[i], split)) {
            return false;
        }
    }
    return s->model->n_tallies > 0 || !dlc_net_has_classes(s->model) ||
           report_classes(s, split);
}

/* Which splits are asked for: --split, or all that exist. `last`: the one whose
 * confusion is shown. */
static bool choose_splits(Session *s, bool asked[DLC_SPLITS], int *last)
{
    *last = -1;
    for (int i = DLC_TRAIN; i <= DLC_TEST; i++) {
        const bool exists = s->set.split[i].table != NULL;
        const bool named = s->options.split != NULL &&
                           strcmp(s->options.split, dlc_split_name[i]) == 0;
        if (named && !exists) {
            return dlc_fault(&s->fault, "data %s has no %s split", s->model->data->name,
                             dlc_split_name[i]);
        }
        asked[i] = exists && (named || s->options.split == NULL);
        if (asked[i]) {
            *last = i;
        }
    }
    return *last >= 0 || dlc_fault(&s->fault, "data %s has no split to evaluate",
                                   s->model->data->name);
}

bool dlc_command_eval(Session *session, int *status)
{
    Session *s = session;
    bool asked[DLC_SPLITS] = { false };
    int last = -1;
    double *value[DLC_SPLITS] = { NULL };
    Progress progress;
    (void)status;
    dlc_progress_init(&progress, s->model, s->options.quiet, s->options.json);
    if (s->model->data == NULL) {
        return dlc_session_open_data(s); /* says why not */
    }
    if (!dlc_session_open_engine(s) || !dlc_session_load_weights(s) ||
        !dlc_session_open_data(s) || !choose_splits(s, asked, &last)) {
        return false;
    }
    bool done = true;
    for (int i = 0; done && i < DLC_SPLITS; i++) {
        if (asked[i]) {
            value[i] = dlc_new((size_t)s->model->n_reports, sizeof(double), "means",
                               &s->fault);
            done = value[i] != NULL &&
                   dlc_engine_evaluate(&s->engine, &s->set.split[i], i, NULL, value[i]);
        }
    }
    done = done && (s->options.quiet || report_tables(s, last));
    if (done) {
        dlc_progress_result(&progress, value);
    }
    for (int i = 0; i < DLC_SPLITS; i++) {
        free(value[i]);
    }
    return done;
}
