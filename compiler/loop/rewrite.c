/* rewrite.c - analysis and rewriting of expressions, see build.h. */
#include "loop/expr.h"
#include "loop/intrinsics.h"
#include "support/bug.h"
#include "support/str.h"

#include <string.h>

bool loop_type_equal(LoopType a, LoopType b)
{
    return a.dtype == b.dtype && a.lanes == b.lanes;
}

static bool same_float(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

bool expr_equal(const Expr *a, const Expr *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->op != b->op || a->i != b->i || a->var != b->var ||
        a->buffer != b->buffer || a->packed != b->packed || a->n_arg != b->n_arg ||
        !same_float(a->f, b->f) || !loop_type_equal(a->type, b->type))
        return false;
    if (a->callee != b->callee && !str_equal(a->callee->name, b->callee->name))
        return false;
    for (int i = 0; i < a->n_arg; i++)
        if (!expr_equal(a->arg[i], b->arg[i]))
            return false;
    return true;
}

/* ---- maps by address ------------------------------------------------------------- */

static int map_slot(const ExprMap *m, const Expr *key)
{
    uintptr_t h = (uintptr_t)key >> 4;
    int i = (int)((h * 0x9e3779b1U) & (uintptr_t)(m->capacity - 1));
    while (m->key[i] != NULL && m->key[i] != key)
        i = (i + 1) & (m->capacity - 1);
    return i;
}

Expr *expr_map_find(const ExprMap *m, const Expr *key)
{
    if (m->capacity == 0)
        return NULL;
    int i = map_slot(m, key);
    return m->key[i] != NULL ? m->value[i] : NULL;
}

void expr_map_put(Arena *a, ExprMap *m, const Expr *key, Expr *value)
{
    if (2 * (m->n + 1) > m->capacity) {
        ExprMap old = *m;
        m->capacity = old.capacity == 0 ? 32 : 2 * old.capacity;
        m->key = arena_array(a, const Expr *, m->capacity);
        m->value = arena_array(a, Expr *, m->capacity);
        for (int i = 0; i < old.capacity; i++) {
            if (old.key[i] == NULL)
                continue;
            int to = map_slot(m, old.key[i]);
            m->key[to] = old.key[i];
            m->value[to] = old.value[i];
        }
    }
    int i = map_slot(m, key);
    if (m->key[i] == NULL)
        m->n++;
    m->key[i] = key;
    m->value[i] = value;
}

/* ---- uses ------------------------------------------------------------------------ */

bool expr_uses(const Expr *e, const Var *v)
{
    if (e->kind == EXPR_VAR)
        return e->var == v || (e->var->kind == VAR_LET && e->var->value != NULL &&
                               expr_uses(e->var->value, v));
    for (int i = 0; i < e->n_arg; i++)
        if (expr_uses(e->arg[i], v))
            return true;
    return false;
}

/* Sums through lets, so that a named index stays affine. */
static bool linear_through(Kernel *k, Linear *l, Expr *e, int64_t scale, const Var *v)
{
    Linear own = { 0 };
    if (!linear_add(&own, e, 1))
        return false;
    l->constant += own.constant * scale;
    for (int i = 0; i < own.n; i++) {
        Expr *atom = own.term[i].atom;
        int64_t c = own.term[i].coefficient * scale;
        bool let = atom->kind == EXPR_VAR && atom->var->kind == VAR_LET;
        if (let && atom->var->value != NULL && expr_uses(atom, v)) {
            if (!linear_through(k, l, atom->var->value, c, v))
                return false;
        } else if (!linear_add(l, atom, c)) {
            return false;
        }
    }
    return true;
}

bool expr_affine_in(Kernel *k, Expr *e, const Var *v, int64_t *coefficient, Expr **rest)
{
    *coefficient = 0;
    *rest = e;
    if (!expr_uses(e, v))
        return true;
    Linear l = { 0 };
    if (!linear_through(k, &l, e, 1, v))
        return false;
    Linear other = { .constant = l.constant };
    for (int i = 0; i < l.n; i++) {
        Expr *atom = l.term[i].atom;
        if (atom->kind == EXPR_VAR && atom->var == v)
            *coefficient = l.term[i].coefficient;
        else if (expr_uses(atom, v))
            return false;
        else
            other.term[other.n++] = l.term[i];
    }
    *rest = linear_expr(k, &other);
    return true;
}

/* ---- rebuilding ------------------------------------------------------------------ */

