/* lower_reduce.c - sums, maxima and products of a body, several over the same elements
 * in one loop. In lane mode the accumulators are vectors of the kept axis; else, where
 * the last axis is reduced and long enough, they are vectors along it, added at the end
 * (the loop IR fixes that order, so results are the same everywhere). */
#include "loop/expr.h"
#include "passes/lower.h"

#include <math.h>

enum { MAX_TOGETHER = 8, PARTS = 4 };

typedef struct Reduce {
    int count;
    const Node *const *n;
    Expr *const *at; /* of the results */
    const Node *x;   /* first operand: the others have its shape */
    bool axis[SHAPE_MAX_RANK];
    int inner; /* the last reduced axis */
    Var *sum[PARTS][MAX_TOGETHER];
} Reduce;

bool node_is_reduction(const Node *n)
{
    return n->op == &op_reduce_sum || n->op == &op_reduce_max ||
           n->op == &op_reduce_prod;
}

bool node_reduces(const Node *n)
{
    return node_is_reduction(n) || n->op == &op_argmax;
}

static Expr *identity(Kernel *k, const Node *n)
{
    bool real = compute_dtype(n->dtype) == DTYPE_F32;
    if (n->op == &op_reduce_sum)
        return real ? expr_f32(k, 0) : expr_i32(k, 0);
    if (n->op == &op_reduce_prod)
        return real ? expr_f32(k, 1) : expr_i32(k, 1);
    return real ? expr_f32(k, -INFINITY) : expr_i32(k, INT32_MIN);
}

static Expr *combine(Kernel *k, const Node *n, Expr *a, Expr *b)
{
    if (b->type.dtype == DTYPE_BOOL)
        b = expr_cast(k, b, a->type.dtype);
    if (n->op == &op_reduce_sum)
        return expr_add(k, a, b);
    if (n->op == &op_reduce_prod)
        return expr_mul(k, a, b);
    return expr_binary(k, BIN_MAX, a, b);
}

static Var *accumulator(LowerGroup *g, const Node *n, Expr *initial)
{
    const char *name = n->name ? n->name : "sum";
    return kernel_register(g->k, name, initial->type, initial);
}

/* Opens a loop for each reduced axis but the inner one, fills at[] of x. */
static int open_axes(LowerGroup *g, const Reduce *r, Expr **at)
{
    int opened = 0, kept = 0;
    for (int a = 0; a < r->x->shape.rank; a++) {
        if (!r->axis[a]) {
            at[a] = r->at[kept++];
        } else if (a != r->inner) {
            at[a] = loop_begin(g->k, "r", r->x->shape.dim[a]);
            opened++;
        }
    }
    return opened;
}

static void accumulate(LowerGroup *g, const Reduce *r, int part, Expr *const *at)
{
    Kernel *k = g->k;
    Expr *value[MAX_TOGETHER];
    for (int i = 0; i < r->count; i++)
        value[i] = group_value(&g->w, r->n[i]->in[0], at);
    for (int i = 0; i < r->count; i++) {
        Expr *sum = expr_var(k, r->sum[part][i]);
        kernel_assign(k, r->sum[part][i], combine(k, r->n[i], sum, value[i]));
    }
}

/* Adds elements from .. to-1 of the inner axis (all of the others), `parts` times
 * `step` at once, each into its own accumulators. */
static void sweep(LowerGroup *g, const Reduce *r, int64_t from, int64_t to,
                  int64_t step, int parts, const Var *lane)
{
    Kernel *k = g->k;
    if (from == to)
        return;
    Expr *at[SHAPE_MAX_RANK];
    int opened = open_axes(g, r, at);
    Expr *first =
        loop_begin_range(k, "r", expr_i32(k, from), expr_i32(k, to), step * parts);
    for (int p = 0; p < parts; p++) {
        at[r->inner] = expr_add(k, first, expr_i32(k, p * step));
        if (lane)
            at[r->inner] = expr_add(k, at[r->inner], expr_var(k, lane));
        accumulate(g, r, p, at);
    }
    for (int i = 0; i <= opened; i++)
        loop_end(k);
}

static void start(LowerGroup *g, Reduce *r, int parts, int lanes)
{
    for (int p = 0; p < parts; p++)
        for (int i = 0; i < r->count; i++) {
            Expr *initial = identity(g->k, r->n[i]);
            if (lanes > 1)
                initial = expr_splat(g->k, initial, lanes);
            r->sum[p][i] = accumulator(g, r->n[i], initial);
        }
}

/* Several chains of additions hide their latency; together at the end, in fixed order.
 */
