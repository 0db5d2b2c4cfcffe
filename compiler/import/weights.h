/* weights.h - trained values by the paths of parameters and states. */
#ifndef DLC_IMPORT_WEIGHTS_H
#define DLC_IMPORT_WEIGHTS_H

#include "front/module.h"

typedef struct Weights {
    Map *tensor;   /* path -> const Tensor * */
    uint64_t hash; /* of the file */
} Weights;

/* Reads a safetensors file that the driver has read whole. Every param of the module
 * and every state that a net owns must be there with its dtype and shape, and nothing
 * else may be: what is missing, extra or mis-shaped is listed in one message, E0703.
 * `name` is the file's, for messages. False: reported. */
bool weights_read(Arena *a, const Module *m, const char *name, const char *bytes,
                  size_t length, DiagSink *sink, Weights *weights);

const Tensor *weights_find(const Weights *w, const char *path); /* NULL: none */

#endif
