/* checkpoint.c - everything a training run needs to go on as if nothing had happened.
 *
 * Tensors carry their names, those of the best epoch "best/<name>"; numbers are texts
 * in the metadata: integers in decimal, doubles as the 16 hex digits of their bits. */
#include "host/train/checkpoint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/text.h"

enum { N_NUMBERS = 17, N_TEXTS = 5 };

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The position as integers, in a fixed order. */
static void pack(uint64_t word[N_NUMBERS], const dlc_model *model, const Position *p)
{
    const uint64_t all[N_NUMBERS] = {
        p->seed,
        (uint64_t)p->samples,
        (uint64_t)p->steps,
        (uint64_t)p->epoch,
        (uint64_t)p->batch,
        bits_of(p->best),
        (uint64_t)p->best_epoch,
        bits_of(p->stop_best),
        (uint64_t)p->stop_epoch,
        (uint64_t)p->waited,
        (uint64_t)p->history_rows,
        bits_of((double)p->lr_scale),
        bits_of(p->plateau_best),
        (uint64_t)p->plateau_epoch,
        (uint64_t)p->plateau_waited,
        (uint64_t)p->fold,
        (uint64_t)model->batch,
    };
    memcpy(word, all, sizeof all);
}

static const char *const key[N_NUMBERS] = {
    "seed",         "samples",    "steps",        "epoch",         "batches_done",
    "best",         "best_epoch", "stop_best",    "stop_epoch",    "waited",
    "history_rows", "lr_scale",   "plateau_best", "plateau_epoch", "plateau_waited",
    "fold",         "batch",
};

static bool is_double(int i)
{
    return i == 5 || i == 7 || i == 11 || i == 12;
}

static void unpack(const uint64_t word[N_NUMBERS], Position *p)
{
    p->seed = word[0];
    p->samples = (int64_t)word[1];
    p->steps = (int64_t)word[2];
    p->epoch = (int64_t)word[3];
    p->batch = (int64_t)word[4];
    p->best = of_bits(word[5]);
    p->best_epoch = (int64_t)word[6];
    p->stop_best = of_bits(word[7]);
    p->stop_epoch = (int64_t)word[8];
    p->waited = (int64_t)word[9];
    p->history_rows = (int64_t)word[10];
    p->lr_scale = (float)of_bits(word[11]);
    p->plateau_best = of_bits(word[12]);
    p->plateau_epoch = (int64_t)word[13];
    p->plateau_waited = (int64_t)word[14];
    p->fold = (int64_t)word[15];
}

/* The metadata of a checkpoint: fixed texts, numbers, and the sums in one text. */
typedef struct Meta {
    SafeMeta item[N_NUMBERS + N_TEXTS];
    char number[N_NUMBERS][24];
    char hash[24];
    char *sums, *folds; /* owned */
} Meta;

static char *doubles_text(int n, const double *value, Fault *fault)
{
    const size_t size = (size_t)n * 17 + 1;
    char *buffer = dlc_new(size, 1, "a checkpoint", fault);
    Text text = dlc_text(buffer, size);
    for (int i = 0; buffer != NULL && i < n; i++) {
        dlc_text_add(&text, "%s%016" PRIx64, i > 0 ? " " : "", bits_of(value[i]));
    }
    return buffer;
}

static bool meta_init(Meta *meta, const dlc_model *model, const Position *p,
                      Fault *fault)
{
    uint64_t word[N_NUMBERS];
    pack(word, model, p);
    meta->sums = doubles_text(model->n_reports, p->sum, fault);
    meta->folds = doubles_text((int)p->fold * model->n_reports, p->folds, fault);
    if (meta->sums == NULL || meta->folds == NULL) {
        return false;
    }
    snprintf(meta->hash, sizeof meta->hash, "%016" PRIx64, model->hash);
    for (int i = 0; i < N_NUMBERS; i++) {
        char *to = meta->number[i];
        const size_t room = sizeof meta->number[i];
        if (is_double(i)) {
            snprintf(to, room, "%016" PRIx64, word[i]);
        } else if (i == 0) {
            snprintf(to, room, "%" PRIu64, word[i]);
        } else {
            snprintf(to, room, "%" PRId64, (int64_t)word[i]);
        }
        meta->item[i] = (SafeMeta){ key[i], meta->number[i] };
    }
    meta->item[N_NUMBERS] = (SafeMeta){ "format", "dlc checkpoint" };
    meta->item[N_NUMBERS + 1] = (SafeMeta){ "model", model->name };
    meta->item[N_NUMBERS + 2] = (SafeMeta){ "hash", meta->hash };
    meta->item[N_NUMBERS + 3] = (SafeMeta){ "sums", meta->sums };
    meta->item[N_NUMBERS + 4] = (SafeMeta){ "folds", meta->folds };
    return true;
}

