/* target.h - one description per target: what it can do and what things cost there. */
#ifndef DLC_TARGET_TARGET_H
#define DLC_TARGET_TARGET_H

#include <stdbool.h>
#include <stdint.h>

/* How contractions of int8 are computed: kernels/int8 has the generators. */
typedef enum TargetInt8 {
    INT8_LOOPS, /* by the plain loops of the ops */
    INT8_BYTES, /* blocks of sums in registers, a byte at a time */
    INT8_DSP,   /* two 16-bit products in one instruction: runtime/device/dsp.h */
    INT8_MVE,   /* vectors of 16 bytes: runtime/device/vector_mve_i8.h */
} TargetInt8;

typedef struct Target {
    const char *name; /* "x86_64_v3" */
    const char *summary;
    int lanes;     /* f32 lanes of a vector; 1: no vectors */
    int registers; /* of vectors; without vectors those for integers */
    bool has_fma;
    const char *guard; /* C condition under which intrinsics are used, "" for c99 */
    const char
        *vector_header; /* runtime/device file with the vector functions, or NULL */
    const char *march;  /* compiler flag for programs, "-march=x86-64-v3", or "" */
    bool is_host;
    int64_t l1_bytes, l2_bytes;
    TargetInt8 int8;
    bool has_flash_space; /* constants are read by other instructions than RAM is */
} Target;

/* What work costs there: costs.def. */
typedef enum CostNumbers { COST_INT8, COST_F32 } CostNumbers;

typedef struct TargetCost { /* cycles */
    const char *target;
    CostNumbers numbers;
    double convolution, depthwise, dense; /* of a multiply-add */
    double result;                        /* of a result of one of these */
    double flop;                          /* of another operation */
} TargetCost;

const TargetCost *target_cost(const Target *t, CostNumbers numbers); /* NULL: unknown */

bool target_is_device(const Target *t);      /* a microcontroller */
const Target *target_find(const char *name); /* NULL: none */
/* "x86_64_v3" for x86_64 with the level avx2 (NULL: none); NULL: no alias. */
const char *target_of_alias(const char *name, const char *level);
const char *target_alias_at(int i, const char **level); /* NULL: beyond the last */
int target_count(void);
const Target *target_at(int i);
const Target *target_of_host(void); /* best level of the machine dlc runs on */

#endif
