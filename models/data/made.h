/* made.h - what the generators share: random numbers that only depend on a seed, and
 * writers of IDX, CIFAR, PNG and WAV files. Every error ends the program. */
#ifndef DLC_MODELS_MADE_H
#define DLC_MODELS_MADE_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline _Noreturn void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

/* Steele, Lea, Flood 2014: SplitMix64. One generator a purpose, seeded by its number. */
typedef struct Random {
    uint64_t state;
} Random;

static inline uint64_t random_next(Random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* 0 .. n - 1 */
static inline int random_below(Random *r, int n)
{
    return (int)((random_next(r) >> 33) % (uint64_t)n);
}

/* low <= x < high */
static inline double random_range(Random *r, double low, double high)
{
    return low + (high - low) * ((double)(random_next(r) >> 11) * 0x1p-53);
}

/* Box and Muller 1958. */
static inline double random_normal(Random *r)
{
    const double u = random_range(r, 1e-12, 1), v = random_range(r, 0, 6.283185307179586);
    return sqrt(-2 * log(u)) * cos(v);
}

static inline FILE *file_create(const char *format, ...)
{
    char path[512];
    va_list args;
    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    FILE *f = fopen(path, "wb");
    if (f == NULL)
        die("cannot write %s", path);
    return f;
}

static inline void file_close(FILE *f)
{
    if (fclose(f) != 0)
        die("a file could not be written");
}

static inline void put_be32(FILE *f, uint32_t x)
{
    const uint8_t bytes[4] = { (uint8_t)(x >> 24), (uint8_t)(x >> 16), (uint8_t)(x >> 8),
                               (uint8_t)x };
    fwrite(bytes, 1, 4, f);
}

/* The head of an IDX file; type 0x08: bytes, 0x0b: big-endian i16. The values follow. */
static inline FILE *idx_create(const char *path, int type, int rank, const int *extents)
{
    FILE *f = file_create("%s", path);
    put_be32(f, (uint32_t)type << 8 | (uint32_t)rank);
    for (int i = 0; i < rank; i++)
        put_be32(f, (uint32_t)extents[i]);
    return f;
}

/* A number in 0 .. 255. */
static inline uint8_t byte_of(double x)
{
    return (uint8_t)(x < 0 ? 0 : x > 255 ? 255 : x + 0.5);
}

/* Samples of 16 kHz in -1 .. 1 as a WAV file of 16 bits. */
static inline void wav_write(FILE *f, const float *x, int n)
{
    const uint32_t bytes = (uint32_t)n * 2, rate = 16000;
    const uint32_t head[11] = { 0x46464952, 36 + bytes, 0x45564157, 0x20746d66, 16, 0x00010001,
                                rate,       rate * 2,   0x00100002, 0x61746164, bytes };
    for (int i = 0; i < 11; i++)
        for (int b = 0; b < 4; b++)
            fputc((int)(head[i] >> 8 * b & 255), f);
    for (int i = 0; i < n; i++) {
        const float limited = x[i] < -1 ? -1 : x[i] > 1 ? 1 : x[i];
        const int16_t v = (int16_t)lrintf(limited * 32767);
        fputc(v & 255, f);
        fputc(v >> 8 & 255, f);
    }
}

#endif
