/* diag.h - messages about the user's program, in the format of the language reference.
 *
 *     return diag_error(sink, span, DIAG_INNER_DIMS, "inner extents differ: %d and %d",
 * m, n);
 *
 * or, with labels and notes:
 *
 *     Diag *d = diag_begin(sink, DIAG_RANK, span, "`%s` takes ...", name);
 *     diag_label(d, other_span, "f32[26, 26, 32]");
 *     diag_help(d, "insert `|> flatten` before it");
 *     return diag_end(d);                      // always false
 *
 * Law: a function that returns false has reported. Callers propagate, they never report
 * again. Diagnostics are kept in the sink in order and rendered by the driver. */
#ifndef DLC_SUPPORT_DIAG_H
#define DLC_SUPPORT_DIAG_H

#include "support/arena.h"
#include "support/out.h"
#include "support/source.h"
#include "support/str.h"

#include <stdbool.h>

typedef enum DiagId {
#define DIAG(id, code, severity, title, explanation) DIAG_##id,
#include "support/diag.def"
#undef DIAG
    DIAG_COUNT
} DiagId;

typedef enum Severity { SEVERITY_ERROR, SEVERITY_WARNING } Severity;

typedef struct DiagInfo {
    const char *name; /* "INNER_DIMS" */
    const char *code; /* "E0303", "W0601" */
    Severity severity;
    const char *title;       /* one line for lists */
    const char *explanation; /* the paragraph of --explain */
} DiagInfo;

extern const DiagInfo diag_table[DIAG_COUNT];

typedef struct Diag Diag;
typedef struct DiagSink DiagSink;

DiagSink *diag_sink_new(Arena *a);

Diag *diag_begin(DiagSink *sink, DiagId id, Span primary, const char *format, ...)
    STR_PRINTF(4, 5);
void diag_primary_text(Diag *d, const char *format, ...) STR_PRINTF(2, 3);
void diag_label(Diag *d, Span span, const char *format, ...) STR_PRINTF(3, 4);
void diag_shapes(Diag *d, const char *format, ...)
    STR_PRINTF(2, 3);                                              /* "  = shapes: " */
void diag_note(Diag *d, const char *format, ...) STR_PRINTF(2, 3); /* "  = note: "   */
void diag_help(Diag *d, const char *format, ...)
    STR_PRINTF(2, 3);   /* "  = help: ", last */
bool diag_end(Diag *d); /* false */

bool diag_error(DiagSink *sink, Span span, DiagId id, const char *format, ...)
    STR_PRINTF(4, 5);

int diag_error_count(const DiagSink *sink);
int diag_count(const DiagSink *sink);
DiagId diag_id(const DiagSink *sink, int i);
const char *diag_message(const DiagSink *sink, int i);
Span diag_span(const DiagSink *sink, int i);
/* Forgets what came after a count: for speculative work. */
void diag_rewind(DiagSink *sink, int count);
void diag_allow(DiagSink *sink, DiagId id); /* --allow W0601 */

typedef enum DiagStyle { DIAG_TEXT, DIAG_MACHINE, DIAG_JSON } DiagStyle;
/* Renders all, in order; identical messages once. `color` adds ANSI colors to text. */
void diag_render(const DiagSink *sink, Out *out, DiagStyle style, bool color);

#endif
