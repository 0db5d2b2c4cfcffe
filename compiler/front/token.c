/* token.c - values of tokens, and questions about them. */
#include "front/token.h"

#include "front/dl_grammar.h"
#include "support/bug.h"
#include "support/str.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Word {
    const char *text;
    int kind;
    bool soft;
} Word;

static const Word words[] = {
#define RESERVED(token, word) { word, TOKEN_##token, false },
#define SOFT(token, word)     { word, TOKEN_##token, true },
#include "grammar/keywords.def"
#undef RESERVED
#undef SOFT
};

static const Word *word_of_kind(int kind)
{
    for (int i = 0; i < ARRAY_LEN(words); i++)
        if (words[i].kind == kind)
            return &words[i];
    return NULL;
}

bool token_is_reserved(int kind)
{
    const Word *w = word_of_kind(kind);
    return w != NULL && !w->soft;
}

bool token_is_soft(int kind)
{
    const Word *w = word_of_kind(kind);
    return w != NULL && w->soft;
}

bool token_is_name(int kind)
{
    return kind == TOKEN_IDENT || token_is_soft(kind);
}

bool token_ends_value(int kind)
{
    switch (kind) {
    case TOKEN_INT:
    case TOKEN_FLOAT:
    case TOKEN_QUANTITY:
    case TOKEN_STRING:
    case TOKEN_TRUTH:
    case ')':
    case ']':
        return true;
    default:
        return token_is_name(kind);
    }
}

bool token_is_operator(int kind)
{
    switch (kind) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '@':
    case '<':
    case '>':
    case TOKEN_FLOORDIV:
    case TOKEN_POW:
    case TOKEN_EQ:
    case TOKEN_NE:
    case TOKEN_LE:
    case TOKEN_GE:
    case TOKEN_AND:
    case TOKEN_OR:
        return true;
    default:
        return false;
    }
}

bool token_is_item_keyword(int kind)
{
    switch (kind) {
    case TOKEN_IMPORT:
    case TOKEN_CONST:
    case TOKEN_DEF:
    case TOKEN_NET:
    case TOKEN_DATA:
    case TOKEN_TRAIN:
    case TOKEN_DEPLOY:
        return true;
    default:
        return false;
    }
}

int token_line(const Token *t)
{
    return source_line(t->span.source, t->span.begin);
}

int token_column(const Token *t)
{
    return source_column(t->span.source, t->span.begin);
}

static bool starts_line(const Source *s, uint32_t at)
{
    while (at > 0 && (s->text[at - 1] == ' ' || s->text[at - 1] == '\t'))
        at--;
    return at == 0 || s->text[at - 1] == '\n';
}

bool token_starts_line(const Token *t)
{
    return starts_line(t->span.source, t->span.begin);
}

bool token_starts_item(const TokenList *list, int i)
{
    const Token *t = &list->token.at[i];
    if (!token_is_item_keyword(t->kind) || token_column(t) != 1)
        return false;
    if (!token_is_soft(t->kind))
        return true;
    switch (list->token.at[i + 1].kind) { /* the end token follows every other */
    case '=':
    case ':':
    case ',':
    case '.':
    case TOKEN_UPDATE:
        return false;
    default:
        return true;
    }
}

/* ---- values ---------------------------------------------------------------------- */

/* The text without underscores, cut before `stop` if that is found. */
static char *digits_of(Arena *a, Span span, const char *units)
{
    char *text = span_text(a, span);
    size_t n = 0;
    for (size_t i = 0; text[i] != '\0' && strchr(units, text[i]) == NULL; i++)
        if (text[i] != '_')
            text[n++] = text[i];
    text[n] = '\0';
    return text;
}

static void set_integer(Arena *a, Token *t)
{
    const char *digits = digits_of(a, t->span, "");
    bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    errno = 0;
    long long value = hex ? strtoll(digits + 2, NULL, 16) : strtoll(digits, NULL, 10);
    t->integer = value;
    if (errno == ERANGE || value > INT64_MAX) {
        t->integer = 0;
        t->error = TOKEN_INT_RANGE;
    }
}

/* Also for quantities, whose units have no digits. strtod follows the locale, but dlc
 * never sets one. */
static void set_number(Arena *a, Token *t, const char *units)
{
    const char *digits = digits_of(a, t->span, units);
    t->number = strtod(digits, NULL);
    bool is_zero = true;
    for (const char *d = digits; *d != '\0' && *d != 'e' && *d != 'E'; d++)
        is_zero = is_zero && (*d == '0' || *d == '.');
    if (isinf(t->number) || (t->number == 0 && !is_zero)) {
        t->number = 0;
        t->error = TOKEN_FLOAT_RANGE;
    }
}

