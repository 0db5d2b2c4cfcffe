/* call.c - calls, pipelines, and layers: calls whose first input is left open. */
#include "front/elab.h"

#include "support/bug.h"

int open_count(OpenKind kind)
{
    return kind == OPEN_OPTIMIZER ? 2 : 1;
}

const char *open_word(OpenKind kind)
{
    static const char *const words[] = { "a layer", "an init", "a reg", "a schedule",
                                         "an optimizer" };
    return words[kind];
}

const char *layer_name(const Layer *l)
{
    return l->name;
}

static const char *callee_name(const Ast *callee)
{
    return callee->kind == AST_NAME || callee->kind == AST_MEMBER ? callee->name : "f";
}

static Span callee_span(const Ast *callee)
{
    return callee->kind == AST_MEMBER ? callee->span : callee->name_span;
}

const char *instance_next(Elab *e, const char *name)
{
    Instance *in = e->inst;
    const char *part;
    do { /* a `layer` may have taken the name */
        int64_t *count = map_find(in->counts, name);
        if (count == NULL) {
            count = arena_new(e->arena, int64_t);
            map_put(in->counts, name, count);
        }
        part = str_printf(e->arena, "%s%lld", name, (long long)++*count);
    } while (map_has(in->taken, part));
    map_put(in->taken, part, in);
    return in->path[0] == '\0' ? part : str_printf(e->arena, "%s/%s", in->path, part);
}

void activation_enter(Elab *e, const Item *item, const char *path, const char *suffix,
                      Span span, ActivationSave *save)
{
    *save = (ActivationSave){ e->act, e->inst };
    Frame *frame = arena_new(e->arena, Frame);
    frame->parent = e->act->frame;
    frame->def = item->name;
    frame->path = path;
    frame->call = span;
    Activation *act = arena_new(e->arena, Activation);
    act->parent = e->act;
    act->source = item->home->source;
    act->def = item->name;
    act->call = span;
    act->frame = frame;
    act->depth = e->act->depth + 1;
    Instance *inst = arena_new(e->arena, Instance);
    inst->path = path;
    inst->suffix = suffix;
    inst->counts = map_new(e->arena);
    inst->taken = map_new(e->arena);
    e->act = act;
    e->inst = inst;
}

void activation_leave(Elab *e, const ActivationSave *save)
{
    e->act = save->act;
    e->inst = save->inst;
}

/* Results of a net start afresh: an error made from an accuracy inside is no accuracy.
 */
static Value *net_result(Elab *e, const Item *net, Value *v, bool first)
{
    if (v == NULL || v->kind != VALUE_TENSOR)
        return v;
    TensorValue *t = tensor_copy(e, v->tensor);
    t->counted = false;
    t->net = first ? net->index : -1;
    return value_tensor(e->arena, t);
}

Value *item_apply(Elab *e, Item *item, Slot *slots, const char *path,
                  const char *suffix, Span span)
{
    if (item->failed || !work_step(e, span))
        return NULL;
    Scope *inner = scope_new(e->arena, item->home->scope, false);
    if (!slots_check(e, item, slots, inner, path, span))
        return NULL;
    if (item->ast->kind == AST_NET)
        note_net_inputs(e, item, slots);
    ActivationSave save;
    Body body = { 0 }, *outer = e->body;
    activation_enter(e, item, path, suffix, span, &save);
    e->body = &body;
    Value *y = body_eval(e, item, inner);
    if (y != NULL && !pending_apply(e, &body))
        y = NULL;
    e->body = outer;
    activation_leave(e, &save);
    if (y == NULL || item->ast->kind != AST_NET)
        return y;
    if (y->kind != VALUE_TUPLE)
        return net_result(e, item, y, true);
    Value **at = arena_array(e->arena, Value *, y->list.n);
    for (int i = 0; i < y->list.n; i++)
        at[i] = net_result(e, item, y->list.at[i], i == 0);
    return value_list(e->arena, VALUE_TUPLE, y->list.n, at);
}

