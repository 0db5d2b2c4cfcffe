/* vectors.h - the text that vectors.py writes: one line a net, its name, how many
 * inputs and outputs, and each of them as element type, count and numbers. */
#ifndef DLC_TESTS_ONNX_VECTORS_H
#define DLC_TESTS_ONNX_VECTORS_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VECTORS_MAX = 16 };

typedef struct Numbers {
    char type[4]; /* f b u8 u16 */
    long n;
    double *at;
} Numbers;

typedef struct Vectors {
    char name[96];
    int n_in, n_out;
    Numbers tensor[VECTORS_MAX]; /* inputs, then outputs */
} Vectors;

/* 1, or 0 at the end of the file; a file that is cut off ends the program. */
static inline int vectors_read(FILE *f, Vectors *v)
{
    if (fscanf(f, "%95s %d %d", v->name, &v->n_in, &v->n_out) != 3)
        return 0;
    if (v->n_in < 0 || v->n_out < 1 || v->n_in + v->n_out > VECTORS_MAX) {
        printf("%s: %d inputs, %d outputs\n", v->name, v->n_in, v->n_out);
        exit(2);
    }
    for (int i = 0; i < v->n_in + v->n_out; i++) {
        Numbers *x = &v->tensor[i];
        int good = fscanf(f, "%3s %ld", x->type, &x->n) == 2 && x->n > 0;
        x->at = good ? malloc((size_t)x->n * sizeof *x->at) : NULL;
        for (long k = 0; good && k < x->n; k++)
            good = fscanf(f, "%lf", &x->at[k]) == 1;
        if (!good) {
            printf("%s: the file is cut off\n", v->name);
            exit(2);
        }
    }
    return 1;
}

static inline void vectors_free(Vectors *v)
{
    for (int i = 0; i < v->n_in + v->n_out; i++)
        free(v->tensor[i].at);
}

/* The largest difference from the output, as a share of its largest number or of 1. The
 * vectors were computed in f32, by NumPy. */
static inline double vectors_error(const Numbers *want, const double *got)
{
    double scale = 1, worst = 0;
    for (long k = 0; k < want->n; k++)
        if (isfinite(want->at[k]))
            scale = fmax(scale, fabs(want->at[k]));
    for (long k = 0; k < want->n; k++) {
        double a = want->at[k], b = got[k];
        if (a == b || (isnan(a) && isnan(b)))
            continue;
        double error = fabs(a - b) / scale;
        worst = isnan(error) ? INFINITY : fmax(worst, error);
    }
    return worst;
}

#endif
