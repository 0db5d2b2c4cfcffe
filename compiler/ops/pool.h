/* pool.h - the windows that pooling ops share: [.., h, w, c], no padding, floor. */
#ifndef DLC_OPS_POOL_H
#define DLC_OPS_POOL_H

#include "ops/rules.h"

typedef struct PoolGeometry {
    int64_t n, h, w, c; /* of the large side; n: leading axes folded */
    int64_t oh, ow;     /* of the small side */
    int64_t kh, kw, sh, sw;
} PoolGeometry;

#define POOL_ATTRS                                                                     \
    { "size_h", ATTR_INT, "rows of a window" },                                        \
        { "size_w", ATTR_INT, "columns of a window" },                                 \
        { "stride_h", ATTR_INT, "rows between windows" },                              \
    {                                                                                  \
        "stride_w", ATTR_INT, "columns between windows"                                \
    }

/* Attributes of the texts of examples. */
#define POOL_2 "{size_h=2, size_w=2, stride_h=2, stride_w=2"

enum { POOL_N_ATTRS = 4 };

/* From the shape of the large side. */
PoolGeometry pool_geometry(const Node *n, const Shape *large);
/* Checks the window; y gets the small shape. */
bool pool_small_shape(const Node *n, const Shape *large, NodeType *y, DiagSink *sink);
/* For ops with attributes h and w: y gets the large shape of operand 0. */
bool pool_large_shape(const Node *n, NodeType *y, DiagSink *sink);
/* Operand 1: the position in each window, an integer for each element of `small`. */
bool pool_check_index(const Node *n, const Shape *small, DiagSink *sink);
Node *pool_build(Graph *g, const Op *op, const Node *n, int n_in, Node *const *in,
                 int64_t h, int64_t w);
Node *pool_batch(Graph *g, const Node *n, Node *const *in, int64_t batch);
Cost pool_cost(const Node *n);

/* Calls visit for every element of every window: flat indices of small and large side,
 * and the position in the window. */
void pool_visit(const PoolGeometry *g, void *context,
                void (*visit)(void *context, int64_t small, int64_t large,
                              int position));

/* Element rules of the spreading side: the sum over the windows that hold pixel `at` of
 * term(window's indices, position of the pixel in it). */
Expr *pool_spread(Lowering *w, const Node *n, Expr *const *at,
                  Expr *(*term)(Lowering *w, const Node *n, Expr *const *small,
                                Expr *position));
/* Indices in the large side of element (a, b) of window `at`. */
void pool_window(Lowering *w, const PoolGeometry *g, int rank, Expr *const *at, Expr *a,
                 Expr *b, Expr **large);

#endif
