/* lower_space.c - the loops of a group without a contraction: over its space, and
 * inside each point over rows. The innermost axis is a vector where everything has that
 * form. */
#include "loop/expr.h"
#include "passes/lower.h"

#include <string.h>

enum { ROW_EXPENSIVE = 8, ROW_KEPT_MAX = 4096, SLICES_MAX = 64 };

typedef struct Space {
    Shape shape; /* no units; a prefix of what is evaluated inside */
    Expr *at[SHAPE_MAX_RANK];
    bool rows; /* some results have axes beyond it */
} Space;

static bool at_space(const Space *s, const Node *n)
{
    Shape x = shape_squeeze(&n->shape);
    return shape_equal(&x, &s->shape);
}

/* Indices of n at the current point; axes from `prefix` on are left alone. */
static void point_of(LowerGroup *g, const Space *s, const Node *n, Expr **at)
{
    int from = 0;
    for (int i = 0; i < n->shape.rank; i++) {
        if (n->shape.dim[i] == 1)
            at[i] = expr_i32(g->k, 0);
        else if (from < s->shape.rank)
            at[i] = s->at[from++];
    }
}

/* ---- which space ----------------------------------------------------------------- */

/* The smallest of what results and reductions are indexed by. */
static Space find_space(const LowerGroup *g)
{
    Space s = { .shape = shape_squeeze(&g->result[0].value->shape) };
    for (int i = 1; i < g->n_result; i++) {
        Shape x = shape_squeeze(&g->result[i].value->shape);
        if (x.rank < s.shape.rank)
            s.shape = x;
    }
    for (int i = 0; i < g->body->node.n; i++) {
        const Node *n = g->body->node.at[i];
        if (!node_reduces(n))
            continue;
        Shape x = shape_squeeze(&n->shape);
        if (x.rank < s.shape.rank)
            s.shape = x;
    }
    for (;;) { /* what is no prefix of every result is not a space */
        int bad = 0;
        for (int i = 0; i < g->n_result; i++)
            bad += shape_prefix(&s.shape, &g->result[i].value->shape) < 0;
        if (!bad)
            break;
        s.shape.dim[--s.shape.rank] = 0;
    }
    for (int i = 0; i < g->n_result; i++)
        s.rows |= !at_space(&s, g->result[i].value);
    return s;
}

/* ---- loops over the space -------------------------------------------------------- */

/* Opens the loop of one axis, shared among threads in at most SLICES_MAX parts when
 * `sliced`. step > 1: the variable is the first of `step` elements. */
static Expr *open_axis(LowerGroup *g, const char *name, int64_t extent, int64_t step,
                       bool sliced, int *opened)
{
    Kernel *k = g->k;
    if (!sliced) {
        *opened += 1;
        return loop_begin_range(k, name, expr_i32(k, 0), expr_i32(k, extent), step);
    }
    int64_t steps = (extent + step - 1) / step;
    int64_t chunk = (steps + SLICES_MAX - 1) / SLICES_MAX;
    int64_t slices = (steps + chunk - 1) / chunk;
    Expr *s = loop_begin_sliced(k, "s", slices);
    *opened += 1;
    if (chunk == 1)
        return expr_mul(k, s, expr_i32(k, step));
    Expr *begin = expr_mul(k, s, expr_i32(k, chunk * step));
    Expr *end = expr_add(k, begin, expr_i32(k, chunk * step));
    if (slices * chunk * step != extent)
        end = expr_binary(k, BIN_MIN, end, expr_i32(k, extent));
    *opened += 1;
    return loop_begin_range(k, name, begin, end, step);
}

static void close_loops(Kernel *k, int n)
{
    for (int i = 0; i < n; i++)
        loop_end(k);
}

static const char *const axis_name[] = { "i", "j", "l", "m", "n", "o", "p", "q" };

/* ---- points: everything at-space ------------------------------------------------- */

static bool depends_on_pending(LowerGroup *g, const Space *s, const Node *n,
                               const Node *of)
{
    if (n == of || g->buffer[n->id])
        return false;
    if (node_is_reduction(n) && at_space(s, n)) {
        Expr *at[SHAPE_MAX_RANK];
        point_of(g, s, n, at);
        if (!group_has_memo(g, n, at))
            return true;
    }
    for (int i = 0; i < n->n_in; i++)
        if (depends_on_pending(g, s, n->in[i], of))
            return true;
    return false;
}