/* Remembers, for messages, which call of the user's made a tensor. */
static Value *tag_one(Elab *e, Value *v, const char *name, Span span,
                      const Value *first)
{
    if (v == NULL || v->kind != VALUE_TENSOR)
        return v;
    TensorValue *t = tensor_copy(e, v->tensor);
    t->user = span;
    t->label = name;
    if (first != NULL && first->kind == VALUE_TENSOR)
        t->parent = first->tensor;
    return value_tensor(e->arena, t);
}

static Value *tag(Elab *e, Value *v, const char *name, Span span, const Value *first)
{
    if (v == NULL || e->act->source->is_library)
        return v;
    if (v->kind != VALUE_TUPLE)
        return tag_one(e, v, name, span, first);
    Value **at = arena_array(e->arena, Value *, v->list.n);
    for (int i = 0; i < v->list.n; i++)
        at[i] = tag_one(e, v->list.at[i], name, span, first);
    return value_list(e->arena, VALUE_TUPLE, v->list.n, at);
}

/* ---- casts ----------------------------------------------------------------------- */

static Value *cast(Elab *e, DType dtype, Value *x, Span span)
{
    if (x == NULL)
        return NULL;
    if (value_is_number(x) || x->kind == VALUE_BOOL) {
        double y = dtype_round(dtype, value_number(x));
        if (dtype_is_float(dtype))
            return value_float(e->arena, y);
        return dtype == DTYPE_BOOL ? value_bool(e->arena, y != 0)
                                   : value_int(e->arena, (int64_t)y);
    }
    if (x->kind == VALUE_LIST || x->kind == VALUE_RANGE)
        return tensor_of_numbers(e, dtype, x, span);
    if (x->kind != VALUE_TENSOR)
        return fail(e, DIAG_KIND, span, "`%s` converts a tensor or a number, found %s",
                    dtype_name(dtype), value_describe(e->arena, x));
    if (dtype == DTYPE_F32)
        return float_of(e, x, span);
    if (x->tensor->node->dtype == dtype && x->tensor->node->bound == 0)
        return x;
    return tensor_make(e, build_cast(graph_at(e, span), x->tensor->node, dtype), 1, &x);
}

/* ---- calls ----------------------------------------------------------------------- */

static Value *call_builtin(Elab *e, const Builtin *b, int n_first, Value *const *first,
                           const AstList *args, Scope *s, Span span)
{
    BuiltinArgs bound;
    if (!builtin_bind(e, b, n_first, first, args, s, span, &bound))
        return NULL;
    return b->call(e, b, &bound);
}

static Value *call_item(Elab *e, Item *item, int n_first, Value *const *first,
                        const AstList *args, Scope *s, Span span)
{
    const AstList *params = &item->ast->item.signature->signature.params;
    Slot *slots = arena_array(e->arena, Slot, params->n + 1);
    for (int i = 0; i < n_first && i < params->n; i++)
        slots[i] = (Slot){ .given = true, .value = first[i], .span = span };
    if (!slots_bind(e, item, n_first, args, s, span, slots, NULL))
        return NULL;
    bool net = item->ast->kind == AST_NET;
    const char *path = net ? item->name : instance_next(e, item->name);
    return item_apply(e, item, slots, path, net ? NULL : e->inst->suffix, span);
}

static Value *call_layer(Elab *e, Layer *l, int n_first, Value *const *first,
                         const AstList *args, Scope *s, Span span)
{
    if (n_first + args->n != 1 || (args->n == 1 && args->at[0]->name != NULL))
        return fail(e, DIAG_ARGUMENT_MISSING, span,
                    "the layer `%s` takes exactly one input", l->name);
    Value *x = n_first == 1 ? first[0] : eval(e, args->at[0]->argument, s);
    if (x == NULL)
        return NULL;
    return tag(e, layer_apply(e, l, 1, &x, span), l->name, span, x);
}

