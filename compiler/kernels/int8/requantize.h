/* requantize.h - first values of sums, and from sums to int8.
 *
 * Weights and bias are constants, so the least and the greatest sum of a feature are
 * known. Where they are small enough for every feature, TensorFlow Lite's two roundings
 * are dlc_requantize (runtime/device/dsp.h), or dlc_requantize_cut, which is shorter,
 * where nothing below the zero point is left; else the general rule stands behind the
 * sums. The zero point of x is in the first value: sum (x - z) w = sum x w - z sum w.
 */
#ifndef DLC_KERNELS_INT8_REQUANTIZE_H
#define DLC_KERNELS_INT8_REQUANTIZE_H

#include "kernels/int8/tail.h"

typedef struct SumRange {
    int64_t low, high; /* of sum (x - zero) w, over all x in -128 .. 127 */
    int64_t weights;   /* sum w */
} SumRange;

/* The zero point that x of contraction n would have as int8: u8 is 128 more. */
int64_t sum_zero(const Node *n, int64_t zero);

/* Of feature f of `weights` [.., features]. */
SumRange sum_range(const Tensor *weights, int64_t f, int64_t zero);

/* All sums of n may take the short form. */
bool requantize_is_cheap(Lowering *w, const Node *n, const Tensor *weights,
                         int64_t zero);

typedef struct Requantizer {
    Lowering *w;
    const Node *n; /* the contraction */
    Tail tail;
    bool cheap;           /* dlc_requantize, by the table */
    bool cut;             /* results below the zero point become it, or more */
    bool paired;          /* first values of odd features are those of paired lanes */
    bool by_field;        /* the table has a field of all features after the other */
    const Buffer *table;  /* cheap: first value and multiplier of a feature; else first
                           * values */
    const Buffer *shifts; /* cheap: of a feature, less 1 */
    int64_t x_zero;
} Requantizer;

/* The tail of contraction n over `weights`, its constant operand 1. By field: for
 * vectors of features. */
typedef enum TableForm { TABLE_PLAIN, TABLE_PAIRED, TABLE_BY_FIELD } TableForm;
Requantizer requantizer_new(Lowering *w, const Node *n, const Tensor *weights,
                            int64_t x_zero, TableForm form);

/* First value of the sum of feature f. */
Expr *requantize_first(const Requantizer *q, Expr *f);

/* What follows needs of feature f, named once for several sums. */
typedef struct Requantization {
    Expr *multiplier, *half, *shift;
} Requantization;
Requantization requantize_prepare(const Requantizer *q, Expr *f);

/* int8 from twice the sum; the caller gives it to lower_finish of tail.last. */
Expr *requantize_value(const Requantizer *q, const Requantization *by, Expr *twice);

/* The same of 4 sums, not twice, of features f .. f + 3, by field. */
enum { REQUANTIZE_LANES = 4 };
Expr *requantize_first_vector(const Requantizer *q, Expr *f);
Requantization requantize_prepare_vector(const Requantizer *q, Expr *f);
Expr *requantize_vector(const Requantizer *q, const Requantization *by, Expr *sums);

#endif
