/* setting.c - `name: value`: which settings a block has, and of which kind each is. */
#include "front/elab.h"

#include "support/bug.h"
#include "target/target.h"

#include <string.h>

typedef struct SettingSpec {
    BlockKind block;
    const char *name, *kind;
} SettingSpec;

static const SettingSpec specs[] = {
#define SETTING(block, name, kind) { BLOCK_##block, #name, kind },
#include "front/settings.def"
#undef SETTING
};

static const ConfigSpec configs[] = {
#define CONFIG(name, kind, params) { #name, kind, params },
#include "front/config.def"
#undef CONFIG
};

static const char *block_word(BlockKind kind)
{
    static const char *const words[] = { "",       "data",    "train",
                                         "deploy", "augment", "param" };
    return words[kind];
}

static const SettingSpec *spec_find(BlockKind kind, const char *name)
{
    for (int i = 0; i < ARRAY_LEN(specs); i++)
        if (specs[i].block == kind && str_equal(specs[i].name, name))
            return &specs[i];
    return NULL;
}

bool is_setting(BlockKind kind, const char *name)
{
    return spec_find(kind, name) != NULL;
}

const SettingValue *setting_find(const BlockContext *b, const char *name)
{
    for (int i = 0; i < b->settings.n; i++)
        if (str_equal(b->settings.at[i].name, name))
            return &b->settings.at[i];
    return NULL;
}

int64_t setting_int(const BlockContext *b, const char *name, int64_t otherwise)
{
    const SettingValue *s = setting_find(b, name);
    return s != NULL && s->value != NULL ? s->value->integer : otherwise;
}

bool setting_is_false(const BlockContext *b, const char *name)
{
    const SettingValue *s = setting_find(b, name);
    return s != NULL && s->value != NULL && !s->value->truth;
}

int setting_truth(const BlockContext *b, const char *name, int otherwise)
{
    const SettingValue *s = setting_find(b, name);
    return s != NULL && s->value != NULL ? s->value->truth : otherwise;
}

/* ---- constructors ---------------------------------------------------------------- */

const ConfigSpec *config_find(const char *name, const char *kind)
{
    for (int i = 0; i < ARRAY_LEN(configs); i++)
        if (str_equal(configs[i].name, name) &&
            (kind == NULL || str_equal(configs[i].kind, kind)))
            return &configs[i];
    return NULL;
}

static int config_names(Arena *a, const ConfigSpec *spec,
                        const char *names[CONFIG_MAX_ARGS])
{
    int n = 0;
    for (const char *at = spec->params; *at != '\0'; n++) {
        size_t length = strcspn(at, " ");
        names[n] = str_copy(a, at, length);
        at += length + (at[length] == ' ');
    }
    return n;
}

int config_param(const Config *c, const char *name)
{
    int i = 0;
    for (const char *at = c->spec->params; *at != '\0'; i++) {
        size_t length = strcspn(at, " ");
        if (strlen(name) == length && strncmp(at, name, length) == 0)
            return i;
        at += length + (at[length] == ' ');
    }
    return -1;
}

static int config_slot(Elab *e, const ConfigSpec *spec, const Ast *arg, int position,
                       int n_given)
{
    const char *names[CONFIG_MAX_ARGS];
    int n = config_names(e->arena, spec, names);
    if (arg->name == NULL && position < n)
        return position;
    if (arg->name == NULL) {
        fail(e, DIAG_ARGUMENT_COUNT, arg->argument->span,
             "`%s` takes %d argument%s, found %d", spec->name, n, n == 1 ? "" : "s",
             n_given);
        return -1;
    }
    for (int i = 0; i < n; i++)
        if (str_equal(names[i], arg->name))
            return i;
    Diag *d = fail_begin(e, DIAG_ARGUMENT_NAME, arg->name_span,
                         "`%s` has no argument `%s`", spec->name, arg->name);
    if (!diag_nearest(d, arg->name, names, n)) {
        Out o;
        out_init(&o, e->arena);
        for (int i = 0; i < n; i++)
            out_print(&o, "%s%s", i > 0 ? ", " : "", names[i]);
        if (n == 0)
            diag_note(d, "it takes none");
        else
            diag_note(d, "it takes %s", out_text(&o));
    }
    diag_end(d);
    return -1;
}

/* Names, members and calls (`valid.loss`, `take(...)`) are read by who knows them. */
static bool is_evaluated(const Ast *node, const Scope *s)
{
    if (node->kind == AST_NAME) {
        const Binding *b = scope_find(s, node->name);
        return b != NULL && b->value != NULL &&
               (value_is_number(b->value) || b->value->kind == VALUE_STRING);
    }
    return node->kind != AST_MEMBER && node->kind != AST_CALL;
}

