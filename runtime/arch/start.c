/* start.c - from reset to main() on an emulated Cortex-M or RISC-V, without a C
 * library. A fault ends the run with status 111. */
#include "semihost.h"

extern uint32_t stack_top, data_begin, data_end, data_load, bss_begin, bss_end;
int main(void);
void reset(void);

void fault(void);
void fault(void)
{
    semihost_message("fault\n");
    semihost_exit(111);
}

#if defined(__arm__)
typedef void Handler(void);

extern Handler *const vectors[16];
__attribute__((section(".vectors")))
Handler *const vectors[16] = { (Handler *)&stack_top,
                               reset,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault,
                               fault };
#else
/* The first instruction, which sets what compiled code relies on; and semihosting's
 * three instructions, which must be uncompressed and within one page. */
__asm__(".section .vectors, \"ax\"\n"
        ".globl vectors\n"
        "vectors:\n"
        ".option push\n.option norelax\n.option arch, +zicsr\n"
        "la gp, __global_pointer$\n"
        "la sp, stack_top\n"
        "la t0, trap\n"
        "csrw mtvec, t0\n"
        "tail reset\n"
        ".balign 4\n"
        "trap: tail fault\n"
        ".option norvc\n.balign 16\n"
        ".globl semihost_trap\n"
        "semihost_trap:\n"
        "slli zero, zero, 0x1f\n"
        "ebreak\n"
        "srai zero, zero, 7\n"
        "ret\n"
        ".option pop\n"
        ".text\n");
#endif

__attribute__((noreturn, optimize("no-tree-loop-distribute-patterns"))) void reset(void)
{
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* CPACR: the coprocessors */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
    const uint32_t *from = &data_load;
    for (uint32_t *to = &data_begin; to < &data_end;)
        *to++ = *from++;
    for (uint32_t *to = &bss_begin; to < &bss_end;)
        *to++ = 0;
    semihost_exit(main());
    for (;;) {
    }
}

/* What compilers call by themselves. */
void *memset(void *to, int value, size_t n);
void *memcpy(void *to, const void *from, size_t n);

__attribute__((optimize("no-tree-loop-distribute-patterns"))) void *
memset(void *to, int value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)to)[i] = (unsigned char)value;
    return to;
}

__attribute__((optimize("no-tree-loop-distribute-patterns"))) void *
memcpy(void *to, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)to)[i] = ((const unsigned char *)from)[i];
    return to;
}
