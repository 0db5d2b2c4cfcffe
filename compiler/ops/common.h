/* common.h - what the rules of several ops share. */
#ifndef DLC_OPS_COMMON_H
#define DLC_OPS_COMMON_H

#include "graph/build.h"
#include "ops/lowering.h"

/* One f32 operand, result of its type. */
bool unary_shape(const Node *n, NodeType *y, DiagSink *sink);
/* Two f32 operands of one shape, result of their type. */
bool binary_shape(const Node *n, NodeType *y, DiagSink *sink);
/* Two operands of one shape, floats or integers; the result is bool. */
bool compare_shape(const Node *n, NodeType *y, DiagSink *sink);
/* bool operands of one shape, result bool. */
bool logic_shape(const Node *n, NodeType *y, DiagSink *sink);

/* Loops over all elements with `f`. */
void unary_eval(const Tensor *const *in, Tensor *y, double (*f)(double));
void binary_eval(const Tensor *const *in, Tensor *y, double (*f)(double, double));

/* The element rule of a comparison or logic op. */
struct Expr *compare_element(Lowering *w, const Node *n, struct Expr *const *at, ExprOp op);

/* axes INTS of a reduction: checked, ascending; the shape without them. */
bool reduce_shape(const Node *n, NodeType *y, DiagSink *sink);
bool reduce_has_axis(const Node *n, int axis);
/* Leading axis in front: axes shift by one. */
Node *reduce_batch(Graph *g, const Node *n, Node *const *in, int64_t batch);
/* y's gradient with 1s where axes were reduced, broadcast to x. */
Node *spread_reduced(Graph *g, const Node *n, Node *dy);
/* Calls visit for every x index with the y index it reduces to. */
void reduce_eval(const Node *n, const Tensor *x, Tensor *y,
                 void (*visit)(double *sum, double x));
/* Opens loops over the reduced axes, accumulates step(acc, x) from `initial`. */
struct Expr *reduce_element(Lowering *w, const Node *n, struct Expr *const *at,
                            double initial,
                            struct Expr *(*step)(Lowering *w, struct Expr *acc,
                                                 struct Expr *x));

/* in[i] with a leading axis: broadcast when n->in[i] is not batched. */
Node *lead_operand(Graph *g, const Node *n, int i, Node *in, int64_t batch);
Shape batch_shape(const Shape *s, int64_t batch); /* a leading axis */
/* The attributes of n, with a list attribute shifted behind a leading axis: axes + 1 and,
 * when `first` >= 0, a first entry. */
AttrValue shifted_axes(Graph *g, const Node *n, const char *name);
AttrValue lead_ints(Graph *g, const Node *n, const char *name, int64_t first);

/* Splits a linear index into indices of a shape and back. */
void index_of(const Shape *s, int64_t linear, int64_t *at);
int64_t linear_of(const Shape *s, const int64_t *at);

#endif
