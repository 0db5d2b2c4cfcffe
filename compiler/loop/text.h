/* text.h - the .dlir text form of loop programs, its reader, and the verifier. */
#ifndef DLC_LOOP_TEXT_H
#define DLC_LOOP_TEXT_H

#include "loop/loop.h"

void kernel_print(const Kernel *k, Out *out);
void program_print(const Program *p, Out *out); /* first line "dlir loop 1" */
/* All programs of a file, at least one. False: reported. */
bool program_read(Arena *a, const Source *source, DiagSink *sink, int *n,
                  Program ***programs);

/* Structure, types, scoping, and that every load and store lies inside its buffer:
 * bounds of affine indices with min and max, variables eliminated innermost first with
 * the guards around them, enumeration where that fails. Loads through data (gather) are
 * safe because index types are bounded. After loop_plan: storage that is alive at the
 * same time does not overlap (unless in place), args fit. NULL when sound, else all
 * defects, one a line. */
const char *kernel_verify(const Kernel *k, Arena *scratch);
const char *program_verify(const Program *p, Arena *scratch);
uint64_t program_hash(const Program *p);

#endif
