/* fashion_mlp.h - a network and its training
 *
 * Written by dlc 0.1.0 from models/fashion_mlp.dl. Do not edit. It belongs to you.
 * target x86_64_v3, options `--target=x86_64_v3`, hash bd3b3e9559999928
 *
 *   fashion_mlp_mlp: flash 437544 bytes, arena 3648 bytes, 109184 multiply-adds
 *     input   image        uint8_t[28, 28]  784 bytes
 *     output  probs        float[10]  40 bytes, sums to 1
 *     ram 4472 bytes: arena, inputs and outputs
 */
#ifndef FASHION_MLP_H
#define FASHION_MLP_H

/*
 * Fashion-MNIST with two hidden layers: 784-128-64-10, 109,386 parameters.
 * The images are those of Debian's package dataset-fashion-mnist.
 */

#include <stddef.h>
#include <stdint.h>

/* team.h - the threads that run one call together.
 *
 * Every member of a team calls the same function with its own `rank`; sliced kernels
 * give slices rank, rank + size, ... to a member, and members meet at dlc_team_wait
 * between kernels. What a kernel computes is fixed per slice, so the result does not
 * depend on the size. A NULL team is one thread. */
#ifndef DLC_DEVICE_TEAM_H
#define DLC_DEVICE_TEAM_H

#include <stdint.h>

typedef struct dlc_team {
    int32_t rank, size;
    void (*wait)(const struct dlc_team *team); /* all members have arrived */
    void *shared;                              /* the runtime's */
} dlc_team;

#endif

