/* semihost.h - files, messages and the exit status of an emulated Cortex-M or
 * RISC-V: Arm's semihosting interface (bkpt 0xAB), as QEMU implements it. */
#ifndef DLC_ARCH_SEMIHOST_H
#define DLC_ARCH_SEMIHOST_H

#include <stddef.h>
#include <stdint.h>

enum { SEMIHOST_READ = 1, SEMIHOST_WRITE = 5 }; /* "rb", "wb" */

#if defined(__riscv)
int semihost_trap(int operation, const void *argument); /* start.c */
#endif

static inline int semihost_call(int operation, const void *argument)
{
#if defined(__riscv)
    return semihost_trap(operation, argument);
#else
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
#endif
}

static inline void semihost_exit(int status)
{
    const uintptr_t block[2] = { 0x20026, (uintptr_t)status };
    semihost_call(0x20, block);
    for (;;) {
    }
}

static inline void semihost_message(const char *text)
{
    semihost_call(0x04, text);
}

static inline int semihost_open(const char *name, int mode)
{
    size_t length = 0;
    while (name[length] != '\0')
        length++;
    const uintptr_t block[3] = { (uintptr_t)name, (uintptr_t)mode, length };
    return semihost_call(0x01, block);
}

/* Both return how many bytes were not moved. */
static inline int semihost_write(int file, const void *from, size_t count)
{
    const uintptr_t block[3] = { (uintptr_t)file, (uintptr_t)from, count };
    return semihost_call(0x05, block);
}

static inline int semihost_read(int file, void *to, size_t count)
{
    const uintptr_t block[3] = { (uintptr_t)file, (uintptr_t)to, count };
    return semihost_call(0x06, block);
}

#endif
