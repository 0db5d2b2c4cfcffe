/* hash.c - see hash.h. */
#include "support/hash.h"

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < count; i++) {
        hash ^= b[i];
        hash *= UINT64_C(0x100000001b3);
    }
    return hash;
}
