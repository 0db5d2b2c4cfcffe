/* c_prelude.h - what emitted text needs before it: standard headers, and the functions
 * of runtime/device that it names, copied so that the file is self-contained.
 *
 * The text of a source file is therefore made in two steps: constants, functions
 * (c_functions_print), kernels and entry points into one Out; then
 *     c_prelude_print(out_text(&body), target, &file);  out_puts(&file,
 * out_text(&body)); Order in the file: banner, own header, prelude, body. */
#ifndef DLC_EMIT_C_PRELUDE_H
#define DLC_EMIT_C_PRELUDE_H

#include "support/out.h"
#include "target/target.h"

void c_prelude_print(const char *body, const Target *t, Out *out);

#endif
