/* build.h - building nodes of the graph IR with checked types.
 *
 * Every builder infers the type by op->shape. Elaboration passes a sink and gets NULL
 * when the user's program is wrong (reported at the graph's current span); inside the
 * compiler the sink is NULL and a violation is a BUG. Pointwise builders broadcast
 * their operands by dl's rules (explicit `broadcast` nodes are inserted). `batched` of
 * a new node is the or of its operands', except for batch_mean and batch_sum. */
#ifndef DLC_GRAPH_BUILD_H
#define DLC_GRAPH_BUILD_H

#include "graph/graph.h"
#include "graph/op.h"

/* The general form. attrs in schema order (NULL: none). NULL on error (then reported).
 */
Node *build_node(Graph *g, DiagSink *sink, const Op *op, int n_in, Node *const *in,
                 const AttrValue *attrs);
/* For ops with a region. */
Node *build_region(Graph *g, DiagSink *sink, const Op *op, Graph *body, int n_in,
                   Node *const *in, const AttrValue *attrs);

Node *build_input(Graph *g, InputKind kind, const char *path, DType dtype, Shape shape,
                  int64_t bound, bool batched);
Node *build_constant(Graph *g, const Tensor *value);
Node *build_scalar(Graph *g, double value);            /* f32 [] */
Node *build_full(Graph *g, double value, Shape shape); /* f32, a broadcast scalar */

Node *build_unary(Graph *g, const Op *op, Node *x);
Node *build_binary(Graph *g, const Op *op, Node *a, Node *b); /* broadcasts */
#define BUILD_UNARY(name)  Node *build_##name(Graph *g, Node *x)
#define BUILD_BINARY(name) Node *build_##name(Graph *g, Node *a, Node *b)
BUILD_UNARY(neg);
BUILD_UNARY(abs);
BUILD_UNARY(sign);
BUILD_UNARY(exp);
BUILD_UNARY(log);
BUILD_UNARY(sqrt);
BUILD_UNARY(rsqrt);
BUILD_UNARY(tanh);
BUILD_UNARY(sigmoid);
BUILD_UNARY(sin);
BUILD_UNARY(cos);
BUILD_UNARY(softplus);
BUILD_UNARY(stop_gradient);
BUILD_BINARY(add);
BUILD_BINARY(sub);
BUILD_BINARY(mul);
BUILD_BINARY(div);
BUILD_BINARY(pow);
BUILD_BINARY(max);
BUILD_BINARY(min);
BUILD_BINARY(eq);
BUILD_BINARY(ge);
BUILD_BINARY(gt);
BUILD_BINARY(le);
BUILD_BINARY(lt);
#undef BUILD_UNARY
#undef BUILD_BINARY
Node *build_select(Graph *g, Node *condition, Node *yes, Node *no); /* broadcasts */
Node *build_cast(Graph *g, Node *x, DType dtype);
Node *build_scale(Graph *g, Node *x, double factor);

Node *build_reshape(Graph *g, Node *x, Shape shape);
Node *build_transpose(Graph *g, Node *x, const int *axes); /* y dim i = x dim axes[i] */
Node *build_transpose_last(Graph *g, Node *x);             /* swaps the last two */
/* dl's rules: trailing part, or equal rank with 1s. */
Node *build_broadcast(Graph *g, Node *x, Shape shape);
/* start, stop, step by axis (step > 0) */
Node *build_slice(Graph *g, Node *x, const int64_t *start, const int64_t *stop,
                  const int64_t *step);
/* before and after by axis; interior: zeros between elements (for slice's gradient) */
Node *build_pad(Graph *g, Node *x, const int64_t *before, const int64_t *after,
                const int64_t *interior);
Node *build_concat(Graph *g, int n, Node *const *x, int axis);
Node *build_iota(Graph *g, DType dtype, Shape shape, int axis, int64_t bound);
Node *build_gather(Graph *g, Node *table, Node *index);
Node *build_scatter_add(Graph *g, Node *index, Node *update, int64_t rows);

/* axes ascending; the reduced axes disappear */
Node *build_reduce(Graph *g, const Op *op, Node *x, int n_axes, const int *axes);
Node *build_sum_to(Graph *g, Node *x,
                   Shape shape); /* the transpose of build_broadcast */
Node *build_keep(Graph *g, Node *x, int n_axes, const int *axes); /* re-inserts 1s */

/* [..,m,k] x [..,k,n]; flags transpose the last two of a or of b first. Leading
 * dimensions are equal, or absent on one side. */
Node *build_dot(Graph *g, Node *a, Node *b, bool transpose_a, bool transpose_b);

/* f32 in [0, 1) from stream g->next_stream++ of the generator (ops/random.c): key
 * u32[2], iteration u32[], sample u32[] (used when `batched` only). */
Node *build_random(Graph *g, Node *key, Node *iteration, Node *sample, Shape shape,
                   bool batched);
/* Standard normal numbers from two uniform nodes of one shape (Box and Muller 1958). */
Node *build_normal(Graph *g, Node *u, Node *v);

Node *build_result(Graph *g, Node *n,
                   int index); /* projection of a multi-result node */
Node *build_grad(Graph *g, Node *target, int n_wrt, Node *const *wrt);
/* Operands are carries, rows [length, ..] and constants; see graph/region.h. */
Node *build_scan(Graph *g, Graph *body, int carries, int rows, int64_t length,
                 bool reverse, int n_in, Node *const *in);
Node *build_group(Graph *g, Graph *body, int n_in, Node *const *in, const char *name);

#endif