static Value *call(Elab *e, const Ast *callee, const AstList *args, Scope *s,
                   int n_first, Value *const *first, Span span)
{
    Value *f = lookup_callable(e, callee, s), *y = NULL;
    if (f == NULL)
        return NULL;
    switch (f->kind) {
    case VALUE_LAYER:
        return call_layer(e, f->layer, n_first, first, args, s, span);
    case VALUE_BUILTIN:
        y = call_builtin(e, f->builtin, n_first, first, args, s, span);
        break;
    case VALUE_DTYPE:
        if (n_first + args->n != 1)
            return fail(e, DIAG_ARGUMENT_COUNT, span, "`%s` takes 1 argument, found %d",
                        dtype_name(f->dtype), n_first + args->n);
        y = cast(e, f->dtype,
                 n_first == 1 ? first[0] : eval(e, args->at[0]->argument, s), span);
        break;
    case VALUE_ITEM:
        if (f->item->ast->kind != AST_DATA) {
            y = call_item(e, f->item, n_first, first, args, s, span);
            break;
        }
        /* fall through */
    default:
        return fail(e, DIAG_MEMBER, span, "%s cannot be called",
                    value_describe(e->arena, f));
    }
    return tag(e, y, callee_name(callee), span, n_first > 0 ? first[0] : NULL);
}

Value *call_eval(Elab *e, const Ast *expr, Scope *s)
{
    return call(e, expr->call.callee, &expr->call.args, s, 0, NULL,
                callee_span(expr->call.callee));
}

Value *pipe_eval(Elab *e, const Ast *expr, Scope *s)
{
    static const AstList none = { 0 };
    const Ast *stage = expr->pair.right;
    Value *x = eval(e, expr->pair.left, s);
    if (x == NULL)
        return NULL;
    switch (stage->kind) {
    case AST_CALL:
        return call(e, stage->call.callee, &stage->call.args, s, 1, &x,
                    callee_span(stage->call.callee));
    case AST_NAME:
    case AST_MEMBER:
        return call(e, stage, &none, s, 1, &x, callee_span(stage));
    case AST_COND:
    case AST_PIPE: {
        Value *l = open_eval(e, stage, s, OPEN_LAYER);
        return l == NULL ? NULL : layer_apply(e, l->layer, 1, &x, stage->span);
    }
    default: {
        Diag *d = fail_begin(e, DIAG_STAGE, stage->span,
                             "a pipeline stage must be a layer or a call");
        if (stage->kind == AST_INDEX)
            diag_help(d, "bind the value first, then index it");
        return fail_end(d);
    }
    }
}

/* ---- layers ---------------------------------------------------------------------- */

static Layer *layer_new(Elab *e, LayerKind kind, const char *name, OpenKind open,
                        Span span)
{
    Layer *l = arena_new(e->arena, Layer);
    l->kind = kind;
    l->name = name;
    l->open = open;
    l->span = span;
    l->act = e->act;
    l->path = "";
    l->suffix = e->inst->suffix;
    return l;
}

static Value *layer_value(Elab *e, Layer *l)
{
    Value *v = value_int(e->arena, 0);
    v->kind = VALUE_LAYER;
    v->layer = l;
    return v;
}

/* Whether the first n parameters are there to be filled; two of them as tensors. */
static bool has_open_inputs(const Item *item, int n)
{
    const AstList *params = &item->ast->item.signature->signature.params;
    bool fits = params->n >= n;
    for (int i = 0; fits && n > 1 && i < n; i++) {
        const Ast *type = params->at[i]->parameter.type;
        fits = type == NULL || type->kind == AST_LIST || type->kind == AST_INDEX;
    }
    return fits;
}

static Value *fail_inputs(Elab *e, const Value *callee, const char *name, OpenKind open,
                          Span span)
{
    if (open != OPEN_OPTIMIZER)
        return fail(e, DIAG_KIND, span, "`%s` takes no input, so it is not %s", name,
                    open_word(open));
    Diag *d = fail_begin(e, DIAG_NOTHING_TO_TRAIN, span,
                         "`using` takes an optimizer, found %s",
                         value_describe(e->arena, callee));
    diag_help(d, "an optimizer is a def from a parameter and its gradient to the next "
                 "value, such as `adam(lr=1e-3)`");
    return fail_end(d);
}

