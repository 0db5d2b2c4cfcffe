/* bind.c - arguments to parameters: positional then named, each evaluated as the kind
 * of its parameter asks, then checked. */
#include "front/elab.h"

#include "support/bug.h"

#include <math.h>
#include <string.h>

enum { MAX_ALTERNATIVES = 8 };

typedef struct ParamKinds { /* what a parameter's type admits */
    int n_words, n_kinds;
    const char *word[MAX_ALTERNATIVES];
    const char *kind[MAX_ALTERNATIVES];
    const Ast *pattern; /* a tensor pattern; NULL: none */
} ParamKinds;

static void kinds_add(ParamKinds *k, const Ast *type)
{
    DType dtype;
    bool name = type->kind == AST_NAME;
    bool range =
        name && (str_equal(type->name, "simplex") || str_equal(type->name, "unit"));
    if (name && is_kind_name(type->name) && k->n_kinds < MAX_ALTERNATIVES)
        k->kind[k->n_kinds++] = type->name;
    else if (name && !range && !dtype_find(type->name, &dtype) &&
             k->n_words < MAX_ALTERNATIVES)
        k->word[k->n_words++] = type->name;
    else if (k->pattern == NULL)
        k->pattern = type;
}

static ParamKinds kinds_of(const Item *item, const Ast *param)
{
    ParamKinds k = { 0 };
    const Ast *type = param->parameter.type, *otherwise = param->parameter.value;
    if (type != NULL && type->kind == AST_ALTERNATIVES) {
        for (int i = 0; i < type->list.n; i++)
            kinds_add(&k, type->list.at[i]);
    } else if (type != NULL) {
        kinds_add(&k, type);
    } else if (otherwise != NULL && otherwise->kind == AST_NAME) {
        const Binding *b = scope_find(item->home->scope, otherwise->name);
        if (b != NULL && b->value != NULL && b->value->kind == VALUE_ITEM)
            k.kind[k.n_kinds++] = "layer";
    }
    return k;
}

static bool has_kind(const ParamKinds *k, const char *kind)
{
    for (int i = 0; i < k->n_kinds; i++)
        if (str_equal(k->kind[i], kind))
            return true;
    return false;
}

static bool has_word(const ParamKinds *k, const char *word)
{
    for (int i = 0; i < k->n_words; i++)
        if (str_equal(k->word[i], word))
            return true;
    return false;
}

const char *signature_words(Elab *e, const Item *item)
{
    const AstList *params = &item->ast->item.signature->signature.params;
    Out o;
    out_init(&o, e->arena);
    out_print(&o, "%s %s(", ast_kind_word(item->ast->kind), item->name);
    for (int i = 0; i < params->n; i++) {
        const Ast *p = params->at[i];
        out_print(&o, "%s%s", i > 0 ? ", " : "", p->name);
        if (p->parameter.type != NULL)
            out_print(&o, ": %s", source_words(e, p->parameter.type));
        if (p->parameter.value != NULL)
            out_print(&o, " = %s", source_words(e, p->parameter.value));
    }
    out_puts(&o, ")");
    return out_text(&o);
}

/* ---- evaluating ------------------------------------------------------------------ */

static Value *word_value(Elab *e, const ParamKinds *k, const Ast *param,
                         const Ast *node, Scope *s)
{
    if (has_word(k, node->name))
        return value_text(e->arena, VALUE_WORD, node->name);
    if (scope_find(s, node->name) != NULL)
        return eval(e, node, s);
    Diag *d = fail_begin(e, DIAG_WORD, node->span, "`%s` cannot be `%s`", param->name,
                         node->name);
    if (!diag_nearest(d, node->name, k->word, k->n_words)) {
        Out o;
        out_init(&o, e->arena);
        for (int i = 0; i < k->n_words; i++)
            out_print(&o, "%s`%s`", i > 0 ? ", " : "", k->word[i]);
        diag_note(d, "it is one of %s", out_text(&o));
    }
    return fail_end(d);
}

/* A def from `step` to a number is applied to the statement's step at once. */
static Value *schedule_value(Elab *e, const Ast *node, Scope *s)
{
    const Ast *callee = node->kind == AST_CALL ? node->call.callee : node;
    const Binding *b =
        callee->kind == AST_NAME ? scope_find_callable(s, callee->name) : NULL;
    Value *f = b != NULL                    ? b->value
               : callee->kind == AST_MEMBER ? eval(e, callee, s)
                                            : NULL;
    if (f != NULL && f->kind == VALUE_ITEM && f->item->ast->kind == AST_DEF) {
        const AstList *params = &f->item->ast->item.signature->signature.params;
        if (params->n > 0 && str_equal(params->at[0]->name, "step")) {
            Value *open = open_eval(e, node, s, OPEN_SCHEDULE);
            if (open == NULL)
                return NULL;
            Value *step = scalar_input(e, "step");
            return layer_apply(e, open->layer, 1, &step, node->span);
        }
    }
    return eval(e, node, s);
}

