/* deploy.c - deploy blocks: where a net goes, and whether its parameters fit there. */
#include "front/elab.h"

#include "target/target.h"

#include <string.h>

static int64_t element_bytes(Quantize q)
{
    return q == QUANTIZE_INT8 ? 1 : q == QUANTIZE_F16 ? 2 : 4;
}

static const char *kib(Elab *e, double bytes)
{
    return str_printf(e->arena, "%.1f KiB", bytes / 1024);
}

static double tensor_bytes(const ModuleTensor *t, int64_t each)
{
    return (double)shape_count(&t->shape) * (double)each;
}

/* The three largest, each with its shape and bytes. */
static const char *largest_text(Elab *e, const ModuleNet *net, int64_t each)
{
    enum { SHOWN = 3 };
    const ModuleTensor *best[SHOWN] = { NULL };
    for (int i = 0; i < net->tensor.n; i++) {
        const ModuleTensor *t = map_find(e->registry, net->tensor.at[i]);
        for (int k = 0; k < SHOWN; k++)
            if (best[k] == NULL || tensor_bytes(t, 1) > tensor_bytes(best[k], 1)) {
                for (int j = SHOWN - 1; j > k; j--)
                    best[j] = best[j - 1];
                best[k] = t;
                break;
            }
    }
    Out o;
    out_init(&o, e->arena);
    for (int k = 0; k < SHOWN && best[k] != NULL; k++) {
        const char *slash = strchr(best[k]->path, '/');
        out_print(&o, "%s%s %s %s", k > 0 ? ", " : "",
                  slash != NULL ? slash + 1 : best[k]->path,
                  shape_text(e->arena, &best[k]->shape),
                  kib(e, tensor_bytes(best[k], each)));
    }
    return out_text(&o);
}

static bool check_flash(Elab *e, const ModuleDeploy *d)
{
    int64_t each = element_bytes(d->quantize);
    double bytes = 0;
    const ModuleNet *net = d->chosen != NULL ? d->chosen : d->net;
    for (int i = 0; i < net->tensor.n; i++)
        bytes += tensor_bytes(map_find(e->registry, net->tensor.at[i]), each);
    if (d->flash_bytes == 0 || bytes <= (double)d->flash_bytes)
        return true;
    Diag *diag = diag_begin(e->sink, DIAG_FLASH, d->flash_span,
                            "`%s` needs %s of flash, %s over budget", d->net->name,
                            kib(e, bytes), kib(e, bytes - (double)d->flash_bytes));
    diag_primary_text(diag, "the budget");
    diag_note(diag, "the largest parameters are %s", largest_text(e, net, each));
    if (d->quantize == QUANTIZE_NONE)
        diag_help(diag, "`quantize: int8(...)` would make it %s", kib(e, bytes / 4));
    return diag_end(diag);
}

/* ---- outputs: [probs] ------------------------------------------------------------ */

static bool is_listed(const Value *list, const char *name)
{
    for (int i = 0; i < list->list.n; i++)
        if (str_equal(list->list.at[i]->text, name))
            return true;
    return false;
}

static bool check_outputs(Elab *e, const ModuleNet *net, const SettingValue *s)
{
    const AstList *list = &s->ast->named.value->list;
    const char **names = arena_array(e->arena, const char *, net->n_outputs + 1);
    for (int i = 0; i < net->n_outputs; i++)
        names[i] = net->output[i].name;
    for (int i = 0; i < list->n; i++) {
        bool known = false;
        for (int k = 0; k < net->n_outputs; k++)
            known = known || str_equal(names[k], list->at[i]->name);
        if (known)
            continue;
        Diag *d = diag_begin(e->sink, DIAG_UNDEFINED, list->at[i]->span,
                             "`%s` has no output `%s`", net->name, list->at[i]->name);
        if (!diag_nearest(d, list->at[i]->name, names, net->n_outputs))
            diag_help(d, "its first output is `%s`", names[0]);
        return diag_end(d);
    }
    return true;
}

