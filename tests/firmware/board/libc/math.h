/* math.h - the four functions that emitted C takes from a C library, for boards without
 * one: instructions of the core's floating-point unit, or the same without. */
#ifndef DLC_TESTS_MATH_H
#define DLC_TESTS_MATH_H

#include <stdint.h>

#define INFINITY __builtin_inff()
#define NAN      __builtin_nanf("")
#define fabsf    __builtin_fabsf

static inline float floorf(float x)
{
    if (!(__builtin_fabsf(x) < 8388608.0f)) /* whole already, or not a number */
        return x;
    const float whole = (float)(int)x;
    return __builtin_copysignf(whole - (float)(whole > x), x);
}

#if defined(__ARM_FP) || defined(__riscv_flen)
#define fmaf  __builtin_fmaf
#define sqrtf __builtin_sqrtf
#else
/* Digit by digit: the root of m * 2^25 has 25 bits, the last of which rounds. */
static inline float sqrtf(float x)
{
    union {
        float f;
        uint32_t u;
    } word;
    word.f = x;
    if (word.u << 1 == 0 || word.u == 0x7f800000u)
        return x;
    if (word.u > 0x7f800000u) /* negative, or not a number */
        return NAN;
    int32_t exponent = (int32_t)(word.u >> 23);
    uint64_t m = word.u & 0x7fffffu, root = 0;
    if (exponent > 0)
        m |= 0x800000u;
    else
        for (exponent = 1; m < 0x800000u; m <<= 1)
            exponent--;
    exponent -= 127;
    m <<= 25 + (exponent & 1);
    for (uint64_t bit = (uint64_t)1 << 24; bit != 0; bit >>= 1)
        if ((root | bit) * (root | bit) <= m)
            root |= bit;
    exponent = (exponent - (exponent & 1)) / 2 + 127;
    word.u = ((uint32_t)exponent << 23) + (uint32_t)((root + 1) >> 1) - 0x800000u;
    return word.f;
}
#endif

#endif
