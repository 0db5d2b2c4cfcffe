/* bits.h - what the two sides of the bit-for-bit test share: the generator of inputs
 * and the hash. */
#ifndef DLC_TESTS_EMIT_BITS_H
#define DLC_TESTS_EMIT_BITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BITS_SEED UINT64_C(0x123456789abcdef)
enum { BITS_STEPS = 3, BITS_SPLIT = 1, BITS_FIRST = 7 };

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t bits_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Element i of an array of `type`: floats in [-1, 1), indices below bound, else a byte.
 */
static inline void bits_fill(uint64_t *state, void *to, int64_t i, const char *type,
                             int64_t bound)
{
    uint64_t word = bits_next(state);
    uint64_t small = bound > 0 ? word % (uint64_t)bound : word % 128;
    if (strcmp(type, "float") == 0)
        ((float *)to)[i] = (float)((int32_t)(word >> 40) - 8388608) / 8388608.0f;
    else if (strcmp(type, "uint8_t") == 0)
        ((uint8_t *)to)[i] = (uint8_t)(bound > 0 ? small : word & 255);
    else if (strcmp(type, "int8_t") == 0)
        ((int8_t *)to)[i] = (int8_t)small;
    else if (strcmp(type, "uint16_t") == 0)
        ((uint16_t *)to)[i] = (uint16_t)small;
    else if (strcmp(type, "int16_t") == 0)
        ((int16_t *)to)[i] = (int16_t)small;
    else
        ((int32_t *)to)[i] = (int32_t)small;
}

static inline uint64_t bits_hash(const void *bytes, size_t count)
{
    const unsigned char *b = bytes;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ b[i]) * UINT64_C(0x100000001b3);
    return hash;
}

#endif
