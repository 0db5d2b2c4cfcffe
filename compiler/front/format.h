/* format.h - `dlc --fmt`: one layout for every program (grammar/README.md, "Layout").
 */
#ifndef DLC_FRONT_FORMAT_H
#define DLC_FRONT_FORMAT_H

#include "support/diag.h"
#include "support/out.h"
#include "support/source.h"

/* Prints the program in its layout, comments included. The tree stays the same, and
 * formatting the result changes nothing. Reports syntax errors and returns false. */
bool ast_format(Arena *a, const Source *source, DiagSink *sink, Out *out);

#endif
