/* train.c - train blocks: one step on one sample, elaborated once for each of the
 * functions that training needs (front/module.h, ModuleTrain). */
#include "front/elab.h"

typedef struct TrainRun {
    const DlModule *home;
    Item item; /* the block as something with a signature and a body */
    ModuleTrain *train;
    const Item *data, *beside; /* NULL: none */
    const char *prefix;
    const char *base;
    const BlockContext *step; /* of MODE_STEP, once it has run */
    int every;                /* MODE_EVERY: which of step's */
} TrainRun;

/* ---- inputs ---------------------------------------------------------------------- */

/* The fields of the second block stand behind those of the first. */
static bool open_beside(Elab *e, const TrainRun *r, Scope *s)
{
    const ModuleTrain *t = r->train;
    if (!data_open(e, r->beside, s, r->item.ast->span))
        return false;
    for (int i = 0; i < t->beside->n_fields; i++) {
        const Binding *b = map_find(s->names, t->beside->field[i].name);
        if (b->value != NULL && b->value->kind == VALUE_TENSOR &&
            b->value->tensor->field >= 0)
            b->value->tensor->field += t->data->n_fields;
    }
    return true;
}

static bool open_inputs(Elab *e, const TrainRun *r, Scope *s)
{
    const Ast *signature = r->item.ast->item.signature;
    if (r->data != NULL && !data_open(e, r->data, s, r->item.ast->span))
        return false;
    if (r->beside != NULL && !open_beside(e, r, s))
        return false;
    for (int i = 0; signature != NULL && i < signature->signature.params.n; i++) {
        const Ast *param = signature->signature.params.at[i];
        Field f;
        if (!field_read(e, param, s, &f))
            return false;
        if (r->data == NULL)
            r->train->input[i] = f;
        Graph *g = graph_at(e, f.span);
        Value *v = tensor_leaf(
            e, build_input(g, INPUT_FIELD, f.name, f.dtype, f.shape, f.bound, true),
            f.name, f.span);
        if (v != NULL)
            v->tensor->field = i;
        scope_define(e->arena, s, f.name, v, f.span);
    }
    return true;
}

/* ---- results --------------------------------------------------------------------- */

static void add_reports(Elab *e, const BlockContext *b)
{
    for (int pass = 0; pass < 2; pass++) {
        int n = pass == 0 ? b->losses.n : b->metrics.n;
        for (int i = 0; i < n; i++) {
            const Monitored *m = pass == 0 ? &b->losses.at[i] : &b->metrics.at[i];
            const char *name = m->name;
            if (pass == 0)
                name = n == 1 ? "loss" : str_printf(e->arena, "loss%d", i + 1);
            Node *y = m->value->node;
            if (e->mode != MODE_EVAL && y->batched)
                y = build_unary(graph_at(e, y->span), &op_batch_mean, y);
            graph_add_result(e->graph, RESULT_REPORT, name, y);
        }
    }
}

static bool add_outputs(Elab *e, const TrainRun *r, Scope *s)
{
    const Ast *signature = r->item.ast->item.signature;
    for (int i = 0; signature != NULL && i < signature->signature.results.n; i++) {
        const Ast *result = signature->signature.results.at[i];
        const Binding *b = map_find(s->names, result->name);
        if (b == NULL)
            return fail(e, DIAG_UNBOUND_OUTPUT, result->span,
                        "the output `%s` is never bound", result->name) != NULL;
        Value *v = result_check(e, &r->item, result, b->value, s);
        v = v != NULL ? tensor_of(e, v) : NULL;
        if (v == NULL)
            return false;
        scope_mark_used(s, result->name);
        const Node *n = v->tensor->node;
        r->train->output[i] = (Field){ .name = result->name,
                                       .dtype = n->dtype,
                                       .shape = n->shape,
                                       .bound = n->bound,
                                       .span = result->span };
        graph_add_result(e->graph, RESULT_OUTPUT, result->name, v->tensor->node);
    }
    return true;
}

/* What an apply function makes: parameters and moments, not states of nets. */
static void add_applied(Elab *e)
{
    for (int i = 0; i < map_count(e->current); i++) {
        const Current *c = map_value(e->current, i);
        if (c == NULL)
            continue;
        const ModuleTensor *t = map_find(e->registry, c->path);
        if (c->value->node != c->input &&
            (t->role == ROLE_PARAM || t->role == ROLE_OPTIMIZER))
            graph_add_result(e->graph, RESULT_NEXT, c->path, c->value->node);
    }
}

