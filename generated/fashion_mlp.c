/* fashion_mlp.c - a network and its training
 *
 * Written by dlc 0.1.0 from models/fashion_mlp.dl. Do not edit. It belongs to you.
 * target x86_64_v3, options `--target=x86_64_v3`, hash bd3b3e9559999928
 *
 *   fashion_mlp_mlp: flash 437544 bytes, arena 3648 bytes, 109184 multiply-adds
 *     input   image        uint8_t[28, 28]  784 bytes
 *     output  probs        float[10]  40 bytes, sums to 1
 *     ram 4472 bytes: arena, inputs and outputs
 */
#include "fashion_mlp.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

static inline float dlc_f32_of_bits(uint32_t bits)
{
    union {
        uint32_t u;
        float f;
    } word;
    word.u = bits;
    return word.f;
}

static inline uint32_t dlc_bits_of_f32(float x)
{
    union {
        float f;
        uint32_t u;
    } word;
    word.f = x;
    return word.u;
}

/* a * b + c, rounded once. Without a floating-point unit, C libraries round twice:
 * there the sum of the exact product and c is rounded to odd in double, then to float.
 */
static inline float dlc_fma_f32(float a, float b, float c)
{
#if (defined(__arm__) && !defined(__ARM_FP)) ||                                        \
    (defined(__riscv) && !defined(__riscv_flen))
    const double product = (double)a * (double)b;
    union {
        double f;
        uint64_t u;
    } sum;
    sum.f = product + (double)c;
    const double back = sum.f - product;
    const double lost = (product - (sum.f - back)) + ((double)c - back);
    if ((lost > 0.0 || lost < 0.0) && (sum.u & 1u) == 0)
        sum.u += (lost > 0.0) == (sum.f > 0.0) ? (uint64_t)1 : UINT64_MAX;
    return (float)sum.f;
#else
    return fmaf(a, b, c);
#endif
}

/* Second when equal or unordered, as max(a, b) of the loop IR. */
static inline float dlc_max_f32(float a, float b)
{
    return a > b ? a : b;
}

static inline float dlc_min_f32(float a, float b)
{
    return a < b ? a : b;
}

/* Four random words: out[0 .. 3], each uniform over 32 bits. `out` may be `counter`. */
static inline void dlc_philox(uint32_t out[4], const uint32_t counter[4],
                              const uint32_t key[2])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        const uint64_t p0 = (uint64_t)0xD2511F53u * c0;
        const uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u; /* golden ratio */
        k1 += 0xBB67AE85u; /* sqrt(3) - 1 */
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

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

static inline void v8f_store(float *y, v8f a)
{
    _mm256_storeu_ps(y, a);
}

static inline v8f v8f_splat(float x)
{
    return _mm256_set1_ps(x);
}

static inline void v8i_store(int32_t *y, v8i a)
{
    _mm256_storeu_si256((__m256i *)(void *)y, a);
}

static inline v8i v8i_splat(int32_t x)
{
    return _mm256_set1_epi32(x);
}

static inline v8i v8i_load_u8(const uint8_t *x)
{
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)x));
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

static inline v8f v8f_sqrt(v8f a)
{
    return _mm256_sqrt_ps(a);
}

static inline v8i v8i_add(v8i a, v8i b)
{
    return _mm256_add_epi32(a, b);
}

static inline v8i v8i_sub(v8i a, v8i b)
{
    return _mm256_sub_epi32(a, b);
}

static inline v8f v8f_min(v8f a, v8f b)
{
    return _mm256_min_ps(a, b);
}

static inline v8f v8f_max(v8f a, v8f b)
{
    return _mm256_max_ps(a, b);
}

static inline v8b v8f_lt(v8f a, v8f b)
{
    return _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_LT_OQ));
}

static inline v8f v8f_select(v8b c, v8f a, v8f b)
{
    return _mm256_blendv_ps(b, a, _mm256_castsi256_ps(c));
}

static inline v8i v8i_shl(v8i a, int32_t n)
{
    return _mm256_sll_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v8i v8i_shr(v8i a, int32_t n)
{
    return _mm256_sra_epi32(a, _mm_cvtsi32_si128(n));
}

static inline v8f v8f_of_i(v8i a)
{
    return _mm256_cvtepi32_ps(a);
}

static inline v8i v8i_bits_f(v8f a)
{
    return _mm256_castps_si256(a);
}

static inline v8f v8f_bits_i(v8i a)
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

#else /* the same in C99, with the same bits */

typedef struct v8f {
    float at[8];
} v8f;
typedef struct v8i {
    int32_t at[8];
} v8i;
typedef struct v8u {
    uint32_t at[8];
} v8u;
typedef struct v8b {
    bool at[8];
} v8b;

static inline v8f v8f_load(const float *x)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline void v8f_store(float *y, v8f a)
{
    for (int32_t l = 0; l < 8; l++) {
        y[l] = a.at[l];
    }
}

static inline v8f v8f_splat(float x)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = x;
    }
    return y;
}

static inline v8f v8f_add(v8f a, v8f b)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = a.at[l] + b.at[l];
    }
    return y;
}

static inline v8f v8f_sub(v8f a, v8f b)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = a.at[l] - b.at[l];
    }
    return y;
}

static inline v8f v8f_mul(v8f a, v8f b)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = a.at[l] * b.at[l];
    }
    return y;
}

static inline v8f v8f_div(v8f a, v8f b)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = a.at[l] / b.at[l];
    }
    return y;
}

static inline v8f v8f_fma(v8f a, v8f b, v8f c)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = fmaf(a.at[l], b.at[l], c.at[l]);
    }
    return y;
}

static inline v8f v8f_sqrt(v8f a)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = sqrtf(a.at[l]);
    }
    return y;
}

static inline v8f v8f_min(v8f a, v8f b)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = a.at[l] < b.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v8f v8f_max(v8f a, v8f b)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = a.at[l] > b.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v8b v8f_lt(v8f a, v8f b)
{
    v8b y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = a.at[l] < b.at[l];
    }
    return y;
}

static inline v8f v8f_select(v8b c, v8f a, v8f b)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = c.at[l] ? a.at[l] : b.at[l];
    }
    return y;
}

static inline v8f v8f_of_i(v8i a)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = (float)a.at[l];
    }
    return y;
}

static inline v8i v8i_bits_f(v8f a)
{
    v8i y;
    for (int32_t l = 0; l < 8; l++) {
        union {
            float from;
            int32_t to;
        } word;
        word.from = a.at[l];
        y.at[l] = word.to;
    }
    return y;
}

static inline v8f v8f_bits_i(v8i a)
{
    v8f y;
    for (int32_t l = 0; l < 8; l++) {
        union {
            int32_t from;
            float to;
        } word;
        word.from = a.at[l];
        y.at[l] = word.to;
    }
    return y;
}

static inline float v8f_hsum(v8f a)
{
    for (int32_t half = 8 / 2; half >= 1; half /= 2) {
        for (int32_t l = 0; l < half; l++) {
            const float x = a.at[l], y = a.at[l + half];
            a.at[l] = x + y;
        }
    }
    return a.at[0];
}

static inline float v8f_hmax(v8f a)
{
    for (int32_t half = 8 / 2; half >= 1; half /= 2) {
        for (int32_t l = 0; l < half; l++) {
            const float x = a.at[l], y = a.at[l + half];
            a.at[l] = x > y ? x : y;
        }
    }
    return a.at[0];
}

static inline void v8i_store(int32_t *y, v8i a)
{
    for (int32_t l = 0; l < 8; l++) {
        y[l] = a.at[l];
    }
}

static inline v8i v8i_splat(int32_t x)
{
    v8i y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = x;
    }
    return y;
}

static inline v8i v8i_load_u8(const uint8_t *x)
{
    v8i y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = x[l];
    }
    return y;
}

static inline v8i v8i_add(v8i a, v8i b)
{
    v8i y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = (int32_t)((uint32_t)a.at[l] + (uint32_t)b.at[l]);
    }
    return y;
}

static inline v8i v8i_sub(v8i a, v8i b)
{
    v8i y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = (int32_t)((uint32_t)a.at[l] - (uint32_t)b.at[l]);
    }
    return y;
}

static inline v8i v8i_shl(v8i a, int32_t n)
{
    v8i y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = (int32_t)((uint32_t)a.at[l] << n);
    }
    return y;
}

static inline v8i v8i_shr(v8i a, int32_t n)
{
    v8i y;
    for (int32_t l = 0; l < 8; l++) {
        y.at[l] = a.at[l] >> n;
    }
    return y;
}

#endif

static void team_wait(const dlc_team *team)
{
    if (team != NULL) {
        team->wait(team);
    }
}

/* The high half of a * b. */
static uint32_t dlc_high_word(uint32_t a, uint32_t b)
{
    return (uint32_t)((uint64_t)a * b >> 32);
}

/* Word element % 4 of Philox4x32-10 at {element / 4, sample, iteration, stream}. */
static uint32_t dlc_philox_word(uint32_t element, uint32_t sample, uint32_t iteration,
                                uint32_t stream, uint32_t key0, uint32_t key1)
{
    const uint32_t counter[4] = { element / 4u, sample, iteration, stream };
    const uint32_t key[2] = { key0, key1 };
    uint32_t out[4];
    dlc_philox(out, counter, key);
    return out[element % 4u];
}

/* exp x; below 2^-149 it is 0, above 88.72 infinite. Within 1.1 ulp. */
static inline v8f dlc_expf_fma_x8(v8f x)
{
    const v8f clamped = v8f_max(v8f_splat(-104.0f), v8f_min(v8f_splat(89.0f), x));
    const v8f t = v8f_fma(clamped, v8f_splat(1.442695f), v8f_splat(12582912.0f));
    const v8f n = v8f_sub(t, v8f_splat(12582912.0f));
    const v8f r = v8f_fma(n, v8f_splat(-0.6933594f), clamped);
    const v8f r2 = v8f_fma(n, v8f_splat(0.00021219444f), r);
    const v8f p = v8f_fma(v8f_splat(0.0013950524f), r2, v8f_splat(0.008368908f));
    const v8f p2 = v8f_fma(p, r2, v8f_splat(0.041666206f));
    const v8f p3 = v8f_fma(p2, r2, v8f_splat(0.16666518f));
    const v8f p4 = v8f_fma(p3, r2, v8f_splat(0.5f));
    const v8f square = v8f_mul(r2, r2);
    const v8f fraction = v8f_fma(square, p4, r2);
    const v8i n_int = v8i_sub(v8i_bits_f(t), v8i_splat(1262485504));
    const v8i half = v8i_shr(n_int, 1);
    const v8f y = v8f_mul(v8f_add(fraction, v8f_splat(1.0f)), v8f_bits_i(v8i_shl(v8i_add(half, v8i_splat(127)), 23)));
    return v8f_mul(y, v8f_bits_i(v8i_shl(v8i_add(v8i_sub(n_int, half), v8i_splat(127)), 23)));
}

/* exp x; below 2^-149 it is 0, above 88.72 infinite. Within 1.1 ulp. */
static inline float dlc_expf_fma(float x)
{
    const float clamped = dlc_max_f32(-104.0f, dlc_min_f32(89.0f, x));
    const float t = dlc_fma_f32(clamped, 1.442695f, 12582912.0f);
    const float n = t - 12582912.0f;
    const float r = dlc_fma_f32(n, -0.6933594f, clamped);
    const float r2 = dlc_fma_f32(n, 0.00021219444f, r);
    const float p = dlc_fma_f32(0.0013950524f, r2, 0.008368908f);
    const float p2 = dlc_fma_f32(p, r2, 0.041666206f);
    const float p3 = dlc_fma_f32(p2, r2, 0.16666518f);
    const float p4 = dlc_fma_f32(p3, r2, 0.5f);
    const float square = r2 * r2;
    const float fraction = dlc_fma_f32(square, p4, r2);
    const int32_t n_int = (int32_t)dlc_bits_of_f32(t) - 1262485504;
    const int32_t half = n_int >> 1;
    const float y = (fraction + 1.0f) * dlc_f32_of_bits((uint32_t)(int32_t)((uint32_t)(half + 127) << 23));
    return y * dlc_f32_of_bits((uint32_t)(int32_t)((uint32_t)(n_int - half + 127) << 23));
}

/* Natural logarithm; -inf at 0, NaN below. Within 1.0 ulp. */
static inline float dlc_logf_fma(float x)
{
    const bool denormal = x < 1.1754944e-38f;
    const float up = denormal ? x * 8388608.0f : x;
    const uint32_t i = dlc_bits_of_f32(up) - 0x3f3504f3u;
    const float e = (float)((int32_t)i >> 23);
    const float f = dlc_f32_of_bits((i & 0x7fffffu) + 0x3f3504f3u) - 1.0f;
    const float e2 = e - (denormal ? 23.0f : 0.0f);
    const float p = dlc_fma_f32(0.070376836f, f, -0.1151461f);
    const float p2 = dlc_fma_f32(p, f, 0.116769984f);
    const float p3 = dlc_fma_f32(p2, f, -0.12420141f);
    const float p4 = dlc_fma_f32(p3, f, 0.14249323f);
    const float p5 = dlc_fma_f32(p4, f, -0.16668057f);
    const float p6 = dlc_fma_f32(p5, f, 0.20000714f);
    const float p7 = dlc_fma_f32(p6, f, -0.24999994f);
    const float p8 = dlc_fma_f32(p7, f, 0.3333333f);
    const float square = f * f;
    const float y = f * square * p8;
    const float y2 = dlc_fma_f32(e2, -0.00021219444f, y);
    const float y3 = dlc_fma_f32(-0.5f, square, y2);
    const float y4 = f + y3;
    const float y5 = dlc_fma_f32(e2, 0.6933594f, y4);
    const float y6 = x < INFINITY ? y5 : x;
    return x > 0.0f ? y6 : (x == 0.0f ? -INFINITY : NAN);
}

/* x to the y as C99's pow: logarithm in two floats (N. Juffa). Within 1.5 ulp. */
static inline float dlc_powf_fma(float x, float y)
{
    const float a = fabsf(x);
    const bool tiny = a < 1.1754944e-38f;
    const float up = tiny ? a * 8388608.0f : a;
    const uint32_t i = dlc_bits_of_f32(up) - 0x3f3504f3u;
    const float e = (float)((int32_t)i >> 23);
    const float f = dlc_f32_of_bits((i & 0x7fffffu) + 0x3f3504f3u) - 1.0f;
    const float exponent = e - (tiny ? 23.0f : 0.0f);
    const float r = 1.0f / (f + 2.0f);
    const float q = r * f;
    const float q_low = r * dlc_fma_f32(-q, f, dlc_fma_f32(-2.0f, q, f));
    const float s = q * q;
    const float p = dlc_fma_f32(dlc_fma_f32(dlc_fma_f32(0.117160246f, s, 0.14273295f), s, 0.2000008f), s, 0.33333334f);
    const float s_low = dlc_fma_f32(q, q_low + q_low, dlc_fma_f32(q, q, -s));
    const float cube = s * q;
    const float cube_low = dlc_fma_f32(s, q_low, dlc_fma_f32(s_low, q, dlc_fma_f32(s, q, -cube)));
    const float twice = 2.0f * q;
    const float t = dlc_fma_f32(0.6931472f, exponent, twice);
    const float back = dlc_fma_f32(-0.6931472f, exponent, t);
    const float low = dlc_fma_f32(-1.9046542e-09f, exponent, dlc_fma_f32(2.0f, dlc_fma_f32(p, cube, dlc_fma_f32(p, cube_low, q_low)), twice - back));
    const float high = t + low;
    const float low2 = t - high + low;
    const float product = high * y;
    const float error = dlc_fma_f32(low2, y, dlc_fma_f32(high, y, -product));
    const float clamped = dlc_max_f32(-104.0f, dlc_min_f32(89.0f, product));
    const float t2 = dlc_fma_f32(clamped, 1.442695f, 12582912.0f);
    const float n = t2 - 12582912.0f;
    const float r2 = dlc_fma_f32(n, -0.6933594f, clamped);
    const float r3 = dlc_fma_f32(n, 0.00021219444f, r2);
    const float p2 = dlc_fma_f32(0.0013950524f, r3, 0.008368908f);
    const float p3 = dlc_fma_f32(p2, r3, 0.041666206f);
    const float p4 = dlc_fma_f32(p3, r3, 0.16666518f);
    const float p5 = dlc_fma_f32(p4, r3, 0.5f);
    const float square = r3 * r3;
    const float fraction = dlc_fma_f32(square, p5, r3);
    const int32_t n_int = (int32_t)dlc_bits_of_f32(t2) - 1262485504;
    const int32_t half = n_int >> 1;
    const float y2 = (fraction + 1.0f) * dlc_f32_of_bits((uint32_t)(int32_t)((uint32_t)(half + 127) << 23));
    const float power = y2 * dlc_f32_of_bits((uint32_t)(int32_t)((uint32_t)(n_int - half + 127) << 23));
    const float corrected = dlc_fma_f32(error, power, power);
    const float result = power < INFINITY && product > -104.0f ? corrected : power;
    const float result2 = a == INFINITY ? (y > 0.0f ? INFINITY : 0.0f) : (a == 0.0f ? (y > 0.0f ? 0.0f : INFINITY) : result);
    const float result3 = x != x || y != y ? x + y : (a == 1.0f ? 1.0f : result2);
    const float half_y = y * 0.5f;
    const bool odd = floorf(half_y) != half_y && floorf(y) == y;
    const float signed_result = odd ? dlc_f32_of_bits(dlc_bits_of_f32(result3) | (dlc_bits_of_f32(x) & 0x80000000u)) : result3;
    const float result4 = x < 0.0f && x > -INFINITY && floorf(y) != y ? NAN : signed_result;
    return y == 0.0f || x == 1.0f ? 1.0f : result4;
}

/* Cosine for |x| < 1e4; beyond, within -1 .. 1 only. Within 4.0 ulp. */
static inline float dlc_cosf_fma(float x)
{
    const float t = dlc_fma_f32(x, 0.63661975f, 12582912.0f);
    const float n = t - 12582912.0f;
    const float r = dlc_fma_f32(n, -1.5707964f, x);
    const float r2 = dlc_fma_f32(n, 4.371139e-08f, r);
    const float r3 = dlc_fma_f32(n, 1.7151245e-15f, r2);
    const float r4 = dlc_max_f32(-0.8f, dlc_min_f32(0.8f, r3));
    const float square = r4 * r4;
    const float p = dlc_fma_f32(-0.00019515296f, square, 0.008332161f);
    const float p2 = dlc_fma_f32(p, square, -0.16666655f);
    const float sine = dlc_fma_f32(p2 * square, r4, r4);
    const float p3 = dlc_fma_f32(2.4433157e-05f, square, -0.0013887316f);
    const float p4 = dlc_fma_f32(p3, square, 0.041666646f);
    const float cosine = dlc_fma_f32(square, -0.5f, square * square * p4) + 1.0f;
    const uint32_t quadrant = dlc_bits_of_f32(t) + 1u;
    const float y = (quadrant & 1u) != 0u ? cosine : sine;
    return dlc_f32_of_bits(dlc_bits_of_f32(y) ^ ((quadrant & 2u) << 30u));
}

/* k0_uniform1_random    models/fashion_mlp.dl:14
 *   y[e] = (philox(key, e/4, sample, iteration, stream)[e%4] >> 8) 2^-24
 *   key [2] -> uniform1_random [784, 128]
 *   4014080 flop, 401416 bytes */
static void k0_uniform1_random(const uint32_t *restrict key,
                               float *restrict uniform1_random,
                               int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 784; s += slices) {
        for (int32_t b = 0; b < 32; b++) {
            uint32_t w = (uint32_t)(s * 32 + b);
            uint32_t w2 = 0xffffffffu;
            uint32_t w3 = 0u;
            uint32_t w4 = 0u;
            uint32_t key2 = key[0];
            uint32_t key3 = key[1];
            for (int32_t round2 = 0; round2 < 10; round2++) {
                const uint32_t high = dlc_high_word(0xd2511f53u, w);
                const uint32_t low = 0xd2511f53u * w;
                const uint32_t high2 = dlc_high_word(0xcd9e8d57u, w3);
                const uint32_t low2 = 0xcd9e8d57u * w3;
                w = high2 ^ w2 ^ key2;
                w2 = low2;
                w3 = high ^ w4 ^ key3;
                w4 = low;
                key2 += 0x9e3779b9u;
                key3 += 0xbb67ae85u;
            }
            uniform1_random[s * 128 + b * 4] = (float)(w >> 8u) * 5.9604645e-08f;
            uniform1_random[s * 128 + b * 4 + 1] = (float)(w2 >> 8u) * 5.9604645e-08f;
            uniform1_random[s * 128 + b * 4 + 2] = (float)(w3 >> 8u) * 5.9604645e-08f;
            uniform1_random[s * 128 + b * 4 + 3] = (float)(w4 >> 8u) * 5.9604645e-08f;
        }
    }
}

/* k1_dense1_mul_update    models/fashion_mlp.dl:14
 *   y = a b
 *   uniform1_random [784, 128] -> mlp_dense1_w [784, 128]
 *   301056 flop, 802816 bytes */
static void k1_dense1_mul_update(const float *restrict uniform1_random,
                                 float *restrict mlp_dense1_w,
                                 int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 64; s += slices) {
        for (int32_t i = s * 1568; i < s * 1568 + 1568; i += 8) {
            v8f_store(&mlp_dense1_w[i], v8f_mul(v8f_splat(0.08111071f), v8f_sub(v8f_mul(v8f_splat(2.0f), v8f_load(&uniform1_random[i])), v8f_splat(1.0f))));
        }
    }
}

/* k2_dense1_update    models/fashion_mlp.dl:14
 *   y[.., i, ..] = x[.., i or 0, ..]
 *    -> mlp_dense1_b [128]
 *   0 flop, 512 bytes */
static void k2_dense1_update(float *restrict mlp_dense1_b)
{
    for (int32_t i = 0; i < 128; i += 8) {
        v8f_store(&mlp_dense1_b[i], v8f_splat(0.0f));
    }
}

/* k3_uniform1_random    models/fashion_mlp.dl:15
 *   y[e] = (philox(key, e/4, sample, iteration, stream)[e%4] >> 8) 2^-24
 *   key [2] -> uniform1_random_2 [128, 64]
 *   327680 flop, 32776 bytes */
static void k3_uniform1_random(const uint32_t *restrict key,
                               float *restrict uniform1_random_2,
                               int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 128; s += slices) {
        for (int32_t b = 0; b < 16; b++) {
            uint32_t w = (uint32_t)(s * 16 + b);
            uint32_t w2 = 0xffffffffu;
            uint32_t w3 = 0u;
            uint32_t w4 = 1u;
            uint32_t key2 = key[0];
            uint32_t key3 = key[1];
            for (int32_t round2 = 0; round2 < 10; round2++) {
                const uint32_t high = dlc_high_word(0xd2511f53u, w);
                const uint32_t low = 0xd2511f53u * w;
                const uint32_t high2 = dlc_high_word(0xcd9e8d57u, w3);
                const uint32_t low2 = 0xcd9e8d57u * w3;
                w = high2 ^ w2 ^ key2;
                w2 = low2;
                w3 = high ^ w4 ^ key3;
                w4 = low;
                key2 += 0x9e3779b9u;
                key3 += 0xbb67ae85u;
            }
            uniform1_random_2[s * 64 + b * 4] = (float)(w >> 8u) * 5.9604645e-08f;
            uniform1_random_2[s * 64 + b * 4 + 1] = (float)(w2 >> 8u) * 5.9604645e-08f;
            uniform1_random_2[s * 64 + b * 4 + 2] = (float)(w3 >> 8u) * 5.9604645e-08f;
            uniform1_random_2[s * 64 + b * 4 + 3] = (float)(w4 >> 8u) * 5.9604645e-08f;
        }
    }
}

