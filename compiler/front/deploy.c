/* deploy.c - deploy blocks: where a net goes, and whether its parameters fit there. */
#include "front/elab.h"

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
    for (int i = 0; i < d->net->tensor.n; i++)
        bytes += tensor_bytes(map_find(e->registry, d->net->tensor.at[i]), each);
    if (d->flash_bytes == 0 || bytes <= (double)d->flash_bytes)
        return true;
    Diag *diag = diag_begin(e->sink, DIAG_FLASH, d->flash_span,
                            "`%s` needs %s of flash, %s over budget", d->net->name,
                            kib(e, bytes), kib(e, bytes - (double)d->flash_bytes));
    diag_primary_text(diag, "the budget");
    diag_note(diag, "the largest parameters are %s", largest_text(e, d->net, each));
    if (d->quantize == QUANTIZE_NONE)
        diag_help(diag, "`quantize: int8(...)` would make it %s", kib(e, bytes / 4));
    return diag_end(diag);
}

static void read_setting(Elab *e, const SettingValue *s, ModuleDeploy *d)
{
    Span span = s->ast->named.value->span;
    const Value *v = s->value;
    if (v == NULL)
        return;
    if (str_equal(s->name, "target")) {
        d->target = v->text;
    } else if (str_equal(s->name, "quantize")) {
        quantize_read(e, v->config, span, d);
    } else if (str_equal(s->name, "flash")) {
        d->flash_bytes = (int64_t)v->quantity.value;
        d->flash_span = span;
    } else if (str_equal(s->name, "ram")) {
        d->ram_bytes = (int64_t)v->quantity.value;
        d->ram_span = span;
    } else if (str_equal(s->name, "batch")) {
        d->batch = v->integer;
    } else if (str_equal(s->name, "prefix")) {
        d->prefix = v->text;
    } else if (str_equal(s->name, "stream")) {
        if (d->net->graph != NULL) /* else its errors are out */
            d->stream = stream_net(e, d->net, s);
    } else { /* latency */
        fail_unsupported(e, s->ast->name_span,
                         str_printf(e->arena, "the setting `%s`", s->name));
    }
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
    const SettingValue *batch = setting_find(&context, "batch");
    if (batch != NULL && d->batch > 1 && (d->stream != NULL || d->net->memory.n > 0))
        fail(e, DIAG_STREAM, batch->ast->named.value->span,
             "`%s` takes one row a call, not %lld", d->net->name, (long long)d->batch);
    return diag_error_count(e->sink) == errors;
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
    d->batch = 1;
    if (!read_body(e, m, ast, d) || v->item->failed || !check_flash(e, d))
        return;
    vec_push(e->arena, &e->module->deploy, d);
}
