/* lowering.c - see lowering.h; what values, buffers and results are is the pass's. */
#include "ops/lowering.h"

Expr *lower_value(Lowering *w, const Node *n, Expr *const *at)
{
    return w->value(w, n, at);
}

const Buffer *lower_buffer(Lowering *w, const Node *n)
{
    return w->buffer(w, n);
}

const Tensor *lower_constant(Lowering *w, const Node *n)
{
    return w->constant != NULL ? w->constant(w, n) : NULL;
}

const Buffer *lower_repack(Lowering *w, const Node *n, const Tensor *by)
{
    return w->repack(w, n, by);
}

const Buffer *lower_new_constant(Lowering *w, const char *name, const Tensor *t)
{
    return w->new_constant(w, name, t);
}

const Buffer *lower_workspace(Lowering *w, const char *name, DType dtype, int64_t count)
{
    return w->workspace(w, name, dtype, count);
}

void lower_share(Lowering *w, const Node *n)
{
    w->share(w, n);
}

void lower_finish(Lowering *w, const Node *n, Expr *const *at, const Var *lane,
                  int lanes, Expr *value)
{
    w->finish(w, n, at, lane, lanes, value);
}

Var *lower_lane(Lowering *w, int lanes)
{
    Kernel *k = w->kernel;
    Var *v = arena_new(k->arena, Var);
    v->name = kernel_unique_name(k, "lane");
    v->kind = VAR_LOOP;
    v->type = (LoopType){ DTYPE_I32, 1 };
    v->low = 0;
    v->high = lanes - 1;
    v->id = k->var.n;
    vec_push(k->arena, &k->var, v);
    return v;
}

Expr *lower_math(Lowering *w, MathFunction f, Expr *x, Expr *y_or_null)
{
    return math_call(w->kernel, f, w->has_fma, x, y_or_null);
}

Expr *lower_madd(Lowering *w, Expr *a, Expr *b, Expr *c)
{
    Kernel *k = w->kernel;
    if (w->has_fma && a->type.dtype == DTYPE_F32)
        return expr_fma(k, a, b, c);
    return expr_add(k, expr_mul(k, a, b), c);
}
