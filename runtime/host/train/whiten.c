/* whiten.c - covariance of rows, and the inverse square root of one.
 *
 * Eigenvalues by cyclic Jacobi rotations (Golub, Van Loan, Matrix Computations, section
 * 8.5): slow, but exact to rounding and the same on every machine. */
#include "host/train/whiten.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SWEEPS = 40 };

void dlc_covariance_add(double *sum, const double *mean, const float *row, int64_t rows,
                        int64_t n)
{
    for (; rows > 0; rows--, row += n) {
        for (int64_t i = 0; i < n; i++) {
            const double d = (double)row[i] - mean[i];
            for (int64_t j = 0; j < n; j++) {
                sum[i * n + j] += d * ((double)row[j] - mean[j]);
            }
        }
    }
}

/* Rows p and q of a matrix: (cos -sin; sin cos) from the left. */
static void turn_rows(double *a, int64_t n, int64_t p, int64_t q, double c, double s)
{
    double *x = a + p * n, *y = a + q * n;
    for (int64_t k = 0; k < n; k++) {
        const double xk = x[k], yk = y[k];
        x[k] = c * xk - s * yk;
        y[k] = s * xk + c * yk;
    }
}

static void turn_columns(double *a, int64_t n, int64_t p, int64_t q, double c, double s)
{
    for (int64_t k = 0; k < n; k++) {
        const double xk = a[k * n + p], yk = a[k * n + q];
        a[k * n + p] = c * xk - s * yk;
        a[k * n + q] = s * xk + c * yk;
    }
}

/* a becomes diagonal, v's rows its eigenvectors. */
static void diagonalize(double *a, double *v, int64_t n)
{
    double scale = 0;
    for (int64_t i = 0; i < n; i++) {
        scale = fmax(scale, fabs(a[i * n + i]));
    }
    bool turned = true;
    for (int sweep = 0; turned && sweep < MOST_SWEEPS; sweep++) {
        turned = false;
        for (int64_t p = 0; p < n; p++) {
            for (int64_t q = p + 1; q < n; q++) {
                const double off = a[p * n + q];
                if (fabs(off) <= 1e-14 * scale) {
                    continue;
                }
                const double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
                const double t =
                    (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
                const double c = 1 / sqrt(t * t + 1);
                turn_rows(a, n, p, q, c, t * c);
                turn_columns(a, n, p, q, c, t * c);
                turn_rows(v, n, p, q, c, t * c);
                turned = true;
            }
        }
    }
}

bool dlc_inverse_root(double *a, int64_t n, double eps, Fault *fault)
{
    const size_t bytes = (size_t)(n * n) * sizeof(double);
    double *v = dlc_new((size_t)(n * n), sizeof *v, "whitening", fault);
    double *root = dlc_new((size_t)n, sizeof *root, "whitening", fault);
    const bool done = v != NULL && root != NULL;
    for (int64_t i = 0; done && i < n; i++) {
        v[i * n + i] = 1;
    }
    if (done) {
        diagonalize(a, v, n);
        for (int64_t k = 0; k < n; k++) {
            root[k] = 1 / sqrt(fmax(a[k * n + k], 0) + eps);
        }
        memset(a, 0, bytes);
        for (int64_t k = 0; k < n; k++) {
            for (int64_t i = 0; i < n; i++) {
                const double left = v[k * n + i] * root[k];
                for (int64_t j = 0; j < n; j++) {
                    a[i * n + j] += left * v[k * n + j];
                }
            }
        }
    }
    free(v);
    free(root);
    return done;
}
