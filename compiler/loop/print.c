/* print.c - loop programs as .dlir text, see text.h. The grammar:
 *
 *   dlir loop 1
 *   program NAME batch INT arena INT bound INT     (one or more, each with what
 * follows) storage NAME KIND TYPE [dims] INT "path" at INT live INT INT [= [numbers]]
 *   function NAME(x: f32, ...) -> f32 "about" { let NAME: TYPE = e ...  return e }
 *   kernel NAME { equation "", shapes "", place "", cost INT INT
 *                 read | write | update | local NAME: f32[count] [alias]   statements }
 *   call KERNEL(STORAGE + offset by STEP STEP, ...)
 *   loop INT [reverse] { calls and loops }
 *
 * Statements: for / sliced v = e .. e step INT { }, let, var (first assignment of a
 * register), v = e, b[e] = e, if e { } else { }, comment "", extern "f" (x: read b[0 :
 * 8], y: write c[0 : 8], n = 8). Expressions are infix with
 * C's precedence but & ^ | bind tighter than comparisons; b[e : 16] loads 16 lanes;
 * f32(e) casts, bits_f32(e) reinterprets; types such as f32x16 stand where a name is
 * bound. */
#include "loop/expr.h"
#include "loop/program.h"
#include "loop/text.h"
#include "support/hash.h"
#include "support/str.h"

static void print_type(LoopType t, Out *out)
{
    out_puts(out, dtype_name(t.dtype));
    if (t.lanes > 1)
        out_print(out, "x%d", t.lanes);
}

static void print_string(const char *text, Out *out)
{
    out_puts(out, "\"");
    for (const char *c = text != NULL ? text : ""; *c != '\0'; c++) {
        if (*c == '\n')
            out_puts(out, "\\n");
        else if (*c == '"' || *c == '\\')
            out_print(out, "\\%c", *c);
        else
            out_write(out, c, 1);
    }
    out_puts(out, "\"");
}

/* ---- expressions ----------------------------------------------------------------- */

static int level_of(const Expr *e)
{
    if (e->kind != EXPR_BINARY)
        return 9;
    switch (e->op) {
    /* clang-format off */
    case BIN_MUL:
    case BIN_DIV:
    case BIN_MOD: return 5;
    case BIN_ADD:
    case BIN_SUB: return 4;
    case BIN_SHL:
    case BIN_SHR: return 3;
    case BIN_AND:
    case BIN_XOR:
    case BIN_OR: return 2;
    case BIN_MIN:
    case BIN_MAX: return 9;
    default: return 1;
        /* clang-format on */
    }
}

static const char *op_name(ExprOp op)
{
    static const char *const name[] = {
        "+",  "-",  "*", "/",  "%", "min", "max", "&",   "|",   "^",    "<<",   ">>",
        "==", "!=", "<", "<=", ">", ">=",  "neg", "abs", "not", "sqrt", "floor"
    };
    return name[op];
}

static void print_expr(const Expr *e, int least, Out *out);

static void print_args(const char *name, const Expr *e, Out *out)
{
    out_print(out, "%s(", name);
    for (int i = 0; i < e->n_arg; i++) {
        out_puts(out, i > 0 ? ", " : "");
        print_expr(e->arg[i], 0, out);
    }
    out_puts(out, ")");
}

static void print_binary(const Expr *e, int least, Out *out)
{
    if (e->op == BIN_MIN || e->op == BIN_MAX) {
        print_args(op_name(e->op), e, out);
        return;
    }
    int level = level_of(e);
    out_puts(out, level < least ? "(" : "");
    print_expr(e->arg[0], level, out);
    out_print(out, " %s ", op_name(e->op));
    print_expr(e->arg[1], level + 1, out);
    out_puts(out, level < least ? ")" : "");
}

static void print_int(const Expr *e, Out *out)
{
    if (e->type.dtype == DTYPE_BOOL)
        out_puts(out, e->i ? "true" : "false");
    else
        out_print(out, e->type.dtype == DTYPE_U32 ? "%lldu" : "%lld", (long long)e->i);
}