/* What an evaluation changes: the states of metrics. */
static void add_counted(Elab *e)
{
    for (int i = 0; i < map_count(e->current); i++) {
        const Current *c = map_value(e->current, i);
        const ModuleTensor *t = c != NULL ? map_find(e->registry, c->path) : NULL;
        if (t != NULL && t->role == ROLE_METRIC && c->value->node != c->input)
            graph_add_result(e->graph, RESULT_NEXT, c->path, c->value->node);
    }
}

static bool add_results(Elab *e, const TrainRun *r, const BlockContext *b, Scope *s)
{
    switch (e->mode) {
    case MODE_STEP:
        add_reports(e, b);
        return graph_finish(e) && add_outputs(e, r, s);
    case MODE_EVAL:
        add_reports(e, b);
        add_counted(e);
        return add_outputs(e, r, s);
    case MODE_GRAD:
        for (int i = 0; i < b->gradients.n; i++)
            graph_add_result(e->graph, RESULT_GRADIENT, b->gradients.at[i]->path,
                             b->gradients.at[i]->input);
        add_reports(e, b);
        return true;
    case MODE_APPLY:
    case MODE_ACCUMULATED:
        add_applied(e);
        return true;
    case MODE_EVERY:
        return graph_finish(e);
    case MODE_MEASURE:
    case MODE_NET:
        return true;
    }
    return true;
}

/* ---- one function ---------------------------------------------------------------- */

/* Random streams and moments of its own; `over` of the step's statements is known. */
static void enter_every(Elab *e, const TrainRun *r, BlockContext *b)
{
    enum { STREAMS_OF_ONE = 1 << 16 };
    b->now = r->step->every.at[r->every];
    b->name = str_printf(e->arena, "%severy%d/", r->prefix, r->every + 1);
    for (int i = 0; i < r->step->minimize.n; i++)
        vec_push(e->arena, &b->minimize, r->step->minimize.at[i]);
    b->n_outer = b->minimize.n;
    e->graph->next_stream = (r->every + 1) * STREAMS_OF_ONE;
}

static Graph *run(Elab *e, const TrainRun *r, TrainMode mode, const char *name,
                  BlockContext *b)
{
    const AstList *body = &r->item.ast->item.body->list;
    Body updates = { 0 };
    graph_begin(e, r->home, name, mode != MODE_EVAL, mode);
    e->inst->path = r->base;
    *b = (BlockContext){
        .kind = BLOCK_TRAIN, .act = e->act, .name = r->prefix, .train = r->train
    };
    if (mode == MODE_EVERY)
        enter_every(e, r, b);
    e->block = b;
    e->body = &updates;
    Scope *s = scope_new(e->arena, r->home->scope, false);
    /* Settings first: schedules may ask for the number of steps. */
    bool ok = true;
    for (int i = 0; i < body->n; i++)
        if (body->at[i]->kind == AST_SETTING)
            ok = run_statement(e, body->at[i], s, NULL) && ok;
    e->training = e->training && !setting_is_false(b, "training");
    bool opened = open_inputs(e, r, s);
    ok = ok && opened;
    for (int i = 0; opened && i < body->n; i++)
        if (body->at[i]->kind != AST_SETTING)
            ok = run_statement(e, body->at[i], s, NULL) && ok;
    for (int i = 0; !ok && i < body->n && mode == MODE_STEP; i++)
        if (body->at[i]->kind == AST_METRIC) { /* its name is known to stop and keep */
            Monitored m = { .name = body->at[i]->name };
            vec_push(e->arena, &b->metrics, m);
        }
    ok = ok && pending_apply(e, &updates) && add_results(e, r, b, s);
    if (ok && mode == MODE_STEP)
        warn_unused(e, body, s, &r->item, true);
    e->body = NULL;
    e->block = NULL;
    return ok ? e->graph : NULL;
}

/* ---- reports -----------------------------------------------------------------------
 */

