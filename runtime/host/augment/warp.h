/* warp.h - one affine resampling of an image. */
#ifndef DLC_HOST_AUGMENT_WARP_H
#define DLC_HOST_AUGMENT_WARP_H

#include "host/data/shuffle.h"
#include "host/data/type.h"

typedef struct Affine { /* (row, column) of the result to those of the sample */
    double m[2][2], t[2];
} Affine;

typedef struct Picture {
    int64_t height, width, channels;
} Picture;

typedef struct Moves {        /* of one sample; pairs are of rows, then of columns */
    double angle, shear;      /* radians */
    double shift[2], crop[2]; /* pixels */
    double zoom[2];           /* negative: flipped */
} Moves;

/* The one map that they are together, see augment.h. */
Affine dlc_affine(const Moves *moves, const Picture *size);

/* Bilinear; beyond the border as `fill` says, see augment.h. */
void dlc_warp(const float *from, float *to, const Picture *size, const Affine *map,
              dlc_fill fill, float cval);

#endif
