/* math.h - the four functions that emitted C takes from a C library, for boards without
 * one: instructions of the core's floating-point unit. */
#ifndef DLC_TESTS_MATH_H
#define DLC_TESTS_MATH_H

#define INFINITY __builtin_inff()
#define NAN      __builtin_nanf("")
#define fabsf    __builtin_fabsf
#define fmaf     __builtin_fmaf
#define sqrtf    __builtin_sqrtf

static inline float floorf(float x)
{
    if (!(__builtin_fabsf(x) < 8388608.0f)) /* whole already, or not a number */
        return x;
    const float whole = (float)(int)x;
    return __builtin_copysignf(whole - (float)(whole > x), x);
}

#endif
