/* emit.h - from planned programs to the text of C files.
 *
 * The driver fills an EmitUnit: the module, and one EmitFunction for each function of
 * the C interface with its planned Program. emit_c writes the header, the source and,
 * when constants are large, a data file; emit_program adds the table that the host
 * runtime drives training from. Texts depend on the unit only. */
#ifndef DLC_EMIT_EMIT_H
#define DLC_EMIT_EMIT_H

#include "front/module.h"
#include "graph/losses.h"
#include "import/weights.h"
#include "loop/loop.h"
#include "target/target.h"

typedef enum FunctionKind {
    FUNCTION_NET,     /* inference */
    FUNCTION_RESET,   /* of a net that takes one row a call: before the first row */
    FUNCTION_INIT,    /* every tensor from the seed */
    FUNCTION_STEP,    /* forward, backward, update */
    FUNCTION_EVAL,    /* training = false: losses and metrics of every sample */
    FUNCTION_GRAD,    /* gradients only */
    FUNCTION_APPLY,   /* the update, from gradients */
    FUNCTION_MEASURE, /* what data_mean and data_var average */
    FUNCTION_LOSSES,  /* in f64, for the program's `check`: loop/widen.h */
    FUNCTION_EVERY,   /* run by the step when `every` divides its number */
    FUNCTION_OBSERVE  /* values of nets, for calibration */
} FunctionKind;

typedef struct Golden { /* what a net makes of inputs, for its self-test */
    int n;
    Tensor **input, **output; /* by field of the net: n times its elements */
} Golden;

/* A step that computes forward values again in its backward pass, to save memory. */
typedef struct Recomputed {
    int segments;        /* 0: it does not */
    const char *kernels; /* names; NULL: it does not */
    int64_t flops;
    int64_t plain_flops, plain_scratch; /* if it did not */
} Recomputed;

typedef struct EmitFunction {
    FunctionKind kind;
    const char *name;           /* C identifier: "xor_train_step" */
    const ModuleNet *net;       /* NET, RESET */
    const ModuleDeploy *deploy; /* NET, STEP of a device: its block, or NULL */
    const ModuleTrain *train;   /* all others */
    const Losses *losses;       /* LOSSES */
    bool quantized; /* EVAL: with nets in int8; OBSERVE: int8 beside floats */
    int64_t every;  /* EVERY: run in each step that this divides */
    Program *program;
    const Golden *golden;  /* NET: NULL: no self-test */
    int64_t macs;          /* multiply-adds of one sample (NET) or one batch */
    int64_t cycles;        /* NET: an estimate for the target; 0: none */
    Recomputed recomputed; /* STEP of a device */
} EmitFunction;

typedef struct EmitUnit {
    const Module *module;
    const Target *target;
    const char *prefix;     /* "xor" */
    const char *stem;       /* file name of the output without its ending */
    const char *model;      /* the .dl file as given */
    const char *options;    /* as given, for the banner; "" for none */
    const char *version;    /* "0.1.0" */
    const char *summary;    /* text of --summary, for the program's `info` */
    const char *layers;     /* emit_layer_graph, for the program's report */
    uint64_t hash;          /* of the sources, the options and the weights */
    const Weights *weights; /* NULL: parameters are the caller's */
    const Map *resident;    /* with weights: paths that a device trains; NULL: none */
    uint64_t weights_hash;  /* of the file that a program's int8 functions hold; 0 */
    bool profile; /* a training program: a table for the runtime, calls are marked */
    VEC(EmitFunction) function;
} EmitUnit;

typedef struct EmitFiles {
    Out header, source, data, program;
    Out test, test_header;      /* self-tests of the nets that have a golden */
    Out example, example_calls; /* of trained nets: they run on made input */
    bool has_data, has_test;
} EmitFiles;

/* With `profile` also files->program: the table and main() of a training program.
 * False: reported (names that flatten to one identifier, E0203). */
bool emit_c(Arena *a, const EmitUnit *unit, DiagSink *sink, EmitFiles *files);

/* Bytes of parameters and constants that a function reads, each once: its flash. */
/* The first C function of the user's that something calls; NULL: none. */
const char *emit_foreign(const EmitUnit *unit);
int64_t emit_flash_bytes(const EmitFunction *f);
/* The same of a net that its device trains: constants of the net, the step and the
 * values that training begins with, each once. */
int64_t emit_learning_bytes(Arena *a, const EmitUnit *u, const EmitFunction *net);
/* What it and the kernels it calls need on the stack at most, at any -O; -1: not known,
 * for targets with vectors. */
int64_t emit_stack_bytes(const EmitFunction *f, const Target *t);

/* For architecture files: header, constants, source and self-tests as one text; then
 * macros MODEL_... for the last net, if it has one input, one output, no state. */
bool emit_arch(Arena *a, const EmitUnit *unit, const EmitFiles *made, Out *o);

/* "--summary": layers, output shapes, parameters, multiply-adds. */
void emit_summary(Arena *a, const Module *m, Out *out);
/* What its parts are: the frame of the layer that made a value, NULL: the net's own
 * body; parameters below a path; 93,322. */
const Frame *emit_layer_frame(const Frame *frame, const char *net);
int64_t emit_count_params(const Module *m, const ModuleNet *net, const char *path);
const char *emit_grouped(Arena *a, int64_t value);
/* Layers and where their values go, for the report of a program. */
void emit_layer_graph(Arena *a, const Module *m, Out *out);
int64_t emit_macs(const Graph *g); /* of contractions, regions included */

#endif
