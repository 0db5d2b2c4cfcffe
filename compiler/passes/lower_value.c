/* lower_value.c - elements of the nodes of a body: loads, element rules, memory of what
 * was computed, vectors. */
#include "loop/expr.h"
#include "passes/lower.h"

DType compute_dtype(DType stored)
{
    switch (dtype_class(stored)) {
    case DTYPE_CLASS_FLOAT:
        return DTYPE_F32;
    case DTYPE_CLASS_BOOL:
        return DTYPE_BOOL;
    case DTYPE_CLASS_INT:
        break;
    }
    return stored == DTYPE_U32 ? DTYPE_U32 : DTYPE_I32;
}

/* ---- memory ---------------------------------------------------------------------- */

static bool block_is_open(const Kernel *k, const Block *b)
{
    for (int i = 0; i < k->open.n; i++)
        if (k->open.at[i] == b)
            return true;
    return false;
}

static bool same_point(int rank, Expr *const *a, Expr *const *b)
{
    for (int i = 0; i < rank; i++)
        if (a[i] != b[i] && !expr_equal(a[i], b[i]))
            return false;
    return true;
}

static Expr *recall(LowerGroup *g, const Node *n, Expr *const *at)
{
    for (int i = g->memo.n - 1; i >= 0; i--) {
        const Memo *m = &g->memo.at[i];
        if (m->n == n && block_is_open(g->k, m->block) &&
            same_point(n->shape.rank, m->at, at))
            return m->value;
    }
    return NULL;
}

bool group_has_memo(LowerGroup *g, const Node *n, Expr *const *at)
{
    return recall(g, n, at) != NULL;
}

static void forget_closed(LowerGroup *g)
{
    int kept = 0;
    for (int i = 0; i < g->memo.n; i++)
        if (block_is_open(g->k, g->memo.at[i].block))
            g->memo.at[kept++] = g->memo.at[i];
    g->memo.n = kept;
}

void group_remember(LowerGroup *g, const Node *n, Expr *const *at, Expr *value)
{
    if (g->memo.n >= 64)
        forget_closed(g);
    Memo m = {
        .n = n, .value = value, .block = vec_last(&g->k->open), .serial = g->serial++
    };
    for (int i = 0; i < n->shape.rank; i++)
        m.at[i] = at[i];
    vec_push(g->cx->scratch, &g->memo, m);
}

void group_mark(const LowerGroup *g, Checkpoint *c)
{
    if (g->k->open.n > ARRAY_LEN(c->stmts))
        BUG("kernel %s nests too deeply", g->k->name);
    c->open = g->k->open.n;
    c->vars = g->k->var.n;
    c->buffers = g->k->buffer.n;
    c->serial = g->serial;
    for (int i = 0; i < c->open; i++)
        c->stmts[i] = g->k->open.at[i]->stmt.n;
}

void group_roll_back(LowerGroup *g, const Checkpoint *c)
{
    g->k->open.n = c->open;
    g->k->var.n = c->vars;
    g->k->buffer.n = c->buffers;
    if (g->k->named_vars > c->vars) /* names of what is gone are free again */
        g->k->named_vars = c->vars;
    if (g->k->named_buffers > c->buffers)
        g->k->named_buffers = c->buffers;
    for (int i = 0; i < c->open; i++)
        g->k->open.at[i]->stmt.n = c->stmts[i];
    int kept = 0;
    for (int i = 0; i < g->memo.n; i++)
        if (g->memo.at[i].serial < c->serial)
            g->memo.at[kept++] = g->memo.at[i];
    g->memo.n = kept;
    g->failed = false;
}

/* ---- loads ----------------------------------------------------------------------- */

static Expr *to_compute(Kernel *k, Expr *e)
{
    DType want = compute_dtype(e->type.dtype);
    return want == e->type.dtype ? e : expr_cast(k, e, want);
}

Expr *group_load(LowerGroup *g, const Buffer *b, Expr *index)
{
    Kernel *k = g->k;
    if (g->lanes <= 1 || !expr_uses(index, g->lane))
        return to_compute(k, expr_load(k, b, index, 1));
    int64_t coefficient = 0;
    Expr *rest = NULL;
    bool affine = expr_affine_in(k, index, g->lane, &coefficient, &rest);
    if (!affine || coefficient != 1) {
        g->failed = true;
        Expr *any = to_compute(k, expr_load(k, b, expr_i32(k, 0), 1));
        return expr_splat(k, any, g->lanes); /* of the right type: rolled back later */
    }
    return to_compute(k, expr_load(k, b, rest, g->lanes));
}

