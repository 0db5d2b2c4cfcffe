/* generate_inside.h - what the files of the generator share. */
#ifndef DLC_TESTS_DIFF_GENERATE_INSIDE_H
#define DLC_TESTS_DIFF_GENERATE_INSIDE_H

#include "graph/build.h"
#include "support/str.h"

typedef struct Generator {
    Arena *arena;
    Graph *g;
    uint64_t state;
    VEC(Node *) param;
    VEC(Node *) seen; /* values for residuals */
    int n_layers, n_random;
} Generator;

int64_t generate_below(Generator *r, int64_t n);
/* Extents that fill vectors, that do not, and 1. */
int64_t generate_extent(Generator *r);
Node *generate_param(Generator *r, const char *what, Shape shape);
/* Params are in [-1, 1]: scaled so that sums of k terms stay of order 1. */
Node *generate_scaled(Generator *r, Node *w, int64_t k);
Node *generate_softmax(Generator *r, Node *x);

/* generate_library.c: attention of heads, embeddings, running sums, windows. */
Node *generate_library_layer(Generator *r, Node *x);

#endif
