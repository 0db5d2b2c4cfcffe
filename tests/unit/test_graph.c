/* test_graph.c - building, copying, printing, reading, verifying and deriving graphs.
 */
#include "graph/build.h"
#include "graph/derive.h"
#include "graph/text.h"
#include "interp/graph_interp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Every kind of line: inputs of all kinds, attributes of all kinds, constants of
 * several types, an index, marks, a region with two results, names that look generated.
 */
static const char whole[] =
    "dlir graph 1\n"
    "graph step batch 2 stage diff\n"
    "  image = input field \"image\" : u8[2, 3] batched\n"
    "  label = input field \"label\" : u8<10>[2] batched\n"
    "  w = input param \"net/dense/w\" : f32[3, 2]\n"
    "  key = input key : u32[2]\n"
    "  v4 = input iteration : u32[]\n"
    "  v5 = input sample : u32[]\n"
    "  v7. = constant {value=0.1, bound=0} : f32[]\n"
    "  c = constant {value=[[1.0, -2.5], [inf, 1e-07]], bound=0} : f32[2, 2]\n"
    "  d = constant {value=[1, 0], bound=2} : u8<2>[2]\n"
    "  e = constant {value=[true, false], bound=0} : bool[2]\n"
    "  x = cast image {dtype=f32} : f32[2, 3] batched\n"
    "  v11 = pad x {before=[0, 1], after=[0, 0], interior=[0, 0], value=-0.5} : f32[2, "
    "4]"
    " batched\n"
    "  r = random key, v4, v5 {stream=3, shape=[2], batched=1, batch=2} : f32[2, 2]"
    " batched\n"
    "  g = group x, w, r : f32[2, 2] (\n"
    "    x = input operand \"x\" : f32[2, 3] batched\n"
    "    w = input operand \"w\" : f32[3, 2]\n"
    "    r = input operand \"r\" : f32[2, 2] batched\n"
    "    h = dot x, w {transpose_a=0, transpose_b=0, a_zero=0} : f32[2, 2] batched\n"
    "    y = add h, r : f32[2, 2] batched\n"
    "    operand \"h\" = h\n"
    "    operand \"\" = y\n"
    "  )\n"
    "  h = result g {index=0} : f32[2, 2] batched\n"
    "  v15 = result g {index=1} : f32[2, 2] batched\n"
    "  output \"h\" = h\n"
    "  next \"net/dense/w\" = w\n"
    "  report \"a \\\"quoted\\\" name\" = v7.\n";

static const char *print(Arena *a, const Graph *g)
{
    Out o;
    out_init(&o, a);
    graph_print(g, &o);
    return out_text(&o);
}

static const char *without_comments(Arena *a, const char *text)
{
    Out o;
    out_init(&o, a);
    for (const char *p = text; *p;) {
        const char *end = strchr(p, '\n'), *comment = strstr(p, "   # ");
        const char *stop = comment && comment < end ? comment : end;
        out_write(&o, p, (size_t)(stop - p));
        out_puts(&o, "\n");
        p = end + 1;
    }
    return out_text(&o);
}

static Graph *read_text(Arena *a, const char *text, DiagSink *sink)
{
    Source *s = source_new(a, "test.dlir", "test.dlir", text, (uint32_t)strlen(text));
    Graph **g;
    int n;
    return graph_read(a, s, sink, &n, &g) && n == 1 ? g[0] : NULL;
}

static Graph *must_read(Arena *a, const char *text)
{
    DiagSink *sink = diag_sink_new(a);
    Graph *g = read_text(a, text, sink);
    if (!g)
        fail_msg("%s", diag_count(sink) ? diag_message(sink, 0) : "no graph");
    return g;
}

/* ---- text ------------------------------------------------------------------------ */

static void round_trip(void **state)
{
    Arena *a = *state;
    Graph *g = must_read(a, whole);
    assert_null(graph_verify(g, a));
    const char *once = print(a, g);
    assert_string_equal(without_comments(a, once), whole);
    Graph *again = must_read(a, once);
    assert_string_equal(without_comments(a, print(a, again)), whole);
    assert_true(graph_hash(g) == graph_hash(again));
    assert_non_null(strstr(once, "# test.dlir:3"));
    g->node.at[0]->batched = false;
    assert_true(graph_hash(g) != graph_hash(again));
}

