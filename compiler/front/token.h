/* token.h - a .dl file as tokens: what the scanner (grammar/dl.l) makes and the parser,
 * its messages and the formatter read. A file is scanned at once, so a message can look
 * at any token before or after the one that surprised the parser. */
#ifndef DLC_FRONT_TOKEN_H
#define DLC_FRONT_TOKEN_H

#include "support/source.h"
#include "support/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* What is wrong with the text of one token; its kind is then the best guess. */
typedef enum TokenError {
    TOKEN_FINE,
    TOKEN_BAD_SUFFIX,    /* 12abc */
    TOKEN_NO_FRACTION,   /* 1. */
    TOKEN_NO_WHOLE,      /* .5 */
    TOKEN_INT_RANGE,     /* more than 64 bits */
    TOKEN_FLOAT_RANGE,   /* 1e999, 1e-999 */
    TOKEN_UNTERMINATED,  /* "abc */
    TOKEN_SINGLE_QUOTES, /* 'abc' */
    TOKEN_BAD_ESCAPE,    /* "\q" */
    TOKEN_SPELLED_AND,   /* && */
    TOKEN_SPELLED_OR,    /* || */
    TOKEN_SPELLED_NOT,   /* ! */
    TOKEN_BAD_CHARACTER, /* $ */
} TokenError;

typedef struct Token {
    int kind; /* TOKEN_... of front/dl_grammar.h, a character, or 0: the end */
    TokenError error;
    Span span;
    const char *text; /* names and words: the spelling; strings: escapes resolved;
                       * quantities: the unit; signs: the sign; comments: NULL */
    union {
        int64_t integer; /* INT */
        double number;   /* FLOAT; QUANTITY: the number before the unit */
        bool truth;      /* TRUTH */
    };
} Token;

typedef VEC(Token) TokenVec;

typedef struct TokenList {
    TokenVec token;   /* never empty: the last one is the end */
    TokenVec comment; /* from `#` to the end of the line */
} TokenList;

/* Scans a file; errors stay in the tokens. Allocates in `a`, keeps `source`. */
TokenList token_scan(Arena *a, const Source *source);

/* Appends the token of that text; the scanner's only action. */
void token_add(Arena *a, TokenList *list, int kind, TokenError error, Span span);

bool token_is_reserved(int kind);
bool token_is_soft(int kind);
bool token_is_name(int kind);         /* a name, or a soft keyword used as one */
bool token_ends_value(int kind);      /* an expression may end with it */
bool token_is_operator(int kind);     /* with two operands; not |> */
bool token_is_item_keyword(int kind); /* import const def net data train deploy */

int token_line(const Token *t);
int token_column(const Token *t);
bool token_starts_line(const Token *t); /* nothing but blanks before it */

/* Is token i a keyword that can only start an item: in column 1, and not a soft keyword
 * used as a name? There the parser resumes after an error. */
bool token_starts_item(const TokenList *list, int i);

/* The ## comments right above an offset, without marks, joined by newlines; else NULL.
 */
const char *token_doc(Arena *a, const TokenList *list, const Source *source,
                      uint32_t begin);

/* The ## comments at the head of the file, when an empty line follows; else NULL. */
const char *token_file_doc(Arena *a, const TokenList *list, const Source *source);

#endif
