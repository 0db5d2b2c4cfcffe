/* quantize.h - inside of pass graph_quantize. */
#ifndef DLC_PASSES_QUANTIZE_H
#define DLC_PASSES_QUANTIZE_H

#include "passes/rewrite.h"

typedef struct Int8 {
    Node *node; /* i8, in the new graph; NULL: the value stays a float */
    Quant q;
} Int8;

typedef struct Quantizer {
    PassContext *cx;
    const Graph *from;
    Graph *to;
    int *uses;     /* by node id of `from`: operands that read it, and results */
    Node **as_is;  /* by node id: the value in its own type */
    Int8 *as_int8; /* by node id, when `tried` */
    bool *tried;
    bool *stays; /* by node id: a float for ever, `keep_float` */
    bool failed; /* reported */
    /* quantize_compare.c */
    bool floats;              /* nothing becomes int8 */
    struct Quantizer *chain;  /* root alone: the others are floats of .. */
    struct Quantizer *others; /* .. this one, rounded to what they are in `chain` */
    const Node *root;
    int made, kept; /* values in int8; float values computed as floats */
} Quantizer;

/* The value in its own type, and as int8: by a rule, or (need) quantized from a float,
 * which fails for what no calibration can have seen. */
Node *quantize_value(Quantizer *z, const Node *n);
Int8 quantize_try(Quantizer *z, const Node *n);
Int8 quantize_need(Quantizer *z, const Node *n);
/* By the first rule that fits; no memory. */
Int8 quantize_apply(Quantizer *z, const Node *n);
bool quantize_is_view(const Node *n); /* has the scale of its operand */
Quantizer quantizer_new(PassContext *cx, const Graph *from, Graph *to);
/* From the calibration; reports and gives scale 1 where there is none. */
Quant quantize_range(Quantizer *z, const Node *n);

/* ---- quantize_compare.c ---------------------------------------------------------- */

/* The value as an operand of z->root, which alone is computed in int8. */
Int8 quantize_alone(Quantizer *z, const Node *n);
/* Instead of the graph's results, for each value that became int8 three measures: PATH,
 * as a float; PATH/int8, as the quantized net computes it; PATH/alone, in int8 from
 * operands that were floats up to there. */
void quantize_compare(Quantizer *z);

/* ---- shapes of programs (quantize_match.c) --------------------------------------- */

typedef struct Clamp { /* low <= inner <= high, of min and max with numbers */
    const Node *inner;
    double low, high;
} Clamp;

/* Bounds around a value that nothing else reads; inner is n itself without any. */
Clamp match_clamp(const Quantizer *z, const Node *n);

typedef struct Affine { /* contraction(x, weights) + bias, read by nothing else */
    const Node *node;   /* conv2d or dot; NULL: no match */
    const Tensor *weights, *bias; /* bias along the last axis, or NULL */
} Affine;

Affine match_affine(const Quantizer *z, const Node *n);

typedef struct Mean { /* factor * sum over axes */
    const Node *sum;  /* reduce_sum; NULL: no match */
    double factor;
} Mean;

Mean match_mean(const Quantizer *z, const Node *n);
const Node *match_softmax(const Node *n); /* over the last axis: of what; NULL: none */

/* The one value that n is an elementwise function of, all else being numbers: a value
 * with an int8 form, or an 8-bit input. NULL: there is none. */
const Node *match_function(Quantizer *z, const Node *n);

/* ---- int8 arithmetic as nodes (quantize_build.c) -----------------------------------
 */

Node *int8_of_float(Quantizer *z, Node *x, Quant q);
Node *float_of_int8(Quantizer *z, Int8 x);
/* Do sums of magnitude `most` survive that factor? Beyond 1 it shifts them left first.
 */
bool int8_factor_fits(double factor, double most);
/* rescale(acc, real factor of each element of the last axis) + zero, between the
 * bounds. n_factors is 1 or the last extent. */
Int8 int8_requantize(Quantizer *z, Node *acc, const double *factor, int64_t n_factors,
                     Quant q, const Clamp *clamp);
Int8 int8_affine(Quantizer *z, const Affine *a, Int8 x, Quant q, const Clamp *clamp);
/* op: add or sub */
Int8 int8_sum(Quantizer *z, const Op *op, Int8 a, Int8 b, Quant q, const Clamp *clamp);
Int8 int8_mul(Quantizer *z, Int8 a, Int8 b, Quant q, const Clamp *clamp);
Int8 int8_mean(Quantizer *z, const Mean *m, Int8 x, Quant q);
Int8 int8_softmax(Quantizer *z, Int8 x);
/* By a table of 256, computed in f64: n as a function of `source`. */
Int8 int8_function(Quantizer *z, const Node *n, const Node *source, Quant q);

#endif
