/* table.c - <stem>_program.c: the dlc_model that the host runtime reads, adapters from
 * its uniform calls to the emitted functions, and main(). */
#include "emit/writer.h"

#include "support/bug.h"
#include "support/hash.h"

#include <string.h>

static const char *const dtype_enum[DTYPE_COUNT] = {
    [DTYPE_F32] = "DLC_F32", [DTYPE_U8] = "DLC_U8",     [DTYPE_I8] = "DLC_I8",
    [DTYPE_U16] = "DLC_U16", [DTYPE_I16] = "DLC_I16",   [DTYPE_I32] = "DLC_I32",
    [DTYPE_U32] = "DLC_U32", [DTYPE_BOOL] = "DLC_BOOL",
};

void table_type(DType dtype, const Shape *shape, int64_t bound, Out *o)
{
    if (dtype_enum[dtype] == NULL)
        BUG("the runtime has no dtype %s", dtype_name(dtype));
    out_print(o, "{ %s, %d, { ", dtype_enum[dtype], shape->rank);
    for (int i = 0; i < shape->rank; i++)
        out_print(o, "%lld, ", (long long)shape->dim[i]);
    out_print(o, "0 }, %lld }", (long long)bound);
}

/* ---- tables ---------------------------------------------------------------------- */

static const ModuleTrain *main_train(const Module *m)
{
    for (int i = 0; i < m->train.n; i++)
        if (m->train.at[i]->data != NULL)
            return m->train.at[i];
    return m->train.n > 0 ? m->train.at[0] : NULL;
}

static const EmitFunction *find(const Writer *w, FunctionKind kind,
                                const ModuleTrain *t, bool quantized)
{
    for (int i = 0; t != NULL && i < w->unit->function.n; i++) {
        const EmitFunction *f = &w->unit->function.at[i];
        if (f->kind == kind && f->train == t && f->quantized == quantized)
            return f;
    }
    return NULL;
}

const EmitFunction *function_find(const Writer *w, FunctionKind kind,
                                  const ModuleTrain *t)
{
    return find(w, kind, t, false);
}

const EmitFunction *function_find_quantized(const Writer *w, FunctionKind kind,
                                            const ModuleTrain *t)
{
    return find(w, kind, t, true);
}

/* Place of a state among what measure() writes, or -1. */
static int measured_index(const EmitFunction *measure, const char *path)
{
    int index = 0;
    for (int i = 0; measure != NULL && i < measure->program->storage.n; i++) {
        const Storage *s = measure->program->storage.at[i];
        if (s->kind != STORAGE_OUTPUT || !str_starts(s->path, "measure/"))
            continue;
        if (str_equal(s->path + strlen("measure/"), path))
            return index;
        index++;
    }
    return -1;
}

static void print_tensors(Writer *w, const EmitFunction *measure, Out *o)
{
    static const char *const role[] = { [ROLE_PARAM] = "DLC_PARAM",
                                        [ROLE_STATE] = "DLC_STATE",
                                        [ROLE_OPTIMIZER] = "DLC_OPTIMIZER",
                                        [ROLE_METRIC] = "DLC_METRIC" };
    static const char *const kind[] = { [MEASURE_NONE] = "DLC_MEASURE_NONE",
                                        [MEASURE_MEAN] = "DLC_MEASURE_MEAN",
                                        [MEASURE_VAR] = "DLC_MEASURE_VAR",
                                        [MEASURE_WHITEN] = "DLC_MEASURE_WHITEN" };
    if (w->members.n == 0)
        return;
    out_puts(o, "static const dlc_tensor tensors[] = {\n");
    for (int i = 0; i < w->members.n; i++) {
        const Member *m = w->members.at[i];
        int index = measured_index(measure, m->tensor->path);
        out_puts(o, "    { ");
        table_string(m->tensor->path, "", o);
        out_print(o, ", %s, ", role[m->tensor->role]);
        table_type(m->tensor->dtype, &m->tensor->shape, 0, o);
        out_print(o, ",\n      offsetof(%s_train_state, %s), %s, %d },\n",
                  w->unit->prefix, structs_designator(w, m),
                  kind[index >= 0 ? m->tensor->measure : MEASURE_NONE],
                  index >= 0 ? index : 0);
    }
    out_puts(o, "};\n\n");
}

