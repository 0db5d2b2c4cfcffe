/* update.c - `<-`: the next value of a state, and copies and mixes between nets.
 *
 * A state's next value waits until its body ends. Between nets an update takes effect
 * where it stands, as that of `minimize` does: `target <- mix(target, online, 0.99)` is
 * evaluated once for each tensor of `target`, and a net's name stands for its tensor at
 * the same path. */
#include "front/elab.h"

#include <string.h>

/* ---- states -------------------------------------------------------------- */

static bool fail_target(Elab *e, const Ast *st)
{
    const Ast *target = st->update.target;
    Diag *d = fail_begin(e, DIAG_NOT_STATE, target->span,
                         "`<-` updates a state, and `%s` is not one",
                         source_words(e, target));
    diag_help(d, "declare it: `state h: [n] = zeros`");
    return diag_end(d);
}

/* The value as the next one of `c`; NULL: it is not. */
static Value *next_value(Elab *e, const Ast *st, const Current *c, const char *kind,
                         const char *name, Value *v)
{
    if (value_is_number(v))
        v = full_value(e, value_number(v), &c->input->shape, st->span);
    if (v == NULL)
        return NULL;
    bool fits = v->kind == VALUE_TENSOR && dtype_is_float(v->tensor->node->dtype) &&
                shape_equal(&v->tensor->node->shape, &c->input->shape);
    if (!fits) {
        Diag *d = fail_begin(e, DIAG_BROADCAST, st->update.value->span,
                             "the %s `%s` is %s, but its next value is %s", kind, name,
                             tensor_text(e->arena, c->value),
                             v->kind == VALUE_TENSOR ? tensor_text(e->arena, v->tensor)
                                                     : value_describe(e->arena, v));
        diag_origin(e, d, v->kind == VALUE_TENSOR ? v->tensor : NULL, "");
        return fail_end(d);
    }
    bool alone = e->mode == MODE_NET && e->net != NULL; /* may take one row a call */
    if (!v->tensor->node->batched || c->scan != NULL || alone)
        return v;
    Diag *d = fail_begin(e, DIAG_BATCHED_STATE, st->update.value->span,
                         "the next value of `%s` differs between samples", name);
    diag_note(d, "outside `scan` a state has one value for the whole batch");
    diag_help(d, "run a cell over time with `scan`, or reduce the batch with "
                 "`batch_mean`");
    return fail_end(d);
}

/* ---- nets ---------------------------------------------------------------- */

static bool is_net(const Value *v)
{
    return v != NULL && v->kind == VALUE_ITEM && v->item->ast->kind == AST_NET;
}

typedef VEC(const Item *) Nets;

/* The nets whose names stand for values in an expression; a net called is none. */
static void find_nets(Elab *e, const Ast *t, Scope *s, Nets *nets)
{
    switch (t->kind) {
    case AST_NAME: {
        const Binding *b = scope_find(s, t->name);
        if (b != NULL && is_net(b->value))
            vec_push(e->arena, nets, b->value->item);
        break;
    }
    case AST_CALL:
        for (int i = 0; i < t->call.args.n; i++)
            find_nets(e, t->call.args.at[i]->argument, s, nets);
        break;
    case AST_UNARY:
        find_nets(e, t->base, s, nets);
        break;
    case AST_BINARY:
        find_nets(e, t->pair.left, s, nets);
        find_nets(e, t->pair.right, s, nets);
        break;
    case AST_PIPE: /* a net after |> is called */
        find_nets(e, t->pair.left, s, nets);
        if (t->pair.right->kind == AST_CALL)
            find_nets(e, t->pair.right, s, nets);
        break;
    case AST_COND:
        find_nets(e, t->cond.yes, s, nets);
        find_nets(e, t->cond.no, s, nets);
        break;
    default:
        break;
    }
}

static const ModuleTensor *tensor_of_net(const Elab *e, const char *net,
                                         const char *below)
{
    return map_find(e->registry, str_printf(e->arena, "%s/%s", net, below));
}