static bool reads(const Graph *g, const char *path)
{
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if ((node_is_input(n, INPUT_PARAM) || node_is_input(n, INPUT_STATE)) &&
            str_equal(attr_text(n, "path"), path))
            return true;
    }
    return false;
}

/* The net with these outputs, in the order of its signature, and the parameters they
 * need. Inputs that nothing reads stay parameters of the C function. */
static const ModuleNet *choose_outputs(Elab *e, const ModuleNet *net,
                                       const SettingValue *s)
{
    if (!check_outputs(e, net, s))
        return NULL;
    ModuleNet *y = arena_new(e->arena, ModuleNet);
    Graph some = *net->graph;
    *y = *net;
    y->n_outputs = y->tensor.n = y->tensor.capacity = some.result.n = 0;
    y->tensor.at = NULL;
    y->output = arena_array(e->arena, Field, net->n_outputs);
    for (int i = 0; i < net->n_outputs; i++)
        if (is_listed(s->value, net->output[i].name))
            y->output[y->n_outputs++] = net->output[i];
    some.result.at = arena_array(e->arena, Result, net->graph->result.n);
    for (int i = 0; i < net->graph->result.n; i++) {
        const Result *r = &net->graph->result.at[i];
        if (r->kind != RESULT_OUTPUT || is_listed(s->value, r->path))
            some.result.at[some.result.n++] = *r;
    }
    y->graph = graph_rebuild(&some, NULL, NULL, false);
    for (int i = 0; i < net->tensor.n; i++)
        if (reads(y->graph, net->tensor.at[i]))
            vec_push(e->arena, &y->tensor, net->tensor.at[i]);
    return y;
}

/* Cycles are estimated for microcontrollers only, and become time by a clock. */
static void check_latency(Elab *e, const ModuleDeploy *d)
{
    const Target *t = d->target != NULL ? target_find(d->target) : NULL;
    if (d->latency == 0 || (t == NULL && d->target != NULL))
        return;
    if (t != NULL && d->clock > 0 && target_cost(t, COST_F32) != NULL)
        return;
    bool known = t != NULL && target_cost(t, COST_F32) != NULL;
    Diag *diag = diag_begin(e->sink, DIAG_CLASH, d->latency_span,
                            known ? "`latency` needs the clock of `%s`"
                                  : "`latency` needs a microcontroller",
                            d->target);
    if (d->target != NULL)
        diag_label(diag, d->target_span,
                   known ? "without a clock" : "what work costs here is not known");
    diag_help(diag, "write `target: %s(clock=80MHz)`, with the clock that it runs at",
              known ? d->target : "cortex_m4");
    diag_end(diag);
}

/* The C function of a net runs on its caller's thread. */
static void check_threads(Elab *e, Span span, const ModuleDeploy *d, int64_t threads)
{
    if (threads == 1)
        return;
    Diag *diag = diag_begin(e->sink, DIAG_SETTING_KIND, span,
                            "`%s` is deployed as a function of one thread, not %lld",
                            d->net->name, (long long)threads);
    diag_help(diag,
              "call it from %s, each with an arena of its own: it writes nothing "
              "else",
              threads > 1 ? str_printf(e->arena, "%lld threads", (long long)threads)
                          : "as many threads as you like");
    diag_end(diag);
}

static void read_io(Elab *e, const char *word, Span span, ModuleDeploy *d)
{
    d->io = str_equal(word, "int8") ? IO_INT8 : IO_ARENA;
    d->io_span = span;
    if (d->io != IO_INT8 && !str_equal(word, "arena"))
        fail(e, DIAG_SETTING_KIND, span, "`io` is `arena` or `int8`, found `%s`", word);
}

