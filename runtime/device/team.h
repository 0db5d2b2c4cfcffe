/* team.h - the threads that run one call together.
 *
 * Every member of a team calls the same function with its own `rank`; sliced kernels
 * give slices rank, rank + size, ... to a member, and members meet at dlc_team_wait
 * between kernels. What a kernel computes is fixed per slice, so the result does not
 * depend on the size. A NULL team is one thread. */
#ifndef DLC_DEVICE_TEAM_H
#define DLC_DEVICE_TEAM_H

#include <stdint.h>

typedef struct dlc_team {
    int32_t rank, size;
    void (*wait)(const struct dlc_team *team); /* all members have arrived */
    void *shared;                              /* the runtime's */
} dlc_team;

#endif
