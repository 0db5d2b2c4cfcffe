/* module.h - what elaboration makes of a program: graphs at sample rank, and the tables
 * of parameters, states, data and settings that travel with them to the emitter. */
#ifndef DLC_FRONT_MODULE_H
#define DLC_FRONT_MODULE_H

#include "front/ast.h"
#include "graph/graph.h"
#include "tensor/quant.h"

typedef enum TensorRole {
    ROLE_PARAM,     /* trained */
    ROLE_STATE,     /* of a net, kept between steps: batchnorm's mu */
    ROLE_OPTIMIZER, /* moments: path "minimize1/adam/m/mlp/dense1/w" */
    ROLE_METRIC,    /* counts of a split, anew for each: "metrics/f1/tally1/hits" */
    ROLE_MEMORY     /* of a net that takes one row a call: not in module->tensor */
} TensorRole;

typedef enum Measure {
    MEASURE_NONE,
    MEASURE_MEAN,
    MEASURE_VAR,
    MEASURE_WHITEN
} Measure;

#define VALID_PATH "batch/valid" /* no field's name has a slash */

typedef struct ModuleTensor {
    const char *path; /* "mlp/dense1/w" */
    TensorRole role;
    DType dtype;
    Shape shape;
    bool frozen;     /* param with { train: false } */
    bool no_decay;   /* param with { decay: false } */
    Measure measure; /* state initialized by data_mean / data_var */
    Span span;       /* of its declaration */
    const Frame *frame;
} ModuleTensor;

typedef struct Field { /* of a data block, or an input or output of a net */
    const char *name;
    DType dtype; /* as stored */
    Shape shape; /* of one sample */
    int64_t bound;
    bool simplex; /* outputs: known to sum to 1 */
    double scale; /* > 0: int8 that stands for floats, scale (q - zero) */
    int32_t zero;
    Span span;
} Field;

typedef struct ModuleNet {
    const char *name, *doc;
    Span span;
    int n_inputs, n_outputs;
    Field *input, *output;
    Graph
        *graph; /* training = false: inputs FIELD PARAM STATE ...; results OUTPUT in
                 * order of the signature (and NEXT for states updated in inference) */
    VEC(const char *) tensor; /* paths of the params and states it owns */
    /* A net that takes one row a call: what it keeps between calls, and the graph of
     * its values before the first one; its own graph has no batch axis then. */
    VEC(ModuleTensor *) memory;
    Graph *reset;
} ModuleNet;

typedef enum SourceKind {
    SOURCE_NONE,
    SOURCE_IDX,
    SOURCE_CSV,
    SOURCE_ROWS,
    SOURCE_TAKE,
    SOURCE_NPY,
    SOURCE_NPZ,
    SOURCE_CIFAR10,
    SOURCE_IMAGES,
    SOURCE_WAV,
    SOURCE_TEXT
} SourceKind;

typedef enum TokenKind { /* how text becomes indices */
                         TOKEN_NONE,
                         TOKEN_BYTES,
                         TOKEN_CHARS, /* with a list: the characters of that file */
                         TOKEN_WORDS  /* the words of a file, one a line */
} TokenKind;

typedef struct DataSource {
    SourceKind kind;
    int n_paths;
    const char **path;
    bool header;
    const double *rows;
    int64_t n_rows;
    int from; /* TAKE: split; CIFAR10: the part of its files */
    int64_t count;
    TokenKind tokens;
    const char *vocab;     /* file of words or characters; NULL */
    bool pad_left;         /* tokens end at the right border */
    int64_t window, ahead; /* CSV: rows of a sample; rows from its last to the target */
    const char *target;    /* CSV: the column of the last field; NULL */
    double rate;           /* WAV: samples a second */
    Span span;
} DataSource;

