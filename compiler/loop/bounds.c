/* bounds.c - see bounds.h. */
#include "loop/bounds.h"

enum { BOUNDS_MAX_VARS = 48, BOUNDS_MAX_ROWS = 1500, BOUNDS_MAX_STEPS = 1 << 21 };

/* ---- linear inequalities --------------------------------------------------------- */

/* sum of c[i] * x[i] + constant, claimed to be >= 0 when it is a row. */
typedef struct Row {
    int64_t constant;
    int64_t c[BOUNDS_MAX_VARS];
} Row;

typedef struct System {
    BoundsContext *b;
    int n_vars;
    const Expr
        *atom[BOUNDS_MAX_VARS];       /* what a column stands for; NULL: loop counter */
    const Var *loop[BOUNDS_MAX_VARS]; /* the loop whose counter it is */
    VEC(Row *) row;
    VEC(const Var *) form_var; /* loop variables ... */
    VEC(Row *) form;           /* ... as forms of counters */
    bool failed;
} System;

static Row *row_new(System *s)
{
    return arena_new(s->b->scratch, Row);
}

static bool small(int64_t x)
{
    return x < INT64_C(1) << 44 && x > -(INT64_C(1) << 44);
}

static void row_add(System *s, Row *to, const Row *from, int64_t scale)
{
    if (!small(scale)) {
        s->failed = true;
        return;
    }
    for (int i = -1; i < s->n_vars; i++) {
        int64_t f = i < 0 ? from->constant : from->c[i];
        int64_t *t = i < 0 ? &to->constant : &to->c[i];
        int64_t product;
        if (__builtin_mul_overflow(f, scale, &product) || !small(product)) {
            s->failed = true;
            return;
        }
        *t += product;
        s->failed = s->failed || !small(*t);
    }
}

/* a - b + constant >= 0 */
static void claim(System *s, const Row *a, const Row *b, int64_t constant)
{
    Row *row = row_new(s);
    row_add(s, row, a, 1);
    if (b != NULL)
        row_add(s, row, b, -1);
    row->constant += constant;
    vec_push(s->b->scratch, &s->row, row);
}

static int new_column(System *s, const Expr *atom, const Var *loop)
{
    if (s->n_vars == BOUNDS_MAX_VARS) {
        s->failed = true;
        return 0;
    }
    s->atom[s->n_vars] = atom;
    s->loop[s->n_vars] = loop;
    return s->n_vars++;
}

static Row *form_of(System *s, const Expr *e);

/* 0 <= x - c q <= c - 1 for q = x / c. */
static Row *quotient(System *s, const Expr *x, int64_t c)
{
    Expr *q = expr_raw_binary(s->b->scratch, BIN_DIV,
                              expr_raw_int(s->b->scratch, DTYPE_I32, 0),
                              expr_raw_int(s->b->scratch, DTYPE_I32, c));
    q->arg[0] = (Expr *)(uintptr_t)x;
    Row *form = row_new(s);
    for (int i = 0; i < s->n_vars; i++)
        if (s->atom[i] != NULL && expr_equal(s->atom[i], q)) {
            form->c[i] = 1;
            return form;
        }
    const Row *dividend = form_of(s, x);
    form->c[new_column(s, q, NULL)] = 1;
    Row *rest = row_new(s);
    row_add(s, rest, dividend, 1);
    row_add(s, rest, form, -c);
    claim(s, rest, NULL, 0);
    Row *top = row_new(s);
    row_add(s, top, rest, -1);
    claim(s, top, NULL, c - 1);
    return form;
}

/* A column of its own, with what is known about it. */
static Row *atom_of(System *s, const Expr *e)
{
    Row *form = row_new(s);
    for (int i = 0; i < s->n_vars; i++)
        if (s->atom[i] != NULL && expr_equal(s->atom[i], e)) {
            form->c[i] = 1;
            return form;
        }
    bool min = e->kind == EXPR_BINARY && e->op == BIN_MIN;
    bool max = e->kind == EXPR_BINARY && e->op == BIN_MAX;
    const Row *a = min || max ? form_of(s, e->arg[0]) : NULL;
    const Row *b = min || max ? form_of(s, e->arg[1]) : NULL;
    form->c[new_column(s, e, NULL)] = 1;
    Range r = expr_range(e);
    claim(s, form, NULL, -r.low);
    Row *minus = row_new(s);
    row_add(s, minus, form, -1);
    claim(s, minus, NULL, r.high);
    if (min) {
        claim(s, a, form, 0);
        claim(s, b, form, 0);
    } else if (max) {
        claim(s, form, a, 0);
        claim(s, form, b, 0);
    }
    return form;
}

