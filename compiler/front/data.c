/* data.c - data blocks: fields, where the splits come from, and rebinds of fields. */
#include "front/elab.h"

#include "support/bug.h"

#include <string.h>

static const char *const split_names[SPLIT_COUNT] = { "train", "valid", "test", "all" };

int split_find(const char *name)
{
    for (int i = 0; i < SPLIT_COUNT; i++)
        if (str_equal(split_names[i], name))
            return i;
    return -1;
}

/* ---- sources --------------------------------------------------------------------- */

static const Value *config_get(const Config *c, const char *name)
{
    int i = config_param(c, name);
    return i < 0 ? NULL : c->value[i];
}

static bool source_refuses(Elab *e, const Config *c, const char *name, Span span)
{
    int i = config_param(c, name);
    if (i < 0 || c->node[i] == NULL)
        return true;
    return fail_unsupported(
               e, c->node[i]->span.source != NULL ? c->node[i]->span : span,
               str_printf(e->arena, "`%s` of `%s`", name, c->name)) != NULL;
}

/* idx, npy: a file for each field, in their order. */
static bool file_source(Elab *e, const Config *c, const ModuleData *data,
                        SourceKind kind, DataSource *out)
{
    out->kind = kind;
    out->path = arena_array(e->arena, const char *, 4);
    for (int i = 0; i < 4; i++) {
        if (c->node[i] == NULL)
            continue;
        if (c->value[i] == NULL || c->value[i]->kind != VALUE_STRING)
            return fail(e, DIAG_SETTING_KIND, c->node[i]->span,
                        "`%s` takes the names of files, found %s", c->name,
                        source_words(e, c->node[i])) != NULL;
        out->path[out->n_paths++] = c->value[i]->text;
    }
    if (out->n_paths != data->n_fields)
        return fail(e, DIAG_SPLIT, out->span,
                    "`%s` takes one file a field: `%s` has %d field%s, found %d file%s",
                    c->name, data->name, data->n_fields, data->n_fields == 1 ? "" : "s",
                    out->n_paths, out->n_paths == 1 ? "" : "s") != NULL;
    return true;
}

static bool csv_source(Elab *e, const Config *c, DataSource *out)
{
    static const char *const later[] = { "tokens", "pad",   "window",
                                         "target", "ahead", "files" };
    const Value *path = config_get(c, "path"), *header = config_get(c, "header");
    for (int i = 0; i < ARRAY_LEN(later); i++)
        if (!source_refuses(e, c, later[i], out->span))
            return false;
    if (path == NULL || path->kind != VALUE_STRING)
        return fail(e, DIAG_SETTING_KIND, out->span,
                    "`csv` takes the name of a file") != NULL;
    if (header != NULL && header->kind != VALUE_BOOL)
        return fail(e, DIAG_SETTING_KIND, out->span, "`header` is a bool, found %s",
                    value_describe(e->arena, header)) != NULL;
    out->kind = SOURCE_CSV;
    out->path = arena_array(e->arena, const char *, 1);
    out->path[0] = path->text;
    out->n_paths = 1;
    out->header = header != NULL && header->truth;
    return true;
}

static bool row_fill(const Value *v, double *row, int64_t *n, int64_t width)
{
    if (value_is_number(v) || v->kind == VALUE_BOOL) {
        if (*n < width)
            row[*n] = value_number(v);
        ++*n;
        return true;
    }
    bool ok = v->kind == VALUE_LIST;
    for (int i = 0; ok && i < v->list.n; i++)
        ok = row_fill(v->list.at[i], row, n, width);
    return ok;
}

static bool row_fits(Elab *e, const ModuleData *data, const double *row, int64_t index,
                     Span span)
{
    int64_t at = 0;
    for (int f = 0; f < data->n_fields; f++) {
        const Field *field = &data->field[f];
        for (int64_t k = shape_count(&field->shape); k > 0; k--) {
            double x = row[at++];
            bool fits =
                dtype_round(field->dtype, x) == x || dtype_is_float(field->dtype);
            if (field->bound > 0)
                fits = fits && x >= 0 && x < (double)field->bound;
            if (!fits)
                return fail(e, DIAG_SETTING_KIND, span,
                            "row %lld: %g does not fit in `%s`", (long long)index + 1,
                            x, field->name) != NULL;
        }
    }
    return true;
}

