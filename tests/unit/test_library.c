/* test_library.c - functions of the library and builtins against numbers worked out by
 * hand: nets of one expression, evaluated in f64. Every parameter is 1. */
#include "front/module.h"
#include "graph/op.h"
#include "interp/graph_interp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_VALUES = 64 };

typedef struct Row {
    const char *inputs;     /* "x: f32[4], i: index(3)" */
    const char *expression; /* "cumsum(x)" */
    const char *output;     /* "f32[4]" */
    const char *values;     /* of the inputs, one after another */
    const char *expected;
} Row;

static const Row rows[] = {
#define ROW(inputs, expression, output, values, expected)                              \
    { inputs, expression, output, values, expected },
#include "library_cases.def"
#undef ROW
};

static int read_numbers(const char *text, double *x)
{
    int n = 0;
    for (char *end; n < MAX_VALUES; text = end) {
        x[n] = strtod(text, &end);
        if (end == text)
            return n;
        n++;
    }
    return n;
}

static Tensor *result_of(Arena *a, const Row *row)
{
    DiagSink *sink = diag_sink_new(a);
    ElaborateOptions options = { .load = NULL };
    const char *text = str_printf(a, "net n(%s) -> y: %s = %s\n", row->inputs,
                                  row->output, row->expression);
    Source *s = source_new(a, "t.dl", "t.dl", text, (uint32_t)strlen(text));
    Ast *tree = ast_parse(a, s, sink);
    Module *m = tree == NULL ? NULL : elaborate(a, s, tree, &options, sink);
    if (m == NULL) {
        print_error("%s: %s\n", row->expression, diag_message(sink, 0));
        return NULL;
    }
    Graph *g = graph_rebuild(m->net.at[0]->graph, NULL, NULL, true);
    Tensor **in = arena_array(a, Tensor *, g->node.n);
    double x[MAX_VALUES];
    int n = read_numbers(row->values, x), at = 0;
    for (int i = 0; i < g->node.n; i++) {
        const Node *node = g->node.at[i];
        if (node->op != &op_input)
            continue;
        in[i] = tensor_new(a, node->dtype, node->shape);
        bool field = node_is_input(node, INPUT_FIELD);
        for (int64_t k = 0; k < shape_count(&node->shape) && (!field || at < n); k++)
            in[i]->at[k] = field ? x[at++] : 1;
    }
    if (at != n)
        print_error("%s: %d of %d values used\n", row->expression, at, n);
    return at == n ? graph_evaluate(g, in, a)[0] : NULL;
}

static bool row_holds(Arena *a, const Row *row)
{
    double want[MAX_VALUES];
    int n = read_numbers(row->expected, want);
    const Tensor *y = result_of(a, row);
    if (y == NULL || shape_count(&y->shape) != n) {
        print_error("%s: %d values expected\n", row->expression, n);
        return false;
    }
    for (int i = 0; i < n; i++)
        if (!(fabs(y->at[i] - want[i]) <= 1e-6 * fmax(1, fabs(want[i])))) {
            print_error("%s: value %d is %.9g, should be %.9g\n", row->expression, i,
                        y->at[i], want[i]);
            return false;
        }
    return true;
}

static void test_rows(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Arena *a = arena_create("row");
        failed += !row_holds(a, &rows[i]);
        arena_destroy(a);
    }
    print_message("%zu rows\n", sizeof rows / sizeof rows[0]);
    assert_int_equal(failed, 0);
}

/* The starting value of parameter n/q, from seed 3. */
static const Tensor *initial_value(Arena *a, const char *shape)
{
    DiagSink *sink = diag_sink_new(a);
    ElaborateOptions options = { .load = NULL };
    const char *text = str_printf(a,
                                  "net n(x: f32) -> y: f32 {\n"
                                  "    param q: %s = orthogonal\n"
                                  "    y = x * sum(q)\n}\n",
                                  shape);
    Source *s = source_new(a, "t.dl", "t.dl", text, (uint32_t)strlen(text));
    Module *m = elaborate(a, s, ast_parse(a, s, sink), &options, sink);
    assert_non_null(m);
    Tensor **in = arena_array(a, Tensor *, m->init->node.n);
    for (int i = 0; i < m->init->node.n; i++)
        if (m->init->node.at[i]->op == &op_input) {
            in[i] = tensor_new(a, DTYPE_U32, m->init->node.at[i]->shape);
            in[i]->at[0] = 3;
        }
    return graph_evaluate(m->init, in, a)[0];
}

/* Rows, or columns when these are fewer, have length 1 and are at right angles. */
static void test_orthogonal(void **state)
{
    static const char *const shapes[] = { "[32, 32]", "[48, 5]", "[4, 24]",
                                          "[3, 3, 2, 6]", "[7]" };
    (void)state;
    for (size_t t = 0; t < sizeof shapes / sizeof shapes[0]; t++) {
        Arena *a = arena_create("orthogonal");
        const Tensor *q = initial_value(a, shapes[t]);
        int64_t m = q->shape.dim[q->shape.rank - 1], n = shape_count(&q->shape) / m;
        int64_t few = n < m ? n : m, many = n < m ? m : n;
        double worst = 0;
        for (int64_t i = 0; i < few; i++)
            for (int64_t j = 0; j <= i; j++) {
                double sum = 0;
                for (int64_t k = 0; k < many; k++)
                    sum += n < m ? q->at[i * m + k] * q->at[j * m + k]
                                 : q->at[k * m + i] * q->at[k * m + j];
                worst = fmax(worst, fabs(sum - (i == j)));
            }
        print_message("orthogonal %s: worst product off by %.1e\n", shapes[t], worst);
        assert_true(worst < 1e-5);
        arena_destroy(a);
    }
}

/* A wrong number is noticed. */
static void test_seeded_fault(void **state)
{
    Row wrong = rows[0];
    Arena *a = arena_create("row");
    (void)state;
    wrong.expected = str_printf(a, "%s 1", wrong.expected);
    assert_false(row_holds(a, &wrong));
    wrong = rows[0];
    wrong.values = str_printf(a, "1%s", wrong.values);
    assert_false(row_holds(a, &wrong));
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows),
                                        cmocka_unit_test(test_orthogonal),
                                        cmocka_unit_test(test_seeded_fault) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
