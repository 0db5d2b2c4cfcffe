/* progress.c - what a run says while it works. */
#include "host/report/progress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host/data/dataset.h"
#include "host/report/text.h"

enum { BAR = 20, LINE = 4096 };

void dlc_progress_init(Progress *progress, const dlc_model *model, bool quiet,
                       bool json)
{
    *progress =
        (Progress){ .model = model, .out = stdout, .quiet = quiet, .json = json };
    progress->live = !quiet && !json && isatty(STDOUT_FILENO) != 0;
    progress->started = dlc_clock();
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 80;
}

void dlc_progress_start(Progress *progress, uint32_t n_train, uint32_t n_valid,
                        int threads, uint64_t seed)
{
    char a[DLC_NUMBER_SIZE], b[DLC_NUMBER_SIZE];
    progress->started = dlc_clock();
    if (progress->json) {
        fprintf(progress->out, "{\"event\":\"start\",\"model\":");
        dlc_json_string(progress->out, progress->model->name);
        fprintf(progress->out,
                ",\"train\":%u,\"valid\":%u,\"batch\":%d,\"steps\":%lld,\"step\":%lld,"
                "\"threads\":%d,\"seed\":%llu}\n",
                (unsigned)n_train, (unsigned)n_valid, progress->model->batch,
                (long long)progress->steps, (long long)progress->steps_before, threads,
                (unsigned long long)seed);
    } else if (!progress->quiet) {
        fprintf(progress->out, "%s: %s training samples", progress->model->name,
                dlc_count(a, n_train));
        if (n_valid > 0) {
            fprintf(progress->out, ", %s for validation", dlc_count(b, n_valid));
        }
        fprintf(progress->out, ", batch %d, seed %llu, %d thread%s\n",
                progress->model->batch, (unsigned long long)seed, threads,
                threads == 1 ? "" : "s");
    }
    fflush(progress->out);
}

static void add_epoch(const Progress *progress, Text *text, int64_t epoch)
{
    char total[DLC_NUMBER_SIZE];
    if (progress->fold > 0) {
        dlc_text_add(text, "fold %lld ", (long long)progress->fold);
    }
    const int width =
        snprintf(total, sizeof total, "%lld", (long long)progress->epochs);
    if (progress->epochs > 0) {
        dlc_text_add(text, "epoch %*lld/%s", width, (long long)epoch + 1, total);
    } else {
        dlc_text_add(text, "epoch %lld", (long long)epoch + 1);
    }
}

static void add_values(const Progress *progress, Text *text, const char *split,
                       const double *value, double n)
{
    char number[DLC_NUMBER_SIZE];
    dlc_text_add(text, "%s", split);
    for (int i = 0; i < progress->model->n_reports; i++) {
        dlc_text_add(text, "  %s %s", progress->model->report[i].name,
                     dlc_number(number, progress->model->report[i].of_split
                                            ? value[i]
                                            : value[i] / n));
    }
}

void dlc_progress_step(Progress *progress, int64_t epoch, int64_t batch,
                       int64_t n_batches, int64_t steps, const double *sum)
{
    const double now = dlc_clock();
    if (!progress->live || now - progress->drawn < 0.1) {
        return;
    }
    char line[LINE], bar[BAR + 1], rate[DLC_NUMBER_SIZE], left[DLC_NUMBER_SIZE];
    const double per_step =
        (now - progress->started) /
        (double)(steps > progress->steps_before ? steps - progress->steps_before : 1);
    const int64_t filled = n_batches > 0 ? batch * BAR / n_batches : 0;
    for (int i = 0; i < BAR; i++) {
        bar[i] = "=> "[i < filled ? 0 : i == filled ? 1 : 2];
    }
    bar[BAR] = '\0';
    Text text = dlc_text(line, sizeof line);
    add_epoch(progress, &text, epoch);
    dlc_text_add(&text, " [%s] %3lld%%  %s samples/s  ETA %s", bar,
                 (long long)(n_batches > 0 ? batch * 100 / n_batches : 0),
                 dlc_count(rate, (int64_t)((double)progress->model->batch / per_step)),
                 dlc_duration(left, (double)(progress->steps - steps) * per_step));
    add_values(progress, &text, "", sum, batch > 0 ? (double)batch : 1);
    fprintf(progress->out, "\r%.*s\033[K", terminal_width() - 1, line);
    fflush(progress->out);
    progress->drawn = now;
}

