/* test_elaborate.c - what elaboration makes of programs: tables, paths, graphs, and the
 * numbers those graphs compute. */
#include "front/module.h"
#include "graph/op.h"
#include "graph/text.h"
#include "interp/graph_interp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct Fixture {
    Arena *arena;
    DiagSink *sink;
} Fixture;

static int setup(void **state)
{
    static Fixture f;
    f.arena = arena_create("test");
    f.sink = diag_sink_new(f.arena);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    Fixture *f = *state;
    arena_destroy(f->arena);
    return 0;
}

static Module *try_elaborate(Fixture *f, const char *text)
{
    ElaborateOptions options = { .load = NULL };
    f->sink = diag_sink_new(f->arena);
    Source *s = source_new(f->arena, "t.dl", "t.dl", text, (uint32_t)strlen(text));
    Ast *tree = ast_parse(f->arena, s, f->sink);
    return tree == NULL ? NULL : elaborate(f->arena, s, tree, &options, f->sink);
}

static void verify(Fixture *f, const Graph *g)
{
    const char *defects = g == NULL ? NULL : graph_verify(g, f->arena);
    if (defects != NULL)
        fail_msg("%s: %s", g->name, defects);
}

/* Elaborates without a message, and every graph is sound. */
static Module *module_of(Fixture *f, const char *text)
{
    Module *m = try_elaborate(f, text);
    if (m == NULL)
        fail_msg("%s",
                 diag_count(f->sink) > 0 ? diag_message(f->sink, 0) : "no message");
    verify(f, m->init);
    for (int i = 0; i < m->net.n; i++)
        verify(f, m->net.at[i]->graph);
    for (int i = 0; i < m->train.n; i++) {
        const ModuleTrain *t = m->train.at[i];
        verify(f, t->step);
        verify(f, t->eval);
        verify(f, t->grad);
        verify(f, t->apply);
        verify(f, t->measure);
    }
    return m;
}

static const char *read_file(Fixture *f, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = arena_alloc(f->arena, 1 << 16);
    size_t n = fread(text, 1, (1 << 16) - 1, file);
    fclose(file);
    text[n] = '\0';
    return text;
}

static int64_t count_of(const Module *m, const ModuleNet *net, TensorRole role)
{
    int64_t n = 0;
    for (int i = 0; i < net->tensor.n; i++) {
        const ModuleTensor *t = module_tensor(m, net->tensor.at[i]);
        assert_non_null(t);
        if (t->role == role)
            n += shape_count(&t->shape);
    }
    return n;
}

/* ---- evaluating ------------------------------------------------------------------ */

typedef struct Input {
    const char *path;
    const double *at; /* NULL: all are `fill` */
    double fill;
} Input;

/* The graph's only-result copy, so that grad nodes elsewhere are cut away. */
static Tensor *evaluate(Fixture *f, const Graph *g, ResultKind kind, const char *path,
                        const Input *inputs)
{
    Graph one = *g;
    Result *result = NULL;
    for (int i = 0; i < g->result.n; i++)
        if (g->result.at[i].kind == kind && str_equal(g->result.at[i].path, path))
            result = &g->result.at[i];
    assert_non_null(result);
    one.result.at = result;
    one.result.n = 1;
    Graph *cut = graph_rebuild(&one, NULL, NULL, false);
    Tensor **in = arena_array(f->arena, Tensor *, cut->node.n);
    for (int i = 0; i < cut->node.n; i++) {
        const Node *n = cut->node.at[i];
        if (n->op != &op_input)
            continue;
        in[i] = tensor_new(f->arena, n->dtype, n->shape);
        const char *name = attr_text(n, "path");
        const Input *from = inputs;
        while (from->path != NULL && !str_equal(from->path, name))
            from++;
        if (from->path == NULL)
            fail_msg("no input %s", name);
        for (int64_t k = 0; k < shape_count(&n->shape); k++)
            in[i]->at[k] = from->at != NULL ? from->at[k] : from->fill;
    }
    return graph_evaluate(cut, in, f->arena)[0];
}