static void two_graphs(void **state)
{
    Arena *a = *state;
    const char *text =
        "dlir graph 1\ngraph a batch 0 stage sample\n"
        "graph b batch 0 stage sample\n  x = input field \"x\" : f32[1]\n"
        "dlir graph 1\ngraph c batch 0 stage batched # comment\n";
    Source *s = source_new(a, "t", "t", text, (uint32_t)strlen(text));
    Graph **g;
    int n = 0;
    assert_true(graph_read(a, s, diag_sink_new(a), &n, &g));
    assert_int_equal(n, 3);
    assert_string_equal(g[1]->name, "b");
    assert_int_equal(g[1]->node.n, 1);
    assert_int_equal(g[2]->stage, STAGE_BATCHED);
}

/* Each cut or bent line is refused with one message, never a crash. */
static void refusals(void **state)
{
    Arena *a = *state;
    static const char *const body[] = {
        "x = inputt field \"x\" : f32[2]",
        "x = input fild \"x\" : f32[2]",
        "x = input field \"x\" : f33[2]",
        "x = input field \"x\" : f32[0]",
        "x = input field \"x\" : f32[99999999, 99999999]",
        "x = input field \"x\" : f32[1, 1, 1, 1, 1, 1, 1, 1, 1]",
        "x = input field \"x : f32[2]",
        "x = exp y : f32[2]",
        "x = input field \"x\" : f32[2]\n x = exp x : f32[2]",
        "x = input field \"x\" : f32[2]\n y = exp x, x : f32[2]",
        "x = input field \"x\" : f32[2]\n y = exp x : f32[3]",
        "x = input field \"x\" : i32[2]\n y = exp x : i32[2]",
        "x = input field \"x\" : f32[2]\n y = reduce_sum x {axis=[0]} : f32[]",
        "x = input field \"x\" : f32[2]\n y = reduce_sum x {axes=0} : f32[]",
        "x = input field \"x\" : f32[2]\n y = reduce_sum x {axes=[0.5]} : f32[]",
        "x = constant : f32[2]",
        "x = constant {value=[1, 2], bound=0} : f32[3]",
        "x = constant {value=[[1], [2, 3]], bound=0} : f32[2, 2]",
        "x = constant {value=[], bound=0} : f32[1]",
        "x = group : f32[2]",
        "x = group : f32[2] (\n",
        "output \"y\" = y",
        "result \"y\" = y",
        "x = result : f32[1]",
        "=",
    };
    for (size_t i = 0; i < sizeof body / sizeof *body; i++) {
        DiagSink *sink = diag_sink_new(a);
        const char *text =
            str_printf(a, "dlir graph 1\ngraph g batch 0 stage sample\n%s\n", body[i]);
        if (read_text(a, text, sink))
            fail_msg("accepted: %s", body[i]);
        if (diag_count(sink) != 1)
            fail_msg("%d messages: %s", diag_count(sink), body[i]);
    }
    size_t length = strlen(whole);
    for (size_t cut = 0; cut < length; cut++) { /* sound or refused, at any length */
        DiagSink *sink = diag_sink_new(a);
        Graph *g = read_text(a, str_copy(a, whole, cut), sink);
        if (!g && diag_count(sink) != 1)
            fail_msg("cut at %d: %d messages, %s, %s", (int)cut, diag_count(sink),
                     diag_message(sink, 0), diag_message(sink, 1));
        if (g)
            assert_null(graph_verify(g, a));
    }
}

/* Random edits: what is read is sound, what is not gets one message. */
static void edits(void **state)
{
    static const char letters[] = "0123456789-.,:=[]{}()<>\"\n abefilnotx#";
    uint32_t seed = 1;
    (void)state;
    size_t length = strlen(whole);
    int sound = 0;
    for (int i = 0; i < 16000; i++) {
        Arena *a = arena_create("edit");
        char *text = str_copy(a, whole, length);
        for (int j = 0; j <= i % 3; j++) {
            seed = seed * 1664525u + 1013904223u;
            size_t at = (seed >> 8) % length;
            seed = seed * 1664525u + 1013904223u;
            text[at] = letters[(seed >> 8) % (sizeof letters - 1)];
        }
        DiagSink *sink = diag_sink_new(a);
        Graph *g = read_text(a, text, sink);
        if (!g && diag_count(sink) != 1)
            fail_msg("%d messages for\n%s", diag_count(sink), text);
        if (g) {
            sound++;
            graph_verify(g, a); /* may object to a stage or a name, must not crash */
            print(a, g);
        }
        arena_destroy(a);
    }
    assert_in_range(sound, 100, 15000);
}

static void literals(void **state)
{
    Arena *a = *state;
    Tensor *t;
    assert_true(graph_read_literal(a, "[[1, -2], [3e2, inf]]", &t));
    assert_int_equal(t->shape.rank, 2);
    assert_true(t->at[2] == 300);
    assert_true(graph_read_literal(a, "index(300) [299]", &t));
    assert_int_equal(t->dtype, DTYPE_U16);
    assert_true(graph_read_literal(a, "true", &t));
    assert_int_equal(t->dtype, DTYPE_BOOL);
    assert_false(graph_read_literal(a, "[1, [2]]", &t));
    assert_false(graph_read_literal(a, "[1, 2", &t));
    assert_false(graph_read_literal(a, "1 2", &t));
    assert_false(graph_read_literal(a, "", &t));
}

