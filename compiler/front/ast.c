/* ast.c - the builders of syntax tree nodes. */
#include "front/ast.h"

#include "front/ast_build.h"
#include "front/parse.h"
#include "front/syntax_error.h"

const char *ast_kind_word(AstKind kind)
{
    static const char *const word[] = {
#define AST(kind, what) what,
#include "front/ast.def"
#undef AST
    };
    return kind < AST_COUNT ? word[kind] : "node";
}

AstList ast_append(Parser *p, AstList list, Ast *last)
{
    vec_push(p->arena, &list, last);
    return list;
}

AstList ast_list_of(Parser *p, Ast *only)
{
    return ast_append(p, (AstList){ 0 }, only);
}

static Ast *node(Parser *p, AstKind kind, Span span, Span name_span, const char *name)
{
    Ast *n = arena_new(p->arena, Ast);
    n->kind = kind;
    n->span = span;
    n->name_span = name_span;
    n->name = name;
    n->height = 1;
    return n;
}

/* Every child passes here, so trees that recursion could not walk are never built. */
static Ast *child(Parser *p, Ast *parent, Ast *c)
{
    if (c == NULL || c->height < parent->height)
        return c;
    parent->height = c->height + 1;
    if (parent->height > PARSE_HEIGHT && !p->stop)
        parse_too_deep(p, parent->name_span);
    return c;
}

static AstList children(Parser *p, Ast *parent, AstList list)
{
    for (int i = 0; i < list.n; i++)
        child(p, parent, list.at[i]);
    return list;
}

/* ---- items ----------------------------------------------------------------------- */

static Ast *item(Parser *p, AstKind kind, Span span, Span name_span, const char *name)
{
    Ast *n = node(p, kind, span, name_span, name);
    n->doc = token_doc(p->arena, &p->tokens, p->source, span.begin);
    return n;
}

/* "std.transformer" */
static const char *dotted(Arena *a, const Ast *path)
{
    if (path->kind != AST_MEMBER)
        return path->name;
    return str_printf(a, "%s.%s", dotted(a, path->base), path->name);
}

Ast *ast_import(Parser *p, Span span, Ast *path, const Token *as)
{
    Ast *n = item(p, AST_IMPORT, span, path->span, path->name);
    child(p, n, path);
    if (p->stop)
        return n;
    n->import.is_file = path->kind == AST_STRING;
    n->import.path = dotted(p->arena, path);
    n->import.as = as != NULL ? as->text : NULL;
    return n;
}

Ast *ast_item(Parser *p, AstKind kind, Span span, const Token *name, Ast *signature,
              Ast *body)
{
    Ast *n = item(p, kind, span, name->span, name->text);
    n->item.signature = child(p, n, signature);
    n->item.body = child(p, n, body);
    return n;
}

Ast *ast_train(Parser *p, Span span, const Token *keyword, const Token *name,
               Ast *signature, AstList on, Ast *body)
{
    Ast *n = item(p, AST_TRAIN, span, name != NULL ? name->span : keyword->span,
                  name != NULL ? name->text : NULL);
    n->item.signature = child(p, n, signature);
    n->item.body = child(p, n, body);
    n->item.on = children(p, n, on);
    return n;
}

Ast *ast_deploy(Parser *p, Span span, const Token *net, const Token *as, AstList body)
{
    Ast *n = item(p, AST_DEPLOY, span, net->span, net->text);
    n->deploy.as = as != NULL ? as->text : NULL;
    n->deploy.body = children(p, n, body);
    return n;
}

Ast *ast_signature(Parser *p, Span span, AstList params, AstList results)
{
    Ast *n = node(p, AST_SIGNATURE, span, span, NULL);
    n->signature.params = children(p, n, params);
    n->signature.results = children(p, n, results);
    return n;
}

Ast *ast_parameter(Parser *p, AstKind kind, Span span, const Token *name, Ast *type,
                   Ast *value)
{
    Ast *n = node(p, kind, span, name->span, name->text);
    n->parameter.type = child(p, n, type);
    n->parameter.value = child(p, n, value);
    return n;
}

