/* calibration.c - see calibration.h. */
#include "import/calibration.h"

#include "support/str.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BINS_MAX = 65536 };

static bool read_real(const char **at, double *x)
{
    char *end;
    *x = strtod(*at, &end);
    bool read = end != *at && isfinite(*x);
    *at = end;
    return read;
}

static Histogram *read_histogram(Arena *a, const char *text)
{
    VEC(int64_t) count = { 0 };
    Histogram *h = arena_new(a, Histogram);
    if (!read_real(&text, &h->low) || !read_real(&text, &h->high) || h->low > h->high)
        return NULL;
    while (*text == ' ') {
        char *end;
        errno = 0;
        long long n = strtoll(text + 1, &end, 10);
        if (end == text + 1 || errno != 0 || n < 0 || count.n == BINS_MAX)
            return NULL;
        vec_push(a, &count, (int64_t)n);
        text = end;
    }
    if (*text != '\0' || count.n == 0)
        return NULL;
    h->bins = count.n;
    h->count = count.at;
    return h;
}

bool calibration_read(Arena *a, const SafeFile *file, const char *name, DiagSink *sink,
                      Calibration *calibration)
{
    static const char prefix[] = "calibration/";
    calibration->histogram = map_new(a);
    for (int i = 0; i < file->meta.n; i++) {
        const SafeMeta *m = &file->meta.at[i];
        if (!str_starts(m->key, prefix))
            continue;
        Histogram *h = read_histogram(a, m->text);
        if (h == NULL)
            return diag_error(sink, (Span){ 0 }, DIAG_WEIGHTS,
                              "the metadata `%s` of `%s` is not a histogram", m->key,
                              name);
        map_put(calibration->histogram, m->key + strlen(prefix), h);
    }
    return true;
}

const Histogram *calibration_find(const Calibration *c, const char *path)
{
    return map_find(c->histogram, path);
}
