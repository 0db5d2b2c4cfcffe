/* fixed.h - fixed point: the arithmetic of quantized networks. Bit for bit that of the
 * reference kernels of TensorFlow Lite for Microcontrollers, which is gemmlowp's
 * (Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference, sections 2.2 and 2.4, appendix A).
 *
 * Qm.n is an int32_t that stands for itself times 2^-n, m + n = 31. The compiler runs
 * the same functions, so simulator and firmware agree. C99, no dependencies: emitted
 * code copies what it uses.
 *
 * Functions are separated by blank lines, with none inside: the compiler splits there.
 */
#ifndef DLC_DEVICE_FIXED_H
#define DLC_DEVICE_FIXED_H

#include <stdint.h>

/* a b 2^-31, rounded to nearest, halves upwards; the one overflow, both lowest,
 * saturates. */
static inline int32_t dlc_mul_high(int32_t a, int32_t b)
{
    const int64_t product = (int64_t)a * (int64_t)b;
    const int64_t nudge = product >= 0 ? 1073741824 : 1 - 1073741824;
    if (a == INT32_MIN && b == INT32_MIN) {
        return INT32_MAX;
    }
    return (int32_t)((product + nudge) / 2147483648);
}

/* x 2^-n, rounded to nearest, halves away from zero. 0 <= n <= 31. */
static inline int32_t dlc_shift_right(int32_t x, int32_t n)
{
    const int32_t mask = (int32_t)((UINT32_C(1) << (uint32_t)n) - 1u);
    const int32_t rest = x & mask;
    const int32_t half = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> n) + (rest > half ? 1 : 0);
}

/* x 2^n, saturated. 0 <= n <= 31. */
static inline int32_t dlc_shift_left(int32_t x, int32_t n)
{
    const int64_t y = (int64_t)x * ((int64_t)1 << n);
    return (int32_t)(y > INT32_MAX ? INT32_MAX : y < INT32_MIN ? INT32_MIN : y);
}

/* x multiplier 2^(shift - 31), rounded twice; -31 <= shift <= 30, and x 2^shift fits.
 */
static inline int32_t dlc_rescale(int32_t x, int32_t multiplier, int32_t shift)
{
    const int32_t left = shift > 0 ? shift : 0;
    const int32_t wide = (int32_t)((uint32_t)x << (uint32_t)left);
    return dlc_shift_right(dlc_mul_high(wide, multiplier), left - shift);
}

/* e^x for x <= 0: Q5.26 to Q0.31. A polynomial on [-1/4, 0), then a product for each
 * set bit of the rest. */
static inline int32_t dlc_exp_q5(int32_t x)
{
    static const int32_t factor[7] = { 1672461947, 1302514674, 790015084, 290630308,
                                       39332535,   720401,     242 };
    const int32_t quarter = 16777216;
    const int32_t part = (x & (quarter - 1)) - quarter;
    const int32_t rest = (int32_t)((uint32_t)part - (uint32_t)x);
    const int32_t a = dlc_shift_left(part, 5) + 268435456; /* around -1/8 */
    const int32_t a2 = dlc_mul_high(a, a);
    const int32_t a3 = dlc_mul_high(a2, a);
    const int32_t a4 = dlc_shift_right(dlc_mul_high(a2, a2), 2);
    const int32_t tail = dlc_shift_right(dlc_mul_high(a4 + a3, 715827883) + a2, 1);
    int32_t y = 1895147668 + dlc_mul_high(1895147668, a + tail);
    if (x == 0) {
        return INT32_MAX;
    }
    for (int32_t i = 0; i < 7; i++) {
        if ((rest & ((int32_t)1 << (24 + i))) != 0) {
            y = dlc_mul_high(y, factor[i]);
        }
    }
    return y;
}

/* Zero bits above the highest set one; 32 for 0. */
static inline int32_t dlc_leading_zeros(int32_t x)
{
    uint32_t bits = (uint32_t)x;
    int32_t n = 0;
    while (n < 32 && (bits & UINT32_C(0x80000000)) == 0) {
        bits <<= 1;
        n++;
    }
    return n;
}

/* 1 / x as Q0.31 of the normalized x: with z = dlc_leading_zeros(x), x > 0,
 * y 2^-31 = 1 / (x 2^z 2^-31), so that 1 / x = y 2^(z - 62). Three steps of Newton. */
static inline int32_t dlc_reciprocal(int32_t x)
{
    const uint32_t unit = (uint32_t)x << (uint32_t)dlc_leading_zeros(x);
    const int64_t sum = (int64_t)(int32_t)(unit - UINT32_C(0x80000000)) + INT32_MAX;
    const int32_t half =
        (int32_t)((sum + (sum >= 0 ? 1 : -1)) / 2); /* Q0.31 of x / 2 */
    int32_t y = 1515870810 + dlc_mul_high(half, -1010580540);
    for (int32_t i = 0; i < 3; i++) {
        const int32_t off = 536870912 - dlc_mul_high(half, y);
        y = y + dlc_shift_left(dlc_mul_high(y, off), 2);
    }
    return dlc_shift_left(y, 1);
}

#endif