void table_fields(const char *name, const Field *field, int n, Out *o)
{
    if (n == 0)
        return;
    out_print(o, "static const dlc_field %s[] = {\n", name);
    for (int i = 0; i < n; i++) {
        out_puts(o, "    { ");
        table_string(field[i].name, "", o);
        out_puts(o, ", ");
        table_type(field[i].dtype, &field[i].shape, field[i].bound, o);
        out_puts(o, " },\n");
    }
    out_puts(o, "};\n\n");
}

static void print_marks(const Writer *w, Out *o)
{
    if (w->mark.n == 0)
        return;
    out_puts(o, "static const dlc_kernel_info kernels[] = {\n");
    for (int i = 0; i < w->mark.n; i++) {
        const Mark *m = &w->mark.at[i];
        out_print(o, "    { \"%s\", \"%s\", %lld, %lld },\n", m->kernel, m->function,
                  (long long)m->flops, (long long)m->bytes);
    }
    out_puts(o, "};\n\n");
}

/* ---- nets -------------------------------------------------------------------------
 */

/* Numbered, as in run0: any name with an underscore may be one of the model's. */
static void print_net_adapters(Writer *w, Out *o)
{
    for (int i = 0; i < w->unit->function.n; i++) {
        const EmitFunction *f = &w->unit->function.at[i];
        if (f->kind != FUNCTION_NET)
            continue;
        out_print(o,
                  "/* %s */\nstatic void run%d(const void *state, "
                  "const void *const *in, void *const *out,\n"
                  "                 void *arena)\n{\n"
                  "    const %s_train_state *t = state;\n    (void)t;\n    (void)in;\n",
                  f->net->name, i, w->unit->prefix);
        adapter_print_call(w, f, o);
        out_puts(o, "}\n\n");
        table_fields(str_printf(w->arena, "inputs%d", i), f->net->input,
                     f->net->n_inputs, o);
        table_fields(str_printf(w->arena, "outputs%d", i), f->net->output,
                     f->net->n_outputs, o);
    }
}

static void print_nets(Writer *w, Out *o)
{
    out_puts(o, "static const dlc_net nets[] = {\n");
    for (int i = 0; i < w->unit->function.n; i++) {
        const EmitFunction *f = &w->unit->function.at[i];
        if (f->kind != FUNCTION_NET)
            continue;
        const ModuleNet *n = f->net;
        out_puts(o, "    { ");
        table_string(n->name, "", o);
        out_print(o, ", %d, %d, ", n->n_inputs, n->n_outputs);
        out_print(o, n->n_inputs > 0 ? "inputs%d, " : "NULL, ", i);
        out_print(o, "outputs%d, %s, %lld, %lld, run%d },\n", i,
                  n->n_outputs > 0 && n->output[0].simplex ? "true" : "false",
                  (long long)f->program->arena_bytes, (long long)f->macs, i);
    }
    out_puts(o, "};\n\n");
}

/* ---- losses in f64 --------------------------------------------------------------- */

static uint64_t losses_of(const Losses *l, const char *path)
{
    for (int i = 0; i < l->n_params; i++)
        if (str_equal(l->path[i], path))
            return l->counts[i];
    return 0;
}

static int64_t frozen_count(Writer *w, const Program *p, int number)
{
    const char *path = str_printf(w->arena, "output/frozen/%d", number);
    for (int i = 0; i < p->storage.n; i++)
        if (str_equal(p->storage.at[i]->path, path))
            return p->storage.at[i]->count;
    BUG("%s has no %s", p->name, path);
}

static void print_losses(Writer *w, const EmitFunction *f, Out *o)
{
    if (f == NULL)
        return;
    const Losses *l = f->losses;
    out_puts(o, "static const uint64_t loss_counts[] = { ");
    for (int i = 0; i < w->members.n; i++)
        out_print(o, "0x%llx, ",
                  (unsigned long long)losses_of(l, w->members.at[i]->tensor->path));
    out_puts(o, "0 };\n\nstatic const int64_t frozen_counts[] = { ");
    for (int i = 0; i < l->n_frozen; i++)
        out_print(o, "%lld, ", (long long)frozen_count(w, f->program, i));
    out_puts(o, "0 };\n\n");
    adapter_print(
        w, f,
        "static void call_losses(const void *t, const double *const *tensor,\n"
        "                        const void *const *field,\n"
        "                        const double *const *frozen, double *losses,\n"
        "                        double *const *stopped, void *arena)",
        o);
    out_print(o,
              "static const dlc_losses losses = {\n    .n_losses = %d,\n"
              "    .n_frozen = %d,\n    .region_stops = %s,\n"
              "    .frozen_count = frozen_counts,\n"
              "    .counts = loss_counts,\n    .arena_bytes = %lld,\n"
              "    .run = call_losses,\n};\n\n",
              l->n_losses, l->n_frozen, l->region_stops ? "true" : "false",
              (long long)(f->program->arena_bytes > 0 ? f->program->arena_bytes : 1));
}

