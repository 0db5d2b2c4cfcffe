/* stack.c - a bound on the stack of a function's C, for targets without vectors.
 *
 * A compiler needs a slot for each variable at most: at -O0 each has one, optimized
 * some live in registers. A call nests three deep: the function, a kernel, an
 * elementary function. To the variables come arguments, saved registers and what a
 * compiler keeps for itself (FRAME_BYTES); kernels may be inlined into their caller,
 * whose frame then holds the largest of them. tests/emit/stack.sh compares with what
 * gcc and clang report. */
#include "emit/emit.h"

enum { FRAME_BYTES = 160, SLOT_BYTES = 8, PHILOX_BYTES = 256 };

static int64_t function_bytes(const LoopFunction *f);

static int64_t calls_bytes(const Expr *e)
{
    int64_t most = e->kind == EXPR_CALL ? function_bytes(e->callee) : 0;
    for (int i = 0; i < e->n_arg; i++) {
        int64_t bytes = calls_bytes(e->arg[i]);
        most = bytes > most ? bytes : most;
    }
    return most;
}

static int64_t function_bytes(const LoopFunction *f)
{
    if (f->value == NULL) /* an intrinsic, such as a word of Philox */
        return FRAME_BYTES + PHILOX_BYTES;
    int64_t most = calls_bytes(f->value);
    for (int i = 0; i < f->n_lets; i++) {
        int64_t bytes = calls_bytes(f->let_value[i]);
        most = bytes > most ? bytes : most;
    }
    return FRAME_BYTES + SLOT_BYTES * (int64_t)(f->n_params + f->n_lets) + most;
}

static int64_t block_bytes(const Block *b)
{
    int64_t most = 0;
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *s = b->stmt.at[i];
        int64_t part[4] = { s->value != NULL ? calls_bytes(s->value) : 0,
                            s->index != NULL ? calls_bytes(s->index) : 0,
                            block_bytes(&s->body), block_bytes(&s->otherwise) };
        for (int k = 0; k < 4; k++)
            most = part[k] > most ? part[k] : most;
    }
    return most;
}

static int64_t kernel_bytes(const Kernel *k)
{
    int64_t bytes = FRAME_BYTES + SLOT_BYTES * (int64_t)k->var.n;
    for (int i = 0; i < k->buffer.n; i++) {
        const Buffer *b = k->buffer.at[i];
        int64_t own = b->count * (int64_t)dtype_bytes(b->dtype);
        bytes += b->access == ACCESS_LOCAL ? own + SLOT_BYTES : 2 * SLOT_BYTES;
    }
    return bytes + block_bytes(&k->body);
}

/* What a C function of the user's needs nobody knows. */
static bool kernel_is_foreign(const Kernel *k)
{
    return k->body.stmt.n > 0 && k->body.stmt.at[0]->kind == STMT_EXTERN;
}

int64_t emit_stack_bytes(const EmitFunction *f, const Target *t)
{
    const Program *p = f->program;
    if (t->lanes > 1)
        return -1;
    int64_t most = 0;
    for (int i = 0; i < p->call.n; i++) {
        if (kernel_is_foreign(p->call.at[i].kernel))
            return -1;
        int64_t bytes = kernel_bytes(p->call.at[i].kernel);
        most = bytes > most ? bytes : most;
    }
    int64_t bytes =
        (FRAME_BYTES + 2 * SLOT_BYTES * (int64_t)p->storage.n + most + 15) / 16 * 16;
    return bytes;
}