/* From the row buffer, when it holds the element: the point must be the current one. */
static Expr *load_row(LowerGroup *g, const Node *n, Expr *const *at)
{
    const RowBuffer *r = &g->row[n->id];
    if (!r->buffer || !same_point(r->prefix, r->at, at))
        return NULL;
    if (r->whole && r->buffer->access == ACCESS_WRITE)
        r->buffer->access = ACCESS_READ_WRITE;
    if (r->whole)
        return group_load(g, r->buffer, expr_linear(g->k, &n->shape, at));
    Shape inner = { .rank = n->shape.rank - r->prefix };
    for (int i = 0; i < inner.rank; i++)
        inner.dim[i] = n->shape.dim[r->prefix + i];
    return group_load(g, r->buffer, expr_linear(g->k, &inner, at + r->prefix));
}

const Buffer *group_buffer(Lowering *w, const Node *n)
{
    const LowerGroup *g = w->context;
    while (n->op == &op_reshape)
        n = n->in[0];
    return g->buffer[n->id];
}

/* ---- values ---------------------------------------------------------------------- */

static Expr *literal(LowerGroup *g, const Node *n)
{
    Kernel *k = g->k;
    const Tensor *t = attr_tensor(n, "value");
    for (int64_t i = 1; i < shape_count(&t->shape); i++)
        if (t->at[i] != t->at[0])
            BUG("constant %s of several values inside a group", n->name);
    switch (compute_dtype(n->dtype)) {
    case DTYPE_F32:
        return expr_f32(k, t->at[0]);
    case DTYPE_BOOL:
        return expr_bool(k, t->at[0] != 0);
    case DTYPE_U32:
        return expr_u32(k, (uint32_t)t->at[0]);
    default:
        return expr_i32(k, (int64_t)t->at[0]);
    }
}

static Expr *reduced(LowerGroup *g, const Node *n, Expr *const *at)
{
    reduce_many(g, 1, &n, at);
    return recall(g, n, at);
}

static bool is_atom(const Expr *e)
{
    return e->kind == EXPR_INT || e->kind == EXPR_FLOAT || e->kind == EXPR_VAR;
}

/* In lane mode a scalar may not depend on the lane: rules write scalars, and only loads
 * turn them into vectors. */
static void check_lane(LowerGroup *g, const Expr *e)
{
    if (g->lanes > 1 && e->type.lanes == 1 && expr_uses(e, g->lane))
        g->failed = true;
}

/* Rules are written for scalars: those that only combine values give vectors of
 * vectors. Others keep registers or choose what they load. */
static bool has_vector_rule(const Node *n)
{
    if (n->op->flags & OP_SCALAR)
        return false;
    if (n->op->flags & (OP_POINTWISE | OP_VIEW))
        return true;
    switch (n->op->code) {
    case OP_concat: /* between its joints */
        return true;
    case OP_max_pool:
    case OP_max_pool_index:
    case OP_max_pool_gather:
    case OP_max_unpool:
    case OP_sum_pool:
    case OP_sum_unpool: /* unrolled */
        return attr_int(n, "size_h") * attr_int(n, "size_w") <= 16;
    default:
        return false;
    }
}

/* Some vector of n's type: what is being built will be rolled back. */
static Expr *no_vector(LowerGroup *g, const Node *n)
{
    Kernel *k = g->k;
    g->failed = true;
    switch (compute_dtype(n->dtype)) {
    case DTYPE_F32:
        return expr_splat(k, expr_f32(k, 0), g->lanes);
    case DTYPE_BOOL:
        return expr_splat(k, expr_bool(k, false), g->lanes);
    case DTYPE_U32:
        return expr_splat(k, expr_u32(k, 0), g->lanes);
    default:
        return expr_splat(k, expr_i32(k, 0), g->lanes);
    }
}

static Expr *compute(LowerGroup *g, const Node *n, Expr *const *at)
{
    if (n->op == &op_constant)
        return literal(g, n);
    if (node_is_reduction(n))
        return reduced(g, n, at);
    if (!n->op->element)
        BUG("op %s has no element rule, yet it is inlined in %s", n->op->name,
            g->k->name);
    if (g->lanes > 1 && !has_vector_rule(n))
        return no_vector(g, n);
    return n->op->element(&g->w, n, at);
}

Expr *group_value(Lowering *w, const Node *n, Expr *const *at)
{
    LowerGroup *g = w->context;
    Expr *e = recall(g, n, at);
    if (e)
        return e;
    bool reduction = node_is_reduction(n);
    const Buffer *stored = group_buffer(w, n); /* through reshapes: the same elements */
    if (stored)
        e = group_load(g, stored, expr_linear(g->k, &n->shape, at));
    else
        e = load_row(g, n, at);
    if (!e)
        e = compute(g, n, at);
    else
        reduction = false;
    if (g->failed && g->lanes > 1)
        return no_vector(g, n);
    check_lane(g, e);
    if (reduction) /* remembered by reduce_many */
        return e;
    if (g->uses[n->id] > 1 && !is_atom(e))
        e = kernel_let(g->k, n->name ? n->name : n->op->name, e);
    if (!(n->op->flags & OP_VIEW))
        group_remember(g, n, at, e);
    return e;
}