Value *config_eval(Elab *e, const ConfigSpec *spec, const Ast *call, Scope *s)
{
    Config *c = arena_new(e->arena, Config);
    c->spec = spec;
    c->name = spec->name;
    const AstList *args = &call->call.args;
    for (int i = 0, at = 0; call->kind == AST_CALL && i < args->n; i++) {
        const Ast *arg = args->at[i];
        int k = config_slot(e, spec, arg, at, args->n);
        at += arg->name == NULL;
        if (k < 0)
            return NULL;
        c->node[k] = arg->argument;
        if (is_evaluated(arg->argument, s)) {
            c->value[k] = eval(e, arg->argument, s);
            if (c->value[k] == NULL)
                return NULL;
        }
    }
    Value *v = value_int(e->arena, 0);
    v->kind = VALUE_CONFIG;
    v->config = c;
    return v;
}

/* ---- values ---------------------------------------------------------------------- */

/* The target that the level of an alias means, x86_64(avx2); false: reported. */
static bool read_level(Elab *e, Config *c, Span span)
{
    const Ast *node = c->node[config_param(c, "level")];
    const char *level = node != NULL ? span_words(e, node->span) : NULL, *known;
    const char *target = target_of_alias(c->spec->name, level);
    if (target != NULL) {
        c->name = target;
        return true;
    }
    VEC(const char *) levels = { 0 };
    const char *name;
    for (int i = 0; (name = target_alias_at(i, &known)) != NULL; i++)
        if (known != NULL && str_equal(name, c->spec->name))
            vec_push(e->arena, &levels, known);
    Diag *d = fail_begin(e, DIAG_TARGET, node != NULL ? node->span : span,
                         "`%s` has no level `%s`", c->spec->name, level);
    if (levels.n == 0)
        diag_help(d, "write `%s`", c->spec->name);
    else if (!diag_nearest(d, level, levels.at, levels.n))
        diag_help(d, "write `%s(%s)`", c->spec->name, levels.at[0]);
    fail_end(d);
    return false;
}

/* cortex_m4(clock=80MHz), x86_64(avx2), or the word alone; its name is the target's. */
static Value *target_config(Elab *e, const char *word, const Ast *expr, Scope *s)
{
    bool alias = target_find(word) == NULL;
    ConfigSpec *spec = arena_new(e->arena, ConfigSpec);
    *spec = (ConfigSpec){ word, "target", alias ? "level clock" : "clock" };
    Value *v = config_eval(e, spec, expr, s);
    if (v == NULL || (alias && !read_level(e, v->config, expr->span)))
        return NULL;
    int at = config_param(v->config, "clock");
    if (v->config->node[at] == NULL)
        return v;
    const Value *clock = v->config->value[at];
    const Dimension hertz = { -1, 0, 0 };
    if (clock == NULL || clock->kind != VALUE_QUANTITY ||
        !dimension_equal(clock->quantity.dim, hertz) || clock->quantity.value < 1)
        return fail(e, DIAG_SETTING_KIND, v->config->node[at]->span,
                    "`clock` is a frequency such as 80MHz, found `%s`",
                    span_words(e, v->config->node[at]->span));
    return v;
}

static Value *target_value(Elab *e, const Ast *expr, Scope *s)
{
    const Ast *name = expr->kind == AST_CALL ? expr->call.callee : expr;
    const char *word = name->kind == AST_NAME ? name->name : source_words(e, name);
    const char *other, *level;
    VEC(const char *) known = { 0 };
    for (int i = 0; i < target_count(); i++)
        vec_push(e->arena, &known, target_at(i)->name);
    for (int i = 0; (other = target_alias_at(i, &level)) != NULL; i++)
        if (level == NULL)
            vec_push(e->arena, &known, other);
    for (int i = 0; i < known.n; i++)
        if (str_equal(known.at[i], word))
            return target_config(e, word, expr, s);
    Diag *d = fail_begin(e, DIAG_TARGET, expr->span, "there is no target `%s`", word);
    if (!diag_nearest(d, word, known.at, known.n))
        diag_note(d, "`dlc --list-targets` lists them");
    return fail_end(d);
}

