/* kernels.c - which kernels a file holds: numbered in order of first use, equal ones
 * once, and on a microcontroller those that are equal but for numbers, too. */
#include "emit/c_kernel.h"
#include "emit/writer.h"
#include "support/bug.h"

#include <string.h>

enum { PARAMS_MAX = 10, LEAST_TEXT = 1500 }; /* worth parameters: characters */

/* Text of a kernel under neutral names and without what its comment says of its place:
 * two kernels with one text are one function. A device has more need of flash than of
 * `restrict`, so there it makes no difference. Names and aliases are put back. */
static const char *neutral_text(Writer *w, Kernel *k)
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

/* The same without numbers that may differ. */
static const char *canonical_text(Writer *w, KernelText *t)
{
    Kernel *k = t->kernel;
    const char *text = neutral_text(w, k);
    if (!target_is_device(w->unit->target) || strlen(text) < LEAST_TEXT)
        return text;
    t->number = numbers_of(w->arena, k);
    for (int i = 0; i < t->number.expr.n; i++) {
        Expr *e = t->number.expr.at[i];
        number_hide(e, number_var(w->arena, k, "number", e->i, e->i));
    }
    text = neutral_text(w, k);
    for (int i = 0; i < t->number.expr.n; i++)
        number_show(t->number.expr.at[i]);
    return text;
}

/* ---- numbers that differ ---------------------------------------------------------
 */

/* Are numbers i and j the same in kernels `of` has, and in t? */
static bool same_numbers(const Writer *w, int of, const KernelText *t, int i, int j)
{
    for (int k = of; k <= w->kernel.n; k++) {
        const KernelText *x = k < w->kernel.n ? &w->kernel.at[k] : t;
        if (x->of == of && x->number.expr.at[i]->i != x->number.expr.at[j]->i)
            return false;
    }
    return true;
}

static bool is_one_number(const Writer *w, int of, const KernelText *t, int i)
{
    int64_t value = t->number.expr.at[i]->i;
    for (int k = of; k < w->kernel.n; k++)
        if (w->kernel.at[k].of == of && w->kernel.at[k].number.expr.at[i]->i != value)
            return false;
    return true;
}

/* Makes t one of the kernels of function `of`, unless that takes too many parameters.
 */
static bool join(Writer *w, int of, KernelText *t)
{
    KernelText *to = &w->kernel.at[of];
    int n = to->number.expr.n, n_params = 0;
    int *param = arena_array(w->arena, int, n + 1);
    int old = t->of;
    if (to->of != of || t->number.expr.n != n || !str_equal(to->canon, t->canon))
        return false;
    t->of = of;
    for (int i = 0; i < n && n_params <= PARAMS_MAX; i++) {
        param[i] = is_one_number(w, of, t, i) ? -1 : n_params;
        for (int j = 0; j < i && param[i] == n_params; j++)
            if (param[j] >= 0 && same_numbers(w, of, t, i, j))
                param[i] = param[j];
        n_params += param[i] == n_params;
    }
    if (n_params > PARAMS_MAX) {
        t->of = old;
        return false;
    }
    to->param = param;
    to->n_params = n_params;
    return true;
}

static int index_of(const Writer *w, const Kernel *k)
{
    for (int i = 0; i < w->kernel.n; i++)
        if (w->kernel.at[i].kernel == k)
            return i;
    return -1;
}

/* The first number that is parameter p of function `of`. */
static int number_of_param(const Writer *w, int of, int p)
{
    const KernelText *t = &w->kernel.at[of];
    for (int i = 0; i < t->number.expr.n; i++)
        if (t->param[i] == p)
            return i;
    BUG("%s has no parameter %d", t->name, p);
}

int kernel_number_count(const Writer *w, const Kernel *k)
{
    return w->kernel.at[w->kernel.at[index_of(w, k)].of].n_params;
}

int64_t kernel_number(const Writer *w, const Kernel *k, int i)
{
    const KernelText *t = &w->kernel.at[index_of(w, k)];
    return t->number.expr.at[number_of_param(w, t->of, i)]->i;
}

/* ---- names -----------------------------------------------------------------------
 */

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
    int known = index_of(w, k);
    if (known >= 0)
        return w->kernel.at[known].name;
    KernelText t = { .kernel = k, .of = w->kernel.n };
    t.canon = canonical_text(w, &t);
    for (int i = 0; i < w->kernel.n && t.name == NULL; i++)
        if (join(w, i, &t)) {
            t.name = w->kernel.at[i].name;
            join_aliases(w->kernel.at[i].kernel, k);
        }
    if (t.name == NULL)
        t.name = str_printf(w->arena, "k%d_%s", w->n_kernels++, kernel_bare_name(w, k));
    vec_push(w->arena, &w->kernel, t);
    return t.name;
}

void kernels_collect(Writer *w)
{
    for (int i = 0; i < w->unit->function.n; i++) {
        const Program *p = w->unit->function.at[i].program;
        for (int c = 0; c < p->call.n; c++)
            kernel_use(w, p->call.at[c].kernel);
    }
}

/* ---- printing --------------------------------------------------------------------
 */

/* Between which numbers parameter p lies. */
static Var *param_var(Writer *w, int of, int p)
{
    const KernelText *t = &w->kernel.at[of];
    int at = number_of_param(w, of, p);
    int64_t low = INT32_MAX, high = INT32_MIN;
    for (int k = of; k < w->kernel.n; k++) {
        if (w->kernel.at[k].of != of)
            continue;
        int64_t value = w->kernel.at[k].number.expr.at[at]->i;
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    return number_var(w->arena, t->kernel, str_printf(w->arena, "size_%d", p), low,
                      high);
}

static void print_kernel(Writer *w, int of, const Kernel *named, Out *o)
{
    const KernelText *t = &w->kernel.at[of];
    KernelNumbers more = { t->n_params,
                           arena_array(w->arena, const Var *, t->n_params + 1) };
    for (int p = 0; p < t->n_params; p++)
        more.var[p] = param_var(w, of, p);
    for (int i = 0; i < t->number.expr.n; i++)
        if (t->n_params > 0 && t->param[i] >= 0)
            number_hide(t->number.expr.at[i], more.var[t->param[i]]);
    c_kernel_print_for(named, w->unit->target, &more, o);
    for (int i = 0; i < t->number.expr.n; i++)
        number_show(t->number.expr.at[i]);
    out_puts(o, "\n");
}

void kernels_print(Writer *w, Out *o)
{
    const Kernel **all = arena_array(w->arena, const Kernel *, w->kernel.n + 1);
    Kernel *named = arena_array(w->arena, Kernel, w->kernel.n + 1);
    int n = 0;
    for (int i = 0; i < w->kernel.n; i++) {
        named[i] = *w->kernel.at[i].kernel;
        named[i].name = w->kernel.at[i].name;
        if (w->kernel.at[i].of == i)
            all[n++] = &named[i];
    }
    c_functions_print(all, n, w->unit->target, o);
    if (n > 0)
        c_kernel_macro_print(w->unit->target, o);
    for (int i = 0; i < w->kernel.n; i++)
        if (w->kernel.at[i].of == i)
            print_kernel(w, i, &named[i], o);
}