static void read_reports(Elab *e, const BlockContext *b, ModuleTrain *t)
{
    t->n_reports = b->losses.n + b->metrics.n;
    t->report = arena_array(e->arena, Report, t->n_reports + 1);
    for (int i = 0; i < t->n_reports; i++) {
        bool loss = i < b->losses.n;
        const Monitored *m = loss ? &b->losses.at[i] : &b->metrics.at[i - b->losses.n];
        const char *name = m->name;
        if (loss)
            name = b->losses.n == 1 ? "loss" : str_printf(e->arena, "loss%d", i + 1);
        t->report[i] = (Report){
            .name = name,
            .is_loss = loss,
            .larger_is_better = !loss && m->value != NULL && m->value->counted,
        };
    }
}

/* Numbers of a whole split do not depend on the sample. */
static void read_evaluated(const BlockContext *b, ModuleTrain *t)
{
    for (int i = 0; i < b->metrics.n; i++)
        t->report[b->losses.n + i].of_split = !b->metrics.at[i].value->node->batched;
}

/* ---- the block ------------------------------------------------------------------- */

static const Item *find_data(Elab *e, const DlModule *m, const Ast *ast, int which,
                             bool *ok)
{
    const AstList *on = &ast->item.on;
    if (on->n <= which)
        return NULL;
    const Ast *name = on->at[which];
    const Binding *b = map_find(m->scope->names, name->name);
    const Value *v = b != NULL ? b->value : NULL;
    if (v != NULL && v->kind == VALUE_ITEM && v->item->ast->kind == AST_DATA) {
        *ok = *ok && !v->item->failed;
        if (on->n > 2)
            *ok =
                fail(e, DIAG_ARGUMENT_COUNT, on->at[2]->span,
                     "a train block takes samples from one or two data blocks") != NULL;
        return v->item;
    }
    VEC(const char *) names = { 0 };
    for (int i = 0; i < e->module->data.n; i++)
        vec_push(e->arena, &names, e->module->data.at[i]->name);
    Diag *d = diag_begin(e->sink, DIAG_UNDEFINED, name->span,
                         "there is no data block `%s`", name->name);
    diag_nearest(d, name->name, names.at, names.n);
    *ok = diag_end(d);
    return NULL;
}

static bool has_measure(const Elab *e)
{
    for (int i = 0; i < e->made.n; i++)
        if (e->made.at[i]->measure != MEASURE_NONE)
            return true;
    return false;
}

static const char *graph_name(Elab *e, const ModuleTrain *t, const char *what)
{
    return t->name != NULL ? str_printf(e->arena, "%s_%s", t->name, what) : what;
}

static bool add_every(Elab *e, const TrainRun *r, TrainMode mode, const char *what,
                      int64_t n, Span span)
{
    BlockContext b;
    Graph *g = run(e, r, mode, graph_name(e, r->train, what), &b);
    if (g == NULL)
        return false;
    if (g->result.n == 0) {
        Diag *d =
            diag_begin(e->sink, DIAG_NO_MINIMIZE, span, "this `every` changes nothing");
        diag_help(d,
                  "it holds `minimize` and updates between nets: `target <- online`");
        return diag_end(d);
    }
    ModuleEvery every = { n, graph_rebuild(g, NULL, NULL, false) };
    vec_push(e->arena, &r->train->every, every);
    return true;
}

/* The update of `accumulate` first: what else happens every n steps sees it. */
static bool elaborate_every(Elab *e, TrainRun *r)
{
    int64_t n = r->train->accumulate;
    if (n > 1 && !add_every(e, r, MODE_ACCUMULATED, "update", n, r->train->span))
        return false;
    for (r->every = 0; r->every < r->step->every.n; r->every++) {
        const Every *every = &r->step->every.at[r->every];
        Span word = every->ast->span;
        word.end = word.begin + 5;
        const char *name = str_printf(e->arena, "every%d", r->every + 1);
        if (!add_every(e, r, MODE_EVERY, name, every->n, word))
            return false;
    }
    return true;
}

