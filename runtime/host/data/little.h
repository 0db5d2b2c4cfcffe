/* little.h - numbers in files, least significant byte first. */
#ifndef DLC_HOST_DATA_LITTLE_H
#define DLC_HOST_DATA_LITTLE_H

#include <stdint.h>

/* Of at most eight bytes. */
static inline uint64_t dlc_little(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value |= (uint64_t)at[i] << 8 * i;
    }
    return value;
}

#endif
