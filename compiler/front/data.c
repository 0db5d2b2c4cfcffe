/* data.c - data blocks: fields, splits, and rebinds of fields. */
#include "front/elab.h"

/* ---- splits ---------------------------------------------------------------------- */

static bool read_fractions(Elab *e, const SettingValue *s, ModuleData *data)
{
    const Value *v = s->value;
    double sum = 0;
    bool fits = v->list.n >= 1 && v->list.n <= 3;
    for (int i = 0; fits && i < v->list.n; i++) {
        fits = value_is_number(v->list.at[i]) && value_number(v->list.at[i]) > 0;
        data->fraction[i] = fits ? value_number(v->list.at[i]) : 0;
        sum += data->fraction[i];
    }
    data->n_fractions = v->list.n;
    if (fits && sum <= 1 + 1e-9)
        return true;
    return fail(e, DIAG_SPLIT, s->ast->named.value->span,
                "`split` names the fractions of train, valid and test, at most 1 "
                "together") != NULL;
}

static bool check_splits(Elab *e, const ModuleData *data, const Ast *ast)
{
    bool all = data->split[SPLIT_ALL].kind != SOURCE_NONE;
    if (!all && data->split[SPLIT_TRAIN].kind == SOURCE_NONE)
        return fail(e, DIAG_SPLIT, ast->name_span, "`%s` has no `train` split",
                    data->name) != NULL;
    if (all != (data->n_fractions > 0))
        return fail(e, DIAG_SPLIT, ast->name_span,
                    "`all` and `split` go together, `split: [0.8, 0.2]`") != NULL;
    for (int i = 0; i < SPLIT_COUNT; i++) {
        const DataSource *s = &data->split[i];
        if (all && i != SPLIT_ALL && s->kind != SOURCE_NONE && s->kind != SOURCE_TAKE)
            return fail(e, DIAG_SPLIT, s->span,
                        "`all` is divided by `split`, so `%s` has no source of its own",
                        data_split_name[i]) != NULL;
        if (s->kind != SOURCE_TAKE)
            continue;
        SourceKind from = data->split[s->from].kind;
        bool divided = all && s->from < data->n_fractions;
        if (s->from == i || from == SOURCE_TAKE || (from == SOURCE_NONE && !divided))
            return fail(e, DIAG_SPLIT, s->span,
                        "`%s` has no samples of its own to take from",
                        data_split_name[s->from]) != NULL;
    }
    return true;
}

/* ---- blocks ---------------------------------------------------------------------- */

static bool read_fields(Elab *e, const Item *item, Scope *s, ModuleData *data)
{
    const AstList *params = &item->ast->item.signature->signature.params;
    bool ok = true;
    data->n_fields = params->n;
    data->field = arena_array(e->arena, Field, params->n + 1);
    for (int i = 0; i < params->n; i++) {
        ok = field_read(e, params->at[i], s, &data->field[i]) && ok;
        for (int k = 0; k < i; k++)
            if (str_equal(data->field[k].name, params->at[i]->name))
                ok = fail(e, DIAG_TWICE, params->at[i]->name_span,
                          "two fields are called `%s`", params->at[i]->name) != NULL;
    }
    return ok;
}

static void bind_fields(Elab *e, const ModuleData *data, Scope *s)
{
    for (int i = 0; i < data->n_fields; i++) {
        const Field *f = &data->field[i];
        Graph *g = graph_at(e, f->span);
        Node *n =
            build_input(g, INPUT_FIELD, f->name, f->dtype, f->shape, f->bound, true);
        Value *v = tensor_leaf(e, n, f->name, f->span);
        if (v != NULL)
            v->tensor->field = i;
        scope_define(e->arena, s, f->name, v, f->span);
    }
}

static bool is_rebind(const Ast *st)
{
    return st->kind == AST_BIND || st->kind == AST_IF || st->kind == AST_FOR ||
           st->kind == AST_REPEAT || st->kind == AST_ASSERT;
}

bool data_open(Elab *e, const Item *item, Scope *s, Span span)
{
    (void)span;
    const AstList *body = &item->ast->item.body->list;
    BlockContext context = { .kind = BLOCK_DATA, .act = e->act }, *outer = e->block;
    bool ok = true;
    bind_fields(e, e->module->data.at[item->index], s);
    e->block = &context;
    for (int i = 0; i < body->n; i++)
        if (is_rebind(body->at[i]))
            ok = run_statement(e, body->at[i], s, NULL) && ok;
    e->block = outer;
    return ok;
}

void elaborate_data(Elab *e, Item *item)
{
    const Ast *ast = item->ast;
    ModuleData *data = arena_new(e->arena, ModuleData);
    data->name = item->name;
    data->doc = ast->doc;
    data->span = ast->span;
    data->shuffle = true;
    data->cache = -1;
    graph_begin(e, item->home, item->name, true, MODE_MEASURE);
    Scope *s = scope_new(e->arena, item->home->scope, false);
    BlockContext context = { .kind = BLOCK_DATA, .act = e->act, .data = data };
    Body body = { 0 };
    e->block = &context;
    e->body = &body;
    int errors = diag_error_count(e->sink);
    item->failed = !read_fields(e, item, s, data);
    if (!item->failed) {
        bind_fields(e, data, s);
        for (int i = 0; i < ast->item.body->list.n; i++) {
            const Ast *st = ast->item.body->list.at[i];
            if (!run_statement(e, st, s, NULL) && is_rebind(st))
                item->failed = true; /* a bad setting leaves the fields as they are */
        }
    }
    for (int i = 0; i < context.settings.n; i++) {
        const SettingValue *v = &context.settings.at[i];
        if (v->value == NULL)
            continue;
        int split = split_find(v->name);
        if (split >= 0)
            data_source_read(e, v, data, &data->split[split]);
        else if (str_equal(v->name, "split"))
            read_fractions(e, v, data);
        else if (str_equal(v->name, "shuffle"))
            data->shuffle = v->value->truth;
        else if (str_equal(v->name, "cache"))
            data->cache = v->value->truth;
    }
    for (int i = 0; i < context.augments.n; i++)
        augment_read(e, context.augments.at[i].ast, context.augments.at[i].settings,
                     data);
    if (diag_error_count(e->sink) == errors)
        check_splits(e, data, ast);
    e->block = NULL;
    e->body = NULL;
    item->index = e->module->data.n;
    vec_push(e->arena, &e->module->data, data);
}
