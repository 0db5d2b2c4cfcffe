/* vector_c99_i8.h - packed bytes: the twin of vector_mve_i8.h in strict C99, written
 * for 4 lanes as vector_c99.h is.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_VECTOR_C99_I8_H
#define DLC_DEVICE_VECTOR_C99_I8_H

#include <stdint.h>

typedef struct v4c {
    int8_t at[4];
} v4c;

static inline v4c v4c_load(const int8_t *x)
{
    v4c y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline void v4c_store(int8_t *y, v4c a)
{
    for (int32_t l = 0; l < 4; l++) {
        y[l] = a.at[l];
    }
}

/* sum + the products of all bytes, modulo 2^32. */
static inline int32_t v4c_dot(v4c x, v4c w, int32_t sum)
{
    uint32_t y = (uint32_t)sum;
    for (int32_t l = 0; l < 4; l++) {
        y += (uint32_t)(x.at[l] * w.at[l]);
    }
    return (int32_t)y;
}

#endif
