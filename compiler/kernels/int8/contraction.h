/* contraction.h - what every generator of int8 asks of a convolution or a product. */
#ifndef DLC_KERNELS_INT8_CONTRACTION_H
#define DLC_KERNELS_INT8_CONTRACTION_H

#include "ops/conv.h"
#include "ops/lowering.h"

/* Of a convolution that is not grouped, or of a product, which is one of 1 x 1 over a
 * row of pixels; false: n is none of them. */
bool contraction_geometry(const Node *n, ConvGeometry *g);

bool contraction_is_pointwise(const ConvGeometry *g);

/* A pointwise one whose pixels do not differ, as one row; false: it is none. */
bool contraction_flatten(ConvGeometry *g);

/* Where a generator is: image and row of the output. */
typedef struct ContractionPlace {
    Expr *image, *row;
    bool is_flat; /* all pixels are one row */
} ContractionPlace;

/* Hands `lanes` features from f on of pixel p, a value of `of` behind n, to what the
 * group computes. */
void contraction_deliver(Lowering *w, const Node *n, const Node *of,
                         ContractionPlace at, Expr *p, Expr *f, int lanes, Expr *value);

#endif
