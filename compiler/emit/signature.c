/* signature.c - the parameters of each C function: state, arrays in, arrays out,
 * scratch, team. Array parameters carry the path of the program's storage that they
 * are. */
#include "emit/writer.h"

#include <string.h>

/* Names that emitted functions use for themselves. */
static const char *const own_names[] = {
    "arena",           "bytes",     "epoch",     "first",
    "gradient",        "iteration", "key",       "losses",
    "params",          "rank",      "report",    "s",
    "sample",          "scale",     "seed",      "size",
    "split",           "step",      "t",         "team",
    "steps_per_epoch", "lr_scale",  "this_step", "valid",
    "total_steps",
};

const char *signature_field(Arena *a, const char *name)
{
    const char *flat = name_flat(a, name);
    for (size_t i = 0; i < sizeof own_names / sizeof own_names[0]; i++)
        if (str_equal(flat, own_names[i]))
            return str_printf(a, "%s_", flat);
    return flat;
}

/* ---- what a program uses --------------------------------------------------------- */

static Access access_of(const Call *c, int arg)
{
    for (int i = 0; i < c->kernel->buffer.n; i++)
        if (c->kernel->buffer.at[i]->access != ACCESS_LOCAL && arg-- == 0)
            return c->kernel->buffer.at[i]->access;
    return ACCESS_READ;
}

bool function_uses_params(const EmitFunction *f)
{
    for (int i = 0; i < f->program->call.n; i++)
        for (int j = 0; j < f->program->call.at[i].n_arg; j++)
            if (f->program->call.at[i].arg[j].storage->kind == STORAGE_PARAM)
                return true;
    return false;
}

bool function_uses_scalar(const EmitFunction *f, const char *path)
{
    for (int i = 0; i < f->program->call.n; i++)
        for (int j = 0; j < f->program->call.at[i].n_arg; j++) {
            const Storage *s = f->program->call.at[i].arg[j].storage;
            if (s->kind == STORAGE_SCALAR && str_equal(s->path, path))
                return true;
        }
    return false;
}

bool function_uses_state(const Writer *w, const EmitFunction *f, int net, bool *writes)
{
    bool uses = false;
    *writes = false;
    for (int i = 0; i < f->program->call.n; i++) {
        const Call *c = &f->program->call.at[i];
        for (int j = 0; j < c->n_arg; j++) {
            const Member *m = c->arg[j].storage->kind == STORAGE_STATE
                                  ? map_find(w->member, c->arg[j].storage->path)
                                  : NULL;
            if (m == NULL || m->net != net)
                continue;
            uses = true;
            *writes = *writes || (access_of(c, j) & ACCESS_WRITE) != 0;
        }
    }
    return uses;
}

bool signature_has_arena(const EmitFunction *f)
{
    if (f->kind == FUNCTION_EVERY)
        return f->program->arena_bytes > 0;
    return f->kind != FUNCTION_RESET;
}

static bool reads_field(const EmitFunction *f, const char *name)
{
    for (int i = 0; i < f->program->call.n; i++)
        for (int j = 0; j < f->program->call.at[i].n_arg; j++) {
            const Storage *s = f->program->call.at[i].arg[j].storage;
            if (s->kind == STORAGE_INPUT && str_equal(s->path, name))
                return true;
        }
    return false;
}

bool signature_has_team(const Writer *w, const EmitFunction *f)
{
    return w->has_team && f->kind != FUNCTION_NET && f->kind != FUNCTION_INIT &&
           f->kind != FUNCTION_LOSSES && f->kind != FUNCTION_RESET;
}

/* ---- building -------------------------------------------------------------------- */

static void add(Writer *w, Signature *s, const char *type, const char *name,
                const char *about, const char *path)
{
    Parameter p = { type, name, about, path };
    vec_push(w->arena, &s->parameter, p);
}

static const char *shape_about(Writer *w, const Shape *shape, int64_t batch)
{
    Shape all = *shape;
    if (batch > 1 && all.rank < SHAPE_MAX_RANK) {
        memmove(all.dim + 1, all.dim, (size_t)all.rank * sizeof all.dim[0]);
        all.dim[0] = batch;
        all.rank++;
    }
    return shape_text(w->arena, &all);
}