Expr *expr_rebuild(Kernel *k, const Expr *e, Expr *const *arg)
{
    switch (e->kind) {
    /* clang-format off */
    case EXPR_LOAD:
        return (e->packed ? expr_load_packed : expr_load)(k, e->buffer, arg[0], e->type.lanes);
    case EXPR_UNARY: return expr_unary(k, e->op, arg[0]);
    case EXPR_BINARY: return expr_binary(k, e->op, arg[0], arg[1]);
    case EXPR_SELECT: return expr_select(k, arg[0], arg[1], arg[2]);
    case EXPR_FMA: return expr_fma(k, arg[0], arg[1], arg[2]);
    case EXPR_CAST: return expr_cast(k, arg[0], e->type.dtype);
    case EXPR_BITS: return expr_bits(k, arg[0], e->type.dtype);
    case EXPR_SPLAT: return expr_splat(k, arg[0], e->type.lanes);
    case EXPR_HSUM: return expr_hsum(k, arg[0]);
    case EXPR_HMAX: return expr_hmax(k, arg[0]);
    case EXPR_CALL: return expr_call(k, e->callee, e->n_arg, arg);
    default: BUG("leaf %d cannot be rebuilt", e->kind);
        /* clang-format on */
    }
}

typedef struct Substitution {
    Kernel *k;
    const Var *v;
    Expr *by;
    ExprMap done;
} Substitution;

static Expr *substitute(Substitution *s, Expr *e)
{
    if (e->kind == EXPR_VAR && e->var == s->v)
        return s->by;
    if (!expr_uses(e, s->v))
        return e;
    if (e->kind == EXPR_VAR)
        return substitute(s, e->var->value);
    Expr *known = expr_map_find(&s->done, e);
    if (known != NULL)
        return known;
    Expr *arg[6] = { 0 };
    for (int i = 0; i < e->n_arg; i++)
        arg[i] = substitute(s, e->arg[i]);
    Expr *y = expr_rebuild(s->k, e, arg);
    expr_map_put(s->k->arena, &s->done, e, y);
    return y;
}

Expr *expr_substitute(Kernel *k, Expr *e, const Var *v, Expr *by)
{
    Substitution s = { k, v, by, { 0 } };
    return substitute(&s, e);
}

/* ---- vectors --------------------------------------------------------------------- */

typedef struct Vectorizer {
    Kernel *k;
    const Var *v, *from;
    Expr *to;
    int lanes;
    ExprMap done;
    VEC(const Var *) let;   /* scalar names ... */
    VEC(Expr *) let_vector; /* ... and their vectors */
} Vectorizer;

static Expr *vectorize(Vectorizer *z, Expr *e);

static bool varies(const Vectorizer *z, const Expr *e)
{
    return expr_uses(e, z->v) || (z->from != NULL && expr_uses(e, z->from));
}

/* A scalar let whose value varies gets a vector let at this place. */
static Expr *vectorize_var(Vectorizer *z, const Var *var)
{
    if (var == z->from)
        return z->to;
    if (var->kind != VAR_LET || var->value == NULL)
        return NULL; /* the lane number itself */
    for (int i = 0; i < z->let.n; i++)
        if (z->let.at[i] == var)
            return z->let_vector.at[i];
    Expr *value = vectorize(z, var->value);
    if (value == NULL)
        return NULL;
    Expr *named = kernel_let(z->k, var->name, value);
    vec_push(z->k->arena, &z->let, var);
    vec_push(z->k->arena, &z->let_vector, named);
    return named;
}

static Expr *vectorize_load(Vectorizer *z, const Expr *e)
{
    int64_t coefficient;
    Expr *rest;
    if (e->type.lanes != 1 || (z->from != NULL && expr_uses(e->arg[0], z->from)) ||
        !expr_affine_in(z->k, e->arg[0], z->v, &coefficient, &rest))
        return NULL;
    if (coefficient == 0)
        return expr_load(z->k, e->buffer, rest, 1);
    return coefficient == 1 ? expr_load(z->k, e->buffer, rest, z->lanes) : NULL;
}

static Expr *vectorize_call(Vectorizer *z, const Expr *e, Expr *const *arg)
{
    const LoopFunction *f = function_vectorize(z->k, e->callee, z->lanes);
    return f == NULL ? NULL : expr_call(z->k, f, e->n_arg, arg);
}

