/* scan.h - characters of .dlir text into words, numbers, strings and literals. Blanks,
 * newlines and comments (# to the end of the line) separate and mean nothing else. A
 * function that returns false has reported IR_SYNTAX, except accept and peek. */
#ifndef DLC_GRAPH_SCAN_H
#define DLC_GRAPH_SCAN_H

#include "support/diag.h"
#include "tensor/tensor.h"

typedef struct Scan {
    Arena *arena;
    DiagSink *sink;
    const Source *source; /* NULL: a text without places */
    const char *text, *at;
    int depth; /* of regions */
} Scan;

void scan_init(Scan *s, Arena *a, const Source *source, const char *text,
               DiagSink *sink);
bool scan_error(Scan *s, const char *what); /* false; quotes the text that follows */
Span scan_line_span(const Scan *s);
bool scan_nest(Scan *s); /* false: too deep */
void scan_unnest(Scan *s);

bool scan_at_end(Scan *s);
bool scan_peek(Scan *s, char c);
bool scan_peek_text(Scan *s, const char *text);
bool scan_peek_word(Scan *s); /* a letter or _ follows */
bool scan_peek_number(Scan *s);
bool scan_accept(Scan *s, const char *text);
bool scan_accept_word(Scan *s, const char *word);
bool scan_accept_here(Scan *s, char c); /* on this line */
bool scan_accept_word_here(Scan *s, const char *word);
bool scan_expect(Scan *s, const char *text);

bool scan_word(Scan *s, const char **word); /* letters, digits, _ . / $ */
bool scan_int(Scan *s, int64_t *i);         /* at most 2^31: products fit int64_t */
bool scan_number(Scan *s, double *f);       /* also inf, nan, true, false */
bool scan_string(Scan *s, const char **text);
/* Extents as a shape of at most 2^40 elements. */
bool scan_shape(Scan *s, int n, const int64_t *at, Shape *shape);
/* 3   [1, 2]   i32 [[1], [2]]   index(3) [0, 2]   [true, false]: f32, or bool for
 * words, unless a type stands in front. */
bool scan_literal(Scan *s, Tensor **t, int64_t *bound);

#endif
