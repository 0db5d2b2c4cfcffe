/* header.c - the header: banner, sizes, structs, prototypes. Also C++. */
#include "emit/c_expr.h"
#include "emit/writer.h"
#include "support/source.h"
#include "target/device_text.h"

#include <limits.h>
#include <string.h>

static void print_doc(const Writer *w, const char *doc, const char *lead, Out *o)
{
    while (doc != NULL && *doc != '\0') {
        size_t n = strcspn(doc, "\n");
        const char *line = name_comment(w->arena, str_copy(w->arena, doc, n));
        out_print(o, "%s%s%s\n", lead, line[0] == '\0' || line[0] == ' ' ? "" : " ",
                  line);
        doc += n + (doc[n] == '\n');
    }
}

static void print_interface(const Writer *w, const EmitFunction *f, Out *o)
{
    const ModuleNet *net = f->net;
    for (int i = 0; i < net->n_inputs + net->n_outputs; i++) {
        bool input = i < net->n_inputs;
        const Field *field = input ? &net->input[i] : &net->output[i - net->n_inputs];
        out_print(o, " *     %-7s %-12s %s%s  %lld bytes%s\n",
                  input ? "input" : "output", field->name, dtype_c_name(field->dtype),
                  shape_text(w->arena, &field->shape),
                  (long long)(shape_count(&field->shape) * f->program->batch *
                              (int64_t)dtype_bytes(field->dtype)),
                  field->simplex ? ", sums to 1" : "");
    }
}

const char *unit_about(const EmitUnit *u)
{
    return u->weights == NULL    ? "a network and its training"
           : u->resident != NULL ? "a trained network that learns on"
                                 : "a trained network";
}

void banner_print(Writer *w, const char *file, const char *about, Out *o)
{
    const EmitUnit *u = w->unit;
    out_print(o, "/* %s - %s\n *\n", file, about);
    out_print(o, " * Written by dlc %s from %s. Do not edit. It belongs to you.\n",
              u->version, name_comment(w->arena, source_written_name(u->model)));
    out_print(o, " * target %s, options `%s`, hash %016llx\n", u->target->name,
              name_comment(w->arena, u->options), (unsigned long long)u->hash);
    for (int i = 0; i < u->function.n; i++) {
        const EmitFunction *f = &u->function.at[i];
        if (f->kind != FUNCTION_NET)
            continue;
        int64_t stack = emit_stack_bytes(f, u->target);
        out_print(
            o, " *\n *   %s: flash %lld bytes, arena %lld bytes, %lld multiply-adds\n",
            f->name, (long long)emit_flash_bytes(f), (long long)f->program->arena_bytes,
            (long long)f->macs);
        print_interface(w, f, o);
        out_print(o, " *     ram %lld bytes: arena, inputs and outputs",
                  (long long)program_ram_bytes(f->program));
        if (stack >= 0)
            out_print(o, "; stack at most %lld bytes", (long long)stack);
        out_puts(o, "\n");
    }
    out_puts(o, " */\n");
}

/* ---- sizes ----------------------------------------------------------------------- */

static void print_size(const Writer *w, Out *o, Span span, const char *name,
                       int64_t value, const char *about)
{
    if (map_has(w->sizes, name))
        diag_error(w->sink, span, DIAG_TWICE, "two constants would be called `%s` in C",
                   name);
    map_put(w->sizes, name, NULL);
    size_t begin = o->length;
    if (value <= INT_MAX)
        out_print(o, "enum { %s = %lld };", name, (long long)value);
    else
        out_print(o, "#define %s ((size_t)%lldU)", name, (long long)value);
    size_t used = o->length - begin;
    if (about[0] != '\0') {
        out_indent(o, used < 52 ? (int)(52 - used) : 1);
        out_print(o, "/* %s */", about);
    }
    out_puts(o, "\n");
}

static void print_field_sizes(const Writer *w, const char *upper, const Field *field,
                              int n, int64_t batch, Out *o)
{
    for (int i = 0; i < n; i++)
        print_size(w, o, field[i].span,
                   str_printf(w->arena, "%s_%s_LEN", upper,
                              name_upper(w->arena, name_flat(w->arena, field[i].name))),
                   shape_count(&field[i].shape) * batch,
                   str_printf(w->arena, "%s %s%s%s", dtype_c_name(field[i].dtype),
                              shape_text(w->arena, &field[i].shape),
                              batch > 1 ? " of each sample" : "",
                              field[i].simplex ? ", sums to 1" : ""));
}

/* What fields of int8 stand for. */
static void print_field_scales(const Writer *w, const char *upper, const Field *field,
                               int n, Out *o)
{
    for (int i = 0; i < n; i++) {
        const char *name = name_upper(w->arena, name_flat(w->arena, field[i].name));
        if (field[i].scale <= 0)
            continue;
        out_print(o, "#define %s_%s_SCALE ", upper, name);
        c_float_print(DTYPE_F32, field[i].scale, o);
        out_print(o, " /* x stands for SCALE (x - ZERO) */\n");
        print_size(w, o, field[i].span, str_printf(w->arena, "%s_%s_ZERO", upper, name),
                   field[i].zero, "");
    }
}