/* k4_dense2_mul_update    models/fashion_mlp.dl:15
 *   y = a b
 *   uniform1_random_2 [128, 64] -> mlp_dense2_w [128, 64]
 *   24576 flop, 65536 bytes */
static void k4_dense2_mul_update(const float *restrict uniform1_random_2,
                                 float *restrict mlp_dense2_w,
                                 int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 64; s += slices) {
        for (int32_t i = s * 128; i < s * 128 + 128; i += 8) {
            v8f_store(&mlp_dense2_w[i], v8f_mul(v8f_splat(0.17677669f), v8f_sub(v8f_mul(v8f_splat(2.0f), v8f_load(&uniform1_random_2[i])), v8f_splat(1.0f))));
        }
    }
}

/* k5_dense2_update    models/fashion_mlp.dl:15
 *   y[.., i, ..] = x[.., i or 0, ..]
 *    -> mlp_dense2_b [64]
 *   0 flop, 256 bytes */
static void k5_dense2_update(float *restrict mlp_dense2_b)
{
    for (int32_t i = 0; i < 64; i += 8) {
        v8f_store(&mlp_dense2_b[i], v8f_splat(0.0f));
    }
}

/* k6_uniform1_random    models/fashion_mlp.dl:16
 *   y[e] = (philox(key, e/4, sample, iteration, stream)[e%4] >> 8) 2^-24
 *   key [2] -> uniform1_random_3 [64, 10]
 *   25600 flop, 2568 bytes */
static void k6_uniform1_random(const uint32_t *restrict key,
                               float *restrict uniform1_random_3)
{
    for (int32_t i = 0; i < 64; i++) {
        for (int32_t j = 0; j < 10; j++) {
            uniform1_random_3[i * 10 + j] = (float)(dlc_philox_word((uint32_t)(i * 10 + j), 0xffffffffu, 0u, 2u, key[0], key[1]) >> 8u) * 5.9604645e-08f;
        }
    }
}

/* k7_dense3_mul_update    models/fashion_mlp.dl:16
 *   y = a b
 *   uniform1_random_3 [64, 10] -> mlp_dense3_w [64, 10]
 *   1920 flop, 5120 bytes */
static void k7_dense3_mul_update(const float *restrict uniform1_random_3,
                                 float *restrict mlp_dense3_w)
{
    for (int32_t i = 0; i < 640; i += 8) {
        v8f_store(&mlp_dense3_w[i], v8f_mul(v8f_splat(0.2847474f), v8f_sub(v8f_mul(v8f_splat(2.0f), v8f_load(&uniform1_random_3[i])), v8f_splat(1.0f))));
    }
}

/* k8_dense3_update    models/fashion_mlp.dl:16
 *   y[.., i, ..] = x[.., i or 0, ..]
 *    -> mlp_dense3_b [10]
 *   0 flop, 40 bytes */
static void k8_dense3_update(float *restrict mlp_dense3_b)
{
    for (int32_t i = 0; i < 8; i += 8) {
        v8f_store(&mlp_dense3_b[i], v8f_splat(0.0f));
    }
    for (int32_t i2 = 8; i2 < 10; i2++) {
        mlp_dense3_b[i2] = 0.0f;
    }
}

/* k9_dense1_update    models/fashion_mlp.dl:24
 *   y[.., i, ..] = x[.., i or 0, ..]
 *    -> minimize1_adam_m_mlp_dense1_w [784, 128]
 *   0 flop, 401408 bytes */
static void k9_dense1_update(float *restrict minimize1_adam_m_mlp_dense1_w,
                             int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 64; s += slices) {
        for (int32_t i = s * 1568; i < s * 1568 + 1568; i += 8) {
            v8f_store(&minimize1_adam_m_mlp_dense1_w[i], v8f_splat(0.0f));
        }
    }
}

/* k10_dense2_update    models/fashion_mlp.dl:24
 *   y[.., i, ..] = x[.., i or 0, ..]
 *    -> minimize1_adam_m_mlp_dense2_w [128, 64]
 *   0 flop, 32768 bytes */
static void k10_dense2_update(float *restrict minimize1_adam_m_mlp_dense2_w,
                              int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 64; s += slices) {
        for (int32_t i = s * 128; i < s * 128 + 128; i += 8) {
            v8f_store(&minimize1_adam_m_mlp_dense2_w[i], v8f_splat(0.0f));
        }
    }
}

/* k11_dense3_update    models/fashion_mlp.dl:24
 *   y[.., i, ..] = x[.., i or 0, ..]
 *    -> minimize1_adam_m_mlp_dense3_w [64, 10]
 *   0 flop, 2560 bytes */
static void k11_dense3_update(float *restrict minimize1_adam_m_mlp_dense3_w)
{
    for (int32_t i = 0; i < 640; i += 8) {
        v8f_store(&minimize1_adam_m_mlp_dense3_w[i], v8f_splat(0.0f));
    }
}

/* k12_copy    models/fashion_mlp.dl:24
 *   y = x
 *   minimize1_adam_m_mlp_dense1_w [784, 128] -> minimize1_adam_v_mlp_dense1_w [784, 128]
 *   0 flop, 802816 bytes */
static void k12_copy(const float *restrict minimize1_adam_m_mlp_dense1_w,
                     float *restrict minimize1_adam_v_mlp_dense1_w,
                     int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 64; s += slices) {
        for (int32_t i = s * 1568; i < s * 1568 + 1568; i += 8) {
            v8f_store(&minimize1_adam_v_mlp_dense1_w[i], v8f_load(&minimize1_adam_m_mlp_dense1_w[i]));
        }
    }
}

/* k13_copy    models/fashion_mlp.dl:14
 *   y = x
 *   mlp_dense1_b [128] -> minimize1_adam_m_mlp_dense1_b [128]
 *   0 flop, 1024 bytes */
static void k13_copy(const float *restrict mlp_dense1_b,
                     float *restrict minimize1_adam_m_mlp_dense1_b)
{
    for (int32_t i = 0; i < 128; i += 8) {
        v8f_store(&minimize1_adam_m_mlp_dense1_b[i], v8f_load(&mlp_dense1_b[i]));
    }
}

/* k14_copy    models/fashion_mlp.dl:24
 *   y = x
 *   minimize1_adam_m_mlp_dense2_w [128, 64] -> minimize1_adam_v_mlp_dense2_w [128, 64]
 *   0 flop, 65536 bytes */
static void k14_copy(const float *restrict minimize1_adam_m_mlp_dense2_w,
                     float *restrict minimize1_adam_v_mlp_dense2_w,
                     int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 64; s += slices) {
        for (int32_t i = s * 128; i < s * 128 + 128; i += 8) {
            v8f_store(&minimize1_adam_v_mlp_dense2_w[i], v8f_load(&minimize1_adam_m_mlp_dense2_w[i]));
        }
    }
}

/* k15_copy    models/fashion_mlp.dl:15
 *   y = x
 *   mlp_dense2_b [64] -> minimize1_adam_m_mlp_dense2_b [64]
 *   0 flop, 512 bytes */
static void k15_copy(const float *restrict mlp_dense2_b,
                     float *restrict minimize1_adam_m_mlp_dense2_b)
{
    for (int32_t i = 0; i < 64; i += 8) {
        v8f_store(&minimize1_adam_m_mlp_dense2_b[i], v8f_load(&mlp_dense2_b[i]));
    }
}

/* k16_copy    models/fashion_mlp.dl:24
 *   y = x
 *   minimize1_adam_m_mlp_dense3_w [64, 10] -> minimize1_adam_v_mlp_dense3_w [64, 10]
 *   0 flop, 5120 bytes */
static void k16_copy(const float *restrict minimize1_adam_m_mlp_dense3_w,
                     float *restrict minimize1_adam_v_mlp_dense3_w)
{
    for (int32_t i = 0; i < 640; i += 8) {
        v8f_store(&minimize1_adam_v_mlp_dense3_w[i], v8f_load(&minimize1_adam_m_mlp_dense3_w[i]));
    }
}

/* k17_copy    models/fashion_mlp.dl:16
 *   y = x
 *   mlp_dense3_b [10] -> minimize1_adam_m_mlp_dense3_b [10]
 *   0 flop, 80 bytes */
static void k17_copy(const float *restrict mlp_dense3_b,
                     float *restrict minimize1_adam_m_mlp_dense3_b)
{
    for (int32_t i = 0; i < 8; i += 8) {
        v8f_store(&minimize1_adam_m_mlp_dense3_b[i], v8f_load(&mlp_dense3_b[i]));
    }
    for (int32_t i2 = 8; i2 < 10; i2++) {
        minimize1_adam_m_mlp_dense3_b[i2] = mlp_dense3_b[i2];
    }
}

/* k18_cross_entropy1_cast    models/fashion_mlp.dl:24
 *   y = dtype(x)
 *   label [64] -> cross_cast [64]
 *   64 flop, 320 bytes */
static void k18_cross_entropy1_cast(const uint8_t *restrict label,
                                    int32_t *restrict cross_cast)
{
    for (int32_t i = 0; i < 64; i += 8) {
        v8i_store(&cross_cast[i], v8i_load_u8(&label[i]));
    }
}

/* k19_rescale1_mul    models/fashion_mlp.dl:13
 *   y = a b
 *   image [64, 28, 28] -> rescale1_mul [64, 28, 28]
 *   100352 flop, 250880 bytes */
static void k19_rescale1_mul(const uint8_t *restrict image,
                             float *restrict rescale1_mul,
                             int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 64; s += slices) {
        for (int32_t i = s * 784; i < s * 784 + 784; i += 8) {
            v8f_store(&rescale1_mul[i], v8f_mul(v8f_of_i(v8i_load_u8(&image[i])), v8f_splat(0.003921569f)));
        }
    }
}

/* k20_dense1_dot_bias_relu    models/fashion_mlp.dl:14
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   rescale1_mul [64, 28, 28], mlp_dense1_w [784, 128], mlp_dense1_b [128] -> dense1_relu [64, 128]
 *   12861440 flop, 635392 bytes */
