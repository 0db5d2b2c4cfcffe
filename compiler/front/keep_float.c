/* keep_float.c - `keep_float: [head, probs]`: what a quantized net goes on computing in
 * floats.
 *
 * A name is an output of the net (what follows its last products, and those), a `layer`
 * of its body, or a call as weights and reports name it, `conv2`. They become paths of
 * calls, "lenet/conv2", and of values, "lenet/dense1/add". */
#include "front/elab.h"

#include "graph/op.h"

#include <string.h>

/* The call in the net's body that n is made in; NULL: n is made in the body itself. */
static const Frame *call_of(const ModuleNet *net, const Node *n)
{
    for (const Frame *f = n->frame; f != NULL && f->parent != NULL; f = f->parent)
        if (str_equal(f->parent->path, net->name))
            return f;
    return NULL;
}

static void keep(Elab *e, ModuleDeploy *d, const char *path)
{
    vec_push(e->arena, &d->keep_float, path);
}

/* From an output back to its last products, those included. */
static void keep_back_from(Elab *e, ModuleDeploy *d, const Node *n, bool *seen)
{
    if (seen[n->id] || n->path == NULL)
        return;
    seen[n->id] = true;
    keep(e, d, n->path);
    if ((n->op->flags & (OP_CONTRACTION | OP_STRUCTURE)) != 0)
        return;
    for (int i = 0; i < n->n_in; i++)
        keep_back_from(e, d, n->in[i], seen);
}

static bool keep_output(Elab *e, ModuleDeploy *d, const char *name)
{
    const Graph *g = d->net->graph;
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        if (r->kind != RESULT_OUTPUT || !str_equal(r->path, name))
            continue;
        keep_back_from(e, d, r->value, arena_array(e->arena, bool, g->node.n));
        return true;
    }
    return false;
}

static bool keep_call(Elab *e, ModuleDeploy *d, const char *name)
{
    for (int i = 0; i < d->net->graph->node.n; i++) {
        const Frame *call = call_of(d->net, d->net->graph->node.at[i]);
        const char *slash = call != NULL ? strrchr(call->path, '/') : NULL;
        if (slash == NULL || !str_equal(slash + 1, name))
            continue;
        keep(e, d, call->path);
        return true;
    }
    return false;
}

static bool fail_name(Elab *e, const ModuleNet *net, const Ast *name)
{
    VEC(const char *) known = { 0 };
    for (int i = 0; i < net->n_outputs; i++)
        vec_push(e->arena, &known, net->output[i].name);
    for (int i = 0; i < net->graph->node.n; i++) {
        const Frame *call = call_of(net, net->graph->node.at[i]);
        const char *slash = call != NULL ? strrchr(call->path, '/') : NULL;
        if (slash != NULL)
            vec_push(e->arena, &known, slash + 1);
    }
    Diag *d =
        diag_begin(e->sink, DIAG_UNDEFINED, name->span,
                   "`%s` has no output, layer or call `%s`", net->name, name->name);
    if (!diag_nearest(d, name->name, known.at, known.n))
        diag_help(d, "`layer %s = ...` in the net names one; its first output is `%s`",
                  name->name, net->output[0].name);
    return diag_end(d);
}

bool keep_float_read(Elab *e, const SettingValue *s, ModuleDeploy *d)
{
    const AstList *list = &s->ast->named.value->list;
    if (d->net->graph == NULL) /* its errors are out */
        return true;
    if (d->quantize != QUANTIZE_INT8) {
        Diag *diag = diag_begin(e->sink, DIAG_SETTING_KIND, s->ast->name_span,
                                "all of `%s` is float already", d->net->name);
        diag_help(diag, "`keep_float` excepts layers from `quantize: int8(...)`");
        return diag_end(diag);
    }
    for (int i = 0; i < list->n; i++) {
        const char *name = list->at[i]->name;
        if (!keep_output(e, d, name) && !keep_call(e, d, name))
            return fail_name(e, d->net, list->at[i]);
    }
    return true;
}
