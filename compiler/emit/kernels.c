/* kernels.c - which kernels a file holds: numbered in order of first use, equal ones
 * once. */
#include "emit/writer.h"

#include <string.h>

/* Text of a kernel under neutral names and without what its comment says of its place:
 * two kernels with one text are one function. A device has more need of flash than of
 * `restrict`, so there it makes no difference. Names and aliases are put back. */
static const char *canonical_text(Writer *w, Kernel *k)
{
    Kernel neutral = *k;
    Out text;
    const char **old = arena_array(w->arena, const char *, k->buffer.n + k->var.n + 1);
    bool *alias = arena_array(w->arena, bool, k->buffer.n + 1);
    const char **name = old;
    for (int i = 0; i < k->buffer.n; i++) {
        Buffer *b = k->buffer.at[i];
        *name++ = b->name;
        b->name = str_printf(w->arena, "b%d", i);
        alias[i] = b->may_alias;
        b->may_alias = b->may_alias && w->unit->target->is_host;
    }
    for (int i = 0; i < k->var.n; i++) {
        *name++ = k->var.at[i]->name;
        k->var.at[i]->name = str_printf(w->arena, "v%d", i);
    }
    neutral.name = "k";
    neutral.equation = neutral.shapes = neutral.place = "";
    neutral.flops = neutral.bytes = 0;
    out_init(&text, w->arena);
    c_kernel_print(&neutral, w->unit->target, &text);
    for (int i = k->var.n; i-- > 0;)
        k->var.at[i]->name = *--name;
    for (int i = k->buffer.n; i-- > 0;) {
        k->buffer.at[i]->name = *--name;
        k->buffer.at[i]->may_alias = alias[i];
    }
    return out_text(&text);
}

/* What may meet in one call of a function may meet in it. */
static void join_aliases(Kernel *to, const Kernel *k)
{
    for (int i = 0; i < k->buffer.n; i++)
        to->buffer.at[i]->may_alias |= k->buffer.at[i]->may_alias;
}

/* "dense1_relu" of "k3_dense1_relu": numbers are given anew for the whole file. */
static const char *without_number(const char *name)
{
    const char *c = name;
    if (*c != 'k')
        return name;
    for (c++; *c >= '0' && *c <= '9'; c++)
        ;
    return c > name + 1 && *c == '_' ? c + 1 : name;
}

const char *kernel_bare_name(const Writer *w, const Kernel *k)
{
    return name_flat(w->arena, without_number(k->name));
}

const char *kernel_use(Writer *w, Kernel *k)
{
    for (int i = 0; i < w->kernel.n; i++)
        if (w->kernel.at[i].kernel == k)
            return w->kernel.at[i].name;
    KernelText t = { .kernel = k, .canon = canonical_text(w, k) };
    for (int i = 0; i < w->kernel.n && t.name == NULL; i++)
        if (str_equal(w->kernel.at[i].canon, t.canon)) {
            t.name = w->kernel.at[i].name;
            t.is_copy = true;
            join_aliases(w->kernel.at[i].kernel, k);
        }
    if (t.name == NULL)
        t.name = str_printf(w->arena, "k%d_%s", w->n_kernels++, kernel_bare_name(w, k));
    vec_push(w->arena, &w->kernel, t);
    return t.name;
}

void kernels_print(Writer *w, Out *o)
{
    const Kernel **all = arena_array(w->arena, const Kernel *, w->kernel.n + 1);
    Kernel *named = arena_array(w->arena, Kernel, w->kernel.n + 1);
    int n = 0;
    for (int i = 0; i < w->kernel.n; i++) {
        if (w->kernel.at[i].is_copy)
            continue;
        named[n] = *w->kernel.at[i].kernel;
        named[n].name = w->kernel.at[i].name;
        all[n] = &named[n];
        n++;
    }
    c_functions_print(all, n, w->unit->target, o);
    if (n > 0)
        c_kernel_macro_print(w->unit->target, o);
    for (int i = 0; i < n; i++) {
        c_kernel_print(all[i], w->unit->target, o);
        out_puts(o, "\n");
    }
}