static Value *argument_value(Elab *e, const Item *item, const Ast *param,
                             const Ast *node, Scope *s)
{
    ParamKinds k = kinds_of(item, param);
    if (k.n_words > 0 && node->kind == AST_NAME)
        return word_value(e, &k, param, node, s);
    if (has_kind(&k, "layer"))
        return open_eval(e, node, s, OPEN_LAYER);
    if (has_kind(&k, "init"))
        return open_eval(e, node, s, OPEN_INIT);
    if (has_kind(&k, "reg"))
        return open_eval(e, node, s, OPEN_REG);
    if (has_kind(&k, "schedule"))
        return schedule_value(e, node, s);
    return eval(e, node, s);
}

static bool fail_count(Elab *e, const Item *item, const AstList *args, int n_first,
                       Span span)
{
    int n = item->ast->item.signature->signature.params.n;
    const Ast *last = args->n > 0 ? args->at[args->n - 1] : NULL;
    for (int i = 0; i < args->n; i++)
        if (args->at[i]->name == NULL)
            last = args->at[i];
    Diag *d =
        fail_begin(e, DIAG_ARGUMENT_COUNT, last != NULL ? last->argument->span : span,
                   "`%s` takes %d argument%s, found %d", item->name, n,
                   n == 1 ? "" : "s", n_first + args->n);
    diag_note(d, "%s", signature_words(e, item));
    return diag_end(d);
}

static int param_find(const AstList *params, const char *name)
{
    for (int i = 0; i < params->n; i++)
        if (str_equal(params->at[i]->name, name))
            return i;
    return -1;
}

static bool fail_argument(Elab *e, const Item *item, const Ast *arg)
{
    const AstList *params = &item->ast->item.signature->signature.params;
    const char **names = arena_array(e->arena, const char *, params->n + 1);
    for (int i = 0; i < params->n; i++)
        names[i] = params->at[i]->name;
    Diag *d = fail_begin(e, DIAG_ARGUMENT_NAME, arg->name_span,
                         "`%s` has no argument `%s`", item->name, arg->name);
    diag_note(d, "%s", signature_words(e, item));
    diag_nearest(d, arg->name, names, params->n);
    return diag_end(d);
}

static bool extra_bind(Elab *e, Layer *open, const Ast *arg, Scope *s)
{
    static const char *const extras[LAYER_EXTRAS] = { "clip", "clip_value" };
    for (int i = 0; open != NULL && open->open == OPEN_OPTIMIZER && i < LAYER_EXTRAS;
         i++)
        if (str_equal(arg->name, extras[i])) {
            open->extra[i] = eval(e, arg->argument, s);
            if (open->extra[i] != NULL && !value_is_number(open->extra[i]))
                fail(e, DIAG_KIND, arg->argument->span, "`%s` is a number, found %s",
                     arg->name, value_describe(e->arena, open->extra[i]));
            return true;
        }
    return false;
}

bool slots_bind(Elab *e, const Item *item, int n_first, const AstList *args, Scope *s,
                Span span, Slot *slots, Layer *open)
{
    const AstList *params = &item->ast->item.signature->signature.params;
    int positional = n_first, errors = diag_error_count(e->sink);
    for (int i = 0; i < args->n; i++)
        positional += args->at[i]->name == NULL;
    if (positional > params->n)
        return fail_count(e, item, args, n_first, span);
    for (int i = 0, at = n_first; i < args->n; i++) {
        const Ast *arg = args->at[i];
        int p = arg->name == NULL ? at++ : param_find(params, arg->name);
        if (p < 0 && extra_bind(e, open, arg, s))
            continue;
        if (p < 0)
            return fail_argument(e, item, arg);
        if (slots[p].given)
            return fail(e, DIAG_ARGUMENT_NAME, arg->name_span, "`%s` is given twice",
                        params->at[p]->name) != NULL;
        slots[p] =
            (Slot){ .given = true, .span = arg->argument->span, .node = arg->argument };
        slots[p].value = argument_value(e, item, params->at[p], arg->argument, s);
        if (slots[p].value == NULL)
            return false;
    }
    return diag_error_count(e->sink) == errors;
}

/* ---- checking -------------------------------------------------------------------- */

static bool quantity_of(const Value *v, int time)
{
    return v->kind == VALUE_QUANTITY &&
           dimension_equal(v->quantity.dim, (Dimension){ time, 0, 0 });
}

static bool is_scalar_tensor(const Value *v)
{
    return v->kind == VALUE_TENSOR && v->tensor->node->shape.rank == 0;
}

