/* widen.h - a program in f64: the twin that a training program's `check` differentiates
 * by finite differences. */
#ifndef DLC_LOOP_WIDEN_H
#define DLC_LOOP_WIDEN_H

#include "loop/loop.h"

/* Every f32 of a planned scalar program becomes f64: storage, buffers, variables,
 * constants; elementary functions become libm's. Offsets in the arena double. Changes p
 * in place. The result is for the emitter only: .dlir text, interpreter and verifier
 * know no f64. */
void program_widen(Program *p);

#endif
