/* diff_test.c - random training steps: graph interpreter against loop interpreter.
 *
 *     diff_test FIRST COUNT [--programs] [--fault]
 *
 * Each seed (--programs: each function of each seed's program) is compiled without
 * optimization and with all passes, for c99 and for vector targets; every result must
 * agree with the graph in f64 within what f32 allows.
 * --fault breaks one kernel of each program on purpose and must find differences. */
#include "generate.h"
#include "graph/op.h"
#include "graph/text.h"
#include "interp/graph_interp.h"
#include "interp/loop_interp.h"
#include "loop/build.h"
#include "loop/text.h"
#include "passes/pipeline.h"
#include "support/map.h"
#include "support/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double tolerance = 4e-3;

typedef struct Case {
    Arena *arena;
    GeneratedKind kind;
    uint64_t seed;
    int function;
    Map *expected; /* "next/p", "report/loss" ... to Tensor */
    int differences;
} Case;

static PipelineOptions options(const char *target, int level, Out *log)
{
    PipelineOptions o = {
        .target = target_find(target), .level = level, .verify = true, .log = log
    };
    return o;
}

static const char *key_of(Arena *a, ResultKind kind, const char *path)
{
    static const char *const name[] = { "output",   "next",    "report",
                                        "gradient", "measure", "operand" };
    return str_printf(a, "%s/%s", name[kind], path);
}

/* Programs that divide by nothing compare nothing. */
static void expect_finite(Case *c, const Result *r, const Tensor *t)
{
    for (int64_t i = 0; i < shape_count(&t->shape); i++)
        if (!isfinite(t->at[i])) {
            printf("seed %llu: %s is not finite\n", (unsigned long long)c->seed,
                   r->path);
            c->differences++;
            return;
        }
}

/* What the graph means: batched and differentiated, evaluated in f64. */
static void evaluate_reference(Case *c)
{
    Generated made = generate(c->arena, c->kind, c->seed, c->function);
    Arena *scratch = arena_create("scratch");
    DiagSink *sink = diag_sink_new(c->arena);
    PipelineOptions o = options("c99", 0, NULL);
    o.only = "graph_batch,graph_autodiff";
    PipelineResult result;
    if (!pipeline_run(c->arena, scratch, made.graph, made.batch, &o, sink, &result)) {
        printf("seed %llu: refused\n", (unsigned long long)c->seed);
        exit(1);
    }
    const Graph *g = result.graph;
    Tensor **in = arena_array(c->arena, Tensor *, g->node.n);
    for (int i = 0; i < g->node.n; i++)
        if (g->node.at[i]->op == &op_input)
            in[i] = generate_input(c->arena, g->node.at[i], c->seed);
    Tensor **value = graph_evaluate(g, in, c->arena);
    c->expected = map_new(c->arena);
    for (int i = 0; i < g->result.n; i++) {
        const Result *r = &g->result.at[i];
        map_put(c->expected, key_of(c->arena, r->kind, r->path), value[i]);
        if (c->kind == GENERATED_PROGRAM)
            expect_finite(c, r, value[i]);
    }
    arena_destroy(scratch);
}

static void compare(Case *c, const char *how, const char *key, const Storage *s,
                    const void *at)
{
    const Tensor *want = map_find(c->expected, key);
    if (!want)
        return;
    double scale = 1e-2;
    for (int64_t i = 0; i < s->count; i++)
        if (isfinite(want->at[i]))
            scale = fmax(scale, fabs(want->at[i]));
    for (int64_t i = 0; i < s->count; i++) {
        double x = want->at[i], y = storage_element(s->dtype, at, i);
        if (fabs(x - y) <= tolerance * scale || (isnan(x) && isnan(y)) || x == y)
            continue;
        if (c->differences++ < 12)
            printf("seed %llu, %s: %s[%lld] is %.9g, should be %.9g\n",
                   (unsigned long long)c->seed, how, key, (long long)i, y, x);
        return;
    }
}

/* The first store of the last kernel that has one stores twice the value. */
static bool break_block(Kernel *k, Block *b)
{
    for (int i = 0; i < b->stmt.n; i++) {
        Stmt *s = b->stmt.at[i];
        if (s->kind == STMT_STORE && s->value->type.dtype == DTYPE_F32) {
            s->value = expr_add(k, s->value, s->value);
            return true;
        }
        if (break_block(k, &s->body) || break_block(k, &s->otherwise))
            return true;
    }
    return false;
}

