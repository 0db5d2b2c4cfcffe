/* model.h - what a training program knows about its network.
 *
 * dlc writes one `const dlc_model` (in <prefix>_program.c, beside the emitted C); the
 * runtime's main drives everything from this table: reading data, training, evaluation,
 * weights files, gradient checks, benchmarks. The freestanding C does not contain it.
 *
 * All tensors of training live in one struct of the caller's, `<prefix>_train_state`;
 * the table holds their byte offsets. Dense row-major, channels last. */
#ifndef DLC_HOST_MODEL_H
#define DLC_HOST_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device/team.h" /* dlc_team: who runs this call; NULL: one thread */

enum { DLC_MAX_RANK = 8 };

typedef enum dlc_dtype {
    DLC_F32,
    DLC_U8,
    DLC_I8,
    DLC_U16,
    DLC_I16,
    DLC_I32,
    DLC_U32,
    DLC_BOOL
} dlc_dtype;

typedef struct dlc_type {
    dlc_dtype dtype;
    int rank;
    int64_t dim[DLC_MAX_RANK]; /* of one sample, without the batch */
    int64_t bound;             /* index(n): values are 0 .. n-1; 0: not an index */
} dlc_type;

typedef enum dlc_role {
    DLC_PARAM,     /* trained; in model.safetensors */
    DLC_STATE,     /* kept between steps (batchnorm statistics); in model.safetensors */
    DLC_OPTIMIZER, /* moments; in checkpoints only */
    DLC_METRIC /* counts of a split, 0 before its first batch; in checkpoints only */
} dlc_role;

typedef enum dlc_measure {
    DLC_MEASURE_NONE,
    DLC_MEASURE_MEAN,
    DLC_MEASURE_VAR,
    DLC_MEASURE_WHITEN /* [n, n]: (covariance + 1e-6) to the power of -1/2 */
} dlc_measure;

typedef struct dlc_tensor {
    const char *name; /* path, such as "lenet/conv2/w" */
    dlc_role role;
    dlc_type type;
    size_t offset; /* bytes from the start of the train state */
    /* data_mean and data_var: this state is the mean or variance, over the train split
     * and the leading axes, of output `measured` of model->measure. */
    dlc_measure measure;
    int measured;
} dlc_tensor;

typedef struct dlc_field {
    const char *name;
    dlc_type type; /* as stored: the dtype that readers must deliver */
} dlc_field;

typedef enum dlc_source_kind {
    DLC_SOURCE_NONE,
    DLC_SOURCE_IDX,
    DLC_SOURCE_CSV,
    DLC_SOURCE_ROWS,
    DLC_SOURCE_TAKE,
    DLC_SOURCE_NPY,
    DLC_SOURCE_NPZ,
    DLC_SOURCE_CIFAR10,
    DLC_SOURCE_IMAGES,
    DLC_SOURCE_WAV,
    DLC_SOURCE_TEXT
} dlc_source_kind;

typedef enum dlc_tokens { /* how text becomes indices: data/vocabulary.h */
                          DLC_TOKENS_NONE,
                          DLC_TOKENS_BYTES,
                          DLC_TOKENS_CHARS,
                          DLC_TOKENS_WORDS
} dlc_tokens;

typedef enum dlc_cache {                 /* decoded files of images and wav */
                         DLC_CACHE_AUTO, /* in memory where half of it is enough */
                         DLC_CACHE_YES,
                         DLC_CACHE_NO /* decoded each time they are needed */
} dlc_cache;

typedef struct dlc_source {
    dlc_source_kind kind;
    const char *path[4]; /* idx, npy: one file a field, in order of the fields; npz: the
                          * file, then the name of each field's array; else one */
    int n_paths;
    bool header;        /* csv: the first line names the columns */
    const double *rows; /* rows: n_rows x (sum of the fields' sizes), fields in order */
    int64_t n_rows;
    int from;              /* take: which split loses the samples (index into split[]);
                            * cifar10: DLC_TRAIN or DLC_TEST */
    int64_t count;         /* take: how many */
    dlc_tokens tokens;     /* text, csv: index fields of rank 1 hold text */
    const char *vocab;     /* file of words or characters; NULL */
    bool pad_left;         /* what is short ends at the end of its field */
    int64_t window, ahead; /* csv: rows of a sample (0: one a sample); rows from the
                            * last of them to the target's */
    const char *target;    /* csv: the column of the last field; NULL: the last one */
    double rate;           /* wav: samples a second */
    dlc_cache cache;       /* images, wav */
    int line;              /* of the .dl file, for messages */
} dlc_source;

typedef enum dlc_fill { /* beyond the border: augment/augment.h */
                        DLC_FILL_NEAREST,
                        DLC_FILL_CONSTANT,
                        DLC_FILL_REFLECT,
                        DLC_FILL_WRAP
} dlc_fill;

enum { DLC_FLIP_HORIZONTAL = 1, DLC_FLIP_VERTICAL = 2 };

