/* train.c - the command `train`. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/command/report.h"
#include "host/data/find.h"
#include "host/report/progress.h"
#include "host/report/text.h"
#include "host/session.h"
#include "host/train/checkpoint.h"
#include "host/train/loop.h"

/* Makes a folder and those above it. */
static bool make_folder(const char *path, Fault *fault)
{
    char part[4096];
    const size_t length = strlen(path);
    if (length >= sizeof part) {
        return dlc_fault(fault, "--out: path is too long");
    }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            return dlc_fault(fault, "%s: folder cannot be made: %s", part,
                             strerror(errno));
        }
    }
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
        return dlc_fault(fault, "%s: is not a folder", path);
    }
    return true;
}

static void resume_command(const Session *s, char *buffer, size_t size)
{
    const Options *o = &s->options;
    Text text = dlc_text(buffer, size);
    dlc_text_add(&text, "%s train --resume", o->program);
    if (o->out != NULL) {
        dlc_text_add(&text, " --out %s", o->out);
    }
    if (o->data != NULL) {
        dlc_text_add(&text, " --data %s", o->data);
    }
    if (o->epochs > 0) {
        dlc_text_add(&text, " --epochs %lld", (long long)o->epochs);
    }
    if (o->steps > 0) {
        dlc_text_add(&text, " --steps %lld", (long long)o->steps);
    }
    if (o->threads >= 0) {
        dlc_text_add(&text, " --threads %lld", (long long)o->threads);
    }
}

/* A resumed run takes its seed from the checkpoint: it decides the splits. */
static bool take_seed(Session *s)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/checkpoint.safetensors", s->out);
    if (!s->options.resume || s->options.has_seed || access(path, F_OK) != 0) {
        return true;
    }
    return dlc_checkpoint_seed(path, &s->seed, &s->fault);
}

static void plan_length(const Session *s, Plan *plan)
{
    if (s->options.epochs > 0 || s->options.steps > 0) {
        plan->epochs = s->options.epochs;
        plan->steps = s->options.steps;
    } else {
        plan->epochs = s->model->epochs;
        plan->steps = s->model->steps;
    }
    if (plan->epochs == 0 && plan->steps == 0) {
        plan->epochs = 1;
    }
}

/* The weights to begin with, by the command line or the program; looked up as data is.
 */
static bool find_pretrained(Session *s, char **path)
{
    const Places places = { s->options.data, s->model->source };
    const char *name = s->options.load != NULL ? s->options.load : s->model->load;
    if (name == NULL && (s->options.names.n > 0 || s->options.names.torch)) {
        return dlc_fault(&s->fault, "--map and --layout belong to --load FILE");
    }
    *path = name != NULL ? dlc_find(&places, name, &s->fault) : NULL;
    return name == NULL || *path != NULL;
}

bool dlc_command_train(Session *session, int *status)
{
    Session *s = session;
    char command[4096], *load = NULL;
    Closing closing = { .kept = -1 };
    if (s->options.epochs > 0 && s->options.steps > 0) {
        return dlc_fault(&s->fault, "train takes --epochs or --steps, not both");
    }
    if (!take_seed(s) || !dlc_session_open_data(s) || !dlc_session_open_engine(s) ||
        !make_folder(s->out, &s->fault)) {
        return false;
    }
    resume_command(s, command, sizeof command);
    if (!find_pretrained(s, &load)) {
        return false;
    }
    Plan plan = {
        .load = load,
        .names = &s->options.names,
        .seed = s->seed,
        .resume = s->options.resume,
        .threads = (int)s->options.threads,
        .out = s->out,
        .checkpoint_every = s->options.checkpoint_every,
        .resume_command = command,
        .closing = &closing,
    };
    plan_length(s, &plan);
    Progress progress;
    dlc_progress_init(&progress, s->model, s->options.quiet, s->options.json);
    dlc_interrupt_listen();
    const Outcome outcome = dlc_train(&s->engine, &s->set, &plan, &progress, &s->fault);
    free(load);
    if (outcome == OUTCOME_INTERRUPTED) {
        *status = 128 + dlc_interrupt;
    }
    const bool done = outcome != OUTCOME_FAILED &&
                      (outcome != OUTCOME_DONE || dlc_report_write(s, &closing));
    for (int i = 0; i < DLC_SPLITS; i++) {
        free(closing.value[i]);
    }
    return done;
}