typedef struct Augment { /* of a field; pairs are of rows, then of columns */
    int field;
    double rotate, shear; /* radians, to both sides */
    double shift[2];      /* fractions, or whole pixels */
    bool shift_is_whole;
    double zoom[2], brightness[2]; /* from, to */
    int flip;                      /* 1 horizontal, 2 vertical */
    int fill;                      /* nearest, constant, reflect, wrap */
    double cval, channel_shift, noise;
    int64_t crop[2], cutout[2];
} Augment;

enum { SPLIT_TRAIN, SPLIT_VALID, SPLIT_TEST, SPLIT_ALL, SPLIT_COUNT };

typedef struct ModuleData {
    const char *name, *doc;
    Span span;
    int n_fields;
    Field *field; /* as stored in the files; rebinds of the body are in the graphs */
    DataSource split[SPLIT_COUNT];
    int n_fractions;
    double fraction[3];
    bool shuffle;
    int cache; /* 1, 0; -1: not said */
    VEC(Augment) augment;
} ModuleData;

typedef struct Watch { /* stop: patience(valid.loss, 3), keep: best(valid.acc) */
    bool set;
    int report; /* index in ModuleTrain.report */
    int split;  /* SPLIT_TRAIN or SPLIT_VALID */
    int patience;
} Watch;

typedef struct Report { /* losses in order, then metrics in order */
    const char *name;   /* "loss" (several: "loss1" ...), or the metric's */
    bool is_loss;
    bool larger_is_better;
    bool of_split; /* one number for the split so far, not one per sample: the last
                      counts */
} Report;

typedef struct Plateau { /* lr=plateau(...): lr_scale falls when a loss does not */
    bool set;
    int report; /* the loss: of valid if there is such a split, else of train */
    double factor;
    int patience; /* epochs without a better value */
} Plateau;

typedef struct ModuleEvery { /* every n { ... }, or the update of `accumulate: n` */
    int64_t n;
    Graph *graph; /* run after a step whose number n divides; results NEXT */
} ModuleEvery;

typedef struct Tally { /* metric of many numbers: a confusion matrix */
    const char *name;
    const char *path; /* the metric's state that holds them after the last batch */
} Tally;

typedef struct NetInput { /* what a net was called with */
    const char *path;     /* "lenet/input/image", as the net's own input has it */
    Node *node;
} NetInput;

typedef struct ModuleTrain {
    const char *name; /* NULL: unnamed */
    Span span;
    const ModuleData *data;   /* NULL: train f(inputs) -> (outputs) without `on` */
    const ModuleData *beside; /* a second block; its fields follow those of data */
    int n_inputs, n_outputs;
    Field *input,
        *output; /* of the signature when data is NULL, else the data's fields */
    int64_t epochs, steps; /* 0: not set */
    int64_t batch;         /* 32 unless set */
    int64_t accumulate;    /* batches of an update */
    uint64_t seed;
    double validate;
    int64_t folds; /* validate: kfold(k); 0: none */
    Watch stop, keep;
    Plateau plateau;
    const char *load, *save;    /* weights files; NULL: none */
    int64_t log_every, threads; /* 0: not set */
    int shuffle;                /* -1: as the data says */
    bool quantize_aware;        /* nets that will be int8 round as they will */
    int resample;               /* field whose classes are drawn equally often; -1 */
    int n_reports;
    Report *report;
    VEC(Tally) tally;
    /* step: forward, gradient (op grad), update; results NEXT for every param, state
     * and moment that changes, REPORT (batch means), OUTPUT of the signature. eval:
     * training = false; REPORT as one number per sample (batched; of_split: one),
     * OUTPUT, NEXT of metrics' states; the input VALID_PATH [batch] is 1 for real
     * samples, 0 for those that fill the last batch, if a metric reads it. grad: as
     * step, but results GRADIENT of every trained param (summed over the minimize
     * statements) and REPORT; nothing is updated. apply: inputs GRADIENT, PARAM, STATE;
     * results NEXT. NULL when there are several minimize statements. measure: results
     * MEASURE (batched values [.., c] as the program has them; the statistic [c] is
     * over samples and leading axes), NULL when nothing is measured. */
    Graph *step, *eval, *grad, *apply, *measure;
    VEC(NetInput) net_input, step_input; /* of eval, of step */
    VEC(ModuleEvery) every;              /* in order of the program */
    /* Values of the nets that are to be quantized (training = false; results MEASURE by
     * value path) and the samples that calibration runs them on; NULL: none is. */
    Graph *observe;
    int observe_split;
    int64_t observe_count;      /* 0: all of the split */
    int class_net, class_field; /* accuracy(net's first output, index field); -1 */
} ModuleTrain;

