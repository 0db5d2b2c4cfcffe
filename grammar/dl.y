/* dl.y - the grammar of dl: LALR(1), no conflicts, no %expect. Actions only call the
 * builders of front/ast_build.h. Every change here is a change of grammar/README.md. */
%require "3.8"
%define api.pure full
%define api.prefix {dlc_yy}
%define api.token.prefix {TOKEN_}
%define api.location.type {Span}
%define parse.error custom
%define parse.lac full
%define lr.type lalr
%expect 0
%locations
%param {Parser *p}

%code requires {
#include "front/ast_build.h"
#include "front/token.h"

#define YYLLOC_DEFAULT(place, rhs, n)                                              \
    ((place) = (n) > 0 ? (Span){ YYRHSLOC(rhs, 1).source, YYRHSLOC(rhs, 1).begin,   \
                                 YYRHSLOC(rhs, n).end }                             \
                       : (Span){ YYRHSLOC(rhs, 0).source, YYRHSLOC(rhs, 0).end,     \
                                 YYRHSLOC(rhs, 0).end })
}

%code {
#include "front/parse.h"
#include "front/syntax_error.h"

/* Nothing is allocated for the stack: a program that needs more is nested too deeply. */
#define YYINITDEPTH PARSE_STACK
#define YYMAXDEPTH  PARSE_STACK

static int dlc_yylex(DLC_YYSTYPE *value, Span *place, Parser *p)
{
    return parse_next(p, &value->token, place);
}

static void dlc_yyerror(const Span *place, Parser *p, const char *message)
{
    (void)message; /* only "memory exhausted": the others are custom */
    parse_too_deep(p, *place);
}
}

%initial-action {
    @$ = (Span){ p->source, 0, 0 };
}

%union {
    const Token *token;
    Ast *node;
    AstList list;
}

/* reserved words */
%token <token> IMPORT "import"  AS "as"  CONST "const"  DEF "def"  NET "net"
%token <token> EXTERN "extern"  ON "on"  FOR "for"  IN "in"  REPEAT "repeat"  IF "if"
%token <token> THEN "then"  ELSE "else"  MINIMIZE "minimize"  OVER "over"
%token <token> USING "using"  ASSERT "assert"  AND "and"  OR "or"  NOT "not"
/* soft keywords: also names */
%token <token> PARAM "param"  STATE "state"  LAYER "layer"  DATA "data"
%token <token> AUGMENT "augment"  TRAIN "train"  DEPLOY "deploy"  METRIC "metric"
%token <token> EVERY "every"
/* values */
%token <token> IDENT "name"  INT "number"  FLOAT "float"  QUANTITY "quantity"
%token <token> STRING "string"  TRUTH "true or false"
/* signs */
%token <token> PIPE "|>"  ARROW "->"  UPDATE "<-"  DOTDOT ".."  POW "**"  FLOORDIV "//"
%token <token> EQ "=="  NE "!="  LE "<="  GE ">="
%token <token> '+' '-' '*' '/' '%' '@' '<' '>' '=' ':' ',' ';' '.' '|'
%token <token> '(' ')' '[' ']' '{' '}'
/* never in the grammar: comments are set aside, stray characters are errors */
%token COMMENT STRAY "stray character"

%left       OR
%left       AND
%precedence NOT
%nonassoc   EQ NE '<' LE '>' GE
%left       '+' '-'
%left       '*' '/' FLOORDIV '%' '@'
%precedence NEG
%right      POW

%type <token> name opt_as opt_name
%type <node> item path module signature opt_signature param opt_type type opt_default
%type <node> result def_body stmt target opt_help block else_if number
%type <node> expr pipe range arith postfix arg list_item sub
%type <list> opt_on names params param_list alternatives results result_list stmts
%type <list> else_part opt_over parts opt_settings args arg_list list_items item_list subs

%%
program: %empty
    | program item  { parse_add_item(p, $2); }
    ;

item: IMPORT path opt_as
        { $$ = ast_import(p, @$, $2, $3); }
    | CONST name '=' expr
        { $$ = ast_named(p, AST_CONST, @$, $2, NULL, $4); }
    | DEF name signature def_body
        { $$ = ast_item(p, AST_DEF, @$, $2, $3, $4); }
    | NET name signature def_body
        { $$ = ast_item(p, AST_NET, @$, $2, $3, $4); }
    | DATA name '(' params ')' block
        { $$ = ast_item(p, AST_DATA, @$, $2,
                        ast_signature(p, span_join(@3, @5), $4, (AstList){ 0 }), $6); }
    | TRAIN opt_name opt_signature opt_on block
        { $$ = ast_train(p, @$, $1, $2, $3, $4, $5); }
    | DEPLOY name opt_as '{' stmts '}'
        { $$ = ast_deploy(p, @$, $2, $3, $5); }
    ;

path: STRING          { $$ = ast_string(p, $1); }
    | module
    ;

