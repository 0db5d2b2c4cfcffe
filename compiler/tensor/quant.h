/* quant.h - affine int8 and the integers that stand for real factors. The arithmetic of
 * kernels themselves is runtime/device/fixed.h.
 *
 * Source: Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference, sections 2.1 and 2.2; conventions as in TensorFlow
 * Lite's 8-bit specification. */
#ifndef DLC_TENSOR_QUANT_H
#define DLC_TENSOR_QUANT_H

#include "tensor/tensor.h"

/* real = scale (q - zero), -128 <= q <= 127. */
typedef struct Quant {
    double scale;
    int32_t zero;
} Quant;

/* The finest scale whose values cover low .. high and hold 0 exactly. An empty range
 * (low = high = 0) gets scale 1. */
Quant quant_of_range(double low, double high);

/* What values an activation took: count[i] of them in bin i of `bins` equal ones
 * between low and high. */
typedef struct Histogram {
    double low, high;
    int bins;
    const int64_t *count;
} Histogram;

typedef enum QuantMethod {
    QUANT_MINMAX,     /* all values */
    QUANT_PERCENTILE, /* without the fraction `tail` at either end */
    QUANT_MSE         /* the range with the least mean squared error */
} QuantMethod;

Quant quant_of_histogram(const Histogram *h, QuantMethod method, double tail);

/* Nearest int8, halves away from zero, clamped. */
int32_t quant_value(Quant q, double real);

/* real = multiplier 2^(shift - 31), 2^30 <= multiplier < 2^31; for 0 <= real < 2^30.
 * Below 2^-32 both are 0. */
void quant_multiplier(double real, int32_t *multiplier, int32_t *shift);

/* A scale for each element of the last axis (`scale` has that many): the largest
 * magnitude over 127, 0 where all are 0. */
void quant_weight_scales(const Tensor *w, double *scale);

/* Weights as -127 .. 127 under those scales. */
Tensor *quant_weights(Arena *a, const Tensor *w, const double *scale);

#endif