typedef struct dlc_augment { /* of a field; pairs are of rows, then of columns */
    int field;
    double rotate, shear; /* radians: drawn from -x .. x, as all single numbers */
    double shift[2];      /* of the extent; pixels if it is whole */
    bool shift_is_whole;
    double zoom[2], brightness[2]; /* factors, from .. to */
    int flip; /* which of them may be, each in half of the samples */
    dlc_fill fill;
    double cval, channel_shift;
    double noise; /* standard deviation */
    int64_t crop[2], cutout[2];
} dlc_augment;

enum { DLC_TRAIN, DLC_VALID, DLC_TEST, DLC_ALL, DLC_SPLITS };

typedef struct dlc_data {
    const char *name;
    int n_fields; /* of a sample, `beside` included */
    const dlc_field *field;
    /* train on a, b: the second block gives the fields behind the first n_own; samples
     * are paired anew in every epoch, which ends with the shorter one. NULL: none. */
    const struct dlc_data *beside;
    int n_own;
    dlc_source split[DLC_SPLITS]; /* kind NONE: absent */
    int n_fractions; /* split: [0.8, 0.1, 0.1] of `all`: train, valid, test */
    double fraction[3];
    bool shuffle;
    int n_augments; /* of training samples */
    const dlc_augment *augment;
} dlc_data;

typedef enum dlc_watch_kind {
    DLC_WATCH_NONE,
    DLC_WATCH_LOSS,
    DLC_WATCH_METRIC
} dlc_watch_kind;

typedef struct dlc_watch { /* stop: patience(valid.loss, 3)   keep: best(valid.acc) */
    dlc_watch_kind kind;
    int index;    /* of the loss or metric in `reported` */
    int split;    /* DLC_TRAIN or DLC_VALID */
    int patience; /* epochs without a better value; 0 for keep */
} dlc_watch;

typedef struct dlc_plateau { /* lr=plateau(...): the loop lowers lr_scale */
    bool set;
    int index;    /* of the loss: of valid if there is such a split, else of train */
    int patience; /* epochs without a better value */
    double factor;
} dlc_plateau;

typedef enum dlc_order { DLC_ORDER_OF_DATA, DLC_SHUFFLE, DLC_IN_ORDER } dlc_order;

typedef struct dlc_report { /* one number per sample: losses first, then metrics */
    const char *name; /* "loss", or the metric's name; several losses: "loss1" ... */
    bool is_loss;
    bool larger_is_better; /* metrics: true; losses and mae, mse, rmse-like: false */
    bool of_split; /* one number for the split so far: the last batch's counts */
} dlc_report;

typedef struct dlc_tally { /* a metric of many numbers, [class, class] */
    const char *name;
    int tensor; /* of role DLC_METRIC, which holds it after the last batch */
} dlc_tally;

typedef struct dlc_net {
    const char *name;
    int n_inputs, n_outputs;
    const dlc_field *input, *output; /* output dtype as the C function writes it */
    bool output_simplex; /* the first output is a distribution: show top-k */
    size_t arena_bytes;
    int64_t macs; /* multiply-adds of one sample */
    /* Batch 1. `state`: the train state (parameters are read from it). */
    void (*run)(const void *state, const void *const *in, void *const *out,
                void *arena);
} dlc_net;

typedef struct dlc_value { /* of a net */
    const char *name; /* path, "lenet/conv2/add"; "#2" behind it: of a second call */
    dlc_type type;    /* of one sample */
} dlc_value;

typedef struct dlc_kernel_info {
    const char *name;     /* "k3_conv2_bias_relu" */
    const char *function; /* "step", "eval", the net's name */
    int64_t flops, bytes; /* of one call */
} dlc_kernel_info;

/* The losses in f64, for `check`: the same program in double and portable C. */
typedef struct dlc_losses {
    int n_losses; /* minimize statements; regularizers are in the numbers */
    int n_frozen; /* stop_gradient: what it gave stays while parameters are moved */
    bool region_stops; /* a stop_gradient inside scan moves with the parameters */
    const int64_t *frozen_count; /* elements of each */
    const uint64_t *counts;      /* by tensor: bit j, its gradient counts loss j */
    size_t arena_bytes;
    /* tensor[i]: values of tensor i as double (NULL: an optimizer's that is not
     * measured). field[i] -> the batch; float fields as double. frozen and stopped:
     * n_frozen arrays, what stop_gradient gives and what it takes. Random numbers as in
     * the next step. */
    void (*run)(const void *state, const double *const *tensor,
                const void *const *field, const double *const *frozen, double *losses,
                double *const *stopped, void *arena);
} dlc_losses;

