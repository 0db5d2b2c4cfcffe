/* xor.c - a network and its training
 *
 * Written by dlc 0.1.0 from models/xor.dl. Do not edit. It belongs to you.
 * target c99, options ``, hash 74c850f35a41d642
 *
 *   xor_xor: flash 132 bytes, arena 32 bytes, 24 multiply-adds
 *     input   x            float[2]  8 bytes
 *     output  p            float[1]  4 bytes
 *     ram 44 bytes: arena, inputs and outputs; stack at most 896 bytes
 */
#include "xor.h"

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

/* t1 [1] */
static const float const_t1[1] = {
    0.0f
};

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

/* Hyperbolic tangent, expm1(2x) / (expm1(2x) + 2). Within 2.6 ulp. */
static inline float dlc_tanhf(float x)
{
    const float twice = dlc_min_f32(4e+01f, fabsf(x) * 2.0f);
    const float clamped = dlc_max_f32(-18.0f, dlc_min_f32(89.0f, twice));
    const float t = clamped * 1.442695f + 12582912.0f;
    const float n = t - 12582912.0f;
    const float r = n * -0.6933594f + clamped;
    const float r2 = n * 0.00021219444f + r;
    const float p = 0.0001984588f * r2 + 0.0013940654f;
    const float p2 = p * r2 + 0.00833339f;
    const float p3 = p2 * r2 + 0.041666362f;
    const float p4 = p3 * r2 + 0.16666666f;
    const float p5 = p4 * r2 + 0.5f;
    const float square = r2 * r2;
    const float fraction = square * p5 + r2;
    const int32_t n_int = (int32_t)dlc_bits_of_f32(t) - 1262485504;
    const float power = dlc_f32_of_bits((uint32_t)(int32_t)((uint32_t)(n_int + 126) << 23));
    const float e = (power * fraction + (power - 0.5f)) * 2.0f;
    const float y = e / (e + 2.0f);
    return dlc_f32_of_bits(dlc_bits_of_f32(y) | (dlc_bits_of_f32(x) & 0x80000000u));
}

/* log(1 + exp x) = max(x, 0) + log1p(exp(-|x|)). Within 2.0 ulp. */
static inline float dlc_softplusf(float x)
{
    const float clamped = dlc_max_f32(-104.0f, dlc_min_f32(89.0f, -fabsf(x)));
    const float t = clamped * 1.442695f + 12582912.0f;
    const float n = t - 12582912.0f;
    const float r = n * -0.6933594f + clamped;
    const float r2 = n * 0.00021219444f + r;
    const float p = 0.0013950524f * r2 + 0.008368908f;
    const float p2 = p * r2 + 0.041666206f;
    const float p3 = p2 * r2 + 0.16666518f;
    const float p4 = p3 * r2 + 0.5f;
    const float square = r2 * r2;
    const float fraction = square * p4 + r2;
    const int32_t n_int = (int32_t)dlc_bits_of_f32(t) - 1262485504;
    const int32_t half = n_int >> 1;
    const float y = (fraction + 1.0f) * dlc_f32_of_bits((uint32_t)(int32_t)((uint32_t)(half + 127) << 23));
    const float e = y * dlc_f32_of_bits((uint32_t)(int32_t)((uint32_t)(n_int - half + 127) << 23));
    const float u = e + 1.0f;
    const float lost = (e - (u - 1.0f)) / u;
    const uint32_t i = dlc_bits_of_f32(u) - 0x3f3504f3u;
    const float e2 = (float)((int32_t)i >> 23);
    const float f = dlc_f32_of_bits((i & 0x7fffffu) + 0x3f3504f3u) - 1.0f;
    const float p5 = 0.070376836f * f + -0.1151461f;
    const float p6 = p5 * f + 0.116769984f;
    const float p7 = p6 * f + -0.12420141f;
    const float p8 = p7 * f + 0.14249323f;
    const float p9 = p8 * f + -0.16668057f;
    const float p10 = p9 * f + 0.20000714f;
    const float p11 = p10 * f + -0.24999994f;
    const float p12 = p11 * f + 0.3333333f;
    const float square2 = f * f;
    const float y2 = f * square2 * p12;
    const float y3 = e2 * -0.00021219444f + y2;
    const float y4 = -0.5f * square2 + y3;
    const float y5 = y4 + lost;
    const float y6 = f + y5;
    const float y7 = e2 * 0.6933594f + y6;
    return dlc_max_f32(0.0f, x) + y7;
}

/* 1 / (1 + exp(-x)); 0 below -88.72 (denormals flushed). Within 2.4 ulp. */
static inline float dlc_sigmoidf(float x)
{
    const float clamped = dlc_max_f32(-104.0f, dlc_min_f32(89.0f, -x));
    const float t = clamped * 1.442695f + 12582912.0f;
    const float n = t - 12582912.0f;
    const float r = n * -0.6933594f + clamped;
    const float r2 = n * 0.00021219444f + r;
    const float p = 0.0013950524f * r2 + 0.008368908f;
    const float p2 = p * r2 + 0.041666206f;
    const float p3 = p2 * r2 + 0.16666518f;
    const float p4 = p3 * r2 + 0.5f;
    const float square = r2 * r2;
    const float fraction = square * p4 + r2;
    const int32_t n_int = (int32_t)dlc_bits_of_f32(t) - 1262485504;
    const int32_t half = n_int >> 1;
    const float y = (fraction + 1.0f) * dlc_f32_of_bits((uint32_t)(int32_t)((uint32_t)(half + 127) << 23));
    const float e = y * dlc_f32_of_bits((uint32_t)(int32_t)((uint32_t)(n_int - half + 127) << 23));
    return 1.0f / (e + 1.0f);
}

/* x to the y as C99's pow: logarithm in two floats (N. Juffa). Within 1.5 ulp. */
static inline float dlc_powf(float x, float y)
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
    const float t2 = clamped * 1.442695f + 12582912.0f;
    const float n = t2 - 12582912.0f;
    const float r2 = n * -0.6933594f + clamped;
    const float r3 = n * 0.00021219444f + r2;
    const float p2 = 0.0013950524f * r3 + 0.008368908f;
    const float p3 = p2 * r3 + 0.041666206f;
    const float p4 = p3 * r3 + 0.16666518f;
    const float p5 = p4 * r3 + 0.5f;
    const float square = r3 * r3;
    const float fraction = square * p5 + r3;
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

/* k0_uniform1_random    models/xor.dl:10
 *   y[e] = (philox(key, e/4, sample, iteration, stream)[e%4] >> 8) 2^-24
 *   key [2] -> uniform1_random [2, 8]
 *   640 flop, 72 bytes */
static void k0_uniform1_random(const uint32_t *restrict key,
                               float *restrict uniform1_random,
                               int32_t slice, int32_t slices)
{
    for (int32_t s = slice; s < 2; s += slices) {
        for (int32_t b = 0; b < 2; b++) {
            uint32_t w = (uint32_t)(s * 2 + b);
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
            uniform1_random[s * 8 + b * 4] = (float)(w >> 8u) * 5.9604645e-08f;
            uniform1_random[s * 8 + b * 4 + 1] = (float)(w2 >> 8u) * 5.9604645e-08f;
            uniform1_random[s * 8 + b * 4 + 2] = (float)(w3 >> 8u) * 5.9604645e-08f;
            uniform1_random[s * 8 + b * 4 + 3] = (float)(w4 >> 8u) * 5.9604645e-08f;
        }
    }
}