static Value *config_value(Elab *e, const SettingSpec *spec, const Ast *expr, Scope *s)
{
    const Ast *callee = expr->kind == AST_CALL ? expr->call.callee : expr;
    const ConfigSpec *c =
        callee->kind == AST_NAME ? config_find(callee->name, spec->kind) : NULL;
    if (c != NULL)
        return config_eval(e, c, expr, s);
    const char *found = source_words(e, expr);
    if (expr->kind == AST_CALL && callee->kind == AST_NAME) {
        VEC(const char *) names = { 0 };
        for (int i = 0; i < ARRAY_LEN(configs); i++)
            if (str_equal(configs[i].kind, spec->kind))
                vec_push(e->arena, &names, configs[i].name);
        const char *near = str_nearest(callee->name, names.at, names.n);
        if (near != NULL && scope_find(s, callee->name) == NULL) {
            Diag *d = fail_begin(e, DIAG_UNDEFINED, callee->span, "`%s` is not defined",
                                 callee->name);
            diag_help(d, "did you mean `%s`?", near);
            return fail_end(d);
        }
    } else if (expr->kind != AST_NAME) {
        Value *v = eval(e, expr, s);
        if (v == NULL)
            return NULL;
        found = value_describe(e->arena, v);
    }
    return fail(e, DIAG_SETTING_KIND, expr->span, "`%s` takes a %s, found %s",
                spec->name, spec->kind, found);
}

static Value *quantity_value(Elab *e, const SettingSpec *spec, const Ast *expr,
                             const Value *v)
{
    static const struct {
        const char *kind, *words;
        Dimension dim;
    } kinds[] = { { "time", "a time such as 20ms", { 1, 0, 0 } },
                  { "size", "a size such as 64KiB", { 0, 1, 0 } },
                  { "angle", "an angle such as 15deg", { 0, 0, 1 } } };
    for (int i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!str_equal(kinds[i].kind, spec->kind))
            continue;
        if (v->kind == VALUE_QUANTITY && dimension_equal(v->quantity.dim, kinds[i].dim))
            return value_quantity(e->arena, v->quantity.value, v->quantity.dim);
        return fail(e, DIAG_SETTING_KIND, expr->span, "`%s` is %s, found `%s`",
                    spec->name, kinds[i].words, span_words(e, expr->span));
    }
    BUG("no kind of setting %s", spec->kind);
}

static Value *plain_value(Elab *e, const SettingSpec *spec, const Ast *expr, Value *v)
{
    static const struct {
        const char *kind, *words;
        ValueKind value;
    } kinds[] = { { "int", "an int", VALUE_INT },
                  { "bool", "a bool", VALUE_BOOL },
                  { "string", "a string", VALUE_STRING },
                  { "list", "a list", VALUE_LIST },
                  { "range", "a range such as 0.9..1.1", VALUE_RANGE } };
    if (v == NULL || str_equal(spec->kind, "any"))
        return v;
    if (str_equal(spec->kind, "number") || str_equal(spec->kind, "fraction")) {
        bool fits = value_is_number(v);
        if (fits && spec->kind[0] == 'f')
            fits = value_number(v) > 0 && value_number(v) < 1;
        if (fits)
            return v;
        return fail(e, DIAG_SETTING_KIND, expr->span, "`%s` is a %s, found %s",
                    spec->name,
                    spec->kind[0] == 'f' ? "fraction between 0 and 1" : "number",
                    value_describe(e->arena, v));
    }
    for (int i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!str_equal(kinds[i].kind, spec->kind))
            continue;
        bool positive = spec->block == BLOCK_TRAIN || spec->block == BLOCK_DEPLOY;
        int64_t least = str_equal(spec->name, "seed") ? 0 : 1;
        if (v->kind != kinds[i].value)
            return fail(e, DIAG_SETTING_KIND, expr->span, "`%s` is %s, found %s",
                        spec->name, kinds[i].words, value_describe(e->arena, v));
        if (v->kind == VALUE_INT && positive &&
            (v->integer < least || v->integer > INT32_MAX))
            return fail(e, DIAG_SETTING_KIND, expr->span,
                        "`%s` lies between %lld and 2147483647, found %lld", spec->name,
                        (long long)least, (long long)v->integer);
        return v;
    }
    return quantity_value(e, spec, expr, v);
}

static bool is_config(const Ast *expr, const char *kind)
{
    const Ast *name = expr->kind == AST_CALL ? expr->call.callee : expr;
    return name->kind == AST_NAME && config_find(name->name, kind) != NULL;
}