typedef struct dlc_model {
    const char *name;    /* prefix */
    const char *source;  /* the .dl file as given to dlc */
    const char *version; /* of dlc */
    const char *target;  /* "x86_64_v3" */
    const char *summary; /* text of `dlc --summary` */
    const char *layers;  /* of the nets, for report.html (report/graph.c); NULL: none */
    uint64_t hash; /* of paths and shapes of the parameters; in weights metadata */

    size_t state_bytes; /* sizeof(<prefix>_train_state); align 64 */
    int n_tensors;
    const dlc_tensor *tensor;
    /* members of the train state that the runtime reads and writes */
    size_t offset_seed;            /* uint64_t */
    size_t offset_step;            /* uint32_t: steps done so far; step() adds 1 */
    size_t offset_epoch;           /* float, from 0 */
    size_t offset_steps_per_epoch; /* float */
    size_t offset_total_steps;     /* float, of the run; 0: as the program says */
    size_t offset_lr_scale;        /* float, 1 unless a plateau schedule lowered it */

    const dlc_data *data; /* NULL: train(...) without `on`: no loop of ours */
    const char *train_name;
    int batch;
    int64_t epochs, steps; /* 0: not set */
    uint64_t seed;
    double validate; /* validate: 0.1 of train, from its end; 0: none */
    int64_t folds;   /* validate: kfold(k): k runs, each part of train valid once; 0 */
    dlc_watch stop, keep;
    dlc_plateau plateau;
    int64_t accumulate;      /* batches of an update; 0: one */
    int64_t log_every;       /* steps; 0: epochs only */
    int64_t threads;         /* unless the command line says; 0: one */
    dlc_order shuffle;       /* of the samples in an epoch */
    int resample;            /* 1 + the field whose classes come equally often; 0 */
    const char *load, *save; /* weights files; NULL: none */
    int n_reports;
    const dlc_report *report;
    int n_tallies;
    const dlc_tally *tally;

    size_t arena_bytes; /* the largest of all functions below; align 64 */

    /* Parameters, states, moments; step = 0. */
    void (*init)(void *state, uint64_t seed, void *arena);
    /* One step on `batch` samples: field[i] -> [batch][...] of the field's dtype.
     * report[i]: batch mean of each loss and metric. */
    void (*step)(void *state, const void *const *field, float *report, void *arena,
                 const dlc_team *team);
    /* training = false: report[i * batch + s] for every sample; changes the tensors of
     * role DLC_METRIC only. field[n_fields]: float [batch], 1 for real samples and 0
     * for those that fill up the last batch.
     * `first` is the index of the first sample in its split (random streams of
     * evaluation). */
    void (*eval)(void *state, const void *const *field, float *report, uint32_t split,
                 uint32_t first, void *arena, const dlc_team *team);
    /* Gradients of the sum of all minimized batch means, one pointer per tensor of role
     * DLC_PARAM in order. `report` as for step. Same random numbers as the next step.
     * Changes nothing. NULL: not emitted. */
    void (*grad)(const void *state, const void *const *field, float *const *gradient,
                 float *report, void *arena, const dlc_team *team);
    const dlc_losses *losses; /* NULL: not emitted */
    /* Values behind data_mean / data_var: out[j] -> [batch][...], NULL: none. */
    void (*measure)(const void *state, const void *const *field, float *const *out,
                    void *arena, const dlc_team *team);
    int n_measured;
    const dlc_type *measured; /* per sample */

    /* Values of the nets that are to be quantized, training = false: out[j] ->
     * [batch][...]. NULL: no deploy block quantizes. */
    void (*observe)(const void *state, const void *const *field, float *const *out,
                    void *arena, const dlc_team *team);
    int n_observed;
    const dlc_value *observed;
    int observe_split;     /* whose samples `calibrate` looks at ... */
    int64_t observe_count; /* ... and how many of them; 0: all */

    /* A program that was compiled with --weights. eval_int8: as eval, with those nets
     * in the int8 arithmetic of the file with that hash (FNV-1a of its bytes). compare:
     * each of their int8 values three times, PATH as a float, PATH/int8 as the net
     * computes it, PATH/alone from operands that were floats up to there; rounded back
     * to floats. */
    void (*eval_int8)(void *state, const void *const *field, float *report,
                      uint32_t split, uint32_t first, void *arena,
                      const dlc_team *team);
    void (*compare)(const void *state, const void *const *field, float *const *out,
                    void *arena, const dlc_team *team);
    int n_compared;
    const dlc_value *compared;
    uint64_t weights_hash;

    int n_nets;
    const dlc_net *net;
    /* The net whose output the confusion matrix of `eval` uses, with the index field it
     * is compared with; -1: none. */
    int class_net, class_field;
    /* The field that each input of class_net is; NULL: the field of the input's name,
     * or the only one of its type. */
    const int *class_input;

    int n_kernels;
    const dlc_kernel_info *kernel;
    /* Set while profiling: every kernel k calls profile->mark after it has run. */
    void (**profile_hook)(int32_t kernel);
} dlc_model;

/* main() of every training program; returns the exit status. */
int dlc_main(const dlc_model *model, int argc, char **argv);

#endif
