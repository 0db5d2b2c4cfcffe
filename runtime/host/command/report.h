/* report.h - OUT/report.html: what a training run came to, in one file. */
#ifndef DLC_HOST_COMMAND_REPORT_H
#define DLC_HOST_COMMAND_REPORT_H

#include "host/session.h"
#include "host/train/loop.h"

/* Written under a temporary name and renamed. */
bool dlc_report_write(Session *session, const Closing *closing);

#endif