static bool same_axes(const Node *a, const Node *b)
{
    int na = 0, nb = 0;
    const int64_t *x = attr_ints(a, "axes", &na), *y = attr_ints(b, "axes", &nb);
    return na == nb && !memcmp(x, y, (size_t)na * sizeof *x) &&
           shape_equal(&a->in[0]->shape, &b->in[0]->shape);
}

/* Evaluates reduction n at the point, with every other that is ready and runs over the
 * same elements. */
static void reduce_at_point(LowerGroup *g, const Space *s, const Node *n)
{
    const Node *together[8] = { n };
    int count = 1;
    Expr *at[SHAPE_MAX_RANK], *other[SHAPE_MAX_RANK];
    point_of(g, s, n, at);
    if (group_has_memo(g, n, at))
        return;
    if (!node_is_reduction(n)) {
        group_value(&g->w, n, at);
        return;
    }
    for (int i = n->id + 1; i < g->body->node.n && count < 8; i++) {
        const Node *m = g->body->node.at[i];
        if (!node_is_reduction(m) || !shape_equal(&m->shape, &n->shape) ||
            !same_axes(m, n))
            continue;
        point_of(g, s, m, other);
        bool ready = !group_has_memo(g, m, other);
        for (int j = 0; j < m->n_in && ready; j++)
            ready = !depends_on_pending(g, s, m->in[j], m);
        if (ready)
            together[count++] = m;
    }
    reduce_many(g, count, together, at);
}

/* All reductions of the point, in order: nothing is reduced again inside a loop. */
static void reductions_at_point(LowerGroup *g, const Space *s)
{
    for (int i = 0; i < g->body->node.n; i++) {
        const Node *n = g->body->node.at[i];
        if (node_reduces(n) && at_space(s, n))
            reduce_at_point(g, s, n);
    }
}

static void emit_point(LowerGroup *g, const Space *s)
{
    reductions_at_point(g, s);
    group_store_results(g, &s->shape, s->at);
}

/* ---- parts of the last axis: pads and joints split it ------------------------------
 */

/* One part of the last axis in steps of `lanes`; false: it has no vector form. */
static bool emit_part(LowerGroup *g, Space *s, int lanes, int64_t from, int64_t to)
{
    Kernel *k = g->k;
    int last = s->shape.rank - 1;
    Checkpoint mark;
    group_mark(g, &mark);
    s->at[last] =
        loop_begin_range(k, axis_name[last], expr_i32(k, from), expr_i32(k, to), lanes);
    if (lanes > 1) {
        Var *lane = lower_lane(&g->w, lanes);
        s->at[last] = expr_add(k, s->at[last], expr_var(k, lane));
        g->lane = lane;
        g->lanes = lanes;
    }
    emit_point(g, s);
    g->lane = NULL;
    g->lanes = 1;
    loop_end(k);
    if (!g->failed)
        return true;
    group_roll_back(g, &mark);
    return false;
}

/* The space with its last axis in parts, each in vectors and a rest, inside one loop of
 * the others. */
static void emit_parts(LowerGroup *g, Space *s, const Cuts *c)
{
    int lanes = g->target->lanes, opened = 0;
    for (int i = 0; i + 1 < s->shape.rank; i++)
        s->at[i] =
            open_axis(g, axis_name[i], s->shape.dim[i], 1, g->slice && i == 0, &opened);
    for (int i = 0; i + 1 < c->n; i++) {
        int64_t from = c->at[i], to = c->at[i + 1];
        int64_t whole = from + (to - from) / lanes * lanes;
        bool vectors = lanes > 1 && whole > from && emit_part(g, s, lanes, from, whole);
        if (!vectors)
            whole = from;
        if (whole < to)
            emit_part(g, s, 1, whole, to);
    }
    close_loops(g->k, opened);
}

/* The loops of a space whose results have no further axes. The last axis from `from` to
 * `to` in steps of `lanes`. */