static void json_values(const Progress *progress, const double *value, double scale)
{
    fputc('{', progress->out);
    for (int i = 0; i < progress->model->n_reports; i++) {
        fputs(i > 0 ? "," : "", progress->out);
        dlc_json_string(progress->out, progress->model->report[i].name);
        fputc(':', progress->out);
        dlc_json_number(progress->out, value[i] * scale);
    }
    fputc('}', progress->out);
}

void dlc_progress_log(Progress *progress, int64_t epoch, int64_t batch,
                      int64_t n_batches, int64_t steps, const double *sum)
{
    char line[LINE];
    if (progress->json) {
        fprintf(progress->out,
                "{\"event\":\"step\",\"step\":%lld,\"epoch\":%lld,\"train\":",
                (long long)steps, (long long)epoch + 1);
        json_values(progress, sum, 1.0 / (double)batch);
        fputs("}\n", progress->out);
    } else if (!progress->quiet) {
        Text text = dlc_text(line, sizeof line);
        dlc_progress_clear(progress);
        add_epoch(progress, &text, epoch);
        dlc_text_add(&text, "  batch %lld/%lld", (long long)batch,
                     (long long)n_batches);
        add_values(progress, &text, "", sum, 1.0 / (double)batch);
        fprintf(progress->out, "%s\n", line);
    }
    fflush(progress->out);
}

void dlc_progress_load(Progress *progress, const char *path, int taken,
                       const char *kept, const char *unused)
{
    if (progress->json) {
        fprintf(progress->out, "{\"event\":\"load\",\"file\":");
        dlc_json_string(progress->out, path);
        fprintf(progress->out, ",\"loaded\":%d,\"kept\":", taken);
        dlc_json_string(progress->out, kept);
        fputs(",\"unused\":", progress->out);
        dlc_json_string(progress->out, unused);
        fputs("}\n", progress->out);
        return;
    }
    fprintf(progress->out, "%s: loaded %d tensor%s of %s\n", progress->model->name,
            taken, taken == 1 ? "" : "s", path);
    if (kept[0] != '\0') {
        fprintf(progress->out, "  not in the file, initial: %s\n", kept);
    }
    if (unused[0] != '\0') {
        fprintf(progress->out, "  not in the model, unused: %s\n", unused);
    }
}

void dlc_progress_fold(Progress *progress, int64_t fold, const double *value)
{
    char line[LINE];
    dlc_progress_clear(progress);
    if (progress->json) {
        fprintf(progress->out,
                "{\"event\":\"fold\",\"fold\":%lld,\"valid\":", (long long)fold + 1);
        json_values(progress, value, 1);
        fputs("}\n", progress->out);
    } else {
        Text text = dlc_text(line, sizeof line);
        dlc_text_add(&text, "fold %lld/%lld", (long long)fold + 1,
                     (long long)progress->model->folds);
        add_values(progress, &text, "", value, 1);
        fprintf(progress->out, "%s\n", line);
    }
    fflush(progress->out);
}

void dlc_progress_folds(Progress *progress, int64_t best, const double *mean,
                        const double *spread)
{
    char a[DLC_NUMBER_SIZE], b[DLC_NUMBER_SIZE];
    const dlc_model *m = progress->model;
    if (progress->json) {
        fprintf(progress->out,
                "{\"event\":\"folds\",\"folds\":%lld,\"best\":%lld,"
                "\"mean\":",
                (long long)m->folds, (long long)best + 1);
        json_values(progress, mean, 1);
        fputs(",\"sd\":", progress->out);
        json_values(progress, spread, 1);
        fputs("}\n", progress->out);
    } else {
        fprintf(progress->out, "%lld folds", (long long)m->folds);
        for (int i = 0; i < m->n_reports; i++) {
            fprintf(progress->out, "  %s %s +- %s", m->report[i].name,
                    dlc_number(a, mean[i]), dlc_number(b, spread[i]));
        }
        fprintf(progress->out, "; best fold %lld\n", (long long)best + 1);
    }
    fflush(progress->out);
}

