/* whiten.h - covariance of rows, and the inverse square root of one. */
#ifndef DLC_HOST_TRAIN_WHITEN_H
#define DLC_HOST_TRAIN_WHITEN_H

#include <stdint.h>

#include "host/report/fault.h"

/* sum[i, j] += (row[i] - mean[i]) (row[j] - mean[j]) for every row [n] of `rows`. */
void dlc_covariance_add(double *sum, const double *mean, const float *row, int64_t rows,
                        int64_t n);

/* a [n, n], symmetric and not negative, becomes (a + eps)^(-1/2): symmetric too. */
bool dlc_inverse_root(double *a, int64_t n, double eps, Fault *fault);

#endif
