/* golden.h - the inside of --self-test: inputs that a file gives. */
#ifndef DLC_DRIVER_GOLDEN_H
#define DLC_DRIVER_GOLDEN_H

#include "driver/session.h"

typedef struct GivenInputs {
    bool any;
    Weights file; /* NET/FIELD: [n, ..] for n samples, floats for fields of int8 */
} GivenInputs;

/* Reads the file that the option names, if any, for the nets of the unit: all inputs of
 * a net or none, and nothing else. False: reported. */
bool golden_read(Session *s, const EmitUnit *unit, GivenInputs *given);

/* All samples of an input; NULL: the file has none for its net. */
const Tensor *golden_given(Session *s, const GivenInputs *given, const EmitFunction *f,
                           const Field *field);

#endif
