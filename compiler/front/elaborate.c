/* elaborate.c - a whole program: its names, then each net, data, train and deploy
 * block. A block that fails does not stop the others. */
#include "front/elab.h"

static Item *item_of(const DlModule *m, const Ast *ast)
{
    const Binding *b = map_find(m->scope->names, ast->name);
    bool mine = b != NULL && b->value != NULL && b->value->kind == VALUE_ITEM &&
                b->value->item->ast == ast;
    return mine ? b->value->item : NULL;
}

static void elaborate_items(Elab *e, const DlModule *m, AstKind kind)
{
    const AstList *items = &m->ast->list;
    int index = 0, count = 0;
    for (int i = 0; i < items->n; i++)
        count += items->at[i]->kind == kind;
    for (int i = 0; i < items->n; i++) {
        const Ast *ast = items->at[i];
        if (ast->kind != kind)
            continue;
        if (kind == AST_TRAIN)
            elaborate_train(e, m, ast, index++, count);
        else if (kind == AST_DEPLOY)
            elaborate_deploy(e, m, ast);
        else if (kind == AST_NET && item_of(m, ast) != NULL)
            elaborate_net(e, item_of(m, ast));
        else if (kind == AST_DATA && item_of(m, ast) != NULL)
            elaborate_data(e, item_of(m, ast));
    }
}

/* Params, then states, then moments; among them in the order they were made. */
static void collect_tensors(Elab *e)
{
    for (int role = ROLE_PARAM; role <= ROLE_METRIC; role++)
        for (int i = 0; i < e->made.n; i++)
            if ((int)e->made.at[i]->role == role)
                vec_push(e->arena, &e->module->tensor, *e->made.at[i]);
}

/* What nets keep between calls is not trained: `init` leaves it to their `reset`. */
static void leave_memory(Elab *e)
{
    Graph *init = e->module->init;
    int kept = 0;
    for (int i = 0; i < init->result.n; i++) {
        const ModuleTensor *t = map_find(e->registry, init->result.at[i].path);
        if (t->role != ROLE_MEMORY)
            init->result.at[kept++] = init->result.at[i];
    }
    init->result.n = kept;
}

static Elab *elab_new(Arena *a, const ElaborateOptions *options, DiagSink *sink)
{
    Elab *e = arena_new(a, Elab);
    e->arena = a;
    e->sink = sink;
    e->options = options;
    e->modules = map_new(a);
    e->registry = map_new(a);
    e->regs = map_new(a);
    e->stride = 1;
    e->init_scalars = map_new(a);
    e->library = scope_new(a, NULL, false);
    return e;
}

Module *elaborate(Arena *a, const Source *source, const Ast *program,
                  const ElaborateOptions *options, DiagSink *sink)
{
    Elab *e = elab_new(a, options, sink);
    Module *module = arena_new(a, Module);
    module->arena = a;
    module->name = module_prefix(a, source->path);
    module->doc = program->doc;
    module->source = source;
    module->init = graph_new(a, "init");
    vec_push(a, &module->sources, source);
    e->module = module;
    int errors = diag_error_count(sink);
    if (!library_load(e))
        return NULL;
    DlModule *m = arena_new(a, DlModule);
    m->name = source->name;
    m->source = source;
    m->ast = program;
    m->scope = scope_new(a, e->library, false);
    map_put(e->modules, source->path, m);
    module_define(e, m);
    elaborate_items(e, m, AST_NET);
    elaborate_items(e, m, AST_DATA);
    elaborate_items(e, m, AST_TRAIN);
    elaborate_items(e, m, AST_DEPLOY);
    if (diag_error_count(sink) > errors)
        return NULL;
    elaborate_observed(e);
    collect_tensors(e);
    leave_memory(e);
    return module;
}
