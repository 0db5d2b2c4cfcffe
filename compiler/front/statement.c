/* statement.c - bindings, decisions and loops; what remains of them is straight line.
 */
#include "front/elab.h"

#include "support/bug.h"

#include <string.h>

static bool at_block_level(const Elab *e)
{
    return e->block != NULL && e->act == e->block->act;
}

static BlockKind block_kind(const Elab *e)
{
    return at_block_level(e) ? e->block->kind : BLOCK_NONE;
}

/* ---- bindings -------------------------------------------------------------------- */

static void poison(Elab *e, const AstList *names, Scope *s)
{
    for (int i = 0; i < names->n; i++)
        scope_assign(e->arena, s, names->at[i]->name, NULL, names->at[i]->span);
}

static bool check_declared(Elab *e, const Ast *st, const Value *v, Scope *s)
{
    Type type;
    Shape shape;
    if (!type_read(e, st->bind.type, &type) || !type_shape(e, &type, s, &shape))
        return false;
    bool fits = v->kind == VALUE_TENSOR && shape_equal(&v->tensor->node->shape, &shape);
    if (fits && type.type_class == TYPE_DTYPE)
        fits = v->tensor->node->dtype == type.dtype;
    if (fits)
        return true;
    Diag *d =
        fail_begin(e, DIAG_DECLARED, st->bind.type->span,
                   "`%s` is declared %s, but this makes %s", st->bind.names.at[0]->name,
                   source_words(e, st->bind.type), value_describe(e->arena, v));
    diag_primary_text(d, "declared here");
    if (v->kind == VALUE_TENSOR) {
        diag_origin(e, d, v->tensor, "");
        diag_trail(e, d, v->tensor);
    }
    return diag_end(d);
}

/* The values for n names: results in order, items of a list, or rows of a tensor. */
static bool unpack(Elab *e, const Ast *st, Value *v, int n, Value **values)
{
    int found = -1;
    if (v->kind == VALUE_TUPLE || v->kind == VALUE_LIST)
        found = v->list.n;
    else if (v->kind == VALUE_TENSOR && v->tensor->node->shape.rank > 0 &&
             v->tensor->node->shape.dim[0] == n)
        found = n;
    if (found < 0)
        return fail(e, DIAG_UNPACK, st->name_span, "cannot unpack %s into %d names",
                    value_describe(e->arena, v), n) != NULL;
    if (found != n)
        return fail(e, DIAG_UNPACK, st->name_span,
                    "%d names, but the right-hand side has %d value%s", n, found,
                    found == 1 ? "" : "s") != NULL;
    for (int i = 0; i < n; i++) {
        values[i] =
            v->kind == VALUE_TENSOR ? tensor_row(e, v, i, st->span) : v->list.at[i];
        if (values[i] == NULL)
            return false;
    }
    return true;
}

/* A value without a place of its own is shown where it was bound. */
static Value *place(Elab *e, Value *v, Span span)
{
    if (v == NULL || v->kind != VALUE_TENSOR || v->tensor->user.source != NULL ||
        e->act->source->is_library)
        return v;
    TensorValue *t = tensor_copy(e, v->tensor);
    t->user = span;
    return value_tensor(e->arena, t);
}

static bool bind_statement(Elab *e, const Ast *st, Scope *s)
{
    const AstList *names = &st->bind.names;
    const Ast *first = names->at[0];
    BlockKind kind = block_kind(e);
    if ((kind == BLOCK_TRAIN || kind == BLOCK_DATA) && is_setting(kind, first->name)) {
        Diag *d = fail_begin(e, DIAG_SETTING_EQUALS, first->span,
                             "`%s` is a setting of `%s`, not a name to bind",
                             first->name, kind == BLOCK_TRAIN ? "train" : "data");
        diag_help(d, "settings take a colon: `%s: %s`", first->name,
                  span_words(e, st->bind.value->span));
        return diag_end(d);
    }
    Value *v = eval(e, st->bind.value, s);
    bool ok = v != NULL && (st->bind.type == NULL || check_declared(e, st, v, s));
    Value **values = arena_array(e->arena, Value *, names->n);
    values[0] = v;
    if (ok && (names->n > 1 || v->kind == VALUE_TUPLE))
        ok = unpack(e, st, v, names->n, values);
    if (!ok) {
        poison(e, names, s);
        return false;
    }
    for (int i = 0; i < names->n; i++)
        if (!str_equal(names->at[i]->name, "_"))
            scope_assign(e->arena, s, names->at[i]->name,
                         place(e, values[i], names->at[i]->span), names->at[i]->span);
    return true;
}

/* ---- decisions ------------------------------------------------------------------- */

