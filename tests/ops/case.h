/* case.h - one op with operands of given types: what all checks of ops work on. */
#ifndef DLC_TESTS_OPS_CASE_H
#define DLC_TESTS_OPS_CASE_H

#include "graph/build.h"
#include "loop/loop.h"

enum { CASE_MAX_IN = 4 };

typedef struct OpCase {
    Arena *arena;
    const char *text;
    const Op *op;
    Graph *graph; /* STAGE_SAMPLE; inputs x0, x1 ..; one result */
    int n_in;
    Node *in[CASE_MAX_IN];
    Node *node;
} OpCase;

/* Running totals of one check. `quiet`: a fault is expected, failures are counted only.
 */
typedef struct Tally {
    const char *check;
    bool quiet;
    int cases, failures;
    double worst; /* error */
    const char *worst_case;
    uint64_t random; /* state */
} Tally;

/* From an expression with literal operands, or with types: "dot f32[2, 3], f32[3, 4]".
 * `op` replaces the one that is named (seeded faults). Bit i of `batched` marks input
 * i. NULL graph: the text is wrong, counted as a failure. */
OpCase case_new(Arena *a, const char *text, const Op *op, unsigned batched, Tally *t);

/* All texts of an op: its examples and rows of cases.def. */
int case_texts(const Op *op, const char **text, int max);

/* Values of the inputs, by their domains. */
void case_sample(const OpCase *c, Arena *a, Tally *t, Tensor **x);
Tensor *random_tensor(Arena *a, Tally *t, Shape shape); /* [-1, 1] */
double random_unit(Tally *t);

/* Results of g, with inputs x0, x1 ... by name; others by their own paths. */
Tensor **case_run(const Graph *g, Arena *a, int n, Tensor *const *x);

/* The kernel of the case alone, by its lowering rule (check_lower.c). */
Kernel *case_kernel(const OpCase *c, Arena *a, bool has_fma);

void tally_fail(Tally *t, const char *text, const char *format, ...) STR_PRINTF(3, 4);
/* Fails when |got - want| > tolerance * scale. */
bool tally_compare(Tally *t, const char *text, const char *what, double got,
                   double want, double scale, double tolerance);

/* The checks. `fault` runs one that must fail: a copy of an op with something broken.
 */
void check_table(Tally *t, bool fault);
void check_text(Tally *t, bool fault);
void check_batch(Tally *t, bool fault);
void check_grad(Tally *t, bool fault);
void check_lower(Tally *t, bool fault);
void check_cost(Tally *t, bool fault);

#endif
