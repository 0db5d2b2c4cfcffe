/* output.h - results of a program that runs on the host and on emulated boards: lines
 * of words in hexadecimal, to standard output or, on a board with
 * semihosting, to the file got.txt. */
#ifndef DLC_TESTS_OUTPUT_H
#define DLC_TESTS_OUTPUT_H

#include <stdint.h>

#if defined(__arm__) || defined(__riscv)
#include "semihost.h"

static int output_file = -1;

static inline void output_bytes(const char *text, int n)
{
    if (output_file < 0)
        output_file = semihost_open("got.txt", SEMIHOST_WRITE);
    semihost_write(output_file, text, (size_t)n);
}
#elif defined(__AVR__) /* what avr.c watches */
#include <avr/io.h>

static inline void output_bytes(const char *text, int n)
{
    for (int i = 0; i < n; i++)
        GPIOR2 = (uint8_t)text[i];
}

/* Behind exit(), with the status in r24. */
__attribute__((naked, used, section(".fini8"))) static void output_end(void)
{
    __asm__ volatile("out %0, r24" ::"I"(_SFR_IO_ADDR(GPIOR0)));
}
#else
#include <stdio.h>

static inline void output_bytes(const char *text, int n)
{
    fwrite(text, 1, (size_t)n, stdout);
}
#endif

static inline void output_floats(const float *value, int n)
{
    for (int i = 0; i < n; i++) {
        char text[9];
        union {
            float f;
            uint32_t u;
        } word;
        word.f = value[i];
        for (int digit = 0; digit < 8; digit++)
            text[digit] = "0123456789abcdef"[word.u >> (28 - 4 * digit) & 15];
        text[8] = i + 1 < n ? ' ' : '\n';
        output_bytes(text, 9);
    }
}

#endif
