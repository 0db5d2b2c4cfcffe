/* budget.h - what deploy blocks allow: `ram:` against the memory plan, and
 * `latency:` against an estimate. */
#ifndef DLC_DRIVER_BUDGET_H
#define DLC_DRIVER_BUDGET_H

#include "driver/session.h"

/* Every deploy block with a `ram:` or a `latency:`, for the net as it would be compiled
 * without trained weights. False: reported (E0502; W0603 is a warning). */
bool budget_check(Session *s, const Module *m);

/* The budget of one, against the plan of the program that is written. */
bool budget_check_plan(Session *s, const ModuleDeploy *d, const Program *p);

/* "12.5 KiB"; the two largest buffers of the arena. For messages. */
const char *budget_kib(Session *s, int64_t bytes);
const char *budget_largest(Session *s, const Program *p);

#endif
