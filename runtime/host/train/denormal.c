/* denormal.c - see denormal.h. */
#include "host/train/denormal.h"

#include <stdint.h>

#if defined(__SSE__)
#include <xmmintrin.h>

void dlc_flush_denormals(void)
{
    enum { FLUSH_RESULTS = 0x8000, FLUSH_OPERANDS = 0x0040 }; /* MXCSR: FTZ, DAZ */
    _mm_setcsr(_mm_getcsr() | FLUSH_RESULTS | FLUSH_OPERANDS);
}

#elif defined(__aarch64__)

void dlc_flush_denormals(void)
{
    uint64_t control; /* FPCR; bit 24 is FZ */
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    control |= UINT64_C(1) << 24;
    __asm__ volatile("msr fpcr, %0" : : "r"(control));
}

#else

void dlc_flush_denormals(void)
{
}

#endif
