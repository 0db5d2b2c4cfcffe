/* half.h - numbers of IEEE 754 binary16: 11 bits of precision, up to 65504. */
#ifndef DLC_TENSOR_HALF_H
#define DLC_TENSOR_HALF_H

#include <stdint.h>

#define HALF_MAX 65504.0

uint16_t
half_of(double value); /* the nearest, ties to even; beyond HALF_MAX infinite */
double half_value(uint16_t bits); /* exact */

#endif
