/* quantized.c - a program with --weights: evaluation in the int8 arithmetic that would
 * be deployed, and each layer beside its float form. */
#include "driver/session.h"
#include "graph/build.h"

static bool is_int8(const ModuleDeploy *d)
{
    return d->quantize == QUANTIZE_INT8;
}

bool quantized_deploys(const Module *m)
{
    for (int i = 0; i < m->deploy.n; i++)
        if (is_int8(m->deploy.at[i]))
            return true;
    return false;
}

QuantizeNet quantized_net(const ModuleDeploy *d)
{
    return (QuantizeNet){ .name = d->net->name,
                          .method = d->method,
                          .tail = d->tail,
                          .n_keep = d->keep_float.n,
                          .keep = d->keep_float.at,
                          .span = d->quantize_span };
}

/* Parameters and states of the file as constants; counts of metrics are not in it. */
static Node *bake_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    const Session *s = context;
    (void)in;
    if (!node_is_input(n, INPUT_PARAM) && !node_is_input(n, INPUT_STATE))
        return NULL;
    const Tensor *value = weights_find(&s->weights, attr_text(n, "path"));
    return value != NULL ? build_constant(to, value) : NULL;
}

void quantized_eval(Session *s, const Module *m, const ModuleTrain *t, Quantized *q)
{
    QuantizeNet *net = arena_array(s->module, QuantizeNet, m->deploy.n + 1);
    for (int i = 0; i < m->deploy.n; i++)
        if (is_int8(m->deploy.at[i]))
            net[q->options.n_nets++] = quantized_net(m->deploy.at[i]);
    q->options.net = net;
    q->options.calibration = &s->calibration;
    q->options.weights = s->options.weights;
    q->options.inlined = true;
    q->eval = graph_rebuild(t->eval, bake_node, s, true);
    q->eval->name = str_printf(s->module, "%s_int8", t->eval->name);
    q->compare = graph_rebuild(t->eval, bake_node, s, true);
    q->compare->name = str_printf(s->module, "%s_compare", t->eval->name);
}
