/* test_passes.c - that translation validation finds broken rewrites, and what the
 * manager says about names. */
#include "graph/build.h"
#include "passes/pass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* y = x * factor + x, next p = p - x */
static Graph *small_graph(Arena *a, double factor)
{
    Graph *g = graph_new(a, "step");
    g->stage = STAGE_DIFF;
    g->batch = 4;
    Node *x = build_input(g, INPUT_FIELD, "x", DTYPE_F32, shape_2(4, 3), 0, true);
    Node *p = build_input(g, INPUT_PARAM, "p", DTYPE_F32, shape_2(4, 3), 0, false);
    Node *y = build_add(g, build_scale(g, x, factor), x);
    graph_add_result(g, RESULT_OUTPUT, "y", y);
    graph_add_result(g, RESULT_NEXT, "p", build_sub(g, p, x));
    return g;
}

static void same_graph_passes(void **state)
{
    (void)state;
    Arena *a = arena_create("test");
    Check *c = check_begin(a, small_graph(a, 3), 2);
    assert_null(check_graph(c, small_graph(a, 3)));
    arena_destroy(a);
}

static void broken_rewrite_is_found(void **state)
{
    (void)state;
    Arena *a = arena_create("test");
    Check *c = check_begin(a, small_graph(a, 3), 2);
    assert_non_null(check_graph(c, small_graph(a, 3.01)));
    arena_destroy(a);
}

static PipelineResult compile(Arena *a, Graph *g)
{
    Arena *scratch = arena_create("scratch");
    PipelineOptions o = { .target = target_find("c99"), .level = 2, .verify = true };
    PipelineResult r = { 0 };
    assert_true(pipeline_run(a, scratch, g, 4, &o, diag_sink_new(a), &r));
    arena_destroy(scratch);
    return r;
}

static void broken_program_is_found(void **state)
{
    (void)state;
    Arena *a = arena_create("test");
    Check *c = check_begin(a, small_graph(a, 3), 1);
    assert_null(check_program(c, compile(a, small_graph(a, 3)).program));
    assert_non_null(check_program(c, compile(a, small_graph(a, 2)).program));
    arena_destroy(a);
}

/* p is read and written by one kernel, in one buffer. */
static void next_value_is_in_place(void **state)
{
    (void)state;
    Arena *a = arena_create("test");
    const Program *p = compile(a, small_graph(a, 3)).program;
    int params = 0, read_write = 0;
    for (int i = 0; i < p->storage.n; i++)
        params += p->storage.at[i]->kind == STORAGE_PARAM;
    for (int i = 0; i < p->call.n; i++)
        for (int j = 0; j < p->call.at[i].kernel->buffer.n; j++)
            read_write +=
                p->call.at[i].kernel->buffer.at[j]->access == ACCESS_READ_WRITE;
    assert_int_equal(params, 1);
    assert_int_equal(read_write, 1);
    assert_int_equal(p->arena_bytes, 0);
    arena_destroy(a);
}

static void names_of_passes(void **state)
{
    (void)state;
    assert_true(pipeline_knows("graph_fuse"));
    assert_true(pipeline_knows("fuse"));
    assert_true(pipeline_knows("lower"));
    assert_false(pipeline_knows("graph_fus"));
    assert_false(pipeline_knows(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_graph_passes),
        cmocka_unit_test(broken_rewrite_is_found),
        cmocka_unit_test(broken_program_is_found),
        cmocka_unit_test(next_value_is_in_place),
        cmocka_unit_test(names_of_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
