/* check.c - --check-passes: translation validation with the interpreters.
 *
 * The reference is what the graph computes (in f64) at the first stage that can be
 * evaluated, when autodiff has run; every later graph and the program must agree on the
 * same random inputs: graphs up to the rounding of folded constants, programs up to
 * that of f32 arithmetic.
 *
 * Source: Pnueli, Siegel, Singerman: Translation validation (TACAS 1998). */
#include "graph/op.h"
#include "interp/element.h"
#include "interp/graph_interp.h"
#include "interp/loop_interp.h"
#include "ops/extern.h"
#include "passes/pass.h"
#include "support/hash.h"
#include "support/str.h"

#include <math.h>
#include <string.h>

enum { KEY_MAX = 256 };

static const double graph_tolerance = 1e-5, program_tolerance = 2e-3;

struct Check {
    Arena *arena;
    int runs;
    Map **expected; /* by run: result key to Tensor; NULL: no reference yet */
};

/* ---- inputs ---------------------------------------------------------------------- */

static double random_value(DType dtype, int64_t bound, const char *path,
                           uint64_t *state)
{
    double u = (double)(hash_next(state) >> 40) / (double)(1 << 24);
    if (bound > 0)
        return floor(u * (double)bound);
    if (dtype == DTYPE_BOOL)
        return u < 0.5;
    if (!dtype_is_float(dtype))
        return floor(u * 100);
    if (str_equal(path, "step") || str_equal(path, "epoch") ||
        str_equal(path, "steps_per_epoch") || str_equal(path, "total_steps") ||
        str_equal(path, "lr_scale"))
        return 1 + floor(u * 4);
    /* Variances, and what an optimizer keeps: a root of the second moments is taken. */
    if (str_ends(path, "var") || strstr(path, "minimize"))
        return dtype_round(dtype, 0.05 + u);
    return dtype_round(dtype, 2 * u - 1);
}

/* Sums over a matrix or a filter stay of order 1, as where training begins: loops over
 * time with larger ones are chaotic, and no two roundings of them agree. */
static double random_scale(Shape shape)
{
    return shape.rank < 2
               ? 1
               : sqrt((double)shape.dim[shape.rank - 1] / (double)shape_count(&shape));
}

static Tensor *random_tensor(const Check *c, const char *path, DType dtype, Shape shape,
                             int64_t bound, bool is_param, int run)
{
    Tensor *t = tensor_new(c->arena, dtype, shape);
    uint64_t state = hash_bytes(HASH_START, path, strlen(path)) + (uint64_t)run;
    double scale = is_param && dtype_is_float(dtype) ? random_scale(shape) : 1;
    for (int64_t i = 0; i < shape_count(&shape); i++) {
        double v = random_value(dtype, bound, path, &state);
        t->at[i] = is_param ? dtype_round(dtype, v * scale) : v;
    }
    return t;
}

static const char *input_path(const Node *n)
{
    switch ((InputKind)attr_int(n, "kind")) {
    case INPUT_KEY:
        return "key";
    case INPUT_ITERATION:
        return "iteration";
    case INPUT_SAMPLE:
        return "sample";
    default:
        return attr_text(n, "path") ? attr_text(n, "path") : "";
    }
}

/* ---- results --------------------------------------------------------------------- */

static const char *result_key(Arena *a, const Result *r)
{
    static const char *const kind[] = { "output",   "next",    "report",
                                        "gradient", "measure", "operand" };
    return str_printf(a, "%s/%s", kind[r->kind], r->path ? r->path : "");
}

/* NULL: equal within tolerance of the largest element. */
static const char *compare(Arena *a, const char *key, const Tensor *x, const Tensor *y,
                           double tolerance)
{
    int64_t n = shape_count(&x->shape);
    if (n != shape_count(&y->shape))
        return str_printf(a, "%s has another size", key);
    double scale = 1e-2;
    for (int64_t i = 0; i < n; i++)
        if (isfinite(x->at[i]) && fabs(x->at[i]) > scale)
            scale = fabs(x->at[i]);
    for (int64_t i = 0; i < n; i++) {
        double p = x->at[i], q = y->at[i];
        bool same =
            p == q || (isnan(p) && isnan(q)) || fabs(p - q) <= tolerance * scale;
        if (!same)
            return str_printf(a, "%s[%lld] is %.9g, was %.9g", key, (long long)i, q, p);
    }
    return NULL;
}

