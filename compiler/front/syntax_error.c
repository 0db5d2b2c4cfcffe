/* syntax_error.c - messages about programs that do not parse. A parser knows only what
 * it would have accepted; what the author meant is read from the tokens around, by a
 * dozen patterns tried in order. Jeffery, "Generating LR syntax error messages from
 * examples" (TOPLAS 2003) ties messages to parser states instead; tokens survive
 * grammar changes. */
#include "front/syntax_error.h"

#include "front/dl_grammar.h"
#include "support/bug.h"

#include <string.h>

/* ---- single tokens --------------------------------------------------------------- */

/* The token's own text, shortened and in one line, for a message. */
static const char *quoted(Parser *p, const Token *t)
{
    enum { MOST = 40 };
    Span s = t->span;
    if (s.end - s.begin <= MOST)
        return span_text(p->arena, s);
    s.end = s.begin + MOST;
    while (((unsigned char)s.source->text[s.end] & 0xc0) == 0x80)
        s.end--;
    return str_printf(p->arena, "%s...", span_text(p->arena, s));
}

static const char *character_name(Parser *p, const Token *t)
{
    unsigned char c = (unsigned char)t->span.source->text[t->span.begin];
    if (c >= 0x20 && c != 0x7f)
        return str_printf(p->arena, "`%s`", quoted(p, t));
    return str_printf(p->arena, "the control character 0x%02x", c);
}

static Span bad_escape(const Token *t)
{
    const char *text = t->span.source->text;
    for (uint32_t i = t->span.begin; i + 1 < t->span.end; i++) {
        if (text[i] != '\\')
            continue;
        i++;
        if (strchr("\"\\nt", text[i]) == NULL)
            return (Span){ t->span.source, i - 1, i + 1 };
    }
    return t->span;
}

static void report(Parser *p, Span span, const char *message, const char *help)
{
    Diag *d = diag_begin(p->sink, DIAG_LEXICAL, span, "%s", message);
    diag_help(d, "%s", help);
    diag_end(d);
}

static void report_number(Parser *p, const Token *t)
{
    Arena *a = p->arena;
    const char *text = quoted(p, t);
    switch (t->error) {
    case TOKEN_BAD_SUFFIX:
        report(p, t->span, str_printf(a, "`%s` is neither a number nor a name", text),
               "units are B KiB MiB GiB us ms s min Hz kHz MHz GHz deg; names cannot "
               "start with a digit");
        break;
    case TOKEN_NO_FRACTION: {
        size_t whole = strcspn(text, ".");
        report(p, t->span, "a float needs a digit after the point",
               str_printf(a, "write `%.*s.0%s`", (int)whole, text, text + whole + 1));
        break;
    }
    case TOKEN_NO_WHOLE:
        report(p, t->span, "a float needs a digit before the point",
               str_printf(a, "write `0%s`", text));
        break;
    case TOKEN_INT_RANGE:
        report(
            p, t->span, str_printf(a, "`%s` does not fit in 64 bits", text),
            "integers reach from -9223372036854775807 to 9223372036854775807; with a "
            "point it is a float");
        break;
    default:
        report(p, t->span, str_printf(a, "`%s` is out of the range of floats", text),
               "floats reach from about 1e-308 to 1e308");
    }
}

static void report_spelling(Parser *p, const Token *t, const char *word)
{
    report(p, t->span, str_printf(p->arena, "dl spells this operator `%s`", word),
           str_printf(p->arena, "replace `%s` with `%s`", t->text, word));
}

void syntax_error_token(Parser *p, const Token *t)
{
    if (!parse_may_report(p, t->span))
        return;
    Arena *a = p->arena;
    switch (t->error) {
    case TOKEN_UNTERMINATED:
        report(p, t->span, "this string is never closed",
               "strings end on the line they start, with a `\"`");
        break;
    case TOKEN_SINGLE_QUOTES:
        report(p, t->span, "strings use double quotes",
               str_printf(a,
                          "write \"%s\", or drop the quotes if this is a word such as "
                          "`same` or `relu`",
                          t->text));
        break;
    case TOKEN_BAD_ESCAPE: {
        Span at = bad_escape(t);
        report(p, at, str_printf(a, "`%s` is not an escape of dl", span_text(a, at)),
               "the escapes are \\\" \\\\ \\n \\t; for a backslash write two");
        break;
    }
    case TOKEN_SPELLED_AND:
        report_spelling(p, t, "and");
        break;
    case TOKEN_SPELLED_OR:
        report_spelling(p, t, "or");
        break;
    case TOKEN_SPELLED_NOT:
        report_spelling(p, t, "not");
        break;
    case TOKEN_BAD_CHARACTER:
        report(p, t->span,
               str_printf(a, "%s is not a character of dl", character_name(p, t)),
               "outside comments and strings a .dl file is plain ASCII");
        break;
    default:
        report_number(p, t);
    }
}