/* k1_dense1_mul_update    models/xor.dl:10
 *   y = a b
 *   uniform1_random [2, 8] -> xor_dense1_w [2, 8]
 *   48 flop, 128 bytes */
static void k1_dense1_mul_update(const float *restrict uniform1_random,
                                 float *restrict xor_dense1_w)
{
    for (int32_t i = 0; i < 16; i++) {
        xor_dense1_w[i] = 0.7745967f * (2.0f * uniform1_random[i] - 1.0f);
    }
}

/* k2_dense1_update    models/xor.dl:10
 *   y[.., i, ..] = x[.., i or 0, ..]
 *    -> xor_dense1_b [8]
 *   0 flop, 32 bytes */
static void k2_dense1_update(float *restrict xor_dense1_b)
{
    for (int32_t i = 0; i < 8; i++) {
        xor_dense1_b[i] = 0.0f;
    }
}

/* k3_uniform1_random    models/xor.dl:10
 *   y[e] = (philox(key, e/4, sample, iteration, stream)[e%4] >> 8) 2^-24
 *   key [2] -> uniform1_random_2 [8, 1]
 *   320 flop, 40 bytes */
static void k3_uniform1_random(const uint32_t *restrict key,
                               float *restrict uniform1_random_2)
{
    for (int32_t i = 0; i < 8; i++) {
        uniform1_random_2[i] = (float)(dlc_philox_word((uint32_t)i, 0xffffffffu, 0u, 1u, key[0], key[1]) >> 8u) * 5.9604645e-08f;
    }
}

/* k4_dense2_mul_update    models/xor.dl:10
 *   y = a b
 *   uniform1_random_2 [8, 1] -> xor_dense2_w [8, 1]
 *   24 flop, 64 bytes */
static void k4_dense2_mul_update(const float *restrict uniform1_random_2,
                                 float *restrict xor_dense2_w)
{
    for (int32_t i = 0; i < 8; i++) {
        xor_dense2_w[i] = 0.8164966f * (2.0f * uniform1_random_2[i] - 1.0f);
    }
}

/* k5_dense1_update    models/xor.dl:15
 *   y[.., i, ..] = x[.., i or 0, ..]
 *    -> minimize1_adam_m_xor_dense1_w [2, 8]
 *   0 flop, 64 bytes */
static void k5_dense1_update(float *restrict minimize1_adam_m_xor_dense1_w)
{
    for (int32_t i = 0; i < 16; i++) {
        minimize1_adam_m_xor_dense1_w[i] = 0.0f;
    }
}

/* k6_copy    models/xor.dl:10
 *   y = x
 *   t1 [1] -> xor_dense2_b [1]
 *   0 flop, 8 bytes */
static void k6_copy(const float *restrict t1, float *restrict xor_dense2_b)
{
    xor_dense2_b[0] = t1[0];
}

/* k7_copy    models/xor.dl:15
 *   y = x
 *   minimize1_adam_m_xor_dense1_w [2, 8] -> minimize1_adam_v_xor_dense1_w [2, 8]
 *   0 flop, 128 bytes */
static void k7_copy(const float *restrict minimize1_adam_m_xor_dense1_w,
                    float *restrict minimize1_adam_v_xor_dense1_w)
{
    for (int32_t i = 0; i < 16; i++) {
        minimize1_adam_v_xor_dense1_w[i] = minimize1_adam_m_xor_dense1_w[i];
    }
}

/* k8_copy    models/xor.dl:10
 *   y = x
 *   xor_dense1_b [8] -> minimize1_adam_m_xor_dense1_b [8]
 *   0 flop, 64 bytes */
static void k8_copy(const float *restrict xor_dense1_b,
                    float *restrict minimize1_adam_m_xor_dense1_b)
{
    for (int32_t i = 0; i < 8; i++) {
        minimize1_adam_m_xor_dense1_b[i] = xor_dense1_b[i];
    }
}

/* k9_dense1_dot_bias_tanh    models/xor.dl:10
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   x [4, 2], xor_dense1_w [2, 8], xor_dense1_b [8] -> dense1_tanh [4, 8]
 *   800 flop, 256 bytes */
static void k9_dense1_dot_bias_tanh(const float *restrict x,
                                    const float *restrict xor_dense1_w,
                                    const float *restrict xor_dense1_b,
                                    float *restrict dense1_tanh,
                                    int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 2; slice2 += slices) {
        float c0_0 = 0.0f;
        float c0_1 = 0.0f;
        float c0_2 = 0.0f;
        float c0_3 = 0.0f;
        float c1_0 = 0.0f;
        float c1_1 = 0.0f;
        float c1_2 = 0.0f;
        float c1_3 = 0.0f;
        float c2_0 = 0.0f;
        float c2_1 = 0.0f;
        float c2_2 = 0.0f;
        float c2_3 = 0.0f;
        float c3_0 = 0.0f;
        float c3_1 = 0.0f;
        float c3_2 = 0.0f;
        float c3_3 = 0.0f;
        for (int32_t t = 0; t < 2; t++) {
            const float b0 = xor_dense1_w[slice2 * 4 + t * 8];
            const float b1 = xor_dense1_w[slice2 * 4 + t * 8 + 1];
            const float b2 = xor_dense1_w[slice2 * 4 + t * 8 + 2];
            const float b3 = xor_dense1_w[slice2 * 4 + t * 8 + 3];
            const float a0 = x[t];
            c0_0 = a0 * b0 + c0_0;
            c0_1 = a0 * b1 + c0_1;
            c0_2 = a0 * b2 + c0_2;
            c0_3 = a0 * b3 + c0_3;
            const float a1 = x[t + 2];
            c1_0 = a1 * b0 + c1_0;
            c1_1 = a1 * b1 + c1_1;
            c1_2 = a1 * b2 + c1_2;
            c1_3 = a1 * b3 + c1_3;
            const float a2 = x[t + 4];
            c2_0 = a2 * b0 + c2_0;
            c2_1 = a2 * b1 + c2_1;
            c2_2 = a2 * b2 + c2_2;
            c2_3 = a2 * b3 + c2_3;
            const float a3 = x[t + 6];
            c3_0 = a3 * b0 + c3_0;
            c3_1 = a3 * b1 + c3_1;
            c3_2 = a3 * b2 + c3_2;
            c3_3 = a3 * b3 + c3_3;
        }
        dense1_tanh[slice2 * 4] = dlc_tanhf(c0_0 + xor_dense1_b[slice2 * 4]);
        dense1_tanh[slice2 * 4 + 1] = dlc_tanhf(c0_1 + xor_dense1_b[slice2 * 4 + 1]);
        dense1_tanh[slice2 * 4 + 2] = dlc_tanhf(c0_2 + xor_dense1_b[slice2 * 4 + 2]);
        dense1_tanh[slice2 * 4 + 3] = dlc_tanhf(c0_3 + xor_dense1_b[slice2 * 4 + 3]);
        dense1_tanh[slice2 * 4 + 8] = dlc_tanhf(c1_0 + xor_dense1_b[slice2 * 4]);
        dense1_tanh[slice2 * 4 + 9] = dlc_tanhf(c1_1 + xor_dense1_b[slice2 * 4 + 1]);
        dense1_tanh[slice2 * 4 + 10] = dlc_tanhf(c1_2 + xor_dense1_b[slice2 * 4 + 2]);
        dense1_tanh[slice2 * 4 + 11] = dlc_tanhf(c1_3 + xor_dense1_b[slice2 * 4 + 3]);
        dense1_tanh[slice2 * 4 + 16] = dlc_tanhf(c2_0 + xor_dense1_b[slice2 * 4]);
        dense1_tanh[slice2 * 4 + 17] = dlc_tanhf(c2_1 + xor_dense1_b[slice2 * 4 + 1]);
        dense1_tanh[slice2 * 4 + 18] = dlc_tanhf(c2_2 + xor_dense1_b[slice2 * 4 + 2]);
        dense1_tanh[slice2 * 4 + 19] = dlc_tanhf(c2_3 + xor_dense1_b[slice2 * 4 + 3]);
        dense1_tanh[slice2 * 4 + 24] = dlc_tanhf(c3_0 + xor_dense1_b[slice2 * 4]);
        dense1_tanh[slice2 * 4 + 25] = dlc_tanhf(c3_1 + xor_dense1_b[slice2 * 4 + 1]);
        dense1_tanh[slice2 * 4 + 26] = dlc_tanhf(c3_2 + xor_dense1_b[slice2 * 4 + 2]);
        dense1_tanh[slice2 * 4 + 27] = dlc_tanhf(c3_3 + xor_dense1_b[slice2 * 4 + 3]);
    }
}

