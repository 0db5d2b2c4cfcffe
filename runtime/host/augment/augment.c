/* augment.c - random changes of training samples. */
#include "host/augment/augment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool dlc_augmenter_init(Augmenter *a, const dlc_data *data, Fault *fault)
{
    size_t most = 0;
    for (int i = 0; i < data->n_augments; i++) {
        const dlc_field *field = &data->field[data->augment[i].field];
        const size_t n = (size_t)dlc_type_count(&field->type);
        most = n > most ? n : most;
    }
    *a = (Augmenter){ .data = data };
    a->value = dlc_new(most, sizeof(float), "augmented samples", fault);
    a->moved = dlc_new(most, sizeof(float), "augmented samples", fault);
    return a->value != NULL && a->moved != NULL;
}

void dlc_augmenter_release(Augmenter *a)
{
    free(a->value);
    free(a->moved);
    *a = (Augmenter){ 0 };
}

/* ---- choices --------------------------------------------------------------------- */

static double between(Random *random, double from, double to)
{
    return from + (to - from) * dlc_random_unit(random);
}

/* A whole number in -n .. n. */
static double whole(Random *random, int64_t n)
{
    return (double)dlc_random_below(random, (uint32_t)(2 * n + 1)) - (double)n;
}

static bool coin(Random *random)
{
    return (dlc_random_next(random) >> 31) != 0;
}

static Picture picture_of(const dlc_type *type)
{
    if (type->rank == 1) {
        return (Picture){ 1, type->dim[0], 1 };
    }
    return (Picture){ type->dim[0], type->dim[1], type->rank == 3 ? type->dim[2] : 1 };
}

/* Of an axis: a fraction of its extent, or whole pixels. */
static double draw_shift(const dlc_augment *a, int axis, int64_t extent, Random *random)
{
    if (a->shift[axis] <= 0) {
        return 0;
    }
    return a->shift_is_whole
               ? whole(random, (int64_t)a->shift[axis])
               : between(random, -a->shift[axis], a->shift[axis]) * (double)extent;
}

static bool is_identity(const Affine *map)
{
    return map->m[0][0] == 1 && map->m[1][1] == 1 && map->m[0][1] == 0 &&
           map->m[1][0] == 0 && map->t[0] == 0 && map->t[1] == 0;
}

static Affine draw_map(const dlc_augment *a, const Picture *size, Random *random)
{
    Moves m = { .zoom = { 1, 1 } };
    m.angle = a->rotate > 0 ? between(random, -a->rotate, a->rotate) : 0;
    m.shift[0] = draw_shift(a, 0, size->height, random);
    m.shift[1] = draw_shift(a, 1, size->width, random);
    m.shear = a->shear > 0 ? between(random, -a->shear, a->shear) : 0;
    for (int i = 0; i < 2 && a->zoom[1] > 0; i++) {
        m.zoom[i] = between(random, a->zoom[0], a->zoom[1]);
    }
    for (int i = 0; i < 2; i++) { /* rows are turned over by a vertical flip */
        if ((a->flip & (i == 0 ? DLC_FLIP_VERTICAL : DLC_FLIP_HORIZONTAL)) != 0 &&
            coin(random)) {
            m.zoom[i] = -m.zoom[i];
        }
        m.crop[i] = a->crop[i] > 0 ? whole(random, a->crop[i]) : 0;
    }
    return dlc_affine(&m, size);
}

Drawn dlc_augment_draw(const dlc_augment *a, const dlc_type *type, Random *random)
{
    const Picture size = picture_of(type);
    Drawn d = { .map = draw_map(a, &size, random), .brightness = 1 };
    d.moves = !is_identity(&d.map);
    if (a->brightness[1] > 0) {
        d.brightness = between(random, a->brightness[0], a->brightness[1]);
    }
    if (a->channel_shift > 0) {
        d.channel_shift = between(random, -a->channel_shift, a->channel_shift);
    }
    if (a->cutout[0] > 0) { /* its middle lies anywhere in the image */
        d.cut[0] =
            (int64_t)dlc_random_below(random, (uint32_t)size.height) - a->cutout[0] / 2;
        d.cut[1] =
            (int64_t)dlc_random_below(random, (uint32_t)size.width) - a->cutout[1] / 2;
    }
    return d;
}

/* ---- one sample ------------------------------------------------------------------ */

static void load(float *to, const void *from, int64_t n, dlc_dtype dtype)
{
    const unsigned char *byte = from;
    if (dtype == DLC_U8) {
        for (int64_t i = 0; i < n; i++) {
            to[i] = byte[i];
        }
    } else {
        memcpy(to, from, (size_t)n * sizeof *to);
    }
}

static void store(void *to, const float *from, int64_t n, dlc_dtype dtype)
{
    unsigned char *byte = to;
    if (dtype != DLC_U8) {
        memcpy(to, from, (size_t)n * sizeof *from);
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        const float v = from[i] + 0.5F;
        byte[i] = (unsigned char)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

static void cut_out(float *value, const Picture *size, const dlc_augment *a,
                    const Drawn *d)
{
    for (int64_t y = d->cut[0]; y < d->cut[0] + a->cutout[0]; y++) {
        for (int64_t x = d->cut[1]; x < d->cut[1] + a->cutout[1]; x++) {
            const bool inside = y >= 0 && y < size->height && x >= 0 && x < size->width;
            for (int64_t c = 0; inside && c < size->channels; c++) {
                value[(y * size->width + x) * size->channels + c] = (float)a->cval;
            }
        }
    }
}

static void change(Augmenter *g, const dlc_augment *a, const dlc_type *type,
                   void *sample, Random *random)
{
    const Picture size = picture_of(type);
    const Drawn d = dlc_augment_draw(a, type, random);
    const int64_t n = dlc_type_count(type);
    float *value = g->value;
    load(value, sample, n, type->dtype);
    if (d.moves) {
        dlc_warp(value, g->moved, &size, &d.map, a->fill, (float)a->cval);
        value = g->moved;
    }
    if (d.brightness != 1 || a->channel_shift > 0) {
        for (int64_t i = 0; i < n; i++) {
            value[i] = value[i] * (float)d.brightness + (float)d.channel_shift;
        }
    }
    for (int64_t i = 0; a->noise > 0 && i < n; i++) {
        value[i] += (float)(a->noise * dlc_random_normal(random));
    }
    if (a->cutout[0] > 0) {
        cut_out(value, &size, a, &d);
    }
    store(sample, value, n, type->dtype);
}

void dlc_augment_sample(Augmenter *g, void *const *sample, uint64_t seed,
                        uint32_t epoch, uint32_t number)
{
    for (int i = 0; i < g->data->n_augments; i++) {
        const dlc_augment *a = &g->data->augment[i];
        Random random = dlc_random(seed, (Purpose)(PURPOSE_AUGMENT + i), epoch);
        random.counter[1] = number;
        change(g, a, &g->data->field[a->field].type, sample[a->field], &random);
    }
}