void dlc_progress_clear(Progress *progress)
{
    if (progress->live && progress->drawn > 0) {
        fputs("\r\033[K", progress->out);
        fflush(progress->out);
        progress->drawn = 0;
    }
}

void dlc_progress_epoch(Progress *progress, int64_t epoch, const double *train,
                        const double *valid, int64_t samples, double seconds, bool best)
{
    char line[LINE], rate[DLC_NUMBER_SIZE];
    const double per_second = seconds > 0 ? (double)samples / seconds : 0;
    dlc_progress_clear(progress);
    if (progress->json) {
        fprintf(progress->out, "{\"event\":\"epoch\",\"epoch\":%lld,",
                (long long)epoch + 1);
        if (progress->fold > 0) {
            fprintf(progress->out, "\"fold\":%lld,", (long long)progress->fold);
        }
        if (progress->model->plateau.set) {
            fprintf(progress->out, "\"lr_scale\":%.9g,", progress->lr_scale);
        }
        fputs("\"train\":", progress->out);
        json_values(progress, train, 1);
        if (valid != NULL) {
            fputs(",\"valid\":", progress->out);
            json_values(progress, valid, 1);
        }
        fprintf(progress->out, ",\"best\":%s,\"seconds\":%.3f}\n",
                best ? "true" : "false", seconds);
    } else if (!progress->quiet) {
        Text text = dlc_text(line, sizeof line);
        add_epoch(progress, &text, epoch);
        add_values(progress, &text, "", train, 1);
        if (valid != NULL) {
            add_values(progress, &text, "  valid", valid, 1);
        }
        if (progress->model->plateau.set) {
            dlc_text_add(&text, "  lr_scale %s", dlc_number(rate, progress->lr_scale));
        }
        dlc_text_add(&text, "  %.1f s  %s samples/s%s", seconds,
                     dlc_count(rate, (int64_t)per_second), best ? "  best" : "");
        fprintf(progress->out, "%s\n", line);
    }
    fflush(progress->out);
}

enum { COLUMNS = 64 }; /* aligned; what follows is not */

static void print_split(Progress *progress, int split, const double *value,
                        const int width[COLUMNS])
{
    char number[DLC_NUMBER_SIZE];
    fprintf(progress->out, "%-5s", dlc_split_name[split]);
    for (int i = 0; i < progress->model->n_reports; i++) {
        fprintf(progress->out, "  %s %*s", progress->model->report[i].name,
                i < COLUMNS ? width[i] : 0, dlc_number(number, value[i]));
    }
    fputc('\n', progress->out);
}

void dlc_progress_result(Progress *progress, double *const value[DLC_SPLITS])
{
    const int n =
        progress->model->n_reports < COLUMNS ? progress->model->n_reports : COLUMNS;
    int width[COLUMNS] = { 0 };
    char number[DLC_NUMBER_SIZE];
    dlc_progress_clear(progress);
    for (int split = 0; split < DLC_SPLITS; split++) {
        for (int i = 0; value[split] != NULL && i < n; i++) {
            const int length = (int)strlen(dlc_number(number, value[split][i]));
            width[i] = length > width[i] ? length : width[i];
        }
    }
    for (int split = 0; split < DLC_SPLITS; split++) {
        if (value[split] == NULL) {
            continue;
        }
        if (progress->json) {
            fprintf(progress->out, "{\"event\":\"result\",\"split\":\"%s\",\"values\":",
                    dlc_split_name[split]);
            json_values(progress, value[split], 1);
            fputs("}\n", progress->out);
        } else {
            print_split(progress, split, value[split], width);
        }
    }
    fflush(progress->out);
}
