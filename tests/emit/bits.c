/* bits.c - what emitted C must compute, by the loop interpreter, bit for bit.
 *
 * usage: emit_bits MODEL TARGET FOLDER
 *
 * Writes the C of a training program to FOLDER and prints what bits_harness.c prints
 * when it is linked with it: hashes of every tensor after init and after steps, of
 * losses, of gradients, of outputs. Inputs are the same generator's. */
#include "bits.h"
#include "driver/session.h"
#include "interp/loop_interp.h"
#include "support/bug.h"

#include <stdio.h>
#include <string.h>

typedef struct Run {
    Session *session;
    Module *module;
    EmitUnit unit;
    Map *tensor; /* path -> bytes of params, states, moments */
    const ModuleTrain *train;
    void **field; /* one batch of the train block's inputs */
    uint32_t step;
    uint64_t seed;
} Run;

static size_t tensor_bytes(DType dtype, const Shape *shape)
{
    return (size_t)shape_count(shape) * dtype_bytes(dtype);
}

static void fill(Run *r, uint64_t *random, void *to, const Field *f, int64_t batch)
{
    (void)r;
    int64_t n = shape_count(&f->shape) * batch;
    for (int64_t i = 0; i < n; i++)
        bits_fill(random, to, i, dtype_c_name(f->dtype), f->bound);
}

static const Field *field_of(const EmitFunction *f, const char *path, int *index)
{
    int n = f->kind == FUNCTION_NET ? f->net->n_inputs : f->train->n_inputs;
    const Field *all = f->kind == FUNCTION_NET ? f->net->input : f->train->input;
    for (*index = 0; *index < n; ++*index)
        if (str_equal(all[*index].name, path))
            return &all[*index];
    BUG("%s has no input %s", f->name, path);
}

/* The scalars as the emitted function makes them, see emit/README.md. */
static void scalar(Run *r, const EmitFunction *f, const char *path, void *to)
{
    uint32_t *word = to;
    float value = 1.0f;
    bool alone = f->kind == FUNCTION_NET || f->kind == FUNCTION_INIT;
    if (str_equal(path, "key")) {
        word[0] = (uint32_t)(r->seed & 0xffffffffu);
        word[1] = (uint32_t)(r->seed >> 32);
    } else if (str_equal(path, "iteration")) {
        word[0] = alone                      ? 0
                  : f->kind == FUNCTION_EVAL ? 0x80000000u | BITS_SPLIT
                                             : r->step;
    } else if (str_equal(path, "sample")) {
        word[0] = f->kind == FUNCTION_EVAL ? BITS_FIRST : 0;
    } else {
        if (!alone && str_equal(path, "step"))
            value = f->kind == FUNCTION_EVAL || f->kind == FUNCTION_MEASURE
                        ? (float)r->step
                        : (float)(r->step + 1);
        if (!alone && str_equal(path, "epoch"))
            value = 0.0f;
        memcpy(to, &value, sizeof value);
    }
}

static void *place(Run *r, const EmitFunction *f, const Storage *s, void **inputs)
{
    int index;
    size_t bytes = (size_t)s->count * dtype_bytes(s->dtype);
    switch (s->kind) {
    case STORAGE_PARAM:
    case STORAGE_STATE:
        return map_find(r->tensor, s->path);
    case STORAGE_INPUT:
        field_of(f, s->path, &index);
        return inputs[index];
    case STORAGE_SCALAR: {
        void *to = arena_alloc(r->session->scratch, bytes);
        scalar(r, f, s->path, to);
        return to;
    }
    case STORAGE_OUTPUT:
        return arena_alloc(r->session->scratch, bytes);
    default:
        return NULL;
    }
}

/* Runs f; data of its storages stays in scratch for the caller to look at. */
static void **run(Run *r, const EmitFunction *f, void **inputs, int team)
{
    const Program *p = f->program;
    void **data = arena_array(r->session->scratch, void *, p->storage.n + 1);
    for (int i = 0; i < p->storage.n; i++)
        data[i] = place(r, f, p->storage.at[i], inputs);
    program_run(p, data, team, r->session->scratch);
    return data;
}

