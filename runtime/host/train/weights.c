/* weights.c - a model's tensors in safetensors files. */
#include "host/train/weights.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/text.h"

bool dlc_weights_list_init(WeightsList *list, const dlc_model *model, Fault *fault)
{
    const size_t room = 2 * (size_t)model->n_tensors;
    *list = (WeightsList){ 0 };
    list->tensor = dlc_new(room, sizeof *list->tensor, "a weights file", fault);
    list->name = dlc_new(room, sizeof *list->name, "a weights file", fault);
    return list->tensor != NULL && list->name != NULL;
}

void dlc_weights_list_release(WeightsList *list)
{
    for (int i = 0; i < list->n; i++) {
        free(list->name[i]);
    }
    free(list->name);
    free(list->tensor);
    *list = (WeightsList){ 0 };
}

static char *prefixed(const char *prefix, const char *name, Fault *fault)
{
    const size_t size = strlen(prefix) + strlen(name) + 1;
    char *text = dlc_new(size, 1, name, fault);
    if (text != NULL) {
        snprintf(text, size, "%s%s", prefix, name);
    }
    return text;
}

bool dlc_weights_list_add(WeightsList *list, const dlc_model *model, unsigned roles,
                          const char *prefix, const unsigned char *state, Fault *fault)
{
    for (int i = 0; i < model->n_tensors; i++) {
        const dlc_tensor *from = &model->tensor[i];
        if ((roles & 1u << from->role) == 0) {
            continue;
        }
        char *name = prefixed(prefix, from->name, fault);
        if (name == NULL) {
            return false;
        }
        SafeTensor *to = &list->tensor[list->n];
        *to = (SafeTensor){
            .name = name,
            .dtype = dlc_safetensors_dtype(from->type.dtype),
            .rank = from->type.rank,
            .data = state + from->offset,
            .bytes = (int64_t)dlc_type_bytes(&from->type),
        };
        memcpy(to->dim, from->type.dim, sizeof to->dim);
        list->name[list->n++] = name;
    }
    return true;
}

bool dlc_weights_save(const char *path, const dlc_model *model,
                      const unsigned char *state, uint64_t seed, const SafeMeta *more,
                      int n_more, Fault *fault)
{
    char hash[24], seed_text[24];
    snprintf(hash, sizeof hash, "%016" PRIx64, model->hash);
    snprintf(seed_text, sizeof seed_text, "%" PRIu64, seed);
    const SafeMeta own[] = {
        { "format", "dlc weights" },
        { "model", model->name },
        { "hash", hash },
        { "seed", seed_text },
    };
    enum { OWN = sizeof own / sizeof own[0] };
    WeightsList list;
    SafeMeta *meta =
        dlc_new(OWN + (size_t)n_more, sizeof *meta, "a weights file", fault);
    if (meta == NULL) {
        return false;
    }
    memcpy(meta, own, sizeof own);
    for (int i = 0; i < n_more; i++) {
        meta[OWN + i] = more[i];
    }
    const bool done =
        dlc_weights_list_init(&list, model, fault) &&
        dlc_weights_list_add(&list, model, WEIGHTS_NET, "", state, fault) &&
        dlc_safetensors_write(path, list.tensor, list.n, meta, OWN + n_more, fault);
    dlc_weights_list_release(&list);
    free(meta);
    return done;
}

/* Adds a name to a list that is shown up to a limit. */
static void list_name(Text *text, int *count, const char *what, const char *name)
{
    enum { SHOWN = 6 };
    if (*count == 0) {
        dlc_text_add(text, "; %s: %s", what, name);
    } else if (*count < SHOWN) {
        dlc_text_add(text, ", %s", name);
    } else if (*count == SHOWN) {
        dlc_text_add(text, ", ...");
    }
    (*count)++;
}

static bool same_shape(const SafeTensor *have, const dlc_type *want)
{
    bool same = strcmp(have->dtype, dlc_safetensors_dtype(want->dtype)) == 0 &&
                have->rank == want->rank;
    for (int i = 0; same && i < want->rank; i++) {
        same = have->dim[i] == want->dim[i];
    }
    return same;
}

static void list_shape(Text *text, int *count, const SafeTensor *have, const char *name,
                       const dlc_type *want)
{
    char entry[600], dims[DLC_TYPE_SIZE], type[DLC_TYPE_SIZE];
    snprintf(entry, sizeof entry, "%.200s is %.8s %s, expected %s", name, have->dtype,
             dlc_dims_print(dims, have->rank, have->dim), dlc_type_print(type, want));
    list_name(text, count, "other shapes", entry);
}

