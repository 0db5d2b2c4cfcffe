/* scalar.h - one-lane operations of emitted code that C has no exact operator for. The
 * same arithmetic as loop/scalar.h; emitted files copy the functions they use.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_SCALAR_H
#define DLC_DEVICE_SCALAR_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

static inline float dlc_f32_of_bits(uint32_t bits)
{
    union {
        uint32_t u;
        float f;
    } word;
    word.u = bits;
    return word.f;
}

/* A half float, exactly: its exponent is 112 less than that of a float. */
static inline float dlc_f32_of_f16(uint16_t half)
{
    const uint32_t sign = ((uint32_t)half & 0x8000U) << 16;
    return dlc_f32_of_bits(sign | ((uint32_t)half & 0x7fffU) << 13) * 0x1p112f;
}

static inline uint32_t dlc_bits_of_f32(float x)
{
    union {
        float f;
        uint32_t u;
    } word;
    word.f = x;
    return word.u;
}

/* a * b + c, rounded once. Without a floating-point unit, C libraries round twice:
 * there the sum of the exact product and c is rounded to odd in double, then to float.
 */
static inline float dlc_fma_f32(float a, float b, float c)
{
#if (defined(__arm__) && !defined(__ARM_FP)) ||                                        \
    (defined(__riscv) && !defined(__riscv_flen))
    const double product = (double)a * (double)b;
    union {
        double f;
        uint64_t u;
    } sum;
    sum.f = product + (double)c;
    const double back = sum.f - product;
    const double lost = (product - (sum.f - back)) + ((double)c - back);
    if ((lost > 0.0 || lost < 0.0) && (sum.u & 1u) == 0)
        sum.u += (lost > 0.0) == (sum.f > 0.0) ? (uint64_t)1 : UINT64_MAX;
    return (float)sum.f;
#else
    return fmaf(a, b, c);
#endif
}

/* Second when equal or unordered, as max(a, b) of the loop IR. */
static inline float dlc_max_f32(float a, float b)
{
    return a > b ? a : b;
}

static inline float dlc_min_f32(float a, float b)
{
    return a < b ? a : b;
}

static inline double dlc_max_f64(double a, double b)
{
    return a > b ? a : b;
}

static inline double dlc_min_f64(double a, double b)
{
    return a < b ? a : b;
}

static inline int32_t dlc_max_i32(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static inline int32_t dlc_min_i32(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static inline uint32_t dlc_max_u32(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static inline uint32_t dlc_min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Wraps where signed C overflow would be undefined. */
static inline int32_t dlc_neg_i32(int32_t a)
{
    return (int32_t)(0u - (uint32_t)a);
}

static inline int32_t dlc_abs_i32(int32_t a)
{
    return a < 0 ? (int32_t)(0u - (uint32_t)a) : a;
}

/* Toward zero, clamped; NaN gives the lowest value. */
static inline int32_t dlc_i32_of_f32(float x)
{
    if (x >= 2147483648.0f) {
        return INT32_MAX;
    }
    return x >= -2147483648.0f ? (int32_t)x : INT32_MIN;
}

static inline int32_t dlc_i32_of_f64(double x)
{
    if (x >= 2147483648.0) {
        return INT32_MAX;
    }
    return x > -2147483649.0 ? (int32_t)x : INT32_MIN;
}

static inline uint32_t dlc_u32_of_f64(double x)
{
    if (x >= 4294967296.0) {
        return UINT32_MAX;
    }
    return x > -1.0 ? (uint32_t)x : 0u;
}

static inline uint32_t dlc_u32_of_f32(float x)
{
    if (x >= 4294967296.0f) {
        return UINT32_MAX;
    }
    return x > -1.0f ? (uint32_t)x : 0u;
}

static inline uint8_t dlc_u8_of_i32(int32_t a)
{
    return (uint8_t)(a < 0 ? 0 : a > 255 ? 255 : a);
}

static inline int8_t dlc_i8_of_i32(int32_t a)
{
    return (int8_t)(a < -128 ? -128 : a > 127 ? 127 : a);
}

static inline uint16_t dlc_u16_of_i32(int32_t a)
{
    return (uint16_t)(a < 0 ? 0 : a > 65535 ? 65535 : a);
}

static inline int16_t dlc_i16_of_i32(int32_t a)
{
    return (int16_t)(a < -32768 ? -32768 : a > 32767 ? 32767 : a);
}

#endif