void syntax_error_stage(Parser *p, const Ast *stage)
{
    if (!parse_may_report(p, stage->span))
        return;
    Diag *d = diag_begin(p->sink, DIAG_STAGE, stage->span,
                         "a pipeline stage must be a layer or a call");
    if (stage->kind == AST_INDEX)
        diag_help(d, "bind the value first, then index it");
    diag_end(d);
}

/* ---- the situation --------------------------------------------------------------- */

typedef struct Surprise {
    Parser *p;
    const Token *found, *before, *before2; /* the last two may be NULL */
    int bracket;       /* the innermost open one: '(' '[' '{', or 0 */
    const Token *open; /* its token */
    bool new_item;     /* an item starts here though brackets are open */
    const char *const *expected;
    int n;
} Surprise;

static bool expects(const Surprise *s, const char *name)
{
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->expected[i], name) == 0)
            return true;
    return false;
}

static bool same_line(const Token *a, const Token *b)
{
    return source_line(a->span.source, a->span.end) == token_line(b);
}

static bool is_word(const Token *t, const char *word)
{
    return t != NULL && t->kind == TOKEN_IDENT && strcmp(t->text, word) == 0;
}

static const char *partner(const Token *open)
{
    return open->kind == '(' ? ")" : open->kind == '[' ? "]" : "}";
}

static void finish(Diag *d, const char *help)
{
    if (help != NULL)
        diag_help(d, "%s", help);
    diag_end(d);
}

/* ---- patterns: true when one applied and has reported ---------------------------- */

static bool is_mismatch(const Surprise *s)
{
    Parser *p = s->p;
    if (p->mismatch < 0)
        return false;
    const Token *open = &p->tokens.token.at[p->mismatch];
    Diag *d = diag_begin(p->sink, DIAG_BRACKET, open->span, "this `%s` is never closed",
                         open->text);
    diag_label(d, s->found->span, "expected `%s` before this `%s`", partner(open),
               s->found->text);
    finish(d, NULL);
    return true;
}

static bool is_unclosed(const Surprise *s)
{
    Parser *p = s->p;
    if (s->open == NULL || (s->found->kind != 0 && !s->new_item))
        return false;
    if (p->suspect_open >= 0) {
        const Token *open = &p->tokens.token.at[p->suspect_open];
        const Token *close = &p->tokens.token.at[p->suspect_close];
        Diag *d = diag_begin(p->sink, DIAG_BRACKET, open->span,
                             "this `{` is probably never closed");
        diag_label(d, close->span, "this `}` closes it, but lines up with line %d",
                   token_line(s->open));
        diag_help(d, "add a `}` before line %d", token_line(close));
        return diag_end(d), true;
    }
    Diag *d = diag_begin(p->sink, DIAG_BRACKET, s->open->span,
                         "this `%s` is never closed", s->open->text);
    if (s->found->kind == 0)
        diag_label(d, s->found->span, "the file ends here");
    else if (token_starts_item(&p->tokens, p->current))
        diag_label(d, s->found->span, "the next item starts here");
    else
        diag_label(d, s->before->span, "the next item starts here");
    diag_help(d, "add the missing `%s`", partner(s->open));
    return diag_end(d), true;
}

static bool is_pipe_after_operator(const Surprise *s) /* a + b |> f */
{
    if (s->found->kind != TOKEN_PIPE || s->before2 == NULL ||
        !token_ends_value(s->before->kind))
        return false;
    Diag *d = diag_begin(s->p->sink, DIAG_PIPE_AFTER_OPERATOR, s->found->span,
                         "`|>` after an operator needs parentheses");
    diag_primary_text(d, "does this take `%s%s`, or everything to its left?",
                      s->before->kind == ')' ? "..." : "", quoted(s->p, s->before));
    finish(d,
           "write `(a + b) |> f` or `a + (b |> f)`: dl never asks you to remember how "
           "tightly `|>` binds");
    return true;
}

/* Was there a |> before, in the same statement and at the same depth of brackets? */
static bool follows_pipe(const Surprise *s)
{
    int depth = 0;
    for (int i = s->p->current - 1; i >= s->p->start; i--) {
        int kind = s->p->tokens.token.at[i].kind;
        if (kind == ')' || kind == ']')
            depth++;
        else if ((kind == '(' || kind == '[') && depth-- == 0)
            return false;
        else if (depth > 0)
            continue;
        else if (kind == TOKEN_PIPE)
            return true;
        else if (kind == '{' || kind == '}' || kind == ';' || kind == '=' ||
                 kind == ',' || kind == ':' || kind == TOKEN_UPDATE)
            return false;
    }
    return false;
}