static void print_expr(const Expr *e, int least, Out *out)
{
    switch (e->kind) {
    case EXPR_INT:
        print_int(e, out);
        break;
    case EXPR_FLOAT:
        out_f32(out, (float)e->f);
        break;
    case EXPR_VAR:
        out_puts(out, e->var->name);
        break;
    case EXPR_LOAD:
        out_print(out, "%s[", e->buffer->name);
        print_expr(e->arg[0], 0, out);
        if (e->type.lanes > 1)
            out_print(out, " :%s %d", e->packed ? ":" : "", e->type.lanes);
        out_puts(out, "]");
        break;
    /* clang-format off */
    case EXPR_UNARY: print_args(op_name(e->op), e, out); break;
    case EXPR_BINARY: print_binary(e, least, out); break;
    case EXPR_SELECT: print_args("select", e, out); break;
    case EXPR_FMA: print_args("fma", e, out); break;
    case EXPR_CAST: print_args(dtype_name(e->type.dtype), e, out); break;
    case EXPR_BITS:
        /* clang-format on */
        out_puts(out, "bits_");
        print_args(dtype_name(e->type.dtype), e, out);
        break;
    case EXPR_SPLAT:
        out_puts(out, "splat(");
        print_expr(e->arg[0], 0, out);
        out_print(out, ", %d)", e->type.lanes);
        break;
    case EXPR_HSUM:
        print_args("hsum", e, out);
        break;
    case EXPR_HMAX:
        print_args("hmax", e, out);
        break;
    case EXPR_CALL:
        print_args(e->callee->name, e, out);
        break;
    }
}

/* ---- statements ------------------------------------------------------------------ */

typedef struct Printer {
    Out *out;
    bool *declared;
} Printer;

static void print_block(Printer *p, const Block *b, int depth);

static void print_binding(const char *word, const Var *v, const Expr *value, Out *out)
{
    out_print(out, "%s %s: ", word, v->name);
    print_type(v->type, out);
    out_puts(out, " = ");
    print_expr(value, 0, out);
    out_puts(out, "\n");
}

static void print_for(Printer *p, const Stmt *s, int depth)
{
    out_print(p->out, "%s %s = ", s->loop == LOOP_SLICED ? "sliced" : "for",
              s->var->name);
    print_expr(s->begin, 0, p->out);
    out_puts(p->out, " .. ");
    print_expr(s->end, 0, p->out);
    if (s->step != 1)
        out_print(p->out, " step %lld", (long long)s->step);
    out_puts(p->out, " {\n");
    print_block(p, &s->body, depth + 1);
    out_indent(p->out, 2 * depth);
    out_puts(p->out, "}\n");
}

static void print_if(Printer *p, const Stmt *s, int depth)
{
    out_puts(p->out, "if ");
    print_expr(s->value, 0, p->out);
    out_puts(p->out, " {\n");
    print_block(p, &s->body, depth + 1);
    out_indent(p->out, 2 * depth);
    if (s->otherwise.stmt.n > 0) {
        out_puts(p->out, "} else {\n");
        print_block(p, &s->otherwise, depth + 1);
        out_indent(p->out, 2 * depth);
    }
    out_puts(p->out, "}\n");
}

static void print_extern(const Stmt *s, Out *out)
{
    out_puts(out, "extern ");
    print_string(s->text, out);
    for (int i = 0; i < s->n_arg; i++) {
        const ExternArg *arg = &s->arg[i];
        out_print(out, "%s%s", i == 0 ? " (" : ", ", arg->name);
        if (arg->buffer == NULL)
            out_print(out, " = %lld", (long long)arg->first);
        else
            out_print(out, ": %s %s[%lld : %lld]", arg->writes ? "write" : "read",
                      arg->buffer->name, (long long)arg->first, (long long)arg->count);
    }
    out_puts(out, ")\n");
}

