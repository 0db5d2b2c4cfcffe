/* team.h - the threads that run one call together (SPMD), owned by the runtime. */
#ifndef DLC_HOST_TRAIN_TEAM_H
#define DLC_HOST_TRAIN_TEAM_H

#include "device/team.h"
#include "host/report/fault.h"

typedef struct Team Team;

/* `threads` members, the caller's thread being member 0. NULL: reported. */
Team *dlc_team_new(int threads, Fault *fault);
void dlc_team_free(Team *team); /* NULL is allowed */

/* Every member calls work(arg, its dlc_team); returns when all are done. A team of one
 * calls work(arg, NULL). */
void dlc_team_run(Team *team, void (*work)(void *arg, const dlc_team *member),
                  void *arg);

#endif