/* Every tensor of net `a` is one of net `b`, at the same path and of the same shape. */
static bool same_tensors(Elab *e, const Ast *st, const char *a, const char *b)
{
    const char *below = str_printf(e->arena, "%s/", a);
    for (int i = 0; i < map_count(e->registry); i++) {
        const ModuleTensor *t = map_value(e->registry, i);
        if (!str_starts(t->path, below) || t->role == ROLE_OPTIMIZER ||
            t->role == ROLE_MEMORY)
            continue;
        const char *rest = t->path + strlen(below);
        const ModuleTensor *other = tensor_of_net(e, b, rest);
        if (other != NULL && shape_equal(&other->shape, &t->shape))
            continue;
        Diag *d = fail_begin(e, DIAG_BROADCAST, st->update.value->span,
                             "`%s` and `%s` are nets of different parameters", a, b);
        if (other == NULL)
            diag_note(d, "`%s` has `%s` %s, `%s` has none", a, rest,
                      shape_text(e->arena, &t->shape), b);
        else
            diag_note(d, "`%s` is %s in `%s` and %s in `%s`", rest,
                      shape_text(e->arena, &t->shape), a,
                      shape_text(e->arena, &other->shape), b);
        diag_help(d, "make both nets from one def");
        return diag_end(d);
    }
    return true;
}

static Current *current_at(Elab *e, const ModuleTensor *t)
{
    return current_of(e, t, map_find(e->regs, t->path));
}

static bool update_tensor(Elab *e, const Ast *st, Scope *s, const Nets *nets,
                          const ModuleTensor *t, const char *rest)
{
    Scope *inner = scope_new(e->arena, s, true);
    for (int i = 0; i < nets->n; i++) {
        const char *name = nets->at[i]->name;
        Current *from = current_at(e, tensor_of_net(e, name, rest));
        scope_define(e->arena, inner, name, value_tensor(e->arena, from->value),
                     st->span);
    }
    Current *to = current_at(e, t);
    graph_at(e, st->span);
    Value *v = eval(e, st->update.value, inner);
    v = v != NULL ? next_value(e, st, to, "parameter", t->path, v) : NULL;
    if (v == NULL)
        return false;
    graph_at(e, st->span);
    current_set(e, to, v->tensor->node);
    return true;
}

static bool update_net(Elab *e, const Ast *st, Scope *s, const char *net)
{
    Nets nets = { 0 };
    const char *below = str_printf(e->arena, "%s/", net);
    find_nets(e, st->update.value, s, &nets);
    for (int i = 0; i < nets.n; i++)
        if (!same_tensors(e, st, net, nets.at[i]->name) ||
            !same_tensors(e, st, nets.at[i]->name, net))
            return false;
    if (e->mode == MODE_EVAL || e->mode == MODE_GRAD || e->mode == MODE_MEASURE)
        return true;
    for (int i = 0, n = map_count(e->registry); i < n; i++) {
        const ModuleTensor *t = map_value(e->registry, i);
        if (str_starts(t->path, below) && t->role != ROLE_OPTIMIZER &&
            t->role != ROLE_MEMORY &&
            !update_tensor(e, st, s, &nets, t, t->path + strlen(below)))
            return false;
    }
    return true;
}

/* ---- statements ---------------------------------------------------------- */

bool update_statement(Elab *e, const Ast *st, Scope *s)
{
    Value *target = eval(e, st->update.target, s);
    if (target == NULL)
        return false;
    bool in_train =
        e->block != NULL && e->block->kind == BLOCK_TRAIN && e->act == e->block->act;
    if (is_net(target) && target->item->failed)
        return false;
    if (is_net(target) && in_train)
        return update_net(e, st, s, target->item->name);
    if (is_net(target)) {
        Diag *d = fail_begin(e, DIAG_STRAY_STATEMENT, st->span,
                             "`<-` between nets belongs in a train block");
        return diag_end(d);
    }
    if (target->kind != VALUE_TENSOR || target->tensor->source == LEAF_NONE)
        return fail_target(e, st);
    Value *v = eval(e, st->update.value, s);
    Current *c = map_find(e->current, target->tensor->path);
    if (v != NULL)
        v = next_value(e, st, c, "state", source_words(e, st->update.target), v);
    if (v == NULL)
        return false;
    Pending p = { c, v->tensor, st->span };
    vec_push(e->arena, &e->body->pending, p);
    return true;
}

/* Updates take effect together, when the call ends. */
bool pending_apply(Elab *e, Body *body)
{
    for (int i = 0; i < body->pending.n; i++) {
        const Pending *p = &body->pending.at[i];
        Current *c = p->target;
        TensorValue *v = tensor_copy(e, p->value);
        v->source = c->value->source;
        v->path = c->path;
        v->label = NULL;
        current_take(e, c, v);
    }
    return true;
}