/* What is computed in floats has no int8 to give. */
static void check_io(Elab *e, const ModuleDeploy *d)
{
    if (d->io != IO_INT8 || d->quantize == QUANTIZE_INT8)
        return;
    Diag *diag = diag_begin(e->sink, DIAG_CLASH, d->io_span,
                            "`%s` is not quantized: its inputs and outputs are floats",
                            d->net->name);
    diag_help(diag, "add `quantize: int8(calibrate=...)`, or leave out `io`");
    diag_end(diag);
}

/* ---- train: learn ---------------------------------------------------------------- */

static bool fail_train_name(Elab *e, const char *name, Span span)
{
    const char **names = arena_array(e->arena, const char *, e->module->train.n + 1);
    int n = 0;
    for (int i = 0; i < e->module->train.n; i++)
        if (e->module->train.at[i]->name != NULL)
            names[n++] = e->module->train.at[i]->name;
    Diag *d = diag_begin(e->sink, DIAG_UNDEFINED, span, "no train block is called `%s`",
                         name);
    if (!diag_nearest(d, name, names, n) && n == 0)
        diag_help(d, "name the one that goes to the device: `train %s(...) { ... }`",
                  name);
    return diag_end(d);
}

static bool trains(const ModuleTrain *t, const ModuleNet *net)
{
    for (int i = 0; i < t->step->result.n; i++)
        for (int k = 0; k < net->tensor.n; k++)
            if (t->step->result.at[i].kind == RESULT_NEXT &&
                str_equal(t->step->result.at[i].path, net->tensor.at[k]))
                return true;
    return false;
}

/* The block of that name, which must train the net; NULL: reported. */
static const ModuleTrain *find_train(Elab *e, const ModuleNet *net, const char *name,
                                     Span span)
{
    for (int i = 0; i < e->module->train.n; i++) {
        const ModuleTrain *t = e->module->train.at[i];
        if (t->name == NULL || !str_equal(t->name, name))
            continue;
        if (t->accumulate > 1 || trains(t, net))
            return t;
        diag_error(e->sink, span, DIAG_CLASH, "`%s` does not train `%s`", name,
                   net->name);
        return NULL;
    }
    fail_train_name(e, name, span);
    return NULL;
}

static void read_setting(Elab *e, const SettingValue *s, ModuleDeploy *d)
{
    Span span = s->ast->named.value->span;
    const Value *v = s->value;
    if (v == NULL)
        return;
    if (str_equal(s->name, "target")) {
        d->target = v->config->name;
        d->target_span = span;
        const Value *clock = v->config->value[config_param(v->config, "clock")];
        d->clock = clock != NULL ? clock->quantity.value : 0;
    } else if (str_equal(s->name, "quantize")) {
        quantize_read(e, v->config, span, d);
    } else if (str_equal(s->name, "flash")) {
        d->flash_bytes = (int64_t)v->quantity.value;
        d->flash_span = span;
    } else if (str_equal(s->name, "ram")) {
        d->ram_bytes = (int64_t)v->quantity.value;
        d->ram_span = span;
    } else if (str_equal(s->name, "latency")) {
        d->latency = v->quantity.value;
        d->latency_span = span;
    } else if (str_equal(s->name, "batch")) {
        d->batch = v->integer;
    } else if (str_equal(s->name, "prefix")) {
        d->prefix = v->text;
    } else if (str_equal(s->name, "weights")) {
        d->weights = v->text;
        d->weights_span = span;
    } else if (str_equal(s->name, "threads")) {
        check_threads(e, span, d, v->integer);
    } else if (str_equal(s->name, "io")) {
        read_io(e, v->text, span, d);
    } else if (str_equal(s->name, "train")) {
        d->train_span = span;
        d->train = find_train(e, d->net, v->text, span);
    } else if (str_equal(s->name, "stream")) {
        if (d->net->graph != NULL) /* else its errors are out */
            d->stream = stream_net(e, d->net, s);
    } /* outputs and keep_float when the other settings are known: read_body */
}

