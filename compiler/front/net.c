/* net.c - a net on its own: elaborated with both values of `training`; what inference
 * needs is kept. */
#include "front/elab.h"

#include "support/bug.h"

void graph_begin(Elab *e, const DlModule *m, const char *name, bool training,
                 TrainMode mode)
{
    e->graph = graph_new(e->arena, name);
    e->current = map_new(e->arena);
    e->scalars = map_new(e->arena);
    e->training = training;
    e->mode = mode;
    e->loop = NULL;
    e->shared = NULL;
    e->net = NULL;
    e->net_path.n = 0;
    e->work = 0;
    e->exhausted = false;
    Activation *act = arena_new(e->arena, Activation);
    act->source = m->source;
    Frame *frame = arena_new(e->arena, Frame);
    frame->path = "";
    frame->def = "";
    act->frame = frame;
    Instance *inst = arena_new(e->arena, Instance);
    inst->path = "";
    inst->counts = map_new(e->arena);
    inst->taken = map_new(e->arena);
    e->act = act;
    e->inst = inst;
}

bool graph_finish(Elab *e)
{
    for (int i = 0; i < map_count(e->current); i++) {
        const Current *c = map_value(e->current, i);
        if (c == NULL)
            continue;
        if (c->value->node != c->input)
            graph_add_result(e->graph, RESULT_NEXT, c->path, c->value->node);
    }
    return true;
}

static bool read_inputs(Elab *e, const Item *item, Scope *s, ModuleNet *net)
{
    const AstList *params = &item->ast->item.signature->signature.params;
    bool ok = true;
    net->n_inputs = params->n;
    net->input = arena_array(e->arena, Field, params->n + 1);
    for (int i = 0; i < params->n; i++) {
        Field *f = &net->input[i];
        Value *v = NULL;
        if (field_read(e, params->at[i], s, f)) {
            Graph *g = graph_at(e, f->span);
            v = tensor_leaf(e,
                            build_input(g, INPUT_FIELD, f->name, f->dtype, f->shape,
                                        f->bound, true),
                            f->name, f->span);
        }
        ok = ok && v != NULL;
        scope_define(e->arena, s, params->at[i]->name, v, params->at[i]->span);
    }
    return ok;
}

static Value *run(Elab *e, const Item *item, ModuleNet *net, bool training)
{
    ActivationSave save;
    Body body = { 0 };
    graph_begin(e, item->home, item->name, training, MODE_NET);
    Scope *s = scope_new(e->arena, item->home->scope, false);
    if (!read_inputs(e, item, s, net))
        return NULL;
    e->body = &body;
    e->net = item->name;
    activation_enter(e, item, item->name, NULL, item->ast->name_span, &save);
    Value *y = body_eval(e, item, s);
    if (y != NULL && !pending_apply(e, &body))
        y = NULL;
    activation_leave(e, &save);
    e->body = NULL;
    e->net = NULL;
    return y;
}

static bool write_output(Elab *e, const Item *item, ModuleNet *net, int i, Value *v)
{
    const Ast *result = item->ast->item.signature->signature.results.at[i];
    if (v->kind != VALUE_TENSOR)
        return fail(e, DIAG_KIND, result->span, "the output `%s` is a tensor, found %s",
                    result->name, value_describe(e->arena, v)) != NULL;
    const Node *n = v->tensor->node;
    net->output[i] = (Field){ .name = result->name,
                              .dtype = n->dtype,
                              .shape = n->shape,
                              .bound = n->bound,
                              .simplex = v->tensor->range == RANGE_SIMPLEX,
                              .span = result->span };
    graph_add_result(e->graph, RESULT_OUTPUT, result->name, v->tensor->node);
    return true;
}

static bool same_paths(const Elab *e, int n, const char *const *paths)
{
    bool same = n == e->net_path.n;
    for (int i = 0; same && i < n; i++) {
        bool found = false;
        for (int k = 0; k < n; k++)
            found = found || str_equal(paths[i], e->net_path.at[k]);
        same = found;
    }
    return same;
}

/* ---- nets that take one row a call
 * --------------------------------------------------- */

/* A cell called directly keeps its states between calls: they are the caller's memory.
 */
static void find_memory(Elab *e, ModuleNet *net)
{
    for (int i = 0; i < map_count(e->current); i++) {
        const Current *c = map_value(e->current, i);
        if (c == NULL || !c->value->node->batched || c->leaf != NULL)
            continue;
        ModuleTensor *t = map_find(e->registry, c->path);
        t->role = ROLE_MEMORY;
        vec_push(e->arena, &net->memory, t);
    }
}

static bool is_memory(const ModuleNet *net, const char *path)
{
    for (int i = 0; i < net->memory.n; i++)
        if (str_equal(net->memory.at[i]->path, path))
            return true;
    return false;
}