static bool elaborate_functions(Elab *e, TrainRun *r)
{
    ModuleTrain *t = r->train;
    BlockContext b;
    t->step = run(e, r, MODE_STEP, graph_name(e, t, "step"), &b);
    read_reports(e, &b, t);
    bool ok = train_settings(e, &b, t) && t->step != NULL;
    if (b.minimize.n == 0 && t->step != NULL) {
        const Ast *ast = r->item.ast;
        Span word = { ast->span.source, ast->span.begin, ast->span.begin + 5 };
        Diag *d = diag_begin(e->sink, DIAG_NO_MINIMIZE, word,
                             "this train block minimizes nothing");
        diag_help(d, "add `minimize loss using adam(lr=1e-3)`");
        return diag_end(d);
    }
    if (!ok)
        return false;
    BlockContext step = b;
    r->step = &step;
    name_values(e, t->step);
    t->eval = run(e, r, MODE_EVAL, graph_name(e, t, "eval"), &b);
    if (t->eval != NULL)
        read_evaluated(&b, t);
    t->grad = run(e, r, MODE_GRAD, graph_name(e, t, "grad"), &b);
    if (t->eval == NULL || t->grad == NULL)
        return false;
    name_values(e, t->eval);
    if (step.minimize.n == 1) {
        Graph *g = run(e, r, MODE_APPLY, graph_name(e, t, "apply"), &b);
        if (g == NULL)
            return false;
        t->apply = graph_rebuild(g, NULL, NULL, false);
    }
    if (!elaborate_every(e, r))
        return false;
    if (!has_measure(e))
        return true;
    Graph *g = run(e, r, MODE_MEASURE, graph_name(e, t, "measure"), &b);
    if (g == NULL)
        return false;
    if (g->result.n > 0)
        t->measure = graph_rebuild(g, NULL, NULL, false);
    return true;
}

static bool join_fields(Elab *e, const TrainRun *r, Span span)
{
    ModuleTrain *t = r->train;
    t->beside = e->module->data.at[r->beside->index];
    int n = t->data->n_fields;
    t->n_inputs = n + t->beside->n_fields;
    t->input = arena_array(e->arena, Field, t->n_inputs + 1);
    for (int i = 0; i < t->n_inputs; i++)
        t->input[i] = i < n ? t->data->field[i] : t->beside->field[i - n];
    for (int i = n; i < t->n_inputs; i++)
        for (int k = 0; k < n; k++)
            if (str_equal(t->input[i].name, t->input[k].name))
                return fail(e, DIAG_TWICE, span,
                            "`%s` and `%s` both have a field `%s`: rename one",
                            t->data->name, t->beside->name, t->input[k].name) != NULL;
    return true;
}

void elaborate_train(Elab *e, const DlModule *m, const Ast *ast, int index, int count)
{
    ModuleTrain *t = arena_new(e->arena, ModuleTrain);
    bool ok;
    TrainRun r = { .home = m, .train = t };
    graph_begin(e, m, "train", true, MODE_STEP);
    t->name = ast->name;
    t->span = ast->span;
    t->class_net = t->class_field = -1;
    r.item = (Item){ .name = ast->name != NULL ? ast->name : "train",
                     .ast = ast,
                     .home = m,
                     .index = -1 };
    r.prefix = "";
    if (ast->name != NULL)
        r.prefix = str_printf(e->arena, "%s/", ast->name);
    else if (count > 1)
        r.prefix = str_printf(e->arena, "train%d/", index + 1);
    r.base = r.item.name;
    ok = true;
    r.data = find_data(e, m, ast, 0, &ok);
    r.beside = ok ? find_data(e, m, ast, 1, &ok) : NULL;
    if (!ok)
        return;
    const Ast *signature = ast->item.signature;
    if (r.data != NULL) {
        t->data = e->module->data.at[r.data->index];
        t->n_inputs = t->data->n_fields;
        t->input = t->data->field;
        if (r.beside != NULL && !join_fields(e, &r, ast->item.on.at[1]->span))
            return;
        if (signature != NULL && signature->signature.params.n > 0) {
            fail(
                e, DIAG_CLASH, signature->span,
                "a train block on data takes its inputs from the data: leave them out");
            return;
        }
    } else if (signature != NULL) {
        t->n_inputs = signature->signature.params.n;
        t->input = arena_array(e->arena, Field, t->n_inputs + 1);
    }
    if (signature != NULL) {
        t->n_outputs = signature->signature.results.n;
        t->output = arena_array(e->arena, Field, t->n_outputs + 1);
    }
    if (elaborate_functions(e, &r))
        vec_push(e->arena, &e->module->train, t);
}