/* k10_dense2_dot_bias_softplus_mul    models/xor.dl:15
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense1_tanh [4, 8], xor_dense2_w [8, 1], xor_dense2_b [1], y [4, 1] -> dense2_mul [4, 1], dense2_mul_2 [4, 1]
 *   329 flop, 212 bytes */
static void k10_dense2_dot_bias_softplus_mul(const float *restrict dense1_tanh,
                                             const float *restrict xor_dense2_w,
                                             const float *restrict xor_dense2_b,
                                             const float *restrict y,
                                             float *restrict dense2_mul,
                                             float *restrict dense2_mul_2)
{
    float stage[8];
    float c0_0 = 0.0f;
    float c1_0 = 0.0f;
    float c2_0 = 0.0f;
    float c3_0 = 0.0f;
    for (int32_t t = 0; t < 8; t++) {
        const float b0 = xor_dense2_w[t];
        const float a0 = dense1_tanh[t];
        c0_0 = a0 * b0 + c0_0;
        const float a1 = dense1_tanh[t + 8];
        c1_0 = a1 * b0 + c1_0;
        const float a2 = dense1_tanh[t + 16];
        c2_0 = a2 * b0 + c2_0;
        const float a3 = dense1_tanh[t + 24];
        c3_0 = a3 * b0 + c3_0;
    }
    stage[0] = c0_0;
    stage[1] = c1_0;
    stage[2] = c2_0;
    stage[3] = c3_0;
    for (int32_t r = 0; r < 4; r++) {
        const float add = stage[r] + xor_dense2_b[0];
        const float input = y[r];
        const float sub = dlc_softplusf(add) - add * input;
        const float add2 = -0.25f * input + 0.25f * dlc_sigmoidf(add);
        dense2_mul[r] = sub;
        dense2_mul_2[r] = add2;
    }
}

/* k11_sum_mul    models/xor.dl:15
 *   y = sum x
 *   dense2_mul [4, 1] -> report_loss []
 *   5 flop, 20 bytes */
static void k11_sum_mul(const float *restrict dense2_mul, float *restrict report_loss)
{
    float sum = 0.0f;
    for (int32_t r = 0; r < 4; r++) {
        sum += dense2_mul[r];
    }
    report_loss[0] = sum * 0.25f;
}

/* k12_dense2_sum_update    models/xor.dl:15
 *   y = sum x
 *   dense2_mul_2 [4, 1], minimize1_adam_m_xor_dense2_b [1], minimize1_adam_v_xor_dense2_b [1], step [], xor_dense2_b [1] -> minimize1_adam_m_xor_dense2_b [1], minimize1_adam_v_xor_dense2_b [1], xor_dense2_b [1]
 *   116 flop, 44 bytes */
static void k12_dense2_sum_update(const float *restrict dense2_mul_2,
                                  float *restrict minimize1_adam_m_xor_dense2_b,
                                  float *restrict minimize1_adam_v_xor_dense2_b,
                                  const float *restrict step2,
                                  float *restrict xor_dense2_b)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf(0.9f, input);
    const float sub2 = 1.0f - dlc_powf(0.999f, input);
    float sum = 0.0f;
    for (int32_t r = 0; r < 4; r++) {
        sum += dense2_mul_2[r];
    }
    const float add = 0.9f * minimize1_adam_m_xor_dense2_b[0] + 0.1f * sum;
    const float add2 = 0.999f * minimize1_adam_v_xor_dense2_b[0] + 0.001f * (sum * sum);
    const float sub3 = xor_dense2_b[0] - 0.05f * (add / sub) / (sqrtf(add2 / sub2) + 1e-07f);
    minimize1_adam_m_xor_dense2_b[0] = add;
    minimize1_adam_v_xor_dense2_b[0] = add2;
    xor_dense2_b[0] = sub3;
}

/* k13_dense2_dot_mul    models/xor.dl:10
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense2_mul_2 [4, 1], xor_dense2_w [8, 1], dense1_tanh [4, 8] -> dense2_mul_3 [4, 8]
 *   160 flop, 304 bytes */