/* ---- the model ------------------------------------------------------------------- */

static uint64_t shapes_hash(const Writer *w)
{
    uint64_t hash = HASH_START;
    for (int i = 0; i < w->members.n; i++) {
        const ModuleTensor *t = w->members.at[i]->tensor;
        const char *text =
            str_printf(w->arena, "%s %s %s\n", t->path, dtype_name(t->dtype),
                       shape_text(w->arena, &t->shape));
        if (t->role != ROLE_OPTIMIZER)
            hash = hash_bytes(hash, text, strlen(text));
    }
    return hash;
}

static int count_nets(const Writer *w)
{
    int n = 0;
    for (int i = 0; i < w->unit->function.n; i++)
        n += w->unit->function.at[i].kind == FUNCTION_NET;
    return n;
}

static int64_t arena_bytes(const Writer *w)
{
    int64_t most = 1;
    for (int i = 0; i < w->unit->function.n; i++)
        if (w->unit->function.at[i].kind != FUNCTION_LOSSES &&
            w->unit->function.at[i].program->arena_bytes > most)
            most = w->unit->function.at[i].program->arena_bytes;
    return most;
}

/* What measure, observe or compare write, as an array `name`; other values than those
 * of measure have names. */
static int print_measured(const EmitFunction *measure, const char *name, Out *o)
{
    bool named = !str_equal(name, "measured");
    int n = 0;
    for (int i = 0; measure != NULL && i < measure->program->storage.n; i++) {
        const Storage *s = measure->program->storage.at[i];
        if (s->kind != STORAGE_OUTPUT || !str_starts(s->path, "measure/"))
            continue;
        Shape sample = s->shape; /* without the batch */
        if (sample.rank > 0) {
            memmove(sample.dim, sample.dim + 1,
                    (SHAPE_MAX_RANK - 1) * sizeof sample.dim[0]);
            sample.rank--;
        }
        if (n == 0)
            out_print(o, "static const dlc_%s %s[] = {\n", named ? "value" : "type",
                      name);
        out_puts(o, "    ");
        if (named) {
            out_puts(o, "{ ");
            table_string(s->path + strlen("measure/"), "", o);
            out_puts(o, ", ");
        }
        table_type(s->dtype, &sample, 0, o);
        out_puts(o, named ? " },\n" : ",\n");
        n++;
    }
    out_puts(o, n > 0 ? "};\n\n" : "");
    return n;
}

static void print_identity(Writer *w, Out *o)
{
    static const char *const own[] = { "seed",        "step",
                                       "epoch",       "steps_per_epoch",
                                       "total_steps", "lr_scale" };
    const EmitUnit *u = w->unit;
    const char *const text[][2] = {
        { "name", u->prefix },     { "source", u->model },
        { "version", u->version }, { "target", u->target->name },
        { "summary", u->summary }, { "layers", u->layers }
    };
    for (int i = 0; i < ARRAY_LEN(text); i++) {
        out_print(o, "    .%s = ", text[i][0]);
        table_string(text[i][1], "        ", o);
        out_puts(o, ",\n");
    }
    out_print(o,
              "    .hash = UINT64_C(0x%016llx),\n    .state_bytes = "
              "sizeof(%s_train_state),\n    .n_tensors = %d,\n",
              (unsigned long long)shapes_hash(w), u->prefix, w->members.n);
    if (w->members.n > 0)
        out_puts(o, "    .tensor = tensors,\n");
    for (int i = 0; i < ARRAY_LEN(own); i++)
        out_print(o, "    .offset_%s = offsetof(%s_train_state, %s),\n", own[i],
                  u->prefix, own[i]);
}

static void print_observe(const ModuleTrain *t, int n_observed, Out *o)
{
    static const char *const split[] = { "DLC_TRAIN", "DLC_VALID", "DLC_TEST",
                                         "DLC_ALL" };
    if (n_observed > 0)
        out_print(o,
                  "    .observe = call_observe,\n    .n_observed = %d,\n"
                  "    .observed = observed,\n    .observe_split = %s,\n"
                  "    .observe_count = %lld,\n",
                  n_observed, split[t->observe_split], (long long)t->observe_count);
}