static void break_program(Program *p)
{
    for (int i = p->call.n - 1; i >= 0; i--)
        if (break_block(p->call.at[i].kernel, &p->call.at[i].kernel->body))
            return;
}

static void run_program(Case *c, const Program *p, int team, const char *how)
{
    void **data = arena_array(c->arena, void *, p->storage.n);
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->kind == STORAGE_ARENA || s->kind == STORAGE_CONSTANT)
            continue;
        if (s->kind == STORAGE_OUTPUT)
            data[i] =
                arena_alloc_array(c->arena, (size_t)s->count, dtype_bytes(s->dtype));
        else
            data[i] = generate_storage(c->arena,
                                       generate_values(c->arena, s->path, s->dtype,
                                                       s->shape, s->bound, c->seed));
    }
    program_run(p, data, team, c->arena);
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->kind == STORAGE_OUTPUT)
            compare(c, how, s->path, s, data[i]);
        if (s->kind == STORAGE_PARAM || s->kind == STORAGE_STATE)
            compare(c, how, key_of(c->arena, RESULT_NEXT, s->path), s, data[i]);
    }
}

static void run_way(Case *c, const char *target, int level, bool fault)
{
    Arena *scratch = arena_create("scratch");
    Generated made = generate(c->arena, c->kind, c->seed, c->function);
    PipelineOptions o = options(target, level, NULL);
    if (getenv("DLC_TEST_CHECK_PASSES"))
        o.check_passes = 1;
    PipelineResult result;
    if (pipeline_run(c->arena, scratch, made.graph, made.batch, &o,
                     diag_sink_new(c->arena), &result)) {
        if (fault)
            break_program(result.program);
        const char *how =
            str_printf(c->arena, "function %d, %s -O%d", c->function, target, level);
        if (getenv("DLC_TEST_PRINT")) {
            Out out;
            out_init(&out, c->arena);
            graph_print(result.graph, &out);
            program_print(result.program, &out);
            printf("# %s\n%s\n", how, out_text(&out));
        }
        int team = o.target->is_host ? 1 + (int)(c->seed % 3) : 1;
        run_program(c, result.program, team, how);
    } else {
        printf("seed %llu: refused\n", (unsigned long long)c->seed);
        c->differences++;
    }
    arena_destroy(scratch);
}

/* False: there is no such function. */
static bool run_function(GeneratedKind kind, uint64_t seed, int function, bool fault,
                         int *differ)
{
    static const struct {
        const char *target;
        int level;
    } way[] = { { "c99", 0 },
                { "c99", 2 },
                { "x86_64_v2", 2 },
                { "x86_64_v4", 2 },
                { "cortex_m3", 2 } };
    Case c = { arena_create("case"), kind, seed, function, NULL, 0 };
    bool is_one = generate(c.arena, kind, seed, function).graph != NULL;
    if (is_one)
        evaluate_reference(&c);
    for (size_t i = 0; is_one && i < sizeof way / sizeof *way; i++)
        run_way(&c, way[i].target, way[i].level, fault);
    *differ += c.differences > 0;
    arena_destroy(c.arena);
    return is_one;
}

static void print_text(uint64_t seed)
{
    Arena *a = arena_create("text");
    printf("%s", generate_program_text(a, seed));
    arena_destroy(a);
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 100;
    bool fault = false;
    GeneratedKind kind = GENERATED_STEP;
    for (int i = 3; i < argc; i++) {
        fault |= !strcmp(argv[i], "--fault");
        if (!strcmp(argv[i], "--programs"))
            kind = GENERATED_PROGRAM;
    }
    if (getenv("DLC_TEST_SEEDS")) { /* of all three runs together */
        uint64_t most = strtoull(getenv("DLC_TEST_SEEDS"), NULL, 10) / 3 + 1;
        count = count < most ? count : most;
    }
    uint64_t failed = 0, functions = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        int differ = 0, function = 0;
        while (run_function(kind, seed, function, fault, &differ))
            function++;
        functions += (uint64_t)function;
        failed += differ > 0;
        if (kind == GENERATED_PROGRAM && differ > 0 && !fault)
            print_text(seed);
        fflush(stdout);
    }
    printf("%llu seeds, %llu functions, %llu differ\n", (unsigned long long)count,
           (unsigned long long)functions, (unsigned long long)failed);
    return fault ? failed != count : failed != 0;
}
