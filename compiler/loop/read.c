/* read.c - reads .dlir text of loop programs, see text.h and the grammar in print.c. */
#include "loop/read.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- tokens ---------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static uint32_t number_end(const char *t, uint32_t i)
{
    while (is_digit(t[i]))
        i++;
    if (t[i] == '.' && is_digit(t[i + 1]))
        for (i++; is_digit(t[i]); i++)
            continue;
    bool exponent =
        t[i] == 'e' && (is_digit(t[i + 1]) || t[i + 1] == '-' || t[i + 1] == '+');
    if (exponent)
        for (i += 2; is_digit(t[i]); i++)
            continue;
    return t[i] == 'u' ? i + 1 : i;
}

void read_next(Reader *r)
{
    const char *t = r->source->text;
    uint32_t i = r->end;
    while (t[i] == ' ' || t[i] == '\n' || t[i] == '\t' || t[i] == '\r')
        i++;
    r->begin = i;
    if (t[i] == '\0') {
        r->kind = TOKEN_END;
    } else if (is_letter(t[i])) {
        r->kind = TOKEN_WORD;
        while (is_letter(t[i]) || is_digit(t[i]))
            i++;
    } else if (is_digit(t[i])) {
        r->kind = TOKEN_NUMBER;
        i = number_end(t, i);
    } else if (t[i] == '"') {
        r->kind = TOKEN_STRING;
        for (i++; t[i] != '"' && t[i] != '\0'; i++)
            if (t[i] == '\\' && t[i + 1] != '\0')
                i++;
        i += t[i] == '"';
    } else {
        static const char *const two[] = { "..", "->", "<<", ">>",
                                           "<=", ">=", "==", "!=" };
        r->kind = TOKEN_SIGN;
        uint32_t n = 1;
        for (int j = 0; j < 8; j++)
            if (strncmp(t + i, two[j], 2) == 0)
                n = 2;
        i += n;
    }
    r->end = i;
}

bool read_fail(Reader *r, const char *format, ...)
{
    if (r->failed)
        return false;
    r->failed = true;
    va_list args;
    va_start(args, format);
    const char *text = str_vprintf(r->a, format, args);
    va_end(args);
    Span span = { r->source, r->begin, r->end };
    r->kind = TOKEN_END;
    return diag_error(r->sink, span, DIAG_IR_SYNTAX, "%s", text);
}

bool read_is(const Reader *r, const char *text)
{
    size_t n = strlen(text);
    return r->kind != TOKEN_END && r->kind != TOKEN_STRING && r->end - r->begin == n &&
           memcmp(r->source->text + r->begin, text, n) == 0;
}

bool read_accept(Reader *r, const char *text)
{
    if (r->failed || !read_is(r, text))
        return false;
    read_next(r);
    return true;
}

void read_expect(Reader *r, const char *text)
{
    if (!read_accept(r, text))
        read_fail(r, "expected `%s`", text);
}

static const char *token_text(Reader *r)
{
    return str_copy(r->a, r->source->text + r->begin, r->end - r->begin);
}

const char *read_word(Reader *r)
{
    if (r->kind != TOKEN_WORD) {
        read_fail(r, "expected a name");
        return "";
    }
    const char *text = token_text(r);
    read_next(r);
    return text;
}

int64_t read_int(Reader *r)
{
    bool minus = read_accept(r, "-");
    if (r->kind != TOKEN_NUMBER) {
        read_fail(r, "expected an integer");
        return 0;
    }
    const char *text = token_text(r);
    if (strpbrk(text, ".e") != NULL || strlen(text) > 18) {
        read_fail(r, "expected an integer");
        return 0;
    }
    read_next(r);
    int64_t value = strtoll(text, NULL, 10);
    return minus ? -value : value;
}

