/* ast_build.h - the grammar's actions: each makes one node. `span` is the whole
 * construct; tokens and further spans say where its name or operator stands. */
#ifndef DLC_FRONT_AST_BUILD_H
#define DLC_FRONT_AST_BUILD_H

#include "front/ast.h"
#include "front/token.h"

typedef struct Parser Parser;

AstList ast_list_of(Parser *p, Ast *only);
AstList ast_append(Parser *p, AstList list, Ast *last); /* takes `list` over */

/* items */
Ast *ast_import(Parser *p, Span span, Ast *path, const Token *as);
Ast *ast_item(Parser *p, AstKind kind, Span span, const Token *name, Ast *signature,
              Ast *body);
Ast *ast_train(Parser *p, Span span, const Token *keyword, const Token *name,
               Ast *signature, AstList on, Ast *body);
Ast *ast_deploy(Parser *p, Span span, const Token *net, const Token *as, AstList body);

/* parts of items */
Ast *ast_signature(Parser *p, Span span, AstList params, AstList results);
Ast *ast_parameter(Parser *p, AstKind kind, Span span, const Token *name, Ast *type,
                   Ast *value);
Ast *ast_alternatives(Parser *p, Span span, AstList types); /* one: itself */
Ast *ast_block(Parser *p, Span span, AstList statements);
Ast *ast_extern(Parser *p, Span span, const Token *symbol, const Token *gradient);

/* statements; ast_named also makes CONST */
Ast *ast_named(Parser *p, AstKind kind, Span span, const Token *name, Ast *type,
               Ast *value);
Ast *ast_param(Parser *p, Span span, const Token *name, Ast *type, Ast *value,
               AstList settings);
Ast *ast_bind(Parser *p, Span span, AstList names, Ast *type, Ast *value);
Ast *ast_update(Parser *p, Span span, Span arrow, Ast *target, Ast *value);
Ast *ast_minimize(Parser *p, Span span, Span keyword, Ast *loss, AstList over,
                  Ast *optimizer);
Ast *ast_assert(Parser *p, Span span, Span keyword, Ast *condition, Ast *message,
                Ast *help);
Ast *ast_if(Parser *p, Span span, Span keyword, Ast *condition, AstList then,
            AstList otherwise);
/* FOR and AUGMENT: named by the variable or field; REPEAT and EVERY: by the keyword. */
Ast *ast_loop(Parser *p, AstKind kind, Span span, const Token *name, Ast *over,
              AstList body);

/* expressions */
Ast *ast_name(Parser *p, const Token *name);
Ast *ast_number(Parser *p, AstKind kind, const Token *number);
Ast *ast_string(Parser *p, const Token *string);
Ast *ast_truth(Parser *p, const Token *word);
Ast *ast_group(Parser *p, Span span, Ast *inner); /* (inner) */
Ast *ast_list(Parser *p, Span span, AstList items);
Ast *ast_rest(Parser *p, Span span);
Ast *ast_call(Parser *p, Span span, Span callee_span, Ast *callee, AstList args);
Ast *ast_argument(Parser *p, Span span, const Token *name, Ast *value);
Ast *ast_index(Parser *p, Span span, Ast *base, AstList subs);
Ast *ast_member(Parser *p, Span span, Ast *base, const Token *name);
Ast *ast_binary(Parser *p, Span span, const Token *op, Ast *left, Ast *right);
Ast *ast_unary(Parser *p, Span span, const Token *op, Ast *operand);
Ast *ast_range(Parser *p, Span span, Span dots, Ast *left, Ast *right);
Ast *ast_pipe(Parser *p, Span span, Span arrow, Ast *left, Ast *stage);
Ast *ast_cond(Parser *p, Span span, Span keyword, Ast *condition, Ast *yes, Ast *no);

#endif
