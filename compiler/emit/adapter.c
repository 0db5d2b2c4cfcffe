/* adapter.c - from the runtime's uniform calls to the emitted functions: what the table
 * of a training program points at. */
#include "emit/writer.h"

#include <string.h>

/* Argument of the emitted function for one of its parameters. */
static void print_argument(const EmitFunction *f, const Parameter *p, int *field,
                           int *out, Out *o)
{
    if (f->kind == FUNCTION_LOSSES)
        out_puts(o, p->name);
    else if (str_equal(p->name, "t"))
        out_puts(o, "state");
    else if (str_equal(p->name, "params"))
        out_puts(o, "&t->params");
    else if (str_ends(p->type, "_state *") && p->path == NULL)
        out_print(o, "&t->%s", p->name);
    else if (str_equal(p->name, "gradient"))
        out_puts(o, "&buffer");
    else if (f->kind == FUNCTION_NET && str_equal(p->name, "seed"))
        out_puts(o, "t->seed");
    else if (f->kind == FUNCTION_NET && str_equal(p->name, "step"))
        out_puts(o, "0");
    else if (p->path != NULL &&
             (str_starts(p->path, "output/") || str_starts(p->path, "measure/")))
        out_print(o, "out[%d]", (*out)++);
    else if (p->path != NULL)
        out_print(o, "%s[%d]", f->kind == FUNCTION_NET ? "in" : "field", (*field)++);
    else
        out_puts(o, p->name);
}

void adapter_print_call(Writer *w, const EmitFunction *f, Out *o)
{
    Signature s = signature_of(w, f);
    int field = 0, out = 0;
    out_print(o, "    %s(", f->name);
    for (int i = 0; i < s.parameter.n; i++) {
        out_puts(o, i > 0 ? ", " : "");
        print_argument(f, &s.parameter.at[i], &field, &out, o);
    }
    out_puts(o, ");\n");
}

static const char *const run_alone =
    "    if (team != NULL && team->rank != 0) {\n        return;\n    }\n";

void adapter_print(Writer *w, const EmitFunction *f, const char *head, Out *o)
{
    if (f == NULL)
        return;
    out_print(o, "%s\n{\n", head);
    if (!signature_has_team(w, f) && f->kind != FUNCTION_LOSSES)
        out_puts(o, run_alone);
    adapter_print_call(w, f, o);
    out_puts(o, "}\n\n");
}

/* The emitted function writes one struct; the runtime wants one pointer a tensor. */
static void print_grad_adapter(Writer *w, const EmitFunction *f, Out *o)
{
    int index = 0;
    if (f == NULL)
        return;
    out_print(
        o,
        "static void call_grad(const void *state, const void *const *field,\n"
        "                      float *const *gradient, float *report, void *arena,\n"
        "                      const dlc_team *team)\n{\n"
        "    static %s_params buffer;\n",
        w->unit->prefix);
    if (!signature_has_team(w, f))
        out_puts(o, run_alone);
    adapter_print_call(w, f, o);
    if (signature_has_team(w, f))
        out_puts(
            o, "    if (team != NULL) {\n        team->wait(team);\n    }\n"
               "    if (team != NULL && team->rank != 0) {\n        return;\n    }\n");
    for (int i = 0; i < w->members.n; i++) {
        const Member *m = w->members.at[i];
        if (m->tensor->role == ROLE_PARAM)
            out_print(o, "    memcpy(gradient[%d], buffer.%s, sizeof buffer.%s);\n",
                      index++, m->name, m->name);
    }
    out_puts(o, "}\n\n");
}

static void print_eval_adapter(Writer *w, const EmitFunction *f, const char *name,
                               Out *o)
{
    adapter_print(w, f,
                  str_printf(w->arena,
                             "static void %s(void *state, const void *const *field, "
                             "float *report,\n    uint32_t split, uint32_t first, "
                             "void *arena, const dlc_team *team)",
                             name),
                  o);
}

static void print_values_adapter(Writer *w, const EmitFunction *f, const char *name,
                                 Out *o)
{
    adapter_print(w, f,
                  str_printf(w->arena,
                             "static void %s(const void *state, const void *const "
                             "*field,\n    float *const *out, void *arena, "
                             "const dlc_team *team)",
                             name),
                  o);
}

void adapter_print_train(Writer *w, const ModuleTrain *t, Out *o)
{
    if (t == NULL || t->data == NULL)
        return;
    adapter_print(w, function_find(w, FUNCTION_STEP, t),
                  "static void call_step(void *state, const void *const *field, "
                  "float *report,\n                      void *arena, "
                  "const dlc_team *team)",
                  o);
    print_eval_adapter(w, function_find(w, FUNCTION_EVAL, t), "call_eval", o);
    print_eval_adapter(w, function_find_quantized(w, FUNCTION_EVAL, t),
                       "call_eval_int8", o);
    print_grad_adapter(w, function_find(w, FUNCTION_GRAD, t), o);
    print_values_adapter(w, function_find(w, FUNCTION_MEASURE, t), "call_measure", o);
    print_values_adapter(w, function_find(w, FUNCTION_OBSERVE, t), "call_observe", o);
    print_values_adapter(w, function_find_quantized(w, FUNCTION_OBSERVE, t),
                         "call_compare", o);
}
