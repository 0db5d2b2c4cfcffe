/* vector_mve.h - 4 lanes with Arm's M-profile vector extension, integers; the twin of
 * vector_c99_int.h, the same bits.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_VECTOR_MVE_H
#define DLC_DEVICE_VECTOR_MVE_H

#include <stdint.h>

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>

typedef int32x4_t v4i;

static inline v4i v4i_load(const int32_t *x)
{
    return vldrwq_s32(x);
}

static inline void v4i_store(int32_t *y, v4i a)
{
    vstrwq_s32(y, a);
}

static inline v4i v4i_splat(int32_t x)
{
    return vdupq_n_s32(x);
}

static inline v4i v4i_load_u8(const uint8_t *x)
{
    return vreinterpretq_s32_u32(vldrbq_u32(x));
}

static inline void v4i_store_u8(uint8_t *y, v4i a)
{
    vstrbq_u32(y, vreinterpretq_u32_s32(a));
}

static inline v4i v4i_load_i8(const int8_t *x)
{
    return vldrbq_s32(x);
}

static inline void v4i_store_i8(int8_t *y, v4i a)
{
    vstrbq_s32(y, a);
}

static inline v4i v4i_load_u16(const uint16_t *x)
{
    return vreinterpretq_s32_u32(vldrhq_u32(x));
}

static inline void v4i_store_u16(uint16_t *y, v4i a)
{
    vstrhq_u32(y, vreinterpretq_u32_s32(a));
}

static inline v4i v4i_load_i16(const int16_t *x)
{
    return vldrhq_s32(x);
}

static inline void v4i_store_i16(int16_t *y, v4i a)
{
    vstrhq_s32(y, a);
}

static inline v4i v4i_add(v4i a, v4i b)
{
    return vaddq_s32(a, b);
}

static inline v4i v4i_sub(v4i a, v4i b)
{
    return vsubq_s32(a, b);
}

static inline v4i v4i_mul(v4i a, v4i b)
{
    return vmulq_s32(a, b);
}

static inline v4i v4i_min(v4i a, v4i b)
{
    return vminq_s32(a, b);
}

static inline v4i v4i_max(v4i a, v4i b)
{
    return vmaxq_s32(a, b);
}

static inline v4i v4i_and(v4i a, v4i b)
{
    return vandq_s32(a, b);
}

static inline v4i v4i_or(v4i a, v4i b)
{
    return vorrq_s32(a, b);
}

static inline v4i v4i_xor(v4i a, v4i b)
{
    return veorq_s32(a, b);
}

static inline v4i v4i_not(v4i a)
{
    return vmvnq_s32(a);
}

static inline v4i v4i_neg(v4i a)
{
    return vnegq_s32(a);
}

static inline v4i v4i_abs(v4i a)
{
    return vabsq_s32(a);
}

static inline v4i v4i_shl(v4i a, int32_t n)
{
    return vshlq_r_s32(a, n);
}

static inline v4i v4i_shr(v4i a, int32_t n)
{
    return vshlq_r_s32(a, -n);
}

static inline v4i v4i_clamp(v4i a, int32_t low, int32_t high)
{
    return vminq_s32(vmaxq_s32(a, vdupq_n_s32(low)), vdupq_n_s32(high));
}

static inline int32_t v4i_hsum(v4i a)
{
    return vaddvq_s32(a);
}

static inline int32_t v4i_hmax(v4i a)
{
    return vmaxvq_s32(INT32_MIN, a);
}

/* x y + sum, modulo 2^32. Volatile: gcc 12 puts off the additions of a chain to its
 * end, and stores all products on the stack for that. */
static inline v4i v4i_madd(v4i x, v4i y, v4i sum)
{
    v4i product;
    __asm__ volatile("vmul.i32 %q1, %q2, %q3\n\tvadd.i32 %q0, %q0, %q1"
                     : "+w"(sum), "=w"(product)
                     : "w"(x), "w"(y));
    return sum;
}

/* High half of the product, rounded: dlc_smmulr of dsp.h. */
static inline v4i v4i_smmulr(v4i x, v4i y)
{
    return vrmulhq_s32(x, y);
}

/* x 2^n, downwards for n below 0. */
static inline v4i v4i_shift(v4i x, v4i n)
{
    return vshlq_s32(x, n);
}

/* v4i_scale where it is the zero point or more; else that or less. */
static inline v4i v4i_scale_cut(v4i x, v4i multiplier, v4i half, v4i left)
{
    return vshlq_s32(vaddq_s32(vqrdmulhq_s32(x, multiplier), half), left);
}

/* dlc_requantize of dsp.h for twice x, but not clamped; `left` is -1 - shift. */
static inline v4i v4i_scale(v4i x, v4i multiplier, v4i half, v4i left)
{
    const v4i y = vqrdmulhq_s32(x, multiplier);
    return vshlq_s32(vaddq_s32(vaddq_s32(y, vshrq_n_s32(y, 31)), half), left);
}

#endif
#endif
