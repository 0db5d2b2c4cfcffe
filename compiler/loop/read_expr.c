/* read_expr.c - expressions of .dlir text. Nodes are built as written, not folded;
 * types are checked. */
#include "loop/intrinsics.h"
#include "loop/read.h"
#include "support/bug.h"

#include <math.h>

static Expr *nothing(Reader *r)
{
    return expr_raw_int(r->a, DTYPE_I32, 0);
}

static Expr *node(Reader *r, ExprKind kind, LoopType type, int n, Expr *const *arg)
{
    Expr *e = expr_new(r->a, kind, type);
    e->n_arg = n;
    for (int i = 0; i < n; i++)
        e->arg[i] = arg[i];
    return e;
}

static int read_args(Reader *r, Expr **arg, int limit)
{
    int n = 0;
    read_expect(r, "(");
    while (!r->failed && !read_is(r, ")")) {
        if (n == limit) {
            read_fail(r, "at most %d arguments", limit);
            break;
        }
        arg[n++] = read_expr(r);
        if (!read_is(r, ")"))
            read_expect(r, ",");
    }
    read_expect(r, ")");
    return n;
}

static bool want(Reader *r, bool condition, const char *name)
{
    return r->failed || condition || read_fail(r, "wrong operands of %s", name);
}

typedef struct NamedOp {
    const char *name;
    ExprKind kind;
    ExprOp op;
    int n;
} NamedOp;

static const NamedOp named_ops[] = {
    { "min", EXPR_BINARY, BIN_MIN, 2 },   { "max", EXPR_BINARY, BIN_MAX, 2 },
    { "neg", EXPR_UNARY, UN_NEG, 1 },     { "abs", EXPR_UNARY, UN_ABS, 1 },
    { "not", EXPR_UNARY, UN_NOT, 1 },     { "sqrt", EXPR_UNARY, UN_SQRT, 1 },
    { "floor", EXPR_UNARY, UN_FLOOR, 1 }, { "select", EXPR_SELECT, BIN_ADD, 3 },
    { "fma", EXPR_FMA, BIN_ADD, 3 },      { "hsum", EXPR_HSUM, BIN_ADD, 1 },
    { "hmax", EXPR_HMAX, BIN_ADD, 1 },
};

static Expr *read_named(Reader *r, const NamedOp *o)
{
    Expr *arg[6];
    int n = read_args(r, arg, 6);
    if (!want(r, n == o->n, o->name) || r->failed)
        return nothing(r);
    LoopType type = arg[o->kind == EXPR_SELECT ? 1 : 0]->type;
    if (o->kind == EXPR_HSUM || o->kind == EXPR_HMAX)
        type.lanes = 1;
    Expr *e = node(r, o->kind, type, n, arg);
    e->op = o->op;
    return e;
}

static Expr *read_call(Reader *r, const char *name)
{
    const LoopFunction *f = map_find(r->functions, name);
    if (f == NULL)
        f = math_intrinsic(r->kernel, name);
    if (f == NULL)
        f = intrinsic_find(r->kernel, name);
    Expr *arg[6];
    if (f == NULL) {
        read_fail(r, "no function `%s`", name);
        return nothing(r);
    }
    int n = read_args(r, arg, 6);
    if (!want(r, n == f->n_params, name) || r->failed)
        return nothing(r);
    Expr *e = node(r, EXPR_CALL, f->result, n, arg);
    e->callee = f;
    return e;
}

static Expr *read_splat(Reader *r)
{
    read_expect(r, "(");
    Expr *arg[1] = { read_expr(r) };
    read_expect(r, ",");
    int64_t lanes = read_int(r);
    read_expect(r, ")");
    if (!r->failed && (lanes < 2 || lanes > 64))
        read_fail(r, "vectors have 2 to 64 lanes");
    return node(r, EXPR_SPLAT, (LoopType){ arg[0]->type.dtype, (int)lanes }, 1, arg);
}

static Expr *read_load(Reader *r, const Buffer *b)
{
    read_expect(r, "[");
    Expr *arg[1] = { read_expr(r) };
    int64_t lanes = 1;
    bool packed = false;
    if (read_accept(r, ":")) {
        packed = read_accept(r, ":");
        lanes = read_int(r);
    }
    read_expect(r, "]");
    if (!r->failed && (lanes < 1 || lanes > 64))
        read_fail(r, "vectors have 2 to 64 lanes");
    Expr *e =
        node(r, EXPR_LOAD, (LoopType){ loop_load_dtype(b->dtype), (int)lanes }, 1, arg);
    e->buffer = b;
    e->packed = packed;
    return e;
}

static Expr *read_conversion(Reader *r, ExprKind kind, DType t)
{
    Expr *arg[6];
    int n = read_args(r, arg, 6);
    if (!want(r, n == 1, "a cast") || r->failed)
        return nothing(r);
    return node(r, kind, (LoopType){ t, arg[0]->type.lanes }, 1, arg);
}

