/* golden_file.c - see golden.h. */
#include "driver/golden.h"

#include <string.h>

enum { SAMPLES_MAX = 4096 };

static const char *path_of(Session *s, const EmitFunction *f, const Field *field)
{
    return str_printf(s->module, "%s/%s", f->net->name, field->name);
}

static const SafeTensor *find(const SafeFile *file, const char *name)
{
    for (int i = 0; i < file->tensor.n; i++)
        if (str_equal(file->tensor.at[i].name, name))
            return &file->tensor.at[i];
    return NULL;
}

/* How many samples the file has for a net, by the first of its inputs that is there; 0:
 * none. */
static int64_t count_samples(Session *s, const SafeFile *file, const EmitFunction *f)
{
    for (int i = 0; i < f->net->n_inputs; i++) {
        const SafeTensor *t = find(file, path_of(s, f, &f->net->input[i]));
        if (t != NULL && t->shape.rank > 0)
            return t->shape.dim[0];
    }
    return 0;
}

static Shape with_samples(const Shape *shape, int64_t n)
{
    Shape y = *shape;
    memmove(y.dim + 1, y.dim, sizeof y.dim[0] * (size_t)y.rank);
    y.dim[0] = n;
    y.rank++;
    return y;
}

static bool want(Session *s, const SafeFile *file, const EmitFunction *f,
                 WeightWanted *wanted, int *n)
{
    int64_t samples = count_samples(s, file, f);
    if (samples == 0)
        return true;
    if (samples > SAMPLES_MAX || samples % f->program->batch != 0)
        return diag_error(
            s->sink, f->net->span, DIAG_WEIGHTS,
            "`%s` has %lld samples for `%s`; a self-test takes at most %d, "
            "whole batches of %lld",
            s->options.self_test_file, (long long)samples, f->net->name, SAMPLES_MAX,
            (long long)f->program->batch);
    for (int i = 0; i < f->net->n_inputs; i++) {
        const Field *field = &f->net->input[i];
        if (field->shape.rank < SHAPE_MAX_RANK)
            wanted[(*n)++] =
                (WeightWanted){ path_of(s, f, field),
                                field->scale > 0 ? DTYPE_F32 : field->dtype,
                                with_samples(&field->shape, samples) };
    }
    return true;
}

bool golden_read(Session *s, const EmitUnit *unit, GivenInputs *given)
{
    const char *path = s->options.self_test_file, *why = NULL;
    size_t length = 0;
    SafeFile file;
    int n = 0, most = 1;
    *given = (GivenInputs){ .any = path != NULL };
    if (path == NULL)
        return true;
    const char *bytes = file_read(s->run, path, &length, &why);
    if (bytes == NULL)
        return diag_error(s->sink, (Span){ 0 }, DIAG_FILE, "cannot read `%s`: %s", path,
                          why);
    for (int i = 0; i < unit->function.n; i++)
        if (unit->function.at[i].kind == FUNCTION_NET)
            most += unit->function.at[i].net->n_inputs;
    WeightWanted *wanted = arena_array(s->module, WeightWanted, most);
    bool sound = safetensors_read(s->module, bytes, length, &file) == NULL;
    for (int i = 0; i < unit->function.n && sound; i++)
        if (unit->function.at[i].kind == FUNCTION_NET &&
            !want(s, &file, &unit->function.at[i], wanted, &n))
            return false;
    return weights_read(s->module, n, wanted, path, bytes, length, s->sink,
                        &given->file);
}

const Tensor *golden_given(Session *s, const GivenInputs *given, const EmitFunction *f,
                           const Field *field)
{
    return given->any ? weights_find(&given->file, path_of(s, f, field)) : NULL;
}
