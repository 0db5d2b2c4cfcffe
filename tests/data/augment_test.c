/* augment_test.c - augmentation against an independent account of its geometry, and the
 * loader that applies it: the same for any number of threads and from any position. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "augment_golden.h"
#include "host/augment/augment.h"
#include "host/data/dataset.h"
#include "host/data/loader.h"

static Fault fault;

/* ---- geometry -------------------------------------------------------------------- */

typedef struct Case { /* as in augment_golden.py */
    Picture size;
    double degrees, shear, shift[2], zoom[2];
    int flip;
    double crop[2];
} Case;

static const Case cases[] = {
    { { 7, 9, 1 }, 30, 0, { 0, 0 }, { 1, 1 }, 0, { 0, 0 } },
    { { 7, 9, 3 }, -15, 5, { 1.25, -2.5 }, { 1.1, 0.9 }, 0, { 0, 0 } },
    { { 8, 6, 1 }, 0, 0, { 0, 0 }, { 1, 1 }, 3, { 0, 0 } },
    { { 8, 6, 2 }, 0, 0, { 0, 0 }, { 1, 1 }, 0, { 2, -3 } },
    { { 5, 5, 1 }, 90, 0, { 0, 0 }, { 1, 1 }, 0, { 0, 0 } },
    { { 9, 8, 3 }, 40, -20, { -6.3, 9.7 }, { 1.5, 2.5 }, 1, { 1, 2 } },
    { { 6, 7, 1 }, 10, 10, { 0.5, 0.5 }, { 0.5, 0.4 }, 2, { -1, 0 } },
};

static void make_image(float *to, int64_t n)
{
    uint32_t x = 12345;
    for (int64_t i = 0; i < n; i++) {
        x = (x * 1103515245u + 12345u) % 2147483648u;
        to[i] = (float)(x >> 23);
    }
}

/* The largest difference from the golden pictures; `turn` spoils the angle. */
static double worst_difference(double turn)
{
    const double degree = 3.14159265358979323846 / 180;
    const float *want = golden;
    double worst = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Case *c = &cases[i];
        const int64_t n = c->size.height * c->size.width * c->size.channels;
        const Moves moves = {
            .angle = c->degrees * degree * turn,
            .shear = c->shear * degree,
            .shift = { c->shift[0], c->shift[1] },
            .crop = { c->crop[0], c->crop[1] },
            .zoom = { (c->flip & 2) != 0 ? -c->zoom[0] : c->zoom[0],
                      (c->flip & 1) != 0 ? -c->zoom[1] : c->zoom[1] },
        };
        const Affine map = dlc_affine(&moves, &c->size);
        for (int fill = DLC_FILL_NEAREST; fill <= DLC_FILL_WRAP; fill++) {
            float from[300], to[300];
            make_image(from, n);
            dlc_warp(from, to, &c->size, &map, (dlc_fill)fill, 7);
            for (int64_t k = 0; k < n; k++) {
                worst = fmax(worst, fabs((double)to[k] - (double)*want++));
            }
        }
    }
    assert_int_equal(want - golden, sizeof golden / sizeof golden[0]);
    return worst;
}

static void test_geometry(void **state)
{
    (void)state;
    assert_true(worst_difference(1) < 1e-3);
    assert_true(worst_difference(-1) > 1); /* a turn the other way is noticed */
}

/* ---- one sample ------------------------------------------------------------------ */

static const dlc_field picture[] = {
    { "image", { .dtype = DLC_U8, .rank = 3, .dim = { 6, 5, 2 } } },
    { "audio", { .dtype = DLC_F32, .rank = 1, .dim = { 50 } } },
};

static void run(const dlc_augment *a, uint8_t image[60], float audio[50],
                uint32_t sample)
{
    const dlc_data data = {
        .n_fields = 2, .field = picture, .n_augments = 1, .augment = a
    };
    void *fields[] = { image, audio };
    Augmenter g;
    assert_true(dlc_augmenter_init(&g, &data, &fault));
    dlc_augment_sample(&g, fields, 5, 2, sample);
    dlc_augmenter_release(&g);
}

static void make_sample(uint8_t image[60], float audio[50])
{
    for (int i = 0; i < 60; i++) {
        image[i] = (uint8_t)(4 * i);
    }
    for (int i = 0; i < 50; i++) {
        audio[i] = (float)(i + 1);
    }
}

static void test_values(void **state)
{
    const dlc_augment none = { .zoom = { 1, 1 }, .brightness = { 1, 1 } };
    dlc_augment a = none;
    uint8_t image[60], same[60];
    float audio[50];
    (void)state;
    make_sample(same, audio);
    make_sample(image, audio);
    run(&a, image, audio, 1);
    assert_memory_equal(image, same, 60); /* nothing to do */
    a.brightness[0] = a.brightness[1] = 2.5;
    run(&a, image, audio, 1);
    for (int i = 0; i < 60; i++) { /* rounded, and clipped once */
        assert_int_equal(image[i], 10 * i > 255 ? 255 : 10 * i);
    }
    a = none;
    a.cutout[0] = 3;
    a.cutout[1] = 2;
    a.cval = 9;
    int cut = 0, whole = 0;
    for (uint32_t s = 0; s < 50; s++) {
        int changed = 0;
        make_sample(image, audio);
        run(&a, image, audio, s);
        for (int i = 0; i < 60; i++) {
            assert_true(image[i] == same[i] || image[i] == 9);
            changed += image[i] == 9;
        }
        assert_true(changed <= 12 && changed % 2 == 0);
        cut += changed > 0;
        whole += changed == 12;
    }
    assert_true(cut == 50 && whole > 10 && whole < 50);
}

