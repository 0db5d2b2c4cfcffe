/* c_kernel.c - C99 of kernels and functions, see c_kernel.h. */
#include "emit/c_kernel.h"
#include "emit/c_expr.h"
#include "loop/expr.h"

#include <stdio.h>
#include <string.h>

/* ---- what is read ---------------------------------------------------------------- */

typedef struct Live {
    bool *var;    /* by id: some live statement reads it */
    bool *buffer; /* by id: touched */
    bool changed;
} Live;

static void read_expr(Live *l, const Expr *e)
{
    if (e->kind == EXPR_VAR && !l->var[e->var->id])
        l->var[e->var->id] = l->changed = true;
    if (e->kind == EXPR_LOAD && l->buffer != NULL)
        l->buffer[e->buffer->id] = true;
    for (int i = 0; i < e->n_arg; i++)
        read_expr(l, e->arg[i]);
}

static bool block_has_effect(const Live *l, const Block *b);

static bool has_effect(const Live *l, const Stmt *s)
{
    switch (s->kind) {
    case STMT_STORE:
    case STMT_EXTERN:
        return true;
    case STMT_LET:
    case STMT_ASSIGN:
        return l->var[s->var->id];
    case STMT_FOR:
        return block_has_effect(l, &s->body);
    case STMT_IF:
        return block_has_effect(l, &s->body) || block_has_effect(l, &s->otherwise);
    default:
        return false;
    }
}

static bool block_has_effect(const Live *l, const Block *b)
{
    for (int i = 0; i < b->stmt.n; i++)
        if (has_effect(l, b->stmt.at[i]))
            return true;
    return false;
}

static void read_block(Live *l, const Block *b)
{
    for (int i = b->stmt.n - 1; i >= 0; i--) {
        const Stmt *s = b->stmt.at[i];
        if (!has_effect(l, s))
            continue;
        for (int k = 0; k < s->n_arg; k++)
            if (s->arg[k].buffer != NULL)
                l->buffer[s->arg[k].buffer->id] = true;
        if (s->kind == STMT_FOR) {
            read_expr(l, s->begin);
            read_expr(l, s->end);
        } else if (s->value != NULL) {
            read_expr(l, s->value);
        }
        if (s->kind == STMT_STORE) {
            read_expr(l, s->index);
            l->buffer[s->buffer->id] = true;
        }
        read_block(l, &s->body);
        read_block(l, &s->otherwise);
    }
}

static Live live_of(const Kernel *k, Arena *a)
{
    Live l = { arena_array(a, bool, k->var.n + 1),
               arena_array(a, bool, k->buffer.n + 1), true };
    while (l.changed) {
        l.changed = false;
        read_block(&l, &k->body);
    }
    return l;
}

static bool block_is_sliced(const Block *b)
{
    for (int i = 0; i < b->stmt.n; i++)
        if (b->stmt.at[i]->kind == STMT_FOR && b->stmt.at[i]->loop == LOOP_SLICED)
            return true;
    return false;
}

bool kernel_is_sliced(const Kernel *k)
{
    return block_is_sliced(&k->body);
}

/* ---- statements ------------------------------------------------------------------ */

typedef struct Printer {
    Out *out;
    const Live *live;
    bool *declared; /* registers, by id */
} Printer;

static void print_block(Printer *p, const Block *b, int depth);

/* "acc += x" for acc = acc + x; the operands' order is kept. */
static bool print_update(const Stmt *s, Out *out)
{
    const Expr *v = s->value;
    bool is_sum = v->kind == EXPR_BINARY && v->type.lanes == 1 &&
                  (v->op == BIN_ADD || v->op == BIN_SUB || v->op == BIN_MUL);
    if (!is_sum || v->arg[0]->kind != EXPR_VAR || v->arg[0]->var != s->var)
        return false;
    const char *op = v->op == BIN_ADD ? "+=" : v->op == BIN_SUB ? "-=" : "*=";
    out_print(out, "%s %s ", s->var->name, op);
    c_expr_print(v->arg[1], C_ANY, out);
    out_puts(out, ";\n");
    return true;
}

static void print_assign(Printer *p, const Stmt *s)
{
    if (!p->declared[s->var->id]) {
        p->declared[s->var->id] = true;
        c_type_print(s->var->type, p->out);
        out_puts(p->out, " ");
    } else if (print_update(s, p->out)) {
        return;
    }
    out_print(p->out, "%s = ", s->var->name);
    c_expr_print(s->value, C_ANY, p->out);
    out_puts(p->out, ";\n");
}