static bool has_vector_form(const Expr *e)
{
    bool integer = e->type.dtype != DTYPE_F32;
    if (e->kind == EXPR_HSUM || e->kind == EXPR_HMAX || e->type.lanes != 1)
        return false;
    return e->kind != EXPR_BINARY || !integer || (e->op != BIN_DIV && e->op != BIN_MOD);
}

static Expr *vectorize(Vectorizer *z, Expr *e)
{
    if (!varies(z, e))
        return e;
    Expr *known = expr_map_find(&z->done, e);
    if (known != NULL)
        return known;
    Expr *y = NULL;
    if (e->kind == EXPR_VAR) {
        y = vectorize_var(z, e->var);
    } else if (e->kind == EXPR_LOAD) {
        y = vectorize_load(z, e);
    } else if (has_vector_form(e)) {
        Expr *arg[6] = { 0 };
        for (int i = 0; i < e->n_arg; i++) {
            arg[i] = vectorize(z, e->arg[i]);
            if (arg[i] == NULL)
                return NULL;
        }
        y = e->kind == EXPR_CALL ? vectorize_call(z, e, arg)
                                 : expr_rebuild(z->k, e, arg);
    }
    if (y != NULL)
        expr_map_put(z->k->arena, &z->done, e, y);
    return y;
}

Expr *expr_vectorize(Kernel *k, Expr *e, const Var *v, int lanes, const Var *from,
                     Expr *to)
{
    if (lanes == 1)
        BUG("vectors of one lane in kernel %s", k->name);
    Vectorizer z = { .k = k, .v = v, .from = from, .to = to, .lanes = lanes };
    /* Lets made before a part fails stay unused; printer and interpreter drop them. */
    Expr *y = vectorize(&z, e);
    return y == NULL ? NULL : expr_splat(k, y, lanes);
}

/* ---- vector instances of functions ----------------------------------------------- */

typedef struct Instance {
    const LoopFunction *from;
    LoopFunction *to;
    ExprMap done;
} Instance;

static Expr *instantiate(Kernel *k, Instance *s, Expr *e)
{
    if (e->kind == EXPR_VAR) {
        for (int i = 0; i < s->from->n_params; i++)
            if (e->var == s->from->param[i])
                return expr_var(k, s->to->param[i]);
        for (int i = 0; i < s->from->n_lets; i++)
            if (e->var == s->from->let[i])
                return expr_var(k, s->to->let[i]);
        BUG("%s uses variable %s of somebody else", s->from->name, e->var->name);
    }
    if (e->n_arg == 0)
        return e;
    Expr *known = expr_map_find(&s->done, e);
    if (known != NULL)
        return known;
    Expr *arg[6] = { 0 };
    for (int i = 0; i < e->n_arg; i++)
        arg[i] = instantiate(k, s, e->arg[i]);
    Expr *y = expr_rebuild(k, e, arg);
    expr_map_put(k->arena, &s->done, e, y);
    return y;
}

static Var *vector_var(Kernel *k, const Var *v, int lanes)
{
    Var *y = arena_new(k->arena, Var);
    *y = *v;
    y->type.lanes = lanes;
    y->value = NULL;
    return y;
}

const LoopFunction *function_vectorize(Kernel *k, const LoopFunction *f, int lanes)
{
    if (f->c_text != NULL && f->result.lanes == 1)
        return intrinsic_vectorize(k, f->name, lanes);
    if (f->c_text != NULL || f->result.lanes != 1)
        return NULL;
    const char *name = str_printf(k->arena, "%s_x%d", f->name, lanes);
    for (int i = 0; i < k->function.n; i++)
        if (str_equal(k->function.at[i]->name, name))
            return k->function.at[i];
    LoopFunction *y = arena_new(k->arena, LoopFunction);
    *y = *f;
    y->name = name;
    y->result.lanes = lanes;
    for (int i = 0; i < f->n_params; i++)
        y->param[i] = vector_var(k, f->param[i], lanes);
    y->let = arena_array(k->arena, Var *, f->n_lets + 1);
    y->let_value = arena_array(k->arena, Expr *, f->n_lets + 1);
    Instance s = { f, y, { 0 } };
    for (int i = 0; i < f->n_lets; i++) {
        y->let[i] = vector_var(k, f->let[i], lanes);
        Expr *value = instantiate(k, &s, f->let_value[i]);
        y->let_value[i] = expr_splat(k, value, lanes);
    }
    y->value = expr_splat(k, instantiate(k, &s, f->value), lanes);
    vec_push(k->arena, &k->function, y);
    return y;
}