static Expr *read_name(Reader *r)
{
    const char *name = read_word(r);
    DType t;
    if (read_is(r, "(")) {
        for (int i = 0; i < ARRAY_LEN(named_ops); i++)
            if (str_equal(named_ops[i].name, name))
                return read_named(r, &named_ops[i]);
        if (str_equal(name, "splat"))
            return read_splat(r);
        if (str_starts(name, "bits_") && dtype_find(name + 5, &t))
            return read_conversion(r, EXPR_BITS, t);
        if (dtype_find(name, &t))
            return read_conversion(r, EXPR_CAST, t);
        return read_call(r, name);
    }
    if (read_is(r, "[") && map_has(r->buffers, name))
        return read_load(r, map_find(r->buffers, name));
    if (str_equal(name, "true") || str_equal(name, "false"))
        return expr_raw_int(r->a, DTYPE_BOOL, name[0] == 't');
    if (str_equal(name, "inf") || str_equal(name, "nan"))
        return expr_raw_float(r->a, name[0] == 'i' ? (double)INFINITY : (double)NAN);
    const Var *v = map_find(r->vars, name);
    if (v == NULL) {
        read_fail(r, "no variable `%s`", name);
        return nothing(r);
    }
    return expr_var(r->kernel, v);
}

/* `sign` is -1 behind a minus: the lowest i32 has no positive twin. */
static Expr *read_literal(Reader *r, int sign)
{
    const char *text = str_copy(r->a, r->source->text + r->begin, r->end - r->begin);
    size_t n = 0;
    bool is_float = false;
    for (; text[n] != '\0'; n++)
        is_float = is_float || text[n] == '.' || text[n] == 'e';
    if (is_float)
        return expr_raw_float(r->a, sign * read_number(r));
    bool is_unsigned = text[n - 1] == 'u';
    int64_t value = sign * read_int(r);
    if (is_unsigned)
        return expr_raw_int(r->a, DTYPE_U32, (int64_t)(uint32_t)value);
    if (value < INT32_MIN || value > INT32_MAX)
        read_fail(r, "%lld is no i32", (long long)value);
    return expr_raw_int(r->a, DTYPE_I32, value);
}

static Expr *read_unit(Reader *r)
{
    if (r->failed)
        return nothing(r);
    if (read_accept(r, "(")) {
        Expr *e = read_expr(r);
        read_expect(r, ")");
        return e;
    }
    if (read_accept(r, "-")) {
        if (r->kind == TOKEN_WORD && read_accept(r, "inf"))
            return expr_raw_float(r->a, -(double)INFINITY);
        return r->kind == TOKEN_NUMBER ? read_literal(r, -1) : nothing(r);
    }
    if (r->kind == TOKEN_NUMBER)
        return read_literal(r, 1);
    if (r->kind == TOKEN_WORD)
        return read_name(r);
    read_fail(r, "expected an expression");
    return nothing(r);
}

typedef struct Infix {
    const char *text;
    ExprOp op;
    int level;
} Infix;

static const Infix infix_table[] = {
    { "*", BIN_MUL, 5 },  { "/", BIN_DIV, 5 }, { "%", BIN_MOD, 5 },
    { "+", BIN_ADD, 4 },  { "-", BIN_SUB, 4 }, { "<<", BIN_SHL, 3 },
    { ">>", BIN_SHR, 3 }, { "&", BIN_AND, 2 }, { "^", BIN_XOR, 2 },
    { "|", BIN_OR, 2 },   { "==", BIN_EQ, 1 }, { "!=", BIN_NE, 1 },
    { "<=", BIN_LE, 1 },  { ">=", BIN_GE, 1 }, { "<", BIN_LT, 1 },
    { ">", BIN_GT, 1 },
};

static const Infix *infix_of(const Reader *r)
{
    for (int i = 0; i < ARRAY_LEN(infix_table); i++)
        if (r->kind == TOKEN_SIGN && read_is(r, infix_table[i].text))
            return &infix_table[i];
    return NULL;
}

static Expr *read_level(Reader *r, int least)
{
    Expr *left = read_unit(r);
    for (const Infix *o = infix_of(r); o != NULL && o->level >= least && !r->failed;
         o = infix_of(r)) {
        read_next(r);
        Expr *right = read_level(r, o->level + 1);
        if (!want(r, loop_type_equal(left->type, right->type), o->text))
            break;
        left = expr_raw_binary(r->a, o->op, left, right);
    }
    return left;
}

enum { READ_MAX_EXPR_DEPTH = 400 };

Expr *read_expr(Reader *r)
{
    if (++r->depth > READ_MAX_EXPR_DEPTH)
        read_fail(r, "expressions nested too deeply");
    Expr *e = read_level(r, 0);
    r->depth--;
    return e;
}