double read_number(Reader *r)
{
    bool minus = read_accept(r, "-");
    double value = 0;
    if (read_accept(r, "inf")) {
        value = strtod("inf", NULL);
    } else if (read_accept(r, "nan")) {
        value = strtod("nan", NULL);
    } else if (r->kind == TOKEN_NUMBER) {
        value = strtod(token_text(r), NULL);
        read_next(r);
    } else {
        read_fail(r, "expected a number");
    }
    return minus ? -value : value;
}

const char *read_string(Reader *r)
{
    if (r->kind != TOKEN_STRING) {
        read_fail(r, "expected a string");
        return "";
    }
    char *text = str_copy(r->a, r->source->text + r->begin + 1, r->end - r->begin - 1);
    size_t n = 0;
    for (const char *c = text; *c != '\0' && *c != '"'; c++) {
        if (*c == '\\' && c[1] != '\0')
            c++, text[n++] = *c == 'n' ? '\n' : *c;
        else
            text[n++] = *c;
    }
    text[n] = '\0';
    read_next(r);
    return text;
}

DType read_dtype(Reader *r)
{
    DType t = DTYPE_F32;
    const char *name = read_word(r);
    if (!r->failed && !dtype_find(name, &t))
        read_fail(r, "no type `%s`", name);
    return t;
}

LoopType read_type(Reader *r)
{
    const char *name = read_word(r);
    const char *x = strchr(name, 'x');
    LoopType t = { DTYPE_F32, 1 };
    if (x != NULL) {
        t.lanes = (int)strtol(x + 1, NULL, 10);
        name = str_copy(r->a, name, (size_t)(x - name));
    }
    if (!r->failed && (!dtype_find(name, &t.dtype) || t.lanes < 1 || t.lanes > 64))
        read_fail(r, "no type `%s`", name);
    return t;
}

/* ---- statements ------------------------------------------------------------------ */

static Var *new_var(Reader *r, const char *name, VarKind kind, LoopType type)
{
    if (map_has(r->vars, name) || map_has(r->buffers, name))
        read_fail(r, "`%s` is defined twice", name);
    Kernel *k = r->kernel;
    Var *v = arena_new(r->a, Var);
    v->name = name;
    v->kind = kind;
    v->type = type;
    v->low = INT32_MIN;
    v->high = INT32_MAX;
    v->id = k->var.n;
    vec_push(r->a, &k->var, v);
    map_put(r->vars, name, v);
    return v;
}

static void read_block(Reader *r, Block *b);

static void read_for(Reader *r, Stmt *s, LoopKind loop)
{
    const char *name = read_word(r);
    s->kind = STMT_FOR;
    s->loop = loop;
    read_expect(r, "=");
    s->begin = read_expr(r);
    read_expect(r, "..");
    s->end = read_expr(r);
    s->step = read_accept(r, "step") ? read_int(r) : 1;
    if (!r->failed && s->step <= 0)
        read_fail(r, "a step is positive");
    s->var = new_var(r, name, VAR_LOOP, (LoopType){ DTYPE_I32, 1 });
    Range b = expr_range(s->begin), e = expr_range(s->end);
    s->var->low = b.low;
    s->var->high = e.high - 1;
    if (b.low == b.high && s->var->high >= b.low && !r->failed)
        s->var->high = b.low + (s->var->high - b.low) / s->step * s->step;
    if (s->var->high < b.low)
        s->var->high = b.low;
    read_block(r, &s->body);
}

/* "let" and "var": NAME: TYPE = e */
static void read_binding(Reader *r, Stmt *s, bool let)
{
    const char *name = read_word(r);
    read_expect(r, ":");
    LoopType type = read_type(r);
    read_expect(r, "=");
    s->value = read_expr(r);
    s->kind = let ? STMT_LET : STMT_ASSIGN;
    s->var = new_var(r, name, let ? VAR_LET : VAR_REGISTER, type);
    if (!r->failed && !loop_type_equal(type, s->value->type))
        read_fail(r, "`%s` has another type", name);
    if (!let)
        return;
    s->var->value = s->value;
    s->var->packed = s->value->packed;
    if (type.dtype == DTYPE_I32 && type.lanes == 1) {
        Range range = expr_range(s->value);
        s->var->low = range.low;
        s->var->high = range.high;
    }
}