/* ---- tables ---------------------------------------------------------------------- */

static void test_counts_and_paths(void **state)
{
    Fixture *f = *state;
    Module *m = module_of(f, read_file(f, DLC_TESTS "/examples/04_mnist_cnn.dl"));
    static const char *const paths[] = { "lenet/conv1/w",  "lenet/conv1/b",
                                         "lenet/conv2/w",  "lenet/conv2/b",
                                         "lenet/dense1/w", "lenet/dense1/b",
                                         "lenet/dense2/w", "lenet/dense2/b" };
    assert_int_equal(m->net.at[0]->tensor.n, 8);
    for (int i = 0; i < 8; i++)
        assert_string_equal(m->net.at[0]->tensor.at[i], paths[i]);
    assert_int_equal(count_of(m, m->net.at[0], ROLE_PARAM), 1199882);
    const ModuleTrain *t = m->train.at[0];
    assert_int_equal(t->epochs, 12);
    assert_int_equal(t->batch, 128);
    assert_true(t->stop.set && t->keep.set);
    assert_int_equal(t->stop.patience, 3);
    assert_string_equal(t->report[t->stop.report].name, "loss");
    assert_string_equal(t->report[t->keep.report].name, "acc");
    assert_true(t->report[t->keep.report].larger_is_better);
    assert_false(t->report[0].larger_is_better);
    assert_int_equal(t->class_net, 0);
    assert_int_equal(t->class_field, 1);
    assert_int_equal(t->data->split[SPLIT_VALID].kind, SOURCE_TAKE);
    assert_int_equal(t->data->split[SPLIT_VALID].count, 5000);
    assert_int_equal(m->deploy.at[0]->ram_bytes, 128 * 1024);
    assert_int_equal(m->deploy.at[0]->quantize, QUANTIZE_INT8);
}

/* ResNet-8's net (He et al. 2016): 78,186 parameters and 480 batchnorm statistics. */
static void test_resnet(void **state)
{
    Fixture *f = *state;
    const char *text = read_file(f, DLC_TESTS "/examples/06_resnet8.dl");
    const char *from = strstr(text, "def cbr"), *to = strstr(text, "train on");
    Module *m = module_of(f, str_copy(f->arena, from, (size_t)(to - from)));
    assert_int_equal(count_of(m, m->net.at[0], ROLE_PARAM), 78186);
    assert_int_equal(count_of(m, m->net.at[0], ROLE_STATE), 480);
    assert_non_null(module_tensor(m, "resnet8/resblock2/conv1/w"));
    assert_non_null(module_tensor(m, "resnet8/resblock2/cbr1/batchnorm1/mu"));
}

static void test_layer_paths(void **state)
{
    Fixture *f = *state;
    Module *m = module_of(f, "net n(a: f32[4], b: f32[4]) -> y: f32[3] {\n"
                             "    layer enc = dense(3)\n"
                             "    layer two = dense(5, relu) |> dense(3)\n"
                             "    y = enc(a) + enc(b) + two(a)\n"
                             "}\n");
    assert_int_equal(m->net.at[0]->tensor.n, 6);
    assert_non_null(module_tensor(m, "n/enc/w"));
    assert_non_null(module_tensor(m, "n/two/dense1/w"));
    assert_non_null(module_tensor(m, "n/two/dense2/b"));
}

static const char *const xor_text =
    "data gates(x: f32[2], y: f32[1]) {\n"
    "    train: rows([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])\n"
    "}\n"
    "net xor(x: f32[2]) -> p: f32[1] = x |> dense(8, tanh) |> dense(1, sigmoid)\n"
    "train on gates {\n"
    "    steps: 2000\n"
    "    batch: 4\n"
    "    minimize bce(xor(x), y) using adam(lr=0.05)\n"
    "}\n";

static int results_of(const Graph *g, ResultKind kind)
{
    int n = 0;
    for (int i = 0; i < g->result.n; i++)
        n += g->result.at[i].kind == kind;
    return n;
}