static void join_parts(LowerGroup *g, Reduce *r, int parts)
{
    Kernel *k = g->k;
    for (int distance = 1; distance < parts; distance *= 2)
        for (int p = 0; p + distance < parts; p += 2 * distance)
            for (int i = 0; i < r->count; i++) {
                Expr *a = expr_var(k, r->sum[p][i]);
                Expr *b = expr_var(k, r->sum[p + distance][i]);
                kernel_assign(k, r->sum[p][i], combine(k, r->n[i], a, b));
            }
}

/* All whole steps of the inner axis. */
static void sweep_steps(LowerGroup *g, Reduce *r, int64_t step, const Var *lane,
                        int lanes)
{
    int64_t steps = r->x->shape.dim[r->inner] / step;
    int parts = lanes > 1 && steps >= 2 * PARTS ? PARTS : 1;
    int64_t whole = steps / parts * parts * step;
    start(g, r, parts, lanes);
    sweep(g, r, 0, whole, step, parts, lane);
    join_parts(g, r, parts);
    sweep(g, r, whole, steps * step, step, 1, lane);
}

static void remember_sums(LowerGroup *g, const Reduce *r)
{
    for (int i = 0; i < r->count; i++)
        group_remember(g, r->n[i], r->at, expr_var(g->k, r->sum[0][i]));
}

/* Vectors along the inner axis. False: rolled back, some part has no vector form. */
static bool reduce_vectors(LowerGroup *g, Reduce *r)
{
    Kernel *k = g->k;
    int lanes = g->target->lanes;
    int64_t extent = r->x->shape.dim[r->inner];
    Checkpoint mark;
    group_mark(g, &mark);
    Var *lane = lower_lane(&g->w, lanes);
    g->lane = lane;
    g->lanes = lanes;
    sweep_steps(g, r, lanes, lane, lanes);
    bool failed = g->failed;
    g->lane = NULL;
    g->lanes = 1;
    if (failed) {
        group_roll_back(g, &mark);
        return false;
    }
    for (int i = 0; i < r->count; i++) {
        Expr *v = expr_var(k, r->sum[0][i]);
        Expr *sum = r->n[i]->op == &op_reduce_max ? expr_hmax(k, v) : expr_hsum(k, v);
        r->sum[0][i] = accumulator(g, r->n[i], sum);
    }
    sweep(g, r, extent / lanes * lanes, extent, 1, 1, NULL);
    remember_sums(g, r);
    return true;
}

static bool depends_on_lane(const LowerGroup *g, const Node *n, Expr *const *at)
{
    bool depends = false;
    for (int i = 0; i < n->shape.rank && g->lanes > 1; i++)
        depends |= expr_uses(at[i], g->lane);
    return depends;
}

/* A short last axis gives no chance for several chains of additions: the longest one.
 */
static int longest_axis(const Reduce *r)
{
    int best = r->inner;
    for (int i = 0; i < r->x->shape.rank && r->x->shape.dim[r->inner] < 2 * PARTS; i++)
        if (r->axis[i] && r->x->shape.dim[i] > r->x->shape.dim[best])
            best = i;
    return best;
}

void reduce_many(LowerGroup *g, int count, const Node *const *n, Expr *const *at)
{
    if (count > MAX_TOGETHER)
        BUG("%d reductions at once", count);
    if (g->lanes > 1 && !depends_on_lane(g, n[0], at)) { /* one number for all lanes */
        const Var *lane = g->lane;
        int lanes = g->lanes;
        g->lane = NULL;
        g->lanes = 1;
        reduce_many(g, count, n, at);
        g->lane = lane;
        g->lanes = lanes;
        return;
    }
    Reduce r = { .count = count, .n = n, .at = at, .x = n[0]->in[0] };
    int n_axes = 0;
    const int64_t *axes = attr_ints(n[0], "axes", &n_axes);
    for (int i = 0; i < n_axes; i++) {
        r.axis[axes[i]] = true;
        r.inner = (int)axes[i]; /* ascending */
    }
    bool vectors = g->lanes <= 1 && r.inner == r.x->shape.rank - 1 &&
                   g->target->lanes > 1 && r.x->shape.dim[r.inner] >= g->target->lanes;
    for (int i = 0; i < count; i++)
        vectors = vectors && n[i]->op != &op_reduce_prod && n[i]->dtype == DTYPE_F32;
    if (vectors && reduce_vectors(g, &r))
        return;
    if (g->lanes > 1)
        r.inner = longest_axis(&r);
    sweep_steps(g, &r, 1, NULL, g->lanes);
    remember_sums(g, &r);
}
