/* expr.h - inside of the loop floor: raw nodes, equality, maps, linear forms. */
#ifndef DLC_LOOP_EXPR_H
#define DLC_LOOP_EXPR_H

#include "loop/build.h"

/* A node as it is, not folded. */
Expr *expr_new(Arena *a, ExprKind kind, LoopType type);
Expr *expr_raw_int(Arena *a, DType dtype, int64_t value);
Expr *expr_raw_float(Arena *a, double value);
Expr *expr_raw_binary(Arena *a, ExprOp op, Expr *x, Expr *y);
bool expr_op_is_comparison(ExprOp op);
bool expr_is_int(const Expr *e, int64_t value);  /* a scalar integer constant */
bool expr_is_float(const Expr *e, double value); /* a scalar float constant, by value */
bool expr_equal(const Expr *a, const Expr *b);   /* same structure, hence same value */
bool loop_type_equal(LoopType a, LoopType b);

/* From nodes to nodes, by address: for rewriting shared trees once. */
typedef struct ExprMap {
    const Expr **key;
    Expr **value;
    int n, capacity;
} ExprMap;

Expr *expr_map_find(const ExprMap *m, const Expr *key); /* NULL: absent */
void expr_map_put(Arena *a, ExprMap *m, const Expr *key, Expr *value);

/* sum of coefficient * atom + constant; atoms are different. */
enum { LINEAR_MAX = 24 };

typedef struct LinearTerm {
    Expr *atom;
    int64_t coefficient;
} LinearTerm;

typedef struct Linear {
    int n;
    int64_t constant;
    LinearTerm term[LINEAR_MAX];
} Linear;

/* l += scale * e for an i32 scalar; false: too many terms. */
bool linear_add(Linear *l, Expr *e, int64_t scale);
Expr *linear_expr(Kernel *k, const Linear *l);
Range linear_range(const Linear *l);

/* Affine results of i32 + - *; NULL when they have no linear form. */
Expr *affine_sum(Kernel *k, Expr *a, Expr *b, int64_t sign);
Expr *affine_scale(Kernel *k, Expr *a, int64_t factor);
Expr *affine_div(Kernel *k, Expr *a, int64_t c);
Expr *affine_mod(Kernel *k, Expr *a, int64_t c);
bool affine_difference(Expr *a, Expr *b, Range *r); /* range of a - b */

/* Nodes of i rebuilt with the arguments `arg`, folded. */
Expr *expr_rebuild(Kernel *k, const Expr *e, Expr *const *arg);
/* The instance of a scalar function for vectors; NULL for intrinsics. */
const LoopFunction *function_vectorize(Kernel *k, const LoopFunction *f, int lanes);

#endif
