/* expression.c - evaluating expressions: everything but tensors is computed here,
 * tensor operations become nodes of the graph being built. */
#include "front/elab.h"

#include "support/bug.h"

#include <string.h>

typedef struct Unit {
    const char *name;
    double factor;
    Dimension dim;
} Unit;

static const Unit units[] = {
    { "us", 1e-6, { 1, 0, 0 } },
    { "ms", 1e-3, { 1, 0, 0 } },
    { "s", 1, { 1, 0, 0 } },
    { "min", 60, { 1, 0, 0 } },
    { "Hz", 1, { -1, 0, 0 } },
    { "kHz", 1e3, { -1, 0, 0 } },
    { "MHz", 1e6, { -1, 0, 0 } },
    { "GHz", 1e9, { -1, 0, 0 } },
    { "B", 1, { 0, 1, 0 } },
    { "KiB", 1024, { 0, 1, 0 } },
    { "MiB", 1048576, { 0, 1, 0 } },
    { "GiB", 1073741824, { 0, 1, 0 } },
    { "deg", 3.14159265358979323846 / 180, { 0, 0, 1 } },
};

static const struct {
    const char *name;
    bool counts; /* steps of the block: an optimizer counts its own */
} scalars[] = {
    { "step", true },        { "epoch", false },    { "steps_per_epoch", true },
    { "total_steps", true }, { "lr_scale", false },
};

static Value *quantity(Elab *e, const Ast *expr)
{
    for (int i = 0; i < ARRAY_LEN(units); i++)
        if (str_equal(units[i].name, expr->name))
            return value_quantity(e->arena, expr->number * units[i].factor,
                                  units[i].dim);
    BUG("no unit %s", expr->name);
}

/* ---- names ----------------------------------------------------------------------- */

static bool counts_steps(const char *name)
{
    for (int i = 0; i < ARRAY_LEN(scalars); i++)
        if (str_equal(scalars[i].name, name))
            return scalars[i].counts;
    return false;
}

Value *scalar_input(Elab *e, const char *name)
{
    Value *v = map_find(e->scalars, name);
    if (v == NULL) {
        Graph *g = graph_at(e, (Span){ 0 });
        v = tensor_make(
            e, build_input(g, INPUT_SCALAR, name, DTYPE_F32, (Shape){ 0 }, 0, false), 0,
            NULL);
        map_put(e->scalars, name, v);
    }
    if (e->stride == 1 || !counts_steps(name))
        return v;
    return binary_value(e, "/", v, value_int(e->arena, e->stride), NULL, (Span){ 0 });
}

static Value *builtin_name(Elab *e, const char *name)
{
    bool training_block = e->block != NULL && e->block->kind == BLOCK_TRAIN;
    if (str_equal(name, "training"))
        return value_bool(e->arena, e->training);
    if (str_equal(name, "pi"))
        return value_float(e->arena, 3.14159265358979323846);
    for (int i = 0; training_block && i < ARRAY_LEN(scalars); i++)
        if (str_equal(name, scalars[i].name))
            return scalar_input(e, scalars[i].name);
    if (training_block && str_equal(name, "valid"))
        return valid_input(e);
    const Builtin *b = builtin_find(name);
    Value *v = value_int(e->arena, 0);
    if (b != NULL) {
        v->kind = VALUE_BUILTIN;
        v->builtin = b;
        return v;
    }
    if (dtype_find(name, &v->dtype)) {
        v->kind = VALUE_DTYPE;
        return v;
    }
    return NULL;
}

static void *fail_name(Elab *e, const char *name, const Scope *s, Span span)
{
    Diag *d = fail_begin(e, DIAG_UNDEFINED, span, "`%s` is not defined", name);
    const char *near = scope_nearest(e->arena, s, name);
    if (near != NULL)
        diag_help(d, "did you mean `%s`?", near);
    return fail_end(d);
}

static void *fail_gone(Elab *e, const char *name, Span span)
{
    Diag *d = fail_begin(e, DIAG_GONE, span,
                         "`%s` was computed by the step, which has ended when `every` "
                         "runs",
                         name);
    diag_help(d, "compute it inside the `every`: `%s = ...`", name);
    return fail_end(d);
}

Value *lookup(Elab *e, const char *name, Scope *s, Span span)
{
    Binding *b = scope_find(s, name);
    if (b != NULL && b->value != NULL && b->value->kind == VALUE_GONE)
        return e->block->inside ? fail_gone(e, name, span) : NULL;
    if (b != NULL) {
        scope_mark_used(s, name);
        return b->value;
    }
    Value *v = builtin_name(e, name);
    return v != NULL ? v : fail_name(e, name, s, span);
}

Value *lookup_callable(Elab *e, const Ast *callee, Scope *s)
{
    if (callee->kind != AST_NAME)
        return eval(e, callee, s);
    Binding *b = scope_find_callable(s, callee->name);
    if (b != NULL) {
        scope_mark_used(s, callee->name);
        return b->value;
    }
    Value *v = builtin_name(e, callee->name);
    bool callable = v != NULL && (v->kind == VALUE_BUILTIN || v->kind == VALUE_DTYPE);
    return callable ? v : lookup(e, callee->name, s, callee->span);
}

