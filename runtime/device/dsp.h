/* dsp.h - two 16-bit lanes in a word: instructions of Arm's DSP extension, and the same
 * in C99 where there is none. Emitted code copies what it uses.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_DSP_H
#define DLC_DEVICE_DSP_H

#include <stdint.h>

/* low 16 bits of a, low 16 bits of b above them. */
static inline int32_t dlc_pack16(int32_t a, int32_t b)
{
    return (int32_t)(((uint32_t)b << 16) | ((uint32_t)a & 0xffffu));
}

/* Bytes 0 and 2, sign-extended, as lanes. */
static inline int32_t dlc_sxtb16(int32_t x)
{
#if defined(__ARM_FEATURE_DSP)
    int32_t y;
    __asm__("sxtb16 %0, %1" : "=r"(y) : "r"(x));
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
    __asm__("smlad %0, %1, %2, %3" : "=r"(z) : "r"(x), "r"(y), "r"(sum));
    return z;
#else
    const int32_t low = (int16_t)(uint16_t)((uint32_t)x & 0xffffu) *
                        (int16_t)(uint16_t)((uint32_t)y & 0xffffu);
    const int32_t high =
        (int16_t)(uint16_t)((uint32_t)x >> 16) * (int16_t)(uint16_t)((uint32_t)y >> 16);
    return (int32_t)((uint32_t)sum + (uint32_t)low + (uint32_t)high);
#endif
}

#endif
