/* vector_avx2.h - 8 lanes with AVX2 and FMA; the twin of vector_c99.h, the same bits.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_VECTOR_AVX2_H
#define DLC_DEVICE_VECTOR_AVX2_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

typedef __m256 v8f;
typedef __m256i v8i;
typedef __m256i v8u;
typedef __m256i v8b;

static inline v8f v8f_load(const float *x)
{
    return _mm256_loadu_ps(x);
}

static inline v8f v8f_load_f16(const uint16_t *x)
{
    const __m256i half =
        _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)x));
    const __m256i sign = _mm256_and_si256(half, _mm256_set1_epi32(0x8000));
    const __m256i rest = _mm256_and_si256(half, _mm256_set1_epi32(0x7fff));
    const __m256i bits =
        _mm256_or_si256(_mm256_slli_epi32(sign, 16), _mm256_slli_epi32(rest, 13));
    return _mm256_mul_ps(_mm256_castsi256_ps(bits), _mm256_set1_ps(0x1p112f));
}

static inline void v8f_store(float *y, v8f a)
{
    _mm256_storeu_ps(y, a);
}

static inline v8f v8f_splat(float x)
{
    return _mm256_set1_ps(x);
}

static inline v8i v8i_load(const int32_t *x)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)x);
}

static inline void v8i_store(int32_t *y, v8i a)
{
    _mm256_storeu_si256((__m256i *)(void *)y, a);
}

static inline v8i v8i_splat(int32_t x)
{
    return _mm256_set1_epi32(x);
}

static inline v8u v8u_load(const uint32_t *x)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)x);
}

static inline void v8u_store(uint32_t *y, v8u a)
{
    _mm256_storeu_si256((__m256i *)(void *)y, a);
}

static inline v8u v8u_splat(uint32_t x)
{
    return _mm256_set1_epi32((int32_t)x);
}

static inline v8i v8i_load_u8(const uint8_t *x)
{
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)x));
}

static inline v8i v8i_load_i8(const int8_t *x)
{
    return _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)x));
}

static inline v8i v8i_load_u16(const uint16_t *x)
{
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)x));
}

static inline v8i v8i_load_i16(const int16_t *x)
{
    return _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(const void *)x));
}

static inline void v8i_store_u8(uint8_t *y, v8i a)
{
    int32_t t[8];
    _mm256_storeu_si256((__m256i *)(void *)t, a);
    for (int32_t l = 0; l < 8; l++) {
        y[l] = (uint8_t)t[l];
    }
}

static inline void v8i_store_i8(int8_t *y, v8i a)
{
    int32_t t[8];
    _mm256_storeu_si256((__m256i *)(void *)t, a);
    for (int32_t l = 0; l < 8; l++) {
        y[l] = (int8_t)t[l];
    }
}

static inline void v8i_store_u16(uint16_t *y, v8i a)
{
    int32_t t[8];
    _mm256_storeu_si256((__m256i *)(void *)t, a);
    for (int32_t l = 0; l < 8; l++) {
        y[l] = (uint16_t)t[l];
    }
}

static inline void v8i_store_i16(int16_t *y, v8i a)
{
    int32_t t[8];
    _mm256_storeu_si256((__m256i *)(void *)t, a);
    for (int32_t l = 0; l < 8; l++) {
        y[l] = (int16_t)t[l];
    }
}

static inline v8b v8b_load(const uint8_t *x)
{
    return _mm256_cmpgt_epi32(v8i_load_u8(x), _mm256_setzero_si256());
}

static inline void v8b_store(uint8_t *y, v8b a)
{
    v8i_store_u8(y, _mm256_srli_epi32(a, 31));
}

static inline v8b v8b_splat(bool x)
{
    return _mm256_set1_epi32(x ? -1 : 0);
}

static inline v8f v8f_add(v8f a, v8f b)
{
    return _mm256_add_ps(a, b);
}

static inline v8f v8f_sub(v8f a, v8f b)
{
    return _mm256_sub_ps(a, b);
}

static inline v8f v8f_mul(v8f a, v8f b)
{
    return _mm256_mul_ps(a, b);
}

static inline v8f v8f_div(v8f a, v8f b)
{
    return _mm256_div_ps(a, b);
}

static inline v8f v8f_fma(v8f a, v8f b, v8f c)
{
    return _mm256_fmadd_ps(a, b, c);
}

static inline v8f v8f_neg(v8f a)
{
    return _mm256_xor_ps(a, _mm256_set1_ps(-0.0f));
}

static inline v8f v8f_abs(v8f a)
{
    return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a);
}

static inline v8f v8f_sqrt(v8f a)
{
    return _mm256_sqrt_ps(a);
}

static inline v8f v8f_floor(v8f a)
{
    return _mm256_floor_ps(a);
}

static inline v8i v8i_add(v8i a, v8i b)
{
    return _mm256_add_epi32(a, b);
}

static inline v8i v8i_sub(v8i a, v8i b)
{
    return _mm256_sub_epi32(a, b);
}

static inline v8i v8i_mul(v8i a, v8i b)
{
    return _mm256_mullo_epi32(a, b);
}

static inline v8u v8u_add(v8u a, v8u b)
{
    return _mm256_add_epi32(a, b);
}

static inline v8u v8u_sub(v8u a, v8u b)
{
    return _mm256_sub_epi32(a, b);
}

static inline v8u v8u_mul(v8u a, v8u b)
{
    return _mm256_mullo_epi32(a, b);
}

static inline v8f v8f_min(v8f a, v8f b)
{
    return _mm256_min_ps(a, b);
}

static inline v8f v8f_max(v8f a, v8f b)
{
    return _mm256_max_ps(a, b);
}

static inline v8b v8f_eq(v8f a, v8f b)
{
    return _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_EQ_OQ));
}

static inline v8b v8f_ne(v8f a, v8f b)
{
    return _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_NEQ_UQ));
}

static inline v8b v8f_lt(v8f a, v8f b)
{
    return _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_LT_OQ));
}

static inline v8b v8f_le(v8f a, v8f b)
{
    return _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_LE_OQ));
}

static inline v8f v8f_select(v8b c, v8f a, v8f b)
{
    return _mm256_blendv_ps(b, a, _mm256_castsi256_ps(c));
}

static inline v8i v8i_min(v8i a, v8i b)
{
    return _mm256_min_epi32(a, b);
}

static inline v8i v8i_max(v8i a, v8i b)
{
    return _mm256_max_epi32(a, b);
}

static inline v8b v8i_eq(v8i a, v8i b)
{
    return _mm256_cmpeq_epi32(a, b);
}

static inline v8b v8i_ne(v8i a, v8i b)
{
    return _mm256_xor_si256(_mm256_cmpeq_epi32(a, b), _mm256_set1_epi32(-1));
}

static inline v8b v8i_lt(v8i a, v8i b)
{
    return _mm256_cmpgt_epi32(b, a);
}

static inline v8b v8i_le(v8i a, v8i b)
{
    return _mm256_xor_si256(_mm256_cmpgt_epi32(a, b), _mm256_set1_epi32(-1));
}

static inline v8i v8i_select(v8b c, v8i a, v8i b)
{
    return _mm256_blendv_epi8(b, a, c);
}

static inline v8u v8u_min(v8u a, v8u b)
{
    return _mm256_min_epu32(a, b);
}

static inline v8u v8u_max(v8u a, v8u b)
{
    return _mm256_max_epu32(a, b);
}

static inline v8b v8u_eq(v8u a, v8u b)
{
    return _mm256_cmpeq_epi32(a, b);
}

static inline v8b v8u_ne(v8u a, v8u b)
{
    return _mm256_xor_si256(_mm256_cmpeq_epi32(a, b), _mm256_set1_epi32(-1));
}

static inline v8b v8u_le(v8u a, v8u b)
{
    return _mm256_cmpeq_epi32(_mm256_min_epu32(a, b), a);
}

static inline v8b v8u_lt(v8u a, v8u b)
{
    return _mm256_xor_si256(_mm256_cmpeq_epi32(_mm256_min_epu32(a, b), b),
                            _mm256_set1_epi32(-1));
}

static inline v8u v8u_select(v8b c, v8u a, v8u b)
{
    return _mm256_blendv_epi8(b, a, c);
}

static inline v8i v8i_and(v8i a, v8i b)
{
    return _mm256_and_si256(a, b);
}

static inline v8u v8u_and(v8u a, v8u b)
{
    return _mm256_and_si256(a, b);
}

static inline v8b v8b_and(v8b a, v8b b)
{
    return _mm256_and_si256(a, b);
}

static inline v8i v8i_or(v8i a, v8i b)
{
    return _mm256_or_si256(a, b);
}

static inline v8u v8u_or(v8u a, v8u b)
{
    return _mm256_or_si256(a, b);
}

static inline v8b v8b_or(v8b a, v8b b)
{
    return _mm256_or_si256(a, b);
}

static inline v8i v8i_xor(v8i a, v8i b)
{
    return _mm256_xor_si256(a, b);
}

static inline v8u v8u_xor(v8u a, v8u b)
{
    return _mm256_xor_si256(a, b);
}

static inline v8b v8b_xor(v8b a, v8b b)
{
    return _mm256_xor_si256(a, b);
}

static inline v8b v8b_eq(v8b a, v8b b)
{
    return _mm256_cmpeq_epi32(a, b);
}

static inline v8i v8i_not(v8i a)
{
    return _mm256_xor_si256(a, _mm256_set1_epi32(-1));
}

static inline v8u v8u_not(v8u a)
{
    return _mm256_xor_si256(a, _mm256_set1_epi32(-1));
}

static inline v8b v8b_not(v8b a)
{
    return _mm256_xor_si256(a, _mm256_set1_epi32(-1));
}

static inline v8b v8b_select(v8b c, v8b a, v8b b)
{
    return _mm256_blendv_epi8(b, a, c);
}

static inline v8i v8i_neg(v8i a)
{
    return _mm256_sub_epi32(_mm256_setzero_si256(), a);
}

static inline v8u v8u_neg(v8u a)
{
    return _mm256_sub_epi32(_mm256_setzero_si256(), a);
}

static inline v8i v8i_abs(v8i a)
{
    return _mm256_abs_epi32(a);
}

static inline v8i v8i_shl(v8i a, int32_t n)
{
    return _mm256_sll_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v8i v8i_shr(v8i a, int32_t n)
{
    return _mm256_sra_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v8u v8u_shl(v8u a, int32_t n)
{
    return _mm256_sll_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v8u v8u_shr(v8u a, int32_t n)
{
    return _mm256_srl_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v8i v8i_clamp(v8i a, int32_t low, int32_t high)
{
    return _mm256_max_epi32(_mm256_min_epi32(a, _mm256_set1_epi32(high)),
                            _mm256_set1_epi32(low));
}

static inline v8f v8f_of_i(v8i a)
{
    return _mm256_cvtepi32_ps(a);
}

static inline v8f v8f_of_u(v8u a)
{
    const __m256 high = _mm256_cvtepi32_ps(_mm256_srli_epi32(a, 16));
    const __m256 low =
        _mm256_cvtepi32_ps(_mm256_and_si256(a, _mm256_set1_epi32(65535)));
    const __m256 scaled = _mm256_mul_ps(high, _mm256_set1_ps(65536.0f)); /* exact */
    return _mm256_add_ps(scaled, low);
}

