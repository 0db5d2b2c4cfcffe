/* vector_neon.h - 4 lanes with NEON; the twin of vector_c99.h, the same bits.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_VECTOR_NEON_H
#define DLC_DEVICE_VECTOR_NEON_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__aarch64__)
#include <arm_neon.h>

typedef float32x4_t v4f;
typedef int32x4_t v4i;
typedef uint32x4_t v4u;
typedef uint32x4_t v4b;

static inline v4f v4f_load(const float *x)
{
    return vld1q_f32(x);
}

static inline v4f v4f_load_f16(const uint16_t *x)
{
    const uint32x4_t half = vmovl_u16(vld1_u16(x));
    const uint32x4_t sign = vandq_u32(half, vdupq_n_u32(0x8000));
    const uint32x4_t rest = vandq_u32(half, vdupq_n_u32(0x7fff));
    const uint32x4_t bits = vorrq_u32(vshlq_n_u32(sign, 16), vshlq_n_u32(rest, 13));
    return vmulq_f32(vreinterpretq_f32_u32(bits), vdupq_n_f32(0x1p112f));
}

static inline void v4f_store(float *y, v4f a)
{
    vst1q_f32(y, a);
}

static inline v4f v4f_splat(float x)
{
    return vdupq_n_f32(x);
}

static inline v4i v4i_load(const int32_t *x)
{
    return vld1q_s32(x);
}

static inline void v4i_store(int32_t *y, v4i a)
{
    vst1q_s32(y, a);
}

static inline v4i v4i_splat(int32_t x)
{
    return vdupq_n_s32(x);
}

static inline v4u v4u_load(const uint32_t *x)
{
    return vld1q_u32(x);
}

static inline void v4u_store(uint32_t *y, v4u a)
{
    vst1q_u32(y, a);
}

static inline v4u v4u_splat(uint32_t x)
{
    return vdupq_n_u32(x);
}

static inline v4i v4i_load_u8(const uint8_t *x)
{
    const int32_t t[4] = { x[0], x[1], x[2], x[3] };
    return vld1q_s32(t);
}

static inline void v4i_store_u8(uint8_t *y, v4i a)
{
    int32_t t[4];
    vst1q_s32(t, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (uint8_t)t[l];
    }
}

static inline v4i v4i_load_i8(const int8_t *x)
{
    const int32_t t[4] = { x[0], x[1], x[2], x[3] };
    return vld1q_s32(t);
}

static inline void v4i_store_i8(int8_t *y, v4i a)
{
    int32_t t[4];
    vst1q_s32(t, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (int8_t)t[l];
    }
}

static inline v4i v4i_load_u16(const uint16_t *x)
{
    const int32_t t[4] = { x[0], x[1], x[2], x[3] };
    return vld1q_s32(t);
}

static inline void v4i_store_u16(uint16_t *y, v4i a)
{
    int32_t t[4];
    vst1q_s32(t, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (uint16_t)t[l];
    }
}

static inline v4i v4i_load_i16(const int16_t *x)
{
    const int32_t t[4] = { x[0], x[1], x[2], x[3] };
    return vld1q_s32(t);
}

static inline void v4i_store_i16(int16_t *y, v4i a)
{
    int32_t t[4];
    vst1q_s32(t, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (int16_t)t[l];
    }
}

static inline v4b v4b_load(const uint8_t *x)
{
    return vcgtq_s32(v4i_load_u8(x), vdupq_n_s32(0));
}

static inline void v4b_store(uint8_t *y, v4b a)
{
    v4i_store_u8(y, vreinterpretq_s32_u32(vshrq_n_u32(a, 31)));
}

static inline v4b v4b_splat(bool x)
{
    return vdupq_n_u32(x ? UINT32_MAX : 0u);
}

static inline v4f v4f_add(v4f a, v4f b)
{
    return vaddq_f32(a, b);
}

static inline v4f v4f_sub(v4f a, v4f b)
{
    return vsubq_f32(a, b);
}

static inline v4f v4f_mul(v4f a, v4f b)
{
    return vmulq_f32(a, b);
}

static inline v4f v4f_div(v4f a, v4f b)
{
    return vdivq_f32(a, b);
}

static inline v4f v4f_fma(v4f a, v4f b, v4f c)
{
    return vfmaq_f32(c, a, b);
}

static inline v4f v4f_neg(v4f a)
{
    return vnegq_f32(a);
}

static inline v4f v4f_abs(v4f a)
{
    return vabsq_f32(a);
}

static inline v4f v4f_sqrt(v4f a)
{
    return vsqrtq_f32(a);
}

static inline v4f v4f_floor(v4f a)
{
    return vrndmq_f32(a);
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

static inline v4u v4u_add(v4u a, v4u b)
{
    return vaddq_u32(a, b);
}

static inline v4u v4u_sub(v4u a, v4u b)
{
    return vsubq_u32(a, b);
}

static inline v4u v4u_mul(v4u a, v4u b)
{
    return vmulq_u32(a, b);
}

static inline v4b v4f_eq(v4f a, v4f b)
{
    return vceqq_f32(a, b);
}

static inline v4b v4f_ne(v4f a, v4f b)
{
    return vmvnq_u32(vceqq_f32(a, b));
}

static inline v4b v4f_lt(v4f a, v4f b)
{
    return vcltq_f32(a, b);
}

static inline v4b v4f_le(v4f a, v4f b)
{
    return vcleq_f32(a, b);
}

static inline v4f v4f_select(v4b c, v4f a, v4f b)
{
    return vbslq_f32(c, a, b);
}

static inline v4f v4f_min(v4f a, v4f b)
{
    return vbslq_f32(vcltq_f32(a, b), a, b);
}

static inline v4f v4f_max(v4f a, v4f b)
{
    return vbslq_f32(vcgtq_f32(a, b), a, b);
}

static inline v4b v4i_eq(v4i a, v4i b)
{
    return vceqq_s32(a, b);
}

static inline v4b v4i_ne(v4i a, v4i b)
{
    return vmvnq_u32(vceqq_s32(a, b));
}

static inline v4b v4i_lt(v4i a, v4i b)
{
    return vcltq_s32(a, b);
}

static inline v4b v4i_le(v4i a, v4i b)
{
    return vcleq_s32(a, b);
}

static inline v4i v4i_select(v4b c, v4i a, v4i b)
{
    return vbslq_s32(c, a, b);
}

static inline v4i v4i_min(v4i a, v4i b)
{
    return vbslq_s32(vcltq_s32(a, b), a, b);
}

static inline v4i v4i_max(v4i a, v4i b)
{
    return vbslq_s32(vcgtq_s32(a, b), a, b);
}

static inline v4b v4u_eq(v4u a, v4u b)
{
    return vceqq_u32(a, b);
}

static inline v4b v4u_ne(v4u a, v4u b)
{
    return vmvnq_u32(vceqq_u32(a, b));
}

static inline v4b v4u_lt(v4u a, v4u b)
{
    return vcltq_u32(a, b);
}

static inline v4b v4u_le(v4u a, v4u b)
{
    return vcleq_u32(a, b);
}

static inline v4u v4u_select(v4b c, v4u a, v4u b)
{
    return vbslq_u32(c, a, b);
}

static inline v4u v4u_min(v4u a, v4u b)
{
    return vbslq_u32(vcltq_u32(a, b), a, b);
}

static inline v4u v4u_max(v4u a, v4u b)
{
    return vbslq_u32(vcgtq_u32(a, b), a, b);
}

static inline v4i v4i_and(v4i a, v4i b)
{
    return vandq_s32(a, b);
}

static inline v4u v4u_and(v4u a, v4u b)
{
    return vandq_u32(a, b);
}

static inline v4b v4b_and(v4b a, v4b b)
{
    return vandq_u32(a, b);
}

static inline v4i v4i_or(v4i a, v4i b)
{
    return vorrq_s32(a, b);
}

static inline v4u v4u_or(v4u a, v4u b)
{
    return vorrq_u32(a, b);
}

static inline v4b v4b_or(v4b a, v4b b)
{
    return vorrq_u32(a, b);
}

static inline v4i v4i_xor(v4i a, v4i b)
{
    return veorq_s32(a, b);
}

static inline v4u v4u_xor(v4u a, v4u b)
{
    return veorq_u32(a, b);
}

static inline v4b v4b_xor(v4b a, v4b b)
{
    return veorq_u32(a, b);
}

static inline v4b v4b_eq(v4b a, v4b b)
{
    return vceqq_u32(a, b);
}

static inline v4i v4i_not(v4i a)
{
    return vmvnq_s32(a);
}

static inline v4u v4u_not(v4u a)
{
    return vmvnq_u32(a);
}

static inline v4b v4b_not(v4b a)
{
    return vmvnq_u32(a);
}

static inline v4b v4b_select(v4b c, v4b a, v4b b)
{
    return vbslq_u32(c, a, b);
}

static inline v4i v4i_neg(v4i a)
{
    return vnegq_s32(a);
}

static inline v4u v4u_neg(v4u a)
{
    return vsubq_u32(vdupq_n_u32(0u), a);
}

static inline v4i v4i_abs(v4i a)
{
    return vabsq_s32(a);
}

static inline v4i v4i_shl(v4i a, int32_t n)
{
    return vshlq_s32(a, vdupq_n_s32(n));
}

static inline v4i v4i_shr(v4i a, int32_t n)
{
    return vshlq_s32(a, vdupq_n_s32(-n));
}

static inline v4u v4u_shl(v4u a, int32_t n)
{
    return vshlq_u32(a, vdupq_n_s32(n));
}

static inline v4u v4u_shr(v4u a, int32_t n)
{
    return vshlq_u32(a, vdupq_n_s32(-n));
}

static inline v4i v4i_clamp(v4i a, int32_t low, int32_t high)
{
    return vmaxq_s32(vminq_s32(a, vdupq_n_s32(high)), vdupq_n_s32(low));
}

static inline v4f v4f_of_i(v4i a)
{
    return vcvtq_f32_s32(a);
}

static inline v4f v4f_of_u(v4u a)
{
    return vcvtq_f32_u32(a);
}

static inline v4f v4f_of_b(v4b a)
{
    return vbslq_f32(a, vdupq_n_f32(1.0f), vdupq_n_f32(0.0f));
}

static inline v4i v4i_of_f(v4f a)
{
    return vbslq_s32(vceqq_f32(a, a), vcvtq_s32_f32(a), vdupq_n_s32(INT32_MIN));
}

static inline v4u v4u_of_f(v4f a)
{
    return vcvtq_u32_f32(a);
}

static inline v4i v4i_of_u(v4u a)
{
    return vreinterpretq_s32_u32(a);
}

static inline v4u v4u_of_i(v4i a)
{
    return vreinterpretq_u32_s32(a);
}

static inline v4i v4i_of_b(v4b a)
{
    return vreinterpretq_s32_u32(vshrq_n_u32(a, 31));
}

static inline v4u v4u_of_b(v4b a)
{
    return vshrq_n_u32(a, 31);
}

static inline v4b v4b_of_f(v4f a)
{
    return vmvnq_u32(vceqq_f32(a, vdupq_n_f32(0.0f)));
}

static inline v4b v4b_of_i(v4i a)
{
    return vmvnq_u32(vceqq_s32(a, vdupq_n_s32(0)));
}

static inline v4b v4b_of_u(v4u a)
{
    return vmvnq_u32(vceqq_u32(a, vdupq_n_u32(0u)));
}

static inline v4i v4i_bits_f(v4f a)
{
    return vreinterpretq_s32_f32(a);
}

static inline v4f v4f_bits_i(v4i a)
{
    return vreinterpretq_f32_s32(a);
}

static inline v4u v4u_bits_f(v4f a)
{
    return vreinterpretq_u32_f32(a);
}

static inline v4f v4f_bits_u(v4u a)
{
    return vreinterpretq_f32_u32(a);
}

static inline float v4f_hsum(v4f a)
{
    const float32x2_t t = vadd_f32(vget_low_f32(a), vget_high_f32(a));
    return vget_lane_f32(vadd_f32(t, vrev64_f32(t)), 0);
}

static inline float v4f_hmax(v4f a)
{
    const v4f t = v4f_max(a, vextq_f32(a, a, 2));
    return vgetq_lane_f32(v4f_max(t, vextq_f32(t, t, 1)), 0);
}

static inline int32_t v4i_hsum(v4i a)
{
    const int32x2_t t = vadd_s32(vget_low_s32(a), vget_high_s32(a));
    return vget_lane_s32(vadd_s32(t, vrev64_s32(t)), 0);
}

static inline int32_t v4i_hmax(v4i a)
{
    const v4i t = v4i_max(a, vextq_s32(a, a, 2));
    return vgetq_lane_s32(v4i_max(t, vextq_s32(t, t, 1)), 0);
}

static inline uint32_t v4u_hsum(v4u a)
{
    const uint32x2_t t = vadd_u32(vget_low_u32(a), vget_high_u32(a));
    return vget_lane_u32(vadd_u32(t, vrev64_u32(t)), 0);
}

static inline uint32_t v4u_hmax(v4u a)
{
    const v4u t = v4u_max(a, vextq_u32(a, a, 2));
    return vgetq_lane_u32(v4u_max(t, vextq_u32(t, t, 1)), 0);
}

#endif

#endif
