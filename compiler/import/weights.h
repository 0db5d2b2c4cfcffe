/* weights.h - trained values by the paths of parameters and states. */
#ifndef DLC_IMPORT_WEIGHTS_H
#define DLC_IMPORT_WEIGHTS_H

#include "import/safetensors.h"
#include "support/diag.h"
#include "support/map.h"
#include "tensor/tensor.h"

typedef struct Weights {
    Map *tensor;   /* path -> const Tensor * */
    SafeFile file; /* that they are of */
    uint64_t hash; /* of its bytes */
} Weights;

typedef struct WeightWanted { /* a param or a state of the model */
    const char *path;
    DType dtype;
    Shape shape;
} WeightWanted;

/* Reads a safetensors file that the driver has read whole. Every tensor that is wanted
 * must be there with its dtype and shape and finite values, and no other may be: what
 * is missing, extra or mis-shaped is listed in one message, E0703. `name` is the
 * file's, for messages. False: reported. */
bool weights_read(Arena *a, int n, const WeightWanted *wanted, const char *name,
                  const char *bytes, size_t length, DiagSink *sink, Weights *weights);

const Tensor *weights_find(const Weights *w, const char *path); /* NULL: none */

#endif