static void k20_dense1_dot_bias_relu(const float *restrict rescale1_mul,
                                     const float *restrict mlp_dense1_w,
                                     const float *restrict mlp_dense1_b,
                                     float *restrict dense1_relu,
                                     int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 4; slice2 += slices) {
        for (int32_t j = 0; j < 128; j += 16) {
            v8f c0_0 = v8f_splat(0.0f);
            v8f c0_1 = v8f_splat(0.0f);
            v8f c1_0 = v8f_splat(0.0f);
            v8f c1_1 = v8f_splat(0.0f);
            v8f c2_0 = v8f_splat(0.0f);
            v8f c2_1 = v8f_splat(0.0f);
            v8f c3_0 = v8f_splat(0.0f);
            v8f c3_1 = v8f_splat(0.0f);
            v8f c4_0 = v8f_splat(0.0f);
            v8f c4_1 = v8f_splat(0.0f);
            v8f c5_0 = v8f_splat(0.0f);
            v8f c5_1 = v8f_splat(0.0f);
            for (int32_t t = 0; t < 784; t++) {
                const v8f b0 = v8f_load(&mlp_dense1_w[j + t * 128]);
                const v8f b1 = v8f_load(&mlp_dense1_w[j + t * 128 + 8]);
                const float a0 = rescale1_mul[slice2 * 12544 + t];
                c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                const float a1 = rescale1_mul[slice2 * 12544 + t + 784];
                c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                const float a2 = rescale1_mul[slice2 * 12544 + t + 1568];
                c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                const float a3 = rescale1_mul[slice2 * 12544 + t + 2352];
                c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                const float a4 = rescale1_mul[slice2 * 12544 + t + 3136];
                c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                const float a5 = rescale1_mul[slice2 * 12544 + t + 3920];
                c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
            }
            v8f_store(&dense1_relu[slice2 * 2048 + j], v8f_max(v8f_add(c0_0, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 8], v8f_max(v8f_add(c0_1, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 128], v8f_max(v8f_add(c1_0, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 136], v8f_max(v8f_add(c1_1, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 256], v8f_max(v8f_add(c2_0, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 264], v8f_max(v8f_add(c2_1, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 384], v8f_max(v8f_add(c3_0, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 392], v8f_max(v8f_add(c3_1, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 512], v8f_max(v8f_add(c4_0, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 520], v8f_max(v8f_add(c4_1, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 640], v8f_max(v8f_add(c5_0, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense1_relu[slice2 * 2048 + j + 648], v8f_max(v8f_add(c5_1, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
            for (int32_t i = 6; i < 16; i += 5) {
                v8f c0_0_2 = v8f_splat(0.0f);
                v8f c0_1_2 = v8f_splat(0.0f);
                v8f c1_0_2 = v8f_splat(0.0f);
                v8f c1_1_2 = v8f_splat(0.0f);
                v8f c2_0_2 = v8f_splat(0.0f);
                v8f c2_1_2 = v8f_splat(0.0f);
                v8f c3_0_2 = v8f_splat(0.0f);
                v8f c3_1_2 = v8f_splat(0.0f);
                v8f c4_0_2 = v8f_splat(0.0f);
                v8f c4_1_2 = v8f_splat(0.0f);
                for (int32_t t2 = 0; t2 < 784; t2++) {
                    const v8f b0_2 = v8f_load(&mlp_dense1_w[j + t2 * 128]);
                    const v8f b1_2 = v8f_load(&mlp_dense1_w[j + t2 * 128 + 8]);
                    const float a0_2 = rescale1_mul[slice2 * 12544 + i * 784 + t2];
                    c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                    c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                    const float a1_2 = rescale1_mul[slice2 * 12544 + i * 784 + t2 + 784];
                    c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                    c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                    const float a2_2 = rescale1_mul[slice2 * 12544 + i * 784 + t2 + 1568];
                    c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                    c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                    const float a3_2 = rescale1_mul[slice2 * 12544 + i * 784 + t2 + 2352];
                    c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                    c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                    const float a4_2 = rescale1_mul[slice2 * 12544 + i * 784 + t2 + 3136];
                    c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                    c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
                }
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j], v8f_max(v8f_add(c0_0_2, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j + 8], v8f_max(v8f_add(c0_1_2, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j + 128], v8f_max(v8f_add(c1_0_2, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j + 136], v8f_max(v8f_add(c1_1_2, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j + 256], v8f_max(v8f_add(c2_0_2, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j + 264], v8f_max(v8f_add(c2_1_2, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j + 384], v8f_max(v8f_add(c3_0_2, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j + 392], v8f_max(v8f_add(c3_1_2, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j + 512], v8f_max(v8f_add(c4_0_2, v8f_load(&mlp_dense1_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense1_relu[slice2 * 2048 + i * 128 + j + 520], v8f_max(v8f_add(c4_1_2, v8f_load(&mlp_dense1_b[j + 8])), v8f_splat(0.0f)));
            }
        }
    }
}

/* k21_dense2_dot_bias_relu    models/fashion_mlp.dl:15
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense1_relu [64, 128], mlp_dense2_w [128, 64], mlp_dense2_b [64] -> dense2_relu [64, 64]
 *   1056768 flop, 82176 bytes */
static void k21_dense2_dot_bias_relu(const float *restrict dense1_relu,
                                     const float *restrict mlp_dense2_w,
                                     const float *restrict mlp_dense2_b,
                                     float *restrict dense2_relu,
                                     int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 4; slice2 += slices) {
        for (int32_t j = 0; j < 64; j += 16) {
            v8f c0_0 = v8f_splat(0.0f);
            v8f c0_1 = v8f_splat(0.0f);
            v8f c1_0 = v8f_splat(0.0f);
            v8f c1_1 = v8f_splat(0.0f);
            v8f c2_0 = v8f_splat(0.0f);
            v8f c2_1 = v8f_splat(0.0f);
            v8f c3_0 = v8f_splat(0.0f);
            v8f c3_1 = v8f_splat(0.0f);
            v8f c4_0 = v8f_splat(0.0f);
            v8f c4_1 = v8f_splat(0.0f);
            v8f c5_0 = v8f_splat(0.0f);
            v8f c5_1 = v8f_splat(0.0f);
            for (int32_t t = 0; t < 128; t++) {
                const v8f b0 = v8f_load(&mlp_dense2_w[j + t * 64]);
                const v8f b1 = v8f_load(&mlp_dense2_w[j + t * 64 + 8]);
                const float a0 = dense1_relu[slice2 * 2048 + t];
                c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                const float a1 = dense1_relu[slice2 * 2048 + t + 128];
                c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                const float a2 = dense1_relu[slice2 * 2048 + t + 256];
                c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                const float a3 = dense1_relu[slice2 * 2048 + t + 384];
                c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                const float a4 = dense1_relu[slice2 * 2048 + t + 512];
                c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                const float a5 = dense1_relu[slice2 * 2048 + t + 640];
                c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
            }
            v8f_store(&dense2_relu[slice2 * 1024 + j], v8f_max(v8f_add(c0_0, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 8], v8f_max(v8f_add(c0_1, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 64], v8f_max(v8f_add(c1_0, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 72], v8f_max(v8f_add(c1_1, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 128], v8f_max(v8f_add(c2_0, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 136], v8f_max(v8f_add(c2_1, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 192], v8f_max(v8f_add(c3_0, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 200], v8f_max(v8f_add(c3_1, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 256], v8f_max(v8f_add(c4_0, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 264], v8f_max(v8f_add(c4_1, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 320], v8f_max(v8f_add(c5_0, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
            v8f_store(&dense2_relu[slice2 * 1024 + j + 328], v8f_max(v8f_add(c5_1, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
            for (int32_t i = 6; i < 16; i += 5) {
                v8f c0_0_2 = v8f_splat(0.0f);
                v8f c0_1_2 = v8f_splat(0.0f);
                v8f c1_0_2 = v8f_splat(0.0f);
                v8f c1_1_2 = v8f_splat(0.0f);
                v8f c2_0_2 = v8f_splat(0.0f);
                v8f c2_1_2 = v8f_splat(0.0f);
                v8f c3_0_2 = v8f_splat(0.0f);
                v8f c3_1_2 = v8f_splat(0.0f);
                v8f c4_0_2 = v8f_splat(0.0f);
                v8f c4_1_2 = v8f_splat(0.0f);
                for (int32_t t2 = 0; t2 < 128; t2++) {
                    const v8f b0_2 = v8f_load(&mlp_dense2_w[j + t2 * 64]);
                    const v8f b1_2 = v8f_load(&mlp_dense2_w[j + t2 * 64 + 8]);
                    const float a0_2 = dense1_relu[slice2 * 2048 + i * 128 + t2];
                    c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                    c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                    const float a1_2 = dense1_relu[slice2 * 2048 + i * 128 + t2 + 128];
                    c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                    c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                    const float a2_2 = dense1_relu[slice2 * 2048 + i * 128 + t2 + 256];
                    c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                    c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                    const float a3_2 = dense1_relu[slice2 * 2048 + i * 128 + t2 + 384];
                    c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                    c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                    const float a4_2 = dense1_relu[slice2 * 2048 + i * 128 + t2 + 512];
                    c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                    c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
                }
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j], v8f_max(v8f_add(c0_0_2, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j + 8], v8f_max(v8f_add(c0_1_2, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j + 64], v8f_max(v8f_add(c1_0_2, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j + 72], v8f_max(v8f_add(c1_1_2, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j + 128], v8f_max(v8f_add(c2_0_2, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j + 136], v8f_max(v8f_add(c2_1_2, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j + 192], v8f_max(v8f_add(c3_0_2, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j + 200], v8f_max(v8f_add(c3_1_2, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j + 256], v8f_max(v8f_add(c4_0_2, v8f_load(&mlp_dense2_b[j])), v8f_splat(0.0f)));
                v8f_store(&dense2_relu[slice2 * 1024 + i * 64 + j + 264], v8f_max(v8f_add(c4_1_2, v8f_load(&mlp_dense2_b[j + 8])), v8f_splat(0.0f)));
            }
        }
    }
}

/* k22_dense3_dot_bias_select    models/fashion_mlp.dl:24
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense2_relu [64, 64], mlp_dense3_w [64, 10], mlp_dense3_b [10], cross_cast [64] -> dense3_select [64, 10], dense3_select_2 [64, 10]
 *   83850 flop, 24360 bytes */
static void k22_dense3_dot_bias_select(const float *restrict dense2_relu,
                                       const float *restrict mlp_dense3_w,
                                       const float *restrict mlp_dense3_b,
                                       const int32_t *restrict cross_cast,
                                       float *restrict dense3_select,
                                       float *restrict dense3_select_2)
{
    float panel[1024];
    float stage[96];
    float tile[8];
    float tile2[8];
    float tile3[8];
    float tile4[8];
    float tile5[8];
    float tile6[8];
    float tile7[8];
    float tile8[8];
    float tile9[8];
    float tile10[8];
    float tile11[8];
    for (int32_t t = 0; t < 64; t++) {
        v8f_store(&panel[t * 8 + 512], v8f_splat(0.0f));
        v8f_store(&panel[t * 8], v8f_load(&mlp_dense3_w[t * 10]));
        panel[t * 8 + 512] = mlp_dense3_w[t * 10 + 8];
        panel[t * 8 + 513] = mlp_dense3_w[t * 10 + 9];
    }
    for (int32_t i = 0; i < 54; i += 6) {
        v8f c0_0 = v8f_splat(0.0f);
        v8f c0_1 = v8f_splat(0.0f);
        v8f c1_0 = v8f_splat(0.0f);
        v8f c1_1 = v8f_splat(0.0f);
        v8f c2_0 = v8f_splat(0.0f);
        v8f c2_1 = v8f_splat(0.0f);
        v8f c3_0 = v8f_splat(0.0f);
        v8f c3_1 = v8f_splat(0.0f);
        v8f c4_0 = v8f_splat(0.0f);
        v8f c4_1 = v8f_splat(0.0f);
        v8f c5_0 = v8f_splat(0.0f);
        v8f c5_1 = v8f_splat(0.0f);
        for (int32_t t2 = 0; t2 < 64; t2++) {
            const v8f b0 = v8f_load(&panel[t2 * 8]);
            const v8f b1 = v8f_load(&panel[t2 * 8 + 512]);
            const float a0 = dense2_relu[i * 64 + t2];
            c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
            c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
            const float a1 = dense2_relu[i * 64 + t2 + 64];
            c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
            c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
            const float a2 = dense2_relu[i * 64 + t2 + 128];
            c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
            c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
            const float a3 = dense2_relu[i * 64 + t2 + 192];
            c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
            c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
            const float a4 = dense2_relu[i * 64 + t2 + 256];
            c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
            c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
            const float a5 = dense2_relu[i * 64 + t2 + 320];
            c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
            c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
        }
        v8f_store(stage, c0_0);
        v8f_store(&stage[8], c0_1);
        v8f_store(&stage[16], c1_0);
        v8f_store(&stage[24], c1_1);
        v8f_store(&stage[32], c2_0);
        v8f_store(&stage[40], c2_1);
        v8f_store(&stage[48], c3_0);
        v8f_store(&stage[56], c3_1);
        v8f_store(&stage[64], c4_0);
        v8f_store(&stage[72], c4_1);
        v8f_store(&stage[80], c5_0);
        v8f_store(&stage[88], c5_1);
        v8f_store(tile, v8f_load(stage));
        for (int32_t l = 0; l < 8; l++) {
            const float add = tile[l] + mlp_dense3_b[l];
            const float select2 = l == cross_cast[i] ? add : 0.0f;
            dense3_select[i * 10 + l] = add;
            dense3_select_2[i * 10 + l] = select2;
        }
        const float add2 = stage[8] + mlp_dense3_b[8];
        const float select3 = 8 == cross_cast[i] ? add2 : 0.0f;
        dense3_select[i * 10 + 8] = add2;
        dense3_select_2[i * 10 + 8] = select3;
        const float add3 = stage[9] + mlp_dense3_b[9];
        const float select4 = 9 == cross_cast[i] ? add3 : 0.0f;
        dense3_select[i * 10 + 9] = add3;
        dense3_select_2[i * 10 + 9] = select4;
        v8f_store(tile2, v8f_load(&stage[16]));
        for (int32_t l2 = 0; l2 < 8; l2++) {
            const float add4 = tile2[l2] + mlp_dense3_b[l2];
            const float select5 = l2 == cross_cast[i + 1] ? add4 : 0.0f;
            dense3_select[i * 10 + l2 + 10] = add4;
            dense3_select_2[i * 10 + l2 + 10] = select5;
        }
        const float add5 = stage[24] + mlp_dense3_b[8];
        const float select6 = 8 == cross_cast[i + 1] ? add5 : 0.0f;
        dense3_select[i * 10 + 18] = add5;
        dense3_select_2[i * 10 + 18] = select6;
        const float add6 = stage[25] + mlp_dense3_b[9];
        const float select7 = 9 == cross_cast[i + 1] ? add6 : 0.0f;
        dense3_select[i * 10 + 19] = add6;
        dense3_select_2[i * 10 + 19] = select7;
        v8f_store(tile3, v8f_load(&stage[32]));
        for (int32_t l3 = 0; l3 < 8; l3++) {
            const float add7 = tile3[l3] + mlp_dense3_b[l3];
            const float select8 = l3 == cross_cast[i + 2] ? add7 : 0.0f;
            dense3_select[i * 10 + l3 + 20] = add7;
            dense3_select_2[i * 10 + l3 + 20] = select8;
        }
        const float add8 = stage[40] + mlp_dense3_b[8];
        const float select9 = 8 == cross_cast[i + 2] ? add8 : 0.0f;
        dense3_select[i * 10 + 28] = add8;
        dense3_select_2[i * 10 + 28] = select9;
        const float add9 = stage[41] + mlp_dense3_b[9];
        const float select10 = 9 == cross_cast[i + 2] ? add9 : 0.0f;
        dense3_select[i * 10 + 29] = add9;
        dense3_select_2[i * 10 + 29] = select10;
        v8f_store(tile4, v8f_load(&stage[48]));
        for (int32_t l4 = 0; l4 < 8; l4++) {
            const float add10 = tile4[l4] + mlp_dense3_b[l4];
            const float select11 = l4 == cross_cast[i + 3] ? add10 : 0.0f;
            dense3_select[i * 10 + l4 + 30] = add10;
            dense3_select_2[i * 10 + l4 + 30] = select11;
        }
        const float add11 = stage[56] + mlp_dense3_b[8];
        const float select12 = 8 == cross_cast[i + 3] ? add11 : 0.0f;
        dense3_select[i * 10 + 38] = add11;
        dense3_select_2[i * 10 + 38] = select12;
        const float add12 = stage[57] + mlp_dense3_b[9];
        const float select13 = 9 == cross_cast[i + 3] ? add12 : 0.0f;
        dense3_select[i * 10 + 39] = add12;
        dense3_select_2[i * 10 + 39] = select13;
        v8f_store(tile5, v8f_load(&stage[64]));
        for (int32_t l5 = 0; l5 < 8; l5++) {
            const float add13 = tile5[l5] + mlp_dense3_b[l5];
            const float select14 = l5 == cross_cast[i + 4] ? add13 : 0.0f;
            dense3_select[i * 10 + l5 + 40] = add13;
            dense3_select_2[i * 10 + l5 + 40] = select14;
        }
        const float add14 = stage[72] + mlp_dense3_b[8];
        const float select15 = 8 == cross_cast[i + 4] ? add14 : 0.0f;
        dense3_select[i * 10 + 48] = add14;
        dense3_select_2[i * 10 + 48] = select15;
        const float add15 = stage[73] + mlp_dense3_b[9];
        const float select16 = 9 == cross_cast[i + 4] ? add15 : 0.0f;
        dense3_select[i * 10 + 49] = add15;
        dense3_select_2[i * 10 + 49] = select16;
        v8f_store(tile6, v8f_load(&stage[80]));
        for (int32_t l6 = 0; l6 < 8; l6++) {
            const float add16 = tile6[l6] + mlp_dense3_b[l6];
            const float select17 = l6 == cross_cast[i + 5] ? add16 : 0.0f;
            dense3_select[i * 10 + l6 + 50] = add16;
            dense3_select_2[i * 10 + l6 + 50] = select17;
        }
        const float add17 = stage[88] + mlp_dense3_b[8];
        const float select18 = 8 == cross_cast[i + 5] ? add17 : 0.0f;
        dense3_select[i * 10 + 58] = add17;
        dense3_select_2[i * 10 + 58] = select18;
        const float add18 = stage[89] + mlp_dense3_b[9];
        const float select19 = 9 == cross_cast[i + 5] ? add18 : 0.0f;
        dense3_select[i * 10 + 59] = add18;
        dense3_select_2[i * 10 + 59] = select19;
    }
    for (int32_t i2 = 54; i2 < 64; i2 += 5) {
        v8f c0_0_2 = v8f_splat(0.0f);
        v8f c0_1_2 = v8f_splat(0.0f);
        v8f c1_0_2 = v8f_splat(0.0f);
        v8f c1_1_2 = v8f_splat(0.0f);
        v8f c2_0_2 = v8f_splat(0.0f);
        v8f c2_1_2 = v8f_splat(0.0f);
        v8f c3_0_2 = v8f_splat(0.0f);
        v8f c3_1_2 = v8f_splat(0.0f);
        v8f c4_0_2 = v8f_splat(0.0f);
        v8f c4_1_2 = v8f_splat(0.0f);
        for (int32_t t3 = 0; t3 < 64; t3++) {
            const v8f b0_2 = v8f_load(&panel[t3 * 8]);
            const v8f b1_2 = v8f_load(&panel[t3 * 8 + 512]);
            const float a0_2 = dense2_relu[i2 * 64 + t3];
            c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
            c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
            const float a1_2 = dense2_relu[i2 * 64 + t3 + 64];
            c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
            c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
            const float a2_2 = dense2_relu[i2 * 64 + t3 + 128];
            c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
            c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
            const float a3_2 = dense2_relu[i2 * 64 + t3 + 192];
            c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
            c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
            const float a4_2 = dense2_relu[i2 * 64 + t3 + 256];
            c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
            c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
        }
        v8f_store(stage, c0_0_2);
        v8f_store(&stage[8], c0_1_2);
        v8f_store(&stage[16], c1_0_2);
        v8f_store(&stage[24], c1_1_2);
        v8f_store(&stage[32], c2_0_2);
        v8f_store(&stage[40], c2_1_2);
        v8f_store(&stage[48], c3_0_2);
        v8f_store(&stage[56], c3_1_2);
        v8f_store(&stage[64], c4_0_2);
        v8f_store(&stage[72], c4_1_2);
        v8f_store(tile7, v8f_load(stage));
        for (int32_t l7 = 0; l7 < 8; l7++) {
            const float add19 = tile7[l7] + mlp_dense3_b[l7];
            const float select20 = l7 == cross_cast[i2] ? add19 : 0.0f;
            dense3_select[i2 * 10 + l7] = add19;
            dense3_select_2[i2 * 10 + l7] = select20;
        }
        const float add20 = stage[8] + mlp_dense3_b[8];
        const float select21 = 8 == cross_cast[i2] ? add20 : 0.0f;
        dense3_select[i2 * 10 + 8] = add20;
        dense3_select_2[i2 * 10 + 8] = select21;
        const float add21 = stage[9] + mlp_dense3_b[9];
        const float select22 = 9 == cross_cast[i2] ? add21 : 0.0f;
        dense3_select[i2 * 10 + 9] = add21;
        dense3_select_2[i2 * 10 + 9] = select22;
        v8f_store(tile8, v8f_load(&stage[16]));
        for (int32_t l8 = 0; l8 < 8; l8++) {
            const float add22 = tile8[l8] + mlp_dense3_b[l8];
            const float select23 = l8 == cross_cast[i2 + 1] ? add22 : 0.0f;
            dense3_select[i2 * 10 + l8 + 10] = add22;
            dense3_select_2[i2 * 10 + l8 + 10] = select23;
        }
        const float add23 = stage[24] + mlp_dense3_b[8];
        const float select24 = 8 == cross_cast[i2 + 1] ? add23 : 0.0f;
        dense3_select[i2 * 10 + 18] = add23;
        dense3_select_2[i2 * 10 + 18] = select24;
        const float add24 = stage[25] + mlp_dense3_b[9];
        const float select25 = 9 == cross_cast[i2 + 1] ? add24 : 0.0f;
        dense3_select[i2 * 10 + 19] = add24;
        dense3_select_2[i2 * 10 + 19] = select25;
        v8f_store(tile9, v8f_load(&stage[32]));
        for (int32_t l9 = 0; l9 < 8; l9++) {
            const float add25 = tile9[l9] + mlp_dense3_b[l9];
            const float select26 = l9 == cross_cast[i2 + 2] ? add25 : 0.0f;
            dense3_select[i2 * 10 + l9 + 20] = add25;
            dense3_select_2[i2 * 10 + l9 + 20] = select26;
        }
        const float add26 = stage[40] + mlp_dense3_b[8];
        const float select27 = 8 == cross_cast[i2 + 2] ? add26 : 0.0f;
        dense3_select[i2 * 10 + 28] = add26;
        dense3_select_2[i2 * 10 + 28] = select27;
        const float add27 = stage[41] + mlp_dense3_b[9];
        const float select28 = 9 == cross_cast[i2 + 2] ? add27 : 0.0f;
        dense3_select[i2 * 10 + 29] = add27;
        dense3_select_2[i2 * 10 + 29] = select28;
        v8f_store(tile10, v8f_load(&stage[48]));
        for (int32_t l10 = 0; l10 < 8; l10++) {
            const float add28 = tile10[l10] + mlp_dense3_b[l10];
            const float select29 = l10 == cross_cast[i2 + 3] ? add28 : 0.0f;
            dense3_select[i2 * 10 + l10 + 30] = add28;
            dense3_select_2[i2 * 10 + l10 + 30] = select29;
        }
        const float add29 = stage[56] + mlp_dense3_b[8];
        const float select30 = 8 == cross_cast[i2 + 3] ? add29 : 0.0f;
        dense3_select[i2 * 10 + 38] = add29;
        dense3_select_2[i2 * 10 + 38] = select30;
        const float add30 = stage[57] + mlp_dense3_b[9];
        const float select31 = 9 == cross_cast[i2 + 3] ? add30 : 0.0f;
        dense3_select[i2 * 10 + 39] = add30;
        dense3_select_2[i2 * 10 + 39] = select31;
        v8f_store(tile11, v8f_load(&stage[64]));
        for (int32_t l11 = 0; l11 < 8; l11++) {
            const float add31 = tile11[l11] + mlp_dense3_b[l11];
            const float select32 = l11 == cross_cast[i2 + 4] ? add31 : 0.0f;
            dense3_select[i2 * 10 + l11 + 40] = add31;
            dense3_select_2[i2 * 10 + l11 + 40] = select32;
        }
        const float add32 = stage[72] + mlp_dense3_b[8];
        const float select33 = 8 == cross_cast[i2 + 4] ? add32 : 0.0f;
        dense3_select[i2 * 10 + 48] = add32;
        dense3_select_2[i2 * 10 + 48] = select33;
        const float add33 = stage[73] + mlp_dense3_b[9];
        const float select34 = 9 == cross_cast[i2 + 4] ? add33 : 0.0f;
        dense3_select[i2 * 10 + 49] = add33;
        dense3_select_2[i2 * 10 + 49] = select34;
    }
}

/* k23_softmax1_rowmax_sub_exp_sum    models/fashion_mlp.dl:25
 *   y = sum x
 *   dense3_select [64, 10], dense3_select_2 [64, 10], cross_cast [64], label [64] -> softmax1_sum [64], softmax1_sum_2 [64, 10], softmax1_sum_3 [64]
 *   23626 flop, 8512 bytes */
static void k23_softmax1_rowmax_sub_exp_sum(const float *restrict dense3_select,
                                            const float *restrict dense3_select_2,
                                            const int32_t *restrict cross_cast,
                                            const uint8_t *restrict label,
                                            float *restrict softmax1_sum,
                                            float *restrict softmax1_sum_2,
                                            float *restrict softmax1_sum_3,
                                            int32_t slice, int32_t slices)
{
    float row[10];
    for (int32_t s = slice; s < 64; s += slices) {
        v8f sum = v8f_splat(-INFINITY);
        v8f sum2 = v8f_splat(0.0f);
        for (int32_t r = 0; r < 8; r += 8) {
            const v8f input = v8f_load(&dense3_select[s * 10 + r]);
            sum = v8f_max(sum, input);
            sum2 = v8f_add(sum2, v8f_load(&dense3_select_2[s * 10 + r]));
        }
        float sum3 = v8f_hmax(sum);
        float sum4 = v8f_hsum(sum2);
        for (int32_t r2 = 8; r2 < 10; r2++) {
            const float input2 = dense3_select[s * 10 + r2];
            sum3 = dlc_max_f32(sum3, input2);
            sum4 += dense3_select_2[s * 10 + r2];
        }
        for (int32_t j = 0; j < 8; j += 8) {
            const v8f input3 = v8f_load(&dense3_select[s * 10 + j]);
            const v8f exp3 = dlc_expf_fma_x8(v8f_sub(input3, v8f_splat(sum3)));
            v8f_store(&row[j], exp3);
        }
        for (int32_t j2 = 8; j2 < 10; j2++) {
            const float input4 = dense3_select[s * 10 + j2];
            const float exp4 = dlc_expf_fma(input4 - sum3);
            row[j2] = exp4;
        }
        v8f sum5 = v8f_splat(0.0f);
        for (int32_t r3 = 0; r3 < 8; r3 += 8) {
            const v8f exp5 = v8f_load(&row[r3]);
            sum5 = v8f_add(sum5, exp5);
        }
        float sum6 = v8f_hsum(sum5);
        for (int32_t r4 = 8; r4 < 10; r4++) {
            const float exp6 = row[r4];
            sum6 += exp6;
        }
        for (int32_t j3 = 0; j3 < 10; j3++) {
            const float exp7 = row[j3];
            softmax1_sum_2[s * 10 + j3] = (j3 == cross_cast[s] ? -0.015625f : 0.0f) + 0.015625f / sum6 * exp7;
        }
        const float exp8 = row[0];
        float most = exp8 / sum6;
        int32_t best = 0;
        for (int32_t j4 = 0; j4 < 10; j4++) {
            const float exp9 = row[j4];
            const float x = exp9 / sum6;
            const bool more = x > most;
            best = more ? j4 : best;
            most = more ? x : most;
        }
        const float sub = dlc_logf_fma(sum6) + sum3 - sum4;
        const float cast = best == label[s] ? 1.0f : 0.0f;
        softmax1_sum[s] = sub;
        softmax1_sum_3[s] = cast;
    }
}

/* k24_sum_mul    models/fashion_mlp.dl:25
 *   y = sum x
 *   softmax1_sum [64], softmax1_sum_3 [64] -> report_loss [], report_acc []
 *   130 flop, 520 bytes */
static void k24_sum_mul(const float *restrict softmax1_sum,
                        const float *restrict softmax1_sum_3,
                        float *restrict report_loss, float *restrict report_acc)
{
    v8f sum = v8f_splat(0.0f);
    v8f sum2 = v8f_splat(0.0f);
    v8f sum3 = v8f_splat(0.0f);
    v8f sum4 = v8f_splat(0.0f);
    v8f sum5 = v8f_splat(0.0f);
    v8f sum6 = v8f_splat(0.0f);
    v8f sum7 = v8f_splat(0.0f);
    v8f sum8 = v8f_splat(0.0f);
    for (int32_t r = 0; r < 64; r += 32) {
        sum = v8f_add(sum, v8f_load(&softmax1_sum[r]));
        sum2 = v8f_add(sum2, v8f_load(&softmax1_sum_3[r]));
        sum3 = v8f_add(sum3, v8f_load(&softmax1_sum[r + 8]));
        sum4 = v8f_add(sum4, v8f_load(&softmax1_sum_3[r + 8]));
        sum5 = v8f_add(sum5, v8f_load(&softmax1_sum[r + 16]));
        sum6 = v8f_add(sum6, v8f_load(&softmax1_sum_3[r + 16]));
        sum7 = v8f_add(sum7, v8f_load(&softmax1_sum[r + 24]));
        sum8 = v8f_add(sum8, v8f_load(&softmax1_sum_3[r + 24]));
    }
    sum = v8f_add(sum, sum3);
    sum2 = v8f_add(sum2, sum4);
    sum5 = v8f_add(sum5, sum7);
    sum6 = v8f_add(sum6, sum8);
    sum = v8f_add(sum, sum5);
    sum2 = v8f_add(sum2, sum6);
    float sum9 = v8f_hsum(sum);
    float sum10 = v8f_hsum(sum2);
    const float mul = sum9 * 0.015625f;
    const float mul2 = sum10 * 0.015625f;
    report_loss[0] = mul;
    report_acc[0] = mul2;
}

/* k25_dense3_sum_update    models/fashion_mlp.dl:24
 *   y = sum x
 *   softmax1_sum_2 [64, 10], minimize1_adam_m_mlp_dense3_b [10], minimize1_adam_v_mlp_dense3_b [10], step [], total_steps [], mlp_dense3_b [10] -> minimize1_adam_m_mlp_dense3_b [10], minimize1_adam_v_mlp_dense3_b [10], mlp_dense3_b [10]
 *   1053 flop, 2808 bytes */
static void k25_dense3_sum_update(const float *restrict softmax1_sum_2,
                                  float *restrict minimize1_adam_m_mlp_dense3_b,
                                  float *restrict minimize1_adam_v_mlp_dense3_b,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense3_b)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t i = 0; i < 8; i += 8) {
        v8f sum = v8f_splat(0.0f);
        v8f sum2 = v8f_splat(0.0f);
        v8f sum3 = v8f_splat(0.0f);
        v8f sum4 = v8f_splat(0.0f);
        for (int32_t r = 0; r < 64; r += 4) {
            sum = v8f_add(sum, v8f_load(&softmax1_sum_2[r * 10 + i]));
            sum2 = v8f_add(sum2, v8f_load(&softmax1_sum_2[r * 10 + i + 10]));
            sum3 = v8f_add(sum3, v8f_load(&softmax1_sum_2[r * 10 + i + 20]));
            sum4 = v8f_add(sum4, v8f_load(&softmax1_sum_2[r * 10 + i + 30]));
        }
        sum = v8f_add(sum, sum2);
        sum3 = v8f_add(sum3, sum4);
        sum = v8f_add(sum, sum3);
        const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense3_b[i])), v8f_mul(v8f_splat(0.1f), sum));
        const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense3_b[i])), v8f_mul(v8f_splat(0.001f), v8f_mul(sum, sum)));
        const v8f sub3 = v8f_sub(v8f_load(&mlp_dense3_b[i]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
        v8f_store(&minimize1_adam_m_mlp_dense3_b[i], add);
        v8f_store(&minimize1_adam_v_mlp_dense3_b[i], add2);
        v8f_store(&mlp_dense3_b[i], sub3);
    }
    for (int32_t i2 = 8; i2 < 10; i2++) {
        float sum5 = 0.0f;
        for (int32_t r2 = 0; r2 < 64; r2++) {
            sum5 += softmax1_sum_2[r2 * 10 + i2];
        }
        const float add3 = 0.9f * minimize1_adam_m_mlp_dense3_b[i2] + 0.1f * sum5;
        const float add4 = 0.999f * minimize1_adam_v_mlp_dense3_b[i2] + 0.001f * (sum5 * sum5);
        const float sub4 = mlp_dense3_b[i2] - mul * (add3 / sub2) / (sqrtf(add4 / sub) + 1e-07f);
        minimize1_adam_m_mlp_dense3_b[i2] = add3;
        minimize1_adam_v_mlp_dense3_b[i2] = add4;
        mlp_dense3_b[i2] = sub4;
    }
}

/* k26_dense3_dot_select    models/fashion_mlp.dl:15
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   softmax1_sum_2 [64, 10], mlp_dense3_w [64, 10], dense2_relu [64, 64] -> dense3_select_3 [64, 64]
 *   90112 flop, 37888 bytes */
static void k26_dense3_dot_select(const float *restrict softmax1_sum_2,
                                  const float *restrict mlp_dense3_w,
                                  const float *restrict dense2_relu,
                                  float *restrict dense3_select_3,
                                  int32_t slice, int32_t slices)
{
    float panel[160];
    for (int32_t slice2 = slice; slice2 < 4; slice2 += slices) {
        for (int32_t t = 0; t < 10; t++) {
            panel[t * 8] = mlp_dense3_w[slice2 * 160 + t];
            panel[t * 8 + 1] = mlp_dense3_w[slice2 * 160 + t + 10];
            panel[t * 8 + 2] = mlp_dense3_w[slice2 * 160 + t + 20];
            panel[t * 8 + 3] = mlp_dense3_w[slice2 * 160 + t + 30];
            panel[t * 8 + 4] = mlp_dense3_w[slice2 * 160 + t + 40];
            panel[t * 8 + 5] = mlp_dense3_w[slice2 * 160 + t + 50];
            panel[t * 8 + 6] = mlp_dense3_w[slice2 * 160 + t + 60];
            panel[t * 8 + 7] = mlp_dense3_w[slice2 * 160 + t + 70];
        }
        for (int32_t t2 = 0; t2 < 10; t2++) {
            panel[t2 * 8 + 80] = mlp_dense3_w[slice2 * 160 + t2 + 80];
            panel[t2 * 8 + 81] = mlp_dense3_w[slice2 * 160 + t2 + 90];
            panel[t2 * 8 + 82] = mlp_dense3_w[slice2 * 160 + t2 + 100];
            panel[t2 * 8 + 83] = mlp_dense3_w[slice2 * 160 + t2 + 110];
            panel[t2 * 8 + 84] = mlp_dense3_w[slice2 * 160 + t2 + 120];
            panel[t2 * 8 + 85] = mlp_dense3_w[slice2 * 160 + t2 + 130];
            panel[t2 * 8 + 86] = mlp_dense3_w[slice2 * 160 + t2 + 140];
            panel[t2 * 8 + 87] = mlp_dense3_w[slice2 * 160 + t2 + 150];
        }
        for (int32_t i = 0; i < 54; i += 6) {
            v8f c0_0 = v8f_splat(0.0f);
            v8f c0_1 = v8f_splat(0.0f);
            v8f c1_0 = v8f_splat(0.0f);
            v8f c1_1 = v8f_splat(0.0f);
            v8f c2_0 = v8f_splat(0.0f);
            v8f c2_1 = v8f_splat(0.0f);
            v8f c3_0 = v8f_splat(0.0f);
            v8f c3_1 = v8f_splat(0.0f);
            v8f c4_0 = v8f_splat(0.0f);
            v8f c4_1 = v8f_splat(0.0f);
            v8f c5_0 = v8f_splat(0.0f);
            v8f c5_1 = v8f_splat(0.0f);
            for (int32_t t3 = 0; t3 < 10; t3++) {
                const v8f b0 = v8f_load(&panel[t3 * 8]);
                const v8f b1 = v8f_load(&panel[t3 * 8 + 80]);
                const float a0 = softmax1_sum_2[i * 10 + t3];
                c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                const float a1 = softmax1_sum_2[i * 10 + t3 + 10];
                c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                const float a2 = softmax1_sum_2[i * 10 + t3 + 20];
                c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                const float a3 = softmax1_sum_2[i * 10 + t3 + 30];
                c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                const float a4 = softmax1_sum_2[i * 10 + t3 + 40];
                c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                const float a5 = softmax1_sum_2[i * 10 + t3 + 50];
                c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
            }
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16])), c0_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 8], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 8])), c0_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 64], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 64])), c1_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 72], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 72])), c1_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 128], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 128])), c2_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 136], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 136])), c2_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 192], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 192])), c3_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 200], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 200])), c3_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 256], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 256])), c4_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 264], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 264])), c4_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 320], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 320])), c5_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 328], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 328])), c5_1, v8f_splat(0.0f)));
        }
        for (int32_t i2 = 54; i2 < 64; i2 += 5) {
            v8f c0_0_2 = v8f_splat(0.0f);
            v8f c0_1_2 = v8f_splat(0.0f);
            v8f c1_0_2 = v8f_splat(0.0f);
            v8f c1_1_2 = v8f_splat(0.0f);
            v8f c2_0_2 = v8f_splat(0.0f);
            v8f c2_1_2 = v8f_splat(0.0f);
            v8f c3_0_2 = v8f_splat(0.0f);
            v8f c3_1_2 = v8f_splat(0.0f);
            v8f c4_0_2 = v8f_splat(0.0f);
            v8f c4_1_2 = v8f_splat(0.0f);
            for (int32_t t4 = 0; t4 < 10; t4++) {
                const v8f b0_2 = v8f_load(&panel[t4 * 8]);
                const v8f b1_2 = v8f_load(&panel[t4 * 8 + 80]);
                const float a0_2 = softmax1_sum_2[i2 * 10 + t4];
                c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                const float a1_2 = softmax1_sum_2[i2 * 10 + t4 + 10];
                c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                const float a2_2 = softmax1_sum_2[i2 * 10 + t4 + 20];
                c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                const float a3_2 = softmax1_sum_2[i2 * 10 + t4 + 30];
                c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                const float a4_2 = softmax1_sum_2[i2 * 10 + t4 + 40];
                c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
            }
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16])), c0_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 8], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 8])), c0_1_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 64], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 64])), c1_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 72], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 72])), c1_1_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 128], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 128])), c2_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 136], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 136])), c2_1_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 192], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 192])), c3_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 200], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 200])), c3_1_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 256], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 256])), c4_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 264], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 264])), c4_1_2, v8f_splat(0.0f)));
        }
    }
}

