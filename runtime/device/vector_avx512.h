/* vector_avx512.h - 16 lanes with AVX-512F; the twin of vector_c99.h, the same bits.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_VECTOR_AVX512_H
#define DLC_DEVICE_VECTOR_AVX512_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__AVX512F__)
#include <immintrin.h>

typedef __m512 v16f;
typedef __m512i v16i;
typedef __m512i v16u;
typedef __mmask16 v16b;

static inline v16f v16f_load(const float *x)
{
    return _mm512_loadu_ps(x);
}

static inline v16f v16f_load_f16(const uint16_t *x)
{
    const __m512i half =
        _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)x));
    const __m512i sign = _mm512_and_si512(half, _mm512_set1_epi32(0x8000));
    const __m512i rest = _mm512_and_si512(half, _mm512_set1_epi32(0x7fff));
    const __m512i bits =
        _mm512_or_si512(_mm512_slli_epi32(sign, 16), _mm512_slli_epi32(rest, 13));
    return _mm512_mul_ps(_mm512_castsi512_ps(bits), _mm512_set1_ps(0x1p112f));
}

static inline void v16f_store(float *y, v16f a)
{
    _mm512_storeu_ps(y, a);
}

static inline v16f v16f_splat(float x)
{
    return _mm512_set1_ps(x);
}

static inline v16i v16i_load(const int32_t *x)
{
    return _mm512_loadu_si512((const void *)x);
}

static inline void v16i_store(int32_t *y, v16i a)
{
    _mm512_storeu_si512((void *)y, a);
}

static inline v16i v16i_splat(int32_t x)
{
    return _mm512_set1_epi32(x);
}

static inline v16u v16u_load(const uint32_t *x)
{
    return _mm512_loadu_si512((const void *)x);
}

static inline void v16u_store(uint32_t *y, v16u a)
{
    _mm512_storeu_si512((void *)y, a);
}

static inline v16u v16u_splat(uint32_t x)
{
    return _mm512_set1_epi32((int32_t)x);
}

static inline v16i v16i_load_u8(const uint8_t *x)
{
    return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)x));
}

static inline void v16i_store_u8(uint8_t *y, v16i a)
{
    _mm_storeu_si128((__m128i *)(void *)y, _mm512_cvtepi32_epi8(a));
}

static inline v16i v16i_load_i8(const int8_t *x)
{
    return _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(const void *)x));
}

static inline void v16i_store_i8(int8_t *y, v16i a)
{
    _mm_storeu_si128((__m128i *)(void *)y, _mm512_cvtepi32_epi8(a));
}

static inline v16i v16i_load_u16(const uint16_t *x)
{
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)x));
}

static inline void v16i_store_u16(uint16_t *y, v16i a)
{
    _mm256_storeu_si256((__m256i *)(void *)y, _mm512_cvtepi32_epi16(a));
}

static inline v16i v16i_load_i16(const int16_t *x)
{
    return _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)x));
}

static inline void v16i_store_i16(int16_t *y, v16i a)
{
    _mm256_storeu_si256((__m256i *)(void *)y, _mm512_cvtepi32_epi16(a));
}

static inline v16b v16b_load(const uint8_t *x)
{
    return _mm512_test_epi32_mask(v16i_load_u8(x), _mm512_set1_epi32(255));
}

static inline void v16b_store(uint8_t *y, v16b a)
{
    v16i_store_u8(y, _mm512_maskz_set1_epi32(a, 1));
}

static inline v16b v16b_splat(bool x)
{
    return (v16b)(x ? 65535 : 0);
}

static inline v16f v16f_add(v16f a, v16f b)
{
    return _mm512_add_ps(a, b);
}

static inline v16f v16f_sub(v16f a, v16f b)
{
    return _mm512_sub_ps(a, b);
}

static inline v16f v16f_mul(v16f a, v16f b)
{
    return _mm512_mul_ps(a, b);
}

static inline v16f v16f_div(v16f a, v16f b)
{
    return _mm512_div_ps(a, b);
}

static inline v16f v16f_fma(v16f a, v16f b, v16f c)
{
    return _mm512_fmadd_ps(a, b, c);
}

static inline v16f v16f_neg(v16f a)
{
    return _mm512_castsi512_ps(
        _mm512_xor_si512(_mm512_castps_si512(a), _mm512_set1_epi32(INT32_MIN)));
}

static inline v16f v16f_abs(v16f a)
{
    return _mm512_abs_ps(a);
}

static inline v16f v16f_sqrt(v16f a)
{
    return _mm512_sqrt_ps(a);
}

static inline v16f v16f_floor(v16f a)
{
    return _mm512_floor_ps(a);
}

static inline v16i v16i_add(v16i a, v16i b)
{
    return _mm512_add_epi32(a, b);
}

static inline v16i v16i_sub(v16i a, v16i b)
{
    return _mm512_sub_epi32(a, b);
}

static inline v16i v16i_mul(v16i a, v16i b)
{
    return _mm512_mullo_epi32(a, b);
}

static inline v16u v16u_add(v16u a, v16u b)
{
    return _mm512_add_epi32(a, b);
}

static inline v16u v16u_sub(v16u a, v16u b)
{
    return _mm512_sub_epi32(a, b);
}

static inline v16u v16u_mul(v16u a, v16u b)
{
    return _mm512_mullo_epi32(a, b);
}

static inline v16f v16f_min(v16f a, v16f b)
{
    return _mm512_min_ps(a, b);
}

static inline v16f v16f_max(v16f a, v16f b)
{
    return _mm512_max_ps(a, b);
}

static inline v16b v16f_eq(v16f a, v16f b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ);
}

static inline v16b v16f_ne(v16f a, v16f b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_NEQ_UQ);
}

static inline v16b v16f_lt(v16f a, v16f b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ);
}

static inline v16b v16f_le(v16f a, v16f b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ);
}

static inline v16f v16f_select(v16b c, v16f a, v16f b)
{
    return _mm512_mask_blend_ps(c, b, a);
}

static inline v16i v16i_min(v16i a, v16i b)
{
    return _mm512_min_epi32(a, b);
}

static inline v16i v16i_max(v16i a, v16i b)
{
    return _mm512_max_epi32(a, b);
}

static inline v16b v16i_eq(v16i a, v16i b)
{
    return _mm512_cmpeq_epi32_mask(a, b);
}

static inline v16b v16i_ne(v16i a, v16i b)
{
    return _mm512_cmpneq_epi32_mask(a, b);
}

static inline v16b v16i_lt(v16i a, v16i b)
{
    return _mm512_cmplt_epi32_mask(a, b);
}

static inline v16b v16i_le(v16i a, v16i b)
{
    return _mm512_cmple_epi32_mask(a, b);
}

static inline v16i v16i_select(v16b c, v16i a, v16i b)
{
    return _mm512_mask_blend_epi32(c, b, a);
}

static inline v16u v16u_min(v16u a, v16u b)
{
    return _mm512_min_epu32(a, b);
}

static inline v16u v16u_max(v16u a, v16u b)
{
    return _mm512_max_epu32(a, b);
}

static inline v16b v16u_eq(v16u a, v16u b)
{
    return _mm512_cmpeq_epu32_mask(a, b);
}

static inline v16b v16u_ne(v16u a, v16u b)
{
    return _mm512_cmpneq_epu32_mask(a, b);
}

static inline v16b v16u_lt(v16u a, v16u b)
{
    return _mm512_cmplt_epu32_mask(a, b);
}

static inline v16b v16u_le(v16u a, v16u b)
{
    return _mm512_cmple_epu32_mask(a, b);
}

static inline v16u v16u_select(v16b c, v16u a, v16u b)
{
    return _mm512_mask_blend_epi32(c, b, a);
}

static inline v16i v16i_and(v16i a, v16i b)
{
    return _mm512_and_si512(a, b);
}

static inline v16u v16u_and(v16u a, v16u b)
{
    return _mm512_and_si512(a, b);
}

static inline v16i v16i_or(v16i a, v16i b)
{
    return _mm512_or_si512(a, b);
}

static inline v16u v16u_or(v16u a, v16u b)
{
    return _mm512_or_si512(a, b);
}

static inline v16i v16i_xor(v16i a, v16i b)
{
    return _mm512_xor_si512(a, b);
}

static inline v16u v16u_xor(v16u a, v16u b)
{
    return _mm512_xor_si512(a, b);
}

static inline v16b v16b_and(v16b a, v16b b)
{
    return (v16b)(a & b);
}

static inline v16b v16b_or(v16b a, v16b b)
{
    return (v16b)(a | b);
}

static inline v16b v16b_xor(v16b a, v16b b)
{
    return (v16b)(a ^ b);
}

static inline v16b v16b_eq(v16b a, v16b b)
{
    return (v16b)(~(a ^ b));
}

static inline v16b v16b_not(v16b a)
{
    return (v16b)~a;
}

static inline v16i v16i_not(v16i a)
{
    return _mm512_xor_si512(a, _mm512_set1_epi32(-1));
}

static inline v16u v16u_not(v16u a)
{
    return _mm512_xor_si512(a, _mm512_set1_epi32(-1));
}

static inline v16b v16b_select(v16b c, v16b a, v16b b)
{
    return (v16b)((c & a) | (~c & b));
}

static inline v16i v16i_neg(v16i a)
{
    return _mm512_sub_epi32(_mm512_setzero_si512(), a);
}

static inline v16u v16u_neg(v16u a)
{
    return _mm512_sub_epi32(_mm512_setzero_si512(), a);
}

static inline v16i v16i_abs(v16i a)
{
    return _mm512_abs_epi32(a);
}

static inline v16i v16i_shl(v16i a, int32_t n)
{
    return _mm512_sll_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v16i v16i_shr(v16i a, int32_t n)
{
    return _mm512_sra_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v16u v16u_shl(v16u a, int32_t n)
{
    return _mm512_sll_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v16u v16u_shr(v16u a, int32_t n)
{
    return _mm512_srl_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v16i v16i_clamp(v16i a, int32_t low, int32_t high)
{
    return _mm512_max_epi32(_mm512_min_epi32(a, _mm512_set1_epi32(high)),
                            _mm512_set1_epi32(low));
}

static inline v16f v16f_of_i(v16i a)
{
    return _mm512_cvtepi32_ps(a);
}

static inline v16f v16f_of_u(v16u a)
{
    return _mm512_cvtepu32_ps(a);
}

static inline v16f v16f_of_b(v16b a)
{
    return _mm512_mask_blend_ps(a, _mm512_setzero_ps(), _mm512_set1_ps(1.0f));
}

static inline v16i v16i_of_f(v16f a)
{
    const __mmask16 high =
        _mm512_cmp_ps_mask(a, _mm512_set1_ps(2147483648.0f), _CMP_GE_OQ);
    return _mm512_mask_set1_epi32(_mm512_cvttps_epi32(a), high, INT32_MAX);
}

static inline v16u v16u_of_f(v16f a)
{
    const __mmask16 in = _mm512_cmp_ps_mask(a, _mm512_set1_ps(-1.0f), _CMP_GT_OQ);
    return _mm512_maskz_cvttps_epu32(in, a);
}

static inline v16i v16i_of_u(v16u a)
{
    return a;
}

static inline v16u v16u_of_i(v16i a)
{
    return a;
}

static inline v16i v16i_of_b(v16b a)
{
    return _mm512_maskz_set1_epi32(a, 1);
}

static inline v16u v16u_of_b(v16b a)
{
    return _mm512_maskz_set1_epi32(a, 1);
}

static inline v16b v16b_of_f(v16f a)
{
    return _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_NEQ_UQ);
}

static inline v16b v16b_of_i(v16i a)
{
    return _mm512_test_epi32_mask(a, a);
}

static inline v16b v16b_of_u(v16u a)
{
    return _mm512_test_epi32_mask(a, a);
}

static inline v16i v16i_bits_f(v16f a)
{
    return _mm512_castps_si512(a);
}

static inline v16f v16f_bits_i(v16i a)
{
    return _mm512_castsi512_ps(a);
}

static inline v16u v16u_bits_f(v16f a)
{
    return _mm512_castps_si512(a);
}

static inline v16f v16f_bits_u(v16u a)
{
    return _mm512_castsi512_ps(a);
}

static inline float v16f_hsum(v16f a)
{
    const __m256 high =
        _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a), 1));
    const __m256 t8 = _mm256_add_ps(_mm512_castps512_ps256(a), high);
    const __m128 t4 =
        _mm_add_ps(_mm256_castps256_ps128(t8), _mm256_extractf128_ps(t8, 1));
    const __m128 t2 = _mm_add_ps(t4, _mm_movehl_ps(t4, t4));
    return _mm_cvtss_f32(_mm_add_ss(t2, _mm_shuffle_ps(t2, t2, 1)));
}

static inline float v16f_hmax(v16f a)
{
    const __m256 high =
        _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a), 1));
    const __m256 t8 = _mm256_max_ps(_mm512_castps512_ps256(a), high);
    const __m128 t4 =
        _mm_max_ps(_mm256_castps256_ps128(t8), _mm256_extractf128_ps(t8, 1));
    const __m128 t2 = _mm_max_ps(t4, _mm_movehl_ps(t4, t4));
    return _mm_cvtss_f32(_mm_max_ss(t2, _mm_shuffle_ps(t2, t2, 1)));
}

static inline int32_t v16i_hsum(v16i a)
{
    const __m256i t8 =
        _mm256_add_epi32(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1));
    const __m128i t4 =
        _mm_add_epi32(_mm256_castsi256_si128(t8), _mm256_extracti128_si256(t8, 1));
    const __m128i t2 = _mm_add_epi32(t4, _mm_shuffle_epi32(t4, 14));
    return (int32_t)_mm_cvtsi128_si32(_mm_add_epi32(t2, _mm_shuffle_epi32(t2, 1)));
}

static inline int32_t v16i_hmax(v16i a)
{
    const __m256i t8 =
        _mm256_max_epi32(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1));
    const __m128i t4 =
        _mm_max_epi32(_mm256_castsi256_si128(t8), _mm256_extracti128_si256(t8, 1));
    const __m128i t2 = _mm_max_epi32(t4, _mm_shuffle_epi32(t4, 14));
    return (int32_t)_mm_cvtsi128_si32(_mm_max_epi32(t2, _mm_shuffle_epi32(t2, 1)));
}

static inline uint32_t v16u_hsum(v16u a)
{
    const __m256i t8 =
        _mm256_add_epi32(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1));
    const __m128i t4 =
        _mm_add_epi32(_mm256_castsi256_si128(t8), _mm256_extracti128_si256(t8, 1));
    const __m128i t2 = _mm_add_epi32(t4, _mm_shuffle_epi32(t4, 14));
    return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(t2, _mm_shuffle_epi32(t2, 1)));
}

static inline uint32_t v16u_hmax(v16u a)
{
    const __m256i t8 =
        _mm256_max_epu32(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1));
    const __m128i t4 =
        _mm_max_epu32(_mm256_castsi256_si128(t8), _mm256_extracti128_si256(t8, 1));
    const __m128i t2 = _mm_max_epu32(t4, _mm_shuffle_epi32(t4, 14));
    return (uint32_t)_mm_cvtsi128_si32(_mm_max_epu32(t2, _mm_shuffle_epi32(t2, 1)));
}

#endif

#endif
