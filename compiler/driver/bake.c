/* bake.c - with --weights, parameters and states become constants, so that folding sees
 * them: all but what a net keeps between calls, and what a device trains. */
#include "driver/session.h"
#include "graph/build.h"

typedef struct Bake {
    Session *session;
    const ModuleNet *net; /* whose memory stays; NULL */
    const Map *resident;  /* paths that stay; NULL: none */
    bool good;
} Bake;

/* "mlp_dense1_w" for the tensor at "mlp/dense1/w". */
static const char *constant_name(Arena *a, const char *path)
{
    char *name = str_printf(a, "%s", path);
    for (char *c = name; *c; c++)
        if (*c == '/')
            *c = '_';
    return name;
}

static bool is_memory(const ModuleNet *net, const char *path)
{
    for (int i = 0; net != NULL && i < net->memory.n; i++)
        if (str_equal(net->memory.at[i]->path, path))
            return true;
    return false;
}

static bool stays(const Bake *b, const char *path)
{
    return is_memory(b->net, path) ||
           (b->resident != NULL && map_has(b->resident, path));
}

/* Before there are weights: no two elements equal, so that plans are the same. */
static const Tensor *stand_in(Arena *a, const Node *n)
{
    Tensor *t = tensor_new(a, n->dtype, n->shape);
    for (int64_t i = 0; i < shape_count(&n->shape); i++)
        t->at[i] = dtype_is_float(n->dtype) ? 0.5 + (double)(i + 1) / 65536 : 1;
    return t;
}

static Node *bake_node(Graph *to, const Node *n, Node *const *in, void *context)
{
    Bake *bake = context;
    (void)in;
    if (!node_is_input(n, INPUT_PARAM) && !node_is_input(n, INPUT_STATE))
        return NULL;
    if (stays(bake, attr_text(n, "path")))
        return NULL;
    const Tensor *value =
        bake->session->has_weights
            ? weights_find(&bake->session->weights, attr_text(n, "path"))
            : stand_in(to->arena, n);
    if (value == NULL) {
        bake->good = diag_error(bake->session->sink, n->span, DIAG_WEIGHTS,
                                "no value for `%s`", attr_text(n, "path"));
        return NULL;
    }
    Node *c = build_constant(to, value);
    c->name = n->name ? n->name : constant_name(to->arena, attr_text(n, "path"));
    c->span = n->span;
    c->frame = n->frame;
    return c;
}

Graph *bake_net(Session *s, const ModuleNet *net, const Graph *graph,
                const Map *resident)
{
    Bake context = { s, net, resident, true };
    Graph *g = graph_rebuild(graph, bake_node, &context, true);
    return context.good ? g : NULL;
}

/* ---- states that inference changes ----------------------------------------------- */

static void add_memory(Session *s, ModuleNet *net, const ModuleTensor *state,
                       const Tensor *value)
{
    ModuleTensor *t = arena_new(s->module, ModuleTensor);
    *t = *state;
    t->role = ROLE_MEMORY;
    vec_push(s->module, &net->memory, t);
    if (net->reset == NULL)
        net->reset = graph_new(s->module, str_printf(s->module, "%s_reset", net->name));
    graph_add_result(net->reset, RESULT_NEXT, t->path,
                     build_constant(net->reset, value));
    build_input(net->reset, INPUT_STATE, t->path, t->dtype, t->shape, 0, false);
}

/* A copy that may get more memory. */
static ModuleNet *copy_net(Session *s, const ModuleNet *net)
{
    ModuleNet *y = arena_new(s->module, ModuleNet);
    *y = *net;
    y->memory.at = NULL;
    y->memory.n = y->memory.capacity = 0;
    for (int i = 0; i < net->memory.n; i++)
        vec_push(s->module, &y->memory, net->memory.at[i]);
    if (net->reset != NULL)
        y->reset = graph_rebuild(net->reset, NULL, NULL, false);
    return y;
}

const ModuleNet *bake_memory(Session *s, const Module *m, const ModuleNet *net,
                             const Map *resident)
{
    ModuleNet *y = NULL;
    for (int i = 0; i < net->graph->result.n; i++) {
        const Result *r = &net->graph->result.at[i];
        const Bake now = { s, y != NULL ? y : net, resident, true };
        if (r->kind != RESULT_NEXT || stays(&now, r->path))
            continue;
        const Tensor *value = weights_find(&s->weights, r->path);
        if (value == NULL) {
            diag_error(s->sink, net->span, DIAG_WEIGHTS, "no value for `%s`", r->path);
            return NULL;
        }
        y = y != NULL ? y : copy_net(s, net);
        add_memory(s, y, module_tensor(m, r->path), value);
    }
    return y != NULL ? y : net;
}

/* ---- training on a device -------------------------------------------------------- */

/* What a function writes, and what is not in a file of weights. */
static void add_resident(const Module *m, const Graph *g, Map *resident)
{
    for (int i = 0; i < g->result.n; i++)
        if (g->result.at[i].kind == RESULT_NEXT)
            map_put(resident, g->result.at[i].path, resident);
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (!node_is_input(n, INPUT_STATE))
            continue;
        const ModuleTensor *t = module_tensor(m, attr_text(n, "path"));
        if (t != NULL && (t->role == ROLE_OPTIMIZER || t->role == ROLE_METRIC))
            map_put(resident, t->path, resident);
    }
}

void bake_add_resident(Session *s, const Module *m, const ModuleDeploy *d,
                       Map **resident)
{
    const ModuleTrain *t = d->train;
    if (t == NULL)
        return;
    if (*resident == NULL)
        *resident = map_new(s->module);
    add_resident(m, t->step, *resident);
    for (int k = 0; k < t->every.n; k++)
        add_resident(m, t->every.at[k].graph, *resident);
}

Graph *bake_train(Session *s, const Graph *graph, const Map *resident)
{
    Bake context = { s, NULL, resident, true };
    Graph *g = graph_rebuild(graph, bake_node, &context, true);
    return context.good ? g : NULL;
}

Graph *bake_init(Session *s, const Module *m, const Map *resident)
{
    Graph *g = graph_rebuild(m->init, NULL, NULL, true), some = *g;
    some.result.at = arena_array(s->module, Result, g->result.n + 1);
    some.result.n = 0;
    for (int i = 0; i < g->result.n; i++) {
        Result r = g->result.at[i];
        const Tensor *value = weights_find(&s->weights, r.path);
        if (!map_has(resident, r.path))
            continue;
        if (value != NULL) {
            r.value = build_constant(g, value);
            r.value->name =
                str_printf(s->module, "%s_start", constant_name(s->module, r.path));
        }
        some.result.at[some.result.n++] = r;
    }
    some.node = g->node;
    return graph_rebuild(&some, NULL, NULL, true);
}
