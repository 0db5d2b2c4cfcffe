/* expr.c - expressions, folded while they are built, see build.h. */
#include "loop/expr.h"
#include "loop/scalar.h"
#include "support/bug.h"

#include <math.h>

Expr *expr_new(Arena *a, ExprKind kind, LoopType type)
{
    Expr *e = arena_new(a, Expr);
    e->kind = kind;
    e->type = type;
    return e;
}

Expr *expr_raw_int(Arena *a, DType dtype, int64_t value)
{
    Expr *e = expr_new(a, EXPR_INT, (LoopType){ dtype, 1 });
    e->i = value;
    return e;
}

Expr *expr_raw_float(Arena *a, double value)
{
    Expr *e = expr_new(a, EXPR_FLOAT, (LoopType){ DTYPE_F32, 1 });
    e->f = (double)(float)value;
    return e;
}

bool expr_op_is_comparison(ExprOp op)
{
    return op >= BIN_EQ && op <= BIN_GE;
}

Expr *expr_raw_binary(Arena *a, ExprOp op, Expr *x, Expr *y)
{
    LoopType type = x->type;
    if (expr_op_is_comparison(op))
        type.dtype = DTYPE_BOOL;
    Expr *e = expr_new(a, EXPR_BINARY, type);
    e->op = op;
    e->n_arg = 2;
    e->arg[0] = x;
    e->arg[1] = y;
    return e;
}

static Expr *raw_1(Kernel *k, ExprKind kind, LoopType type, Expr *x)
{
    Expr *e = expr_new(k->arena, kind, type);
    e->n_arg = 1;
    e->arg[0] = x;
    return e;
}

/* ---- constants and leaves -------------------------------------------------------- */

Expr *expr_i32(Kernel *k, int64_t value)
{
    if (value < INT32_MIN || value > INT32_MAX)
        BUG("%lld is no i32 (kernel %s)", (long long)value, k->name);
    return expr_raw_int(k->arena, DTYPE_I32, value);
}

Expr *expr_u32(Kernel *k, uint32_t value)
{
    return expr_raw_int(k->arena, DTYPE_U32, value);
}

Expr *expr_bool(Kernel *k, bool value)
{
    return expr_raw_int(k->arena, DTYPE_BOOL, value);
}

Expr *expr_f32(Kernel *k, double value)
{
    return expr_raw_float(k->arena, value);
}

Expr *expr_var(Kernel *k, const Var *v)
{
    Expr *e = expr_new(k->arena, EXPR_VAR, v->type);
    e->var = v;
    e->packed = v->packed;
    return e;
}

Expr *expr_load(Kernel *k, const Buffer *b, Expr *index, int lanes)
{
    Expr *e = raw_1(k, EXPR_LOAD, (LoopType){ loop_load_dtype(b->dtype), lanes },
                    expr_cast(k, index, DTYPE_I32));
    e->buffer = b;
    return e;
}

Expr *expr_load_packed(Kernel *k, const Buffer *b, Expr *index, int lanes)
{
    Expr *e = expr_load(k, b, index, lanes);
    e->packed = true;
    return e;
}

/* ---- lanes and types ------------------------------------------------------------- */

static bool is_narrow(DType t)
{
    return t == DTYPE_I8 || t == DTYPE_U8 || t == DTYPE_I16 || t == DTYPE_U16;
}

static Expr *promote(Kernel *k, Expr *e)
{
    return is_narrow(e->type.dtype) ? expr_cast(k, e, DTYPE_I32) : e;
}

static void match_lanes(Kernel *k, Expr **a, Expr **b)
{
    if ((*a)->type.lanes < (*b)->type.lanes)
        *a = expr_splat(k, *a, (*b)->type.lanes);
    else if ((*b)->type.lanes < (*a)->type.lanes)
        *b = expr_splat(k, *b, (*a)->type.lanes);
}

Expr *expr_splat(Kernel *k, Expr *a, int lanes)
{
    if (a->type.lanes == lanes)
        return a;
    if (a->type.lanes != 1)
        BUG("splat of %d lanes to %d in kernel %s", a->type.lanes, lanes, k->name);
    return raw_1(k, EXPR_SPLAT, (LoopType){ a->type.dtype, lanes }, a);
}

/* ---- folding --------------------------------------------------------------------- */

static const Expr *scalar_of(const Expr *e)
{
    return e->kind == EXPR_SPLAT ? e->arg[0] : e;
}

bool expr_is_int(const Expr *e, int64_t value)
{
    e = scalar_of(e);
    return e->kind == EXPR_INT && e->i == value;
}

