/* str.h - strings in an arena. */
#ifndef DLC_SUPPORT_STR_H
#define DLC_SUPPORT_STR_H

#include "support/arena.h"

#include <stdarg.h>
#include <stdbool.h>

#if defined(__GNUC__)
#define STR_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define STR_PRINTF(text, first)
#endif

char *str_printf(Arena *a, const char *format, ...) STR_PRINTF(2, 3);
char *str_vprintf(Arena *a, const char *format, va_list args);
char *str_copy(Arena *a, const char *text, size_t count); /* adds the final NUL */
bool str_equal(const char *a, const char *b);
bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);

/* The name nearest to `word`, or NULL when none is near: the similarity
 * 2 * matches / (length + length) of Ratcliff and Obershelp (Dr. Dobb's, July 1988)
 * must reach 0.6. */
const char *str_nearest(const char *word, const char *const *names, int count);

#endif
