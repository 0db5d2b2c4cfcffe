/* mark.h - where counting begins and ends: hints that do nothing on any Cortex-M and
 * that count.c knows. */
#ifndef DLC_TESTS_MARK_H
#define DLC_TESTS_MARK_H

#define MARK_BEGIN __asm__ volatile(".inst.n 0xbf50" ::: "memory")
#define MARK_END   __asm__ volatile(".inst.n 0xbf60" ::: "memory")

#endif