/* Constants of narrow types are written like others, and so are vectors of one. */
static Expr *narrow_constant(Reader *r, Expr *e, DType t)
{
    if (e->kind == EXPR_INT)
        return expr_raw_int(r->a, t, e->i);
    if (e->kind != EXPR_SPLAT || e->arg[0]->kind != EXPR_INT)
        return e;
    Expr *splat = expr_new(r->a, EXPR_SPLAT, (LoopType){ t, e->type.lanes });
    splat->n_arg = 1;
    splat->arg[0] = expr_raw_int(r->a, t, e->arg[0]->i);
    return splat;
}

static void read_assignment(Reader *r, Stmt *s)
{
    const char *name = read_word(r);
    const Buffer *b = map_find(r->buffers, name);
    LoopType type;
    if (b != NULL) {
        s->kind = STMT_STORE;
        s->buffer = b;
        read_expect(r, "[");
        s->index = read_expr(r);
        read_expect(r, "]");
        type = (LoopType){ b->dtype, 0 };
    } else {
        s->kind = STMT_ASSIGN;
        s->var = map_find(r->vars, name);
        if (s->var == NULL || s->var->kind != VAR_REGISTER) {
            read_fail(r, "`%s` is no register and no buffer", name);
            return;
        }
        type = s->var->type;
    }
    read_expect(r, "=");
    s->value = read_expr(r);
    if (type.lanes == 0)
        type.lanes = s->value->type.lanes;
    if (b != NULL && dtype_bytes(b->dtype) < 4)
        s->value = narrow_constant(r, s->value, b->dtype);
    if (!r->failed && !loop_type_equal(type, s->value->type))
        read_fail(r, "`%s` has another type", name);
}

/* "f" (x: read b[0 : 8], y: write c[0 : 8], n = 8) */
static void read_extern(Reader *r, Stmt *s)
{
    VEC(ExternArg) arg = { 0 };
    s->kind = STMT_EXTERN;
    s->text = read_string(r);
    read_expect(r, "(");
    while (!r->failed && !read_accept(r, ")")) {
        ExternArg one = { .name = read_word(r) };
        if (read_accept(r, "=")) {
            one.first = read_int(r);
        } else {
            read_expect(r, ":");
            one.writes = read_accept(r, "write");
            if (!one.writes)
                read_expect(r, "read");
            const char *name = read_word(r);
            one.buffer = map_find(r->buffers, name);
            if (one.buffer == NULL)
                read_fail(r, "no buffer `%s`", name);
            read_expect(r, "[");
            one.first = read_int(r);
            read_expect(r, ":");
            one.count = read_int(r);
            read_expect(r, "]");
        }
        vec_push(r->a, &arg, one);
        if (!read_is(r, ")"))
            read_expect(r, ",");
    }
    s->n_arg = arg.n;
    s->arg = arg.at;
}

static void read_stmt(Reader *r, Block *b)
{
    Stmt *s = arena_new(r->a, Stmt);
    if (read_accept(r, "for")) {
        read_for(r, s, LOOP_SERIAL);
    } else if (read_accept(r, "sliced")) {
        read_for(r, s, LOOP_SLICED);
    } else if (read_accept(r, "let")) {
        read_binding(r, s, true);
    } else if (read_accept(r, "var")) {
        read_binding(r, s, false);
    } else if (read_accept(r, "comment")) {
        s->kind = STMT_COMMENT;
        s->text = read_string(r);
    } else if (read_accept(r, "extern")) {
        read_extern(r, s);
    } else if (read_accept(r, "if")) {
        s->kind = STMT_IF;
        s->value = read_expr(r);
        read_block(r, &s->body);
        if (read_accept(r, "else"))
            read_block(r, &s->otherwise);
    } else {
        read_assignment(r, s);
    }
    vec_push(r->a, &b->stmt, s);
}

enum { READ_MAX_DEPTH = 64 };

