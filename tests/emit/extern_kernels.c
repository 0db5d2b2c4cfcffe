/* extern_kernels.c - the functions of C that extern.dl names, with their gradients. */
#include "extern.h"

void my_scale(const float *restrict x, const float *restrict k, float *restrict y,
              float *restrict s, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        y[i] = k[0] * x[i];
        s[i] = x[i] * x[i];
        s[n + i] = y[i] + s[i];
    }
}

void my_scale_grad(const float *restrict x, const float *restrict k,
                   const float *restrict dy, const float *restrict ds,
                   float *restrict dx, float *restrict dk, int32_t n)
{
    dk[0] = 0.0f;
    for (int32_t i = 0; i < n; i++) {
        const float of_y = dy[i] + ds[n + i];
        dx[i] = k[0] * of_y + 2.0f * x[i] * (ds[i] + ds[n + i]);
        dk[0] += x[i] * of_y;
    }
}

void my_bump(const float *restrict x, const uint8_t *restrict kind, float *restrict y,
             int32_t rest, int32_t m, int32_t times)
{
    for (int32_t i = 0; i < rest; i++)
        y[i] = x[i] * x[i] + (float)(times * kind[0]) / (float)m;
}

void my_bump_grad(const float *restrict x, const uint8_t *restrict kind,
                  const float *restrict dy, float *restrict dx, int32_t rest, int32_t m,
                  int32_t times)
{
    (void)kind;
    (void)m;
    (void)times;
    for (int32_t i = 0; i < rest; i++)
        dx[i] = 2.0f * x[i] * dy[i];
}
