/* aware.c - quantization-aware training: which values of the nets will be int8, and the
 * states that learn their ranges.
 *
 * The quantizer itself says which: it runs over each net that is deployed as int8, with
 * weights and ranges that are only there to let it. */
#include "driver/session.h"
#include "graph/build.h"

#include <string.h>

/* Numbers that no pass can fold away, positive as variances are. */
static Node *stand_in(Graph *to, const Node *n, Node *const *in, void *context)
{
    (void)in;
    (void)context;
    if (!node_is_input(n, INPUT_PARAM) && !node_is_input(n, INPUT_STATE))
        return NULL;
    Tensor *t = tensor_new(to->arena, n->dtype, n->shape);
    for (int64_t i = 0; i < shape_count(&n->shape); i++)
        t->at[i] = dtype_round(n->dtype, 0.5 + 0.25 * (double)(i % 7) / 7);
    return build_constant(to, t);
}

static bool ask(Session *s, const ModuleDeploy *d, Map *asked)
{
    Calibration none = { map_new(s->module) };
    QuantizeNet net = quantized_net(d);
    QuantizeOptions quantize = {
        .calibration = &none, .weights = "", .n_nets = 1, .net = &net, .asked = asked
    };
    PipelineOptions options = { .target = target_find("c99"),
                                .level = 2,
                                .stop_after = "graph_quantize",
                                .inference = true,
                                .quantize = &quantize };
    PipelineResult result;
    Graph *g = graph_rebuild(d->net->graph, stand_in, NULL, true);
    return pipeline_run(s->module, s->scratch, g, 1, &options, s->sink, &result);
}

static void add_state(Session *s, Module *m, const char *path, Span span)
{
    const char *state = str_printf(s->module, AWARE_PREFIX "%s", path);
    ModuleTensor t = { .path = state,
                       .role = ROLE_STATE,
                       .dtype = DTYPE_F32,
                       .shape = shape_1(2),
                       .span = span };
    if (module_tensor(m, state) != NULL)
        return;
    vec_push(s->module, &m->tensor, t);
    graph_add_result(m->init, RESULT_NEXT, state, build_full(m->init, 0, t.shape));
}

const AwareOptions **aware_prepare(Session *s, Module *m)
{
    const AwareOptions **aware =
        arena_array(s->module, const AwareOptions *, m->train.n + 1);
    QuantizeNet *net = arena_array(s->module, QuantizeNet, m->deploy.n + 1);
    for (int i = 0; i < m->train.n; i++) {
        const ModuleTrain *t = m->train.at[i];
        if (!t->quantize_aware)
            continue;
        AwareOptions *a = arena_new(s->module, AwareOptions);
        a->rounded = map_new(s->module);
        a->net = net;
        for (int k = 0; k < m->deploy.n; k++) {
            if (m->deploy.at[k]->quantize != QUANTIZE_INT8)
                continue;
            net[a->n_nets++] = quantized_net(m->deploy.at[k]);
            if (!ask(s, m->deploy.at[k], a->rounded))
                return NULL;
        }
        for (int k = 0; k < map_count(a->rounded); k++)
            add_state(s, m, map_key(a->rounded, k), t->span);
        aware[i] = a;
    }
    return aware;
}

void aware_ranges(Session *s, const Module *m)
{
    for (int i = 0; i < m->tensor.n; i++) {
        const char *path = m->tensor.at[i].path;
        if (!str_starts(path, AWARE_PREFIX))
            continue;
        const Tensor *range = weights_find(&s->weights, path);
        Histogram *h = arena_new(s->module, Histogram);
        int64_t *count = arena_array(s->module, int64_t, 1);
        *count = 1;
        *h = (Histogram){ range->at[0], range->at[1], 1, count };
        map_put(s->calibration.histogram, path + strlen(AWARE_PREFIX), h);
    }
}