static void k13_dense2_dot_mul(const float *restrict dense2_mul_2,
                               const float *restrict xor_dense2_w,
                               const float *dense1_tanh, float *dense2_mul_3,
                               int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 2; slice2 += slices) {
        float c0_0 = 0.0f;
        float c0_1 = 0.0f;
        float c0_2 = 0.0f;
        float c0_3 = 0.0f;
        float c1_0 = 0.0f;
        float c1_1 = 0.0f;
        float c1_2 = 0.0f;
        float c1_3 = 0.0f;
        float c2_0 = 0.0f;
        float c2_1 = 0.0f;
        float c2_2 = 0.0f;
        float c2_3 = 0.0f;
        float c3_0 = 0.0f;
        float c3_1 = 0.0f;
        float c3_2 = 0.0f;
        float c3_3 = 0.0f;
        for (int32_t t = 0; t < 1; t++) {
            const float b0 = xor_dense2_w[slice2 * 4 + t];
            const float b1 = xor_dense2_w[slice2 * 4 + t + 1];
            const float b2 = xor_dense2_w[slice2 * 4 + t + 2];
            const float b3 = xor_dense2_w[slice2 * 4 + t + 3];
            const float a0 = dense2_mul_2[t];
            c0_0 = a0 * b0 + c0_0;
            c0_1 = a0 * b1 + c0_1;
            c0_2 = a0 * b2 + c0_2;
            c0_3 = a0 * b3 + c0_3;
            const float a1 = dense2_mul_2[t + 1];
            c1_0 = a1 * b0 + c1_0;
            c1_1 = a1 * b1 + c1_1;
            c1_2 = a1 * b2 + c1_2;
            c1_3 = a1 * b3 + c1_3;
            const float a2 = dense2_mul_2[t + 2];
            c2_0 = a2 * b0 + c2_0;
            c2_1 = a2 * b1 + c2_1;
            c2_2 = a2 * b2 + c2_2;
            c2_3 = a2 * b3 + c2_3;
            const float a3 = dense2_mul_2[t + 3];
            c3_0 = a3 * b0 + c3_0;
            c3_1 = a3 * b1 + c3_1;
            c3_2 = a3 * b2 + c3_2;
            c3_3 = a3 * b3 + c3_3;
        }
        const float input = dense1_tanh[slice2 * 4];
        dense2_mul_3[slice2 * 4] = c0_0 * (1.0f - input * input);
        const float input2 = dense1_tanh[slice2 * 4 + 1];
        dense2_mul_3[slice2 * 4 + 1] = c0_1 * (1.0f - input2 * input2);
        const float input3 = dense1_tanh[slice2 * 4 + 2];
        dense2_mul_3[slice2 * 4 + 2] = c0_2 * (1.0f - input3 * input3);
        const float input4 = dense1_tanh[slice2 * 4 + 3];
        dense2_mul_3[slice2 * 4 + 3] = c0_3 * (1.0f - input4 * input4);
        const float input5 = dense1_tanh[slice2 * 4 + 8];
        dense2_mul_3[slice2 * 4 + 8] = c1_0 * (1.0f - input5 * input5);
        const float input6 = dense1_tanh[slice2 * 4 + 9];
        dense2_mul_3[slice2 * 4 + 9] = c1_1 * (1.0f - input6 * input6);
        const float input7 = dense1_tanh[slice2 * 4 + 10];
        dense2_mul_3[slice2 * 4 + 10] = c1_2 * (1.0f - input7 * input7);
        const float input8 = dense1_tanh[slice2 * 4 + 11];
        dense2_mul_3[slice2 * 4 + 11] = c1_3 * (1.0f - input8 * input8);
        const float input9 = dense1_tanh[slice2 * 4 + 16];
        dense2_mul_3[slice2 * 4 + 16] = c2_0 * (1.0f - input9 * input9);
        const float input10 = dense1_tanh[slice2 * 4 + 17];
        dense2_mul_3[slice2 * 4 + 17] = c2_1 * (1.0f - input10 * input10);
        const float input11 = dense1_tanh[slice2 * 4 + 18];
        dense2_mul_3[slice2 * 4 + 18] = c2_2 * (1.0f - input11 * input11);
        const float input12 = dense1_tanh[slice2 * 4 + 19];
        dense2_mul_3[slice2 * 4 + 19] = c2_3 * (1.0f - input12 * input12);
        const float input13 = dense1_tanh[slice2 * 4 + 24];
        dense2_mul_3[slice2 * 4 + 24] = c3_0 * (1.0f - input13 * input13);
        const float input14 = dense1_tanh[slice2 * 4 + 25];
        dense2_mul_3[slice2 * 4 + 25] = c3_1 * (1.0f - input14 * input14);
        const float input15 = dense1_tanh[slice2 * 4 + 26];
        dense2_mul_3[slice2 * 4 + 26] = c3_2 * (1.0f - input15 * input15);
        const float input16 = dense1_tanh[slice2 * 4 + 27];
        dense2_mul_3[slice2 * 4 + 27] = c3_3 * (1.0f - input16 * input16);
    }
}

/* k14_dense2_dot_update    models/xor.dl:15
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense1_tanh [4, 8], dense2_mul_2 [4, 1], minimize1_adam_m_xor_dense2_w [8, 1], minimize1_adam_v_xor_dense2_w [8, 1], step [], xor_dense2_w [8, 1] -> minimize1_adam_m_xor_dense2_w [8, 1], minimize1_adam_v_xor_dense2_w [8, 1], xor_dense2_w [8, 1]
 *   386 flop, 340 bytes */
static void k14_dense2_dot_update(const float *restrict dense1_tanh,
                                  const float *restrict dense2_mul_2,
                                  float *restrict minimize1_adam_m_xor_dense2_w,
                                  float *restrict minimize1_adam_v_xor_dense2_w,
                                  const float *restrict step2,
                                  float *restrict xor_dense2_w)
{
    float stage[8];
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf(0.999f, input);
    const float sub2 = 1.0f - dlc_powf(0.9f, input);
    float c0_0 = 0.0f;
    float c1_0 = 0.0f;
    float c2_0 = 0.0f;
    float c3_0 = 0.0f;
    float c4_0 = 0.0f;
    float c5_0 = 0.0f;
    float c6_0 = 0.0f;
    float c7_0 = 0.0f;
    for (int32_t t = 0; t < 4; t++) {
        const float b0 = dense2_mul_2[t];
        const float a0 = dense1_tanh[t * 8];
        c0_0 = a0 * b0 + c0_0;
        const float a1 = dense1_tanh[t * 8 + 1];
        c1_0 = a1 * b0 + c1_0;
        const float a2 = dense1_tanh[t * 8 + 2];
        c2_0 = a2 * b0 + c2_0;
        const float a3 = dense1_tanh[t * 8 + 3];
        c3_0 = a3 * b0 + c3_0;
        const float a4 = dense1_tanh[t * 8 + 4];
        c4_0 = a4 * b0 + c4_0;
        const float a5 = dense1_tanh[t * 8 + 5];
        c5_0 = a5 * b0 + c5_0;
        const float a6 = dense1_tanh[t * 8 + 6];
        c6_0 = a6 * b0 + c6_0;
        const float a7 = dense1_tanh[t * 8 + 7];
        c7_0 = a7 * b0 + c7_0;
    }
    stage[0] = c0_0;
    stage[1] = c1_0;
    stage[2] = c2_0;
    stage[3] = c3_0;
    stage[4] = c4_0;
    stage[5] = c5_0;
    stage[6] = c6_0;
    stage[7] = c7_0;
    for (int32_t r = 0; r < 8; r++) {
        const float dot = stage[r];
        const float add = 0.9f * minimize1_adam_m_xor_dense2_w[r] + 0.1f * dot;
        const float add2 = 0.999f * minimize1_adam_v_xor_dense2_w[r] + 0.001f * (dot * dot);
        const float sub3 = xor_dense2_w[r] - 0.05f * (add / sub2) / (sqrtf(add2 / sub) + 1e-07f);
        minimize1_adam_m_xor_dense2_w[r] = add;
        minimize1_adam_v_xor_dense2_w[r] = add2;
        xor_dense2_w[r] = sub3;
    }
}

