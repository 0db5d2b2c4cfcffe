/* weights.c - see weights.h. */
#include "import/weights.h"

#include "support/hash.h"

#include <math.h>

enum { LISTED = 8 }; /* tensors a message names before it says how many more */

typedef struct Complaints {
    Arena *arena;
    VEC(const char *) text;
} Complaints;

static void complain(Complaints *c, const char *text)
{
    vec_push(c->arena, &c->text, text);
}

static const SafeTensor *find(const SafeFile *file, const char *name)
{
    for (int i = 0; i < file->tensor.n; i++)
        if (str_equal(file->tensor.at[i].name, name))
            return &file->tensor.at[i];
    return NULL;
}

static bool has_non_finite(const Tensor *t)
{
    int64_t n = shape_count(&t->shape);
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(t->at[i]))
            return true;
    return false;
}

static void take(Complaints *c, const SafeFile *file, const WeightWanted *want,
                 Weights *weights)
{
    const SafeTensor *t = find(file, want->path);
    Tensor *value;
    Arena *a = c->arena;
    if (t == NULL) {
        complain(c, str_printf(a, "missing: `%s` %s%s", want->path,
                               dtype_name(want->dtype), shape_text(a, &want->shape)));
    } else if (!shape_equal(&t->shape, &want->shape)) {
        complain(c, str_printf(a, "`%s` is %s, the model's is %s", want->path,
                               shape_text(a, &t->shape), shape_text(a, &want->shape)));
    } else if (!safetensors_values(a, file, t, &value) || value->dtype != want->dtype) {
        complain(c, str_printf(a, "`%s` is of dtype %s, the model's is %s", want->path,
                               t->dtype, dtype_name(want->dtype)));
    } else if (has_non_finite(value)) {
        complain(c, str_printf(a, "`%s` holds values that are not finite", want->path));
    } else {
        map_put(weights->tensor, want->path, value);
    }
}

static bool report(const Complaints *c, const char *name, DiagSink *sink)
{
    if (c->text.n == 0)
        return true;
    Diag *d =
        diag_begin(sink, DIAG_WEIGHTS, (Span){ 0 },
                   "`%s` does not fit the model: %d tensor%s differ%s", name, c->text.n,
                   c->text.n == 1 ? "" : "s", c->text.n == 1 ? "s" : "");
    for (int i = 0; i < c->text.n && i < LISTED; i++)
        diag_note(d, "%s", c->text.at[i]);
    if (c->text.n > LISTED)
        diag_note(d, "and %d more", c->text.n - LISTED);
    return diag_end(d);
}

static bool is_wanted(const WeightWanted *wanted, int n, const char *path)
{
    for (int i = 0; i < n; i++)
        if (str_equal(wanted[i].path, path))
            return true;
    return false;
}

bool weights_read(Arena *a, int n, const WeightWanted *wanted, const char *name,
                  const char *bytes, size_t length, DiagSink *sink, Weights *weights)
{
    Complaints c = { .arena = a };
    *weights = (Weights){ .tensor = map_new(a),
                          .hash = hash_bytes(HASH_START, bytes, length) };
    const char *why = safetensors_read(a, bytes, length, &weights->file);
    if (why != NULL)
        return diag_error(sink, (Span){ 0 }, DIAG_WEIGHTS,
                          "`%s` is not a safetensors file: %s", name, why);
    for (int i = 0; i < n; i++)
        take(&c, &weights->file, &wanted[i], weights);
    for (int i = 0; i < weights->file.tensor.n; i++)
        if (!is_wanted(wanted, n, weights->file.tensor.at[i].name))
            complain(&c, str_printf(a, "not of the model: `%s` %s",
                                    weights->file.tensor.at[i].name,
                                    shape_text(a, &weights->file.tensor.at[i].shape)));
    return report(&c, name, sink);
}

const Tensor *weights_find(const Weights *w, const char *path)
{
    return map_find(w->tensor, path);
}
