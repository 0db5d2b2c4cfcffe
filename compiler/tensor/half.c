/* half.c - see half.h. Sign, 5 bits of exponent (of 15), 10 of fraction; exponent 0
 * holds multiples of 2^-24. */
#include "tensor/half.h"

#include <math.h>

enum { FRACTION_BITS = 10, EXPONENT_MAX = 31, LEAST_EXPONENT = -24 };

/* An integer at most 2^12 away from zero, rounded with ties to even. */
static double round_even(double x)
{
    double low = floor(x), rest = x - low;
    if (rest > 0.5 || (rest == 0.5 && fmod(low, 2) != 0))
        return low + 1;
    return low;
}

uint16_t half_of(double value)
{
    uint16_t sign = signbit(value) ? 0x8000 : 0;
    double magnitude = fabs(value);
    if (isnan(value))
        return 0x7e00;
    if (magnitude >= HALF_MAX + 16) /* half a step beyond: rounds up */
        return (uint16_t)(sign | EXPONENT_MAX << FRACTION_BITS);
    int exponent;
    frexp(magnitude, &exponent);             /* magnitude = [0.5, 1) * 2^exponent */
    int step = exponent - 1 - FRACTION_BITS; /* of the fraction */
    if (magnitude == 0 || step < LEAST_EXPONENT)
        step = LEAST_EXPONENT;
    /* a fraction that rounds up to a power of two carries into the exponent */
    uint32_t fraction = (uint32_t)round_even(ldexp(magnitude, -step));
    return (uint16_t)(sign + ((uint32_t)(step - LEAST_EXPONENT) << FRACTION_BITS) +
                      fraction);
}

double half_value(uint16_t bits)
{
    int exponent = (bits >> FRACTION_BITS) & EXPONENT_MAX;
    int fraction = bits & ((1 << FRACTION_BITS) - 1);
    double magnitude =
        exponent == EXPONENT_MAX ? (fraction != 0 ? (double)NAN : (double)INFINITY)
        : exponent == 0
            ? ldexp(fraction, LEAST_EXPONENT)
            : ldexp(fraction + (1 << FRACTION_BITS), exponent - 1 + LEAST_EXPONENT);
    return bits & 0x8000 ? -magnitude : magnitude;
}
