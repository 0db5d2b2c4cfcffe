/* generate.h - random well-typed training steps from a seed, for differential tests.
 *
 * A graph has fields, params, a few layers of random kinds (dense, convolution,
 * pooling, norms, softmax, attention-like products, residuals, dropout, batch
 * statistics), a loss, its gradient and an optimizer's update; results of every kind.
 * It is at sample rank (STAGE_SAMPLE), as from elaboration. The same seed gives the
 * same graph everywhere. */
#ifndef DLC_TESTS_DIFF_GENERATE_H
#define DLC_TESTS_DIFF_GENERATE_H

#include "graph/graph.h"
#include "loop/loop.h"

typedef struct Generated {
    Graph *graph;
    int64_t batch;
} Generated;

Generated generate_step(Arena *a, uint64_t seed);

/* A random program (generate_program.c) and its functions: 0 is the step, then what
 * `every` runs, evaluation, the gradient. Its graph is NULL when there are no more. */
const char *generate_program_text(Arena *a, uint64_t seed);
Generated generate_program(Arena *a, uint64_t seed, int function);

typedef enum GeneratedKind { GENERATED_STEP, GENERATED_PROGRAM } GeneratedKind;
/* Function `function` of either kind; a step has one. */
Generated generate(Arena *a, GeneratedKind kind, uint64_t seed, int function);

/* Inputs in f64 for input node n (its shape as it stands: batched or not), the same for
 * the same seed and path: values that keep losses finite, labels below their bound. */
Tensor *generate_input(Arena *a, const Node *n, uint64_t seed);
Tensor *generate_values(Arena *a, const char *path, DType dtype, Shape shape,
                        int64_t bound, uint64_t seed);

/* t in storage form, as a kernel or emitted C reads it; and back. */
void *generate_storage(Arena *a, const Tensor *t);
double storage_element(DType dtype, const void *at, int64_t i);

#endif