/* k27_dense3_dot_update    models/fashion_mlp.dl:24
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense2_relu [64, 64], softmax1_sum_2 [64, 10], minimize1_adam_m_mlp_dense3_w [64, 10], minimize1_adam_v_mlp_dense3_w [64, 10], step [], total_steps [], mlp_dense3_w [64, 10] -> minimize1_adam_m_mlp_dense3_w [64, 10], minimize1_adam_v_mlp_dense3_w [64, 10], mlp_dense3_w [64, 10]
 *   101233 flop, 34312 bytes */
static void k27_dense3_dot_update(const float *restrict dense2_relu,
                                  const float *restrict softmax1_sum_2,
                                  float *restrict minimize1_adam_m_mlp_dense3_w,
                                  float *restrict minimize1_adam_v_mlp_dense3_w,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense3_w)
{
    float panel[1024];
    float stage[96];
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t t = 0; t < 64; t++) {
        v8f_store(&panel[t * 8 + 512], v8f_splat(0.0f));
        v8f_store(&panel[t * 8], v8f_load(&softmax1_sum_2[t * 10]));
        panel[t * 8 + 512] = softmax1_sum_2[t * 10 + 8];
        panel[t * 8 + 513] = softmax1_sum_2[t * 10 + 9];
    }
    for (int32_t i = 0; i < 54; i += 6) {
        v8f c0_0 = v8f_splat(0.0f);
        v8f c0_1 = v8f_splat(0.0f);
        v8f c1_0 = v8f_splat(0.0f);
        v8f c1_1 = v8f_splat(0.0f);
        v8f c2_0 = v8f_splat(0.0f);
        v8f c2_1 = v8f_splat(0.0f);
        v8f c3_0 = v8f_splat(0.0f);
        v8f c3_1 = v8f_splat(0.0f);
        v8f c4_0 = v8f_splat(0.0f);
        v8f c4_1 = v8f_splat(0.0f);
        v8f c5_0 = v8f_splat(0.0f);
        v8f c5_1 = v8f_splat(0.0f);
        for (int32_t t2 = 0; t2 < 64; t2++) {
            const v8f b0 = v8f_load(&panel[t2 * 8]);
            const v8f b1 = v8f_load(&panel[t2 * 8 + 512]);
            const float a0 = dense2_relu[i + t2 * 64];
            c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
            c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
            const float a1 = dense2_relu[i + t2 * 64 + 1];
            c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
            c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
            const float a2 = dense2_relu[i + t2 * 64 + 2];
            c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
            c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
            const float a3 = dense2_relu[i + t2 * 64 + 3];
            c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
            c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
            const float a4 = dense2_relu[i + t2 * 64 + 4];
            c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
            c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
            const float a5 = dense2_relu[i + t2 * 64 + 5];
            c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
            c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
        }
        v8f_store(stage, c0_0);
        v8f_store(&stage[8], c0_1);
        v8f_store(&stage[16], c1_0);
        v8f_store(&stage[24], c1_1);
        v8f_store(&stage[32], c2_0);
        v8f_store(&stage[40], c2_1);
        v8f_store(&stage[48], c3_0);
        v8f_store(&stage[56], c3_1);
        v8f_store(&stage[64], c4_0);
        v8f_store(&stage[72], c4_1);
        v8f_store(&stage[80], c5_0);
        v8f_store(&stage[88], c5_1);
        for (int32_t r = 0; r < 6; r++) {
            const v8f dot = v8f_load(&stage[r * 16]);
            const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense3_w[i * 10 + r * 10])), v8f_mul(v8f_splat(0.1f), dot));
            const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense3_w[i * 10 + r * 10])), v8f_mul(v8f_splat(0.001f), v8f_mul(dot, dot)));
            const v8f sub3 = v8f_sub(v8f_load(&mlp_dense3_w[i * 10 + r * 10]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
            v8f_store(&minimize1_adam_m_mlp_dense3_w[i * 10 + r * 10], add);
            v8f_store(&minimize1_adam_v_mlp_dense3_w[i * 10 + r * 10], add2);
            v8f_store(&mlp_dense3_w[i * 10 + r * 10], sub3);
            const float dot2 = stage[r * 16 + 8];
            const float add3 = 0.9f * minimize1_adam_m_mlp_dense3_w[i * 10 + r * 10 + 8] + 0.1f * dot2;
            const float add4 = 0.999f * minimize1_adam_v_mlp_dense3_w[i * 10 + r * 10 + 8] + 0.001f * (dot2 * dot2);
            const float sub4 = mlp_dense3_w[i * 10 + r * 10 + 8] - mul * (add3 / sub2) / (sqrtf(add4 / sub) + 1e-07f);
            minimize1_adam_m_mlp_dense3_w[i * 10 + r * 10 + 8] = add3;
            minimize1_adam_v_mlp_dense3_w[i * 10 + r * 10 + 8] = add4;
            mlp_dense3_w[i * 10 + r * 10 + 8] = sub4;
            const float dot3 = stage[r * 16 + 9];
            const float add5 = 0.9f * minimize1_adam_m_mlp_dense3_w[i * 10 + r * 10 + 9] + 0.1f * dot3;
            const float add6 = 0.999f * minimize1_adam_v_mlp_dense3_w[i * 10 + r * 10 + 9] + 0.001f * (dot3 * dot3);
            const float sub5 = mlp_dense3_w[i * 10 + r * 10 + 9] - mul * (add5 / sub2) / (sqrtf(add6 / sub) + 1e-07f);
            minimize1_adam_m_mlp_dense3_w[i * 10 + r * 10 + 9] = add5;
            minimize1_adam_v_mlp_dense3_w[i * 10 + r * 10 + 9] = add6;
            mlp_dense3_w[i * 10 + r * 10 + 9] = sub5;
        }
    }
    for (int32_t i2 = 54; i2 < 64; i2 += 5) {
        v8f c0_0_2 = v8f_splat(0.0f);
        v8f c0_1_2 = v8f_splat(0.0f);
        v8f c1_0_2 = v8f_splat(0.0f);
        v8f c1_1_2 = v8f_splat(0.0f);
        v8f c2_0_2 = v8f_splat(0.0f);
        v8f c2_1_2 = v8f_splat(0.0f);
        v8f c3_0_2 = v8f_splat(0.0f);
        v8f c3_1_2 = v8f_splat(0.0f);
        v8f c4_0_2 = v8f_splat(0.0f);
        v8f c4_1_2 = v8f_splat(0.0f);
        for (int32_t t3 = 0; t3 < 64; t3++) {
            const v8f b0_2 = v8f_load(&panel[t3 * 8]);
            const v8f b1_2 = v8f_load(&panel[t3 * 8 + 512]);
            const float a0_2 = dense2_relu[i2 + t3 * 64];
            c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
            c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
            const float a1_2 = dense2_relu[i2 + t3 * 64 + 1];
            c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
            c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
            const float a2_2 = dense2_relu[i2 + t3 * 64 + 2];
            c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
            c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
            const float a3_2 = dense2_relu[i2 + t3 * 64 + 3];
            c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
            c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
            const float a4_2 = dense2_relu[i2 + t3 * 64 + 4];
            c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
            c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
        }
        v8f_store(stage, c0_0_2);
        v8f_store(&stage[8], c0_1_2);
        v8f_store(&stage[16], c1_0_2);
        v8f_store(&stage[24], c1_1_2);
        v8f_store(&stage[32], c2_0_2);
        v8f_store(&stage[40], c2_1_2);
        v8f_store(&stage[48], c3_0_2);
        v8f_store(&stage[56], c3_1_2);
        v8f_store(&stage[64], c4_0_2);
        v8f_store(&stage[72], c4_1_2);
        for (int32_t r2 = 0; r2 < 5; r2++) {
            const v8f dot4 = v8f_load(&stage[r2 * 16]);
            const v8f add7 = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense3_w[i2 * 10 + r2 * 10])), v8f_mul(v8f_splat(0.1f), dot4));
            const v8f add8 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense3_w[i2 * 10 + r2 * 10])), v8f_mul(v8f_splat(0.001f), v8f_mul(dot4, dot4)));
            const v8f sub6 = v8f_sub(v8f_load(&mlp_dense3_w[i2 * 10 + r2 * 10]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add7, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add8, v8f_splat(sub))), v8f_splat(1e-07f))));
            v8f_store(&minimize1_adam_m_mlp_dense3_w[i2 * 10 + r2 * 10], add7);
            v8f_store(&minimize1_adam_v_mlp_dense3_w[i2 * 10 + r2 * 10], add8);
            v8f_store(&mlp_dense3_w[i2 * 10 + r2 * 10], sub6);
            const float dot5 = stage[r2 * 16 + 8];
            const float add9 = 0.9f * minimize1_adam_m_mlp_dense3_w[i2 * 10 + r2 * 10 + 8] + 0.1f * dot5;
            const float add10 = 0.999f * minimize1_adam_v_mlp_dense3_w[i2 * 10 + r2 * 10 + 8] + 0.001f * (dot5 * dot5);
            const float sub7 = mlp_dense3_w[i2 * 10 + r2 * 10 + 8] - mul * (add9 / sub2) / (sqrtf(add10 / sub) + 1e-07f);
            minimize1_adam_m_mlp_dense3_w[i2 * 10 + r2 * 10 + 8] = add9;
            minimize1_adam_v_mlp_dense3_w[i2 * 10 + r2 * 10 + 8] = add10;
            mlp_dense3_w[i2 * 10 + r2 * 10 + 8] = sub7;
            const float dot6 = stage[r2 * 16 + 9];
            const float add11 = 0.9f * minimize1_adam_m_mlp_dense3_w[i2 * 10 + r2 * 10 + 9] + 0.1f * dot6;
            const float add12 = 0.999f * minimize1_adam_v_mlp_dense3_w[i2 * 10 + r2 * 10 + 9] + 0.001f * (dot6 * dot6);
            const float sub8 = mlp_dense3_w[i2 * 10 + r2 * 10 + 9] - mul * (add11 / sub2) / (sqrtf(add12 / sub) + 1e-07f);
            minimize1_adam_m_mlp_dense3_w[i2 * 10 + r2 * 10 + 9] = add11;
            minimize1_adam_v_mlp_dense3_w[i2 * 10 + r2 * 10 + 9] = add12;
            mlp_dense3_w[i2 * 10 + r2 * 10 + 9] = sub8;
        }
    }
}

/* k28_dense2_sum_update    models/fashion_mlp.dl:24
 *   y = sum x
 *   dense3_select_3 [64, 64], minimize1_adam_m_mlp_dense2_b [64], minimize1_adam_v_mlp_dense2_b [64], step [], total_steps [], mlp_dense2_b [64] -> minimize1_adam_m_mlp_dense2_b [64], minimize1_adam_v_mlp_dense2_b [64], mlp_dense2_b [64]
 *   6129 flop, 17928 bytes */
static void k28_dense2_sum_update(const float *restrict dense3_select_3,
                                  float *restrict minimize1_adam_m_mlp_dense2_b,
                                  float *restrict minimize1_adam_v_mlp_dense2_b,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense2_b)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t i = 0; i < 64; i += 8) {
        v8f sum = v8f_splat(0.0f);
        v8f sum2 = v8f_splat(0.0f);
        v8f sum3 = v8f_splat(0.0f);
        v8f sum4 = v8f_splat(0.0f);
        for (int32_t r = 0; r < 64; r += 4) {
            sum = v8f_add(sum, v8f_load(&dense3_select_3[r * 64 + i]));
            sum2 = v8f_add(sum2, v8f_load(&dense3_select_3[r * 64 + i + 64]));
            sum3 = v8f_add(sum3, v8f_load(&dense3_select_3[r * 64 + i + 128]));
            sum4 = v8f_add(sum4, v8f_load(&dense3_select_3[r * 64 + i + 192]));
        }
        sum = v8f_add(sum, sum2);
        sum3 = v8f_add(sum3, sum4);
        sum = v8f_add(sum, sum3);
        const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense2_b[i])), v8f_mul(v8f_splat(0.1f), sum));
        const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense2_b[i])), v8f_mul(v8f_splat(0.001f), v8f_mul(sum, sum)));
        const v8f sub3 = v8f_sub(v8f_load(&mlp_dense2_b[i]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
        v8f_store(&minimize1_adam_m_mlp_dense2_b[i], add);
        v8f_store(&minimize1_adam_v_mlp_dense2_b[i], add2);
        v8f_store(&mlp_dense2_b[i], sub3);
    }
}

/* k29_dense2_dot_select    models/fashion_mlp.dl:14
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense3_select_3 [64, 64], mlp_dense2_w [128, 64], dense1_relu [64, 128] -> dense2_select [64, 128]
 *   1064960 flop, 114688 bytes */
static void k29_dense2_dot_select(const float *restrict dense3_select_3,
                                  const float *restrict mlp_dense2_w,
                                  const float *restrict dense1_relu,
                                  float *restrict dense2_select,
                                  int32_t slice, int32_t slices)
{
    float panel[1024];
    for (int32_t slice2 = slice; slice2 < 8; slice2 += slices) {
        for (int32_t t = 0; t < 64; t++) {
            panel[t * 8] = mlp_dense2_w[slice2 * 1024 + t];
            panel[t * 8 + 1] = mlp_dense2_w[slice2 * 1024 + t + 64];
            panel[t * 8 + 2] = mlp_dense2_w[slice2 * 1024 + t + 128];
            panel[t * 8 + 3] = mlp_dense2_w[slice2 * 1024 + t + 192];
            panel[t * 8 + 4] = mlp_dense2_w[slice2 * 1024 + t + 256];
            panel[t * 8 + 5] = mlp_dense2_w[slice2 * 1024 + t + 320];
            panel[t * 8 + 6] = mlp_dense2_w[slice2 * 1024 + t + 384];
            panel[t * 8 + 7] = mlp_dense2_w[slice2 * 1024 + t + 448];
        }
        for (int32_t t2 = 0; t2 < 64; t2++) {
            panel[t2 * 8 + 512] = mlp_dense2_w[slice2 * 1024 + t2 + 512];
            panel[t2 * 8 + 513] = mlp_dense2_w[slice2 * 1024 + t2 + 576];
            panel[t2 * 8 + 514] = mlp_dense2_w[slice2 * 1024 + t2 + 640];
            panel[t2 * 8 + 515] = mlp_dense2_w[slice2 * 1024 + t2 + 704];
            panel[t2 * 8 + 516] = mlp_dense2_w[slice2 * 1024 + t2 + 768];
            panel[t2 * 8 + 517] = mlp_dense2_w[slice2 * 1024 + t2 + 832];
            panel[t2 * 8 + 518] = mlp_dense2_w[slice2 * 1024 + t2 + 896];
            panel[t2 * 8 + 519] = mlp_dense2_w[slice2 * 1024 + t2 + 960];
        }
        for (int32_t i = 0; i < 54; i += 6) {
            v8f c0_0 = v8f_splat(0.0f);
            v8f c0_1 = v8f_splat(0.0f);
            v8f c1_0 = v8f_splat(0.0f);
            v8f c1_1 = v8f_splat(0.0f);
            v8f c2_0 = v8f_splat(0.0f);
            v8f c2_1 = v8f_splat(0.0f);
            v8f c3_0 = v8f_splat(0.0f);
            v8f c3_1 = v8f_splat(0.0f);
            v8f c4_0 = v8f_splat(0.0f);
            v8f c4_1 = v8f_splat(0.0f);
            v8f c5_0 = v8f_splat(0.0f);
            v8f c5_1 = v8f_splat(0.0f);
            for (int32_t t3 = 0; t3 < 64; t3++) {
                const v8f b0 = v8f_load(&panel[t3 * 8]);
                const v8f b1 = v8f_load(&panel[t3 * 8 + 512]);
                const float a0 = dense3_select_3[i * 64 + t3];
                c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                const float a1 = dense3_select_3[i * 64 + t3 + 64];
                c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                const float a2 = dense3_select_3[i * 64 + t3 + 128];
                c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                const float a3 = dense3_select_3[i * 64 + t3 + 192];
                c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                const float a4 = dense3_select_3[i * 64 + t3 + 256];
                c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                const float a5 = dense3_select_3[i * 64 + t3 + 320];
                c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
            }
            v8f_store(&dense2_select[i * 128 + slice2 * 16], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16])), c0_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 8], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 8])), c0_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 128], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 128])), c1_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 136], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 136])), c1_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 256], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 256])), c2_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 264], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 264])), c2_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 384], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 384])), c3_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 392], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 392])), c3_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 512], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 512])), c4_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 520], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 520])), c4_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 640], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 640])), c5_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 648], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 648])), c5_1, v8f_splat(0.0f)));
        }
        for (int32_t i2 = 54; i2 < 64; i2 += 5) {
            v8f c0_0_2 = v8f_splat(0.0f);
            v8f c0_1_2 = v8f_splat(0.0f);
            v8f c1_0_2 = v8f_splat(0.0f);
            v8f c1_1_2 = v8f_splat(0.0f);
            v8f c2_0_2 = v8f_splat(0.0f);
            v8f c2_1_2 = v8f_splat(0.0f);
            v8f c3_0_2 = v8f_splat(0.0f);
            v8f c3_1_2 = v8f_splat(0.0f);
            v8f c4_0_2 = v8f_splat(0.0f);
            v8f c4_1_2 = v8f_splat(0.0f);
            for (int32_t t4 = 0; t4 < 64; t4++) {
                const v8f b0_2 = v8f_load(&panel[t4 * 8]);
                const v8f b1_2 = v8f_load(&panel[t4 * 8 + 512]);
                const float a0_2 = dense3_select_3[i2 * 64 + t4];
                c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                const float a1_2 = dense3_select_3[i2 * 64 + t4 + 64];
                c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                const float a2_2 = dense3_select_3[i2 * 64 + t4 + 128];
                c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                const float a3_2 = dense3_select_3[i2 * 64 + t4 + 192];
                c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                const float a4_2 = dense3_select_3[i2 * 64 + t4 + 256];
                c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
            }
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16])), c0_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 8], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 8])), c0_1_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 128], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 128])), c1_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 136], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 136])), c1_1_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 256], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 256])), c2_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 264], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 264])), c2_1_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 384], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 384])), c3_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 392], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 392])), c3_1_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 512], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 512])), c4_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 520], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 520])), c4_1_2, v8f_splat(0.0f)));
        }
    }
}

/* k30_dense1_dot_update    models/fashion_mlp.dl:24
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   rescale1_mul [64, 28, 28], dense2_select [64, 128], minimize1_adam_m_mlp_dense1_w [784, 128], minimize1_adam_v_mlp_dense1_w [784, 128], step [], total_steps [], mlp_dense1_w [784, 128] -> minimize1_adam_m_mlp_dense1_w [784, 128], minimize1_adam_v_mlp_dense1_w [784, 128], mlp_dense1_w [784, 128]
 *   15855729 flop, 2641928 bytes */