static Value *layer_member(Elab *e, Layer *l, const Ast *expr)
{
    const char *base = str_printf(e->arena, "%s/", l->path);
    const char *exact = str_printf(e->arena, "%s%s", base, expr->name);
    const char *ending = str_printf(e->arena, "/%s", expr->name);
    Current *c = map_find(e->current, exact);
    Out o;
    out_init(&o, e->arena);
    for (int i = 0; c == NULL && i < map_count(e->current); i++) {
        const char *path = map_key(e->current, i);
        if (!str_starts(path, base))
            continue;
        if (str_ends(path, ending))
            c = map_value(e->current, i);
        out_print(&o, "%s`%s`", o.length > 0 ? ", " : "", path + strlen(base));
    }
    if (c != NULL)
        return value_tensor(e->arena, c->value);
    Diag *d =
        fail_begin(e, DIAG_MEMBER, expr->name_span,
                   "the layer `%s` has no parameter `%s` here", l->name, expr->name);
    if (o.length == 0)
        diag_note(d, "a layer's parameters exist once it has been applied");
    else
        diag_note(d, "it has %s", out_text(&o));
    return fail_end(d);
}

static Value *module_member(Elab *e, const DlModule *m, const Ast *expr)
{
    if (m->failed)
        return NULL;
    Binding *b = map_find(m->scope->names, expr->name);
    if (b != NULL)
        return b->value;
    VEC(const char *) names = { 0 };
    for (int i = 0; i < map_count(m->scope->names); i++)
        vec_push(e->arena, &names, map_key(m->scope->names, i));
    Diag *d = fail_begin(e, DIAG_MEMBER, expr->name_span, "`%s` has no `%s`", m->name,
                         expr->name);
    diag_nearest(d, expr->name, names.at, names.n);
    return fail_end(d);
}

/* The net at the root of `net.enc.w`, or NULL; *path is "net/enc/w". */
static Item *net_root(Elab *e, const Ast *expr, Scope *s, const char **path)
{
    const char *rest = expr->name;
    const Ast *at = expr->base;
    for (; at->kind == AST_MEMBER; at = at->base)
        rest = str_printf(e->arena, "%s/%s", at->name, rest);
    const Binding *b = at->kind == AST_NAME ? scope_find(s, at->name) : NULL;
    bool is_net = b != NULL && b->value != NULL && b->value->kind == VALUE_ITEM &&
                  b->value->item->ast->kind == AST_NET;
    if (!is_net)
        return NULL;
    scope_mark_used(s, at->name);
    *path = str_printf(e->arena, "%s/%s", at->name, rest);
    return b->value->item;
}

static Value *fail_net_member(Elab *e, const Item *net, const Ast *expr,
                              const char *path)
{
    const char *below = str_printf(e->arena, "%s/", net->name);
    Out o;
    out_init(&o, e->arena);
    for (int i = 0; i < map_count(e->registry); i++) {
        const ModuleTensor *t = map_value(e->registry, i);
        if (t->role == ROLE_OPTIMIZER || !str_starts(t->path, below))
            continue;
        char *words = str_printf(e->arena, "%s", t->path);
        for (char *c = words; *c != '\0'; c++)
            *c = *c == '/' ? '.' : *c;
        out_print(&o, "%s`%s`", o.length > 0 ? ", " : "", words);
    }
    Diag *d = fail_begin(e, DIAG_MEMBER, expr->name_span,
                         "the net `%s` has no parameter `%s`", net->name,
                         path + strlen(below));
    if (o.length > 0)
        diag_note(d, "it has %s", out_text(&o));
    return fail_end(d);
}

/* A parameter or state of a net, as it is now. */
static Value *net_member(Elab *e, Item *net, const Ast *expr, const char *path)
{
    if (!net_ready(e, net))
        return NULL;
    const ModuleTensor *t = map_find(e->registry, path);
    if (t == NULL)
        return fail_net_member(e, net, expr, path);
    return value_tensor(e->arena, current_of(e, t, map_find(e->regs, path))->value);
}

static Value *member(Elab *e, const Ast *expr, Scope *s)
{
    const char *path;
    Item *net = net_root(e, expr, s, &path);
    if (net != NULL)
        return net_member(e, net, expr, path);
    Value *base = eval(e, expr->base, s);
    if (base == NULL)
        return NULL;
    if (base->kind == VALUE_MODULE)
        return module_member(e, base->module, expr);
    if (base->kind == VALUE_LAYER)
        return layer_member(e, base->layer, expr);
    return fail(e, DIAG_MEMBER, expr->name_span, "%s has no member `%s`",
                value_describe(e->arena, base), expr->name);
}

/* ---- decisions ------------------------------------------------------------------- */