static Value *open_call(Elab *e, Value *callee, const char *name, const AstList *args,
                        Scope *s, OpenKind open, Span span)
{
    Layer *l = layer_new(e, LAYER_CALL, name, open, span);
    l->callee = callee;
    int n = open_count(open);
    if (open == OPEN_OPTIMIZER && callee->kind != VALUE_ITEM)
        return fail_inputs(e, callee, name, open, span);
    if (callee->kind == VALUE_BUILTIN) {
        const Builtin *b = callee->builtin;
        if (!builtin_bind(e, b, n, NULL, args, s, span, &l->args))
            return NULL;
        l->path = e->inst->path;
    } else if (callee->kind == VALUE_ITEM) {
        Item *item = callee->item;
        l->n_slots = item->ast->item.signature->signature.params.n;
        l->slot = arena_array(e->arena, Slot, l->n_slots + 1);
        if (!has_open_inputs(item, n))
            return fail_inputs(e, callee, name, open, span);
        if (item->failed || !slots_bind(e, item, n, args, s, span, l->slot, l))
            return NULL;
        bool net = item->ast->kind == AST_NET;
        bool parametric = open == OPEN_LAYER;
        l->path = net ? item->name : parametric ? instance_next(e, name) : name;
    }
    return layer_value(e, l);
}

static bool is_open_callee(const Value *v)
{
    return v->kind == VALUE_BUILTIN || v->kind == VALUE_DTYPE ||
           (v->kind == VALUE_ITEM && v->item->ast->kind != AST_DATA);
}

static Value *fail_open(Elab *e, const Ast *expr, const Value *v, OpenKind open)
{
    Diag *d = fail_begin(
        e, open == OPEN_OPTIMIZER ? DIAG_NOTHING_TO_TRAIN : DIAG_KIND, expr->span,
        open == OPEN_OPTIMIZER ? "`using` takes %s, found %s" : "expected %s, found %s",
        open_word(open), value_describe(e->arena, v));
    if (open == OPEN_LAYER)
        diag_help(d, "a layer is a def without its input, such as `relu` or "
                     "`conv(32, 3) |> relu`");
    return fail_end(d);
}

static Value *open_chain(Elab *e, const Ast *expr, Scope *s, OpenKind open)
{
    Value *a = open_eval(e, expr->pair.left, s, open);
    Value *b = a != NULL ? open_eval(e, expr->pair.right, s, open) : NULL;
    if (b == NULL)
        return NULL;
    Layer *l = layer_new(e, LAYER_CHAIN, "pipeline", open, expr->span);
    l->first = a->layer;
    l->second = b->layer;
    return layer_value(e, l);
}

/* Constants that stand where an init or reg is asked for. */
static bool is_plain(OpenKind open, const Value *v)
{
    if (open == OPEN_INIT)
        return value_is_number(v) || v->kind == VALUE_LIST || v->kind == VALUE_TENSOR ||
               v->kind == VALUE_CONFIG;
    return false;
}

Value *open_eval(Elab *e, const Ast *expr, Scope *s, OpenKind open)
{
    static const AstList none = { 0 };
    const Ast *callee = expr->kind == AST_CALL ? expr->call.callee : expr;
    if (expr->kind == AST_COND) {
        bool yes;
        if (!eval_truth(e, expr->cond.condition, s, "an `if`", &yes))
            return NULL;
        scope_mark_tree(s, yes ? expr->cond.no : expr->cond.yes);
        return open_eval(e, yes ? expr->cond.yes : expr->cond.no, s, open);
    }
    if (expr->kind == AST_PIPE && open == OPEN_LAYER)
        return open_chain(e, expr, s, open);
    bool named = callee->kind == AST_NAME || callee->kind == AST_MEMBER;
    if (open == OPEN_REG && expr->kind == AST_NAME && str_equal(expr->name, "none"))
        return value_text(e->arena, VALUE_WORD, "none");
    if (!named) {
        Value *v = eval(e, expr, s);
        return v == NULL || is_plain(open, v) ? v : fail_open(e, expr, v, open);
    }
    if (open != OPEN_LAYER && expr->kind == AST_NAME) { /* init = init: handed on */
        const Binding *b = scope_find(s, expr->name);
        if (b != NULL && b->value != NULL &&
            (b->value->kind == VALUE_WORD || is_plain(open, b->value))) {
            scope_mark_used(s, expr->name);
            return b->value;
        }
    }
    Value *f = lookup_callable(e, callee, s);
    if (f == NULL)
        return NULL;
    if (f->kind == VALUE_LAYER && expr->kind == AST_CALL)
        return fail(e, DIAG_KIND, callee->span, "this layer is already complete");
    if (f->kind == VALUE_LAYER)
        return f;
    if (f->kind == VALUE_BUILTIN && open == OPEN_INIT && builtin_is_measure(f->builtin))
        return eval(e, expr, s); /* data_mean(x): reads the data, makes no tensor */
    if (!is_open_callee(f))
        return fail_open(e, expr, f, open);
    return open_call(e, f, callee_name(callee),
                     expr->kind == AST_CALL ? &expr->call.args : &none, s, open,
                     callee_span(callee));
}

