/* vector_c99_int.h - the integer vectors of vector_c99.h: i32 (also narrow storage,
 * widened) and u32, both wrapping.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_VECTOR_C99_INT_H
#define DLC_DEVICE_VECTOR_C99_INT_H

#include "device/vector_c99.h"

static inline v4i v4i_load(const int32_t *x)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline void v4i_store(int32_t *y, v4i a)
{
    for (int32_t l = 0; l < 4; l++) {
        y[l] = a.at[l];
    }
}

static inline v4i v4i_splat(int32_t x)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x;
    }
    return y;
}

static inline v4u v4u_load(const uint32_t *x)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline void v4u_store(uint32_t *y, v4u a)
{
    for (int32_t l = 0; l < 4; l++) {
        y[l] = a.at[l];
    }
}

static inline v4u v4u_splat(uint32_t x)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x;
    }
    return y;
}

static inline v4i v4i_load_u8(const uint8_t *x)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline void v4i_store_u8(uint8_t *y, v4i a)
{
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (uint8_t)a.at[l];
    }
}

static inline v4i v4i_load_i8(const int8_t *x)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline void v4i_store_i8(int8_t *y, v4i a)
{
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (int8_t)a.at[l];
    }
}

static inline v4i v4i_load_u16(const uint16_t *x)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline void v4i_store_u16(uint16_t *y, v4i a)
{
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (uint16_t)a.at[l];
    }
}

static inline v4i v4i_load_i16(const int16_t *x)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline void v4i_store_i16(int16_t *y, v4i a)
{
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (int16_t)a.at[l];
    }
}

static inline v4i v4i_add(v4i a, v4i b)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = (int32_t)((uint32_t)a.at[l] + (uint32_t)b.at[l]);
    }
    return y;
}

static inline v4u v4u_add(v4u a, v4u b)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] + b.at[l];
    }
    return y;
}

static inline v4i v4i_sub(v4i a, v4i b)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = (int32_t)((uint32_t)a.at[l] - (uint32_t)b.at[l]);
    }
    return y;
}

static inline v4u v4u_sub(v4u a, v4u b)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] - b.at[l];
    }
    return y;
}

static inline v4i v4i_mul(v4i a, v4i b)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = (int32_t)((uint32_t)a.at[l] * (uint32_t)b.at[l]);
    }
    return y;
}

static inline v4u v4u_mul(v4u a, v4u b)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] * b.at[l];
    }
    return y;
}

static inline v4i v4i_min(v4i a, v4i b)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] < b.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4i v4i_max(v4i a, v4i b)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] > b.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4b v4i_eq(v4i a, v4i b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] == b.at[l];
    }
    return y;
}

static inline v4b v4i_ne(v4i a, v4i b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] != b.at[l];
    }
    return y;
}

static inline v4b v4i_lt(v4i a, v4i b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] < b.at[l];
    }
    return y;
}

static inline v4b v4i_le(v4i a, v4i b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] <= b.at[l];
    }
    return y;
}

static inline v4i v4i_select(v4b c, v4i a, v4i b)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = c.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4u v4u_min(v4u a, v4u b)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] < b.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4u v4u_max(v4u a, v4u b)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] > b.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4b v4u_eq(v4u a, v4u b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] == b.at[l];
    }
    return y;
}

static inline v4b v4u_ne(v4u a, v4u b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] != b.at[l];
    }
    return y;
}

static inline v4b v4u_lt(v4u a, v4u b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] < b.at[l];
    }
    return y;
}

static inline v4b v4u_le(v4u a, v4u b)
{
    v4b y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] <= b.at[l];
    }
    return y;
}

static inline v4u v4u_select(v4b c, v4u a, v4u b)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = c.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v4i v4i_and(v4i a, v4i b)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] & b.at[l];
    }
    return y;
}

static inline v4u v4u_and(v4u a, v4u b)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] & b.at[l];
    }
    return y;
}

static inline v4i v4i_or(v4i a, v4i b)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] | b.at[l];
    }
    return y;
}

static inline v4u v4u_or(v4u a, v4u b)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] | b.at[l];
    }
    return y;
}

static inline v4i v4i_xor(v4i a, v4i b)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] ^ b.at[l];
    }
    return y;
}

static inline v4u v4u_xor(v4u a, v4u b)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] ^ b.at[l];
    }
    return y;
}

static inline v4i v4i_not(v4i a)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = ~a.at[l];
    }
    return y;
}

static inline v4u v4u_not(v4u a)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = ~a.at[l];
    }
    return y;
}

static inline v4i v4i_neg(v4i a)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = (int32_t)(0u - (uint32_t)a.at[l]);
    }
    return y;
}

static inline v4u v4u_neg(v4u a)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = 0u - a.at[l];
    }
    return y;
}

static inline v4i v4i_abs(v4i a)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] < 0 ? (int32_t)(0u - (uint32_t)a.at[l]) : a.at[l];
    }
    return y;
}

static inline v4i v4i_shl(v4i a, int32_t n)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = (int32_t)((uint32_t)a.at[l] << n);
    }
    return y;
}

static inline v4i v4i_shr(v4i a, int32_t n)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] >> n;
    }
    return y;
}

static inline v4u v4u_shl(v4u a, int32_t n)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] << n;
    }
    return y;
}

static inline v4u v4u_shr(v4u a, int32_t n)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] >> n;
    }
    return y;
}

static inline v4i v4i_clamp(v4i a, int32_t low, int32_t high)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] < low ? low : a.at[l] > high ? high : a.at[l];
    }
    return y;
}

static inline v4i v4i_of_u(v4u a)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = (int32_t)a.at[l];
    }
    return y;
}

static inline v4u v4u_of_i(v4i a)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = (uint32_t)a.at[l];
    }
    return y;
}

static inline v4i v4i_of_b(v4b a)
{
    v4i y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] ? 1 : 0;
    }
    return y;
}

static inline v4u v4u_of_b(v4b a)
{
    v4u y;
    for (int32_t l = 0; l < 4; l++) {
        y.at[l] = a.at[l] ? 1u : 0u;
    }
    return y;
}

static inline int32_t v4i_hsum(v4i a)
{
    for (int32_t half = 4 / 2; half >= 1; half /= 2) {
        for (int32_t l = 0; l < half; l++) {
            const int32_t x = a.at[l], y = a.at[l + half];
            a.at[l] = (int32_t)((uint32_t)x + (uint32_t)y);
        }
    }
    return a.at[0];
}

static inline int32_t v4i_hmax(v4i a)
{
    for (int32_t half = 4 / 2; half >= 1; half /= 2) {
        for (int32_t l = 0; l < half; l++) {
            const int32_t x = a.at[l], y = a.at[l + half];
            a.at[l] = x > y ? x : y;
        }
    }
    return a.at[0];
}

static inline uint32_t v4u_hsum(v4u a)
{
    for (int32_t half = 4 / 2; half >= 1; half /= 2) {
        for (int32_t l = 0; l < half; l++) {
            const uint32_t x = a.at[l], y = a.at[l + half];
            a.at[l] = x + y;
        }
    }
    return a.at[0];
}

static inline uint32_t v4u_hmax(v4u a)
{
    for (int32_t half = 4 / 2; half >= 1; half /= 2) {
        for (int32_t l = 0; l < half; l++) {
            const uint32_t x = a.at[l], y = a.at[l + half];
            a.at[l] = x > y ? x : y;
        }
    }
    return a.at[0];
}

/* x y + sum, modulo 2^32. */
static inline v4i v4i_madd(v4i x, v4i y, v4i sum)
{
    v4i z;
    for (int32_t l = 0; l < 4; l++) {
        z.at[l] =
            (int32_t)((uint32_t)x.at[l] * (uint32_t)y.at[l] + (uint32_t)sum.at[l]);
    }
    return z;
}

