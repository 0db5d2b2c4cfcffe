/* build.c - kernels and their statements, see build.h. */
#include "loop/build.h"
#include "loop/expr.h"
#include "support/bug.h"
#include "support/map.h"
#include "support/str.h"

#include <string.h>

Kernel *kernel_new(Arena *a, const char *name)
{
    Kernel *k = arena_new(a, Kernel);
    k->arena = a;
    k->name = name;
    k->equation = k->shapes = k->place = "";
    vec_push(a, &k->open, &k->body);
    return k;
}

Buffer *kernel_buffer(Kernel *k, const char *name, DType dtype, int64_t count,
                      Access access)
{
    Buffer *b = arena_new(k->arena, Buffer);
    b->name = kernel_unique_name(k, name);
    b->dtype = dtype;
    b->count = count;
    b->access = access;
    b->id = k->buffer.n;
    vec_push(k->arena, &k->buffer, b);
    return b;
}

/* ---- names ----------------------------------------------------------------------- */

/* C keywords, names that the emitted text uses, and C99 functions that a local name
 * would hide. Sorted. */
static const char *const reserved_names[] = {
    "INFINITY", "NAN",      "acos",    "asin",     "atan",     "auto",    "bool",
    "break",    "case",     "cbrt",    "ceil",     "char",     "const",   "continue",
    "cos",      "cosh",     "default", "do",       "double",   "else",    "enum",
    "erf",      "erfc",     "exp",     "exp2",     "expm1",    "extern",  "fabs",
    "fabsf",    "false",    "fdim",    "float",    "floor",    "floorf",  "fma",
    "fmaf",     "fmax",     "fmin",    "fmod",     "for",      "frexp",   "goto",
    "hypot",    "if",       "inline",  "int",      "int16_t",  "int32_t", "int64_t",
    "int8_t",   "ldexp",    "lgamma",  "log",      "log10",    "log1p",   "log2",
    "logb",     "long",     "lrint",   "lround",   "main",     "modf",    "nan",
    "pow",      "register", "remquo",  "restrict", "return",   "rint",    "round",
    "scalbn",   "short",    "signed",  "sin",      "sinh",     "size_t",  "sizeof",
    "slice",    "slices",   "sqrt",    "sqrtf",    "static",   "struct",  "switch",
    "tan",      "tanh",     "tgamma",  "true",     "trunc",    "typedef", "uint16_t",
    "uint32_t", "uint64_t", "uint8_t", "union",    "unsigned", "void",    "volatile",
    "while",
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Words of the .dlir text, and v16f, v8f_add ...: types and functions of vectors. */
static bool is_reserved(const char *name)
{
    for (int i = 0; i < ARRAY_LEN(reserved_names); i++)
        if (str_equal(reserved_names[i], name))
            return true;
    static const char *const words[] = {
        "let",    "var",     "in",      "step", "sliced", "select", "min", "max",
        "abs",    "not",     "hsum",    "hmax", "fma",    "splat",  "f32", "f16",
        "bf16",   "i8",      "i16",     "i32",  "u8",     "u16",    "u32", "function",
        "kernel", "program", "storage", "call", "buffer", "bits"
    };
    for (int i = 0; i < ARRAY_LEN(words); i++)
        if (str_equal(words[i], name))
            return true;
    if (str_starts(name, "dlc_"))
        return true;
    return name[0] == 'v' && is_digit(name[1]) && strpbrk(name, "fiub") != NULL;
}

/* Takes variables and buffers that came since into the map. */
static void learn_names(Kernel *k)
{
    if (k->names == NULL)
        k->names = map_new(k->arena);
    for (; k->named_vars < k->var.n; k->named_vars++)
        map_put(k->names, k->var.at[k->named_vars]->name, k->var.at[k->named_vars]);
    for (; k->named_buffers < k->buffer.n; k->named_buffers++)
        map_put(k->names, k->buffer.at[k->named_buffers]->name,
                k->buffer.at[k->named_buffers]);
}

/* What was rolled back stays in the map, but is no longer the kernel's. */
static bool name_taken(const Kernel *k, const char *name)
{
    const void *known = map_find(k->names, name);
    if (known == NULL)
        return is_reserved(name);
    const Var *v = known;
    const Buffer *b = known;
    for (int i = 0; i < k->buffer.n; i++)
        if (k->buffer.at[i] == b)
            return true;
    for (int i = k->var.n - 1; i >= 0; i--)
        if (k->var.at[i] == v)
            return true;
    return is_reserved(name);
}

const char *kernel_unique_name(Kernel *k, const char *wish)
{
    size_t n = strlen(wish);
    char *base = str_copy(k->arena, wish, n);
    for (size_t i = 0; i < n; i++)
        if (!is_letter(base[i]) && !is_digit(base[i]))
            base[i] = '_';
    if (n == 0 || is_digit(base[0]) || base[0] == '_')
        base = str_printf(k->arena, "t%s", base);
    learn_names(k);
    if (!name_taken(k, base))
        return base;
    bool digit_end = is_digit(base[strlen(base) - 1]);
    for (int i = 2;; i++) {
        char *name = str_printf(k->arena, digit_end ? "%s_%d" : "%s%d", base, i);
        if (!name_taken(k, name))
            return name;
    }
}

/* ---- statements ------------------------------------------------------------------ */

static Var *new_var(Kernel *k, const char *name, VarKind kind, LoopType type)
{
    Var *v = arena_new(k->arena, Var);
    v->name = kernel_unique_name(k, name);
    v->kind = kind;
    v->type = type;
    v->id = k->var.n;
    v->low = INT32_MIN;
    v->high = INT32_MAX;
    vec_push(k->arena, &k->var, v);
    return v;
}

static Stmt *push(Kernel *k, StmtKind kind)
{
    if (k->open.n == 0)
        BUG("kernel %s has no open block", k->name);
    Stmt *s = arena_new(k->arena, Stmt);
    s->kind = kind;
    Block *block = vec_last(&k->open);
    vec_push(k->arena, &block->stmt, s);
    return s;
}

static Expr *begin_loop(Kernel *k, LoopKind kind, const char *name, Expr *begin,
                        Expr *end, int64_t step)
{
    if (step <= 0)
        BUG("loop %s in %s has step %lld", name, k->name, (long long)step);
    Var *v = new_var(k, name, VAR_LOOP, (LoopType){ DTYPE_I32, 1 });
    Range b = expr_range(begin), e = expr_range(end);
    v->low = b.low;
    v->high = e.high - 1;
    if (b.low == b.high && v->high >= v->low)
        v->high = v->low + (v->high - v->low) / step * step;
    if (v->high < v->low)
        v->high = v->low; /* never entered */
    Stmt *s = push(k, STMT_FOR);
    s->loop = kind;
    s->var = v;
    s->begin = begin;
    s->end = end;
    s->step = step;
    vec_push(k->arena, &k->open, &s->body);
    return expr_var(k, v);
}

Expr *loop_begin(Kernel *k, const char *name, int64_t extent)
{
    return begin_loop(k, LOOP_SERIAL, name, expr_i32(k, 0), expr_i32(k, extent), 1);
}

Expr *loop_begin_sliced(Kernel *k, const char *name, int64_t extent)
{
    if (k->open.n != 1)
        BUG("the sliced loop of %s is not outermost", k->name);
    return begin_loop(k, LOOP_SLICED, name, expr_i32(k, 0), expr_i32(k, extent), 1);
}

Expr *loop_begin_range(Kernel *k, const char *name, Expr *begin, Expr *end,
                       int64_t step)
{
    return begin_loop(k, LOOP_SERIAL, name, begin, end, step);
}

static Stmt *opener(Kernel *k, StmtKind kind)
{
    if (k->open.n < 2)
        BUG("nothing to close in kernel %s", k->name);
    Block *outer = k->open.at[k->open.n - 2];
    Stmt *s = vec_last(&outer->stmt);
    if (s->kind != kind)
        BUG("blocks of kernel %s are closed in the wrong order", k->name);
    return s;
}

void loop_end(Kernel *k)
{
    opener(k, STMT_FOR);
    (void)vec_pop(&k->open);
}

void if_begin(Kernel *k, Expr *condition)
{
    Stmt *s = push(k, STMT_IF);
    s->value = condition;
    vec_push(k->arena, &k->open, &s->body);
}

void if_else(Kernel *k)
{
    Stmt *s = opener(k, STMT_IF);
    vec_last(&k->open) = &s->otherwise;
}

void if_end(Kernel *k)
{
    opener(k, STMT_IF);
    (void)vec_pop(&k->open);
}

void kernel_store(Kernel *k, const Buffer *b, Expr *index, Expr *value)
{
    Stmt *s = push(k, STMT_STORE);
    s->buffer = b;
    s->index = expr_cast(k, index, DTYPE_I32);
    s->value = expr_cast(k, value, b->dtype);
}

Expr *kernel_let(Kernel *k, const char *name, Expr *value)
{
    bool names_itself = value->kind == EXPR_VAR && value->var->kind != VAR_REGISTER;
    if (names_itself || value->kind == EXPR_INT || value->kind == EXPR_FLOAT)
        return value;
    Var *v = new_var(k, name, VAR_LET, value->type);
    v->value = value;
    v->packed = value->packed;
    if (value->type.dtype == DTYPE_I32 && value->type.lanes == 1) {
        Range r = expr_range(value);
        v->low = r.low;
        v->high = r.high;
    }
    Stmt *s = push(k, STMT_LET);
    s->var = v;
    s->value = value;
    return expr_var(k, v);
}

static Expr *fit(Kernel *k, LoopType type, Expr *value)
{
    value = expr_cast(k, value, type.dtype);
    return value->type.lanes == type.lanes ? value : expr_splat(k, value, type.lanes);
}

Var *kernel_register(Kernel *k, const char *name, LoopType type, Expr *initial)
{
    Var *v = new_var(k, name, VAR_REGISTER, type);
    kernel_assign(k, v, initial);
    return v;
}

void kernel_assign(Kernel *k, Var *v, Expr *value)
{
    Stmt *s = push(k, STMT_ASSIGN);
    s->var = v;
    s->value = fit(k, v->type, value);
}

void kernel_comment(Kernel *k, const char *text)
{
    push(k, STMT_COMMENT)->text = text;
}

void kernel_extern(Kernel *k, const char *function, int n, const ExternArg *arg)
{
    Stmt *s = push(k, STMT_EXTERN);
    s->text = function;
    s->n_arg = n;
    s->arg = arena_array(k->arena, ExternArg, n);
    for (int i = 0; i < n; i++)
        s->arg[i] = arg[i];
}