static void k30_dense1_dot_update(const float *restrict rescale1_mul,
                                  const float *restrict dense2_select,
                                  float *restrict minimize1_adam_m_mlp_dense1_w,
                                  float *restrict minimize1_adam_v_mlp_dense1_w,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense1_w,
                                  int32_t slice, int32_t slices)
{
    float stage[96];
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t slice2 = slice; slice2 < 4; slice2 += slices) {
        for (int32_t j = 0; j < 128; j += 16) {
            for (int32_t i = 0; i < 186; i += 6) {
                v8f c0_0 = v8f_splat(0.0f);
                v8f c0_1 = v8f_splat(0.0f);
                v8f c1_0 = v8f_splat(0.0f);
                v8f c1_1 = v8f_splat(0.0f);
                v8f c2_0 = v8f_splat(0.0f);
                v8f c2_1 = v8f_splat(0.0f);
                v8f c3_0 = v8f_splat(0.0f);
                v8f c3_1 = v8f_splat(0.0f);
                v8f c4_0 = v8f_splat(0.0f);
                v8f c4_1 = v8f_splat(0.0f);
                v8f c5_0 = v8f_splat(0.0f);
                v8f c5_1 = v8f_splat(0.0f);
                for (int32_t t = 0; t < 64; t++) {
                    const v8f b0 = v8f_load(&dense2_select[j + t * 128]);
                    const v8f b1 = v8f_load(&dense2_select[j + t * 128 + 8]);
                    const float a0 = rescale1_mul[slice2 * 196 + i + t * 784];
                    c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                    c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                    const float a1 = rescale1_mul[slice2 * 196 + i + t * 784 + 1];
                    c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                    c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                    const float a2 = rescale1_mul[slice2 * 196 + i + t * 784 + 2];
                    c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                    c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                    const float a3 = rescale1_mul[slice2 * 196 + i + t * 784 + 3];
                    c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                    c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                    const float a4 = rescale1_mul[slice2 * 196 + i + t * 784 + 4];
                    c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                    c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                    const float a5 = rescale1_mul[slice2 * 196 + i + t * 784 + 5];
                    c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                    c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
                }
                v8f_store(stage, c0_0);
                v8f_store(&stage[8], c0_1);
                v8f_store(&stage[16], c1_0);
                v8f_store(&stage[24], c1_1);
                v8f_store(&stage[32], c2_0);
                v8f_store(&stage[40], c2_1);
                v8f_store(&stage[48], c3_0);
                v8f_store(&stage[56], c3_1);
                v8f_store(&stage[64], c4_0);
                v8f_store(&stage[72], c4_1);
                v8f_store(&stage[80], c5_0);
                v8f_store(&stage[88], c5_1);
                for (int32_t r = 0; r < 6; r++) {
                    for (int32_t l = 0; l < 16; l += 8) {
                        const v8f dot = v8f_load(&stage[r * 16 + l]);
                        const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense1_w[slice2 * 25088 + i * 128 + r * 128 + j + l])), v8f_mul(v8f_splat(0.1f), dot));
                        const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense1_w[slice2 * 25088 + i * 128 + r * 128 + j + l])), v8f_mul(v8f_splat(0.001f), v8f_mul(dot, dot)));
                        const v8f sub3 = v8f_sub(v8f_load(&mlp_dense1_w[slice2 * 25088 + i * 128 + r * 128 + j + l]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
                        v8f_store(&minimize1_adam_m_mlp_dense1_w[slice2 * 25088 + i * 128 + r * 128 + j + l], add);
                        v8f_store(&minimize1_adam_v_mlp_dense1_w[slice2 * 25088 + i * 128 + r * 128 + j + l], add2);
                        v8f_store(&mlp_dense1_w[slice2 * 25088 + i * 128 + r * 128 + j + l], sub3);
                    }
                }
            }
            for (int32_t i2 = 186; i2 < 196; i2 += 5) {
                v8f c0_0_2 = v8f_splat(0.0f);
                v8f c0_1_2 = v8f_splat(0.0f);
                v8f c1_0_2 = v8f_splat(0.0f);
                v8f c1_1_2 = v8f_splat(0.0f);
                v8f c2_0_2 = v8f_splat(0.0f);
                v8f c2_1_2 = v8f_splat(0.0f);
                v8f c3_0_2 = v8f_splat(0.0f);
                v8f c3_1_2 = v8f_splat(0.0f);
                v8f c4_0_2 = v8f_splat(0.0f);
                v8f c4_1_2 = v8f_splat(0.0f);
                for (int32_t t2 = 0; t2 < 64; t2++) {
                    const v8f b0_2 = v8f_load(&dense2_select[j + t2 * 128]);
                    const v8f b1_2 = v8f_load(&dense2_select[j + t2 * 128 + 8]);
                    const float a0_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784];
                    c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                    c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                    const float a1_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784 + 1];
                    c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                    c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                    const float a2_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784 + 2];
                    c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                    c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                    const float a3_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784 + 3];
                    c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                    c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                    const float a4_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784 + 4];
                    c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                    c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
                }
                v8f_store(stage, c0_0_2);
                v8f_store(&stage[8], c0_1_2);
                v8f_store(&stage[16], c1_0_2);
                v8f_store(&stage[24], c1_1_2);
                v8f_store(&stage[32], c2_0_2);
                v8f_store(&stage[40], c2_1_2);
                v8f_store(&stage[48], c3_0_2);
                v8f_store(&stage[56], c3_1_2);
                v8f_store(&stage[64], c4_0_2);
                v8f_store(&stage[72], c4_1_2);
                for (int32_t r2 = 0; r2 < 5; r2++) {
                    for (int32_t l2 = 0; l2 < 16; l2 += 8) {
                        const v8f dot2 = v8f_load(&stage[r2 * 16 + l2]);
                        const v8f add3 = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense1_w[slice2 * 25088 + i2 * 128 + r2 * 128 + j + l2])), v8f_mul(v8f_splat(0.1f), dot2));
                        const v8f add4 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense1_w[slice2 * 25088 + i2 * 128 + r2 * 128 + j + l2])), v8f_mul(v8f_splat(0.001f), v8f_mul(dot2, dot2)));
                        const v8f sub4 = v8f_sub(v8f_load(&mlp_dense1_w[slice2 * 25088 + i2 * 128 + r2 * 128 + j + l2]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add3, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add4, v8f_splat(sub))), v8f_splat(1e-07f))));
                        v8f_store(&minimize1_adam_m_mlp_dense1_w[slice2 * 25088 + i2 * 128 + r2 * 128 + j + l2], add3);
                        v8f_store(&minimize1_adam_v_mlp_dense1_w[slice2 * 25088 + i2 * 128 + r2 * 128 + j + l2], add4);
                        v8f_store(&mlp_dense1_w[slice2 * 25088 + i2 * 128 + r2 * 128 + j + l2], sub4);
                    }
                }
            }
        }
    }
}

/* k31_dense2_dot_update    models/fashion_mlp.dl:24
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense1_relu [64, 128], dense3_select_3 [64, 64], minimize1_adam_m_mlp_dense2_w [128, 64], minimize1_adam_v_mlp_dense2_w [128, 64], step [], total_steps [], mlp_dense2_w [128, 64] -> minimize1_adam_m_mlp_dense2_w [128, 64], minimize1_adam_v_mlp_dense2_w [128, 64], mlp_dense2_w [128, 64]
 *   1294449 flop, 245768 bytes */
static void k31_dense2_dot_update(const float *restrict dense1_relu,
                                  const float *restrict dense3_select_3,
                                  float *restrict minimize1_adam_m_mlp_dense2_w,
                                  float *restrict minimize1_adam_v_mlp_dense2_w,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense2_w,
                                  int32_t slice, int32_t slices)
{
    float stage[96];
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t slice2 = slice; slice2 < 8; slice2 += slices) {
        for (int32_t j = 0; j < 64; j += 16) {
            v8f c0_0 = v8f_splat(0.0f);
            v8f c0_1 = v8f_splat(0.0f);
            v8f c1_0 = v8f_splat(0.0f);
            v8f c1_1 = v8f_splat(0.0f);
            v8f c2_0 = v8f_splat(0.0f);
            v8f c2_1 = v8f_splat(0.0f);
            v8f c3_0 = v8f_splat(0.0f);
            v8f c3_1 = v8f_splat(0.0f);
            v8f c4_0 = v8f_splat(0.0f);
            v8f c4_1 = v8f_splat(0.0f);
            v8f c5_0 = v8f_splat(0.0f);
            v8f c5_1 = v8f_splat(0.0f);
            for (int32_t t = 0; t < 64; t++) {
                const v8f b0 = v8f_load(&dense3_select_3[j + t * 64]);
                const v8f b1 = v8f_load(&dense3_select_3[j + t * 64 + 8]);
                const float a0 = dense1_relu[slice2 * 16 + t * 128];
                c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                const float a1 = dense1_relu[slice2 * 16 + t * 128 + 1];
                c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                const float a2 = dense1_relu[slice2 * 16 + t * 128 + 2];
                c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                const float a3 = dense1_relu[slice2 * 16 + t * 128 + 3];
                c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                const float a4 = dense1_relu[slice2 * 16 + t * 128 + 4];
                c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                const float a5 = dense1_relu[slice2 * 16 + t * 128 + 5];
                c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
            }
            v8f_store(stage, c0_0);
            v8f_store(&stage[8], c0_1);
            v8f_store(&stage[16], c1_0);
            v8f_store(&stage[24], c1_1);
            v8f_store(&stage[32], c2_0);
            v8f_store(&stage[40], c2_1);
            v8f_store(&stage[48], c3_0);
            v8f_store(&stage[56], c3_1);
            v8f_store(&stage[64], c4_0);
            v8f_store(&stage[72], c4_1);
            v8f_store(&stage[80], c5_0);
            v8f_store(&stage[88], c5_1);
            for (int32_t r = 0; r < 6; r++) {
                for (int32_t l = 0; l < 16; l += 8) {
                    const v8f dot = v8f_load(&stage[r * 16 + l]);
                    const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense2_w[slice2 * 1024 + r * 64 + j + l])), v8f_mul(v8f_splat(0.1f), dot));
                    const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense2_w[slice2 * 1024 + r * 64 + j + l])), v8f_mul(v8f_splat(0.001f), v8f_mul(dot, dot)));
                    const v8f sub3 = v8f_sub(v8f_load(&mlp_dense2_w[slice2 * 1024 + r * 64 + j + l]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
                    v8f_store(&minimize1_adam_m_mlp_dense2_w[slice2 * 1024 + r * 64 + j + l], add);
                    v8f_store(&minimize1_adam_v_mlp_dense2_w[slice2 * 1024 + r * 64 + j + l], add2);
                    v8f_store(&mlp_dense2_w[slice2 * 1024 + r * 64 + j + l], sub3);
                }
            }
            for (int32_t i = 6; i < 16; i += 5) {
                v8f c0_0_2 = v8f_splat(0.0f);
                v8f c0_1_2 = v8f_splat(0.0f);
                v8f c1_0_2 = v8f_splat(0.0f);
                v8f c1_1_2 = v8f_splat(0.0f);
                v8f c2_0_2 = v8f_splat(0.0f);
                v8f c2_1_2 = v8f_splat(0.0f);
                v8f c3_0_2 = v8f_splat(0.0f);
                v8f c3_1_2 = v8f_splat(0.0f);
                v8f c4_0_2 = v8f_splat(0.0f);
                v8f c4_1_2 = v8f_splat(0.0f);
                for (int32_t t2 = 0; t2 < 64; t2++) {
                    const v8f b0_2 = v8f_load(&dense3_select_3[j + t2 * 64]);
                    const v8f b1_2 = v8f_load(&dense3_select_3[j + t2 * 64 + 8]);
                    const float a0_2 = dense1_relu[slice2 * 16 + i + t2 * 128];
                    c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                    c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                    const float a1_2 = dense1_relu[slice2 * 16 + i + t2 * 128 + 1];
                    c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                    c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                    const float a2_2 = dense1_relu[slice2 * 16 + i + t2 * 128 + 2];
                    c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                    c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                    const float a3_2 = dense1_relu[slice2 * 16 + i + t2 * 128 + 3];
                    c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                    c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                    const float a4_2 = dense1_relu[slice2 * 16 + i + t2 * 128 + 4];
                    c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                    c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
                }
                v8f_store(stage, c0_0_2);
                v8f_store(&stage[8], c0_1_2);
                v8f_store(&stage[16], c1_0_2);
                v8f_store(&stage[24], c1_1_2);
                v8f_store(&stage[32], c2_0_2);
                v8f_store(&stage[40], c2_1_2);
                v8f_store(&stage[48], c3_0_2);
                v8f_store(&stage[56], c3_1_2);
                v8f_store(&stage[64], c4_0_2);
                v8f_store(&stage[72], c4_1_2);
                for (int32_t r2 = 0; r2 < 5; r2++) {
                    for (int32_t l2 = 0; l2 < 16; l2 += 8) {
                        const v8f dot2 = v8f_load(&stage[r2 * 16 + l2]);
                        const v8f add3 = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense2_w[slice2 * 1024 + i * 64 + r2 * 64 + j + l2])), v8f_mul(v8f_splat(0.1f), dot2));
                        const v8f add4 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense2_w[slice2 * 1024 + i * 64 + r2 * 64 + j + l2])), v8f_mul(v8f_splat(0.001f), v8f_mul(dot2, dot2)));
                        const v8f sub4 = v8f_sub(v8f_load(&mlp_dense2_w[slice2 * 1024 + i * 64 + r2 * 64 + j + l2]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add3, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add4, v8f_splat(sub))), v8f_splat(1e-07f))));
                        v8f_store(&minimize1_adam_m_mlp_dense2_w[slice2 * 1024 + i * 64 + r2 * 64 + j + l2], add3);
                        v8f_store(&minimize1_adam_v_mlp_dense2_w[slice2 * 1024 + i * 64 + r2 * 64 + j + l2], add4);
                        v8f_store(&mlp_dense2_w[slice2 * 1024 + i * 64 + r2 * 64 + j + l2], sub4);
                    }
                }
            }
        }
    }
}

/* k32_dense1_sum_update    models/fashion_mlp.dl:24
 *   y = sum x
 *   dense2_select [64, 128], minimize1_adam_m_mlp_dense1_b [128], minimize1_adam_v_mlp_dense1_b [128], step [], total_steps [], mlp_dense1_b [128] -> minimize1_adam_m_mlp_dense1_b [128], minimize1_adam_v_mlp_dense1_b [128], mlp_dense1_b [128]
 *   12145 flop, 35848 bytes */
static void k32_dense1_sum_update(const float *restrict dense2_select,
                                  float *restrict minimize1_adam_m_mlp_dense1_b,
                                  float *restrict minimize1_adam_v_mlp_dense1_b,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense1_b,
                                  int32_t slice, int32_t slices)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t s = slice; s < 16; s += slices) {
        v8f sum = v8f_splat(0.0f);
        v8f sum2 = v8f_splat(0.0f);
        v8f sum3 = v8f_splat(0.0f);
        v8f sum4 = v8f_splat(0.0f);
        for (int32_t r = 0; r < 64; r += 4) {
            sum = v8f_add(sum, v8f_load(&dense2_select[r * 128 + s * 8]));
            sum2 = v8f_add(sum2, v8f_load(&dense2_select[r * 128 + s * 8 + 128]));
            sum3 = v8f_add(sum3, v8f_load(&dense2_select[r * 128 + s * 8 + 256]));
            sum4 = v8f_add(sum4, v8f_load(&dense2_select[r * 128 + s * 8 + 384]));
        }
        sum = v8f_add(sum, sum2);
        sum3 = v8f_add(sum3, sum4);
        sum = v8f_add(sum, sum3);
        const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense1_b[s * 8])), v8f_mul(v8f_splat(0.1f), sum));
        const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense1_b[s * 8])), v8f_mul(v8f_splat(0.001f), v8f_mul(sum, sum)));
        const v8f sub3 = v8f_sub(v8f_load(&mlp_dense1_b[s * 8]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
        v8f_store(&minimize1_adam_m_mlp_dense1_b[s * 8], add);
        v8f_store(&minimize1_adam_v_mlp_dense1_b[s * 8], add2);
        v8f_store(&mlp_dense1_b[s * 8], sub3);
    }
}

/* k33_softmax1_rowmax_sub_exp_sum    models/fashion_mlp.dl:25
 *   y = sum x
 *   dense3_select [64, 10], dense3_select_2 [64, 10], label [64] -> report_loss [64], report_acc [64]
 *   20736 flop, 5696 bytes */
static void k33_softmax1_rowmax_sub_exp_sum(const float *restrict dense3_select,
                                            const float *restrict dense3_select_2,
                                            const uint8_t *restrict label,
                                            float *restrict report_loss,
                                            float *restrict report_acc,
                                            int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 64; s += slices) {
        v8f sum = v8f_splat(-INFINITY);
        v8f sum2 = v8f_splat(0.0f);
        for (int32_t r = 0; r < 8; r += 8) {
            const v8f input = v8f_load(&dense3_select[s * 10 + r]);
            sum = v8f_max(sum, input);
            sum2 = v8f_add(sum2, v8f_load(&dense3_select_2[s * 10 + r]));
        }
        float sum3 = v8f_hmax(sum);
        float sum4 = v8f_hsum(sum2);
        for (int32_t r2 = 8; r2 < 10; r2++) {
            const float input2 = dense3_select[s * 10 + r2];
            sum3 = dlc_max_f32(sum3, input2);
            sum4 += dense3_select_2[s * 10 + r2];
        }
        v8f sum5 = v8f_splat(0.0f);
        for (int32_t r3 = 0; r3 < 8; r3 += 8) {
            const v8f input3 = v8f_load(&dense3_select[s * 10 + r3]);
            const v8f exp3 = dlc_expf_fma_x8(v8f_sub(input3, v8f_splat(sum3)));
            sum5 = v8f_add(sum5, exp3);
        }
        float sum6 = v8f_hsum(sum5);
        for (int32_t r4 = 8; r4 < 10; r4++) {
            const float input4 = dense3_select[s * 10 + r4];
            const float exp4 = dlc_expf_fma(input4 - sum3);
            sum6 += exp4;
        }
        const float input5 = dense3_select[s * 10];
        const float exp5 = dlc_expf_fma(input5 - sum3);
        float most = exp5 / sum6;
        int32_t best = 0;
        for (int32_t j = 0; j < 10; j++) {
            const float input6 = dense3_select[s * 10 + j];
            const float exp6 = dlc_expf_fma(input6 - sum3);
            const float x = exp6 / sum6;
            const bool more = x > most;
            best = more ? j : best;
            most = more ? x : most;
        }
        const float sub = dlc_logf_fma(sum6) + sum3 - sum4;
        const float cast = best == label[s] ? 1.0f : 0.0f;
        report_loss[s] = sub;
        report_acc[s] = cast;
    }
}

/* k34_dense3_sum    models/fashion_mlp.dl:16
 *   y = sum x
 *   softmax1_sum_2 [64, 10] -> gradient_mlp_dense3_b [10]
 *   640 flop, 2600 bytes */
static void k34_dense3_sum(const float *restrict softmax1_sum_2,
                           float *restrict gradient_mlp_dense3_b)
{
    for (int32_t i = 0; i < 8; i += 8) {
        v8f sum = v8f_splat(0.0f);
        v8f sum2 = v8f_splat(0.0f);
        v8f sum3 = v8f_splat(0.0f);
        v8f sum4 = v8f_splat(0.0f);
        for (int32_t r = 0; r < 64; r += 4) {
            sum = v8f_add(sum, v8f_load(&softmax1_sum_2[r * 10 + i]));
            sum2 = v8f_add(sum2, v8f_load(&softmax1_sum_2[r * 10 + i + 10]));
            sum3 = v8f_add(sum3, v8f_load(&softmax1_sum_2[r * 10 + i + 20]));
            sum4 = v8f_add(sum4, v8f_load(&softmax1_sum_2[r * 10 + i + 30]));
        }
        sum = v8f_add(sum, sum2);
        sum3 = v8f_add(sum3, sum4);
        sum = v8f_add(sum, sum3);
        v8f_store(&gradient_mlp_dense3_b[i], sum);
    }
    for (int32_t i2 = 8; i2 < 10; i2++) {
        float sum5 = 0.0f;
        for (int32_t r2 = 0; r2 < 64; r2++) {
            sum5 += softmax1_sum_2[r2 * 10 + i2];
        }
        gradient_mlp_dense3_b[i2] = sum5;
    }
}

/* k35_dense3_dot    models/fashion_mlp.dl:16
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense2_relu [64, 64], softmax1_sum_2 [64, 10] -> gradient_mlp_dense3_w [64, 10]
 *   81920 flop, 21504 bytes */
static void k35_dense3_dot(const float *restrict dense2_relu,
                           const float *restrict softmax1_sum_2,
                           float *restrict gradient_mlp_dense3_w)
{
    float panel[1024];
    float stage[96];
    for (int32_t t = 0; t < 64; t++) {
        v8f_store(&panel[t * 8 + 512], v8f_splat(0.0f));
        v8f_store(&panel[t * 8], v8f_load(&softmax1_sum_2[t * 10]));
        panel[t * 8 + 512] = softmax1_sum_2[t * 10 + 8];
        panel[t * 8 + 513] = softmax1_sum_2[t * 10 + 9];
    }
    for (int32_t i = 0; i < 54; i += 6) {
        v8f c0_0 = v8f_splat(0.0f);
        v8f c0_1 = v8f_splat(0.0f);
        v8f c1_0 = v8f_splat(0.0f);
        v8f c1_1 = v8f_splat(0.0f);
        v8f c2_0 = v8f_splat(0.0f);
        v8f c2_1 = v8f_splat(0.0f);
        v8f c3_0 = v8f_splat(0.0f);
        v8f c3_1 = v8f_splat(0.0f);
        v8f c4_0 = v8f_splat(0.0f);
        v8f c4_1 = v8f_splat(0.0f);
        v8f c5_0 = v8f_splat(0.0f);
        v8f c5_1 = v8f_splat(0.0f);
        for (int32_t t2 = 0; t2 < 64; t2++) {
            const v8f b0 = v8f_load(&panel[t2 * 8]);
            const v8f b1 = v8f_load(&panel[t2 * 8 + 512]);
            const float a0 = dense2_relu[i + t2 * 64];
            c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
            c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
            const float a1 = dense2_relu[i + t2 * 64 + 1];
            c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
            c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
            const float a2 = dense2_relu[i + t2 * 64 + 2];
            c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
            c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
            const float a3 = dense2_relu[i + t2 * 64 + 3];
            c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
            c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
            const float a4 = dense2_relu[i + t2 * 64 + 4];
            c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
            c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
            const float a5 = dense2_relu[i + t2 * 64 + 5];
            c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
            c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
        }
        v8f_store(stage, c0_0);
        v8f_store(&stage[8], c0_1);
        v8f_store(&stage[16], c1_0);
        v8f_store(&stage[24], c1_1);
        v8f_store(&stage[32], c2_0);
        v8f_store(&stage[40], c2_1);
        v8f_store(&stage[48], c3_0);
        v8f_store(&stage[56], c3_1);
        v8f_store(&stage[64], c4_0);
        v8f_store(&stage[72], c4_1);
        v8f_store(&stage[80], c5_0);
        v8f_store(&stage[88], c5_1);
        v8f_store(&gradient_mlp_dense3_w[i * 10], v8f_load(stage));
        gradient_mlp_dense3_w[i * 10 + 8] = stage[8];
        gradient_mlp_dense3_w[i * 10 + 9] = stage[9];
        v8f_store(&gradient_mlp_dense3_w[i * 10 + 10], v8f_load(&stage[16]));
        gradient_mlp_dense3_w[i * 10 + 18] = stage[24];
        gradient_mlp_dense3_w[i * 10 + 19] = stage[25];
        v8f_store(&gradient_mlp_dense3_w[i * 10 + 20], v8f_load(&stage[32]));
        gradient_mlp_dense3_w[i * 10 + 28] = stage[40];
        gradient_mlp_dense3_w[i * 10 + 29] = stage[41];
        v8f_store(&gradient_mlp_dense3_w[i * 10 + 30], v8f_load(&stage[48]));
        gradient_mlp_dense3_w[i * 10 + 38] = stage[56];
        gradient_mlp_dense3_w[i * 10 + 39] = stage[57];
        v8f_store(&gradient_mlp_dense3_w[i * 10 + 40], v8f_load(&stage[64]));
        gradient_mlp_dense3_w[i * 10 + 48] = stage[72];
        gradient_mlp_dense3_w[i * 10 + 49] = stage[73];
        v8f_store(&gradient_mlp_dense3_w[i * 10 + 50], v8f_load(&stage[80]));
        gradient_mlp_dense3_w[i * 10 + 58] = stage[88];
        gradient_mlp_dense3_w[i * 10 + 59] = stage[89];
    }
    for (int32_t i2 = 54; i2 < 64; i2 += 5) {
        v8f c0_0_2 = v8f_splat(0.0f);
        v8f c0_1_2 = v8f_splat(0.0f);
        v8f c1_0_2 = v8f_splat(0.0f);
        v8f c1_1_2 = v8f_splat(0.0f);
        v8f c2_0_2 = v8f_splat(0.0f);
        v8f c2_1_2 = v8f_splat(0.0f);
        v8f c3_0_2 = v8f_splat(0.0f);
        v8f c3_1_2 = v8f_splat(0.0f);
        v8f c4_0_2 = v8f_splat(0.0f);
        v8f c4_1_2 = v8f_splat(0.0f);
        for (int32_t t3 = 0; t3 < 64; t3++) {
            const v8f b0_2 = v8f_load(&panel[t3 * 8]);
            const v8f b1_2 = v8f_load(&panel[t3 * 8 + 512]);
            const float a0_2 = dense2_relu[i2 + t3 * 64];
            c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
            c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
            const float a1_2 = dense2_relu[i2 + t3 * 64 + 1];
            c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
            c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
            const float a2_2 = dense2_relu[i2 + t3 * 64 + 2];
            c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
            c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
            const float a3_2 = dense2_relu[i2 + t3 * 64 + 3];
            c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
            c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
            const float a4_2 = dense2_relu[i2 + t3 * 64 + 4];
            c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
            c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
        }
        v8f_store(stage, c0_0_2);
        v8f_store(&stage[8], c0_1_2);
        v8f_store(&stage[16], c1_0_2);
        v8f_store(&stage[24], c1_1_2);
        v8f_store(&stage[32], c2_0_2);
        v8f_store(&stage[40], c2_1_2);
        v8f_store(&stage[48], c3_0_2);
        v8f_store(&stage[56], c3_1_2);
        v8f_store(&stage[64], c4_0_2);
        v8f_store(&stage[72], c4_1_2);
        v8f_store(&gradient_mlp_dense3_w[i2 * 10], v8f_load(stage));
        gradient_mlp_dense3_w[i2 * 10 + 8] = stage[8];
        gradient_mlp_dense3_w[i2 * 10 + 9] = stage[9];
        v8f_store(&gradient_mlp_dense3_w[i2 * 10 + 10], v8f_load(&stage[16]));
        gradient_mlp_dense3_w[i2 * 10 + 18] = stage[24];
        gradient_mlp_dense3_w[i2 * 10 + 19] = stage[25];
        v8f_store(&gradient_mlp_dense3_w[i2 * 10 + 20], v8f_load(&stage[32]));
        gradient_mlp_dense3_w[i2 * 10 + 28] = stage[40];
        gradient_mlp_dense3_w[i2 * 10 + 29] = stage[41];
        v8f_store(&gradient_mlp_dense3_w[i2 * 10 + 30], v8f_load(&stage[48]));
        gradient_mlp_dense3_w[i2 * 10 + 38] = stage[56];
        gradient_mlp_dense3_w[i2 * 10 + 39] = stage[57];
        v8f_store(&gradient_mlp_dense3_w[i2 * 10 + 40], v8f_load(&stage[64]));
        gradient_mlp_dense3_w[i2 * 10 + 48] = stage[72];
        gradient_mlp_dense3_w[i2 * 10 + 49] = stage[73];
    }
}

