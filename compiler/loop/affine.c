/* affine.c - i32 index arithmetic: linear forms, ranges, / and % that ranges decide.
 *
 * A linear form is a sum of integer multiples of atoms (variables, loads, quotients,
 * remainders, ...). Built sums are kept in this form, equal atoms merged; the pair
 * (x / c) * c + x % c becomes x again. Source: the usual simplifier of tensor compilers
 * (Halide, TVM's arith), here only what index maps of views and windows need. */
#include "loop/expr.h"
#include "support/bug.h"

enum { RANGE_INFINITE_BITS = 60 };
static const int64_t range_limit = (int64_t)1 << RANGE_INFINITE_BITS;

static int64_t clamp(int64_t x)
{
    return x > range_limit ? range_limit : x < -range_limit ? -range_limit : x;
}

static int64_t times(int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return 0;
    int64_t limit = range_limit / (a < 0 ? -a : a);
    if (b > limit)
        return a > 0 ? range_limit : -range_limit;
    if (b < -limit)
        return a > 0 ? -range_limit : range_limit;
    return a * b;
}

static Range range_scale(Range r, int64_t c)
{
    int64_t a = times(r.low, c), b = times(r.high, c);
    return a < b ? (Range){ a, b } : (Range){ b, a };
}

static Range range_add(Range a, Range b)
{
    return (Range){ clamp(a.low + b.low), clamp(a.high + b.high) };
}

/* ---- ranges ---------------------------------------------------------------------- */

static Range range_of_dtype(DType t)
{
    switch (t) {
    /* clang-format off */
    case DTYPE_BOOL: return (Range){ 0, 1 };
    case DTYPE_I8: return (Range){ INT8_MIN, INT8_MAX };
    case DTYPE_U8: return (Range){ 0, UINT8_MAX };
    case DTYPE_I16: return (Range){ INT16_MIN, INT16_MAX };
    case DTYPE_U16: return (Range){ 0, UINT16_MAX };
    case DTYPE_U32: return (Range){ 0, UINT32_MAX };
    default: return (Range){ INT32_MIN, INT32_MAX };
        /* clang-format on */
    }
}

static Range range_mul(Range a, Range b)
{
    Range x = range_scale(a, b.low), y = range_scale(a, b.high);
    return (Range){ x.low < y.low ? x.low : y.low, x.high > y.high ? x.high : y.high };
}

static Range range_binary(const Expr *e)
{
    Range a = expr_range(e->arg[0]), b = expr_range(e->arg[1]);
    switch (e->op) {
    /* clang-format off */
    case BIN_ADD: return range_add(a, b);
    case BIN_SUB: return range_add(a, range_scale(b, -1));
    case BIN_MUL: return range_mul(a, b);
    case BIN_DIV: return (Range){ a.low / b.low, a.high / b.low };
    case BIN_MOD:
        /* clang-format on */
        if (a.low < 0)
            return (Range){ -(b.low - 1), b.low - 1 };
        if (a.low / b.low == a.high / b.low)
            return (Range){ a.low % b.low, a.high % b.low };
        return (Range){ 0, a.high < b.low - 1 ? a.high : b.low - 1 };
    case BIN_MIN:
        return (Range){ a.low < b.low ? a.low : b.low,
                        a.high < b.high ? a.high : b.high };
    case BIN_MAX:
        return (Range){ a.low > b.low ? a.low : b.low,
                        a.high > b.high ? a.high : b.high };
    case BIN_AND:
        if (b.low >= 0)
            return (Range){ 0, b.high };
        return a.low >= 0 ? (Range){ 0, a.high } : range_of_dtype(e->type.dtype);
    case BIN_SHR:
        if (b.low == b.high && b.low >= 0 && b.low < 32)
            return (Range){ a.low >> b.low, a.high >> b.low };
        return range_of_dtype(e->type.dtype);
    default:
        return range_of_dtype(e->type.dtype);
    }
}

Range expr_range(const Expr *e)
{
    switch (e->kind) {
    case EXPR_INT:
        return (Range){ e->i, e->i };
    case EXPR_VAR:
        if (e->type.dtype != DTYPE_I32)
            return range_of_dtype(e->type.dtype);
        return (Range){ e->var->low, e->var->high };
    case EXPR_UNARY:
        if (e->op == UN_NEG && e->type.dtype == DTYPE_I32)
            return range_scale(expr_range(e->arg[0]), -1);
        return range_of_dtype(e->type.dtype);
    case EXPR_BINARY:
        return range_binary(e);
    case EXPR_SELECT: {
        Range a = expr_range(e->arg[1]), b = expr_range(e->arg[2]);
        return (Range){ a.low < b.low ? a.low : b.low,
                        a.high > b.high ? a.high : b.high };
    }
    case EXPR_CAST: {
        Range type = range_of_dtype(e->type.dtype);
        if (e->arg[0]->type.dtype == DTYPE_F32)
            return type;
        Range r = expr_range(e->arg[0]);
        bool fits = r.low >= type.low && r.high <= type.high;
        return fits && e->type.dtype != DTYPE_BOOL ? r : type;
    }
    case EXPR_SPLAT:
        return expr_range(e->arg[0]);
    case EXPR_CALL:
        if (e->callee->low < e->callee->high)
            return (Range){ e->callee->low, e->callee->high };
        return range_of_dtype(e->type.dtype);
    default:
        return range_of_dtype(e->type.dtype);
    }
}

