/* twin.h - the model's losses in f64 (dlc_losses), at a point of its own: what
 * gradients are checked against. */
#ifndef DLC_HOST_TRAIN_TWIN_H
#define DLC_HOST_TRAIN_TWIN_H

#include "host/train/engine.h"

typedef struct Twin {
    const Engine *engine;
    double **tensor; /* params and states by index in the table, NULL: an optimizer's */
    void **field;    /* of the batch; floats as double */
    double **frozen; /* what stop_gradient gave at the point */
    double **stopped;
    double *loss;
    void *arena;
} Twin;

/* The point is where the engine stands: its state and its batch. The model has losses.
 */
bool dlc_twin_init(Twin *twin, const Engine *engine, Fault *fault);
void dlc_twin_release(Twin *twin);

/* Sum of the losses whose gradients count for that tensor. tensor[i] may be moved. */
double dlc_twin_loss(const Twin *twin, int tensor);

#endif
