/* body.c - the body of a def or net: its statements, then its outputs against what the
 * signature declares. */
#include "front/elab.h"

static Value *fail_unbound(Elab *e, const Item *item, const Ast *result)
{
    const AstList *body = &item->ast->item.body->list;
    VEC(const char *) names = { 0 };
    VEC(Span) places = { 0 };
    for (int i = 0; i < body->n; i++)
        for (int k = 0; body->at[i]->kind == AST_BIND && k < body->at[i]->bind.names.n;
             k++) {
            vec_push(e->arena, &names, body->at[i]->bind.names.at[k]->name);
            vec_push(e->arena, &places, body->at[i]->bind.names.at[k]->span);
        }
    const char *near = str_nearest(result->name, names.at, names.n);
    Diag *d =
        diag_begin(e->sink, DIAG_UNBOUND_OUTPUT, result->span,
                   "the output `%s` of `%s` is never bound", result->name, item->name);
    for (int i = 0; near != NULL && i < names.n; i++)
        if (names.at[i] == near)
            diag_label(d, places.at[i], "a similar name is bound here");
    if (near != NULL)
        diag_help(d, "rename one of the two");
    else
        diag_help(d, "bind it in the body: `%s = ...`", result->name);
    return fail_end(d);
}

static Value *fail_result(Elab *e, const Item *item, const Ast *result, const Value *v,
                          DiagId id)
{
    const char *made = value_describe(e->arena, v);
    if (v->kind == VALUE_TENSOR)
        made = tensor_text(e->arena, v->tensor);
    const char *type = source_words(e, result->parameter.type);
    if (item->home->source->is_library)
        return fail(e, DIAG_PATTERN, item->ast->name_span,
                    "`%s` promises %s, but made %s", item->name, type, made);
    Diag *d = diag_begin(e->sink, id, result->span,
                         "`%s` declares `%s: %s`, but its body makes %s", item->name,
                         result->name, type, made);
    diag_primary_text(d, "declared here");
    if (v->kind == VALUE_TENSOR && id == DIAG_DECLARED) {
        const Shape *s = &v->tensor->node->shape;
        if (v->tensor->user.source != NULL && !v->tensor->user.source->is_library)
            diag_label(d, v->tensor->user, "%s", made);
        diag_trail(e, d, v->tensor);
        Type declared;
        if (s->rank == 1 && s->dim[0] == 1 &&
            type_read(e, result->parameter.type, &declared) && declared.dims.n == 0)
            diag_help(d, "a net of one number ends in `|> squeeze`");
    }
    return fail_end(d);
}

Value *result_check(Elab *e, const Item *item, const Ast *result, Value *v, Scope *s)
{
    Type type;
    Shape shape;
    if (v == NULL || result->parameter.type == NULL)
        return v;
    bool net = item->ast->kind == AST_NET;
    if (net && value_is_number(v))
        v = tensor_of(e, v);
    if (v == NULL || !type_read(e, result->parameter.type, &type) ||
        !type_shape(e, &type, s, &shape))
        return NULL;
    if (v->kind != VALUE_TENSOR)
        return net ? fail_result(e, item, result, v, DIAG_DECLARED) : v;
    const Node *n = v->tensor->node;
    if (!shape_equal(&n->shape, &shape))
        return fail_result(e, item, result, v, DIAG_DECLARED);
    bool fits = true;
    if (type.type_class == TYPE_DTYPE)
        fits = n->dtype == type.dtype && n->bound == 0;
    else if (type.type_class == TYPE_INDEX)
        fits = n->bound > 0;
    return fits ? v : fail_result(e, item, result, v, DIAG_DTYPE);
}

static Value *fail_no_output(Elab *e, const Item *item)
{
    Diag *d = diag_begin(e->sink, DIAG_UNBOUND_OUTPUT, item->ast->name_span,
                         "`%s` has a body but no output", item->name);
    diag_help(d,
              "name the output after the arguments: `-> y`, and bind `y` in the body");
    return fail_end(d);
}

static Value *run_block(Elab *e, const Item *item, Scope *s, Value **out)
{
    const AstList *results = &item->ast->item.signature->signature.results;
    const AstList *statements = &item->ast->item.body->list;
    if (results->n == 0)
        return fail_no_output(e, item);
    if (!run_list(e, statements, s, item))
        return NULL;
    for (int i = 0; i < results->n; i++) {
        const Binding *b = map_find(s->names, results->at[i]->name);
        if (b == NULL)
            return fail_unbound(e, item, results->at[i]);
        if (b->value == NULL)
            return NULL;
        scope_mark_used(s, results->at[i]->name);
        out[i] = b->value;
    }
    if (!item->home->source->is_library && e->training &&
        (e->mode == MODE_NET || e->mode == MODE_STEP))
        warn_unused(e, statements, s, item, false);
    return out[0];
}

Value *body_eval(Elab *e, const Item *item, Scope *s)
{
    const Ast *body = item->ast->item.body;
    const AstList *results = &item->ast->item.signature->signature.results;
    int n = results->n > 0 ? results->n : 1;
    Value **out = arena_array(e->arena, Value *, n);
    if (body->kind == AST_EXTERN) {
        if (item->home->source->is_library)
            out[0] = extern_call(e, item, body->name, s);
        else if (!foreign_call(e, item, s, out))
            return NULL;
    } else if (body->kind == AST_BLOCK) {
        if (run_block(e, item, s, out) == NULL)
            return NULL;
    } else {
        if (item->ast->kind == AST_NET && results->n == 0)
            return fail_no_output(e, item);
        Value *v = eval(e, body, s);
        if (v == NULL)
            return NULL;
        out[0] = v;
        if (n > 1 && (v->kind != VALUE_TUPLE || v->list.n != n))
            return fail(e, DIAG_UNPACK, body->span,
                        "`%s` has %d outputs, but its body "
                        "makes %s",
                        item->name, n, value_describe(e->arena, v));
        for (int i = 0; n > 1 && i < n; i++)
            out[i] = v->list.at[i];
    }
    for (int i = 0; i < n && i < results->n; i++)
        out[i] = result_check(e, item, results->at[i], out[i], s);
    for (int i = 0; i < n; i++)
        if (out[i] == NULL)
            return NULL;
    return n == 1 ? out[0] : value_list(e->arena, VALUE_TUPLE, n, out);
}
