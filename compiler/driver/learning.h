/* learning.h - training on a device under the `ram:` of its deploy block. */
#ifndef DLC_DRIVER_LEARNING_H
#define DLC_DRIVER_LEARNING_H

#include "driver/session.h"

typedef struct Learning {
    int recompute;       /* for PipelineOptions; 0: all values are kept */
    Recomputed cost;     /* what that brings and takes */
    Program *program;    /* the step as it was tried */
    int64_t params, own; /* bytes of the state: parameters; moments and states */
    int64_t ram;         /* all of it: state, scratch, inputs and outputs */
} Learning;

/* `resident` is what bake_add_resident found. The cheapest way to run `step`
 * (STAGE_SAMPLE, left as it is) within the budget of d; when none fits, the one with
 * the least memory. False: reported. */
bool learning_fit(Session *s, const Module *m, const ModuleDeploy *d,
                  const Map *resident, const Graph *step, const Target *target,
                  const QuantizeOptions *quantize, Learning *l);

/* Every deploy block of floats that trains and has a `ram:`, with values that stand for
 * trained ones (int8 needs the calibration of a file). False: reported (E0502). */
bool learning_check(Session *s, const Module *m);
/* E0502 unless the budget holds it. */
bool learning_fits(Session *s, const ModuleDeploy *d, const Learning *l);

#endif
