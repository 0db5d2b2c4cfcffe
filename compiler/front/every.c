/* every.c - `every n { ... }`: a function of its own, run after a step whose number n
 * divides. Elaborating it passes over the statements of the step; names that these bind
 * are known, but their tensors are of a moment that has gone. */
#include "front/elab.h"

/* The op of a value that is decided by the sample and the program alone, now and later.
 */
static bool is_of_moment(const Node *n, bool *seen)
{
    if (seen[n->id])
        return false;
    seen[n->id] = true;
    if (n->op == &op_random || node_is_input(n, INPUT_PARAM) ||
        node_is_input(n, INPUT_STATE))
        return true;
    for (int i = 0; i < n->n_in; i++)
        if (is_of_moment(n->in[i], seen))
            return true;
    return false;
}

static bool holds_moment(Elab *e, const Value *v)
{
    if (v == NULL)
        return false;
    if (v->kind == VALUE_TENSOR)
        return is_of_moment(v->tensor->node,
                            arena_array(e->arena, bool, e->graph->node.n));
    if (v->kind == VALUE_LIST || v->kind == VALUE_TUPLE)
        for (int i = 0; i < v->list.n; i++)
            if (holds_moment(e, v->list.at[i]))
                return true;
    return false;
}

/* A statement of the step, passed over, leaves no trace in the tensors. */
static void begin_anew(Elab *e)
{
    for (int i = 0; i < map_count(e->current); i++) {
        Current *c = map_value(e->current, i);
        if (c == NULL) /* was a state of a scan that is done */
            continue;
        c->value = c->value_at_entry;
        c->leaf = c->leaf_at_entry;
    }
}

/* The statements that follow leave what `every` has made of the tensors. */
static void keep_made(Elab *e)
{
    for (int i = 0; i < map_count(e->current); i++) {
        Current *c = map_value(e->current, i);
        if (c == NULL)
            continue;
        c->value_at_entry = c->value;
        c->leaf_at_entry = c->leaf;
    }
}

bool every_forget(Elab *e, const Ast *bind, Scope *s, bool bound)
{
    for (int i = 0; i < bind->bind.names.n; i++) {
        Binding *b = scope_find(s, bind->bind.names.at[i]->name);
        if (b == NULL || (bound && !holds_moment(e, b->value)))
            continue;
        Value *gone = value_int(e->arena, 0);
        gone->kind = VALUE_GONE;
        b->value = gone;
    }
    begin_anew(e);
    return true;
}

bool every_passes_over(const Elab *e, const Ast *st)
{
    bool outside = e->block != NULL && e->act == e->block->act && !e->block->inside;
    if (!outside || (e->mode != MODE_EVERY && e->mode != MODE_ACCUMULATED))
        return false;
    if (e->mode == MODE_ACCUMULATED)
        return st->kind == AST_METRIC || st->kind == AST_UPDATE;
    return st->kind == AST_MINIMIZE || st->kind == AST_METRIC ||
           st->kind == AST_UPDATE || st->kind == AST_ASSERT;
}

static bool note(Elab *e, const Ast *st, Scope *s)
{
    int64_t n;
    Span word = { st->span.source, st->span.begin, st->span.begin + 5 };
    if (e->loop != NULL)
        return fail(e, DIAG_STRAY_STATEMENT, word,
                    "`every` cannot stand in a loop; put the loop into it") != NULL;
    if (!eval_int(e, st->loop.over, s, &n, "`every` needs"))
        return false;
    if (n < 1 || n > INT32_MAX)
        return fail(e, DIAG_KIND, st->loop.over->span,
                    "`every` counts steps from 1 to 2147483647, found %lld",
                    (long long)n) != NULL;
    scope_mark_list(s, &st->loop.body);
    Every every = { st, n };
    vec_push(e->arena, &e->block->every, every);
    return true;
}

bool every_statement(Elab *e, const Ast *st, Scope *s)
{
    BlockContext *b = e->block;
    if (b->inside)
        return fail(e, DIAG_STRAY_STATEMENT,
                    (Span){ st->span.source, st->span.begin, st->span.begin + 5 },
                    "`every` cannot stand inside `every`") != NULL;
    if (e->mode == MODE_STEP)
        return note(e, st, s);
    scope_mark_list(s, &st->loop.body);
    if (e->mode != MODE_EVERY || b->now.ast != st)
        return true;
    Scope *inner = scope_new(e->arena, s, false);
    b->inside = true;
    bool ok = run_list(e, &st->loop.body, inner, NULL);
    b->inside = false;
    keep_made(e);
    return ok && warn_unused(e, &st->loop.body, inner, NULL, true);
}
