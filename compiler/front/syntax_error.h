/* syntax_error.h - messages about programs that do not parse. */
#ifndef DLC_FRONT_SYNTAX_ERROR_H
#define DLC_FRONT_SYNTAX_ERROR_H

#include "front/ast.h"
#include "front/parse.h"

/* The parser cannot continue with the current token; `expected` are bison's names of
 * those it could. First tries patterns over the tokens around, most telling first. */
void syntax_error(Parser *p, const char *const *expected, int n);

/* Reports what is wrong with the text of one token (E0101). */
void syntax_error_token(Parser *p, const Token *t);

/* Reports E0112: the right of |> is no layer. */
void syntax_error_stage(Parser *p, const Ast *stage);

#endif
