/* shuffle.c - orders of samples that depend on a seed and nothing else. */
#include "host/data/shuffle.h"

#include <math.h>

#include "device/philox.h"

Random dlc_random(uint64_t seed, Purpose purpose, uint32_t iteration)
{
    return (Random){
        .key = { (uint32_t)seed, (uint32_t)(seed >> 32) },
        .counter = { 0, 0, iteration, DLC_PHILOX_HOST + (uint32_t)purpose },
        .used = 4,
    };
}

uint32_t dlc_random_next(Random *random)
{
    if (random->used == 4) {
        dlc_philox(random->word, random->counter, random->key);
        random->counter[0]++;
        random->used = 0;
    }
    return random->word[random->used++];
}

uint32_t dlc_random_below(Random *random, uint32_t n)
{
    uint64_t product = (uint64_t)dlc_random_next(random) * n;
    if ((uint32_t)product < n) {
        const uint32_t least = (0u - n) % n;
        while ((uint32_t)product < least) {
            product = (uint64_t)dlc_random_next(random) * n;
        }
    }
    return (uint32_t)(product >> 32);
}

double dlc_random_unit(Random *random)
{
    return ((double)dlc_random_next(random) + 0.5) / 4294967296.0;
}

double dlc_random_normal(Random *random)
{
    const double radius = sqrt(-2 * log(dlc_random_unit(random)));
    return radius * cos(6.283185307179586 * dlc_random_unit(random));
}

void dlc_shuffle(uint32_t *order, uint32_t count, Random *random)
{
    for (uint32_t i = count; i > 1; i--) {
        const uint32_t j = dlc_random_below(random, i), t = order[i - 1];
        order[i - 1] = order[j];
        order[j] = t;
    }
}
