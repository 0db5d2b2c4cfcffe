/* build.h - building loop IR. Expressions are folded while built: constants, x + 0, x *
 * 1, affine i32 sums, / and % that the ranges of loop variables decide. Mixed lanes
 * splat the scalar side by themselves. */
#ifndef DLC_LOOP_BUILD_H
#define DLC_LOOP_BUILD_H

#include "loop/loop.h"

Kernel *kernel_new(Arena *a, const char *name);
Buffer *kernel_buffer(Kernel *k, const char *name, DType dtype, int64_t count,
                      Access access);
const char *kernel_unique_name(Kernel *k,
                               const char *wish); /* among buffers and vars */

/* ---- statements go to the innermost open block ----------------------------------- */
Expr *loop_begin(Kernel *k, const char *name,
                 int64_t extent); /* 0 .. extent-1; the var */
Expr *loop_begin_sliced(Kernel *k, const char *name, int64_t extent);
Expr *loop_begin_range(Kernel *k, const char *name, Expr *begin, Expr *end,
                       int64_t step);
void loop_end(Kernel *k);
void if_begin(Kernel *k, Expr *condition);
void if_else(Kernel *k);
void if_end(Kernel *k);
void kernel_store(Kernel *k, const Buffer *b, Expr *index,
                  Expr *value);                             /* lanes of value */
Expr *kernel_let(Kernel *k, const char *name, Expr *value); /* names a subexpression */
Var *kernel_register(Kernel *k, const char *name, LoopType type, Expr *initial);
void kernel_assign(Kernel *k, Var *v, Expr *value);
void kernel_comment(Kernel *k, const char *text);
void kernel_extern(Kernel *k, const char *function, int n, const ExternArg *arg);

/* ---- expressions ----------------------------------------------------------------- */
Expr *expr_i32(Kernel *k, int64_t value);
Expr *expr_u32(Kernel *k, uint32_t value);
Expr *expr_bool(Kernel *k, bool value);
Expr *expr_f32(Kernel *k, double value);
Expr *expr_var(Kernel *k, const Var *v);
Expr *expr_load(Kernel *k, const Buffer *b, Expr *index, int lanes); /* storage dtype */
Expr *expr_load_packed(Kernel *k, const Buffer *b, Expr *index, int lanes);
Expr *expr_binary(Kernel *k, ExprOp op, Expr *a, Expr *b);
Expr *expr_unary(Kernel *k, ExprOp op, Expr *a);
Expr *expr_add(Kernel *k, Expr *a, Expr *b);
Expr *expr_sub(Kernel *k, Expr *a, Expr *b);
Expr *expr_mul(Kernel *k, Expr *a, Expr *b);
Expr *expr_div(Kernel *k, Expr *a, Expr *b);
Expr *expr_mod(Kernel *k, Expr *a, Expr *b);
Expr *expr_select(Kernel *k, Expr *condition, Expr *yes, Expr *no);
Expr *expr_fma(Kernel *k, Expr *a, Expr *b, Expr *c);
Expr *expr_cast(Kernel *k, Expr *a, DType dtype);
Expr *expr_bits(Kernel *k, Expr *a, DType dtype);
Expr *expr_splat(Kernel *k, Expr *a, int lanes);
Expr *expr_hsum(Kernel *k, Expr *a);
Expr *expr_hmax(Kernel *k, Expr *a);
Expr *expr_call(Kernel *k, const LoopFunction *f, int n, Expr *const *args);
/* i0 * stride0 + i1 * stride1 + ... of a row-major shape */
Expr *expr_linear(Kernel *k, const Shape *s, Expr *const *at);

/* ---- analysis and rewriting ------------------------------------------------------ */
typedef struct Range {
    int64_t low, high;
} Range;
Range expr_range(const Expr *e); /* of an i32 expression over its variables' ranges */
bool expr_uses(const Expr *e, const Var *v);
/* e = coefficient * v + rest with v not in rest; false when not affine in v. */
bool expr_affine_in(Kernel *k, Expr *e, const Var *v, int64_t *coefficient,
                    Expr **rest);
Expr *expr_substitute(Kernel *k, Expr *e, const Var *v, Expr *by);
/* The `lanes` values of scalar e for v = 0 .. lanes-1 as one vector: loads whose index
 * has coefficient 1 in v become vector loads, 0 splats, variables of `from` become `to`
 * (accumulators). NULL when some part has no vector form (gathers, non-affine). */
Expr *expr_vectorize(Kernel *k, Expr *e, const Var *v, int lanes, const Var *from,
                     Expr *to);

#endif