typedef enum Quantize { QUANTIZE_NONE, QUANTIZE_INT8, QUANTIZE_F16 } Quantize;

/* Inputs and outputs: the caller's memory, places in the arena, and int8 there, too. */
typedef enum Io { IO_DEFAULT, IO_ARENA, IO_INT8 } Io;

typedef struct ModuleDeploy {
    const ModuleNet *net;
    const char *name;   /* `as` name, or the net's */
    const char *target; /* NULL: not set */
    double clock;       /* of the target, in Hz; 0: not given */
    Quantize quantize;
    Io io;           /* DEFAULT: ARENA when quantized */
    bool calibrated; /* `calibrate=` names the samples */
    int calibrate_split;
    int64_t calibrate_count; /* 0: all */
    QuantMethod method;
    double tail;                    /* of QUANT_PERCENTILE, at either end */
    int64_t flash_bytes, ram_bytes; /* 0: no budget */
    double latency;                 /* seconds a call may take; 0: any */
    Span span, name_span, flash_span, ram_span, quantize_span, target_span,
        latency_span, io_span;
    int64_t batch;       /* 1 unless set */
    const char *prefix;  /* NULL */
    const char *weights; /* safetensors to bake, as written; NULL */
    Span weights_span;
    VEC(const char *) keep_float; /* paths of calls and values that stay floats */
    const ModuleNet *stream;  /* the net that takes one row a call; NULL: not asked */
    const ModuleTrain *train; /* goes to the device with it; NULL: none */
    Span train_span;
    const ModuleNet *chosen; /* with `outputs` only, and what they need; NULL: all */
} ModuleDeploy;

typedef struct Module {
    Arena *arena;
    const char *name; /* C prefix from the file's stem */
    const char *doc;  /* the file's first ## comment, before any item; or NULL */
    const Source *source;
    VEC(const Source *) sources; /* all files read, for depfiles (library excluded) */
    VEC(ModuleTensor) tensor; /* params, then states, then optimizer: in order made */
    VEC(ModuleNet *) net;
    VEC(ModuleData *) data;
    VEC(ModuleTrain *) train;
    VEC(ModuleDeploy *) deploy;
    /* inputs KEY; results NEXT for every tensor of the module (measured ones: zeros,
     * ones) */
    Graph *init;
} Module;

const ModuleTensor *module_tensor(const Module *m, const char *path); /* NULL: none */

/* ---- elaboration ----------------------------------------------------------------- */

/* Reads a module's text: `path` as the import wrote it, relative to `from`'s folder,
 * then the -I folders. NULL when there is none. The driver gives it (POSIX lives
 * there). */
typedef const Source *SourceLoader(void *context, const char *path, const Source *from);

typedef struct Define { /* -D name=value */
    const char *name, *value;
    bool used; /* set when a const took it */
} Define;

typedef struct ElaborateOptions {
    SourceLoader *load;
    void *load_context;
    int n_defines;
    Define *define;
    int64_t batch; /* --batch=N; 0: the file's */
} ElaborateOptions;

/* NULL: errors were reported to the sink. Warnings may be reported either way. */
Module *elaborate(Arena *a, const Source *source, const Ast *program,
                  const ElaborateOptions *options, DiagSink *sink);

/* C identifier of a file's stem: "models/04_mnist_cnn.dl" -> "mnist_cnn". */
const char *module_prefix(Arena *a, const char *path);

#endif
