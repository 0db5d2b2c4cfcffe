/* mark.h - where counting begins and ends: hints that do nothing on any Cortex-M or
 * RISC-V and that count.c knows; on a host, nothing. */
#ifndef DLC_TESTS_MARK_H
#define DLC_TESTS_MARK_H

#if defined(__arm__)
#define MARK_BEGIN __asm__ volatile(".inst.n 0xbf50" ::: "memory")
#define MARK_END   __asm__ volatile(".inst.n 0xbf60" ::: "memory")
#elif defined(__riscv)
#define MARK_BEGIN __asm__ volatile("slti x0, x0, 1" ::: "memory")
#define MARK_END   __asm__ volatile("slti x0, x0, 2" ::: "memory")
#elif defined(__AVR__)
#include <avr/io.h>
#define MARK_BEGIN GPIOR1 = 1
#define MARK_END   GPIOR1 = 2
#else
#define MARK_BEGIN
#define MARK_END
#endif

#endif
