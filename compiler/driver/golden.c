/* golden.c - golden vectors: inputs of a file or from a seed, and what the loop
 * interpreter, whose bits compiled C has, makes of them.
 *
 * Without a file values are drawn as calibration saw them, but they are noise, and of
 * noise many a classifier is so sure that wrong weights would go unnoticed. So each
 * input is tried at several contrasts, and the one whose outputs take the most values
 * is stored. */
#include "driver/golden.h"
#include "interp/element.h"
#include "interp/loop_interp.h"
#include "loop/program.h"
#include "support/hash.h"

#include <math.h>
#include <string.h>

/* A value of the histogram: a bin by its count, any place in it. */
static double draw_seen(const Histogram *h, double u, double v)
{
    int64_t total = 0;
    for (int i = 0; i < h->bins; i++)
        total += h->count[i];
    int64_t left = (int64_t)floor(u * (double)total);
    int bin = 0;
    while (bin + 1 < h->bins && left >= h->count[bin])
        left -= h->count[bin++];
    return h->low + (h->high - h->low) * (bin + v) / h->bins;
}

/* Around the middle of what the field holds, `contrast` times as far from it. */
static double draw_whole(double low, double high, double u, double contrast)
{
    double middle = (low + high) / 2;
    return floor(middle + contrast * (low + (high - low) * u - middle));
}

static double draw(DType dtype, int64_t bound, const Histogram *seen, double contrast,
                   uint64_t *state)
{
    double u = (double)(hash_next(state) >> 40) / (double)(1 << 24);
    double v = (double)(hash_next(state) >> 40) / (double)(1 << 24);
    if (bound > 0)
        return floor(u * (double)bound);
    if (dtype_is_float(dtype))
        return dtype_round(dtype,
                           contrast * (seen ? draw_seen(seen, u, v) : 2 * u - 1));
    switch (dtype) {
    case DTYPE_BOOL:
        return u < 0.5;
    case DTYPE_U8:
    case DTYPE_U16:
        return draw_whole(0, ldexp(1, 8 * (int)dtype_bytes(dtype)), u, contrast);
    case DTYPE_I8:
    case DTYPE_I16:
        return draw_whole(-ldexp(1, 8 * (int)dtype_bytes(dtype) - 1),
                          ldexp(1, 8 * (int)dtype_bytes(dtype) - 1), u, contrast);
    default:
        return floor(100 * u); /* a count, an index: nobody says of what */
    }
}

/* For a field that is int8 in C, the int8 of a float. */
static double draw_field(const Field *field, int64_t bound, const Histogram *seen,
                         double contrast, uint64_t *state)
{
    const Quant q = { field->scale, field->zero };
    if (field->scale <= 0)
        return draw(field->dtype, bound, seen, contrast, state);
    return quant_value(q, draw(DTYPE_F32, 0, seen, contrast, state));
}

static const Storage *find(const Program *p, StorageKind kind, const char *path)
{
    for (int i = 0; i < p->storage.n; i++)
        if (p->storage.at[i]->kind == kind && str_equal(p->storage.at[i]->path, path))
            return p->storage.at[i];
    return NULL;
}

static Tensor *values(Session *s, const EmitFunction *f, const Field *field, int n)
{
    int64_t each = shape_count(&field->shape) * f->program->batch;
    return tensor_new(s->module, field->dtype, shape_1(n * each));
}

/* Arrays for what is not in the arena. Memory of streams is one array in reset and net;
 * random numbers are those of seed 0 and step 0; see print_scalar of emit/body.c. */
static void **make_data(Session *s, const Program *p, Map *memory)
{
    void **data = arena_array(s->module, void *, p->storage.n + 1);
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *o = p->storage.at[i];
        if (o->kind == STORAGE_ARENA || o->kind == STORAGE_CONSTANT)
            continue;
        if (o->kind == STORAGE_STATE && map_has(memory, o->path)) {
            data[i] = map_find(memory, o->path);
            continue;
        }
        size_t bytes = (size_t)o->count * dtype_bytes(o->dtype);
        data[i] = memset(arena_alloc(s->module, bytes + 1), 0, bytes);
        if (o->kind == STORAGE_STATE)
            map_put(memory, o->path, data[i]);
        if (o->kind == STORAGE_SCALAR && dtype_is_float(o->dtype))
            element_store(o->dtype, data[i], 0, 1);
    }
    return data;
}

