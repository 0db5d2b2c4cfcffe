/* scan.c - see scan.h. */
#include "graph/scan.h"

#include "support/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 16 };

void scan_init(Scan *s, Arena *a, const Source *source, const char *text,
               DiagSink *sink)
{
    *s = (Scan){ .arena = a, .sink = sink, .source = source, .text = text, .at = text };
}

static Span span_here(const Scan *s, const char *begin, const char *end)
{
    if (s->source == NULL)
        return (Span){ 0 };
    return (Span){ s->source, (uint32_t)(begin - s->text), (uint32_t)(end - s->text) };
}

Span scan_line_span(const Scan *s)
{
    const char *begin = s->at, *end = s->at;
    while (begin > s->text && begin[-1] != '\n')
        begin--;
    while (*begin == ' ')
        begin++;
    while (*end != '\0' && *end != '\n')
        end++;
    return span_here(s, begin, end);
}

static void skip_blanks(Scan *s)
{
    while (*s->at == ' ' || *s->at == '\t' || *s->at == '\r')
        s->at++;
}

static void skip(Scan *s)
{
    for (;;) {
        skip_blanks(s);
        if (*s->at == '#')
            while (*s->at != '\0' && *s->at != '\n')
                s->at++;
        if (*s->at != '\n')
            return;
        s->at++;
    }
}

bool scan_error(Scan *s, const char *what)
{
    const char *end = s->at;
    while (*end != '\0' && *end != '\n' && end - s->at < 24)
        end++;
    return diag_error(s->sink, span_here(s, s->at, end), DIAG_IR_SYNTAX,
                      "%s near `%.*s`", what, (int)(end - s->at), s->at);
}

bool scan_nest(Scan *s)
{
    return ++s->depth <= MAX_DEPTH || scan_error(s, "regions nest too deeply");
}

void scan_unnest(Scan *s)
{
    s->depth--;
}

/* ---- characters and words -------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word(char c)
{
    return is_word_start(c) || is_digit(c) || c == '.' || c == '/' || c == '$';
}

bool scan_at_end(Scan *s)
{
    skip(s);
    return *s->at == '\0';
}

bool scan_peek(Scan *s, char c)
{
    skip(s);
    return *s->at == c;
}

bool scan_peek_text(Scan *s, const char *text)
{
    skip(s);
    return strncmp(s->at, text, strlen(text)) == 0;
}

bool scan_peek_word(Scan *s)
{
    skip(s);
    return is_word_start(*s->at);
}

bool scan_peek_number(Scan *s)
{
    skip(s);
    return is_digit(*s->at) || *s->at == '-' || *s->at == '+';
}

bool scan_accept(Scan *s, const char *text)
{
    if (!scan_peek_text(s, text))
        return false;
    s->at += strlen(text);
    return true;
}

static bool word_follows(const Scan *s, const char *word)
{
    size_t n = strlen(word);
    return strncmp(s->at, word, n) == 0 && !is_word(s->at[n]);
}

bool scan_accept_word(Scan *s, const char *word)
{
    skip(s);
    if (!word_follows(s, word))
        return false;
    s->at += strlen(word);
    return true;
}

bool scan_accept_here(Scan *s, char c)
{
    skip_blanks(s);
    if (*s->at != c)
        return false;
    s->at++;
    return true;
}

bool scan_accept_word_here(Scan *s, const char *word)
{
    skip_blanks(s);
    if (!word_follows(s, word))
        return false;
    s->at += strlen(word);
    return true;
}

bool scan_expect(Scan *s, const char *text)
{
    if (scan_accept(s, text))
        return true;
    return scan_error(s, str_printf(s->arena, "expected `%s`", text));
}

bool scan_word(Scan *s, const char **word)
{
    skip(s);
    const char *begin = s->at;
    if (!is_word_start(*begin))
        return scan_error(s, "expected a word");
    while (is_word(*s->at))
        s->at++;
    *word = str_copy(s->arena, begin, (size_t)(s->at - begin));
    return true;
}

bool scan_string(Scan *s, const char **text)
{
    if (!scan_expect(s, "\""))
        return false;
    Out o;
    out_init(&o, s->arena);
    while (*s->at != '"') {
        if (*s->at == '\\')
            s->at++;
        if (*s->at == '\0' || *s->at == '\n')
            return scan_error(s, "a string without an end");
        out_write(&o, s->at++, 1);
    }
    s->at++;
    *text = out_text(&o);
    return true;
}

/* ---- numbers --------------------------------------------------------------------- */