/* k15_dense1_dot_update    models/xor.dl:15
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   x [4, 2], dense2_mul_3 [4, 8], minimize1_adam_m_xor_dense1_w [2, 8], minimize1_adam_v_xor_dense1_w [2, 8], step [], xor_dense1_w [2, 8] -> minimize1_adam_m_xor_dense1_w [2, 8], minimize1_adam_v_xor_dense1_w [2, 8], xor_dense1_w [2, 8]
 *   690 flop, 548 bytes */
static void k15_dense1_dot_update(const float *restrict x,
                                  const float *restrict dense2_mul_3,
                                  float *restrict minimize1_adam_m_xor_dense1_w,
                                  float *restrict minimize1_adam_v_xor_dense1_w,
                                  const float *restrict step2,
                                  float *restrict xor_dense1_w,
                                  int32_t slice, int32_t slices)
{
    float stage[16];
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf(0.999f, input);
    const float sub2 = 1.0f - dlc_powf(0.9f, input);
    for (int32_t slice2 = slice; slice2 < 2; slice2 += slices) {
        float c0_0 = 0.0f;
        float c0_1 = 0.0f;
        float c0_2 = 0.0f;
        float c0_3 = 0.0f;
        float c1_0 = 0.0f;
        float c1_1 = 0.0f;
        float c1_2 = 0.0f;
        float c1_3 = 0.0f;
        for (int32_t t = 0; t < 4; t++) {
            const float b0 = dense2_mul_3[slice2 * 4 + t * 8];
            const float b1 = dense2_mul_3[slice2 * 4 + t * 8 + 1];
            const float b2 = dense2_mul_3[slice2 * 4 + t * 8 + 2];
            const float b3 = dense2_mul_3[slice2 * 4 + t * 8 + 3];
            const float a0 = x[t * 2];
            c0_0 = a0 * b0 + c0_0;
            c0_1 = a0 * b1 + c0_1;
            c0_2 = a0 * b2 + c0_2;
            c0_3 = a0 * b3 + c0_3;
            const float a1 = x[t * 2 + 1];
            c1_0 = a1 * b0 + c1_0;
            c1_1 = a1 * b1 + c1_1;
            c1_2 = a1 * b2 + c1_2;
            c1_3 = a1 * b3 + c1_3;
        }
        stage[0] = c0_0;
        stage[1] = c0_1;
        stage[2] = c0_2;
        stage[3] = c0_3;
        stage[4] = c1_0;
        stage[5] = c1_1;
        stage[6] = c1_2;
        stage[7] = c1_3;
        for (int32_t r = 0; r < 2; r++) {
            for (int32_t l = 0; l < 4; l++) {
                const float dot = stage[r * 4 + l];
                const float add = 0.9f * minimize1_adam_m_xor_dense1_w[r * 8 + slice2 * 4 + l] + 0.1f * dot;
                const float add2 = 0.999f * minimize1_adam_v_xor_dense1_w[r * 8 + slice2 * 4 + l] + 0.001f * (dot * dot);
                const float sub3 = xor_dense1_w[r * 8 + slice2 * 4 + l] - 0.05f * (add / sub2) / (sqrtf(add2 / sub) + 1e-07f);
                minimize1_adam_m_xor_dense1_w[r * 8 + slice2 * 4 + l] = add;
                minimize1_adam_v_xor_dense1_w[r * 8 + slice2 * 4 + l] = add2;
                xor_dense1_w[r * 8 + slice2 * 4 + l] = sub3;
            }
        }
    }
}

/* k16_dense1_sum_update    models/xor.dl:15
 *   y = sum x
 *   dense2_mul_3 [4, 8], minimize1_adam_m_xor_dense1_b [8], minimize1_adam_v_xor_dense1_b [8], step [], xor_dense1_b [8] -> minimize1_adam_m_xor_dense1_b [8], minimize1_adam_v_xor_dense1_b [8], xor_dense1_b [8]
 *   354 flop, 324 bytes */
static void k16_dense1_sum_update(const float *restrict dense2_mul_3,
                                  float *restrict minimize1_adam_m_xor_dense1_b,
                                  float *restrict minimize1_adam_v_xor_dense1_b,
                                  const float *restrict step2,
                                  float *restrict xor_dense1_b)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf(0.999f, input);
    const float sub2 = 1.0f - dlc_powf(0.9f, input);
    for (int32_t i = 0; i < 8; i++) {
        float sum = 0.0f;
        for (int32_t r = 0; r < 4; r++) {
            sum += dense2_mul_3[r * 8 + i];
        }
        const float add = 0.9f * minimize1_adam_m_xor_dense1_b[i] + 0.1f * sum;
        const float add2 = 0.999f * minimize1_adam_v_xor_dense1_b[i] + 0.001f * (sum * sum);
        const float sub3 = xor_dense1_b[i] - 0.05f * (add / sub2) / (sqrtf(add2 / sub) + 1e-07f);
        minimize1_adam_m_xor_dense1_b[i] = add;
        minimize1_adam_v_xor_dense1_b[i] = add2;
        xor_dense1_b[i] = sub3;
    }
}

/* k17_dense2_dot_bias_softplus_mul    models/xor.dl:15
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense1_tanh [4, 8], xor_dense2_w [8, 1], xor_dense2_b [1], y [4, 1] -> dense2_mul [4, 1]
 *   236 flop, 196 bytes */
static void k17_dense2_dot_bias_softplus_mul(const float *dense1_tanh,
                                             const float *restrict xor_dense2_w,
                                             const float *restrict xor_dense2_b,
                                             const float *restrict y,
                                             float *dense2_mul)
{
    float stage[8];
    float c0_0 = 0.0f;
    float c1_0 = 0.0f;
    float c2_0 = 0.0f;
    float c3_0 = 0.0f;
    for (int32_t t = 0; t < 8; t++) {
        const float b0 = xor_dense2_w[t];
        const float a0 = dense1_tanh[t];
        c0_0 = a0 * b0 + c0_0;
        const float a1 = dense1_tanh[t + 8];
        c1_0 = a1 * b0 + c1_0;
        const float a2 = dense1_tanh[t + 16];
        c2_0 = a2 * b0 + c2_0;
        const float a3 = dense1_tanh[t + 24];
        c3_0 = a3 * b0 + c3_0;
    }
    stage[0] = c0_0;
    stage[1] = c1_0;
    stage[2] = c2_0;
    stage[3] = c3_0;
    for (int32_t r = 0; r < 4; r++) {
        const float add = stage[r] + xor_dense2_b[0];
        dense2_mul[r] = dlc_softplusf(add) - add * y[r];
    }
}

/* k18_bce1    models/xor.dl:15
 *   y, read row by row, is x
 *   dense2_mul [4, 1] -> report_loss [4]
 *   0 flop, 32 bytes */
static void k18_bce1(const float *restrict dense2_mul, float *restrict report_loss)
{
    for (int32_t i = 0; i < 4; i++) {
        report_loss[i] = dense2_mul[i];
    }
}