static inline v8f v8f_of_b(v8b a)
{
    return _mm256_and_ps(_mm256_castsi256_ps(a), _mm256_set1_ps(1.0f));
}

static inline v8i v8i_of_f(v8f a)
{
    const __m256 high = _mm256_cmp_ps(a, _mm256_set1_ps(2147483648.0f), _CMP_GE_OQ);
    return _mm256_xor_si256(_mm256_cvttps_epi32(a), _mm256_castps_si256(high));
}

static inline v8u v8u_of_f(v8f a)
{
    float x[8];
    uint32_t y[8];
    _mm256_storeu_ps(x, a);
    for (int32_t l = 0; l < 8; l++) {
        y[l] = x[l] >= 4294967296.0f ? UINT32_MAX : x[l] > -1.0f ? (uint32_t)x[l] : 0u;
    }
    return _mm256_loadu_si256((const __m256i *)(const void *)y);
}

static inline v8i v8i_of_u(v8u a)
{
    return a;
}

static inline v8u v8u_of_i(v8i a)
{
    return a;
}

static inline v8i v8i_of_b(v8b a)
{
    return _mm256_srli_epi32(a, 31);
}

static inline v8u v8u_of_b(v8b a)
{
    return _mm256_srli_epi32(a, 31);
}

static inline v8b v8b_of_f(v8f a)
{
    return _mm256_castps_si256(_mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_NEQ_UQ));
}

