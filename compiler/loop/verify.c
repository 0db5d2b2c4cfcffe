/* verify.c - structure, types, scopes and bounds of kernels and programs, see text.h.
 */
#include "loop/bounds.h"
#include "loop/overlap.h"
#include "loop/program.h"
#include "loop/text.h"
#include "support/str.h"

#include <stdarg.h>
#include <string.h>

typedef struct Verifier {
    const Kernel *k;
    Arena *a;
    Out defects;
    bool *defined; /* variables in scope, by id */
    bool *bound;   /* variables that were ever bound */
    BoundsContext bounds;
    ExprMap checked; /* nodes of the current statement -> seen */
    Expr *seen;
    bool sliced; /* inside the sliced loop */
    int n_sliced;
} Verifier;

static void defect(Verifier *v, const char *format, ...) STR_PRINTF(2, 3);

static void defect(Verifier *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = str_vprintf(v->a, format, args);
    va_end(args);
    out_print(&v->defects, "kernel %s: %s\n", v->k->name, text);
}

/* ---- expressions ----------------------------------------------------------------- */

static void check_expr(Verifier *v, const Expr *e);

static bool is_lanes(int lanes)
{
    return lanes >= 1 && lanes <= 64 && (lanes & (lanes - 1)) == 0;
}

static bool computes(DType t)
{
    return t == DTYPE_F32 || t == DTYPE_I32 || t == DTYPE_U32 || t == DTYPE_BOOL;
}

static bool owns_buffer(const Verifier *v, const Buffer *b)
{
    return b != NULL && b->id >= 0 && b->id < v->k->buffer.n &&
           v->k->buffer.at[b->id] == b;
}

static bool owns_var(const Verifier *v, const Var *x)
{
    return x != NULL && x->id >= 0 && x->id < v->k->var.n && v->k->var.at[x->id] == x;
}

static void check_access(Verifier *v, const Buffer *b, const Expr *index, int lanes)
{
    if (!loop_type_equal(index->type, (LoopType){ DTYPE_I32, 1 })) {
        defect(v, "index of %s is no i32", b->name);
        return;
    }
    ArenaMark mark = arena_mark(v->a);
    bool inside = bounds_prove(&v->bounds, index, b->count - lanes);
    arena_rewind(v->a, mark);
    if (inside)
        return;
    Range r = expr_range(index);
    defect(v, "%s[%lld .. %lld] of %lld may be outside", b->name, (long long)r.low,
           (long long)r.high + lanes - 1, (long long)b->count);
}

static void check_binary(Verifier *v, const Expr *e)
{
    LoopType a = e->arg[0]->type, b = e->arg[1]->type, want = a;
    bool bits = e->op >= BIN_AND && e->op <= BIN_SHR;
    if (expr_op_is_comparison(e->op))
        want.dtype = DTYPE_BOOL;
    if (!loop_type_equal(a, b) || !loop_type_equal(e->type, want) || !computes(a.dtype))
        defect(v, "operands of operator %d disagree", e->op);
    if (bits && a.dtype == DTYPE_F32)
        defect(v, "operator %d on floats", e->op);
    bool divides = (e->op == BIN_DIV || e->op == BIN_MOD) && a.dtype != DTYPE_F32;
    if (divides && (e->arg[1]->kind != EXPR_INT || e->arg[1]->i <= 0))
        defect(v, "integer division by what is no positive constant");
    if (e->op == BIN_MOD && a.dtype == DTYPE_F32)
        defect(v, "%% on floats");
    bool shifts = (e->op == BIN_SHL || e->op == BIN_SHR) && a.lanes > 1;
    if (shifts && e->arg[1]->kind != EXPR_SPLAT)
        defect(v, "vector shift by different amounts");
}

static void check_call(Verifier *v, const Expr *e)
{
    const LoopFunction *f = e->callee;
    bool fits =
        f != NULL && e->n_arg == f->n_params && loop_type_equal(e->type, f->result);
    for (int i = 0; fits && i < e->n_arg; i++)
        fits = loop_type_equal(e->arg[i]->type, f->param[i]->type) &&
               e->arg[i]->packed == f->param[i]->packed;
    if (!fits)
        defect(v, "a call of %s has the wrong types", f != NULL ? f->name : "nothing");
}