module: name          { $$ = ast_name(p, $1); }
    | module '.' name { $$ = ast_member(p, @$, $1, $3); }
    ;

opt_as: %empty      { $$ = NULL; }
    | AS name       { $$ = $2; }
    ;

opt_name: %empty    { $$ = NULL; }
    | name
    ;

opt_on: %empty      { $$ = (AstList){ 0 }; }
    | ON names      { $$ = $2; }
    ;

name: IDENT | PARAM | STATE | LAYER | DATA | AUGMENT | TRAIN | DEPLOY | METRIC | EVERY
    ;

/* ---- signatures: (x: f32[28, 28, 1], units: int = 8) -> (y: f32[10]) ---------------- */

signature: '(' params ')' results   { $$ = ast_signature(p, @$, $2, $4); }
    ;

opt_signature: %empty               { $$ = NULL; }
    | signature
    ;

params: %empty                      { $$ = (AstList){ 0 }; }
    | param_list
    | param_list ','
    ;

param_list: param                   { $$ = ast_list_of(p, $1); }
    | param_list ',' param          { $$ = ast_append(p, $1, $3); }
    ;

param: name opt_type opt_default    { $$ = ast_parameter(p, AST_PARAMETER, @$, $1, $2, $3); }
    ;

opt_type: %empty                    { $$ = NULL; }
    | ':' alternatives              { $$ = ast_alternatives(p, @2, $2); }
    ;

alternatives: type                  { $$ = ast_list_of(p, $1); }
    | alternatives '|' type         { $$ = ast_append(p, $1, $3); }
    ;

type: postfix
    ;

opt_default: %empty                 { $$ = NULL; }
    | '=' expr                      { $$ = $2; }
    ;

results: %empty                     { $$ = (AstList){ 0 }; }
    | ARROW result                  { $$ = ast_list_of(p, $2); }
    | ARROW '(' result_list ')'     { $$ = $3; }
    ;

result_list: result                 { $$ = ast_list_of(p, $1); }
    | result_list ',' result        { $$ = ast_append(p, $1, $3); }
    ;

result: name                        { $$ = ast_parameter(p, AST_RESULT, @$, $1, NULL, NULL); }
    | name ':' type                 { $$ = ast_parameter(p, AST_RESULT, @$, $1, $3, NULL); }
    ;

def_body: '=' expr                  { $$ = $2; }
    | block
    | EXTERN STRING                 { $$ = ast_extern(p, @$, $2, NULL); }
    | EXTERN STRING STRING          { $$ = ast_extern(p, @$, $2, $3); }
    ;

/* ---- statements --------------------------------------------------------------------- */

block: '{' stmts '}'    { $$ = ast_block(p, @$, $2); }
    ;

stmts: %empty           { $$ = (AstList){ 0 }; }
    | stmts stmt        { parse_own_line(p, @2); $$ = ast_append(p, $1, $2); }
    | stmts ';'
    ;

stmt: names '=' expr
        { $$ = ast_bind(p, @$, $1, NULL, $3); }
    | name ':' type '=' expr
        { $$ = ast_bind(p, @$, ast_list_of(p, ast_name(p, $1)), $3, $5); }
    | name ':' expr
        { $$ = ast_named(p, AST_SETTING, @$, $1, NULL, $3); }
    | target UPDATE expr
        { $$ = ast_update(p, @$, @2, $1, $3); }
    | PARAM name ':' type '=' expr opt_settings
        { $$ = ast_param(p, @$, $2, $4, $6, $7); }
    | STATE name ':' type '=' expr
        { $$ = ast_named(p, AST_STATE, @$, $2, $4, $6); }
    | LAYER name '=' expr
        { $$ = ast_named(p, AST_LAYER, @$, $2, NULL, $4); }
    | METRIC name '=' expr
        { $$ = ast_named(p, AST_METRIC, @$, $2, NULL, $4); }
    | MINIMIZE expr opt_over USING expr
        { $$ = ast_minimize(p, @$, @1, $2, $3, $5); }
    | ASSERT expr ',' STRING opt_help
        { $$ = ast_assert(p, @$, @1, $2, ast_string(p, $4), $5); }
    | IF expr '{' stmts '}' else_part
        { $$ = ast_if(p, @$, @1, $2, $4, $6); }
    | FOR name IN expr '{' stmts '}'
        { $$ = ast_loop(p, AST_FOR, @$, $2, $4, $6); }
    | REPEAT expr '{' stmts '}'
        { $$ = ast_loop(p, AST_REPEAT, @$, $1, $2, $4); }
    | EVERY expr '{' stmts '}'
        { $$ = ast_loop(p, AST_EVERY, @$, $1, $2, $4); }
    | AUGMENT name '{' stmts '}'
        { $$ = ast_loop(p, AST_AUGMENT, @$, $2, NULL, $4); }
    ;

target: name            { $$ = ast_name(p, $1); }
    | target '.' name   { $$ = ast_member(p, @$, $1, $3); }
    ;