static inline v8b v8b_of_i(v8i a)
{
    return _mm256_xor_si256(_mm256_cmpeq_epi32(a, _mm256_setzero_si256()),
                            _mm256_set1_epi32(-1));
}

static inline v8b v8b_of_u(v8u a)
{
    return _mm256_xor_si256(_mm256_cmpeq_epi32(a, _mm256_setzero_si256()),
                            _mm256_set1_epi32(-1));
}

static inline v8i v8i_bits_f(v8f a)
{
    return _mm256_castps_si256(a);
}

static inline v8f v8f_bits_i(v8i a)
{
    return _mm256_castsi256_ps(a);
}

static inline v8u v8u_bits_f(v8f a)
{
    return _mm256_castps_si256(a);
}

static inline v8f v8f_bits_u(v8u a)
{
    return _mm256_castsi256_ps(a);
}

static inline float v8f_hsum(v8f a)
{
    const __m128 t4 =
        _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    const __m128 t2 = _mm_add_ps(t4, _mm_movehl_ps(t4, t4));
    return _mm_cvtss_f32(_mm_add_ss(t2, _mm_shuffle_ps(t2, t2, 1)));
}

static inline float v8f_hmax(v8f a)
{
    const __m128 t4 =
        _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    const __m128 t2 = _mm_max_ps(t4, _mm_movehl_ps(t4, t4));
    return _mm_cvtss_f32(_mm_max_ss(t2, _mm_shuffle_ps(t2, t2, 1)));
}