#ifdef __cplusplus
extern "C" {
#endif

enum { FASHION_MLP_ALIGN = 64 };                    /* bytes, of arenas and structs */

enum { FASHION_MLP_MLP_IMAGE_LEN = 784 };           /* uint8_t [28, 28] */
enum { FASHION_MLP_MLP_PROBS_LEN = 10 };            /* float [10], sums to 1 */
enum { FASHION_MLP_MLP_ARENA_BYTES = 3648 };        /* scratch the caller provides */
enum { FASHION_MLP_MLP_FLASH_BYTES = 437544 };      /* parameters and constants */

enum { FASHION_MLP_TRAIN_BATCH = 64 };              /* samples of a step */
enum { FASHION_MLP_TRAIN_IMAGE_LEN = 50176 };       /* uint8_t [28, 28] of each sample */
enum { FASHION_MLP_TRAIN_LABEL_LEN = 64 };          /* uint8_t [] of each sample */
enum { FASHION_MLP_TRAIN_REPORT_LOSS = 0 };         /* index in report */
enum { FASHION_MLP_TRAIN_REPORT_ACC = 1 };          /* index in report */
enum { FASHION_MLP_TRAIN_REPORTS = 2 };             /* losses and metrics */
enum { FASHION_MLP_TRAIN_ARENA_BYTES = 401408 };    /* scratch of all its functions, and of init */

/* What is trained: dense, row-major, channels last. */
typedef struct fashion_mlp_params {
    float mlp_dense1_w[100352];             /* mlp/dense1/w [784, 128] */
    float mlp_dense1_b[128];                /* mlp/dense1/b [128] */
    float mlp_dense2_w[8192];               /* mlp/dense2/w [128, 64] */
    float mlp_dense2_b[64];                 /* mlp/dense2/b [64] */
    float mlp_dense3_w[640];                /* mlp/dense3/w [64, 10] */
    float mlp_dense3_b[10];                 /* mlp/dense3/b [10] */
    unsigned char pad0[24];
} fashion_mlp_params;

/* All that training changes; the caller's. _train_init fills it. */
typedef struct fashion_mlp_train_state {
    fashion_mlp_params params;
    float minimize1_adam_m_mlp_dense1_w[100352]; /* minimize1/adam/m/mlp/dense1/w [784, 128] */
    float minimize1_adam_v_mlp_dense1_w[100352]; /* minimize1/adam/v/mlp/dense1/w [784, 128] */
    float minimize1_adam_m_mlp_dense1_b[128]; /* minimize1/adam/m/mlp/dense1/b [128] */
    float minimize1_adam_v_mlp_dense1_b[128]; /* minimize1/adam/v/mlp/dense1/b [128] */
    float minimize1_adam_m_mlp_dense2_w[8192]; /* minimize1/adam/m/mlp/dense2/w [128, 64] */
    float minimize1_adam_v_mlp_dense2_w[8192]; /* minimize1/adam/v/mlp/dense2/w [128, 64] */
    float minimize1_adam_m_mlp_dense2_b[64]; /* minimize1/adam/m/mlp/dense2/b [64] */
    float minimize1_adam_v_mlp_dense2_b[64]; /* minimize1/adam/v/mlp/dense2/b [64] */
    float minimize1_adam_m_mlp_dense3_w[640]; /* minimize1/adam/m/mlp/dense3/w [64, 10] */
    float minimize1_adam_v_mlp_dense3_w[640]; /* minimize1/adam/v/mlp/dense3/w [64, 10] */
    float minimize1_adam_m_mlp_dense3_b[10]; /* minimize1/adam/m/mlp/dense3/b [10] */
    unsigned char pad0[24];
    float minimize1_adam_v_mlp_dense3_b[10]; /* minimize1/adam/v/mlp/dense3/b [10] */
    unsigned char pad1[24];
    uint64_t seed;                          /* of all random numbers */
    uint32_t step;                          /* steps done */
    float epoch;                            /* from 0, the caller's */
    float steps_per_epoch;                  /* the caller's */
    float total_steps;                      /* of the run; 0: as the program says */
    float lr_scale;                         /* 1 unless a plateau lowered it */
} fashion_mlp_train_state;

/* Fills everything from the seed; step = 0.
 *
 *   seed       of all random numbers
 *   arena      scratch
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail. */
void fashion_mlp_train_init(fashion_mlp_train_state *t, uint64_t seed, void *arena);

/* One step on a batch: forward, backward, update.
 *
 *   image      [64, 28, 28]
 *   label      [64]
 *   report     [2], means of the batch
 *   arena      scratch
 *   team       NULL: one thread
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail.
 * All members of the team call it, and return before the next call. */
void fashion_mlp_train_step(fashion_mlp_train_state *t, const uint8_t *image,
                            const uint8_t *label, float *report, void *arena,
                            const dlc_team *team);

/* Losses and metrics of every sample; changes nothing.
 *
 *   image      [64, 28, 28]
 *   label      [64]
 *   report     [2, 64], of each sample
 *   split      0 train, 1 valid, 2 test
 *   first      index of the first sample in its split
 *   arena      scratch
 *   team       NULL: one thread
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail.
 * All members of the team call it, and return before the next call. */
void fashion_mlp_train_eval(const fashion_mlp_train_state *t, const uint8_t *image,
                            const uint8_t *label, float *report, uint32_t split,
                            uint32_t first, void *arena, const dlc_team *team);

/* Gradients of one batch; the state stays as it is.
 *
 *   image      [64, 28, 28]
 *   label      [64]
 *   gradient   of every parameter
 *   report     [2], means of the batch
 *   arena      scratch
 *   team       NULL: one thread
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail.
 * All members of the team call it, and return before the next call. */
void fashion_mlp_train_grad(const fashion_mlp_train_state *t, const uint8_t *image,
                            const uint8_t *label, fashion_mlp_params *gradient,
                            float *report, void *arena, const dlc_team *team);

/* The update of a step, from gradients of the caller's.
 *
 *   gradient   of every parameter
 *   arena      scratch
 *   team       NULL: one thread
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail.
 * All members of the team call it, and return before the next call. */
void fashion_mlp_train_apply(fashion_mlp_train_state *t,
                             const fashion_mlp_params *gradient, void *arena,
                             const dlc_team *team);

/* Inference on one sample.
 *
 *   image      [28, 28]
 *   probs      [10]
 *   arena      scratch
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail. */
void fashion_mlp_mlp(const fashion_mlp_params *params, const uint8_t *image,
                     float *probs, void *arena);

#ifdef __cplusplus
}
#endif

#endif