static Value *apply_call(Elab *e, Layer *l, int n, Value *const *inputs)
{
    if (l->callee->kind == VALUE_DTYPE)
        return cast(e, l->callee->dtype, inputs[0], l->span);
    if (l->callee->kind == VALUE_BUILTIN) {
        BuiltinArgs args = l->args;
        for (int i = 0; i < n; i++)
            args.at[i] = inputs[i];
        return l->callee->builtin->call(e, l->callee->builtin, &args);
    }
    Slot *slots = arena_array(e->arena, Slot, l->n_slots + 1);
    for (int i = 0; i < l->n_slots; i++)
        slots[i] = l->slot[i];
    for (int i = 0; i < n; i++)
        slots[i] = (Slot){ .given = true, .value = inputs[i], .span = l->span };
    return item_apply(e, l->callee->item, slots, l->path, l->suffix, l->span);
}

/* What `layer head = dense(10, tanh)` computes is all of "net/head", also what is not a
 * def. */
static const Frame *layer_frame(Elab *e, const Layer *l)
{
    const Frame *around = l->act->frame;
    if (l->callee->kind != VALUE_BUILTIN || str_equal(l->path, around->path))
        return around;
    Frame *frame = arena_new(e->arena, Frame);
    *frame = (Frame){ around, around->def, l->path, l->span };
    return frame;
}

/* The layer's call is blamed where it was written, whoever applies it. */
static Value *apply_at_origin(Elab *e, Layer *l, int n, Value *const *inputs)
{
    Activation *act = e->act;
    Instance *inst = e->inst;
    Instance here = *inst;
    here.suffix = l->suffix;
    bool deep = act->depth > l->act->depth;
    Activation *at = arena_new(e->arena, Activation);
    *at = *l->act;
    at->frame = layer_frame(e, l);
    if (deep && act->depth > 100) /* recursion is still seen */
        at->depth = act->depth;
    e->act = at;
    e->inst = &here;
    Value *y = tag(e, apply_call(e, l, n, inputs), l->name, l->span, inputs[0]);
    e->act = act;
    e->inst = inst;
    return y;
}

static Value *apply_shared(Elab *e, Layer *l, int n, Value *const *inputs, Span span)
{
    SharedUse use = { e->shared, l,
                      inputs[0]->kind == VALUE_TENSOR ? inputs[0]->tensor : NULL,
                      span };
    if (l->built_for != NULL)
        e->shared = &use;
    Value *y = layer_apply(e, l->first, n, inputs, span);
    e->shared = use.parent;
    if (y != NULL && l->built_for == NULL && use.input != NULL) {
        l->built_for = inputs[0]->tensor;
        l->built_at = span;
    }
    return y;
}

Value *layer_apply(Elab *e, Layer *l, int n, Value *const *inputs, Span span)
{
    for (int i = 0; i < n; i++)
        if (inputs[i] == NULL)
            return NULL;
    switch (l->kind) {
    case LAYER_CHAIN: {
        Value *y = layer_apply(e, l->first, n, inputs, span);
        return y == NULL ? NULL : layer_apply(e, l->second, 1, &y, span);
    }
    case LAYER_SHARED:
        return apply_shared(e, l, n, inputs, span);
    case LAYER_CALL:
        break;
    }
    return apply_at_origin(e, l, n, inputs);
}
