/* example.c - C that runs each net of a unit on made input, also C++: the middle of an
 * example. What stands around it defines show(const char *name, long i, double value).
 */
#include "emit/writer.h"

#include <string.h>

static const char *place(Arena *a, const Field *field, bool input)
{
    return str_printf(a, "%s_%s", input ? "given" : "got", name_flat(a, field->name));
}

/* In the arena where it may lie there, else an array. */
static void print_place(Writer *w, const EmitFunction *f, const Field *field,
                        bool input, Out *o)
{
    Arena *a = w->arena;
    const char *type = dtype_c_name(field->dtype), *name = place(a, field, input);
    const char *upper = str_printf(a, "%s_%s", name_upper(a, f->name),
                                   name_upper(a, name_flat(a, field->name)));
    const char *path = input ? field->name : str_printf(a, "output/%s", field->name);
    if (program_place(f->program, path) >= 0)
        out_print(o, "    %s *%s = (%s *)(void *)(arena + %s_OFFSET);\n", type, name,
                  type, upper);
    else
        out_print(o, "    static %s %s[%s_LEN];\n", type, name, upper);
}

static void print_loop(Writer *w, const EmitFunction *f, const Field *field, bool input,
                       Out *o)
{
    const char *name = place(w->arena, field, input);
    out_print(o, "    for (long i = 0; i < %s_%s_LEN; i++) {\n",
              name_upper(w->arena, f->name),
              name_upper(w->arena, name_flat(w->arena, field->name)));
    if (input)
        out_print(o, "        %s[i] = 0; /* from your sensor */\n", name);
    else
        out_print(o, "        show(\"%s\", i, (double)%s[i]);\n",
                  name_comment(w->arena, field->name), name);
    out_puts(o, "    }\n");
}

/* Its parameters are the caller's, who trains them. */
static const ModuleTrain *trained_by(const EmitFunction *f)
{
    return f->deploy != NULL ? f->deploy->train : NULL;
}

static const char *argument(Writer *w, const EmitFunction *f, const Parameter *p)
{
    for (int i = 0; p->path != NULL && i < f->net->n_inputs; i++)
        if (str_equal(p->path, f->net->input[i].name))
            return place(w->arena, &f->net->input[i], true);
    for (int i = 0; p->path != NULL && i < f->net->n_outputs; i++)
        if (str_equal(p->path,
                      str_printf(w->arena, "output/%s", f->net->output[i].name)))
            return place(w->arena, &f->net->output[i], false);
    if (str_equal(p->name, "seed") || str_equal(p->name, "step"))
        return "0";
    if (str_equal(p->name, "arena"))
        return p->name;
    return str_printf(w->arena, "&%s%s", trained_by(f) != NULL ? "learned." : "",
                      p->name);
}

static void print_call(Writer *w, const EmitFunction *f, const EmitFunction *net,
                       const char *indent, Out *o)
{
    Signature s = signature_of(w, f);
    out_print(o, "%s%s(", indent, f->name);
    for (int i = 0; i < s.parameter.n; i++)
        out_print(o, "%s%s", i > 0 ? ", " : "", argument(w, net, &s.parameter.at[i]));
    out_puts(o, ");\n");
}

/* A stream begins with a state that _reset makes, one that learns with what _init does.
 */
static void print_state(Writer *w, const EmitFunction *f, Out *o)
{
    Signature s = signature_of(w, f);
    if (trained_by(f) != NULL)
        out_print(o, "    static %s_train_state learned;\n", w->unit->prefix);
    if (trained_by(f) == NULL && f->net->memory.n == 0)
        return;
    for (int i = 0; i < s.parameter.n && trained_by(f) == NULL; i++)
        if (str_ends(s.parameter.at[i].name, "_state"))
            out_print(o, "    static %.*s %s;\n",
                      (int)strcspn(s.parameter.at[i].type, " "), s.parameter.at[i].type,
                      s.parameter.at[i].name);
    out_puts(o, "    static int begun;\n");
}

/* With its self-test the arena has room for that, too. */
static void print_test(Writer *w, const EmitFunction *f, const char *indent, Out *o)
{
    Signature s = signature_of(w, f);
    if (f->golden == NULL)
        return;
    out_print(o, "%sshow(\"self-test, 0 is right\", 0, (double)%s(", indent,
              self_test_name(w, f));
    for (int i = 0; i < s.parameter.n && f->net->memory.n > 0; i++)
        if (str_ends(s.parameter.at[i].name, "_state"))
            out_print(o, "&%s, ", s.parameter.at[i].name);
    out_puts(o, "arena));\n");
}

static void print_begin(Writer *w, const EmitFunction *f, Out *o)
{
    if (trained_by(f) != NULL)
        out_print(o,
                  "    if (!begun) { /* then, too: a step of training on what it hears "
                  "*/\n        %s_train_init(&learned, 1, arena);\n"
                  "        begun = 1;\n    }\n",
                  w->unit->prefix);
    for (int i = 0; i < w->unit->function.n && f->net->memory.n > 0; i++) {
        const EmitFunction *reset = &w->unit->function.at[i];
        if (reset->kind != FUNCTION_RESET || reset->net != f->net)
            continue;
        out_puts(o, "    if (!begun) {\n");
        print_test(w, f, "        ", o); /* it forgets all rows */
        print_call(w, reset, f, "        ", o);
        out_puts(o, "        begun = 1;\n    }\n");
    }
}

static void print_arena(Writer *w, const EmitFunction *f, Out *o)
{
    const ModuleTrain *t = trained_by(f);
    bool more = t != NULL && train_arena_bytes(w, t) > f->program->arena_bytes;
    out_print(o, "    static unsigned char arena[%s_%s_BYTES] ",
              more ? train_upper(w, t) : name_upper(w->arena, f->name),
              f->golden != NULL ? "SELF_TEST" : "ARENA");
    out_print(o, "__attribute__((aligned(%s_ALIGN)));\n", w->upper);
}

static void print_function(Writer *w, const EmitFunction *f, Out *o)
{
    out_print(o, "static void run_%s(void)\n{\n", f->name);
    print_state(w, f, o);
    print_arena(w, f, o);
    for (int i = 0; i < f->net->n_inputs; i++)
        print_place(w, f, &f->net->input[i], true, o);
    for (int i = 0; i < f->net->n_outputs; i++)
        print_place(w, f, &f->net->output[i], false, o);
    out_puts(o, "\n");
    if (f->net->memory.n == 0)
        print_test(w, f, "    ", o);
    print_begin(w, f, o);
    for (int i = 0; i < f->net->n_inputs; i++)
        print_loop(w, f, &f->net->input[i], true, o);
    print_call(w, f, f, "    ", o);
    for (int i = 0; i < f->net->n_outputs; i++)
        print_loop(w, f, &f->net->output[i], false, o);
    out_puts(o, "}\n");
}

void example_print(Writer *w, Out *functions, Out *calls)
{
    for (int i = 0, n = 0; i < w->unit->function.n; i++) {
        const EmitFunction *f = &w->unit->function.at[i];
        if (f->kind != FUNCTION_NET)
            continue;
        out_puts(functions, n++ > 0 ? "\n" : "");
        print_function(w, f, functions);
        out_print(calls, "    run_%s();\n", f->name);
    }
    if (calls->length > 0)
        calls->text[--calls->length] = '\0'; /* the template ends the line */
}
