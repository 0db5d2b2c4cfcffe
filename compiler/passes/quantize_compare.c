/* quantize_compare.c - a quantized graph beside the float one, layer by layer: what a
 * program reports as the error of int8. See quantize.h. */
#include "passes/quantize.h"

#include "support/map.h"
#include "support/str.h"

Int8 quantize_alone(Quantizer *z, const Node *n)
{
    Int8 y = z->chain->as_int8[n->id];
    if (y.node != NULL)
        y.node = int8_of_float(z, quantize_value(z->others, n), y.q);
    return y;
}

/* Nodes that the results so far depend on. */
static bool *reached(const Quantizer *z)
{
    const Graph *g = z->to;
    bool *needed = arena_array(z->cx->scratch, bool, g->node.n);
    for (int i = 0; i < g->result.n; i++)
        needed[g->result.at[i].value->id] = true;
    for (int i = g->node.n - 1; i >= 0; i--)
        for (int k = 0; needed[i] && k < g->node.at[i]->n_in; k++)
            needed[g->node.at[i]->in[k]->id] = true;
    return needed;
}

/* A net that is called twice has two values of a path. */
static const char *unique_path(Quantizer *z, Map *seen, const char *path)
{
    const char *name = path;
    for (int k = 2; map_has(seen, name); k++)
        name = str_printf(z->to->arena, "%s#%d", path, k);
    map_put(seen, name, z);
    return name;
}

static void add_measure(Quantizer *z, const char *path, const char *what, Node *value)
{
    graph_add_result(z->to, RESULT_MEASURE,
                     str_printf(z->to->arena, "%s%s", path, what), value);
}

void quantize_compare(Quantizer *chain)
{
    const Graph *from = chain->from;
    const bool *needed = reached(chain);
    Quantizer others = quantizer_new(chain->cx, from, chain->to);
    Quantizer alone = quantizer_new(chain->cx, from, chain->to);
    Map *seen = map_new(chain->cx->scratch);
    others.floats = true;
    others.uses = alone.uses = chain->uses;
    alone.chain = chain;
    alone.others = &others;
    for (int i = 0; i < from->node.n; i++)
        if (from->node.at[i]->op == &op_input)
            others.as_is[i] = alone.as_is[i] = chain->as_is[i];
    chain->to->result.n = 0;
    for (int i = 0; i < from->node.n; i++) {
        const Node *n = from->node.at[i];
        Int8 y = chain->as_int8[i];
        if (y.node == NULL || !needed[y.node->id] || n->path == NULL ||
            quantize_is_view(n))
            continue;
        const char *path = unique_path(chain, seen, n->path);
        alone.root = n;
        Int8 own = quantize_apply(&alone, n);
        if (own.node == NULL) /* an operand that was rounded */
            own = quantize_alone(&alone, n);
        add_measure(chain, path, "", quantize_value(&others, n));
        add_measure(chain, path, "/int8", float_of_int8(chain, y));
        add_measure(chain, path, "/alone", float_of_int8(chain, own));
    }
}
