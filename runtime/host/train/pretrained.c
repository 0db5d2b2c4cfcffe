/* pretrained.c - parameters to begin with, from files that this program did not write.
 */
#include "host/train/pretrained.h"

#include <stdlib.h>
#include <string.h>

#include "host/report/text.h"

enum { NAME = 512, LIST = 1600 };

typedef struct Source { /* a safetensors file or an .npz */
    bool is_npz;
    SafeFile safe;
    Npz npz;
    int n;
    Foreign *array; /* owned for safetensors, else the archive's */
} Source;

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static bool source_open(Source *s, const char *path, Fault *fault)
{
    *s = (Source){ .is_npz = ends_with(path, ".npz") };
    if (s->is_npz) {
        const bool done = dlc_npz_open(&s->npz, path, fault);
        s->n = s->npz.n_arrays;
        s->array = s->npz.array;
        return done;
    }
    if (!dlc_safetensors_open(&s->safe, path, fault)) {
        return false;
    }
    s->array = dlc_new((size_t)s->safe.n_tensors, sizeof *s->array, path, fault);
    for (int i = 0; s->array != NULL && i < s->safe.n_tensors; i++) {
        const SafeTensor *t = &s->safe.tensor[i];
        Foreign *f = &s->array[s->n++];
        *f = (Foreign){ .name = t->name,
                        .dtype = t->dtype,
                        .rank = t->rank,
                        .offset = t->offset,
                        .bytes = t->bytes };
        memcpy(f->dim, t->dim, sizeof f->dim);
    }
    return s->array != NULL;
}

static void source_close(Source *s)
{
    if (s->is_npz) {
        dlc_npz_close(&s->npz);
    } else {
        free(s->array);
        dlc_safetensors_close(&s->safe);
    }
}

/* ---- names ----------------------------------------------------------------------- */

/* `name` after the first entry of the map that fits it. */
static void mapped(char to[NAME], const char *name, const Names *names)
{
    snprintf(to, NAME, "%s", name);
    for (int i = 0; names != NULL && i < names->n; i++) {
        const char *equals = strchr(names->map[i], '=');
        const size_t n = (size_t)(equals - names->map[i]);
        const bool leads = strncmp(name, names->map[i], n) == 0 &&
                           (name[n] == '\0' || name[n] == '.' || name[n] == '/');
        if (leads) {
            snprintf(to, NAME, "%s%s", equals + 1, name + n);
            break;
        }
    }
    for (char *c = to; *c != '\0'; c++) {
        *c = *c == '.' ? '/' : *c;
    }
}

static const char *const torch_names[][2] = {
    { "weight", "w" },        { "weight", "gamma" },   { "weight", "gain" },
    { "weight", "table" },    { "bias", "b" },         { "bias", "beta" },
    { "running_mean", "mu" }, { "running_var", "var" }
};

