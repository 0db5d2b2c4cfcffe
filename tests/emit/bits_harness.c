/* bits_harness.c - runs the emitted C through the runtime's table and prints hashes of
 * all it computes; bits.c prints the same from the loop interpreter. */
#include "bits.h"
#include "host/model.h"

#include <stdio.h>
#include <stdlib.h>

extern const dlc_model bits_model;
int program_main(int argc, char **argv); /* main of model_program.c, renamed; unused */

/* What model_program.c calls from its main. */
int dlc_main(const dlc_model *model, int argc, char **argv)
{
    (void)model;
    (void)argc;
    (void)argv;
    return 1;
}

static const char *const c_name[] = { "float",   "uint8_t", "int8_t",   "uint16_t",
                                      "int16_t", "int32_t", "uint32_t", "uint8_t" };
static const size_t c_bytes[] = { 4, 1, 1, 2, 2, 4, 4, 1 };

static int64_t count_of(const dlc_type *t)
{
    int64_t n = 1;
    for (int i = 0; i < t->rank; i++)
        n *= t->dim[i];
    return n;
}

static void *aligned(size_t bytes)
{
    void *p = aligned_alloc(64, (bytes + 127) / 64 * 64);
    if (p == NULL)
        exit(3);
    memset(p, 0xa5, bytes);
    return p;
}

static void *filled(const dlc_field *f, int64_t batch, uint64_t *random)
{
    int64_t n = count_of(&f->type) * batch;
    void *to = aligned((size_t)n * c_bytes[f->type.dtype]);
    for (int64_t i = 0; i < n; i++)
        bits_fill(random, to, i, c_name[f->type.dtype], f->type.bound);
    return to;
}

static void print_hash(const char *what, const char *name, const void *bytes, size_t n)
{
    printf("%s %s %016llx\n", what, name, (unsigned long long)bits_hash(bytes, n));
}

static void print_tensors(const dlc_model *m, const unsigned char *state,
                          const char *when)
{
    for (int i = 0; i < m->n_tensors; i++)
        print_hash(when, m->tensor[i].name, state + m->tensor[i].offset,
                   (size_t)count_of(&m->tensor[i].type) * 4);
}

static void print_reports(const dlc_model *m, const float *report, int64_t count)
{
    for (int i = 0; i < m->n_reports; i++)
        print_hash("report", m->report[i].name, report + i * count,
                   (size_t)count * sizeof(float));
}

static void run_grad(const dlc_model *m, void *state, const void *const *field,
                     float *report, void *arena)
{
    float **gradient = aligned((size_t)m->n_tensors * sizeof *gradient + 64);
    int n = 0;
    for (int i = 0; i < m->n_tensors; i++)
        if (m->tensor[i].role == DLC_PARAM)
            gradient[n++] = aligned((size_t)count_of(&m->tensor[i].type) * 4);
    m->grad(state, field, gradient, report, arena, NULL);
    print_reports(m, report, 1);
    for (int i = 0, g = 0; i < m->n_tensors; i++)
        if (m->tensor[i].role == DLC_PARAM)
            print_hash("gradient", m->tensor[i].name, gradient[g++],
                       (size_t)count_of(&m->tensor[i].type) * 4);
}

static void run_train(const dlc_model *m, void *state, void *arena, uint64_t *random)
{
    const void *field[16] = { NULL };
    float *report =
        aligned(((size_t)m->n_reports * (size_t)m->batch + 1) * sizeof(float));
    for (int i = 0; i < m->data->n_fields; i++)
        field[i] = filled(&m->data->field[i], m->batch, random);
    for (int i = 0; i < BITS_STEPS; i++) {
        m->step(state, field, report, arena, NULL);
        print_reports(m, report, 1);
    }
    print_tensors(m, state, "step");
    m->eval(state, field, report, BITS_SPLIT, BITS_FIRST, arena, NULL);
    print_reports(m, report, m->batch);
    if (m->grad != NULL)
        run_grad(m, state, field, report, arena);
}

static void run_net(const dlc_net *n, const void *state, void *arena, uint64_t *random)
{
    const void *in[16] = { NULL };
    void *out[16] = { NULL };
    for (int i = 0; i < n->n_inputs; i++)
        in[i] = filled(&n->input[i], 1, random);
    for (int i = 0; i < n->n_outputs; i++)
        out[i] = aligned((size_t)count_of(&n->output[i].type) *
                         c_bytes[n->output[i].type.dtype]);
    n->run(state, in, out, arena);
    for (int i = 0; i < n->n_outputs; i++)
        print_hash("output", n->output[i].name, out[i],
                   (size_t)count_of(&n->output[i].type) *
                       c_bytes[n->output[i].type.dtype]);
}

int main(void)
{
    const dlc_model *m = &bits_model;
    uint64_t random = BITS_SEED;
    void *state = aligned(m->state_bytes), *arena = aligned(m->arena_bytes);
    (void)program_main;
    m->init(state, BITS_SEED, arena);
    print_tensors(m, state, "init");
    if (m->data != NULL)
        run_train(m, state, arena, &random);
    for (int i = 0; i < m->n_nets; i++)
        run_net(&m->net[i], state, arena, &random);
    return 0;
}
