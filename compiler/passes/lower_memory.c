/* lower_memory.c - what a generator wants of memory beyond its operands: constants in
 * another order, constants of its own, scratch; and operands that it left unread. */
#include "passes/lower.h"

#include "graph/region.h"
#include "passes/lowerer.h"
#include "support/str.h"

#include <stddef.h>
#include <string.h>

/* The constant that operand n of the body is, or NULL. */
static const Node *constant_operand(const LowerGroup *g, const Node *n)
{
    while (n->op == &op_reshape)
        n = n->in[0];
    for (int i = 0; i < g->group->n_in; i++)
        if (region_input(g->body, i) == n)
            return g->group->in[i]->op == &op_constant ? g->group->in[i] : NULL;
    return NULL;
}

const Tensor *group_constant(Lowering *w, const Node *n)
{
    const Node *x = constant_operand(w->context, n);
    return x ? attr_tensor(x, "value") : NULL;
}

/* The kernel's parameter stays where it is; its type, length and argument change. */
const Buffer *group_repack(Lowering *w, const Node *n, const Tensor *by)
{
    LowerGroup *g = w->context;
    const Node *x = constant_operand(g, n);
    const Place *old = &g->lowerer->place[x->id];
    Buffer *b = (Buffer *)(uintptr_t)lower_buffer(w, n);
    Node like = *x;
    like.dtype = by->dtype;
    like.shape = by->shape;
    Storage *s =
        program_storage(g->lowerer, STORAGE_CONSTANT,
                        str_printf(w->kernel->arena, "%s_packed", b->name), "", &like);
    s->data = by;
    for (int i = 0; i < g->args->n; i++)
        if (g->args->at[i].storage == old->storage)
            g->args->at[i].storage = s;
    b->dtype = by->dtype;
    b->count = shape_count(&by->shape);
    return b;
}

/* ---- new buffers ------------------------------------------------------------------
 */

/* "relu1_rows" of kernel k1_relu1_conv_add_rescale. */
static const char *own_name(const LowerGroup *g, const char *name)
{
    const char *group = g->body->name != NULL ? g->body->name : "group";
    const char *end = strchr(group, '_');
    int n = (int)(end != NULL ? end - group : (ptrdiff_t)strlen(group));
    return str_printf(g->k->arena, "%.*s_%s", n, group, name);
}

static Buffer *new_buffer(LowerGroup *g, const char *name, StorageKind kind,
                          DType dtype, Shape shape, Access access)
{
    Node like = { .dtype = dtype, .shape = shape };
    Storage *s = program_storage(g->lowerer, kind, own_name(g, name), "", &like);
    Buffer *b = kernel_buffer(g->k, name, dtype, s->count, access);
    CallArg arg = { .storage = s };
    vec_push(g->cx->module, g->args, arg);
    return b;
}

const Buffer *group_new_constant(Lowering *w, const char *name, const Tensor *t)
{
    LowerGroup *g = w->context;
    Buffer *b = new_buffer(g, name, STORAGE_CONSTANT, t->dtype, t->shape, ACCESS_READ);
    g->args->at[g->args->n - 1].storage->data = t;
    return b;
}

const Buffer *group_workspace(Lowering *w, const char *name, DType dtype, int64_t count)
{
    return new_buffer(w->context, name, STORAGE_ARENA, dtype, shape_1(count),
                      ACCESS_READ_WRITE);
}

void group_share(Lowering *w, const Node *n)
{
    LowerGroup *g = w->context;
    Buffer *from = (Buffer *)(uintptr_t)lower_buffer(w, n);
    for (int i = 0; i < g->n_result; i++) {
        Buffer *to = g->result[i].buffer;
        if (from->access == ACCESS_READ && to->access == ACCESS_WRITE &&
            to->count <= from->count && to->dtype == from->dtype)
            from->may_alias = to->may_alias = true;
    }
}

/* ---- unread operands --------------------------------------------------------------
 */

static void mark_expr(bool *read, const Expr *e)
{
    if (e == NULL)
        return;
    if (e->kind == EXPR_LOAD)
        read[e->buffer->id] = true;
    for (int i = 0; i < e->n_arg; i++)
        mark_expr(read, e->arg[i]);
}

static void mark_block(bool *read, const Block *b)
{
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *s = b->stmt.at[i];
        mark_expr(read, s->begin);
        mark_expr(read, s->end);
        mark_expr(read, s->index);
        mark_expr(read, s->value);
        mark_block(read, &s->body);
        mark_block(read, &s->otherwise);
    }
}

/* Constants whose values went into a new one are parameters no more. */
void drop_unread_operands(LowerGroup *g)
{
    Kernel *k = g->k;
    bool *read = arena_array(g->cx->scratch, bool, k->buffer.n + 1);
    mark_block(read, &k->body);
    int kept = 0, arg = 0, args = 0;
    for (int i = 0; i < k->buffer.n; i++) {
        Buffer *b = k->buffer.at[i];
        bool parameter = b->access != ACCESS_LOCAL;
        CallArg of = parameter ? g->args->at[arg++] : (CallArg){ 0 };
        if (parameter && !read[i] && of.storage->kind == STORAGE_CONSTANT)
            continue;
        if (parameter)
            g->args->at[args++] = of;
        b->id = kept;
        k->buffer.at[kept++] = b;
    }
    k->buffer.n = kept;
    g->args->n = args;
}