/* ---- linear forms ---------------------------------------------------------------- */

static bool add_atom(Linear *l, Expr *atom, int64_t c)
{
    for (int i = 0; i < l->n; i++) {
        if (!expr_equal(l->term[i].atom, atom))
            continue;
        l->term[i].coefficient += c;
        if (l->term[i].coefficient == 0) {
            for (int j = i + 1; j < l->n; j++)
                l->term[j - 1] = l->term[j];
            l->n--;
        }
        return true;
    }
    if (l->n == LINEAR_MAX)
        return false;
    l->term[l->n++] = (LinearTerm){ atom, c };
    return true;
}

static bool within(int64_t c)
{
    return c >= -(INT64_C(1) << 40) && c <= INT64_C(1) << 40;
}

bool linear_add(Linear *l, Expr *e, int64_t scale)
{
    if (e->type.dtype != DTYPE_I32 || e->type.lanes != 1 || !within(scale))
        return false;
    if (scale == 0)
        return true;
    if (e->kind == EXPR_INT) {
        l->constant += scale * e->i;
        return within(l->constant);
    }
    if (e->kind == EXPR_UNARY && e->op == UN_NEG)
        return linear_add(l, e->arg[0], -scale);
    if (e->kind == EXPR_BINARY) {
        Expr *a = e->arg[0], *b = e->arg[1];
        if (e->op == BIN_ADD)
            return linear_add(l, a, scale) && linear_add(l, b, scale);
        if (e->op == BIN_SUB)
            return linear_add(l, a, scale) && linear_add(l, b, -scale);
        if (e->op == BIN_MUL && b->kind == EXPR_INT)
            return linear_add(l, a, times(scale, b->i));
        if (e->op == BIN_MUL && a->kind == EXPR_INT)
            return linear_add(l, b, times(scale, a->i));
    }
    return add_atom(l, e, scale);
}

static bool is_op(const Expr *e, ExprOp op)
{
    return e->kind == EXPR_BINARY && e->op == op && e->arg[1]->kind == EXPR_INT;
}

static void drop(Linear *l, int i)
{
    for (int j = i + 1; j < l->n; j++)
        l->term[j - 1] = l->term[j];
    l->n--;
}

/* (x / c) * (c * f) + (x % c) * f = x * f; false when nothing was merged. */
static bool merge_division(Linear *l)
{
    for (int i = 0; i < l->n; i++) {
        Expr *q = l->term[i].atom;
        if (!is_op(q, BIN_DIV))
            continue;
        int64_t c = q->arg[1]->i;
        for (int j = 0; j < l->n; j++) {
            Expr *r = l->term[j].atom;
            int64_t f = l->term[j].coefficient;
            if (!is_op(r, BIN_MOD) || r->arg[1]->i != c ||
                l->term[i].coefficient != times(f, c) ||
                !expr_equal(q->arg[0], r->arg[0]))
                continue;
            drop(l, i > j ? i : j);
            drop(l, i > j ? j : i);
            return linear_add(l, q->arg[0], f);
        }
    }
    return false;
}

static Expr *scaled(Kernel *k, Expr *atom, int64_t c)
{
    if (c == 1)
        return atom;
    return expr_raw_binary(k->arena, BIN_MUL, atom, expr_i32(k, c));
}

/* Terms in order of appearance, the constant last; a positive one first. */
Expr *linear_expr(Kernel *k, const Linear *l)
{
    int first = -1;
    for (int i = 0; i < l->n && first < 0; i++)
        if (l->term[i].coefficient > 0)
            first = i;
    if (first < 0 && (l->n == 0 || l->constant > 0)) {
        Expr *sum = expr_i32(k, l->constant);
        for (int i = 0; i < l->n; i++)
            sum = expr_raw_binary(k->arena, BIN_SUB, sum,
                                  scaled(k, l->term[i].atom, -l->term[i].coefficient));
        return sum;
    }
    if (first < 0)
        first = 0;
    Expr *sum = scaled(k, l->term[first].atom, l->term[first].coefficient);
    for (int i = 0; i < l->n; i++) {
        int64_t c = l->term[i].coefficient;
        if (i == first)
            continue;
        sum = expr_raw_binary(k->arena, c < 0 ? BIN_SUB : BIN_ADD, sum,
                              scaled(k, l->term[i].atom, c < 0 ? -c : c));
    }
    if (l->constant == 0)
        return sum;
    return expr_raw_binary(k->arena, l->constant < 0 ? BIN_SUB : BIN_ADD, sum,
                           expr_i32(k, l->constant < 0 ? -l->constant : l->constant));
}

