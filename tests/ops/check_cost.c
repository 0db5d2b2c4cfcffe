/* check_cost.c - what op->cost claims equals what the op's own loops do:
 * multiplications, additions, comparisons of floats, fused ones twice; branches are
 * taken. For ops whose loops are exactly their sum: products, convolutions, reductions.
 */
#include "case.h"

#include "ops/lowering.h"
#include "support/bug.h"

static int64_t count_expr(const Expr *e)
{
    int64_t sum = 0;
    for (int i = 0; i < e->n_arg; i++)
        sum += count_expr(e->arg[i]);
    bool real = e->n_arg > 0 && e->arg[0]->type.dtype == DTYPE_F32;
    if (e->kind == EXPR_FMA)
        sum += 2;
    else if (e->kind == EXPR_BINARY && real)
        sum += 1;
    return sum;
}

static int64_t count_block(const Block *b)
{
    int64_t sum = 0;
    for (int i = 0; i < b->stmt.n; i++) {
        const Stmt *s = b->stmt.at[i];
        int64_t trips = 1;
        if (s->kind == STMT_FOR) {
            if (s->begin->kind != EXPR_INT || s->end->kind != EXPR_INT)
                BUG("a loop without constant bounds");
            trips = (s->end->i - s->begin->i + s->step - 1) / s->step;
        }
        if (s->value)
            sum += count_expr(s->value);
        sum += trips * (count_block(&s->body) + count_block(&s->otherwise));
    }
    return sum;
}

static bool is_exact(const Op *op)
{
    switch (op->code) {
    case OP_argmax:
    case OP_conv2d:
    case OP_conv2d_filter:
    case OP_dot:
    case OP_reduce_max:
    case OP_reduce_prod:
    case OP_reduce_sum:
        return true;
    default:
        return false;
    }
}

static void check_case(Tally *t, const Op *op, const char *text, bool has_fma)
{
    Arena *a = arena_create("cost");
    OpCase c = case_new(a, text, op, 0, t);
    if (c.graph && c.node->in[0]->dtype == DTYPE_F32) { /* floats are what is counted */
        t->cases++;
        Cost cost = op->cost(c.node);
        int64_t counted = count_block(&case_kernel(&c, a, has_fma)->body);
        tally_compare(t, text, "flops", (double)cost.flops, (double)counted, 1, 0);
        if (cost.bytes < 4 * shape_count(&c.node->shape))
            tally_fail(t, text, "moves %lld bytes, less than its result",
                       (long long)cost.bytes);
    }
    arena_destroy(a);
}

static Cost half(const Node *n)
{
    Cost c = op_dot.cost(n);
    return (Cost){ c.flops / 2, c.bytes };
}

void check_cost(Tally *t, bool fault)
{
    if (fault) {
        Op broken = op_dot;
        broken.cost = half;
        check_case(t, &broken,
                   "dot f32[2, 3], f32[3, 4] {transpose_a=0, transpose_b=0}", true);
        return;
    }
    for (int i = 0; i < OP_COUNT; i++) {
        const Op *op = op_table[i];
        const char *text[64];
        int n = op->cost && is_exact(op) ? case_texts(op, text, 64) : 0;
        for (int j = 0; j < n; j++) {
            check_case(t, op, text[j], false);
            check_case(t, op, text[j], true);
        }
    }
}