static bool if_statement(Elab *e, const Ast *st, Scope *s, const Item *item)
{
    bool yes;
    if (!eval_truth(e, st->branch.condition, s, "an `if`", &yes)) {
        for (int k = 0; k < 2; k++) { /* what it would have bound is poison */
            const AstList *list = k == 0 ? &st->branch.then : &st->branch.otherwise;
            for (int i = 0; i < list->n; i++)
                if (list->at[i]->kind == AST_BIND)
                    poison(e, &list->at[i]->bind.names, s);
        }
        return false;
    }
    scope_mark_list(s, yes ? &st->branch.otherwise : &st->branch.then);
    return run_list(e, yes ? &st->branch.then : &st->branch.otherwise, s, item);
}

static bool pass(Elab *e, const Ast *st, Scope *s, const Item *item, Value *value)
{
    if (!work_step(e, st->span))
        return false;
    Scope *inner = scope_new(e->arena, s, true);
    Loop loop = { e->loop, value != NULL ? st->name : NULL, value,
                  source_line(st->span.source, st->span.begin) };
    if (value != NULL)
        scope_define(e->arena, inner, st->name, value, st->name_span);
    e->loop = &loop;
    bool ok = run_list(e, &st->loop.body, inner, item);
    e->loop = loop.parent;
    return ok;
}

static bool for_statement(Elab *e, const Ast *st, Scope *s, const Item *item)
{
    Value *v = eval(e, st->loop.over, s);
    if (v == NULL)
        return false;
    if (v->kind == VALUE_LIST) {
        bool ok = true;
        for (int i = 0; i < v->list.n && ok; i++)
            ok = pass(e, st, s, item, v->list.at[i]);
        return ok;
    }
    const Value *from = v->kind == VALUE_RANGE ? v->range.from : NULL;
    const Value *to = v->kind == VALUE_RANGE ? v->range.to : NULL;
    if (from == NULL || to == NULL || from->kind != VALUE_INT || to->kind != VALUE_INT)
        return fail(e, DIAG_KIND, st->loop.over->span,
                    "`for` runs over a range or a list, found %s",
                    value_describe(e->arena, v)) != NULL;
    bool ok = true;
    for (int64_t i = from->integer; i < to->integer && ok; i++)
        ok = pass(e, st, s, item, value_int(e->arena, i));
    return ok;
}

static bool repeat_statement(Elab *e, const Ast *st, Scope *s, const Item *item)
{
    int64_t n;
    if (!eval_int(e, st->loop.over, s, &n, "`repeat` needs"))
        return false;
    bool ok = true;
    for (int64_t i = 0; i < n && ok; i++)
        ok = pass(e, st, s, item, NULL);
    return ok;
}

/* ---- assert ---------------------------------------------------------------------- */

/* {name}, {shape(x)} and {rank(x)} of a message. */
static void interpolate(Elab *e, Out *o, const char *text, size_t length, Scope *s)
{
    const char *word = str_copy(e->arena, text, length);
    size_t skip = str_starts(word, "shape(") ? 6 : str_starts(word, "rank(") ? 5 : 0;
    if (skip > 0 && word[length - 1] == ')')
        word = str_copy(e->arena, word + skip, length - skip - 1);
    const Binding *b = scope_find(s, word);
    if (b == NULL || b->value == NULL)
        out_puts(o, "?");
    else if (skip == 5 && b->value->kind == VALUE_TENSOR)
        out_print(o, "%d", b->value->tensor->node->shape.rank);
    else
        out_puts(o, value_words(e->arena, b->value));
    scope_mark_used(s, word);
}

static const char *message_text(Elab *e, const Ast *message, Scope *s)
{
    Out o;
    out_init(&o, e->arena);
    for (const char *at = message->name; *at != '\0';) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        if (end != NULL && end > at + 1) {
            interpolate(e, &o, at + 1, (size_t)(end - at - 1), s);
            at = end + 1;
        } else {
            out_write(&o, at++, 1);
        }
    }
    return out_text(&o);
}

static const TensorValue *first_tensor(const Scope *s)
{
    while (s->is_block && s->parent != NULL)
        s = s->parent;
    for (int i = 0; i < map_count(s->names); i++) {
        const Binding *b = map_value(s->names, i);
        if (b->value != NULL && b->value->kind == VALUE_TENSOR)
            return b->value->tensor;
    }
    return NULL;
}

/* checked by `attention` at std/transformer.dl:4, called by `block` */
static void note_checker(Elab *e, Diag *d, const Ast *st)
{
    const char *caller = NULL;
    const Activation *at = e->act;
    if (at->def == NULL)
        return;
    if (at->parent != NULL && at->parent->parent != NULL &&
        at->parent->source->is_library)
        caller = at->parent->def;
    int line = source_line(st->span.source, st->span.begin);
    if (caller != NULL)
        diag_note(d, "checked by `%s` at %s:%d, called by `%s`", at->def,
                  at->source->name, line, caller);
    else
        diag_note(d, "checked by `%s` at %s:%d", at->def, at->source->name, line);
}

