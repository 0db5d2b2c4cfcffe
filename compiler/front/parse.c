/* parse.c - the parser around the grammar: hands out tokens, watches brackets, and
 * after an error resumes at the next item keyword in column 1. */
#include "front/parse.h"

#include "front/ast_build.h"
#include "front/dl_grammar.h"
#include "front/syntax_error.h"

#include <limits.h>

static int token_before(const Parser *p, uint32_t offset)
{
    int i = p->current;
    while (i >= 0 && p->tokens.token.at[i].span.begin >= offset)
        i--;
    return i;
}

bool parse_may_report(Parser *p, Span place)
{
    int item = token_before(p, place.begin) + 1;
    while (item > 0 && !token_starts_item(&p->tokens, item))
        item--;
    p->failed = true;
    if (item == p->failed_item)
        return false;
    p->failed_item = item;
    return true;
}

void parse_too_deep(Parser *p, Span place)
{
    p->stop = true;
    if (!parse_may_report(p, place))
        return;
    if (place.end == place.begin) /* where the file ends */
        place = p->tokens.token.at[p->current].span;
    if (place.end > place.begin + 1) /* whole expressions: their first character */
        place.end = place.begin + 1;
    Diag *d = diag_begin(p->sink, DIAG_NESTING, place, "this is nested too deeply");
    diag_help(d, "give the inner parts names of their own");
    diag_end(d);
}

/* ---- brackets -------------------------------------------------------------------- */

static int indentation(const Token *t)
{
    int length;
    const char *text = source_line_text(t->span.source, token_line(t), &length);
    int n = 0;
    while (n < length && text[n] == ' ')
        n++;
    return n;
}

static bool closes(int close, int open)
{
    return close == (open == '(' ? ')' : open == '[' ? ']' : '}');
}

static bool is_closing(int kind)
{
    return kind == ')' || kind == ']' || kind == '}';
}

/* A `}` that starts its line should be indented as the line of its `{`. */
static void suspect(Parser *p, int open, int close)
{
    const Token *o = &p->tokens.token.at[open], *c = &p->tokens.token.at[close];
    if (c->kind != '}' || p->suspect_open >= 0 || !token_starts_line(c) ||
        token_line(o) == token_line(c) || indentation(o) == indentation(c))
        return;
    p->suspect_open = open;
    p->suspect_close = close;
}

static void watch_brackets(Parser *p, int i)
{
    int kind = p->tokens.token.at[i].kind;
    if (kind == '(' || kind == '[' || kind == '{')
        vec_push(p->arena, &p->open, i);
    if (!is_closing(kind) || p->open.n == 0)
        return;
    int open = vec_last(&p->open);
    if (!closes(kind, p->tokens.token.at[open].kind)) {
        p->mismatch = open;
        return;
    }
    suspect(p, open, i);
    p->open.n--;
}

/* ---- tokens ---------------------------------------------------------------------- */

int parse_next(Parser *p, const Token **token, Span *place)
{
    for (;;) {
        int i = p->next;
        const Token *t = &p->tokens.token.at[i];
        *token = t;
        *place = t->span;
        if (p->stop)
            return TOKEN_DLC_YYerror;
        p->current = i;
        p->next += t->kind != 0;
        if (t->error != TOKEN_FINE)
            syntax_error_token(p, t);
        if (t->kind == TOKEN_STRAY)
            continue;
        watch_brackets(p, i);
        if (p->open.n > PARSE_BRACKETS) {
            parse_too_deep(p, t->span);
            return TOKEN_DLC_YYerror;
        }
        return t->kind;
    }
}

void parse_own_line(Parser *p, Span statement)
{
    const Token *before = &p->tokens.token.at[token_before(p, statement.begin)];
    if (before->kind == '{' || before->kind == ';' ||
        source_line(p->source, before->span.end) !=
            source_line(p->source, statement.begin) ||
        !parse_may_report(p, statement))
        return;
    Span first = { p->source, statement.begin, statement.begin + 1 };
    Diag *d = diag_begin(p->sink, DIAG_ONE_LINE, first, "two statements on one line");
    diag_primary_text(d, "a second statement starts here");
    diag_help(d, "put it on a line of its own, or separate the two with `;`");
    diag_end(d);
}

void parse_add_item(Parser *p, Ast *item)
{
    p->items = ast_append(p, p->items, item);
    p->start = token_before(p, item->span.end) + 1;
}

/* ---- files ----------------------------------------------------------------------- */

/* Finds where to go on: an item that began inside the broken one, or after it. */
static bool resume(Parser *p)
{
    int i = p->current;
    while (i > p->start && !token_starts_item(&p->tokens, i))
        i--;
    if (i <= p->start) {
        for (i = p->current + 1; i < p->tokens.token.n; i++)
            if (token_starts_item(&p->tokens, i))
                break;
        if (i >= p->tokens.token.n)
            return false;
    }
    p->next = p->start = p->current = i;
    p->stop = false;
    p->open.n = 0;
    p->mismatch = p->suspect_open = -1;
    return true;
}

/* The length of the UTF-8 sequence at `text`, or 0 (Unicode 15, table 3-7). */
static uint32_t utf8_length(const unsigned char *text, uint32_t left)
{
    static const struct {
        unsigned char first, last, low, high, length;
    } row[] = {
        { 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
        { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
        { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
        { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        if (text[0] < row[i].first || text[0] > row[i].last || row[i].length > left)
            continue;
        if (row[i].length > 1 && (text[1] < row[i].low || text[1] > row[i].high))
            return 0;
        for (uint32_t k = 2; k < row[i].length; k++)
            if ((text[k] & 0xc0) != 0x80)
                return 0;
        return row[i].length;
    }
    return 0;
}

/* A file that is no text gets one message and no others. */
static bool is_text(const Source *s, DiagSink *sink)
{
    if (s->length > INT_MAX - 2)
        return diag_error(sink, (Span){ s, 0, 0 }, DIAG_LEXICAL,
                          "a program has at most 2 GiB");
    const unsigned char *text = (const unsigned char *)s->text;
    for (uint32_t i = 0; i < s->length;) {
        uint32_t n = utf8_length(text + i, s->length - i);
        if (n == 0)
            return diag_error(sink, (Span){ s, i, i + 1 }, DIAG_LEXICAL,
                              "the byte 0x%02x is not UTF-8 text", text[i]);
        i += n;
    }
    return true;
}

Ast *ast_parse(Arena *a, const Source *source, DiagSink *sink)
{
    if (!is_text(source, sink))
        return NULL;
    Parser p = { .arena = a,
                 .source = source,
                 .sink = sink,
                 .failed_item = -1,
                 .mismatch = -1,
                 .suspect_open = -1 };
    p.tokens = token_scan(a, source);
    while (dlc_yyparse(&p) != 0 && resume(&p)) {
    }
    if (p.failed)
        return NULL;
    Ast *file = ast_block(&p, (Span){ source, 0, source->length }, p.items);
    file->doc = token_file_doc(a, &p.tokens, source);
    return file;
}
