/* out.h - where text is printed to: a growing buffer. Files are written at once by the
 * driver, to a temporary name and renamed, so nothing is ever half-written. */
#ifndef DLC_SUPPORT_OUT_H
#define DLC_SUPPORT_OUT_H

#include "support/arena.h"
#include "support/str.h"

typedef struct Out {
    Arena *arena;
    char *text; /* NUL-terminated once something was printed; see out_text */
    size_t length, capacity;
} Out;

void out_init(Out *o, Arena *a);
void out_print(Out *o, const char *format, ...) STR_PRINTF(2, 3);
void out_puts(Out *o, const char *text);
void out_write(Out *o, const char *text, size_t count);
void out_indent(Out *o, int spaces);
const char *out_text(Out *o);

/* Shortest decimal that reads back to the same value: "0.1", "1e-07", "3.0".
 * Independent of the locale. Infinities and NaN print as "inf", "-inf", "nan". */
void out_f32(Out *o, float value);
void out_f64(Out *o, double value);

#endif
