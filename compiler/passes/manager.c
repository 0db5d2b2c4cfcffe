/* manager.c - runs the rows of passes.def: order, verification, honesty, dumps, times.
 */
#include "graph/op.h"
#include "graph/text.h"
#include "loop/text.h"
#include "passes/pass.h"
#include "support/str.h"

#include <string.h>
#include <time.h>

#define PASS_GRAPH(name)      .graph = name
#define PASS_GRAPH2LOOP(name) .graph = name
#define PASS_LOOP(name)       .loop = name
#define PASS(id, ir, from, to, minimum, text)                                          \
    { .name = #id,                                                                     \
      PASS_##ir(id),                                                                   \
      .needs = (from),                                                                 \
      .gives = (to),                                                                   \
      .level = (minimum),                                                              \
      .summary = (text) },
static const Pass pass_table[] = {
#include "passes/passes.def"
};
#undef PASS

typedef struct Manager {
    PassContext cx;
    Graph *graph;
    DiagSink *sink;
    int stage;
    Check *check;
    bool stopped;
} Manager;

void pass_replace(Graph *g, const Graph *by)
{
    if (g != by)
        *g = *by;
}

bool pass_regions(PassContext *cx, Graph *g, GraphPass *pass)
{
    bool changed = false;
    for (int i = 0; i < g->node.n; i++) {
        Node *n = g->node.at[i];
        if (n->op != &op_scan)
            continue;
        Graph *own = graph_rebuild(n->body, NULL, NULL, true); /* others may share it */
        bool same = pass(cx, own) == PASS_UNCHANGED && own->node.n == n->body->node.n;
        if (!same)
            n->body = own;
        changed |= !same;
    }
    return changed;
}

/* Is `name` in the comma-separated list? "fuse" names graph_fuse, too. */
static bool list_has(const char *list, const char *name)
{
    if (!list)
        return false;
    const char *underscore = strchr(name, '_');
    for (const char *at = list; *at;) {
        const char *end = strchr(at, ',');
        size_t length = end ? (size_t)(end - at) : strlen(at);
        if (length == 3 && !memcmp(at, "all", 3))
            return true;
        if (strlen(name) == length && !memcmp(at, name, length))
            return true;
        if (underscore && strlen(underscore + 1) == length &&
            !memcmp(at, underscore + 1, length))
            return true;
        at = end ? end + 1 : at + length;
    }
    return false;
}

static void print_ir(const Manager *m, Out *out)
{
    if (m->cx.program)
        program_print(m->cx.program, out);
    else
        graph_print(m->graph, out);
}

static uint64_t hash_ir(const Manager *m)
{
    return m->cx.program ? program_hash(m->cx.program) : graph_hash(m->graph);
}

static bool verifies(const PipelineOptions *o)
{
#if defined(DLC_DEBUG)
    (void)o;
    return true;
#else
    return o->verify;
#endif
}

static void verify(Manager *m, const Pass *pass)
{
    const char *defects = m->cx.program ? program_verify(m->cx.program, m->cx.scratch)
                                        : graph_verify(m->graph, m->cx.scratch);
    if (!defects)
        return;
    Out out;
    out_init(&out, m->cx.scratch);
    print_ir(m, &out);
    BUG("after pass %s:\n%s\n%s", pass->name, out_text(&out), defects);
}

static void check(Manager *m, const Pass *pass)
{
    if (!m->check)
        return;
    const char *difference = m->cx.program ? check_program(m->check, m->cx.program)
                                           : check_graph(m->check, m->graph);
    if (difference)
        BUG("pass %s changed what the graph computes: %s", pass->name, difference);
}

static void run_pass(Manager *m, const Pass *pass)
{
    const PipelineOptions *o = m->cx.options;
    ArenaMark mark = arena_mark(m->cx.scratch);
    out_init(&m->cx.stats, m->cx.scratch);
    bool honest = verifies(o) && pass->graph && pass->gives <= STAGE_GROUPED;
    uint64_t before = honest ? hash_ir(m) : 0;
    clock_t start = clock();
    PassResult result =
        pass->loop ? pass->loop(&m->cx, m->cx.program) : pass->graph(&m->cx, m->graph);
    double ms = (double)(clock() - start) * 1000.0 / CLOCKS_PER_SEC;
    if (result == PASS_FAILED) {
        m->stopped = true;
        return;
    }
    if (pass->gives > m->stage)
        m->stage = pass->gives;
    if (m->stage <= STAGE_GROUPED && m->graph->stage != (Stage)m->stage) {
        m->graph->stage = (Stage)m->stage;
        result = PASS_CHANGED;
    }
    if (verifies(o))
        verify(m, pass);
    if (honest && (hash_ir(m) != before) != (result == PASS_CHANGED))
        BUG("pass %s said %s", pass->name,
            result == PASS_CHANGED ? "changed, but nothing did"
                                   : "unchanged, but it was");
    bool rounds =
        pass->level == LEVEL_ASKED || (pass->level == LEVEL_HALF && pass->graph);
    if (rounds && m->check) /* a new truth */
        m->check = check_begin(m->cx.module, m->graph, o->check_passes);
    check(m, pass);
    if (o->log && o->stats && m->cx.stats.length)
        out_print(o->log, "  %s: %s", pass->name, out_text(&m->cx.stats));
    if (o->log && o->time)
        out_print(o->log, "  %-22s %8.2f ms%s\n", pass->name, ms,
                  result == PASS_CHANGED ? "" : " (unchanged)");
    if (o->log && list_has(o->dump_after, pass->name)) {
        out_print(o->log, "# after %s%s\n", pass->name,
                  result == PASS_CHANGED ? "" : " (unchanged)");
        if (result == PASS_CHANGED)
            print_ir(m, o->log);
    }
    arena_rewind(m->cx.scratch, mark);
    if (o->stop_after && list_has(o->stop_after, pass->name))
        m->stopped = true;
}