static bool admits(const char *kind, const Value *v)
{
    switch (v->kind) {
    case VALUE_INT:
        if (str_equal(kind, "int"))
            return true;
        /* fall through */
    case VALUE_FLOAT:
        return str_equal(kind, "float") || str_equal(kind, "init") ||
               str_equal(kind, "schedule");
    case VALUE_BOOL:
        return str_equal(kind, "bool");
    case VALUE_STRING:
        return str_equal(kind, "string");
    case VALUE_LIST:
        return str_equal(kind, "list") || str_equal(kind, "init");
    case VALUE_LAYER:
        return (str_equal(kind, "layer") && v->layer->open == OPEN_LAYER) ||
               (str_equal(kind, "init") && v->layer->open == OPEN_INIT) ||
               (str_equal(kind, "reg") && v->layer->open == OPEN_REG);
    case VALUE_CONFIG:
        return str_equal(kind, v->config->spec->kind);
    case VALUE_WORD:
        return str_equal(kind, "reg");
    case VALUE_QUANTITY:
        return (str_equal(kind, "time") && quantity_of(v, 1)) ||
               (str_equal(kind, "freq") && quantity_of(v, -1));
    default:
        return str_equal(kind, "schedule") && is_scalar_tensor(v);
    }
}

static bool fail_kind(Elab *e, const Item *item, const Ast *param, const ParamKinds *k,
                      const Slot *slot)
{
    const char *type = source_words(e, param->parameter.type);
    const char *article = strchr("aeiou", type[0]) != NULL ? "an" : "a";
    Diag *d = fail_begin(e, DIAG_KIND, slot->span, "`%s` of `%s` is %s %s, found %s",
                         param->name, item->name, article, type,
                         value_describe(e->arena, slot->value));
    bool division = k->n_kinds == 1 && str_equal(k->kind[0], "int") &&
                    slot->value->kind == VALUE_FLOAT &&
                    slot->value->number == floor(slot->value->number);
    if (!division)
        return diag_end(d);
    diag_context(e, d);
    diag_note(d, "`/` always gives a float");
    const char *text = span_words(e, blame(e, slot->span)), *at = strchr(text, '/');
    if (at != NULL)
        diag_help(d, "integer division is `//`: write `%.*s//%s`", (int)(at - text),
                  text, at + 1);
    else
        diag_help(d, "integer division is `//`");
    return diag_end(d);
}

static bool slot_check(Elab *e, const Item *item, const Ast *param, Slot *slot,
                       Scope *inner)
{
    ParamKinds k = kinds_of(item, param);
    Value *v = slot->value;
    const Ast *otherwise = param->parameter.value;
    if (v == NULL)
        return false;
    if (param->parameter.type == NULL) {
        bool constant = otherwise != NULL &&
                        (otherwise->kind == AST_INT || otherwise->kind == AST_FLOAT ||
                         otherwise->kind == AST_BOOL);
        if (constant && v->kind == VALUE_TENSOR)
            return fail(e, DIAG_KIND, slot->span,
                        "`%s` of `%s` is a constant, found %s", param->name, item->name,
                        value_describe(e->arena, v)) != NULL;
        return true;
    }
    if (v->kind == VALUE_WORD && has_word(&k, v->text))
        return true;
    for (int i = 0; i < k.n_kinds; i++)
        if (admits(k.kind[i], v)) {
            if (str_equal(k.kind[i], "float"))
                slot->value = value_float(e->arena, value_number(v));
            return true;
        }
    if (k.pattern == NULL)
        return fail_kind(e, item, param, &k, slot);
    if (value_is_number(v))
        v = slot->value = tensor_of(e, v);
    if (v == NULL)
        return false;
    if (v->kind != VALUE_TENSOR)
        return fail(e, DIAG_KIND, slot->span, "`%s` of `%s` is a tensor %s, found %s",
                    param->name, item->name, source_words(e, k.pattern),
                    value_describe(e->arena, v)) != NULL;
    Type type;
    return type_read(e, k.pattern, &type) &&
           type_match(e, item, param->name, &type, v->tensor, slot->span, inner);
}

static bool default_slot(Elab *e, const Item *item, const Ast *param, Slot *slot,
                         Scope *inner, const char *path, Span span)
{
    ActivationSave save;
    const char *here = str_printf(e->arena, "%s/%s", path, param->name);
    activation_enter(e, item, here, e->inst->suffix, span, &save);
    *slot =
        (Slot){ .given = true, .span = param->span, .node = param->parameter.value };
    slot->value = argument_value(e, item, param, param->parameter.value, inner);
    bool ok = slot_check(e, item, param, slot, inner);
    activation_leave(e, &save);
    return ok;
}