static void print_store(const Stmt *s, Out *out)
{
    LoopType t = s->value->type;
    if (t.lanes > 1) {
        bool packed = s->value->packed;
        c_vector_print(t, packed, out);
        out_print(out, "_store%s(", packed ? "" : c_storage_suffix(s->buffer->dtype));
        c_element_print(s->buffer, s->index, out);
        out_puts(out, ", ");
        c_expr_print(s->value, C_ANY, out);
        out_puts(out, ");\n");
        return;
    }
    out_print(out, "%s[", s->buffer->name);
    c_expr_print(s->index, C_ANY, out);
    out_puts(out, "] = ");
    if (t.dtype == DTYPE_BOOL)
        out_puts(out, "(uint8_t)");
    c_expr_print(s->value, t.dtype == DTYPE_BOOL ? C_UNARY : C_ANY, out);
    out_puts(out, ";\n");
}

static void print_for(Printer *p, const Stmt *s, int depth)
{
    const char *v = s->var->name;
    out_print(p->out, "for (int32_t %s = ", v);
    if (s->loop == LOOP_SLICED)
        out_puts(p->out, "slice");
    else
        c_expr_print(s->begin, C_ANY, p->out);
    out_print(p->out, "; %s < ", v);
    c_expr_print(s->end, C_SUM, p->out);
    if (s->loop == LOOP_SLICED)
        out_print(p->out, "; %s += slices) {\n", v);
    else if (s->step == 1)
        out_print(p->out, "; %s++) {\n", v);
    else
        out_print(p->out, "; %s += %lld) {\n", v, (long long)s->step);
    print_block(p, &s->body, depth + 1);
    out_indent(p->out, 4 * depth);
    out_puts(p->out, "}\n");
}

static void print_if(Printer *p, const Stmt *s, int depth)
{
    bool negate = !block_has_effect(p->live, &s->body);
    out_puts(p->out, negate ? "if (!(" : "if (");
    c_expr_print(s->value, C_ANY, p->out);
    out_puts(p->out, negate ? ")) {\n" : ") {\n");
    print_block(p, negate ? &s->otherwise : &s->body, depth + 1);
    if (!negate && block_has_effect(p->live, &s->otherwise)) {
        out_indent(p->out, 4 * depth);
        out_puts(p->out, "} else {\n");
        print_block(p, &s->otherwise, depth + 1);
    }
    out_indent(p->out, 4 * depth);
    out_puts(p->out, "}\n");
}

/* Text of a comment, so that it cannot end one. */
static void print_safe(const char *text, Out *out)
{
    for (const char *c = text; *c != '\0'; c++) {
        bool ends = c[0] == '*' && c[1] == '/', nests = c[0] == '/' && c[1] == '*';
        out_write(out, c, 1);
        if (ends || nests)
            out_puts(out, " ");
    }
}

static void print_extern(const Stmt *s, Out *out)
{
    size_t line = out->length;
    out_print(out, "%s(", s->text);
    for (int i = 0; i < s->n_arg; i++) {
        const ExternArg *arg = &s->arg[i];
        bool wide = i > 0 && out->length - line > 56;
        out_puts(out, i == 0 ? "" : wide ? ",\n" : ", ");
        line = wide ? out->length : line;
        out_indent(out, wide ? 8 : 0);
        if (arg->buffer != NULL && arg->first == 0)
            out_puts(out, arg->buffer->name);
        else if (arg->buffer != NULL)
            out_print(out, "%s + %lld", arg->buffer->name, (long long)arg->first);
        else
            out_print(out, "%lld", (long long)arg->first);
    }
    out_puts(out, ");\n");
}

static void print_stmt(Printer *p, const Stmt *s, int depth)
{
    if (s->kind != STMT_COMMENT && !has_effect(p->live, s))
        return;
    out_indent(p->out, 4 * depth);
    switch (s->kind) {
    /* clang-format off */
    case STMT_FOR: print_for(p, s, depth); break;
    case STMT_IF: print_if(p, s, depth); break;
    case STMT_STORE: print_store(s, p->out); break;
    case STMT_ASSIGN: print_assign(p, s); break;
    case STMT_LET:
        /* clang-format on */
        out_puts(p->out, "const ");
        c_vector_print(s->var->type, s->var->packed, p->out);
        out_print(p->out, " %s = ", s->var->name);
        c_expr_print(s->value, C_ANY, p->out);
        out_puts(p->out, ";\n");
        break;
    case STMT_EXTERN:
        print_extern(s, p->out);
        break;
    case STMT_COMMENT:
        out_puts(p->out, "/* ");
        print_safe(s->text, p->out);
        out_puts(p->out, " */\n");
        break;
    }
}