static Row *form_of_var(System *s, const Expr *e)
{
    const Var *v = e->var;
    if (v->kind == VAR_LET && v->value != NULL)
        return form_of(s, v->value);
    for (int i = 0; i < s->form_var.n; i++)
        if (s->form_var.at[i] == v)
            return s->form.at[i];
    return atom_of(s, e);
}

static Row *form_of(System *s, const Expr *e)
{
    Row *form = row_new(s);
    if (e->kind == EXPR_INT) {
        form->constant = e->i;
        return form;
    }
    if (e->type.dtype != DTYPE_I32 || e->type.lanes != 1)
        return atom_of(s, e);
    if (e->kind == EXPR_VAR)
        return form_of_var(s, e);
    if (e->kind == EXPR_UNARY && e->op == UN_NEG) {
        row_add(s, form, form_of(s, e->arg[0]), -1);
        return form;
    }
    if (e->kind != EXPR_BINARY)
        return atom_of(s, e);
    const Expr *a = e->arg[0], *b = e->arg[1];
    if (e->op == BIN_ADD || e->op == BIN_SUB) {
        row_add(s, form, form_of(s, a), 1);
        row_add(s, form, form_of(s, b), e->op == BIN_ADD ? 1 : -1);
        return form;
    }
    if (e->op == BIN_MUL && (a->kind == EXPR_INT || b->kind == EXPR_INT)) {
        const Expr *x = a->kind == EXPR_INT ? b : a;
        row_add(s, form, form_of(s, x), a->kind == EXPR_INT ? a->i : b->i);
        return form;
    }
    bool divides =
        (e->op == BIN_DIV || e->op == BIN_MOD) && b->kind == EXPR_INT && b->i > 0;
    if (!divides || expr_range(a).low < 0)
        return atom_of(s, e);
    Row *q = quotient(s, a, b->i);
    if (e->op == BIN_DIV)
        return q;
    row_add(s, form, form_of(s, a), 1);
    row_add(s, form, q, -b->i);
    return form;
}

/* ---- loops and guards as rows ---------------------------------------------------- */

static void assume(System *s, const Expr *condition, bool holds)
{
    while (condition->kind == EXPR_UNARY && condition->op == UN_NOT) {
        condition = condition->arg[0];
        holds = !holds;
    }
    if (condition->kind == EXPR_VAR && condition->var->value != NULL)
        condition = condition->var->value;
    if (condition->kind != EXPR_BINARY)
        return;
    Expr *const *arg = condition->arg;
    if (condition->op == (holds ? BIN_AND : BIN_OR) &&
        condition->type.dtype == DTYPE_BOOL) {
        assume(s, arg[0], holds);
        assume(s, arg[1], holds);
        return;
    }
    if (!expr_op_is_comparison(condition->op) || arg[0]->type.dtype != DTYPE_I32 ||
        arg[0]->type.lanes != 1)
        return;
    ExprOp op = condition->op;
    static const ExprOp opposite[] = { BIN_NE, BIN_EQ, BIN_GE, BIN_GT, BIN_LE, BIN_LT };
    if (!holds)
        op = opposite[op - BIN_EQ];
    const Row *a = form_of(s, arg[0]), *b = form_of(s, arg[1]);
    if (op == BIN_LT)
        claim(s, b, a, -1);
    else if (op == BIN_LE)
        claim(s, b, a, 0);
    else if (op == BIN_GT)
        claim(s, a, b, -1);
    else if (op == BIN_GE)
        claim(s, a, b, 0);
    else if (op == BIN_EQ)
        claim(s, a, b, 0), claim(s, b, a, 0);
}

/* v = begin + step t, t >= 0, v <= end - 1 */
static void enter_loop(System *s, const Stmt *loop)
{
    Row *v = row_new(s);
    row_add(s, v, form_of(s, loop->begin), 1);
    Row *t = row_new(s);
    t->c[new_column(s, NULL, loop->var)] = 1;
    claim(s, t, NULL, 0);
    row_add(s, v, t, loop->step);
    vec_push(s->b->scratch, &s->form_var, loop->var);
    vec_push(s->b->scratch, &s->form, v);
    claim(s, form_of(s, loop->end), v, -1);
}

/* ---- elimination ----------------------------------------------------------------- */

