/* numbers.c - integers in which kernels of one text may differ, see writer.h.
 *
 * A function for several shapes costs a microcontroller less flash than one for each,
 * and no time where the numbers are not needed inside innermost loops: those, and
 * divisors and shifts, which are cheaper when they are known, stay. */
#include "emit/writer.h"
#include "support/bug.h"

typedef struct Finder {
    Arena *arena;
    Numbers found, fixed;
} Finder;

static bool has(const Numbers *n, const Expr *e)
{
    for (int i = 0; i < n->expr.n; i++)
        if (n->expr.at[i] == e)
            return true;
    return false;
}

static void find_in_expr(Finder *f, Expr *e, bool fixed)
{
    bool is_number =
        e->kind == EXPR_INT && e->type.dtype == DTYPE_I32 && e->type.lanes == 1;
    Numbers *to = fixed ? &f->fixed : &f->found;
    if (is_number && !has(&f->fixed, e) && !has(to, e))
        vec_push(f->arena, &to->expr, e);
    bool known = e->kind == EXPR_BINARY && (e->op == BIN_DIV || e->op == BIN_MOD ||
                                            e->op == BIN_SHL || e->op == BIN_SHR);
    for (int i = 0; i < e->n_arg; i++)
        find_in_expr(f, e->arg[i], fixed || (known && i == 1));
}

static bool has_loop(const Block *b)
{
    for (int i = 0; i < b->stmt.n; i++)
        if (b->stmt.at[i]->kind == STMT_FOR || has_loop(&b->stmt.at[i]->body) ||
            has_loop(&b->stmt.at[i]->otherwise))
            return true;
    return false;
}

static void find_in_block(Finder *f, const Block *b, bool fixed)
{
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *s = b->stmt.at[i];
        Expr *part[] = { s->begin, s->end, s->index, s->value };
        for (int j = 0; j < ARRAY_LEN(part); j++)
            if (part[j] != NULL)
                find_in_expr(f, part[j], fixed);
        bool innermost = s->kind == STMT_FOR && !has_loop(&s->body);
        find_in_block(f, &s->body, fixed || innermost);
        find_in_block(f, &s->otherwise, fixed);
    }
}

Numbers numbers_of(Arena *a, const Kernel *k)
{
    Finder f = { .arena = a };
    find_in_block(&f, &k->body, false);
    Numbers n = { 0 };
    for (int i = 0; i < f.found.expr.n; i++) /* shared with a place where it stays */
        if (!has(&f.fixed, f.found.expr.at[i]))
            vec_push(a, &n.expr, f.found.expr.at[i]);
    return n;
}

void number_hide(Expr *e, const Var *as)
{
    e->kind = EXPR_VAR;
    e->var = as;
}

void number_show(Expr *e)
{
    e->kind = EXPR_INT;
    e->var = NULL;
}

Var *number_var(Arena *a, const Kernel *k, const char *name, int64_t low, int64_t high)
{
    Var *v = arena_new(a, Var);
    *v = (Var){ .name = name,
                .kind = VAR_PARAM,
                .type = { DTYPE_I32, 1 },
                .id = k->var.n,
                .low = low,
                .high = high };
    return v;
}
