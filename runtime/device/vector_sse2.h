/* vector_sse2.h - 4 lanes with SSE2; the twin of vector_c99.h, the same bits.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_VECTOR_SSE2_H
#define DLC_DEVICE_VECTOR_SSE2_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>

typedef __m128 v4f;
typedef __m128i v4i;
typedef __m128i v4u;
typedef __m128i v4b;

static inline v4f v4f_load(const float *x)
{
    return _mm_loadu_ps(x);
}

static inline v4f v4f_load_f16(const uint16_t *x)
{
    const __m128i half = _mm_unpacklo_epi16(
        _mm_loadl_epi64((const __m128i *)(const void *)x), _mm_setzero_si128());
    const __m128i sign = _mm_and_si128(half, _mm_set1_epi32(0x8000));
    const __m128i rest = _mm_and_si128(half, _mm_set1_epi32(0x7fff));
    const __m128i bits =
        _mm_or_si128(_mm_slli_epi32(sign, 16), _mm_slli_epi32(rest, 13));
    return _mm_mul_ps(_mm_castsi128_ps(bits), _mm_set1_ps(0x1p112f));
}

static inline void v4f_store(float *y, v4f a)
{
    _mm_storeu_ps(y, a);
}

static inline v4f v4f_splat(float x)
{
    return _mm_set1_ps(x);
}

static inline v4i v4i_load(const int32_t *x)
{
    return _mm_loadu_si128((const __m128i *)(const void *)x);
}

static inline void v4i_store(int32_t *y, v4i a)
{
    _mm_storeu_si128((__m128i *)(void *)y, a);
}

static inline v4i v4i_splat(int32_t x)
{
    return _mm_set1_epi32(x);
}

static inline v4u v4u_load(const uint32_t *x)
{
    return _mm_loadu_si128((const __m128i *)(const void *)x);
}

static inline void v4u_store(uint32_t *y, v4u a)
{
    _mm_storeu_si128((__m128i *)(void *)y, a);
}

static inline v4u v4u_splat(uint32_t x)
{
    return _mm_set1_epi32((int32_t)x);
}

static inline v4i v4i_load_u8(const uint8_t *x)
{
    return _mm_setr_epi32(x[0], x[1], x[2], x[3]);
}

static inline void v4i_store_u8(uint8_t *y, v4i a)
{
    int32_t t[4];
    _mm_storeu_si128((__m128i *)(void *)t, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (uint8_t)t[l];
    }
}

static inline v4i v4i_load_i8(const int8_t *x)
{
    return _mm_setr_epi32(x[0], x[1], x[2], x[3]);
}

static inline void v4i_store_i8(int8_t *y, v4i a)
{
    int32_t t[4];
    _mm_storeu_si128((__m128i *)(void *)t, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (int8_t)t[l];
    }
}

static inline v4i v4i_load_u16(const uint16_t *x)
{
    return _mm_setr_epi32(x[0], x[1], x[2], x[3]);
}

static inline void v4i_store_u16(uint16_t *y, v4i a)
{
    int32_t t[4];
    _mm_storeu_si128((__m128i *)(void *)t, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (uint16_t)t[l];
    }
}

static inline v4i v4i_load_i16(const int16_t *x)
{
    return _mm_setr_epi32(x[0], x[1], x[2], x[3]);
}

static inline void v4i_store_i16(int16_t *y, v4i a)
{
    int32_t t[4];
    _mm_storeu_si128((__m128i *)(void *)t, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = (int16_t)t[l];
    }
}

static inline v4b v4b_load(const uint8_t *x)
{
    return _mm_cmpgt_epi32(v4i_load_u8(x), _mm_setzero_si128());
}

static inline void v4b_store(uint8_t *y, v4b a)
{
    v4i_store_u8(y, _mm_srli_epi32(a, 31));
}

static inline v4b v4b_splat(bool x)
{
    return _mm_set1_epi32(x ? -1 : 0);
}

static inline v4f v4f_add(v4f a, v4f b)
{
    return _mm_add_ps(a, b);
}

static inline v4f v4f_sub(v4f a, v4f b)
{
    return _mm_sub_ps(a, b);
}

static inline v4f v4f_mul(v4f a, v4f b)
{
    return _mm_mul_ps(a, b);
}

static inline v4f v4f_div(v4f a, v4f b)
{
    return _mm_div_ps(a, b);
}

static inline v4f v4f_fma(v4f a, v4f b, v4f c)
{
    float x[4], y[4], z[4];
    _mm_storeu_ps(x, a);
    _mm_storeu_ps(y, b);
    _mm_storeu_ps(z, c);
    for (int32_t l = 0; l < 4; l++) {
        z[l] = fmaf(x[l], y[l], z[l]);
    }
    return _mm_loadu_ps(z);
}

static inline v4f v4f_neg(v4f a)
{
    return _mm_xor_ps(a, _mm_set1_ps(-0.0f));
}

static inline v4f v4f_abs(v4f a)
{
    return _mm_andnot_ps(_mm_set1_ps(-0.0f), a);
}

static inline v4f v4f_sqrt(v4f a)
{
    return _mm_sqrt_ps(a);
}

static inline v4f v4f_floor(v4f a)
{
    float a4[4];
    float y[4];
    _mm_storeu_ps(a4, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = floorf(a4[l]);
    }
    return _mm_loadu_ps(y);
}

static inline v4i v4i_add(v4i a, v4i b)
{
    return _mm_add_epi32(a, b);
}

static inline v4i v4i_sub(v4i a, v4i b)
{
    return _mm_sub_epi32(a, b);
}

static inline v4i v4i_mul(v4i a, v4i b)
{
    const __m128i even = _mm_mul_epu32(a, b);
    const __m128i odd = _mm_mul_epu32(_mm_srli_epi64(a, 32), _mm_srli_epi64(b, 32));
    return _mm_unpacklo_epi32(_mm_shuffle_epi32(even, 8), _mm_shuffle_epi32(odd, 8));
}

static inline v4u v4u_add(v4u a, v4u b)
{
    return _mm_add_epi32(a, b);
}

static inline v4u v4u_sub(v4u a, v4u b)
{
    return _mm_sub_epi32(a, b);
}

static inline v4u v4u_mul(v4u a, v4u b)
{
    const __m128i even = _mm_mul_epu32(a, b);
    const __m128i odd = _mm_mul_epu32(_mm_srli_epi64(a, 32), _mm_srli_epi64(b, 32));
    return _mm_unpacklo_epi32(_mm_shuffle_epi32(even, 8), _mm_shuffle_epi32(odd, 8));
}

static inline v4b v4f_eq(v4f a, v4f b)
{
    return _mm_castps_si128(_mm_cmpeq_ps(a, b));
}

static inline v4b v4f_ne(v4f a, v4f b)
{
    return _mm_castps_si128(_mm_cmpneq_ps(a, b));
}

static inline v4b v4f_lt(v4f a, v4f b)
{
    return _mm_castps_si128(_mm_cmplt_ps(a, b));
}

static inline v4b v4f_le(v4f a, v4f b)
{
    return _mm_castps_si128(_mm_cmple_ps(a, b));
}

static inline v4f v4f_select(v4b c, v4f a, v4f b)
{
    const __m128 mask = _mm_castsi128_ps(c);
    return _mm_or_ps(_mm_and_ps(mask, a), _mm_andnot_ps(mask, b));
}

static inline v4f v4f_min(v4f a, v4f b)
{
    return _mm_min_ps(a, b);
}

static inline v4f v4f_max(v4f a, v4f b)
{
    return _mm_max_ps(a, b);
}

static inline v4b v4i_eq(v4i a, v4i b)
{
    return _mm_cmpeq_epi32(a, b);
}

static inline v4b v4i_ne(v4i a, v4i b)
{
    return _mm_xor_si128(_mm_cmpeq_epi32(a, b), _mm_set1_epi32(-1));
}

static inline v4b v4i_lt(v4i a, v4i b)
{
    return _mm_cmplt_epi32(a, b);
}

static inline v4b v4i_le(v4i a, v4i b)
{
    return _mm_xor_si128(_mm_cmpgt_epi32(a, b), _mm_set1_epi32(-1));
}

static inline v4i v4i_select(v4b c, v4i a, v4i b)
{
    return _mm_or_si128(_mm_and_si128(c, a), _mm_andnot_si128(c, b));
}

static inline v4i v4i_min(v4i a, v4i b)
{
    return v4i_select(v4i_lt(a, b), a, b);
}

static inline v4i v4i_max(v4i a, v4i b)
{
    return v4i_select(v4i_lt(b, a), a, b);
}

static inline v4b v4u_eq(v4u a, v4u b)
{
    return _mm_cmpeq_epi32(a, b);
}

static inline v4b v4u_ne(v4u a, v4u b)
{
    return _mm_xor_si128(_mm_cmpeq_epi32(a, b), _mm_set1_epi32(-1));
}

static inline v4b v4u_lt(v4u a, v4u b)
{
    const __m128i sign = _mm_set1_epi32(INT32_MIN);
    return _mm_cmplt_epi32(_mm_xor_si128(a, sign), _mm_xor_si128(b, sign));
}

static inline v4b v4u_le(v4u a, v4u b)
{
    return _mm_xor_si128(v4u_lt(b, a), _mm_set1_epi32(-1));
}

static inline v4u v4u_select(v4b c, v4u a, v4u b)
{
    return _mm_or_si128(_mm_and_si128(c, a), _mm_andnot_si128(c, b));
}

static inline v4u v4u_min(v4u a, v4u b)
{
    return v4u_select(v4u_lt(a, b), a, b);
}

static inline v4u v4u_max(v4u a, v4u b)
{
    return v4u_select(v4u_lt(b, a), a, b);
}

static inline v4i v4i_and(v4i a, v4i b)
{
    return _mm_and_si128(a, b);
}

static inline v4u v4u_and(v4u a, v4u b)
{
    return _mm_and_si128(a, b);
}

static inline v4b v4b_and(v4b a, v4b b)
{
    return _mm_and_si128(a, b);
}

static inline v4i v4i_or(v4i a, v4i b)
{
    return _mm_or_si128(a, b);
}

static inline v4u v4u_or(v4u a, v4u b)
{
    return _mm_or_si128(a, b);
}

static inline v4b v4b_or(v4b a, v4b b)
{
    return _mm_or_si128(a, b);
}

static inline v4i v4i_xor(v4i a, v4i b)
{
    return _mm_xor_si128(a, b);
}

static inline v4u v4u_xor(v4u a, v4u b)
{
    return _mm_xor_si128(a, b);
}

static inline v4b v4b_xor(v4b a, v4b b)
{
    return _mm_xor_si128(a, b);
}

static inline v4b v4b_eq(v4b a, v4b b)
{
    return _mm_cmpeq_epi32(a, b);
}

static inline v4i v4i_not(v4i a)
{
    return _mm_xor_si128(a, _mm_set1_epi32(-1));
}

static inline v4u v4u_not(v4u a)
{
    return _mm_xor_si128(a, _mm_set1_epi32(-1));
}

static inline v4b v4b_not(v4b a)
{
    return _mm_xor_si128(a, _mm_set1_epi32(-1));
}

static inline v4b v4b_select(v4b c, v4b a, v4b b)
{
    return _mm_or_si128(_mm_and_si128(c, a), _mm_andnot_si128(c, b));
}

static inline v4i v4i_neg(v4i a)
{
    return _mm_sub_epi32(_mm_setzero_si128(), a);
}

static inline v4u v4u_neg(v4u a)
{
    return _mm_sub_epi32(_mm_setzero_si128(), a);
}

static inline v4i v4i_abs(v4i a)
{
    const __m128i sign = _mm_srai_epi32(a, 31);
    return _mm_sub_epi32(_mm_xor_si128(a, sign), sign);
}

static inline v4i v4i_shl(v4i a, int32_t n)
{
    return _mm_sll_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v4i v4i_shr(v4i a, int32_t n)
{
    return _mm_sra_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v4u v4u_shl(v4u a, int32_t n)
{
    return _mm_sll_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v4u v4u_shr(v4u a, int32_t n)
{
    return _mm_srl_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v4i v4i_clamp(v4i a, int32_t low, int32_t high)
{
    return v4i_max(v4i_min(a, _mm_set1_epi32(high)), _mm_set1_epi32(low));
}

static inline v4f v4f_of_i(v4i a)
{
    return _mm_cvtepi32_ps(a);
}

static inline v4f v4f_of_u(v4u a)
{
    const __m128 high = _mm_cvtepi32_ps(_mm_srli_epi32(a, 16));
    const __m128 low = _mm_cvtepi32_ps(_mm_and_si128(a, _mm_set1_epi32(65535)));
    const __m128 scaled = _mm_mul_ps(high, _mm_set1_ps(65536.0f)); /* exact */
    return _mm_add_ps(scaled, low);
}