static bool is_operator_after_pipe(const Surprise *s) /* x |> f + y */
{
    if (!token_is_operator(s->found->kind) || !follows_pipe(s))
        return false;
    Diag *d = diag_begin(s->p->sink, DIAG_OPERATOR_AFTER_PIPE, s->found->span,
                         "`%s` after a pipeline needs parentheses", s->found->text);
    diag_help(d, "wrap the pipeline: `(x |> f) %s y`", s->found->text);
    return diag_end(d), true;
}

static bool
is_assignment(const Surprise *s) /* if n = 2, and y < -1 without the space */
{
    if (s->before == NULL)
        return false;
    if (s->found->kind == '=' && token_is_name(s->before->kind)) {
        finish(diag_begin(s->p->sink, DIAG_EQUALS, s->found->span,
                          "`=` binds a name and cannot appear inside an expression"),
               "to compare two values write `==`");
        return true;
    }
    if (s->found->kind != TOKEN_UPDATE || !token_ends_value(s->before->kind))
        return false;
    finish(diag_begin(s->p->sink, DIAG_ARROW, s->found->span,
                      "`<-` updates a state and cannot appear inside an expression"),
           "to compare with a negative number put a space: `a < -b`");
    return true;
}

static bool is_foreign_word(const Surprise *s) /* return x, let x = */
{
    if (s->before2 == NULL)
        return false;
    if (is_word(s->before, "return")) {
        finish(
            diag_begin(s->p->sink, DIAG_RETURN, s->before->span, "dl has no `return`"),
            "name the output in the signature, `-> y`, and bind it: `y = ...`");
        return true;
    }
    if (!is_word(s->before, "let") && !is_word(s->before, "var"))
        return false;
    Diag *d = diag_begin(s->p->sink, DIAG_LET, s->before->span,
                         "dl binds names without `%s`", s->before->text);
    diag_help(d, "write `%s = ...`", quoted(s->p, s->found));
    return diag_end(d), true;
}

/* `y = x conv(3)`: a statement may start anywhere, so the parser stumbles only after
 * the second value's name. */
static bool is_missing_pipe(const Surprise *s)
{
    const Token *value = s->before2, *next = s->before;
    if (value == NULL || (token_is_soft(value->kind) && token_starts_line(value)) ||
        !token_is_name(next->kind) || !token_ends_value(value->kind) ||
        !same_line(value, next))
        return false;
    int kind = s->found->kind;
    if (kind != '(' && kind != '[' && kind != TOKEN_PIPE && !token_ends_value(kind))
        return false;
    Diag *d = diag_begin(s->p->sink, DIAG_MISSING_PIPE, next->span,
                         "expected an operator or `|>` before `%s`", next->text);
    diag_label(d, value->span, "this value is complete");
    bool long_value = value->kind == ')' || value->kind == ']';
    diag_help(d, "to feed one into the other write `%s |> %s%s`",
              long_value ? "..." : quoted(s->p, value), next->text,
              kind == '(' ? "(...)" : "");
    return diag_end(d), true;
}

static bool is_foreign_comment(const Surprise *s) /* // my first network */
{
    const Token *slashes = NULL;
    if (s->found->kind == TOKEN_FLOORDIV)
        slashes = s->found;
    else if (s->before2 != NULL && s->before->kind == TOKEN_FLOORDIV &&
             !token_ends_value(s->before2->kind))
        slashes = s->before;
    if (slashes == NULL)
        return false;
    finish(diag_begin(s->p->sink, DIAG_COMMENT, slashes->span,
                      "`//` is integer division, not a comment"),
           "comments start with `#`");
    return true;
}

static bool is_reserved_word(const Surprise *s) /* data over(...) */
{
    if (!token_is_reserved(s->found->kind) || !expects(s, "name") ||
        expects(s, "'+'") || token_starts_item(&s->p->tokens, s->p->current))
        return false;
    finish(diag_begin(s->p->sink, DIAG_RESERVED, s->found->span,
                      "`%s` is a reserved word and cannot be a name", s->found->text),
           NULL);
    return true;
}

static bool is_missing_colon(const Surprise *s) /* y f32[4] */
{
    if (!expects(s, "':'") || s->before == NULL || !token_is_name(s->found->kind) ||
        !token_is_name(s->before->kind) || !same_line(s->before, s->found))
        return false;
    bool dims = s->found->span.source->text[s->found->span.end] == '[';
    Diag *d = diag_begin(s->p->sink, DIAG_TYPE_COLON, s->found->span,
                         "expected `:` between `%s` and its type", s->before->text);
    diag_help(d, "write `%s: %s%s`", s->before->text, s->found->text,
              dims ? "[...]" : "");
    return diag_end(d), true;
}