/* k36_dense3_dot_select    models/fashion_mlp.dl:15
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   softmax1_sum_2 [64, 10], mlp_dense3_w [64, 10], dense2_relu [64, 64] -> dense3_select_3 [64, 64]
 *   90112 flop, 37888 bytes */
static void k36_dense3_dot_select(const float *restrict softmax1_sum_2,
                                  const float *restrict mlp_dense3_w,
                                  const float *dense2_relu, float *dense3_select_3,
                                  int32_t slice, int32_t slices)
{
    float panel[160];
    for (int32_t slice2 = slice; slice2 < 4; slice2 += slices) {
        for (int32_t t = 0; t < 10; t++) {
            panel[t * 8] = mlp_dense3_w[slice2 * 160 + t];
            panel[t * 8 + 1] = mlp_dense3_w[slice2 * 160 + t + 10];
            panel[t * 8 + 2] = mlp_dense3_w[slice2 * 160 + t + 20];
            panel[t * 8 + 3] = mlp_dense3_w[slice2 * 160 + t + 30];
            panel[t * 8 + 4] = mlp_dense3_w[slice2 * 160 + t + 40];
            panel[t * 8 + 5] = mlp_dense3_w[slice2 * 160 + t + 50];
            panel[t * 8 + 6] = mlp_dense3_w[slice2 * 160 + t + 60];
            panel[t * 8 + 7] = mlp_dense3_w[slice2 * 160 + t + 70];
        }
        for (int32_t t2 = 0; t2 < 10; t2++) {
            panel[t2 * 8 + 80] = mlp_dense3_w[slice2 * 160 + t2 + 80];
            panel[t2 * 8 + 81] = mlp_dense3_w[slice2 * 160 + t2 + 90];
            panel[t2 * 8 + 82] = mlp_dense3_w[slice2 * 160 + t2 + 100];
            panel[t2 * 8 + 83] = mlp_dense3_w[slice2 * 160 + t2 + 110];
            panel[t2 * 8 + 84] = mlp_dense3_w[slice2 * 160 + t2 + 120];
            panel[t2 * 8 + 85] = mlp_dense3_w[slice2 * 160 + t2 + 130];
            panel[t2 * 8 + 86] = mlp_dense3_w[slice2 * 160 + t2 + 140];
            panel[t2 * 8 + 87] = mlp_dense3_w[slice2 * 160 + t2 + 150];
        }
        for (int32_t i = 0; i < 54; i += 6) {
            v8f c0_0 = v8f_splat(0.0f);
            v8f c0_1 = v8f_splat(0.0f);
            v8f c1_0 = v8f_splat(0.0f);
            v8f c1_1 = v8f_splat(0.0f);
            v8f c2_0 = v8f_splat(0.0f);
            v8f c2_1 = v8f_splat(0.0f);
            v8f c3_0 = v8f_splat(0.0f);
            v8f c3_1 = v8f_splat(0.0f);
            v8f c4_0 = v8f_splat(0.0f);
            v8f c4_1 = v8f_splat(0.0f);
            v8f c5_0 = v8f_splat(0.0f);
            v8f c5_1 = v8f_splat(0.0f);
            for (int32_t t3 = 0; t3 < 10; t3++) {
                const v8f b0 = v8f_load(&panel[t3 * 8]);
                const v8f b1 = v8f_load(&panel[t3 * 8 + 80]);
                const float a0 = softmax1_sum_2[i * 10 + t3];
                c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                const float a1 = softmax1_sum_2[i * 10 + t3 + 10];
                c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                const float a2 = softmax1_sum_2[i * 10 + t3 + 20];
                c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                const float a3 = softmax1_sum_2[i * 10 + t3 + 30];
                c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                const float a4 = softmax1_sum_2[i * 10 + t3 + 40];
                c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                const float a5 = softmax1_sum_2[i * 10 + t3 + 50];
                c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
            }
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16])), c0_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 8], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 8])), c0_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 64], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 64])), c1_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 72], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 72])), c1_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 128], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 128])), c2_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 136], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 136])), c2_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 192], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 192])), c3_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 200], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 200])), c3_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 256], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 256])), c4_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 264], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 264])), c4_1, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 320], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 320])), c5_0, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i * 64 + slice2 * 16 + 328], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i * 64 + slice2 * 16 + 328])), c5_1, v8f_splat(0.0f)));
        }
        for (int32_t i2 = 54; i2 < 64; i2 += 5) {
            v8f c0_0_2 = v8f_splat(0.0f);
            v8f c0_1_2 = v8f_splat(0.0f);
            v8f c1_0_2 = v8f_splat(0.0f);
            v8f c1_1_2 = v8f_splat(0.0f);
            v8f c2_0_2 = v8f_splat(0.0f);
            v8f c2_1_2 = v8f_splat(0.0f);
            v8f c3_0_2 = v8f_splat(0.0f);
            v8f c3_1_2 = v8f_splat(0.0f);
            v8f c4_0_2 = v8f_splat(0.0f);
            v8f c4_1_2 = v8f_splat(0.0f);
            for (int32_t t4 = 0; t4 < 10; t4++) {
                const v8f b0_2 = v8f_load(&panel[t4 * 8]);
                const v8f b1_2 = v8f_load(&panel[t4 * 8 + 80]);
                const float a0_2 = softmax1_sum_2[i2 * 10 + t4];
                c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                const float a1_2 = softmax1_sum_2[i2 * 10 + t4 + 10];
                c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                const float a2_2 = softmax1_sum_2[i2 * 10 + t4 + 20];
                c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                const float a3_2 = softmax1_sum_2[i2 * 10 + t4 + 30];
                c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                const float a4_2 = softmax1_sum_2[i2 * 10 + t4 + 40];
                c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
            }
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16])), c0_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 8], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 8])), c0_1_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 64], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 64])), c1_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 72], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 72])), c1_1_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 128], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 128])), c2_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 136], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 136])), c2_1_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 192], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 192])), c3_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 200], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 200])), c3_1_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 256], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 256])), c4_0_2, v8f_splat(0.0f)));
            v8f_store(&dense3_select_3[i2 * 64 + slice2 * 16 + 264], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense2_relu[i2 * 64 + slice2 * 16 + 264])), c4_1_2, v8f_splat(0.0f)));
        }
    }
}

/* k37_dense2_sum    models/fashion_mlp.dl:15
 *   y = sum x
 *   dense3_select_3 [64, 64] -> gradient_mlp_dense2_b [64]
 *   4096 flop, 16640 bytes */
static void k37_dense2_sum(const float *restrict dense3_select_3,
                           float *restrict gradient_mlp_dense2_b)
{
    for (int32_t i = 0; i < 64; i += 8) {
        v8f sum = v8f_splat(0.0f);
        v8f sum2 = v8f_splat(0.0f);
        v8f sum3 = v8f_splat(0.0f);
        v8f sum4 = v8f_splat(0.0f);
        for (int32_t r = 0; r < 64; r += 4) {
            sum = v8f_add(sum, v8f_load(&dense3_select_3[r * 64 + i]));
            sum2 = v8f_add(sum2, v8f_load(&dense3_select_3[r * 64 + i + 64]));
            sum3 = v8f_add(sum3, v8f_load(&dense3_select_3[r * 64 + i + 128]));
            sum4 = v8f_add(sum4, v8f_load(&dense3_select_3[r * 64 + i + 192]));
        }
        sum = v8f_add(sum, sum2);
        sum3 = v8f_add(sum3, sum4);
        sum = v8f_add(sum, sum3);
        v8f_store(&gradient_mlp_dense2_b[i], sum);
    }
}

/* k38_dense2_dot    models/fashion_mlp.dl:15
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense1_relu [64, 128], dense3_select_3 [64, 64] -> gradient_mlp_dense2_w [128, 64]
 *   1048576 flop, 81920 bytes */
static void k38_dense2_dot(const float *restrict dense1_relu,
                           const float *restrict dense3_select_3,
                           float *restrict gradient_mlp_dense2_w,
                           int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 8; slice2 += slices) {
        for (int32_t j = 0; j < 64; j += 16) {
            v8f c0_0 = v8f_splat(0.0f);
            v8f c0_1 = v8f_splat(0.0f);
            v8f c1_0 = v8f_splat(0.0f);
            v8f c1_1 = v8f_splat(0.0f);
            v8f c2_0 = v8f_splat(0.0f);
            v8f c2_1 = v8f_splat(0.0f);
            v8f c3_0 = v8f_splat(0.0f);
            v8f c3_1 = v8f_splat(0.0f);
            v8f c4_0 = v8f_splat(0.0f);
            v8f c4_1 = v8f_splat(0.0f);
            v8f c5_0 = v8f_splat(0.0f);
            v8f c5_1 = v8f_splat(0.0f);
            for (int32_t t = 0; t < 64; t++) {
                const v8f b0 = v8f_load(&dense3_select_3[j + t * 64]);
                const v8f b1 = v8f_load(&dense3_select_3[j + t * 64 + 8]);
                const float a0 = dense1_relu[slice2 * 16 + t * 128];
                c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                const float a1 = dense1_relu[slice2 * 16 + t * 128 + 1];
                c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                const float a2 = dense1_relu[slice2 * 16 + t * 128 + 2];
                c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                const float a3 = dense1_relu[slice2 * 16 + t * 128 + 3];
                c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                const float a4 = dense1_relu[slice2 * 16 + t * 128 + 4];
                c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                const float a5 = dense1_relu[slice2 * 16 + t * 128 + 5];
                c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
            }
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j], c0_0);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 8], c0_1);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 64], c1_0);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 72], c1_1);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 128], c2_0);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 136], c2_1);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 192], c3_0);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 200], c3_1);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 256], c4_0);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 264], c4_1);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 320], c5_0);
            v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + j + 328], c5_1);
            for (int32_t i = 6; i < 16; i += 5) {
                v8f c0_0_2 = v8f_splat(0.0f);
                v8f c0_1_2 = v8f_splat(0.0f);
                v8f c1_0_2 = v8f_splat(0.0f);
                v8f c1_1_2 = v8f_splat(0.0f);
                v8f c2_0_2 = v8f_splat(0.0f);
                v8f c2_1_2 = v8f_splat(0.0f);
                v8f c3_0_2 = v8f_splat(0.0f);
                v8f c3_1_2 = v8f_splat(0.0f);
                v8f c4_0_2 = v8f_splat(0.0f);
                v8f c4_1_2 = v8f_splat(0.0f);
                for (int32_t t2 = 0; t2 < 64; t2++) {
                    const v8f b0_2 = v8f_load(&dense3_select_3[j + t2 * 64]);
                    const v8f b1_2 = v8f_load(&dense3_select_3[j + t2 * 64 + 8]);
                    const float a0_2 = dense1_relu[slice2 * 16 + i + t2 * 128];
                    c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                    c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                    const float a1_2 = dense1_relu[slice2 * 16 + i + t2 * 128 + 1];
                    c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                    c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                    const float a2_2 = dense1_relu[slice2 * 16 + i + t2 * 128 + 2];
                    c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                    c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                    const float a3_2 = dense1_relu[slice2 * 16 + i + t2 * 128 + 3];
                    c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                    c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                    const float a4_2 = dense1_relu[slice2 * 16 + i + t2 * 128 + 4];
                    c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                    c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
                }
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j], c0_0_2);
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j + 8], c0_1_2);
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j + 64], c1_0_2);
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j + 72], c1_1_2);
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j + 128], c2_0_2);
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j + 136], c2_1_2);
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j + 192], c3_0_2);
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j + 200], c3_1_2);
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j + 256], c4_0_2);
                v8f_store(&gradient_mlp_dense2_w[slice2 * 1024 + i * 64 + j + 264], c4_1_2);
            }
        }
    }
}

/* k39_dense2_dot_select    models/fashion_mlp.dl:14
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense3_select_3 [64, 64], mlp_dense2_w [128, 64], dense1_relu [64, 128] -> dense2_select [64, 128]
 *   1064960 flop, 114688 bytes */
static void k39_dense2_dot_select(const float *restrict dense3_select_3,
                                  const float *restrict mlp_dense2_w,
                                  const float *dense1_relu, float *dense2_select,
                                  int32_t slice, int32_t slices)
{
    float panel[1024];
    for (int32_t slice2 = slice; slice2 < 8; slice2 += slices) {
        for (int32_t t = 0; t < 64; t++) {
            panel[t * 8] = mlp_dense2_w[slice2 * 1024 + t];
            panel[t * 8 + 1] = mlp_dense2_w[slice2 * 1024 + t + 64];
            panel[t * 8 + 2] = mlp_dense2_w[slice2 * 1024 + t + 128];
            panel[t * 8 + 3] = mlp_dense2_w[slice2 * 1024 + t + 192];
            panel[t * 8 + 4] = mlp_dense2_w[slice2 * 1024 + t + 256];
            panel[t * 8 + 5] = mlp_dense2_w[slice2 * 1024 + t + 320];
            panel[t * 8 + 6] = mlp_dense2_w[slice2 * 1024 + t + 384];
            panel[t * 8 + 7] = mlp_dense2_w[slice2 * 1024 + t + 448];
        }
        for (int32_t t2 = 0; t2 < 64; t2++) {
            panel[t2 * 8 + 512] = mlp_dense2_w[slice2 * 1024 + t2 + 512];
            panel[t2 * 8 + 513] = mlp_dense2_w[slice2 * 1024 + t2 + 576];
            panel[t2 * 8 + 514] = mlp_dense2_w[slice2 * 1024 + t2 + 640];
            panel[t2 * 8 + 515] = mlp_dense2_w[slice2 * 1024 + t2 + 704];
            panel[t2 * 8 + 516] = mlp_dense2_w[slice2 * 1024 + t2 + 768];
            panel[t2 * 8 + 517] = mlp_dense2_w[slice2 * 1024 + t2 + 832];
            panel[t2 * 8 + 518] = mlp_dense2_w[slice2 * 1024 + t2 + 896];
            panel[t2 * 8 + 519] = mlp_dense2_w[slice2 * 1024 + t2 + 960];
        }
        for (int32_t i = 0; i < 54; i += 6) {
            v8f c0_0 = v8f_splat(0.0f);
            v8f c0_1 = v8f_splat(0.0f);
            v8f c1_0 = v8f_splat(0.0f);
            v8f c1_1 = v8f_splat(0.0f);
            v8f c2_0 = v8f_splat(0.0f);
            v8f c2_1 = v8f_splat(0.0f);
            v8f c3_0 = v8f_splat(0.0f);
            v8f c3_1 = v8f_splat(0.0f);
            v8f c4_0 = v8f_splat(0.0f);
            v8f c4_1 = v8f_splat(0.0f);
            v8f c5_0 = v8f_splat(0.0f);
            v8f c5_1 = v8f_splat(0.0f);
            for (int32_t t3 = 0; t3 < 64; t3++) {
                const v8f b0 = v8f_load(&panel[t3 * 8]);
                const v8f b1 = v8f_load(&panel[t3 * 8 + 512]);
                const float a0 = dense3_select_3[i * 64 + t3];
                c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                const float a1 = dense3_select_3[i * 64 + t3 + 64];
                c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                const float a2 = dense3_select_3[i * 64 + t3 + 128];
                c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                const float a3 = dense3_select_3[i * 64 + t3 + 192];
                c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                const float a4 = dense3_select_3[i * 64 + t3 + 256];
                c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                const float a5 = dense3_select_3[i * 64 + t3 + 320];
                c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
            }
            v8f_store(&dense2_select[i * 128 + slice2 * 16], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16])), c0_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 8], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 8])), c0_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 128], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 128])), c1_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 136], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 136])), c1_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 256], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 256])), c2_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 264], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 264])), c2_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 384], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 384])), c3_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 392], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 392])), c3_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 512], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 512])), c4_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 520], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 520])), c4_1, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 640], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 640])), c5_0, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i * 128 + slice2 * 16 + 648], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i * 128 + slice2 * 16 + 648])), c5_1, v8f_splat(0.0f)));
        }
        for (int32_t i2 = 54; i2 < 64; i2 += 5) {
            v8f c0_0_2 = v8f_splat(0.0f);
            v8f c0_1_2 = v8f_splat(0.0f);
            v8f c1_0_2 = v8f_splat(0.0f);
            v8f c1_1_2 = v8f_splat(0.0f);
            v8f c2_0_2 = v8f_splat(0.0f);
            v8f c2_1_2 = v8f_splat(0.0f);
            v8f c3_0_2 = v8f_splat(0.0f);
            v8f c3_1_2 = v8f_splat(0.0f);
            v8f c4_0_2 = v8f_splat(0.0f);
            v8f c4_1_2 = v8f_splat(0.0f);
            for (int32_t t4 = 0; t4 < 64; t4++) {
                const v8f b0_2 = v8f_load(&panel[t4 * 8]);
                const v8f b1_2 = v8f_load(&panel[t4 * 8 + 512]);
                const float a0_2 = dense3_select_3[i2 * 64 + t4];
                c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                const float a1_2 = dense3_select_3[i2 * 64 + t4 + 64];
                c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                const float a2_2 = dense3_select_3[i2 * 64 + t4 + 128];
                c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                const float a3_2 = dense3_select_3[i2 * 64 + t4 + 192];
                c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                const float a4_2 = dense3_select_3[i2 * 64 + t4 + 256];
                c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
            }
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16])), c0_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 8], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 8])), c0_1_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 128], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 128])), c1_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 136], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 136])), c1_1_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 256], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 256])), c2_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 264], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 264])), c2_1_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 384], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 384])), c3_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 392], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 392])), c3_1_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 512], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 512])), c4_0_2, v8f_splat(0.0f)));
            v8f_store(&dense2_select[i2 * 128 + slice2 * 16 + 520], v8f_select(v8f_lt(v8f_splat(0.0f), v8f_load(&dense1_relu[i2 * 128 + slice2 * 16 + 520])), c4_1_2, v8f_splat(0.0f)));
        }
    }
}

/* k40_dense1_sum    models/fashion_mlp.dl:14
 *   y = sum x
 *   dense2_select [64, 128] -> gradient_mlp_dense1_b [128]
 *   8192 flop, 33280 bytes */
static void k40_dense1_sum(const float *restrict dense2_select,
                           float *restrict gradient_mlp_dense1_b,
                           int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 16; s += slices) {
        v8f sum = v8f_splat(0.0f);
        v8f sum2 = v8f_splat(0.0f);
        v8f sum3 = v8f_splat(0.0f);
        v8f sum4 = v8f_splat(0.0f);
        for (int32_t r = 0; r < 64; r += 4) {
            sum = v8f_add(sum, v8f_load(&dense2_select[r * 128 + s * 8]));
            sum2 = v8f_add(sum2, v8f_load(&dense2_select[r * 128 + s * 8 + 128]));
            sum3 = v8f_add(sum3, v8f_load(&dense2_select[r * 128 + s * 8 + 256]));
            sum4 = v8f_add(sum4, v8f_load(&dense2_select[r * 128 + s * 8 + 384]));
        }
        sum = v8f_add(sum, sum2);
        sum3 = v8f_add(sum3, sum4);
        sum = v8f_add(sum, sum3);
        v8f_store(&gradient_mlp_dense1_b[s * 8], sum);
    }
}

/* k41_dense1_dot    models/fashion_mlp.dl:14
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   rescale1_mul [64, 28, 28], dense2_select [64, 128] -> gradient_mlp_dense1_w [784, 128]
 *   12845056 flop, 634880 bytes */
