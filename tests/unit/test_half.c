/* test_half.c - half floats (tensor/half.h, runtime/device/scalar.h): every one of
 * them, and what lies between two. */
#include "device/scalar.h"
#include "tensor/half.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { INFINITE = 0x7c00, SIGN = 0x8000 };

/* By the definition: 1.fraction * 2^(exponent - 15). */
static double by_definition(uint16_t bits)
{
    int exponent = (bits >> 10) & 31, fraction = bits & 1023;
    double y = exponent == 0 ? fraction / 1024.0 * ldexp(1, -14)
                             : (1 + fraction / 1024.0) * ldexp(1, exponent - 15);
    return bits & SIGN ? -y : y;
}

static void every_half(void **state)
{
    (void)state;
    for (uint32_t b = 0; b < 0x10000; b++) {
        uint16_t bits = (uint16_t)b;
        double value = half_value(bits);
        if ((bits & 0x7fff) > INFINITE) {
            assert_true(isnan(value));
            continue;
        }
        assert_int_equal(half_of(value), bits);
        assert_int_equal(signbit(value) != 0, (bits & SIGN) != 0);
        if ((bits & 0x7fff) == INFINITE) {
            assert_true(isinf(value));
            continue;
        }
        assert_true(value == by_definition(bits));
        float device = dlc_f32_of_f16(bits); /* what emitted code computes */
        assert_true((double)device == value &&
                    signbit(device) == signbit((float)value));
    }
}

/* Between two neighbours the nearer is taken, in the middle the even one. */
static void between(void **state)
{
    (void)state;
    for (uint32_t b = 0; b < INFINITE - 1; b++) {
        uint16_t low = (uint16_t)b, high = (uint16_t)(b + 1);
        double middle = (half_value(low) + half_value(high)) / 2;
        uint16_t even = low % 2 == 0 ? low : high;
        assert_int_equal(half_of(middle), even);
        assert_int_equal(half_of(-middle), even | SIGN);
        assert_int_equal(half_of(nextafter(middle, 0)), low);
        assert_int_equal(half_of(nextafter(middle, 1e9)), high);
    }
}

static void ends(void **state)
{
    (void)state;
    assert_true(half_value(half_of(65504)) == HALF_MAX);
    assert_int_equal(half_of(65519.99), 0x7bff);
    assert_int_equal(half_of(65520), INFINITE);
    assert_int_equal(half_of(-1e300), INFINITE | SIGN);
    assert_int_equal(half_of(ldexp(1, -24)), 1);
    assert_int_equal(half_of(ldexp(1, -25)), 0); /* a tie with 0, which is even */
    assert_int_equal(half_of(nextafter(ldexp(1, -25), 1)), 1);
    assert_int_equal(half_of(-0.0), SIGN);
    assert_true(isnan(half_value(half_of((double)NAN))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_half),
        cmocka_unit_test(between),
        cmocka_unit_test(ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
