/* vector_c99.h - vectors in strict C99: the twin of the headers with intrinsics, the
 * same names and the same bits. Written for 4 lanes; the compiler replaces `v4` and `4`
 * when it copies functions into an emitted file for another number of lanes. Here
 * floats and masks; integers are in vector_c99_int.h.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_VECTOR_C99_H
#define DLC_DEVICE_VECTOR_C99_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct v4f {
    float at[4];
} v4f;
typedef struct v4i {
    int32_t at[4];
} v4i;
typedef struct v4u {
    uint32_t at[4];
} v4u;
typedef struct v4b {
    bool at[4];
} v4b;

static inline v4f v4f_load(const float *x)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline v4f v4f_load_f16(const uint16_t *x)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = dlc_f32_of_f16(x[l]);
    }
    return y;
}

static inline void v4f_store(float *y, v4f a)
{
    for (int32_t l = 0; l < 4; l++) {
        y[l] = a.at[l];
    }
}

static inline v4f v4f_splat(float x)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x;
    }
    return y;
}

static inline v4f v4f_add(v4f a, v4f b)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] + b.at[l];
    }
    return y;
}

static inline v4f v4f_sub(v4f a, v4f b)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] - b.at[l];
    }
    return y;
}

static inline v4f v4f_mul(v4f a, v4f b)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] * b.at[l];
    }
    return y;
}

static inline v4f v4f_div(v4f a, v4f b)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] / b.at[l];
    }
    return y;
}

static inline v4f v4f_fma(v4f a, v4f b, v4f c)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = fmaf(a.at[l], b.at[l], c.at[l]);
    }
    return y;
}

static inline v4f v4f_neg(v4f a)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = -a.at[l];
    }
    return y;
}

static inline v4f v4f_abs(v4f a)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = fabsf(a.at[l]);
    }
    return y;
}

static inline v4f v4f_sqrt(v4f a)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = sqrtf(a.at[l]);
    }
    return y;
}

static inline v4f v4f_floor(v4f a)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = floorf(a.at[l]);
    }
    return y;
}

static inline v4f v4f_min(v4f a, v4f b)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] < b.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4f v4f_max(v4f a, v4f b)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] > b.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4b v4f_eq(v4f a, v4f b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] == b.at[l];
    }
    return y;
}

static inline v4b v4f_ne(v4f a, v4f b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] != b.at[l];
    }
    return y;
}

static inline v4b v4f_lt(v4f a, v4f b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] < b.at[l];
    }
    return y;
}

static inline v4b v4f_le(v4f a, v4f b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] <= b.at[l];
    }
    return y;
}

static inline v4f v4f_select(v4b c, v4f a, v4f b)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = c.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4f v4f_of_i(v4i a)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = (float)a.at[l];
    }
    return y;
}

static inline v4f v4f_of_u(v4u a)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = (float)a.at[l];
    }
    return y;
}

static inline v4f v4f_of_b(v4b a)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] ? 1.0f : 0.0f;
    }
    return y;
}

static inline v4i v4i_of_f(v4f a)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] >= 2147483648.0f    ? INT32_MAX
                  : a.at[l] >= -2147483648.0f ? (int32_t)a.at[l]
                                              : INT32_MIN;
    }
    return y;
}

static inline v4u v4u_of_f(v4f a)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] >= 4294967296.0f ? UINT32_MAX
                  : a.at[l] > -1.0f        ? (uint32_t)a.at[l]
                                           : 0u;
    }
    return y;
}

static inline v4b v4b_of_f(v4f a)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] != 0.0f;
    }
    return y;
}

static inline v4i v4i_bits_f(v4f a)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        union {
            float from;
            int32_t to;
        } word;
        word.from = a.at[l];
        y.at[l] = word.to;
    }
    return y;
}

static inline v4u v4u_bits_f(v4f a)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        union {
            float from;
            uint32_t to;
        } word;
        word.from = a.at[l];
        y.at[l] = word.to;
    }
    return y;
}

static inline v4f v4f_bits_i(v4i a)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        union {
            int32_t from;
            float to;
        } word;
        word.from = a.at[l];
        y.at[l] = word.to;
    }
    return y;
}

static inline v4f v4f_bits_u(v4u a)
{
    v4f y;
    for (int32_t l = 0; l < 4; l++) {
        union {
            uint32_t from;
            float to;
        } word;
        word.from = a.at[l];
        y.at[l] = word.to;
    }
    return y;
}

static inline float v4f_hsum(v4f a)
{
    for (int32_t half = 4 / 2; half >= 1; half /= 2) {
        for (int32_t l = 0; l < half; l++) {
            const float x = a.at[l], y = a.at[l + half];
            a.at[l] = x + y;
        }
    }
    return a.at[0];
}

static inline float v4f_hmax(v4f a)
{
    for (int32_t half = 4 / 2; half >= 1; half /= 2) {
        for (int32_t l = 0; l < half; l++) {
            const float x = a.at[l], y = a.at[l + half];
            a.at[l] = x > y ? x : y;
        }
    }
    return a.at[0];
}

static inline v4b v4b_load(const uint8_t *x)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x[l] != 0;
    }
    return y;
}

static inline void v4b_store(uint8_t *y, v4b a)
{
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (uint8_t)a.at[l];
    }
}

static inline v4b v4b_splat(bool x)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x;
    }
    return y;
}

static inline v4b v4b_and(v4b a, v4b b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] && b.at[l];
    }
    return y;
}

static inline v4b v4b_or(v4b a, v4b b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] || b.at[l];
    }
    return y;
}

static inline v4b v4b_xor(v4b a, v4b b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] != b.at[l];
    }
    return y;
}

static inline v4b v4b_eq(v4b a, v4b b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] == b.at[l];
    }
    return y;
}

static inline v4b v4b_not(v4b a)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = !a.at[l];
    }
    return y;
}

static inline v4b v4b_select(v4b c, v4b a, v4b b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = c.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4b v4b_of_i(v4i a)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] != 0;
    }
    return y;
}

static inline v4b v4b_of_u(v4u a)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] != 0u;
    }
    return y;
}

#endif
