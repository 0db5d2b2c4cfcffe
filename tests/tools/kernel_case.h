/* kernel_case.h - one contraction of a given shape, built for a target: for the tests
 * of the kernel generators and for their bench. */
#ifndef DLC_TESTS_KERNEL_CASE_H
#define DLC_TESTS_KERNEL_CASE_H

#include "kernels/kernels.h"

typedef struct DotCase {
    int64_t m, n, k;
    bool transpose_a, transpose_b;
    int64_t lead; /* 0: rank 2 */
    bool a_lead, b_lead;
} DotCase;

typedef struct ConvCase {
    int rank; /* of the images: 3 (a single one), 4 or 5 */
    int64_t images, h, w, c, kh, kw, f;
    int64_t stride_h, stride_w;
    int64_t pad[4]; /* top, bottom, left, right */
    int64_t dilation_h, dilation_w, groups;
} ConvCase;

/* The node of a case: its operands are inputs of a graph in `a`. */
Node *case_dot(Arena *a, DotCase c);
Node *case_conv2d(Arena *a, ConvCase c);
Node *case_conv2d_input(Arena *a, ConvCase c);
Node *case_conv2d_filter(Arena *a, ConvCase c);

/* The kernel of a node: parameters are its operands and `y`. NULL: not generated. */
Kernel *case_kernel(Arena *a, const Node *n, const Target *t, const char *name);

#endif