bool dlc_checkpoint_save(const char *path, const dlc_model *model,
                         const unsigned char *state, const unsigned char *best,
                         const Position *position, Fault *fault)
{
    Meta meta = { 0 };
    WeightsList list;
    const bool done =
        dlc_weights_list_init(&list, model, fault) &&
        meta_init(&meta, model, position, fault) &&
        dlc_weights_list_add(&list, model, WEIGHTS_ALL, "", state, fault) &&
        (best == NULL ||
         dlc_weights_list_add(&list, model, WEIGHTS_NET, "best/", best, fault)) &&
        dlc_safetensors_write(path, list.tensor, list.n, meta.item, N_NUMBERS + N_TEXTS,
                              fault);
    dlc_weights_list_release(&list);
    free(meta.sums);
    free(meta.folds);
    return done;
}

static bool read_numbers(const SafeFile *file, uint64_t word[N_NUMBERS], Fault *fault)
{
    const char *format = dlc_safetensors_meta(file, "format");
    if (format == NULL || strcmp(format, "dlc checkpoint") != 0) {
        return dlc_fault(fault, "%s: is not a checkpoint of dlc", file->path);
    }
    for (int i = 0; i < N_NUMBERS; i++) {
        const char *text = dlc_safetensors_meta(file, key[i]);
        char *end = NULL;
        if (text == NULL) {
            return dlc_fault(fault, "%s: checkpoint lacks %s", file->path, key[i]);
        }
        word[i] = text[0] == '-' ? (uint64_t)strtoll(text, &end, 10)
                                 : strtoull(text, &end, is_double(i) ? 16 : 10);
        if (end == text || *end != '\0') {
            return dlc_fault(fault, "%s: checkpoint's %s is not a number", file->path,
                             key[i]);
        }
    }
    return true;
}

static bool read_doubles(const SafeFile *file, const char *name, int n, double *value,
                         Fault *fault)
{
    const char *text = dlc_safetensors_meta(file, name);
    for (int i = 0; i < n; i++) {
        char *end = NULL;
        const uint64_t bits = text == NULL ? 0 : strtoull(text, &end, 16);
        if (text == NULL || end == text) {
            return dlc_fault(fault, "%s: checkpoint holds %d %s, expected %d",
                             file->path, i, name, n);
        }
        value[i] = of_bits(bits);
        text = end;
    }
    return true;
}

static bool load_from(SafeFile *file, const dlc_model *model, unsigned char *state,
                      unsigned char *best, Position *p, Fault *fault)
{
    uint64_t word[N_NUMBERS];
    if (!read_numbers(file, word, fault)) {
        return false;
    }
    unpack(word, p);
    if ((int64_t)word[N_NUMBERS - 1] != model->batch) {
        return dlc_fault(fault, "%s: checkpoint has batch %lld, this program %d",
                         file->path, (long long)word[N_NUMBERS - 1], model->batch);
    }
    if (p->fold < 0 || p->fold > model->folds) {
        return dlc_fault(fault, "%s: checkpoint of fold %lld, but there are %lld",
                         file->path, (long long)p->fold + 1, (long long)model->folds);
    }
    return dlc_weights_read(file, model, WEIGHTS_ALL, "", state, fault) &&
           read_doubles(file, "sums", model->n_reports, p->sum, fault) &&
           read_doubles(file, "folds", (int)p->fold * model->n_reports, p->folds,
                        fault) &&
           (p->best_epoch < 0 ||
            dlc_weights_read(file, model, WEIGHTS_NET, "best/", best, fault));
}

bool dlc_checkpoint_load(const char *path, const dlc_model *model, unsigned char *state,
                         unsigned char *best, Position *position, Fault *fault)
{
    SafeFile file;
    if (!dlc_safetensors_open(&file, path, fault)) {
        return false;
    }
    const bool done = load_from(&file, model, state, best, position, fault);
    dlc_safetensors_close(&file);
    return done;
}

bool dlc_checkpoint_seed(const char *path, uint64_t *seed, Fault *fault)
{
    SafeFile file;
    uint64_t word[N_NUMBERS];
    if (!dlc_safetensors_open(&file, path, fault)) {
        return false;
    }
    const bool done = read_numbers(&file, word, fault);
    if (done) {
        *seed = word[0];
    }
    dlc_safetensors_close(&file);
    return done;
}