/* k19_dense2_sum    models/xor.dl:10
 *   y = sum x
 *   dense2_mul_2 [4, 1] -> gradient_xor_dense2_b [1]
 *   4 flop, 20 bytes */
static void k19_dense2_sum(const float *restrict dense2_mul_2,
                           float *restrict gradient_xor_dense2_b)
{
    float sum = 0.0f;
    for (int32_t r = 0; r < 4; r++) {
        sum += dense2_mul_2[r];
    }
    gradient_xor_dense2_b[0] = sum;
}

/* k20_dense2_dot    models/xor.dl:10
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense1_tanh [4, 8], dense2_mul_2 [4, 1] -> gradient_xor_dense2_w [8, 1]
 *   64 flop, 176 bytes */
static void k20_dense2_dot(const float *restrict dense1_tanh,
                           const float *restrict dense2_mul_2,
                           float *restrict gradient_xor_dense2_w)
{
    float c0_0 = 0.0f;
    float c1_0 = 0.0f;
    float c2_0 = 0.0f;
    float c3_0 = 0.0f;
    float c4_0 = 0.0f;
    float c5_0 = 0.0f;
    float c6_0 = 0.0f;
    float c7_0 = 0.0f;
    for (int32_t t = 0; t < 4; t++) {
        const float b0 = dense2_mul_2[t];
        const float a0 = dense1_tanh[t * 8];
        c0_0 = a0 * b0 + c0_0;
        const float a1 = dense1_tanh[t * 8 + 1];
        c1_0 = a1 * b0 + c1_0;
        const float a2 = dense1_tanh[t * 8 + 2];
        c2_0 = a2 * b0 + c2_0;
        const float a3 = dense1_tanh[t * 8 + 3];
        c3_0 = a3 * b0 + c3_0;
        const float a4 = dense1_tanh[t * 8 + 4];
        c4_0 = a4 * b0 + c4_0;
        const float a5 = dense1_tanh[t * 8 + 5];
        c5_0 = a5 * b0 + c5_0;
        const float a6 = dense1_tanh[t * 8 + 6];
        c6_0 = a6 * b0 + c6_0;
        const float a7 = dense1_tanh[t * 8 + 7];
        c7_0 = a7 * b0 + c7_0;
    }
    gradient_xor_dense2_w[0] = c0_0;
    gradient_xor_dense2_w[1] = c1_0;
    gradient_xor_dense2_w[2] = c2_0;
    gradient_xor_dense2_w[3] = c3_0;
    gradient_xor_dense2_w[4] = c4_0;
    gradient_xor_dense2_w[5] = c5_0;
    gradient_xor_dense2_w[6] = c6_0;
    gradient_xor_dense2_w[7] = c7_0;
}

/* k21_dense1_sum    models/xor.dl:10
 *   y = sum x
 *   dense2_mul_3 [4, 8] -> gradient_xor_dense1_b [8]
 *   32 flop, 160 bytes */
static void k21_dense1_sum(const float *restrict dense2_mul_3,
                           float *restrict gradient_xor_dense1_b)
{
    for (int32_t i = 0; i < 8; i++) {
        float sum = 0.0f;
        for (int32_t r = 0; r < 4; r++) {
            sum += dense2_mul_3[r * 8 + i];
        }
        gradient_xor_dense1_b[i] = sum;
    }
}

/* k22_dense1_dot    models/xor.dl:10
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   x [4, 2], dense2_mul_3 [4, 8] -> gradient_xor_dense1_w [2, 8]
 *   128 flop, 224 bytes */
static void k22_dense1_dot(const float *restrict x, const float *restrict dense2_mul_3,
                           float *restrict gradient_xor_dense1_w,
                           int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 2; slice2 += slices) {
        float c0_0 = 0.0f;
        float c0_1 = 0.0f;
        float c0_2 = 0.0f;
        float c0_3 = 0.0f;
        float c1_0 = 0.0f;
        float c1_1 = 0.0f;
        float c1_2 = 0.0f;
        float c1_3 = 0.0f;
        for (int32_t t = 0; t < 4; t++) {
            const float b0 = dense2_mul_3[slice2 * 4 + t * 8];
            const float b1 = dense2_mul_3[slice2 * 4 + t * 8 + 1];
            const float b2 = dense2_mul_3[slice2 * 4 + t * 8 + 2];
            const float b3 = dense2_mul_3[slice2 * 4 + t * 8 + 3];
            const float a0 = x[t * 2];
            c0_0 = a0 * b0 + c0_0;
            c0_1 = a0 * b1 + c0_1;
            c0_2 = a0 * b2 + c0_2;
            c0_3 = a0 * b3 + c0_3;
            const float a1 = x[t * 2 + 1];
            c1_0 = a1 * b0 + c1_0;
            c1_1 = a1 * b1 + c1_1;
            c1_2 = a1 * b2 + c1_2;
            c1_3 = a1 * b3 + c1_3;
        }
        gradient_xor_dense1_w[slice2 * 4] = c0_0;
        gradient_xor_dense1_w[slice2 * 4 + 1] = c0_1;
        gradient_xor_dense1_w[slice2 * 4 + 2] = c0_2;
        gradient_xor_dense1_w[slice2 * 4 + 3] = c0_3;
        gradient_xor_dense1_w[slice2 * 4 + 8] = c1_0;
        gradient_xor_dense1_w[slice2 * 4 + 9] = c1_1;
        gradient_xor_dense1_w[slice2 * 4 + 10] = c1_2;
        gradient_xor_dense1_w[slice2 * 4 + 11] = c1_3;
    }
}

/* k23_dense1_add_update    models/xor.dl:15
 *   y = a + b
 *   minimize1_adam_m_xor_dense1_w [2, 8], gradient_xor_dense1_w [2, 8], minimize1_adam_v_xor_dense1_w [2, 8], step [], xor_dense1_w [2, 8] -> minimize1_adam_m_xor_dense1_w [2, 8], minimize1_adam_v_xor_dense1_w [2, 8], xor_dense1_w [2, 8]
 *   562 flop, 452 bytes */
static void k23_dense1_add_update(float *restrict minimize1_adam_m_xor_dense1_w,
                                  const float *restrict gradient_xor_dense1_w,
                                  float *restrict minimize1_adam_v_xor_dense1_w,
                                  const float *restrict step2,
                                  float *restrict xor_dense1_w)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf(0.999f, input);
    const float sub2 = 1.0f - dlc_powf(0.9f, input);
    for (int32_t i = 0; i < 16; i++) {
        const float input2 = gradient_xor_dense1_w[i];
        const float add = 0.9f * minimize1_adam_m_xor_dense1_w[i] + 0.1f * input2;
        const float add2 = 0.999f * minimize1_adam_v_xor_dense1_w[i] + 0.001f * (input2 * input2);
        const float sub3 = xor_dense1_w[i] - 0.05f * (add / sub2) / (sqrtf(add2 / sub) + 1e-07f);
        minimize1_adam_m_xor_dense1_w[i] = add;
        minimize1_adam_v_xor_dense1_w[i] = add2;
        xor_dense1_w[i] = sub3;
    }
}

