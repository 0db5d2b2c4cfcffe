/* rules.h - parts that the rules of many ops share. */
#ifndef DLC_OPS_RULES_H
#define DLC_OPS_RULES_H

#include "graph/build.h"
#include "ops/lowering.h"

/* ---- shape: each check reports at n->span and returns false ---------------------- */

bool check_float(const Node *n, DiagSink *sink);  /* all operands: one float type */
bool check_number(const Node *n, DiagSink *sink); /* one float type, or i32 */
bool check_same_dtype(const Node *n, DiagSink *sink);
bool check_dtype(const Node *n, int operand, DType want, DiagSink *sink);
bool check_same_shape(const Node *n, DiagSink *sink);
bool check_min_rank(const Node *n, int operand, int rank, DiagSink *sink);
/* low <= attribute <= high */
bool check_attr(const Node *n, const char *name, int64_t low, int64_t high,
                DiagSink *sink);
bool check_axis(const Node *n, int64_t axis, int rank, DiagSink *sink);
/* A list attribute: one number an axis of operand 0, each at least `low`. */
bool check_list(const Node *n, const char *name, int64_t low, DiagSink *sink);
/* A list attribute as a shape: extents >= 1, at most SHAPE_MAX_RANK of them. */
bool check_shape_attr(const Node *n, const char *name, Shape *s, DiagSink *sink);
/* y has the type of operand 0, without a bound. */
bool type_like_first(const Node *n, NodeType *y);

/* The type of a reduction over attribute `axes`, which are ascending; reports else. */
bool shape_reduce(const Node *n, NodeType *y, DiagSink *sink);

/* ---- eval ------------------------------------------------------------------------ */

typedef double UnaryFunction(double x);
typedef double BinaryFunction(double a, double b);
void eval_unary(const Tensor *const *in, Tensor *y, UnaryFunction *f);
void eval_binary(const Tensor *const *in, Tensor *y, BinaryFunction *f);

/* y[j] = f(.. f(f(initial, x0), x1) ..) over the elements that reduce to j. */
void eval_reduce(const Node *n, const Tensor *const *in, Tensor *y, double initial,
                 BinaryFunction *f);

/* An index outside is taken for the nearest row. */
int64_t index_clamp(double index, int64_t rows);

/* ---- batch ----------------------------------------------------------------------- */

/* The same op on `in`, with the type that its shape rule gives. */
Node *batch_same(Graph *g, const Node *n, Node *const *in);
/* The same with another attribute list, in schema order. */
Node *batch_with(Graph *g, const Node *n, Node *const *in, const AttrValue *attrs);
/* Operand i with a leading axis `batch`, whether or not it has one. */
Node *batch_operand(Graph *g, const Node *n, Node *const *in, int i, int64_t batch);
/* index [batch, ..] as i32, plus `rows` times the sample: rows of stacked tables. */
Node *index_of_sample(Graph *g, Node *index, int64_t rows);
Shape shape_with_leading(const Shape *s, int64_t extent);
AttrValue attr_list(Graph *g, int n, const int64_t *at);
/* Attribute list `name` with `first` in front; the others by `add`: axes shift by 1. */
AttrValue attr_list_shifted(Graph *g, const Node *n, const char *name, int64_t first,
                            int64_t add);
/* Each number of attribute list `name` plus `add`. */
AttrValue attr_list_plus(Graph *g, const Node *n, const char *name, int64_t add);

/* ---- grad ------------------------------------------------------------------------ */

Node *node_in(Graph *g, const Node *n); /* n itself, as an operand of new nodes */
/* Axes moved to the end in their order; the permutation that did it in axes[]. */
Node *axes_last(Graph *g, Node *x, int n_axes, const int64_t *last, int *axes);
Node *reduce_spread(Graph *g, const Node *n, Node *y); /* y to the operand's shape */
Node *transpose_back(Graph *g, Node *x, const int *axes);

/* ---- element --------------------------------------------------------------------- */

Expr *element_math(Lowering *w, const Node *n, Expr *const *at, MathFunction f);
Expr *element_binary(Lowering *w, const Node *n, Expr *const *at, ExprOp op);
Expr *element_clamp(Kernel *k, Expr *at, int64_t extent); /* into 0 .. extent-1 */
Expr *element_zero(Kernel *k, DType dtype);               /* of the type computed in */
/* A reduction over attribute `axes` into a register. */
Expr *element_reduce(Lowering *w, const Node *n, Expr *const *at, ExprOp op,
                     Expr *initial);
LoopType element_type(DType stored); /* f32, i32, u32 or bool */
Expr *element_and(Kernel *k, Expr *a_or_null, Expr *b);

#endif