static void put(const EmitFunction *f, Golden *g, int input, int64_t at, double value,
                void **data)
{
    const Storage *to = find(f->program, STORAGE_INPUT, f->net->input[input].name);
    int64_t each = shape_count(&g->input[input]->shape) / g->n;
    g->input[input]->at[at] = value;
    if (to != NULL)
        element_store(to->dtype, data[to->id], at % each, value);
}

static int64_t bound_of(const EmitFunction *f, const Field *field)
{
    const Storage *to = find(f->program, STORAGE_INPUT, field->name);
    return to != NULL ? to->bound : 0;
}

/* Inputs of run `vector`, drawn anew, stored and where the program reads them. */
static void make_inputs(Session *s, const EmitFunction *f, Golden *g, int vector,
                        double contrast, void **data)
{
    for (int i = 0; i < f->net->n_inputs; i++) {
        const Field *field = &f->net->input[i];
        const char *path =
            str_printf(s->module, "%s/input/%s", f->net->name, field->name);
        const Histogram *seen =
            s->calibration.histogram ? calibration_find(&s->calibration, path) : NULL;
        uint64_t state = hash_bytes(HASH_START, path, strlen(path)) + (uint64_t)vector;
        int64_t each = shape_count(&g->input[i]->shape) / g->n;
        for (int64_t e = 0; e < each; e++)
            put(f, g, i, vector * each + e,
                draw_field(field, bound_of(f, field), seen, contrast, &state), data);
    }
}

/* The same from the file. */
static bool take_inputs(Session *s, const EmitFunction *f, Golden *g, int vector,
                        const GivenInputs *given, void **data)
{
    for (int i = 0; i < f->net->n_inputs; i++) {
        const Field *field = &f->net->input[i];
        const Quant q = { field->scale, field->zero };
        const Tensor *from = golden_given(s, given, f, field);
        int64_t each = shape_count(&from->shape) / g->n, bound = bound_of(f, field);
        for (int64_t e = vector * each; e < (vector + 1) * each; e++) {
            double v = field->scale > 0 ? quant_value(q, from->at[e]) : from->at[e];
            if (bound > 0 && (v < 0 || v >= (double)bound))
                return diag_error(
                    s->sink, field->span, DIAG_WEIGHTS,
                    "`%s` of `%s` holds %.9g, an index below %lld is asked",
                    field->name, s->options.self_test_file, v, (long long)bound);
            put(f, g, i, e, v, data);
        }
    }
    return true;
}

static bool copy_out(Session *s, const EmitFunction *f, Golden *g, int vector,
                     void *const *data)
{
    for (int i = 0; i < f->net->n_outputs; i++) {
        const Field *field = &f->net->output[i];
        const Storage *from = find(f->program, STORAGE_OUTPUT,
                                   str_printf(s->module, "output/%s", field->name));
        for (int64_t e = 0; from != NULL && e < from->count; e++) {
            double v = element_load(from->dtype, data[from->id], e);
            g->output[i]->at[vector * from->count + e] = v;
            if (!isfinite(v))
                return diag_error(s->sink, field->span, DIAG_WEIGHTS,
                                  "`%s` is not finite for a stored input of the "
                                  "self-test, so nothing can be compared with it",
                                  field->name);
        }
    }
    return true;
}

/* How many outputs of run `vector` differ from the one before: nothing is told by many
 * that are equal. */
static int64_t count_told(const EmitFunction *f, const Golden *g, int vector)
{
    int64_t told = 0;
    for (int i = 0; i < f->net->n_outputs; i++) {
        int64_t each = shape_count(&g->output[i]->shape) / g->n;
        const double *at = g->output[i]->at + vector * each;
        for (int64_t e = 1; e < each; e++)
            told += at[e] != at[e - 1];
    }
    return told;
}

