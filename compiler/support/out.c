/* out.c - see out.h. */
#include "support/out.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void out_init(Out *o, Arena *a)
{
    *o = (Out){ .arena = a };
}

void out_write(Out *o, const char *text, size_t count)
{
    if (o->length + count + 1 > o->capacity) {
        size_t grown = 2 * o->capacity + count + 256;
        o->text = arena_grow(o->arena, o->text, o->length, grown);
        o->capacity = grown;
    }
    memcpy(o->text + o->length, text, count);
    o->length += count;
    o->text[o->length] = '\0';
}

void out_puts(Out *o, const char *text)
{
    out_write(o, text, strlen(text));
}

void out_print(Out *o, const char *format, ...)
{
    char small[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (n < (int)sizeof small) {
        out_write(o, small, (size_t)n);
        return;
    }
    va_start(args, format);
    char *text = str_vprintf(o->arena, format, args);
    va_end(args);
    out_write(o, text, (size_t)n);
}

void out_indent(Out *o, int spaces)
{
    for (int i = 0; i < spaces; i++)
        out_write(o, " ", 1);
}

const char *out_text(Out *o)
{
    return o->text ? o->text : "";
}

static void number(Out *o, const char *digits)
{
    char text[48];
    size_t n = strlen(digits);
    memcpy(text, digits, n + 1);
    for (size_t i = 0; i < n; i++)
        if (text[i] == ',') /* a locale's decimal sign */
            text[i] = '.';
    out_puts(o, text);
    if (strpbrk(text, ".en") == NULL) /* e: exponent, n: inf and nan */
        out_puts(o, ".0");
}

void out_f32(Out *o, float value)
{
    char text[48];
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (isnan(value) || strtof(text, NULL) == value)
            break;
    }
    number(o, text);
}

void out_f64(Out *o, double value)
{
    char text[48];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (isnan(value) || strtod(text, NULL) == value)
            break;
    }
    number(o, text);
}