static void print_hash(const char *what, const char *name, const void *bytes, size_t n)
{
    printf("%s %s %016llx\n", what, name, (unsigned long long)bits_hash(bytes, n));
}

static void print_tensors(Run *r, const char *when)
{
    for (int i = 0; i < r->module->tensor.n; i++) {
        const ModuleTensor *t = &r->module->tensor.at[i];
        print_hash(when, t->path, map_find(r->tensor, t->path),
                   tensor_bytes(t->dtype, &t->shape));
    }
}

static void *output(const EmitFunction *f, void **data, const char *kind,
                    const char *name, size_t *bytes)
{
    for (int i = 0; i < f->program->storage.n; i++) {
        const Storage *s = f->program->storage.at[i];
        size_t n = strlen(kind);
        *bytes = (size_t)s->count * dtype_bytes(s->dtype);
        if (s->kind == STORAGE_OUTPUT && strncmp(s->path, kind, n) == 0 &&
            str_equal(s->path + n, name))
            return data[i];
    }
    return NULL;
}

static void print_reports(Run *r, const EmitFunction *f, void **data, int64_t count)
{
    for (int i = 0; i < r->train->n_reports; i++) {
        size_t bytes;
        float *from = output(f, data, "report/", r->train->report[i].name, &bytes);
        float *all = arena_array(r->session->scratch, float, count);
        for (int64_t s = 0; s < count; s++)
            all[s] = from[bytes > sizeof(float) ? s : 0];
        print_hash("report", r->train->report[i].name, all,
                   (size_t)count * sizeof(float));
    }
}

static void print_gradients(Run *r, const EmitFunction *f, void **data)
{
    for (int i = 0; i < r->module->tensor.n; i++) {
        const ModuleTensor *t = &r->module->tensor.at[i];
        size_t bytes;
        if (t->role != ROLE_PARAM)
            continue;
        void *from = output(f, data, "gradient/", t->path, &bytes);
        if (from == NULL)
            from = arena_alloc(r->session->scratch, tensor_bytes(t->dtype, &t->shape));
        print_hash("gradient", t->path, from, tensor_bytes(t->dtype, &t->shape));
    }
}

static void run_net(Run *r, const EmitFunction *f, uint64_t *random)
{
    void **inputs = arena_array(r->session->scratch, void *, f->net->n_inputs + 1);
    for (int i = 0; i < f->net->n_inputs; i++) {
        const Field *field = &f->net->input[i];
        inputs[i] =
            arena_alloc(r->session->scratch, tensor_bytes(field->dtype, &field->shape));
        fill(r, random, inputs[i], field, 1);
    }
    void **data = run(r, f, inputs, 1);
    for (int i = 0; i < f->net->n_outputs; i++) {
        size_t bytes;
        void *from = output(f, data, "output/", f->net->output[i].name, &bytes);
        print_hash("output", f->net->output[i].name, from, bytes);
    }
}

static void run_function(Run *r, const EmitFunction *f, uint64_t *random)
{
    void **data;
    switch (f->kind) {
    case FUNCTION_NET:
        run_net(r, f, random);
        return;
    case FUNCTION_STEP:
        for (int i = 0; i < BITS_STEPS; i++) {
            data = run(r, f, r->field, 1 + i);
            r->step++;
            print_reports(r, f, data, 1);
        }
        print_tensors(r, "step");
        return;
    case FUNCTION_EVAL:
        print_reports(r, f, run(r, f, r->field, 1), r->train->batch);
        return;
    case FUNCTION_GRAD:
        data = run(r, f, r->field, 2);
        print_reports(r, f, data, 1);
        print_gradients(r, f, data);
        return;
    default:
        return;
    }
}

