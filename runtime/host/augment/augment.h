/* augment.h - random changes of training samples, on their stored type.
 *
 * All geometric settings compose into one affine map from the place of a pixel in the
 * result to its place in the sample, so a sample is resampled once. Places are (row,
 * column) of pixel centres; the map turns around the middle of the image, ((h - 1) / 2,
 * (w - 1) / 2). As in Keras' ImageDataGenerator,
 *
 *   place = crop + centre + R(angle) (shift + S(shear) Z(zoom) F(flip) (p - centre))
 *
 *   R = [cos -sin; sin cos]   S = [1 -sin; 0 cos]   Z = diag(zoom of rows, of columns)
 *   F = diag(-1 or 1, -1 or 1)
 *
 * so a zoom above 1 shows more of the surroundings and a positive angle turns the
 * picture counter-clockwise. Between pixels the value is bilinear. Beyond the border:
 *
 *   nearest   aaa|abcd|ddd     constant  kkk|abcd|kkk, k = cval
 *   reflect   cba|abcd|dcb     wrap      bcd|abcd|abc
 *
 * where any of the four pixels of an interpolation may lie beyond. Then brightness (a
 * factor), channel_shift (a summand, the same for all channels), noise (a normal
 * summand an element), cutout (a rectangle of cval). Integers are rounded and clipped
 * to their type once, at the end. A sample of rank 1 is a signal: shift and noise.
 *
 * Random numbers are Philox, key = seed, counter = {draw, sample, epoch, augment}: what
 * becomes of a sample depends on nothing else. */
#ifndef DLC_HOST_AUGMENT_AUGMENT_H
#define DLC_HOST_AUGMENT_AUGMENT_H

#include "host/augment/warp.h"

/* What was drawn for one sample. */
typedef struct Drawn {
    Affine map;
    bool moves; /* the map is not the identity */
    double brightness, channel_shift;
    int64_t cut[2]; /* first row and column of the rectangle; may be negative */
} Drawn;

/* Room that one thread needs: of the largest sample, in elements, plus an image. */
typedef struct Augmenter {
    const dlc_data *data;
    float *value; /* the sample's elements */
    float *moved;
} Augmenter;

bool dlc_augmenter_init(Augmenter *augmenter, const dlc_data *data, Fault *fault);
void dlc_augmenter_release(Augmenter *augmenter);

/* The random choices of one sample, in a fixed order; `random` goes on with the noise.
 */
Drawn dlc_augment_draw(const dlc_augment *augment, const dlc_type *type,
                       Random *random);

/* Changes every augmented field of a sample; sample[f]: its fields. */
void dlc_augment_sample(Augmenter *augmenter, void *const *sample, uint64_t seed,
                        uint32_t epoch, uint32_t number);

#endif