/* High half of the product, rounded: dlc_smmulr of dsp.h. */
static inline v4i v4i_smmulr(v4i x, v4i y)
{
    v4i z;
    for (int32_t l = 0; l < 4; l++) {
        z.at[l] = (int32_t)(((int64_t)x.at[l] * y.at[l] + INT64_C(2147483648)) >> 32);
    }
    return z;
}

/* x 2^n, downwards for n below 0. */
static inline v4i v4i_shift(v4i x, v4i n)
{
    v4i z;
    for (int32_t l = 0; l < 4; l++) {
        z.at[l] = n.at[l] >= 0 ? (int32_t)((uint32_t)x.at[l] << n.at[l])
                               : x.at[l] >> -n.at[l];
    }
    return z;
}

/* v4i_scale where it is the zero point or more; else that or less. */
static inline v4i v4i_scale_cut(v4i x, v4i multiplier, v4i half, v4i left)
{
    v4i z;
    for (int32_t l = 0; l < 4; l++) {
        const int64_t product = (int64_t)x.at[l] * multiplier.at[l];
        const int32_t y = (int32_t)((product + INT64_C(1073741824)) >> 31);
        z.at[l] = (int32_t)((uint32_t)y + (uint32_t)half.at[l]) >> -left.at[l];
    }
    return z;
}

/* dlc_requantize of dsp.h for twice x, but not clamped; `left` is -1 - shift. */
static inline v4i v4i_scale(v4i x, v4i multiplier, v4i half, v4i left)
{
    v4i z;
    for (int32_t l = 0; l < 4; l++) {
        const int64_t product = (int64_t)x.at[l] * multiplier.at[l];
        const int32_t y = (int32_t)((product + INT64_C(1073741824)) >> 31);
        z.at[l] = (y + (y >> 31) + half.at[l]) >> -left.at[l];
    }
    return z;
}

#endif