void memory_inputs(ModuleNet *net)
{
    for (int i = 0; i < net->memory.n; i++) {
        const ModuleTensor *t = net->memory.at[i];
        build_input(net->reset, INPUT_STATE, t->path, t->dtype, t->shape, 0, false);
    }
}

static void rename_results(Graph *g, const char *from, const char *to)
{
    for (int i = 0; i < g->result.n; i++)
        if (g->result.at[i].kind == RESULT_NEXT &&
            str_equal(g->result.at[i].path, from))
            g->result.at[i].path = to;
}

/* Memory of another net's cell, called by this one, is this net's own. */
static void own_memory(Elab *e, ModuleNet *net)
{
    for (int i = 0; i < net->memory.n; i++) {
        const char *old = net->memory.at[i]->path;
        if (str_starts(old, str_printf(e->arena, "%s/", net->name)))
            continue;
        ModuleTensor *t = arena_new(e->arena, ModuleTensor);
        *t = *net->memory.at[i];
        t->path = str_printf(e->arena, "%s/%s", net->name, old);
        for (int k = 0; k < net->graph->node.n; k++) {
            Node *n = net->graph->node.at[k];
            if (node_is_input(n, INPUT_STATE) && str_equal(attr_text(n, "path"), old))
                attr_set(n, "path", (AttrValue){ .text = t->path });
        }
        rename_results(net->graph, old, t->path);
        rename_results(net->reset, old, t->path);
        net->memory.at[i] = t;
    }
}

/* Values of the memory before the first call get a graph of their own, as in `init`;
 * the net's graph has no batch. */
static void keep_memory(Elab *e, ModuleNet *net)
{
    Graph *reset = graph_rebuild(e->module->init, NULL, NULL, false);
    int kept = 0, owned = 0;
    reset->name = str_printf(e->arena, "%s_reset", net->name);
    for (int i = 0; i < reset->result.n; i++)
        if (is_memory(net, reset->result.at[i].path))
            reset->result.at[kept++] = reset->result.at[i];
    reset->result.n = kept;
    net->reset = graph_rebuild(reset, NULL, NULL, false);
    for (int i = 0; i < net->tensor.n; i++)
        if (!is_memory(net, net->tensor.at[i]))
            net->tensor.at[owned++] = net->tensor.at[i];
    net->tensor.n = owned;
    own_memory(e, net);
    memory_inputs(net);
    for (int i = 0; i < net->graph->node.n; i++) {
        Node *n = net->graph->node.at[i];
        n->batched = false;
        if (n->op == &op_random)
            attr_set(n, "batched", (AttrValue){ .i = 0 });
    }
}

static bool elaborate_both(Elab *e, Item *item, ModuleNet *net)
{
    const AstList *results = &item->ast->item.signature->signature.results;
    if (run(e, item, net, true) == NULL)
        return false;
    int n = e->net_path.n;
    const char **paths = arena_array(e->arena, const char *, n + 1);
    for (int i = 0; i < n; i++)
        paths[i] = e->net_path.at[i];
    Value *y = run(e, item, net, false);
    if (y == NULL)
        return false;
    if (!same_paths(e, n, paths))
        return fail(e, DIAG_ATTRIBUTE, item->ast->name_span,
                    "the parameters of `%s` must not depend on `training`",
                    item->name) != NULL;
    net->graph = e->graph;
    net->n_outputs = results->n;
    net->output = arena_array(e->arena, Field, results->n + 1);
    for (int i = 0; i < results->n; i++)
        if (!write_output(e, item, net, i, y->kind == VALUE_TUPLE ? y->list.at[i] : y))
            return false;
    for (int i = 0; i < n; i++)
        vec_push(e->arena, &net->tensor, paths[i]);
    name_values(e, net->graph);
    name_net_inputs(e, net);
    find_memory(e, net);
    if (!graph_finish(e))
        return false;
    if (net->memory.n > 0)
        keep_memory(e, net);
    return true;
}

/* What another net asks for a parameter of may stand below it in the file: then it is
 * elaborated now, between two nodes of the other's graph. */
bool net_ready(Elab *e, Item *item)
{
    if (item->index < 0 && !item->begun) {
        Elab outer = *e;
        e->net_path.at = NULL; /* an array of its own */
        e->net_path.n = e->net_path.capacity = 0;
        elaborate_net(e, item);
        outer.made = e->made;
        outer.n_leaves = e->n_leaves;
        *e = outer;
    }
    return !item->failed;
}

void elaborate_net(Elab *e, Item *item)
{
    if (item->begun)
        return;
    item->begun = true;
    ModuleNet *net = arena_new(e->arena, ModuleNet);
    net->name = item->name;
    net->doc = item->ast->doc;
    net->span = item->ast->span;
    e->block = NULL;
    bool ok = elaborate_both(e, item, net);
    item->failed = !ok;
    item->index = e->module->net.n;
    vec_push(e->arena, &e->module->net, net);
}