Range linear_range(const Linear *l)
{
    Range r = { l->constant, l->constant };
    for (int i = 0; i < l->n; i++)
        r = range_add(r,
                      range_scale(expr_range(l->term[i].atom), l->term[i].coefficient));
    return r;
}

/* Constants outside i32 cannot be printed as one node. */
static bool representable(const Linear *l)
{
    if (l->constant < -INT32_MAX || l->constant > INT32_MAX)
        return false;
    for (int i = 0; i < l->n; i++)
        if (l->term[i].coefficient < -INT32_MAX || l->term[i].coefficient > INT32_MAX)
            return false;
    return true;
}

Expr *affine_sum(Kernel *k, Expr *a, Expr *b, int64_t sign)
{
    Linear l = { 0 };
    if (!linear_add(&l, a, 1) || !linear_add(&l, b, sign))
        return NULL;
    while (merge_division(&l))
        continue;
    return representable(&l) ? linear_expr(k, &l) : NULL;
}

Expr *affine_scale(Kernel *k, Expr *a, int64_t factor)
{
    Linear l = { 0 };
    if (!linear_add(&l, a, factor) || !representable(&l))
        return NULL;
    return linear_expr(k, &l);
}

bool affine_difference(Expr *a, Expr *b, Range *r)
{
    Linear l = { 0 };
    if (!linear_add(&l, a, 1) || !linear_add(&l, b, -1))
        return false;
    *r = linear_range(&l);
    return true;
}

/* ---- division -------------------------------------------------------------------- */

static int64_t floor_div(int64_t a, int64_t c)
{
    int64_t q = a / c;
    return q * c > a ? q - 1 : q;
}

/* a = c * quotient + rest, term by term. */
static bool split(Expr *a, int64_t c, Linear *quotient, Linear *rest)
{
    Linear l = { 0 };
    if (!linear_add(&l, a, 1))
        return false;
    quotient->n = rest->n = 0;
    quotient->constant = floor_div(l.constant, c);
    rest->constant = l.constant - quotient->constant * c;
    for (int i = 0; i < l.n; i++) {
        LinearTerm t = l.term[i];
        if (t.coefficient % c == 0)
            quotient->term[quotient->n++] = (LinearTerm){ t.atom, t.coefficient / c };
        else
            rest->term[rest->n++] = t;
    }
    return true;
}

/* (g * e + r) / (g * d) = e / d for 0 <= r < g. */
static Expr *reduced_div(Kernel *k, const Linear *rest, int64_t c)
{
    for (int i = 0; i < rest->n; i++) {
        int64_t g = rest->term[i].coefficient;
        Linear e, r;
        if (g <= 1 || g >= c || c % g != 0 || !split(linear_expr(k, rest), g, &e, &r))
            continue;
        Range low = linear_range(&r);
        if (low.low >= 0 && low.high < g)
            return expr_div(k, linear_expr(k, &e), expr_i32(k, c / g));
    }
    return NULL;
}

Expr *affine_div(Kernel *k, Expr *a, int64_t c)
{
    Linear quotient, rest;
    if (expr_range(a).low < 0 || !split(a, c, &quotient, &rest))
        return NULL;
    Range r = linear_range(&rest);
    if (r.low < 0) /* the constant may have been split unluckily */
        return NULL;
    Expr *q = linear_expr(k, &quotient);
    if (r.high < c)
        return q;
    Expr *reduced = reduced_div(k, &rest, c);
    if (reduced != NULL)
        return expr_add(k, q, reduced);
    Expr *e = linear_expr(k, &rest);
    if (is_op(e, BIN_DIV) && times(e->arg[1]->i, c) <= INT32_MAX)
        return expr_add(k, q, expr_div(k, e->arg[0], expr_i32(k, e->arg[1]->i * c)));
    if (quotient.n == 0 && quotient.constant == 0)
        return expr_raw_binary(k->arena, BIN_DIV, e, expr_i32(k, c));
    return expr_add(k, q, expr_raw_binary(k->arena, BIN_DIV, e, expr_i32(k, c)));
}

Expr *affine_mod(Kernel *k, Expr *a, int64_t c)
{
    Linear quotient, rest;
    if (c == 1)
        return expr_i32(k, 0);
    if (expr_range(a).low < 0 || !split(a, c, &quotient, &rest))
        return NULL;
    Range r = linear_range(&rest);
    if (r.low < 0)
        return NULL;
    Expr *e = linear_expr(k, &rest);
    return r.high < c ? e : expr_raw_binary(k->arena, BIN_MOD, e, expr_i32(k, c));
}