static bool places_fields(const Program *p)
{
    bool any = false;
    for (int i = 0; i < p->storage.n; i++)
        any |= p->storage.at[i]->kind != STORAGE_ARENA &&
               p->storage.at[i]->offset_bytes >= 0;
    return any;
}

/* Places in the arena, so that inputs and outputs need no memory of their own. */
static void print_offsets(const Writer *w, const EmitFunction *f, const char *upper,
                          Out *o)
{
    for (int i = 0; i < f->net->n_inputs + f->net->n_outputs; i++) {
        bool input = i < f->net->n_inputs;
        const Field *field =
            input ? &f->net->input[i] : &f->net->output[i - f->net->n_inputs];
        const char *path =
            input ? field->name : str_printf(w->arena, "output/%s", field->name);
        int64_t offset = program_place(f->program, path);
        if (offset >= 0)
            print_size(
                w, o, field->span,
                str_printf(w->arena, "%s_%s_OFFSET", upper,
                           name_upper(w->arena, name_flat(w->arena, field->name))),
                offset,
                input ? "it may lie here in the arena; then it is lost"
                      : "it may lie here in the arena");
    }
}

static void print_net_sizes(const Writer *w, const EmitFunction *f, Out *o)
{
    const char *upper = name_upper(w->arena, f->name);
    int64_t arena = f->program->arena_bytes;
    print_field_sizes(w, upper, f->net->input, f->net->n_inputs, f->program->batch, o);
    print_field_sizes(w, upper, f->net->output, f->net->n_outputs, f->program->batch,
                      o);
    print_field_scales(w, upper, f->net->input, f->net->n_inputs, o);
    print_field_scales(w, upper, f->net->output, f->net->n_outputs, o);
    print_size(w, o, f->net->span, str_printf(w->arena, "%s_ARENA_BYTES", upper),
               arena > 0 ? arena : 1, "scratch the caller provides");
    print_offsets(w, f, upper, o);
    print_size(w, o, f->net->span, str_printf(w->arena, "%s_FLASH_BYTES", upper),
               emit_flash_bytes(f), "parameters and constants");
    out_puts(o, "\n");
}

const char *train_upper(const Writer *w, const ModuleTrain *t)
{
    return name_upper(w->arena, str_printf(w->arena, "%s_%s", w->unit->prefix,
                                           t->name != NULL ? t->name : "train"));
}

int64_t train_arena_bytes(const Writer *w, const ModuleTrain *t)
{
    int64_t arena = 1;
    for (int i = 0; i < w->unit->function.n; i++) {
        const EmitFunction *f = &w->unit->function.at[i];
        if ((f->kind == FUNCTION_INIT ||
             (f->train == t && f->kind != FUNCTION_LOSSES)) &&
            f->program->arena_bytes > arena)
            arena = f->program->arena_bytes;
    }
    return arena;
}

static void print_train_sizes(const Writer *w, const ModuleTrain *t, Out *o)
{
    const char *upper = train_upper(w, t);
    int64_t arena = train_arena_bytes(w, t);
    const EmitFunction *step = function_find(w, FUNCTION_STEP, t);
    if (step == NULL)
        return; /* it stays on the host */
    print_size(w, o, t->span, str_printf(w->arena, "%s_BATCH", upper), t->batch,
               "samples of a step");
    print_field_sizes(w, upper, t->input, t->n_inputs, t->batch, o);
    if (t->data == NULL)
        print_field_sizes(w, upper, t->output, t->n_outputs, t->batch, o);
    for (int i = 0; i < t->n_reports; i++)
        print_size(
            w, o, t->span,
            str_printf(w->arena, "%s_REPORT_%s", upper,
                       name_upper(w->arena, name_flat(w->arena, t->report[i].name))),
            i, "index in report");
    print_size(w, o, t->span, str_printf(w->arena, "%s_REPORTS", upper), t->n_reports,
               "losses and metrics");
    print_size(w, o, t->span, str_printf(w->arena, "%s_ARENA_BYTES", upper), arena,
               "scratch of all its functions, and of init");
    if (step->deploy != NULL && step->program->arena_bytes < arena)
        print_size(w, o, t->span, str_printf(w->arena, "%s_STEP_ARENA_BYTES", upper),
                   step->program->arena_bytes, "scratch of the step alone");
    out_puts(o, "\n");
}

/* For nets without a train block; those with one have room for it in their arena. */
static void print_init_size(const Writer *w, Out *o)
{
    for (int i = 0; w->unit->module->train.n == 0 && i < w->unit->function.n; i++) {
        const EmitFunction *f = &w->unit->function.at[i];
        int64_t arena = f->program->arena_bytes;
        if (f->kind == FUNCTION_INIT)
            print_size(w, o, (Span){ 0 },
                       str_printf(w->arena, "%s_TRAIN_INIT_ARENA_BYTES", w->upper),
                       arena > 0 ? arena : 1, "scratch of _train_init");
    }
}

