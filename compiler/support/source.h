/* source.h - the text of a file, and places in it. */
#ifndef DLC_SUPPORT_SOURCE_H
#define DLC_SUPPORT_SOURCE_H

#include "support/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Source {
    const char *path; /* as opened */
    const char *name; /* as shown in messages and emitted files: never absolute */
    const char *text; /* NUL-terminated */
    uint32_t length;  /* bytes */
    bool is_library;  /* a module of the standard library: blame goes to its caller */
    uint32_t *line;   /* byte offset of the start of each line */
    int n_lines;
} Source;

/* A half-open range of bytes. A zero Span (source NULL) is "no place". */
typedef struct Span {
    const Source *source;
    uint32_t begin, end;
} Span;

/* Takes `text` as it is (not copied); both strings must outlive the arena's objects. */
Source *source_new(Arena *a, const char *path, const char *name, const char *text,
                   uint32_t length);

/* Lines and columns count from 1; columns count code points. */
int source_line(const Source *s, uint32_t offset);
int source_column(const Source *s, uint32_t offset);
/* Text of a line without its end, and its length in bytes. */
const char *source_line_text(const Source *s, int line, int *length);

/* The name for what dlc writes: as given, but an absolute path loses its folders, so
 * that no output tells where it was made. */
const char *source_written_name(const char *name);

Span span_join(Span a, Span b);
char *span_text(Arena *a, Span span); /* the user's own words */

#endif
