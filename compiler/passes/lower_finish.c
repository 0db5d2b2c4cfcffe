/* lower_finish.c - what happens behind a root's element: the epilogue, and stores. */
#include "loop/expr.h"
#include "passes/lower.h"

#include <string.h>

Node *peel_reshapes(Node *n)
{
    while (n->op == &op_reshape)
        n = n->in[0];
    return n;
}

void group_store(LowerGroup *g, const Buffer *b, Expr *index, Expr *value)
{
    Kernel *k = g->k;
    if (value->type.dtype != b->dtype)
        value = expr_cast(k, value, b->dtype);
    if (g->lanes > 1) {
        int64_t coefficient = 0;
        Expr *rest = NULL;
        if (!expr_affine_in(k, index, g->lane, &coefficient, &rest) ||
            coefficient != 1) {
            g->failed = true;
            return;
        }
        index = rest;
        if (value->type.lanes == 1)
            value = expr_splat(k, value, g->lanes);
    }
    kernel_store(k, b, index, value);
}

/* Indices of `n`, whose elements are those of a node of shape `space` (units apart). */
static void map_units(Kernel *k, const Shape *space, Expr *const *at, const Shape *n,
                      Expr **to)
{
    int from = 0;
    if (shape_equal(space, n)) { /* the very expressions: what is known is found */
        memcpy(to, at, (size_t)n->rank * sizeof *to);
        return;
    }
    for (int i = 0; i < n->rank; i++) {
        if (n->dim[i] == 1) {
            to[i] = expr_i32(k, 0);
            continue;
        }
        while (from < space->rank && space->dim[from] == 1)
            from++;
        if (from >= space->rank || space->dim[from] != n->dim[i])
            BUG("result of another shape than its group in %s", k->name);
        to[i] = at[from++];
    }
}

void group_store_results(LowerGroup *g, const Shape *space, Expr *const *at)
{
    Kernel *k = g->k;
    Expr **value = arena_array(g->cx->scratch, Expr *, g->n_result);
    Expr **index = arena_array(g->cx->scratch, Expr *, g->n_result);
    for (int i = 0; i < g->n_result; i++) {
        Node *n = g->result[i].value;
        Expr *to[SHAPE_MAX_RANK];
        map_units(k, space, at, &n->shape, to);
        value[i] = group_value(&g->w, n, to);
        index[i] = expr_linear(k, &n->shape, to);
        /* all values before the first store: buffers may be updated in place */
        if (g->n_result > 1 && value[i]->kind != EXPR_VAR &&
            value[i]->kind != EXPR_FLOAT && value[i]->kind != EXPR_INT)
            value[i] = kernel_let(k, n->name ? n->name : n->op->name, value[i]);
    }
    for (int i = 0; i < g->n_result && !g->failed; i++)
        group_store(g, g->result[i].buffer, index[i], value[i]);
}

/* A vector whose tail has no vector form: through a small array, lane by lane. */
static void finish_lanes(LowerGroup *g, const Node *n, Expr *const *at, const Var *lane,
                         int lanes, Expr *value)
{
    Kernel *k = g->k;
    Buffer *b = kernel_buffer(k, "tile", value->type.dtype, lanes, ACCESS_LOCAL);
    kernel_store(k, b, expr_i32(k, 0), value);
    Expr *l = loop_begin(k, "l", lanes);
    Expr *point[SHAPE_MAX_RANK];
    for (int i = 0; i < n->shape.rank; i++)
        point[i] = expr_substitute(k, at[i], lane, l);
    group_remember(g, n, point, expr_load(k, b, l, 1));
    group_store_results(g, &n->shape, point);
    loop_end(k);
}

void group_finish(Lowering *w, const Node *n, Expr *const *at, const Var *lane,
                  int lanes, Expr *value)
{
    LowerGroup *g = w->context;
    Kernel *k = g->k;
    if (lanes <= 1) {
        if (g->uses[n->id] > 1 && value->kind != EXPR_VAR)
            value = kernel_let(k, n->name ? n->name : n->op->name, value);
        group_remember(g, n, at, value);
        group_store_results(g, &n->shape, at);
        return;
    }
    Checkpoint mark;
    group_mark(g, &mark);
    g->lane = lane;
    g->lanes = lanes;
    Expr *named = value;
    if (g->uses[n->id] > 1 && value->kind != EXPR_VAR)
        named = kernel_let(k, n->name ? n->name : n->op->name, value);
    group_remember(g, n, at, named);
    group_store_results(g, &n->shape, at);
    bool failed = g->failed;
    g->lane = NULL;
    g->lanes = 1;
    if (failed) {
        group_roll_back(g, &mark);
        finish_lanes(g, n, at, lane, lanes, value);
    }
}
