/* lower_extern.c - a group that is one call of a C function: its kernel is that call.
 */
#include "ops/extern.h"
#include "passes/lower.h"

void lower_extern(LowerGroup *g, const Node *n)
{
    Arena *a = g->k->arena;
    ExternResults r;
    int sizes = 0, k = 0;
    const int64_t *size = attr_ints(n, "sizes", &sizes);
    if (!extern_results(a, n, &r) || g->n_result != 1)
        BUG("the call of %s has %d values", attr_text(n, "function"), g->n_result);
    ExternArg *arg = arena_array(a, ExternArg, n->n_in + r.n + sizes);
    for (int i = 0; i < n->n_in; i++, k++) {
        const Buffer *b = lower_buffer(&g->w, n->in[i]);
        if (b == NULL)
            BUG("operand %d of %s is not stored", i, attr_text(n, "function"));
        arg[k] = (ExternArg){ .buffer = b, .count = b->count };
    }
    for (int i = 0; i < r.n; i++, k++)
        arg[k] = (ExternArg){ .buffer = g->result[0].buffer,
                              .first = r.first[i],
                              .count = shape_count(&r.shape[i]),
                              .writes = true };
    for (int i = 0; i < sizes; i++, k++)
        arg[k] = (ExternArg){ .first = size[i] };
    for (int i = 0; i < k; i++)
        arg[i].name = extern_name(a, n, i);
    g->k->equation =
        str_printf(a, "%s is C of the program's author", attr_text(n, "function"));
    kernel_extern(g->k, attr_text(n, "function"), k, arg);
}