static void print_block(Printer *p, const Block *b, int depth)
{
    for (int i = 0; i < b->stmt.n; i++)
        print_stmt(p, b->stmt.at[i], depth);
}

/* ---- kernels --------------------------------------------------------------------- */

static void print_comment_line(const char *text, Out *out)
{
    out_puts(out, "\n *   ");
    for (const char *end = strchr(text, '\n'); end != NULL; end = strchr(text, '\n')) {
        char line[512];
        size_t n = (size_t)(end - text);
        n = n < sizeof line - 1 ? n : sizeof line - 1;
        memcpy(line, text, n);
        line[n] = '\0';
        print_safe(line, out);
        out_puts(out, "\n *   ");
        text = end + 1;
    }
    print_safe(text, out);
}

static void print_header(const Kernel *k, Out *out)
{
    out_print(out, "/* %s", k->name);
    if (k->place[0] != '\0') {
        out_puts(out, "    ");
        print_safe(k->place, out);
    }
    if (k->equation[0] != '\0')
        print_comment_line(k->equation, out);
    if (k->shapes[0] != '\0')
        print_comment_line(k->shapes, out);
    if (k->flops > 0 || k->bytes > 0)
        out_print(out, "\n *   %lld flop, %lld bytes", (long long)k->flops,
                  (long long)k->bytes);
    out_puts(out, " */\n");
}

void c_kernel_macro_print(const Target *t, Out *out)
{
    if (target_is_device(t))
        out_puts(out,
                 "/* Kernels stay functions of their own: inlined into the net they "
                 "run out of registers. */\n"
                 "#if defined(__GNUC__)\n"
                 "#define DLC_KERNEL static __attribute__((noinline))\n"
                 "#else\n#define DLC_KERNEL static\n#endif\n\n");
}

typedef struct Signature { /* being printed, wrapped at 88 columns */
    Out *out;
    int column, indent, n;
} Signature;

static void print_parameter(Signature *s, const char *text)
{
    int width = (int)strlen(text);
    if (s->n > 0 && s->column + 2 + width > 86) {
        out_puts(s->out, ",\n");
        out_indent(s->out, s->indent);
        s->column = s->indent;
    } else if (s->n > 0) {
        out_puts(s->out, ", ");
        s->column += 2;
    }
    out_puts(s->out, text);
    s->column += width;
    s->n++;
}

static void print_signature(const Kernel *k, const Target *t, const KernelNumbers *more,
                            Out *out)
{
    char text[256];
    int column = snprintf(text, sizeof text, "%s void %s(",
                          target_is_device(t) ? "DLC_KERNEL" : "static", k->name);
    Signature s = { out, column, column, 0 };
    out_puts(out, text);
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        if (b->access == ACCESS_LOCAL)
            continue;
        snprintf(text, sizeof text, "%s%s%s *%s%s",
                 b->access == ACCESS_READ ? "const " : "",
                 b->in_flash ? "DLC_FLASH " : "", dtype_c_name(b->dtype),
                 b->may_alias ? "" : "restrict ", b->name);
        print_parameter(&s, text);
    }
    if (kernel_is_sliced(k))
        print_parameter(&s, "int32_t slice, int32_t slices");
    for (int i = 0; more != NULL && i < more->n; i++) {
        snprintf(text, sizeof text, "const int32_t %s", more->var[i]->name);
        print_parameter(&s, text);
    }
    out_puts(out, s.n == 0 ? "void)\n{\n" : ")\n{\n");
}

void c_kernel_print_for(const Kernel *k, const Target *t, const KernelNumbers *more,
                        Out *out)
{
    Live live = live_of(k, out->arena);
    Printer p = { out, &live, arena_array(out->arena, bool, k->var.n + 1) };
    print_header(k, out);
    print_signature(k, t, more, out);
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        if (b->access == ACCESS_LOCAL && live.buffer[b->id])
            out_print(out, "    %s %s[%lld];\n", dtype_c_name(b->dtype), b->name,
                      (long long)b->count);
        else if (b->access != ACCESS_LOCAL && !live.buffer[b->id])
            out_print(out, "    (void)%s;\n", b->name);
    }
    print_block(&p, &k->body, 1);
    out_puts(out, "}\n");
}

void c_kernel_print(const Kernel *k, const Target *t, Out *out)
{
    c_kernel_print_for(k, t, NULL, out);
}

