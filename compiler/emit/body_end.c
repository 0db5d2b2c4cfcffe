/* body_end.c - what a function does when its kernels have run: parts that only some
 * steps have, results that no kernel writes, counters. */
#include "emit/body.h"

#include <string.h>

/* A loss that is the same for every sample is stored once and repeated here. */
static void print_repeats(BodyWriter *b, const char *indent)
{
    const Program *p = b->f->program;
    if (b->f->kind != FUNCTION_EVAL)
        return;
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->kind != STORAGE_OUTPUT || !str_starts(s->path, "report/") ||
            s->count != 1 || b->f->train->batch == 1)
            continue;
        const char *place = body_report(b, s->path + strlen("report/"));
        out_print(&b->calls, "%sfor (int32_t s = 1; s < %lld; ++s) {\n", indent,
                  (long long)b->f->train->batch);
        out_print(&b->calls, "%s    (%s)[s] = (%s)[0];\n%s}\n", indent, place, place,
                  indent);
    }
}

static bool has_gradient(const Program *p, const char *path)
{
    for (int i = 0; i < p->storage.n; i++)
        if (p->storage.at[i]->kind == STORAGE_OUTPUT &&
            str_starts(p->storage.at[i]->path, "gradient/") &&
            str_equal(p->storage.at[i]->path + strlen("gradient/"), path))
            return true;
    return false;
}

/* Parameters that no loss trains have gradient zero. */
static void print_zero_gradients(BodyWriter *b, const char *indent)
{
    if (b->f->kind != FUNCTION_GRAD)
        return;
    for (int i = 0; i < b->w->members.n; i++) {
        const Member *m = b->w->members.at[i];
        if (m->tensor->role != ROLE_PARAM ||
            has_gradient(b->f->program, m->tensor->path))
            continue;
        out_print(&b->calls, "%sfor (int32_t s = 0; s < %lld; ++s) {\n", indent,
                  (long long)shape_count(&m->tensor->shape));
        out_print(&b->calls, "%s    %s[s] = 0.0f;\n%s}\n", indent,
                  body_gradient(b, m->tensor->path), indent);
    }
}

static bool is_every_of(const EmitFunction *step, const EmitFunction *f)
{
    return step->kind == FUNCTION_STEP && f->kind == FUNCTION_EVERY &&
           f->train == step->train;
}

bool body_has_every(const BodyWriter *b)
{
    for (int i = 0; i < b->w->unit->function.n; i++)
        if (is_every_of(b->f, &b->w->unit->function.at[i]))
            return true;
    return false;
}

void body_every(BodyWriter *b)
{
    Out *o = &b->calls;
    for (int i = 0; i < b->w->unit->function.n; i++) {
        const EmitFunction *f = &b->w->unit->function.at[i];
        if (!is_every_of(b->f, f))
            continue;
        Signature s = signature_of(b->w, f);
        out_print(o, "    if (this_step %% %lldU == 0U) {\n        %s(",
                  (long long)f->every, f->name);
        for (int p = 0; p < s.parameter.n; p++) {
            out_print(o, "%s%s", p > 0 ? ", " : "", s.parameter.at[p].name);
            body_use(b, s.parameter.at[p].name);
        }
        out_puts(o, ");\n    }\n");
    }
}

static void print_counters(BodyWriter *b, const char *indent)
{
    if (b->f->kind == FUNCTION_STEP || b->f->kind == FUNCTION_APPLY) {
        body_use(b, "t");
        out_print(&b->calls, "%st->step = %s;\n", indent,
                  body_has_every(b) ? "this_step" : "t->step + 1U");
    }
    if (b->f->kind == FUNCTION_INIT) {
        body_use(b, "t");
        body_use(b, "seed");
        out_puts(&b->calls, "    t->seed = seed;\n    t->step = 0;\n"
                            "    t->epoch = 0.0f;\n    t->steps_per_epoch = 1.0f;\n"
                            "    t->total_steps = 0.0f;\n"
                            "    t->lr_scale = 1.0f;\n");
    }
}

void body_rest(BodyWriter *b, const char *indent)
{
    print_repeats(b, indent);
    print_zero_gradients(b, indent);
    print_counters(b, indent);
}
