/* test_metric.c - metrics as elaboration sees them: which way is better, what counts
 * over a split, and whose states those are. Their values: tests/models/metrics.sh. */
#include "front/module.h"
#include "graph/op.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static Module *module_of(Arena *a, const char *metrics)
{
    const char *text =
        str_printf(a,
                   "data d(x: f32[2], y: index(3), z: f32[3]) {\n"
                   "    train: csv(\"d.csv\")\n"
                   "}\n"
                   "net f(x: f32[2]) -> p: f32[3] = dense(x, 3, softmax)\n"
                   "train on d {\n"
                   "    p = f(x)\n"
                   "    minimize cross_entropy(p, y) using sgd\n"
                   "%s"
                   "}\n",
                   metrics);
    ElaborateOptions options = { .load = NULL };
    DiagSink *sink = diag_sink_new(a);
    Source *s = source_new(a, "t.dl", "t.dl", text, (uint32_t)strlen(text));
    Ast *tree = ast_parse(a, s, sink);
    Module *m = tree == NULL ? NULL : elaborate(a, s, tree, &options, sink);
    if (m == NULL)
        fail_msg("%s", diag_count(sink) > 0 ? diag_message(sink, 0) : "no message");
    return m;
}

static const Report *report_of(const Module *m, const char *name)
{
    const ModuleTrain *t = m->train.at[0];
    for (int i = 0; i < t->n_reports; i++)
        if (str_equal(t->report[i].name, name))
            return &t->report[i];
    fail_msg("no report %s", name);
    return NULL;
}

static void test_direction(void **state)
{
    Arena *a = arena_create("test");
    (void)state;
    const Module *m = module_of(a, "    metric acc = accuracy(p, y)\n"
                                   "    metric wrong = 1 - accuracy(p, y)\n"
                                   "    metric less = -accuracy(p, y)\n"
                                   "    metric masked = mean(f32(z > 0) * abs(p - z))\n"
                                   "    metric err = mae(p, z)\n"
                                   "    metric gain = score(0 - mae(p, z))\n"
                                   "    metric f = f1(p, y)\n"
                                   "    metric root = rmse(p, z)\n"
                                   "    metric fit = r2(p, z)\n");
    static const struct {
        const char *name;
        bool larger, of_split;
    } expected[] = {
        { "loss", false, false },   { "acc", true, false },  { "wrong", false, false },
        { "less", false, false },   { "err", false, false }, { "gain", true, false },
        { "masked", false, false }, { "f", true, true },     { "root", false, true },
        { "fit", true, true },
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const Report *r = report_of(m, expected[i].name);
        if (r->larger_is_better != expected[i].larger)
            fail_msg("%s: larger is %sbetter", r->name,
                     r->larger_is_better ? "" : "not ");
        if (r->of_split != expected[i].of_split)
            fail_msg("%s is %sof the split", r->name, r->of_split ? "" : "not ");
    }
    arena_destroy(a);
}

static bool has_input(const Graph *g, const char *path)
{
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (n->op == &op_input && attr_text(n, "path") != NULL &&
            str_equal(attr_text(n, "path"), path))
            return true;
    }
    return false;
}

static int count_next(const Graph *g, const char *prefix)
{
    int n = 0;
    for (int i = 0; i < g->result.n; i++)
        n += g->result.at[i].kind == RESULT_NEXT &&
             str_starts(g->result.at[i].path, prefix);
    return n;
}

static void test_states(void **state)
{
    Arena *a = arena_create("test");
    (void)state;
    const Module *m = module_of(a, "    metric f = f1(p, y)\n"
                                   "    metric table = confusion(p, y)\n");
    const ModuleTrain *t = m->train.at[0];
    int counts = 0;
    for (int i = 0; i < m->tensor.n; i++) {
        const ModuleTensor *x = &m->tensor.at[i];
        const bool metric = str_starts(x->path, "metrics/");
        assert_int_equal(x->role == ROLE_METRIC, metric);
        counts += metric;
    }
    assert_int_equal(counts, 4); /* hits, guesses, truths; count */
    assert_int_equal(count_next(t->step, "metrics/"), 4);
    assert_int_equal(count_next(t->eval, "metrics/"), 4);
    assert_int_equal(count_next(t->eval, "f/"), 0);
    assert_int_equal(count_next(t->grad, "metrics/"), 0);
    assert_true(has_input(t->eval, VALID_PATH));
    assert_false(has_input(t->step, VALID_PATH));
    assert_int_equal(t->n_reports, 2); /* a table is no number */
    assert_int_equal(t->tally.n, 1);
    assert_string_equal(t->tally.at[0].name, "table");
    assert_non_null(module_tensor(m, t->tally.at[0].path));
    const Module *plain = module_of(a, "    metric acc = accuracy(p, y)\n");
    assert_false(has_input(plain->train.at[0]->eval, VALID_PATH));
    assert_int_equal(count_next(plain->train.at[0]->eval, ""), 0);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_direction),
        cmocka_unit_test(test_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