static void read_block(Reader *r, Block *b)
{
    vec_push(r->a, &r->kernel->open, b);
    if (r->kernel->open.n > READ_MAX_DEPTH)
        read_fail(r, "blocks nested too deeply");
    read_expect(r, "{");
    while (!r->failed && !read_accept(r, "}"))
        read_stmt(r, b);
    (void)vec_pop(&r->kernel->open);
}

/* ---- kernels and functions ------------------------------------------------------- */

static bool read_buffer(Reader *r)
{
    static const struct {
        const char *word;
        Access access;
    } row[] = { { "read", ACCESS_READ },
                { "write", ACCESS_WRITE },
                { "update", ACCESS_READ_WRITE },
                { "local", ACCESS_LOCAL } };
    for (int i = 0; i < 4; i++) {
        if (!read_accept(r, row[i].word))
            continue;
        Buffer *b = arena_new(r->a, Buffer);
        b->name = read_word(r);
        read_expect(r, ":");
        b->dtype = read_dtype(r);
        read_expect(r, "[");
        b->count = read_int(r);
        read_expect(r, "]");
        b->may_alias = read_accept(r, "alias");
        b->access = row[i].access;
        b->id = r->kernel->buffer.n;
        if (map_has(r->buffers, b->name))
            read_fail(r, "`%s` is defined twice", b->name);
        vec_push(r->a, &r->kernel->buffer, b);
        map_put(r->buffers, b->name, b);
        return true;
    }
    return false;
}

Kernel *read_kernel(Reader *r)
{
    Kernel *k = arena_new(r->a, Kernel);
    k->arena = r->a;
    k->equation = k->shapes = k->place = "";
    r->kernel = k;
    r->vars = map_new(r->a);
    r->buffers = map_new(r->a);
    k->name = read_word(r);
    read_expect(r, "{");
    if (read_accept(r, "equation"))
        k->equation = read_string(r);
    if (read_accept(r, "shapes"))
        k->shapes = read_string(r);
    if (read_accept(r, "place"))
        k->place = read_string(r);
    if (read_accept(r, "cost")) {
        k->flops = read_int(r);
        k->bytes = read_int(r);
    }
    while (!r->failed && read_buffer(r))
        continue;
    while (!r->failed && !read_accept(r, "}"))
        read_stmt(r, &k->body);
    return k;
}

void read_function(Reader *r)
{
    LoopFunction *f = arena_new(r->a, LoopFunction);
    r->kernel = arena_new(r->a, Kernel); /* numbers the variables */
    r->kernel->arena = r->a;
    r->kernel->name = "";
    r->vars = map_new(r->a);
    r->buffers = map_new(r->a);
    f->name = read_word(r);
    read_expect(r, "(");
    while (!r->failed && !read_accept(r, ")")) {
        const char *name = read_word(r);
        read_expect(r, ":");
        if (f->n_params == 6)
            read_fail(r, "at most 6 parameters");
        else
            f->param[f->n_params++] = new_var(r, name, VAR_PARAM, read_type(r));
        if (!read_is(r, ")"))
            read_expect(r, ",");
    }
    read_expect(r, "->");
    f->result = read_type(r);
    f->about = read_string(r);
    read_expect(r, "{");
    Block lets = { 0 };
    while (!r->failed && read_is(r, "let"))
        read_stmt(r, &lets);
    f->n_lets = lets.stmt.n;
    f->let = arena_array(r->a, Var *, f->n_lets + 1);
    f->let_value = arena_array(r->a, Expr *, f->n_lets + 1);
    for (int i = 0; i < f->n_lets; i++) {
        f->let[i] = lets.stmt.at[i]->var;
        f->let_value[i] = lets.stmt.at[i]->value;
    }
    read_expect(r, "return");
    f->value = read_expr(r);
    if (!r->failed && !loop_type_equal(f->value->type, f->result))
        read_fail(r, "`%s` returns another type", f->name);
    read_expect(r, "}");
    map_put(r->functions, f->name, f);
}
