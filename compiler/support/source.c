/* source.c - see source.h. */
#include "support/source.h"

#include "support/str.h"

#include <string.h>

Source *source_new(Arena *a, const char *path, const char *name, const char *text,
                   uint32_t length)
{
    Source *s = arena_new(a, Source);
    s->path = path;
    s->name = name;
    s->text = text;
    s->length = length;
    s->n_lines = 1;
    for (uint32_t i = 0; i < length; i++)
        s->n_lines += text[i] == '\n';
    s->line = arena_array(a, uint32_t, s->n_lines);
    int n = 1;
    for (uint32_t i = 0; i < length; i++)
        if (text[i] == '\n')
            s->line[n++] = i + 1;
    return s;
}

int source_line(const Source *s, uint32_t offset)
{
    int low = 0, high = s->n_lines - 1;
    while (low < high) { /* the last line that starts at or before offset */
        int middle = (low + high + 1) / 2;
        if (s->line[middle] <= offset)
            low = middle;
        else
            high = middle - 1;
    }
    return low + 1;
}

int source_column(const Source *s, uint32_t offset)
{
    int column = 1;
    for (uint32_t i = s->line[source_line(s, offset) - 1]; i < offset; i++)
        column += ((unsigned char)s->text[i] & 0xc0) != 0x80;
    return column;
}

const char *source_line_text(const Source *s, int line, int *length)
{
    uint32_t begin = s->line[line - 1];
    uint32_t end = line < s->n_lines ? s->line[line] - 1 : s->length;
    if (end > begin && s->text[end - 1] == '\r')
        end--;
    *length = (int)(end - begin);
    return s->text + begin;
}

const char *source_written_name(const char *name)
{
    return name[0] == '/' ? strrchr(name, '/') + 1 : name;
}

Span span_join(Span a, Span b)
{
    if (a.source == NULL)
        return b;
    if (b.source != a.source)
        return a;
    return (Span){ a.source, a.begin < b.begin ? a.begin : b.begin,
                   a.end > b.end ? a.end : b.end };
}

char *span_text(Arena *a, Span span)
{
    return str_copy(a, span.source->text + span.begin, span.end - span.begin);
}
