/* ast.h - the syntax tree of a .dl file: one struct, a union by kind, a span on every
 * node. Built by grammar/dl.y in the `run` arena, never changed afterwards. */
#ifndef DLC_FRONT_AST_H
#define DLC_FRONT_AST_H

#include "support/diag.h"
#include "support/out.h"
#include "support/source.h"

typedef enum AstKind {
#define AST(kind, what) AST_##kind,
#include "front/ast.def"
#undef AST
    AST_COUNT
} AstKind;

typedef struct Ast Ast;

typedef struct AstList {
    Ast **at;
    int n, capacity;
} AstList;

struct Ast {
    AstKind kind;
    Span span;      /* the whole construct */
    Span name_span; /* its name, its operator, or the callee: where messages point */
    const char
        *name; /* identifier, operator ("+", "and"), unit ("KiB"), string value */
    const char
        *doc;   /* items: the ## comments above, joined by newlines; else NULL.
                 * The file's BLOCK: the ## comments at its head, before an empty line */
    int height; /* of the tree from here: 1 for a leaf; the parser bounds it */
    union {
        int64_t integer;  /* INT */
        double number;    /* FLOAT; QUANTITY: the number before the unit in `name` */
        bool truth;       /* BOOL */
        struct {          /* IMPORT: name is the last component or the string */
            bool is_file; /* "blocks.dl" rather than std.transformer */
            const char *path; /* "blocks.dl" or "std.transformer" */
            const char *as;   /* NULL: the default name */
        } import;
        struct { /* CONST, PARAM, STATE, LAYER, METRIC, SETTING: name [: type] = value
                  */
            Ast *type; /* PARAM, STATE: never NULL; else NULL */
            Ast *value;
            AstList settings; /* PARAM: { reg: ... } */
        } named;
        struct { /* DEF, NET: body is an expression, a BLOCK or an EXTERN
                  * TRAIN: name may be NULL, signature may be NULL, body a BLOCK
                  * DATA: signature holds the fields, body a BLOCK */
            Ast *signature;
            Ast *body;
            AstList on; /* TRAIN: NAME nodes of data blocks */
        } item;
        struct {            /* DEPLOY: name is the net */
            const char *as; /* NULL: none */
            AstList body;
        } deploy;
        struct {
            AstList params;  /* PARAMETER */
            AstList results; /* RESULT */
        } signature;
        struct { /* PARAMETER, RESULT: type and value may be NULL */
            Ast *type;
            Ast *value;
        } parameter;
        AstList list; /* ALTERNATIVES, BLOCK (statements), LIST (items: expr or REST) */
        struct { /* BIND: names are NAME nodes; type: `name: type = value`, or NULL */
            AstList names;
            Ast *type;
            Ast *value;
        } bind;
        struct { /* UPDATE: target is a NAME or MEMBER */
            Ast *target;
            Ast *value;
        } update;
        struct { /* MINIMIZE: over holds NAME nodes, empty when absent */
            Ast *loss;
            AstList over;
            Ast *optimizer;
        } minimize;
        struct { /* ASSERT: message and help are STRING nodes, help may be NULL */
            Ast *condition;
            Ast *message;
            Ast *help;
        } assertion;
        struct { /* IF statement: otherwise holds one IF for `else if` */
            Ast *condition;
            AstList then, otherwise;
        } branch;
        struct { /* FOR (name = variable), REPEAT, EVERY (over = the count),
                  * AUGMENT (name = field, over = NULL) */
            Ast *over;
            AstList body;
        } loop;
        struct { /* CALL: name_span is the callee's span; args are ARGUMENT nodes */
            Ast *callee;
            AstList args;
        } call;
        struct { /* EXTERN: the function's gradient; NULL: none */
            const char *gradient;
            Span gradient_span;
        } foreign;
        Ast *argument; /* ARGUMENT: the value; name is NULL when positional */
        struct {       /* INDEX: subs are expr, RANGE (open ends NULL) or REST */
            Ast *base;
            AstList subs;
        } index;
        Ast *base; /* MEMBER: name is the member; UNARY: the operand, name "-" or "not"
                    */
        struct {   /* BINARY; RANGE (either may be NULL inside an index); PIPE: left |>
                      right */
            Ast *left, *right;
        } pair;
        struct { /* COND: if condition then yes else no */
            Ast *condition, *yes, *no;
        } cond;
    };
};

/* Strings: escapes are resolved in `name`; name_span covers the text between the
 * quotes. Parenthesised expressions keep the inner node but with the span of the
 * parentheses. */

/* Parses a file. Reports every syntax error it finds (one an item) and returns NULL if
 * there was one; otherwise a BLOCK node with the items. */
Ast *ast_parse(Arena *a, const Source *source, DiagSink *sink);

/* The kinds' words, as in messages: "binding", "call". */
const char *ast_kind_word(AstKind kind);

/* One line a node, indented: kind, name, value, line:column. For --emit=ast and tests.
 */
void ast_print(const Ast *tree, Out *out);

/* The same without places: equal for programs that differ in layout only. */
void ast_print_bare(const Ast *tree, Out *out);

/* dl text of an expression, type or signature, spaced as --fmt does; for messages. */
void ast_print_source(const Ast *tree, Out *out);

#endif