static bool emit_range(LowerGroup *g, Space *s, int lanes, int64_t from, int64_t to)
{
    Kernel *k = g->k;
    int rank = s->shape.rank, opened = 0;
    Checkpoint mark;
    group_mark(g, &mark);
    for (int i = 0; i < rank; i++) {
        bool last = i == rank - 1, sliced = g->slice && i == 0;
        if (last && from > 0) {
            s->at[i] = loop_begin_range(k, axis_name[i], expr_i32(k, from),
                                        expr_i32(k, to), 1);
            opened++;
        } else {
            s->at[i] = open_axis(g, axis_name[i], last ? to : s->shape.dim[i],
                                 last ? lanes : 1, sliced, &opened);
        }
    }
    if (lanes > 1) {
        Var *lane = lower_lane(&g->w, lanes);
        s->at[rank - 1] = expr_add(k, s->at[rank - 1], expr_var(k, lane));
        g->lane = lane;
        g->lanes = lanes;
    }
    emit_point(g, s);
    g->lane = NULL;
    g->lanes = 1;
    close_loops(k, opened);
    if (!g->failed)
        return true;
    group_roll_back(g, &mark);
    return false;
}

/* One sliced loop only: with slices the rest of a one-axis space goes to a last slice
 * of scalars, so both are one loop over slices. */
static void emit_sliced_line(LowerGroup *g, Space *s, int lanes)
{
    Kernel *k = g->k;
    int64_t n = s->shape.dim[0], whole = n / lanes * lanes;
    int64_t chunk = (whole / lanes + SLICES_MAX - 1) / SLICES_MAX * lanes;
    int64_t slices = (whole + chunk - 1) / chunk;
    Checkpoint mark;
    group_mark(g, &mark);
    Expr *part = loop_begin_sliced(k, "s", slices + (whole < n));
    if (whole < n)
        if_begin(k, expr_binary(k, BIN_LT, part, expr_i32(k, slices)));
    Expr *begin = expr_mul(k, part, expr_i32(k, chunk));
    Expr *end = expr_add(k, begin, expr_i32(k, chunk));
    if (slices * chunk != whole)
        end = expr_binary(k, BIN_MIN, end, expr_i32(k, whole));
    Expr *first = loop_begin_range(k, "i", begin, end, lanes);
    Var *lane = lower_lane(&g->w, lanes);
    s->at[0] = expr_add(k, first, expr_var(k, lane));
    g->lane = lane;
    g->lanes = lanes;
    emit_point(g, s);
    bool failed = g->failed;
    g->lane = NULL;
    g->lanes = 1;
    loop_end(k);
    if (failed) {
        group_roll_back(g, &mark);
        emit_range(g, s, 1, 0, n);
        return;
    }
    if (whole < n) {
        if_else(k);
        s->at[0] = loop_begin_range(k, "i", expr_i32(k, whole), expr_i32(k, n), 1);
        emit_point(g, s);
        loop_end(k);
        if_end(k);
    }
    loop_end(k);
}

static void emit_points(LowerGroup *g, Space *s)
{
    int rank = s->shape.rank, lanes = g->target->lanes;
    if (rank == 0) {
        emit_point(g, s);
        return;
    }
    int64_t last = s->shape.dim[rank - 1];
    int64_t whole = last / lanes * lanes;
    Cuts cuts = group_cuts(g, &s->shape);
    if (cuts.n > 2 && rank > 1) {
        emit_parts(g, s, &cuts);
        return;
    }
    if (lanes <= 1 || whole == 0) {
        emit_range(g, s, 1, 0, last);
    } else if (whole == last) {
        if (!emit_range(g, s, lanes, 0, last))
            emit_range(g, s, 1, 0, last);
    } else if (rank == 1 && g->slice) {
        emit_sliced_line(g, s, lanes);
    } else {
        g->slice = false; /* two loops */
        if (emit_range(g, s, lanes, 0, whole))
            emit_range(g, s, 1, whole, last);
        else
            emit_range(g, s, 1, 0, last);
    }
}

/* ---- rows ------------------------------------------------------------------------ */

typedef struct Rows {
    LowerGroup *g;
    Space *space;
    bool *kept; /* by node id: stored while the point lasts */
} Rows;

