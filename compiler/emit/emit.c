/* emit.c - the files of one unit, put together. */
#include "emit/emit.h"

#include "emit/c_prelude.h"
#include "emit/writer.h"

#include "support/bug.h"

#include <string.h>

static void collect_constants(Writer *w)
{
    for (int i = 0; i < w->unit->function.n; i++) {
        const Program *p = w->unit->function.at[i].program;
        for (int c = 0; c < p->call.n; c++)
            for (int j = 0; j < p->call.at[c].n_arg; j++) {
                const Storage *s = p->call.at[c].arg[j].storage;
                if (s->kind == STORAGE_CONSTANT)
                    constant_name(w, s->name, s->data);
            }
    }
}

/* Types of the header and what a program adds: names that no function may have. */
static Map *taken_names(const Writer *w)
{
    static const char *const own[] = { "params", "train_state", "model", "profile_hook",
                                       "profile" };
    static const char *const call[] = { "call_init", "call_step",    "call_eval",
                                        "call_grad", "call_measure", "call_losses" };
    const EmitUnit *u = w->unit;
    Map *taken = map_new(w->arena);
    for (int i = 0; i < ARRAY_LEN(own); i++)
        map_put(taken, str_printf(w->arena, "%s_%s", u->prefix, own[i]), NULL);
    for (int i = 0; i < ARRAY_LEN(call); i++)
        map_put(taken, call[i], NULL);
    for (int i = 0; i < u->module->net.n; i++)
        map_put(
            taken,
            str_printf(w->arena, "%s_%s_state", u->prefix, u->module->net.at[i]->name),
            NULL);
    return taken;
}

/* `f` and the prefix are names in C, so two functions must not have one. */
static bool names_differ(const Writer *w)
{
    const EmitUnit *u = w->unit;
    if (str_equal(u->prefix, "dlc"))
        return diag_error(w->sink, (Span){ 0 }, DIAG_TWICE,
                          "names that begin with `dlc` are dlc's own; choose another "
                          "with --prefix=NAME");
    Map *taken = taken_names(w), *functions = map_new(w->arena);
    for (int i = 0; i < u->function.n; i++) {
        const EmitFunction *f = &u->function.at[i];
        Span span = f->net != NULL     ? f->net->span
                    : f->train != NULL ? f->train->span
                                       : (Span){ 0 };
        if (map_has(taken, f->name))
            return diag_error(w->sink, span, DIAG_TWICE,
                              "a function would be called `%s` in C, which dlc uses "
                              "itself",
                              f->name);
        if (map_has(functions, f->name))
            return diag_error(w->sink, span, DIAG_TWICE,
                              "two functions would be called `%s` in C", f->name);
        map_put(functions, f->name, NULL);
        if (f->golden != NULL)
            map_put(taken, self_test_name(w, f), NULL);
    }
    return true;
}

static void print_team_wait(const Writer *w, Out *o)
{
    if (w->uses_wait)
        out_puts(o, "static void team_wait(const dlc_team *team)\n{\n"
                    "    if (team != NULL) {\n        team->wait(team);\n    }\n}\n\n");
}

static void print_profile(const Writer *w, Out *o)
{
    if (!w->unit->profile)
        return;
    out_print(
        o,
        "/* Every call reports its number when it is done. */\n#ifdef %s_PROFILE\n"
        "extern void (*%s_profile_hook)(int32_t kernel);\n"
        "static void MARK(int32_t kernel)\n{\n"
        "    if (%s_profile_hook != NULL) {\n"
        "        %s_profile_hook(kernel);\n    }\n}\n"
        "#else\n#define MARK(kernel) (void)0\n#endif\n\n",
        w->upper, w->unit->prefix, w->unit->prefix, w->unit->prefix);
}

static void print_source(Writer *w, EmitFiles *files)
{
    const EmitUnit *u = w->unit;
    Out body, entries;
    out_init(&body, w->arena);
    out_init(&entries, w->arena);
    kernels_collect(w);
    for (int i = 0; i < u->function.n; i++)
        body_print(w, &u->function.at[i], &entries);
    constants_print_space(w, &body);
    constants_print(w, &body);
    print_profile(w, &body);
    layers_print_hook(w, &body);
    print_team_wait(w, &body);
    kernels_print(w, &body);
    out_write(&body, out_text(&entries), entries.length);
    if (body.length > 0 && body.text[body.length - 1] == '\n')
        body.text[--body.length] = '\0'; /* the blank line after the last function */
    banner_print(w, str_printf(w->arena, "%s.c", u->stem), unit_about(u),
                 &files->source);
    out_print(&files->source, "#include \"%s.h\"\n\n", u->stem);
    c_prelude_print(out_text(&body), u->target, &files->source);
    out_write(&files->source, out_text(&body), body.length);
}

static void print_data(Writer *w, EmitFiles *files)
{
    if (!files->has_data)
        return;
    banner_print(w, str_printf(w->arena, "%s_data.c", w->unit->stem), "constants",
                 &files->data);
    Out numbers;
    out_init(&numbers, w->arena);
    constants_print_data(w, &numbers);
    const char *text = out_text(&numbers);
    bool special = strstr(text, "INFINITY") != NULL || strstr(text, "NAN") != NULL;
    out_puts(&files->data, special ? "#include <math.h>\n" : "");
    out_puts(&files->data, "#include <stdint.h>\n\n");
    constants_print_space(w, &files->data);
    out_puts(&files->data, text);
}

static bool writer_init(Writer *w, Arena *a, const EmitUnit *unit, DiagSink *sink)
{
    *w = (Writer){ .arena = a, .unit = unit, .sink = sink };
    w->upper = name_upper(a, unit->prefix);
    w->sizes = map_new(a);
    w->has_team = unit->weights == NULL && unit->target->is_host;
    return structs_init(w);
}

bool emit_c(Arena *a, const EmitUnit *unit, DiagSink *sink, EmitFiles *files)
{
    Writer w;
    if (!writer_init(&w, a, unit, sink) || !names_differ(&w))
        return false;
    out_init(&files->header, a);
    out_init(&files->source, a);
    out_init(&files->data, a);
    out_init(&files->program, a);
    out_init(&files->test, a);
    out_init(&files->test_header, a);
    out_init(&files->example, a);
    out_init(&files->example_calls, a);
    collect_constants(&w);
    constants_mark_flash(&w);
    files->has_data = constants_split(&w);
    print_source(&w, files);
    print_data(&w, files);
    if (!header_print(&w, &files->header))
        return false;
    files->has_test = self_test_any(&w);
    if (files->has_test && !self_test_print(&w, &files->test_header, &files->test))
        return false;
    if (unit->weights != NULL)
        example_print(&w, &files->example, &files->example_calls);
    if (unit->profile)
        table_print(&w, &files->program);
    return true;
}

int64_t emit_flash_bytes(const EmitFunction *f)
{
    int64_t bytes = 0;
    const Program *p = f->program;
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->kind == STORAGE_CONSTANT || s->kind == STORAGE_PARAM ||
            (s->kind == STORAGE_STATE && f->kind == FUNCTION_NET))
            bytes += s->count * (int64_t)dtype_bytes(s->dtype);
    }
    return bytes;
}