static void print_stmt(Printer *p, const Stmt *s, int depth)
{
    out_indent(p->out, 2 * depth);
    switch (s->kind) {
    case STMT_FOR:
        print_for(p, s, depth);
        break;
    case STMT_IF:
        print_if(p, s, depth);
        break;
    case STMT_LET:
        print_binding("let", s->var, s->value, p->out);
        break;
    case STMT_ASSIGN:
        if (!p->declared[s->var->id]) {
            p->declared[s->var->id] = true;
            print_binding("var", s->var, s->value, p->out);
            break;
        }
        out_print(p->out, "%s = ", s->var->name);
        print_expr(s->value, 0, p->out);
        out_puts(p->out, "\n");
        break;
    case STMT_STORE:
        out_print(p->out, "%s[", s->buffer->name);
        print_expr(s->index, 0, p->out);
        out_puts(p->out, "] = ");
        print_expr(s->value, 0, p->out);
        out_puts(p->out, "\n");
        break;
    case STMT_EXTERN:
        print_extern(s, p->out);
        break;
    case STMT_COMMENT:
        out_puts(p->out, "comment ");
        print_string(s->text, p->out);
        out_puts(p->out, "\n");
        break;
    }
}

static void print_block(Printer *p, const Block *b, int depth)
{
    for (int i = 0; i < b->stmt.n; i++)
        print_stmt(p, b->stmt.at[i], depth);
}

static void print_line(const char *word, const char *text, Out *out)
{
    if (text == NULL || text[0] == '\0')
        return;
    out_print(out, "  %s ", word);
    print_string(text, out);
    out_puts(out, "\n");
}

void kernel_print(const Kernel *k, Out *out)
{
    static const char *const access[] = { "", "read", "write", "update", "local" };
    out_print(out, "kernel %s {\n", k->name);
    print_line("equation", k->equation, out);
    print_line("shapes", k->shapes, out);
    print_line("place", k->place, out);
    if (k->flops != 0 || k->bytes != 0)
        out_print(out, "  cost %lld %lld\n", (long long)k->flops, (long long)k->bytes);
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        out_print(out, "  %s %s: %s[%lld]%s\n", access[b->access], b->name,
                  dtype_name(b->dtype), (long long)b->count,
                  b->may_alias ? " alias" : "");
    }
    Printer p = { out, arena_array(out->arena, bool, k->var.n + 1) };
    print_block(&p, &k->body, 1);
    out_puts(out, "}\n");
}

/* ---- functions ------------------------------------------------------------------- */

typedef VEC(const LoopFunction *) FunctionVec;

static void collect_expr(Arena *a, FunctionVec *v, const Expr *e);

static void collect_function(Arena *a, FunctionVec *v, const LoopFunction *f)
{
    for (int i = 0; i < v->n; i++)
        if (str_equal(v->at[i]->name, f->name))
            return;
    for (int i = 0; i < f->n_lets; i++)
        collect_expr(a, v, f->let_value[i]);
    if (f->value != NULL)
        collect_expr(a, v, f->value);
    vec_push(a, v, f);
}

static void collect_expr(Arena *a, FunctionVec *v, const Expr *e)
{
    if (e == NULL)
        return;
    for (int i = 0; i < e->n_arg; i++)
        collect_expr(a, v, e->arg[i]);
    if (e->kind == EXPR_CALL)
        collect_function(a, v, e->callee);
}

static void collect_block(Arena *a, FunctionVec *v, const Block *b)
{
    for (int i = 0; i < b->stmt.n; i++) {
        collect_expr(a, v, b->stmt.at[i]->index);
        collect_expr(a, v, b->stmt.at[i]->value);
        collect_block(a, v, &b->stmt.at[i]->body);
        collect_block(a, v, &b->stmt.at[i]->otherwise);
    }
}