/* Work of one element of n, inlined down to operands, reductions and kept rows. */
static int64_t element_cost(const Rows *r, const Node *n, int depth)
{
    if (r->g->buffer[n->id] || node_is_reduction(n) || at_space(r->space, n))
        return 1;
    if (r->kept[n->id] && depth > 0)
        return 1;
    if (depth > 32)
        return ROW_EXPENSIVE;
    int64_t cost = op_weight(n->op);
    for (int i = 0; i < n->n_in; i++)
        cost += element_cost(r, n->in[i], depth + 1);
    return cost;
}

/* Where loops over rows read n: two different readers at least give 2. */
static int count_readers(const Rows *r, const Node *n, int *first)
{
    const Graph *body = r->g->body;
    int count = 0;
    for (int i = n->id + 1; i < body->node.n && count < 2; i++) {
        const Node *m = body->node.at[i];
        bool reads = false;
        for (int j = 0; j < m->n_in; j++)
            reads |= m->in[j] == n;
        if (!reads)
            continue;
        if (r->kept[m->id] || node_is_reduction(m) || m->op->element == NULL) {
            if (*first != m->id) {
                count += 1;
                *first = m->id;
            }
        } else {
            count += count_readers(r, m, first);
        }
    }
    return count;
}

static int64_t row_count(const Rows *r, const Node *n)
{
    return shape_count(&n->shape) / shape_count(&r->space->shape);
}

static void choose_rows(Rows *r)
{
    LowerGroup *g = r->g;
    for (int i = 0; i < g->n_result; i++)
        r->kept[g->result[i].value->id] = !at_space(r->space, g->result[i].value);
    for (int i = g->body->node.n - 1; i >= 0; i--) {
        const Node *n = g->body->node.at[i];
        if (r->kept[i] || g->buffer[i] || node_is_reduction(n) ||
            n->op == &op_constant || n->op->flags & OP_VIEW || at_space(r->space, n) ||
            shape_prefix(&r->space->shape, &n->shape) < 0)
            continue;
        int first = -1;
        bool random = n->op->flags & OP_RANDOM;
        if (count_readers(r, n, &first) >= 2 && row_count(r, n) <= ROW_KEPT_MAX &&
            (random || element_cost(r, n, 0) >= ROW_EXPENSIVE))
            r->kept[i] = true;
    }
}

static Buffer *row_buffer(Rows *r, const Node *n, RowBuffer *row)
{
    LowerGroup *g = r->g;
    row->prefix = shape_prefix(&r->space->shape, &n->shape);
    point_of(g, r->space, n, row->at);
    for (int i = 0; i < g->n_result; i++)
        if (g->result[i].value == n) {
            row->whole = true;
            return g->result[i].buffer;
        }
    int64_t count = 1;
    for (int i = row->prefix; i < n->shape.rank; i++)
        count *= n->shape.dim[i];
    DType dtype = compute_dtype(n->dtype);
    return kernel_buffer(g->k, n->name ? n->name : "row", dtype, count, ACCESS_LOCAL);
}

/* Stores the element of each of the nodes (equal shapes) at `at`. */
static void store_rows(Rows *r, int count, Node *const *n, RowBuffer *row,
                       Expr *const *at)
{
    LowerGroup *g = r->g;
    Kernel *k = g->k;
    Expr *value[8], *index[8];
    for (int i = 0; i < count; i++) {
        value[i] = group_value(&g->w, n[i], at);
        if (count > 1 && value[i]->kind != EXPR_VAR && value[i]->kind != EXPR_FLOAT)
            value[i] =
                kernel_let(k, n[i]->name ? n[i]->name : n[i]->op->name, value[i]);
        group_remember(g, n[i], at, value[i]);
        Shape inner = { .rank = n[i]->shape.rank - row[i].prefix };
        for (int d = 0; d < inner.rank; d++)
            inner.dim[d] = n[i]->shape.dim[row[i].prefix + d];
        index[i] = row[i].whole ? expr_linear(k, &n[i]->shape, at)
                                : expr_linear(k, &inner, at + row[i].prefix);
    }
    for (int i = 0; i < count && !g->failed; i++) {
        group_store(g, row[i].buffer, index[i], value[i]);
        for (int j = 0; j < g->n_result; j++) /* the same value twice */
            if (g->result[j].value == n[i] && g->result[j].buffer != row[i].buffer)
                group_store(g, g->result[j].buffer, index[i], value[i]);
    }
}