static inline v4f v4f_of_b(v4b a)
{
    return _mm_and_ps(_mm_castsi128_ps(a), _mm_set1_ps(1.0f));
}

static inline v4i v4i_of_f(v4f a)
{
    const __m128 high = _mm_cmpge_ps(a, _mm_set1_ps(2147483648.0f));
    return _mm_xor_si128(_mm_cvttps_epi32(a), _mm_castps_si128(high));
}

static inline v4u v4u_of_f(v4f a)
{
    float a4[4];
    uint32_t y[4];
    _mm_storeu_ps(a4, a);
    for (int32_t l = 0; l < 4; l++) {
        y[l] = a4[l] >= 4294967296.0f ? UINT32_MAX
               : a4[l] > -1.0f        ? (uint32_t)a4[l]
                                      : 0u;
    }
    return _mm_loadu_si128((const __m128i *)(const void *)y);
}

static inline v4i v4i_of_u(v4u a)
{
    return a;
}

static inline v4u v4u_of_i(v4i a)
{
    return a;
}

static inline v4i v4i_of_b(v4b a)
{
    return _mm_srli_epi32(a, 31);
}

static inline v4u v4u_of_b(v4b a)
{
    return _mm_srli_epi32(a, 31);
}

static inline v4b v4b_of_f(v4f a)
{
    return _mm_castps_si128(_mm_cmpneq_ps(a, _mm_setzero_ps()));
}