names: name             { $$ = ast_list_of(p, ast_name(p, $1)); }
    | names ',' name    { $$ = ast_append(p, $1, ast_name(p, $3)); }
    ;

else_part: %empty           { $$ = (AstList){ 0 }; }
    | ELSE '{' stmts '}'    { $$ = $3; }
    | ELSE else_if          { $$ = ast_list_of(p, $2); }
    ;

else_if: IF expr '{' stmts '}' else_part    { $$ = ast_if(p, @$, @1, $2, $4, $6); }
    ;

opt_over: %empty        { $$ = (AstList){ 0 }; }
    | OVER parts        { $$ = $2; }
    ;

parts: postfix              { $$ = ast_list_of(p, $1); }
    | parts ',' postfix     { $$ = ast_append(p, $1, $3); }
    ;

opt_settings: %empty    { $$ = (AstList){ 0 }; }
    | '{' stmts '}'     { $$ = $2; }
    ;

opt_help: %empty        { $$ = NULL; }
    | ',' STRING        { $$ = ast_string(p, $2); }
    ;

/* ---- expressions --------------------------------------------------------------------
 * Operands of |> are single values (postfix): `a + b |> f` and `x |> f + y` are syntax
 * errors, so nobody has to remember where |> binds. */

expr: range
    | pipe
    | IF expr THEN expr ELSE expr   { $$ = ast_cond(p, @$, @1, $2, $4, $6); }
    ;

pipe: postfix PIPE postfix          { $$ = ast_pipe(p, @$, @2, $1, $3); }
    | pipe PIPE postfix             { $$ = ast_pipe(p, @$, @2, $1, $3); }
    ;

range: arith
    | arith DOTDOT arith            { $$ = ast_range(p, @$, @2, $1, $3); }
    ;

arith: postfix
    | arith OR arith                { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith AND arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    | NOT arith                     { $$ = ast_unary(p, @$, $1, $2); }
    | arith EQ arith                { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith NE arith                { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith '<' arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith LE arith                { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith '>' arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith GE arith                { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith '+' arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith '-' arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith '*' arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith '/' arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith FLOORDIV arith          { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith '%' arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    | arith '@' arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    | '-' arith %prec NEG           { $$ = ast_unary(p, @$, $1, $2); }
    | arith POW arith               { $$ = ast_binary(p, @$, $2, $1, $3); }
    ;

number: INT             { $$ = ast_number(p, AST_INT, $1); }
    | FLOAT             { $$ = ast_number(p, AST_FLOAT, $1); }
    | QUANTITY          { $$ = ast_number(p, AST_QUANTITY, $1); }
    ;

postfix: name                       { $$ = ast_name(p, $1); }
    | number
    | STRING                        { $$ = ast_string(p, $1); }
    | TRUTH                         { $$ = ast_truth(p, $1); }
    | '(' expr ')'                  { $$ = ast_group(p, @$, $2); }
    | '[' list_items ']'            { $$ = ast_list(p, @$, $2); }
    | postfix '(' args ')'          { $$ = ast_call(p, @$, @1, $1, $3); }
    | postfix '[' subs ']'          { $$ = ast_index(p, @$, $1, $3); }
    | postfix '.' name              { $$ = ast_member(p, @$, $1, $3); }
    ;

args: %empty                        { $$ = (AstList){ 0 }; }
    | arg_list
    | arg_list ','
    ;

arg_list: arg                       { $$ = ast_list_of(p, $1); }
    | arg_list ',' arg              { $$ = ast_append(p, $1, $3); }
    ;

arg: expr                           { $$ = ast_argument(p, @$, NULL, $1); }
    | name '=' expr                 { $$ = ast_argument(p, @$, $1, $3); }
    ;

list_items: %empty                  { $$ = (AstList){ 0 }; }
    | item_list
    ;

item_list: list_item                { $$ = ast_list_of(p, $1); }
    | item_list ',' list_item       { $$ = ast_append(p, $1, $3); }
    ;

list_item: expr
    | DOTDOT                        { $$ = ast_rest(p, @$); }
    ;

subs: sub                           { $$ = ast_list_of(p, $1); }
    | subs ',' sub                  { $$ = ast_append(p, $1, $3); }
    ;

sub: expr
    | DOTDOT                        { $$ = ast_rest(p, @$); }
    | DOTDOT arith                  { $$ = ast_range(p, @$, @1, NULL, $2); }
    | arith DOTDOT                  { $$ = ast_range(p, @$, @2, $1, NULL); }
    ;

%%

static int yyreport_syntax_error(const yypcontext_t *context, Parser *p)
{
    enum { MOST = YYNTOKENS };
    yysymbol_kind_t kinds[MOST];
    const char *names[MOST];
    int n = yypcontext_expected_tokens(context, kinds, MOST);
    for (int i = 0; i < n; i++)
        names[i] = yysymbol_name(kinds[i]);
    syntax_error(p, names, n);
    return 0;
}
