/* scope.c - names and what they stand for. */
#include "front/elab.h"

Scope *scope_new(Arena *a, Scope *parent, bool is_block)
{
    Scope *s = arena_new(a, Scope);
    s->parent = parent;
    s->names = map_new(a);
    s->used = map_new(a);
    s->is_block = is_block;
    return s;
}

void scope_define(Arena *a, Scope *s, const char *name, Value *value, Span span)
{
    Binding *b = arena_new(a, Binding);
    b->value = value;
    b->span = span;
    map_put(s->names, name, b);
}

/* Inside a pass, binding a name of the enclosing body carries it to the next pass. */
void scope_assign(Arena *a, Scope *s, const char *name, Value *value, Span span)
{
    Scope *to = s;
    for (Scope *at = s; at != NULL; at = at->parent) {
        if (map_has(at->names, name)) {
            to = at;
            break;
        }
        if (!at->is_block)
            break;
    }
    scope_define(a, to, name, value, span);
}

static void mark(Scope *s, const char *name)
{
    map_put(s->used, name, s);
}

/* Marks from the scope that holds the name outwards to its body's. */
static Binding *find_marking(Scope *s, const char *name)
{
    for (; s != NULL; s = s->parent) {
        Binding *b = map_find(s->names, name);
        if (b == NULL)
            continue;
        Scope *at = s;
        for (; at->is_block && at->parent != NULL; at = at->parent)
            mark(at, name);
        mark(at, name);
        return b;
    }
    return NULL;
}

void scope_mark_used(Scope *s, const char *name)
{
    find_marking(s, name);
}

Binding *scope_find(const Scope *s, const char *name)
{
    for (; s != NULL; s = s->parent) {
        Binding *b = map_find(s->names, name);
        if (b != NULL)
            return b;
    }
    return NULL;
}

static bool is_callable(const Value *v)
{
    return v->kind == VALUE_LAYER || v->kind == VALUE_BUILTIN ||
           v->kind == VALUE_DTYPE ||
           (v->kind == VALUE_ITEM && v->item->ast->kind != AST_DATA);
}

/* Where something to call is expected, a tensor or a number of that name is no match.
 */
Binding *scope_find_callable(const Scope *s, const char *name)
{
    for (; s != NULL; s = s->parent) {
        Binding *b = map_find(s->names, name);
        if (b != NULL && b->value != NULL && is_callable(b->value))
            return b;
    }
    return NULL;
}

const Shape *scope_rest(const Scope *s)
{
    for (; s != NULL; s = s->parent)
        if (s->rest != NULL || !s->is_block)
            return s->rest;
    return NULL;
}

void scope_mark_list(Scope *s, const AstList *list)
{
    for (int i = 0; i < list->n; i++)
        scope_mark_tree(s, list->at[i]);
}

static void mark_statement(Scope *s, const Ast *t)
{
    switch (t->kind) {
    case AST_BIND:
        scope_mark_tree(s, t->bind.value);
        break;
    case AST_UPDATE:
        scope_mark_tree(s, t->update.value);
        break;
    case AST_PARAM:
    case AST_STATE:
    case AST_LAYER:
    case AST_METRIC:
    case AST_SETTING:
        scope_mark_tree(s, t->named.value);
        break;
    case AST_MINIMIZE:
        scope_mark_tree(s, t->minimize.loss);
        break;
    case AST_ASSERT:
        scope_mark_tree(s, t->assertion.condition);
        break;
    case AST_IF:
        scope_mark_tree(s, t->branch.condition);
        scope_mark_list(s, &t->branch.then);
        scope_mark_list(s, &t->branch.otherwise);
        break;
    case AST_FOR:
    case AST_REPEAT:
    case AST_EVERY:
        scope_mark_tree(s, t->loop.over);
        scope_mark_list(s, &t->loop.body);
        break;
    default:
        break;
    }
}

void scope_mark_tree(Scope *s, const Ast *t)
{
    if (t == NULL)
        return;
    switch (t->kind) {
    case AST_NAME:
        scope_mark_used(s, t->name);
        break;
    case AST_LIST:
        scope_mark_list(s, &t->list);
        break;
    case AST_CALL:
        scope_mark_tree(s, t->call.callee);
        scope_mark_list(s, &t->call.args);
        break;
    case AST_ARGUMENT:
        scope_mark_tree(s, t->argument);
        break;
    case AST_INDEX:
        scope_mark_tree(s, t->index.base);
        scope_mark_list(s, &t->index.subs);
        break;
    case AST_MEMBER:
    case AST_UNARY:
        scope_mark_tree(s, t->base);
        break;
    case AST_BINARY:
    case AST_RANGE:
    case AST_PIPE:
        scope_mark_tree(s, t->pair.left);
        scope_mark_tree(s, t->pair.right);
        break;
    case AST_COND:
        scope_mark_tree(s, t->cond.condition);
        scope_mark_tree(s, t->cond.yes);
        scope_mark_tree(s, t->cond.no);
        break;
    default:
        mark_statement(s, t);
        break;
    }
}

const char *scope_nearest(Arena *a, const Scope *s, const char *name)
{
    VEC(const char *) names = { 0 };
    for (; s != NULL; s = s->parent)
        for (int i = 0; i < map_count(s->names); i++)
            vec_push(a, &names, map_key(s->names, i));
    for (int i = 0; i < builtin_count(); i++)
        vec_push(a, &names, builtin_at(i)->name);
    for (int i = 0; i < DTYPE_DL_COUNT; i++)
        vec_push(a, &names, dtype_name((DType)i));
    return str_nearest(name, names.at, names.n);
}