static void k41_dense1_dot(const float *restrict rescale1_mul,
                           const float *restrict dense2_select,
                           float *restrict gradient_mlp_dense1_w,
                           int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 4; slice2 += slices) {
        for (int32_t j = 0; j < 128; j += 16) {
            for (int32_t i = 0; i < 186; i += 6) {
                v8f c0_0 = v8f_splat(0.0f);
                v8f c0_1 = v8f_splat(0.0f);
                v8f c1_0 = v8f_splat(0.0f);
                v8f c1_1 = v8f_splat(0.0f);
                v8f c2_0 = v8f_splat(0.0f);
                v8f c2_1 = v8f_splat(0.0f);
                v8f c3_0 = v8f_splat(0.0f);
                v8f c3_1 = v8f_splat(0.0f);
                v8f c4_0 = v8f_splat(0.0f);
                v8f c4_1 = v8f_splat(0.0f);
                v8f c5_0 = v8f_splat(0.0f);
                v8f c5_1 = v8f_splat(0.0f);
                for (int32_t t = 0; t < 64; t++) {
                    const v8f b0 = v8f_load(&dense2_select[j + t * 128]);
                    const v8f b1 = v8f_load(&dense2_select[j + t * 128 + 8]);
                    const float a0 = rescale1_mul[slice2 * 196 + i + t * 784];
                    c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                    c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
                    const float a1 = rescale1_mul[slice2 * 196 + i + t * 784 + 1];
                    c1_0 = v8f_fma(v8f_splat(a1), b0, c1_0);
                    c1_1 = v8f_fma(v8f_splat(a1), b1, c1_1);
                    const float a2 = rescale1_mul[slice2 * 196 + i + t * 784 + 2];
                    c2_0 = v8f_fma(v8f_splat(a2), b0, c2_0);
                    c2_1 = v8f_fma(v8f_splat(a2), b1, c2_1);
                    const float a3 = rescale1_mul[slice2 * 196 + i + t * 784 + 3];
                    c3_0 = v8f_fma(v8f_splat(a3), b0, c3_0);
                    c3_1 = v8f_fma(v8f_splat(a3), b1, c3_1);
                    const float a4 = rescale1_mul[slice2 * 196 + i + t * 784 + 4];
                    c4_0 = v8f_fma(v8f_splat(a4), b0, c4_0);
                    c4_1 = v8f_fma(v8f_splat(a4), b1, c4_1);
                    const float a5 = rescale1_mul[slice2 * 196 + i + t * 784 + 5];
                    c5_0 = v8f_fma(v8f_splat(a5), b0, c5_0);
                    c5_1 = v8f_fma(v8f_splat(a5), b1, c5_1);
                }
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j], c0_0);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 8], c0_1);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 128], c1_0);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 136], c1_1);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 256], c2_0);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 264], c2_1);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 384], c3_0);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 392], c3_1);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 512], c4_0);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 520], c4_1);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 640], c5_0);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i * 128 + j + 648], c5_1);
            }
            for (int32_t i2 = 186; i2 < 196; i2 += 5) {
                v8f c0_0_2 = v8f_splat(0.0f);
                v8f c0_1_2 = v8f_splat(0.0f);
                v8f c1_0_2 = v8f_splat(0.0f);
                v8f c1_1_2 = v8f_splat(0.0f);
                v8f c2_0_2 = v8f_splat(0.0f);
                v8f c2_1_2 = v8f_splat(0.0f);
                v8f c3_0_2 = v8f_splat(0.0f);
                v8f c3_1_2 = v8f_splat(0.0f);
                v8f c4_0_2 = v8f_splat(0.0f);
                v8f c4_1_2 = v8f_splat(0.0f);
                for (int32_t t2 = 0; t2 < 64; t2++) {
                    const v8f b0_2 = v8f_load(&dense2_select[j + t2 * 128]);
                    const v8f b1_2 = v8f_load(&dense2_select[j + t2 * 128 + 8]);
                    const float a0_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784];
                    c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                    c0_1_2 = v8f_fma(v8f_splat(a0_2), b1_2, c0_1_2);
                    const float a1_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784 + 1];
                    c1_0_2 = v8f_fma(v8f_splat(a1_2), b0_2, c1_0_2);
                    c1_1_2 = v8f_fma(v8f_splat(a1_2), b1_2, c1_1_2);
                    const float a2_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784 + 2];
                    c2_0_2 = v8f_fma(v8f_splat(a2_2), b0_2, c2_0_2);
                    c2_1_2 = v8f_fma(v8f_splat(a2_2), b1_2, c2_1_2);
                    const float a3_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784 + 3];
                    c3_0_2 = v8f_fma(v8f_splat(a3_2), b0_2, c3_0_2);
                    c3_1_2 = v8f_fma(v8f_splat(a3_2), b1_2, c3_1_2);
                    const float a4_2 = rescale1_mul[slice2 * 196 + i2 + t2 * 784 + 4];
                    c4_0_2 = v8f_fma(v8f_splat(a4_2), b0_2, c4_0_2);
                    c4_1_2 = v8f_fma(v8f_splat(a4_2), b1_2, c4_1_2);
                }
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j], c0_0_2);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j + 8], c0_1_2);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j + 128], c1_0_2);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j + 136], c1_1_2);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j + 256], c2_0_2);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j + 264], c2_1_2);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j + 384], c3_0_2);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j + 392], c3_1_2);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j + 512], c4_0_2);
                v8f_store(&gradient_mlp_dense1_w[slice2 * 25088 + i2 * 128 + j + 520], c4_1_2);
            }
        }
    }
}

/* k42_dense1_add_update    models/fashion_mlp.dl:24
 *   y = a + b
 *   minimize1_adam_m_mlp_dense1_w [784, 128], gradient_mlp_dense1_w [784, 128], minimize1_adam_v_mlp_dense1_w [784, 128], step [], total_steps [], mlp_dense1_w [784, 128] -> minimize1_adam_m_mlp_dense1_w [784, 128], minimize1_adam_v_mlp_dense1_w [784, 128], mlp_dense1_w [784, 128]
 *   3010673 flop, 2809864 bytes */
static void k42_dense1_add_update(float *restrict minimize1_adam_m_mlp_dense1_w,
                                  const float *restrict gradient_mlp_dense1_w,
                                  float *restrict minimize1_adam_v_mlp_dense1_w,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense1_w,
                                  int32_t slice, int32_t slices)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t s = slice; s < 64; s += slices) {
        for (int32_t i = s * 1568; i < s * 1568 + 1568; i += 8) {
            const v8f input2 = v8f_load(&gradient_mlp_dense1_w[i]);
            const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense1_w[i])), v8f_mul(v8f_splat(0.1f), input2));
            const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense1_w[i])), v8f_mul(v8f_splat(0.001f), v8f_mul(input2, input2)));
            const v8f sub3 = v8f_sub(v8f_load(&mlp_dense1_w[i]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
            v8f_store(&minimize1_adam_m_mlp_dense1_w[i], add);
            v8f_store(&minimize1_adam_v_mlp_dense1_w[i], add2);
            v8f_store(&mlp_dense1_w[i], sub3);
        }
    }
}

/* k43_dense1_add_update    models/fashion_mlp.dl:24
 *   y = a + b
 *   minimize1_adam_m_mlp_dense1_b [128], gradient_mlp_dense1_b [128], minimize1_adam_v_mlp_dense1_b [128], step [], total_steps [], mlp_dense1_b [128] -> minimize1_adam_m_mlp_dense1_b [128], minimize1_adam_v_mlp_dense1_b [128], mlp_dense1_b [128]
 *   3953 flop, 3592 bytes */
static void k43_dense1_add_update(float *restrict minimize1_adam_m_mlp_dense1_b,
                                  const float *restrict gradient_mlp_dense1_b,
                                  float *restrict minimize1_adam_v_mlp_dense1_b,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense1_b)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t i = 0; i < 128; i += 8) {
        const v8f input2 = v8f_load(&gradient_mlp_dense1_b[i]);
        const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense1_b[i])), v8f_mul(v8f_splat(0.1f), input2));
        const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense1_b[i])), v8f_mul(v8f_splat(0.001f), v8f_mul(input2, input2)));
        const v8f sub3 = v8f_sub(v8f_load(&mlp_dense1_b[i]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
        v8f_store(&minimize1_adam_m_mlp_dense1_b[i], add);
        v8f_store(&minimize1_adam_v_mlp_dense1_b[i], add2);
        v8f_store(&mlp_dense1_b[i], sub3);
    }
}

/* k44_dense2_add_update    models/fashion_mlp.dl:24
 *   y = a + b
 *   minimize1_adam_m_mlp_dense2_w [128, 64], gradient_mlp_dense2_w [128, 64], minimize1_adam_v_mlp_dense2_w [128, 64], step [], total_steps [], mlp_dense2_w [128, 64] -> minimize1_adam_m_mlp_dense2_w [128, 64], minimize1_adam_v_mlp_dense2_w [128, 64], mlp_dense2_w [128, 64]
 *   245873 flop, 229384 bytes */
static void k44_dense2_add_update(float *restrict minimize1_adam_m_mlp_dense2_w,
                                  const float *restrict gradient_mlp_dense2_w,
                                  float *restrict minimize1_adam_v_mlp_dense2_w,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense2_w,
                                  int32_t slice, int32_t slices)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t s = slice; s < 64; s += slices) {
        for (int32_t i = s * 128; i < s * 128 + 128; i += 8) {
            const v8f input2 = v8f_load(&gradient_mlp_dense2_w[i]);
            const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense2_w[i])), v8f_mul(v8f_splat(0.1f), input2));
            const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense2_w[i])), v8f_mul(v8f_splat(0.001f), v8f_mul(input2, input2)));
            const v8f sub3 = v8f_sub(v8f_load(&mlp_dense2_w[i]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
            v8f_store(&minimize1_adam_m_mlp_dense2_w[i], add);
            v8f_store(&minimize1_adam_v_mlp_dense2_w[i], add2);
            v8f_store(&mlp_dense2_w[i], sub3);
        }
    }
}

/* k45_dense2_add_update    models/fashion_mlp.dl:24
 *   y = a + b
 *   minimize1_adam_m_mlp_dense2_b [64], gradient_mlp_dense2_b [64], minimize1_adam_v_mlp_dense2_b [64], step [], total_steps [], mlp_dense2_b [64] -> minimize1_adam_m_mlp_dense2_b [64], minimize1_adam_v_mlp_dense2_b [64], mlp_dense2_b [64]
 *   2033 flop, 1800 bytes */
static void k45_dense2_add_update(float *restrict minimize1_adam_m_mlp_dense2_b,
                                  const float *restrict gradient_mlp_dense2_b,
                                  float *restrict minimize1_adam_v_mlp_dense2_b,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense2_b)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t i = 0; i < 64; i += 8) {
        const v8f input2 = v8f_load(&gradient_mlp_dense2_b[i]);
        const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense2_b[i])), v8f_mul(v8f_splat(0.1f), input2));
        const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense2_b[i])), v8f_mul(v8f_splat(0.001f), v8f_mul(input2, input2)));
        const v8f sub3 = v8f_sub(v8f_load(&mlp_dense2_b[i]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
        v8f_store(&minimize1_adam_m_mlp_dense2_b[i], add);
        v8f_store(&minimize1_adam_v_mlp_dense2_b[i], add2);
        v8f_store(&mlp_dense2_b[i], sub3);
    }
}

/* k46_dense3_add_update    models/fashion_mlp.dl:24
 *   y = a + b
 *   minimize1_adam_m_mlp_dense3_w [64, 10], gradient_mlp_dense3_w [64, 10], minimize1_adam_v_mlp_dense3_w [64, 10], step [], total_steps [], mlp_dense3_w [64, 10] -> minimize1_adam_m_mlp_dense3_w [64, 10], minimize1_adam_v_mlp_dense3_w [64, 10], mlp_dense3_w [64, 10]
 *   19313 flop, 17928 bytes */
static void k46_dense3_add_update(float *restrict minimize1_adam_m_mlp_dense3_w,
                                  const float *restrict gradient_mlp_dense3_w,
                                  float *restrict minimize1_adam_v_mlp_dense3_w,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense3_w,
                                  int32_t slice, int32_t slices)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t s = slice; s < 40; s += slices) {
        for (int32_t i = s * 16; i < s * 16 + 16; i += 8) {
            const v8f input2 = v8f_load(&gradient_mlp_dense3_w[i]);
            const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense3_w[i])), v8f_mul(v8f_splat(0.1f), input2));
            const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense3_w[i])), v8f_mul(v8f_splat(0.001f), v8f_mul(input2, input2)));
            const v8f sub3 = v8f_sub(v8f_load(&mlp_dense3_w[i]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
            v8f_store(&minimize1_adam_m_mlp_dense3_w[i], add);
            v8f_store(&minimize1_adam_v_mlp_dense3_w[i], add2);
            v8f_store(&mlp_dense3_w[i], sub3);
        }
    }
}

/* k47_dense3_add_update    models/fashion_mlp.dl:24
 *   y = a + b
 *   minimize1_adam_m_mlp_dense3_b [10], gradient_mlp_dense3_b [10], minimize1_adam_v_mlp_dense3_b [10], step [], total_steps [], mlp_dense3_b [10] -> minimize1_adam_m_mlp_dense3_b [10], minimize1_adam_v_mlp_dense3_b [10], mlp_dense3_b [10]
 *   413 flop, 288 bytes */
static void k47_dense3_add_update(float *restrict minimize1_adam_m_mlp_dense3_b,
                                  const float *restrict gradient_mlp_dense3_b,
                                  float *restrict minimize1_adam_v_mlp_dense3_b,
                                  const float *restrict step2,
                                  const float *restrict total_steps,
                                  float *restrict mlp_dense3_b)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf_fma(0.999f, input);
    const float mul = 0.001f * (1.0f + dlc_cosf_fma(3.1415927f * dlc_min_f32(dlc_max_f32(input / dlc_max_f32(total_steps[0], 1.0f), 0.0f), 1.0f)));
    const float sub2 = 1.0f - dlc_powf_fma(0.9f, input);
    for (int32_t i = 0; i < 8; i += 8) {
        const v8f input2 = v8f_load(&gradient_mlp_dense3_b[i]);
        const v8f add = v8f_add(v8f_mul(v8f_splat(0.9f), v8f_load(&minimize1_adam_m_mlp_dense3_b[i])), v8f_mul(v8f_splat(0.1f), input2));
        const v8f add2 = v8f_add(v8f_mul(v8f_splat(0.999f), v8f_load(&minimize1_adam_v_mlp_dense3_b[i])), v8f_mul(v8f_splat(0.001f), v8f_mul(input2, input2)));
        const v8f sub3 = v8f_sub(v8f_load(&mlp_dense3_b[i]), v8f_div(v8f_mul(v8f_splat(mul), v8f_div(add, v8f_splat(sub2))), v8f_add(v8f_sqrt(v8f_div(add2, v8f_splat(sub))), v8f_splat(1e-07f))));
        v8f_store(&minimize1_adam_m_mlp_dense3_b[i], add);
        v8f_store(&minimize1_adam_v_mlp_dense3_b[i], add2);
        v8f_store(&mlp_dense3_b[i], sub3);
    }
    for (int32_t i2 = 8; i2 < 10; i2++) {
        const float input3 = gradient_mlp_dense3_b[i2];
        const float add3 = 0.9f * minimize1_adam_m_mlp_dense3_b[i2] + 0.1f * input3;
        const float add4 = 0.999f * minimize1_adam_v_mlp_dense3_b[i2] + 0.001f * (input3 * input3);
        const float sub4 = mlp_dense3_b[i2] - mul * (add3 / sub2) / (sqrtf(add4 / sub) + 1e-07f);
        minimize1_adam_m_mlp_dense3_b[i2] = add3;
        minimize1_adam_v_mlp_dense3_b[i2] = add4;
        mlp_dense3_b[i2] = sub4;
    }
}

/* k48_rescale1_mul    models/fashion_mlp.dl:13
 *   y = a b
 *   image [1, 28, 28] -> rescale1_mul [1, 28, 28]
 *   1568 flop, 3920 bytes */
static void k48_rescale1_mul(const uint8_t *restrict image,
                             float *restrict rescale1_mul)
{
    for (int32_t i = 0; i < 784; i += 8) {
        v8f_store(&rescale1_mul[i], v8f_mul(v8f_of_i(v8i_load_u8(&image[i])), v8f_splat(0.003921569f)));
    }
}

/* k49_dense1_dot_bias_relu    models/fashion_mlp.dl:14
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   rescale1_mul [1, 28, 28], mlp_dense1_w [784, 128], mlp_dense1_b [128] -> dense1_relu [1, 128]
 *   200960 flop, 405568 bytes */
static void k49_dense1_dot_bias_relu(const float *restrict rescale1_mul,
                                     const float *restrict mlp_dense1_w,
                                     const float *restrict mlp_dense1_b,
                                     float *restrict dense1_relu,
                                     int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 2; slice2 += slices) {
        v8f c0_0 = v8f_splat(0.0f);
        v8f c0_1 = v8f_splat(0.0f);
        v8f c0_2 = v8f_splat(0.0f);
        v8f c0_3 = v8f_splat(0.0f);
        v8f c0_4 = v8f_splat(0.0f);
        v8f c0_5 = v8f_splat(0.0f);
        v8f c0_6 = v8f_splat(0.0f);
        v8f c0_7 = v8f_splat(0.0f);
        for (int32_t t = 0; t < 784; t++) {
            const v8f b0 = v8f_load(&mlp_dense1_w[slice2 * 64 + t * 128]);
            const v8f b1 = v8f_load(&mlp_dense1_w[slice2 * 64 + t * 128 + 8]);
            const v8f b2 = v8f_load(&mlp_dense1_w[slice2 * 64 + t * 128 + 16]);
            const v8f b3 = v8f_load(&mlp_dense1_w[slice2 * 64 + t * 128 + 24]);
            const v8f b4 = v8f_load(&mlp_dense1_w[slice2 * 64 + t * 128 + 32]);
            const v8f b5 = v8f_load(&mlp_dense1_w[slice2 * 64 + t * 128 + 40]);
            const v8f b6 = v8f_load(&mlp_dense1_w[slice2 * 64 + t * 128 + 48]);
            const v8f b7 = v8f_load(&mlp_dense1_w[slice2 * 64 + t * 128 + 56]);
            const float a0 = rescale1_mul[t];
            c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
            c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
            c0_2 = v8f_fma(v8f_splat(a0), b2, c0_2);
            c0_3 = v8f_fma(v8f_splat(a0), b3, c0_3);
            c0_4 = v8f_fma(v8f_splat(a0), b4, c0_4);
            c0_5 = v8f_fma(v8f_splat(a0), b5, c0_5);
            c0_6 = v8f_fma(v8f_splat(a0), b6, c0_6);
            c0_7 = v8f_fma(v8f_splat(a0), b7, c0_7);
        }
        v8f_store(&dense1_relu[slice2 * 64], v8f_max(v8f_add(c0_0, v8f_load(&mlp_dense1_b[slice2 * 64])), v8f_splat(0.0f)));
        v8f_store(&dense1_relu[slice2 * 64 + 8], v8f_max(v8f_add(c0_1, v8f_load(&mlp_dense1_b[slice2 * 64 + 8])), v8f_splat(0.0f)));
        v8f_store(&dense1_relu[slice2 * 64 + 16], v8f_max(v8f_add(c0_2, v8f_load(&mlp_dense1_b[slice2 * 64 + 16])), v8f_splat(0.0f)));
        v8f_store(&dense1_relu[slice2 * 64 + 24], v8f_max(v8f_add(c0_3, v8f_load(&mlp_dense1_b[slice2 * 64 + 24])), v8f_splat(0.0f)));
        v8f_store(&dense1_relu[slice2 * 64 + 32], v8f_max(v8f_add(c0_4, v8f_load(&mlp_dense1_b[slice2 * 64 + 32])), v8f_splat(0.0f)));
        v8f_store(&dense1_relu[slice2 * 64 + 40], v8f_max(v8f_add(c0_5, v8f_load(&mlp_dense1_b[slice2 * 64 + 40])), v8f_splat(0.0f)));
        v8f_store(&dense1_relu[slice2 * 64 + 48], v8f_max(v8f_add(c0_6, v8f_load(&mlp_dense1_b[slice2 * 64 + 48])), v8f_splat(0.0f)));
        v8f_store(&dense1_relu[slice2 * 64 + 56], v8f_max(v8f_add(c0_7, v8f_load(&mlp_dense1_b[slice2 * 64 + 56])), v8f_splat(0.0f)));
    }
}

/* k50_dense2_dot_bias_relu    models/fashion_mlp.dl:15
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense1_relu [1, 128], mlp_dense2_w [128, 64], mlp_dense2_b [64] -> dense2_relu [1, 64]
 *   16512 flop, 33792 bytes */
static void k50_dense2_dot_bias_relu(const float *restrict dense1_relu,
                                     const float *restrict mlp_dense2_w,
                                     const float *restrict mlp_dense2_b,
                                     float *restrict dense2_relu)
{
    v8f c0_0 = v8f_splat(0.0f);
    v8f c0_1 = v8f_splat(0.0f);
    v8f c0_2 = v8f_splat(0.0f);
    v8f c0_3 = v8f_splat(0.0f);
    v8f c0_4 = v8f_splat(0.0f);
    v8f c0_5 = v8f_splat(0.0f);
    v8f c0_6 = v8f_splat(0.0f);
    v8f c0_7 = v8f_splat(0.0f);
    for (int32_t t = 0; t < 128; t++) {
        const v8f b0 = v8f_load(&mlp_dense2_w[t * 64]);
        const v8f b1 = v8f_load(&mlp_dense2_w[t * 64 + 8]);
        const v8f b2 = v8f_load(&mlp_dense2_w[t * 64 + 16]);
        const v8f b3 = v8f_load(&mlp_dense2_w[t * 64 + 24]);
        const v8f b4 = v8f_load(&mlp_dense2_w[t * 64 + 32]);
        const v8f b5 = v8f_load(&mlp_dense2_w[t * 64 + 40]);
        const v8f b6 = v8f_load(&mlp_dense2_w[t * 64 + 48]);
        const v8f b7 = v8f_load(&mlp_dense2_w[t * 64 + 56]);
        const float a0 = dense1_relu[t];
        c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
        c0_1 = v8f_fma(v8f_splat(a0), b1, c0_1);
        c0_2 = v8f_fma(v8f_splat(a0), b2, c0_2);
        c0_3 = v8f_fma(v8f_splat(a0), b3, c0_3);
        c0_4 = v8f_fma(v8f_splat(a0), b4, c0_4);
        c0_5 = v8f_fma(v8f_splat(a0), b5, c0_5);
        c0_6 = v8f_fma(v8f_splat(a0), b6, c0_6);
        c0_7 = v8f_fma(v8f_splat(a0), b7, c0_7);
    }
    v8f_store(dense2_relu, v8f_max(v8f_add(c0_0, v8f_load(mlp_dense2_b)), v8f_splat(0.0f)));
    v8f_store(&dense2_relu[8], v8f_max(v8f_add(c0_1, v8f_load(&mlp_dense2_b[8])), v8f_splat(0.0f)));
    v8f_store(&dense2_relu[16], v8f_max(v8f_add(c0_2, v8f_load(&mlp_dense2_b[16])), v8f_splat(0.0f)));
    v8f_store(&dense2_relu[24], v8f_max(v8f_add(c0_3, v8f_load(&mlp_dense2_b[24])), v8f_splat(0.0f)));
    v8f_store(&dense2_relu[32], v8f_max(v8f_add(c0_4, v8f_load(&mlp_dense2_b[32])), v8f_splat(0.0f)));
    v8f_store(&dense2_relu[40], v8f_max(v8f_add(c0_5, v8f_load(&mlp_dense2_b[40])), v8f_splat(0.0f)));
    v8f_store(&dense2_relu[48], v8f_max(v8f_add(c0_6, v8f_load(&mlp_dense2_b[48])), v8f_splat(0.0f)));
    v8f_store(&dense2_relu[56], v8f_max(v8f_add(c0_7, v8f_load(&mlp_dense2_b[56])), v8f_splat(0.0f)));
}