/* k24_dense1_add_update    models/xor.dl:15
 *   y = a + b
 *   minimize1_adam_m_xor_dense1_b [8], gradient_xor_dense1_b [8], minimize1_adam_v_xor_dense1_b [8], step [], xor_dense1_b [8] -> minimize1_adam_m_xor_dense1_b [8], minimize1_adam_v_xor_dense1_b [8], xor_dense1_b [8]
 *   322 flop, 228 bytes */
static void k24_dense1_add_update(float *restrict minimize1_adam_m_xor_dense1_b,
                                  const float *restrict gradient_xor_dense1_b,
                                  float *restrict minimize1_adam_v_xor_dense1_b,
                                  const float *restrict step2,
                                  float *restrict xor_dense1_b)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf(0.999f, input);
    const float sub2 = 1.0f - dlc_powf(0.9f, input);
    for (int32_t i = 0; i < 8; i++) {
        const float input2 = gradient_xor_dense1_b[i];
        const float add = 0.9f * minimize1_adam_m_xor_dense1_b[i] + 0.1f * input2;
        const float add2 = 0.999f * minimize1_adam_v_xor_dense1_b[i] + 0.001f * (input2 * input2);
        const float sub3 = xor_dense1_b[i] - 0.05f * (add / sub2) / (sqrtf(add2 / sub) + 1e-07f);
        minimize1_adam_m_xor_dense1_b[i] = add;
        minimize1_adam_v_xor_dense1_b[i] = add2;
        xor_dense1_b[i] = sub3;
    }
}

/* k25_dense2_add_update    models/xor.dl:15
 *   y = a + b
 *   minimize1_adam_m_xor_dense2_b [1], gradient_xor_dense2_b [1], minimize1_adam_v_xor_dense2_b [1], step [], xor_dense2_b [1] -> minimize1_adam_m_xor_dense2_b [1], minimize1_adam_v_xor_dense2_b [1], xor_dense2_b [1]
 *   112 flop, 32 bytes */
static void k25_dense2_add_update(float *restrict minimize1_adam_m_xor_dense2_b,
                                  const float *restrict gradient_xor_dense2_b,
                                  float *restrict minimize1_adam_v_xor_dense2_b,
                                  const float *restrict step2,
                                  float *restrict xor_dense2_b)
{
    const float input = step2[0];
    const float sub = 1.0f - dlc_powf(0.9f, input);
    const float sub2 = 1.0f - dlc_powf(0.999f, input);
    const float input2 = gradient_xor_dense2_b[0];
    const float add = 0.9f * minimize1_adam_m_xor_dense2_b[0] + 0.1f * input2;
    const float add2 = 0.999f * minimize1_adam_v_xor_dense2_b[0] + 0.001f * (input2 * input2);
    const float sub3 = xor_dense2_b[0] - 0.05f * (add / sub) / (sqrtf(add2 / sub2) + 1e-07f);
    minimize1_adam_m_xor_dense2_b[0] = add;
    minimize1_adam_v_xor_dense2_b[0] = add2;
    xor_dense2_b[0] = sub3;
}

/* k26_dense1_dot_bias_tanh    models/xor.dl:10
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   x [1, 2], xor_dense1_w [2, 8], xor_dense1_b [8] -> dense1_tanh [1, 8]
 *   200 flop, 136 bytes */
static void k26_dense1_dot_bias_tanh(const float *restrict x,
                                     const float *restrict xor_dense1_w,
                                     const float *restrict xor_dense1_b,
                                     float *restrict dense1_tanh,
                                     int32_t slice, int32_t slices)
{
    for (int32_t slice2 = slice; slice2 < 2; slice2 += slices) {
        float c0_0 = 0.0f;
        float c0_1 = 0.0f;
        float c0_2 = 0.0f;
        float c0_3 = 0.0f;
        for (int32_t t = 0; t < 2; t++) {
            const float b0 = xor_dense1_w[slice2 * 4 + t * 8];
            const float b1 = xor_dense1_w[slice2 * 4 + t * 8 + 1];
            const float b2 = xor_dense1_w[slice2 * 4 + t * 8 + 2];
            const float b3 = xor_dense1_w[slice2 * 4 + t * 8 + 3];
            const float a0 = x[t];
            c0_0 = a0 * b0 + c0_0;
            c0_1 = a0 * b1 + c0_1;
            c0_2 = a0 * b2 + c0_2;
            c0_3 = a0 * b3 + c0_3;
        }
        dense1_tanh[slice2 * 4] = dlc_tanhf(c0_0 + xor_dense1_b[slice2 * 4]);
        dense1_tanh[slice2 * 4 + 1] = dlc_tanhf(c0_1 + xor_dense1_b[slice2 * 4 + 1]);
        dense1_tanh[slice2 * 4 + 2] = dlc_tanhf(c0_2 + xor_dense1_b[slice2 * 4 + 2]);
        dense1_tanh[slice2 * 4 + 3] = dlc_tanhf(c0_3 + xor_dense1_b[slice2 * 4 + 3]);
    }
}

/* k27_dense2_dot_bias_sigmoid    models/xor.dl:10
 *   y[.., i, j] = sum_s a[.., i, s] b[.., s, j]
 *   dense1_tanh [1, 8], xor_dense2_w [8, 1], xor_dense2_b [1] -> output_p [1, 1]
 *   37 flop, 72 bytes */
static void k27_dense2_dot_bias_sigmoid(const float *restrict dense1_tanh,
                                        const float *restrict xor_dense2_w,
                                        const float *restrict xor_dense2_b,
                                        float *restrict output_p)
{
    float c0_0 = 0.0f;
    for (int32_t t = 0; t < 8; t++) {
        const float b0 = xor_dense2_w[t];
        const float a0 = dense1_tanh[t];
        c0_0 = a0 * b0 + c0_0;
    }
    output_p[0] = dlc_sigmoidf(c0_0 + xor_dense2_b[0]);
}

void xor_train_init(xor_train_state *t, uint64_t seed, void *arena)
{
    unsigned char *const bytes = (unsigned char *)arena;
    float *const uniform1_random = (float *)(void *)(bytes + 0); /* [2, 8], calls 0..1 */
    float *const uniform1_random_2 = (float *)(void *)(bytes + 0); /* [8, 1], calls 3..4 */
    const uint32_t key[2] = { (uint32_t)(seed & 0xffffffffU), (uint32_t)(seed >> 32) };

    k0_uniform1_random(key, uniform1_random, 0, 1);
    k1_dense1_mul_update(uniform1_random, t->params.xor_dense1_w);
    k2_dense1_update(t->params.xor_dense1_b);
    k3_uniform1_random(key, uniform1_random_2);
    k4_dense2_mul_update(uniform1_random_2, t->params.xor_dense2_w);
    k5_dense1_update(t->minimize1_adam_m_xor_dense1_w);
    k2_dense1_update(t->minimize1_adam_m_xor_dense2_w);
    k6_copy(const_t1, t->params.xor_dense2_b);
    k7_copy(t->minimize1_adam_m_xor_dense1_w, t->minimize1_adam_v_xor_dense1_w);
    k8_copy(t->params.xor_dense1_b, t->minimize1_adam_m_xor_dense1_b);
    k8_copy(t->params.xor_dense1_b, t->minimize1_adam_v_xor_dense1_b);
    k8_copy(t->minimize1_adam_m_xor_dense2_w, t->minimize1_adam_v_xor_dense2_w);
    k6_copy(const_t1, t->minimize1_adam_m_xor_dense2_b);
    k6_copy(const_t1, t->minimize1_adam_v_xor_dense2_b);
    t->seed = seed;
    t->step = 0;
    t->epoch = 0.0f;
    t->steps_per_epoch = 1.0f;
    t->total_steps = 0.0f;
    t->lr_scale = 1.0f;
}