static void test_step_results(void **state)
{
    Fixture *f = *state;
    Module *m = module_of(f, xor_text);
    const ModuleTrain *t = m->train.at[0];
    assert_int_equal(results_of(t->step, RESULT_NEXT),
                     12); /* 4 params, m and v of each */
    assert_int_equal(results_of(t->step, RESULT_REPORT), 1);
    assert_int_equal(results_of(t->eval, RESULT_NEXT), 0);
    assert_int_equal(results_of(t->grad, RESULT_GRADIENT), 4);
    assert_int_equal(results_of(t->grad, RESULT_NEXT), 0);
    assert_int_equal(results_of(t->apply, RESULT_NEXT), 12);
    assert_int_equal(results_of(m->init, RESULT_NEXT), 12);
    assert_null(t->measure);
    assert_int_equal(m->tensor.n, 12);
    assert_int_equal(m->tensor.at[3].role, ROLE_PARAM);
    assert_string_equal(m->tensor.at[4].path, "minimize1/adam/m/xor/dense1/w");
    assert_int_equal(t->data->split[SPLIT_TRAIN].n_rows, 4);
    assert_true(t->data->split[SPLIT_TRAIN].rows[5] == 1);
}

static void test_measure(void **state)
{
    Fixture *f = *state;
    Module *m = module_of(f, "data d(x: f32[3], y: f32) { train: csv(\"a.csv\") }\n"
                             "net n(x: f32[3]) -> y: f32 = "
                             "x |> standardize |> dense(1) |> squeeze\n"
                             "train on d { minimize mse(n(x), y) using sgd }\n");
    const ModuleTrain *t = m->train.at[0];
    assert_non_null(t->measure);
    assert_int_equal(results_of(t->measure, RESULT_MEASURE), 2);
    assert_int_equal(module_tensor(m, "n/standardize1/mu")->measure, MEASURE_MEAN);
    assert_int_equal(module_tensor(m, "n/standardize1/var")->measure, MEASURE_VAR);
}

/* ---- losses ---------------------------------------------------------------------- */

static void test_cross_entropy(void **state)
{
    Fixture *f = *state;
    Module *m =
        module_of(f, "data d(x: f32[3], y: index(3)) { train: csv(\"a.csv\") }\n"
                     "net n(x: f32[3]) -> p: f32[3] {\n"
                     "    param w: [3] = zeros\n"
                     "    p = softmax(x + w)\n"
                     "}\n"
                     "train on d {\n"
                     "    p = n(x)\n"
                     "    minimize cross_entropy(p, y) using sgd\n"
                     "    metric acc = accuracy(p, y)\n"
                     "}\n");
    const Graph *g = m->train.at[0]->eval;
    const double x[] = { 1, 2, 3 }, far[] = { 1000, 0, -1000 };
    Input in[] = { { "x", x, 0 }, { "y", NULL, 1 }, { "n/w", NULL, 0 }, { NULL } };
    double expected = log(exp(1) + exp(2) + exp(3)) - 2;
    assert_true(fabs(evaluate(f, g, RESULT_REPORT, "loss", in)->at[0] - expected) <
                1e-12);
    assert_true(evaluate(f, g, RESULT_REPORT, "acc", in)->at[0] == 0);
    in[1].fill = 2;
    assert_true(evaluate(f, g, RESULT_REPORT, "acc", in)->at[0] == 1);
    in[0].at = far; /* the stable form: the loss is finite where p underflows */
    assert_true(evaluate(f, g, RESULT_REPORT, "loss", in)->at[0] == 2000);
    Tensor *p = evaluate(f, m->net.at[0]->graph, RESULT_OUTPUT, "p", in);
    assert_true(p->at[0] == 1 && p->at[1] == 0);
    assert_true(m->net.at[0]->output[0].simplex);
}