bool slots_check(Elab *e, const Item *item, Slot *slots, Scope *inner, const char *path,
                 Span span)
{
    const AstList *params = &item->ast->item.signature->signature.params;
    for (int i = 0; i < params->n; i++) {
        const Ast *param = params->at[i];
        Slot *slot = &slots[i];
        if (slot->given) {
            if (!slot_check(e, item, param, slot, inner))
                return false;
        } else if (param->parameter.value != NULL) {
            if (!default_slot(e, item, param, slot, inner, path, span))
                return false;
        } else {
            const char *type = param->parameter.type != NULL
                                   ? str_printf(e->arena, " (%s)",
                                                source_words(e, param->parameter.type))
                                   : "";
            Diag *d = fail_begin(e, DIAG_ARGUMENT_MISSING, span, "`%s` needs `%s`%s",
                                 item->name, param->name, type);
            diag_note(d, "%s", signature_words(e, item));
            return diag_end(d);
        }
        scope_define(e->arena, inner, param->name, slot->value, param->span);
    }
    return true;
}

/* ---- builtins -------------------------------------------------------------------- */

typedef struct BuiltinParam {
    const char *name;
    bool optional;
} BuiltinParam;

/* Reads "x, axis = none, .."; returns the number of parameters. */
static int builtin_params(Elab *e, const Builtin *b, BuiltinParam *p, bool *open_ended)
{
    int n = 0;
    *open_ended = false;
    for (const char *at = b->signature; *at != '\0';) {
        size_t length = strcspn(at, ", =");
        if (length == 2 && at[0] == '.') {
            *open_ended = true;
            break;
        }
        if (n == BUILTIN_MAX_PARAMS)
            BUG("builtin %s has too many parameters", b->name);
        p[n].name = str_copy(e->arena, at, length);
        at += length;
        size_t rest = strcspn(at, ",");
        p[n].optional = memchr(at, '=', rest) != NULL;
        at += rest;
        at += strspn(at, ", ");
        n++;
    }
    return n;
}

static void *fail_builtin(Elab *e, Diag *d, const Builtin *b)
{
    (void)e;
    diag_note(d, "def %s(%s)", b->name, b->signature);
    return fail_end(d);
}

static bool builtin_named(Elab *e, const Builtin *b, const BuiltinParam *p, int n,
                          const Ast *arg, int *at)
{
    const char *names[BUILTIN_MAX_PARAMS];
    for (*at = 0; *at < n; ++*at) {
        if (str_equal(p[*at].name, arg->name))
            return true;
        names[*at] = p[*at].name;
    }
    Diag *d = fail_begin(e, DIAG_ARGUMENT_NAME, arg->name_span,
                         "`%s` has no argument `%s`", b->name, arg->name);
    diag_nearest(d, arg->name, names, n);
    fail_builtin(e, d, b);
    return false;
}

bool builtin_bind(Elab *e, const Builtin *b, int n_first, Value *const *first,
                  const AstList *args, Scope *s, Span span, BuiltinArgs *out)
{
    BuiltinParam p[BUILTIN_MAX_PARAMS];
    bool open_ended;
    int n = builtin_params(e, b, p, &open_ended), at = n_first;
    *out = (BuiltinArgs){ .span = span };
    for (int i = 0; i < n_first && first != NULL && i < n; i++)
        out->at[i] = first[i];
    for (int i = 0; i < args->n; i++) {
        const Ast *arg = args->at[i];
        int k = at;
        bool extra = false;
        if (arg->name == NULL) {
            if (at++ >= n)
                return fail_builtin(
                           e,
                           fail_begin(e, DIAG_ARGUMENT_COUNT, arg->argument->span,
                                      "`%s` takes %d argument%s, found %d", b->name, n,
                                      n == 1 ? "" : "s", n_first + args->n),
                           b) != NULL;
        } else if (open_ended) {
            for (k = 0; k < n && !str_equal(p[k].name, arg->name);)
                k++;
            extra = k == n;
        } else if (!builtin_named(e, b, p, n, arg, &k)) {
            return false;
        }
        Value *v = eval(e, arg->argument, s);
        if (v == NULL)
            return false;
        if (extra && out->n_extra == BUILTIN_MAX_PARAMS)
            return fail(e, DIAG_ARGUMENT_COUNT, arg->argument->span,
                        "`%s` takes at most %d sizes", b->name,
                        BUILTIN_MAX_PARAMS) != NULL;
        if (extra) {
            out->extra_name[out->n_extra] = arg->name;
            out->extra[out->n_extra++] = v;
            continue;
        }
        out->at[k] = v;
        out->node[k] = arg->argument;
    }
    for (int i = 0; i < n; i++)
        if (out->at[i] == NULL && !p[i].optional && !(first == NULL && i < n_first))
            return fail_builtin(e,
                                fail_begin(e, DIAG_ARGUMENT_MISSING, span,
                                           "`%s` needs `%s`", b->name, p[i].name),
                                b) != NULL;
    return true;
}