static bool run(Session *s, const EmitFunction *f, Golden *g, int vector, int halvings,
                void **data)
{
    make_inputs(s, f, g, vector, ldexp(1, -halvings), data);
    program_run(f->program, data, 1, s->scratch);
    return copy_out(s, f, g, vector, data);
}

static bool run_best(Session *s, const EmitFunction *f, Golden *g, int vector,
                     void **data)
{
    enum { MOST_HALVINGS = 4 };
    int best = 0;
    int64_t told = -1;
    for (int h = 0; h <= MOST_HALVINGS && f->net->memory.n == 0; h++) {
        if (!run(s, f, g, vector, h, data))
            return false;
        int64_t now = count_told(f, g, vector);
        if (now > told) {
            told = now;
            best = h;
        }
    }
    return run(s, f, g, vector, best, data);
}

static bool run_given(Session *s, const EmitFunction *f, Golden *g, int vector,
                      const GivenInputs *given, void **data)
{
    if (!take_inputs(s, f, g, vector, given, data))
        return false;
    program_run(f->program, data, 1, s->scratch);
    return copy_out(s, f, g, vector, data);
}

static bool make(Session *s, EmitFunction *f, const EmitFunction *reset,
                 const GivenInputs *given)
{
    const char *foreign = program_foreign(f->program);
    if (foreign != NULL)
        return diag_error(
            s->sink, f->net->span, DIAG_UNSUPPORTED,
            "the self-test of `%s`, whose outputs dlc computes itself, is "
            "not compiled yet: it calls `%s`, a C function",
            f->net->name, foreign);
    Golden *g = arena_new(s->module, Golden);
    Map *memory = map_new(s->module);
    const Tensor *first =
        f->net->n_inputs > 0 ? golden_given(s, given, f, &f->net->input[0]) : NULL;
    g->n = first != NULL ? (int)(first->shape.dim[0] / f->program->batch)
                         : (int)s->options.self_test;
    g->input = arena_array(s->module, Tensor *, f->net->n_inputs + 1);
    g->output = arena_array(s->module, Tensor *, f->net->n_outputs + 1);
    for (int i = 0; i < f->net->n_inputs; i++)
        g->input[i] = values(s, f, &f->net->input[i], g->n);
    for (int i = 0; i < f->net->n_outputs; i++)
        g->output[i] = values(s, f, &f->net->output[i], g->n);
    if (reset != NULL)
        program_run(reset->program, make_data(s, reset->program, memory), 1,
                    s->scratch);
    void **data = make_data(s, f->program, memory);
    for (int v = 0; v < g->n; v++) {
        bool good = first != NULL ? run_given(s, f, g, v, given, data)
                                  : run_best(s, f, g, v, data);
        if (!good)
            return false;
    }
    f->golden = g;
    return true;
}

bool golden_make(Session *s, const Module *m, EmitUnit *unit)
{
    if (!session_has_weights(s, m,
                             "--self-test stores what a trained network computes"))
        return false;
    const EmitFunction *reset = NULL; /* stands before its net */
    GivenInputs given;
    if (!golden_read(s, unit, &given))
        return false;
    for (int i = 0; i < unit->function.n; i++) {
        EmitFunction *f = &unit->function.at[i];
        if (f->kind == FUNCTION_RESET)
            reset = f;
        if (f->kind != FUNCTION_NET || f->program == NULL)
            continue;
        if (f->deploy != NULL && f->deploy->train != NULL)
            return diag_error(s->sink, f->deploy->train_span, DIAG_UNSUPPORTED,
                              "a self-test of `%s`, which changes on its device, is "
                              "not yet compiled",
                              f->net->name);
        bool own = reset != NULL && reset->net == f->net;
        if (!make(s, f, own ? reset : NULL, &given))
            return false;
    }
    return true;
}
