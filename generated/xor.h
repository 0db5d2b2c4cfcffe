/* xor.h - a network and its training
 *
 * Written by dlc 0.1.0 from models/xor.dl. Do not edit. It belongs to you.
 * target c99, options ``, hash 74c850f35a41d642
 *
 *   xor_xor: flash 132 bytes, arena 32 bytes, 24 multiply-adds
 *     input   x            float[2]  8 bytes
 *     output  p            float[1]  4 bytes
 *     ram 44 bytes: arena, inputs and outputs; stack at most 896 bytes
 */
#ifndef XOR_H
#define XOR_H

/*
 * XOR with one hidden layer: the smallest network that needs one.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { XOR_ALIGN = 16 };                            /* bytes, of arenas and structs */

enum { XOR_XOR_X_LEN = 2 };                         /* float [2] */
enum { XOR_XOR_P_LEN = 1 };                         /* float [1] */
enum { XOR_XOR_ARENA_BYTES = 32 };                  /* scratch the caller provides */
enum { XOR_XOR_FLASH_BYTES = 132 };                 /* parameters and constants */

enum { XOR_TRAIN_BATCH = 4 };                       /* samples of a step */
enum { XOR_TRAIN_X_LEN = 8 };                       /* float [2] of each sample */
enum { XOR_TRAIN_Y_LEN = 4 };                       /* float [1] of each sample */
enum { XOR_TRAIN_REPORT_LOSS = 0 };                 /* index in report */
enum { XOR_TRAIN_REPORTS = 1 };                     /* losses and metrics */
enum { XOR_TRAIN_ARENA_BYTES = 272 };               /* scratch of all its functions, and of init */

/* What is trained: dense, row-major, channels last. */
typedef struct xor_params {
    float xor_dense1_w[16];                 /* xor/dense1/w [2, 8] */
    float xor_dense1_b[8];                  /* xor/dense1/b [8] */
    float xor_dense2_w[8];                  /* xor/dense2/w [8, 1] */
    float xor_dense2_b[1];                  /* xor/dense2/b [1] */
} xor_params;

/* All that training changes; the caller's. _train_init fills it. */
typedef struct xor_train_state {
    xor_params params;
    float minimize1_adam_m_xor_dense1_w[16]; /* minimize1/adam/m/xor/dense1/w [2, 8] */
    float minimize1_adam_v_xor_dense1_w[16]; /* minimize1/adam/v/xor/dense1/w [2, 8] */
    float minimize1_adam_m_xor_dense1_b[8]; /* minimize1/adam/m/xor/dense1/b [8] */
    float minimize1_adam_v_xor_dense1_b[8]; /* minimize1/adam/v/xor/dense1/b [8] */
    float minimize1_adam_m_xor_dense2_w[8]; /* minimize1/adam/m/xor/dense2/w [8, 1] */
    float minimize1_adam_v_xor_dense2_w[8]; /* minimize1/adam/v/xor/dense2/w [8, 1] */
    float minimize1_adam_m_xor_dense2_b[1]; /* minimize1/adam/m/xor/dense2/b [1] */
    float minimize1_adam_v_xor_dense2_b[1]; /* minimize1/adam/v/xor/dense2/b [1] */
    uint64_t seed;                          /* of all random numbers */
    uint32_t step;                          /* steps done */
    float epoch;                            /* from 0, the caller's */
    float steps_per_epoch;                  /* the caller's */
    float total_steps;                      /* of the run; 0: as the program says */
    float lr_scale;                         /* 1 unless a plateau lowered it */
} xor_train_state;

/* Fills everything from the seed; step = 0.
 *
 *   seed       of all random numbers
 *   arena      scratch
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail. */
void xor_train_init(xor_train_state *t, uint64_t seed, void *arena);

/* One step on a batch: forward, backward, update.
 *
 *   x          [4, 2]
 *   y          [4, 1]
 *   report     [1], means of the batch
 *   arena      scratch
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail. */
void xor_train_step(xor_train_state *t, const float *x, const float *y, float *report,
                    void *arena);

/* Losses and metrics of every sample; changes nothing.
 *
 *   x          [4, 2]
 *   y          [4, 1]
 *   report     [1, 4], of each sample
 *   split      0 train, 1 valid, 2 test
 *   first      index of the first sample in its split
 *   arena      scratch
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail. */
void xor_train_eval(const xor_train_state *t, const float *x, const float *y,
                    float *report, uint32_t split, uint32_t first, void *arena);

/* Gradients of one batch; the state stays as it is.
 *
 *   x          [4, 2]
 *   y          [4, 1]
 *   gradient   of every parameter
 *   report     [1], means of the batch
 *   arena      scratch
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail. */
void xor_train_grad(const xor_train_state *t, const float *x, const float *y,
                    xor_params *gradient, float *report, void *arena);

/* The update of a step, from gradients of the caller's.
 *
 *   gradient   of every parameter
 *   arena      scratch
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail. */
void xor_train_apply(xor_train_state *t, const xor_params *gradient, void *arena);

/* Inference on one sample.
 *
 *   x          [2]
 *   p          [1]
 *   arena      scratch
 *
 * Arrays must not overlap. Nothing is allocated, nothing can fail. */
void xor_xor(const xor_params *params, const float *x, float *p, void *arena);

#ifdef __cplusplus
}
#endif

#endif