static void print_function(const LoopFunction *f, Out *out)
{
    if (f->c_text != NULL)
        return; /* intrinsics are known by name */
    out_print(out, "function %s(", f->name);
    for (int i = 0; i < f->n_params; i++) {
        out_print(out, "%s%s: ", i > 0 ? ", " : "", f->param[i]->name);
        print_type(f->param[i]->type, out);
    }
    out_puts(out, ") -> ");
    print_type(f->result, out);
    out_puts(out, " ");
    print_string(f->about, out);
    out_puts(out, " {\n");
    for (int i = 0; i < f->n_lets; i++) {
        out_puts(out, "  ");
        print_binding("let", f->let[i], f->let_value[i], out);
    }
    out_puts(out, "  return ");
    print_expr(f->value, 0, out);
    out_puts(out, "\n}\n");
}

/* ---- programs -------------------------------------------------------------------- */

static void print_storage(const Storage *s, Out *out)
{
    static const char *const kind[] = { "input",    "output", "param", "state",
                                        "constant", "scalar", "arena" };
    out_print(out, "storage %s %s %s %s %lld ", s->name, kind[s->kind],
              dtype_name(s->dtype), shape_text(out->arena, &s->shape),
              (long long)s->count);
    print_string(s->path, out);
    out_print(out, " at %lld live %d %d", (long long)s->offset_bytes, s->first,
              s->last);
    if (s->data != NULL) {
        out_puts(out, " = [");
        for (int64_t i = 0; i < s->count; i++) {
            out_puts(out, i > 0 ? ", " : "");
            out_f64(out, s->data->at[i]);
        }
        out_puts(out, "]");
    }
    out_puts(out, "\n");
}

static bool moves(const CallArg *arg)
{
    bool any = false;
    for (int d = 0; d < PROGRAM_NEST_MAX; d++)
        any |= arg->step[d] != 0;
    return any;
}

static void print_call(const Call *c, int depth, Out *out)
{
    out_print(out, "call %s(", c->kernel->name);
    for (int i = 0; i < c->n_arg; i++) {
        out_print(out, "%s%s", i > 0 ? ", " : "", c->arg[i].storage->name);
        if (c->arg[i].offset != 0)
            out_print(out, " + %lld", (long long)c->arg[i].offset);
        for (int d = 0; d < depth && moves(&c->arg[i]); d++)
            out_print(out, "%s %lld", d == 0 ? " by" : "",
                      (long long)c->arg[i].step[d]);
    }
    out_puts(out, ")\n");
}

static void print_calls(const Program *p, Out *out)
{
    for (int c = 0, next = 0; c < p->call.n; c++) {
        const ProgramLoop *around[PROGRAM_NEST_MAX];
        int depth = program_loops(p, c, around);
        for (; next < p->loop.n && p->loop.at[next].first == c; next++)
            out_print(out, "loop %lld%s {\n", (long long)p->loop.at[next].count,
                      p->loop.at[next].reverse ? " reverse" : "");
        print_call(&p->call.at[c], depth, out);
        for (int d = 0; d < depth; d++)
            if (around[d]->last == c)
                out_puts(out, "}\n");
    }
}

void program_print(const Program *p, Out *out)
{
    out_print(out, "dlir loop 1\nprogram %s batch %lld arena %lld bound %lld\n",
              p->name, (long long)p->batch, (long long)p->arena_bytes,
              (long long)p->arena_lower_bound);
    for (int i = 0; i < p->storage.n; i++)
        print_storage(p->storage.at[i], out);
    FunctionVec functions = { 0 };
    for (int i = 0; i < p->call.n; i++)
        collect_block(out->arena, &functions, &p->call.at[i].kernel->body);
    for (int i = 0; i < functions.n; i++)
        print_function(functions.at[i], out);
    for (int i = 0; i < p->call.n; i++) {
        bool seen = false;
        for (int j = 0; j < i; j++)
            seen = seen || p->call.at[j].kernel == p->call.at[i].kernel;
        if (!seen)
            kernel_print(p->call.at[i].kernel, out);
    }
    print_calls(p, out);
}

uint64_t program_hash(const Program *p)
{
    Arena *a = arena_create("hash");
    Out out;
    out_init(&out, a);
    program_print(p, &out);
    uint64_t hash = hash_bytes(HASH_START, out_text(&out), out.length);
    arena_destroy(a);
    return hash;
}