bool expr_is_float(const Expr *e, double value)
{
    e = scalar_of(e);
    return e->kind == EXPR_FLOAT && e->f == value;
}

static Expr *fold_float(Kernel *k, ExprOp op, float a, float b)
{
    switch (op) {
    /* clang-format off */
    case BIN_ADD: return expr_f32(k, a + b);
    case BIN_SUB: return expr_f32(k, a - b);
    case BIN_MUL: return expr_f32(k, a * b);
    case BIN_DIV: return expr_f32(k, a / b);
    case BIN_MIN: return expr_f32(k, a < b ? a : b);
    case BIN_MAX: return expr_f32(k, a > b ? a : b);
    case BIN_EQ: return expr_bool(k, a == b);
    case BIN_NE: return expr_bool(k, a != b);
    case BIN_LT: return expr_bool(k, a < b);
    case BIN_LE: return expr_bool(k, a <= b);
    case BIN_GT: return expr_bool(k, a > b);
    case BIN_GE: return expr_bool(k, a >= b);
    default: BUG("operator %d on floats", op);
        /* clang-format on */
    }
}

static int64_t wrap(DType t, int64_t value)
{
    if (t == DTYPE_BOOL)
        return value & 1;
    return t == DTYPE_U32 ? (int64_t)(uint32_t)value
                          : (int64_t)(int32_t)(uint32_t)value;
}

/* a, b are in range of t, so products fit 64 bits after wrapping as unsigned. */
static Expr *fold_int(Kernel *k, ExprOp op, DType t, int64_t a, int64_t b)
{
    int64_t r = 0;
    switch (op) {
    /* clang-format off */
    case BIN_ADD: r = a + b; break;
    case BIN_SUB: r = a - b; break;
    case BIN_MUL: r = (int64_t)((uint64_t)a * (uint64_t)b); break;
    case BIN_DIV: r = a / b; break;
    case BIN_MOD: r = a % b; break;
    case BIN_MIN: r = a < b ? a : b; break;
    case BIN_MAX: r = a > b ? a : b; break;
    case BIN_AND: r = a & b; break;
    case BIN_OR: r = a | b; break;
    case BIN_XOR: r = a ^ b; break;
    case BIN_SHL: r = (int64_t)((uint64_t)a << (b & 31)); break;
    case BIN_SHR: r = a >> (b & 31); break;
    case BIN_EQ: return expr_bool(k, a == b);
    case BIN_NE: return expr_bool(k, a != b);
    case BIN_LT: return expr_bool(k, a < b);
    case BIN_LE: return expr_bool(k, a <= b);
    case BIN_GT: return expr_bool(k, a > b);
    case BIN_GE: return expr_bool(k, a >= b);
    default: BUG("operator %d on integers", op);
        /* clang-format on */
    }
    return expr_raw_int(k->arena, t, wrap(t, r));
}

/* What the neighbours 0 and 1 leave; NULL when nothing folds. */
static Expr *fold_identity(ExprOp op, Expr *a, Expr *b)
{
    bool is_float = a->type.dtype == DTYPE_F32;
    switch (op) {
    case BIN_ADD:
        if (expr_is_int(a, 0) || expr_is_float(a, 0))
            return b;
        return expr_is_int(b, 0) || expr_is_float(b, 0) ? a : NULL;
    case BIN_SUB:
        return expr_is_int(b, 0) || expr_is_float(b, 0) ? a : NULL;
    case BIN_MUL:
        if (expr_is_int(a, 1) || expr_is_float(a, 1))
            return b;
        if (expr_is_int(b, 1) || expr_is_float(b, 1))
            return a;
        if (!is_float && expr_is_int(a, 0))
            return a;
        return !is_float && expr_is_int(b, 0) ? b : NULL;
    case BIN_DIV:
        return expr_is_int(b, 1) || expr_is_float(b, 1) ? a : NULL;
    case BIN_SHL:
    case BIN_SHR:
        return expr_is_int(b, 0) ? a : NULL;
    default:
        return NULL;
    }
}

static Expr *fold_bool(ExprOp op, Expr *a, Expr *b)
{
    if (op == BIN_AND) {
        if (expr_is_int(a, 1) || expr_is_int(b, 0))
            return b;
        return expr_is_int(b, 1) || expr_is_int(a, 0) ? a : NULL;
    }
    if (op == BIN_OR) {
        if (expr_is_int(a, 0) || expr_is_int(b, 1))
            return b;
        return expr_is_int(b, 0) || expr_is_int(a, 1) ? a : NULL;
    }
    return NULL;
}

