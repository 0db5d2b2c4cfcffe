/* parse.h - the state of one parse: what the grammar's actions, the messages and the
 * recovery share. Only front/ includes it; users call ast_parse (ast.h). */
#ifndef DLC_FRONT_PARSE_H
#define DLC_FRONT_PARSE_H

#include "front/ast.h"
#include "front/token.h"

enum {
    PARSE_STACK = 4000,   /* symbols that wait at once */
    PARSE_BRACKETS = 200, /* open at once */
    PARSE_HEIGHT = 400,   /* of the tree of one statement or item */
};

typedef struct Parser {
    Arena *arena;
    const Source *source;
    DiagSink *sink;
    TokenList tokens;
    int next;    /* index of the token to be handed out */
    int current; /* index of the one handed out last */
    int start;   /* index of the first token of the item being parsed */
    bool failed;
    int failed_item;  /* index of the first token of the one reported last, or -1 */
    bool stop;        /* give the item up: it is nested too deeply */
    VEC(int) open;    /* indices of brackets not yet closed */
    int mismatch;     /* index of the bracket closed by one of another kind, or -1 */
    int suspect_open; /* index of a `{` whose `}` is indented otherwise, or -1 */
    int suspect_close;
    AstList items;
} Parser;

/* Hands out the next token; reports what is wrong with its text. */
int parse_next(Parser *p, const Token **token, Span *place);

void parse_add_item(Parser *p, Ast *item);

/* Reports E0103 when a statement does not start a line, or follow `{` or `;`. */
void parse_own_line(Parser *p, Span statement);

/* Reports E0113, gives the item up. */
void parse_too_deep(Parser *p, Span place);

/* One cause, one message: true once for the item around `place`; the caller reports. */
bool parse_may_report(Parser *p, Span place);

#endif