static bool is_comma(const Surprise *s) /* epochs: 10, */
{
    if (s->found->kind != ',' || s->before == NULL ||
        !token_ends_value(s->before->kind) || (s->bracket != '{' && s->bracket != 0))
        return false;
    finish(diag_begin(s->p->sink, DIAG_SYNTAX, s->found->span,
                      "statements are not separated by commas"),
           "delete the `,`; a line break (or `;`) is enough");
    return true;
}

/* ---- otherwise ------------------------------------------------------------------- */

static const char *found_phrase(const Surprise *s)
{
    switch (s->found->kind) {
    case 0:
        return "the end of the file";
    case TOKEN_IDENT:
        return "a name";
    case TOKEN_INT:
    case TOKEN_FLOAT:
    case TOKEN_QUANTITY:
        return "a number";
    case TOKEN_STRING:
        return "a string";
    default:
        return str_printf(s->p->arena, "`%s`", s->found->text);
    }
}

/* `expected` as a reader sees it: the soft keywords are names, quantities are numbers.
 */
static int phrases(const Surprise *s, const char **phrase, int most)
{
    bool name = expects(s, "name"), number = expects(s, "number");
    int n = 0;
    for (int i = 0; i < s->n; i++) {
        const char *e = s->expected[i];
        bool soft = false;
#define RESERVED(token, word)
#define SOFT(token, word) soft = soft || strcmp(e, word) == 0;
#include "grammar/keywords.def"
#undef RESERVED
#undef SOFT
        if ((soft && name) ||
            (number && (strcmp(e, "float") == 0 || strcmp(e, "quantity") == 0)))
            continue;
        if (n == most)
            return most + 1;
        if (strcmp(e, "name") == 0 || strcmp(e, "number") == 0 ||
            strcmp(e, "string") == 0)
            phrase[n++] = str_printf(s->p->arena, "a %s", e);
        else if (strchr(e, ' ') != NULL)
            phrase[n++] = e;
        else if (e[0] == '\'')
            phrase[n++] = str_printf(s->p->arena, "`%c`", e[1]);
        else
            phrase[n++] = str_printf(s->p->arena, "`%s`", e);
    }
    return n;
}

static const char *expectation(const Surprise *s)
{
    enum { MOST = 5 };
    const char *phrase[MOST];
    int n = phrases(s, phrase, MOST);
    if (n > 0 && n <= MOST) {
        const char *text = phrase[0];
        for (int i = 1; i < n; i++)
            text = str_printf(s->p->arena, "%s%s%s", text, i == n - 1 ? " or " : ", ",
                              phrase[i]);
        return text;
    }
    if (s->before == NULL)
        return "an item (`def`, `net`, `data`, `train`, ...)";
    if (!token_ends_value(s->before->kind) && s->before->kind != '}')
        return s->before->kind == '{' ? "a statement or `}`" : "a value";
    switch (s->bracket) {
    case '(':
        return "`,` or `)`";
    case '[':
        return "`,` or `]`";
    case '{':
        return "a new statement or `}`";
    default:
        return "a new item (`def`, `net`, `data`, `train`, ...)";
    }
}

static void report_expected(const Surprise *s)
{
    Diag *d = diag_begin(s->p->sink, DIAG_SYNTAX, s->found->span,
                         "expected %s, found %s", expectation(s), found_phrase(s));
    if ((s->bracket == '(' || s->bracket == '[') &&
        token_line(s->open) != token_line(s->found))
        diag_label(d, s->open->span, "opened here");
    finish(d, NULL);
}

void syntax_error(Parser *p, const char *const *expected, int n)
{
    typedef bool Pattern(const Surprise *);
    static Pattern *const patterns[] = {
        is_mismatch,
        is_unclosed,
        is_pipe_after_operator,
        is_operator_after_pipe,
        is_assignment,
        is_foreign_word,
        is_missing_pipe,
        is_foreign_comment,
        is_reserved_word,
        is_missing_colon,
        is_comma,
    };
    const Token *at = p->tokens.token.at;
    if (!parse_may_report(p, at[p->start].span))
        return;
    int i = p->current;
    Surprise s = { .p = p, .found = &at[i], .expected = expected, .n = n };
    if (i > p->start)
        s.before = &at[i - 1];
    if (i > p->start + 1)
        s.before2 = &at[i - 2];
    if (p->open.n > 0) {
        s.open = &at[vec_last(&p->open)];
        s.bracket = s.open->kind;
        s.new_item = (i > p->start && token_starts_item(&p->tokens, i)) ||
                     (i > p->start + 1 && token_starts_item(&p->tokens, i - 1));
        if (s.open == &at[i] && p->open.n > 1) /* the surprise itself opened one */
            s.open = &at[p->open.at[p->open.n - 2]], s.bracket = s.open->kind;
        else if (s.open == &at[i])
            s.open = NULL, s.bracket = 0;
    }
    for (int k = 0; k < ARRAY_LEN(patterns); k++)
        if (patterns[k](&s))
            return;
    report_expected(&s);
}