/* Comparisons, min and max that ranges decide. */
static Expr *fold_by_range(Kernel *k, ExprOp op, Expr *a, Expr *b)
{
    Range d;
    if (!affine_difference(a, b, &d))
        return NULL;
    switch (op) {
    /* clang-format off */
    case BIN_LT: return d.high < 0 ? expr_bool(k, 1) : d.low >= 0 ? expr_bool(k, 0) : NULL;
    case BIN_LE: return d.high <= 0 ? expr_bool(k, 1) : d.low > 0 ? expr_bool(k, 0) : NULL;
    case BIN_GT: return d.low > 0 ? expr_bool(k, 1) : d.high <= 0 ? expr_bool(k, 0) : NULL;
    case BIN_GE: return d.low >= 0 ? expr_bool(k, 1) : d.high < 0 ? expr_bool(k, 0) : NULL;
    case BIN_EQ:
        /* clang-format on */
        if (d.low == 0 && d.high == 0)
            return expr_bool(k, 1);
        return d.low > 0 || d.high < 0 ? expr_bool(k, 0) : NULL;
    case BIN_NE:
        if (d.low == 0 && d.high == 0)
            return expr_bool(k, 0);
        return d.low > 0 || d.high < 0 ? expr_bool(k, 1) : NULL;
    case BIN_MIN:
        return d.high <= 0 ? a : d.low >= 0 ? b : NULL;
    case BIN_MAX:
        return d.low >= 0 ? a : d.high <= 0 ? b : NULL;
    default:
        return NULL;
    }
}

static Expr *fold_affine(Kernel *k, ExprOp op, Expr *a, Expr *b)
{
    switch (op) {
    case BIN_ADD:
        return affine_sum(k, a, b, 1);
    case BIN_SUB:
        return affine_sum(k, a, b, -1);
    case BIN_MUL:
        if (b->kind == EXPR_INT)
            return affine_scale(k, a, b->i);
        return a->kind == EXPR_INT ? affine_scale(k, b, a->i) : NULL;
    case BIN_DIV:
        return affine_div(k, a, b->i);
    case BIN_MOD:
        return affine_mod(k, a, b->i);
    default:
        return fold_by_range(k, op, a, b);
    }
}

Expr *expr_binary(Kernel *k, ExprOp op, Expr *a, Expr *b)
{
    a = promote(k, a);
    b = promote(k, b);
    if (a->type.dtype != b->type.dtype)
        BUG("operator %d on %s and %s in kernel %s", op, dtype_name(a->type.dtype),
            dtype_name(b->type.dtype), k->name);
    DType t = a->type.dtype;
    if ((op == BIN_DIV || op == BIN_MOD) && t != DTYPE_F32 &&
        (scalar_of(b)->kind != EXPR_INT || scalar_of(b)->i <= 0))
        BUG("integer / or %% by what is no positive constant in kernel %s", k->name);
    int lanes = a->type.lanes > b->type.lanes ? a->type.lanes : b->type.lanes;
    const Expr *x = scalar_of(a), *y = scalar_of(b);
    Expr *folded = NULL;
    if (x->kind == EXPR_FLOAT && y->kind == EXPR_FLOAT)
        folded = fold_float(k, op, (float)x->f, (float)y->f);
    else if (x->kind == EXPR_INT && y->kind == EXPR_INT)
        folded = fold_int(k, op, t, x->i, y->i);
    if (folded == NULL)
        folded = t == DTYPE_BOOL ? fold_bool(op, a, b) : fold_identity(op, a, b);
    if (folded == NULL && t == DTYPE_I32 && lanes == 1)
        folded = fold_affine(k, op, a, b);
    if (folded != NULL)
        return expr_splat(k, folded, lanes);
    match_lanes(k, &a, &b);
    return expr_raw_binary(k->arena, op, a, b);
}

static Expr *fold_unary(Kernel *k, ExprOp op, const Expr *a)
{
    if (a->kind == EXPR_FLOAT) {
        float f = (float)a->f;
        switch (op) {
        /* clang-format off */
        case UN_NEG: return expr_f32(k, -f);
        case UN_ABS: return expr_f32(k, fabsf(f));
        case UN_SQRT: return expr_f32(k, sqrtf(f));
        case UN_FLOOR: return expr_f32(k, floorf(f));
        default: return NULL;
            /* clang-format on */
        }
    }
    if (a->kind != EXPR_INT)
        return NULL;
    DType t = a->type.dtype;
    switch (op) {
    /* clang-format off */
    case UN_NEG: return expr_raw_int(k->arena, t, wrap(t, -a->i));
    case UN_ABS: return expr_raw_int(k->arena, t, wrap(t, a->i < 0 ? -a->i : a->i));
    case UN_NOT: return expr_raw_int(k->arena, t, wrap(t, ~a->i));
    default: return NULL;
        /* clang-format on */
    }
}

