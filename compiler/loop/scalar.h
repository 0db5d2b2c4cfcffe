/* scalar.h - what one lane of a loop program computes, exactly. Shared by folding and
 * the loop interpreter; runtime/device/scalar.h is the same text for emitted files.
 *
 * Float to integer truncates and clamps, NaN gives the lowest value. Integers clamp
 * when they narrow to 8 or 16 bits and wrap between i32 and u32. */
#ifndef DLC_LOOP_SCALAR_H
#define DLC_LOOP_SCALAR_H

#include <stdint.h>
#include <string.h>

static inline float scalar_f32_of_bits(uint32_t bits)
{
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

static inline uint32_t scalar_bits_of_f32(float f)
{
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    return bits;
}

static inline int32_t scalar_i32_of_f32(float x)
{
    if (x >= 2147483648.0f)
        return INT32_MAX;
    return x >= -2147483648.0f ? (int32_t)x : INT32_MIN;
}

static inline uint32_t scalar_u32_of_f32(float x)
{
    if (x >= 4294967296.0f)
        return UINT32_MAX;
    return x > -1.0f ? (uint32_t)x : 0;
}

static inline int32_t scalar_clamp(int32_t x, int32_t low, int32_t high)
{
    int32_t y = x < high ? x : high;
    return y > low ? y : low;
}

#endif
