/* overlap.h - how far a kernel's result may reach into the memory of an operand. */
#ifndef DLC_LOOP_OVERLAP_H
#define DLC_LOOP_OVERLAP_H

#include "loop/loop.h"

/* The least number of bytes by which `to`, that k writes, has to begin below `from`,
 * that k reads, so that each element of `from` is read for the last time before `to` is
 * stored over it: the bytes of `to` when they may not meet at all. 0: the same place is
 * fine. A larger distance is as good. Slices are taken to run in order, as they do
 * without a team of threads. Neither buffer is LOCAL. About `events` iterations
 * are told apart: with fewer the answer may be larger than the least, never smaller. */
int64_t loop_overlap(const Kernel *k, const Buffer *from, const Buffer *to, int events,
                     Arena *scratch);

/* Of the kernel of a call of p, with as many events as keep the whole program quick. */
int64_t program_overlap(const Program *p, const Kernel *k, const Buffer *from,
                        const Buffer *to, Arena *scratch);

#endif
