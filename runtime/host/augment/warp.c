/* warp.c - one affine resampling of an image. */
#include "host/augment/warp.h"

#include <math.h>

Affine dlc_affine(const Moves *m, const Picture *size)
{
    const double centre[2] = { (double)(size->height - 1) / 2,
                               (double)(size->width - 1) / 2 };
    const double turn[2][2] = { { cos(m->angle), -sin(m->angle) },
                                { sin(m->angle), cos(m->angle) } };
    const double rest[2][2] = { { m->zoom[0], -sin(m->shear) * m->zoom[1] },
                                { 0, cos(m->shear) * m->zoom[1] } };
    Affine map;
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
            map.m[i][j] = turn[i][0] * rest[0][j] + turn[i][1] * rest[1][j];
        }
        map.t[i] = turn[i][0] * m->shift[0] + turn[i][1] * m->shift[1] + centre[i] -
                   map.m[i][0] * centre[0] - map.m[i][1] * centre[1] + m->crop[i];
    }
    return map;
}

/* Place i of an axis of n pixels, folded back into it; -1: outside, the value is cval.
 */
static int64_t fold(int64_t i, int64_t n, dlc_fill fill)
{
    if (i >= 0 && i < n) {
        return i;
    }
    switch (fill) {
    case DLC_FILL_NEAREST:
        return i < 0 ? 0 : n - 1;
    case DLC_FILL_WRAP:
        i %= n;
        return i < 0 ? i + n : i;
    case DLC_FILL_REFLECT:
        i %= 2 * n;
        i = i < 0 ? i + 2 * n : i;
        return i < n ? i : 2 * n - 1 - i;
    case DLC_FILL_CONSTANT:
        break;
    }
    return -1;
}

static int64_t whole_part(double x)
{
    const int64_t i = (int64_t)x;
    return i - (x < (double)i);
}

/* One pixel of which some neighbour may lie beyond the border. */
static void warp_border(const float *from, float *to, const Picture *size, int64_t y,
                        int64_t x, float fy, float fx, dlc_fill fill, float cval)
{
    const int64_t rows[2] = { fold(y, size->height, fill),
                              fold(y + 1, size->height, fill) };
    const int64_t columns[2] = { fold(x, size->width, fill),
                                 fold(x + 1, size->width, fill) };
    for (int64_t c = 0; c < size->channels; c++) {
        float v[4];
        for (int k = 0; k < 4; k++) {
            const int64_t row = rows[k / 2], column = columns[k % 2];
            v[k] = row < 0 || column < 0
                       ? cval
                       : from[(row * size->width + column) * size->channels + c];
        }
        const float top = v[0] + (v[1] - v[0]) * fx;
        const float bottom = v[2] + (v[3] - v[2]) * fx;
        to[c] = top + (bottom - top) * fy;
    }
}

/* Between four pixels inside the image. */
static inline void mix_pixels(const float *at, float *to, int64_t line, int64_t n,
                              float fy, float fx)
{
    for (int64_t c = 0; c < n; c++, at++) {
        const float top = at[0] + (at[n] - at[0]) * fx;
        const float bottom = at[line] + (at[line + n] - at[line]) * fx;
        to[c] = top + (bottom - top) * fy;
    }
}

/* With a constant number of channels the compiler unrolls what runs most. */
static inline void warp_rows(const float *from, float *to, const Picture *size,
                             int64_t n, const Affine *map, dlc_fill fill, float cval)
{
    const int64_t line = size->width * n;
    const double step_y = map->m[0][1], step_x = map->m[1][1];
    const double last_y = (double)size->height - 1, last_x = (double)size->width - 1;
    for (int64_t row = 0; row < size->height; row++) {
        const double y0 = map->m[0][0] * (double)row + map->t[0];
        const double x0 = map->m[1][0] * (double)row + map->t[1];
        for (int64_t column = 0; column < size->width; column++, to += n) {
            const double py = y0 + step_y * (double)column;
            const double px = x0 + step_x * (double)column;
            if (py >= 0 && px >= 0 && py < last_y && px < last_x) {
                const int32_t y = (int32_t)py, x = (int32_t)px;
                mix_pixels(from + y * line + x * n, to, line, n, (float)(py - y),
                           (float)(px - x));
            } else {
                const int64_t y = whole_part(py), x = whole_part(px);
                warp_border(from, to, size, y, x, (float)(py - (double)y),
                            (float)(px - (double)x), fill, cval);
            }
        }
    }
}

void dlc_warp(const float *from, float *to, const Picture *size, const Affine *map,
              dlc_fill fill, float cval)
{
    switch (size->channels) {
    case 1:
        warp_rows(from, to, size, 1, map, fill, cval);
        break;
    case 3:
        warp_rows(from, to, size, 3, map, fill, cval);
        break;
    default:
        warp_rows(from, to, size, size->channels, map, fill, cval);
    }
}
