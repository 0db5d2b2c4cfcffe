/* tensor.h - a value of the graph interpreter and of constants: dense, in f64. */
#ifndef DLC_TENSOR_TENSOR_H
#define DLC_TENSOR_TENSOR_H

#include "support/arena.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"

typedef struct Tensor {
    DType dtype;
    Shape shape;
    double *at; /* row-major, shape_count elements */
} Tensor;

Tensor *tensor_new(Arena *a, DType dtype, Shape shape); /* zeros */

#endif
