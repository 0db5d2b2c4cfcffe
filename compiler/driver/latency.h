/* latency.h - `latency:` of deploy blocks: how long a call of a net takes on a
 * microcontroller, as target/costs.def has it. */
#ifndef DLC_DRIVER_LATENCY_H
#define DLC_DRIVER_LATENCY_H

#include "driver/session.h"

/* Cycles of one call of what the passes made of a net; 0: not known for the target.
 * `int8`: floats of it will be quantized. */
int64_t latency_cycles(Arena *scratch, const Graph *g, const Target *t, bool int8);

/* Warns when that is longer than the deploy block asks, and says where the time goes.
 */
void latency_check(Session *s, const ModuleDeploy *d, const Graph *g);

#endif