static inline v4b v4b_of_i(v4i a)
{
    return _mm_xor_si128(_mm_cmpeq_epi32(a, _mm_setzero_si128()), _mm_set1_epi32(-1));
}

static inline v4b v4b_of_u(v4u a)
{
    return _mm_xor_si128(_mm_cmpeq_epi32(a, _mm_setzero_si128()), _mm_set1_epi32(-1));
}

static inline v4i v4i_bits_f(v4f a)
{
    return _mm_castps_si128(a);
}

static inline v4f v4f_bits_i(v4i a)
{
    return _mm_castsi128_ps(a);
}

static inline v4u v4u_bits_f(v4f a)
{
    return _mm_castps_si128(a);
}

static inline v4f v4f_bits_u(v4u a)
{
    return _mm_castsi128_ps(a);
}

static inline float v4f_hsum(v4f a)
{
    const __m128 t = _mm_add_ps(a, _mm_movehl_ps(a, a));
    return _mm_cvtss_f32(_mm_add_ss(t, _mm_shuffle_ps(t, t, 1)));
}

static inline float v4f_hmax(v4f a)
{
    const __m128 t = _mm_max_ps(a, _mm_movehl_ps(a, a));
    return _mm_cvtss_f32(_mm_max_ss(t, _mm_shuffle_ps(t, t, 1)));
}

static inline int32_t v4i_hsum(v4i a)
{
    const __m128i t = _mm_add_epi32(a, _mm_shuffle_epi32(a, 14));
    return (int32_t)_mm_cvtsi128_si32(_mm_add_epi32(t, _mm_shuffle_epi32(t, 1)));
}

static inline int32_t v4i_hmax(v4i a)
{
    const __m128i t = v4i_max(a, _mm_shuffle_epi32(a, 14));
    return (int32_t)_mm_cvtsi128_si32(v4i_max(t, _mm_shuffle_epi32(t, 1)));
}

static inline uint32_t v4u_hsum(v4u a)
{
    const __m128i t = _mm_add_epi32(a, _mm_shuffle_epi32(a, 14));
    return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(t, _mm_shuffle_epi32(t, 1)));
}

static inline uint32_t v4u_hmax(v4u a)
{
    const __m128i t = v4u_max(a, _mm_shuffle_epi32(a, 14));
    return (uint32_t)_mm_cvtsi128_si32(v4u_max(t, _mm_shuffle_epi32(t, 1)));
}

#endif

#endif