/* k51_dense3_dot_bias    models/fashion_mlp.dl:16
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense2_relu [1, 64], mlp_dense3_w [64, 10], mlp_dense3_b [10] -> dense3_bias [1, 10]
 *   1290 flop, 2896 bytes */
static void k51_dense3_dot_bias(const float *restrict dense2_relu,
                                const float *restrict mlp_dense3_w,
                                const float *restrict mlp_dense3_b,
                                float *restrict dense3_bias,
                                int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 2; slice2 += slices) {
        if (slice2 < 1) {
            /* partial sums */
            v8f c0_0 = v8f_splat(0.0f);
            v8f c0_0_2 = v8f_splat(0.0f);
            v8f c0_0_3 = v8f_splat(0.0f);
            v8f c0_0_4 = v8f_splat(0.0f);
            for (int32_t t = 0; t < 64; t += 4) {
                const v8f b0 = v8f_load(&mlp_dense3_w[t * 10]);
                const float a0 = dense2_relu[t];
                c0_0 = v8f_fma(v8f_splat(a0), b0, c0_0);
                const v8f b0_2 = v8f_load(&mlp_dense3_w[t * 10 + 10]);
                const float a0_2 = dense2_relu[t + 1];
                c0_0_2 = v8f_fma(v8f_splat(a0_2), b0_2, c0_0_2);
                const v8f b0_3 = v8f_load(&mlp_dense3_w[t * 10 + 20]);
                const float a0_3 = dense2_relu[t + 2];
                c0_0_3 = v8f_fma(v8f_splat(a0_3), b0_3, c0_0_3);
                const v8f b0_4 = v8f_load(&mlp_dense3_w[t * 10 + 30]);
                const float a0_4 = dense2_relu[t + 3];
                c0_0_4 = v8f_fma(v8f_splat(a0_4), b0_4, c0_0_4);
            }
            c0_0 = v8f_add(c0_0, c0_0_2);
            c0_0 = v8f_add(c0_0, c0_0_3);
            c0_0 = v8f_add(c0_0, c0_0_4);
            v8f_store(dense3_bias, v8f_add(c0_0, v8f_load(mlp_dense3_b)));
        } else {
            /* partial sums */
            float c0_0_5 = 0.0f;
            float c0_1 = 0.0f;
            float c0_0_6 = 0.0f;
            float c0_1_2 = 0.0f;
            float c0_0_7 = 0.0f;
            float c0_1_3 = 0.0f;
            float c0_0_8 = 0.0f;
            float c0_1_4 = 0.0f;
            for (int32_t t2 = 0; t2 < 64; t2 += 4) {
                const float b0_5 = mlp_dense3_w[t2 * 10 + 8];
                const float b1 = mlp_dense3_w[t2 * 10 + 9];
                const float a0_5 = dense2_relu[t2];
                c0_0_5 = dlc_fma_f32(a0_5, b0_5, c0_0_5);
                c0_1 = dlc_fma_f32(a0_5, b1, c0_1);
                const float b0_6 = mlp_dense3_w[t2 * 10 + 18];
                const float b1_2 = mlp_dense3_w[t2 * 10 + 19];
                const float a0_6 = dense2_relu[t2 + 1];
                c0_0_6 = dlc_fma_f32(a0_6, b0_6, c0_0_6);
                c0_1_2 = dlc_fma_f32(a0_6, b1_2, c0_1_2);
                const float b0_7 = mlp_dense3_w[t2 * 10 + 28];
                const float b1_3 = mlp_dense3_w[t2 * 10 + 29];
                const float a0_7 = dense2_relu[t2 + 2];
                c0_0_7 = dlc_fma_f32(a0_7, b0_7, c0_0_7);
                c0_1_3 = dlc_fma_f32(a0_7, b1_3, c0_1_3);
                const float b0_8 = mlp_dense3_w[t2 * 10 + 38];
                const float b1_4 = mlp_dense3_w[t2 * 10 + 39];
                const float a0_8 = dense2_relu[t2 + 3];
                c0_0_8 = dlc_fma_f32(a0_8, b0_8, c0_0_8);
                c0_1_4 = dlc_fma_f32(a0_8, b1_4, c0_1_4);
            }
            c0_0_5 += c0_0_6;
            c0_1 += c0_1_2;
            c0_0_5 += c0_0_7;
            c0_1 += c0_1_3;
            c0_0_5 += c0_0_8;
            c0_1 += c0_1_4;
            dense3_bias[8] = c0_0_5 + mlp_dense3_b[8];
            dense3_bias[9] = c0_1 + mlp_dense3_b[9];
        }
    }
}

/* k52_softmax1_rowmax_sub_exp_sum    models/fashion_mlp.dl:16
 *   y = sum x
 *   dense3_bias [1, 10] -> output_probs [1, 10]
 *   280 flop, 80 bytes */
static void k52_softmax1_rowmax_sub_exp_sum(const float *restrict dense3_bias,
                                            float *restrict output_probs)
{
    float row[10];
    v8f sum = v8f_splat(-INFINITY);
    for (int32_t r = 0; r < 8; r += 8) {
        const v8f input = v8f_load(&dense3_bias[r]);
        sum = v8f_max(sum, input);
    }
    float sum2 = v8f_hmax(sum);
    for (int32_t r2 = 8; r2 < 10; r2++) {
        const float input2 = dense3_bias[r2];
        sum2 = dlc_max_f32(sum2, input2);
    }
    for (int32_t j = 0; j < 8; j += 8) {
        const v8f input3 = v8f_load(&dense3_bias[j]);
        const v8f exp3 = dlc_expf_fma_x8(v8f_sub(input3, v8f_splat(sum2)));
        v8f_store(&row[j], exp3);
    }
    for (int32_t j2 = 8; j2 < 10; j2++) {
        const float input4 = dense3_bias[j2];
        const float exp4 = dlc_expf_fma(input4 - sum2);
        row[j2] = exp4;
    }
    v8f sum3 = v8f_splat(0.0f);
    for (int32_t r3 = 0; r3 < 8; r3 += 8) {
        const v8f exp5 = v8f_load(&row[r3]);
        sum3 = v8f_add(sum3, exp5);
    }
    float sum4 = v8f_hsum(sum3);
    for (int32_t r4 = 8; r4 < 10; r4++) {
        const float exp6 = row[r4];
        sum4 += exp6;
    }
    for (int32_t j3 = 0; j3 < 8; j3 += 8) {
        const v8f exp7 = v8f_load(&row[j3]);
        v8f_store(&output_probs[j3], v8f_div(exp7, v8f_splat(sum4)));
    }
    for (int32_t j4 = 8; j4 < 10; j4++) {
        const float exp8 = row[j4];
        output_probs[j4] = exp8 / sum4;
    }
}

void fashion_mlp_train_init(fashion_mlp_train_state *t, uint64_t seed, void *arena)
{
    unsigned char *const bytes = (unsigned char *)arena;
    float *const uniform1_random = (float *)(void *)(bytes + 0); /* [784, 128], calls 0..1 */
    float *const uniform1_random_2 = (float *)(void *)(bytes + 0); /* [128, 64], calls 3..4 */
    float *const uniform1_random_3 = (float *)(void *)(bytes + 0); /* [64, 10], calls 6..7 */
    const uint32_t key[2] = { (uint32_t)(seed & 0xffffffffU), (uint32_t)(seed >> 32) };

    k0_uniform1_random(key, uniform1_random, 0, 1);
    k1_dense1_mul_update(uniform1_random, t->params.mlp_dense1_w, 0, 1);
    k2_dense1_update(t->params.mlp_dense1_b);
    k3_uniform1_random(key, uniform1_random_2, 0, 1);
    k4_dense2_mul_update(uniform1_random_2, t->params.mlp_dense2_w, 0, 1);
    k5_dense2_update(t->params.mlp_dense2_b);
    k6_uniform1_random(key, uniform1_random_3);
    k7_dense3_mul_update(uniform1_random_3, t->params.mlp_dense3_w);
    k8_dense3_update(t->params.mlp_dense3_b);
    k9_dense1_update(t->minimize1_adam_m_mlp_dense1_w, 0, 1);
    k10_dense2_update(t->minimize1_adam_m_mlp_dense2_w, 0, 1);
    k11_dense3_update(t->minimize1_adam_m_mlp_dense3_w);
    k12_copy(t->minimize1_adam_m_mlp_dense1_w, t->minimize1_adam_v_mlp_dense1_w, 0,
             1);
    k13_copy(t->params.mlp_dense1_b, t->minimize1_adam_m_mlp_dense1_b);
    k13_copy(t->params.mlp_dense1_b, t->minimize1_adam_v_mlp_dense1_b);
    k14_copy(t->minimize1_adam_m_mlp_dense2_w, t->minimize1_adam_v_mlp_dense2_w, 0,
             1);
    k15_copy(t->params.mlp_dense2_b, t->minimize1_adam_m_mlp_dense2_b);
    k15_copy(t->params.mlp_dense2_b, t->minimize1_adam_v_mlp_dense2_b);
    k16_copy(t->minimize1_adam_m_mlp_dense3_w, t->minimize1_adam_v_mlp_dense3_w);
    k17_copy(t->params.mlp_dense3_b, t->minimize1_adam_m_mlp_dense3_b);
    k17_copy(t->params.mlp_dense3_b, t->minimize1_adam_v_mlp_dense3_b);
    t->seed = seed;
    t->step = 0;
    t->epoch = 0.0f;
    t->steps_per_epoch = 1.0f;
    t->total_steps = 0.0f;
    t->lr_scale = 1.0f;
}

void fashion_mlp_train_step(fashion_mlp_train_state *t, const uint8_t *image,
                            const uint8_t *label, float *report, void *arena,
                            const dlc_team *team)
{
    unsigned char *const bytes = (unsigned char *)arena;
    int32_t *const cross_cast = (int32_t *)(void *)(bytes + 257536); /* [64], calls 0..5 */
    float *const rescale1_mul = (float *)(void *)(bytes + 0); /* [64, 28, 28], calls 1..12 */
    float *const dense1_relu = (float *)(void *)(bytes + 200704); /* [64, 128], calls 2..13 */
    float *const dense2_relu = (float *)(void *)(bytes + 233472); /* [64, 64], calls 3..9 */
    float *const dense3_select = (float *)(void *)(bytes + 249856); /* [64, 10], calls 4..5 */
    float *const dense3_select_2 = (float *)(void *)(bytes + 252416); /* [64, 10], calls 4..5 */
    float *const softmax1_sum = (float *)(void *)(bytes + 257792); /* [64], calls 5..6 */
    float *const softmax1_sum_2 = (float *)(void *)(bytes + 254976); /* [64, 10], calls 5..9 */
    float *const softmax1_sum_3 = (float *)(void *)(bytes + 258048); /* [64], calls 5..6 */
    float *const dense3_select_3 = (float *)(void *)(bytes + 266240); /* [64, 64], calls 8..13 */
    float *const dense2_select = (float *)(void *)(bytes + 233472); /* [64, 128], calls 11..14 */
    const float step[1] = { (float)(t->step + 1U) };
    const float total_steps[1] = { t->total_steps > 0.0f ? t->total_steps : t->steps_per_epoch * 10.0f };
    const int32_t rank = team != NULL ? team->rank : 0;
    const int32_t size = team != NULL ? team->size : 1;

    if (rank == 0) {
        k18_cross_entropy1_cast(label, cross_cast);
    }
    k19_rescale1_mul(image, rescale1_mul, rank, size);
    team_wait(team);
    k20_dense1_dot_bias_relu(rescale1_mul, t->params.mlp_dense1_w,
                             t->params.mlp_dense1_b, dense1_relu, rank, size);
    team_wait(team);
    k21_dense2_dot_bias_relu(dense1_relu, t->params.mlp_dense2_w,
                             t->params.mlp_dense2_b, dense2_relu, rank, size);
    team_wait(team);
    if (rank == 0) {
        k22_dense3_dot_bias_select(dense2_relu, t->params.mlp_dense3_w,
                                   t->params.mlp_dense3_b, cross_cast, dense3_select,
                                   dense3_select_2);
    }
    team_wait(team);
    k23_softmax1_rowmax_sub_exp_sum(dense3_select, dense3_select_2, cross_cast,
                                    label, softmax1_sum, softmax1_sum_2,
                                    softmax1_sum_3, rank, size);
    team_wait(team);
    if (rank == 0) {
        k24_sum_mul(softmax1_sum, softmax1_sum_3, report, report + 1);
        k25_dense3_sum_update(softmax1_sum_2, t->minimize1_adam_m_mlp_dense3_b,
                              t->minimize1_adam_v_mlp_dense3_b, step, total_steps,
                              t->params.mlp_dense3_b);
    }
    k26_dense3_dot_select(softmax1_sum_2, t->params.mlp_dense3_w, dense2_relu,
                          dense3_select_3, rank, size);
    team_wait(team);
    if (rank == 0) {
        k27_dense3_dot_update(dense2_relu, softmax1_sum_2,
                              t->minimize1_adam_m_mlp_dense3_w,
                              t->minimize1_adam_v_mlp_dense3_w, step, total_steps,
                              t->params.mlp_dense3_w);
        k28_dense2_sum_update(dense3_select_3, t->minimize1_adam_m_mlp_dense2_b,
                              t->minimize1_adam_v_mlp_dense2_b, step, total_steps,
                              t->params.mlp_dense2_b);
    }
    team_wait(team);
    k29_dense2_dot_select(dense3_select_3, t->params.mlp_dense2_w, dense1_relu,
                          dense2_select, rank, size);
    team_wait(team);
    k30_dense1_dot_update(rescale1_mul, dense2_select,
                          t->minimize1_adam_m_mlp_dense1_w,
                          t->minimize1_adam_v_mlp_dense1_w, step, total_steps,
                          t->params.mlp_dense1_w, rank, size);
    k31_dense2_dot_update(dense1_relu, dense3_select_3,
                          t->minimize1_adam_m_mlp_dense2_w,
                          t->minimize1_adam_v_mlp_dense2_w, step, total_steps,
                          t->params.mlp_dense2_w, rank, size);
    k32_dense1_sum_update(dense2_select, t->minimize1_adam_m_mlp_dense1_b,
                          t->minimize1_adam_v_mlp_dense1_b, step, total_steps,
                          t->params.mlp_dense1_b, rank, size);
    team_wait(team);
    if (rank == 0) {
        t->step = t->step + 1U;
    }
}

void fashion_mlp_train_eval(const fashion_mlp_train_state *t, const uint8_t *image,
                            const uint8_t *label, float *report, uint32_t split,
                            uint32_t first, void *arena, const dlc_team *team)
{
    unsigned char *const bytes = (unsigned char *)arena;
    float *const rescale1_mul = (float *)(void *)(bytes + 0); /* [64, 28, 28], calls 0..1 */
    float *const dense1_relu = (float *)(void *)(bytes + 200704); /* [64, 128], calls 1..2 */
    float *const dense2_relu = (float *)(void *)(bytes + 0);  /* [64, 64], calls 2..4 */
    int32_t *const cross_cast = (int32_t *)(void *)(bytes + 16384); /* [64], calls 3..4 */
    float *const dense3_select = (float *)(void *)(bytes + 16640); /* [64, 10], calls 4..5 */
    float *const dense3_select_2 = (float *)(void *)(bytes + 19200); /* [64, 10], calls 4..5 */
    const int32_t rank = team != NULL ? team->rank : 0;
    const int32_t size = team != NULL ? team->size : 1;

    (void)split;
    (void)first;
    k19_rescale1_mul(image, rescale1_mul, rank, size);
    team_wait(team);
    k20_dense1_dot_bias_relu(rescale1_mul, t->params.mlp_dense1_w,
                             t->params.mlp_dense1_b, dense1_relu, rank, size);
    team_wait(team);
    k21_dense2_dot_bias_relu(dense1_relu, t->params.mlp_dense2_w,
                             t->params.mlp_dense2_b, dense2_relu, rank, size);
    if (rank == 0) {
        k18_cross_entropy1_cast(label, cross_cast);
    }
    team_wait(team);
    if (rank == 0) {
        k22_dense3_dot_bias_select(dense2_relu, t->params.mlp_dense3_w,
                                   t->params.mlp_dense3_b, cross_cast, dense3_select,
                                   dense3_select_2);
    }
    team_wait(team);
    k33_softmax1_rowmax_sub_exp_sum(dense3_select, dense3_select_2, label, report,
                                    report + 64, rank, size);
    team_wait(team);
}

void fashion_mlp_train_grad(const fashion_mlp_train_state *t, const uint8_t *image,
                            const uint8_t *label, fashion_mlp_params *gradient,
                            float *report, void *arena, const dlc_team *team)
{
    unsigned char *const bytes = (unsigned char *)arena;
    float *const rescale1_mul = (float *)(void *)(bytes + 0); /* [64, 28, 28], calls 0..14 */
    float *const dense1_relu = (float *)(void *)(bytes + 200704); /* [64, 128], calls 1..12 */
    float *const dense2_relu = (float *)(void *)(bytes + 233472); /* [64, 64], calls 2..9 */
    int32_t *const cross_cast = (int32_t *)(void *)(bytes + 249856); /* [64], calls 3..5 */
    float *const dense3_select = (float *)(void *)(bytes + 250112); /* [64, 10], calls 4..5 */
    float *const dense3_select_2 = (float *)(void *)(bytes + 252672); /* [64, 10], calls 4..5 */
    float *const softmax1_sum = (float *)(void *)(bytes + 255232); /* [64], calls 5..6 */
    float *const softmax1_sum_2 = (float *)(void *)(bytes + 255488); /* [64, 10], calls 5..9 */
    float *const softmax1_sum_3 = (float *)(void *)(bytes + 258048); /* [64], calls 5..6 */
    float *const dense3_select_3 = (float *)(void *)(bytes + 233472); /* [64, 64], calls 9..12 */
    float *const dense2_select = (float *)(void *)(bytes + 200704); /* [64, 128], calls 12..14 */
    const int32_t rank = team != NULL ? team->rank : 0;
    const int32_t size = team != NULL ? team->size : 1;

    k19_rescale1_mul(image, rescale1_mul, rank, size);
    team_wait(team);
    k20_dense1_dot_bias_relu(rescale1_mul, t->params.mlp_dense1_w,
                             t->params.mlp_dense1_b, dense1_relu, rank, size);
    team_wait(team);
    k21_dense2_dot_bias_relu(dense1_relu, t->params.mlp_dense2_w,
                             t->params.mlp_dense2_b, dense2_relu, rank, size);
    if (rank == 0) {
        k18_cross_entropy1_cast(label, cross_cast);
    }
    team_wait(team);
    if (rank == 0) {
        k22_dense3_dot_bias_select(dense2_relu, t->params.mlp_dense3_w,
                                   t->params.mlp_dense3_b, cross_cast, dense3_select,
                                   dense3_select_2);
    }
    team_wait(team);
    k23_softmax1_rowmax_sub_exp_sum(dense3_select, dense3_select_2, cross_cast,
                                    label, softmax1_sum, softmax1_sum_2,
                                    softmax1_sum_3, rank, size);
    team_wait(team);
    if (rank == 0) {
        k24_sum_mul(softmax1_sum, softmax1_sum_3, report, report + 1);
        k34_dense3_sum(softmax1_sum_2, gradient->mlp_dense3_b);
        k35_dense3_dot(dense2_relu, softmax1_sum_2, gradient->mlp_dense3_w);
    }
    team_wait(team);
    k36_dense3_dot_select(softmax1_sum_2, t->params.mlp_dense3_w, dense2_relu,
                          dense3_select_3, rank, size);
    team_wait(team);
    if (rank == 0) {
        k37_dense2_sum(dense3_select_3, gradient->mlp_dense2_b);
    }
    k38_dense2_dot(dense1_relu, dense3_select_3, gradient->mlp_dense2_w, rank, size);
    team_wait(team);
    k39_dense2_dot_select(dense3_select_3, t->params.mlp_dense2_w, dense1_relu,
                          dense2_select, rank, size);
    team_wait(team);
    k40_dense1_sum(dense2_select, gradient->mlp_dense1_b, rank, size);
    k41_dense1_dot(rescale1_mul, dense2_select, gradient->mlp_dense1_w, rank, size);
    team_wait(team);
}

void fashion_mlp_train_apply(fashion_mlp_train_state *t,
                             const fashion_mlp_params *gradient, void *arena,
                             const dlc_team *team)
{
    const float step[1] = { (float)(t->step + 1U) };
    const float total_steps[1] = { t->total_steps > 0.0f ? t->total_steps : t->steps_per_epoch * 10.0f };
    const int32_t rank = team != NULL ? team->rank : 0;
    const int32_t size = team != NULL ? team->size : 1;

    (void)arena;
    k42_dense1_add_update(t->minimize1_adam_m_mlp_dense1_w, gradient->mlp_dense1_w,
                          t->minimize1_adam_v_mlp_dense1_w, step, total_steps,
                          t->params.mlp_dense1_w, rank, size);
    if (rank == 0) {
        k43_dense1_add_update(t->minimize1_adam_m_mlp_dense1_b,
                              gradient->mlp_dense1_b,
                              t->minimize1_adam_v_mlp_dense1_b, step, total_steps,
                              t->params.mlp_dense1_b);
    }
    k44_dense2_add_update(t->minimize1_adam_m_mlp_dense2_w, gradient->mlp_dense2_w,
                          t->minimize1_adam_v_mlp_dense2_w, step, total_steps,
                          t->params.mlp_dense2_w, rank, size);
    if (rank == 0) {
        k45_dense2_add_update(t->minimize1_adam_m_mlp_dense2_b,
                              gradient->mlp_dense2_b,
                              t->minimize1_adam_v_mlp_dense2_b, step, total_steps,
                              t->params.mlp_dense2_b);
    }
    k46_dense3_add_update(t->minimize1_adam_m_mlp_dense3_w, gradient->mlp_dense3_w,
                          t->minimize1_adam_v_mlp_dense3_w, step, total_steps,
                          t->params.mlp_dense3_w, rank, size);
    if (rank == 0) {
        k47_dense3_add_update(t->minimize1_adam_m_mlp_dense3_b,
                              gradient->mlp_dense3_b,
                              t->minimize1_adam_v_mlp_dense3_b, step, total_steps,
                              t->params.mlp_dense3_b);
    }
    team_wait(team);
    if (rank == 0) {
        t->step = t->step + 1U;
    }
}

void fashion_mlp_mlp(const fashion_mlp_params *params, const uint8_t *image,
                     float *probs, void *arena)
{
    unsigned char *const bytes = (unsigned char *)arena;
    float *const rescale1_mul = (float *)(void *)(bytes + 0); /* [1, 28, 28], calls 0..1 */
    float *const dense1_relu = (float *)(void *)(bytes + 3136); /* [1, 128], calls 1..2 */
    float *const dense2_relu = (float *)(void *)(bytes + 0);  /* [1, 64], calls 2..3 */
    float *const dense3_bias = (float *)(void *)(bytes + 256); /* [1, 10], calls 3..4 */

    k48_rescale1_mul(image, rescale1_mul);
    k49_dense1_dot_bias_relu(rescale1_mul, params->mlp_dense1_w,
                             params->mlp_dense1_b, dense1_relu, 0, 1);
    k50_dense2_dot_bias_relu(dense1_relu, params->mlp_dense2_w, params->mlp_dense2_b,
                             dense2_relu);
    k51_dense3_dot_bias(dense2_relu, params->mlp_dense3_w, params->mlp_dense3_b,
                        dense3_bias, 0, 1);
    k52_softmax1_rowmax_sub_exp_sum(dense3_bias, probs);
}
