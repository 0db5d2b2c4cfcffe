/* extern_harness.c - the net with functions of C and the one in dl, on the same rows.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "extern.h"
#include "inside.h"

int main(void)
{
    static _Alignas(64) unsigned char arena[1 << 16];
    double worst = 0, largest = 0;
    for (int row = 0; row < 32; row++) {
        float x[6], a[4], b[4];
        uint8_t kind = (uint8_t)(row % 3);
        for (int i = 0; i < 6; i++)
            x[i] = (float)sin(0.7 * row + 1.3 * i);
        extern_f(x, &kind, a, arena);
        inside_f(x, &kind, b, arena);
        for (int i = 0; i < 4; i++) {
            worst = fmax(worst, fabs((double)a[i] - (double)b[i]));
            largest = fmax(largest, fabs((double)a[i]));
        }
    }
    printf("worst difference %g of %g\n", worst, largest);
    return !(worst <= 1e-5 * largest) || !(largest > 0.01);
}