Ast *ast_alternatives(Parser *p, Span span, AstList types)
{
    if (types.n == 1)
        return types.at[0];
    span.begin = types.at[0]->span.begin; /* after the colon */
    Ast *n = node(p, AST_ALTERNATIVES, span, span, NULL);
    n->list = children(p, n, types);
    return n;
}

Ast *ast_block(Parser *p, Span span, AstList statements)
{
    Ast *n = node(p, AST_BLOCK, span, span, NULL);
    n->list = children(p, n, statements);
    return n;
}

/* What stands between the quotes. */
static Span inside(const Token *string)
{
    Span s = string->span;
    s.begin++;
    s.end -= s.end > s.begin;
    return s;
}

Ast *ast_extern(Parser *p, Span span, const Token *symbol, const Token *gradient)
{
    Ast *n = node(p, AST_EXTERN, span, inside(symbol), symbol->text);
    if (gradient != NULL) {
        n->foreign.gradient = gradient->text;
        n->foreign.gradient_span = inside(gradient);
    }
    return n;
}

/* ---- statements ------------------------------------------------------------------ */

Ast *ast_named(Parser *p, AstKind kind, Span span, const Token *name, Ast *type,
               Ast *value)
{
    Ast *n = kind == AST_CONST ? item(p, kind, span, name->span, name->text)
                               : node(p, kind, span, name->span, name->text);
    n->named.type = child(p, n, type);
    n->named.value = child(p, n, value);
    return n;
}

Ast *ast_param(Parser *p, Span span, const Token *name, Ast *type, Ast *value,
               AstList settings)
{
    Ast *n = ast_named(p, AST_PARAM, span, name, type, value);
    n->named.settings = children(p, n, settings);
    return n;
}

Ast *ast_bind(Parser *p, Span span, AstList names, Ast *type, Ast *value)
{
    Ast *n = node(p, AST_BIND, span, names.at[0]->span, names.at[0]->name);
    n->bind.names = children(p, n, names);
    n->bind.type = child(p, n, type);
    n->bind.value = child(p, n, value);
    return n;
}

Ast *ast_update(Parser *p, Span span, Span arrow, Ast *target, Ast *value)
{
    Ast *n = node(p, AST_UPDATE, span, arrow, "<-");
    n->update.target = child(p, n, target);
    n->update.value = child(p, n, value);
    return n;
}

Ast *ast_minimize(Parser *p, Span span, Span keyword, Ast *loss, AstList over,
                  Ast *optimizer)
{
    Ast *n = node(p, AST_MINIMIZE, span, keyword, NULL);
    n->minimize.loss = child(p, n, loss);
    n->minimize.over = children(p, n, over);
    n->minimize.optimizer = child(p, n, optimizer);
    return n;
}

Ast *ast_assert(Parser *p, Span span, Span keyword, Ast *condition, Ast *message,
                Ast *help)
{
    Ast *n = node(p, AST_ASSERT, span, keyword, NULL);
    n->assertion.condition = child(p, n, condition);
    n->assertion.message = child(p, n, message);
    n->assertion.help = child(p, n, help);
    return n;
}

Ast *ast_if(Parser *p, Span span, Span keyword, Ast *condition, AstList then,
            AstList otherwise)
{
    Ast *n = node(p, AST_IF, span, keyword, NULL);
    n->branch.condition = child(p, n, condition);
    n->branch.then = children(p, n, then);
    n->branch.otherwise = children(p, n, otherwise);
    return n;
}

Ast *ast_loop(Parser *p, AstKind kind, Span span, const Token *name, Ast *over,
              AstList body)
{
    bool named = kind == AST_FOR || kind == AST_AUGMENT;
    Ast *n = node(p, kind, span, name->span, named ? name->text : NULL);
    n->loop.over = child(p, n, over);
    n->loop.body = children(p, n, body);
    return n;
}