static void test_bce(void **state)
{
    Fixture *f = *state;
    Module *m = module_of(f, xor_text);
    const double x[] = { 0, 0 };
    Input in[] = { { "x", x, 0 },
                   { "y", NULL, 0 },
                   { "xor/dense1/w", NULL, 0 },
                   { "xor/dense1/b", NULL, 0 },
                   { "xor/dense2/w", NULL, 0 },
                   { "xor/dense2/b", NULL, 800 },
                   { NULL } };
    const Graph *g = m->train.at[0]->eval;
    assert_true(evaluate(f, g, RESULT_REPORT, "loss", in)->at[0] == 800);
    in[1].fill = 1;
    assert_true(evaluate(f, g, RESULT_REPORT, "loss", in)->at[0] == 0);
    in[5].fill = 0;
    double loss = evaluate(f, g, RESULT_REPORT, "loss", in)->at[0];
    assert_true(fabs(loss - log(2)) < 1e-12);
}

/* p log p at 0 is 0. */
static void test_xlogx(void **state)
{
    Fixture *f = *state;
    Module *m = module_of(f, "net n(p: f32[2]) -> h: f32 = -sum(p * log(p))\n");
    const double p[] = { 0, 1 };
    Input in[] = { { "p", p, 0 }, { NULL } };
    assert_true(evaluate(f, m->net.at[0]->graph, RESULT_OUTPUT, "h", in)->at[0] == 0);
}

/* ---- batchnorm ------------------------------------------------------------------- */

static void test_batchnorm(void **state)
{
    Fixture *f = *state;
    Module *m =
        module_of(f, "data d(x: f32[2, 2, 1], y: f32) { train: csv(\"a.csv\") }\n"
                     "net n(x: f32[2, 2, 1]) -> y: f32 = "
                     "x |> batchnorm(momentum=0.9) |> mean\n"
                     "train on d { minimize mse(n(x), y) using sgd }\n");
    const Graph *g = m->train.at[0]->step;
    const double x[] = { 1, 2, 3, 6 }; /* mean 3, variance (4 + 1 + 0 + 9) / 4 = 3.5 */
    Input in[] = { { "x", x, 0 },
                   { "n/batchnorm1/mu", NULL, 1 },
                   { "n/batchnorm1/var", NULL, 1 },
                   { NULL } };
    Tensor *mu = evaluate(f, g, RESULT_NEXT, "n/batchnorm1/mu", in);
    Tensor *var = evaluate(f, g, RESULT_NEXT, "n/batchnorm1/var", in);
    assert_true(fabs(mu->at[0] - (0.9 * 1 + 0.1 * 3)) < 1e-7);
    assert_true(fabs(var->at[0] - (0.9 * 1 + 0.1 * 3.5)) < 1e-7);
}

/* ---- optimizers ------------------------------------------------------------------ */

static Module *optimizer_module(Fixture *f, const char *defs, const char *using)
{
    return module_of(f,
                     str_printf(f->arena,
                                "%s"
                                "data d(x: f32[2], y: f32) { train: csv(\"a.csv\") }\n"
                                "net n(x: f32[2]) -> y: f32 {\n"
                                "    param w: [2] = ones\n"
                                "    y = dot(x, w)\n"
                                "}\n"
                                "train on d { minimize mse(n(x), y) using %s }\n",
                                defs, using));
}

static double updated(Fixture *f, const Module *m, const char *path, Input *in)
{
    return evaluate(f, m->train.at[0]->apply, RESULT_NEXT, path, in)->at[0];
}