/* Does the row run in an ordinary compilation? */
static bool wanted(const Manager *m, const Pass *pass)
{
    const PipelineOptions *o = m->cx.options;
    if (pass->needs < m->stage && pass->gives > pass->needs)
        return false; /* the IR came in at a later stage */
    if (pass->level == LEVEL_NEEDED)
        return true;
    if (pass->level == LEVEL_ASKED)
        return pass->graph == graph_fake_quant ? o->aware != NULL : o->quantize != NULL;
    if (pass->level == LEVEL_BUDGET)
        return o->recompute > 0;
    if (pass->level == LEVEL_HALF)
        return o->half;
    return o->level >= pass->level && !list_has(o->disabled, pass->name);
}

static void run_all(Manager *m)
{
    for (int i = 0; i < ARRAY_LEN(pass_table) && !m->stopped; i++) {
        const Pass *pass = &pass_table[i];
        if (!wanted(m, pass))
            continue;
        if (m->stage < pass->needs)
            BUG("pass %s needs stage %d, the IR is at %d", pass->name, pass->needs,
                m->stage);
        run_pass(m, pass);
    }
}

static const Pass *find_pass(const char *name, size_t length)
{
    for (int i = 0; i < ARRAY_LEN(pass_table); i++) {
        const char *full = pass_table[i].name;
        const char *brief = strchr(full, '_');
        brief = brief ? brief + 1 : full;
        if ((strlen(full) == length && !memcmp(full, name, length)) ||
            (strlen(brief) == length && !memcmp(brief, name, length)))
            return &pass_table[i];
    }
    return NULL;
}

/* --passes=a,b: exactly these, in the given order. */
static bool run_only(Manager *m, const char *list)
{
    for (const char *at = list; *at && !m->stopped;) {
        const char *end = strchr(at, ',');
        size_t length = end ? (size_t)(end - at) : strlen(at);
        const Pass *pass = find_pass(at, length);
        if (!pass)
            BUG("no pass `%.*s`", (int)length, at);
        if (m->stage < pass->needs)
            return diag_error(m->sink, m->graph->span, DIAG_PASSES,
                              "pass `%s` needs what earlier passes make", pass->name);
        if (pass->graph ? m->cx.program != NULL : !m->cx.program)
            return diag_error(m->sink, m->graph->span, DIAG_PASSES,
                              "pass `%s` works on %s", pass->name,
                              pass->graph ? "graphs" : "loops");
        run_pass(m, pass);
        at = end ? end + 1 : at + length;
    }
    return true;
}

bool pipeline_run(Arena *module, Arena *scratch, Graph *graph, int64_t batch,
                  const PipelineOptions *options, DiagSink *sink,
                  PipelineResult *result)
{
    Manager m = { .graph = graph, .sink = sink, .stage = (int)graph->stage };
    m.cx.module = module;
    m.cx.scratch = scratch;
    m.cx.options = options;
    m.cx.sink = sink;
    m.cx.batch = graph->batch ? graph->batch : batch;
    int errors = diag_error_count(sink);
    if (options->log && (options->stats || options->time))
        out_print(options->log, "%s\n", graph->name ? graph->name : "_");
    if (options->check_passes > 0)
        m.check = check_begin(module, graph, options->check_passes);
    if (options->only) {
        if (!run_only(&m, options->only))
            return false;
    } else {
        run_all(&m);
    }
    result->graph = graph;
    result->program = m.cx.program;
    return diag_error_count(sink) == errors;
}

void pipeline_list(Out *out)
{
    for (int i = 0; i < ARRAY_LEN(pass_table); i++) {
        const Pass *p = &pass_table[i];
        const char *from = p->level == LEVEL_NEEDED  ? "always"
                           : p->level >= LEVEL_ASKED ? "if asked"
                                                     : "from -O1";
        out_print(out, "%-22s %-9s %s\n", p->name, from, p->summary);
    }
}

bool pipeline_knows(const char *pass)
{
    return find_pass(pass, strlen(pass)) != NULL;
}

/* The nearest full name, by the full names or by those without "graph_". */
static const char *nearest_pass(const char *name)
{
    const char *names[2 * ARRAY_LEN(pass_table)];
    for (int i = 0; i < ARRAY_LEN(pass_table); i++) {
        const char *underscore = strchr(pass_table[i].name, '_');
        names[2 * i] = pass_table[i].name;
        names[2 * i + 1] = underscore ? underscore + 1 : pass_table[i].name;
    }
    const char *near = str_nearest(name, names, ARRAY_LEN(names));
    const Pass *pass = near ? find_pass(near, strlen(near)) : NULL;
    return pass ? pass->name : NULL;
}

const char *pipeline_check_names(Arena *a, const char *list, PassNames kind)
{
    for (const char *at = list; list; at++) {
        size_t length = strcspn(at, ",");
        const char *name = str_copy(a, at, length);
        const Pass *pass = find_pass(name, length);
        if (!pass && !(kind == PASS_NAMES_ALL && str_equal(name, "all"))) {
            const char *near = nearest_pass(name);
            return near ? str_printf(a, "no pass `%s`; did you mean `%s`?", name, near)
                        : str_printf(a, "no pass `%s`; see dlc --list-passes", name);
        }
        if (pass && kind == PASS_NAMES_REMOVABLE && pass->level == LEVEL_NEEDED)
            return str_printf(a, "the pass `%s` is needed and cannot be left out",
                              pass->name);
        at += length;
        if (*at == '\0')
            break;
    }
    return NULL;
}
