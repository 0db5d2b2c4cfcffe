/* arch.c - what stands in an architecture file in the place of its line: all files as
 * one, and names by which any such file can run the net. */
#include "emit/emit.h"
#include "emit/names.h"
#include "loop/program.h"

#include <string.h>

/* Without the lines that include the unit's own headers: they stand above. */
static void print_without_includes(const EmitUnit *unit, Out *text, Out *o)
{
    const char *own = str_printf(o->arena, "#include \"%s", unit->stem);
    for (const char *line = out_text(text); *line != '\0';) {
        size_t n = strcspn(line, "\n");
        n += line[n] == '\n';
        if (!str_starts(line, own))
            out_write(o, line, n);
        line += n;
    }
    out_puts(o, "\n");
}

static const EmitFunction *find_net(const EmitUnit *unit)
{
    const EmitFunction *last = NULL;
    for (int i = 0; i < unit->function.n; i++)
        if (unit->function.at[i].kind == FUNCTION_NET)
            last = &unit->function.at[i];
    return last;
}

/* MODEL_RUN(input, output, arena) can call it. */
static bool is_plain(const EmitUnit *unit, const EmitFunction *f)
{
    if (unit->weights == NULL || f == NULL || f->net->n_inputs != 1 ||
        f->net->n_outputs != 1 || f->net->memory.n > 0)
        return false;
    for (int i = 0; i < f->program->storage.n; i++) {
        StorageKind kind = f->program->storage.at[i]->kind;
        if (kind == STORAGE_SCALAR || kind == STORAGE_PARAM || kind == STORAGE_STATE)
            return false; /* a seed; what training on the device changes */
    }
    return true;
}

static void print_field(Arena *a, const EmitFunction *f, const Field *field, bool input,
                        Out *o)
{
    const char *upper = str_printf(a, "%s_%s", name_upper(a, f->name),
                                   name_upper(a, name_flat(a, field->name)));
    const char *what = input ? "INPUT" : "OUTPUT";
    out_print(o, "#define MODEL_%s_TYPE %s\n#define MODEL_%s_LEN %s_LEN\n", what,
              dtype_c_name(field->dtype), what, upper);
    if (program_place(f->program, input ? field->name
                                        : str_printf(a, "output/%s", field->name)) >= 0)
        out_print(o, "#define MODEL_%s_OFFSET %s_OFFSET\n", what, upper);
}

static void print_names(Arena *a, const EmitUnit *unit, const EmitFunction *f, Out *o)
{
    const char *upper = name_upper(a, f->name);
    out_print(
        o,
        "/* The net, whatever its name. _OFFSET: it may lie there in the arena. */\n"
        "#define MODEL_NAME \"%s\"\n#define MODEL_ALIGN %s_ALIGN\n"
        "#define MODEL_ARENA_BYTES %s_ARENA_BYTES\n",
        f->name, name_upper(a, unit->prefix), upper);
    print_field(a, f, &f->net->input[0], true, o);
    print_field(a, f, &f->net->output[0], false, o);
    out_print(o, "#define MODEL_RUN(input, output, arena) %s(input, output, arena)\n",
              f->name);
    if (f->golden != NULL)
        out_print(o,
                  "#define MODEL_SELF_TEST_BYTES %s_SELF_TEST_BYTES\n"
                  "#define MODEL_SELF_TEST(memory) %s_self_test(memory)\n",
                  upper, f->name);
    out_puts(o, "\n");
}

bool emit_arch(Arena *a, const EmitUnit *unit, const EmitFiles *made, Out *o)
{
    EmitFiles texts = *made;
    const EmitFunction *f = find_net(unit);
    print_without_includes(unit, &texts.header, o);
    if (made->has_data)
        print_without_includes(unit, &texts.data, o);
    print_without_includes(unit, &texts.source, o);
    if (made->has_test) {
        print_without_includes(unit, &texts.test_header, o);
        print_without_includes(unit, &texts.test, o);
    }
    if (!is_plain(unit, f))
        return false;
    print_names(a, unit, f, o);
    return true;
}