bool eval_truth(Elab *e, const Ast *expr, Scope *s, const char *what, bool *truth)
{
    Value *v = eval(e, expr, s);
    if (v == NULL)
        return false;
    if (v->kind == VALUE_BOOL || value_is_number(v)) {
        *truth = value_number(v) != 0;
        return true;
    }
    if (v->kind != VALUE_TENSOR)
        return fail(e, DIAG_KIND, expr->span, "%s needs a bool, found %s", what,
                    value_describe(e->arena, v)) != NULL;
    Diag *d = fail_begin(e, DIAG_DYNAMIC_IF, expr->span,
                         "%s is decided while compiling, but this is a tensor (%s)",
                         what, tensor_text(e->arena, v->tensor));
    diag_origin(e, d, v->tensor, "");
    diag_context(e, d);
    diag_note(d, "a net is a fixed graph: it has no branches at run time");
    diag_help(d, "to choose between two tensors, element by element, write "
                 "`where(condition, a, b)`");
    return diag_end(d);
}

bool eval_int(Elab *e, const Ast *expr, Scope *s, int64_t *x, const char *what)
{
    Value *v = eval(e, expr, s);
    if (v == NULL)
        return false;
    if (v->kind != VALUE_INT)
        return fail(e, DIAG_KIND, expr->span, "%s an int, found %s", what,
                    value_describe(e->arena, v)) != NULL;
    *x = v->integer;
    return true;
}

static Value *cond(Elab *e, const Ast *expr, Scope *s)
{
    bool yes;
    if (!eval_truth(e, expr->cond.condition, s, "an `if`", &yes))
        return NULL;
    scope_mark_tree(s, yes ? expr->cond.no : expr->cond.yes);
    return eval(e, yes ? expr->cond.yes : expr->cond.no, s);
}

static Value *binary(Elab *e, const Ast *expr, Scope *s)
{
    const Ast *right = expr->pair.right;
    Value *a = eval(e, expr->pair.left, s);
    if (a == NULL)
        return NULL;
    bool equality = str_equal(expr->name, "==") || str_equal(expr->name, "!=");
    if (a->kind == VALUE_WORD && equality) {
        if (right->kind != AST_NAME)
            return fail(e, DIAG_KIND, right->span, "a word is compared with a word");
        return value_bool(e->arena,
                          str_equal(a->text, right->name) == (expr->name[0] == '='));
    }
    if (a->kind == VALUE_BOOL && str_equal(expr->name, a->truth ? "or" : "and")) {
        scope_mark_tree(s, right);
        return a;
    }
    return binary_value(e, expr->name, a, eval(e, right, s), expr, expr->name_span);
}

/* ---- the rest -------------------------------------------------------------------- */

static Value *list(Elab *e, const Ast *expr, Scope *s)
{
    Value **at = arena_array(e->arena, Value *, expr->list.n);
    for (int i = 0; i < expr->list.n; i++) {
        const Ast *item = expr->list.at[i];
        if (item->kind == AST_REST)
            return fail(e, DIAG_REST, item->span,
                        "`..` stands for leading dimensions and only makes sense in a "
                        "shape");
        at[i] = eval(e, item, s);
        if (at[i] == NULL)
            return NULL;
    }
    return value_list(e->arena, VALUE_LIST, expr->list.n, at);
}

static Value *range(Elab *e, const Ast *expr, Scope *s)
{
    Value *v = value_int(e->arena, 0);
    v->kind = VALUE_RANGE;
    v->range.from = v->range.to = NULL;
    if (expr->pair.left != NULL &&
        (v->range.from = eval(e, expr->pair.left, s)) == NULL)
        return NULL;
    if (expr->pair.right != NULL &&
        (v->range.to = eval(e, expr->pair.right, s)) == NULL)
        return NULL;
    return v;
}

Value *eval(Elab *e, const Ast *expr, Scope *s)
{
    if (e->exhausted)
        return NULL;
    switch (expr->kind) {
    case AST_NAME:
        return lookup(e, expr->name, s, expr->span);
    case AST_INT:
        return value_int(e->arena, expr->integer);
    case AST_FLOAT:
        return value_float(e->arena, expr->number);
    case AST_QUANTITY:
        return quantity(e, expr);
    case AST_STRING:
        return value_text(e->arena, VALUE_STRING, expr->name);
    case AST_BOOL:
        return value_bool(e->arena, expr->truth);
    case AST_LIST:
        return list(e, expr, s);
    case AST_CALL:
        return call_eval(e, expr, s);
    case AST_PIPE:
        return pipe_eval(e, expr, s);
    case AST_INDEX:
        return index_eval(e, expr, s);
    case AST_MEMBER:
        return member(e, expr, s);
    case AST_BINARY:
        return binary(e, expr, s);
    case AST_UNARY:
        return unary_value(e, expr->name, eval(e, expr->base, s), expr->span);
    case AST_RANGE:
        return range(e, expr, s);
    case AST_COND:
        return cond(e, expr, s);
    case AST_REST:
        return fail(
            e, DIAG_REST, expr->span,
            "`..` stands for leading dimensions and only makes sense in a shape");
    default:
        return fail(e, DIAG_KIND, expr->span, "a %s is no value",
                    ast_kind_word(expr->kind));
    }
}