static inline int32_t v8i_hsum(v8i a)
{
    const __m128i t4 =
        _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    const __m128i t2 = _mm_add_epi32(t4, _mm_shuffle_epi32(t4, 14));
    return (int32_t)_mm_cvtsi128_si32(_mm_add_epi32(t2, _mm_shuffle_epi32(t2, 1)));
}

static inline int32_t v8i_hmax(v8i a)
{
    const __m128i t4 =
        _mm_max_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    const __m128i t2 = _mm_max_epi32(t4, _mm_shuffle_epi32(t4, 14));
    return (int32_t)_mm_cvtsi128_si32(_mm_max_epi32(t2, _mm_shuffle_epi32(t2, 1)));
}

static inline uint32_t v8u_hsum(v8u a)
{
    const __m128i t4 =
        _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    const __m128i t2 = _mm_add_epi32(t4, _mm_shuffle_epi32(t4, 14));
    return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(t2, _mm_shuffle_epi32(t2, 1)));
}

static inline uint32_t v8u_hmax(v8u a)
{
    const __m128i t4 =
        _mm_max_epu32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    const __m128i t2 = _mm_max_epu32(t4, _mm_shuffle_epi32(t4, 14));
    return (uint32_t)_mm_cvtsi128_si32(_mm_max_epu32(t2, _mm_shuffle_epi32(t2, 1)));
}

#endif

#endif