/* The parameter or state of that name; -1: none. */
static int find_exact(const dlc_model *m, const char *name)
{
    for (int i = 0; i < m->n_tensors; i++) {
        if (m->tensor[i].role != DLC_OPTIMIZER &&
            strcmp(m->tensor[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

static int find_tensor(const dlc_model *m, const char *name, const Names *names)
{
    char ours[NAME], other[NAME];
    mapped(ours, name, names);
    int found = find_exact(m, ours);
    const char *last = strrchr(ours, '/');
    const size_t stem = last != NULL ? (size_t)(last - ours) + 1 : 0;
    for (size_t i = 0; found < 0 && names != NULL && names->torch &&
                       i < sizeof torch_names / sizeof torch_names[0];
         i++) {
        if (strcmp(ours + stem, torch_names[i][0]) == 0) {
            snprintf(other, sizeof other, "%.*s%s", (int)stem, ours, torch_names[i][1]);
            found = find_exact(m, other);
        }
    }
    return found;
}

/* ---- values ---------------------------------------------------------------------- */

static bool same_dims(int rank, const int64_t *a, const int64_t *b)
{
    bool same = true;
    for (int i = 0; i < rank; i++) {
        same = same && a[i] == b[i];
    }
    return same;
}

/* axis[i] of the file is axis i of ours. False: the shapes do not fit. */
static bool find_axes(const dlc_tensor *t, const Foreign *f, bool torch,
                      int axis[DLC_MAX_RANK])
{
    static const int turned[][4] = {
        { 1, 0 }, { 2, 1, 0 }, { 2, 3, 1, 0 }, { 2, 3, 0, 1 } /* the last: depthwise */
    };
    int64_t dim[DLC_MAX_RANK];
    const int rank = t->type.rank;
    const bool turns = torch && rank >= 2 && rank <= 4 && !ends_with(t->name, "/table");
    if (f->rank != rank) {
        return false;
    }
    for (int k = turns ? rank - 2 : 4; turns && k < (rank == 4 ? 4 : rank - 1); k++) {
        for (int i = 0; i < rank; i++) {
            axis[i] = turned[k][i];
            dim[i] = f->dim[axis[i]];
        }
        if (same_dims(rank, dim, t->type.dim)) {
            return true;
        }
    }
    for (int i = 0; i < rank; i++) {
        axis[i] = i;
    }
    return !turns && same_dims(rank, f->dim, t->type.dim);
}

static float element(const Foreign *f, const unsigned char *bytes, int64_t at)
{
    double wide;
    float value;
    uint32_t word;
    uint16_t half;
    if (strcmp(f->dtype, "F64") == 0) {
        memcpy(&wide, bytes + at * 8, sizeof wide);
        return (float)wide;
    }
    if (strcmp(f->dtype, "BF16") == 0) {
        memcpy(&half, bytes + at * 2, sizeof half);
        word = (uint32_t)half << 16;
        memcpy(&value, &word, sizeof value);
        return value;
    }
    memcpy(&value, bytes + at * 4, sizeof value);
    return value;
}

static bool known_dtype(const char *dtype)
{
    return strcmp(dtype, "F32") == 0 || strcmp(dtype, "F64") == 0 ||
           strcmp(dtype, "BF16") == 0;
}

static void copy(const dlc_tensor *t, const Foreign *f, const int *axis,
                 const unsigned char *bytes, unsigned char *state)
{
    const int rank = t->type.rank;
    int64_t stride[DLC_MAX_RANK + 1] = { 0 }, step = 1;
    for (int i = rank - 1; i >= 0; i--) {
        stride[i] = step;
        step *= f->dim[i];
    }
    for (int64_t at = 0; at < dlc_type_count(&t->type); at++) {
        int64_t left = at, from = 0;
        for (int i = rank - 1; i >= 0; i--) {
            from += left % t->type.dim[i] * stride[axis[i]];
            left /= t->type.dim[i];
        }
        const float value = element(f, bytes, from);
        memcpy(state + t->offset + (size_t)at * sizeof value, &value, sizeof value);
    }
}

static bool fail_shape(const Source *s, const dlc_tensor *t, const Foreign *f,
                       bool torch, Fault *fault)
{
    char dims[DLC_TYPE_SIZE], type[DLC_TYPE_SIZE];
    int axis[DLC_MAX_RANK];
    dlc_fault(fault, "%s: %s is %s %s, but %s is %s",
              s->is_npz ? s->npz.path : s->safe.path, f->name, f->dtype,
              dlc_dims_print(dims, f->rank, f->dim), t->name,
              dlc_type_print(type, &t->type));
    if (!torch && find_axes(t, f, true, axis)) {
        dlc_fault_help(fault, "--layout=torch turns [out, in] into [in, out]");
    }
    return false;
}

static bool take(Source *s, const Foreign *f, const dlc_tensor *t, bool torch,
                 unsigned char *state, Fault *fault)
{
    int axis[DLC_MAX_RANK];
    if (!known_dtype(f->dtype) || !find_axes(t, f, torch, axis)) {
        return fail_shape(s, t, f, torch, fault);
    }
    if (s->is_npz) {
        copy(t, f, axis, dlc_npz_values(&s->npz, f), state);
        return true;
    }
    const SafeTensor *safe = dlc_safetensors_find(&s->safe, f->name);
    unsigned char *bytes = dlc_new((size_t)f->bytes, 1, f->name, fault);
    const bool done =
        bytes != NULL && dlc_safetensors_read(&s->safe, safe, bytes, fault);
    if (done) {
        copy(t, f, axis, bytes, state);
    }
    free(bytes);
    return done;
}

/* ---- the file -------------------------------------------------------------------- */

static void list(Text *text, int *count, const char *name)
{
    enum { SHOWN = 12 };
    if (*count < SHOWN) {
        dlc_text_add(text, "%s%s", *count > 0 ? ", " : "", name);
    } else if (*count == SHOWN) {
        dlc_text_add(text, ", ...");
    }
    (*count)++;
}

typedef struct Matches {
    bool *taken; /* of our tensors */
    int n_taken, n_unused, n_kept;
    char unused[LIST], kept[LIST];
} Matches;

static bool take_all(Source *s, const dlc_model *m, unsigned char *state,
                     const Names *names, Matches *ma, Fault *fault)
{
    Text unused = dlc_text(ma->unused, sizeof ma->unused);
    Text kept = dlc_text(ma->kept, sizeof ma->kept);
    for (int i = 0; i < s->n; i++) {
        const int at = find_tensor(m, s->array[i].name, names);
        if (at < 0) {
            list(&unused, &ma->n_unused, s->array[i].name);
            continue;
        }
        if (ma->taken[at]) {
            return dlc_fault(fault, "two tensors of the file are %s: %s is the second",
                             m->tensor[at].name, s->array[i].name);
        }
        if (!take(s, &s->array[i], &m->tensor[at], names != NULL && names->torch, state,
                  fault)) {
            return false;
        }
        ma->taken[at] = true;
        ma->n_taken++;
    }
    for (int i = 0; i < m->n_tensors; i++) {
        if (m->tensor[i].role != DLC_OPTIMIZER && !ma->taken[i]) {
            list(&kept, &ma->n_kept, m->tensor[i].name);
        }
    }
    return true;
}

bool dlc_pretrained_load(const char *path, const dlc_model *model, unsigned char *state,
                         const Names *names, Progress *progress, Fault *fault)
{
    Source s;
    Matches *ma = dlc_new(1, sizeof *ma, "a weights file", fault);
    bool *taken = dlc_new((size_t)model->n_tensors, sizeof *taken, path, fault);
    bool done = source_open(&s, path, fault) && ma != NULL && taken != NULL;
    if (done) {
        ma->taken = taken;
        done = take_all(&s, model, state, names, ma, fault);
    }
    if (done && ma->n_taken == 0) {
        done = dlc_fault(fault,
                         "%s: no tensor has the name of one of the model: it has %s",
                         path, ma->unused);
        dlc_fault_help(fault, "--map OLD=NEW says which is which; the model has %s",
                       ma->kept);
    }
    if (done && progress != NULL) {
        dlc_progress_load(progress, path, ma->n_taken, ma->kept, ma->unused);
    }
    source_close(&s);
    free(taken);
    free(ma);
    return done;
}