static const EmitFunction *find(const Run *r, FunctionKind kind)
{
    for (int i = 0; i < r->unit.function.n; i++)
        if (r->unit.function.at[i].kind == kind)
            return &r->unit.function.at[i];
    return NULL;
}

static void init(Run *r)
{
    Arena *a = r->session->module;
    r->tensor = map_new(a);
    for (int i = 0; i < r->module->tensor.n; i++) {
        const ModuleTensor *t = &r->module->tensor.at[i];
        map_put(r->tensor, t->path, arena_alloc(a, tensor_bytes(t->dtype, &t->shape)));
    }
    r->seed = BITS_SEED;
    run(r, find(r, FUNCTION_INIT), NULL, 1);
    print_tensors(r, "init");
}

/* In the order of bits_harness.c. */
static void run_all(Run *r)
{
    static const FunctionKind order[] = { FUNCTION_STEP, FUNCTION_EVAL, FUNCTION_GRAD };
    uint64_t random = BITS_SEED;
    init(r);
    if (r->train != NULL) {
        int n = r->train->n_inputs;
        r->field = arena_array(r->session->module, void *, n + 1);
        for (int i = 0; i < n; i++) {
            const Field *f = &r->train->input[i];
            r->field[i] =
                arena_alloc(r->session->module, tensor_bytes(f->dtype, &f->shape) *
                                                    (size_t)r->train->batch);
            fill(r, &random, r->field[i], f, r->train->batch);
        }
        for (int k = 0; k < ARRAY_LEN(order); k++)
            if (find(r, order[k]) != NULL)
                run_function(r, find(r, order[k]), &random);
    }
    for (int i = 0; i < r->unit.function.n; i++)
        if (r->unit.function.at[i].kind == FUNCTION_NET)
            run_function(r, &r->unit.function.at[i], &random);
}

static bool write_files(Session *s, const EmitUnit *unit, const char *folder)
{
    EmitFiles made;
    FileSet files = { .arena = s->run };
    if (!emit_c(s->module, unit, s->sink, &made))
        return false;
    const char *stem = str_printf(s->run, "%s/model", folder);
    file_set_add(&files, str_printf(s->run, "%s.h", stem), &made.header);
    file_set_add(&files, str_printf(s->run, "%s.c", stem), &made.source);
    file_set_add(&files, str_printf(s->run, "%s_program.c", stem), &made.program);
    if (made.has_data)
        file_set_add(&files, str_printf(s->run, "%s_data.c", stem), &made.data);
    return file_set_write(&files, s->sink);
}

static bool work(Session *s, const char *folder)
{
    Run r = { .session = s, .module = session_module(s) };
    if (r.module == NULL || !session_unit(s, r.module, UNIT_PROGRAM, &r.unit, NULL))
        return false;
    r.unit.stem = "model";
    if (!write_files(s, &r.unit, folder))
        return false;
    r.train = r.module->train.n > 0 ? r.module->train.at[0] : NULL;
    run_all(&r);
    return true;
}

int main(int argc, char **argv)
{
    Out messages;
    Session s = { .run = arena_create("run"),
                  .module = arena_create("module"),
                  .scratch = arena_create("scratch") };
    if (argc != 4)
        return 2;
    s.sink = diag_sink_new(s.run);
    s.source = map_new(s.run);
    out_init(&s.out, s.run);
    out_init(&s.log, s.run);
    s.options = (Options){ .mode = MODE_COMPILE,
                           .level = 2,
                           .target = argv[2],
                           .prefix = "bits",
                           .spelled = "" };
    vec_push(s.run, &s.options.input, (const char *)argv[1]);
    bool good = work(&s, argv[3]);
    out_init(&messages, s.run);
    diag_render(s.sink, &messages, DIAG_TEXT, false);
    fputs(out_text(&messages), stderr);
    arena_destroy(s.scratch);
    arena_destroy(s.module);
    arena_destroy(s.run);
    return good ? 0 : 1;
}