/* The first two steps by hand (Kingma and Ba 2015, algorithm 1). */
static void test_adam(void **state)
{
    Fixture *f = *state;
    Module *m = optimizer_module(f, "", "adam(lr=0.1)");
    double w = 1, mean = 0, square = 0;
    for (int step = 1; step <= 2; step++) {
        double g = step == 1 ? 0.5 : -2;
        /* the param and its gradient share a path; both read the same list */
        Graph *a = m->train.at[0]->apply;
        for (int i = 0; i < a->node.n; i++)
            if (node_is_input(a->node.at[i], INPUT_GRADIENT))
                attr_set(a->node.at[i], "path", (AttrValue){ .text = "g" });
        Input in[] = { { "n/w", NULL, w },
                       { "g", NULL, g },
                       { "step", NULL, step },
                       { "minimize1/adam/m/n/w", NULL, mean },
                       { "minimize1/adam/v/n/w", NULL, square },
                       { NULL } };
        double m2 = 0.9 * mean + 0.1 * g, v2 = 0.999 * square + 0.001 * g * g;
        double up = m2 / (1 - pow(0.9, step));
        double down = sqrt(v2 / (1 - pow(0.999, step))) + 1e-7;
        assert_true(fabs(updated(f, m, "n/w", in) - (w - 0.1 * up / down)) < 1e-6);
        assert_true(fabs(updated(f, m, "minimize1/adam/m/n/w", in) - m2) < 1e-7);
        assert_true(fabs(updated(f, m, "minimize1/adam/v/n/w", in) - v2) < 1e-7);
        w -= 0.1 * up / down;
        mean = m2;
        square = v2;
    }
}

static double step_once(Fixture *f, const char *using, double g, double step)
{
    Module *m = optimizer_module(f, "", using);
    Graph *a = m->train.at[0]->apply;
    VEC(Input) in = { 0 };
    for (int i = 0; i < a->node.n; i++) {
        Node *n = a->node.at[i];
        if (node_is_input(n, INPUT_GRADIENT))
            attr_set(n, "path", (AttrValue){ .text = "g" });
        if (n->op == &op_input) {
            const char *path = attr_text(n, "path");
            double x = str_equal(path, "g")      ? g
                       : str_equal(path, "n/w")  ? 1
                       : str_equal(path, "step") ? step
                                                 : 0;
            vec_push(f->arena, &in, ((Input){ path, NULL, x }));
        }
    }
    vec_push(f->arena, &in, ((Input){ NULL, NULL, 0 }));
    return updated(f, m, "n/w", in.at);
}

#define ABOUT(x, y) assert_true(fabs((x) - (y)) < 1e-6)

static void test_first_steps(void **state)
{
    Fixture *f = *state;
    ABOUT(step_once(f, "sgd(lr=0.1)", 2, 1), 0.8);
    ABOUT(step_once(f, "sgd(lr=0.1, decay=0.5)", 2, 1), 1 - 0.1 * 2.5);
    ABOUT(step_once(f, "sgd(lr=0.1, momentum=0.9, nesterov=true)", 2, 1),
          1 - 0.1 * 3.8);
    ABOUT(step_once(f, "rmsprop(lr=0.1)", 2, 1), 1 - 0.1 * 2 / (sqrt(0.4) + 1e-7));
    ABOUT(step_once(f, "adagrad(lr=0.1)", 2, 1), 0.9);
    ABOUT(step_once(f, "adamw(lr=0.1, decay=0.5)", 2, 1), 1 - 0.1 * (1 + 0.5));
    ABOUT(step_once(f, "lion(lr=0.1)", 2, 1), 0.9);
    /* both elements are 2: the norm is sqrt(8) */
    ABOUT(step_once(f, "sgd(lr=1.0, clip=1.0)", 2, 1), 1 - 2 / sqrt(8));
    ABOUT(step_once(f, "sgd(lr=1.0, clip=10.0)", 2, 1), -1);
    ABOUT(step_once(f, "sgd(lr=1.0, clip_value=0.5)", 2, 1), 0.5);
    ABOUT(step_once(f, "sgd(lr=exponential(0.1, rate=0.5, every=10))", 2, 20),
          1 - 0.1 * 0.25 * 2);
    ABOUT(step_once(f, "sgd(lr=decay(0.1, rate=1.0))", 2, 3), 1 - 0.1 / 4 * 2);
}

static bool same_nodes(const Graph *a, const Graph *b)
{
    bool same = a->node.n == b->node.n;
    for (int i = 0; same && i < a->node.n; i++) {
        const Node *p = a->node.at[i], *q = b->node.at[i];
        same =
            p->op == q->op && p->n_in == q->n_in && shape_equal(&p->shape, &q->shape);
        for (int k = 0; same && k < p->n_in; k++)
            same = p->in[k]->id == q->in[k]->id;
    }
    return same;
}