static bool number_word(Scan *s, double *f)
{
    static const struct {
        const char *word;
        double value;
    } words[] = { { "inf", INFINITY }, { "-inf", -INFINITY }, { "nan", NAN },
                  { "-nan", NAN },     { "true", 1 },         { "false", 0 } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (scan_accept_word(s, words[i].word)) {
            *f = words[i].value;
            return true;
        }
    return false;
}

bool scan_number(Scan *s, double *f)
{
    if (number_word(s, f))
        return true;
    if (!scan_peek_number(s))
        return scan_error(s, "expected a number");
    char *end;
    *f = strtod(s->at, &end);
    if (end == s->at)
        return scan_error(s, "expected a number");
    s->at = end;
    return true;
}

bool scan_int(Scan *s, int64_t *i)
{
    double f;
    if (!scan_number(s, &f))
        return false;
    if (!(fabs(f) <= 2147483648.0) || f != floor(f))
        return scan_error(s, "expected an integer");
    *i = (int64_t)f;
    return true;
}

bool scan_shape(Scan *s, int n, const int64_t *at, Shape *shape)
{
    if (n > SHAPE_MAX_RANK)
        return scan_error(s, "too many dimensions");
    *shape = shape_of(n, at);
    return shape_is_sane(shape) || scan_error(s, "an extent out of range");
}

/* ---- literals -------------------------------------------------------------------- */

typedef struct Literal {
    VEC(double) value;
    int64_t dim[SHAPE_MAX_RANK]; /* 0: not known yet */
    int rank;                    /* -1: not known yet */
    bool has_words;              /* true or false */
} Literal;

static bool leaf(Scan *s, Literal *l, int axis)
{
    double f;
    if (l->rank >= 0 && l->rank != axis)
        return scan_error(s, "rows of different depth");
    l->rank = axis;
    skip(s);
    l->has_words |= *s->at == 't' || *s->at == 'f';
    if (!scan_number(s, &f))
        return false;
    vec_push(s->arena, &l->value, f);
    return true;
}

static bool list(Scan *s, Literal *l, int axis)
{
    if (!scan_accept(s, "["))
        return leaf(s, l, axis);
    if (axis == SHAPE_MAX_RANK)
        return scan_error(s, "too many dimensions");
    int64_t n = 0;
    do {
        if (!list(s, l, axis + 1))
            return false;
        n++;
    } while (scan_accept(s, ","));
    if (!scan_expect(s, "]"))
        return false;
    if (l->dim[axis] != 0 && l->dim[axis] != n)
        return scan_error(s, "rows of different length");
    l->dim[axis] = n;
    return true;
}

/* f32, i32 ..., or index(n) */
static bool literal_type(Scan *s, DType *t, int64_t *bound, bool *given)
{
    *given = true;
    if (scan_accept(s, "index(")) {
        if (!scan_int(s, bound) || !scan_expect(s, ")"))
            return false;
        *t = dtype_of_index(*bound);
        return true;
    }
    for (int i = 0; i < DTYPE_DL_COUNT; i++)
        if (scan_accept_word(s, dtype_name((DType)i))) {
            *t = (DType)i;
            return true;
        }
    *given = false;
    return true;
}

bool scan_literal(Scan *s, Tensor **t, int64_t *bound)
{
    Literal l = { .rank = -1 };
    DType dtype = DTYPE_F32;
    bool given;
    *bound = 0;
    if (!literal_type(s, &dtype, bound, &given) || !list(s, &l, 0))
        return false;
    if (!given && l.has_words)
        dtype = DTYPE_BOOL;
    *t = tensor_new(s->arena, dtype, shape_of(l.rank, l.dim));
    for (int i = 0; i < l.value.n; i++) {
        double x = l.value.at[i];
        (*t)->at[i] = dtype_is_float(dtype) ? x : dtype_round(dtype, x);
    }
    return true;
}