void xor_train_step(xor_train_state *t, const float *x, const float *y, float *report,
                    void *arena)
{
    unsigned char *const bytes = (unsigned char *)arena;
    float *const dense1_tanh = (float *)(void *)(bytes + 0);  /* [4, 8], calls 0..5 */
    float *const dense2_mul = (float *)(void *)(bytes + 128); /* [4, 1], calls 1..2 */
    float *const dense2_mul_2 = (float *)(void *)(bytes + 256); /* [4, 1], calls 1..5 */
    float *const dense2_mul_3 = (float *)(void *)(bytes + 128); /* [4, 8], calls 4..7 */
    const float step[1] = { (float)(t->step + 1U) };

    k9_dense1_dot_bias_tanh(x, t->params.xor_dense1_w, t->params.xor_dense1_b,
                            dense1_tanh, 0, 1);
    k10_dense2_dot_bias_softplus_mul(dense1_tanh, t->params.xor_dense2_w,
                                     t->params.xor_dense2_b, y, dense2_mul,
                                     dense2_mul_2);
    k11_sum_mul(dense2_mul, report);
    k12_dense2_sum_update(dense2_mul_2, t->minimize1_adam_m_xor_dense2_b,
                          t->minimize1_adam_v_xor_dense2_b, step,
                          t->params.xor_dense2_b);
    k13_dense2_dot_mul(dense2_mul_2, t->params.xor_dense2_w, dense1_tanh,
                       dense2_mul_3, 0, 1);
    k14_dense2_dot_update(dense1_tanh, dense2_mul_2,
                          t->minimize1_adam_m_xor_dense2_w,
                          t->minimize1_adam_v_xor_dense2_w, step,
                          t->params.xor_dense2_w);
    k15_dense1_dot_update(x, dense2_mul_3, t->minimize1_adam_m_xor_dense1_w,
                          t->minimize1_adam_v_xor_dense1_w, step,
                          t->params.xor_dense1_w, 0, 1);
    k16_dense1_sum_update(dense2_mul_3, t->minimize1_adam_m_xor_dense1_b,
                          t->minimize1_adam_v_xor_dense1_b, step,
                          t->params.xor_dense1_b);
    t->step = t->step + 1U;
}

void xor_train_eval(const xor_train_state *t, const float *x, const float *y,
                    float *report, uint32_t split, uint32_t first, void *arena)
{
    unsigned char *const bytes = (unsigned char *)arena;
    float *const dense1_tanh = (float *)(void *)(bytes + 0);  /* [4, 8], calls 0..1 */
    float *const dense2_mul = (float *)(void *)(bytes + 0);   /* [4, 1], calls 1..2 */

    (void)split;
    (void)first;
    k9_dense1_dot_bias_tanh(x, t->params.xor_dense1_w, t->params.xor_dense1_b,
                            dense1_tanh, 0, 1);
    k17_dense2_dot_bias_softplus_mul(dense1_tanh, t->params.xor_dense2_w,
                                     t->params.xor_dense2_b, y, dense2_mul);
    k18_bce1(dense2_mul, report);
}

void xor_train_grad(const xor_train_state *t, const float *x, const float *y,
                    xor_params *gradient, float *report, void *arena)
{
    unsigned char *const bytes = (unsigned char *)arena;
    float *const dense1_tanh = (float *)(void *)(bytes + 0);  /* [4, 8], calls 0..5 */
    float *const dense2_mul = (float *)(void *)(bytes + 128); /* [4, 1], calls 1..2 */
    float *const dense2_mul_2 = (float *)(void *)(bytes + 144); /* [4, 1], calls 1..5 */
    float *const dense2_mul_3 = (float *)(void *)(bytes + 0); /* [4, 8], calls 5..7 */

    k9_dense1_dot_bias_tanh(x, t->params.xor_dense1_w, t->params.xor_dense1_b,
                            dense1_tanh, 0, 1);
    k10_dense2_dot_bias_softplus_mul(dense1_tanh, t->params.xor_dense2_w,
                                     t->params.xor_dense2_b, y, dense2_mul,
                                     dense2_mul_2);
    k11_sum_mul(dense2_mul, report);
    k19_dense2_sum(dense2_mul_2, gradient->xor_dense2_b);
    k20_dense2_dot(dense1_tanh, dense2_mul_2, gradient->xor_dense2_w);
    k13_dense2_dot_mul(dense2_mul_2, t->params.xor_dense2_w, dense1_tanh,
                       dense2_mul_3, 0, 1);
    k21_dense1_sum(dense2_mul_3, gradient->xor_dense1_b);
    k22_dense1_dot(x, dense2_mul_3, gradient->xor_dense1_w, 0, 1);
}

void xor_train_apply(xor_train_state *t, const xor_params *gradient, void *arena)
{
    const float step[1] = { (float)(t->step + 1U) };

    (void)arena;
    k23_dense1_add_update(t->minimize1_adam_m_xor_dense1_w, gradient->xor_dense1_w,
                          t->minimize1_adam_v_xor_dense1_w, step,
                          t->params.xor_dense1_w);
    k24_dense1_add_update(t->minimize1_adam_m_xor_dense1_b, gradient->xor_dense1_b,
                          t->minimize1_adam_v_xor_dense1_b, step,
                          t->params.xor_dense1_b);
    k24_dense1_add_update(t->minimize1_adam_m_xor_dense2_w, gradient->xor_dense2_w,
                          t->minimize1_adam_v_xor_dense2_w, step,
                          t->params.xor_dense2_w);
    k25_dense2_add_update(t->minimize1_adam_m_xor_dense2_b, gradient->xor_dense2_b,
                          t->minimize1_adam_v_xor_dense2_b, step,
                          t->params.xor_dense2_b);
    t->step = t->step + 1U;
}

void xor_xor(const xor_params *params, const float *x, float *p, void *arena)
{
    unsigned char *const bytes = (unsigned char *)arena;
    float *const dense1_tanh = (float *)(void *)(bytes + 0);  /* [1, 8], calls 0..1 */

    k26_dense1_dot_bias_tanh(x, params->xor_dense1_w, params->xor_dense1_b,
                             dense1_tanh, 0, 1);
    k27_dense2_dot_bias_sigmoid(dense1_tanh, params->xor_dense2_w,
                                params->xor_dense2_b, p);
}
