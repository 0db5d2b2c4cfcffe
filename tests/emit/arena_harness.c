/* arena_harness.c - every function of a model in an arena that is exactly as large as
 * the plan says, in memory of its own; -DLESS=1: one byte less, which AddressSanitizer
 * must find. -DCANARY: bytes on both sides, which must stay. */
#include "host/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef LESS
#define LESS 0
#endif
#ifdef CANARY
enum { GUARD_BYTES = 4096 };
#else
enum { GUARD_BYTES = 0 };
#endif
enum { GUARD = 0x5a };

extern const dlc_model bits_model;
int program_main(int argc, char **argv); /* main of model_program.c, renamed; unused */

int dlc_main(const dlc_model *model, int argc, char **argv)
{
    (void)model;
    (void)argc;
    (void)argv;
    return 1;
}

static size_t bytes_of(const dlc_type *t)
{
    static const size_t element[] = { 4, 1, 1, 2, 2, 4, 4, 1 };
    size_t n = element[t->dtype];
    for (int i = 0; i < t->rank; i++)
        n *= (size_t)t->dim[i];
    return n;
}

/* Memory of exactly this size, at the end of which one byte more is not ours. */
static unsigned char *exact(size_t bytes)
{
    unsigned char *p = malloc(bytes > 0 ? bytes : 1);
    if (p == NULL)
        exit(3);
    memset(p, 0, bytes);
    return p;
}

static unsigned char *arena_new(size_t bytes)
{
    unsigned char *whole = exact(bytes - LESS + 2 * GUARD_BYTES);
    memset(whole, GUARD, bytes - LESS + 2 * GUARD_BYTES);
    return whole + GUARD_BYTES;
}

static void arena_check(unsigned char *arena, size_t bytes, const char *of)
{
    for (size_t i = 0; i < GUARD_BYTES; i++)
        if (arena[bytes + i] != GUARD || arena[-1 - (ptrdiff_t)i] != GUARD) {
            printf("%s writes outside its arena of %zu bytes\n", of, bytes);
            exit(1);
        }
    free(arena - GUARD_BYTES);
}

static void run_train(const dlc_model *m, void *state)
{
    const void *field[16] = { NULL };
    float *gradient[256] = { NULL };
    float *report =
        (void *)exact((size_t)m->n_reports * (size_t)m->batch * sizeof(float));
    unsigned char *arena = arena_new(m->arena_bytes);
    for (int i = 0; i < m->data->n_fields; i++)
        field[i] = exact(bytes_of(&m->data->field[i].type) * (size_t)m->batch);
    for (int i = 0, n = 0; i < m->n_tensors; i++)
        if (m->tensor[i].role == DLC_PARAM)
            gradient[n++] = (void *)exact(bytes_of(&m->tensor[i].type));
    m->step(state, field, report, arena, NULL);
    m->eval(state, field, report, 0, 0, arena, NULL);
    m->grad(state, field, gradient, report, arena, NULL);
    arena_check(arena, m->arena_bytes, "training");
}

static void run_net(const dlc_net *n, const void *state)
{
    const void *in[16] = { NULL };
    void *out[16] = { NULL };
    unsigned char *arena = arena_new(n->arena_bytes);
    for (int i = 0; i < n->n_inputs; i++)
        in[i] = exact(bytes_of(&n->input[i].type));
    for (int i = 0; i < n->n_outputs; i++)
        out[i] = exact(bytes_of(&n->output[i].type));
    n->run(state, in, out, arena);
    arena_check(arena, n->arena_bytes, n->name);
}

int main(int argc, char **argv)
{
    const dlc_model *m = &bits_model;
    unsigned char *state = exact(m->state_bytes);
    bool nets = argc > 1 && strcmp(argv[1], "nets") == 0;
    (void)program_main;
    unsigned char *arena = arena_new(m->arena_bytes);
    m->init(state, 1, arena);
    arena_check(arena, m->arena_bytes, "init");
    if (!nets)
        run_train(m, state);
    for (int i = 0; nets && i < m->n_nets; i++)
        run_net(&m->net[i], state);
    puts("inside");
    return 0;
}