static void picture(void **state)
{
    Arena *a = *state;
    Out o;
    out_init(&o, a);
    graph_print_dot(must_read(a, whole), &o);
    assert_non_null(strstr(out_text(&o), "digraph \"step\""));
    assert_non_null(strstr(out_text(&o), "n10 -> n13;"));
    assert_non_null(strstr(out_text(&o), "a \\\"quoted\\\" name"));
}

/* ---- verifier -------------------------------------------------------------------- */

static Node *find(Graph *g, const char *name)
{
    for (int i = 0; i < g->node.n; i++)
        if (g->node.at[i]->name && strcmp(g->node.at[i]->name, name) == 0)
            return g->node.at[i];
    fail_msg("no node %s", name);
    return NULL;
}

static void break_operand(Graph *g)
{
    find(g, "x")->in[0] = find(g, "r"); /* younger */
}

static void break_foreign(Graph *g)
{
    find(g, "x")->in[0] = find(g, "g")->body->node.at[0];
}

static void break_id(Graph *g)
{
    find(g, "w")->id = 7;
}

static void break_type(Graph *g)
{
    find(g, "x")->shape.dim[1] = 4;
}

static void break_attribute(Graph *g)
{
    attr_set(find(g, "x"), "dtype", (AttrValue){ .i = DTYPE_I32 });
}

static void break_name(Graph *g)
{
    find(g, "c")->name = "d";
}

static void break_stage(Graph *g)
{
    g->stage = STAGE_GROUPED;
}

static void break_mark(Graph *g)
{
    g->stage = STAGE_SAMPLE;
    find(g, "x")->batched = false;
}

static void break_count(Graph *g)
{
    find(g, "x")->n_in = 0;
}

static void break_region_type(Graph *g)
{
    find(g, "g")->body->node.at[3]->dtype = DTYPE_I32;
}

static void break_region_operands(Graph *g)
{
    find(g, "g")->n_in = 2;
}

static void break_region(Graph *g)
{
    find(g, "g")->body = NULL;
}

static void break_input_kind(Graph *g)
{
    attr_set(find(g, "w"), "kind", (AttrValue){ .i = INPUT_OPERAND });
}

static void break_result(Graph *g)
{
    g->result.at[0].value = find(g, "g")->body->node.at[3];
}

static void faults(void **state)
{
    static void (*const fault[])(Graph * g) = {
        break_operand,   break_foreign,     break_id,     break_type,
        break_attribute, break_name,        break_stage,  break_mark,
        break_count,     break_region_type, break_region, break_region_operands,
        break_result,    break_input_kind,
    };
    Arena *a = *state;
    for (size_t i = 0; i < sizeof fault / sizeof *fault; i++) {
        Graph *g = must_read(a, whole);
        assert_null(graph_verify(g, a));
        fault[i](g);
        const char *defects = graph_verify(g, a);
        if (!defects)
            fail_msg("fault %d is not seen", (int)i);
        assert_int_equal(defects[strlen(defects) - 1], '\n');
    }
}

/* ---- building -------------------------------------------------------------------- */

static void builders(void **state)
{
    Arena *a = *state;
    Graph *g = graph_new(a, "g");
    Node *x = build_input(g, INPUT_FIELD, "x", DTYPE_F32, shape_2(2, 3), 0, true);
    Node *b = build_input(g, INPUT_PARAM, "b", DTYPE_F32, shape_1(3), 0, false);
    Node *y = build_add(g, x, b);
    assert_true(y->batched);
    assert_true(node_is_op(y->in[1], "broadcast"));
    assert_ptr_equal(build_broadcast(g, x, x->shape), x);
    assert_ptr_equal(build_reshape(g, x, x->shape), x);
    assert_true(build_unary(g, &op_batch_mean, y)->shape.rank == 2);
    assert_false(build_unary(g, &op_batch_mean, y)->batched);
    DiagSink *sink = diag_sink_new(a);
    int before = g->node.n;
    Node *in[] = { x, b };
    assert_null(build_node(g, sink, &op_add, 2, in, NULL)); /* shapes differ */
    assert_int_equal(diag_count(sink), 1);
    assert_int_equal(g->node.n, before);
    assert_null(graph_verify(g, a));
}

