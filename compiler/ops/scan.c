/* scan - a loop over time: the region runs once for each row, and carries what it
 * remembers from step to step.
 *
 *   carries  [..]       before the first step; result i is carry i after the last
 *   rows     [t, ..]    step i sees row i, a value without the first axis
 *   consts   [..]       the same at every step
 *   ys       [t, ..]    further results: what step i gives becomes row i
 *
 * With `reverse` the last row comes first; row i still belongs to step i. For a batch
 * the loop stays outside: rows are [t, batch, ..], so what one step touches is
 * contiguous.
 *
 * The gradient is in scan_grad.c; loops of kernel calls are made by passes/lower. */
#include "ops/scan.h"
#include "graph/batch.h"
#include "graph/region.h"
#include "ops/rules.h"

static bool same_type(const Node *a, const Node *b, const Shape *shape)
{
    return a->dtype == b->dtype && shape_equal(&a->shape, shape);
}

static bool check_parts(const Node *n, const ScanParts *p, DiagSink *sink)
{
    if (!check_attr(n, "carries", 0, n->n_in, sink) ||
        !check_attr(n, "rows", 0, n->n_in - p->carries, sink) ||
        !check_attr(n, "length", 1, INT32_MAX, sink)) /* C2 */
        return false;
    if (n->body->result.n < p->carries ||
        region_input_count(n->body) != n->n_in) /* C1 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE,
                          "scan of %d operands has a region of %d", n->n_in,
                          region_input_count(n->body));
    return true;
}

static bool check_operand(const Node *n, const ScanParts *p, int i, DiagSink *sink)
{
    const Node *x = n->in[i], *inside = region_input(n->body, i);
    bool row = i >= p->carries && i < p->carries + p->rows;
    if (row && (x->shape.rank == 0 || x->shape.dim[0] != p->length)) /* C3 */
        return diag_error(sink, n->span, DIAG_PATTERN,
                          "scan takes %lld rows, operand %d has another number",
                          (long long)p->length, i);
    Shape want = inside->shape;
    if (row && want.rank < SHAPE_MAX_RANK)
        want = shape_with_leading(&want, p->length);
    if (!same_type(x, inside, &want)) /* C3 */
        return diag_error(sink, n->span, DIAG_PATTERN,
                          "operand %d of scan has another type than in its region", i);
    return true;
}

static bool scan_shape(const Node *n, NodeType *y, DiagSink *sink)
{
    if (n->body == NULL || n->body->result.n == 0) /* C1 */
        return diag_error(sink, n->span, DIAG_ATTRIBUTE, "a scan without a region");
    ScanParts p = scan_parts(n);
    if (!check_parts(n, &p, sink))
        return false;
    for (int i = 0; i < n->n_in; i++)
        if (!check_operand(n, &p, i, sink))
            return false;
    for (int i = 0; i < p.carries; i++) {
        const Node *next = n->body->result.at[i].value;
        if (!same_type(next, n->in[i], &n->in[i]->shape)) /* C4 */
            return diag_error(sink, n->span, DIAG_PATTERN,
                              "carry %d of scan changes its type", i);
    }
    const Node *first = n->body->result.at[0].value;
    *y = (NodeType){ first->dtype, first->shape, first->bound };
    if (p.carries == 0)
        y->shape = shape_with_leading(&first->shape, p.length);
    return true;
}

/* [batch, t, ..] as [t, batch, ..] */
static Node *time_first(Graph *g, Node *x)
{
    int axes[SHAPE_MAX_RANK];
    for (int i = 0; i < x->shape.rank; i++)
        axes[i] = i < 2 ? 1 - i : i;
    return build_transpose(g, x, axes);
}

static Node *scan_batch(Graph *g, const Node *n, Node *const *in, int64_t batch)
{
    ScanParts p = scan_parts(n);
    Node **wide = arena_array(g->arena, Node *, n->n_in + 1);
    for (int i = 0; i < n->n_in; i++) {
        bool axis = region_input(n->body, i)->batched;
        bool row = i >= p.carries && i < p.carries + p.rows;
        wide[i] = axis ? batch_operand(g, n, in, i, batch) : in[i];
        if (axis && row)
            wide[i] = time_first(g, wide[i]);
    }
    Graph *body = graph_rebuild(n->body, batch_node, &batch, true);
    for (int i = 0; i < body->result.n; i++) { /* a carry that a step leaves alone */
        Node *value = body->result.at[i].value;
        if (n->body->result.at[i].value->batched || i >= p.carries ||
            !region_input(n->body, i)->batched)
            continue;
        body->result.at[i].value = batch_broadcast(body, value, batch);
    }
    return build_scan(g, body, p.carries, p.rows, p.length, p.reverse, n->n_in, wide);
}

const Op op_scan = {
    .code = OP_scan,
    .name = "scan",
    .summary = "a region once for each row, with carries from step to step",
    .result = "",
    .equation = "(c, y[i]) = body(c, x[i], k), i = 0 .. t-1",
    .reference = "Elman 1990, Finding structure in time; Blelloch 1990, Prefix sums",
    .flags = OP_STRUCTURE | OP_VARIADIC,
    .operand = { { "x", "[..]", "carries, then rows [t, ..], then constants",
                   DOMAIN_REAL } },
    .attr = { { "carries", ATTR_INT, "how many operands are carries" },
              { "rows", ATTR_INT, "how many of the next are rows" },
              { "length", ATTR_INT, "steps" },
              { "reverse", ATTR_BOOL, "the last row comes first" } },
    .shape = scan_shape,
    .batch = scan_batch,
    .grad_region = scan_grad,
    .constraint = {
        { "C1", "has a region with an input for each operand",
          "scan 1, [1] {carries=1, rows=1, length=1} (c = input operand \"c\" : f32[] "
          "operand \"c\" = c)", DIAG_ATTRIBUTE },
        { "C2", "carries and rows are operands, and there is a step",
          "scan 1 {carries=2, length=1} (c = input operand \"c\" : f32[] "
          "operand \"c\" = c)", DIAG_ATTRIBUTE },
        { "C3", "operands have the types of the region's inputs",
          "scan 1, [1, 2] {carries=1, rows=1, length=3} (c = input operand \"c\" : f32[] "
          "x = input operand \"x\" : f32[] operand \"c\" = c)", DIAG_PATTERN },
        { "C4", "the next value of a carry has its type",
          "scan 1, [[1, 2]] {carries=1, rows=1, length=1} (c = input operand \"c\" : "
          "f32[] x = input operand \"x\" : f32[2] operand \"c\" = x)", DIAG_PATTERN },
    },
    .example = {
        { "a sum over time",
          "scan 10, [1, 2, 3] {carries=1, rows=1, length=3} (c = input operand \"c\" : "
          "f32[] x = input operand \"x\" : f32[] n = add c, x : f32[] operand \"n\" = n)",
          "16" },
        { "rows alone: a map",
          "scan [[1, 2], [3, 4]] {rows=1, length=2} (x = input operand \"x\" : f32[2] "
          "y = neg x : f32[2] operand \"y\" = y)",
          "[[-1, -2], [-3, -4]]" },
        { "backwards: c = c * k + x",
          "scan 0, [1, 2, 4], 10 {carries=1, rows=1, length=3, reverse=1} "
          "(c = input operand \"c\" : f32[] x = input operand \"x\" : f32[] "
          "k = input operand \"k\" : f32[] m = mul c, k : f32[] n = add m, x : f32[] "
          "operand \"n\" = n)",
          "421" },
    },
};