static const char *unit_of(Arena *a, Span span)
{
    const char *text = span_text(a, span);
    return text + strspn(text, "0123456789_.");
}

/* The text between the quotes, an unterminated string's to its end. */
static void set_string(Arena *a, Token *t)
{
    uint32_t end = t->span.end - (t->error != TOKEN_UNTERMINATED);
    const char *from = t->span.source->text + t->span.begin + 1;
    size_t count = end - t->span.begin - 1;
    char *text = arena_array(a, char, count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        char c = from[i];
        if (c == '\\' && i + 1 < count) {
            c = from[++i];
            if (c == 'n')
                c = '\n';
            else if (c == 't')
                c = '\t';
            else if (c != '"' && c != '\\' && t->error == TOKEN_FINE)
                t->error = TOKEN_BAD_ESCAPE;
        }
        text[n++] = c;
    }
    t->text = text;
}

static void set_word(Arena *a, Token *t)
{
    t->text = span_text(a, t->span);
    for (int i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].text, t->text) == 0) {
            t->kind = words[i].kind;
            t->truth = t->text[0] == 't';
        }
}

static void set_value(Arena *a, Token *t)
{
    switch (t->kind) {
    case 0:
        t->text = "end of file";
        break;
    case TOKEN_IDENT:
        set_word(a, t);
        break;
    case TOKEN_INT:
        t->text = span_text(a, t->span);
        if (t->error == TOKEN_FINE)
            set_integer(a, t);
        break;
    case TOKEN_FLOAT:
        t->text = span_text(a, t->span);
        set_number(a, t, "");
        break;
    case TOKEN_QUANTITY:
        t->text = unit_of(a, t->span);
        set_number(a, t, t->text);
        break;
    case TOKEN_STRING:
        set_string(a, t);
        break;
    default:
        t->text = span_text(a, t->span);
    }
}

void token_add(Arena *a, TokenList *list, int kind, TokenError error, Span span)
{
    Token t = { .kind = kind, .error = error, .span = span };
    if (kind == TOKEN_COMMENT) {
        const char *text = span.source->text;
        while (t.span.end > span.begin && strchr(" \t\r", text[t.span.end - 1]) != NULL)
            t.span.end--;
        vec_push(a, &list->comment, t);
        return;
    }
    set_value(a, &t);
    vec_push(a, &list->token, t);
}

/* ---- documentation comments ------------------------------------------------------ */

static bool is_doc(const Token *comment)
{
    const char *text = comment->span.source->text + comment->span.begin;
    uint32_t length = comment->span.end - comment->span.begin;
    return length >= 2 && text[1] == '#' && (length == 2 || text[2] != '#') &&
           token_starts_line(comment);
}

/* The text of comments first .. last, one a line. */
static const char *doc_text(Arena *a, const TokenList *list, int first, int last)
{
    size_t bytes = 1;
    for (int i = first; i <= last; i++)
        bytes += list->comment.at[i].span.end - list->comment.at[i].span.begin;
    char *doc = arena_array(a, char, bytes);
    size_t n = 0;
    for (int i = first; i <= last; i++) {
        Span s = list->comment.at[i].span;
        uint32_t begin = s.begin + 2;
        begin += begin < s.end && s.source->text[begin] == ' ';
        if (i > first)
            doc[n++] = '\n';
        memcpy(doc + n, s.source->text + begin, s.end - begin);
        n += s.end - begin;
    }
    return doc;
}

const char *token_doc(Arena *a, const TokenList *list, const Source *source,
                      uint32_t begin)
{
    int low = 0, high = list->comment.n; /* the comments before the offset: [0, low) */
    while (low < high) {
        int middle = (low + high) / 2;
        if (list->comment.at[middle].span.begin < begin)
            low = middle + 1;
        else
            high = middle;
    }
    if (!starts_line(source, begin))
        return NULL;
    int first = low, line = source_line(source, begin);
    while (first > 0 && is_doc(&list->comment.at[first - 1]) &&
           token_line(&list->comment.at[first - 1]) == line - 1) {
        first--;
        line--;
    }
    return first < low ? doc_text(a, list, first, low - 1) : NULL;
}

const char *token_file_doc(Arena *a, const TokenList *list, const Source *source)
{
    int n = 0;
    while (n < list->comment.n && is_doc(&list->comment.at[n]) &&
           (n == 0 || token_line(&list->comment.at[n]) ==
                          token_line(&list->comment.at[n - 1]) + 1))
        n++;
    const Token *first = &list->token.at[0];
    if (n == 0 || first->span.begin < list->comment.at[0].span.begin)
        return NULL;
    int next = source_line(source, first->span.begin);
    if (first->kind != 0 && next == token_line(&list->comment.at[n - 1]) + 1)
        return NULL; /* it belongs to the first item */
    return doc_text(a, list, 0, n - 1);
}