/* [probs, urgency] */
static Value *names_value(Elab *e, const SettingSpec *spec, const Ast *expr)
{
    bool good = expr->kind == AST_LIST && expr->list.n > 0;
    for (int i = 0; good && i < expr->list.n; i++)
        good = expr->list.at[i]->kind == AST_NAME;
    if (!good)
        return fail(e, DIAG_SETTING_KIND, expr->span,
                    "`%s` is a list of names, `[probs]`, found `%s`", spec->name,
                    source_words(e, expr));
    Value **name = arena_array(e->arena, Value *, expr->list.n);
    for (int i = 0; i < expr->list.n; i++)
        name[i] = value_text(e->arena, VALUE_WORD, expr->list.at[i]->name);
    return value_list(e->arena, VALUE_LIST, expr->list.n, name);
}

static Value *setting_value(Elab *e, const SettingSpec *spec, const Ast *st, Scope *s)
{
    const Ast *expr = st->named.value;
    const char *kind = spec->kind;
    if (str_equal(kind, "names"))
        return names_value(e, spec, expr);
    if (str_equal(kind, "target"))
        return target_value(e, expr, s);
    if (str_equal(kind, "source") || str_equal(kind, "quantize") ||
        str_equal(kind, "stop") || str_equal(kind, "keep"))
        return config_value(e, spec, expr, s);
    if (str_equal(kind, "word")) {
        if (expr->kind == AST_NAME)
            return value_text(e->arena, VALUE_WORD, expr->name);
        return fail(e, DIAG_SETTING_KIND, expr->span, "`%s` is a word, found `%s`",
                    spec->name, source_words(e, expr));
    }
    if (str_equal(kind, "validate")) {
        SettingSpec fraction = { spec->block, spec->name, "fraction" };
        return is_config(expr, kind)
                   ? config_value(e, spec, expr, s)
                   : plain_value(e, &fraction, expr, eval(e, expr, s));
    }
    if (str_equal(kind, "weights") && is_config(expr, kind))
        return config_value(e, spec, expr, s);
    if (str_equal(kind, "weights")) {
        SettingSpec list = { spec->block, spec->name, "list" };
        return plain_value(e, &list, expr, eval(e, expr, s));
    }
    if (str_equal(kind, "any") && expr->kind == AST_NAME)
        return value_text(e->arena, VALUE_WORD, expr->name);
    return plain_value(e, spec, expr, eval(e, expr, s));
}

/* ---- statements ------------------------------------------------------------------ */

static bool fail_setting(Elab *e, BlockKind kind, const Ast *st)
{
    VEC(const char *) names = { 0 };
    const char *elsewhere = NULL;
    Out all;
    out_init(&all, e->arena);
    for (int i = 0; i < ARRAY_LEN(specs); i++) {
        if (specs[i].block == kind) {
            vec_push(e->arena, &names, specs[i].name);
            out_print(&all, "%s%s", all.length > 0 ? ", " : "", specs[i].name);
        } else if (str_equal(specs[i].name, st->name) && elsewhere == NULL) {
            elsewhere = block_word(specs[i].block);
        }
    }
    Diag *d = fail_begin(e, DIAG_SETTING, st->name_span, "`%s` has no setting `%s`",
                         block_word(kind), st->name);
    if (diag_nearest(d, st->name, names.at, names.n))
        return diag_end(d);
    if (elsewhere != NULL)
        diag_help(d, "`%s` belongs in `%s`", st->name, elsewhere);
    else
        diag_note(d, "its settings are %s", out_text(&all));
    return diag_end(d);
}

static bool run_setting(Elab *e, BlockKind kind, const Ast *st, Scope *s)
{
    const SettingSpec *spec = spec_find(kind, st->name);
    if (spec == NULL)
        return fail_setting(e, kind, st);
    if (setting_find(e->block, st->name) != NULL && kind == e->block->kind) {
        Diag *d =
            fail_begin(e, DIAG_TWICE, st->name_span, "`%s` is set twice", st->name);
        diag_label(d, setting_find(e->block, st->name)->ast->name_span, "first here");
        return diag_end(d);
    }
    SettingValue v = { spec->name, st, setting_value(e, spec, st, s) };
    if (kind == e->block->kind)
        vec_push(e->arena, &e->block->settings, v);
    return v.value != NULL;
}

bool setting_statement(Elab *e, const Ast *st, Scope *s)
{
    bool here = e->block != NULL && e->act == e->block->act;
    if (here && st->kind == AST_AUGMENT)
        return augment_statement(e, st, s);
    if (here)
        return run_setting(e, e->block->kind, st, s);
    Diag *d =
        diag_begin(e->sink, DIAG_STRAY_SETTING, st->name_span,
                   "`%s: ...` is a setting, and settings belong in data, train and "
                   "deploy",
                   st->name);
    diag_help(d, "to bind a name write `%s = ...`", st->name);
    return diag_end(d);
}