static void check_leaf(Verifier *v, const Expr *e)
{
    if (e->kind == EXPR_VAR && (!owns_var(v, e->var) || !v->defined[e->var->id]))
        defect(v, "%s is used outside its scope", e->var != NULL ? e->var->name : "?");
    if (e->kind == EXPR_LOAD && !owns_buffer(v, e->buffer))
        defect(v, "load of a foreign buffer");
    else if (e->kind == EXPR_LOAD)
        check_access(v, e->buffer, e->arg[0], e->type.lanes);
}

static void check_shape(Verifier *v, const Expr *e)
{
    const LoopType a = e->n_arg > 0 ? e->arg[0]->type : e->type;
    bool ok = true;
    switch (e->kind) {
    case EXPR_UNARY:
        ok = loop_type_equal(e->type, a) && computes(a.dtype);
        break;
    case EXPR_SELECT:
        ok = a.dtype == DTYPE_BOOL && a.lanes == e->type.lanes &&
             loop_type_equal(e->arg[1]->type, e->type) &&
             loop_type_equal(e->arg[2]->type, e->type);
        break;
    case EXPR_FMA:
        ok = a.dtype == DTYPE_F32 && loop_type_equal(e->type, a) &&
             loop_type_equal(e->arg[1]->type, a) && loop_type_equal(e->arg[2]->type, a);
        break;
    /* clang-format off */
    case EXPR_CAST: ok = a.lanes == e->type.lanes; break;
    case EXPR_BITS: ok = a.lanes == e->type.lanes && dtype_bytes(a.dtype) == 4; break;
    case EXPR_SPLAT: ok = a.lanes == 1 && a.dtype == e->type.dtype; break;
    case EXPR_HSUM:
    case EXPR_HMAX: ok = a.lanes > 1 && e->type.lanes == 1 && a.dtype == e->type.dtype; break;
    default: break;
        /* clang-format on */
    }
    if (!ok)
        defect(v, "operands of an expression of kind %d disagree", e->kind);
}

static void check_expr(Verifier *v, const Expr *e)
{
    if (expr_map_find(&v->checked, e) != NULL)
        return;
    expr_map_put(v->a, &v->checked, e, v->seen);
    if (!is_lanes(e->type.lanes))
        defect(v, "%d lanes", e->type.lanes);
    for (int i = 0; i < e->n_arg; i++)
        check_expr(v, e->arg[i]);
    check_leaf(v, e);
    check_shape(v, e);
    if (e->kind == EXPR_BINARY)
        check_binary(v, e);
    if (e->kind == EXPR_CALL)
        check_call(v, e);
    for (int i = 0; i < e->n_arg && e->kind != EXPR_CALL; i++)
        if (e->arg[i]->packed)
            defect(v, "packed lanes in an expression of kind %d", e->kind);
}

/* ---- statements ------------------------------------------------------------------ */

static void check_block(Verifier *v, const Block *b, int depth);

static void bind(Verifier *v, const Var *x, VarKind kind)
{
    if (!owns_var(v, x) || x->kind != kind) {
        defect(v, "%s is bound as another kind of variable", x != NULL ? x->name : "?");
        return;
    }
    if (v->bound[x->id])
        defect(v, "%s is bound twice", x->name);
    v->bound[x->id] = v->defined[x->id] = true;
}

static void check_for(Verifier *v, const Stmt *s, int depth)
{
    check_expr(v, s->begin);
    check_expr(v, s->end);
    if (s->step <= 0)
        defect(v, "loop %s has step %lld", s->var->name, (long long)s->step);
    if (s->loop == LOOP_SLICED && (depth > 0 || v->n_sliced++ > 0))
        defect(v, "sliced loop %s is not the only outermost one", s->var->name);
    bind(v, s->var, VAR_LOOP);
    bool before = v->sliced;
    v->sliced = v->sliced || s->loop == LOOP_SLICED;
    bounds_push(&v->bounds, s, false);
    check_block(v, &s->body, depth + 1);
    bounds_pop(&v->bounds);
    v->sliced = before;
    if (owns_var(v, s->var))
        v->defined[s->var->id] = false;
}

