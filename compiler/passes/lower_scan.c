/* lower_scan.c - a scan becomes a loop around the calls of its region. Rows and ys are
 * the same arguments at every step, moved by one row. */
#include "loop/build.h"
#include "passes/lowerer.h"
#include "support/str.h"

#include <string.h>

/* y = x, all elements, in the target's vectors. */
static void lower_copy(Lowerer *l, const char *name, const Node *like,
                       const Place *from, const Place *to)
{
    Arena *a = l->cx->module;
    int64_t count = shape_count(&like->shape);
    int lanes = l->cx->options->target->lanes;
    int64_t whole = count / lanes * lanes;
    Kernel *k = kernel_new(a, str_printf(a, "k%d_%s_start", l->p->call.n + 1, name));
    ArgVec args = { 0 };
    Buffer *x = call_buffer(l, k, &args, like, from, ACCESS_READ);
    x->name = kernel_unique_name(k, "x");
    Buffer *y = call_buffer(l, k, &args, like, to, ACCESS_WRITE);
    y->name = kernel_unique_name(k, "y");
    k->equation = "y = x";
    k->shapes = str_printf(a, "x %s -> y", shape_text(a, &like->shape));
    k->place = "";
    k->bytes = 2 * count * (int64_t)dtype_bytes(like->dtype);
    if (whole > 0 && lanes > 1 && like->dtype == DTYPE_F32) {
        Expr *i = loop_begin_range(k, "i", expr_i32(k, 0), expr_i32(k, whole), lanes);
        kernel_store(k, y, i, expr_load(k, x, i, lanes));
        loop_end(k);
    } else {
        whole = 0;
    }
    if (whole < count) {
        Expr *i = loop_begin_range(k, "i", expr_i32(k, whole), expr_i32(k, count), 1);
        kernel_store(k, y, i, expr_load(k, x, i, 1));
        loop_end(k);
    }
    Call call = { k, args.at, args.n, NULL };
    vec_push(a, &l->p->call, call);
}

typedef struct ScanLowering {
    const Node *scan;
    ScanParts p;
    Place *out; /* by result: where the scan's value is, seen from outside */
    Lowerer in; /* its region */
} ScanLowering;

static Storage *scan_storage(Lowerer *l, const Node *like, int64_t rows,
                             const char *wish)
{
    Storage *s = program_storage(l, STORAGE_ARENA, wish, "", like);
    if (rows > 0) {
        s->shape.rank = like->shape.rank + 1 <= SHAPE_MAX_RANK ? like->shape.rank + 1
                                                               : SHAPE_MAX_RANK;
        s->shape.dim[0] = rows;
        for (int i = 1; i < s->shape.rank; i++)
            s->shape.dim[i] = like->shape.dim[i - 1];
        s->count = rows * shape_count(&like->shape);
    }
    return s;
}

/* Place `at`, moved by one element count each pass of the new loop. */
static Place stepping(const Lowerer *l, Place at, int64_t offset, int64_t step)
{
    at.offset += offset;
    at.step[l->depth] = step;
    return at;
}

/* A carry lies in one row that each step overwrites, or, when ys are made of it, in
 * length + 1 rows: a step reads one and writes the next. */
static void place_carry(Lowerer *l, ScanLowering *s, int i)
{
    const Graph *body = s->scan->body;
    const Node *inside = region_input(body, i);
    const Node *next = body->result.at[i].value;
    int64_t row = shape_count(&inside->shape);
    bool rows = scan_keeps_rows(body, s->p.carries, i);
    const char *name = inside->name ? inside->name : "carry";
    Place at = { .storage = scan_storage(l, inside, rows ? s->p.length + 1 : 0, name) };
    Place first = at, last = at, now = at, then = at;
    if (rows) {
        bool reverse = s->p.reverse;
        first.offset = reverse ? s->p.length * row : 0;
        last.offset = reverse ? 0 : s->p.length * row;
        now = stepping(l, at, reverse ? row : 0, row);
        then = stepping(l, at, reverse ? 0 : row, row);
    }
    lower_copy(l, name, inside, &l->place[s->scan->in[i]->id], &first);
    s->out[i] = last;
    s->in.place[inside->id] = now;
    if (next->op == &op_result)
        s->in.place[next->id] = then;
    for (int j = s->p.carries; j < body->result.n; j++) {
        const Node *y = body->result.at[j].value;
        if (y == inside || y == next) {
            s->out[j] = at;
            s->out[j].offset += (y == inside) == s->p.reverse ? row : 0;
        }
    }
}

static void place_ys(Lowerer *l, ScanLowering *s)
{
    const Graph *body = s->scan->body;
    for (int j = s->p.carries; j < body->result.n; j++) {
        const Node *y = body->result.at[j].value;
        if (s->out[j].storage)
            continue;
        const char *name = y->name ? y->name : group_value_name(l->cx->module, y);
        s->out[j].storage = scan_storage(l, y, s->p.length, name);
        s->in.place[y->id] = stepping(l, s->out[j], 0, shape_count(&y->shape));
    }
}

static void place_operands(Lowerer *l, ScanLowering *s)
{
    for (int i = s->p.carries; i < s->scan->n_in; i++) {
        const Node *inside = region_input(s->scan->body, i);
        Place at = l->place[s->scan->in[i]->id];
        if (i < s->p.carries + s->p.rows)
            at = stepping(l, at, 0, shape_count(&inside->shape));
        s->in.place[inside->id] = at;
    }
}

void lower_scan(Lowerer *l, const Node *scan)
{
    Arena *a = l->cx->scratch;
    ScanLowering s = { .scan = scan, .p = scan_parts(scan), .in = *l };
    if (l->depth == PROGRAM_NEST_MAX)
        BUG("%d scans inside each other", l->depth + 1);
    s.out = arena_array(a, Place, scan->body->result.n);
    s.in.g = scan->body;
    s.in.place = arena_array(a, Place, scan->body->node.n + 1);
    s.in.depth = l->depth + 1;
    for (int i = 0; i < s.p.carries; i++)
        place_carry(l, &s, i);
    place_ys(l, &s);
    place_operands(l, &s);
    ProgramLoop loop = { .first = l->p->call.n,
                         .count = s.p.length,
                         .reverse = s.p.reverse };
    int index = l->p->loop.n;
    vec_push(l->cx->module, &l->p->loop, loop);
    lower_scratch(&s.in);
    lower_graph(&s.in);
    l->p->loop.at[index].last = l->p->call.n - 1;
    if (l->p->call.n == loop.first) /* nothing changes from step to step */
        l->p->loop.n = index;
    for (int i = scan->id + 1; i < l->g->node.n; i++) {
        const Node *n = l->g->node.at[i];
        if (n->op == &op_result && n->in[0] == scan)
            l->place[i] = s.out[attr_int(n, "index")];
    }
}