static void test_flips(void **state)
{
    const dlc_augment a = { .flip = DLC_FLIP_HORIZONTAL, .zoom = { 1, 1 } };
    uint8_t image[60], same[60];
    float audio[50];
    int flipped = 0;
    (void)state;
    make_sample(same, audio);
    for (uint32_t s = 0; s < 200; s++) {
        make_sample(image, audio);
        run(&a, image, audio, s);
        const int turned = image[0] == same[8];
        for (int y = 0; y < 6; y++) {
            for (int x = 0; x < 10; x++) {
                const int from = turned ? 2 * (4 - x / 2) + x % 2 : x;
                assert_int_equal(image[10 * y + x], same[10 * y + from]);
            }
        }
        flipped += turned;
    }
    assert_true(flipped > 70 && flipped < 130);
}

static void test_signal(void **state)
{
    dlc_augment a = { .field = 1,
                      .fill = DLC_FILL_CONSTANT,
                      .shift = { 0, 10 },
                      .shift_is_whole = true,
                      .zoom = { 1, 1 } };
    uint8_t image[60];
    float audio[50];
    int least = 0, most = 0;
    double squares = 0;
    (void)state;
    for (uint32_t s = 0; s < 200; s++) {
        make_sample(image, audio);
        run(&a, image, audio, s);
        const int moved = (int)audio[25] - 26;
        least = moved < least ? moved : least;
        most = moved > most ? moved : most;
        for (int i = 0; i < 50; i++) {
            const int from = i + moved;
            assert_true(audio[i] == (from < 0 || from >= 50 ? 0 : (float)(from + 1)));
        }
    }
    assert_true(least == -10 && most == 10);
    a.shift[1] = 0;
    a.noise = 0.5;
    for (uint32_t s = 0; s < 200; s++) {
        make_sample(image, audio);
        run(&a, image, audio, s);
        for (int i = 0; i < 50; i++) {
            squares += pow((double)audio[i] - (i + 1), 2);
        }
    }
    assert_true(fabs(squares / 10000 - 0.25) < 0.02);
}

/* ---- the loader ------------------------------------------------------------------ */

enum { SAMPLES = 40, BATCH = 6 };
static double values[SAMPLES * 110];
static const dlc_augment everything[] = {
    { .rotate = 0.3,
      .shear = 0.1,
      .shift = { 0.1, 0.2 },
      .zoom = { 0.8, 1.2 },
      .brightness = { 0.9, 1.1 },
      .flip = 3,
      .noise = 3,
      .channel_shift = 10,
      .crop = { 1, 1 },
      .cutout = { 2, 2 } },
    { .field = 1, .noise = 1, .shift = { 0, 0.2 }, .zoom = { 1, 1 } },
};

/* Bytes of batches first .. end - 1 of epoch 3, with `threads`. */
static void collect(int threads, int first, uint8_t *to)
{
    const Places places = { NULL, "x.dl" };
    for (int i = 0; i < SAMPLES * 110; i++) {
        values[i] = i * 37 % 256;
    }
    const dlc_data data = {
        .n_fields = 2,
        .field = picture,
        .split = { [DLC_TRAIN] = { .kind = DLC_SOURCE_ROWS,
                                   .rows = values,
                                   .n_rows = SAMPLES } },
        .n_augments = 2,
        .augment = everything,
    };
    Dataset set;
    Batch batch;
    uint32_t order[SAMPLES];
    for (uint32_t i = 0; i < SAMPLES; i++) {
        order[i] = (i * 7) % SAMPLES;
    }
    assert_true(dlc_dataset_load(&set, &data, &places, 0, 1, &fault));
    assert_true(dlc_batch_init(&batch, 2, picture, BATCH, &fault));
    Loader *loader = dlc_loader_new(&data, BATCH, threads, &fault);
    assert_non_null(loader);
    const Walk other = { &set.split[DLC_TRAIN], NULL, 9, 0, 0, 6 };
    const Walk walk = { &set.split[DLC_TRAIN], order, 9, 3, first, 6 };
    dlc_loader_start(loader, &other);
    assert_true(dlc_loader_next(loader, &batch, &fault));
    dlc_loader_start(loader, &walk); /* what was prepared is dropped */
    for (int b = first; b < 6; b++) {
        assert_true(dlc_loader_next(loader, &batch, &fault));
        memcpy(to, batch.data[0], 60 * BATCH);
        memcpy(to + 60 * BATCH, batch.data[1], 200 * BATCH);
        to += 260 * BATCH;
    }
    dlc_loader_free(loader);
    dlc_batch_release(&batch);
    dlc_dataset_release(&set);
}

static void test_loader(void **state)
{
    static uint8_t one[260 * BATCH * 6], more[260 * BATCH * 6];
    (void)state;
    collect(1, 0, one);
    for (int threads = 2; threads <= 4; threads++) {
        memset(more, 0, sizeof more);
        collect(threads, 0, more);
        assert_memory_equal(one, more, sizeof one);
    }
    collect(2, 4, more); /* from the middle of the epoch */
    assert_memory_equal(one + 260 * BATCH * 4, more, 260 * BATCH * 2);
    assert_memory_not_equal(one, one + 260 * BATCH, 260 * BATCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_geometry), cmocka_unit_test(test_values),
        cmocka_unit_test(test_flips),    cmocka_unit_test(test_signal),
        cmocka_unit_test(test_loader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
