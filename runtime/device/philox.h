/* philox.h - Philox4x32-10, the random numbers of every dlc program.
 *
 * A pure function of (counter, key), so that any element of any stream is computed by
 * whoever needs it, in any order and by any number of threads. Network code uses key =
 * seed and counter = {element / 4, sample in the batch, iteration, op id}, lane =
 * element % 4; op ids from DLC_PHILOX_HOST up belong to the host runtime (shuffling,
 * splits, random test data).
 *
 * Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011),
 * section 3.3. C99, no dependencies: emitted code copies this file. */
#ifndef DLC_DEVICE_PHILOX_H
#define DLC_DEVICE_PHILOX_H

#include <stdint.h>

#define DLC_PHILOX_HOST 0xFFFF0000u

/* Four random words: out[0 .. 3], each uniform over 32 bits. `out` may be `counter`. */
static inline void dlc_philox(uint32_t out[4], const uint32_t counter[4],
                              const uint32_t key[2])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        const uint64_t p0 = (uint64_t)0xD2511F53u * c0;
        const uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u; /* golden ratio */
        k1 += 0xBB67AE85u; /* sqrt(3) - 1 */
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

#endif