static void print_compare(const Writer *w, const ModuleTrain *t, int n_compared, Out *o)
{
    if (function_find_quantized(w, FUNCTION_EVAL, t) != NULL)
        out_puts(o, "    .eval_int8 = call_eval_int8,\n");
    if (n_compared > 0)
        out_print(o,
                  "    .compare = call_compare,\n    .n_compared = %d,\n"
                  "    .compared = compared,\n"
                  "    .weights_hash = UINT64_C(0x%016llx),\n",
                  n_compared, (unsigned long long)w->unit->weights_hash);
}

typedef struct Printed { /* lengths of arrays */
    int measured, observed, compared;
} Printed;

static void print_model(Writer *w, const ModuleTrain *t, Printed n, Out *o)
{
    const EmitFunction *measure = t ? function_find(w, FUNCTION_MEASURE, t) : NULL;
    out_print(o, "const dlc_model %s_model = {\n", w->unit->prefix);
    print_identity(w, o);
    if (t != NULL && t->data != NULL)
        out_puts(o, "    .data = &data,\n");
    if (t != NULL)
        table_train_settings(t, o);
    else
        out_puts(o, "    .train_name = \"train\",\n    .batch = 1,\n"
                    "    .class_net = -1,\n    .class_field = -1,\n");
    out_print(o, "    .arena_bytes = %lld,\n    .init = call_init,\n",
              (long long)arena_bytes(w));
    if (t != NULL && t->data != NULL) {
        out_puts(o,
                 function_find(w, FUNCTION_STEP, t) ? "    .step = call_step,\n" : "");
        out_puts(o,
                 function_find(w, FUNCTION_EVAL, t) ? "    .eval = call_eval,\n" : "");
        out_puts(o,
                 function_find(w, FUNCTION_GRAD, t) ? "    .grad = call_grad,\n" : "");
        out_puts(o, function_find(w, FUNCTION_LOSSES, t) ? "    .losses = &losses,\n"
                                                         : "");
    }
    if (measure != NULL && n.measured > 0)
        out_print(o,
                  "    .measure = call_measure,\n    .n_measured = %d,\n"
                  "    .measured = measured,\n",
                  n.measured);
    print_observe(t, n.observed, o);
    print_compare(w, t, n.compared, o);
    out_print(o, "    .n_nets = %d,\n", count_nets(w));
    out_puts(o, count_nets(w) > 0 ? "    .net = nets,\n" : "");
    if (w->mark.n > 0)
        out_print(o, "    .n_kernels = %d,\n    .kernel = kernels,\n", w->mark.n);
    out_print(o, "    .profile_hook = &%s_profile_hook,\n};\n\n", w->unit->prefix);
}

void table_print(Writer *w, Out *o)
{
    const ModuleTrain *t = main_train(w->unit->module);
    const EmitFunction *measure = t ? function_find(w, FUNCTION_MEASURE, t) : NULL;
    const char *prefix = w->unit->prefix;
    banner_print(w, str_printf(w->arena, "%s_program.c", w->unit->stem),
                 "what the runtime knows of the model", o);
    out_print(o,
              "#include \"host/model.h\"\n\n#include \"%s.h\"\n\n#include <stddef.h>\n"
              "#include <string.h>\n\n",
              w->unit->stem);
    out_print(o, "void (*%s_profile_hook)(int32_t kernel);\n\n", prefix);
    print_tensors(w, measure, o);
    table_data(t, o);
    table_reports(t, o);
    table_tallies(w, t, o);
    print_marks(w, o);
    const Printed n = {
        .measured = print_measured(measure, "measured", o),
        .observed =
            print_measured(function_find(w, FUNCTION_OBSERVE, t), "observed", o),
        .compared = print_measured(function_find_quantized(w, FUNCTION_OBSERVE, t),
                                   "compared", o)
    };
    out_print(o,
              "static void call_init(void *state, uint64_t seed, void *arena)\n{\n"
              "    %s_train_init(state, seed, arena);\n}\n\n",
              prefix);
    adapter_print_train(w, t, o);
    print_losses(w, t ? function_find(w, FUNCTION_LOSSES, t) : NULL, o);
    print_net_adapters(w, o);
    if (count_nets(w) > 0)
        print_nets(w, o);
    print_model(w, t, n, o);
    out_print(
        o,
        "int main(int argc, char **argv)\n{\n    return dlc_main(&%s_model, argc, "
        "argv);\n}\n",
        prefix);
}
