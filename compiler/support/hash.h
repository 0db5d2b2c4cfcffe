/* hash.h - FNV-1a, 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv). Stable everywhere.
 */
#ifndef DLC_SUPPORT_HASH_H
#define DLC_SUPPORT_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count);

/* The next 64 bits of the stream that starts at a seed: splitmix64 (Steele, Lea, Flood
 * 2014). */
uint64_t hash_next(uint64_t *state);

#endif