static void check_if(Verifier *v, const Stmt *s, int depth)
{
    check_expr(v, s->value);
    if (!loop_type_equal(s->value->type, (LoopType){ DTYPE_BOOL, 1 }))
        defect(v, "a condition is no bool");
    bounds_push(&v->bounds, s, false);
    check_block(v, &s->body, depth + 1);
    bounds_pop(&v->bounds);
    bounds_push(&v->bounds, s, true);
    check_block(v, &s->otherwise, depth + 1);
    bounds_pop(&v->bounds);
}

static void check_store(Verifier *v, const Stmt *s)
{
    check_expr(v, s->index);
    check_expr(v, s->value);
    if (!owns_buffer(v, s->buffer)) {
        defect(v, "store to a foreign buffer");
        return;
    }
    if (s->buffer->access == ACCESS_READ)
        defect(v, "store to %s, which is only read", s->buffer->name);
    if (s->value->type.dtype != s->buffer->dtype)
        defect(v, "store of %s to %s", dtype_name(s->value->type.dtype),
               s->buffer->name);
    check_access(v, s->buffer, s->index, s->value->type.lanes);
}

static void check_assign(Verifier *v, const Stmt *s)
{
    check_expr(v, s->value);
    if (!loop_type_equal(s->value->type, s->var->type))
        defect(v, "%s gets another type", s->var->name);
    if (owns_var(v, s->var) && v->defined[s->var->id] && s->var->kind == VAR_REGISTER)
        return;
    bind(v, s->var, VAR_REGISTER);
}

static bool is_identifier(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_';
        if (!letter && (c == name || *c < '0' || *c > '9'))
            return false;
    }
    return name[0] != '\0';
}

static void check_extern(Verifier *v, const Stmt *s, int depth)
{
    if (!is_identifier(s->text) || s->n_arg == 0 || depth > 0)
        defect(v, "the call of `%s` is malformed", s->text);
    for (int i = 0; i < s->n_arg; i++) {
        const ExternArg *arg = &s->arg[i];
        const Buffer *b = arg->buffer;
        if (!is_identifier(arg->name))
            defect(v, "argument `%s` is malformed", arg->name);
        if (b == NULL)
            continue;
        if (!owns_buffer(v, b))
            defect(v, "`%s` gets a foreign buffer", s->text);
        else if (arg->first < 0 || arg->count < 1 || arg->first > b->count ||
                 arg->count > b->count - arg->first)
            defect(v, "`%s` gets more than there is of %s", s->text, b->name);
        else if (arg->writes && b->access == ACCESS_READ)
            defect(v, "`%s` writes %s, which is only read", s->text, b->name);
    }
}

static void check_stmt(Verifier *v, const Stmt *s, int depth)
{
    switch (s->kind) {
    /* clang-format off */
    case STMT_FOR: check_for(v, s, depth); break;
    case STMT_IF: check_if(v, s, depth); break;
    case STMT_STORE: check_store(v, s); break;
    case STMT_EXTERN: check_extern(v, s, depth); break;
    case STMT_ASSIGN: check_assign(v, s); break;
    case STMT_LET:
        /* clang-format on */
        check_expr(v, s->value);
        if (!loop_type_equal(s->value->type, s->var->type))
            defect(v, "%s gets another type", s->var->name);
        bind(v, s->var, VAR_LET);
        break;
    case STMT_COMMENT:
        break;
    }
}

static bool stores_shared(const Block *b, const Stmt **first)
{
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *s = b->stmt.at[i];
        bool found = s->kind == STMT_STORE && s->buffer->access != ACCESS_LOCAL;
        *first = s;
        if (found || (s->loop == LOOP_SERIAL && (stores_shared(&s->body, first) ||
                                                 stores_shared(&s->otherwise, first))))
            return true;
    }
    return false;
}

/* What a block binds first ends with it, as in C. */
static void check_block(Verifier *v, const Block *b, int depth)
{
    VEC(int) mine = { 0 };
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *s = b->stmt.at[i];
        bool binds =
            (s->kind == STMT_LET || s->kind == STMT_ASSIGN) && owns_var(v, s->var);
        if (binds && !v->defined[s->var->id])
            vec_push(v->a, &mine, s->var->id);
        v->checked = (ExprMap){ 0 };
        check_stmt(v, s, depth);
    }
    for (int i = 0; i < mine.n; i++)
        v->defined[mine.at[i]] = false;
}