/* ---- functions ------------------------------------------------------------------- */

/* A vector function called from this many places of one kernel, the epilogue of a tile,
 * stays a call: inlined, its constants take the registers of the tile's inner loop. */
enum { FUNCTION_MAX_INLINED = 4 };

typedef struct FunctionSet {
    Arena *arena;
    VEC(const LoopFunction *) function;
    VEC(int) n_calls; /* of the kernel being collected */
    VEC(int) most;    /* of any kernel */
} FunctionSet;

static void collect_expr(FunctionSet *s, const Expr *e);

static void collect_function(FunctionSet *s, const LoopFunction *f)
{
    for (int i = 0; i < s->function.n; i++)
        if (strcmp(s->function.at[i]->name, f->name) == 0) {
            int n = ++s->n_calls.at[i];
            s->most.at[i] = n > s->most.at[i] ? n : s->most.at[i];
            return;
        }
    for (int i = 0; i < f->n_lets; i++)
        collect_expr(s, f->let_value[i]);
    if (f->value != NULL)
        collect_expr(s, f->value);
    vec_push(s->arena, &s->function, f);
    vec_push(s->arena, &s->n_calls, 1);
    vec_push(s->arena, &s->most, 1);
}

static void collect_expr(FunctionSet *s, const Expr *e)
{
    for (int i = 0; i < e->n_arg; i++)
        collect_expr(s, e->arg[i]);
    if (e->kind == EXPR_CALL)
        collect_function(s, e->callee);
}

static void collect_block(FunctionSet *s, const Block *b)
{
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *t = b->stmt.at[i];
        if (t->index != NULL)
            collect_expr(s, t->index);
        if (t->value != NULL)
            collect_expr(s, t->value);
        collect_block(s, &t->body);
        collect_block(s, &t->otherwise);
    }
}

static void print_about(const char *text, Out *out)
{
    int column = 3;
    out_puts(out, "/*");
    while (*text != '\0') {
        int n = (int)strcspn(text, " ");
        if (column + n + 1 > 84) {
            out_puts(out, "\n *");
            column = 2;
        }
        out_print(out, " %.*s", n, text);
        column += n + 1;
        text += n + (text[n] == ' ');
    }
    out_puts(out, " */\n");
}

static void print_function(const LoopFunction *f, int n_calls, Out *out)
{
    if (f->c_text != NULL && f->c_text[0] == '\0')
        return; /* c_prelude copies it */
    if (f->about != NULL)
        print_about(f->about, out);
    if (f->c_text != NULL) {
        out_print(out, "%s\n", f->c_text);
        return;
    }
    Live l = { arena_array(out->arena, bool, f->n_params + f->n_lets + 1), NULL,
               false };
    read_expr(&l, f->value);
    for (int i = f->n_lets - 1; i >= 0; i--)
        if (l.var[f->let[i]->id])
            read_expr(&l, f->let_value[i]);
    bool call = f->result.lanes > 1 && n_calls >= FUNCTION_MAX_INLINED;
    out_puts(out,
             call ? "#if defined(__GNUC__)\n"
                    "__attribute__((noinline)) /* keeps registers for the callers */\n"
                    "#endif\nstatic "
                  : "static inline ");
    c_type_print(f->result, out);
    out_print(out, " %s(", f->name);
    for (int i = 0; i < f->n_params; i++) {
        out_puts(out, i > 0 ? ", " : "");
        c_type_print(f->param[i]->type, out);
        out_print(out, " %s", f->param[i]->name);
    }
    out_puts(out, ")\n{\n");
    for (int i = 0; i < f->n_lets; i++) {
        if (!l.var[f->let[i]->id])
            continue;
        out_puts(out, "    const ");
        c_type_print(f->let[i]->type, out);
        out_print(out, " %s = ", f->let[i]->name);
        c_expr_print(f->let_value[i], C_ANY, out);
        out_puts(out, ";\n");
    }
    out_puts(out, "    return ");
    c_expr_print(f->value, C_ANY, out);
    out_puts(out, ";\n}\n\n");
}

void c_functions_print(const Kernel *const *kernels, int n, const Target *t, Out *out)
{
    (void)t;
    FunctionSet s = { .arena = out->arena };
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < s.function.n; j++)
            s.n_calls.at[j] = 0;
        collect_block(&s, &kernels[i]->body);
    }
    for (int i = 0; i < s.function.n; i++)
        print_function(s.function.at[i], s.most.at[i], out);
}
