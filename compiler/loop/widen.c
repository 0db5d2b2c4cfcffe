/* widen.c - a program in f64, see widen.h.
 *
 * Expressions are rebuilt without folding, so that the twin does what the program does,
 * operation for operation, and only rounds finer. */
#include "loop/widen.h"

#include "loop/expr.h"
#include "loop/math.h"
#include "support/bug.h"

typedef struct Widener {
    Kernel *k;
    ExprMap done;
} Widener;

static DType wide(DType t)
{
    return t == DTYPE_F32 ? DTYPE_F64 : t;
}

static Expr *widen_expr(Widener *w, Expr *e)
{
    Expr *known = expr_map_find(&w->done, e);
    if (known != NULL)
        return known;
    if (e->type.lanes != 1 || e->kind == EXPR_BITS)
        BUG("kernel %s has no twin in f64", w->k->name);
    Expr *y = expr_new(w->k->arena, e->kind, e->type);
    *y = *e;
    y->type.dtype = wide(e->type.dtype);
    for (int i = 0; i < e->n_arg; i++)
        y->arg[i] = widen_expr(w, e->arg[i]);
    if (e->kind == EXPR_CALL)
        y->callee = math_wide(w->k, e->callee);
    expr_map_put(w->k->arena, &w->done, e, y);
    return y;
}

static void widen_block(Widener *w, Block *b)
{
    for (int i = 0; i < b->stmt.n; i++) {
        Stmt *s = b->stmt.at[i];
        if (s->kind == STMT_EXTERN)
            BUG("the C function %s has no twin in f64", s->text);
        if (s->value != NULL)
            s->value = widen_expr(w, s->value);
        if (s->index != NULL)
            s->index = widen_expr(w, s->index);
        if (s->kind == STMT_LET)
            s->var->value = s->value;
        widen_block(w, &s->body);
        widen_block(w, &s->otherwise);
    }
}

static void widen_kernel(Kernel *k)
{
    Widener w = { k, { 0 } };
    for (int i = 0; i < k->buffer.n; i++)
        k->buffer.at[i]->dtype = wide(k->buffer.at[i]->dtype);
    for (int i = 0; i < k->var.n; i++)
        k->var.at[i]->type.dtype = wide(k->var.at[i]->type.dtype);
    widen_block(&w, &k->body);
}

static void widen_storage(Arena *a, Storage *s)
{
    if (s->kind == STORAGE_ARENA)
        s->offset_bytes *= 2;
    if (s->data != NULL && s->dtype == DTYPE_F32) {
        Tensor *t = arena_new(a, Tensor);
        *t = *s->data;
        t->dtype = DTYPE_F64;
        s->data = t;
    }
    s->dtype = wide(s->dtype);
}

void program_widen(Program *p)
{
    for (int i = 0; i < p->storage.n; i++)
        widen_storage(p->arena, p->storage.at[i]);
    for (int i = 0; i < p->call.n; i++) {
        bool seen = false;
        for (int j = 0; j < i; j++)
            seen = seen || p->call.at[j].kernel == p->call.at[i].kernel;
        if (!seen)
            widen_kernel(p->call.at[i].kernel);
    }
    p->arena_bytes *= 2;
    p->arena_lower_bound *= 2;
}
