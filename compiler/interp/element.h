/* element.h - numbers in the storage form that compiled C reads and writes: bool as
 * uint8_t, integers in two's complement with the little end first. */
#ifndef DLC_INTERP_ELEMENT_H
#define DLC_INTERP_ELEMENT_H

#include "tensor/dtype.h"

/* Element i of an array; `value` is one that the type holds. */
void element_store(DType dtype, void *array, int64_t i, double value);
double element_load(DType dtype, const void *array, int64_t i);

#endif