/* Its shape, and by which macros of the header int8 stands for floats. */
static const char *field_about(Writer *w, const Field *field, int64_t batch)
{
    const char *shape = shape_about(w, &field->shape, batch);
    const char *name = name_upper(w->arena, name_flat(w->arena, field->name));
    if (field->scale <= 0)
        return shape;
    return str_printf(w->arena, "%s, x stands for _%s_SCALE (x - _%s_ZERO)", shape,
                      name, name);
}

static void add_fields(Writer *w, Signature *s, const Field *field, int n,
                       int64_t batch, bool output)
{
    for (int i = 0; i < n; i++) {
        const char *c = dtype_c_name(field[i].dtype);
        add(w, s, str_printf(w->arena, "%s%s *", output ? "" : "const ", c),
            signature_field(w->arena, field[i].name), field_about(w, &field[i], batch),
            output ? str_printf(w->arena, "output/%s", field[i].name) : field[i].name);
    }
}

static void add_net(Writer *w, Signature *s, const EmitFunction *f)
{
    const Module *m = w->unit->module;
    const char *prefix = w->unit->prefix;
    if (function_uses_params(f))
        add(w, s, str_printf(w->arena, "const %s_params *", prefix), "params", "",
            NULL);
    for (int n = 0; n < m->net.n; n++) {
        bool writes;
        if (!function_uses_state(w, f, n, &writes))
            continue;
        const char *state = str_printf(w->arena, "%s_state", m->net.at[n]->name);
        add(w, s,
            str_printf(w->arena, "%s%s_%s *", writes ? "" : "const ", prefix, state),
            state, "", NULL);
    }
    if (f->kind == FUNCTION_RESET)
        return;
    add_fields(w, s, f->net->input, f->net->n_inputs, f->program->batch, false);
    if (function_uses_scalar(f, "key"))
        add(w, s, "uint64_t ", "seed", "of random numbers", NULL);
    if (function_uses_scalar(f, "iteration"))
        add(w, s, "uint32_t ", "step", "of random numbers", NULL);
    add_fields(w, s, f->net->output, f->net->n_outputs, f->program->batch, true);
}

static void add_measured(Writer *w, Signature *s, const EmitFunction *f)
{
    for (int i = 0; i < f->program->storage.n; i++) {
        const Storage *from = f->program->storage.at[i];
        if (from->kind != STORAGE_OUTPUT || !str_starts(from->path, "measure/"))
            continue;
        add(w, s, str_printf(w->arena, "%s *", dtype_c_name(from->dtype)),
            signature_field(w->arena, from->path + strlen("measure/")),
            shape_text(w->arena, &from->shape), from->path);
    }
}

/* Evaluation changes the state only to count for metrics. */
bool function_counts(const EmitFunction *f)
{
    for (int i = 0; i < f->program->call.n && f->kind == FUNCTION_EVAL; i++) {
        const Call *c = &f->program->call.at[i];
        for (int j = 0; j < c->n_arg; j++)
            if (c->arg[j].storage->kind == STORAGE_STATE &&
                (access_of(c, j) & ACCESS_WRITE) != 0)
                return true;
    }
    return false;
}

static bool reads_valid(const EmitFunction *f)
{
    for (int i = 0; i < f->program->storage.n; i++)
        if (f->program->storage.at[i]->kind == STORAGE_INPUT &&
            str_equal(f->program->storage.at[i]->path, VALID_PATH))
            return true;
    return false;
}