Expr *expr_unary(Kernel *k, ExprOp op, Expr *a)
{
    a = promote(k, a);
    bool is_float = a->type.dtype == DTYPE_F32;
    if ((op == UN_NOT) == is_float && op != UN_NEG && op != UN_ABS)
        BUG("operator %d on %s in kernel %s", op, dtype_name(a->type.dtype), k->name);
    Expr *folded = fold_unary(k, op, scalar_of(a));
    if (folded != NULL)
        return expr_splat(k, folded, a->type.lanes);
    if ((op == UN_NEG || op == UN_NOT) && a->kind == EXPR_UNARY && a->op == op)
        return a->arg[0];
    if (op == UN_NEG && a->type.dtype == DTYPE_I32 && a->type.lanes == 1)
        return affine_scale(k, a, -1);
    Expr *e = raw_1(k, EXPR_UNARY, a->type, a);
    e->op = op;
    return e;
}

Expr *expr_add(Kernel *k, Expr *a, Expr *b)
{
    return expr_binary(k, BIN_ADD, a, b);
}

Expr *expr_sub(Kernel *k, Expr *a, Expr *b)
{
    return expr_binary(k, BIN_SUB, a, b);
}

Expr *expr_mul(Kernel *k, Expr *a, Expr *b)
{
    return expr_binary(k, BIN_MUL, a, b);
}

Expr *expr_div(Kernel *k, Expr *a, Expr *b)
{
    return expr_binary(k, BIN_DIV, a, b);
}

Expr *expr_mod(Kernel *k, Expr *a, Expr *b)
{
    return expr_binary(k, BIN_MOD, a, b);
}

Expr *expr_select(Kernel *k, Expr *condition, Expr *yes, Expr *no)
{
    yes = promote(k, yes);
    no = promote(k, no);
    if (condition->type.dtype != DTYPE_BOOL || yes->type.dtype != no->type.dtype)
        BUG("select of %s and %s by %s in kernel %s", dtype_name(yes->type.dtype),
            dtype_name(no->type.dtype), dtype_name(condition->type.dtype), k->name);
    match_lanes(k, &yes, &no);
    match_lanes(k, &condition, &yes);
    match_lanes(k, &condition, &no);
    if (scalar_of(condition)->kind == EXPR_INT)
        return scalar_of(condition)->i ? yes : no;
    if (expr_equal(yes, no))
        return yes;
    Expr *e = expr_new(k->arena, EXPR_SELECT, yes->type);
    e->n_arg = 3;
    e->arg[0] = condition;
    e->arg[1] = yes;
    e->arg[2] = no;
    return e;
}

Expr *expr_fma(Kernel *k, Expr *a, Expr *b, Expr *c)
{
    if (a->type.dtype != DTYPE_F32 || b->type.dtype != DTYPE_F32 ||
        c->type.dtype != DTYPE_F32)
        BUG("fma of %s, %s and %s in kernel %s", dtype_name(a->type.dtype),
            dtype_name(b->type.dtype), dtype_name(c->type.dtype), k->name);
    match_lanes(k, &a, &b);
    match_lanes(k, &a, &c);
    match_lanes(k, &b, &c);
    if (expr_is_float(a, 1))
        return expr_add(k, b, c);
    if (expr_is_float(b, 1))
        return expr_add(k, a, c);
    const Expr *x = scalar_of(a), *y = scalar_of(b), *z = scalar_of(c);
    if (x->kind == EXPR_FLOAT && y->kind == EXPR_FLOAT && z->kind == EXPR_FLOAT)
        return expr_splat(k, expr_f32(k, fmaf((float)x->f, (float)y->f, (float)z->f)),
                          a->type.lanes);
    Expr *e = expr_new(k->arena, EXPR_FMA, a->type);
    e->n_arg = 3;
    e->arg[0] = a;
    e->arg[1] = b;
    e->arg[2] = c;
    return e;
}

/* ---- conversions ----------------------------------------------------------------- */

static int64_t clamp_narrow(DType t, int64_t v)
{
    int64_t low = 0, high = 0;
    switch (t) {
    /* clang-format off */
    case DTYPE_I8: low = INT8_MIN, high = INT8_MAX; break;
    case DTYPE_U8: high = UINT8_MAX; break;
    case DTYPE_I16: low = INT16_MIN, high = INT16_MAX; break;
    case DTYPE_U16: high = UINT16_MAX; break;
    default: return wrap(t, v);
        /* clang-format on */
    }
    return v < low ? low : v > high ? high : v;
}

