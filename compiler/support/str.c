/* str.c - see str.h. */
#include "support/str.h"

#include "support/bug.h"

#include <stdio.h>
#include <string.h>

char *str_vprintf(Arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0)
        BUG("bad format: %s", format);
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

char *str_printf(Arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = str_vprintf(a, format, args);
    va_end(args);
    return text;
}

char *str_copy(Arena *a, const char *text, size_t count)
{
    char *copy = arena_alloc(a, count + 1);
    memcpy(copy, text, count);
    return copy;
}

bool str_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && strcmp(text + n - m, suffix) == 0;
}

/* Characters in the longest common substring, and recursively left and right of it. */
static size_t matches(const char *a, size_t n, const char *b, size_t m)
{
    size_t best = 0, at_a = 0, at_b = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++) {
            size_t k = 0;
            while (i + k < n && j + k < m && a[i + k] == b[j + k])
                k++;
            if (k > best) {
                best = k;
                at_a = i;
                at_b = j;
            }
        }
    if (best == 0)
        return 0;
    return matches(a, at_a, b, at_b) + best +
           matches(a + at_a + best, n - at_a - best, b + at_b + best, m - at_b - best);
}

const char *str_nearest(const char *word, const char *const *names, int count)
{
    const char *nearest = NULL;
    double best = 0.6;
    size_t n = strlen(word);
    for (int i = 0; i < count; i++) {
        size_t m = strlen(names[i]);
        if (n + m == 0 || n > 64 || m > 64)
            continue;
        double ratio = 2.0 * (double)matches(word, n, names[i], m) / (double)(n + m);
        if (ratio > best || (ratio == best && nearest == NULL)) {
            best = ratio;
            nearest = names[i];
        }
    }
    return nearest;
}