static Node *double_it(Graph *to, const Node *n, Node *const *in, void *context)
{
    ++*(int *)context;
    return n->op == &op_exp ? build_add(to, in[0], in[0]) : NULL;
}

static void rebuild(void **state)
{
    Arena *a = *state;
    Graph *g = graph_new(a, "g");
    Node *x = build_input(g, INPUT_FIELD, "x", DTYPE_F32, shape_1(2), 0, false);
    build_input(g, INPUT_FIELD, "unused", DTYPE_F32, shape_1(2), 0, false);
    build_tanh(g, x);
    graph_add_result(g, RESULT_OUTPUT, "y", build_neg(g, build_exp(g, x)));
    int visited = 0;
    Graph *to = graph_rebuild(g, double_it, &visited, false);
    assert_int_equal(visited, 3);
    assert_int_equal(to->node.n, 3);
    assert_null(graph_verify(to, a));
    Tensor *value = tensor_new(a, DTYPE_F32, shape_1(2)), *input[3] = { value };
    value->at[0] = 1;
    assert_true(graph_evaluate(to, input, a)[0]->at[0] == -2);
    assert_int_equal(graph_rebuild(g, NULL, NULL, true)->node.n, 4);
}

/* ---- derivatives ----------------------------------------------------------------- */

/* y = x w + x; wrt a middle value, a leaf, and one that y does not depend on. */
static void derivatives(void **state)
{
    Arena *a = *state;
    Graph *g = graph_new(a, "g");
    Shape one = { 0 };
    Node *x = build_input(g, INPUT_FIELD, "x", DTYPE_F32, one, 0, false);
    Node *w = build_input(g, INPUT_PARAM, "w", DTYPE_F32, one, 0, false);
    Node *z = build_input(g, INPUT_PARAM, "z", DTYPE_F32, one, 0, false);
    Node *t = build_mul(g, x, x);
    Node *y =
        build_add(g, build_mul(g, t, w), build_add(g, t, build_stop_gradient(g, x)));
    Node *wrt[] = { t, w, z, x }, *d[4];
    graph_derive(g, 1, &y, NULL, 3, wrt, d);
    for (int i = 0; i < 3; i++)
        graph_add_result(g, RESULT_GRADIENT, "", d[i]);
    graph_derive(g, 1, &y, NULL, 1, &wrt[3], &d[3]);
    graph_add_result(g, RESULT_GRADIENT, "", d[3]);
    Tensor *value[3], *input[64] = { 0 };
    for (int i = 0; i < 3; i++) {
        value[i] = tensor_new(a, DTYPE_F32, one);
        value[i]->at[0] = i + 2; /* x 2, w 3, z 4 */
        input[i] = value[i];
    }
    assert_true(g->node.n < 64);
    Tensor **r = graph_evaluate(g, input, a);
    assert_true(r[0]->at[0] == 4); /* w + 1: x behind t is not entered */
    assert_true(r[1]->at[0] == 4); /* t */
    assert_true(r[2]->at[0] == 0);
    assert_true(r[3]->at[0] == 16); /* 2 x (w + 1) */
    assert_null(graph_verify(g, a));
}

/* relu'(0) = 0, and the other choice at a tie of min. */
static void ties(void **state)
{
    Arena *a = *state;
    Graph *g = graph_new(a, "g");
    Node *x = build_input(g, INPUT_FIELD, "x", DTYPE_F32, shape_1(3), 0, false);
    Node *y = build_max(g, x, build_scalar(g, 0)), *d;
    graph_derive(g, 1, &y, NULL, 1, &x, &d);
    graph_add_result(g, RESULT_GRADIENT, "x", d);
    Tensor *value = tensor_new(a, DTYPE_F32, shape_1(3)), *input[64] = { value };
    value->at[0] = -1;
    value->at[2] = 1;
    Tensor *r = graph_evaluate(g, input, a)[0];
    assert_true(r->at[0] == 0 && r->at[1] == 0 && r->at[2] == 1);
}

static int setup(void **state)
{
    *state = arena_create("test");
    return 0;
}

static int teardown(void **state)
{
    arena_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(two_graphs, setup, teardown),
        cmocka_unit_test_setup_teardown(refusals, setup, teardown),
        cmocka_unit_test(edits),
        cmocka_unit_test_setup_teardown(literals, setup, teardown),
        cmocka_unit_test_setup_teardown(picture, setup, teardown),
        cmocka_unit_test_setup_teardown(faults, setup, teardown),
        cmocka_unit_test_setup_teardown(builders, setup, teardown),
        cmocka_unit_test_setup_teardown(rebuild, setup, teardown),
        cmocka_unit_test_setup_teardown(derivatives, setup, teardown),
        cmocka_unit_test_setup_teardown(ties, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
