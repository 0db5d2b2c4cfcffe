/* pass.h - what a pass is: its signature, its result, its row in passes.def.
 *
 * A pass has no static state, iterates in topological or creation order only, allocates
 * results in `module` and work in `scratch` (reset by the manager after it). Graph
 * passes that rebuild replace the fields of the Graph they were given. The header
 * comment of each pass file states: Before, After, Keeps, Cost, Source. */
#ifndef DLC_PASSES_PASS_H
#define DLC_PASSES_PASS_H

#include "passes/pipeline.h"
#include "support/bug.h"

/* Stages of the whole pipeline: graph/graph.h has the first ones. */
enum { STAGE_LOOPS = STAGE_GROUPED + 1, STAGE_PLANNED };

typedef enum PassResult {
    PASS_UNCHANGED,
    PASS_CHANGED,
    PASS_FAILED /* reported to the sink */
} PassResult;

typedef struct PassContext {
    Arena *module, *scratch;
    const PipelineOptions *options;
    DiagSink *sink;
    int64_t batch;
    Program *program; /* made by `lower` */
    Out stats;        /* lines of --stats, "fused 12 groups\n" */
} PassContext;

typedef PassResult GraphPass(PassContext *cx, Graph *g);
typedef PassResult LoopPass(PassContext *cx, Program *p);

enum { LEVEL_NEEDED = -1, LEVEL_ASKED = 100, LEVEL_BUDGET, LEVEL_HALF };

typedef struct Pass {
    const char *name;
    GraphPass *graph; /* GRAPH and GRAPH2LOOP */
    LoopPass *loop;   /* LOOP */
    int needs, gives; /* stages: runs from `needs` on (GRAPH: to `gives`) */
    int level;        /* from -O; LEVEL_NEEDED: always */
    const char *summary;
} Pass;

#define PASS_GRAPH(name)                             GraphPass name;
#define PASS_GRAPH2LOOP(name)                        GraphPass name;
#define PASS_LOOP(name)                              LoopPass name;
#define PASS(name, ir, needs, gives, level, summary) PASS_##ir(name)
#include "passes/passes.def"
#undef PASS
#undef PASS_GRAPH
#undef PASS_GRAPH2LOOP
#undef PASS_LOOP

/* Replaces what g holds by what `by` holds, keeping g's identity. */
void pass_replace(Graph *g, const Graph *by);

/* Runs a pass on the region of each scan; true: some changed. */
bool pass_regions(PassContext *cx, Graph *g, GraphPass *pass);

/* ---- check-passes (check.c) ------------------------------------------------------ */

typedef struct Check Check;
/* Remembers what `g` computes on `runs` random inputs, in f64. */
Check *check_begin(Arena *a, const Graph *g, int runs);
/* NULL when `g` (or the program) computes the same within tolerance, else what differs.
 */
const char *check_graph(Check *c, const Graph *g);
const char *check_program(Check *c, const Program *p);

#endif
