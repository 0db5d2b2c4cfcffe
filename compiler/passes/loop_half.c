/* loop_half.c - constants that hold halves only are stored as halves.
 *
 * Before  STAGE_LOOPS.
 * After   such constants, and the buffers through which kernels read them, are f16: a
 * load of f16 is the same f32, exactly. Keeps   what is computed, bit for bit;
 * constants that a kernel reads through a buffer which another call fills with
 * something else; short ones. Cost    calls times their arguments, a few times. Source
 * IEEE 754-2008, 3.4: binary16. */
#include "passes/pass.h"
#include "tensor/half.h"

enum { HALF_LEAST = 32 };

static bool holds_halves(const Storage *s)
{
    if (s->kind != STORAGE_CONSTANT || s->dtype != DTYPE_F32 || s->count < HALF_LEAST)
        return false;
    for (int64_t i = 0; i < s->count; i++)
        if (half_value(half_of(s->data->at[i])) != s->data->at[i])
            return false; /* not a number, too */
    return true;
}

static Buffer *buffer_of(const Call *c, int arg)
{
    for (int i = 0; i < c->kernel->buffer.n; i++)
        if (c->kernel->buffer.at[i]->access != ACCESS_LOCAL && arg-- == 0)
            return c->kernel->buffer.at[i];
    BUG("%s has no argument %d", c->kernel->name, arg);
}

/* Buffers that some call fills with what stays f32 keep their constants f32. */
static bool give_up(const Program *p, bool *half)
{
    bool changed = false;
    for (int c = 0; c < p->call.n; c++)
        for (int i = 0; i < p->call.at[c].n_arg; i++) {
            const Buffer *b = buffer_of(&p->call.at[c], i);
            if (half[p->call.at[c].arg[i].storage->id])
                continue;
            for (int d = 0; d < p->call.n; d++)
                for (int j = 0; j < p->call.at[d].n_arg; j++) {
                    bool *other = &half[p->call.at[d].arg[j].storage->id];
                    if (*other && buffer_of(&p->call.at[d], j) == b) {
                        *other = false;
                        changed = true;
                    }
                }
        }
    return changed;
}

PassResult loop_half(PassContext *cx, Program *p)
{
    bool *half = arena_array(cx->scratch, bool, p->storage.n + 1), any = false;
    for (int i = 0; i < p->storage.n; i++)
        half[p->storage.at[i]->id] = holds_halves(p->storage.at[i]);
    while (give_up(p, half))
        ;
    for (int c = 0; c < p->call.n; c++)
        for (int i = 0; i < p->call.at[c].n_arg; i++)
            if (half[p->call.at[c].arg[i].storage->id])
                buffer_of(&p->call.at[c], i)->dtype = DTYPE_F16;
    for (int i = 0; i < p->storage.n; i++) {
        Storage *s = p->storage.at[i];
        if (!half[s->id])
            continue;
        Tensor *t = arena_new(cx->module, Tensor);
        *t = *s->data;
        t->dtype = s->dtype = DTYPE_F16;
        s->data = t;
        any = true;
    }
    return any ? PASS_CHANGED : PASS_UNCHANGED;
}
