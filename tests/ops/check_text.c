/* check_text.c - what the table says in words is true: examples, constraints, and that
 * eval fills exactly the result that op->shape promised. */
#include "case.h"

#include "graph/text.h"
#include "interp/graph_interp.h"

#include <math.h>
#include <string.h>

static void check_example(Tally *t, const Op *op, const Example *e)
{
    Arena *a = arena_create("example");
    Graph *g = graph_new(a, "example");
    DiagSink *sink = diag_sink_new(a);
    Node *n = graph_read_expression(g, e->expression, sink);
    Tensor *want;
    t->cases++;
    if (n == NULL) {
        tally_fail(t, e->expression, "%s",
                   diag_count(sink) ? diag_message(sink, 0) : "not read");
    } else if (n->op != op_table[op->code]) {
        tally_fail(t, e->expression, "is an example of another op");
    } else if (!graph_read_literal(a, e->expect, &want)) {
        tally_fail(t, e->expression, "expects `%s`, no literal", e->expect);
    } else {
        graph_add_result(g, RESULT_OUTPUT, "y", n);
        Tensor *y = case_run(g, a, 0, NULL)[0];
        const char *defects = graph_verify(g, a);
        if (defects)
            tally_fail(t, e->expression, "%s", defects);
        if (!shape_equal(&y->shape, &want->shape))
            tally_fail(t, e->expression, "has shape %s", shape_text(a, &y->shape));
        else
            for (int64_t i = 0; i < shape_count(&y->shape); i++)
                tally_compare(t, e->expression, "an element", y->at[i], want->at[i],
                              1 + fabs(want->at[i]), 1e-12);
        if (y->dtype != want->dtype && dtype_is_float(y->dtype))
            tally_fail(t, e->expression, "expects %s, is %s", dtype_name(want->dtype),
                       dtype_name(y->dtype));
    }
    arena_destroy(a);
}

static void check_constraint(Tally *t, const Constraint *c)
{
    Arena *a = arena_create("constraint");
    DiagSink *sink = diag_sink_new(a);
    Graph *g = graph_new(a, "constraint");
    t->cases++;
    Node *n = graph_read_expression(g, c->violation, sink);
    if (n != NULL)
        tally_fail(t, c->violation, "violates %s, yet is accepted", c->label);
    else if (diag_count(sink) != 1)
        tally_fail(t, c->violation, "gives %d messages", diag_count(sink));
    else if (diag_id(sink, 0) != c->id)
        tally_fail(t, c->violation, "gives %s, not %s: %s",
                   diag_table[diag_id(sink, 0)].name, diag_table[c->id].name,
                   diag_message(sink, 0));
    arena_destroy(a);
}

/* eval writes every element that it may and none behind; an index is below its bound.
 */
static void check_extent(Tally *t, const Op *op, const char *text)
{
    Arena *a = arena_create("extent");
    OpCase c = case_new(a, text, op, 0, t);
    Tensor *x[CASE_MAX_IN];
    t->cases++;
    if (c.graph && op->eval && op->code != OP_constant) {
        case_sample(&c, a, t, x);
        int64_t count = shape_count(&c.node->shape);
        Tensor y = { c.node->dtype, c.node->shape, arena_array(a, double, count + 8) };
        for (int i = 0; i < 8; i++)
            y.at[count + i] = 12345;
        op->eval(c.node, (const Tensor *const *)x, &y);
        for (int i = 0; i < 8; i++)
            if (y.at[count + i] != 12345)
                tally_fail(t, text, "eval writes behind its result");
        for (int64_t i = 0; i < count && c.node->bound > 0; i++)
            if (y.at[i] < 0 || y.at[i] >= (double)c.node->bound)
                tally_fail(t, text, "eval gives index %g", y.at[i]);
    }
    arena_destroy(a);
}

void check_text(Tally *t, bool fault)
{
    if (fault) {
        static const Example wrong = { "", "add [1], [2]", "[4]" };
        static const Constraint vain = { "C1", "", "add [1], [2]", DIAG_DTYPE };
        check_example(t, &op_add, &wrong);
        int before = t->failures;
        check_constraint(t, &vain);
        t->failures = before > 0 && t->failures > before;
        return;
    }
    for (int i = 0; i < OP_COUNT; i++) {
        const Op *op = op_table[i];
        const char *text[64];
        int n = case_texts(op, text, 64);
        for (int j = 0; j < OP_MAX_EXAMPLES && op->example[j].expression; j++)
            check_example(t, op, &op->example[j]);
        for (int j = 0; j < OP_MAX_CONSTRAINTS && op->constraint[j].label; j++)
            check_constraint(t, &op->constraint[j]);
        for (int j = 0; j < n; j++)
            check_extent(t, op, text[j]);
    }
}