static void check_names(Verifier *v)
{
    const Kernel *k = v->k;
    if (k->name == NULL || !is_identifier(k->name))
        defect(v, "its name is no identifier");
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        if (!is_identifier(b->name) || b->id != i || b->count < 1)
            defect(v, "buffer %s is malformed", b->name);
        for (int j = 0; j < i; j++)
            if (str_equal(k->buffer.at[j]->name, b->name))
                defect(v, "two buffers are %s", b->name);
    }
    for (int i = 0; i < k->var.n; i++) {
        const Var *x = k->var.at[i];
        if (!is_identifier(x->name) || x->id != i)
            defect(v, "variable %s is malformed", x->name);
    }
    if (k->open.n > 1)
        defect(v, "%d blocks are still open", k->open.n - 1);
}

const char *kernel_verify(const Kernel *k, Arena *scratch)
{
    Verifier v = { .k = k, .a = arena_create("verify") };
    out_init(&v.defects, scratch);
    v.defined = arena_array(v.a, bool, k->var.n + 1);
    v.bound = arena_array(v.a, bool, k->var.n + 1);
    Kernel *copy = arena_new(v.a, Kernel); /* only its arena and variables are used */
    *copy = *k;
    copy->arena = v.a;
    v.bounds = (BoundsContext){ .k = copy, .scratch = v.a };
    v.seen = expr_raw_int(v.a, DTYPE_BOOL, 1);
    check_names(&v);
    check_block(&v, &k->body, 0);
    const Stmt *first = NULL;
    if (v.n_sliced > 0 && stores_shared(&k->body, &first))
        defect(
            &v,
            "members of a team would store the same element outside the sliced loop");
    arena_destroy(v.a);
    return v.defects.length > 0 ? out_text(&v.defects) : NULL;
}

/* ---- programs -------------------------------------------------------------------- */

static void check_program_call(const Program *p, int c, Out *out)
{
    const Call *call = &p->call.at[c];
    const Kernel *k = call->kernel;
    int n = 0;
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        if (b->access == ACCESS_LOCAL)
            continue;
        if (n == call->n_arg) {
            out_print(out, "call %d of %s: too few arguments\n", c, k->name);
            return;
        }
        const CallArg *arg = &call->arg[n++];
        const Storage *s = arg->storage;
        bool back = false;
        for (int d = 0; d < PROGRAM_NEST_MAX; d++)
            back |= arg->step[d] < 0;
        if (s->dtype != b->dtype || arg->offset < 0 || back ||
            arg->offset + program_reach(p, c, arg) + b->count > s->count)
            out_print(out, "call %d of %s: %s does not fit %s\n", c, k->name, s->name,
                      b->name);
        bool planned = s->kind == STORAGE_ARENA && s->offset_bytes >= 0;
        if (planned && (c < s->first || c > s->last))
            out_print(out, "call %d of %s: %s is not alive\n", c, k->name, s->name);
        bool constant = s->kind == STORAGE_CONSTANT || s->kind == STORAGE_INPUT;
        if (constant && b->access != ACCESS_READ)
            out_print(out, "call %d of %s: writes %s\n", c, k->name, s->name);
    }
    if (n != call->n_arg)
        out_print(out, "call %d of %s: too many arguments\n", c, k->name);
}

/* Two arguments of one storage, one of them written, are never the same elements: their
 * parameters are printed as restrict. */
static bool apart(const Program *p, int c, const CallArg *a, const Buffer *x,
                  const CallArg *b, const Buffer *y)
{
    int64_t gap = b->offset - a->offset;
    if (memcmp(a->step, b->step, sizeof a->step) == 0)
        return gap >= x->count || -gap >= y->count;
    return gap >= program_reach(p, c, a) + x->count ||
           -gap >= program_reach(p, c, b) + y->count;
}

static void check_restrict(const Program *p, int c, Out *out)
{
    const Call *call = &p->call.at[c];
    const Buffer *of[64];
    int n = 0;
    for (int i = 0; i < call->kernel->buffer.n && n < call->n_arg && n < 64; i++)
        if (call->kernel->buffer.at[i]->access != ACCESS_LOCAL)
            of[n++] = call->kernel->buffer.at[i];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) {
            const CallArg *a = &call->arg[i], *b = &call->arg[j];
            bool writes = (of[i]->access | of[j]->access) & ACCESS_WRITE;
            if (a->storage == b->storage && writes && !apart(p, c, a, of[i], b, of[j]))
                out_print(out, "call %d of %s: %s and %s are the same elements\n", c,
                          call->kernel->name, of[j]->name, of[i]->name);
        }
}