static bool assert_statement(Elab *e, const Ast *st, Scope *s)
{
    bool holds;
    if (!eval_truth(e, st->assertion.condition, s, "an `assert`", &holds))
        return false;
    scope_mark_tree(s, st->assertion.condition);
    if (holds)
        return true;
    const TensorValue *x = first_tensor(s);
    Span at = blame(e, st->span);
    Diag *d = fail_begin(e, DIAG_ASSERTION, st->span, "%s",
                         message_text(e, st->assertion.message, s));
    bool same = x != NULL && x->user.source == at.source && x->user.begin == at.begin;
    if (x != NULL && !same)
        diag_origin(e, d, x, "");
    diag_trail(e, d, x);
    diag_context(e, d);
    note_checker(e, d, st);
    if (st->assertion.help != NULL)
        diag_help(d, "%s", message_text(e, st->assertion.help, s));
    return diag_end(d);
}

/* ---- all ------------------------------------------------------------------------- */

static bool stray(Elab *e, const Ast *st)
{
    const char *word = ast_kind_word(st->kind);
    Span span = { st->span.source, st->span.begin,
                  st->span.begin + (uint32_t)strlen(word) };
    return fail(e, DIAG_STRAY_STATEMENT, span, "`%s` belongs in a %s block", word,
                st->kind == AST_AUGMENT ? "data" : "train") != NULL;
}

static bool train_statement(Elab *e, const Ast *st, Scope *s)
{
    if (block_kind(e) != BLOCK_TRAIN)
        return stray(e, st);
    if (st->kind == AST_MINIMIZE)
        return minimize_statement(e, st, s);
    if (st->kind == AST_METRIC)
        return metric_statement(e, st, s);
    return every_statement(e, st, s);
}

bool run_statement(Elab *e, const Ast *st, Scope *s, const Item *item)
{
    if (!work_step(e, st->span))
        return false;
    if (every_passes_over(e, st))
        return true;
    switch (st->kind) {
    case AST_BIND:
        if (e->mode == MODE_EVERY && at_block_level(e) && !e->block->inside)
            return every_forget(e, st, s, bind_statement(e, st, s));
        return bind_statement(e, st, s);
    case AST_SETTING:
        return setting_statement(e, st, s);
    case AST_UPDATE:
        return update_statement(e, st, s);
    case AST_PARAM:
    case AST_STATE:
        if (leaf_statement(e, st, s))
            return true;
        scope_define(e->arena, s, st->name, NULL, st->name_span);
        return false;
    case AST_LAYER:
        if (layer_statement(e, st, s))
            return true;
        scope_define(e->arena, s, st->name, NULL, st->name_span);
        return false;
    case AST_ASSERT:
        return assert_statement(e, st, s);
    case AST_IF:
        return if_statement(e, st, s, item);
    case AST_FOR:
        return for_statement(e, st, s, item);
    case AST_REPEAT:
        return repeat_statement(e, st, s, item);
    case AST_MINIMIZE:
    case AST_METRIC:
    case AST_EVERY:
        return train_statement(e, st, s);
    case AST_AUGMENT:
        if (block_kind(e) == BLOCK_DATA)
            return setting_statement(e, st, s);
        return stray(e, st);
    default:
        BUG("a %s is no statement", ast_kind_word(st->kind));
    }
}

bool run_list(Elab *e, const AstList *list, Scope *s, const Item *item)
{
    bool ok = true;
    for (int i = 0; i < list->n && !e->exhausted; i++) {
        if (!run_statement(e, list->at[i], s, item)) {
            ok = false;
            /* What follows relies on an assert; in the library one cause is enough. */
            if (list->at[i]->kind == AST_ASSERT || e->act->source->is_library)
                break;
        }
    }
    return ok && !e->exhausted;
}

/* Values bound at the top of a body and never read. In a net or def of the user's, and
 * only as seen with training = true; what a branch not taken reads counts as read. */
bool warn_unused(Elab *e, const AstList *list, Scope *s, const Item *item,
                 bool in_train)
{
    for (int i = 0; i < list->n; i++) {
        const Ast *st = list->at[i];
        for (int k = 0; st->kind == AST_BIND && k < st->bind.names.n; k++) {
            const Ast *name = st->bind.names.at[k];
            const AstList *results = item != NULL && item->ast->item.signature != NULL
                                         ? &item->ast->item.signature->signature.results
                                         : NULL;
            bool output = false;
            for (int r = 0; results != NULL && r < results->n; r++)
                output = output || str_equal(results->at[r]->name, name->name);
            if (output || str_equal(name->name, "_") || map_has(s->used, name->name))
                continue;
            map_put(s->used, name->name, s);
            Diag *d = diag_begin(e->sink, DIAG_UNUSED, name->span, "`%s` is never used",
                                 name->name);
            if (!in_train)
                diag_help(
                    d, "delete it, or feed it to the layer that should have used it");
            diag_end(d);
        }
    }
    return true;
}