static int64_t gcd(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b != 0) {
        int64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

/* Divides by the common factor; the constant is rounded down. False: 0 >= 1. */
static bool tighten(const System *s, Row *row, bool *trivial)
{
    int64_t g = 0;
    for (int i = 0; i < s->n_vars; i++)
        g = gcd(g, row->c[i]);
    *trivial = g == 0;
    if (g == 0)
        return row->constant >= 0;
    for (int i = 0; i < s->n_vars; i++)
        row->c[i] /= g;
    int64_t q = row->constant / g;
    row->constant = q * g > row->constant ? q - 1 : q;
    return true;
}

static int best_column(const System *s, Row *const *row, int n)
{
    int best = -1, best_cost = 0;
    for (int v = 0; v < s->n_vars; v++) {
        int up = 0, down = 0;
        for (int i = 0; i < n; i++) {
            up += row[i]->c[v] > 0;
            down += row[i]->c[v] < 0;
        }
        int cost = up * down - up - down;
        if (up + down > 0 && (best < 0 || cost < best_cost)) {
            best = v;
            best_cost = cost;
        }
    }
    return best;
}

/* True: the rows have no integer solution. False: they may have one. */
static bool infeasible(System *s)
{
    int v;
    while ((v = best_column(s, s->row.at, s->row.n)) >= 0) {
        VEC(Row *) next = { 0 };
        for (int i = 0; i < s->row.n; i++) {
            const Row *low = s->row.at[i];
            if (low->c[v] == 0)
                vec_push(s->b->scratch, &next, s->row.at[i]);
            for (int j = 0; low->c[v] > 0 && j < s->row.n; j++) {
                const Row *high = s->row.at[j];
                if (high->c[v] >= 0)
                    continue;
                Row *sum = row_new(s);
                row_add(s, sum, low, -high->c[v]);
                row_add(s, sum, high, low->c[v]);
                bool trivial;
                if (s->failed || next.n > BOUNDS_MAX_ROWS)
                    return false;
                if (!tighten(s, sum, &trivial))
                    return true;
                if (!trivial)
                    vec_push(s->b->scratch, &next, sum);
            }
        }
        s->row.at = next.at;
        s->row.n = next.n;
        s->row.capacity = next.capacity;
    }
    for (int i = 0; i < s->row.n; i++)
        if (s->row.at[i]->constant < 0)
            return true;
    return false;
}

/* sign * index + constant >= 0 cannot be. */
static bool refute(BoundsContext *b, const Expr *index, int64_t sign, int64_t constant)
{
    ArenaMark mark = arena_mark(b->scratch);
    System *s = arena_new(b->scratch, System);
    s->b = b;
    for (int i = 0; i < b->step.n; i++) {
        const Stmt *at = b->step.at[i].stmt;
        if (at->kind == STMT_FOR)
            enter_loop(s, at);
        else
            assume(s, at->value, !b->step.at[i].otherwise);
    }
    Row *goal = row_new(s);
    row_add(s, goal, form_of(s, index), sign);
    claim(s, goal, NULL, constant);
    bool trivial, proven = false;
    for (int i = 0; i < s->row.n && !proven; i++)
        proven = !tighten(s, s->row.at[i], &trivial);
    proven = !s->failed && (proven || infeasible(s));
    arena_rewind(b->scratch, mark);
    return proven;
}

/* ---- enumeration ----------------------------------------------------------------- */

typedef struct Walk {
    const BoundsContext *b;
    const Expr *index;
    int64_t high, steps;
    int64_t *value; /* of loop variables, by id */
    bool *known;
} Walk;

static bool evaluate(Walk *w, const Expr *e, int64_t *y);

static bool evaluate_binary(Walk *w, const Expr *e, int64_t *y)
{
    int64_t a, b;
    if (!evaluate(w, e->arg[0], &a) || !evaluate(w, e->arg[1], &b))
        return false;
    switch (e->op) {
    /* clang-format off */
    case BIN_ADD: *y = a + b; return true;
    case BIN_SUB: *y = a - b; return true;
    case BIN_MUL: *y = a * b; return true;
    case BIN_DIV: *y = a / b; return b > 0;
    case BIN_MOD: *y = a % b; return b > 0;
    case BIN_MIN: *y = a < b ? a : b; return true;
    case BIN_MAX: *y = a > b ? a : b; return true;
    case BIN_AND: *y = a & b; return true;
    case BIN_OR: *y = a | b; return true;
    case BIN_XOR: *y = a ^ b; return true;
    case BIN_EQ: *y = a == b; return true;
    case BIN_NE: *y = a != b; return true;
    case BIN_LT: *y = a < b; return true;
    case BIN_LE: *y = a <= b; return true;
    case BIN_GT: *y = a > b; return true;
    case BIN_GE: *y = a >= b; return true;
    default: return false;
        /* clang-format on */
    }
}

static bool evaluate(Walk *w, const Expr *e, int64_t *y)
{
    if (e->kind == EXPR_INT) {
        *y = e->i;
        return true;
    }
    if (e->type.lanes != 1 ||
        (e->type.dtype != DTYPE_I32 && e->type.dtype != DTYPE_BOOL))
        return false;
    if (e->kind == EXPR_VAR && e->var->kind == VAR_LET && e->var->value != NULL)
        return evaluate(w, e->var->value, y);
    if (e->kind == EXPR_VAR) {
        *y = w->value[e->var->id];
        return e->var->kind == VAR_LOOP && w->known[e->var->id];
    }
    if (e->kind == EXPR_BINARY && e->arg[1]->kind == EXPR_INT && e->arg[1]->i <= 0 &&
        (e->op == BIN_DIV || e->op == BIN_MOD))
        return false;
    if (e->kind == EXPR_BINARY)
        return evaluate_binary(w, e, y);
    int64_t x;
    if (e->kind == EXPR_UNARY && (e->op == UN_NOT || e->op == UN_NEG) &&
        evaluate(w, e->arg[0], &x)) {
        *y = e->op == UN_NEG ? -x : !x;
        return e->op == UN_NEG || e->type.dtype == DTYPE_BOOL;
    }
    if (e->kind == EXPR_SELECT && evaluate(w, e->arg[0], &x))
        return evaluate(w, e->arg[x ? 1 : 2], y);
    return false;
}

/* Every way to the place, from step `depth` on, keeps the index inside. */
static bool enumerate(Walk *w, int depth)
{
    if (++w->steps > BOUNDS_MAX_STEPS)
        return false;
    if (depth == w->b->step.n) {
        int64_t index;
        return evaluate(w, w->index, &index) && index >= 0 && index <= w->high;
    }
    const BoundsStep *at = &w->b->step.at[depth];
    if (at->stmt->kind == STMT_IF) {
        int64_t taken;
        if (evaluate(w, at->stmt->value, &taken) && (taken != 0) == at->otherwise)
            return true;
        return enumerate(w, depth + 1);
    }
    int64_t begin, end;
    int id = at->stmt->var->id;
    if (!evaluate(w, at->stmt->begin, &begin) || !evaluate(w, at->stmt->end, &end))
        return false;
    w->known[id] = true;
    bool inside = true;
    for (int64_t i = begin; i < end && inside; i += at->stmt->step) {
        w->value[id] = i;
        inside = enumerate(w, depth + 1);
    }
    w->known[id] = false;
    return inside;
}

/* ---- interface ------------------------------------------------------------------- */

void bounds_push(BoundsContext *b, const Stmt *s, bool otherwise)
{
    BoundsStep step = { s, otherwise };
    vec_push(b->scratch, &b->step, step);
}

void bounds_pop(BoundsContext *b)
{
    (void)vec_pop(&b->step);
}

static bool depends_on_data(const Expr *e)
{
    if (e->kind == EXPR_LOAD || e->kind == EXPR_CALL || e->type.dtype == DTYPE_F32)
        return true;
    if (e->kind == EXPR_VAR)
        return e->var->kind == VAR_REGISTER ||
               (e->var->kind == VAR_LET && e->var->value != NULL &&
                depends_on_data(e->var->value));
    for (int i = 0; i < e->n_arg; i++)
        if (depends_on_data(e->arg[i]))
            return true;
    return false;
}

bool bounds_prove(BoundsContext *b, const Expr *index, int64_t high)
{
    Range r = expr_range(index);
    if (r.low >= 0 && r.high <= high)
        return true;
    if (depends_on_data(index))
        return true;
    bool low_holds = r.low >= 0 || refute(b, index, -1, -1);
    if (low_holds && (r.high <= high || refute(b, index, 1, -high - 1)))
        return true;
    Walk w = { .b = b, .index = index, .high = high };
    w.value = arena_array(b->scratch, int64_t, b->k->var.n + 1);
    w.known = arena_array(b->scratch, bool, b->k->var.n + 1);
    return enumerate(&w, 0);
}