static void check_loops(const Program *p, Out *out)
{
    for (int i = 0; i < p->loop.n; i++) {
        const ProgramLoop *l = &p->loop.at[i];
        bool good = 0 <= l->first && l->first <= l->last && l->last < p->call.n &&
                    l->count >= 1;
        for (int j = 0; j < i && good; j++) {
            const ProgramLoop *o = &p->loop.at[j];
            good = o->first <= l->first && (o->last < l->first || l->last <= o->last);
        }
        if (!good)
            out_print(out, "loop %d is malformed\n", i);
    }
}

/* The parameter that stands for s in call c; NULL: none. */
static const Buffer *parameter_of(const Call *call, const Storage *s)
{
    for (int i = 0, n = 0; i < call->kernel->buffer.n && n < call->n_arg; i++) {
        const Buffer *b = call->kernel->buffer.at[i];
        if (b->access != ACCESS_LOCAL && call->arg[n++].storage == s)
            return b;
    }
    return NULL;
}

/* May `to`, that call c is the first to write, share memory with `from`, that it is the
 * last to read? In the same place with the permission of lowering; so far below that
 * each element was read before. */
static bool may_meet(const Program *p, int c, const Storage *from, const Storage *to,
                     Arena *scratch)
{
    if (c < 0 || c >= p->call.n)
        return false;
    const Call *call = &p->call.at[c];
    const Buffer *x = parameter_of(call, from), *y = parameter_of(call, to);
    if (x == NULL || y == NULL || !x->may_alias || !y->may_alias)
        return false;
    int64_t below = from->offset_bytes - to->offset_bytes;
    if (below == 0 && storage_bytes(from) >= storage_bytes(to))
        return true;
    return below >= program_overlap(p, call->kernel, x, y, scratch);
}

static void check_overlap(const Program *p, const Storage *a, const Storage *b,
                          Arena *scratch, Out *out)
{
    bool apart = a->last < b->first || b->last < a->first ||
                 a->offset_bytes + storage_bytes(a) <= b->offset_bytes ||
                 b->offset_bytes + storage_bytes(b) <= a->offset_bytes;
    if (apart)
        return;
    const Storage *from = a->last == b->first ? a : b, *to = from == a ? b : a;
    if (from->last != to->first || !may_meet(p, to->first, from, to, scratch))
        out_print(out, "%s and %s are alive together and overlap\n", a->name, b->name);
}

static void check_storage(const Program *p, Arena *scratch, Out *out)
{
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->id != i || s->count < 1)
            out_print(out, "storage %s is malformed\n", s->name);
        if (s->kind == STORAGE_CONSTANT && s->data == NULL)
            out_print(out, "constant %s has no data\n", s->name);
        if (s->offset_bytes < 0)
            continue;
        if (s->offset_bytes + storage_bytes(s) > p->arena_bytes ||
            s->offset_bytes % (int64_t)dtype_bytes(s->dtype) != 0)
            out_print(out, "%s is not placed inside the arena\n", s->name);
        for (int j = 0; j < i; j++) {
            const Storage *o = p->storage.at[j];
            if (o->offset_bytes >= 0)
                check_overlap(p, o, s, scratch, out);
        }
    }
}

const char *program_verify(const Program *p, Arena *scratch)
{
    Out out;
    out_init(&out, scratch);
    check_storage(p, scratch, &out);
    check_loops(p, &out);
    for (int c = 0; c < p->call.n; c++) {
        const Kernel *k = p->call.at[c].kernel;
        bool seen = false;
        for (int i = 0; i < c; i++) {
            seen = seen || p->call.at[i].kernel == k;
            if (p->call.at[i].kernel != k &&
                str_equal(p->call.at[i].kernel->name, k->name))
                out_print(&out, "two kernels are %s\n", k->name);
        }
        const char *defects = seen ? NULL : kernel_verify(k, scratch);
        out_puts(&out, defects != NULL ? defects : "");
        check_program_call(p, c, &out);
        check_restrict(p, c, &out);
    }
    return out.length > 0 ? out_text(&out) : NULL;
}