static void add_train(Writer *w, Signature *s, const EmitFunction *f)
{
    const ModuleTrain *t = f->train;
    const char *prefix = w->unit->prefix;
    bool changes = f->kind == FUNCTION_STEP || f->kind == FUNCTION_APPLY ||
                   f->kind == FUNCTION_EVERY || function_counts(f);
    add(w, s,
        str_printf(w->arena, "%s%s_train_state *", changes ? "" : "const ", prefix),
        "t", "", NULL);
    for (int i = 0; f->kind != FUNCTION_APPLY && i < t->n_inputs; i++)
        if (f->kind != FUNCTION_EVERY || reads_field(f, t->input[i].name))
            add_fields(w, s, &t->input[i], 1, t->batch, false);
    if (f->kind == FUNCTION_EVAL && reads_valid(f))
        add(w, s, "const float *", "valid",
            str_printf(w->arena, "[%lld], 1; 0: a copy that fills up the last batch",
                       (long long)t->batch),
            VALID_PATH);
    if (f->kind == FUNCTION_GRAD)
        add(w, s, str_printf(w->arena, "%s_params *", prefix), "gradient",
            "of every parameter", NULL);
    if (f->kind == FUNCTION_APPLY)
        add(w, s, str_printf(w->arena, "const %s_params *", prefix), "gradient",
            "of every parameter", NULL);
    bool measures = f->kind == FUNCTION_MEASURE || f->kind == FUNCTION_OBSERVE;
    if (measures)
        add_measured(w, s, f);
    bool reports = f->kind == FUNCTION_STEP || f->kind == FUNCTION_EVAL ||
                   f->kind == FUNCTION_GRAD;
    if (reports && t->n_reports > 0)
        add(w, s, "float *", "report",
            str_printf(w->arena,
                       f->kind == FUNCTION_EVAL ? "[%d, %lld], of each sample"
                                                : "[%d], means of the batch",
                       t->n_reports, (long long)t->batch),
            NULL);
    if (f->kind == FUNCTION_EVAL) {
        add(w, s, "uint32_t ", "split", "0 train, 1 valid, 2 test", NULL);
        add(w, s, "uint32_t ", "first", "index of the first sample in its split", NULL);
    }
    if (t->data == NULL && (f->kind == FUNCTION_STEP || f->kind == FUNCTION_EVAL))
        add_fields(w, s, t->output, t->n_outputs, t->batch, true);
}

/* All numbers are double; a program's table and `check` are the only callers. */
static void add_losses(Writer *w, Signature *s)
{
    add(w, s, str_printf(w->arena, "const %s_train_state *", w->unit->prefix), "t",
        "seed and step of random numbers", NULL);
    add(w, s, "const double *const *", "tensor", "by index in the table", NULL);
    add(w, s, "const void *const *", "field", "by index; floats as double", NULL);
    add(w, s, "const double *const *", "frozen", "what stop_gradient gave", NULL);
    add(w, s, "double *", "losses", "that are minimized", NULL);
    add(w, s, "double *const *", "stopped", "what stop_gradient takes", NULL);
}

Signature signature_of(Writer *w, const EmitFunction *f)
{
    Signature s = { 0 };
    if (f->kind == FUNCTION_LOSSES) {
        add_losses(w, &s);
    } else if (f->kind == FUNCTION_NET || f->kind == FUNCTION_RESET) {
        add_net(w, &s, f);
    } else if (f->kind == FUNCTION_INIT) {
        add(w, &s, str_printf(w->arena, "%s_train_state *", w->unit->prefix), "t", "",
            NULL);
        add(w, &s, "uint64_t ", "seed", "of all random numbers", NULL);
    } else {
        add_train(w, &s, f);
    }
    if (signature_has_arena(f))
        add(w, &s, "void *", "arena", "scratch", NULL);
    if (signature_has_team(w, f))
        add(w, &s, "const dlc_team *", "team", "NULL: one thread", NULL);
    return s;
}

void signature_print(const Writer *w, const Signature *s, const EmitFunction *f, Out *o)
{
    enum { COLUMNS = 88 };
    size_t begin = o->length;
    out_print(o, "%svoid %s(", f->kind == FUNCTION_EVERY ? "static " : "", f->name);
    int indent = (int)(o->length - begin), column = indent;
    if (indent > 48)
        indent = 4;
    for (int i = 0; i < s->parameter.n; i++) {
        const Parameter *p = &s->parameter.at[i];
        const char *text = str_printf(w->arena, "%s%s%s", p->type, p->name,
                                      i + 1 < s->parameter.n ? "," : ")");
        if (i > 0 && column + (int)strlen(text) + 1 > COLUMNS) {
            out_puts(o, "\n");
            out_indent(o, indent);
            column = indent;
        } else if (i > 0) {
            out_puts(o, " ");
            column++;
        }
        out_puts(o, text);
        column += (int)strlen(text);
    }
}
