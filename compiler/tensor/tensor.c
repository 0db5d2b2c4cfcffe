/* tensor.c - see tensor.h. */
#include "tensor/tensor.h"

Tensor *tensor_new(Arena *a, DType dtype, Shape shape)
{
    Tensor *t = arena_new(a, Tensor);
    t->dtype = dtype;
    t->shape = shape;
    t->at = arena_array(a, double, shape_count(&shape));
    return t;
}