static bool in_model(const dlc_model *model, const char *name)
{
    for (int i = 0; i < model->n_tensors; i++) {
        if (strcmp(model->tensor[i].name, name) == 0 &&
            (WEIGHTS_NET & 1u << model->tensor[i].role) != 0) {
            return true;
        }
    }
    return false;
}

static bool is_checkpoint(const SafeFile *file)
{
    const char *format = dlc_safetensors_meta(file, "format");
    return format != NULL && strcmp(format, "dlc checkpoint") == 0;
}

/* True if the file has exactly the model's tensors; else one message lists all that is
 * wrong. */
static bool check_tensors(const SafeFile *file, const dlc_model *model, unsigned roles,
                          const char *prefix, Fault *fault)
{
    char buffer[2400];
    Text text = dlc_text(buffer, sizeof buffer);
    int missing = 0, extra = 0, other = 0;
    for (int i = 0; i < model->n_tensors; i++) {
        if ((roles & 1u << model->tensor[i].role) == 0) {
            continue;
        }
        char *name = prefixed(prefix, model->tensor[i].name, fault);
        if (name == NULL) {
            return false;
        }
        if (dlc_safetensors_find(file, name) == NULL) {
            list_name(&text, &missing, "missing", name);
        }
        free(name);
    }
    for (int i = 0; i < file->n_tensors && !is_checkpoint(file); i++) {
        if (!in_model(model, file->tensor[i].name)) {
            list_name(&text, &extra, "not in the model", file->tensor[i].name);
        }
    }
    for (int i = 0; i < model->n_tensors; i++) {
        char *name = prefixed(prefix, model->tensor[i].name, fault);
        const SafeTensor *have = name == NULL ? NULL : dlc_safetensors_find(file, name);
        if ((roles & 1u << model->tensor[i].role) != 0 && have != NULL &&
            !same_shape(have, &model->tensor[i].type)) {
            list_shape(&text, &other, have, model->tensor[i].name,
                       &model->tensor[i].type);
        }
        free(name);
    }
    if (missing + extra + other == 0) {
        return true;
    }
    dlc_fault(fault, "%s does not fit this model%s", file->path, buffer);
    const char *hash = dlc_safetensors_meta(file, "hash");
    if (hash != NULL) {
        dlc_fault_help(fault,
                       "it was written by a model with hash %.20s, this one has"
                       " %016" PRIx64 ": train again, or use the program that wrote it",
                       hash, model->hash);
    }
    return false;
}

bool dlc_weights_read(SafeFile *file, const dlc_model *model, unsigned roles,
                      const char *prefix, unsigned char *state, Fault *fault)
{
    if (!check_tensors(file, model, roles, prefix, fault)) {
        return false;
    }
    for (int i = 0; i < model->n_tensors; i++) {
        const dlc_tensor *t = &model->tensor[i];
        if ((roles & 1u << t->role) == 0) {
            continue;
        }
        char *name = prefixed(prefix, t->name, fault);
        const bool done =
            name != NULL && dlc_safetensors_read(file, dlc_safetensors_find(file, name),
                                                 state + t->offset, fault);
        free(name);
        if (!done) {
            return false;
        }
        const int64_t bad =
            dlc_value_find_bad(state + t->offset, dlc_type_count(&t->type), &t->type);
        if (bad >= 0) {
            return dlc_fault(fault, "%s: tensor %s: element %lld is out of bounds",
                             file->path, t->name, (long long)bad);
        }
    }
    return true;
}

bool dlc_weights_load(const char *path, const dlc_model *model, unsigned char *state,
                      uint64_t *seed, Fault *fault)
{
    SafeFile file;
    char hash[24];
    if (!dlc_safetensors_open(&file, path, fault)) {
        return dlc_fault_help(fault, "`%s train` writes weights to %s.out", model->name,
                              model->name);
    }
    const bool done = dlc_weights_read(&file, model, WEIGHTS_NET, "", state, fault);
    const char *text = dlc_safetensors_meta(&file, "hash");
    snprintf(hash, sizeof hash, "%016" PRIx64, model->hash);
    if (done && text != NULL && strcmp(text, hash) != 0) {
        fprintf(stderr,
                "%s: warning: %s has the hash %.20s, this model %s: the program"
                " was edited since\n",
                model->name, path, text, hash);
    }
    text = dlc_safetensors_meta(&file, "seed");
    if (text != NULL) {
        *seed = strtoull(text, NULL, 10);
    }
    dlc_safetensors_close(&file);
    return done;
}
