/* compiled_vectors.c - calls each function of the C that dlc wrote for a part. Compiled
 * with PART_C_H (its header) and PART_H (the table vectors.py wrote), linked with that
 * C. */
#include PART_C_H
#include "vectors.h"

typedef struct Entry {
    const char *name;
    void (*call)(void **in, void **out, void *arena);
    size_t arena_bytes;
} Entry;

#include PART_H

static size_t bytes_of(const Numbers *x)
{
    return x->type[0] == 'f' ? 4 : strcmp(x->type, "u16") == 0 ? 2 : 1;
}

static void *array(size_t bytes)
{
    void *p = aligned_alloc(64, (bytes + 127) / 64 * 64);
    if (p == NULL)
        exit(3);
    memset(p, 0xa5, bytes);
    return p;
}

static void store(const Numbers *x, void *to)
{
    for (long k = 0; k < x->n; k++)
        if (x->type[0] == 'f')
            ((float *)to)[k] = (float)x->at[k];
        else if (bytes_of(x) == 2)
            ((uint16_t *)to)[k] = (uint16_t)x->at[k];
        else
            ((uint8_t *)to)[k] = (uint8_t)x->at[k];
}

static double entry_error(const Entry *e, const Vectors *v)
{
    void *at[VECTORS_MAX], *arena = array(e->arena_bytes);
    double worst = 0;
    for (int i = 0; i < v->n_in + v->n_out; i++) {
        at[i] = array((size_t)v->tensor[i].n * bytes_of(&v->tensor[i]));
        if (i < v->n_in)
            store(&v->tensor[i], at[i]);
    }
    e->call(at, at + v->n_in, arena);
    for (int i = v->n_in; i < v->n_in + v->n_out; i++) {
        const Numbers *want = &v->tensor[i];
        double *got = array((size_t)want->n * sizeof *got);
        for (long k = 0; k < want->n; k++)
            got[k] = want->type[0] == 'f' ? (double)((float *)at[i])[k]
                                          : (double)((uint8_t *)at[i])[k];
        worst = fmax(worst, vectors_error(want, got));
        free(got);
    }
    for (int i = 0; i < v->n_in + v->n_out; i++)
        free(at[i]);
    free(arena);
    return worst;
}

int main(int argc, char **argv)
{
    double tolerance = argc > 2 ? atof(argv[2]) : 0, worst = 0;
    FILE *f = argc > 2 ? fopen(argv[1], "r") : NULL;
    int n = 0, failed = 0, count = (int)(sizeof entries / sizeof entries[0]);
    if (f == NULL)
        return 2;
    for (Vectors v; vectors_read(f, &v); vectors_free(&v), n++) {
        int known = n < count && strcmp(entries[n].name, v.name) == 0;
        double error = known ? entry_error(&entries[n], &v) : INFINITY;
        if (!(error <= tolerance))
            printf("%s: off by %.3g\n", v.name, error), failed++;
        else
            worst = fmax(worst, error);
    }
    fclose(f);
    printf("compiled %d nets %d off %d worst %.2e\n", count, n, failed, worst);
    return failed > 0 || n != count;
}
