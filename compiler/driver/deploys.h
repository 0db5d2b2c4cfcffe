/* deploys.h - which deploy blocks a run compiles. */
#ifndef DLC_DRIVER_DEPLOYS_H
#define DLC_DRIVER_DEPLOYS_H

#include "driver/session.h"

typedef VEC(const ModuleDeploy *) DeployVec;

/* The target of the unit, and the blocks to compile for it, in order. A C file is for
 * one target: with trained values, --target picks the blocks that name it when some do.
 * False: reported. */
bool deploys_choose(Session *s, const Module *m, UnitPurpose purpose,
                    const char *prefix, const Target **target, DeployVec *chosen);

/* Name of the C function of a net; d may be NULL. */
const char *deploys_function_name(Session *s, const char *prefix, const ModuleNet *net,
                                  const ModuleDeploy *d);

#endif
