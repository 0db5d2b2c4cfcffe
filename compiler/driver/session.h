/* session.h - one run of the compiler: its arenas, options, messages and sources. */
#ifndef DLC_DRIVER_SESSION_H
#define DLC_DRIVER_SESSION_H

#include "driver/file.h"
#include "driver/options.h"
#include "emit/emit.h"
#include "import/weights.h"
#include "passes/pipeline.h"

typedef struct Session {
    Arena *run;     /* sources, symbols, options, diagnostics */
    Arena *module;  /* graphs and loop programs */
    Arena *scratch; /* work of one pass */
    Options options;
    DiagSink *sink;
    Out out;     /* standard output, written at the end */
    Out log;     /* standard error: dumps, times */
    Map *source; /* path -> Source */
    int argc;
    char **argv;
    const Graph *graph; /* in the pipeline now, for the crash report */
    bool has_weights;
    Weights weights;
    Calibration calibration; /* of the same file */
    Tuning tuning;           /* of --tuning, and the layers that were seen */
} Session;

/* ---- load.c ---------------------------------------------------------------------- */

const Source *session_source(Session *s, const char *path); /* NULL: reported */
SourceLoader session_import;                                /* context: Session */
Module *session_module(Session *s); /* parsed and elaborated; NULL: reported */
bool session_tuning(Session *s);    /* s->tuning from --tuning; false: reported */
uint64_t session_hash(Session *s, const Module *m); /* of all that decides the output */

/* ---- unit.c: the functions of the C interface, each through the pipeline --------- */

typedef enum UnitPurpose {
    UNIT_C,      /* -o x.c, --emit, --plan: everything, or the baked nets */
    UNIT_PROGRAM /* -o prog: what the runtime calls */
} UnitPurpose;

/* False: reported. With --stop-after the functions have no program. `graphs` (may be
 * NULL) gets what each function was when its last graph pass had run. */
typedef VEC(const Graph *) GraphVec;
bool session_unit(Session *s, Module *m, UnitPurpose purpose, EmitUnit *unit,
                  GraphVec *graphs);
/* `ask` says what g is for: target, inference, quantize; check_passes < 0:
 * its f32 program is not compared with it. The rest comes from the command line. */
bool session_pipeline(Session *s, Graph *g, int64_t batch, const PipelineOptions *ask,
                      PipelineResult *result);

/* ---- tune.c: --tune ------------------------------------------------------------- */
bool session_tune(Session *s, Module *m);

/* ---- bake.c: values of --weights as constants ------------------------------------ */

/* Adds the paths that training on d's device changes: they stay in memory. *resident
 * is NULL until a deploy block trains. */
void bake_add_resident(Session *s, const Module *m, const ModuleDeploy *d,
                       Map **resident);
/* States that the net changes in inference become memory of the caller's, which its
 * reset sets to the values of the file; most nets have none and come back as they are.
 * NULL: reported. */
const ModuleNet *bake_memory(Session *s, const Module *m, const ModuleNet *net,
                             const Map *resident);
/* A net or its `reset`, a function of a train block; `resident` may be NULL. NULL:
 * reported. */
Graph *bake_net(Session *s, const ModuleNet *net, const Graph *graph,
                const Map *resident);
Graph *bake_train(Session *s, const Graph *graph, const Map *resident);
/* What is resident begins with the file's values, or as the program says. */
Graph *bake_init(Session *s, const Module *m, const Map *resident);

/* ---- quantized.c ----------------------------------------------------------------- */

typedef struct Quantized { /* evaluation with nets in int8 */
    Graph *eval;           /* as ModuleTrain.eval, parameters baked */
    Graph *compare;        /* the same, for options with `compare` */
    QuantizeOptions options;
} Quantized;

bool quantized_deploys(const Module *m); /* does a deploy block say int8? */
QuantizeNet quantized_net(const ModuleDeploy *d);
/* Before passes change t->eval; *q is zeroed. */
void quantized_eval(Session *s, const Module *m, const ModuleTrain *t, Quantized *q);

/* ---- unit.c ---------------------------------------------------------------------- */

/* Are there weights to bake in? False: reported, with what needs them. */
bool session_has_weights(Session *s, const Module *m, const char *what);
/* ---- aware.c: train blocks with `quantize_aware: true` ----------------------------
 */

/* Finds what of the nets will round, and adds the states of ranges to the module: one
 * entry for each train block, NULL where it is not aware. NULL: reported. */
const AwareOptions **aware_prepare(Session *s, Module *m);
/* Learned ranges become those of the calibration. */
void aware_ranges(Session *s, const Module *m);

/* ---- golden.c -------------------------------------------------------------------- */

/* Sets `golden` of the unit's nets, as --self-test asks. False: reported. */
bool golden_make(Session *s, const Module *m, EmitUnit *unit);

/* ---- modes ----------------------------------------------------------------------- */

bool session_compile_c(Session *s, Module *m); /* output.c */
/* arch.c: one file of all that was made, and what is around it. False: reported. */
bool session_arch(Session *s, const EmitUnit *unit, const EmitFiles *made, Out *out);
bool session_package(Session *s, Module *m); /* package.c */
bool session_program(Session *s, Module *m); /* program.c */
bool session_emit(Session *s);               /* print.c: --emit, --plan, --summary */
/* Appended to what is printed already: one file, one first line. */
void print_graph(Session *s, const Graph *g);
void print_program(Session *s, const Program *p);
bool session_dlir(Session *s);                   /* dlir.c: input is IR text */
bool session_format(Session *s);                 /* format.c: --fmt */
bool session_explain(Session *s);                /* explain.c: --explain, --list-... */
bool explain_word(Session *s, const char *name); /* explain_word.c; false: none */
const char *explain_nearest(Session *s, const char *name); /* NULL: nothing is near */

void session_crash(void *session); /* crash.c: a BugHook */

bool output_depfile(Session *s, const Module *m, FileSet *files, const char *target);

#endif
