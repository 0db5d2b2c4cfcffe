/* text.c - numbers and lists as people read them. */
#include "host/report/text.h"

#include <math.h>
#include <string.h>
#include <time.h>

Text dlc_text(char *buffer, size_t size)
{
    buffer[0] = '\0';
    return (Text){ .buffer = buffer, .size = size };
}

void dlc_text_add(Text *text, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const int n =
        vsnprintf(text->buffer + text->length, text->size - text->length, format, list);
    va_end(list);
    if (n > 0) {
        const size_t room = text->size - text->length - 1;
        text->length += (size_t)n < room ? (size_t)n : room;
    }
}

char *dlc_number(char buffer[DLC_NUMBER_SIZE], double value)
{
    const double size = fabs(value);
    const bool fixed = !isfinite(value) || size == 0 || (size >= 1e-3 && size < 1e6);
    snprintf(buffer, DLC_NUMBER_SIZE, fixed ? "%.4f" : "%.3e", value);
    return buffer;
}

char *dlc_count(char buffer[DLC_NUMBER_SIZE], int64_t value)
{
    char digits[DLC_NUMBER_SIZE];
    const int n = snprintf(digits, sizeof digits, "%lld", (long long)value);
    int at = 0;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-') {
            buffer[at++] = ',';
        }
        buffer[at++] = digits[i];
    }
    buffer[at] = '\0';
    return buffer;
}

char *dlc_bytes(char buffer[DLC_NUMBER_SIZE], uint64_t bytes)
{
    static const char *const unit[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    double value = (double)bytes;
    int u = 0;
    while (value >= 1024 && u < 4) {
        value /= 1024;
        u++;
    }
    snprintf(buffer, DLC_NUMBER_SIZE, u == 0 ? "%.0f %s" : "%.1f %s", value, unit[u]);
    return buffer;
}

char *dlc_duration(char buffer[DLC_NUMBER_SIZE], double seconds)
{
    const long total = seconds > 0 && seconds < 1e8 ? (long)(seconds + 0.5) : 0;
    const long hours = total / 3600;
    if (hours > 0) {
        snprintf(buffer, DLC_NUMBER_SIZE, "%ld:%02ld:%02ld", hours, total / 60 % 60,
                 total % 60);
    } else {
        snprintf(buffer, DLC_NUMBER_SIZE, "%ld:%02ld", total / 60, total % 60);
    }
    return buffer;
}

/* Levenshtein's distance; names longer than the row are never near. */
static int distance(const char *a, const char *b)
{
    enum { LONGEST = 48 };
    int row[LONGEST + 1];
    const size_t n = strlen(b);
    if (n > LONGEST || strlen(a) > LONGEST) {
        return LONGEST;
    }
    for (size_t j = 0; j <= n; j++) {
        row[j] = (int)j;
    }
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= n; j++) {
            const int swap = diagonal + (a[i - 1] != b[j - 1]);
            const int step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = swap < step ? swap : step;
        }
    }
    return row[n];
}

const char *dlc_nearest(const char *name, const char *const *names, int n_names)
{
    const char *nearest = NULL;
    int least = (int)(strlen(name) / 2) + 1;
    for (int i = 0; i < n_names; i++) {
        const int d = distance(name, names[i]);
        if (d < least) {
            least = d;
            nearest = names[i];
        }
    }
    return nearest;
}

void dlc_json_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(out, "\\%c", *c);
        } else if ((unsigned char)*c < 0x20) {
            fprintf(out, "\\u%04x", (unsigned)*c);
        } else {
            fputc(*c, out);
        }
    }
    fputc('"', out);
}

void dlc_json_number(FILE *out, double value)
{
    if (isfinite(value)) {
        fprintf(out, "%.9g", value);
    } else {
        fputs("null", out);
    }
}

double dlc_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