static bool read_body(Elab *e, const DlModule *m, const Ast *ast, ModuleDeploy *d)
{
    graph_begin(e, m, "deploy", false, MODE_NET);
    BlockContext context = { .kind = BLOCK_DEPLOY, .act = e->act };
    Scope *s = scope_new(e->arena, m->scope, false);
    e->block = &context;
    int errors = diag_error_count(e->sink);
    for (int i = 0; i < ast->deploy.body.n; i++) {
        const Ast *st = ast->deploy.body.at[i];
        if (st->kind != AST_SETTING)
            fail(e, DIAG_ONLY_SETTINGS,
                 st->name_span.source != NULL ? st->name_span : st->span,
                 "a deploy block holds settings, `name: value`");
        else
            run_statement(e, st, s, NULL);
    }
    e->block = NULL;
    for (int i = 0; i < context.settings.n; i++)
        read_setting(e, &context.settings.at[i], d);
    check_io(e, d);
    const SettingValue *target = setting_find(&context, "target");
    if (target == NULL || target->value != NULL)
        check_latency(e, d);
    const SettingValue *outputs = setting_find(&context, "outputs");
    const ModuleNet *whole = d->stream != NULL ? d->stream : d->net;
    if (outputs != NULL && outputs->value != NULL && whole->graph != NULL)
        d->chosen = choose_outputs(e, whole, outputs);
    const SettingValue *keep = setting_find(&context, "keep_float");
    if (keep != NULL && keep->value != NULL)
        keep_float_read(e, keep, d);
    const SettingValue *batch = setting_find(&context, "batch");
    if (batch != NULL && d->batch > 1 && (d->stream != NULL || d->net->memory.n > 0))
        fail(e, DIAG_STREAM, batch->ast->named.value->span,
             "`%s` takes one row a call, not %lld", d->net->name, (long long)d->batch);
    return diag_error_count(e->sink) == errors;
}

/* All nets of a program are trained together, and saved in one file. */
static bool check_weights(Elab *e, const ModuleDeploy *d)
{
    for (int i = 0; i < e->module->deploy.n && d->weights != NULL; i++) {
        const ModuleDeploy *other = e->module->deploy.at[i];
        if (other->weights == NULL || str_equal(other->weights, d->weights))
            continue;
        Diag *diag = diag_begin(e->sink, DIAG_SETTING_KIND, d->weights_span,
                                "all nets of a program have one file of weights");
        diag_label(diag, other->weights_span, "another one");
        diag_help(diag, "`train` saves all of them in one file: name that");
        return diag_end(diag);
    }
    return true;
}

void elaborate_deploy(Elab *e, const DlModule *m, const Ast *ast)
{
    const Binding *b = map_find(m->scope->names, ast->name);
    const Value *v = b != NULL ? b->value : NULL;
    bool is_net = v != NULL && v->kind == VALUE_ITEM && v->item->ast->kind == AST_NET;
    ModuleDeploy *d = arena_new(e->arena, ModuleDeploy);
    if (!is_net) {
        VEC(const char *) names = { 0 };
        for (int i = 0; i < e->module->net.n; i++)
            vec_push(e->arena, &names, e->module->net.at[i]->name);
        Diag *diag = diag_begin(e->sink, DIAG_UNDEFINED, ast->name_span,
                                "there is no net `%s`", ast->name);
        diag_nearest(diag, ast->name, names.at, names.n);
        diag_end(diag);
        return;
    }
    d->net = e->module->net.at[v->item->index];
    d->name = ast->deploy.as != NULL ? ast->deploy.as : ast->name;
    d->span = ast->span;
    d->name_span = ast->name_span;
    d->batch = 1;
    if (!read_body(e, m, ast, d) || v->item->failed || !check_flash(e, d) ||
        !check_weights(e, d))
        return;
    vec_push(e->arena, &e->module->deploy, d);
}
