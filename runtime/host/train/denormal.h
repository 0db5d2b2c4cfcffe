/* denormal.h - denormal numbers count as zero in this thread.
 *
 * Moments of units that no longer learn decay into denormals (0.9^n), and most
 * processors take a hundred cycles or more for each operation on one. Every thread of a
 * training program therefore flushes them, so all commands and all thread counts agree.
 * Does nothing on processors that it does not know. */
#ifndef DLC_HOST_TRAIN_DENORMAL_H
#define DLC_HOST_TRAIN_DENORMAL_H

void dlc_flush_denormals(void);

#endif