/* Nothing is known by name: a copy of a library def under another name is the same. */
static void test_copies(void **state)
{
    Fixture *f = *state;
    Module *ours = optimizer_module(f, "", "adagrad(lr=0.1)");
    Module *copy = optimizer_module(
        f,
        "def mine(w: [..], g: [..], lr: schedule = 0.01, eps = 1e-10) -> next: [..] {\n"
        "    state a: [..] = zeros\n"
        "    a2 = a + g ** 2\n"
        "    a <- a2\n"
        "    next = w - lr * g / (sqrt(a2) + eps)\n"
        "}\n",
        "mine(lr=0.1)");
    assert_true(same_nodes(ours->train.at[0]->step, copy->train.at[0]->step));
    assert_non_null(module_tensor(copy, "minimize1/mine/a/n/w"));
    Module *a = module_of(f, "net n(x: f32[4]) -> y: f32[4] = x |> elu\n");
    Module *b = module_of(f, "def bend(x, alpha = 1.0) =\n"
                             "    where(x > 0, x, alpha * expm1(minimum(x, 0)))\n"
                             "net n(x: f32[4]) -> y: f32[4] = x |> bend\n");
    assert_true(same_nodes(a->net.at[0]->graph, b->net.at[0]->graph));
    assert_true(graph_hash(a->net.at[0]->graph) == graph_hash(b->net.at[0]->graph));
}

/* A regularizer joins the loss that trains its parameter, and not the report. */
static void test_regularizer(void **state)
{
    Fixture *f = *state;
    Module *m =
        module_of(f, "data d(x: f32[2], y: f32[1]) { train: csv(\"a.csv\") }\n"
                     "net n(x: f32[2]) -> y: f32[1] = x |> dense(1, reg=l2(0.5))\n"
                     "train on d { minimize mse(n(x), y) using sgd }\n");
    const Graph *g = m->train.at[0]->grad;
    const Node *target = NULL, *report = NULL;
    for (int i = 0; i < g->node.n; i++)
        if (g->node.at[i]->op == &op_grad)
            target = g->node.at[i]->in[0];
    for (int i = 0; i < g->result.n; i++)
        if (g->result.at[i].kind == RESULT_REPORT)
            report = g->result.at[i].value;
    assert_non_null(target);
    assert_ptr_equal(target->op, &op_add);
    assert_ptr_equal(report->op, &op_batch_mean);
}

/* ---- errors ---------------------------------------------------------------------- */

static void test_several_errors(void **state)
{
    Fixture *f = *state;
    assert_null(try_elaborate(f, "net a(x: f32[4]) -> y: f32[4] = x |> con(3)\n"
                                 "net b(x: f32[4]) -> y: f32[3] = x\n"
                                 "net c(x: f32[4]) -> y: f32[4] = a(x)\n"
                                 "deploy b { target: cortex_m5 }\n"));
    static const DiagId expected[] = { DIAG_UNDEFINED, DIAG_DECLARED, DIAG_TARGET };
    assert_int_equal(diag_count(f->sink), 3); /* c calls a: silent */
    for (int i = 0; i < 3; i++)
        assert_int_equal(diag_id(f->sink, i), expected[i]);
}

typedef struct Wrong {
    const char *text;
    DiagId id;
} Wrong;