/* ---- expressions ----------------------------------------------------------------- */

Ast *ast_name(Parser *p, const Token *name)
{
    return node(p, AST_NAME, name->span, name->span, name->text);
}

Ast *ast_number(Parser *p, AstKind kind, const Token *number)
{
    Ast *n = node(p, kind, number->span, number->span, NULL);
    if (kind == AST_INT)
        n->integer = number->integer;
    else
        n->number = number->number;
    if (kind == AST_QUANTITY)
        n->name = number->text;
    return n;
}

Ast *ast_string(Parser *p, const Token *string)
{
    return node(p, AST_STRING, string->span, inside(string), string->text);
}

Ast *ast_truth(Parser *p, const Token *word)
{
    Ast *n = node(p, AST_BOOL, word->span, word->span, NULL);
    n->truth = word->truth;
    return n;
}

Ast *ast_group(Parser *p, Span span, Ast *inner)
{
    (void)p;
    inner->span = span;
    return inner;
}

Ast *ast_list(Parser *p, Span span, AstList items)
{
    Ast *n = node(p, AST_LIST, span, span, NULL);
    n->list = children(p, n, items);
    return n;
}

Ast *ast_rest(Parser *p, Span span)
{
    return node(p, AST_REST, span, span, NULL);
}

Ast *ast_call(Parser *p, Span span, Span callee_span, Ast *callee, AstList args)
{
    Ast *n = node(p, AST_CALL, span, callee_span, NULL);
    n->call.callee = child(p, n, callee);
    n->call.args = children(p, n, args);
    return n;
}

Ast *ast_argument(Parser *p, Span span, const Token *name, Ast *value)
{
    Ast *n = node(p, AST_ARGUMENT, span, name != NULL ? name->span : span,
                  name != NULL ? name->text : NULL);
    n->argument = child(p, n, value);
    return n;
}

Ast *ast_index(Parser *p, Span span, Ast *base, AstList subs)
{
    Ast *n = node(p, AST_INDEX, span, base->span, NULL);
    n->index.base = child(p, n, base);
    n->index.subs = children(p, n, subs);
    return n;
}

Ast *ast_member(Parser *p, Span span, Ast *base, const Token *name)
{
    Ast *n = node(p, AST_MEMBER, span, name->span, name->text);
    n->base = child(p, n, base);
    return n;
}

static Ast *pair(Parser *p, Ast *n, Ast *left, Ast *right)
{
    n->pair.left = child(p, n, left);
    n->pair.right = child(p, n, right);
    return n;
}

Ast *ast_binary(Parser *p, Span span, const Token *op, Ast *left, Ast *right)
{
    return pair(p, node(p, AST_BINARY, span, op->span, op->text), left, right);
}

Ast *ast_unary(Parser *p, Span span, const Token *op, Ast *operand)
{
    Ast *n = node(p, AST_UNARY, span, op->span, op->text);
    n->base = child(p, n, operand);
    return n;
}

Ast *ast_range(Parser *p, Span span, Span dots, Ast *left, Ast *right)
{
    return pair(p, node(p, AST_RANGE, span, dots, ".."), left, right);
}

Ast *ast_pipe(Parser *p, Span span, Span arrow, Ast *left, Ast *stage)
{
    if (stage->kind != AST_NAME && stage->kind != AST_MEMBER &&
        stage->kind != AST_CALL && stage->kind != AST_COND && stage->kind != AST_PIPE)
        syntax_error_stage(p, stage);
    return pair(p, node(p, AST_PIPE, span, arrow, "|>"), left, stage);
}

Ast *ast_cond(Parser *p, Span span, Span keyword, Ast *condition, Ast *yes, Ast *no)
{
    Ast *n = node(p, AST_COND, span, keyword, NULL);
    n->cond.condition = child(p, n, condition);
    n->cond.yes = child(p, n, yes);
    n->cond.no = child(p, n, no);
    return n;
}
