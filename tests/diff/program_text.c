/* program_text.c - see program_text.h. */
#include "program_text.h"
#include "emit/c_kernel.h"
#include "loop/program.h"
#include "support/str.h"

static void print_argument(Out *o, const CallArg *arg, const Buffer *b, int depth)
{
    const char *constant = b->access == ACCESS_READ ? "const " : "";
    const Storage *s = arg->storage;
    if (s->kind == STORAGE_ARENA)
        out_print(o, "(%s%s *)(void *)(arena + %lld)", constant, dtype_c_name(b->dtype),
                  (long long)s->offset_bytes);
    else
        out_print(o, "(%s%s *)data[%d]", constant, dtype_c_name(b->dtype), s->id);
    out_print(o, " + %lld", (long long)arg->offset);
    for (int d = 0; d < depth; d++)
        out_print(o, " + row%d * %lld", d, (long long)arg->step[d]);
}

static void print_call(Out *o, const Call *call, int depth)
{
    out_print(o, "    %s(", call->kernel->name);
    for (int i = 0, n = 0; i < call->kernel->buffer.n; i++) {
        if (call->kernel->buffer.at[i]->access == ACCESS_LOCAL)
            continue;
        if (n > 0)
            out_puts(o, ", ");
        print_argument(o, &call->arg[n++], call->kernel->buffer.at[i], depth);
    }
    out_puts(o, kernel_is_sliced(call->kernel) ? ", 0, 1);\n" : ");\n");
}

void program_text_calls(const Program *p, Out *o)
{
    for (int c = 0, next = 0; c < p->call.n; c++) {
        const ProgramLoop *around[PROGRAM_NEST_MAX];
        int depth = program_loops(p, c, around), open = 0;
        for (int d = 0; d < depth; d++)
            open += around[d]->first < c;
        for (; next < p->loop.n && p->loop.at[next].first == c; next++, open++) {
            const ProgramLoop *l = &p->loop.at[next];
            if (l->reverse)
                out_print(o, "for (int row%d = %lld - 1; row%d >= 0; row%d--) {\n",
                          open, (long long)l->count, open, open);
            else
                out_print(o, "for (int row%d = 0; row%d < %lld; row%d++) {\n", open,
                          open, (long long)l->count, open);
        }
        print_call(o, &p->call.at[c], depth);
        for (int d = 0; d < depth; d++)
            if (around[d]->last == c)
                out_puts(o, "}\n");
    }
}

void program_text_kernels(Arena *a, const Program *p, const char *prefix,
                          KernelVec *kernels)
{
    int first = kernels->n;
    for (int i = 0; i < p->call.n; i++) {
        Kernel *k = p->call.at[i].kernel;
        bool seen = false;
        for (int j = first; j < kernels->n; j++)
            seen |= kernels->at[j] == k;
        if (seen)
            continue;
        k->name = str_printf(a, "%sk%d_%s", prefix, kernels->n - first, k->name);
        vec_push(a, kernels, (const Kernel *)k);
    }
}