static void test_errors(void **state)
{
    Fixture *f = *state;
#define NET "net n(x: f32[4]) -> y: f32[4] "
    static const Wrong wrong[] = {
        { "def f(x) = f(x) + f(x)\n" NET "= f(x)\n", DIAG_RECURSION },
        { NET "{ y = x\n repeat 1000000000 { y = y + 1 } }\n", DIAG_RECURSION },
        { "net n(x: f32[99999999999]) -> y: f32 = sum(x)\n", DIAG_ATTRIBUTE },
        { NET "= x |> dense(2000000000) |> dense(4)\n", DIAG_ATTRIBUTE },
        { NET "= x * 2 ** 100\n", DIAG_ARGUMENT_COUNT },
        { "data d(x: f32[4]) { train: csv(\"a\") }\n" NET
          "{ state h: [4] = zeros\n h <- x\n y = x + h }\n"
          "train on d { minimize mse(n(x), x) using sgd }\n",
          DIAG_BATCHED_STATE },
        { NET "{ param w: [4] = zeros\n param w: [4] = zeros\n y = x * w }\n",
          DIAG_TWICE },
        { NET "{ epochs: 3\n y = x }\n", DIAG_STRAY_SETTING },
        { NET "{ minimize x using adam\n y = x }\n", DIAG_STRAY_STATEMENT },
        { NET "{ if training { param w: [4] = zeros\n y = x * w } else { y = x } }\n",
          DIAG_ATTRIBUTE },
        { NET "= x[1..9]\n", DIAG_INDEX_RANGE },
        { NET "= max(x, axis=3) + x\n", DIAG_INDEX_RANGE },
        { NET "= q\n", DIAG_UNDEFINED },
        { NET "{ a, b = x\n y = x }\n", DIAG_UNPACK },
        { NET "{ y = x\n y <- x }\n", DIAG_NOT_STATE },
        { NET "= x @ x @ x\n", DIAG_INNER_DIMS },
        { NET "= sum(x) |> scan(relu)\n", DIAG_PATTERN },
        { "import std.nothing\n" NET "= x\n", DIAG_MODULE },
        { "const A = 1\nconst A = 2\n" NET "= x\n", DIAG_TWICE },
        { "data d(x: f32[4]) { valid: csv(\"a\") }\n", DIAG_SPLIT },
        { "data d(x: f32[4]) { train: rows([[1, 2]]) }\n", DIAG_SETTING_KIND },
        { "deploy n { target: c99 }\n", DIAG_UNDEFINED },
        { "data d(x: f32[4]) { train: csv(\"a\") }\n" NET "= x |> dense(4)\n"
          "train on d { keep: best(valid.loss)\n minimize mse(n(x), x) using sgd }\n",
          DIAG_MONITOR },
        { "data d(x: f32[4]) { train: csv(\"a\") }\n" NET "= x |> dense(4)\n"
          "train on d { minimize sum(x) using sgd }\n",
          DIAG_NOTHING_TO_TRAIN },
        { "data d(x: f32[4]) { train: csv(\"a\") }\n" NET "= x |> dense(4)\n"
          "train on d { minimize mse(n(x), x) using relu }\n",
          DIAG_NOTHING_TO_TRAIN },
        { "data d(x: f32[4]) { train: csv(\"a\") }\n" NET "= x |> dense(4)\n"
          "train on d { epochs: 0\n minimize mse(n(x), x) using sgd }\n",
          DIAG_SETTING_KIND },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (try_elaborate(f, wrong[i].text) != NULL)
            fail_msg("no error: %s", wrong[i].text);
        if (diag_id(f->sink, 0) != wrong[i].id)
            fail_msg("%s: %s", wrong[i].text, diag_message(f->sink, 0));
    }
}

static void test_prefix(void **state)
{
    Fixture *f = *state;
    assert_string_equal(module_prefix(f->arena, "models/04_mnist_cnn.dl"), "mnist_cnn");
    assert_string_equal(module_prefix(f->arena, "a/b/x-y.dl"), "x_y");
    assert_string_equal(module_prefix(f->arena, "01.dl"), "model");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_counts_and_paths),
        TEST(test_resnet),
        TEST(test_layer_paths),
        TEST(test_step_results),
        TEST(test_measure),
        TEST(test_cross_entropy),
        TEST(test_bce),
        TEST(test_xlogx),
        TEST(test_batchnorm),
        TEST(test_adam),
        TEST(test_first_steps),
        TEST(test_copies),
        TEST(test_regularizer),
        TEST(test_several_errors),
        TEST(test_errors),
        TEST(test_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
