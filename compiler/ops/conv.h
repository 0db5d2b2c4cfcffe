/* conv.h - the geometry that conv2d and its two derivatives share.
 *
 *     y[n, i, j, f] = sum_{a, b, c} x[n, i sh + a dh - top, j sw + b dw - left, c0 + c]
 * k[a, b, c, f]
 *
 * with c0 = (f / (F / groups)) (C / groups); x is zero outside. Operands are channels
 * last with any number of leading axes in front of [h, w, c], folded into n. */
#ifndef DLC_OPS_CONV_H
#define DLC_OPS_CONV_H

#include "ops/rules.h"

#define CONV_ATTRS                                                                     \
    { "stride_h", ATTR_INT, "rows between outputs" },                                  \
        { "stride_w", ATTR_INT, "columns between outputs" },                           \
        { "pad_top", ATTR_INT, "zero rows above" },                                    \
        { "pad_bottom", ATTR_INT, "zero rows below" },                                 \
        { "pad_left", ATTR_INT, "zero columns in front" },                             \
        { "pad_right", ATTR_INT, "zero columns behind" },                              \
        { "dilation_h", ATTR_INT, "rows between taps" },                               \
        { "dilation_w", ATTR_INT, "columns between taps" },                            \
    {                                                                                  \
        "groups", ATTR_INT, "channel groups that do not mix"                           \
    }

/* For the texts of examples: stride and dilation 1, no padding, one group; an image of
 * 2 x 2 pixels, a filter of ones. */
#define CONV_PLAIN                                                                     \
    "{stride_h=1, stride_w=1, pad_top=0, pad_bottom=0, pad_left=0, pad_right=0, "      \
    "dilation_h=1, dilation_w=1, groups=1"
#define CONV_IMAGE "[[[1], [2]], [[3], [4]]]"
#define CONV_ONES  "[[[[1]], [[1]]], [[[1]], [[1]]]]"

enum { CONV_GROUPS = 8, CONV_N_ATTRS = 9 };

typedef struct ConvGeometry {
    int64_t n;          /* images: product of the leading axes */
    int64_t h, w, c;    /* of x */
    int64_t oh, ow, f;  /* of y */
    int64_t kh, kw, cg; /* of k: rows, columns, channels of a group */
    int64_t sh, sw, top, left, dh, dw, groups;
} ConvGeometry;

/* Of a conv2d, conv2d_input or conv2d_filter node with checked type. */
ConvGeometry conv_geometry(const Node *n);
/* Output extent; less than 1: the kernel does not fit. */
int64_t conv_extent(int64_t in, int64_t before, int64_t after, int64_t kernel,
                    int64_t stride, int64_t dilation);
/* Attributes in front are checked; reports and returns false. */
bool conv_is_quantized(const Node *n); /* sums of integers */
bool conv_check_attrs(const Node *n, DiagSink *sink);
/* That images x and filters of kh x kw give results with the extents of y. */
bool conv_check_extents(const Node *n, const Shape *x, int64_t kh, int64_t kw,
                        const Shape *y, DiagSink *sink);
/* Nodes with the geometry attributes of n and up to two more. */
Node *conv_build(Graph *g, const Op *op, const Node *n, Node *a, Node *b,
                 int64_t extra_0, int64_t extra_1);

/* Calls visit for every multiply: flat indices of y, x and k. */
void conv_visit(const ConvGeometry *g, void *context,
                void (*visit)(void *context, int64_t y, int64_t x, int64_t k));
/* The batch rule of all three: [.., h, w, c] operands fold their leading axes into one.
 * Filters of their own for each sample become groups of one convolution: samples move
 * from the front into the channels. */
Node *conv_batch(Graph *g, const Node *n, Node *const *in, int64_t batch);
Cost conv_cost(const Node *n);

/* Index arithmetic of the plain nests. Rows of x that tap a of output row i reads,
 * which may lie outside; whether it lies inside; the same clamped, so that a load is
 * safe. */
Expr *conv_source_row(Kernel *k, Expr *i, Expr *a, int64_t stride, int64_t dilation,
                      int64_t before);
Expr *conv_inside(Kernel *k, Expr *row, int64_t extent);
Expr *conv_clamp(Kernel *k, Expr *row, int64_t extent);
/* The other way: stride * output row of pixel row r under tap a; whether there is such
 * an output; its index, clamped. */
Expr *conv_output_row(Kernel *k, Expr *r, Expr *a, int64_t dilation, int64_t before);
Expr *conv_meets(Kernel *k, Expr *row, int64_t stride, int64_t extent);
Expr *conv_output_index(Kernel *k, Expr *row, int64_t stride, int64_t extent);

#endif