static bool rows_source(Elab *e, const Config *c, const ModuleData *data,
                        DataSource *out)
{
    const Value *list = config_get(c, "list");
    int64_t width = 0;
    for (int i = 0; i < data->n_fields; i++)
        width += shape_count(&data->field[i].shape);
    if (list == NULL || list->kind != VALUE_LIST || list->list.n == 0)
        return fail(e, DIAG_SETTING_KIND, out->span, "`rows` takes a list of rows") !=
               NULL;
    double *rows = arena_array(e->arena, double, width * list->list.n);
    for (int i = 0; i < list->list.n; i++) {
        int64_t n = 0;
        double *row = rows + i * width;
        if (!row_fill(list->list.at[i], row, &n, width) || n != width)
            return fail(e, DIAG_SETTING_KIND, out->span,
                        "row %d has %lld numbers, the fields of `%s` take %lld", i + 1,
                        (long long)n, data->name, (long long)width) != NULL;
        if (!row_fits(e, data, row, i, out->span))
            return false;
    }
    out->kind = SOURCE_ROWS;
    out->rows = rows;
    out->n_rows = list->list.n;
    return true;
}

static bool take_source(Elab *e, const Config *c, DataSource *out)
{
    const Ast *from = c->node[0];
    const Value *n = config_get(c, "n");
    int split = from != NULL && from->kind == AST_NAME ? split_find(from->name) : -1;
    if (split < 0)
        return fail(e, DIAG_SPLIT, from != NULL ? from->span : out->span,
                    "`take` takes samples from train, valid, test or all") != NULL;
    if (n == NULL || n->kind != VALUE_INT || n->integer < 1)
        return fail(e, DIAG_SETTING_KIND, out->span,
                    "`take` needs how many samples, a positive int") != NULL;
    out->kind = SOURCE_TAKE;
    out->from = split;
    out->count = n->integer;
    return true;
}

static bool read_source(Elab *e, const SettingValue *s, ModuleData *data,
                        DataSource *out)
{
    const Config *c = s->value->config;
    const Ast *expr = s->ast->named.value;
    out->span = expr->span;
    if (str_equal(c->name, "idx"))
        return file_source(e, c, data, SOURCE_IDX, out);
    if (str_equal(c->name, "npy"))
        return file_source(e, c, data, SOURCE_NPY, out);
    if (str_equal(c->name, "csv"))
        return csv_source(e, c, out);
    if (str_equal(c->name, "rows"))
        return rows_source(e, c, data, out);
    if (str_equal(c->name, "take"))
        return take_source(e, c, out);
    Span span = expr->kind == AST_CALL ? expr->call.callee->span : expr->span;
    return fail_unsupported(e, span,
                            str_printf(e->arena, "the source `%s`", c->name)) != NULL;
}

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
                        split_names[i]) != NULL;
        if (s->kind != SOURCE_TAKE)
            continue;
        SourceKind from = data->split[s->from].kind;
        bool divided = all && s->from < data->n_fractions;
        if (s->from == i || from == SOURCE_TAKE || (from == SOURCE_NONE && !divided))
            return fail(e, DIAG_SPLIT, s->span,
                        "`%s` has no samples of its own to take from",
                        split_names[s->from]) != NULL;
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
            read_source(e, v, data, &data->split[split]);
        else if (str_equal(v->name, "split"))
            read_fractions(e, v, data);
        else if (str_equal(v->name, "shuffle"))
            data->shuffle = v->value->truth;
    }
    if (diag_error_count(e->sink) == errors)
        check_splits(e, data, ast);
    e->block = NULL;
    e->body = NULL;
    item->index = e->module->data.n;
    vec_push(e->arena, &e->module->data, data);
}
