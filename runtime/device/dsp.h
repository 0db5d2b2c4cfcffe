/* dsp.h - two 16-bit lanes in a word: instructions of Arm's DSP extension, and the same
 * in C99 where there is none. Emitted code copies what it uses. The instructions are
 * volatile because their order counts: a scheduler that brings loads forward needs more
 * registers than there are, and stores accumulators to the stack in the inner loop.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_DSP_H
#define DLC_DEVICE_DSP_H

#include <stdint.h>

/* low 16 bits of a, low 16 bits of b above them. */
static inline int32_t dlc_pack16(int32_t a, int32_t b)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t y;
    __asm__ volatile("pkhbt %0, %1, %2, lsl #16" : "=r"(y) : "r"(a), "r"(b));
    return y;
#else
    return (int32_t)(((uint32_t)b << 16) | ((uint32_t)a & 0xffffu));
#endif
}

/* Bytes 0 and 2, sign-extended, as lanes. */
static inline int32_t dlc_sxtb16(int32_t x)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t y;
    __asm__ volatile("sxtb16 %0, %1" : "=r"(y) : "r"(x));
    return y;
#else
    const int32_t low = (int8_t)(uint8_t)((uint32_t)x & 0xffu);
    const int32_t high = (int8_t)(uint8_t)(((uint32_t)x >> 16) & 0xffu);
    return (int32_t)(((uint32_t)high << 16) | ((uint32_t)low & 0xffffu));
#endif
}

/* sum + x.low y.low + x.high y.high, modulo 2^32. */
static inline int32_t dlc_smlad(int32_t x, int32_t y, int32_t sum)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t z;
    __asm__ volatile("smlad %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    const int32_t low = (int16_t)(uint16_t)((uint32_t)x & 0xffffu) *
                        (int16_t)(uint16_t)((uint32_t)y & 0xffffu);
    const int32_t high =
        (int16_t)(uint16_t)((uint32_t)x >> 16) * (int16_t)(uint16_t)((uint32_t)y >> 16);
    return (int32_t)((uint32_t)sum + (uint32_t)low + (uint32_t)high);
#endif
}

/* sum + x.low y.high, modulo 2^32. */
static inline int32_t dlc_smlabt(int32_t x, int32_t y, int32_t sum)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t z;
    __asm__ volatile("smlabt %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    const int32_t product = (int16_t)(uint16_t)((uint32_t)x & 0xffffu) *
                            (int16_t)(uint16_t)((uint32_t)y >> 16);
    return (int32_t)((uint32_t)sum + (uint32_t)product);
#endif
}

/* sum + x.high y.low, modulo 2^32. */
static inline int32_t dlc_smlatb(int32_t x, int32_t y, int32_t sum)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t z;
    __asm__ volatile("smlatb %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    const int32_t product = (int16_t)(uint16_t)((uint32_t)x >> 16) *
                            (int16_t)(uint16_t)((uint32_t)y & 0xffffu);
    return (int32_t)((uint32_t)sum + (uint32_t)product);
#endif
}

/* High half of 2^32 times the real product, rounded: (x y + 2^31) / 2^32 downwards. */
static inline int32_t dlc_smmulr(int32_t x, int32_t y)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t z;
    __asm__ volatile("smmulr %0, %1, %2" : "=r"(z) : "r"(x), "r"(y));
    return z;
#else
    return (int32_t)(((int64_t)x * (int64_t)y + INT64_C(2147483648)) >> 32);
#endif
}

/* sum + the same, modulo 2^32. */
static inline int32_t dlc_smmlar(int32_t x, int32_t y, int32_t sum)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t z;
    __asm__ volatile("smmlar %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    const int64_t high = ((int64_t)x * (int64_t)y + INT64_C(2147483648)) >> 32;
    return (int32_t)((uint32_t)sum + (uint32_t)high);
#endif
}

/* The nearest of -128 .. 127. */
static inline int32_t dlc_ssat8(int32_t x)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t y;
    __asm__ volatile("ssat %0, #8, %1" : "=r"(y) : "r"(x));
    return y;
#else
    return x < -128 ? -128 : x > 127 ? 127 : x;
#endif
}

/* The nearest of -128 .. 127 to x / 2, downwards. */
static inline int32_t dlc_ssat8_half(int32_t x)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t y;
    __asm__ volatile("ssat %0, #8, %1, asr #1" : "=r"(y) : "r"(x));
    return y;
#else
    return dlc_ssat8(x >> 1);
#endif
}

/* dlc_rescale(twice / 2, multiplier, -shift - 1) + zero as int8, where half is
 * zero 2^(shift + 1) + 2^shift: exact for 0 <= shift while nothing overflows, that is
 * for |twice| < 2^31 and |twice| / 2 + |half| < 2^31. */
static inline int32_t dlc_requantize(int32_t twice, int32_t multiplier, int32_t half,
                                     int32_t shift)
{
    const int32_t x = dlc_smmulr(twice, multiplier);
    return dlc_ssat8_half((x + (x >> 31) + half) >> shift);
}

/* The same where it is zero or more; else zero or less. */
static inline int32_t dlc_requantize_cut(int32_t twice, int32_t multiplier,
                                         int32_t half, int32_t shift)
{
    return dlc_ssat8_half(dlc_smmlar(twice, multiplier, half) >> shift);
}

#endif