static void print_sizes(const Writer *w, Out *o)
{
    print_size(w, o, (Span){ 0 }, str_printf(w->arena, "%s_ALIGN", w->upper),
               structs_align(w), "bytes, of arenas and structs");
    out_puts(o, "\n");
    for (int i = 0; i < w->unit->function.n; i++)
        if (w->unit->function.at[i].kind == FUNCTION_NET)
            print_net_sizes(w, &w->unit->function.at[i], o);
    for (int i = 0; i < w->unit->module->train.n; i++)
        if (structs_has_train(w))
            print_train_sizes(w, w->unit->module->train.at[i], o);
    print_init_size(w, o);
}

/* ---- prototypes ------------------------------------------------------------------ */

static const char *about_function(const EmitFunction *f)
{
    switch (f->kind) {
    case FUNCTION_NET:
        return f->net->memory.n > 0 ? "Inference on the next row."
                                    : "Inference on one sample.";
    case FUNCTION_RESET:
        return "Forgets all rows: the state before the first call.";
    case FUNCTION_INIT:
        return "Fills everything from the seed; step = 0.";
    case FUNCTION_STEP:
        return "One step on a batch: forward, backward, update.";
    case FUNCTION_EVAL:
        if (function_counts(f))
            return "Losses and metrics of every sample; metrics of a split count on in "
                   "t:"
                   "\n * their states are 0 before its first batch.";
        return f->quantized ? "As eval, with the deployed nets in int8."
                            : "Losses and metrics of every sample; changes nothing.";
    case FUNCTION_GRAD:
        return "Gradients of one batch; the state stays as it is.";
    case FUNCTION_APPLY:
        return "The update of a step, from gradients of the caller's.";
    case FUNCTION_LOSSES:
        return "Losses in double, for finite differences.";
    case FUNCTION_OBSERVE:
        return f->quantized ? "Values of nets: as floats, in int8, alone in int8."
                            : "Values of nets that calibration makes histograms of.";
    case FUNCTION_MEASURE:
    case FUNCTION_EVERY: /* static */
        break;
    }
    return "Values whose mean or variance over the data the states hold.";
}

static void print_prototype(Writer *w, const EmitFunction *f, Out *o)
{
    Signature s = signature_of(w, f);
    out_print(o, "/* %s\n", about_function(f));
    if (f->kind == FUNCTION_NET && f->net->doc != NULL)
        print_doc(w, f->net->doc, " *", o);
    out_puts(o, " *\n");
    for (int i = 0; i < s.parameter.n; i++)
        if (s.parameter.at[i].about[0] != '\0')
            out_print(o, " *   %-10s %s\n", s.parameter.at[i].name,
                      name_comment(w->arena, s.parameter.at[i].about));
    out_puts(o, " *\n * Arrays must not overlap");
    if (f->kind == FUNCTION_NET && places_fields(f->program))
        out_puts(o, ",\n * except in the arena at _OFFSET");
    out_puts(o, ". Nothing is allocated, nothing can fail.");
    if (signature_has_team(w, f))
        out_puts(
            o,
            "\n * All members of the team call it, and return before the next call.");
    out_puts(o, " */\n");
    signature_print(w, &s, f, o);
    out_puts(o, ";\n\n");
}

static void print_team(const Writer *w, Out *o)
{
    const char *text = device_text("team.h");
    if (!w->has_team || text == NULL)
        return;
    out_puts(o, text);
    out_puts(o, "\n");
}

bool header_print(Writer *w, Out *o)
{
    int before = diag_error_count(w->sink);
    const EmitUnit *u = w->unit;
    const char *stem = name_flat(w->arena, str_printf(w->arena, "%s_h", u->stem));
    const char *guard = name_upper(w->arena, stem);
    if (!str_starts(guard, w->upper)) /* macros begin with the prefix, too */
        guard = str_printf(w->arena, "%s_%s", w->upper, guard);
    banner_print(w, str_printf(w->arena, "%s.h", u->stem), unit_about(u), o);
    out_print(o, "#ifndef %s\n#define %s\n\n", guard, guard);
    if (u->module->doc != NULL) {
        out_puts(o, "/*\n");
        print_doc(w, u->module->doc, " *", o);
        out_puts(o, " */\n\n");
    }
    out_puts(o, "#include <stddef.h>\n#include <stdint.h>\n\n");
    print_team(w, o);
    out_puts(o, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    print_sizes(w, o);
    layers_print_interface(w, o);
    structs_print(w, o);
    foreign_print(w, o);
    for (int i = 0; i < u->function.n; i++)
        if (u->function.at[i].kind != FUNCTION_EVERY)
            print_prototype(w, &u->function.at[i], o);
    out_puts(o, "#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
    return diag_error_count(w->sink) == before;
}
