/* diff_test.c - random training steps: graph interpreter against loop interpreter.
 *
 *     diff_test FIRST COUNT [--fault]
 *
 * Each seed is compiled without optimization and with all passes, for c99 and for
 * vector targets; every result must agree with the graph in f64 within what f32 allows.
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
    uint64_t seed;
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

/* What the graph means: batched and differentiated, evaluated in f64. */
static void evaluate_reference(Case *c)
{
    Generated made = generate_step(c->arena, c->seed);
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

static int run_seed(uint64_t seed, bool fault)
{
    static const struct {
        const char *target;
        int level;
    } way[] = { { "c99", 0 },
                { "c99", 2 },
                { "x86_64_v2", 2 },
                { "x86_64_v4", 2 },
                { "cortex_m3", 2 } };
    Case c = { .arena = arena_create("case"), .seed = seed };
    evaluate_reference(&c);
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        Arena *scratch = arena_create("scratch");
        Generated made = generate_step(c.arena, seed);
        DiagSink *sink = diag_sink_new(c.arena);
        PipelineOptions o = options(way[i].target, way[i].level, NULL);
        if (getenv("DLC_TEST_CHECK_PASSES"))
            o.check_passes = 1;
        PipelineResult result;
        if (pipeline_run(c.arena, scratch, made.graph, made.batch, &o, sink, &result)) {
            if (fault)
                break_program(result.program);
            const char *how =
                str_printf(c.arena, "%s -O%d", way[i].target, way[i].level);
            if (getenv("DLC_TEST_PRINT")) {
                Out out;
                out_init(&out, c.arena);
                graph_print(result.graph, &out);
                program_print(result.program, &out);
                printf("# %s\n%s\n", how, out_text(&out));
            }
            int team = o.target->is_host ? 1 + (int)(seed % 3) : 1;
            run_program(&c, result.program, team, how);
        } else {
            printf("seed %llu: refused\n", (unsigned long long)seed);
            c.differences++;
        }
        arena_destroy(scratch);
    }
    int differences = c.differences;
    arena_destroy(c.arena);
    return differences > 0;
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 100;
    bool fault = argc > 3 && !strcmp(argv[3], "--fault");
    if (getenv("DLC_TEST_SEEDS")) { /* of all three runs together */
        uint64_t most = strtoull(getenv("DLC_TEST_SEEDS"), NULL, 10) / 3 + 1;
        count = count < most ? count : most;
    }
    uint64_t failed = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        failed += (uint64_t)run_seed(seed, fault);
        fflush(stdout);
    }
    printf("%llu seeds, %llu differ\n", (unsigned long long)count,
           (unsigned long long)failed);
    return fault ? failed != count : failed != 0;
}