static bool row_loops(Rows *r, int count, Node *const *n, RowBuffer *row, int lanes,
                      int64_t from, int64_t to)
{
    LowerGroup *g = r->g;
    Kernel *k = g->k;
    const Shape *shape = &n[0]->shape;
    Expr *at[SHAPE_MAX_RANK];
    int opened = 0;
    Checkpoint mark;
    group_mark(g, &mark);
    point_of(g, r->space, n[0], at);
    for (int i = row[0].prefix; i < shape->rank; i++) {
        bool last = i == shape->rank - 1;
        if (shape->dim[i] == 1)
            continue;
        at[i] =
            loop_begin_range(k, axis_name[i], expr_i32(k, last ? from : 0),
                             expr_i32(k, last ? to : shape->dim[i]), last ? lanes : 1);
        opened++;
    }
    if (lanes > 1) {
        Var *lane = lower_lane(&g->w, lanes);
        at[shape->rank - 1] = expr_add(k, at[shape->rank - 1], expr_var(k, lane));
        g->lane = lane;
        g->lanes = lanes;
    }
    store_rows(r, count, n, row, at);
    g->lane = NULL;
    g->lanes = 1;
    close_loops(k, opened);
    if (!g->failed)
        return true;
    group_roll_back(g, &mark);
    return false;
}

static void emit_rows(Rows *r, int count, Node *const *n)
{
    LowerGroup *g = r->g;
    RowBuffer row[8] = { 0 };
    for (int i = 0; i < count; i++)
        row[i].buffer = row_buffer(r, n[i], &row[i]);
    int lanes = g->target->lanes;
    int64_t last = n[0]->shape.dim[n[0]->shape.rank - 1];
    int64_t whole = last / lanes * lanes;
    if (lanes > 1 && whole > 0 && row_loops(r, count, n, row, lanes, 0, whole)) {
        if (whole < last)
            row_loops(r, count, n, row, 1, whole, last);
    } else {
        row_loops(r, count, n, row, 1, 0, last);
    }
    for (int i = 0; i < count; i++)
        g->row[n[i]->id] = row[i];
}

/* Nodes of one point in order: reductions and rows; neighbouring rows share a loop. */
static void emit_row_point(Rows *r)
{
    LowerGroup *g = r->g;
    const Graph *body = g->body;
    Node *together[8];
    int count = 0;
    for (int i = 0; i < body->node.n; i++) {
        Node *n = body->node.at[i];
        bool reduction = node_reduces(n) && at_space(r->space, n);
        bool fits =
            r->kept[i] &&
            (count == 0 || (count < 8 && shape_equal(&together[0]->shape, &n->shape)));
        if (count > 0 && (reduction || (r->kept[i] && !fits))) {
            emit_rows(r, count, together);
            count = 0;
        }
        if (reduction)
            reduce_at_point(g, r->space, n);
        if (r->kept[i])
            together[count++] = n;
    }
    if (count > 0)
        emit_rows(r, count, together);
    /* results that are one number a point */
    GroupResult *all = g->result;
    int n_all = g->n_result;
    GroupResult *points = arena_array(g->cx->scratch, GroupResult, n_all);
    g->n_result = 0;
    g->result = points;
    for (int i = 0; i < n_all; i++)
        if (!r->kept[all[i].value->id])
            points[g->n_result++] = all[i];
    if (g->n_result > 0)
        group_store_results(g, &r->space->shape, r->space->at);
    g->result = all;
    g->n_result = n_all;
}

void lower_space(LowerGroup *g)
{
    Space s = find_space(g);
    if (!s.rows) {
        emit_points(g, &s);
        return;
    }
    Rows r = { g, &s, arena_array(g->cx->scratch, bool, g->body->node.n) };
    choose_rows(&r);
    int opened = 0;
    for (int i = 0; i < s.shape.rank; i++)
        s.at[i] =
            open_axis(g, axis_name[i], s.shape.dim[i], 1, g->slice && i == 0, &opened);
    emit_row_point(&r);
    close_loops(g->k, opened);
}