static Expr *fold_cast(Kernel *k, const Expr *a, DType t)
{
    if (a->kind == EXPR_INT && t == DTYPE_F32)
        return expr_f32(k, (double)a->i);
    if (a->kind == EXPR_INT && t == DTYPE_BOOL)
        return expr_bool(k, a->i != 0);
    if (a->kind == EXPR_INT)
        return expr_raw_int(
            k->arena, t,
            clamp_narrow(t, wrap(a->type.dtype == DTYPE_U32 && t != DTYPE_U32
                                     ? DTYPE_I32
                                     : a->type.dtype,
                                 a->i)));
    if (a->kind != EXPR_FLOAT)
        return NULL;
    float f = (float)a->f;
    if (t == DTYPE_BOOL)
        return expr_bool(k, f != 0.0f);
    if (t == DTYPE_U32)
        return expr_u32(k, scalar_u32_of_f32(f));
    return expr_raw_int(k->arena, t, clamp_narrow(t, scalar_i32_of_f32(f)));
}

Expr *expr_cast(Kernel *k, Expr *a, DType dtype)
{
    if (a->type.dtype == dtype)
        return a;
    if (dtype == DTYPE_F16 || dtype == DTYPE_BF16 || a->type.dtype == DTYPE_F16 ||
        a->type.dtype == DTYPE_BF16)
        BUG("no cast from %s to %s", dtype_name(a->type.dtype), dtype_name(dtype));
    Expr *folded = fold_cast(k, scalar_of(a), dtype);
    if (folded != NULL)
        return expr_splat(k, folded, a->type.lanes);
    if (a->kind == EXPR_SPLAT)
        return expr_splat(k, expr_cast(k, a->arg[0], dtype), a->type.lanes);
    return raw_1(k, EXPR_CAST, (LoopType){ dtype, a->type.lanes }, a);
}

Expr *expr_bits(Kernel *k, Expr *a, DType dtype)
{
    if (a->type.dtype == dtype)
        return a;
    bool from_f32 = a->type.dtype == DTYPE_F32, to_f32 = dtype == DTYPE_F32;
    if (dtype_bytes(a->type.dtype) != 4 || dtype_bytes(dtype) != 4)
        BUG("bits of %s as %s", dtype_name(a->type.dtype), dtype_name(dtype));
    if (!from_f32 && !to_f32)
        return expr_cast(k, a, dtype);
    const Expr *s = scalar_of(a);
    Expr *folded = NULL;
    if (from_f32 && s->kind == EXPR_FLOAT)
        folded =
            expr_raw_int(k->arena, dtype, wrap(dtype, scalar_bits_of_f32((float)s->f)));
    if (to_f32 && s->kind == EXPR_INT)
        folded = expr_f32(k, (double)scalar_f32_of_bits((uint32_t)s->i));
    if (folded != NULL)
        return expr_splat(k, folded, a->type.lanes);
    return raw_1(k, EXPR_BITS, (LoopType){ dtype, a->type.lanes }, a);
}

Expr *expr_hsum(Kernel *k, Expr *a)
{
    return a->type.lanes == 1 ? a
                              : raw_1(k, EXPR_HSUM, (LoopType){ a->type.dtype, 1 }, a);
}

Expr *expr_hmax(Kernel *k, Expr *a)
{
    return a->type.lanes == 1 ? a
                              : raw_1(k, EXPR_HMAX, (LoopType){ a->type.dtype, 1 }, a);
}

Expr *expr_call(Kernel *k, const LoopFunction *f, int n, Expr *const *args)
{
    if (n != f->n_params)
        BUG("%s takes %d arguments, not %d", f->name, f->n_params, n);
    Expr *e = expr_new(k->arena, EXPR_CALL, f->result);
    e->callee = f;
    e->n_arg = n;
    for (int i = 0; i < n; i++) {
        Expr *x = expr_splat(k, args[i], f->param[i]->type.lanes);
        if (x->type.dtype != f->param[i]->type.dtype)
            BUG("argument %d of %s is %s", i, f->name, dtype_name(x->type.dtype));
        e->arg[i] = x;
    }
    return e;
}

Expr *expr_linear(Kernel *k, const Shape *s, Expr *const *at)
{
    int64_t stride[SHAPE_MAX_RANK];
    shape_strides(s, stride);
    Expr *sum = expr_i32(k, 0);
    for (int i = 0; i < s->rank; i++)
        if (s->dim[i] != 1)
            sum = expr_add(k, sum, expr_mul(k, at[i], expr_i32(k, stride[i])));
    return sum;
}