static bool is_evaluable(const Graph *g)
{
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (n->op == &op_grad || n->op->flags & OP_SAMPLE_ONLY)
            return false;
    }
    return g->batch > 0 && graph_find_extern(g) == NULL; /* nobody can call C here */
}

static Map *evaluate(const Check *c, const Graph *g, int run)
{
    Map *m = map_new(c->arena);
    Tensor **input = arena_array(c->arena, Tensor *, g->node.n);
    for (int i = 0; i < g->node.n; i++) {
        const Node *n = g->node.at[i];
        if (n->op == &op_input)
            input[i] = random_tensor(c, input_path(n), n->dtype, n->shape, n->bound,
                                     node_is_input(n, INPUT_PARAM), run);
    }
    Tensor **value = graph_evaluate(g, input, c->arena);
    for (int i = 0; i < g->result.n; i++)
        map_put(m, result_key(c->arena, &g->result.at[i]), value[i]);
    return m;
}

Check *check_begin(Arena *a, const Graph *g, int runs)
{
    Check *c = arena_new(a, Check);
    c->arena = a;
    c->runs = runs;
    c->expected = NULL;
    check_graph(c, g);
    return c;
}

const char *check_graph(Check *c, const Graph *g)
{
    if (!is_evaluable(g))
        return NULL;
    bool first = c->expected == NULL;
    if (first)
        c->expected = arena_array(c->arena, Map *, c->runs);
    for (int run = 0; run < c->runs; run++) {
        Map *now = evaluate(c, g, run);
        if (first) {
            c->expected[run] = now;
            continue;
        }
        for (int i = 0; i < map_count(now); i++) {
            const char *key = map_key(now, i);
            const Tensor *was = map_find(c->expected[run], key);
            const char *difference =
                was ? compare(c->arena, key, was, map_value(now, i), graph_tolerance)
                    : str_printf(c->arena, "%s is new", key);
            if (difference)
                return difference;
        }
    }
    return NULL;
}

/* ---- programs -------------------------------------------------------------------- */

/* The bound of what the graph's fields hold is lost in storage: from the reference run
 * the same values come by path, with bound as the emitter knows it. */
static void **fill_storage(const Check *c, const Program *p, int run)
{
    void **data = arena_array(c->arena, void *, p->storage.n);
    for (int i = 0; i < p->storage.n; i++) {
        const Storage *s = p->storage.at[i];
        if (s->kind == STORAGE_ARENA || s->kind == STORAGE_CONSTANT)
            continue;
        data[i] = arena_alloc_array(c->arena, (size_t)s->count, dtype_bytes(s->dtype));
        if (s->kind == STORAGE_OUTPUT)
            continue;
        const char *path = s->path;
        if (str_starts(path, "gradient/"))
            path += strlen("gradient/");
        Tensor *t = random_tensor(c, path, s->dtype, s->shape, s->bound,
                                  s->kind == STORAGE_PARAM, run);
        for (int64_t j = 0; j < s->count; j++)
            element_store(s->dtype, data[i], j, t->at[j]);
    }
    return data;
}

static const char *storage_key(Arena *a, const Storage *s)
{
    if (s->kind == STORAGE_PARAM || s->kind == STORAGE_STATE)
        return str_printf(a, "next/%s", s->path);
    return s->kind == STORAGE_OUTPUT ? s->path : "";
}

const char *check_program(Check *c, const Program *p)
{
    for (int run = 0; c->expected && run < c->runs; run++) {
        void **data = fill_storage(c, p, run);
        program_run(p, data, 1, c->arena);
        for (int i = 0; i < p->storage.n; i++) {
            const Storage *s = p->storage.at[i];
            const char *key = storage_key(c->arena, s);
            const Tensor *was = map_find(c->expected[run], key);
            if (!was)
                continue;
            Tensor *now = tensor_new(c->arena, s->dtype, s->shape);
            for (int64_t j = 0; j < s->count; j++)
                now->at[j] = element_load(s->dtype, data[i], j);
            const char *difference =
                compare(c->arena, key, was, now, program_tolerance);
            if (difference)
                return difference;
        }
    }
    return NULL;
}
