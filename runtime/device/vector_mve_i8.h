/* vector_mve_i8.h - 16 packed bytes with Arm's M-profile vector extension; the twin of
 * vector_c99_i8.h, the same bits.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_VECTOR_MVE_I8_H
#define DLC_DEVICE_VECTOR_MVE_I8_H

#include <stdint.h>

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>

typedef int8x16_t v16c;

static inline v16c v16c_load(const int8_t *x)
{
    return vldrbq_s8(x);
}

static inline void v16c_store(int8_t *y, v16c a)
{
    vstrbq_s8(y, a);
}

/* sum + the products of all bytes, modulo 2^32. */
static inline int32_t v16c_dot(v16c x, v16c w, int32_t sum)
{
    return vmladavaq_s8(sum, x, w);
}

#endif
#endif
