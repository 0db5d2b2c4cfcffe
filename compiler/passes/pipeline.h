/* pipeline.h - from an elaborated graph to a planned loop program. */
#ifndef DLC_PASSES_PIPELINE_H
#define DLC_PASSES_PIPELINE_H

#include "graph/graph.h"
#include "import/calibration.h"
#include "kernels/tuning.h"
#include "loop/loop.h"
#include "target/target.h"

typedef struct QuantizeNet { /* a deploy block with `quantize: int8(...)` */
    const char *name;
    QuantMethod method;
    double tail; /* PERCENTILE */
    Span span;   /* of the setting */
    int n_keep;  /* paths of calls and of values that stay floats */
    const char *const *keep;
} QuantizeNet;

typedef struct QuantizedField { /* an input or output that is int8 in C, too */
    const char *name;
    bool is_output;
    Quant quant;
} QuantizedField;

typedef struct QuantizeIo {
    VEC(QuantizedField) field; /* filled by the pass */
} QuantizeIo;

typedef struct QuantizeOptions {
    const Calibration *calibration;
    const char *weights; /* the file's name, for messages */
    int n_nets;
    const QuantizeNet *net;
    bool inlined; /* the graph calls those nets: what is outside of them stays float */
    Map *asked; /* gets the paths of all values that become int8, whatever their range,
                 * which calibration need not know; NULL: it must */
    bool compare;   /* what results become: see quantize_compare.c */
    QuantizeIo *io; /* inputs and outputs of floats become int8; NULL: they stay */
} QuantizeOptions;

#define AWARE_PREFIX "quantize/" /* before a value's path: the state of its range */

typedef struct AwareOptions { /* graph_fake_quant: training that rounds as int8 will */
    Map *rounded;             /* paths of values */
    int n_nets;
    const QuantizeNet *net; /* whose weights, too */
    bool learns;            /* a step: ranges follow the batches */
} AwareOptions;

typedef struct PipelineOptions {
    const Target *target;
    int level;              /* -O0 .. -O3: which passes of passes.def run */
    bool least_ram;         /* rather than time, within a third of it */
    const char *dump_after; /* comma-separated pass names, "all", or NULL */
    const char *stop_after; /* a pass name, or NULL */
    const char *only;       /* --passes=a,b: exactly these, or NULL */
    const char *disabled;   /* --no-<pass>, comma-separated, or NULL */
    int check_passes;       /* runs of the interpreters before and after each pass */
    bool verify;            /* after each pass; always on in debug builds */
    bool time, stats;
    bool inference;                  /* nets: batchnorm folding is allowed */
    const QuantizeOptions *quantize; /* NULL: floats stay */
    bool half;                       /* weights are stored as half floats */
    const AwareOptions *aware;       /* NULL: training in plain floats */
    bool apart;                      /* no result reaches into an operand: the program
                                      * is widened afterwards, but its bytes are not */
    bool io_in_arena;                /* inputs and outputs have places there, too */
    int recompute;                   /* values that backward passes compute again:
                                      * passes/graph_recompute.c; 0: none */
    Tuning *tuning;                  /* kernels of layers; NULL: none is chosen */
    Out *log;                        /* dumps, times, stats */
    /* Is the tensor that a graph writes without reading (init) a state? NULL: a param.
     */
    bool (*is_state)(const void *context, const char *path);
    const void *context;
} PipelineOptions;

typedef struct PipelineResult {
    Graph *graph;     /* after the last graph pass that ran */
    Program *program; /* NULL when stopped before lowering */
} PipelineResult;

/* `graph` (STAGE_SAMPLE) for a whole batch. Storage of the program:
 *   INPUT    path = field name; "gradient/<param>" for INPUT_GRADIENT
 *   PARAM, STATE  path = tensor path. RESULT_NEXT is written to the same storage: every
 *            read of the old value comes before, whatever it takes (order, or a copy)
 *   SCALAR   path = step epoch steps_per_epoch total_steps lr_scale key iteration
 * sample OUTPUT   path = "output/<name>", "report/<name>", "gradient/<param>",
 *            "measure/<state>"; an output that is an input or a param is copied
 * False: reported (only what the user can cause: E0314 and the like). */
bool pipeline_run(Arena *module, Arena *scratch, Graph *graph, int64_t batch,
                  const PipelineOptions *options, DiagSink *sink,
                  PipelineResult *result);

typedef struct PlanFacts {
    int64_t flash_bytes, stack_bytes; /* < 0: not known */
    int64_t cycles;                   /* estimated; 0: not known */
    double clock_hz;                  /* 0: not known */
    const char *again;                /* kernels that compute something again, for .. */
    int64_t again_flops;              /* .. so many operations more than these, .. */
    int64_t plain_flops, plain_scratch; /* .. which take that; NULL: none */
} PlanFacts;

/* For --plan: what a function needs, every buffer with offset, bytes and lifetime
 * (calls counted from 1), the lower bound beside the total. */
void plan_print(const Program *p, const char *name, const PlanFacts *facts, Out *out);
void plan_print_json(const Program *p, const char *name, const PlanFacts *facts,
                     Out *out);
/* Bytes of all storage of one kind. */
int64_t plan_bytes(const Program *p, StorageKind kind);

/* For --list-passes and --explain. */
void pipeline_list(Out *out);
bool pipeline_knows(const char *pass);
typedef enum PassNames {
    PASS_NAMES_ALL,      /* --dump-after: `all` is one, too */
    PASS_NAMES_ONLY,     /* --passes, --stop-after */
    PASS_NAMES_REMOVABLE /* --no-: what is needed cannot be left out */
} PassNames;
/* What is wrong with the first name in the comma-separated list that is not a pass:
 * "no pass `fuze`; did you mean `graph_fuse`?". NULL: nothing. */
const char *pipeline_check_names(Arena *a, const char *list, PassNames kind);

#endif
